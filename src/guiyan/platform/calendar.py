"""The employer's working calendar: the national table and what was entered here, under every deadline."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from guiyan.kernel.calendar import DayKind, DayTable
from guiyan.kernel.holidays import national_day_table
from guiyan.platform.models import CalendarDay, CalendarYear


@dataclass(frozen=True)
class EnteredDay:
    """A day as it was entered: what it is, what it is called, who says so."""

    day: date
    kind: DayKind
    name: str
    source: str
    entered_at: datetime


def day_table() -> DayTable:
    """Return the table that counts for this employer now."""
    days = {row.day: DayKind(row.kind) for row in CalendarDay.objects.all()}
    years = CalendarYear.objects.values_list("year", flat=True)
    return national_day_table().amended(days, years)


@cache
def national_sha256() -> str:
    """Return the digest (hex) of the built-in national calendar: another release may know one more year."""
    table = national_day_table()
    days = [f"{day} {kind.value}" for day, kind in sorted(table.overrides.items())]
    return hashlib.sha256("\n".join([*days, *map(str, sorted(table.published_years))]).encode()).hexdigest()


def entered_days(year: int) -> list[EnteredDay]:
    """Return the days entered for a year, in order."""
    rows: Iterable[CalendarDay] = CalendarDay.objects.filter(day__year=year).order_by("day")
    return [EnteredDay(row.day, DayKind(row.kind), row.name, row.source, row.entered_at) for row in rows]
