"""The role table of processes, cell by cell: every act, every role, every way of standing to the person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.db import transaction

from guiyan.people.queries import NotFound
from guiyan.platform.acting import Forbidden
from guiyan.platform.permissions import SYSTEM, table
from guiyan.process import actions, queries
from guiyan.process.models import Task
from guiyan.process.versions import shipped_source
from tests.people.world import SITUATIONS, World, build
from tests.process_db.world import case_of, complete, start, task

HUMAN = {"employee", "manager", "hr", "hr_lead", "legal", "it", "finance", "facilities", "auditor", "system_admin"}
EVERYBODY = {role: ["any"] for role in HUMAN}
EXPECTED: dict[str, dict[str, list[str]]] = {
    "process.complete": EVERYBODY,
    "process.take_part": EVERYBODY,
    "process.delegate": EVERYBODY,
    "process.view": {
        "employee": ["self"],
        "manager": ["manages"],
        "hr": ["serves"],
        "hr_lead": ["any"],
        "legal": ["any"],
        "auditor": ["any"],
        "system": ["any"],
    },
    "process.view_answers": {
        "hr": ["serves"], "hr_lead": ["serves"], "legal": ["serves"], "auditor": ["any"], "system": ["any"],
    },
    "process.reassign": {"hr": ["serves"], "hr_lead": ["serves"], "system": ["any"]},
    "process.install": {"system": ["any"]},
}  # fmt: skip
CELLS = [(role, situation) for role in sorted({*HUMAN, "system"}) for situation in SITUATIONS]


@pytest.fixture
def world(tenant: Any, now: datetime) -> World:
    return build(now)


def _holds(act: str, role: str, situation: str) -> bool:
    """Whether the table allows it: ``serves_all`` is a way of serving, and everybody is somebody of the company."""
    ways = {"any", situation.removesuffix("_all")} if situation != "other" else {"any"}
    return bool(ways & set(EXPECTED[act].get(role, [])))


def test_the_table_says_what_we_mean_it_to_say() -> None:
    said = {key: {role: list(how) for role, how in act.allow.items()} for key, act in table().acts.items()}
    assert {key: allow for key, allow in said.items() if key.startswith("process.")} == EXPECTED


def test_every_cell_is_so(world: World, now: datetime) -> None:
    exit_ = start(SYSTEM, subject_person_id=world.subject, now=now)
    case_id = case_of(exit_)
    boss = world.viewer("manager", "manages")
    complete(boss, task(exit_, "manager_ack").pk, answers={"manager_agrees_earlier": True}, now=now)
    found: dict[str, list[str]] = {}
    for role, situation in CELLS:
        viewer = world.viewer(role, situation)
        asked = situation == "manages" and role in HUMAN  # the manager is asked, whatever else they are
        with transaction.atomic():
            try:
                rows = {row.node: row for row in queries.tasks_of_case(viewer, case_id, now=now)}
                seen, read = True, rows["hr_ack"].answers is not None
            except NotFound:
                seen, read = False, False
            anew = _may(lambda viewer=viewer: actions.reassign_open(viewer, exit_, now=now))
            installs = _may(lambda viewer=viewer: actions.install(viewer, shipped_source("withdrawal"), now=now))
            transaction.set_rollback(True)
        expected = (
            asked or _holds("process.view", role, situation),
            (asked or _holds("process.view", role, situation)) and _holds("process.view_answers", role, situation),
            _holds("process.reassign", role, situation),
            _holds("process.install", role, situation),
        )
        if (seen, read, anew, installs) != expected:
            found[f"{role} {situation}"] = [str((seen, read, anew, installs)), str(expected)]
    assert found == {}
    assert Task.objects.get(instance_id=exit_, node="manager_ack").answers == {"manager_agrees_earlier": True}


def _may(act: Any) -> bool:
    try:
        act()
    except Forbidden:
        return False
    return True
