"""May this ground end this person's employment on this day, by which steps, and what does it cost?

One function judges: the gate of protections, probation, the ground's own time, notice, union, order of steps and money,
each by its own rule, and the strictest decides. Whether the facts of the ground are proved is for the evidence matrix.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from guiyan.kernel.money import payable
from guiyan.kernel.results import Confidence, Finding, Verdict, Words
from guiyan.law import protection, severance
from guiyan.law.citations import Cite
from guiyan.law.ending_facts import (
    CapAndFloor,
    CompanyRule,
    DueStep,
    Ending,
    EndingCase,
    EndingMoney,
    FactsRejected,
    Notice,
    RegionMissing,
    StepKind,
    UnionDuty,
)
from guiyan.law.ending_steps import due_steps
from guiyan.law.ending_time import UNILATERAL, Open, as_agreed, in_probation, notice, own_time, union_duty
from guiyan.law.grounds import Ground, GroundFamily
from guiyan.law.overage import Regime
from guiyan.law.parameters import Parameters
from guiyan.law.protection import ProtectedEnding, ProtectionRuling
from guiyan.law.protection_table import cell_for
from guiyan.law.severance import Due
from guiyan.law.trail import Trail

__all__ = [
    "LOCAL_AVERAGE",
    "MINIMUM_WAGE",
    "CapAndFloor",
    "CompanyRule",
    "DueStep",
    "Ending",
    "EndingCase",
    "EndingMoney",
    "FactsRejected",
    "Notice",
    "RegionMissing",
    "StepKind",
    "UnionDuty",
    "judge_ending",
]
LOCAL_AVERAGE = "wage.local_avg_month"
MINIMUM_WAGE = "wage.min_month"
ZERO = Decimal(0)
_LCL_4 = Cite("LCL", 4)
_J1_44 = (Cite("J1", 44),)
_LCL_48 = Cite("LCL", 48)
_OA56_8 = Cite("OA56", 8)
_EXPOSED = (*UNILATERAL, GroundFamily.EXPIRY, GroundFamily.NEVER_SIGNED)
"""Families whose unlawful use costs 2N (Arts. 48, 87)."""
_NO_PROTECTION = (Ground.G44_3, Ground.G44_4, Ground.G44_5)
"""Death and the end of the employer: no protection stands in the way, so nobody need ask."""
_TO_PROVE = Words(
    "理由的各项要件由单位举证，须另行核对证据。",
    "The employer proves every element of the ground: check the evidence.",
)


def judge_ending(
    case: EndingCase,
    *,
    as_of: date,
    region: str | None,
    params: Parameters,
    company: CompanyRule | None = None,
    explain: bool = True,
) -> Finding[Ending]:
    """Labour Contract Law, Arts. 19, 21, 36 to 50, 87: one person and one ground, judged by the strictest part.

    PROHIBITED: the ending as planned is unlawful, whatever else is unknown (or not governed by this law at all: every
    part of the value is then None). EXTENDED: the term runs on. INDETERMINATE:
    a fact is missing. ALLOWED says that nothing here stands in the way; a dismissal is never more than allowed with
    conditions, because its ground has to be proved. `explain=False` leaves out steps and sentences, nothing else.

    Raises ParameterMissing or RegionMissing when cap and floor are asked for and no local figure covers the day.
    """
    trail = Trail(as_of=as_of, region=region, params=params, explain=explain)
    weigh = Open()
    if not _law_applies(case, trail):
        return trail.finding(Verdict.PROHIBITED, _not_by_this_law(case), certain=True)
    with trail.part("试用期", "Probation"):
        probation = in_probation(case, trail)
    with trail.part("保护性规定", "Protections"):
        gate, ruling = _gate(case, probation, weigh, trail)
    with trail.part("理由本身的要求", "The ground itself"):
        over = gate is Verdict.EXTENDED and _extension_over(case, ruling)
        extended = gate is Verdict.EXTENDED and not over
        own_time(case, probation, over, weigh, trail)
        _company(case, company, weigh, trail)
        if case.ground.family in UNILATERAL:
            trail.tell(_TO_PROVE, _J1_44, None)
            weigh.conditions.append(_TO_PROVE)
    with trail.part("通知", "Notice"):
        if case.last_day is None:
            trail.lacks("last_day", "计划的最后工作日是哪一天？", "Which is the planned last day?")
        noticed = notice(case, probation, company, weigh, trail)
    with trail.part("工会", "Union"):
        union = union_duty(case, weigh, trail)
    with trail.part("金额", "Money") as part:
        money = _money(case, noticed.in_lieu, region, trail)
        part.value = money.total
    with trail.part("步骤和期限", "Steps and deadlines"):
        steps = due_steps(case, union, money.due, noticed.days, trail)
    ending = Ending(case.ground, ruling, probation, noticed, union, steps, money)
    verdict = _verdict(weigh, extended)
    return trail.finding(verdict, ending, _once(weigh.conditions), certain=verdict.stops)


def _law_applies(case: EndingCase, trail: Trail) -> bool:
    """Whether the Labour Contract Law governs the work; where that is unknown it is asked, and the rest is judged."""
    if case.regime is Regime.OVER_AGE_OA56:
        trail.say(
            "超过法定退休年龄的用工按《超龄劳动者基本权益保障暂行规定》结束，不适用劳动合同法的解除、终止和经济补偿。",
            "Work past the age of retirement ends by its own rules; grounds and severance of this law do not apply.",
            _OA56_8,
        )
        return False
    if case.regime is None:
        trail.lacks(
            "regime", "适用哪种用工规则（是否超过法定退休年龄）？", "Which rules govern the work (is it over-age)?"
        )
    elif case.regime is Regime.NEEDS_REVIEW:
        trail.doubt(Confidence.UNVERIFIED)
        trail.lacks(
            "regime_by_counsel",
            "超龄用工在当时适用哪种规则？请咨询律师。",
            "Which rules governed over-age work then? Ask counsel.",
        )
    return True


def _not_by_this_law(case: EndingCase) -> Ending:
    money = EndingMoney(None, None, None, None, None, None, None, None, None)
    return Ending(case.ground, None, None, Notice(None, None, None), None, (), money)


def _gate(
    case: EndingCase, probation: bool | None, weigh: Open, trail: Trail
) -> tuple[Verdict | None, ProtectionRuling | None]:
    """The ruling on protections; without known statuses only what probation closes."""
    statuses = case.statuses
    lawful = as_agreed(case) if probation is None else probation
    if statuses is None and case.ground not in _NO_PROTECTION:
        trail.lacks("statuses", "员工有没有受保护的情形？", "Does any protection apply to the employee?")
        weigh.closed = weigh.closed or protection.closed_by_probation(case.ground, lawful, trail)
        return None, None
    if not statuses:
        verdict, ruling = protection.unprotected(case.ground, lawful, trail)
        weigh.closed = weigh.closed or verdict is Verdict.PROHIBITED
        return verdict, ruling
    facts = ProtectedEnding(
        statuses,
        case.ground,
        lawful,
        case.child_birth,
        case.contract_end,
        case.union_term_end,
        case.proposed_by,
    )
    verdict, ruling, conditions = protection.judged(facts, trail)
    weigh.closed = weigh.closed or verdict is Verdict.PROHIBITED
    weigh.conditions.extend(conditions)
    return verdict, ruling


def _extension_over(case: EndingCase, ruling: ProtectionRuling | None) -> bool:
    """Whether the planned last day comes after the only extension there is."""
    if ruling is None or ruling.until is None or case.last_day is None or case.statuses is None:
        return False
    ends = {cell_for(status, case.ground).until for status in case.statuses} - {None}
    return len(ends) == 1 and case.last_day >= ruling.until


def _company(case: EndingCase, company: CompanyRule | None, weigh: Open, trail: Trail) -> None:
    if company is not None and case.ground in company.closed:
        weigh.closed = True
        trail.say("公司制度不使用这个理由。", "The company's own rules do not use this ground.", _LCL_4)


def _money(case: EndingCase, in_lieu: bool | None, region: str | None, trail: Trail) -> EndingMoney:
    """Severance, pay in lieu and what an unlawful ending would cost, each None for want of a fact."""
    due = severance.due_of(case, trail)
    exposed = case.ground.family in _EXPOSED
    instead = _in_lieu(case, in_lieu, trail)
    base = None if due is Due.NONE and not exposed else _base(case, region, trail)
    unlawful = ZERO if not exposed else None if base is None else _unlawful(base, trail)
    if due is Due.NONE:
        return EndingMoney(due, 0, None, None, None, ZERO, instead, instead, unlawful)
    multiple = None if due is None else 1
    if due is None or base is None:
        return EndingMoney(due, multiple, None, None, None, None, instead, None, unlawful)
    paid = severance.multiplied(base, 1, trail)
    total = None if instead is None else paid + instead
    return EndingMoney(due, multiple, base.months, base.shown, base.capped, paid, instead, total, unlawful)


def _in_lieu(case: EndingCase, in_lieu: bool | None, trail: Trail) -> Decimal | None:
    if not in_lieu:
        return None if in_lieu is None else ZERO
    if case.last_month_wage is None:
        trail.lacks("last_month_wage", "上个月工资是多少？", "What was last month's wage?")
        return None
    return severance.in_lieu_of(case.last_month_wage, notice_given=False, trail=trail)


def _unlawful(base: severance.SeveranceBase, trail: Trail) -> Decimal:
    twice = payable(base.month * base.months * 2)
    trail.say(
        "如果违法解除或者终止，员工可以要求继续履行，或者赔偿金{twice}元。",
        "If the ending is unlawful the employee may ask to go on working, or for {twice}.",
        _LCL_48,
        severance.LCL_87,
        value=twice,
        twice=twice,
    )
    return twice


def _base(case: EndingCase, region: str | None, trail: Trail) -> severance.SeveranceBase | None:
    if case.hire_date is None:
        trail.lacks("hire_date", "用工从哪一天开始？", "On which day did the work begin?")
    if case.avg12 is None:
        trail.lacks("avg12", "离职前十二个月的月平均工资是多少？", "What was the average monthly wage of 12 months?")
    if case.hire_date is None or case.avg12 is None or case.last_day is None:
        return None
    average = minimum = None
    if case.cap_and_floor is CapAndFloor.REQUIRED:
        if region is None:
            raise RegionMissing(LOCAL_AVERAGE)
        average, minimum = trail.figure(LOCAL_AVERAGE), trail.figure(MINIMUM_WAGE)
    months = severance.months_of(case.hire_date, case.last_day, trail)
    return severance.base_of(months, case.avg12, average, minimum, trail)


def _verdict(weigh: Open, extended: bool) -> Verdict:
    if weigh.closed:
        return Verdict.PROHIBITED
    if extended:
        return Verdict.EXTENDED
    return Verdict.ALLOWED_WITH_CONDITIONS if weigh.conditions else Verdict.ALLOWED


def _once(conditions: list[Words]) -> tuple[Words, ...]:
    return tuple(conditions) if len(conditions) < 2 else tuple(dict.fromkeys(conditions))
