"""The times of an ending: probation, the ground's own time, notice, and the union before the decision."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from guiyan.kernel.calendar import add_months
from guiyan.kernel.results import Confidence, Words
from guiyan.kernel.service import whole_months
from guiyan.law.citations import Cite
from guiyan.law.ending_facts import CompanyRule, EndingCase, Notice, UnionDuty
from guiyan.law.grounds import Ground, GroundFamily
from guiyan.law.probation import ContractKind, ContractTerm, longest_probation
from guiyan.law.severance import RenewalOffer
from guiyan.law.trail import Trail

LCL_4 = Cite("LCL", 4)
LCL_14 = Cite("LCL", 14)
LCL_19 = Cite("LCL", 19)
LCL_21 = Cite("LCL", 21)
LCL_37 = Cite("LCL", 37)
LCL_39_1 = Cite("LCL", 39, item=1)
LCL_40 = Cite("LCL", 40)
LCL_41 = Cite("LCL", 41)
LCL_43 = Cite("LCL", 43)
LCL_44_1 = Cite("LCL", 44, item=1)
LCL_46_5 = Cite("LCL", 46, item=5)
LCL_71 = Cite("LCL", 71)
IR_5 = Cite("IR", 5)
IR_6 = Cite("IR", 6)
IR_20 = Cite("IR", 20)
J1_47 = Cite("J1", 47)
J2_11 = Cite("J2", 11)
CC_137 = Cite("CC", 137)
DAY = timedelta(days=1)
OPEN_ENDED_AFTER_MONTHS = 120
"""Art. 14(2)(1): ten years with one employer."""
NOTICE_DAYS = "ending.notice_days"
LAYOFF_NOTICE_DAYS = "ending.layoff_notice_days"
RESIGNATION_DAYS = "resignation.notice_days"
RESIGNATION_DAYS_PROBATION = "resignation.notice_days_probation"
EXPIRY_NOTICE_DAYS = "ending.expiry_notice_days"
SECOND_TERM_MAY_END = "ending.second_term_may_end"
UNION_ABSENT_POLICY = "union.absent_policy"
UNILATERAL = (GroundFamily.FAULT, GroundFamily.NO_FAULT, GroundFamily.LAYOFF)
"""Dismissals in the sense of Art. 43."""
_BY_NOTICE = (*UNILATERAL, GroundFamily.PART_TIME, GroundFamily.NEVER_SIGNED)
"""Endings that take effect when the employer's notice arrives."""


@dataclass(slots=True)
class Open:
    """What stands in the way so far: whether the ground is closed, and on what conditions it is open."""

    closed: bool = False
    conditions: list[Words] = field(default_factory=list)


def in_probation(case: EndingCase, trail: Trail) -> bool | None:
    """Labour Contract Law, Arts. 19, 21: does the last day lie in a lawful probation? None: unknown, or not asked.

    What exceeds Art. 19 is no probation. Where the contract is not known, a probation as agreed counts against the
    employer: it closes Arts. 40(3) and 41, and it does not open Art. 39(1) nor shorten the notice of a resignation.
    """
    ground = case.ground
    if not (ground in _TURNS_ON_PROBATION or ground.family is GroundFamily.LAYOFF):
        return None
    agreed = as_agreed(case)
    if agreed is None:
        trail.lacks("in_probation", "最后工作日是否在约定的试用期内？", "Is the last day within the agreed probation?")
    return _lawfully_so(case, trail) if agreed else agreed


def as_agreed(case: EndingCase) -> bool | None:
    """Whether the last day lies in the probation as the parties agreed it."""
    if case.probation_last_day is None or case.last_day is None:
        return case.in_probation
    return case.last_day <= case.probation_last_day


def _lawfully_so(case: EndingCase, trail: Trail) -> bool | None:
    """Whether the part of the agreed probation in which the last day lies is lawful."""
    lawful = _lawful_last_day(case, trail)
    if lawful is None:
        if case.ground is Ground.G39_1 or case.ground is Ground.G37:
            _ask_for_contract(case, trail)
            return None
        return True
    if case.last_day is None or case.last_day <= lawful:
        return True
    trail.say(
        "试用期依法最迟到{lawful}为止，{last_day}已不在试用期内。",
        "A lawful probation ends on {lawful} at the latest; {last_day} is past it.",
        LCL_19,
        value=lawful,
        lawful=lawful,
        last_day=case.last_day,
    )
    return False


_TURNS_ON_PROBATION = (Ground.G37, Ground.G39_1, Ground.G40, Ground.G40_3)


def _lawful_last_day(case: EndingCase, trail: Trail) -> date | None:
    """The last day of the probation as far as Art. 19 allows it; None when the facts do not give it."""
    agreed, start, kind = case.probation_last_day, case.contract_start, case.contract_kind
    if agreed is None or start is None or kind is None:
        return None
    if kind is ContractKind.FIXED and case.contract_end is None:
        return None
    longest = longest_probation(ContractTerm(kind, start, case.contract_end), trail)
    if longest is None:
        return None
    return min(agreed, add_months(start, longest) - DAY)


def _ask_for_contract(case: EndingCase, trail: Trail) -> None:
    if case.probation_last_day is None:
        trail.lacks("probation_last_day", "约定的试用期到哪一天？", "On which day does the agreed probation end?")
    if case.contract_kind is None:
        trail.lacks("contract_kind", "合同是哪一种期限？", "Of which kind is the contract?")
    if case.contract_start is None:
        trail.lacks("contract_start", "合同从哪一天开始？", "On which day does the contract begin?")
    if case.contract_kind in {None, ContractKind.FIXED} and case.contract_end is None:
        trail.lacks("contract_end", "合同到哪一天结束？", "On which day does the contract end?")


def own_time(case: EndingCase, probation: bool | None, extension_over: bool, weigh: Open, trail: Trail) -> None:
    """What the ground itself says of its time: expiry, and the months of Arts. 5 and 6 of the Regulations."""
    ground = case.ground
    if ground is Ground.G44_1:
        _expired(case, extension_over, weigh, trail)
        _renewal(case, weigh, trail)
        _open_ended(case, weigh, trail)
    elif ground.family is GroundFamily.EXPIRY:
        _renewal_of_a_task(weigh)
    elif ground is Ground.REG5 or ground is Ground.REG6:
        _unsigned(case, weigh, trail)
    elif ground is Ground.G40 and probation:
        trail.lacks("ground_item", "依第四十条哪一项？", "Which item of Art. 40?")


def _renewal_of_a_task(weigh: Open) -> None:
    weigh.conditions.append(Words("工作任务须确已完成。", "The task must be done."))


def _expired(case: EndingCase, extension_over: bool, weigh: Open, trail: Trail) -> None:
    if case.contract_end is None:
        trail.lacks("contract_end", "合同到哪一天期满？", "On which day does the contract expire?")
        return
    if case.last_day is None or extension_over:
        return
    if case.last_day < case.contract_end:
        weigh.closed = True
        trail.say(
            "合同{contract_end}期满，{last_day}尚未期满。",
            "The term expires on {contract_end}; on {last_day} it has not.",
            LCL_44_1,
            contract_end=case.contract_end,
            last_day=case.last_day,
        )
    elif case.last_day > case.contract_end:
        _worked_on(case.contract_end, case.last_day, weigh, trail)


def _worked_on(contract_end: date, last_day: date, weigh: Open, trail: Trail) -> None:
    trail.ask_person()
    if last_day > add_months(contract_end, 1) and J2_11.source.in_force_on(trail.as_of):
        weigh.closed = True
        trail.say(
            "期满后继续工作超过一个月，单位没有提出异议的，不能再以期满为由终止。",
            "Work went on for more than a month after expiry: expiry is no ground any more.",
            J2_11,
        )
        return
    trail.say("期满后仍在工作，须由人核对。", "Work went on after expiry: a person checks.", LCL_44_1)
    weigh.conditions.append(
        Words("核对期满后继续工作的原因和单位的异议。", "Check why work went on after expiry and who objected.")
    )


def _renewal(case: EndingCase, weigh: Open, trail: Trail) -> None:
    if case.employer_offer is None or case.employer_offer is RenewalOffer.NONE:
        return
    if case.employee_refuses is None:
        trail.lacks("employee_refuses", "员工是否不同意续订？", "Does the employee refuse to renew?")
    elif not case.employee_refuses:
        weigh.closed = True
        trail.say("员工同意续订，合同没有终止。", "The employee renews: nothing ends.", LCL_46_5)


def _open_ended(case: EndingCase, weigh: Open, trail: Trail) -> None:
    """Art. 14(2): after ten years or two fixed terms the employee who wants it gets an open-ended contract."""
    if case.fixed_terms is None:
        trail.lacks("fixed_terms", "这是连续第几份固定期限合同？", "Which consecutive fixed term is this?")
        return
    ten_years = (
        case.hire_date is not None
        and case.last_day is not None
        and whole_months(case.hire_date, case.last_day) >= OPEN_ENDED_AFTER_MONTHS
    )
    if not (ten_years or case.fixed_terms >= 2) or case.employee_refuses:
        return
    if case.employee_refuses is None:
        trail.lacks("employee_refuses", "员工是否不愿意续订？", "Does the employee not want to renew?")
        return
    if ten_years:
        _closed_by_open_ended(weigh, trail)
        return
    policy = trail.local_figure(SECOND_TERM_MAY_END)
    if policy is None:
        trail.doubt(Confidence.UNVERIFIED)
        trail.lacks(
            SECOND_TERM_MAY_END,
            "连续两次固定期限合同期满，当地是否允许单位终止？请咨询律师，并设置当地参数。",
            "May the employer end a second fixed term here? Ask counsel and set the local figure.",
        )
    elif not policy:
        _closed_by_open_ended(weigh, trail)


def _closed_by_open_ended(weigh: Open, trail: Trail) -> None:
    weigh.closed = True
    trail.say(
        "员工要求续订的，应当订立无固定期限合同，不能以期满终止。",
        "An employee who wants to renew gets an open-ended contract: the term may not end here.",
        LCL_14,
    )


def _unsigned(case: EndingCase, weigh: Open, trail: Trail) -> None:
    """Regulations, Arts. 5 and 6: within a month of hire, or after it and within a year."""
    if case.hire_date is None:
        trail.lacks("hire_date", "用工从哪一天开始？", "On which day did the work begin?")
    if case.hire_date is None or case.last_day is None:
        return
    month = add_months(case.hire_date, 1)
    if case.ground is Ground.REG5:
        closed, cite = case.last_day > month, IR_5
    else:
        closed, cite = case.last_day <= month or case.last_day >= add_months(case.hire_date, 12), IR_6
    weigh.closed = weigh.closed or closed
    trail.say(
        "用工满一个月之日为{month}，{last_day}不在该条的期间内。" if closed else "{last_day}在该条的期间内。",
        "The first month ends on {month}; {last_day} is outside the time of this provision."
        if closed
        else "{last_day} is within the time of this provision.",
        cite,
        month=month,
        last_day=case.last_day,
    )
    weigh.conditions.append(
        Words("须能证明已书面通知员工订立合同而员工不订立。", "Prove the written invitations to sign and the refusal.")
    )


def notice(case: EndingCase, probation: bool | None, company: CompanyRule | None, weigh: Open, trail: Trail) -> Notice:
    """How long before the last day the notice must have arrived, and whether it did."""
    family = case.ground.family
    if family is GroundFamily.RESIGNATION:
        return _resignation(case, probation, weigh, trail)
    if family is GroundFamily.NO_FAULT:
        found = _no_fault(case, weigh, trail)
    elif family is GroundFamily.LAYOFF:
        found = _layoff(case, weigh, trail)
    elif case.ground is Ground.G44_1:
        found = _expiry(case, weigh, trail)
    elif family in _BY_NOTICE:
        _arrived(case, weigh, trail)
        return Notice(0, case.notice_arrived, in_lieu=False)
    else:
        return Notice(0, None, in_lieu=False)
    if company is None or not company.notice_days_min:
        return found
    return _company_notice(case, company.notice_days_min, found, weigh, trail)


def _company_notice(case: EndingCase, days: int, found: Notice, weigh: Open, trail: Trail) -> Notice:
    """What the company always gives beside what the law asks, with a wage in lieu or without."""
    total = None if found.days is None else max(found.days, days)
    if case.notice_arrived is None:
        trail.lacks("notice_arrived", "通知在哪一天到达（或者计划到达）？", "On which day does the notice arrive?")
        return Notice(total, found.earliest, found.in_lieu)
    full = case.notice_arrived + timedelta(days=days)
    trail.say(
        "公司规定的通知期为{days}天，至{full}。",
        "The company gives {days} days of notice, until {full}.",
        LCL_4,
        value=full,
        days=days,
        full=full,
    )
    weigh.closed = weigh.closed or (case.last_day is not None and case.last_day < full)
    return Notice(total, full if found.earliest is None else max(full, found.earliest), found.in_lieu)


def _arrived(case: EndingCase, weigh: Open, trail: Trail) -> None:
    """Civil Code, Art. 137: an ending takes effect when its notice arrives, not before."""
    if case.notice_arrived is None:
        trail.lacks("notice_arrived", "通知在哪一天到达（或者计划到达）？", "On which day does the notice arrive?")
    elif case.last_day is not None and case.notice_arrived > case.last_day:
        weigh.closed = True
        trail.say(
            "通知{arrived}才到达，劳动关系不能在此前的{last_day}结束。",
            "The notice arrives on {arrived}: the employment cannot end before, on {last_day}.",
            CC_137,
            arrived=case.notice_arrived,
            last_day=case.last_day,
        )


def _no_fault(case: EndingCase, weigh: Open, trail: Trail) -> Notice:
    """Art. 40: 30 days in writing, or a month's wage instead. Less than the full days counts as no notice."""
    days = trail.days(NOTICE_DAYS)
    _arrived(case, weigh, trail)
    if case.notice_arrived is None:
        return Notice(days, None, in_lieu=None)
    full = case.notice_arrived + timedelta(days=days)
    if case.last_day is None:
        return Notice(days, full, in_lieu=None)
    if case.last_day >= full:
        trail.say(
            "已提前{days}日书面通知，最早可在{full}结束。",
            "Notice of {days} days is given: the end may come on {full}.",
            LCL_40,
            value=full,
            days=days,
            full=full,
        )
        return Notice(days, full, in_lieu=False)
    if case.pay_in_lieu is None:
        trail.lacks("pay_in_lieu", "通知不足，是否另付一个月工资？", "Notice is short: is a month's wage paid instead?")
        return Notice(days, full, in_lieu=None)
    if case.pay_in_lieu:
        trail.say(
            "以额外支付一个月工资代替通知。", "A month's wage is paid in place of notice.", LCL_40, IR_20, value=0
        )
        return Notice(0, case.notice_arrived, in_lieu=True)
    weigh.closed = True
    trail.say(
        "通知不足{days}日，又不付代通知金：最早在{full}结束。",
        "Less than {days} days of notice and no wage in lieu: the end may come on {full} at the earliest.",
        LCL_40,
        value=full,
        days=days,
        full=full,
    )
    return Notice(days, full, in_lieu=False)


def _layoff(case: EndingCase, weigh: Open, trail: Trail) -> Notice:
    """Art. 41: explained 30 days before, the plan reported before the notices."""
    days = trail.days(LAYOFF_NOTICE_DAYS)
    _arrived(case, weigh, trail)
    if case.plan_reported_on is None:
        trail.lacks("plan_reported_on", "方案在哪一天报告劳动行政部门？", "On which day is the plan reported?")
    elif case.notice_arrived is not None and case.plan_reported_on > case.notice_arrived:
        weigh.closed = True
        trail.say("通知前没有报告裁减方案。", "The plan was not reported before the notice.", LCL_41)
    if case.staff_told_on is None:
        trail.lacks("staff_told_on", "在哪一天向工会或者全体职工说明情况？", "On which day is the staff told?")
        return Notice(days, None, in_lieu=False)
    full = case.staff_told_on + timedelta(days=days)
    late = case.last_day is not None and case.last_day < full
    weigh.closed = weigh.closed or late
    trail.say(
        "说明情况后不足{days}日：最早在{full}结束。" if late else "提前{days}日说明情况，最早在{full}结束。",
        "Less than {days} days after explaining: the end may come on {full} at the earliest."
        if late
        else "Explained {days} days before: the end may come on {full}.",
        LCL_41,
        value=full,
        days=days,
        full=full,
    )
    return Notice(days, full, in_lieu=False)


def _resignation(case: EndingCase, probation: bool | None, weigh: Open, trail: Trail) -> Notice:
    """Art. 37: 30 days, in probation 3; earlier when the employer agrees."""
    _arrived(case, weigh, trail)
    if probation is None:
        return Notice(None, None, in_lieu=False)
    days = trail.days(RESIGNATION_DAYS_PROBATION if probation else RESIGNATION_DAYS)
    if case.notice_arrived is None:
        return Notice(days, None, in_lieu=False)
    full = case.notice_arrived + timedelta(days=days)
    trail.say(
        "辞职通知到达后满{days}日，为{full}。",
        "{days} days after the resignation arrived is {full}.",
        LCL_37,
        value=full,
        days=days,
        full=full,
    )
    if case.last_day is not None and case.last_day < full:
        if case.shorter_notice_agreed is None:
            trail.lacks("shorter_notice_agreed", "双方是否同意提前离职？", "Is an earlier end agreed?")
        elif not case.shorter_notice_agreed:
            weigh.closed = True
            trail.say("没有同意提前，单位不能提前结束。", "Nobody agreed to an earlier end.", LCL_37)
    return Notice(days, full, in_lieu=False)


def _expiry(case: EndingCase, weigh: Open, trail: Trail) -> Notice:
    """Expiry takes no notice by national law; where a place asks for it, being late has its price."""
    days = int(trail.local_figure(EXPIRY_NOTICE_DAYS) or 0)
    if not days:
        trail.say("国家规定不要求期满提前通知。", "National law asks for no notice of expiry.", LCL_44_1)
        return Notice(0, None, in_lieu=False)
    if case.notice_arrived is None:
        trail.lacks("notice_arrived", "终止通知在哪一天到达？", "On which day does the notice of expiry arrive?")
        return Notice(days, None, in_lieu=False)
    full = case.notice_arrived + timedelta(days=days)
    late = case.last_day is not None and case.last_day < full
    trail.say(
        "当地要求期满提前{days}日通知，满期为{full}。",
        "Here {days} days of notice of expiry are asked for; they are over on {full}.",
        LCL_44_1,
        value=full,
        days=days,
        full=full,
    )
    trail.doubt(Confidence.LOCAL)
    if late:
        weigh.conditions.append(Words("期满通知晚了，按当地规定或者约定承担后果。", "The notice of expiry is late."))
    return Notice(days, full, in_lieu=False)


def union_duty(case: EndingCase, weigh: Open, trail: Trail) -> UnionDuty | None:
    """Labour Contract Law, Art. 43: who is told the reason before the decision, and whether that is done in time."""
    if case.ground.family not in UNILATERAL:
        return UnionDuty.NONE
    if case.union_exists is None:
        trail.lacks("union_exists", "单位有没有工会？", "Is there a union?")
        return None
    if not case.union_exists and not trail.figure(UNION_ABSENT_POLICY):
        trail.say("没有工会，当地不要求另行通知。", "There is no union, and nobody is told in its place here.", LCL_43)
        return UnionDuty.NONE
    duty = UnionDuty.UNION if case.union_exists else UnionDuty.STAFF_OR_HIGHER_UNION
    if case.union_told_on is None:
        trail.lacks("union_told_on", "在哪一天把理由通知工会？", "On which day is the union told the reason?")
    if case.decision_day is None:
        trail.lacks("decision_day", "在哪一天作出决定？", "On which day is the decision made?")
    limit = case.decision_day or case.notice_arrived
    if case.union_told_on is None or limit is None:
        return duty
    if case.union_told_on > limit:
        _told_late(case, duty, weigh, trail)
        return duty
    trail.say(
        "{told}通知工会，在{limit}决定之前。",
        "Told on {told}, before the decision of {limit}.",
        LCL_43,
        value=case.union_told_on,
        told=case.union_told_on,
        limit=limit,
    )
    if case.union_told_on == limit:
        trail.doubt(Confidence.PRACTICE)
        weigh.conditions.append(
            Words("同一天通知和决定：须能证明先通知。", "Told and decided on one day: prove that telling came first.")
        )
    return duty


def _told_late(case: EndingCase, duty: UnionDuty, weigh: Open, trail: Trail) -> None:
    """With a union the decision is unlawful until mended (Interpretation I, Art. 47); without one courts differ."""
    if duty is UnionDuty.UNION:
        weigh.closed = True
        trail.say(
            "决定在通知工会之前：应先通知、研究意见，再重新决定；起诉前可以补正。",
            "The decision came before the union was told: tell it, consider, decide anew; mendable until the lawsuit.",
            LCL_43,
            J1_47,
        )
        return
    trail.say(
        "没有工会，也没有事先通知职工代表或者上级工会：各地认识不一。",
        "There is no union, and nobody was told in its place beforehand: courts are divided.",
        LCL_43,
        J1_47,
    )
    trail.doubt(Confidence.PRACTICE)
    trail.ask_person()
    weigh.conditions.append(
        Words("补做通知并由法务判断。", "Tell those who stand for the union now, and let counsel judge.")
    )
