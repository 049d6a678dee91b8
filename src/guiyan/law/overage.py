"""People past the statutory age of retirement: which rules govern their work, and who hears their disputes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from guiyan.kernel.calendar import add_months
from guiyan.kernel.results import Computed, Finding, Verdict, Words
from guiyan.law.citations import Cite
from guiyan.law.counsel import OVERAGE_WAS_EMPLOYMENT, OVERAGE_WENT_TO_ARBITRATION, counsels_answer
from guiyan.law.parameters import Parameters
from guiyan.law.retirement import Birth, RetirementCategory, retirement_month
from guiyan.law.trail import Trail

OA56_IN_FORCE = date(2026, 7, 1)
J2_21 = Cite("J2", 21)


class Regime(StrEnum):
    """The rules that govern the work."""

    LCL = "LCL"
    OVER_AGE_OA56 = "OVER_AGE_OA56"
    NEEDS_REVIEW = "needs_review"


class Dispute(StrEnum):
    """What a person past the age of retirement claims."""

    PAY = "pay"
    REST = "rest"
    SAFETY = "safety"
    INJURY = "injury"
    SEVERANCE = "severance"
    EARLY_END = "early_end"
    OTHER = "other"


class Forum(StrEnum):
    """Who hears it first."""

    LABOUR_ARBITRATION = "labour_arbitration"
    COURT = "court"


@dataclass(frozen=True, slots=True)
class OlderWorker:
    """Category and day of birth, or whether the statutory age is passed, the day asked about, whether the worker and
    the employer agreed on a later retirement (flexible delay), and whether a pension is drawn. None: unknown."""

    category: RetirementCategory | None
    born_on: date | None
    past_statutory_age: bool | None
    in_flexible_delay: bool | None
    pension_drawn: bool | None
    on: date | None


@dataclass(frozen=True, slots=True)
class OverAge:
    """The regime and what it brings: a written agreement, injury insurance, severance of the Labour Contract Law.

    None where counsel must say; a regime of None with the rest known: neither set of rules governs, it is a service.
    """

    regime: Regime | None
    written_agreement_required: bool | None
    injury_insurance_required: bool | None
    lcl_severance_applies: bool | None


@dataclass(frozen=True, slots=True)
class OverAgeDispute:
    """What is claimed, and the day of the claim."""

    dispute: Dispute
    on: date


@dataclass(frozen=True, slots=True)
class OverAgePay:
    """The pay agreed for normal work and the local minimum wage, in yuan a month."""

    agreed_pay: Decimal
    min_wage: Decimal


def overage_regime(
    facts: OlderWorker, *, as_of: date, region: str | None, params: Parameters
) -> Finding[OverAge | None]:
    """超龄劳动者基本权益保障暂行规定, Arts. 2, 6, 15, 23, 24: which regime governs somebody of this age on this day?

    Up to the statutory age, and during a flexible delay, the Labour Contract Law in full. Past it, from 2026-07-01, the
    rules on over-age workers, which know no severance. Before that day counsel must say: INDETERMINATE,
    unless `overage.before_rules_is_employment` was set.
    """
    trail = Trail(as_of=as_of, region=region, params=params)
    past = _past_age(facts, trail, as_of, region, params)
    if past is False:
        trail.say("未达到法定退休年龄，适用劳动合同法。", "Below the statutory age: the law applies.", Cite("IR", 21))
        return trail.finding(Verdict.ALLOWED, _lcl())
    if past and facts.in_flexible_delay:
        trail.say(
            "弹性延迟退休期间，劳动关系延续，适用劳动合同法。",
            "During a flexible delay the employment goes on under the Labour Contract Law.",
            Cite("OA56", 23),
            value=Regime.LCL.value,
        )
        return trail.finding(Verdict.ALLOWED, _lcl())
    delay_unknown = facts.in_flexible_delay is None and not facts.pension_drawn
    if delay_unknown:
        trail.lacks("in_flexible_delay", "书面约定过弹性延迟退休吗？", "Was a flexible delay agreed in writing?")
    if facts.on is None:
        trail.lacks("on", "哪一天的用工？", "On which day?")
    if past is None or facts.on is None or delay_unknown:
        return trail.finding(Verdict.INDETERMINATE, None)
    if facts.on < OA56_IN_FORCE:
        trail.say(
            "超龄用工的规定自2026年7月1日起施行；此前的用工性质没有统一规定。",
            "The rules on over-age work hold from 2026-07-01; before, its nature is not settled.",
            Cite("OA56", 24),
            J2_21,
        )
        return _before_the_rules(trail, region, params)
    trail.say(
        "超龄用工：订立书面用工协议，参加工伤保险；没有经济补偿的规定。",
        "Over-age work: a written agreement and injury insurance; no severance is provided for.",
        Cite("OA56", 2),
        Cite("OA56", 6),
        Cite("OA56", 15),
        value=Regime.OVER_AGE_OA56.value,
    )
    over = OverAge(
        Regime.OVER_AGE_OA56,
        written_agreement_required=True,
        injury_insurance_required=True,
        lcl_severance_applies=False,
    )
    return trail.finding(Verdict.ALLOWED, over)


def _before_the_rules(trail: Trail, region: str | None, params: Parameters) -> Finding[OverAge | None]:
    asks = Words(
        "请法务书面判断当时的用工性质，并设置参数。", "Ask counsel for the nature of the relation, and set it."
    )
    answer = counsels_answer(OVERAGE_WAS_EMPLOYMENT, asks, trail=trail, region=region, params=params)
    if answer is None:
        return trail.finding(Verdict.INDETERMINATE, OverAge(Regime.NEEDS_REVIEW, None, None, None))
    employment = bool(answer.number)
    trail.say(
        f"单位已确定按{'劳动关系' if employment else '劳务关系'}处理。",
        f"The employer settled that it counts as {'employment' if employment else 'a service'}.",
        answer.source,
    )
    return trail.finding(Verdict.ALLOWED, _lcl() if employment else _SERVICE)


_SERVICE = OverAge(None, written_agreement_required=False, injury_insurance_required=None, lcl_severance_applies=False)
"""Work as a service: neither set of rules governs it, the parties' agreement does."""


def _lcl() -> OverAge:
    return OverAge(
        Regime.LCL, written_agreement_required=True, injury_insurance_required=True, lcl_severance_applies=True
    )


def _past_age(facts: OlderWorker, trail: Trail, as_of: date, region: str | None, params: Parameters) -> bool | None:
    if facts.past_statutory_age is not None:
        return facts.past_statutory_age
    for fact, value, zh, en in (
        ("category", facts.category, "性别和原退休年龄类别是什么？", "Which category of retirement age?"),
        ("born_on", facts.born_on, "出生日期是哪一天？", "What is the day of birth?"),
        ("on", facts.on, "哪一天的用工？", "On which day?"),
    ):
        if value is None:
            trail.lacks(fact, zh, en)
    if facts.category is None or facts.born_on is None or facts.on is None:
        return None
    found = retirement_month(Birth(facts.category, facts.born_on), as_of=as_of, region=region, params=params)
    trail.join(found, "法定退休年龄", "Statutory age of retirement")
    return add_months(facts.born_on, found.value.age_years * 12 + found.value.age_months) <= facts.on


def overage_forum(
    facts: OverAgeDispute, *, as_of: date, region: str | None, params: Parameters
) -> Finding[Forum | None]:
    """超龄劳动者基本权益保障暂行规定, Arts. 19, 20: four basic rights go to arbitration, everything else to court.

    Before the rules took effect counsel must say, unless `overage.before_rules_goes_to_arbitration` was set.
    """
    trail = Trail(as_of=as_of, region=region, params=params)
    if facts.on < OA56_IN_FORCE:
        trail.say("该规定尚未施行。", "The rules were not yet in force.", Cite("OA56", 24))
        asks = Words("请法务书面判断由谁受理，并设置参数。", "Ask counsel who hears it, and set it.")
        answer = counsels_answer(OVERAGE_WENT_TO_ARBITRATION, asks, trail=trail, region=region, params=params)
        if answer is None:
            return trail.finding(Verdict.INDETERMINATE, None)
        found = Forum.LABOUR_ARBITRATION if answer.number else Forum.COURT
        trail.say(
            f"单位已确定{'先申请劳动仲裁' if answer.number else '直接向法院起诉'}。",
            f"The employer settled: {'labour arbitration first' if answer.number else 'the court'}.",
            answer.source,
            value=found.value,
        )
        return trail.finding(Verdict.ALLOWED, found)
    basic = facts.dispute in {Dispute.PAY, Dispute.REST, Dispute.SAFETY, Dispute.INJURY}
    forum = Forum.LABOUR_ARBITRATION if basic else Forum.COURT
    trail.say(
        "四类基本权益的争议先申请劳动仲裁。" if basic else "不属于四类基本权益，直接向法院起诉。",
        "One of the four basic rights: labour arbitration first."
        if basic
        else "Not one of the four basic rights: the court.",
        Cite("OA56", 19),
        value=forum.value,
    )
    return trail.finding(Verdict.ALLOWED, forum)


def overage_pay_floor(facts: OverAgePay, *, as_of: date, region: str | None, params: Parameters) -> Computed[Decimal]:
    """超龄劳动者基本权益保障暂行规定, Art. 11: the least pay for normal work, in yuan a month.

    Raises ValueError for negative amounts.
    """
    if facts.agreed_pay < 0 or facts.min_wage < 0:
        raise ValueError("pay cannot be negative")
    trail = Trail(as_of=as_of, region=region, params=params)
    least = max(facts.agreed_pay, facts.min_wage)
    trail.say(
        f"提供正常劳动的报酬不低于最低工资{facts.min_wage}元，应付{least}元。",
        f"Normal work earns at least the minimum wage, {facts.min_wage}: {least} is payable.",
        Cite("OA56", 11),
        value=str(least),
    )
    return trail.computed(least)
