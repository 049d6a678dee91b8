"""Probation: its longest lawful length, its last day, its wage floor, and what follows from an unlawful length."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from guiyan.kernel.calendar import add_months
from guiyan.kernel.money import payable
from guiyan.kernel.results import Computed, Finding, Verdict, Words
from guiyan.kernel.service import service_length, whole_months
from guiyan.law.citations import Cite
from guiyan.law.parameters import Parameters
from guiyan.law.trail import Trail

LCL_19 = Cite("LCL", 19)
LCL_20 = Cite("LCL", 20)
LCL_70 = Cite("LCL", 70)
LCL_83 = Cite("LCL", 83)
IR_15 = Cite("IR", 15)
CC_202 = Cite("CC", 202)
CC_1259 = Cite("CC", 1259)
DAY = timedelta(days=1)
DAYS_IN_MONTH_FOR_PRORATA = Decimal(30)


class ContractKind(StrEnum):
    """The kinds of contract that Art. 19 tells apart; `part_time` is work under Arts. 68 to 72."""

    FIXED = "fixed"
    OPEN_ENDED = "open_ended"
    TASK = "task"
    PART_TIME = "part_time"


@dataclass(frozen=True, slots=True)
class ContractTerm:
    """A contract's kind and, for a fixed term, its first and last day (None: not known)."""

    kind: ContractKind
    start: date | None
    end: date | None

    def __post_init__(self) -> None:
        if self.start is not None and self.end is not None and self.end < self.start:
            raise ValueError(f"a contract cannot end on {self.end} before it begins on {self.start}")


@dataclass(frozen=True, slots=True)
class ProbationStart:
    """The first day of a probation and its length in whole months."""

    start: date
    months: int

    def __post_init__(self) -> None:
        if self.months < 0:
            raise ValueError(f"a probation cannot last {self.months} months")


@dataclass(frozen=True, slots=True)
class AgreedProbation:
    """A probation as agreed: the contract, the agreed months, its first day, how far it was served, the full wage.

    `start` is the first day of the probation (None: the contract's). `served_until` is the last day served on probation
    terms so far, `full_wage` the monthly wage after probation in yuan; None where nobody has said.
    """

    contract: ContractTerm
    agreed_months: int
    start: date | None
    served_until: date | None
    full_wage: Decimal | None


@dataclass(frozen=True, slots=True)
class ProbationLength:
    """Agreed and lawful length in months, the lawful last day (None: no lawful probation or no start), and the debt.

    `compensation` is what Art. 83 makes due, in yuan, for the excess already served; None when it cannot be computed.
    """

    agreed_months: int
    max_months: int
    excess_months: int
    lawful_last_day: date | None
    compensation: Decimal | None


@dataclass(frozen=True, slots=True)
class ProbationWages:
    """The lowest wage of the post's grade, the agreed wage after probation and the local minimum, in yuan a month."""

    lowest_same_post: Decimal
    agreed: Decimal
    min_wage: Decimal


@dataclass(frozen=True, slots=True)
class WageFloors:
    """The floor by the letter of Art. 20, and the safer one that takes 80 per cent of the agreed wage."""

    literal_floor: Decimal
    conservative_floor: Decimal


def probation_max(
    facts: ContractTerm, *, as_of: date, region: str | None, params: Parameters
) -> Computed[int] | Finding[int | None]:
    """Labour Contract Law, Arts. 19 and 70: the longest lawful probation of a contract, in months.

    INDETERMINATE when a fixed term has no first or last day.
    """
    trail = Trail(as_of=as_of, region=region, params=params)
    months = longest_probation(facts, trail)
    if months is None:
        return trail.finding(Verdict.INDETERMINATE, None)
    return trail.computed(months)


def longest_probation(contract: ContractTerm, trail: Trail) -> int | None:
    """The longest probation in months, written into the trail; None when the term is not known."""
    if contract.kind is ContractKind.PART_TIME:
        trail.say("非全日制用工不得约定试用期。", "Part-time work has no probation.", LCL_70, value="0")
        return 0
    if contract.kind is ContractKind.TASK:
        trail.say(
            "以完成一定工作任务为期限的合同不得约定试用期。", "A contract for one task has none.", LCL_19, value="0"
        )
        return 0
    if contract.kind is ContractKind.OPEN_ENDED:
        longest = int(trail.figure("probation.max_months_open_ended"))
        trail.say(
            f"无固定期限合同的试用期不得超过{longest}个月。",
            f"An open-ended contract allows {longest} months.",
            LCL_19,
            value=str(longest),
        )
        return longest
    if contract.start is None:
        trail.lacks("start", "合同从哪一天开始？", "On which day does the contract begin?")
    if contract.end is None:
        trail.lacks("end", "固定期限合同到哪一天结束？", "On which day does the fixed term end?")
    if contract.start is None or contract.end is None:
        return None
    term = whole_months(contract.start, contract.end)
    rows = trail.table("probation.max_months_fixed")
    longest = int(max((row for row in rows if term >= row[0]), key=lambda row: row[0])[1])
    trail.say(
        f"合同期限满{term}个月；“以上”包括本数。",
        f"The term holds {term} whole months; a threshold counts as reached at the exact number.",
        CC_202,
        CC_1259,
        value=str(term),
    )
    trail.say(
        f"该期限的试用期不得超过{longest}个月。" if longest else "该期限不得约定试用期。",
        f"Such a term allows {longest} months of probation.",
        LCL_19,
        value=str(longest),
    )
    return longest


def probation_last_day(
    facts: ProbationStart, *, as_of: date, region: str | None, params: Parameters
) -> Computed[date | None]:
    """Civil Code, Arts. 201 and 202: the last day of a probation whose first day is worked; None for zero months."""
    trail = Trail(as_of=as_of, region=region, params=params)
    if facts.months == 0:
        trail.say("没有试用期。", "There is no probation.", LCL_19)
        return trail.computed(None)
    last = _last_day(facts.start, facts.months, trail)
    return trail.computed(last)


def _last_day(start: date, months: int, trail: Trail) -> date:
    corresponding = add_months(start, months)
    last = corresponding - DAY
    if corresponding.day != start.day:
        trail.say(
            f"{corresponding.year}年{corresponding.month}月没有对应日，以月末日为准。",
            "The month has no corresponding day; its last day stands for it.",
            CC_202,
        )
    trail.say(
        f"自{start.isoformat()}起满{months}个月，含起始日，最后一日为{last.isoformat()}。",
        f"{months} months from {start.isoformat()}, that day included, end on {last.isoformat()}.",
        LCL_19,
        CC_202,
        value=last.isoformat(),
    )
    return last


def probation_length(
    facts: AgreedProbation, *, as_of: date, region: str | None, params: Parameters
) -> Finding[ProbationLength | None]:
    """Labour Contract Law, Arts. 19 and 83: is the agreed probation lawful, and what follows from the excess?

    PROHIBITED when it is longer than Art. 19 allows. The months beyond are no probation: Art. 39(1) is closed and
    notice of resignation is 30 days. A part of a month of excess is paid in thirtieths of the monthly wage: no
    provision settles it.
    """
    trail = Trail(as_of=as_of, region=region, params=params)
    longest = longest_probation(facts.contract, trail)
    if longest is None:
        return trail.finding(Verdict.INDETERMINATE, None)
    start = facts.start or facts.contract.start
    last = (
        _last_day(start, min(longest, facts.agreed_months), trail)
        if start and longest and facts.agreed_months
        else None
    )
    excess = max(0, facts.agreed_months - longest)
    if not excess:
        trail.say("约定的试用期没有超过上限。", "The agreed probation is within the limit.", LCL_19)
        length = ProbationLength(facts.agreed_months, longest, 0, last, Decimal(0))
        return trail.finding(Verdict.ALLOWED, length)
    trail.say(
        f"约定{facts.agreed_months}个月，超过上限{excess}个月；超过部分不是试用期。",
        f"{facts.agreed_months} months were agreed, {excess} more than allowed; the excess is no probation.",
        LCL_19,
        value=str(excess),
    )
    compensation = _excess_compensation(facts, last, start, trail)
    conditions = (
        Words("超过部分不能依第三十九条第一项解除。", "Art. 39(1) is closed in the excess."),
        Words("超过部分按转正后工资支付，辞职须提前三十日。", "The excess takes the full wage and 30 days' notice."),
    )
    length = ProbationLength(facts.agreed_months, longest, excess, last, compensation)
    return trail.finding(Verdict.PROHIBITED, length, conditions)


def _excess_compensation(facts: AgreedProbation, last: date | None, start: date | None, trail: Trail) -> Decimal | None:
    """Art. 83: the full wage for each month of excess already served, on top of what was paid."""
    if start is None or facts.served_until is None or facts.full_wage is None:
        trail.say(
            "已履行的超过期间，须按转正后月工资另付赔偿金；期间或者工资未知，暂不计算。",
            "Excess already served is compensated at the full wage; its length or the wage is not known here.",
            LCL_83,
        )
        return None
    first_excess_day = last + DAY if last else start
    end = min(facts.served_until, add_months(start, facts.agreed_months) - DAY)
    if end < first_excess_day:
        trail.say("超过部分尚未履行，不产生赔偿金。", "None of the excess has been served.", LCL_83, value="0.00")
        return Decimal(0)
    served = service_length(first_excess_day, end)
    months = served.whole_months + served.days / DAYS_IN_MONTH_FOR_PRORATA
    amount = payable(facts.full_wage * months)
    trail.say(
        f"已履行的超过期间为{served.whole_months}个月{served.days}天，赔偿金{amount}元，在已付工资之外支付。",
        f"{served.whole_months} months and {served.days} days of excess were served: {amount} yuan beside the wages.",
        LCL_83,
        value=str(amount),
    )
    if served.days:
        trail.ask_person()
    return amount


def probation_wage_floor(
    facts: ProbationWages, *, as_of: date, region: str | None, params: Parameters
) -> Computed[WageFloors]:
    """Labour Contract Law, Art. 20, and Implementing Regulations, Art. 15: the least lawful wage in probation."""
    trail = Trail(as_of=as_of, region=region, params=params)
    share = trail.figure("probation.wage_share_min")
    literal = payable(max(share * min(facts.lowest_same_post, facts.agreed), facts.min_wage))
    conservative = payable(max(share * facts.agreed, facts.min_wage))
    trail.say(
        f"按条文（同岗位最低档工资的80%或者约定工资的80%，且不低于最低工资）：{literal}元。",
        f"By the letter (80% of the post's lowest grade or of the agreed wage, not below the minimum): {literal}.",
        LCL_20,
        IR_15,
        value=str(literal),
    )
    trail.say(
        f"稳妥做法（约定工资的80%，且不低于最低工资）：{conservative}元。",
        f"The safer reading (80% of the agreed wage, not below the minimum): {conservative}.",
        LCL_20,
        value=str(conservative),
    )
    return trail.computed(WageFloors(literal, conservative))
