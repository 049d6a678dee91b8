"""The topics that a file of cases may name: how the inputs become facts, which rule answers, how the answer prints.

The keys and words are the public contract of `guiyan law cases` (docs/law/README.md); they are not renamed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Protocol, TypeAlias, TypeVar

from guiyan.kernel.money import as_text
from guiyan.kernel.results import Finding, Reasoned
from guiyan.law import (
    dual_employment,
    leave,
    medical,
    noncompete,
    periods,
    probation,
    protection,
    resignation,
    retirement,
    severance,
    tax,
    wages,
)
from guiyan.law.case_inputs import YEAR_MAX, YEAR_MIN, CaseInputs
from guiyan.law.delivery import delivery_validity
from guiyan.law.delivery_case import read_attempt
from guiyan.law.grounds import Ground, Party
from guiyan.law.parameters import Parameters
from guiyan.law.protection_table import ProtectedStatus

Json: TypeAlias = str | int | bool | list["Json"] | dict[str, "Json"] | None
F_contra = TypeVar("F_contra", contravariant=True)
R_co = TypeVar("R_co", covariant=True)
F = TypeVar("F")
R = TypeVar("R")


class Rule(Protocol[F_contra, R_co]):
    """The shape of every rule: facts, a day, a place, figures in; a reasoned answer out."""

    def __call__(self, facts: F_contra, /, *, as_of: date, region: str | None, params: Parameters) -> R_co: ...


@dataclass(frozen=True, slots=True)
class Law:
    """The law to apply: its day, its place and its figures."""

    as_of: date
    region: str | None
    params: Parameters

    def ask(self, rule: Rule[F, R], facts: F) -> R:
        """The answer of a rule."""
        return rule(facts, as_of=self.as_of, region=self.region, params=self.params)


@dataclass(frozen=True, slots=True)
class Answer:
    """The printed result of a case and the reasoning behind it."""

    result: Mapping[str, Json]
    reasoned: Reasoned


Topic: TypeAlias = Callable[[CaseInputs, Law], Answer]


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _plain(number: Decimal) -> str:
    """A count of months such as 15.5 or 13, without trailing zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _money(amount: Decimal | None) -> str | None:
    return None if amount is None else as_text(amount)


def _calculated(found: Reasoned, result: Mapping[str, Json]) -> Answer:
    """A calculation prints its values, and its verdict too when a fact was missing."""
    return _judged(found, result) if isinstance(found, Finding) else Answer(result, found)


def _judged(finding: Finding[R], result: Mapping[str, Json]) -> Answer:
    """A finding prints its verdict, and what is missing when it is INDETERMINATE."""
    judged: dict[str, Json] = {**result, "verdict": finding.verdict.value}
    if finding.missing:
        judged["missing"] = [missing.fact for missing in finding.missing]
    return Answer(judged, finding)


def _period_days(inputs: CaseInputs, law: Law) -> Answer:
    start, days = inputs.day("start_event"), inputs.whole("days")
    inputs.check()
    found = law.ask(periods.last_day_of_period, periods.DayPeriod(start, days))
    return Answer({"last_day": found.value.isoformat()}, found)


def _probation_max(inputs: CaseInputs, law: Law) -> Answer:
    kind = inputs.choice("kind", probation.ContractKind)
    start, end = inputs.optional_day("start"), inputs.optional_day("end")
    inputs.check()
    found = law.ask(probation.probation_max, probation.ContractTerm(kind, start, end))
    result: dict[str, Json] = {"max_months": found.value}
    return _calculated(found, result)


def _probation_last_day(inputs: CaseInputs, law: Law) -> Answer:
    start, months = inputs.day("start"), inputs.whole("months")
    inputs.check()
    found = law.ask(probation.probation_last_day, probation.ProbationStart(start, months))
    return Answer({"probation_last_day": _iso(found.value)}, found)


def _probation_wage_floor(inputs: CaseInputs, law: Law) -> Answer:
    amounts = [inputs.number(key) for key in ("lowest_same_post", "agreed", "min_wage")]
    inputs.check()
    found = law.ask(probation.probation_wage_floor, probation.ProbationWages(*amounts))
    floors = found.value
    result: dict[str, Json] = {
        "literal_floor": _money(floors.literal_floor),
        "conservative_floor": _money(floors.conservative_floor),
    }
    return Answer(result, found)


def _prohibited_termination(inputs: CaseInputs, law: Law) -> Answer:
    facts = protection.ProtectedEnding(
        statuses=inputs.choices("status", ProtectedStatus),
        ground=inputs.choice("ground", Ground),
        in_probation=inputs.optional_flag("in_probation"),
        child_birth=inputs.optional_day("child_birth"),
        contract_end=inputs.optional_day("contract_end"),
        union_term_end=inputs.optional_day("term_end"),
        proposed_by=inputs.optional_choice("proposed_by", Party),
    )
    inputs.check()
    found = law.ask(protection.protection_gate, facts)
    return _judged(found, {"decision": str(found.value)})


def _delivery_validity(inputs: CaseInputs, law: Law) -> Answer:
    attempt = read_attempt(inputs)
    inputs.check()
    found = law.ask(delivery_validity, attempt())
    delivery = found.value
    grade = delivery.grade.value if delivery and delivery.grade else None
    return _judged(found, {"effective_at": _iso(delivery.effective_at if delivery else None), "grade": grade})


_CASE_CHANNELS = [channel for channel in resignation.NoticeChannel if channel is not resignation.NoticeChannel.APP]


def _resignation_withdrawal(inputs: CaseInputs, law: Law) -> Answer:
    withdrawal_asserted = inputs.given("withdrawal")
    facts = resignation.Withdrawal(
        resignation_sent=inputs.optional_when("resignation_sent"),
        resignation_arrived=inputs.optional_when("resignation_arrived"),
        withdrawal_made=None if isinstance(inputs.raw("withdrawal"), bool) else inputs.optional_when("withdrawal"),
        withdrawal_arrived=inputs.optional_when("withdrawal_arrived"),
        withdrawal_asserted=withdrawal_asserted,
        employer_consents=_consent(inputs),
        employer_approved=inputs.happened("employer_approved"),
        approval_flow_complete=inputs.happened("approval_flow_complete"),
        manager_refused=inputs.happened("manager_refusal"),
        system_mail_says_revoked=inputs.happened("auto_system_mail_revoked"),
        planned_last_day=inputs.optional_day("planned_last_day"),
        still_working_on=inputs.optional_day("still_working_on"),
        wages_paid=inputs.happened("wages_paid"),
        employer_objection=inputs.happened("employer_objection"),
        continued_attendance=inputs.happened("continued_attendance"),
        form=inputs.optional_choice("form", resignation.NoticeForm),
        channel=inputs.optional_choice("channel", resignation.NoticeChannel, _CASE_CHANNELS),
        content_explicit=inputs.optional_flag("content_explicit"),
        identity_confirmed=inputs.optional_flag("identity_confirmed"),
        in_probation=inputs.optional_flag("in_probation"),
    )
    inputs.check()
    found = law.ask(resignation.resignation_withdrawal, facts)
    ruling = found.value
    result: dict[str, Json] = {
        "withdrawal_effective": ruling.withdrawal_effective if ruling else None,
        "is_written_notice": ruling.is_written_notice if ruling else None,
        "may_rely_on_resignation": ruling.may_rely_on_resignation if ruling else None,
        "flag": ruling.flag.value if ruling and ruling.flag else None,
    }
    return _judged(found, result)


def _consent(inputs: CaseInputs) -> resignation.Consent | None:
    if inputs.raw("employer_consents") is False:
        return resignation.Consent.REFUSED
    words = [resignation.Consent.WRITTEN, resignation.Consent.ORAL_AUTHORISED]
    return inputs.optional_choice("employer_consents", resignation.Consent, words)


def _tenure(inputs: CaseInputs) -> Callable[[], severance.Tenure]:
    hire_date, last_day = inputs.day("hire_date"), inputs.day("last_day")
    return lambda: severance.Tenure(hire_date, last_day)


def _severance_tenure(inputs: CaseInputs, law: Law) -> Answer:
    tenure = _tenure(inputs)
    inputs.check()
    found = law.ask(severance.severance_months, tenure())
    return Answer({"n_months": _plain(found.value)}, found)


def _severance_facts(inputs: CaseInputs) -> Callable[[], severance.SeveranceFacts]:
    tenure, avg12 = _tenure(inputs), inputs.number("avg12")
    local_avg, min_wage = inputs.optional_number("local_avg_month"), inputs.optional_number("min_wage")
    multiple = inputs.optional_whole("multiple")
    return lambda: severance.SeveranceFacts(tenure(), avg12, local_avg, min_wage, 1 if multiple is None else multiple)


def _severance_amount(inputs: CaseInputs, law: Law) -> Answer:
    facts = _severance_facts(inputs)
    inputs.check()
    found = law.ask(severance.severance_amount, facts())
    pay = found.value
    result: dict[str, Json] = {
        "n_months": _plain(pay.n_months),
        "base": _money(pay.base),
        "amount": _money(pay.amount),
        "capped": pay.capped,
    }
    return Answer(result, found)


def _art40(inputs: CaseInputs, law: Law) -> Answer:
    facts = _severance_facts(inputs)
    last_month, noticed = inputs.number("last_month_wage"), inputs.flag("notice_30d_given")
    inputs.check()
    found = law.ask(severance.art40_pay, severance.Art40Facts(facts(), last_month, noticed))
    pay = found.value
    result: dict[str, Json] = {
        "severance": _money(pay.severance),
        "pay_in_lieu": _money(pay.pay_in_lieu),
        "total": _money(pay.total),
    }
    return Answer(result, found)


def _severance_entitlement(inputs: CaseInputs, law: Law) -> Answer:
    facts = severance.EndingFacts(
        ground=inputs.choice("ground", Ground),
        proposed_by=inputs.optional_choice("proposed_by", Party),
        employer_offer=inputs.optional_choice("employer_offer", severance.RenewalOffer),
        employee_refuses=inputs.optional_flag("employee_refuses"),
    )
    inputs.raw("fact")
    inputs.check()
    found = law.ask(severance.severance_entitlement, facts)
    return _judged(found, {"due": found.value.value if found.value else None})


def _double_wage(inputs: CaseInputs, law: Law) -> Answer:
    hire_date, signed = inputs.day("hire_date"), inputs.nullable_day("signed_date")
    wage = inputs.optional_number("monthly_wage")
    inputs.check()
    found = law.ask(wages.double_wage_window, wages.UnsignedContractFacts(hire_date, signed, wage))
    window = found.value
    assert window is not None
    result: dict[str, Json] = {
        "from": _iso(window.first_day),
        "to": _iso(window.last_day),
        "extra_wage": _money(window.extra_wage),
    }
    return _calculated(found, result)


def _tax_severance(inputs: CaseInputs, law: Law) -> Answer:
    lump_sum, average = inputs.number("lump_sum"), inputs.number("local_avg_annual")
    inputs.check()
    found = law.ask(tax.severance_tax, tax.SeveranceTaxFacts(lump_sum, average))
    due = found.value
    result: dict[str, Json] = {"taxable": _money(due.taxable), "tax": _money(due.tax), "net": _money(due.net)}
    return Answer(result, found)


def _tax_cumulative(inputs: CaseInputs, law: Law) -> Answer:
    rows = inputs.rows("months")
    months = tuple(tax.PayMonth(row.number("gross"), row.number("si"), row.number("special")) for row in rows)
    inputs.absorb("months", rows)
    inputs.check()
    found = law.ask(tax.cumulative_withholding, months)
    return Answer({"withheld": [as_text(amount) for amount in found.value]}, found)


def _leave_entitlement(inputs: CaseInputs, law: Law) -> Answer:
    years = inputs.number("cumulative_years")
    inputs.check()
    found = law.ask(leave.annual_leave_days, years)
    return Answer({"days": found.value}, found)


def _leave_new_hire(inputs: CaseInputs, law: Law) -> Answer:
    start, entitlement = inputs.day("start"), inputs.number("entitlement")
    inputs.check()
    found = law.ask(leave.new_hire_leave, leave.NewHire(start, entitlement))
    return Answer({"remaining_days": found.value.remaining_days, "days": found.value.days}, found)


def _leave_exit(inputs: CaseInputs, law: Law) -> Answer:
    first_day, last_day = inputs.day("first_day"), inputs.day("last_day")
    entitlement, taken = inputs.number("entitlement"), inputs.number("taken")
    average = inputs.optional_number("avg12_excl_ot")
    inputs.check()
    found = law.ask(leave.leave_at_exit, leave.LeaveExit(first_day, last_day, entitlement, taken, average))
    due = found.value
    assert due is not None
    result: dict[str, Json] = {
        "calendar_days": due.calendar_days,
        "unused_days": due.unused_days,
        "extra_pay_200pct": _money(due.extra_pay),
    }
    return _calculated(found, result)


def _overtime(inputs: CaseInputs, law: Law) -> Answer:
    base = inputs.number("monthly_base")
    hours = [inputs.optional_number(key) for key in ("workday_h", "restday_h_no_comp", "holiday_h")]
    inputs.check()
    found = law.ask(wages.overtime_pay, wages.OvertimeFacts(base, *hours))
    pay = found.value
    assert pay is not None
    result: dict[str, Json] = {
        "workday": _money(pay.workday),
        "restday": _money(pay.restday),
        "holiday": _money(pay.holiday),
        "total": _money(pay.total),
    }
    return _calculated(found, result)


def _medical_period(inputs: CaseInputs, law: Law) -> Answer:
    total, here = inputs.number("total_years"), inputs.number("unit_years")
    inputs.check()
    found = law.ask(medical.medical_period, medical.WorkYears(total, here))
    return Answer({"months": found.value.months, "window_months": found.value.window_months}, found)


def _retirement(inputs: CaseInputs, law: Law) -> Answer:
    category = inputs.choice("category", retirement.RetirementCategory)
    year, month = inputs.whole_between("birth_year", YEAR_MIN, YEAR_MAX), inputs.whole_between("birth_month", 1, 12)
    inputs.check()
    found = law.ask(retirement.retirement_month, retirement.Birth(category, date(year, month, 1)))
    age = found.value
    result: dict[str, Json] = {
        "retire_month": f"{age.month:%Y-%m}",
        "age": f"{age.age_years}y{age.age_months}m",
        "delay_months": age.delay_months,
    }
    return Answer(result, found)


def _noncompete(inputs: CaseInputs, law: Law) -> Answer:
    avg12, months, min_wage = inputs.number("avg12"), inputs.whole("agreed_months"), inputs.number("min_wage")
    inputs.check()
    found = law.ask(noncompete.noncompete_pay, noncompete.NonCompeteFacts(avg12, months, min_wage))
    pay = found.value
    result: dict[str, Json] = {
        "months": pay.months,
        "monthly_exact": _money(pay.monthly),
        "total_unrounded": _money(pay.total_unrounded),
        "total_monthly_rounded": _money(pay.total_monthly_rounded),
    }
    return Answer(result, found)


def _deduction_cap(inputs: CaseInputs, law: Law) -> Answer:
    amounts = [inputs.number(key) for key in ("month_wage", "loss", "min_wage")]
    inputs.check()
    found = law.ask(wages.deduction_cap, wages.DeductionFacts(*amounts))
    return Answer({"max_deduction": _money(found.value)}, found)


def _late_fee(inputs: CaseInputs, law: Law) -> Answer:
    owed, days = inputs.number("owed"), inputs.whole("days")
    inputs.check()
    found = law.ask(wages.late_fee, wages.LateFeeFacts(owed, days))
    return Answer({"fee": _money(found.value)}, found)


def _dual_employment(inputs: CaseInputs, law: Law) -> Answer:
    corrected = inputs.happened("corrected")
    facts = dual_employment.SecondEmployment(
        si_record_elsewhere=inputs.optional_flag("si_record_elsewhere"),
        second_employment_proven=inputs.optional_flag("second_employment_proven"),
        second_engagement=inputs.optional_choice("second_engagement", dual_employment.Engagement),
        demand_made=inputs.happened("demand_made"),
        written_demand=inputs.optional_day("written_demand"),
        deadline=inputs.optional_day("deadline"),
        corrected=corrected,
        corrected_on=None if isinstance(inputs.raw("corrected"), bool) else inputs.optional_day("corrected"),
        serious_effect_evidence=inputs.optional_flag("serious_effect_evidence"),
        forged_prior_separation_certificate=inputs.optional_flag("forged_prior_separation_certificate"),
        employer_relied=inputs.optional_flag("employer_relied"),
    )
    inputs.check()
    found = law.ask(dual_employment.dual_employment, facts)
    ruling = found.value
    result: dict[str, Json] = {
        "lawful_39_4": ruling.lawful_39_4 if ruling else None,
        "lawful_39_5": ruling.lawful_39_5 if ruling else None,
    }
    return _judged(found, result)


TOPICS: Mapping[str, Topic] = MappingProxyType(
    {
        "severance.tenure": _severance_tenure,
        "severance.amount": _severance_amount,
        "art40.n_plus_1": _art40,
        "severance.entitlement": _severance_entitlement,
        "probation.max": _probation_max,
        "probation.last_day": _probation_last_day,
        "probation.wage_floor": _probation_wage_floor,
        "double_wage.window": _double_wage,
        "period.days": _period_days,
        "tax.severance": _tax_severance,
        "tax.cumulative": _tax_cumulative,
        "annual_leave.entitlement": _leave_entitlement,
        "annual_leave.new_hire": _leave_new_hire,
        "annual_leave.exit": _leave_exit,
        "overtime.pay": _overtime,
        "medical_period": _medical_period,
        "retirement": _retirement,
        "noncompete.comp": _noncompete,
        "wage.deduction_cap": _deduction_cap,
        "si.late_fee": _late_fee,
        "prohibited_termination": _prohibited_termination,
        "dual_employment": _dual_employment,
        "delivery.validity": _delivery_validity,
        "resignation.withdrawal": _resignation_withdrawal,
    }
)
"""Every topic by its public name."""
