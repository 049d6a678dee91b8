"""The ledger's page: narrowed by person, case, kind and time, and taken out as an Excel file on record."""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from guiyan.ledger.entry import parse
from guiyan.ledger.models import Entry
from guiyan.people.models import Person
from guiyan.separation.models import Case
from tests.mobile.steps import resign
from tests.web.conftest import Firm

__all__ = ["swift"]


@pytest.fixture(autouse=True)
def swift(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read in no time: how long reading takes is tested where it is decided."""
    from guiyan.mobile import paperwork
    from guiyan.separation import signing

    monkeypatch.setattr(paperwork, "SECONDS_MIN", 0)
    monkeypatch.setattr(signing, "SECONDS_MIN", 0)


def rows(firm: Firm, role: str = "auditor", **told: Any) -> int:
    answer = firm.client(role).get(reverse("ledger"), told)
    assert answer.status_code == 200
    return int(answer.content.decode().count("<tr><td"))


def name_of(person_id: UUID) -> str:
    return str(Person.objects.values_list("name", flat=True).get(pk=person_id))


def test_the_page_is_narrowed_to_one_person_by_name_or_number(firm: Firm) -> None:
    _me, case_id = resign(firm)
    everything, steps = rows(firm), Entry.objects.filter(cseq__isnull=False).count()
    name = name_of(firm.world.subject)
    narrowed = rows(firm, who=name)
    assert steps < narrowed < everything, "the steps of their case, what they did and what was recorded about them"
    assert 0 < rows(firm, who=name, kind="resign.") < narrowed
    assert rows(firm, who=name, last="2001-01-01") == 0
    page = firm.client("auditor").get(reverse("ledger"), {"who": "没有这个人"}).content.decode()
    assert "没有找到您能看到的" in page and page.count("<tr><td") == 0
    assert rows(firm, case=Case.objects.get(pk=case_id).number) == steps
    assert "没有编号是" in firm.client("auditor").get(reverse("ledger"), {"case": "LZ-404"}).content.decode()
    assert rows(firm, case="LZ-404") == 0


def test_somebody_the_viewer_may_not_see_is_not_found(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    from guiyan.people import queries as people

    resign(firm)
    monkeypatch.setattr(people, "list_people", lambda *_a, **_k: people.PeoplePage((), 0, 1, 20))
    assert rows(firm, who=name_of(firm.world.subject)) == 0


def test_what_is_shown_can_be_taken_out_and_that_is_on_record(firm: Firm) -> None:
    resign(firm)
    auditor = firm.client("auditor")
    name = name_of(firm.world.subject)
    count = rows(firm, who=name, kind="resign.")
    answer = auditor.post(reverse("ledger_export"), {"query": f"who={name}&kind=resign.", "reason": "年度审计"})
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[arg-type]
    assert len(book.get_sheet_by_index(0).to_python()) == count + 1
    made = bytes(Entry.objects.latest("id").entry)
    assert parse(made).public | {} == {"what": "ledger", "rows": count, "kind": "resign."}
    assert name.encode() not in made
    refused = auditor.post(reverse("ledger_export"), {"query": "", "reason": ""}, follow=True)
    assert "请填写导出的用途" in refused.content.decode()
    for role in ("hr", "manager", "employee", "system_admin"):
        assert firm.client(role).post(reverse("ledger_export"), {"reason": "x"}).status_code in (302, 404)
        assert firm.client(role).get(reverse("ledger"), {"who": name}).status_code in (302, 404)


def test_a_person_filter_costs_the_same_however_much_it_finds(firm: Firm) -> None:
    client, name = firm.client("auditor"), name_of(firm.world.subject)
    counts = []
    for _ in range(2):
        client.get(reverse("ledger"), {"who": name})
        with CaptureQueriesContext(connection) as seen:
            client.get(reverse("ledger"), {"who": name})
        counts.append(len(seen))
        if len(counts) == 1:
            resign(firm)
    assert counts[1] <= counts[0] + 3, "the rows of cases are filled in by a fixed number of queries"
