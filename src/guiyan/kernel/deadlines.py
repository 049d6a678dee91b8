"""A deadline is a rule and the moment computed from it, so that it can be computed again when the calendar changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from guiyan.kernel.calendar import (
    COUNT_LIMIT,
    CountedDay,
    DayTable,
    add_months,
    add_working_days,
    end_of_legal_day,
    legal_day,
    roll_forward,
)


class PeriodUnit(StrEnum):
    """What a period is counted in."""

    CALENDAR_DAYS = "calendar_days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"


@dataclass(frozen=True, slots=True)
class DeadlineRule:
    """How a deadline is found: `count` units after the day of `start_event`, which is itself not counted.

    A negative count goes back ("two working days before the last day"), none is the day of the event itself, worked or
    not. `rolls`: a last day that is a day off moves to the first working day after it (Civil Code, Art. 203). A period
    of working days ends on a working day and has nothing to roll; one counted back does not roll either, because that
    could carry it past the day it is to come before. Raises ValueError for more than COUNT_LIMIT units.
    """

    unit: PeriodUnit
    count: int
    start_event: str
    rolls: bool

    def __post_init__(self) -> None:
        if abs(self.count) > COUNT_LIMIT:
            raise ValueError(f"a deadline counts at most {COUNT_LIMIT} units, not {self.count}")
        if self.rolls and self.count < 0:
            raise ValueError("a deadline that is counted back does not roll forward")


@dataclass(frozen=True, slots=True)
class Deadline:
    """A computed deadline. What is done before `ends_at` (24:00 of `last_day` in Asia/Shanghai) is in time.

    `not_before` is the day it does not come before, whatever the rule yields; None for no such day.
    """

    rule: DeadlineRule
    started_at: datetime
    last_day: date
    ends_at: datetime
    provisional: bool
    not_before: date | None = None

    def is_over(self, now: datetime) -> bool:
        return now >= self.ends_at


@dataclass(frozen=True, slots=True)
class Moved:
    """What a changed calendar did to a deadline; the two are equal when it did nothing."""

    before: Deadline
    after: Deadline

    @property
    def moved(self) -> bool:
        return self.before.last_day != self.after.last_day

    @property
    def changed(self) -> bool:
        return self.before != self.after


def compute(rule: DeadlineRule, started_at: datetime, table: DayTable, *, not_before: date | None = None) -> Deadline:
    """The deadline that follows from the rule, on `not_before` where the rule yields an earlier day.

    `started_at` is aware. Raises ValueError for a naive moment.
    """
    counted = _last_day(rule, legal_day(started_at), table)
    last = counted.day if not_before is None else max(counted.day, not_before)
    return Deadline(rule, started_at, last, end_of_legal_day(last), counted.provisional, not_before)


def recompute(deadline: Deadline, table: DayTable) -> Moved:
    """The same deadline under another table: what was true before, and what is true now."""
    return Moved(deadline, compute(deadline.rule, deadline.started_at, table, not_before=deadline.not_before))


def _last_day(rule: DeadlineRule, start: date, table: DayTable) -> CountedDay:
    if rule.unit is PeriodUnit.WORKING_DAYS:
        return add_working_days(start, rule.count, table)
    by_month = rule.unit is PeriodUnit.MONTHS
    last = add_months(start, rule.count) if by_month else start + timedelta(days=rule.count)
    return roll_forward(last, table) if rule.rolls else CountedDay(last, provisional=False)
