"""What an employer owes about the contract itself: open-ended terms, renewals, and whether a second wage is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from guiyan.kernel.calendar import add_months
from guiyan.kernel.results import Confidence, Finding, Verdict
from guiyan.kernel.service import whole_months
from guiyan.law.citations import Cite
from guiyan.law.parameters import Parameters
from guiyan.law.trail import Trail

LCL_14_2 = Cite("LCL", 14, 2)
LCL_14_3 = Cite("LCL", 14, 3)
LCL_82 = Cite("LCL", 82)
J2_7 = Cite("J2", 7)
J2_8 = Cite("J2", 8)
J2_10 = Cite("J2", 10)
J2_11 = Cite("J2", 11)
MONTHS_OF_TEN_YEARS = 120
MONTHS_OF_YEAR = 12
FIXED_TERMS = 2


class OpenEndedDuty(StrEnum):
    """Whether an open-ended contract must be concluded, and why."""

    TEN_YEARS = "ten_years"
    TWO_TERMS = "two_terms"
    DEEMED_AFTER_YEAR = "deemed_after_year"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class ServiceHere:
    """Facts of the duty to conclude an open-ended contract. None: unknown.

    `hire_date` begins the unbroken service, `on` is the day asked about. `fixed_terms` counts the fixed-term contracts
    one after another, deemed renewals included. `signed` says whether there is a written contract. `barred_ground`:
    a case of Arts. 39, 40(1) or 40(2). `employee_wants_fixed`: the employee asked for a fixed term.
    """

    hire_date: date | None
    on: date | None
    signed: bool | None
    fixed_terms: int | None
    barred_ground: bool | None
    employee_wants_fixed: bool | None


@dataclass(frozen=True, slots=True)
class Renewal:
    """How a term went on without a new contract. None: unknown.

    `months_extended` adds up agreed extensions; `renewed_by_clause`: it renewed itself as agreed; `entity_changed`: the
    employer changed the signing company while place and work stayed; `other_device`: another evasion in bad faith.
    """

    months_extended: int | None
    renewed_by_clause: bool | None
    entity_changed: bool | None
    other_device: bool | None


@dataclass(frozen=True, slots=True)
class AfterExpiry:
    """The last day of an expired term, the day until which work went on, and whether the employer objected."""

    term_end: date | None
    worked_until: date | None
    employer_objected: bool | None


class SecondWageClaim(StrEnum):
    """What a double wage is claimed for."""

    NO_WRITTEN_CONTRACT = "no_written_contract"
    NO_OPEN_ENDED_CONTRACT = "no_open_ended_contract"
    UNFINISHED_EXIT = "unfinished_exit"


@dataclass(frozen=True, slots=True)
class SecondWage:
    """What is claimed, and the employer's defences. None: unknown.

    `extended_by_law`: the term ran on by Art. 45 or an agreement to extend; `employee_refused`: the employee kept the
    contract from being written on purpose or by gross negligence; `force_majeure`.
    """

    claim: SecondWageClaim
    extended_by_law: bool | None
    employee_refused: bool | None
    force_majeure: bool | None


def open_ended_duty(
    facts: ServiceHere, *, as_of: date, region: str | None, params: Parameters
) -> Finding[OpenEndedDuty | None]:
    """Labour Contract Law, Art. 14(2) and (3): must an open-ended contract be concluded when the employee asks?

    After ten unbroken years, after two fixed terms (without a case of Arts. 39, 40(1), 40(2)), and after a year without
    a written contract, which then counts as open-ended. ALLOWED whatever the answer; the value says which.
    """
    trail = Trail(as_of=as_of, region=region, params=params)
    months = _months_here(facts, trail)
    if facts.employee_wants_fixed:
        return _no_duty(trail, "员工要求订立固定期限合同。", "The employee asked for a fixed term.")
    if months is not None and months >= MONTHS_OF_TEN_YEARS:
        trail.say("连续工作满十年。", "Ten unbroken years are full.", LCL_14_2, value=OpenEndedDuty.TEN_YEARS.value)
        return _settled(facts, trail, OpenEndedDuty.TEN_YEARS)
    if months is not None and months >= MONTHS_OF_YEAR and facts.signed is False:
        trail.say(
            "满一年未订立书面合同，视为已订立无固定期限合同。",
            "A year without a written contract: it counts as open-ended.",
            LCL_14_3,
            value=OpenEndedDuty.DEEMED_AFTER_YEAR.value,
        )
        return trail.finding(Verdict.ALLOWED, OpenEndedDuty.DEEMED_AFTER_YEAR)
    return _by_terms(facts, trail)


def _months_here(facts: ServiceHere, trail: Trail) -> int | None:
    if facts.hire_date is None or facts.on is None:
        return None
    months = whole_months(facts.hire_date, facts.on)
    trail.say(f"在本单位连续工作{months}个月。", f"{months} unbroken months here.", LCL_14_2, value=str(months))
    return months


def _no_duty(trail: Trail, zh: str, en: str) -> Finding[OpenEndedDuty | None]:
    trail.say(zh, en, LCL_14_2, value=OpenEndedDuty.NONE.value)
    return trail.finding(Verdict.ALLOWED, OpenEndedDuty.NONE)


def _settled(facts: ServiceHere, trail: Trail, duty: OpenEndedDuty) -> Finding[OpenEndedDuty | None]:
    if facts.employee_wants_fixed is None:
        trail.lacks("employee_wants_fixed", "员工要求订立固定期限合同吗？", "Did the employee ask for a fixed term?")
        return trail.finding(Verdict.INDETERMINATE, duty)
    return trail.finding(Verdict.ALLOWED, duty)


def _by_terms(facts: ServiceHere, trail: Trail) -> Finding[OpenEndedDuty | None]:
    for fact, value, zh, en in (
        ("hire_date", facts.hire_date, "从哪一天开始连续工作？", "On which day did the unbroken service begin?"),
        ("on", facts.on, "问的是哪一天？", "Which day is asked about?"),
        ("signed", facts.signed, "订立了书面合同吗？", "Is there a written contract?"),
        ("fixed_terms", facts.fixed_terms, "连续订立了几次固定期限合同？", "How many fixed terms in a row?"),
    ):
        if value is None:
            trail.lacks(fact, zh, en)
    if facts.fixed_terms is None or facts.fixed_terms < FIXED_TERMS:
        if trail.missing:
            return trail.finding(Verdict.INDETERMINATE, None)
        return _no_duty(trail, "不满十年，也没有连续订立二次固定期限合同。", "Neither ten years nor two fixed terms.")
    if facts.barred_ground is None:
        trail.lacks(
            "barred_ground", "有第三十九条或者第四十条第一、二项情形吗？", "Is it a case of Arts. 39, 40(1), 40(2)?"
        )
        return trail.finding(Verdict.INDETERMINATE, None)
    if facts.barred_ground:
        if trail.missing:
            return trail.finding(Verdict.INDETERMINATE, None)
        return _no_duty(trail, "有第三十九条或者第四十条第一、二项情形。", "A case of Arts. 39, 40(1) or 40(2).")
    trail.say(
        "连续订立二次固定期限合同；单位能否在第二次期满时终止，各地做法不同。",
        "Two fixed terms in a row; whether the employer may let the second expire differs by place.",
        LCL_14_2,
        value=OpenEndedDuty.TWO_TERMS.value,
    )
    trail.doubt(Confidence.LOCAL)
    trail.ask_person()
    return _settled(facts, trail, OpenEndedDuty.TWO_TERMS)


def deemed_renewal(facts: Renewal, *, as_of: date, region: str | None, params: Parameters) -> Finding[bool | None]:
    """Interpretation (II), Art. 10: does a term that went on count as a second fixed-term contract?

    Extensions of a year or more in all, renewal by a clause, a change of the signing company with the same work, or
    another evasion in bad faith.
    """
    trail = Trail(as_of=as_of, region=region, params=params)
    extended = None if facts.months_extended is None else facts.months_extended >= MONTHS_OF_YEAR
    reasons = (
        ("months_extended", extended, "协商延长累计一年以上", "extensions of a year or more in all"),
        ("renewed_by_clause", facts.renewed_by_clause, "按约定自动续延", "renewal by a clause of the contract"),
        (
            "entity_changed",
            facts.entity_changed,
            "变更订立主体而地点和工作不变",
            "another signing company, the same work",
        ),
        ("other_device", facts.other_device, "以其他违背诚信的方式规避", "another evasion in bad faith"),
    )
    for _, holds, zh, en in reasons:
        if holds:
            trail.say(f"{zh}：视为再次订立。", f"It counts as a further contract: {en}.", J2_10, value="true")
            return trail.finding(Verdict.ALLOWED, value=True)
    for fact, holds, zh, en in reasons:
        if holds is None:
            trail.lacks(fact, f"有{zh}的情形吗？", f"Is there {en}?")
    if trail.missing:
        return trail.finding(Verdict.INDETERMINATE, None)
    trail.say("没有视为再次订立的情形。", "Nothing makes it a further contract.", J2_10, value="false")
    return trail.finding(Verdict.ALLOWED, value=False)


def work_after_expiry(
    facts: AfterExpiry, *, as_of: date, region: str | None, params: Parameters
) -> Finding[bool | None]:
    """Interpretation (II), Art. 11: may the employee ask for a renewal on the old terms after working on?

    More than a month after expiry without the employer's objection; ending it freely is then no longer open.
    """
    trail = Trail(as_of=as_of, region=region, params=params)
    for fact, value, zh, en in (
        ("term_end", facts.term_end, "合同哪一天期满？", "On which day did the term expire?"),
        ("worked_until", facts.worked_until, "继续工作到哪一天？", "Until which day did work go on?"),
        ("employer_objected", facts.employer_objected, "单位提出过异议吗？", "Did the employer object?"),
    ):
        if value is None:
            trail.lacks(fact, zh, en)
    if facts.term_end is None or facts.worked_until is None or facts.employer_objected is None:
        return trail.finding(Verdict.INDETERMINATE, None)
    entitled = facts.worked_until > add_months(facts.term_end, 1) and not facts.employer_objected
    trail.say(
        "期满后继续工作超过一个月而单位未表示异议，可以请求按原条件续订。"
        if entitled
        else "没有超过一个月，或者单位已经表示异议。",
        "Work went on for more than a month without objection: renewal on the old terms may be asked for."
        if entitled
        else "It was no more than a month, or the employer objected.",
        J2_11,
        value=str(entitled).lower(),
    )
    return trail.finding(Verdict.ALLOWED, entitled)


def second_wage_due(facts: SecondWage, *, as_of: date, region: str | None, params: Parameters) -> Finding[bool | None]:
    """Labour Contract Law, Art. 82; Interpretation (II), Arts. 7 and 8: is a second wage due at all?

    Only for a contract that was not written or not made open-ended; never for unfinished exit papers.
    """
    trail = Trail(as_of=as_of, region=region, params=params)
    if facts.claim is SecondWageClaim.UNFINISHED_EXIT:
        trail.say(
            "二倍工资只适用于未订立书面合同或者应订未订无固定期限合同；手续未办结的，承担改正和赔偿损失的责任。",
            "It is due for a missing contract only; unfinished papers oblige to make good and to pay damages.",
            LCL_82,
            Cite("LCL", 89),
            value="false",
        )
        return trail.finding(Verdict.PROHIBITED, value=False)
    defences = (
        ("extended_by_law", facts.extended_by_law, J2_8, "合同依法续延", "the term ran on by law"),
        ("employee_refused", facts.employee_refused, J2_7, "员工故意或者重大过失不订立", "the employee would not sign"),
        ("force_majeure", facts.force_majeure, J2_7, "因不可抗力未订立", "force majeure prevented it"),
    )
    for _, holds, cite, zh, en in defences:
        if holds:
            trail.say(f"{zh}，不付二倍工资。", f"No second wage: {en}.", cite, value="false")
            return trail.finding(Verdict.PROHIBITED, value=False)
    for fact, holds, _, zh, en in defences:
        if holds is None:
            trail.lacks(fact, f"{zh}，是否如此？", f"Is this so: {en}?")
    if trail.missing:
        return trail.finding(Verdict.INDETERMINATE, None)
    trail.say("应付二倍工资。", "A second wage is due.", LCL_82, value="true")
    return trail.finding(Verdict.ALLOWED, value=True)
