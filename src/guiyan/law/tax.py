"""Individual income tax on severance and by cumulative withholding."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from guiyan.kernel.money import payable
from guiyan.kernel.results import Computed
from guiyan.law.citations import Cite
from guiyan.law.parameters import Parameters
from guiyan.law.trail import Trail

TAX164_5 = Cite("TAX164", 5, item=1)
IIT_3 = Cite("IIT", 3)
IIT_6 = Cite("IIT", 6)
TAX61_6 = Cite("TAX61", 6)

MONTHS_OF_YEAR = 12


@dataclass(frozen=True, slots=True)
class SeveranceTaxFacts:
    """The lump sum and the local average wage of the year before, both in yuan; the average is annual."""

    lump_sum: Decimal
    local_avg_annual: Decimal

    def __post_init__(self) -> None:
        if self.lump_sum < 0:
            raise ValueError("amounts cannot be negative")
        if self.local_avg_annual <= 0:
            raise ValueError("the local average wage (local_avg_annual) must be more than zero")


@dataclass(frozen=True, slots=True)
class SeveranceTax:
    """The taxable part, the tax and what remains of the lump sum, in yuan."""

    taxable: Decimal
    tax: Decimal
    net: Decimal


@dataclass(frozen=True, slots=True)
class PayMonth:
    """A month's wage, own social contributions and special deductions, in yuan."""

    gross: Decimal
    si: Decimal
    special: Decimal


@dataclass(frozen=True, slots=True)
class Resettlement:
    """The lump sum for resettlement, in yuan."""

    amount: Decimal

    def __post_init__(self) -> None:
        if self.amount < 0:
            raise ValueError("amounts cannot be negative")


def severance_tax(
    facts: SeveranceTaxFacts, *, as_of: date, region: str | None, params: Parameters
) -> Computed[SeveranceTax]:
    """财税〔2018〕164号, 5(1): three annual averages are exempt; the rest is taxed by itself on the annual table."""
    trail = Trail(as_of=as_of, region=region, params=params)
    exempt = facts.local_avg_annual * trail.figure("tax.severance_exempt_multiple")
    taxable = max(Decimal(0), facts.lump_sum - exempt)
    trail.say(
        f"免税额为当地上年职工年平均工资三倍{payable(exempt)}元，应税{payable(taxable)}元。",
        f"Three annual averages, {payable(exempt)}, are exempt; {payable(taxable)} is taxable.",
        TAX164_5,
        value=str(payable(taxable)),
    )
    tax = payable(_annual_tax(taxable, trail))
    trail.say(
        f"单独适用综合所得税率表：税额{tax}元。", f"Taxed by itself on the annual table: {tax}.", IIT_3, value=str(tax)
    )
    return trail.computed(SeveranceTax(payable(taxable), tax, payable(facts.lump_sum) - tax))


def bankruptcy_resettlement_tax(
    facts: Resettlement, *, as_of: date, region: str | None, params: Parameters
) -> Computed[Decimal]:
    """财税〔2001〕157号, 3: the resettlement that a bankrupt enterprise pays once is exempt. The tax, in yuan."""
    trail = Trail(as_of=as_of, region=region, params=params)
    tax = payable(Decimal(0))
    trail.say(
        f"破产企业的一次性安置费{facts.amount}元，免征个人所得税。",
        f"The resettlement of {facts.amount} paid by a bankrupt enterprise is exempt.",
        Cite("TAX157", 3),
        value=str(tax),
    )
    return trail.computed(tax)


def cumulative_withholding(
    months: tuple[PayMonth, ...], *, as_of: date, region: str | None, params: Parameters
) -> Computed[tuple[Decimal, ...]]:
    """公告2018年第61号, Art. 6: tax withheld in each month from January or the month of hire on, in yuan.

    Never negative: what was withheld too much is refunded at the annual settlement. Raises ValueError unless there are
    1 to 12 months: the count starts anew with each year.
    """
    if not 1 <= len(months) <= MONTHS_OF_YEAR:
        raise ValueError(f"months must be the 1 to 12 months of one year, not {len(months)}")
    trail = Trail(as_of=as_of, region=region, params=params)
    basic = trail.figure("tax.basic_deduction_month")
    taxable, paid, withheld = Decimal(0), Decimal(0), []
    for number, month in enumerate(months, start=1):
        taxable += month.gross - month.si - month.special - basic
        tax = max(Decimal(0), payable(_annual_tax(max(Decimal(0), taxable), trail)) - paid)
        trail.say(
            f"第{number}个月：累计应纳税所得额{payable(taxable)}元，本月预扣{tax}元。",
            f"Month {number}: {payable(taxable)} taxable so far, {tax} withheld.",
            TAX61_6,
            IIT_6,
            value=str(tax),
        )
        paid += tax
        withheld.append(tax)
    return trail.computed(tuple(withheld))


def _annual_tax(taxable: Decimal, trail: Trail) -> Decimal:
    """Tax on the annual table, not rounded: rate times income less the quick deduction."""
    rows = [row for row in trail.table("tax.annual_table") if taxable > row[0]]
    return taxable * rows[-1][1] - rows[-1][2] if rows else Decimal(0)
