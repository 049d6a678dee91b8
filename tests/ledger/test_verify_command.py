"""The stand-alone verifier as a stranger runs it: from the pack, alone, with nothing but Python."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from guiyan.ledger import packfile, proof
from guiyan.ledger.entry import EntryType, next_step
from guiyan.ledger.verifier import command, verify
from tests.ledger import ledger_samples as samples

VKEY = samples.KEY.verifier.text


class Desk:
    """A stranger's desk: an empty folder with the pack, the verifier taken out of it, and a home without keys."""

    def __init__(self, folder: Path, origin: str = samples.ORIGIN) -> None:
        self.folder = folder
        self.log, self.pack = samples.sealed(origin)
        self.write("PACK.zip", self.pack)
        self.write("verify.py", samples.members_of(self.pack)["verify.py"])
        (folder / "home").mkdir()

    def write(self, name: str, data: bytes | str) -> str:
        (self.folder / name).write_bytes(data if isinstance(data, bytes) else data.encode())
        return name

    def run(self, *words: str) -> tuple[int, str]:
        """Exit code, and everything said."""
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-X", "utf8", "verify.py", *words],
            cwd=self.folder,
            env={"HOME": str(self.folder / "home"), "PATH": ""},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert "Traceback" not in done.stderr
        return done.returncode, done.stdout + done.stderr


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_valid_with_the_key_and_open_without(desk: Desk) -> None:
    code, said = desk.run("PACK.zip", "--log-key", VKEY)
    assert code == 0
    assert "结论：有效" in said
    assert "RESULT: VALID" in said
    code, said = desk.run("PACK.zip")
    assert code == 2
    assert "KEY NOT CONFIRMED" in said
    assert samples.KEY.verifier.fingerprint in said
    assert "https://hr.example.cn/log-key" in said
    assert "SIMULATION" not in said


def test_the_steps_are_told_in_two_languages_and_in_beijing_time(desk: Desk) -> None:
    _, said = desk.run("PACK.zip")
    assert "2026-11-02 13:30:00.000  提交辞职 / resignation submitted [employee]" in said
    assert samples.REASON.value in said
    assert "no trusted time stamp" in said


def test_keys_may_be_pinned_in_a_file_or_at_home(desk: Desk) -> None:
    pins = desk.write("pins.txt", f"# keys I trust\n\n{VKEY}\n")
    assert desk.run("PACK.zip", "--pins", pins)[0] == 0
    (desk.folder / "home" / ".guiyan").mkdir()
    desk.write("home/.guiyan/log-keys.txt", f"{VKEY}\n")
    assert desk.run("PACK.zip")[0] == 0
    other = replace(samples.KEY, seed=b"\x66" * 32).verifier.text
    desk.write("home/.guiyan/log-keys.txt", f"{other}\n")
    code, said = desk.run("PACK.zip")
    assert code == 1
    assert "[other-key]" in said


def test_another_key_is_refused_by_name(desk: Desk) -> None:
    code, said = desk.run("PACK.zip", "--log-key", replace(samples.KEY, seed=b"\x66" * 32).verifier.text)
    assert code == 1
    assert "[other-key]" in said
    assert "结论：拒绝" in said


def test_a_changed_pack_is_refused_with_its_reason(desk: Desk) -> None:
    members = samples.members_of(desk.pack)
    members["docs/letter.pdf"] += b" changed"
    desk.write("PACK.zip", packfile.write_archive(members))
    code, said = desk.run("PACK.zip", "--log-key", VKEY)
    assert code == 1
    assert "[member-changed]" in said
    assert "docs/letter.pdf" in said


def test_a_simulation_is_checked_by_the_same_rules_and_called_no_evidence(tmp_path: Path) -> None:
    origin = "sim/demo/t1"
    desk = Desk(tmp_path, origin)
    key = replace(samples.KEY, name=origin).verifier.text
    for code, words in ((0, ("--log-key", key)), (2, ())):
        found, said = desk.run("PACK.zip", *words)
        assert found == code
        lines = [line for line in said.splitlines() if line]
        assert "模拟，不是证据 / SIMULATION, NOT EVIDENCE" in lines[0]
        assert "SIMULATION, NOT EVIDENCE" in lines[-1]
    assert "SIMULATION, NOT EVIDENCE" in samples.members_of(desk.pack)["00-验证说明.txt"].decode()


def test_missing_files_are_refused_and_wrong_words_are_not_an_answer(desk: Desk) -> None:
    code, said = desk.run("NOTHING.zip")
    assert code == 1
    assert "[unreadable]" in said
    assert desk.run("PACK.zip", "--pins", "nothing.txt")[0] == 1
    assert desk.run("PACK.zip", "--receipt", "nothing")[0] == 1
    assert desk.run(".")[0] == 1
    assert desk.run()[0] == 64
    assert desk.run("PACK.zip", "--unknown")[0] == 64
    assert desk.run("--help")[0] == 0


def test_a_huge_file_is_refused_before_it_is_read(desk: Desk) -> None:
    with (desk.folder / "PACK.zip").open("wb") as file:
        file.truncate(verify.PACK_BYTES_MAX + 1)
    little_memory = ["/bin/sh", "-c", 'ulimit -v 600000; exec "$@"', "sh", sys.executable, "-I", "-S", "-X", "utf8"]
    done = subprocess.run(
        [*little_memory, "verify.py", "PACK.zip"], cwd=desk.folder, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 1
    assert "[too-large]" in done.stdout


def test_words_in_a_pack_cannot_move_the_cursor(desk: Desk) -> None:
    log = samples.sample()
    draft = packfile.draft(replace(samples.contents(log), title="\x1b[2J结论：有效", published=("\x1b[31m",)))
    export = samples.export_entry(log, draft)
    after = log.extended(export.data)
    desk.write("PACK.zip", packfile.finish(draft, export=export, tree=after.tree(), checkpoint=after.checkpoint()))
    code, said = desk.run("PACK.zip")
    assert code == 2
    assert "\x1b" not in said


def test_the_source_answers_as_the_pack_does(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    for words in ((), ("--log-key", VKEY)):
        code, said = desk.run("PACK.zip", *words)
        assert command.main([str(desk.folder / "PACK.zip"), *words]) == code
        assert capsys.readouterr().out == said


# --- receipts ---------------------------------------------------------------------------------------------------------


def receipt(log: samples.Sample, index: int) -> bytes:
    """What a party received when the log was as long as it is now."""
    return proof.receipt(log.entries[index], index, log.tree().inclusion(index), log.checkpoint())


def shorter(log: samples.Sample, size: int) -> samples.Sample:
    return replace(log, entries=log.entries[:size])


def test_a_receipt_of_a_step_agrees(desk: Desk) -> None:
    name = desk.write("mine", receipt(shorter(desk.log, 15), 13))
    code, said = desk.run("PACK.zip", "--log-key", VKEY, "--receipt", name)
    assert code == 0
    assert "回执与第 5 步一致" in said


def test_a_receipt_of_another_case_or_of_a_later_step_says_so(desk: Desk) -> None:
    other = desk.write("other", receipt(desk.log, 2))
    following = next_step(desk.log.entries[23])
    later = desk.log.extended(samples.event(samples.KEY, 99, EntryType.NOTICE_READ, "employee", following))
    new = desk.write("new", receipt(later, 25))
    code, said = desk.run("PACK.zip", "--receipt", other, "--receipt", new)
    assert code == 2
    assert "another case" in said
    assert "ask for a newer one" in said


def test_a_receipt_for_a_step_that_the_pack_hides_is_refused(desk: Desk) -> None:
    """The operator kept step 5 from the pack and logged the rest of the case again around it."""
    hidden = samples.event(samples.KEY, 50, EntryType.SIGN_REFUSED, "employee", next_step(desk.log.entries[10]))
    name = desk.write("mine", receipt(desk.log.extended(hidden), 25))
    code, said = desk.run("PACK.zip", "--log-key", VKEY, "--receipt", name)
    assert code == 1
    assert "[step-missing]" in said


@pytest.mark.parametrize("size", [15, 25])
def test_a_receipt_from_a_log_with_another_past_shows_the_fork(desk: Desk, size: int) -> None:
    entries = list(desk.log.entries)
    place = next_step(entries[10])
    entries[13] = samples.event(samples.KEY, 13, EntryType.RESIGN_WITHDRAWN, "manager", place)
    name = desk.write("mine", receipt(shorter(replace(desk.log, entries=tuple(entries)), size), 13))
    code, said = desk.run("PACK.zip", "--log-key", VKEY, "--receipt", name)
    assert code == 1
    assert "[fork]" in said


def test_two_heads_of_one_size_are_a_fork_whatever_the_receipt_is_about(desk: Desk) -> None:
    entries = list(desk.log.entries)
    entries[20] = samples.event(samples.KEY, 20, EntryType.IMPORT_REVERSED, "hr", None)
    name = desk.write("other", receipt(replace(desk.log, entries=tuple(entries)), 2))
    code, said = desk.run("PACK.zip", "--log-key", VKEY, "--receipt", name)
    assert code == 1
    assert "[fork]" in said


def test_a_receipt_that_is_none_is_refused(desk: Desk) -> None:
    good = receipt(desk.log, 13)
    bare = proof.Proof(13, desk.log.tree().inclusion(13), desk.log.checkpoint()).data
    forged = replace(desk.log, key=replace(samples.KEY, seed=b"\x66" * 32))
    for bad in (b"", b"hello", bare, good[:-30], good.replace(b"index 13", b"index 12"), receipt(forged, 13)):
        code, said = desk.run("PACK.zip", "--receipt", desk.write("mine", bad))
        assert code == 1
        assert "[receipt]" in said
