"""The letter before it is signed: nothing filled in, both bases side by side, words that ask are pointed at."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from guiyan.ledger.models import Entry
from guiyan.notify.models import Message
from guiyan.platform import clock
from tests.web.conftest import Firm

BANNED = ("个人原因", "审批通过", "批准后", "视为")


def _post(firm: Firm, **told: object) -> tuple[int, str]:
    answer = firm.client("employee").post(reverse("m_resign_letter"), told)
    return answer.status_code, answer.content.decode()


def test_nothing_is_filled_in(firm: Firm) -> None:
    page = firm.client("employee").get(reverse("m_resign_letter")).content.decode()
    form = page.split('<form class="m-form', 1)[1]
    assert " checked" not in form
    assert ">\n</textarea>" in form or "></textarea>" in form


@pytest.mark.parametrize("name", ["m_resign", "m_resign_paper", "m_resign_letter"])
def test_no_page_puts_words_into_anybodys_mouth(firm: Firm, name: str) -> None:
    page = firm.client("employee").get(reverse(name)).content.decode()
    assert [word for word in BANNED if word in page] == []


def test_both_bases_stand_side_by_side_with_all_grounds(firm: Firm) -> None:
    page = firm.client("employee").get(reverse("m_resign_letter")).content.decode()
    assert page.index("第三十七条") < page.index("第三十八条")
    for ground in ("没有及时足额支付劳动报酬", "没有依法缴纳社会保险费", "以暴力、威胁"):
        assert ground in page


def test_the_earliest_day_is_told_before_anything_is_said(firm: Firm) -> None:
    earliest = clock.today() + timedelta(days=30)
    page = firm.client("employee").get(reverse("m_resign")).content.decode()
    assert f"{earliest.year} 年 {earliest.month} 月 {earliest.day} 日" in page
    assert reverse("m_resign_form") in page
    assert reverse("m_resign_paper") in page


def test_a_basis_is_asked_for_and_what_was_written_stays(firm: Firm) -> None:
    status, page = _post(firm, reason="家里有事，想回老家")
    assert status == 422
    assert "家里有事，想回老家" in page


def test_art_38_wants_a_ground(firm: Firm) -> None:
    assert _post(firm, basis="38")[0] == 422
    assert _post(firm, basis="38", grounds=["38(2)"])[0] == 302
    assert _post(firm, basis="38", grounds=["nonsense"])[0] == 422


def test_grounds_without_art_38_are_dropped(firm: Firm) -> None:
    assert _post(firm, basis="37", grounds=["38(2)"])[0] == 302


def test_words_that_ask_are_the_employees_to_settle(firm: Firm) -> None:
    status, page = _post(firm, basis="37", reason="望领导批准为盼")
    assert status == 422
    assert "像是在请求批准" in page
    assert _post(firm, basis="37", reason="望领导批准为盼", meaning="notice")[0] == 302


@pytest.mark.parametrize("days", [-1, 400])
def test_an_impossible_last_day_is_refused(firm: Firm, days: int) -> None:
    day = (clock.today() + timedelta(days=days)).isoformat()
    assert _post(firm, basis="37", wished_last_day=day)[0] == 422


def test_the_hint_comes_while_typing_and_keeps_nothing(firm: Firm) -> None:
    client = firm.client("employee")
    before = Entry.objects.count()
    asked = client.post(reverse("m_resign_hint"), {"reason": "请公司批准"}, headers={"HX-Request": "true"})
    assert "像是在请求批准" in asked.content.decode()
    fault = client.post(reverse("m_resign_hint"), {"reason": "公司拖欠工资三个月"}).content.decode()
    assert "第三十八条" in fault
    assert client.post(reverse("m_resign_hint"), {"reason": "想换个城市生活"}).content.decode().strip() == ""
    assert Entry.objects.count() == before


def test_the_draft_comes_back_and_lies_sealed(firm: Firm) -> None:
    client = firm.client("employee")
    told = {"basis": "37", "reason": "想换个城市生活"}
    assert client.post(reverse("m_resign_letter"), told).status_code == 302
    assert "想换个城市生活" in client.get(reverse("m_resign_letter")).content.decode()
    kept = Session.objects.get(pk=client.session.session_key).get_decoded()
    assert "想换个城市" not in repr(kept)
    assert not Message.objects.exists(), "a draft tells nobody"
