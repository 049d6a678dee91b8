"""Limits of overtime and the working days of a year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from guiyan.kernel.money import payable
from guiyan.kernel.results import Computed, Finding, Verdict
from guiyan.law.citations import Cite
from guiyan.law.parameters import Parameters
from guiyan.law.trail import Trail

LL_41 = Cite("LL", 41)
DAYS_OF_YEAR, REST_DAYS, MONTHS = 365, 104, 12


@dataclass(frozen=True, slots=True)
class OvertimeHours:
    """Hours of overtime in a month, and the most on one day of it (None: not known)."""

    month_hours: Decimal | None
    day_hours: Decimal | None


@dataclass(frozen=True, slots=True)
class OvertimeLimits:
    """The limits in hours, and which of the two is passed."""

    month_cap_h: Decimal
    day_cap_h: Decimal
    month_passed: bool | None
    day_passed: bool | None


@dataclass(frozen=True, slots=True)
class YearOfWork:
    """The number of statutory holidays in a year."""

    statutory_holidays: int


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """Working days of the year and of an average month, and the paid days of a month."""

    annual_workdays: int
    monthly_workdays: Decimal
    pay_days: Decimal


def overtime_limits(
    facts: OvertimeHours, *, as_of: date, region: str | None, params: Parameters
) -> Finding[OvertimeLimits]:
    """Labour Law, Art. 41: three hours a day at most, for special reasons, and 36 a month. Consent does not lift it."""
    trail = Trail(as_of=as_of, region=region, params=params)
    month, day = trail.figure("overtime.hours_month_max"), trail.figure("overtime.hours_day_max")
    passed: list[bool | None] = []
    for fact, hours, cap, zh, en in (
        ("month_hours", facts.month_hours, month, "每月", "a month"),
        ("day_hours", facts.day_hours, day, "每日", "a day"),
    ):
        if hours is None:
            trail.lacks(fact, f"{zh}延长工作多少小时？", f"How many hours of overtime {en}?")
            passed.append(None)
            continue
        passed.append(hours > cap)
        over = "超过" if hours > cap else "未超过"
        trail.say(
            f"{zh}{hours}小时，{over}上限{cap}小时。",
            f"{hours} hours {en}: {'over' if hours > cap else 'within'} the limit of {cap}.",
            LL_41,
        )
    limits = OvertimeLimits(month, day, passed[0], passed[1])
    broken = any(passed)
    return trail.finding(Verdict.PROHIBITED if broken else Verdict.ALLOWED, limits, certain=broken)


def working_days(facts: YearOfWork, *, as_of: date, region: str | None, params: Parameters) -> Computed[WorkingDays]:
    """人社部发〔2025〕2号: working days of a year without rest days and holidays; pay counts 21.75 days a month."""
    trail = Trail(as_of=as_of, region=region, params=params)
    year = DAYS_OF_YEAR - REST_DAYS - facts.statutory_holidays
    month = payable(Decimal(year) / MONTHS)
    trail.say(
        f"365天－休息日104天－法定节假日{facts.statutory_holidays}天＝{year}天，月平均{month}天。",
        f"365 − 104 rest days − {facts.statutory_holidays} holidays = {year} days, {month} a month.",
        Cite("HRS25"),
        value=str(year),
    )
    return trail.computed(WorkingDays(year, month, trail.figure("wage.pay_days_month")))
