"""Wages: overtime, deductions for loss, the surcharge on late social insurance, the double wage without contract."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from guiyan.kernel.calendar import add_months
from guiyan.kernel.money import payable
from guiyan.kernel.results import Computed, Finding
from guiyan.kernel.service import service_length
from guiyan.law.citations import Cite
from guiyan.law.parameters import Parameters
from guiyan.law.trail import Trail

LL_44 = Cite("LL", 44)
HRS25 = Cite("HRS25")
WAGE_16 = Cite("WAGE", 16)
SIL_86 = Cite("SIL", 86)
LCL_82 = Cite("LCL", 82)
IR_6 = Cite("IR", 6)
IR_7 = Cite("IR", 7)
DAY = timedelta(days=1)


def _not_negative(**amounts: Decimal | None) -> None:
    for name, amount in amounts.items():
        if amount is not None and amount < 0:
            raise ValueError(f"{name} cannot be negative")


@dataclass(frozen=True, slots=True)
class OvertimeFacts:
    """The monthly base in yuan and hours worked: on working days, on rest days without time off, on holidays.

    None where nobody has stated the hours of that kind.
    """

    monthly_base: Decimal
    workday_h: Decimal | None
    restday_h_no_comp: Decimal | None
    holiday_h: Decimal | None

    def __post_init__(self) -> None:
        _not_negative(
            monthly_base=self.monthly_base,
            workday_h=self.workday_h,
            restday_h_no_comp=self.restday_h_no_comp,
            holiday_h=self.holiday_h,
        )


@dataclass(frozen=True, slots=True)
class OvertimePay:
    """Overtime pay in yuan for the hours stated, by kind of day, each rounded, and the sum of the three."""

    workday: Decimal
    restday: Decimal
    holiday: Decimal
    total: Decimal


def overtime_pay(
    facts: OvertimeFacts, *, as_of: date, region: str | None, params: Parameters
) -> Computed[OvertimePay] | Finding[OvertimePay]:
    """Labour Law, Art. 44; 人社部发〔2025〕2号: 150, 200 and 300 per cent of the hourly wage (monthly / 21.75 / 8).

    Hours that nobody stated make the answer INDETERMINATE; the amounts are then those for the hours stated.
    """
    trail = Trail(as_of=as_of, region=region, params=params)
    hours_month = trail.figure("wage.pay_days_month") * trail.figure("wage.hours_day")
    trail.say(
        f"小时工资＝{facts.monthly_base}元÷21.75天÷8小时。",
        f"Hourly wage = {facts.monthly_base} / 21.75 days / 8 hours.",
        HRS25,
        value=str(payable(facts.monthly_base / hours_month)),
    )
    lines: list[Decimal] = []
    for fact, zh, en, hours, key in (
        ("workday_h", "工作日延长工作时间", "Working days", facts.workday_h, "overtime.rate_workday"),
        (
            "restday_h_no_comp",
            "休息日工作又不能补休",
            "Rest days without time off",
            facts.restday_h_no_comp,
            "overtime.rate_restday",
        ),
        ("holiday_h", "法定休假日工作", "Statutory holidays", facts.holiday_h, "overtime.rate_holiday"),
    ):
        if hours is None:
            trail.lacks(fact, f"{zh}多少小时？", f"{en}: how many hours?")
            lines.append(payable(Decimal(0)))
            continue
        rate = trail.figure(key)
        line = payable(facts.monthly_base * hours * rate / hours_month)
        trail.say(
            f"{zh}：{hours}小时×{rate}倍＝{line}元。", f"{en}: {hours} h × {rate} = {line}.", LL_44, value=str(line)
        )
        lines.append(line)
    return trail.answer(OvertimePay(lines[0], lines[1], lines[2], sum(lines, Decimal(0))))


@dataclass(frozen=True, slots=True)
class DeductionFacts:
    """The month's wage, the proved loss and the local minimum wage, in yuan."""

    month_wage: Decimal
    loss: Decimal
    min_wage: Decimal

    def __post_init__(self) -> None:
        _not_negative(month_wage=self.month_wage, loss=self.loss, min_wage=self.min_wage)


def deduction_cap(facts: DeductionFacts, *, as_of: date, region: str | None, params: Parameters) -> Computed[Decimal]:
    """Interim Provisions on Payment of Wages, Art. 16: the most that may be deducted in a month for a loss, in yuan.

    It must be agreed in the contract; a fifth of the wage at most, and the rest not below the minimum wage.
    """
    trail = Trail(as_of=as_of, region=region, params=params)
    fifth = facts.month_wage * trail.figure("wage.deduction_share_max")
    above_minimum = max(Decimal(0), facts.month_wage - facts.min_wage)
    most = payable(min(facts.loss, fifth, above_minimum))
    trail.say(
        f"合同有约定的，不超过当月工资20%（{payable(fifth)}元），余额不低于最低工资（可扣{payable(above_minimum)}元）。",
        f"If agreed: at most 20% ({payable(fifth)}), leaving the minimum wage ({payable(above_minimum)}).",
        WAGE_16,
        value=str(most),
    )
    return trail.computed(most)


@dataclass(frozen=True, slots=True)
class LateFeeFacts:
    """The contributions owed in yuan and the days of delay."""

    owed: Decimal
    days: int

    def __post_init__(self) -> None:
        _not_negative(owed=self.owed, days=Decimal(self.days))


def late_fee(facts: LateFeeFacts, *, as_of: date, region: str | None, params: Parameters) -> Computed[Decimal]:
    """Social Insurance Law, Art. 86: 0.05 per cent a day of contributions paid late, in yuan."""
    trail = Trail(as_of=as_of, region=region, params=params)
    fee = payable(facts.owed * facts.days * trail.figure("si.late_fee_daily"))
    trail.say(
        f"欠缴{facts.owed}元×万分之五×{facts.days}天＝{fee}元。",
        f"{facts.owed} owed × 0.05% × {facts.days} days = {fee}.",
        SIL_86,
        value=str(fee),
    )
    return trail.computed(fee)


@dataclass(frozen=True, slots=True)
class UnsignedContractFacts:
    """The day of hire, the day on which a written contract was signed (None: never), the monthly wage in yuan."""

    hire_date: date
    signed_date: date | None
    monthly_wage: Decimal | None


@dataclass(frozen=True, slots=True)
class DoubleWageWindow:
    """First and last day for which a second wage is due (None: none) and its amount for whole months, else None."""

    first_day: date | None
    last_day: date | None
    extra_wage: Decimal | None


def double_wage_window(
    facts: UnsignedContractFacts, *, as_of: date, region: str | None, params: Parameters
) -> Computed[DoubleWageWindow] | Finding[DoubleWageWindow]:
    """Labour Contract Law, Art. 82; Implementing Regulations, Arts. 6 and 7: from the second month to the first year's
    end or the day before signing. Months are counted from the day of hire, so a full window has eleven. A part of a
    month has no settled divisor, so no amount is given for it; whole months without a wage are INDETERMINATE.
    """
    trail = Trail(as_of=as_of, region=region, params=params)
    first, year_end = add_months(facts.hire_date, 1), add_months(facts.hire_date, 12) - DAY
    last = year_end if facts.signed_date is None else min(year_end, facts.signed_date - DAY)
    if last < first:
        trail.say(
            "一个月内已订立书面合同，不付二倍工资。", "Signed within a month: no second wage.", LCL_82, value="0.00"
        )
        return trail.computed(DoubleWageWindow(None, None, payable(Decimal(0))))
    trail.say(
        f"自满一个月的次日{first.isoformat()}起，至{last.isoformat()}止。",
        f"From {first.isoformat()}, the day after a full month, to {last.isoformat()}.",
        LCL_82,
        IR_6,
        IR_7,
    )
    return trail.answer(DoubleWageWindow(first, last, _second_wage(facts, last, trail)))


def _second_wage(facts: UnsignedContractFacts, last: date, trail: Trail) -> Decimal | None:
    """The second wage of whole months after the first, counted from the day of hire; None when it cannot be said."""
    length = service_length(facts.hire_date, last)
    if length.days:
        trail.say(
            "不是整月：不满一个月的部分没有统一的折算办法，不给出金额。", "No whole months: no amount is given.", LCL_82
        )
        return None
    if facts.monthly_wage is None:
        trail.lacks("monthly_wage", "每月工资是多少？", "What is the monthly wage?")
        return None
    months = length.whole_months - 1
    extra = payable(facts.monthly_wage * months)
    trail.say(f"{months}个月，另付{extra}元。", f"{months} months: {extra}.", LCL_82, value=str(extra))
    return extra
