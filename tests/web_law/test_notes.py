"""What was kept at the workbench is read again by those who may, as it was kept."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guiyan.compliance.models import Note
from guiyan.platform.ids import new_id
from tests.mobile.steps import resign
from tests.web.conftest import ROLES, Firm
from tests.web_cases.conftest import swift
from tests.web_law.test_pages import ending

__all__ = ["swift"]
FRAGMENT = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "law-kept"}
READ = {"hr", "hr_lead", "legal"}


def keep(firm: Firm, role: str = "hr", title: str = "胜任力不足的意见", **more: Any) -> Note:
    """Keep a note about the subject (``person=""``: about nobody) and return it."""
    told = {**ending(), "person": str(firm.world.subject), "act": "save", "note_title": title, "note_text": "先培训。"}
    answer = firm.client(role).post("/law/ending/", {**told, "request_id": str(new_id()), **more})
    assert answer.context["note_form"]["saved"]
    return Note.objects.order_by("-made_at", "-id")[0]


def card(firm: Firm, role: str, path: str) -> tuple[int, str]:
    answer = firm.client(role).get(path, **FRAGMENT)
    return answer.status_code, answer.content.decode()


@pytest.mark.parametrize("role", ROLES)
def test_a_note_about_a_person_is_read_by_those_who_serve_them(firm: Firm, role: str) -> None:
    note = keep(firm)
    client = firm.client(role)
    wanted = 200 if role in READ else 404
    assert client.get(f"/law/notes/{note.id}/").status_code == wanted
    assert client.get(f"/law/notes/{note.id}/json/").status_code == wanted
    _status, shown = card(firm, role, f"/law/kept/person/{firm.world.subject}/")
    assert ("胜任力不足的意见" in shown) is (role in READ)
    profile = client.get(f"/people/{firm.world.subject}/")
    asks = profile.status_code == 200 and f"/law/kept/person/{firm.world.subject}/" in profile.content.decode()
    assert asks is (role in READ)


def test_a_note_reads_as_it_was_kept_in_both_languages(firm: Firm) -> None:
    note = keep(firm)
    client = firm.client("hr_lead")
    page = client.get(f"/law/notes/{note.id}/").content.decode()
    for said in ("胜任力不足的意见", "先培训。", "2020-03-01", "15000", "《劳动合同法》第四十"):
        assert said in page, said
    client.cookies["django_language"] = "en"
    english = client.get(f"/law/notes/{note.id}/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "Labour Contract Law" in english
    told = json.loads(client.get(f"/law/notes/{note.id}/json/").content)
    assert told["inputs"]["columns"][0]["facts"]["avg12"] == "15000"
    assert told["result"]["answers"][0]["verdict"]["code"] == "INDETERMINATE"
    assert client.get(f"/law/notes/{UUID(int=7)}/").status_code == 404


def test_exhibits_are_kept_with_the_note_and_told(firm: Firm) -> None:
    told = {"law-as_of": "2026-06-20", "a-statuses": "none", "e-x0_signed_contract": "1", "act": "save"}
    told |= {"e-x0_signed_contract_dated": "2026-01-12", "note_title": "录用条件", "request_id": str(new_id())}
    client = firm.client("legal")
    assert client.post("/law/evidence/39_1/", told).context["note_form"]["saved"]
    note = Note.objects.get()
    kept = json.loads(client.get(f"/law/notes/{note.id}/json/").content)["inputs"]["columns"][0]
    assert kept["exhibits"][0]["kind"] == "signed_contract"
    assert "2026-01-12" in client.get(f"/law/notes/{note.id}/").content.decode()


def test_ones_own_notes_are_listed_searched_and_paged(firm: Firm) -> None:
    keep(firm, title="关于调岗")
    keep(firm, title="一般问题", person="")
    keep(firm, role="hr_lead", title="别人的")
    client = firm.client("hr")

    def titles(query: str) -> list[str | None]:
        return [row.title for row in client.get(f"/law/notes/{query}").context["page"]]

    assert titles("") == ["一般问题", "关于调岗"]
    assert titles("?q=调岗") == ["关于调岗"]
    assert titles("?about=nobody") == ["一般问题"]
    assert titles("?about=nonsense&page=x") == ["一般问题", "关于调岗"]
    assert "没有符合条件的笔记" in client.get("/law/notes/?q=没有").content.decode()
    for _number in range(20):
        keep(firm, person="")
    assert len(titles("")) == 20
    assert titles("?page=2") == ["一般问题", "关于调岗"]
    assert firm.client("manager").get("/law/notes/").status_code == 404


def test_the_notes_of_a_case_come_when_asked_for(firm: Firm) -> None:
    _me, case_id = resign(firm)
    keep(firm, title="与案件有关", case=str(case_id))
    path = f"/law/kept/case/{case_id}/"
    assert "与案件有关" in card(firm, "hr", path)[1]
    assert path in firm.client("hr").get(f"/cases/{case_id}/").content.decode()
    assert path not in firm.client("manager").get(f"/cases/{case_id}/").content.decode()
    for role in ("manager", "employee", "hr_elsewhere", "it", "finance", "auditor"):
        assert card(firm, role, path)[0] == 404, role


DOMAIN = ("people_", "compliance_", "separation_", "ledger_", "process_", "notify_")
QUERIES = 3
"""The notes, the name of the person, and the findings."""


@pytest.mark.parametrize("count", [1, 3])
def test_the_card_costs_the_same_whatever_its_length(firm: Firm, count: int) -> None:
    for _number in range(count):
        keep(firm)
    client, path = firm.client("hr"), f"/law/kept/person/{firm.world.subject}/"
    client.get(path, **FRAGMENT)
    with CaptureQueriesContext(connection) as captured:
        client.get(path, **FRAGMENT)
    own = [q["sql"] for q in captured.captured_queries if any(f'FROM "{table}' in q["sql"] for table in DOMAIN)]
    assert len(own) == QUERIES, [sql[:140] for sql in own]
