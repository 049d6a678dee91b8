"""What happens when a task is late: those it asks are reminded, and the next higher role is brought in.

Before that it is looked up anew who has the role: a task never waits for somebody who has left it. The first reminder
goes out when the due moment has passed, the next ones every two working days, five in all. Chasing stops by itself when
the task is done or taken back, because its deadlines end with it.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from guiyan.platform.clock import legal_day
from guiyan.platform.models import Deadline
from guiyan.platform.permissions import SYSTEM
from guiyan.process import dues, roles
from guiyan.process.actions.copies import add_copies
from guiyan.process.actions.following import ask_anew
from guiyan.process.actions.moves import lock_task, put_before
from guiyan.process.enums import How, TaskState, What
from guiyan.process.models import Instance, Task
from guiyan.process.parties import Party, distinct
from guiyan.process.queries.names import names_of
from guiyan.process.queries.standing import asked_today
from guiyan.process.trail import note, of_task, prove, tell
from guiyan.process.waiting import coming_back

REMINDERS_MAX: Final = 5


def on_due(row: Deadline, now: datetime) -> None:
    """Chase the task of a deadline that has passed; for the platform's tick, in the transaction that fires it.

    The deadline is locked already, while whoever does the task locks the instance first: so this gives way. Raises
    ``BusyError`` then.
    """
    with coming_back():
        _on_due(row, now)


def _on_due(row: Deadline, now: datetime) -> None:
    if not Task.objects.filter(pk=row.owner_id).exists():
        return
    instance, task = lock_task(row.owner_id)
    if task.state != TaskState.OPEN:
        return
    _chase(task, instance, now)


def _chase(task: Task, instance: Instance, now: datetime) -> None:
    due_at = dues.last_day_of(task)
    if task.role != roles.EMPLOYEE:
        ask_anew(SYSTEM, instance, task, now=now)
    first = task.overdue_at is None
    if first:
        task.overdue_at = now
    task.reminders, task.reminded_at = task.reminders + 1, now
    asked = asked_today(task, instance, legal_day(now))
    told = tell("process_reminder", task, instance, asked, now=now, facts={"due": due_at, "number": task.reminders})
    note(SYSTEM, instance, What.REMINDED, now=now, task=task, detail=str(task.reminders))
    public = {**of_task(task), "number": task.reminders, "to": told}
    prove(SYSTEM, "reminder.sent", instance, now=now, public=public)
    if first and task.escalate_to:
        _escalate(task, instance, asked, due_at, now)
    task.save()
    if task.reminders < REMINDERS_MAX:
        dues.set_chase(task, now)


def _escalate(task: Task, instance: Instance, asked: tuple[Party, ...], due: date | None, now: datetime) -> None:
    """Bring in the next role. What is for the employee to do stays theirs: the others are told, not asked."""
    found = roles.resolve(task.escalate_to, instance.subject_person_id, legal_day(now)).parties
    new = tuple(party for party in found if not any(party.is_same(other) for other in asked))
    if not new:
        return
    personal = task.role == roles.EMPLOYEE
    if not personal:
        put_before(task, new, How.ESCALATED, now)
        task.claimed_by = None
    add_copies(instance, new, now)
    names = names_of(asked)
    facts = {"due": due, "names": [names[party] for party in asked], "personal": personal}
    tell("process_escalation", task, instance, distinct(new), now=now, facts=facts)
    task.escalated_at = now
    note(SYSTEM, instance, What.ESCALATED, now=now, task=task, detail=task.escalate_to)
    public = {**of_task(task), "how": "told" if personal else How.ESCALATED.value, "escalated_to": task.escalate_to}
    prove(SYSTEM, "task.assigned", instance, now=now, public={**public, "to": len(new)})
