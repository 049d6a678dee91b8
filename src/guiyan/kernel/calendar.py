"""The working calendar: civil days in Asia/Shanghai, working days and make-up days (调休), the Civil Code's counting.

A `DayTable` is immutable and says of each day what it is. Days it does not name follow the week and the holidays that
have a fixed date. The exchange of weekends for holidays is announced for one year at a time: whatever was read from a
year not yet announced is marked provisional and is computed again when the year is published.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)
COUNT_LIMIT = 10_000
"""No rule of labour law counts more days than this; a larger count is a mistake."""
SHORTEST_MONTH = 28
NON_WORKING_RUN_LIMIT = 60
"""No holiday is longer than this; a table in which one is has no working days."""
NEW_YEAR_EXCHANGE_FROM_DAY = 26
"""Announcements of a year have moved working days as early as 29 December of the year before."""


class DayKind(StrEnum):
    """What a civil day is."""

    WORKING_DAY = "working_day"
    MAKE_UP_DAY = "make_up_day"
    """A weekend day worked in exchange for a day off (调休上班)."""
    REST_DAY = "rest_day"
    """An ordinary weekend day."""
    EXCHANGED_REST = "exchanged_rest"
    """A weekday off in exchange for a weekend day worked (调休放假)."""
    STATUTORY_HOLIDAY = "statutory_holiday"
    """A holiday of all citizens (国务院令第795号 and its forerunners): the day that earns 300 per cent."""

    @property
    def works(self) -> bool:
        return self in {DayKind.WORKING_DAY, DayKind.MAKE_UP_DAY}


@dataclass(frozen=True, slots=True)
class CountedDay:
    """A day that was found by counting. `provisional`: a year not yet announced was consulted on the way."""

    day: date
    provisional: bool


@dataclass(frozen=True, slots=True)
class CountedDays:
    """A number of working days. `provisional`: a year not yet announced was consulted on the way."""

    days: int
    provisional: bool


@dataclass(frozen=True, slots=True)
class DayTable:
    """What each day is: `overrides` names the days that differ from the week, `published_years` the announced years."""

    overrides: Mapping[date, DayKind] = field(hash=False)
    published_years: frozenset[int]

    def __post_init__(self) -> None:
        object.__setattr__(self, "overrides", MappingProxyType(dict(self.overrides)))
        object.__setattr__(self, "published_years", frozenset(self.published_years))

    def kind(self, day: date) -> DayKind:
        """What the day is: as the table says, else a fixed-date holiday, else by the week."""
        named = self.overrides.get(day)
        if named is not None:
            return named
        if _is_fixed_holiday(day):
            return DayKind.STATUTORY_HOLIDAY
        return DayKind.REST_DAY if day.weekday() >= 5 else DayKind.WORKING_DAY

    def is_provisional(self, day: date) -> bool:
        """Whether an announcement still to come may change what the day is."""
        if day.year not in self.published_years:
            return True
        new_year_exchange = day.month == 12 and day.day >= NEW_YEAR_EXCHANGE_FROM_DAY
        return new_year_exchange and day.year + 1 not in self.published_years

    def amended(self, days: Mapping[date, DayKind], published_years: Iterable[int] = ()) -> DayTable:
        """A new table with further days named (the later word wins) and further years published."""
        return DayTable({**self.overrides, **days}, self.published_years | frozenset(published_years))


def _is_fixed_holiday(day: date) -> bool:
    if (day.month, day.day) in {(1, 1), (5, 1), (10, 1), (10, 2), (10, 3)}:
        return True
    return (day.month, day.day) == (5, 2) and day.year >= 2025


def is_working_day(day: date, table: DayTable) -> bool:
    """Whether people work on the day: a weekday that is not off, or a make-up day."""
    return table.kind(day).works


def add_working_days(start: date, days: int, table: DayTable) -> CountedDay:
    """The `days`-th working day after `start`; the day of the start is not counted (Civil Code, Art. 201).

    A negative count goes back. Zero days is `start` itself, working or not. Raises ValueError past COUNT_LIMIT days.
    """
    if abs(days) > COUNT_LIMIT:
        raise ValueError(f"a count of {days} working days is a mistake")
    step = DAY if days > 0 else -DAY
    day, left, idle, provisional = start, abs(days), 0, False
    while left:
        day += step
        provisional = provisional or table.is_provisional(day)
        if is_working_day(day, table):
            left, idle = left - 1, 0
        else:
            idle = _one_more_idle_day(idle, day)
    return CountedDay(day, provisional)


def working_days_between(start: date, end: date, table: DayTable) -> CountedDays:
    """How many working days follow `start` up to and including `end`; negative when `end` is earlier.

    It undoes `add_working_days`: counting the result from `start` reaches `end` when `end` is a working day. Counted
    backwards, the days from `end` up to but not including `start` are taken. Raises ValueError past COUNT_LIMIT days.
    """
    if abs((end - start).days) > COUNT_LIMIT:
        raise ValueError(f"from {start} to {end} is too long a period to count")
    if end >= start:
        span = [start + DAY * n for n in range(1, (end - start).days + 1)]
    else:
        span = [end + DAY * n for n in range((start - end).days)]
    count = sum(is_working_day(day, table) for day in span)
    return CountedDays(count if end >= start else -count, any(table.is_provisional(day) for day in span))


def roll_forward(day: date, table: DayTable) -> CountedDay:
    """The day itself if it is worked, else the first working day after it.

    Civil Code, Art. 203: a period whose last day is a statutory day off ends on the day after the days off. Weekends
    count as days off unless they are made up.
    """
    provisional, idle = table.is_provisional(day), 0
    while not is_working_day(day, table):
        day += DAY
        idle = _one_more_idle_day(idle, day)
        provisional = provisional or table.is_provisional(day)
    return CountedDay(day, provisional)


def _one_more_idle_day(idle: int, day: date) -> int:
    if idle >= NON_WORKING_RUN_LIMIT:
        raise ValueError(f"the calendar has no working day in the {NON_WORKING_RUN_LIMIT} days before {day}")
    return idle + 1


def add_months(day: date, months: int) -> date:
    """The corresponding day `months` later (or earlier), else that month's last day (Civil Code, Art. 202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if day.day <= SHORTEST_MONTH:
        return date(year, month + 1, day.day)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def legal_day(moment: datetime) -> date:
    """The civil day in Asia/Shanghai on which the moment falls. Raises ValueError for a naive moment."""
    if moment.utcoffset() is None:
        raise ValueError("a legal day needs an aware moment")
    return moment.astimezone(SHANGHAI).date()


def start_of_legal_day(day: date) -> datetime:
    """The first moment of a civil day in Asia/Shanghai."""
    return datetime.combine(day, time.min, tzinfo=SHANGHAI)


def end_of_legal_day(day: date) -> datetime:
    """The moment at which a civil day in Asia/Shanghai is over: its 24:00 (Civil Code, Art. 203).

    It is the first moment of the next day, which no longer belongs to the period: what is in time was done before it.
    """
    return start_of_legal_day(day + DAY)
