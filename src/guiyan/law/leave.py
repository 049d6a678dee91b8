"""Paid annual leave: entitlement, the first year with an employer, and what is due at exit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, Decimal

from guiyan.kernel.money import payable
from guiyan.kernel.results import Computed, Finding
from guiyan.kernel.service import calendar_days
from guiyan.law.citations import Cite
from guiyan.law.parameters import Parameters
from guiyan.law.trail import Trail

AL_3 = Cite("AL", 3)
ALR_5 = Cite("ALR", 5)
ALR_10 = Cite("ALR", 10)
ALR_11 = Cite("ALR", 11)
ALR_12 = Cite("ALR", 12)
DAYS_OF_YEAR = 365
"""The measures divide by 365 in every year, leap years too (Arts. 5 and 12)."""


@dataclass(frozen=True, slots=True)
class LeaveExit:
    """First and last day with the employer, days of entitlement a year, days taken this year, and the average monthly
    wage of the last 12 months without overtime, in yuan (None: not known)."""

    first_day: date
    last_day: date
    entitlement: Decimal
    taken: Decimal
    avg12_excl_ot: Decimal | None

    def __post_init__(self) -> None:
        if self.entitlement < 0 or self.taken < 0:
            raise ValueError("days of leave cannot be negative")


@dataclass(frozen=True, slots=True)
class LeaveDue:
    """Calendar days of this year with the employer, whole days of leave not taken, and the extra pay in yuan."""

    calendar_days: int
    unused_days: int
    extra_pay: Decimal | None


@dataclass(frozen=True, slots=True)
class NewHire:
    """The first day with the employer and the days of entitlement a year."""

    start: date
    entitlement: Decimal


@dataclass(frozen=True, slots=True)
class NewHireLeave:
    """Calendar days left in the year from the first day, and whole days of leave."""

    remaining_days: int
    days: int


def annual_leave_days(
    cumulative_years: Decimal, *, as_of: date, region: str | None, params: Parameters
) -> Computed[int]:
    """Regulations on Paid Annual Leave, Art. 3: days a year by cumulative work, with any employer.

    Raises ValueError for negative years.
    """
    if cumulative_years < 0:
        raise ValueError("years of work cannot be negative")
    trail = Trail(as_of=as_of, region=region, params=params)
    rows = trail.table("annual_leave.days")
    days = int(max(row for row in rows if cumulative_years >= row[0])[1])
    trail.say(
        f"累计工作{cumulative_years}年（含其他单位）：{days}天。",
        f"{cumulative_years} years of work with any employer: {days} days.",
        AL_3,
        value=str(days),
    )
    return trail.computed(days)


def new_hire_leave(facts: NewHire, *, as_of: date, region: str | None, params: Parameters) -> Computed[NewHireLeave]:
    """Measures on Paid Annual Leave, Art. 5: leave in the year of hire by the days left; part days are dropped."""
    trail = Trail(as_of=as_of, region=region, params=params)
    remaining = calendar_days(facts.start, date(facts.start.year, 12, 31))
    days = int((Decimal(remaining) * facts.entitlement / DAYS_OF_YEAR).to_integral_value(rounding=ROUND_FLOOR))
    trail.say(
        f"当年剩余{remaining}天÷365×{facts.entitlement}天，不足一天的不计：{days}天。",
        f"{remaining} days left / 365 × {facts.entitlement}, part days dropped: {days}.",
        ALR_5,
        value=str(days),
    )
    return trail.computed(NewHireLeave(remaining, days))


def leave_at_exit(
    facts: LeaveExit, *, as_of: date, region: str | None, params: Parameters
) -> Computed[LeaveDue] | Finding[LeaveDue]:
    """Measures on Paid Annual Leave, Arts. 10 to 12: whole days earned this year and not taken, and their extra pay.

    The pay is 200 per cent of the daily wage beside the wage already paid. Leave taken beyond is never taken back.
    INDETERMINATE when days are left and the average wage is not known; the days are known all the same.
    """
    trail = Trail(as_of=as_of, region=region, params=params)
    this_year = max(facts.first_day, date(facts.last_day.year, 1, 1))
    passed = calendar_days(this_year, facts.last_day)
    earned = Decimal(passed) * facts.entitlement / DAYS_OF_YEAR
    unused = max(0, int((earned - facts.taken).to_integral_value(rounding=ROUND_FLOOR)))
    trail.say(
        f"当年已过{passed}天÷365×{facts.entitlement}天－已休{facts.taken}天，不足一天的不计：{unused}天。",
        f"{passed} days / 365 × {facts.entitlement} less {facts.taken} taken, part days dropped: {unused}.",
        ALR_12,
        value=str(unused),
    )
    if facts.avg12_excl_ot is None:
        if unused:
            trail.lacks(
                "avg12_excl_ot",
                "剔除加班工资后，前十二个月的月平均工资是多少？",
                "What was the average monthly wage of the last 12 months without overtime?",
            )
        return trail.answer(LeaveDue(passed, unused, None if unused else payable(Decimal(0))))
    multiple = trail.figure("annual_leave.extra_pay_multiple")
    extra = payable(facts.avg12_excl_ot * unused * multiple / trail.figure("wage.pay_days_month"))
    trail.say(
        f"日工资＝{facts.avg12_excl_ot}元÷21.75；另付{multiple}倍：{extra}元。",
        f"Daily wage = {facts.avg12_excl_ot} / 21.75; {multiple} times it in addition: {extra}.",
        ALR_10,
        ALR_11,
        value=str(extra),
    )
    return trail.computed(LeaveDue(passed, unused, extra))
