"""A step that asks the employee is done on the phone: by them alone, once, with what they want to say."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse

from guiyan.ledger.models import Entry
from guiyan.platform import clock
from guiyan.platform.ids import new_id
from guiyan.platform.models import Refusal
from guiyan.process.models import Task
from tests.web.conftest import Firm

from .steps import act, resign, withdraw


@pytest.fixture
def asked(firm: Firm) -> tuple[Any, UUID, Task]:
    """The employee's client, their case, and the handover that they are asked to do."""
    me, case_id = resign(firm)
    plan = Task.objects.get(node="handover_plan", state="open")
    told = {"request_id": str(new_id())}
    assert firm.client("manager").post(reverse("task", kwargs={"task_id": plan.pk}), told).status_code == 302
    return me, case_id, Task.objects.get(node="handover_do", state="open")


def _page(task: Task, name: str = "m_task") -> str:
    return reverse(name, kwargs={"task_id": task.pk})


def test_home_inbox_and_message_lead_to_the_page_on_the_phone(firm: Firm, asked: Any) -> None:
    me, case_id, step = asked
    for address in (reverse("m_home"), reverse("m_case", kwargs={"case_id": case_id})):
        assert f'href="{_page(step)}"' in me.get(address).content.decode()
    assert me.get(_page(step, "task"))["Location"] == _page(step), "a link in a message or the inbox at the desk"
    assert me.post(_page(step, "task"), {"request_id": str(new_id())})["Location"] == _page(step)
    step.refresh_from_db()
    assert step.state == "open", "nothing was confirmed on the way"
    page = me.get(_page(step)).content.decode()
    for told in ("办理工作交接", "不等交接办完", "我已办好"):
        assert told in page
    assert "<style" not in page
    assert " style=" not in page


def test_it_is_done_once_and_a_late_click_is_told(firm: Firm, asked: Any) -> None:
    me, _case_id, step = asked
    told = {"request_id": str(new_id())}
    assert "已记下" in me.post(_page(step), told, follow=True).content.decode()
    assert me.post(_page(step), told).status_code == 302
    assert Entry.objects.filter(type="task.done").count() == 2, "the manager's list, and this"
    late = me.post(_page(step), {"request_id": str(new_id())}, follow=True).content.decode()
    assert "已办好" in late
    assert "我已办好" not in late
    assert Entry.objects.filter(type="task.done").count() == 2
    step.refresh_from_db()
    assert (step.state, step.done_by_person) == ("done", firm.world.subject)


def test_what_was_taken_back_says_so(firm: Firm, asked: Any) -> None:
    me, case_id, step = asked
    withdraw(firm, me, case_id)
    act(firm, "manager", case_id, "opinion", opinion="agree", note="")
    act(firm, "hr", case_id, "consent", note="")
    late = me.post(_page(step), {"request_id": str(new_id())}, follow=True).content.decode()
    assert "不再需要" in late
    assert "我已办好" not in late


def test_what_is_written_is_read_by_who_works_on_it(firm: Firm, asked: Any) -> None:
    me, case_id, step = asked
    address = _page(step, "m_task_comment")
    told = {"request_id": str(new_id()), "text": "钥匙在前台"}
    me.post(address, told)
    assert "留言已发出" in me.post(address, told, follow=True).content.decode()
    assert me.get(_page(step)).content.decode().count("钥匙在前台") == 1
    notes = reverse("case_comments", kwargs={"case_id": case_id})
    assert "钥匙在前台" in firm.client("hr").get(notes).content.decode()
    assert "请先写下留言" in me.post(address, {"request_id": str(new_id()), "text": " "}, follow=True).content.decode()
    assert Entry.objects.filter(type="comment.made").count() == 1


@pytest.mark.parametrize("role", ["manager", "hr_elsewhere", "employee_elsewhere"])
def test_a_link_opened_by_somebody_else_finds_nothing_and_does_nothing(firm: Firm, asked: Any, role: str) -> None:
    _me, _case_id, step = asked
    if role == "employee_elsewhere":
        from tests.people.world import hire
        from tests.web.conftest import account

        world = firm.world
        firm.users[role] = account(role, hire("别人", "E900", world.right, world.post, clock.wall()).person_id)
    client = firm.client(role)
    told = {"request_id": str(new_id()), "text": "偷看"}
    for answer in (
        client.get(_page(step)),
        client.post(_page(step), told),
        client.post(_page(step, "m_task_comment"), told),
    ):
        assert answer.status_code == 404
        assert "办理工作交接" not in answer.content.decode()
    step.refresh_from_db()
    assert step.state == "open"
    assert not Entry.objects.filter(type="comment.made").exists()


def test_a_step_of_the_case_that_asks_others_is_not_the_employees(firm: Firm, asked: Any) -> None:
    me, _case_id, _step = asked
    other = Task.objects.get(node="hr_ack", state="open")
    assert me.get(_page(other)).status_code == 404
    assert me.post(_page(other), {"request_id": str(new_id())}).status_code == 404


def test_the_manager_keeps_the_desk(firm: Firm, asked: Any) -> None:
    _me, _case_id, step = asked
    seen = firm.client("manager").get(_page(step, "task"))
    assert seen.status_code == 200
    assert Refusal.objects.count() == 0
