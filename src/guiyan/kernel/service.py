"""Length of service: first and last day both count, months and years run from day to day (Civil Code, Art. 202)."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import NamedTuple

from guiyan.kernel.calendar import DAY, add_months


class ServiceLength(NamedTuple):
    """Whole years, further whole months (0 to 11) and days beyond them."""

    years: int
    months: int
    days: int

    @property
    def whole_months(self) -> int:
        return self.years * 12 + self.months


def whole_months(first_day: date, last_day: date) -> int:
    """Whole months from first to last day, both included: 1 January to 31 March are three. 0 when shorter than one."""
    return max(0, _months_before(first_day, last_day + DAY))


def _months_before(first_day: date, after: date) -> int:
    """Months whose end, the corresponding day, has come by the day `after` the last one; negative when none could."""
    months = (after.year - first_day.year) * 12 + after.month - first_day.month
    if after.day < first_day.day and after.day < monthrange(after.year, after.month)[1]:
        return months - 1
    return months


def service_length(first_day: date, last_day: date) -> ServiceLength:
    """The length from first to last day, both included. Raises ValueError when the last day comes before the first."""
    if last_day < first_day:
        raise ValueError(f"service cannot end on {last_day} before it began on {first_day}")
    after = last_day + DAY
    months = _months_before(first_day, after)
    days = (after - add_months(first_day, months)).days
    return ServiceLength(months // 12, months % 12, days)


def calendar_days(first_day: date, last_day: date) -> int:
    """Calendar days from first to last day, both included. Raises ValueError when the last day comes first."""
    if last_day < first_day:
        raise ValueError(f"a period cannot end on {last_day} before it began on {first_day}")
    return (last_day - first_day).days + 1
