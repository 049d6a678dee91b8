"""Every question of the workbench: its form, and the contract cases through it, with the answer of the command."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

from guiyan.law.case_topics import TOPICS, Law
from guiyan.law.cases import compute
from guiyan.law.explain import document
from guiyan.law.parameters import statutory_parameters
from guiyan.law.reviewed import reviewed_cases, run
from guiyan.law.rulebook import RULEBOOK
from guiyan.platform import clock
from guiyan.web.law.catalogue import topics
from guiyan.web.law.fields import as_posted
from guiyan.web.law.rules import rules
from tests.web.conftest import Firm

CONTRACT = Path(__file__).parents[1] / "law" / "cases" / "contract.jsonl"
CASES = [json.loads(line, parse_float=Decimal) for line in CONTRACT.read_text("utf-8").splitlines()]
REQUIRED: dict[str, set[str]] = {
    "severance.tenure": {"hire_date", "last_day"},
    "severance.amount": {"hire_date", "last_day", "avg12"},
    "art40.n_plus_1": {"hire_date", "last_day", "avg12", "last_month_wage", "notice_30d_given"},
    "severance.entitlement": {"ground"},
    "probation.max": {"kind"},
    "probation.last_day": {"start", "months"},
    "probation.wage_floor": {"lowest_same_post", "agreed", "min_wage"},
    "double_wage.window": {"hire_date", "signed_date"},
    "period.days": {"start_event", "days"},
    "tax.severance": {"lump_sum", "local_avg_annual"},
    "tax.cumulative": {"months"},
    "annual_leave.entitlement": {"cumulative_years"},
    "annual_leave.new_hire": {"start", "entitlement"},
    "annual_leave.exit": {"first_day", "last_day", "entitlement", "taken"},
    "overtime.pay": {"monthly_base"},
    "medical_period": {"total_years", "unit_years"},
    "retirement": {"category", "birth_year", "birth_month"},
    "noncompete.comp": {"avg12", "agreed_months", "min_wage"},
    "wage.deduction_cap": {"month_wage", "loss", "min_wage"},
    "si.late_fee": {"owed", "days"},
    "prohibited_termination": {"status", "ground"},
    "dual_employment": set(),
    "delivery.validity": {"channel"},
    "resignation.withdrawal": set(),
}
OPTIONAL: dict[str, set[str]] = {
    "severance.amount": {"local_avg_month", "min_wage", "multiple"},
    "art40.n_plus_1": {"local_avg_month", "min_wage"},
    "severance.entitlement": {"proposed_by", "employer_offer", "employee_refuses"},
    "probation.max": {"start", "end"},
    "double_wage.window": {"monthly_wage"},
    "annual_leave.exit": {"avg12_excl_ot"},
    "overtime.pay": {"workday_h", "restday_h_no_comp", "holiday_h"},
    "prohibited_termination": {"in_probation", "child_birth", "contract_end", "term_end", "proposed_by"},
    "dual_employment": {
        "si_record_elsewhere",
        "second_employment_proven",
        "second_engagement",
        "demand_made",
        "written_demand",
        "deadline",
        "corrected",
        "serious_effect_evidence",
        "forged_prior_separation_certificate",
        "employer_relied",
    },
    "delivery.validity": {
        "signed",
        "refused",
        "two_witnesses",
        "video",
        "at",
        "address",
        "not_agreed",
        "contents_named",
        "signed_by",
        "signed_on",
        "result",
        "returned_on",
        "address_change_duty_clause",
        "server_accept_at",
        "designated_in_signed_agreement",
        "designated",
        "identity_bound",
        "delivered_at",
        "read",
        "reply",
        "number",
        "carrier_delivered",
        "prior_attempts",
        "whereabouts_unknown",
        "published",
        "person",
        "delivered",
    },
    "resignation.withdrawal": {
        "resignation_sent",
        "resignation_arrived",
        "withdrawal_arrived",
        "withdrawal",
        "employer_consents",
        "employer_approved",
        "approval_flow_complete",
        "manager_refusal",
        "auto_system_mail_revoked",
        "planned_last_day",
        "still_working_on",
        "wages_paid",
        "employer_objection",
        "form",
        "channel",
        "content_explicit",
        "identity_confirmed",
        "continued_attendance",
        "in_probation",
    },
}
"""The keys of the contract's table. The note `fact` of severance.entitlement is free text that no rule reads."""


def posted(topic: str, inputs: dict[str, Any]) -> dict[str, Any]:
    """What the form of a topic sends for the inputs of a case, under the law of today."""
    return {"law-as_of": clock.today().isoformat(), **as_posted(topics()[topic].facts, inputs, "a")}


def test_every_topic_and_every_key_of_the_contract_has_a_field() -> None:
    assert set(topics()) == set(TOPICS) == set(REQUIRED)
    for key, topic in topics().items():
        assert {fact.key for fact in topic.facts if fact.required} == REQUIRED[key], key
        assert {fact.key for fact in topic.facts if not fact.required} == OPTIONAL.get(key, set()), key
        for fact in topic.facts:
            assert fact.says.zh
            assert fact.says.en


@pytest.mark.parametrize("key", list(TOPICS))
def test_the_form_of_a_topic_asks_for_every_fact_and_pretends_none(firm: Firm, key: str) -> None:
    answer = firm.client("legal").get(f"/law/topics/{key}/")
    page = answer.content.decode()
    assert answer.status_code == 200
    for fact in topics()[key].facts:
        assert f'id="id_a-{fact.key}' in page, fact.key
    assert "selected" not in page.replace('value="" selected', "")


def test_the_contract_cases_get_the_answer_of_the_command(firm: Firm) -> None:
    client, law = firm.client("legal"), Law(clock.today(), None, statutory_parameters())
    for case in CASES:
        key = case["topic"]
        told = {**posted(key, case["inputs"]), "act": "json"}
        answer = client.post(f"/law/topics/{key}/", told)
        assert answer["Content-Type"].startswith("application/json"), case["id"]
        page = client.post(f"/law/topics/{key}/", {**told, "act": ""})
        wanted, _unused = compute(key, case["inputs"], law)
        shown = page.context["told"].answers[0]
        assert shown.extra["result"] == wanted.result, case["id"]
        for name, value in case["expected"].items():
            assert shown.extra["result"][name] == value, case["id"]


@pytest.mark.parametrize("name", list(RULEBOOK))
def test_every_rule_of_the_book_has_a_form_and_answers_by_it_as_its_cases_expect(firm: Firm, name: str) -> None:
    client, rule = firm.client("legal"), RULEBOOK[name]
    assert client.get(f"/law/topics/{name}/").status_code == 200
    asked = 0
    for case in reviewed_cases():
        if case.topic != name or not run(case, statutory_parameters()).matches:
            continue
        facts = rules()[name].facts
        given = {one.key: _written(getattr(case.given, one.key)) for one in facts}
        told = {key: value for key, value in given.items() if value is not None}
        page = client.post(
            f"/law/topics/{name}/",
            {"law-as_of": case.as_of.isoformat(), "law-region": case.region or "", **as_posted(facts, told, "a")},
        )
        wanted = rule.ask(case.given, as_of=case.as_of, region=case.region, params=statutory_parameters())
        assert page.context["told"].answers, (case.id, page.context["columns"][0].answer)
        assert page.context["told"].answers[0].document == document(wanted), case.id
        asked += 1
    assert asked, "a rule without a reviewed case"


def _written(value: Any) -> Any:
    """A fact as an input: days in ISO form, members by their words, amounts in rows."""
    if isinstance(value, tuple):
        return [{"amount": one} for one in value]
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value
