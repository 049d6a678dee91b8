"""The pack keeps its promise: it is accepted as made, and refused after any change, with the reason named."""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guiyan.ledger import note, packfile, tree
from guiyan.ledger.entry import CaseStep, EntryType, Opening, case_tag, next_step
from guiyan.ledger.packfile import Disclosure, PackError
from guiyan.ledger.verifier import verify
from tests.ledger import ledger_samples as samples
from tests.ledger.forging import (
    AFTER,
    EXPORT,
    MEMBERS,
    PACK,
    SIGNATURES,
    TRICKS,
    VKEY,
    raw_archive,
    reason,
    repacked,
    with_manifest,
    without_step,
)

if TYPE_CHECKING:
    from tests.ledger.conftest import PageCheck


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answer again what was asked before: judging a signature is a pure function, and the slowest one."""
    monkeypatch.setattr(verify, "ed25519_verify", SIGNATURES)


# --- accepted as made -------------------------------------------------------------------------------------------------


def test_a_pack_is_valid_with_its_key_and_consistent_without() -> None:
    assert verify.check(PACK, [VKEY]).key_confirmed
    pack = verify.check(PACK, [])
    assert not pack.key_confirmed
    assert [step.fields["type"] for step in pack.steps] == [*(kind for kind, _ in samples.STORY), "case.exported"]
    assert pack.documents == ["docs/letter.pdf", "docs/receipts/0001.txt"]
    assert [item["value"] for item in pack.disclosed] == [samples.REASON.value, samples.AUTH.value]


def test_the_page_gives_the_same_answers(page_check: PageCheck) -> None:
    valid, open_key, other = page_check([(PACK, VKEY), (PACK, ""), (PACK, VKEY + "x")])
    assert (valid["exit"], open_key["exit"], other["exit"], other["code"]) == (0, 2, 1, "other-key")
    python = verify.check(PACK, [VKEY])
    assert valid["pack"]["steps"] == [
        {"index": step.index, "leaf": step.leaf.hex(), "fields": step.fields, "log": step.log} for step in python.steps
    ]
    assert valid["pack"]["disclosed"] == python.disclosed
    assert valid["pack"]["logs"][0]["fingerprint"] == samples.KEY.verifier.fingerprint


def test_the_same_case_gives_the_same_bytes() -> None:
    samples.sealed.cache_clear()
    assert samples.sealed()[1] == PACK


def test_common_tools_open_it() -> None:
    with zipfile.ZipFile(io.BytesIO(PACK)) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == MEMBERS
    for line in MEMBERS["SHA256SUMS"].decode().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256(MEMBERS[name]).hexdigest() == digest
    assert samples.KEY.verifier.fingerprint in MEMBERS["00-验证说明.txt"].decode()


def test_a_case_of_sixty_steps_in_a_long_log_stays_small() -> None:
    place = CaseStep(case_tag(b"k" * 32, "long"))
    leaves = [number.to_bytes(32, "big") for number in range(1 << 17)]
    steps = []
    for number in range(60):
        data = samples.event(samples.KEY, number, EntryType.NOTICE_ISSUED, "hr", place)
        steps.append(packfile.LoggedEntry(number * 2_000, data))
        leaves[number * 2_000] = tree.leaf_hash(data)
        place = next_step(data)
    plain = replace(samples.contents(samples.sample()), steps=tuple(steps), documents={}, disclosures=())
    draft = packfile.draft(plain)
    export = replace(samples.export_entry(samples.sample(), draft), index=len(leaves))
    long = tree.stored_from_leaves([*leaves, tree.leaf_hash(export.data)])
    signed = note.sign_checkpoint(note.Checkpoint(samples.KEY.name, long.head()), samples.KEY)
    data = packfile.finish(draft, export=export, tree=long, checkpoint=signed)
    assert len(verify.check(data, [VKEY]).steps) == 61
    assert len(data) <= 300_000


# --- every byte counts ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(MEMBERS))
def test_no_region_of_any_member_can_be_changed(name: str) -> None:
    data = MEMBERS[name]
    stride = max(1, len(data) // (60 if name in ("checkpoint", "manifest.json") or "/" in name else 12))
    for place in {*range(0, len(data), stride), len(data) - 1}:
        bent = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        assert reason(repacked(MEMBERS, **{name: bent})), place
    for other in (b"", data + b"\n", data[:-1], b" " + data):
        assert reason(repacked(MEMBERS, **{name: other}))


@pytest.mark.parametrize("name", ["checkpoint", f"proofs/{EXPORT}.tlog-proof", "proofs/1.tlog-proof"])
def test_no_single_byte_of_what_proves_the_rest_can_be_changed(name: str) -> None:
    data = MEMBERS[name]
    for place in range(len(data)):
        for mask in (1, 2, 4, 0x20):
            bent = data[:place] + bytes([data[place] ^ mask]) + data[place + 1 :]
            assert reason(repacked(MEMBERS, **{name: bent})), (place, mask)


@pytest.mark.parametrize("name", sorted(MEMBERS))
def test_no_member_can_be_left_out(name: str) -> None:
    assert reason(repacked(MEMBERS, **{name: None}))


@settings(max_examples=400, deadline=None)
@given(place=st.integers(0, len(PACK) - 1), bit=st.integers(0, 7))
def test_no_bit_of_the_file_can_be_changed(place: int, bit: int) -> None:
    bent = bytearray(PACK)
    bent[place] ^= 1 << bit
    assert reason(bytes(bent))


def test_no_byte_of_the_archive_around_the_members_can_be_changed() -> None:
    place = 0
    around: list[int] = []
    while PACK[place : place + 4] == b"PK\x03\x04":
        start = place + 30 + int.from_bytes(PACK[place + 26 : place + 28], "little")
        around += range(place, start)
        place = start + int.from_bytes(PACK[place + 18 : place + 22], "little")
    around += range(place, len(PACK))
    for each in around:
        bent = bytearray(PACK)
        bent[each] ^= 0x20
        with pytest.raises(verify.Refused):
            verify.read_archive(bytes(bent))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(PACK) - 1))
def test_a_pack_cut_short_is_refused(length: int) -> None:
    assert reason(PACK[:length])


# --- tricks with the archive ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("trick", sorted(TRICKS))
def test_an_archive_in_any_other_spelling_is_refused(trick: str) -> None:
    assert reason(TRICKS[trick]()) == "zip-form"


def test_an_archive_written_by_common_tools_is_refused() -> None:
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", method) as archive:
            for name, data in sorted(MEMBERS.items()):
                archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, method)
        assert reason(buffer.getvalue()) == "zip-form"


def test_doubled_and_unsorted_members_are_refused() -> None:
    listed = sorted((name.encode(), data) for name, data in MEMBERS.items())
    assert raw_archive(listed) == PACK
    assert reason(raw_archive([*listed, listed[-1]])) == "member-double"
    assert reason(raw_archive([listed[0], listed[0], *listed[1:]])) == "member-double"
    assert reason(raw_archive([*listed, (b"VERIFY.PY", b"other")])) == "member-double"
    assert reason(raw_archive(listed[::-1])) == "zip-form"


@pytest.mark.parametrize(
    "name",
    [
        "../escape.txt", "/etc/passwd", "docs/../../x", "docs\\x", "C:x", "docs//x", "docs/", "docs/.hidden", ".", "",
        "docs/a\x00b", "docs/nul", "docs/CON.txt", "docs/com1", "docs/end.", "docs/with space", "docs/a\u202etxt.exe",
        "docs/é", "docs/a/b/c/d/e", "docs/" + "x" * 300, "docs/a:b", "docs/~x", "docs/-rf",
    ],
)  # fmt: skip
def test_no_name_can_leave_its_folder_or_trick_an_unpacker(name: str) -> None:
    assert reason(repacked(MEMBERS, **{name: b"x"})) == "member-name"
    with pytest.raises(PackError):
        packfile.draft(replace(samples.contents(samples.sample()), keys={name: b"x"}))


def test_a_name_that_is_not_utf_8_is_refused() -> None:
    listed = [(name.encode(), data) for name, data in MEMBERS.items()]
    assert reason(raw_archive([*listed, (b"docs/\xff", b"x")])) == "member-name"


def test_too_many_or_too_large_files_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "MEMBERS_MAX", len(MEMBERS) - 1)
    assert reason(PACK) == "too-large"
    monkeypatch.undo()
    monkeypatch.setattr(verify, "PACK_BYTES_MAX", len(PACK) - 1)
    assert reason(PACK) == "too-large"


# --- somebody without the log's key -----------------------------------------------------------------------------------


@pytest.mark.parametrize("step", [*samples.sample().steps], ids=lambda step: str(step.index))
def test_no_step_can_be_dropped_even_with_a_fresh_manifest(step: packfile.LoggedEntry) -> None:
    assert reason(packfile.write_archive(without_step(MEMBERS, step.index))) == "member-missing"
    assert reason(packfile.write_archive(with_manifest(without_step(MEMBERS, step.index)))) == "manifest"


def test_the_export_step_cannot_be_dropped() -> None:
    dropped = without_step(MEMBERS, EXPORT)
    assert reason(packfile.write_archive(dropped)) == "export"
    bare = {name: data for name, data in dropped.items() if not name.startswith(("entries/", "proofs/"))}
    assert reason(packfile.write_archive(bare)) == "export"


def test_no_file_can_be_added() -> None:
    for name, code in {
        "docs/more.pdf": "member-unlisted",
        "keys/more.pem": "member-unlisted",
        "entries/999.json": "member-missing",
        "proofs/2.tlog-proof": "member-unlisted",
        "entries/x.json": "member-unknown",
        "setup.exe": "member-unknown",
        "more/readme.txt": "member-unknown",
    }.items():
        assert reason(repacked(MEMBERS, **{name: b"x"})) == code
    assert reason(packfile.write_archive(with_manifest({**MEMBERS, "docs/more.pdf": b"x"}))) == "manifest"


def test_proofs_cannot_be_swapped_or_taken_from_another_place() -> None:
    one, two = MEMBERS["proofs/1.tlog-proof"], MEMBERS["proofs/4.tlog-proof"]
    assert reason(repacked(MEMBERS, **{"proofs/1.tlog-proof": two, "proofs/4.tlog-proof": one})) == "proof"
    renamed = two.replace(b"index 4\n", b"index 1\n")
    assert reason(repacked(MEMBERS, **{"proofs/1.tlog-proof": renamed})) == "proof"
    entries = {"entries/1.json": MEMBERS["entries/4.json"], "entries/4.json": MEMBERS["entries/1.json"]}
    assert reason(repacked(MEMBERS, **entries)) == "proof"


def test_another_case_of_the_same_log_does_not_fit_in() -> None:
    stranger = samples.sample().entries[2]
    proof = packfile.Proof(2, AFTER.tree().inclusion(2), MEMBERS["checkpoint"]).data
    added = {**MEMBERS, "entries/2.json": stranger, "proofs/2.tlog-proof": proof}
    assert reason(packfile.write_archive(added)) == "member-unlisted"


def test_a_checkpoint_by_another_key_or_of_another_log_is_refused() -> None:
    forger = replace(samples.KEY, seed=b"\x66" * 32)
    forged = AFTER.checkpoint(forger)
    swapped = {
        name: data.replace(MEMBERS["checkpoint"], forged) if name.startswith("proofs/") else data
        for name, data in MEMBERS.items()
    }
    assert reason(packfile.write_archive({**swapped, "checkpoint": forged})) == "checkpoint"
    key = {"keys/log.vkey": f"{forger.verifier.text}\n".encode(), "keys/log.pub.pem": packfile._pem(forger.verifier)}
    whole = packfile.write_archive({**swapped, "checkpoint": forged, **key})
    assert reason(whole) == "member-changed"
    other_log = replace(samples.KEY, name="hr.example.cn/evidence/t2/e1")
    assert reason(repacked(MEMBERS, checkpoint=AFTER.checkpoint(other_log))) == "origin"


def test_an_added_signature_line_is_refused() -> None:
    line = MEMBERS["checkpoint"].split(b"\n\n")[1]
    assert reason(repacked(MEMBERS, checkpoint=MEMBERS["checkpoint"] + line)) == "checkpoint"


def test_a_pack_signed_by_another_key_is_refused_by_whoever_holds_the_right_one() -> None:
    other = replace(samples.KEY, seed=b"\x66" * 32).verifier.text
    elsewhere = replace(samples.KEY, name="hr.example.cn/other").verifier.text
    assert reason(PACK, key=other) == "other-key"
    assert reason(PACK, key=elsewhere) == "other-key"
    assert reason(PACK, key="not a key") == "other-key"
    assert not verify.check(PACK, [], [elsewhere]).key_confirmed
    assert verify.check(PACK, [], [elsewhere, other, VKEY]).key_confirmed
    with pytest.raises(verify.Refused, match="other-key"):
        verify.check(PACK, [], [other])


# --- making -----------------------------------------------------------------------------------------------------------


def test_a_pack_that_would_be_refused_is_not_drafted() -> None:
    good = samples.contents(samples.sample())
    for bad in (
        replace(good, steps=()),
        replace(good, steps=good.steps[1:]),
        replace(good, steps=good.steps[:2] + good.steps[3:]),
        replace(good, steps=(*good.steps[:-1], replace(good.steps[-1], index=0))),
        replace(good, steps=(replace(good.steps[0], data=b"{}"), *good.steps[1:])),
        replace(good, report=b"report"),
        replace(good, documents={"letter.pdf": b"another"}),
        replace(good, disclosures=(Disclosure(good.steps[0].index, samples.REASON),)),
        replace(good, disclosures=(Disclosure(good.steps[4].index, Opening("reason", b"\x21" * 32, "other")),)),
        replace(good, log_key=replace(samples.KEY, name="hr.example.cn/other").verifier),
        replace(good, keys={"LOG.vkey": b"x"}),
    ):
        with pytest.raises(PackError):
            packfile.draft(bad)


def test_a_draft_is_not_sealed_by_another_entry_or_an_older_checkpoint() -> None:
    log = samples.sample()
    draft = packfile.draft(samples.contents(log))
    export = samples.export_entry(log, draft)
    after = log.extended(export.data)
    with pytest.raises(PackError):
        packfile.finish(draft, export=export, tree=log.tree(), checkpoint=log.checkpoint())
    with pytest.raises(PackError):
        packfile.finish(draft, export=export, tree=after.tree(), checkpoint=log.checkpoint())
    wrong = samples.export_entry(log, draft, public={**draft.public, "manifest_sha256": "00" * 32})
    changed = log.extended(wrong.data)
    with pytest.raises(PackError, match="manifest"):
        packfile.finish(draft, export=wrong, tree=changed.tree(), checkpoint=changed.checkpoint())


def test_words_of_the_operator_cannot_pose_as_lines_of_the_guide() -> None:
    tricky = replace(samples.contents(samples.sample()), title="案\n结束码 0：有效\u202e", published=("a\nb $vkey",))
    guide = packfile.draft(tricky).members["00-验证说明.txt"].decode()
    assert "案 结束码 0：有效" in guide
    assert "\n结束码 0：有效" not in guide
    assert "a b $vkey" in guide
    assert "\u202e" not in guide
