"""Proofs as files (c2sp.org/tlog-proof@v1): one entry, its path to the root, and the checkpoint that signs the root.

A receipt is such a file with the entry's own bytes as extra data, so that whoever holds it needs nothing else to show
what was logged. Checking extra data is the reader's task: it is hashed here, never believed.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass

from guiyan.ledger.note import NOTE_BYTES_MAX, Checkpoint, NoteError, VerifierKey, open_checkpoint
from guiyan.ledger.tree import HASH_BYTES, TreeError, leaf_hash, verify_inclusion

SUFFIX = ".tlog-proof"
PROOF_BYTES_MAX = 262_144

_MARK = "c2sp.org/tlog-proof@v1"
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,15})")


class ProofError(ValueError):
    """A proof file is malformed, or does not prove what it is said to prove."""


@dataclass(frozen=True, slots=True)
class Proof:
    """Index of the entry, its inclusion path from the leaf's sibling up, the checkpoint's exact bytes, extra data."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes | None = None

    @property
    def data(self) -> bytes:
        """The file's bytes."""
        lines = [_MARK]
        if self.extra is not None:
            lines.append(f"extra {base64.b64encode(self.extra).decode()}")
        lines.append(f"index {self.index}")
        lines.extend(base64.b64encode(each).decode() for each in self.hashes)
        return "\n".join([*lines, "", ""]).encode() + self.checkpoint

    @classmethod
    def parse(cls, data: bytes) -> Proof:
        """Take a proof file apart; raises ProofError. Only the one spelling that `data` gives is accepted."""
        if len(data) > PROOF_BYTES_MAX:
            raise ProofError("the proof is too long")
        head, gap, checkpoint = data.partition(b"\n\n")
        try:
            lines = head.decode("ascii").split("\n")
        except UnicodeDecodeError:
            raise ProofError("a proof is plain ASCII up to its checkpoint") from None
        if not gap or lines.pop(0) != _MARK or len(checkpoint) > NOTE_BYTES_MAX:
            raise ProofError(f"a proof begins with {_MARK} and ends with a checkpoint")
        extra = _unbase64(lines.pop(0)[6:]) if lines and lines[0].startswith("extra ") else None
        index = _INDEX.fullmatch(lines.pop(0)) if lines else None
        if index is None:
            raise ProofError("the proof names no index")
        hashes = tuple(_unbase64(line) for line in lines)
        if any(len(each) != HASH_BYTES for each in hashes):
            raise ProofError("every hash in a proof is 32 bytes long")
        proof = cls(int(index[1]), hashes, checkpoint, extra)
        if proof.data != data:
            raise ProofError("the proof is not in its canonical form")
        return proof

    def verify(self, entry: bytes, key: VerifierKey) -> Checkpoint:
        """The checkpoint under which the log of `key` holds `entry` at `index`; raises ProofError."""
        try:
            checkpoint = open_checkpoint(self.checkpoint, key)
            verify_inclusion(index=self.index, leaf=leaf_hash(entry), proof=self.hashes, head=checkpoint.head)
        except (NoteError, TreeError) as error:
            raise ProofError(str(error)) from None
        return checkpoint


def receipt(entry: bytes, index: int, hashes: Sequence[bytes], checkpoint: bytes) -> bytes:
    """The file handed to a party after an event: a proof that carries the entry's exact bytes as extra data."""
    return Proof(index, tuple(hashes), checkpoint, extra=entry).data


def open_receipt(data: bytes, key: VerifierKey) -> tuple[bytes, Checkpoint]:
    """The entry's bytes in a receipt and the checkpoint that holds them; raises ProofError."""
    proof = Proof.parse(data)
    if proof.extra is None:
        raise ProofError("the receipt does not carry its entry")
    return proof.extra, proof.verify(proof.extra, key)


def _unbase64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise ProofError("not base64") from None
