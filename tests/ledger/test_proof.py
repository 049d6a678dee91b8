"""Proof files and receipts: self-contained, in one spelling, good for one entry of one log."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guiyan.ledger import note, proof, tree
from guiyan.ledger.note import Checkpoint, SigningKey
from guiyan.ledger.proof import Proof, ProofError

LOG = SigningKey("hr.example.cn/evidence/t1/e1", b"\x11" * 32)
ENTRIES = [b'{"step":%d}' % number for number in range(21)]
STORED = tree.stored_from_leaves(tree.leaf_hashes(ENTRIES))
SIGNED = note.sign_checkpoint(Checkpoint(LOG.name, STORED.head()), LOG)
PROOF = Proof(13, STORED.inclusion(13), SIGNED)
RECEIPT = proof.receipt(ENTRIES[13], 13, STORED.inclusion(13), SIGNED)


def test_a_proof_file_has_the_published_form() -> None:
    lines = PROOF.data.decode().split("\n")
    assert lines[:2] == ["c2sp.org/tlog-proof@v1", "index 13"]
    assert lines[2 + len(PROOF.hashes)] == ""
    assert PROOF.data.endswith(SIGNED)
    assert Proof.parse(PROOF.data) == PROOF
    assert PROOF.verify(ENTRIES[13], LOG.verifier).head.size == 21


def test_a_log_of_one_entry_needs_no_path() -> None:
    alone = tree.stored_from_leaves(tree.leaf_hashes(ENTRIES[:1]))
    signed = note.sign_checkpoint(Checkpoint(LOG.name, alone.head()), LOG)
    single = Proof.parse(Proof(0, alone.inclusion(0), signed).data)
    assert single.hashes == ()
    single.verify(ENTRIES[0], LOG.verifier)


def test_a_proof_proves_no_other_entry_place_or_log() -> None:
    with pytest.raises(ProofError):
        PROOF.verify(ENTRIES[12], LOG.verifier)
    with pytest.raises(ProofError):
        Proof(12, PROOF.hashes, SIGNED).verify(ENTRIES[13], LOG.verifier)
    with pytest.raises(ProofError):
        PROOF.verify(ENTRIES[13], SigningKey(LOG.name, b"\x12" * 32).verifier)


def test_a_receipt_carries_what_it_proves() -> None:
    entry, checkpoint = proof.open_receipt(RECEIPT, LOG.verifier)
    assert entry == ENTRIES[13]
    assert checkpoint.head == STORED.head()
    with pytest.raises(ProofError, match="carry"):
        proof.open_receipt(PROOF.data, LOG.verifier)


@settings(max_examples=400, deadline=None)
@given(place=st.integers(0, len(RECEIPT) - 1), bit=st.integers(0, 7))
def test_no_bit_of_a_receipt_can_be_changed(place: int, bit: int) -> None:
    bent = bytearray(RECEIPT)
    bent[place] ^= 1 << bit
    with pytest.raises(ProofError):
        proof.open_receipt(bytes(bent), LOG.verifier)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"@v1", b"@v2"),
        (b"index 13", b"index 013"),
        (b"index 13", b"index +13"),
        (b"index 13\n", b""),
        (b"index 13\n", b"index 13\n\n"),
        (b"index 13", b"index 99999999999999999999"),
        (b"\nindex", b"\nextra *\nindex"),
        (b"\nindex", b"\nextra AA==\nextra AA==\nindex"),
        (b"index 13\n", b"index 13\nAAAA\n"),
        (b"c2sp", b"\xff"),
        (b"c2sp.org", b"c2sp.org" + b"x" * 300_000),
    ],
)
def test_a_malformed_proof_is_refused(old: bytes, new: bytes) -> None:
    assert old in PROOF.data
    with pytest.raises(ProofError):
        Proof.parse(PROOF.data.replace(old, new, 1)).verify(ENTRIES[13], LOG.verifier)
