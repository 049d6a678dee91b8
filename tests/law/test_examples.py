"""Worked examples in free form, each put to the rule that answers it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from guiyan.kernel.results import Verdict
from guiyan.law.case_topics import Law
from guiyan.law.cases import CaseError, compute
from guiyan.law.grounds import Ground
from guiyan.law.leave import LeaveExit, leave_at_exit
from guiyan.law.parameters import RULES_CHECKED_ON, statutory_parameters
from guiyan.law.probation import AgreedProbation, ContractKind, ContractTerm, probation_length
from guiyan.law.protection import ProtectedEnding, protection_gate
from guiyan.law.protection_table import ProtectedStatus
from guiyan.law.resignation import Consent, Withdrawal, resignation_withdrawal
from guiyan.law.retirement import Birth, LongService, RetirementCategory, retirement_month, seniority
from guiyan.law.reviewed import reviewed_cases
from guiyan.law.reviewed.running import ask
from guiyan.law.reviewed.writing import plain
from guiyan.law.severance import (
    Art40Facts,
    Due,
    EndingFacts,
    SeveranceFacts,
    Tenure,
    art40_pay,
    severance_amount,
    severance_entitlement,
)
from guiyan.law.tax import SeveranceTaxFacts, severance_tax
from guiyan.law.wages import OvertimeFacts, UnsignedContractFacts, double_wage_window, overtime_pay

LAW: dict[str, Any] = {"as_of": RULES_CHECKED_ON, "region": None, "params": statutory_parameters()}
EXAMPLES = {
    case["id"]: case
    for case in map(json.loads, (Path(__file__).parent / "cases" / "examples.jsonl").read_text("utf-8").splitlines())
}


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _gate(ground: str, statuses: frozenset[ProtectedStatus], *, in_probation: bool | None) -> str:
    facts = ProtectedEnding(statuses, Ground(ground), in_probation, None, None, None, None)
    return str(protection_gate(facts, **LAW).value)


def _excess(inputs: dict[str, Any]) -> dict[str, Any]:
    contract = ContractTerm(ContractKind.FIXED, date(2026, 1, 1), date(2026, 12, 31))
    wage = Decimal(inputs["full_wage"])
    facts = AgreedProbation(contract, inputs["agreed_months"], None, date(2026, 3, 31), wage)
    length = probation_length(facts, **LAW).value
    return {"compensation": str(length.compensation) if length else None}


def _lawful_last_day(inputs: dict[str, Any]) -> dict[str, Any]:
    contract = ContractTerm(ContractKind.FIXED, _day(inputs["contract_start"]), _day(inputs["contract_end"]))
    length = probation_length(
        AgreedProbation(contract, inputs["agreed_probation_months"], None, None, None), **LAW
    ).value
    assert length is not None
    assert length.lawful_last_day is not None
    lawful = _day(inputs["dismissal_delivered"]) <= length.lawful_last_day
    return {"legal_probation_last_day": length.lawful_last_day.isoformat(), "lawful": lawful}


def _barred_in_probation(inputs: dict[str, Any]) -> dict[str, Any]:
    decision = _gate(inputs["ground"], frozenset(), in_probation=inputs["in_probation"])
    return {"lawful": decision != "PROHIBITED"}


def _long_service(inputs: dict[str, Any]) -> dict[str, Any]:
    born = _day(inputs["birth"] + "-01")
    facts = LongService(RetirementCategory(inputs["category"]), born, _day(inputs["hire_date"]), _day(inputs["on"]))
    found = seniority(facts, **LAW).value
    statuses = frozenset({ProtectedStatus.FIFTEEN_YEARS_FIVE_LEFT} if found.protected else ())
    decision = _gate(inputs["ground"], statuses, in_probation=False)
    return {
        "statutory_retirement_month": f"{found.retires_on:%Y-%m}",
        "within_5y": found.within_five_years,
        "decision": "NOT_BARRED_BY_42_5" if decision == "NOT_BARRED_BY_42" else decision,
    }


def _half_day(inputs: dict[str, Any]) -> dict[str, Any]:
    taken = Decimal(str(inputs["taken"]))
    facts = LeaveExit(date(2020, 1, 1), date(2026, 6, 30), Decimal(inputs["entitlement"]), taken, None)
    due = leave_at_exit(facts, **LAW).value
    assert due.calendar_days == inputs["calendar_days"]
    return {"unused_days": due.unused_days}


def _holiday(inputs: dict[str, Any]) -> dict[str, Any]:
    facts = OvertimeFacts(Decimal(inputs["monthly_base"]), Decimal(0), Decimal(0), Decimal(inputs["holiday_h"]))
    return {"pay": str(overtime_pay(facts, **LAW).value.holiday)}


def _three_annual_averages(inputs: dict[str, Any]) -> dict[str, Any]:
    annual = Decimal(inputs["local_avg_month"]) * 12
    due = severance_tax(SeveranceTaxFacts(Decimal(inputs["lump_sum"]), annual), **LAW).value
    return {"exempt_limit": f"{annual * 3:.2f}", "tax": f"{due.tax:.2f}"}


def _partial_month(inputs: dict[str, Any]) -> dict[str, Any]:
    facts = UnsignedContractFacts(
        _day(inputs["hire_date"]), _day(inputs["signed_date"]), Decimal(inputs["monthly_wage"])
    )
    window = double_wage_window(facts, **LAW).value
    assert window.extra_wage is None
    return {"from": str(window.first_day), "to": str(window.last_day)}


def _layoff_pay(inputs: dict[str, Any]) -> dict[str, Any]:
    """A layoff pays N and no wage in lieu of notice: only Art. 40 knows one."""
    due = severance_entitlement(EndingFacts(Ground(inputs["ground"]), None, None, None), **LAW).value
    tenure = Tenure(date(2021, 1, 1), date(2025, 12, 31))
    pay = severance_amount(SeveranceFacts(tenure, Decimal(inputs["avg12"]), None, None, 1), **LAW).value
    assert due is Due.N
    assert pay.n_months == inputs["years"]
    return {"severance": str(pay.amount)}


def _no_cap_in_lieu(inputs: dict[str, Any]) -> dict[str, Any]:
    local, wage = Decimal(inputs["local_avg_month"]), Decimal(inputs["last_month_wage"])
    severance = SeveranceFacts(Tenure(date(2021, 1, 1), date(2025, 12, 31)), wage, local, None, 1)
    pay = art40_pay(Art40Facts(severance, wage, notice_30d_given=False), **LAW).value
    assert pay.severance < wage * 5
    return {"pay_in_lieu": str(pay.pay_in_lieu)}


def _forced_at_the_old_age(inputs: dict[str, Any]) -> dict[str, Any]:
    born = _day(inputs["birth"] + "-01")
    retires = retirement_month(Birth(RetirementCategory(inputs["category"]), born), **LAW).value.month
    ended = _day(inputs["terminated_on"])
    return {"statutory_retirement_month": f"{retires:%Y-%m}", "lawful": ended >= retires}


def _time_off_given(inputs: dict[str, Any]) -> dict[str, Any]:
    without_time_off = Decimal(0) if inputs["comp_leave_given"] else Decimal(inputs["restday_h"])
    pay = overtime_pay(OvertimeFacts(Decimal(8700), Decimal(0), without_time_off, Decimal(0)), **LAW).value
    assert pay is not None
    return {"pay": str(pay.restday)}


def _a_whole_holiday(inputs: dict[str, Any]) -> dict[str, Any]:
    hours = Decimal(8 * inputs["holiday_days_worked"])
    pay = overtime_pay(OvertimeFacts(Decimal(inputs["monthly_wage"]), Decimal(0), Decimal(0), hours), **LAW).value
    assert pay is not None
    return {"extra": str(pay.holiday)}


ANSWERS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "PRO-16": _excess,
    "PRO-17": _lawful_last_day,
    "PRO-19": _barred_in_probation,
    "PRO-20": _barred_in_probation,
    "PRB-19": _long_service,
    "PRB-20": _long_service,
    "ALV-15": _half_day,
    "OT-06": _holiday,
    "TAX-11": _three_annual_averages,
    "DW-05": _partial_month,
    "SEV-C04": _layoff_pay,
    "SEV-C05": _no_cap_in_lieu,
    "PRB-21": _forced_at_the_old_age,
    "OT-05": _time_off_given,
    "OT-H1": _a_whole_holiday,
}


@pytest.mark.parametrize("name", ANSWERS)
def test_an_example_is_answered_as_expected(name: str) -> None:
    answer = ANSWERS[name](EXAMPLES[name]["inputs"])
    expected = EXAMPLES[name]["expected"]
    common = answer.keys() & expected.keys()
    assert common
    assert {key: answer[key] for key in common} == {key: expected[key] for key in common}


def test_five_years_before_retirement_are_counted_to_the_raised_age() -> None:
    """One day short of five years protects; exactly five does not; nor does a person already at the age."""
    born, hired = date(1969, 3, 15), date(2000, 1, 1)

    def near(on: date) -> bool:
        return seniority(LongService(RetirementCategory.M60, born, hired, on), **LAW).value.within_five_years

    assert not near(date(2025, 4, 15))
    assert near(date(2025, 4, 16))
    assert not near(date(2030, 4, 15))


def test_fifteen_years_are_full_on_their_last_day() -> None:
    def full(on: date) -> bool:
        facts = LongService(RetirementCategory.M60, date(1969, 3, 15), date(2011, 10, 1), on)
        return seniority(facts, **LAW).value.fifteen_years

    assert not full(date(2026, 9, 29))
    assert full(date(2026, 9, 30))


def test_the_story_of_a_stale_resignation() -> None:
    """Resigned, taken back by word to the manager who agreed, worked and paid for a month: the old exit is over."""
    known = replace(
        Withdrawal.nothing_known(),
        employer_consents=Consent.ORAL_AUTHORISED,
        planned_last_day=date(2026, 6, 9),
        still_working_on=date(2026, 7, 9),
        wages_paid=True,
        employer_objection=False,
    )
    finding = resignation_withdrawal(known, **LAW)
    assert finding.verdict is Verdict.PROHIBITED
    assert finding.value is not None
    assert finding.value.may_rely_on_resignation is False
    assert any("不能再办理" in condition.zh or "继续履行" in condition.zh for condition in finding.conditions)


def test_a_womans_former_age_of_retirement_is_never_guessed() -> None:
    """Example RET-16: the sex alone is no category."""
    law = Law(RULES_CHECKED_ON, None, statutory_parameters())
    with pytest.raises(CaseError, match="category must be one of M60, F55, F50"):
        compute("retirement", {"category": "F", "birth_year": 1972, "birth_month": 3}, law)


BY_COMMAND = {"RET-16"}
NOT_RUN = dict(
    line.split(": ", 1)
    for line in (Path(__file__).parent / "cases" / "examples_not_run.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
)
BY_RULE = {case.example: case for case in reviewed_cases() if case.example is not None}


def test_every_example_is_run_or_named_with_a_reason() -> None:
    run = ANSWERS.keys() | BY_RULE.keys() | BY_COMMAND
    assert run | NOT_RUN.keys() == EXAMPLES.keys()
    assert not run & NOT_RUN.keys()
    assert all(len(reason) > 20 for reason in NOT_RUN.values())


TWO_RULES = {"ALV-14", "SEV-A06"}
"""Examples whose amount comes from a second rule."""


def test_an_average_of_four_months_pays_half_a_month() -> None:
    """Example SEV-A06: the average goes into the severance."""
    facts = SeveranceFacts(Tenure(date(2026, 1, 1), date(2026, 4, 30)), Decimal(10000), None, None, 1)
    pay = severance_amount(facts, **LAW).value
    assert (str(pay.n_months), str(pay.amount)) == ("0.5", EXAMPLES["SEV-A06"]["expected"]["amount"])


@pytest.mark.parametrize("name", sorted(BY_RULE.keys() - TWO_RULES))
def test_the_days_and_amounts_of_an_example_are_in_its_answer(name: str) -> None:
    """The wording of the examples is free; their days and amounts are not."""
    expected = [value for value in EXAMPLES[name]["expected"].values() if isinstance(value, str)]
    exact = [value for value in expected if re.fullmatch(r"\d{4}-\d\d-\d\d|\d+\.\d\d", value)]
    value = ask(BY_RULE[name], statutory_parameters()).value
    shown = str([plain(getattr(value, one.name)) for one in fields(value)] if is_dataclass(value) else [plain(value)])
    told = re.sub(r"datetime\.date\((\d+), (\d+), (\d+)\)", _iso, shown)
    assert all(one in told for one in exact), (exact, told)


def _iso(day: re.Match[str]) -> str:
    return date(*map(int, day.groups())).isoformat()
