"""Statutory retirement age, raised step by step since 2025."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from guiyan.kernel.calendar import add_months
from guiyan.kernel.results import Computed
from guiyan.law.citations import Cite
from guiyan.law.parameters import Parameters
from guiyan.law.trail import Trail

RET_1 = Cite("RET", 1)


class RetirementCategory(StrEnum):
    """Men (60), women whose age was 55, women whose age was 50. A woman's former age must be known, not guessed."""

    M60 = "M60"
    F55 = "F55"
    F50 = "F50"


@dataclass(frozen=True, slots=True)
class Birth:
    """The category and any day of the month of birth."""

    category: RetirementCategory
    month: date


@dataclass(frozen=True, slots=True)
class LongService:
    """Category, day of birth, first day of continuous work here, and the day on which it is asked."""

    category: RetirementCategory
    born_on: date
    hire_date: date
    on: date


@dataclass(frozen=True, slots=True)
class Seniority:
    """Whether 15 years here are full, whether less than five years remain, and the day of retirement."""

    fifteen_years: bool
    within_five_years: bool
    retires_on: date

    @property
    def protected(self) -> bool:
        """Whether Art. 42(5) protects."""
        return self.fifteen_years and self.within_five_years


@dataclass(frozen=True, slots=True)
class Retirement:
    """The month of retirement (its first day), the age in years and months, and the delay in months."""

    month: date
    age_years: int
    age_months: int
    delay_months: int


def retirement_month(facts: Birth, *, as_of: date, region: str | None, params: Parameters) -> Computed[Retirement]:
    """国务院关于渐进式延迟法定退休年龄的办法, Art. 1: the statutory month of retirement by month of birth.

    One month later for every four months of birth (two for women whose age was 50) from the first month concerned.
    """
    trail = Trail(as_of=as_of, region=region, params=params)
    return trail.computed(_retirement(facts, trail))


def _retirement(facts: Birth, trail: Trail) -> Retirement:
    year, month, step, longest, age = (int(cell) for cell in trail.table(f"retirement.{facts.category.value}")[0])
    since = (facts.month.year - year) * 12 + facts.month.month - month
    delay = 0 if since < 0 else min(longest, since // step + 1)
    retire = add_months(facts.month.replace(day=1), age * 12 + delay)
    trail.say(
        f"原退休年龄{age}周岁，延迟{delay}个月：{retire.year}年{retire.month}月。",
        f"Formerly {age}, delayed by {delay} months: {retire:%Y-%m}.",
        RET_1,
        value=f"{retire:%Y-%m}",
    )
    return Retirement(retire, age + delay // 12, delay % 12, delay)


def seniority(facts: LongService, *, as_of: date, region: str | None, params: Parameters) -> Computed[Seniority]:
    """Labour Contract Law, Art. 42(5): 15 years here without a break, and less than five to the retirement age.

    The age is the raised one of 2025: the old ages would protect people whom the law no longer protects.
    """
    trail = Trail(as_of=as_of, region=region, params=params)
    age = _retirement(Birth(facts.category, facts.born_on), trail)
    retires_on = add_months(facts.born_on, age.age_years * 12 + age.age_months)
    full = add_months(facts.hire_date, 15 * 12) - timedelta(days=1) <= facts.on
    near = facts.on < retires_on < add_months(facts.on, 5 * 12)
    left = "不足五年" if near else "在五年以上，或者已经达到"
    trail.say(
        f"连续工作{'已' if full else '未'}满十五年，距法定退休年龄{left}。",
        f"15 years are {'' if full else 'not '}full; retirement is {'' if near else 'not '}within five years.",
        Cite("LCL", 42, item=5),
        value=retires_on.isoformat(),
    )
    return trail.computed(Seniority(full, near, retires_on))
