"""When a task is due. The moment lives in a deadline of the platform; here is how a diagram's rule becomes one.

A period counted on from its start is such a deadline as it stands, and moves with the calendar. One that ends on the
last working day, or some days before it, is found by counting back; its day is then given to the deadline as found.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from guiyan.kernel.calendar import CountedDay, add_working_days, legal_day, start_of_legal_day
from guiyan.kernel.deadlines import DeadlineRule, PeriodUnit
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
_DAY = timedelta(days=1)


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
    start = _anchor(task, instance)
    if task.due_days is None or start is None:
        deadlines.drop(OWNER, task.pk, DUE, now=now)
        return None
    counted, today = _counted(task.due_working, task.due_days, legal_day(start)), legal_day(now)
    if task.due_days > 0 and counted.day >= today:
        unit = PeriodUnit.WORKING_DAYS if task.due_working else PeriodUnit.CALENDAR_DAYS
        rule, found_back = DeadlineRule(unit, task.due_days, task.due_anchor, rolls=False), False
    else:
        rule, found_back = DeadlineRule(PeriodUnit.CALENDAR_DAYS, 1, task.due_anchor, rolls=False), counted.provisional
        start = start_of_legal_day(max(counted.day, today) - _DAY)
    if task.due_provisional != found_back:
        task.due_provisional = found_back
        task.save(update_fields=["due_provisional"])
    return deadlines.set_deadline(OWNER, task.pk, DUE, rule=rule, started_at=start, handler=HANDLER)


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
    start = _anchor(task, instance)
    if task.due_days is None or start is None:
        return False
    return _counted(task.due_working, task.due_days, legal_day(start)).day >= legal_day(now)


def is_counted_back(task: Task) -> bool:
    """Whether the task's day was found by counting working days back, which no deadline row can do anew by itself."""
    return task.due_days is not None and task.due_working and task.due_days < 0


def _anchor(task: Task, instance: Instance) -> datetime | None:
    if task.due_anchor == LAST_DAY:
        return start_of_legal_day(instance.last_day) if instance.last_day else None
    return instance.arrival if task.due_anchor == ARRIVAL else task.opened_at


def _counted(working: bool, days: int, start: date) -> CountedDay:
    if working:
        return add_working_days(start, days, calendar.day_table())
    return CountedDay(start + timedelta(days=days), provisional=False)
