"""The national day table: announced days off and make-up days, and the holidays that law fixes in advance.

Announced years come from the package `chinesecalendar`, which transcribes the yearly notices of the General Office of
the State Council. Which days off are holidays of all citizens follows from 全国年节及纪念日放假办法: 11 days since 2008
(until 2013 with the lunar year's eve in place of its third day), 13 days since 2025-01-01 (国务院令第795号).
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import chinese_calendar

from guiyan.kernel.calendar import DayKind, DayTable

FIRST_YEAR = 2008
"""Before 2008 other rules held (令第270号 of 1999); no period that the product counts reaches back so far."""

LUNAR_DAYS: dict[int, tuple[str, str, str]] = {
    2008: ("02-07", "06-08", "09-14"),
    2009: ("01-26", "05-28", "10-03"),
    2010: ("02-14", "06-16", "09-22"),
    2011: ("02-03", "06-06", "09-12"),
    2012: ("01-23", "06-23", "09-30"),
    2013: ("02-10", "06-12", "09-19"),
    2014: ("01-31", "06-02", "09-08"),
    2015: ("02-19", "06-20", "09-27"),
    2016: ("02-08", "06-09", "09-15"),
    2017: ("01-28", "05-30", "10-04"),
    2018: ("02-16", "06-18", "09-24"),
    2019: ("02-05", "06-07", "09-13"),
    2020: ("01-25", "06-25", "10-01"),
    2021: ("02-12", "06-14", "09-21"),
    2022: ("02-01", "06-03", "09-10"),
    2023: ("01-22", "06-22", "09-29"),
    2024: ("02-10", "06-10", "09-17"),
    2025: ("01-29", "05-31", "10-06"),
    2026: ("02-17", "06-19", "09-25"),
    2027: ("02-06", "06-09", "09-15"),
    2028: ("01-26", "05-28", "10-03"),
    2029: ("02-13", "06-16", "09-22"),
    2030: ("02-03", "06-05", "09-12"),
}
"""First day of the lunar year, Dragon Boat (5/5) and Mid-Autumn (8/15), by Gregorian year (calendar of GB/T 33661)."""


def statutory_holidays(year: int) -> frozenset[date]:
    """The holidays of all citizens in a year that LUNAR_DAYS covers. Raises KeyError for another year."""
    spring, dragon_boat, mid_autumn = (date.fromisoformat(f"{year}-{day}") for day in LUNAR_DAYS[year])
    days = {date(year, 1, 1), qingming(year), date(year, 5, 1), dragon_boat, mid_autumn}
    days |= {date(year, 10, day) for day in (1, 2, 3)}
    with_eve, until_third = not 2014 <= year <= 2024, year >= 2014
    days |= {spring + timedelta(days=n) for n in range(-1 if with_eve else 0, 3 if until_third else 2)}
    return frozenset(days | ({date(year, 5, 2)} if year >= 2025 else set()))


def qingming(year: int) -> date:
    """Tomb-Sweeping Day, the solar term Qingming; exact for 2001 to 2099 (the usual linear formula, in integers)."""
    short = year % 100
    return date(year, 4, (short * 2422 + 48100) // 10000 - short // 4)


@cache
def national_day_table() -> DayTable:
    """The built-in table: announced years in full; later years with weekends and the holidays that law fixes."""
    announced = frozenset(day.year for day in chinese_calendar.workdays if day.year >= FIRST_YEAR)
    days = {day: DayKind.MAKE_UP_DAY for day in chinese_calendar.workdays if day.year in announced}
    for day in chinese_calendar.holidays:
        if day.year in announced:
            days[day] = DayKind.REST_DAY if day.weekday() >= 5 else DayKind.EXCHANGED_REST
    for year in LUNAR_DAYS:
        days.update(dict.fromkeys(statutory_holidays(year), DayKind.STATUTORY_HOLIDAY))
    return DayTable(days, announced)
