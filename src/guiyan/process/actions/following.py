"""Open tasks follow what changed elsewhere: who has a role, and the calendar. Harmless to repeat."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from guiyan.people.queries import PersonRef
from guiyan.platform.acting import action, earlier_result, keep_result, require
from guiyan.platform.clock import legal_day
from guiyan.platform.permissions import SYSTEM, Viewer
from guiyan.process import dues, roles
from guiyan.process.actions.moves import due_again, lock_instance, lock_task, prove_due, put_before
from guiyan.process.asking import absent, change_of
from guiyan.process.enums import How, TaskState, What
from guiyan.process.models import Instance, Task
from guiyan.process.parties import Party
from guiyan.process.queries.names import names_of
from guiyan.process.queries.standing import instances_behind
from guiyan.process.roles import EMPLOYEE
from guiyan.process.trail import note, of_task, prove, tell
from guiyan.process.waiting import BusyError, coming_back, giving_way

REASSIGN = "process.reassign"


@action("process.reassign_open")
@giving_way()
def reassign_open(viewer: Viewer, instance_id: UUID, *, now: datetime) -> int:
    """The open tasks of an instance ask whoever has their role today; who is asked anew is told, all is on record.

    A task that somebody has in hand, or was handed by name, stays with them as long as they are here. Returns how many
    tasks ask somebody else now. Raises ``Forbidden``, ``NotFound``, or ``Stale`` while the case is being worked on.
    """
    instance = lock_instance(instance_id)
    subject = PersonRef(instance.subject_person_id, legal_day(now)) if instance.subject_person_id else None
    require(viewer, REASSIGN, subject, object_kind="process", object_id=instance_id)
    open_ones = instance.tasks.filter(state=TaskState.OPEN).exclude(role=EMPLOYEE).order_by("number")
    return sum(ask_anew(viewer, instance, task, now=now) for task in open_ones)


def ask_anew(viewer: Viewer, instance: Instance, task: Task, *, now: datetime) -> int:
    """Have an open task of a locked instance ask whoever has its role now. Returns 1 when that is another, else 0."""
    live = list(task.candidates.filter(removed_at__isnull=True).order_by("number"))
    today = legal_day(now)
    asked = roles.resolve(task.role, instance.subject_person_id, today)
    change = change_of(task, live, asked, absent([task], live, today))
    if change is None:
        return 0
    task.candidates.filter(pk__in=[each.pk for each in change.leaving]).update(removed_at=now)
    put_before(task, change.new, How.ROLE, now)
    task.fallback, task.claimed_by = asked.fallback.value, None  # nobody who is here has it in hand
    task.save(update_fields=["fallback", "claimed_by"])
    note(viewer, instance, What.REASSIGNED, now=now, task=task, detail=task.fallback)
    public = {**of_task(task), "how": How.ROLE.value, "to": len(change.new), "instead": task.fallback or None}
    names = names_of(change.new)
    said = {"to": "转交给：" + "、".join(names[party] for party in change.new)} if change.new else {}
    prove(viewer, "task.assigned", instance, now=now, public=public, committed=said)
    tell_assigned(task, instance, change.new, now)
    return 1


def tell_assigned(task: Task, instance: Instance, to: tuple[Party, ...], now: datetime) -> None:
    """Tell those who were not asked before that a task is before them."""
    if to:
        tell("process_assigned", task, instance, to, now=now, facts={"due": dues.last_day_of(task)})


def follow_standing(about: UUID | None, *, now: datetime) -> int:
    """Have every open task (those about one person, or all) ask whoever has its role today, one instance at a time.

    Looks first and locks only what has to change. Returns how many tasks ask somebody else now. Raises ``BusyError``
    when a case was being worked on, after all the others: the job that called this comes back.
    """
    changed, busy = 0, 0
    for instance_id in instances_behind(about, legal_day(now)):
        try:
            changed += _follow_roles(SYSTEM, instance_id, now=now)
        except BusyError:
            busy += 1
    if busy:
        raise BusyError(f"{busy} instances")
    return changed


@action("process.follow_roles")
def _follow_roles(viewer: Viewer, instance_id: UUID, *, now: datetime) -> int:
    with coming_back():
        return reassign_open(viewer, instance_id, now=now)


@action("process.follow_deadline")
def follow_deadline(viewer: Viewer, task_id: UUID, *, move_id: UUID, now: datetime) -> None:
    """That the calendar moved the day of an open task is on the case's record, once for each move.

    A task that was late and by the calendar of now is not yet is due anew. Raises ``BusyError`` while the case is being
    worked on.
    """
    with coming_back():
        instance, task = lock_task(task_id)
        if earlier_result(move_id, act="process.follow_deadline", viewer=viewer, now=now) is not None:
            return
        if task.state == TaskState.OPEN and task.overdue_at is not None:
            due_again(viewer, instance, task, now)
        elif task.state == TaskState.OPEN:
            prove_due(viewer, instance, task, dues.last_day_of(task), now)
        keep_result(move_id, {})
