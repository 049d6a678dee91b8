"""How a case moves its processes. They say who is asked next; the case's rows say what is true.

A message is sent only where the process waits for it, and a step is answered only where it is open: a company may have
redrawn its diagram, and no right may hang on how it is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final
from uuid import UUID

from guiyan.platform.acting import Forbidden
from guiyan.platform.permissions import Viewer
from guiyan.process import actions as process
from guiyan.separation.models import Case, Withdrawal
from guiyan.separation.queries.flow import open_task, running

EXIT: Final = "resignation"
WITHDRAWAL: Final = "withdrawal"
CASE_KIND: Final = "separation.case"

Answers = Mapping[str, bool | int | str | None]


def begin_exit(viewer: Viewer, case: Case, *, title: str, now: datetime) -> UUID:
    """Start the exit of a resignation that arrived. Returns the instance."""
    return process.start(
        viewer,
        EXIT,
        case_kind=CASE_KIND,
        case_id=case.id,
        subject_person_id=case.person_id,
        anchors=process.Anchors(arrival=case.arrived_at, last_day=case.last_day),
        now=now,
        title=title,
    )


def begin_withdrawal(viewer: Viewer, case: Case, row: Withdrawal, *, title: str, now: datetime) -> UUID:
    """Note the withdrawal in the exit and start its own process. Returns the instance."""
    send(viewer, case.id, EXIT, "withdrawal.received", now=now)
    former = running(case.id, WITHDRAWAL)
    if former is not None:
        process.cancel(viewer, former.instance_id, now=now)
    return process.start(
        viewer,
        WITHDRAWAL,
        case_kind=CASE_KIND,
        case_id=case.id,
        subject_person_id=case.person_id,
        anchors=process.Anchors(arrival=row.arrived_at, last_day=case.last_day),
        now=now,
        title=title,
        message="withdrawal.received",
    )


def send(viewer: Viewer, case_id: UUID, key: str, message: str, *, now: datetime) -> bool:
    """Bring a message to a case's process where it waits for it. Returns whether it did."""
    found = running(case_id, key)
    if found is None or message not in found.expects:
        return False
    process.receive(viewer, found.instance_id, message, {}, now=now)
    return True


def answer(viewer: Viewer, case_id: UUID, key: str, node: str, answers: Answers, *, now: datetime) -> bool:
    """Answer the open step of a node for ``viewer``, who must be one of those asked. Returns whether it was open."""
    task_id = open_task(case_id, key, node)
    if task_id is None:
        return False
    process.complete_task(viewer, task_id, answers=answers, now=now)
    return True


def settle(viewer: Viewer, case_id: UUID, key: str, node: str, *, now: datetime) -> bool:
    """Close the open step of a node: what it stands for was done, whoever did it. Returns whether it was open."""
    task_id = open_task(case_id, key, node)
    if task_id is None:
        return False
    process.settle_task(viewer, task_id, now=now)
    return True


def confirm_if_asked(viewer: Viewer, case_id: UUID, key: str, node: str, *, now: datetime) -> bool:
    """Confirm a step that ``viewer`` has just done by another act; left open when it asks somebody else."""
    try:
        return answer(viewer, case_id, key, node, {}, now=now)
    except Forbidden:
        return False


def move_last_day(viewer: Viewer, case: Case, last_day: date, *, now: datetime) -> None:
    """Have the open steps of the exit due by the new last day."""
    found = running(case.id, EXIT)
    if found is not None:
        process.set_anchor(viewer, found.instance_id, last_day=last_day, now=now)


def stop_withdrawal(viewer: Viewer, case_id: UUID, *, now: datetime) -> None:
    """Call off the process of a withdrawal that was never made."""
    found = running(case_id, WITHDRAWAL)
    if found is not None:
        process.cancel(viewer, found.instance_id, now=now)


def stop(viewer: Viewer, case_id: UUID, *, now: datetime) -> None:
    """Call off whatever still runs for a case: nothing is asked of anybody any more."""
    for key in (EXIT, WITHDRAWAL):
        found = running(case_id, key)
        if found is not None:
            process.cancel(viewer, found.instance_id, now=now)
