"""Where the processes of a case stand: read by its own actions and view, which have checked the viewer."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from guiyan.platform.permissions import Viewer
from guiyan.process.models import Instance, Task, TaskCandidate


@dataclass(frozen=True, slots=True)
class Running:
    """A running instance and the messages it would take in now."""

    instance_id: UUID
    expects: frozenset[str]


def running(case_id: UUID, key: str) -> Running | None:
    """Return the running process ``key`` of a case, or None."""
    row = Instance.objects.filter(case_id=case_id, key=key, status="running").first()
    return None if row is None else Running(row.id, frozenset(row.state.get("expects", ())))


def open_task(case_id: UUID, key: str, node: str) -> UUID | None:
    """Return the open task at a node of a case's running process, or None."""
    rows = Task.objects.filter(instance__case_id=case_id, instance__key=key, node=node, state="open")
    return rows.order_by("number").values_list("id", flat=True).first()


@dataclass(frozen=True, slots=True)
class Asked:
    """An open step: whether it asks the viewer, and whom it asks (persons, else accounts)."""

    task_id: UUID
    mine: bool
    who: tuple[UUID, ...]


def asked_now(viewer: Viewer, case_id: UUID) -> dict[str, Asked]:
    """Return the open steps of a case by node. One query."""
    rows = TaskCandidate.objects.filter(
        task__instance__case_id=case_id, task__state="open", removed_at__isnull=True
    ).values_list("task__node", "task_id", "user_id", "person_id")
    asked: dict[str, Asked] = {}
    for node, task_id, user, person in rows.order_by("task__number", "id"):
        before = asked.get(node, Asked(task_id, mine=False, who=()))
        mine = (user is not None and user == viewer.user_id) or (person is not None and person == viewer.person_id)
        who = person or user
        asked[node] = Asked(task_id, before.mine or mine, (*before.who, *([who] if who else [])))
    return asked
