"""When a task is due. The moment lives in a deadline of the platform; here is how a diagram's rule becomes one.

Counted on from a day or back from it, the rule is the deadline's own: it follows the calendar with all the others.
"""

from __future__ import annotations

from datetime import date, datetime

from guiyan.kernel.calendar import legal_day, start_of_legal_day
from guiyan.kernel.deadlines import DeadlineRule, PeriodUnit, compute
from guiyan.platform import calendar, deadlines
from guiyan.platform.models import Deadline
from guiyan.process.models import Instance, Task
from guiyan.process.nodes import Due

OWNER = "process.task"
HANDLER = "process.due"
DUE = "due"
CHASE = "chase"
CHASE_WORKING_DAYS = 2
READY, ARRIVAL, LAST_DAY = "ready", "arrival", "last_day"


def fields_of(due: Due | None) -> dict[str, object]:
    """Return the fields of a task that hold its rule."""
    if due is None:
        return {}
    return {
        "due_days": due.days,
        "due_working": due.working,
        "due_anchor": due.anchor,
        "escalate_to": due.escalate_to,
    }


def set_due(task: Task, instance: Instance, now: datetime) -> Deadline | None:
    """Set the deadline of an open task anew from its rule; None while the moment it counts from is not known.

    A task is never due before the day on which this is worked out: what came late is due today.
    """
    start, rule = _anchor(task, instance), _rule(task)
    if rule is None or start is None:
        deadlines.drop(OWNER, task.pk, DUE, now=now)
        return None
    return deadlines.set_deadline(
        OWNER, task.pk, DUE, rule=rule, started_at=start, handler=HANDLER, not_before=legal_day(now)
    )


def due_at(task: Task) -> datetime | None:
    """Return when a task is or was due; None when it has no day yet."""
    rows = Deadline.objects.filter(owner_kind=OWNER, owner_id=task.pk, purpose=DUE).exclude(state="dropped")
    return rows.values_list("due_at", flat=True).first()


def last_day_of(task: Task) -> date | None:
    """Return the civil day on which a task is or was due; None when it has none yet."""
    rows = Deadline.objects.filter(owner_kind=OWNER, owner_id=task.pk, purpose=DUE)
    return rows.values_list("last_day", flat=True).first()


def set_chase(task: Task, now: datetime) -> Deadline:
    """Set when the next reminder goes out."""
    rule = DeadlineRule(PeriodUnit.WORKING_DAYS, CHASE_WORKING_DAYS, "reminded", rolls=False)
    return deadlines.set_deadline(OWNER, task.pk, CHASE, rule=rule, started_at=now, handler=HANDLER)


def is_still_to_come(task: Task, instance: Instance, now: datetime) -> bool:
    """Whether the rule by itself, as the days are known now, yields today or a later day."""
    start, rule = _anchor(task, instance), _rule(task)
    if rule is None or start is None:
        return False
    return compute(rule, start, calendar.day_table()).last_day >= legal_day(now)


def _rule(task: Task) -> DeadlineRule | None:
    if task.due_days is None:
        return None
    unit = PeriodUnit.WORKING_DAYS if task.due_working else PeriodUnit.CALENDAR_DAYS
    return DeadlineRule(unit, task.due_days, task.due_anchor, rolls=False)


def _anchor(task: Task, instance: Instance) -> datetime | None:
    if task.due_anchor == LAST_DAY:
        return start_of_legal_day(instance.last_day) if instance.last_day else None
    return instance.arrival if task.due_anchor == ARRIVAL else task.opened_at
