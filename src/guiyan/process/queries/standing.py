"""How a viewer stands to tasks and instances: asked, asked in somebody's absence, involved, or none of these."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from guiyan.people.queries import NotFound, PersonRef, visible_people
from guiyan.platform.clock import legal_day
from guiyan.platform.permissions import Viewer, allowed
from guiyan.process.asking import absent, change_of
from guiyan.process.enums import TaskState
from guiyan.process.models import Copy, Delegation, Instance, Task, TaskCandidate
from guiyan.process.parties import Party, distinct, is_viewer
from guiyan.process.roles import EMPLOYEE, resolve

VIEW = "process.view"
TAKE_PART = "process.take_part"


@dataclass(frozen=True, slots=True)
class Standing:
    """That a task asks a viewer; ``away`` is whom they stand in for, None when it asks themself."""

    away: Party | None = None


def standing_of(viewer: Viewer, task: Task, instance: Instance, on: date) -> Standing | None:
    """Return how a task asks the viewer on a day, or None when it does not. At most two queries."""
    live = TaskCandidate.objects.filter(task=task, removed_at__isnull=True)
    if live.filter(is_viewer(viewer)).exists():
        return Standing()
    if task.role == EMPLOYEE or (viewer.person_id and viewer.person_id == instance.subject_person_id):
        return None
    away = live.filter(Exists(_lent_to(viewer, on))).order_by("number").first()
    return Standing(Party(away.user_id, away.person_id)) if away else None


def asks(viewer: Viewer, on: date) -> Q:
    """Return the filter of tasks that ask the viewer on a day: themself, or in the absence of somebody else.

    What an employee has to do is asked of nobody else, and nobody stands in where it is about themself.
    """
    live = TaskCandidate.objects.filter(task_id=OuterRef("pk"), removed_at__isnull=True)
    lent = Q(Exists(live.filter(Exists(_lent_to(viewer, on))))) & ~Q(role=EMPLOYEE)
    if viewer.person_id is not None:
        lent &= Q(instance__subject_person_id__isnull=True) | ~Q(instance__subject_person_id=viewer.person_id)
    return Q(Exists(live.filter(is_viewer(viewer)))) | lent


def _lent_to(viewer: Viewer, on: date) -> QuerySet[Delegation]:
    """Return the delegations to the viewer that hold on a day, for a query over candidates."""
    return away_on(on).filter(
        Q(from_user=OuterRef("user_id")) | Q(from_person=OuterRef("person_id")),
        is_viewer(viewer, "to_user", "to_person"),
    )


def away_on(on: date) -> QuerySet[Delegation]:
    """Return the delegations that hold on a day."""
    return Delegation.objects.filter(first_day__lte=on, last_day__gte=on, ended_at__isnull=True)


def asked_today(task: Task, instance: Instance, on: date) -> tuple[Party, ...]:
    """Return whom a task asks on a day: its candidates, and who stands in for those who are away. Two queries."""
    candidates = task.candidates.filter(removed_at__isnull=True).order_by("number")
    asked = [Party(each.user_id, each.person_id) for each in candidates]
    if task.role == EMPLOYEE:
        return distinct(asked)
    away = Q(from_user__in=[party.user_id for party in asked if party.user_id])
    away |= Q(from_person__in=[party.person_id for party in asked if party.person_id])
    standing_in = [Party(each.to_user, each.to_person) for each in away_on(on).filter(away)]
    subject = instance.subject_person_id
    return distinct([*asked, *(party for party in standing_in if subject is None or party.person_id != subject)])


def instances_behind(about: UUID | None, on: date) -> tuple[UUID, ...]:
    """Return the instances with an open task that asks somebody else than it ought to on a day, in key order.

    ``about`` narrows it to those about one person. For jobs: no viewer looks. Four queries, and those that find out who
    has a role: once for each person and role.
    """
    open_ones = Task.objects.filter(state=TaskState.OPEN).exclude(role=EMPLOYEE).select_related("instance")
    tasks = list(open_ones.filter(instance__subject_person_id=about) if about else open_ones)
    live: dict[UUID, list[TaskCandidate]] = {}
    rows = TaskCandidate.objects.filter(task__in=[task.pk for task in tasks], removed_at__isnull=True)
    for row in rows.order_by("number"):
        live.setdefault(row.task_id, []).append(row)
    gone = absent(tasks, [row for asked in live.values() for row in asked], on)
    ought = cache(lambda role, subject: resolve(role, subject, on))
    behind = {
        task.instance_id
        for task in tasks
        if change_of(task, live.get(task.pk, []), ought(task.role, task.instance.subject_person_id), gone)
    }
    return tuple(sorted(behind))


def visible(viewer: Viewer, on: date, instance: str = "") -> Q:
    """Return the filter of instances the viewer may see: of people they may see, and those they are involved in.

    ``instance`` leads to the instance ("" on instances themselves, "instance__" on what hangs on one).
    """
    of_people = visible_people(viewer, VIEW, on=on, field=f"{instance}subject_person_id")
    if not of_people:  # no condition at all: everything
        return of_people
    return of_people | involved(viewer, on, instance)


def involved(viewer: Viewer, on: date, instance: str = "") -> Q:
    """Return the filter of instances in which the viewer is asked, did something, is copied, or which they started."""
    if not allowed(viewer, TAKE_PART):
        return Q(pk__in=[])
    key = f"{instance.removesuffix('__')}_id" if instance else "pk"
    tasks = Task.objects.filter(instance_id=OuterRef(key))
    copies = Copy.objects.filter(instance_id=OuterRef(key)).filter(is_viewer(viewer))
    return (
        Q(Exists(tasks.filter(asks(viewer, on))))
        | Q(Exists(tasks.filter(is_viewer(viewer, "done_by_user", "done_by_person"))))
        | Q(Exists(copies))
        | is_viewer(viewer, f"{instance}started_by_user", f"{instance}started_by_person")
    )


def visible_instance(viewer: Viewer, instance_id: UUID, now: datetime) -> Instance:
    """Return an instance. Raises ``NotFound`` when there is none or the viewer may not see it."""
    rows = Instance.objects.select_related("version").filter(pk=instance_id)
    found = rows.filter(visible(viewer, legal_day(now))).first()
    if found is None:
        raise NotFound(str(instance_id))
    return found


def sees_answers(viewer: Viewer, subject_person_id: UUID | None) -> bool:
    """Whether the viewer may read what others answered in a process about this person."""
    return allowed(viewer, "process.view_answers", PersonRef(subject_person_id) if subject_person_id else None)
