"""An answer is adopted about a person once; only what could not be judged passes by accepting the risk."""

from __future__ import annotations

from typing import Any

import pytest

from guiyan.compliance.models import AcceptedRisk, StoredFinding
from guiyan.compliance.queries import may_pass
from guiyan.platform.ids import new_id
from tests.web.conftest import Firm
from tests.web_law.test_pages import ending

FRAGMENT = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "law-kept"}
READ = {"hr", "hr_lead", "legal"}


def adopting(firm: Firm, **facts: Any) -> dict[str, Any]:
    told = {**ending(**facts), "person": str(firm.world.subject), "act": "adopt:a"}
    return {**told, "request_id": str(new_id())}


def adopted(firm: Firm, **facts: Any) -> StoredFinding:
    assert firm.client("hr").post("/law/ending/", adopting(firm, **facts)).status_code == 200
    return StoredFinding.objects.get()


def test_an_answer_is_adopted_once_however_often_it_is_sent(firm: Firm) -> None:
    told, client = adopting(firm), firm.client("hr")
    first = client.post("/law/ending/", told)
    client.post("/law/ending/", told)
    row = StoredFinding.objects.get()
    assert (row.person_id, row.topic, row.verdict) == (firm.world.subject, "40(2)", "INDETERMINATE")
    assert f"/law/findings/{row.id}/" in first.content.decode()
    page = client.get(f"/law/findings/{row.id}/").content.decode()
    assert row.law_version in page
    card = client.get(f"/law/kept/person/{firm.world.subject}/", **FRAGMENT).content.decode()
    assert f"/law/findings/{row.id}/" in card
    assert row.law_version in card


def test_it_takes_a_person_and_the_right(firm: Firm) -> None:
    client = firm.client("hr")
    nobody = client.post("/law/ending/", {**adopting(firm), "person": ""})
    assert nobody.status_code == 422
    assert "请先载入这个人" in nobody.content.decode()
    assert "采纳为正式判断" not in nobody.content.decode()
    column = client.post("/law/ending/", {**adopting(firm), "act": "adopt:z"})
    assert "还没有结果" in column.content.decode()
    assert firm.client("auditor").post("/law/ending/", adopting(firm)).status_code == 403
    assert firm.client("hr_elsewhere").post("/law/ending/", adopting(firm)).status_code in {403, 422}
    assert not StoredFinding.objects.exists()


@pytest.mark.parametrize("role", ["manager", "employee", "hr_elsewhere", "auditor", "it"])
def test_a_finding_does_not_exist_for_others(firm: Firm, role: str) -> None:
    row = adopted(firm)
    assert firm.client(role).get(f"/law/findings/{row.id}/").status_code == 404
    refused = firm.client(role).post(f"/law/findings/{row.id}/accept/", {"reason": "可以"})
    assert refused.status_code in {403, 404}
    assert not AcceptedRisk.objects.exists()


def test_a_risk_is_accepted_with_a_reason_by_those_who_may(firm: Firm) -> None:
    row = adopted(firm)
    page = f"/law/findings/{row.id}/"
    assert f"{page}accept/" not in firm.client("hr").get(page).content.decode()
    assert firm.client("hr").post(f"{page}accept/", {"reason": "可以"}).status_code == 403
    lead = firm.client("hr_lead")
    assert f"{page}accept/" in lead.get(page).content.decode()
    vague = lead.post(f"{page}accept/", {"reason": " "})
    assert vague.status_code == 422
    assert "请写明为什么" in vague.content.decode()
    told = {"reason": "已向律师核实", "request_id": str(new_id())}
    assert lead.post(f"{page}accept/", told).status_code == 302
    assert lead.post(f"{page}accept/", told).status_code == 302
    assert AcceptedRisk.objects.count() == 1
    assert may_pass(row.id)
    assert "已向律师核实" in firm.client("legal").get(page).content.decode()


def test_what_the_law_forbids_offers_no_way_past_and_says_why(firm: Firm) -> None:
    row = adopted(firm, statuses="some", statuses_list=["pregnant"])
    assert row.verdict == "PROHIBITED"
    lead, page = firm.client("hr_lead"), f"/law/findings/{row.id}/"
    shown = lead.get(page).content.decode()
    assert f"{page}accept/" not in shown
    assert "是最终的" in shown
    assert lead.post(f"{page}accept/", {"reason": "仍要办理"}).status_code == 422
    assert not may_pass(row.id)
