"""The scenarios that can be played, and how one is run: a tenant of its own, the script, the log, the pack."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from guiyan.ledger import export, sequencer
from guiyan.platform import clock, tenancy
from guiyan.platform.ids import new_id
from guiyan.platform.permissions import SYSTEM
from guiyan.platform.tenancy import provision
from guiyan.simulator.stage import LOG_NAME, Line, Stage

PACK_NAME = "pack.zip"

Script = Callable[[Stage], UUID]
Say = Callable[[Line], None]


@dataclass(frozen=True, slots=True)
class Scenario:
    """A script with its names; it returns the case whose pack is left behind."""

    key: str
    zh: str
    en: str
    play: Script


@dataclass(frozen=True, slots=True)
class Played:
    """What came of a run."""

    tenant: str
    lines: tuple[Line, ...]
    failed: bool


def clear(out: Path) -> None:
    """The folder is there, can be written, and holds no pack or log of an earlier run. Raises ``OSError``."""
    out.mkdir(parents=True, exist_ok=True)
    (out / PACK_NAME).unlink(missing_ok=True)
    (out / LOG_NAME).write_bytes(b"")


def run(scenario: Scenario, out: Path, seed: int, *, begun: datetime, say: Say) -> Played:
    """Play a scenario on a new simulation tenant; leave ``pack.zip`` and ``log.jsonl`` in ``out``.

    The log is signed by the running worker, or by this process when there is none.
    """
    clear(out)
    code = f"sim_{scenario.key.replace('-', '_')[:14]}_{new_id().hex[-6:]}"
    tenant = provision.create_tenant(
        code, f"演示：{scenario.zh}", now=begun, hosts=[f"{code}.localhost"], simulation=True
    )
    stop = sequencer.in_background()
    stage = Stage(out, seed)
    try:
        with tenancy.session(tenant):
            case = scenario.play(stage)
            if not stage.failed:
                pack = export.export_case(SYSTEM, case, now=clock.now())
                (out / PACK_NAME).write_bytes(pack.data)
    finally:
        stage.close()
        stop()
    for line in stage.lines:
        say(line)
    return Played(code, tuple(stage.lines), stage.failed)
