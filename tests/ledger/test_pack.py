"""The pack keeps its promise: it is accepted as made, and refused after any change, with the reason named."""

from __future__ import annotations

import functools
import hashlib
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guiyan.ledger import note, packfile, tree
from guiyan.ledger.entry import CaseStep, EntryType, Opening, case_tag, compact_json, next_step
from guiyan.ledger.packfile import Disclosure, PackError
from guiyan.ledger.verifier import verify
from tests.ledger import ledger_samples as samples

if TYPE_CHECKING:
    from tests.ledger.conftest import PageCheck

AFTER, PACK = samples.sealed()
MEMBERS = samples.members_of(PACK)
VKEY = samples.KEY.verifier.text
EXPORT = len(samples.sample().entries)
SIGNATURES = functools.cache(verify.ed25519_verify)
Members = dict[str, bytes]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answer again what was asked before: judging a signature is a pure function, and the slowest one."""
    monkeypatch.setattr(verify, "ed25519_verify", SIGNATURES)


def reason(data: bytes, *, key: str = VKEY) -> str:
    """Why a pack is refused; "" when it is accepted."""
    try:
        verify.check(data, [key])
    except verify.Refused as refusal:
        return refusal.code
    return ""


def repacked(members: Members, **changes: bytes | None) -> bytes:
    """The pack with members replaced, added, or (None) left out, in a zip that is itself in order."""
    merged = {**members, **{name: data for name, data in changes.items() if data is not None}}
    return packfile.write_archive({name: data for name, data in merged.items() if changes.get(name, data) is not None})


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
        {"index": step.index, "leaf": step.leaf.hex(), "fields": step.fields} for step in python.steps
    ]
    assert valid["pack"]["disclosed"] == python.disclosed
    assert valid["pack"]["fingerprint"] == samples.KEY.verifier.fingerprint


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

NAME = b"00-\xe6\x8a\xa5\xe5\x91\x8a.pdf"
TRICKS: dict[str, Callable[[], bytes]] = {
    "prefix": lambda: b"#!/bin/sh\n" + PACK,
    "suffix": lambda: PACK + b"\x00",
    "second archive behind": lambda: PACK + PACK,
    "comment": lambda: PACK[:-2] + b"\x05\x00hello",
    "comment length only": lambda: PACK[:-2] + b"\x05\x00",
    "empty archive": lambda: b"PK\x05\x06" + bytes(18),
    "not an archive": lambda: b"%PDF-1.7",
    "nothing": lambda: b"",
    "encrypted flag": lambda: PACK[:6] + b"\x01\x08" + PACK[8:],
    "data descriptor flag": lambda: PACK[:6] + b"\x08\x08" + PACK[8:],
    "a time": lambda: PACK[:10] + b"\x01\x00" + PACK[12:],
    "another method": lambda: PACK[:8] + b"\x08\x00" + PACK[10:],
    "longer than it is": lambda: PACK[:18] + struct.pack("<II", 2**31, 2**31) + PACK[26:],
    "an extra field": lambda: PACK[:28] + b"\x04\x00" + NAME + bytes(4) + PACK[30 + len(NAME) :],
    "a directory that names another file": lambda: PACK[:-2000] + PACK[-2000:].replace(b"verify.py", b"verify.pz"),
}  # fmt: skip


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


def raw_archive(members: list[tuple[bytes, bytes]]) -> bytes:
    """An archive in the pack's own spelling, whatever the names and their order."""
    parts: list[bytes] = []
    records: list[bytes] = []
    place = 0
    for name, data in members:
        local, record = verify.headers(name, zlib.crc32(data), len(data), place)
        parts += [local, data]
        records.append(record)
        place += len(local) + len(data)
    return b"".join([*parts, verify.directory_end(records, place)])


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


def with_manifest(members: Members) -> Members:
    """Members with sums and manifest made anew, as a forger would."""
    outside = {"manifest.json", "checkpoint", "SHA256SUMS", "SM3SUMS", f"entries/{EXPORT}.json"}
    sealed = {name: data for name, data in members.items() if name not in outside and not name.startswith("proofs/")}
    rows = [packfile._row(name, sealed[name]) for name in sorted(sealed)]
    sums = {
        f"{kind.upper()}SUMS": "".join(f"{row[kind]}  {row['path']}\n" for row in rows) for kind in ("sha256", "sm3")
    }
    extra = {name: text.encode() for name, text in sums.items()}
    rows = sorted(
        [*rows, *(packfile._row(name, data) for name, data in extra.items())], key=lambda row: str(row["path"])
    )
    return {**members, **extra, "manifest.json": compact_json({"v": 1, "files": rows})}


def without_step(members: Members, index: int) -> Members:
    gone = (f"entries/{index}.json", f"proofs/{index}.tlog-proof")
    return {name: data for name, data in members.items() if name not in gone}


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


# --- somebody with the log's key --------------------------------------------------------------------------------------


def resealed(
    members: Members | None = None,
    *,
    log: samples.Sample | None = None,
    public: dict[str, Any] | None = None,
    manifest: bytes | None = None,
    **changes: Any,
) -> bytes:
    """A pack whose operator, holding the key, seals whatever it likes into the log and signs it."""
    base = log or samples.sample()
    draft = packfile.draft(samples.contents(samples.sample()))
    made = with_manifest(members or MEMBERS)
    made["manifest.json"] = manifest or made["manifest.json"]
    digest = hashlib.sha256(made["manifest.json"]).hexdigest()
    sealing = replace(draft, public={**draft.public, "manifest_sha256": digest, **(public or {})})
    export = samples.export_entry(base, sealing, **changes)
    after = base.extended(export.data)
    made["checkpoint"] = after.checkpoint()
    made[f"entries/{export.index}.json"] = export.data
    for name in list(made):
        if name.startswith("entries/"):
            index = int(name[8:-5])
            proof = packfile.Proof(index, after.tree().inclusion(index), made["checkpoint"])
            made[f"proofs/{index}.tlog-proof"] = proof.data
    return packfile.write_archive(made)


def edited(name: str, **changes: Any) -> Members:
    return {**MEMBERS, name: compact_json({**json.loads(MEMBERS[name]), **changes})}


DISCLOSED = json.loads(MEMBERS["disclosed.json"])["items"]
CASE = json.loads(MEMBERS["case.json"])
HEAD = samples.sample().steps[-1].index
OPERATOR: dict[str, tuple[str, Callable[[], bytes]]] = {
    "an honest export": ("", resealed),
    "a step left out": ("chain", lambda: resealed(without_step(MEMBERS, 10))),
    "the first step left out": ("chain", lambda: resealed(without_step(MEMBERS, 1))),
    "the last step left out": ("chain", lambda: resealed(without_step(MEMBERS, HEAD))),
    "a head that is not the last step": ("head", lambda: resealed(public={"head_cseq": 6})),
    "a head with another leaf": ("head", lambda: resealed(public={"head_leaf": "00" * 32})),
    "a head that is true instead of 7": ("head", lambda: resealed(public={"head_cseq": True})),
    "no digest": ("export", lambda: resealed(public={"manifest_sha256": "none"})),
    "another type": ("export", lambda: resealed(type=EntryType.CASE_CLOSED)),
    "an export outside the case": ("chain", lambda: resealed(step=None)),
    "a document nobody recorded": ("document", lambda: resealed({**MEMBERS, "docs/letter.pdf": b"another letter"})),
    "a file of no known kind": ("member-unknown", lambda: resealed({**MEMBERS, "setup.exe": b"MZ"})),
    "a value that was never committed": (
        "disclosed", lambda: resealed(edited("disclosed.json", items=[{**DISCLOSED[0], "value": "本人自愿辞职"}])),
    ),
    "a value of another field": (
        "disclosed", lambda: resealed(edited("disclosed.json", items=[{**DISCLOSED[0], "field": "mobile"}])),
    ),
    "a value of an entry that is not there": (
        "disclosed", lambda: resealed(edited("disclosed.json", items=[{**DISCLOSED[0], "index": 2}])),
    ),
    "a salt of another length": (
        "disclosed", lambda: resealed(edited("disclosed.json", items=[{**DISCLOSED[0], "salt": "21" * 31}])),
    ),
    "a list that is none": ("disclosed", lambda: resealed(edited("disclosed.json", items={}))),
    "fewer steps in case.json": ("case", lambda: resealed(edited("case.json", steps=CASE["steps"][:-1]))),
    "another head in case.json": ("case", lambda: resealed(edited("case.json", head={"cseq": 6, "leaf": "00" * 32}))),
    "another case in case.json": ("case", lambda: resealed(edited("case.json", case="00" * 32))),
    "another log in case.json": ("case", lambda: resealed(edited("case.json", log="elsewhere"))),
    "no places in case.json": ("case", lambda: resealed(edited("case.json", published=[1]))),
    "another version": ("case", lambda: resealed(edited("case.json", v=True))),
    "doubled keys": ("json", lambda: resealed({**MEMBERS, "case.json": b'{"v":1,"v":1}'})),
    "a fraction": ("json", lambda: resealed({**MEMBERS, "disclosed.json": b'{"v":1.0,"items":[]}'})),
    "a key file that is another key": (
        "key", lambda: resealed({**MEMBERS, "keys/log.pub.pem": MEMBERS["keys/log.pub.pem"].replace(b"A", b"B", 1)}),
    ),
}  # fmt: skip


def logged_instead(old: bytes, new: bytes) -> bytes:
    """A pack whose second step was logged with other bytes, and whose later steps follow it."""
    log = samples.sample()
    entries, members = list(log.entries), dict(MEMBERS)
    first, *rest = log.steps
    assert old in first.data
    bent = first.data.replace(old, new, 1)
    entries[first.index] = bent
    before = bent
    for step in rest:
        place = hashlib.sha256(b"\x00" + before).hexdigest()
        cprev = json.loads(step.data)["cprev"]
        before = entries[step.index] = step.data.replace(cprev.encode(), place.encode())
    for step in log.steps:
        members[f"entries/{step.index}.json"] = entries[step.index]
    rows = [
        {**row, "leaf": tree.leaf_hash(entries[row["index"]]).hex()}
        for row in json.loads(MEMBERS["case.json"])["steps"]
    ]
    head = {"cseq": len(rows), "leaf": rows[-1]["leaf"]}
    members["case.json"] = compact_json({**CASE, "steps": rows, "head": head})
    members["disclosed.json"] = compact_json({"v": 1, "items": []})
    changed = replace(log, entries=tuple(entries))
    export_step = CaseStep(CASE["case"], len(rows) + 1, head["leaf"])
    return resealed(members, log=changed, public={"head_leaf": head["leaf"]}, step=export_step)


ENTRIES = [
    (b'"v":1', b'"v":1', ""),
    (b'"type":"case.opened"', b'"type":"case.invented"', ""),
    (b'"v":1', b'"v":1,"v":1', "json"),
    (b'"case":"5', b'"case":"6', "chain"),
    (b'"v":1', b'"v":2', "entry"),
    (b'"v":1', b'"v":true', "entry"),
    (b'"log":"hr.', b'"log":"xx.', "origin"),
    (b'"type":"case.opened"', b'"type":"Case opened"', "entry"),
    (b'"type":"case.opened"', b'"type":7', "entry"),
    (b'"t":"2026', b'"t":"x026', "entry"),
    (b'"actor":{', b'"actor":[],"x":{', "entry"),
    (b'"role":"employee"', b'"role":null', "entry"),
    (b'"role":"employee"', b'"rank":"employee"', "entry"),
    (b'"pub":{', b'"pub":[],"x":{', "entry"),
    (b'"com":{}', b'"com":{"a":"b"}', "entry"),
    (b'"com":{}', b'"com":[]', "entry"),
    (b'"obj":[]', b'"obj":{}', "entry"),
    (b'"obj":[]', b'"obj":[1]', "entry"),
    (b'"obj":[]', b'"obj":[{"sha256":"' + b"0" * 64 + b'"}]', "entry"),
    (b'"obj":[]', b'"obj":[{"len":-1,"sha256":"' + b"0" * 64 + b'"}]', "entry"),
    (b'"obj":[]', b'"obj":[{"len":1,"sha256":"' + b"g" * 64 + b'"}]', "entry"),
    (b'"pub":{', b'"pub":{"x":"' + b"x" * 66_000 + b'",', "entry"),
]
for _number, (_old, _new, _code) in enumerate(ENTRIES):
    OPERATOR[f"entry {_number}: {_new[:30].decode()}"] = (_code, functools.partial(logged_instead, _old, _new))


def signed_instead(text: Callable[[str], str], line: bytes = b"") -> bytes:
    """A pack whose checkpoint the operator signed with other words in it."""
    members = samples.members_of(resealed())
    body = members["checkpoint"].decode().split("\n\n")[0] + "\n"
    other = note.sign_note(text(body), samples.KEY) + line
    for name in members:
        if name.startswith("proofs/"):
            members[name] = members[name].replace(members["checkpoint"], other)
    return packfile.write_archive({**members, "checkpoint": other})


FILES = json.loads(MEMBERS["manifest.json"])["files"]
MANIFESTS: dict[str, tuple[str, object]] = {
    "a list": ("manifest", []),
    "another version": ("manifest", {"v": 2, "files": FILES}),
    "no files": ("manifest", {"v": 1}),
    "files that are none": ("manifest", {"v": 1, "files": [1]}),
    "a path that is none": ("manifest", {"v": 1, "files": [{**FILES[0], "path": 1}]}),
    "a digest that is none": ("manifest", {"v": 1, "files": [{**FILES[0], "sha256": 1}]}),
    "a size that is none": ("manifest", {"v": 1, "files": [{**FILES[0], "size": True}]}),
    "a file twice": ("manifest", {"v": 1, "files": [*FILES, FILES[0]]}),
    "a file that is not there": ("member-missing", {"v": 1, "files": [*FILES, {**FILES[0], "path": "docs/no"}]}),
    "another size": ("member-changed", {"v": 1, "files": [{**FILES[0], "size": 1}, *FILES[1:]]}),
    "another digest": ("member-changed", {"v": 1, "files": [{**FILES[0], "sha256": "00" * 32}, *FILES[1:]]}),
    "another SM3": ("member-changed", {"v": 1, "files": [{**FILES[0], "sm3": "00" * 32}, *FILES[1:]]}),
    "a file too few": ("member-unlisted", {"v": 1, "files": FILES[1:]}),
    "itself": ("member-unlisted", {"v": 1, "files": [*FILES, {**FILES[0], "path": "manifest.json"}]}),
    "a doubled key": ("json", None),
}
for _name, (_code, _manifest) in MANIFESTS.items():
    _data = compact_json(_manifest) if _manifest is not None else b'{"v":1,"v":1,"files":[]}'
    OPERATOR[f"manifest: {_name}"] = (_code, functools.partial(resealed, manifest=_data))

STRANGER = "— stranger.example AAAAAAAA\n".encode()
OPERATOR |= {
    "the checkpoint as it was": ("", lambda: signed_instead(lambda body: body)),
    "a size with a zero before": ("checkpoint", lambda: signed_instead(lambda body: body.replace("\n24\n", "\n024\n"))),
    "a size out of range": ("checkpoint", lambda: signed_instead(lambda body: body.replace("\n24\n", f"\n{2**53}\n"))),
    "an extension line": ("checkpoint", lambda: signed_instead(lambda body: body + "more\n")),
    "a line of a stranger": ("checkpoint", lambda: signed_instead(lambda body: body, STRANGER)),
    "a root of another length": ("checkpoint", lambda: signed_instead(lambda body: body[:-45] + "AAAA\n")),
}  # fmt: skip


@pytest.mark.parametrize("act", sorted(OPERATOR))
def test_even_the_holder_of_the_key_cannot_seal_a_pack_that_contradicts_itself(act: str) -> None:
    expected, make = OPERATOR[act]
    assert reason(make()) == expected


def test_the_page_refuses_what_the_program_refuses_and_for_the_same_reason(page_check: PageCheck) -> None:
    packs = [make() for _, make in OPERATOR.values()] + [make() for make in TRICKS.values()]
    packs += [repacked(MEMBERS, **{name: data[:-1] + bytes([data[-1] ^ 1])}) for name, data in sorted(MEMBERS.items())]
    packs += [repacked(MEMBERS, **{name: None}) for name in sorted(MEMBERS)]
    packs += [
        repacked(MEMBERS, **{name: b"x"}) for name in ("../x", "docs/nul", "docs/more", "more/x", "entries/x.json")
    ]
    packs += [
        packfile.write_archive(with_manifest(without_step(MEMBERS, step.index))) for step in samples.sample().steps
    ]
    proof = MEMBERS["proofs/1.tlog-proof"]
    packs += [
        repacked(MEMBERS, **{"proofs/1.tlog-proof": proof[:place] + bytes([proof[place] ^ 1]) + proof[place + 1 :]})
        for place in range(0, len(proof), 4)
    ]
    answers = page_check([(data, VKEY) for data in packs])
    assert [answer.get("code", "") for answer in answers] == [reason(data) for data in packs]


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
