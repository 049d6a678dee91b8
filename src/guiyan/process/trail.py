"""What happened to an instance, kept twice: as a line people can read and search, and as evidence on the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from guiyan.kernel.results import Words
from guiyan.ledger.actions import record
from guiyan.notify.actions import To, send
from guiyan.platform import crypto
from guiyan.platform.ids import new_id
from guiyan.platform.permissions import SYSTEM, Viewer
from guiyan.process.enums import What
from guiyan.process.hookspecs import TaskPlace, address_of
from guiyan.process.models import Instance, Task, TrailLine
from guiyan.process.parties import Party

RETENTION = "contract"
DETAIL_MAX = 60

Public = Mapping[str, str | int | bool | None]


def note(
    viewer: Viewer,
    instance: Instance,
    what: What,
    *,
    now: datetime,
    task: Task | None = None,
    detail: str = "",
    standing_in_for: Party | None = None,
    words: str = "",
) -> None:
    """Add a line to the trail. ``words`` is what somebody wrote; it is sealed under the subject's key."""
    line = TrailLine(
        instance=instance,
        task=task,
        at=now,
        what=what.value,
        user_id=viewer.user_id,
        person_id=viewer.person_id,
        for_user=standing_in_for.user_id if standing_in_for else None,
        for_person=standing_in_for.person_id if standing_in_for else None,
        detail=detail[:DETAIL_MAX],
    )
    if words:
        line.sealed_for, line.seal = instance.subject_person_id or viewer.person_id or viewer.user_id, new_id()
        assert line.sealed_for is not None, "words have an author"
        key = crypto.subject_key(line.sealed_for, RETENTION)
        line.sealed_words = crypto.seal(key, words.encode(), where=where(line.seal))
    line.save(force_insert=True)


def where(seal: UUID) -> str:
    """Return the place to which the words of a line are bound."""
    return f"process_trailline/{seal}/words"


def prove(
    viewer: Viewer,
    kind: str,
    instance: Instance,
    *,
    now: datetime,
    public: Public | None = None,
    committed: Mapping[str, str] | None = None,
) -> None:
    """Append an entry of the case to the ledger; ``committed`` values belong to whom the case is about."""
    record(
        viewer,
        kind,
        now=now,
        case=instance.case_id,
        public={"instance": str(instance.pk), "process": instance.key, **(public or {})},
        committed=committed,
        subject=instance.subject_person_id or instance.started_by_person or instance.started_by_user,
    )


def of_task(task: Task) -> dict[str, str | int | bool | None]:
    """Return what an entry says in the open about a task."""
    return {"task": str(task.pk), "key": task.key, "form": task.form, "role": task.role}


def tell(
    message: str, task: Task, instance: Instance, to: Iterable[Party], *, now: datetime, facts: Mapping[str, object]
) -> int:
    """Send a message about a task, with the address of its form. Returns to how many."""
    place = TaskPlace(task.pk, instance.pk, instance.case_kind, instance.case_id, task.form)
    addressees = [To(person_id=party.person_id) if party.person_id else To(user_id=party.user_id) for party in to]
    send(
        SYSTEM,
        message,
        to=addressees,
        facts={"step": Words(task.name, task.name_en or task.name), "title": instance.title, **facts},
        link=address_of(place),
        case=instance.case_id,
        now=now,
    )
    return len(addressees)
