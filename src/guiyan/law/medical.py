"""The medical period of an employee who is ill or hurt outside work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from guiyan.kernel.results import Computed, Confidence
from guiyan.law.citations import Cite
from guiyan.law.parameters import Parameters
from guiyan.law.trail import Trail

MED_3 = Cite("MED", 3)
MED_4 = Cite("MED", 4)


@dataclass(frozen=True, slots=True)
class WorkYears:
    """Years of work in all, and with this employer."""

    total: Decimal
    here: Decimal

    def __post_init__(self) -> None:
        if self.here < 0 or self.total < self.here:
            raise ValueError("years with this employer cannot be negative or more than years of work in all")


@dataclass(frozen=True, slots=True)
class MedicalPeriod:
    """Months of medical period, and the window of months in which sick leave is added up."""

    months: int
    window_months: int


def medical_period(facts: WorkYears, *, as_of: date, region: str | None, params: Parameters) -> Computed[MedicalPeriod]:
    """劳部发〔1994〕479号, Arts. 3 and 4: by years of work in all and here. Where two rows meet the longer holds.

    The national rule: some regions have their own.
    """
    trail = Trail(as_of=as_of, region=region, params=params)
    rows = trail.table("medical_period.months")
    row = max(row for row in rows if facts.total >= row[0] and facts.here >= row[1])
    if any(facts.total == other[0] or facts.here == other[1] for other in rows if other[0] or other[1]):
        trail.doubt(Confidence.PRACTICE)
    period = MedicalPeriod(int(row[2]), int(row[3]))
    trail.say(
        f"实际工作{facts.total}年、本单位{facts.here}年：医疗期{period.months}个月，在{period.window_months}个月内累计病休。",
        f"{facts.total} years in all, {facts.here} here: {period.months} months within {period.window_months}.",
        MED_3,
        MED_4,
        value=str(period.months),
    )
    return trail.computed(period)
