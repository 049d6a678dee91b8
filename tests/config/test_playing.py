"""A scenario is played through the acts that people use; its pack is a simulation's; a differing step fails."""

from __future__ import annotations

import json
import re
import zipfile

from tests.config.conftest import Installation

FAULTY = """
from pathlib import Path
from guiyan.config.cli import start
start.database_ready(prepare=True)
from guiyan.simulator import scenarios
from guiyan.simulator.repertoire import SCENARIOS
from dataclasses import replace
whole = SCENARIOS["resignation-reversal"]
def play(stage):
    case = whole.play(stage)
    stage.expect("something that is not so", "running", "restored")
    return case
played = scenarios.run(replace(whole, play=play), Path("{out}"), 3, begun=start.wall(), say=lambda line: None)
print(played.failed, sum(not line.ok for line in played.lines))
"""


def test_the_story_of_a_resignation_taken_back_plays_and_its_pack_verifies(here: Installation) -> None:
    listed = here.run("scenario", "list")
    assert "resignation-reversal" in listed.stdout
    out = here.home / "played"
    done = here.run("scenario", "run", "resignation-reversal", "--out", str(out), "--seed", "7")
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
    lines = [json.loads(line) for line in (out / "log.jsonl").read_text().splitlines()]
    assert len(lines) > 15
    assert all(line["ok"] for line in lines)
    assert {"refused: withdrawal_consented", "refused: role_table"} <= {line["happened"] for line in lines}

    pack = str(out / "pack.zip")
    loose = here.run("evidence", "verify", pack)
    assert loose.returncode == 2, "the key is not confirmed by the pack alone"
    assert "SIMULATION, NOT EVIDENCE" in loose.stdout
    key = re.search(r"公钥 Key: (\S+)", loose.stdout)
    assert key
    assert here.run("evidence", "verify", pack, "--log-key", key[1]).returncode == 0
    names = zipfile.ZipFile(pack).namelist()
    assert any(name.endswith(".pdf") and name.startswith("docs/") for name in names)
    assert not any(
        "周雨桐".encode() in zipfile.ZipFile(pack).read(name) for name in names if name.startswith("entries/")
    )

    tenant = done.stdout.strip().splitlines()[-1].split(":")[0]
    checked = here.run("ledger", "verify", "--tenant", tenant)
    assert checked.returncode == 0, checked.stdout

    altered = bytearray((out / "pack.zip").read_bytes())
    altered[len(altered) // 2] ^= 1
    (out / "altered.zip").write_bytes(bytes(altered))
    assert here.run("evidence", "verify", str(out / "altered.zip"), "--log-key", key[1]).returncode == 1


def test_a_step_that_differs_fails_the_run_and_leaves_no_pack(here: Installation) -> None:
    out = here.home / "played"
    assert here.script(FAULTY.replace("{out}", str(out))).split() == ["True", "1"]
    assert not (out / "pack.zip").exists()
    last = json.loads((out / "log.jsonl").read_text().splitlines()[-1])
    assert (last["ok"], last["expected"], last["happened"]) == (False, "restored", "running")


def test_an_unknown_scenario_is_named(here: Installation) -> None:
    refused = here.run("scenario", "run", "no-such-story", "--out", str(here.home / "x"))
    assert refused.returncode == 1
    assert "no-such-story" in refused.stderr
