"""What somebody with time and a motive would try on the pack of a resignation that was taken back."""

from __future__ import annotations

import functools
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from guiyan.ledger import packfile, proof
from guiyan.ledger.entry import CaseStep, next_step
from guiyan.ledger.packfile import PackError
from guiyan.ledger.verifier import command, verify
from tests.ledger import ledger_samples as samples
from tests.ledger.forging import (
    AFTER,
    MEMBERS,
    PACK,
    SIGNATURES,
    VKEY,
    raw_archive,
    reason,
    repacked,
    resealed,
)
from tests.ledger.test_pack_operator import logged_instead

if TYPE_CHECKING:
    from tests.ledger.conftest import PageCheck

DIRECTORY = struct.unpack("<I", PACK[-6:-2])[0]
LISTED = sorted((name.encode(), data) for name, data in MEMBERS.items())
WITHDRAWAL = samples.sample().steps[4].index
ENTRY = MEMBERS[f"entries/{WITHDRAWAL}.json"]
TAG = json.loads(ENTRY)["case"].encode()
NFD = "docs/cafe\u0301.pdf"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answer again what was asked before: judging a signature is a pure function, and the slowest one."""
    monkeypatch.setattr(verify, "ed25519_verify", SIGNATURES)


def with_end(
    *, entries: int = len(MEMBERS), size: int | None = None, place: int = DIRECTORY, more: bytes = b""
) -> bytes:
    """The pack with another record at the end of its directory, and bytes slipped in before that record."""
    directory = PACK[DIRECTORY:-22] + more
    length = len(directory) if size is None else size
    return (
        PACK[:DIRECTORY]
        + directory
        + struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, entries, entries, length, place, 0)
    )


def extra_record() -> bytes:
    """One record more in the directory: readers that start at the end see a second letter over the first's bytes."""
    _local, record = verify.headers(b"docs/letter2.pdf", zlib.crc32(b""), 0, 0)
    return with_end(entries=len(MEMBERS) + 1, more=record)


def hidden_member() -> bytes:
    """A member among the others that the directory does not name."""
    local, _record = verify.headers(b"zz.txt", zlib.crc32(b"x"), 1, DIRECTORY)
    added = local + b"x"
    moved = struct.pack("<I", DIRECTORY + len(added))
    return PACK[:DIRECTORY] + added + PACK[DIRECTORY:-6] + moved + PACK[-2:]


def symlink() -> bytes:
    """The letter as a symbolic link."""
    name = b"docs/letter.pdf"
    place = PACK.rindex(name) - 8  # external attributes stand before the offset of the file
    return PACK[:place] + struct.pack("<I", 0o120777 << 16) + PACK[place + 4 :]


def deflated_bomb() -> bytes:
    """A megabyte of zeros said to be a letter, packed small."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in MEMBERS.items():
            archive.writestr(name, data if name != "docs/letter.pdf" else bytes(1 << 20))
    return buffer.getvalue()


def sized(size: int) -> bytes:
    """The first member said to have another size, in both places."""
    told = struct.pack("<II", size, size)
    return PACK[:18] + told + PACK[26 : DIRECTORY + 20] + told + PACK[DIRECTORY + 28 :]


def zip64() -> bytes:
    """The directory's end as the marks that send a reader to a larger record elsewhere."""
    return with_end(entries=0xFFFF, size=0xFFFFFFFF, place=0xFFFFFFFF)


def other_tree() -> bytes:
    """The withdrawal proved in the smaller tree from before the export, under that tree's own signed checkpoint."""
    older = samples.sample()
    made = proof.Proof(WITHDRAWAL, older.tree().inclusion(WITHDRAWAL), older.checkpoint()).data
    return repacked(MEMBERS, **{f"proofs/{WITHDRAWAL}.tlog-proof": made})


def path_of_other_tree() -> bytes:
    """The path from the smaller tree beside the pack's own checkpoint."""
    older = samples.sample()
    made = proof.Proof(WITHDRAWAL, older.tree().inclusion(WITHDRAWAL), MEMBERS["checkpoint"]).data
    return repacked(MEMBERS, **{f"proofs/{WITHDRAWAL}.tlog-proof": made})


def rolled_back() -> bytes:
    """The whole pack under the checkpoint from before the export."""
    older = samples.sample().checkpoint()
    members = {name: data.replace(MEMBERS["checkpoint"], older) for name, data in MEMBERS.items()}
    return packfile.write_archive(members)


def two_keys_one_name() -> bytes:
    """A checkpoint by a key of the same name, with the true signature line kept below it."""
    forger = replace(samples.KEY, seed=b"\x66" * 32)
    line = MEMBERS["checkpoint"].split(b"\n\n")[1]
    both = AFTER.checkpoint(forger) + line
    members = {name: data.replace(MEMBERS["checkpoint"], both) for name, data in MEMBERS.items()}
    return packfile.write_archive(members)


def borrowed_key() -> bytes:
    """The forger's key under the log's name and the true key's id."""
    forger = replace(samples.KEY, seed=b"\x66" * 32).verifier.text.split("+")
    told = "+".join([forger[0], VKEY.split("+")[1], forger[2]])
    return repacked(MEMBERS, **{"keys/log.vkey": f"{told}\n".encode()})


def proof_with(old: bytes, new: bytes) -> bytes:
    name = f"proofs/{WITHDRAWAL}.tlog-proof"
    assert old in MEMBERS[name]
    return repacked(MEMBERS, **{name: MEMBERS[name].replace(old, new, 1)})


def whole(name: str, old: bytes, new: bytes, count: int = -1) -> bytes:
    """A member with bytes replaced, in a pack that the operator sealed anew."""
    assert old in MEMBERS[name]
    return resealed({**MEMBERS, name: MEMBERS[name].replace(old, new, count)})


def file_in_a_file() -> bytes:
    """A document whose name is also the folder of another: unpackers keep the one or the other."""
    return resealed({**MEMBERS, "docs/letter.pdf/0001.txt": samples.RECEIPT})


INDEX = f"index {WITHDRAWAL}\n".encode()
ATTACKS: dict[str, tuple[str, Callable[[], bytes]]] = {
    # the archive
    "a record more in the directory": ("zip-form", extra_record),
    "a record too few is said": ("zip-form", functools.partial(with_end, entries=len(MEMBERS) - 1)),
    "a member the directory does not name": ("zip-form", hidden_member),
    "a directory said to lie elsewhere": ("zip-form", functools.partial(with_end, place=0)),
    "the directory cut off": ("zip-form", lambda: PACK[:DIRECTORY]),
    "the last record cut off": ("zip-form", lambda: PACK[:-22]),
    "a directory of the larger kind": ("zip-form", zip64),
    "a member twice with other bytes": ("member-double", lambda: raw_archive([*LISTED, (b"docs/letter.pdf", b"no")])),
    "a link instead of the letter": ("zip-form", symlink),
    "a letter that unpacks to a megabyte": ("zip-form", deflated_bomb),
    "a size of minus one": ("zip-form", functools.partial(sized, 0xFFFFFFFF)),
    "a size of two gigabytes": ("zip-form", functools.partial(sized, 1 << 31)),
    "a name in another normal form": ("member-name", lambda: repacked(MEMBERS, **{NFD: b"x"})),
    "a name that reads from right to left": ("member-name", lambda: repacked(MEMBERS, **{"docs/\u202efdp.exe": b"x"})),
    "a name in full-width letters": ("member-name", lambda: repacked(MEMBERS, **{"ｄocs/letter.pdf": b"x"})),
    "a name that differs in case": ("member-double", lambda: repacked(MEMBERS, **{"Docs/letter.pdf": b"x"})),
    "a drive's name": ("member-name", lambda: repacked(MEMBERS, **{"C:/letter.pdf": b"x"})),
    "a share's name": ("member-name", lambda: repacked(MEMBERS, **{"//host/letter.pdf": b"x"})),
    "a file whose name is a folder": ("member-double", file_in_a_file),
    # texts
    "a mark of byte order before the withdrawal": (
        "proof", lambda: repacked(MEMBERS, **{f"entries/{WITHDRAWAL}.json": b"\xef\xbb\xbf" + ENTRY})),
    "a mark of byte order before case.json": ("json", lambda: whole("case.json", b'{"v"', b'\xef\xbb\xbf{"v"', 1)),
    "a mark of byte order before the key": (
        "key", lambda: repacked(MEMBERS, **{"keys/log.vkey": b"\xef\xbb\xbf" + MEMBERS["keys/log.vkey"]})),
    "line ends of Windows in the sums": ("member-changed", lambda: repacked(
        MEMBERS, SHA256SUMS=MEMBERS["SHA256SUMS"].replace(b"\n", b"\r\n"))),
    "line ends of Windows in the key": (
        "key", lambda: repacked(MEMBERS, **{"keys/log.vkey": MEMBERS["keys/log.vkey"].replace(b"\n", b"\r\n")})),
    "line ends of Windows in the checkpoint": ("checkpoint", lambda: repacked(
        MEMBERS, checkpoint=MEMBERS["checkpoint"].replace(b"\n", b"\r\n"))),
    "line ends of Windows in a proof": ("proof", functools.partial(proof_with, INDEX, INDEX.replace(b"\n", b"\r\n"))),
    "a key twice, once escaped": ("json", lambda: whole("case.json", b'"title":', b'"titl\\u0065":"other","title":')),
    "a key twice in a step": ("json", functools.partial(
        logged_instead, b'"type":"case.opened"', b'"type":"case.closed","type":"case.opened"')),
    "a number of 400 digits": ("json", lambda: whole("disclosed.json", b'"v":1', b'"v":' + b"9" * 400)),
    "nesting without an end": ("json", lambda: resealed({**MEMBERS, "disclosed.json": b"[" * 100_000})),
    # log and proofs
    "a proof from a smaller tree": ("proof", other_tree),
    "a path from a smaller tree": ("proof", path_of_other_tree),
    "a pack rolled back to before its export": ("proof", rolled_back),
    "a negative index": ("proof", functools.partial(proof_with, b"index ", b"index -")),
    "an index with a zero before it": ("proof", functools.partial(proof_with, b"index ", b"index 0")),
    "an index in Arabic digits": ("proof", functools.partial(proof_with, INDEX, "index ١٣\n".encode())),
    "an index beyond exact numbers": ("proof", functools.partial(proof_with, INDEX, b"index 9007199254740993\n")),
    "a hash of no bytes": ("proof", functools.partial(proof_with, INDEX, INDEX + b"\n")),
    "a hash more": ("proof", functools.partial(proof_with, INDEX, INDEX + b"A" * 43 + b"=\n")),
    "two keys of one name": ("checkpoint", two_keys_one_name),
    "a forger's key with the true key's id": ("key", borrowed_key),
    # what a step says
    "a day that does not exist": (
        "entry", functools.partial(logged_instead, b'"t":"2026-11-02', b'"t":"2026-02-30')),
    "an hour that does not exist": (
        "entry", functools.partial(logged_instead, b'"t":"2026-11-02T02', b'"t":"2026-11-02T24')),
    "a year that does not exist": ("entry", functools.partial(logged_instead, b'"t":"2026', b'"t":"0000')),
    "a type that is a word of the browser": ("", functools.partial(
        logged_instead, b'"type":"case.opened"', b'"type":"constructor"')),
    "a case number that is another's": ("case", lambda: whole("case.json", TAG, b"0" * 64)),
}  # fmt: skip


@pytest.mark.parametrize("attack", sorted(ATTACKS))
def test_the_program_refuses_it(attack: str) -> None:
    expected, make = ATTACKS[attack]
    assert reason(make()) == expected


def test_the_page_answers_every_attack_the_same_way(page_check: PageCheck) -> None:
    packs = [make() for _, make in ATTACKS.values()]
    answers = page_check([(data, VKEY) for data in packs])
    said = {name: answer.get("code", "") for name, answer in zip(ATTACKS, answers, strict=True)}
    assert said == {name: expected for name, (expected, _make) in ATTACKS.items()}


def test_a_maker_does_not_pack_a_file_and_a_folder_of_one_name() -> None:
    good = samples.contents(samples.sample())
    with pytest.raises(PackError, match="member-double"):
        packfile.draft(replace(good, documents={"a": samples.LETTER, "a/b": samples.RECEIPT}))


def test_a_second_chain_of_the_case_does_not_explain_an_older_receipt_away() -> None:
    """The operator logs the case a second time, shorter, and exports that; the employee holds a late step's receipt."""
    log = samples.sample()
    late = log.steps[-1]
    held = proof.receipt(late.data, late.index, log.tree().inclusion(late.index), log.checkpoint())
    place = CaseStep(json.loads(late.data)["case"])
    entries, steps = list(log.entries), []
    for number, (kind, role) in enumerate(samples.STORY[:4]):
        data = samples.event(log.key, 50 + number, kind, role, place)
        place = next_step(data)
        steps.append(packfile.LoggedEntry(len(entries), data))
        entries.append(data)
    twice = replace(log, entries=tuple(entries), steps=tuple(steps))
    plain = replace(samples.contents(log), steps=twice.steps, disclosures=())
    draft = packfile.draft(plain)
    export = samples.export_entry(twice, draft)
    after = twice.extended(export.data)
    data = packfile.finish(draft, export=export, tree=after.tree(), checkpoint=after.checkpoint())
    assert verify.check(data, [VKEY]).key_confirmed, "the pack agrees with itself"
    with pytest.raises(verify.Refused, match="step-missing"):
        verify.check(data, [VKEY], receipts=[held])


def test_a_step_that_claims_an_older_time_is_pointed_out(page_check: PageCheck) -> None:
    data = logged_instead(b'"t":"2026-11-02', b'"t":"2031-11-02')
    pack = verify.check(data, [VKEY])
    assert [remark[:6] for remark in pack.remarks] == ["注意：第 2"]
    assert pack.remarks[0] in command.report(pack)
    (answer,) = page_check([(data, VKEY)])
    assert answer["pack"]["remarks"] == pack.remarks
    assert verify.check(PACK, [VKEY]).remarks == []


def test_text_of_a_pack_cannot_start_a_line_of_its_own() -> None:
    for mark in ("\u2028", "\u2029", "\x85", "\n", "\r", "\u202e", "\u200b"):
        assert command.clean(f"案{mark}结论：有效") == "案\ufffd结论：有效"


def test_a_list_of_keys_saved_by_a_windows_editor_is_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "pins.txt").write_bytes(f"\ufeff{VKEY}\r\n".encode())
    (tmp_path / "PACK.zip").write_bytes(PACK)
    assert command.main([str(tmp_path / "PACK.zip"), "--pins", str(tmp_path / "pins.txt")]) == 0
    assert "RESULT: VALID" in capsys.readouterr().out
