"""The average monthly wage on which severance is computed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from guiyan.kernel.money import payable
from guiyan.kernel.results import Computed, Confidence
from guiyan.law.citations import Cite
from guiyan.law.parameters import Parameters
from guiyan.law.trail import Trail

IR_27 = Cite("IR", 27)
MONTHS = 12


@dataclass(frozen=True, slots=True)
class MonthlyPay:
    """What was due for each of the last months, 1 to 12, in yuan: wages, bonuses, allowances, subsidies, before tax."""

    amounts: tuple[Decimal, ...]

    def __post_init__(self) -> None:
        if not 1 <= len(self.amounts) <= MONTHS or any(amount < 0 for amount in self.amounts):
            raise ValueError("the pay of 1 to 12 months is needed, none of it negative")


@dataclass(frozen=True, slots=True)
class PayItems:
    """Monthly base, allowances and bonus, and the annual bonus paid within the last 12 months, in yuan."""

    base: Decimal
    allowance: Decimal
    monthly_bonus: Decimal
    annual_bonus: Decimal

    def __post_init__(self) -> None:
        if min(self.base, self.allowance, self.monthly_bonus, self.annual_bonus) < 0:
            raise ValueError("pay cannot be negative")


def average_pay(facts: MonthlyPay, *, as_of: date, region: str | None, params: Parameters) -> Computed[Decimal]:
    """Implementing Regulations, Art. 27: the average of the 12 months before the ending, in yuan.

    Fewer months of work are averaged over those months.
    """
    trail = Trail(as_of=as_of, region=region, params=params)
    average = payable(sum(facts.amounts, Decimal(0)) / len(facts.amounts))
    trail.say(
        f"{len(facts.amounts)}个月应得工资的平均数：{average}元。",
        f"The average of what was due in {len(facts.amounts)} months: {average}.",
        IR_27,
        value=str(average),
    )
    return trail.computed(average)


def average_of_items(facts: PayItems, *, as_of: date, region: str | None, params: Parameters) -> Computed[Decimal]:
    """Implementing Regulations, Art. 27: all money pay counts; an annual bonus is spread over 12 months. In yuan.

    Spreading the bonus is a court's reading; overtime counts in some places and not in others.
    """
    trail = Trail(as_of=as_of, region=region, params=params)
    average = payable(facts.base + facts.allowance + facts.monthly_bonus + facts.annual_bonus / MONTHS)
    trail.say(
        f"工资、奖金、津贴和补贴等货币性收入均计入，年终奖按十二个月分摊：{average}元。",
        f"All money pay counts, an annual bonus by twelfths: {average}.",
        IR_27,
        value=str(average),
    )
    if facts.annual_bonus:
        trail.doubt(Confidence.LOCAL)
    return trail.computed(average)
