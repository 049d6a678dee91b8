"""Pay for a non-compete whose agreement names none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from guiyan.kernel.money import payable
from guiyan.kernel.results import Computed
from guiyan.law.citations import Cite
from guiyan.law.parameters import Parameters
from guiyan.law.trail import Trail

LCL_24_2 = Cite("LCL", 24, 2)
J1_36 = Cite("J1", 36)


@dataclass(frozen=True, slots=True)
class NonCompeteFacts:
    """The average monthly wage of the last 12 months and the local minimum in yuan, and the months agreed."""

    avg12: Decimal
    agreed_months: int
    min_wage: Decimal

    def __post_init__(self) -> None:
        if self.agreed_months < 1 or self.avg12 < 0 or self.min_wage < 0:
            raise ValueError("a non-compete lasts at least a month, and amounts cannot be negative")


@dataclass(frozen=True, slots=True)
class NonCompetePay:
    """Binding months, the monthly pay rounded, and the total in yuan: unrounded months, or each month rounded."""

    months: int
    monthly: Decimal
    total_unrounded: Decimal
    total_monthly_rounded: Decimal


def noncompete_pay(
    facts: NonCompeteFacts, *, as_of: date, region: str | None, params: Parameters
) -> Computed[NonCompetePay]:
    """Labour Contract Law, Art. 24(2); Interpretation (I), Art. 36: what is due when no pay was agreed.

    Two years at most; 30 per cent of the average wage, not below the minimum wage, for an obligation that was kept.
    """
    trail = Trail(as_of=as_of, region=region, params=params)
    months = min(facts.agreed_months, int(trail.figure("noncompete.months_max")))
    monthly = max(facts.avg12 * trail.figure("noncompete.wage_share_min"), facts.min_wage)
    trail.say(f"期限不超过二年：{months}个月。", f"Two years at most: {months} months.", LCL_24_2, value=str(months))
    trail.say(
        f"月补偿为前十二个月平均工资的30%，不低于最低工资：{payable(monthly)}元。",
        f"Monthly 30% of the average wage, not below the minimum: {payable(monthly)}.",
        J1_36,
        value=str(payable(monthly)),
    )
    return trail.computed(NonCompetePay(months, payable(monthly), payable(monthly * months), payable(monthly) * months))
