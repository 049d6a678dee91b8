"""Notes and checkpoints: what other implementations sign is read, what we sign says one thing only."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guiyan.ledger import note
from guiyan.ledger.note import COSIGNATURE, Checkpoint, NoteError, SigningKey, VerifierKey
from guiyan.ledger.tree import Head

# The example of golang.org/x/mod/sumdb/note: key and note made by another implementation.
GO_VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
).encode()

LOG = SigningKey("hr.example.cn/evidence/t1/e1", bytes(range(32)))
WITNESS = SigningKey("union.example.cn/w1", bytes(range(1, 33)), COSIGNATURE)
SIGNED = note.sign_checkpoint(Checkpoint(LOG.name, Head(7, b"\x05" * 32)), LOG)


def test_a_note_signed_by_another_implementation_is_accepted() -> None:
    key = VerifierKey.parse(GO_VKEY)
    assert key.text == GO_VKEY
    opened, signers = note.open_note(GO_NOTE, [key])
    assert signers == (key,)
    assert opened.text.startswith("If you think")
    assert opened.data == GO_NOTE


def test_a_checkpoint_says_origin_size_and_root() -> None:
    opened = note.open_checkpoint(SIGNED, LOG.verifier)
    assert opened == Checkpoint(LOG.name, Head(7, b"\x05" * 32))
    assert SIGNED.decode().split("\n")[:3] == [LOG.name, "7", "BQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQU="]


@settings(max_examples=300, deadline=None)
@given(place=st.integers(0, len(SIGNED) - 1), bit=st.integers(0, 7))
def test_no_bit_of_a_signed_checkpoint_can_be_changed(place: int, bit: int) -> None:
    bent = bytearray(SIGNED)
    bent[place] ^= 1 << bit
    with pytest.raises(NoteError):
        note.open_checkpoint(bytes(bent), LOG.verifier)


def test_a_checkpoint_of_another_log_or_by_another_key_is_refused() -> None:
    other = SigningKey("hr.example.cn/evidence/t2/e1", LOG.seed)
    with pytest.raises(NoteError, match="no known key"):
        note.open_checkpoint(SIGNED, other.verifier)
    with pytest.raises(NoteError, match="does not sign for"):
        note.sign_checkpoint(Checkpoint("elsewhere", Head(7, b"\x05" * 32)), LOG)
    foreign = note.sign_note(Checkpoint(other.name, Head(7, b"\x05" * 32)).body, LOG)
    with pytest.raises(NoteError, match="not of"):
        note.open_checkpoint(foreign, LOG.verifier)


def test_unknown_signers_are_skipped_and_a_second_line_of_a_known_one_is_refused() -> None:
    stranger = SigningKey("stranger", b"\x09" * 32)
    both = note.sign_note(Checkpoint(LOG.name, Head(7, b"\x05" * 32)).body, stranger, LOG)
    assert note.open_checkpoint(both, LOG.verifier).head.size == 7
    twice = SIGNED + SIGNED.split(b"\n\n")[1]
    with pytest.raises(NoteError, match="twice"):
        note.open_checkpoint(twice, LOG.verifier)


def test_a_witness_adds_a_line_that_names_its_time() -> None:
    at = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
    witnessed = note.cosign(SIGNED, WITNESS, at)
    assert note.open_checkpoint(witnessed, LOG.verifier).head.size == 7
    assert note.cosignatures(witnessed, [WITNESS.verifier]) == (note.Cosignature(WITNESS.verifier, at),)
    moved = note.parse_note(witnessed)
    line = moved.signatures[1]
    later = note.Signature(line.name, line.key_id, (1).to_bytes(8, "big") + line.blob[8:])
    with pytest.raises(NoteError, match="wrong"):
        note.cosignatures(note.Note(moved.text, (moved.signatures[0], later)).data, [WITNESS.verifier])
    with pytest.raises(NoteError):
        note.cosign(SIGNED, LOG, at)


def test_a_cosignature_key_never_signs_as_the_log() -> None:
    disguised = SigningKey(LOG.name, LOG.seed, COSIGNATURE)
    witnessed = note.cosign(SIGNED, disguised, datetime(2026, 11, 22, tzinfo=UTC))
    only = note.parse_note(witnessed)
    with pytest.raises(NoteError):
        note.open_checkpoint(note.Note(only.text, only.signatures[1:]).data, disguised.verifier)


@pytest.mark.parametrize(
    "body",
    [
        "o\n7\nBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQU=\nextension\n",
        "o\n07\nBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQU=\n",
        "o\n-1\nBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQU=\n",
        "o\n9007199254740993\nBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQU=\n",
        "o\n٧\nBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQU=\n",
        "o o\n7\nBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQU=\n",
        "\n7\nBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQU=\n",
        "o\n7\nBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQV=\n",
        "o\n7\nBQUF\n",
        "o\n7\n",
    ],
)
def test_a_malformed_checkpoint_is_refused(body: str) -> None:
    with pytest.raises(NoteError):
        Checkpoint.parse(body)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"text\n",
        b"text\n\n",
        b"text\n\n\n",
        SIGNED[:-1],
        SIGNED + b"x",
        SIGNED.replace(b"\n7\n", b"\r\n7\n"),
        b"\xff" + SIGNED,
        SIGNED + b"x" * 70_000,
        SIGNED + b"\xe2\x80\x94 name with spaces AAAAAAAA\n",
    ],
)
def test_a_malformed_note_is_refused(data: bytes) -> None:
    with pytest.raises(NoteError):
        note.open_note(data, [LOG.verifier])


def test_keys_survive_writing_and_reading_and_their_ids_are_checked() -> None:
    key = SigningKey.generate("hr.example.cn/x")
    assert SigningKey.parse(key.private_text) == key
    assert VerifierKey.parse(key.verifier.text) == key.verifier
    assert key.seed.hex() not in repr(key)
    assert key.private_text not in repr(key)
    name, _, rest = key.verifier.text.split("+", 2)
    with pytest.raises(NoteError, match="id"):
        VerifierKey.parse(f"{name}+00000000+{rest}")
    for bad in ("", "a+b", "a b+00000000+" + rest, key.private_text):
        with pytest.raises(NoteError):
            VerifierKey.parse(bad)
    with pytest.raises(NoteError):
        SigningKey.parse(key.verifier.text)
    with pytest.raises(NoteError):
        SigningKey.generate("with space")
