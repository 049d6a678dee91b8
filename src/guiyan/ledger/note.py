"""Signed notes and checkpoints of the evidence log (c2sp.org/signed-note, /tlog-checkpoint, /tlog-cosignature).

A note is text, an empty line, and one line `— name base64(key id || signature)` per signer. A checkpoint is a note of
three lines: origin, size, root. Logs sign with Ed25519 (type 0x01); witnesses add time-stamped Ed25519 cosignatures
(type 0x04). A line by an unknown key says nothing and is skipped; a wrong signature by a known key refuses the note.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from guiyan.ledger.tree import HASH_BYTES, SIZE_MAX, Head, TreeError

ED25519 = 0x01
COSIGNATURE = 0x04
NOTE_BYTES_MAX = 65_536
SIGNATURES_MAX = 32

_DASH = "— "
_NAME = re.compile(r"[^\s+\x00-\x1f\x7f]{1,255}")
_SIZE = re.compile(r"0|[1-9][0-9]{0,15}")
_PRIVATE_MARK = "PRIVATE+KEY+"


class NoteError(ValueError):
    """A note, key or checkpoint is malformed or not signed as it must be."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """Public half of a key: its name, type (ED25519 or COSIGNATURE) and 32 bytes."""

    name: str
    public: bytes
    kind: int = ED25519

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise NoteError(f"not a key name: {self.name!r}")
        if len(self.public) != HASH_BYTES or self.kind not in (ED25519, COSIGNATURE):
            raise NoteError("not an Ed25519 key of a known type")

    @classmethod
    def parse(cls, vkey: str) -> VerifierKey:
        """Read `name+hexid+base64(type || public key)`; raises NoteError, also when the id does not fit the key."""
        parts = vkey.strip().split("+", 2)
        if len(parts) != 3:
            raise NoteError("a verifier key has the form name+id+key")
        raw = _unbase64(parts[2])
        if len(raw) != 1 + HASH_BYTES:
            raise NoteError("a verifier key holds a type byte and 32 bytes")
        key = cls(parts[0], raw[1:], raw[0])
        if key.key_id.hex() != parts[1]:
            raise NoteError("the id in the verifier key does not belong to its key")
        return key

    @property
    def key_id(self) -> bytes:
        """First 4 bytes of SHA-256(name, newline, type, public key)."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    @property
    def text(self) -> str:
        """The key as one line, the form in which it is published and pinned."""
        return f"{self.name}+{self.key_id.hex()}+{_base64(bytes([self.kind]) + self.public)}"

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the line `text`, 64 hex digits: what people compare over the telephone."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def verify(self, signature: bytes, text: bytes) -> None:
        """Check one Ed25519 signature (64 bytes) over text; raises NoteError."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text)
        except (InvalidSignature, ValueError):
            raise NoteError(f"the signature of {self.name} is wrong") from None


@dataclass(frozen=True, slots=True)
class SigningKey:
    """Private half of a key: keep it out of the database and out of logs; printing it shows no secret."""

    name: str
    seed: bytes = field(repr=False)
    kind: int = ED25519

    def __post_init__(self) -> None:
        if len(self.seed) != HASH_BYTES or not _NAME.fullmatch(self.name):
            raise NoteError("a signing key has a name without spaces and a seed of 32 bytes")

    @classmethod
    def generate(cls, name: str, *, kind: int = ED25519) -> SigningKey:
        """Make a new random key; raises NoteError for a name with spaces or `+`."""
        return cls(name, Ed25519PrivateKey.generate().private_bytes_raw(), kind)

    @classmethod
    def parse(cls, text: str) -> SigningKey:
        """Read what `private_text` wrote; raises NoteError."""
        parts = text.strip().removeprefix(_PRIVATE_MARK).split("+", 2)
        if not text.startswith(_PRIVATE_MARK) or len(parts) != 3:
            raise NoteError("not a private key of a log")
        raw = _unbase64(parts[2])
        if len(raw) != 1 + HASH_BYTES:
            raise NoteError("a private key holds a type byte and 32 bytes")
        key = cls(parts[0], raw[1:], raw[0])
        if key.verifier.key_id.hex() != parts[1]:
            raise NoteError("the id in the private key does not belong to its key")
        return key

    @property
    def verifier(self) -> VerifierKey:
        """The public half."""
        public = Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw()
        return VerifierKey(self.name, public, self.kind)

    @property
    def private_text(self) -> str:
        """The key as one line, as other implementations of signed notes store it. Secret."""
        return f"{_PRIVATE_MARK}{self.name}+{self.verifier.key_id.hex()}+{_base64(bytes([self.kind]) + self.seed)}"

    def sign(self, text: bytes) -> bytes:
        """Ed25519 signature (64 bytes) over text."""
        return Ed25519PrivateKey.from_private_bytes(self.seed).sign(text)


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line, not yet checked: signer's name, key id (4 bytes) and what follows it."""

    name: str
    key_id: bytes
    blob: bytes

    @property
    def line(self) -> str:
        """The line as it stands in the note, with its newline."""
        return f"{_DASH}{self.name} {_base64(self.key_id + self.blob)}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A note taken apart: text with its last newline, and the signature lines in order. Nothing is checked yet."""

    text: str
    signatures: tuple[Signature, ...]

    @property
    def data(self) -> bytes:
        """The note's bytes."""
        return (self.text + "\n" + "".join(each.line for each in self.signatures)).encode()


@dataclass(frozen=True, slots=True)
class Cosignature:
    """A checked statement of a witness: it saw this checkpoint, consistent with all before, at `at` (UTC)."""

    witness: VerifierKey
    at: datetime


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of the log named `origin`: what a log signs."""

    origin: str
    head: Head

    @property
    def body(self) -> str:
        """The signed text: origin, size and root in base64, one line each."""
        return f"{self.origin}\n{self.head.size}\n{_base64(self.head.root)}\n"

    @classmethod
    def parse(cls, body: str) -> Checkpoint:
        """Read a checkpoint's text; raises NoteError. Extension lines are refused: nobody can audit them."""
        lines = body.split("\n")
        if len(lines) != 4 or lines[3]:
            raise NoteError("a checkpoint has three lines: origin, size, root")
        if not _NAME.fullmatch(lines[0]):
            raise NoteError("a checkpoint names its log without spaces")
        if not _SIZE.fullmatch(lines[1]) or int(lines[1]) > SIZE_MAX:
            raise NoteError("the size in the checkpoint is not a whole number")
        try:
            return cls(lines[0], Head(int(lines[1]), _unbase64(lines[2])))
        except TreeError as error:
            raise NoteError(str(error)) from None


def parse_note(data: bytes) -> Note:
    """Take a note apart without checking any signature; raises NoteError for anything the format forbids."""
    if len(data) > NOTE_BYTES_MAX:
        raise NoteError("the note is too long")
    try:
        whole = data.decode()
    except UnicodeDecodeError:
        raise NoteError("the note is not UTF-8") from None
    if any(each < " " and each != "\n" for each in whole):
        raise NoteError("the note holds a control character")
    body, gap, tail = whole.rpartition("\n\n")
    lines = tail.split("\n")
    if not gap or not tail or lines.pop():
        raise NoteError("the note has no signature lines after an empty line")
    if len(lines) > SIGNATURES_MAX:
        raise NoteError("the note has too many signatures")
    return Note(body + "\n", tuple(_parse_line(line) for line in lines))


def sign_note(text: str, *keys: SigningKey) -> bytes:
    """Sign text (ending in a newline) with each key, in order, and return the note's bytes; raises NoteError."""
    if not text.endswith("\n"):
        raise NoteError("the text of a note ends in a newline")
    signatures = tuple(Signature(key.name, key.verifier.key_id, key.sign(text.encode())) for key in keys)
    data = Note(text, signatures).data
    parse_note(data)
    return data


def open_note(data: bytes, keys: Iterable[VerifierKey]) -> tuple[Note, tuple[VerifierKey, ...]]:
    """Check a note against known log keys: the note, and those of the keys that signed it.

    Raises NoteError when none signed, when one signed twice, or when a signature by one of them is wrong.
    """
    note = parse_note(data)
    known = {(key.name, key.key_id): key for key in keys if key.kind == ED25519}
    signers: list[VerifierKey] = []
    for signature in note.signatures:
        key = known.get((signature.name, signature.key_id))
        if key is None:
            continue
        if key in signers:
            raise NoteError(f"{key.name} signed twice")
        key.verify(signature.blob, note.text.encode())
        signers.append(key)
    if not signers:
        raise NoteError("no known key signed the note")
    return note, tuple(signers)


def sign_checkpoint(checkpoint: Checkpoint, key: SigningKey) -> bytes:
    """Sign a head as its log. The key must carry the origin's name: raises NoteError otherwise."""
    if key.name != checkpoint.origin or key.kind != ED25519:
        raise NoteError(f"the key of {key.name} does not sign for {checkpoint.origin}")
    return sign_note(checkpoint.body, key)


def open_checkpoint(data: bytes, key: VerifierKey) -> Checkpoint:
    """Check a checkpoint's signature and that it speaks for the key's own log; raises NoteError."""
    note, _ = open_note(data, [key])
    checkpoint = Checkpoint.parse(note.text)
    if checkpoint.origin != key.name:
        raise NoteError(f"the checkpoint is of {checkpoint.origin}, not of {key.name}")
    return checkpoint


def cosign(data: bytes, key: SigningKey, at: datetime) -> bytes:
    """Add a witness's cosignature to a checkpoint and return the longer note.

    `at` is when the witness saw it (aware; whole seconds are kept). Whoever calls this has checked that the head is
    consistent with all it saw before. Raises NoteError for another kind of key.
    """
    if key.kind != COSIGNATURE:
        raise NoteError("a witness signs with a key of the cosignature type")
    note = parse_note(data)
    seconds = int(at.timestamp())
    blob = seconds.to_bytes(8, "big") + key.sign(_cosigned(note.text, seconds))
    return Note(note.text, (*note.signatures, Signature(key.name, key.verifier.key_id, blob))).data


def cosignatures(data: bytes, witnesses: Sequence[VerifierKey]) -> tuple[Cosignature, ...]:
    """Cosignatures by known witnesses, checked, in the note's order; raises NoteError when one is wrong."""
    note = parse_note(data)
    known = {(key.name, key.key_id): key for key in witnesses if key.kind == COSIGNATURE}
    found: list[Cosignature] = []
    for signature in note.signatures:
        key = known.get((signature.name, signature.key_id))
        if key is None:
            continue
        if len(signature.blob) != 8 + 64:
            raise NoteError(f"the cosignature of {key.name} has a wrong length")
        seconds = int.from_bytes(signature.blob[:8], "big")
        key.verify(signature.blob[8:], _cosigned(note.text, seconds))
        try:
            found.append(Cosignature(key, datetime.fromtimestamp(seconds, UTC)))
        except (OverflowError, ValueError, OSError):
            raise NoteError(f"the time in the cosignature of {key.name} is out of range") from None
    return tuple(found)


def _cosigned(text: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def _parse_line(line: str) -> Signature:
    name, space, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not space or not _NAME.fullmatch(name):
        raise NoteError("a signature line is malformed")
    raw = _unbase64(encoded)
    if len(raw) < 5:
        raise NoteError("a signature line is too short")
    return Signature(name, raw[:4], raw[4:])


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _unbase64(text: str) -> bytes:
    """Decode standard base64 in its only spelling: another spelling of the same bytes is refused."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NoteError("not base64") from None
    if _base64(data) != text:
        raise NoteError("not base64 in its canonical form")
    return data
