"""What employees do for themselves on the phone: read, look, confirm. Never anybody else's."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from guiyan.ledger.models import Entry
from guiyan.notify.models import Message
from guiyan.people.models import DeliveryAddress
from guiyan.platform import clock
from guiyan.platform.models import User
from tests.people.world import ADDRESS, DOCUMENT, MOBILE
from tests.web.conftest import Firm

PAGES = ("m_home", "m_messages", "m_profile", "m_addresses", "m_resign", "m_resign_paper", "m_resign_letter")


def _message(person: Any, title: str = "一条通知", body: str = "正文在此") -> Message:
    return Message.objects.create(
        person_id=person, kind="test", title=title, body=body, sent_at=clock.now(), link="/m/resign/"
    )


def _entries(kind: str) -> int:
    return Entry.objects.filter(type=kind).count()


@pytest.mark.parametrize("name", PAGES)
def test_every_page_wants_a_signed_in_person(firm: Firm, name: str) -> None:
    answer = Client().get(reverse(name))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_there_for_an_employee_under_the_strict_policy(firm: Firm, name: str) -> None:
    answer = firm.client("employee").get(reverse(name))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "<style" not in page
    assert " style=" not in page


def test_an_account_that_is_nobody_is_told_where_to_go(firm: Firm) -> None:
    answer = firm.client("system_admin").get(reverse("m_home"))
    assert answer.status_code == 404
    assert "没有对应的员工档案" in answer.content.decode()


def test_a_password_of_ones_own_comes_first(firm: Firm) -> None:
    User.objects.filter(pk=firm.users["employee"].pk).update(must_change_password=True)
    assert firm.client("employee").get(reverse("m_home"))["Location"] == reverse("account_change_password")


def test_looking_at_the_list_does_not_read_and_opening_reads_once(firm: Firm) -> None:
    row = _message(firm.world.subject)
    client, before = firm.client("employee"), _entries("notice.read")
    assert "一条通知" in client.get(reverse("m_messages")).content.decode()
    shut = client.get(reverse("m_message", kwargs={"message_id": row.pk})).content.decode()
    assert "正文在此" not in shut
    assert _entries("notice.read") == before
    for _ in range(2):
        answer = client.post(reverse("m_message", kwargs={"message_id": row.pk}), follow=True)
        assert "正文在此" in answer.content.decode()
    assert _entries("notice.read") == before + 1
    row.refresh_from_db()
    assert row.read_at is not None


def test_a_message_is_read_in_ones_own_language(firm: Firm) -> None:
    row = _message(firm.world.subject)
    Message.objects.filter(pk=row.pk).update(title_en="A notice", body_en="The text")
    client, english = firm.client("employee"), {"HTTP_ACCEPT_LANGUAGE": "en"}
    there = reverse("m_message", kwargs={"message_id": row.pk})
    client.post(there)
    for address in (reverse("m_messages"), there):
        assert "一条通知" in client.get(address).content.decode()
        page = client.get(address, **english).content.decode()
        assert "A notice" in page
        assert "一条通知" not in page
    assert "正文在此" in client.get(there).content.decode()
    assert "The text" in client.get(there, **english).content.decode()


def test_the_message_of_somebody_else_does_not_exist(firm: Firm) -> None:
    row = _message(firm.world.boss, title="给主管的")
    client = firm.client("employee")
    address = reverse("m_message", kwargs={"message_id": row.pk})
    assert client.get(address).status_code == 404
    assert client.post(address).status_code == 404
    assert "给主管的" not in client.get(reverse("m_messages")).content.decode()
    row.refresh_from_db()
    assert row.read_at is None


def test_home_shows_what_is_unread_and_what_is_missing(firm: Firm) -> None:
    client = firm.client("employee")
    assert "没有等您处理的事" in client.get(reverse("m_home")).content.decode()
    for number in range(5):
        _message(firm.world.subject, title=f"通知{number}")
    DeliveryAddress.objects.filter(person_id=firm.world.subject).delete()
    page = client.get(reverse("m_home")).content.decode()
    assert "通知4" in page
    assert "还有 2 条未读消息" in page
    assert "确认送达地址" in page


def test_values_are_masked_until_asked_for_and_each_look_is_recorded(firm: Firm) -> None:
    client, before = firm.client("employee"), _entries("pii.revealed")
    page = client.get(reverse("m_profile")).content.decode()
    assert "142****6021" in page
    assert MOBILE not in page
    assert DOCUMENT not in page
    asked = client.post(reverse("m_reveal", kwargs={"kind": "mobile"}), headers={"HX-Request": "true"})
    assert MOBILE in asked.content.decode()
    assert "<html" not in asked.content.decode()
    assert _entries("pii.revealed") == before + 1
    again = client.get(reverse("m_reveal", kwargs={"kind": "mobile"})).content.decode()
    assert MOBILE not in again
    assert _entries("pii.revealed") == before + 1


def test_an_address_is_shown_to_its_owner_alone(firm: Firm) -> None:
    row = DeliveryAddress.objects.get(person_id=firm.world.subject, valid_to__isnull=True)
    address = reverse("m_reveal_address", kwargs={"address_id": row.pk})
    assert ADDRESS in firm.client("employee").post(address).content.decode()
    boss = firm.client("manager")
    assert boss.get(address).status_code == 404
    assert boss.post(address).status_code == 404


def test_no_kind_but_the_known_ones(firm: Firm) -> None:
    assert firm.client("employee").post(reverse("m_reveal", kwargs={"kind": "wage"})).status_code == 404


def test_an_address_is_confirmed_once_and_replaces_the_one_before(firm: Firm, request_id: str) -> None:
    client = firm.client("employee")
    told = {"request_id": request_id, "kind": "email", "value": "yu@example.com", "sure": "on"}
    for _ in range(2):
        assert client.post(reverse("m_addresses"), told).status_code == 302
    mine = DeliveryAddress.objects.filter(person_id=firm.world.subject, kind="email", valid_to__isnull=True)
    assert mine.count() == 1
    assert "y***@example.com" in client.get(reverse("m_addresses")).content.decode()


@pytest.mark.parametrize(
    ("kind", "value"), [("email", "不是邮箱"), ("mobile", "12"), ("postal", "上海"), ("postal", ""), ("fax", "x" * 20)]
)
def test_an_address_that_reaches_nobody_is_refused_and_kept_in_the_form(firm: Firm, kind: str, value: str) -> None:
    before = DeliveryAddress.objects.count()
    answer = firm.client("employee").post(reverse("m_addresses"), {"kind": kind, "value": value, "sure": "on"})
    assert answer.status_code == 422
    assert value in answer.content.decode()
    assert DeliveryAddress.objects.count() == before


def test_everything_is_said_in_english_too(firm: Firm) -> None:
    client = firm.client("employee")
    client.cookies["django_language"] = "en"
    for name in PAGES:
        page = client.get(reverse(name)).content.decode().split("<main", 1)[1].split("</main", 1)[0]
        left = [text for text in ("辞职", "消息", "地址", "公司", "您", "确认") if text in _without_data(page)]
        assert left == [], name


def _without_data(page: str) -> str:
    for data in ("周雨桐", "客户成功一组", "客户成功经理", "陈立衡", "上海市浦东新区", "中文"):
        page = page.replace(data, "")
    return page
