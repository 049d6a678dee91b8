"""Worked examples in free form, each put to the rule that answers it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from guiyan.kernel.results import Verdict
from guiyan.law.grounds import Ground
from guiyan.law.leave import LeaveExit, leave_at_exit
from guiyan.law.parameters import RULES_CHECKED_ON, statutory_parameters
from guiyan.law.probation import AgreedProbation, ContractKind, ContractTerm, probation_length
from guiyan.law.protection import ProtectedEnding, protection_gate
from guiyan.law.protection_table import ProtectedStatus
from guiyan.law.resignation import Consent, Withdrawal, resignation_withdrawal
from guiyan.law.retirement import LongService, RetirementCategory, seniority
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
