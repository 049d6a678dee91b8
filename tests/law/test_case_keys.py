"""Every input of every topic: what is required fails by name, what is optional is unknown, what is wrong is refused."""

from __future__ import annotations

from typing import Any

import pytest

from guiyan.law.case_topics import TOPICS, Answer, Law
from guiyan.law.cases import CaseError, compute
from guiyan.law.parameters import RULES_CHECKED_ON, statutory_parameters

LAW = Law(RULES_CHECKED_ON, None, statutory_parameters())
SERVICE = {"hire_date": "2019-07-15", "last_day": "2024-02-14"}
SEVERANCE = {**SERVICE, "avg12": "20000", "local_avg_month": "6000", "min_wage": "2420"}
SOUND: dict[str, dict[str, Any]] = {
    "severance.tenure": SERVICE,
    "severance.amount": {**SEVERANCE, "multiple": 2},
    "art40.n_plus_1": {**SEVERANCE, "last_month_wage": 21000, "notice_30d_given": False},
    "severance.entitlement": {
        "ground": "44(1)",
        "proposed_by": "employer",
        "employer_offer": "worse",
        "employee_refuses": True,
    },
    "probation.max": {"kind": "fixed", "start": "2026-01-01", "end": "2026-12-31"},
    "probation.last_day": {"start": "2026-01-15", "months": 2},
    "probation.wage_floor": {"lowest_same_post": 6000, "agreed": 10000, "min_wage": 2540},
    "double_wage.window": {"hire_date": "2025-09-01", "signed_date": "2026-02-01", "monthly_wage": 12000},
    "period.days": {"start_event": "2026-03-01", "days": 30},
    "tax.severance": {"lump_sum": 800000, "local_avg_annual": 188413},
    "tax.cumulative": {"months": [{"gross": 30000, "si": 4500, "special": 2000}]},
    "annual_leave.entitlement": {"cumulative_years": "9.5"},
    "annual_leave.new_hire": {"start": "2026-09-01", "entitlement": 5},
    "annual_leave.exit": {
        "first_day": "2023-07-01",
        "last_day": "2026-06-30",
        "entitlement": 5,
        "taken": 1,
        "avg12_excl_ot": 21750,
    },
    "overtime.pay": {"monthly_base": 8700, "workday_h": 10, "restday_h_no_comp": 8, "holiday_h": 8},
    "medical_period": {"total_years": 12, "unit_years": 3},
    "retirement": {"category": "M60", "birth_year": 1975, "birth_month": 6},
    "noncompete.comp": {"avg12": "17434.48", "agreed_months": 36, "min_wage": 2540},
    "wage.deduction_cap": {"month_wage": 6000, "loss": 5000, "min_wage": 2540},
    "si.late_fee": {"owed": 10000, "days": 30},
    "prohibited_termination": {"status": [], "ground": "40(3)", "in_probation": False},
    "dual_employment": {
        "second_employment_proven": True,
        "written_demand": "2026-03-01",
        "deadline": "2026-03-06",
        "corrected": False,
        "serious_effect_evidence": False,
        "forged_prior_separation_certificate": True,
        "employer_relied": True,
    },
    "delivery.validity": {"channel": "in_person", "signed": True, "at": "2026-03-10 15:00"},
    "resignation.withdrawal": {
        "resignation_arrived": "2026-05-10",
        "withdrawal_arrived": "2026-05-12",
        "employer_consents": "written",
    },
}
OPTIONAL: dict[str, set[str]] = {
    "severance.amount": {"local_avg_month", "min_wage", "multiple"},
    "art40.n_plus_1": {"local_avg_month", "min_wage"},
    "severance.entitlement": {"proposed_by", "employer_offer", "employee_refuses"},
    "probation.max": {"start", "end"},
    "double_wage.window": {"monthly_wage"},
    "annual_leave.exit": {"avg12_excl_ot"},
    "overtime.pay": {"workday_h", "restday_h_no_comp", "holiday_h"},
    "prohibited_termination": {"in_probation"},
    "dual_employment": set(SOUND["dual_employment"]),
    "delivery.validity": {"signed", "at"},
    "resignation.withdrawal": set(SOUND["resignation.withdrawal"]),
}
TURNS_ON = {
    ("severance.entitlement", "employer_offer"): {"due": None},
    ("probation.max", "start"): {"max_months": None},
    ("probation.max", "end"): {"max_months": None},
    ("double_wage.window", "monthly_wage"): {"from": "2025-10-01", "to": "2026-01-31", "extra_wage": None},
    ("annual_leave.exit", "avg12_excl_ot"): {"calendar_days": 181, "unused_days": 1, "extra_pay_200pct": None},
    ("overtime.pay", "workday_h"): {"restday": "800.00", "holiday": "1200.00"},
    ("overtime.pay", "restday_h_no_comp"): {"workday": "750.00", "holiday": "1200.00"},
    ("overtime.pay", "holiday_h"): {"workday": "750.00", "restday": "800.00"},
    ("prohibited_termination", "in_probation"): {"decision": "NOT_BARRED_BY_42"},
    ("dual_employment", "second_employment_proven"): {"lawful_39_4": None, "lawful_39_5": True},
    ("dual_employment", "written_demand"): {"lawful_39_4": None, "lawful_39_5": True},
    ("dual_employment", "corrected"): {"lawful_39_4": None, "lawful_39_5": True},
    ("dual_employment", "employer_relied"): {"lawful_39_4": True, "lawful_39_5": None},
    ("delivery.validity", "signed"): {"effective_at": None, "grade": None},
    ("delivery.validity", "at"): {"effective_at": None, "grade": "A"},
    ("resignation.withdrawal", "employer_consents"): {},
}
"""Optional inputs without which the answer is open, and what is known all the same. Any other may be left out."""
NO_WORD: list[object] = [[], {}, [None], "\u0000", "１２", "2026-02-30", "NaN", 10**40]
EVERY_KEY = [(topic, key) for topic, inputs in SOUND.items() for key in inputs]


def answer(topic: str, inputs: dict[str, Any]) -> Answer:
    return compute(topic, inputs, LAW)[0]


def without(topic: str, key: str) -> dict[str, Any]:
    return {name: value for name, value in SOUND[topic].items() if name != key}


def test_every_topic_is_in_the_table() -> None:
    assert set(SOUND) == set(TOPICS)
    assert all(set(keys) <= set(SOUND[topic]) for topic, keys in OPTIONAL.items())


@pytest.mark.parametrize("topic", SOUND)
def test_sound_inputs_are_answered(topic: str) -> None:
    assert answer(topic, SOUND[topic]).result.get("verdict") != "INDETERMINATE"


@pytest.mark.parametrize(("topic", "key"), [one for one in EVERY_KEY if one[1] not in OPTIONAL.get(one[0], set())])
@pytest.mark.parametrize("null", [False, True])
def test_a_required_input_that_is_absent_fails_by_name(topic: str, key: str, *, null: bool) -> None:
    inputs = without(topic, key)
    if null and (topic, key) != ("double_wage.window", "signed_date"):
        inputs[key] = None
    with pytest.raises(CaseError, match=rf"required input missing: {key}$"):
        answer(topic, inputs)


@pytest.mark.parametrize(("topic", "key"), [one for one in EVERY_KEY if one[1] in OPTIONAL.get(one[0], set())])
@pytest.mark.parametrize("null", [False, True])
def test_an_optional_input_that_is_absent_is_an_unknown_fact(topic: str, key: str, *, null: bool) -> None:
    result = answer(topic, without(topic, key) | ({key: None} if null else {})).result
    if (topic, key) not in TURNS_ON:
        assert result.get("verdict") != "INDETERMINATE"
        return
    assert result["verdict"] == "INDETERMINATE"
    assert result["missing"]
    assert {name: result[name] for name in TURNS_ON[topic, key]} == TURNS_ON[topic, key]


@pytest.mark.parametrize(("topic", "key"), EVERY_KEY)
@pytest.mark.parametrize("wrong", NO_WORD)
def test_a_value_of_the_wrong_kind_is_refused_by_name(topic: str, key: str, wrong: object) -> None:
    """Never a number, never a traceback. An empty list is a sound `status`."""
    if (topic, key, wrong) == ("prohibited_termination", "status", []):
        return
    with pytest.raises(CaseError, match=key):
        answer(topic, SOUND[topic] | {key: wrong})


@pytest.mark.parametrize(
    ("topic", "key"),
    [(topic, key) for topic, key in EVERY_KEY if isinstance(SOUND[topic][key], int) and SOUND[topic][key] is not True],
)
def test_negative_amounts_are_refused_by_name(topic: str, key: str) -> None:
    for negative in (-1, "-0.01"):
        with pytest.raises(CaseError, match=key):
            answer(topic, SOUND[topic] | {key: negative})


@pytest.mark.parametrize(
    ("topic", "changed", "reason"),
    [
        ("severance.tenure", {"last_day": "2019-07-14"}, "cannot end on"),
        ("severance.amount", {"local_avg_month": 0}, "local_avg_month"),
        ("severance.amount", {"multiple": 3}, "once or twice"),
        ("probation.max", {"end": "2025-12-31"}, "before it begins"),
        ("annual_leave.exit", {"last_day": "2023-06-30"}, "before it began"),
        ("medical_period", {"unit_years": 13}, "more than years of work"),
        ("tax.severance", {"local_avg_annual": 0}, "local_avg_annual"),
        ("tax.cumulative", {"months": []}, "months"),
        ("tax.cumulative", {"months": [{"gross": 1, "si": 1, "special": 1}] * 13}, "months"),
        ("noncompete.comp", {"agreed_months": 0}, "at least a month"),
    ],
)
def test_facts_that_cannot_be_are_refused(topic: str, changed: dict[str, Any], reason: str) -> None:
    with pytest.raises(CaseError, match=reason):
        answer(topic, SOUND[topic] | changed)


@pytest.mark.parametrize(
    ("hired", "signed", "extra"),
    [
        ("2023-08-31", None, "110000.00"),
        ("2023-01-31", None, "110000.00"),
        ("2024-02-29", None, "110000.00"),
        ("2024-01-31", "2024-04-30", "20000.00"),
        ("2023-08-31", "2023-10-31", "10000.00"),
        ("2023-08-31", "2023-10-30", None),
    ],
)
def test_months_of_double_wage_are_counted_from_the_day_of_hire(hired: str, signed: str | None, extra: str) -> None:
    """Hired on a month's last day: the full window still has eleven months (Implementing Regulations, Art. 7)."""
    inputs = {"hire_date": hired, "signed_date": signed, "monthly_wage": 10000}
    assert answer("double_wage.window", inputs).result["extra_wage"] == extra


@pytest.mark.parametrize(
    ("key", "value"), [("birth_year", 1), ("birth_year", 9999), ("birth_month", 0), ("birth_month", 13)]
)
def test_a_birth_outside_the_calendar_fails_by_name(key: str, value: int) -> None:
    with pytest.raises(CaseError, match=rf"^{key} must be from \d+ to \d+, not {value}$"):
        answer("retirement", SOUND["retirement"] | {key: value})
