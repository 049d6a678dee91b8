"""The inbox at the desk: what waits, what was done, messages, handing over and standing in."""

from __future__ import annotations

import pytest
from django.urls import reverse

from guiyan.notify.models import Message
from guiyan.platform import clock
from guiyan.platform.ids import new_id
from guiyan.process.models import Delegation, Task
from tests.mobile.steps import act, resign
from tests.web.conftest import Firm, account


def _inbox(firm: Firm, role: str, **query: str) -> str:
    answer = firm.client(role).get(reverse("inbox"), query)
    assert answer.status_code == 200
    return str(answer.content.decode())


@pytest.mark.parametrize("role", ["manager", "hr", "it", "finance", "legal", "auditor", "employee"])
def test_every_role_has_an_inbox_with_four_drawers(firm: Firm, role: str) -> None:
    for tab in ("todo", "done", "copied", "mine", "nonsense"):
        page = _inbox(firm, role, tab=tab)
        for drawer in ("待办", "已办", "抄送我的", "我发起的"):
            assert drawer in page


def test_a_task_waits_moves_to_done_and_is_counted(firm: Firm) -> None:
    _me, case_id = resign(firm)
    page = _inbox(firm, "manager")
    assert "答复：已知悉" in page
    assert "周雨桐" in page
    act(firm, "manager", case_id, "know")
    assert "答复：已知悉" not in _inbox(firm, "manager")
    assert "答复：已知悉" in _inbox(firm, "manager", tab="done")
    assert "答复：已知悉" not in _inbox(firm, "employee")


def test_the_list_is_narrowed_and_comes_in_parts(firm: Firm) -> None:
    resign(firm)
    assert "没有符合条件的事项" in _inbox(firm, "manager", q="不存在")
    assert "答复：已知悉" in _inbox(firm, "manager", q="周雨桐", process="resignation")
    part = firm.client("manager").get(reverse("inbox"), headers={"HX-Request": "true", "HX-Target": "inbox-list"})
    assert "<html" not in part.content.decode()


def test_a_task_that_is_an_act_leads_to_its_case_and_a_plain_one_is_confirmed(firm: Firm) -> None:
    _me, case_id = resign(firm)
    client = firm.client("manager")
    own = Task.objects.get(form="manager_ack")
    assert client.get(reverse("task", kwargs={"task_id": own.pk}))["Location"] == f"/cases/{case_id}/"
    plain = Task.objects.get(form="handover_plan")
    address = reverse("task", kwargs={"task_id": plain.pk})
    assert "确认已办理" in client.get(address).content.decode()
    told = {"request_id": str(new_id())}
    assert client.post(address, told).status_code == 302
    assert client.post(address, told).status_code == 302
    late = client.post(address, {"request_id": str(new_id())})
    assert late.status_code == 409
    assert "您已经办理过" in late.content.decode()


def test_somebody_elses_task_is_not_done(firm: Firm) -> None:
    resign(firm)
    plain = Task.objects.get(form="handover_plan")
    address = reverse("task", kwargs={"task_id": plain.pk})
    assert firm.client("hr_elsewhere").get(address).status_code == 404
    assert firm.client("hr").post(address, {"request_id": str(new_id())}).status_code == 403
    plain.refresh_from_db()
    assert plain.state == "open"


def test_a_task_is_handed_over_with_a_reason(firm: Firm) -> None:
    resign(firm)
    colleague = account("宋嘉", firm.world.outsider)
    plain = Task.objects.get(form="handover_plan")
    client = firm.client("manager")
    page = client.get(reverse("task_hand_over", kwargs={"task_id": plain.pk}), {"to": "宋嘉"}).content.decode()
    assert str(colleague.pk) in page
    over = reverse("task_hand", kwargs={"task_id": plain.pk, "what": "hand-over"})
    client.post(over, {"to": str(colleague.pk), "reason": "", "request_id": str(new_id())})
    assert "列出交接清单" in _inbox(firm, "manager"), "without a reason nothing moves"
    client.post(over, {"to": "forged", "reason": "出差", "request_id": str(new_id())})
    client.post(over, {"to": str(colleague.pk), "reason": "出差", "request_id": str(new_id())})
    assert "列出交接清单" not in _inbox(firm, "manager")


def test_a_colleague_stands_in_and_both_see_it(firm: Firm) -> None:
    account("宋嘉", firm.world.outsider)
    client, today = firm.client("manager"), clock.today().isoformat()
    wrong = client.post(reverse("away"), {"to": "没有这个人", "first_day": today, "last_day": today})
    assert wrong.status_code == 422
    told = {"to": "宋嘉", "first_day": today, "last_day": today, "request_id": str(new_id())}
    assert client.post(reverse("away"), told).status_code == 302
    assert "何佳宁代您办理" in client.get(reverse("away")).content.decode()
    row = Delegation.objects.get()
    assert client.post(reverse("away_end", kwargs={"delegation_id": row.pk})).status_code == 302
    assert "何佳宁代您办理" not in client.get(reverse("away")).content.decode()


def test_messages_and_whom_they_reached_are_shown_in_ones_own_language(firm: Firm) -> None:
    _me, case_id = resign(firm)
    row = Message.objects.get(person_id=firm.world.boss, kind="separation_to_know")
    pages = [
        ("manager", reverse("messages")),
        ("manager", reverse("message", kwargs={"message_id": row.pk})),
        ("hr", reverse("case", kwargs={"case_id": case_id})),
    ]
    for role, address in pages:
        client = firm.client(role)
        assert row.title in client.get(address).content.decode()
        english = client.get(address, HTTP_ACCEPT_LANGUAGE="en").content.decode()
        assert row.title_en in english
        assert row.title not in english


def test_messages_are_opened_by_a_post_and_are_ones_own(firm: Firm) -> None:
    resign(firm)
    client = firm.client("manager")
    row = Message.objects.get(person_id=firm.world.boss, kind="separation_to_know")
    address = reverse("message", kwargs={"message_id": row.pk})
    assert row.title in client.get(reverse("messages")).content.decode()
    client.get(address)
    row.refresh_from_db()
    assert row.read_at is None
    assert client.post(address, follow=True).status_code == 200
    row.refresh_from_db()
    assert row.read_at is not None
    assert firm.client("hr").get(address).status_code == 404
    assert firm.client("hr").post(address).status_code == 404
