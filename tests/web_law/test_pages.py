"""The pages around the questions: an ending, the evidence of a ground, statutes, cases; who may, and what stays out."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guiyan.compliance.models import Note
from guiyan.kernel.results import Confidence
from guiyan.law.matrix.loading import FILES
from guiyan.law.parameters import OwnSource, Parameter, statutory_parameters
from guiyan.ledger.models import Entry
from guiyan.platform import clock
from guiyan.platform.ids import new_id
from guiyan.platform.permissions import table
from guiyan.web.law import desk
from tests.web.conftest import ROLES, Firm

PAGES = (
    "/law/",
    "/law/ending/",
    "/law/topics/overtime.pay/",
    "/law/evidence/",
    "/law/evidence/39_1/",
    "/law/instruments/",
    "/law/cases/",
    "/law/cases/rules/limitation/",
    "/law/cases/matrix/39_1/",
)
MAY = {"hr", "hr_elsewhere", "hr_lead", "legal", "auditor"}
FRAGMENT = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "law-result"}


def ending(**facts: Any) -> dict[str, Any]:
    """What the form of an ending sends."""
    told = {"ground": "40(2)", "hire_date": "2020-03-01", "last_day": "2026-12-31", "avg12": "15000"}
    told |= {"cap_and_floor": "not_asked", "regime": "LCL", **facts}
    return {"law-as_of": "2026-11-24", **{f"a-{key}": value for key, value in told.items()}}


def shown(answer: Any) -> Any:
    """What the first column answers."""
    return answer.context["columns"][0].answer


def test_the_role_table_says_who_uses_the_workbench() -> None:
    allow = table().acts["law.use_workbench"].allow
    assert {role: sorted(relations) for role, relations in allow.items()} == {
        "hr": ["any"],
        "hr_lead": ["any"],
        "legal": ["any"],
        "auditor": ["any"],
    }


@pytest.mark.parametrize("role", ROLES)
def test_a_page_opens_for_who_may_and_does_not_exist_for_others(firm: Firm, role: str) -> None:
    client = firm.client(role)
    wanted = 200 if role in MAY else 404
    assert {url: client.get(url).status_code for url in PAGES} == dict.fromkeys(PAGES, wanted)
    assert client.post("/law/ending/", ending()).status_code == wanted
    assert ('href="/law/"' in client.get("/").content.decode()) is (role in MAY)


def test_an_ending_is_judged_from_what_was_told_and_asks_for_the_rest(firm: Firm) -> None:
    answer = firm.client("hr").post("/law/ending/", ending())
    page = answer.content.decode()
    assert answer.status_code == 200
    assert shown(answer).document["verdict"]["code"] == "INDETERMINATE"
    assert "105,000.00 元" in page
    assert "210,000.00 元" in page
    assert 'href="#id_a-statuses"' in page
    for question in shown(answer).questions:
        assert question.field_id, question.fact
        assert f'id="{question.field_id}"' in page, question.fact


def test_a_protected_employee_cannot_be_dismissed_without_fault(firm: Firm) -> None:
    told = ending(statuses="some", statuses_list=["pregnant"])
    answer = firm.client("legal").post("/law/ending/", told)
    assert shown(answer).document["verdict"]["code"] == "PROHIBITED"
    assert "不可以" in answer.content.decode()


def test_the_fragment_is_what_the_page_holds(firm: Firm) -> None:
    client = firm.client("legal")
    part = client.post("/law/ending/", ending(), **FRAGMENT).content.decode()
    whole = client.post("/law/ending/", ending()).content.decode()
    start, _mark, _rest = part.partition('<span id="err-')
    assert start.strip()
    assert start.strip() in whole


def test_wrong_input_is_named_beside_its_field_and_stays(firm: Firm) -> None:
    told = ending(hire_date="2027-03-01", avg12="-5")
    answer = firm.client("legal").post("/law/ending/", told)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "不能为负数。" in page
    assert 'value="-5"' in page
    assert 'value="2027-03-01"' in page
    told = ending(hire_date="2027-03-01")
    answer = firm.client("legal").post("/law/ending/", told, **FRAGMENT)
    assert answer.status_code == 200
    assert re.search(
        r'id="err-id_a-last_day" hx-swap-oob="true">\s*<span class="c-field__error', answer.content.decode()
    )
    assert firm.client("legal").post("/law/ending/", ending(ground="99")).status_code == 422


def test_a_figure_that_is_missing_is_named_and_no_sum_is_made(firm: Firm) -> None:
    client = firm.client("legal")
    nowhere = client.post("/law/ending/", ending(cap_and_floor="required"))
    assert nowhere.status_code == 422
    assert "wage.local_avg_month" in nowhere.content.decode()
    somewhere = client.post("/law/ending/", {**ending(cap_and_floor="required"), "law-region": "深圳市"})
    page = somewhere.content.decode()
    assert "wage.local_avg_month" in page
    assert "本地月平均工资" in page
    assert "105,000" not in page
    unknown = client.post("/law/ending/", {**ending(), "law-region": "乌有"})
    assert "没有这个地区" in unknown.content.decode()


def test_columns_stand_side_by_side_and_differences_are_marked(firm: Firm) -> None:
    told = {**ending(), "beside": "0", "act": "add", "b-ground": "36"}
    answer = firm.client("legal").post("/law/ending/", told)
    assert [column.title for column in answer.context["columns"]] == ["方案一", "方案二"]
    rows = {row.label: row for row in answer.context["compared"]}
    assert rows["提前通知"].values == ("30 天", "0 天")
    assert rows["提前通知"].differs
    assert "is-different" in answer.content.decode()
    third = firm.client("legal").post("/law/ending/", {**told, "beside": "2", "act": "add"})
    assert len(third.context["columns"]) == 3
    fewer = firm.client("legal").post("/law/ending/", {**told, "beside": "1", "act": "drop"})
    assert len(fewer.context["columns"]) == 1


@pytest.mark.parametrize("slug", list(FILES.values()))
def test_every_ground_weighs_its_evidence(firm: Firm, slug: str) -> None:
    client = firm.client("legal")
    assert client.get(f"/law/evidence/{slug}/").status_code == 200
    answer = client.post(f"/law/evidence/{slug}/", {"law-as_of": "2026-11-24", "a-statuses": "none"})
    assert answer.status_code == 200
    assert shown(answer).extra["elements"]
    assert all(row["standing"] != "已证明" for row in shown(answer).extra["elements"])


def test_an_exhibit_of_a_good_grade_proves_its_element(firm: Firm) -> None:
    told = {
        "law-as_of": "2026-06-20",
        "a-statuses": "none",
        "a-hire_date": "2026-01-12",
        "a-probation_last_day": "2026-07-11",
        "a-in_probation": "true",
        "e-x0_signed_contract": "1",
        "e-x0_signed_contract_dated": "2026-01-12",
        "e-x0_signed_contract_lawful": "true",
    }
    answer = firm.client("legal").post("/law/evidence/39_1/", told)
    found = [row["standing"] for row in shown(answer).extra["elements"]]
    assert found[:3] == ["已证明", "没有证据", "没有证据"]
    assert shown(answer).extra["collect"][0]["latest"] == "2026-07-11"
    assert {row["openness"] for row in shown(answer).extra["others"]} <= {"可以用", "须先取证", "事实不足", "不能用"}
    late = firm.client("legal").post("/law/evidence/39_1/", {**told, "e-x0_signed_contract_dated": "2026-08-01"})
    assert "晚于" in late.content.decode()


def test_facts_of_a_person_are_loaded_as_far_as_the_viewer_may_see(firm: Firm) -> None:
    person = firm.world.subject
    for role, sees in (("hr", True), ("auditor", False)):
        answer = firm.client(role).post("/law/ending/", {**ending(), "act": f"load:{person}"})
        assert answer.context["loaded"].person_id == person
        notes = " ".join(answer.context["loaded"].notes)
        assert ("不能查看特殊保护" in notes) is not sees, role
    stranger = firm.client("hr_elsewhere").post("/law/ending/", {**ending(), "act": f"load:{person}"})
    assert stranger.context["loaded"].person_id is None
    assert "您不能查看" in stranger.content.decode()


def test_looking_at_the_wage_is_recorded_with_its_reason(firm: Firm) -> None:
    client, person = firm.client("hr"), str(firm.world.subject)
    before = Entry.objects.filter(type="pii.revealed").count()
    unasked = client.post("/law/ending/", {**ending(), "person": person, "act": "wage"})
    assert "请填写查看的原因" in unasked.content.decode()
    assert Entry.objects.filter(type="pii.revealed").count() == before
    told = {**ending(), "person": person, "act": "wage", "wage_reason": "核算补偿"}
    answer = client.post("/law/ending/", told)
    assert 'name="a-last_month_wage" value="' in answer.content.decode()
    assert Entry.objects.filter(type="pii.revealed").count() == before + 1


def test_a_search_finds_whom_the_viewer_may_see_and_no_address_holds_it(firm: Firm) -> None:
    number = firm.client("hr").post("/law/ending/", {**ending(), "act": f"load:{firm.world.subject}"})
    name, staff = number.context["loaded"].name, number.context["loaded"].number
    found = firm.client("hr").post("/law/ending/", {**ending(), "act": "find", "who": staff})
    assert [row.person_id for row in found.context["loaded"].found] == [firm.world.subject]
    nobody = firm.client("hr_elsewhere").post("/law/ending/", {**ending(), "act": "find", "who": staff})
    assert nobody.context["loaded"].found == ()
    page = number.content.decode()
    links = re.findall(r'(?:href|action|hx-post|hx-get|formaction|src)="([^"]*)"', page)
    assert links
    for link in links:
        assert str(firm.world.subject) not in link
        assert name not in link
        assert "2020-03-01" not in link


def test_a_note_is_kept_once_however_often_it_is_sent(firm: Firm, request_id: str) -> None:
    client = firm.client("hr")
    told = {
        **ending(),
        "person": str(firm.world.subject),
        "act": "save",
        "note_title": "胜任力不足",
        "request_id": request_id,
    }
    first = client.post("/law/ending/", told)
    assert "已存为笔记。" in first.content.decode()
    client.post("/law/ending/", told)
    assert Note.objects.filter(person_id=firm.world.subject).count() == 1
    untitled = client.post("/law/ending/", {**told, "note_title": "", "request_id": str(new_id())})
    assert untitled.status_code == 422
    assert 'value="2020-03-01"' in untitled.content.decode()
    auditor = firm.client("auditor").post("/law/ending/", {**told, "request_id": str(new_id())})
    assert auditor.status_code == 403
    assert Note.objects.filter(person_id=firm.world.subject).count() == 1


def test_the_answer_is_given_out_as_json(firm: Firm) -> None:
    answer = firm.client("auditor").post("/law/ending/", {**ending(), "act": "json"})
    told = json.loads(answer.content)
    assert told["kind"] == "ending"
    assert told["columns"][0]["facts"]["avg12"] == "15000"
    assert told["answers"][0]["verdict"]["code"] == "INDETERMINATE"
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("url", ["/law/ending/", "/law/evidence/40_2/", "/law/topics/tax.cumulative/"])
def test_the_explanation_is_given_out_as_pdf(firm: Firm, url: str) -> None:
    told = {**ending(), "a-statuses": "none", "a-months_1_gross": "30000", "a-months_1_si": "4500"}
    answer = firm.client("legal").post(url, {**told, "act": "pdf"})
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert b"pdfaid" in answer.content


def test_nothing_is_written_by_looking(firm: Firm) -> None:
    before = (Entry.objects.count(), Note.objects.count())
    client = firm.client("legal")
    for url in PAGES:
        client.get(url)
    client.post("/law/ending/", ending())
    assert (Entry.objects.count(), Note.objects.count()) == before


def test_the_index_names_every_statute_with_its_days(firm: Firm) -> None:
    page = firm.client("legal").get("/law/instruments/").content.decode()
    assert "劳动合同法" in page
    assert "主席令第65号" in page
    assert "2008-01-01" in page
    narrowed = firm.client("legal").get("/law/instruments/?q=年休假").content.decode()
    assert "职工带薪年休假条例" in narrowed
    assert "电子签名法" not in narrowed


def test_the_reviewed_cases_are_shown_with_what_is_expected_of_them(firm: Firm) -> None:
    page = firm.client("legal").get("/law/cases/rules/limitation/").content.decode()
    assert "最后一日申请" in page
    assert "与应有的答案不一致" not in page
    assert firm.client("legal").get("/law/cases/rules/nothing/").status_code == 404


def test_unknown_addresses_do_not_exist(firm: Firm) -> None:
    client = firm.client("legal")
    assert client.get("/law/topics/nothing/").status_code == 404
    assert client.get("/law/evidence/nothing/").status_code == 404
    lost = client.post("/law/ending/", {**ending(), "act": f"load:{UUID(int=0)}"})
    assert lost.status_code == 200
    assert clock.today().isoformat()[:4] in client.get("/law/ending/").content.decode()


DOMAIN = ("people_", "compliance_", "separation_", "ledger_", "process_", "notify_")
QUERIES = {"nobody": 1, "loaded": 12}
"""Domain queries of an ending: the employer's own figures; and the profile and cases of the person loaded."""


@pytest.mark.parametrize("beside", ["0", "2"])
def test_an_ending_costs_the_same_in_one_column_and_in_three(firm: Firm, beside: str) -> None:
    client = firm.client("hr")
    person = {"nobody": "", "loaded": str(firm.world.subject)}
    for who, expected in QUERIES.items():
        told = {**ending(), "beside": beside, "b-ground": "36", "c-ground": "39(2)", "person": person[who]}
        client.post("/law/ending/", told, **FRAGMENT)
        with CaptureQueriesContext(connection) as captured:
            client.post("/law/ending/", told, **FRAGMENT)
        own = [q["sql"] for q in captured.captured_queries if any(f'FROM "{table_}' in q["sql"] for table_ in DOMAIN)]
        assert len(own) == expected, (who, [sql[:120] for sql in own])


def test_the_employers_own_figures_cap_the_amount(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    source = OwnSource("关于公布平均工资的通知", "粤人社规〔2026〕2号", "省人社厅网站", "全口径")
    start, checked = date(2026, 1, 1), date(2026, 2, 1)
    known = [("wage.local_avg_month", "4000"), ("wage.min_month", "2500")]
    own = [
        Parameter(
            key, "某项参数", "A figure", "yuan_month", start, None, "广东", Decimal(amount), (), source, checked,
            Confidence.LOCAL,
        )
        for key, amount in known
    ]  # fmt: skip
    monkeypatch.setattr(desk, "parameters_of_tenant", lambda: statutory_parameters().with_values(own))
    told = {**ending(cap_and_floor="required"), "law-region": "深圳市"}
    page = firm.client("legal").post("/law/ending/", told).content.decode()
    assert "84,000.00 元" in page, "seven months of three times 4,000"
    assert "粤人社规〔2026〕2号" in page
