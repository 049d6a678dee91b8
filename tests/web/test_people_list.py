"""The list of people: filters, sorting, fragments, views, and the Excel file that holds just what is shown."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from guiyan.people import actions
from guiyan.platform import clock
from guiyan.platform.ids import new_id
from guiyan.platform.models import SavedView
from guiyan.platform.permissions import SYSTEM
from guiyan.web import sheets
from tests.people.world import hire
from tests.web.conftest import Firm

DOMAIN_QUERIES_COLD, DOMAIN_QUERIES_WARM = 7, 3
"""Warm: the list's two, and the saved views. Cold: also units and posts to choose from,
asked for once in half a minute."""
OWN_TABLES = ("people_", "platform_savedview")


def _people(html: str) -> list[str]:
    """Return the names of the rows, in order."""
    return re.findall(r'<a href="/people/[0-9a-f-]{36}/" hx-boost="false">([^<]+)</a>', html)


def _get(firm: Firm, role: str = "hr", **query: Any) -> str:
    answer = firm.client(role).get(reverse("people"), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_filters_narrow_by_pinyin_number_unit_and_state(firm: Firm) -> None:
    world = firm.world
    assert _people(_get(firm)) == ["陈立衡", "顾清扬", "何佳宁", "周雨桐"]
    assert _people(_get(firm, q="zyt")) == ["周雨桐"]
    assert _people(_get(firm, q="a003")) == ["何佳宁"]
    assert _people(_get(firm, unit=world.left)) == ["陈立衡", "顾清扬", "周雨桐"]
    assert _people(_get(firm, status="ended")) == ["罗文博"]
    assert _people(_get(firm, status="all", sort="-hired_on"))[-1] == "周雨桐"
    assert _people(_get(firm, contract="fixed_term")) == ["周雨桐"]
    assert _people(_get(firm, sort="-name")) == ["周雨桐", "何佳宁", "顾清扬", "陈立衡"]
    assert _people(_get(firm, role="manager")) == ["陈立衡", "顾清扬", "周雨桐"]


def test_a_filter_that_makes_no_sense_is_named_and_narrows_nothing(firm: Firm) -> None:
    seen = _get(firm, hired_from="2026-13-45", unit="nonsense", sort="; drop", page="-3", ending="9999")
    assert "有筛选条件无法识别" in seen
    assert len(_people(seen)) == 4


def test_an_empty_result_says_so_and_offers_the_way_back(firm: Firm) -> None:
    seen = _get(firm, q="没有这个人")
    assert "没有符合条件的人" in seen
    assert "清除全部筛选" in seen


def test_the_fragment_is_the_same_part_of_the_whole_page(firm: Firm) -> None:
    client, query = firm.client("hr"), {"unit": str(firm.world.left), "sort": "-number"}
    whole = client.get(reverse("people"), query).content.decode()
    part = client.get(
        reverse("people"), query, headers={"HX-Request": "true", "HX-Target": "people-list"}
    ).content.decode()
    assert part.startswith('<div id="people-list"')
    assert "<html" not in part

    def plain(text: str) -> str:
        lines = [line for line in text.splitlines() if "csrfmiddlewaretoken" not in line]
        return "\n".join(lines)

    assert plain(part.strip()) in plain(whole)


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_whatever_its_length(firm: Firm, count: int) -> None:
    for number in range(count):
        hire(f"某人{number}", f"Q00{number}", firm.world.right, firm.world.post, clock.wall())
    client = firm.client("hr")
    cache.clear()
    for expected in (DOMAIN_QUERIES_COLD, DOMAIN_QUERIES_WARM):
        with CaptureQueriesContext(connection) as captured:
            seen = client.get(reverse("people"), {"q": "q00"}).content.decode()
        own = [q["sql"] for q in captured.captured_queries if any(t in q["sql"] for t in OWN_TABLES)]
        assert len(_people(seen)) == count
        assert len(own) == expected, [q[:90] for q in own]


def _exported(firm: Firm, query: str) -> list[list[Any]]:
    answer = firm.client("hr").post(reverse("people_export"), {"query": query, "reason": "核对人数"})
    assert answer.status_code == 200
    assert clock.today().isoformat() in answer["Content-Disposition"]
    data = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()


def test_the_excel_file_holds_what_is_shown_and_in_its_order(firm: Firm) -> None:
    rows = _exported(firm, f"unit={firm.world.left}&sort=-name")
    assert [row[1] for row in rows[1:]] == ["周雨桐", "顾清扬", "陈立衡"]
    assert rows[0][:3] == ["工号", "姓名", "部门"]
    assert "14200006021" not in str(rows), "values stay masked outside too"


def test_an_export_without_a_purpose_is_refused_with_a_sentence(firm: Firm) -> None:
    answer = firm.client("hr").post(reverse("people_export"), {"query": "q=a"}, follow=True)
    assert "请填写导出的原因" in answer.content.decode()
    assert answer.redirect_chain[0][0] == "/people/?q=a"


def test_a_name_that_looks_like_a_formula_stays_text(firm: Firm) -> None:
    hire("=1+1", "F001", firm.world.right, firm.world.post, clock.wall())
    rows = _exported(firm, "q=f001")
    assert rows[1][1] == "'=1+1"
    assert sheets.harmless("@x") == "'@x"
    assert sheets.harmless("张三") == "张三"


def test_a_name_is_text_in_the_page_whatever_stands_in_it(firm: Firm) -> None:
    hire("<i>{name}</i>&", '"F002"', firm.world.right, firm.world.post, clock.wall())
    seen = _get(firm, q="f002")
    assert _people(seen) == ["&lt;i&gt;{name}&lt;/i&gt;&amp;"]
    assert "<i>{name}" not in seen
    assert ">&quot;F002&quot;<" in seen


def test_rows_speak_the_language_of_the_page(firm: Firm) -> None:
    def labels(language: str) -> list[str]:
        page = firm.client("hr").get(reverse("people"), headers={"accept-language": language}).content.decode()
        return re.findall(r'data-label="([^"]*)"', page)

    assert labels("zh-hans")[:3] == ["员工", "工号", "部门"]
    assert not re.search("[一-鿿]", "".join(labels("en")))
    assert labels("zh-hans")[:3] == ["员工", "工号", "部门"]


def test_a_telephone_column_is_for_those_alone_who_may_see_it(firm: Firm) -> None:
    assert 'data-label="手机"' in _get(firm)
    assert 'data-label="手机"' not in _get(firm, role="manager")


def test_what_was_chosen_stays_chosen_and_a_wrong_day_says_so_at_its_field(firm: Firm) -> None:
    seen = _get(firm, unit=firm.world.left, status="all", contract="fixed_term", hired_from="2020-01-31", hired_to="x")
    for chosen in (str(firm.world.left), "all", "fixed_term"):
        assert f'<option value="{chosen}" selected>' in seen
    assert seen.count(" selected>") == 7, "one of each choice, the sort's too"
    assert 'name="hired_from" value="2020-01-31"' in seen
    assert "filter_hired_to_error" in seen


def test_views_are_ones_own(firm: Firm) -> None:
    client = firm.client("hr")
    told = {"name": "我的部门", "query": f"unit={firm.world.left}&evil=1&page=4"}
    client.post(reverse("people_view_save"), told)
    view = SavedView.objects.get()
    assert view.query == f"unit={firm.world.left}", "only filters are kept"
    assert "我的部门" in _get(firm)
    assert "我的部门" not in _get(firm, role="hr_lead")
    delete = reverse("people_view_delete", kwargs={"view_id": view.pk})
    assert firm.client("hr_lead").post(delete).status_code == 404
    assert SavedView.objects.count() == 1
    client.post(delete)
    assert SavedView.objects.count() == 0


def test_suggestions_offer_only_whom_one_may_see(firm: Firm) -> None:
    address = reverse("people_suggest")
    assert "何佳宁" in firm.client("hr").get(address, {"field": "manager", "manager": "heji"}).content.decode()
    assert "何佳宁" not in firm.client("manager").get(address, {"q": "heji"}).content.decode()
    assert firm.client("hr").get(address, {"q": ""}).content.decode().strip() == ""


def test_somebody_who_left_is_found_under_their_last_place(firm: Firm) -> None:
    actions.end_spell(SYSTEM, firm.world.spell, clock.today(), "resignation", request_id=new_id(), now=clock.wall())
    assert "周雨桐" in _people(_get(firm, status="ended"))
    assert "周雨桐" not in _people(_get(firm))
