"""A task is put before whoever has the role, done by them alone, once; the flow and the rows move together or not."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from guiyan.platform import tenancy
from guiyan.platform.acting import Forbidden, Refused, Stale, action
from guiyan.platform.ids import new_id
from guiyan.platform.models import Deadline, Refusal
from guiyan.platform.permissions import SYSTEM, Viewer
from guiyan.process import actions, hookspecs, queries
from guiyan.process.enums import InstanceStatus, TaskState
from guiyan.process.models import Instance, ProcessVersion, Task
from guiyan.process.versions import shipped_source
from tests.process_db.world import (
    LAST_DAY,
    MONDAY,
    REFUSED,
    World,
    asked,
    build,
    case_of,
    complete,
    entries,
    grown,
    pairs,
    receive,
    row_counts,
    set_anchor,
    start,
    task,
)

AGREES = {"manager_agrees_earlier": False}


@pytest.fixture
def world(tenant: Any) -> World:
    return build()


@pytest.fixture
def exit_(world: World) -> UUID:
    return start(world.zhou, now=MONDAY)


def test_the_first_tasks_ask_those_who_have_the_role(world: World, exit_: UUID) -> None:
    expected = {
        "manager_ack": pairs(world.chen),
        "hr_ack": pairs(world.hr, world.hr2),
        "legal_reminder": pairs(world.legal),
        "access_return": pairs(world.it),
        "accounts_clear": pairs(world.finance),
        "badge_return": pairs(world.facilities),
        "handover_plan": pairs(world.chen),
    }
    found = {row.node: asked(row) for row in Task.objects.filter(instance_id=exit_)}
    assert {node: found.get(node) for node in expected} == expected
    assert set(found) - set(expected) == set(), "the certificate and the last wages wait for their message"


def test_tasks_are_due_by_working_days_counted_from_their_own_moment(world: World, exit_: UUID) -> None:
    days = {
        row.node: Deadline.objects.get(owner_id=row.pk, purpose="due").last_day
        for row in Task.objects.filter(instance_id=exit_)
    }
    assert days["manager_ack"] == date(2026, 11, 25), "two working days after Monday"
    assert days["access_return"] == LAST_DAY
    assert days["legal_reminder"] == date(2026, 12, 18), "three working days before a Wednesday"


def test_every_step_is_on_the_ledger_in_the_chain_of_its_case(world: World, exit_: UUID) -> None:
    complete(world.chen, task(exit_, "manager_ack").pk, answers=AGREES, now=MONDAY)
    found = entries(case_of(exit_))
    assert [each["cseq"] for each in found] == list(range(1, len(found) + 1))
    kinds = [each["type"] for each in found]
    assert kinds[0] == "process.started"
    assert kinds.count("task.opened") == 7
    assert kinds[-1] == "task.done"
    assert found[0]["pub"]["sha256"] == ProcessVersion.objects.get().sha256
    said = str(found)
    assert "周雨桐" not in said
    assert "陈立衡" not in said, "whom a task asked is committed to, not shown"


def test_somebody_else_is_refused_and_it_is_recorded(world: World, exit_: UUID) -> None:
    row = task(exit_, "manager_ack")
    for stranger in (world.zhou, world.hr, world.it, world.lead, world.other):
        before, state = row_counts(), Instance.objects.get(pk=exit_).state
        with pytest.raises(Forbidden) as refused:
            complete(stranger, row.pk, answers=AGREES, now=MONDAY)
        assert refused.value.rule == "not_candidate"
        assert grown(before) == REFUSED
        last = Refusal.objects.order_by("-id")[0]
        assert (last.user_id, last.object_id) == (stranger.user_id, str(row.pk))
        assert Instance.objects.get(pk=exit_).state == state
    row.refresh_from_db()
    assert row.state == TaskState.OPEN


def test_a_late_a_double_and_an_overtaken_click_are_three_answers(world: World, exit_: UUID) -> None:
    shared, alone = task(exit_, "hr_ack"), task(exit_, "access_return")
    complete(world.hr, shared.pk, answers={"hr_agrees_earlier": False}, now=MONDAY)
    receive(world.hr, exit_, "withdrawal.consented", now=MONDAY)
    tries: list[tuple[Viewer, UUID, str]] = [
        (world.hr, shared.pk, "task_done_by_you"),
        (world.hr2, shared.pk, "task_done"),
        (world.it, alone.pk, "task_taken_back"),
    ]
    for viewer, task_id, rule in tries:
        before = row_counts()
        with pytest.raises(Stale) as refused:
            complete(viewer, task_id, answers={}, now=MONDAY)
        assert refused.value.rule == rule
        assert grown(before) == REFUSED
    with pytest.raises(Stale) as late:
        complete(world.hr2, shared.pk, answers={}, now=MONDAY)
    assert "hr-one" in str(late.value.text), "who came late is told who did it"


def test_a_forged_id_is_refused(world: World, exit_: UUID) -> None:
    before = row_counts()
    with pytest.raises(Refused, match="task_unknown"):
        complete(world.chen, new_id(), now=MONDAY)
    assert grown(before) == REFUSED


def test_answers_not_asked_for_change_nothing(world: World, exit_: UUID) -> None:
    before = row_counts()
    for answers in ({"manager_agrees_earlier": "yes"}, {**AGREES, "salary": 1}, {}):
        with pytest.raises(Refused):
            complete(world.chen, task(exit_, "manager_ack").pk, answers=answers, now=MONDAY)
    assert grown(before) == {table: number * 3 for table, number in REFUSED.items()}


def test_the_flow_moves_inside_an_action_only(world: World, exit_: UUID) -> None:
    task_id = task(exit_, "badge_return").pk
    steps: list[Callable[[], Any]] = [
        lambda: actions.complete_task(world.facilities, task_id, now=MONDAY),
        lambda: actions.receive(world.zhou, exit_, "withdrawal.consented", now=MONDAY),
        lambda: actions.cancel(world.zhou, exit_, now=MONDAY),
        lambda: actions.set_anchor(world.zhou, exit_, last_day=LAST_DAY, now=MONDAY),
        lambda: actions.copy_to(world.zhou, exit_, [actions.Party(world.other.user_id)], now=MONDAY),
    ]
    before = row_counts()
    for step in steps:
        with pytest.raises(AssertionError):
            step()
    assert grown(before) == {}


@action("test.do_then_refuse")
def _do_then_refuse(viewer: Viewer, task_id: UUID, *, now: datetime) -> None:
    actions.complete_task(viewer, task_id, answers=AGREES, now=now)
    raise Refused("the_row_says_no", "不可以")


def test_when_the_row_does_not_change_the_flow_does_not_move(world: World, exit_: UUID) -> None:
    row, before = task(exit_, "manager_ack"), row_counts()
    with pytest.raises(Refused, match="the_row_says_no"):
        _do_then_refuse(world.chen, row.pk, now=MONDAY)
    assert grown(before) == REFUSED
    row.refresh_from_db()
    assert row.state == TaskState.OPEN
    assert queries.my_task(world.chen, case_of(exit_), "manager_ack", now=MONDAY) == row.pk


def test_a_case_runs_a_process_once_at_a_time(world: World, exit_: UUID) -> None:
    with pytest.raises(Stale, match="process_runs"):
        start(world.zhou, case_id=case_of(exit_), now=MONDAY)


def test_a_consented_withdrawal_takes_everything_back_and_asks_for_the_rest(world: World, exit_: UUID) -> None:
    open_before = set(Task.objects.filter(instance_id=exit_).values_list("pk", flat=True))
    moved = receive(world.hr, exit_, "withdrawal.consented", now=MONDAY)
    assert set(moved.taken_back) == open_before
    assert moved.status is InstanceStatus.RUNNING
    assert {Task.objects.get(pk=each).node for each in moved.opened} == {
        "restore_records",
        "restore_access",
        "restore_pay",
    }
    assert not Deadline.objects.filter(owner_id__in=open_before, state="open").exists()
    doers = {"restore_records": world.hr, "restore_access": world.it, "restore_pay": world.finance}
    for node, doer in doers.items():
        moved = complete(doer, task(exit_, node).pk, now=MONDAY)
    assert (moved.status, moved.outcome) == (InstanceStatus.ENDED, "restored")
    assert entries(case_of(exit_))[-1]["type"] == "process.ended"
    with pytest.raises(Stale, match="message_not_expected"):
        receive(world.hr, exit_, "withdrawal.consented", now=MONDAY)


def test_a_message_nobody_waits_for_is_refused(world: World) -> None:
    withdrawal = start(world.zhou, "withdrawal", message="withdrawal.received", now=MONDAY)
    (fact,) = queries.instances_of(case_of(withdrawal), "withdrawal")
    assert "opinion.overdue" in fact.expects
    receive(SYSTEM, withdrawal, "opinion.overdue", now=MONDAY)
    with pytest.raises(Stale, match="message_not_expected"):
        receive(SYSTEM, withdrawal, "opinion.overdue", now=MONDAY)


@action("test.cancel")
def _cancel(viewer: Viewer, instance_id: UUID, *, now: datetime) -> actions.Moved:
    return actions.cancel(viewer, instance_id, now=now)


def test_a_process_called_off_asks_nobody_any_more(world: World, exit_: UUID) -> None:
    moved = _cancel(world.hr, exit_, now=MONDAY)
    assert moved.status is InstanceStatus.CANCELLED
    assert not Task.objects.filter(instance_id=exit_, state=TaskState.OPEN).exists()
    assert not Deadline.objects.filter(state="open").exists()
    with pytest.raises(Stale, match="over"):
        _cancel(world.hr, exit_, now=MONDAY)
    assert start(world.zhou, case_id=case_of(exit_), now=MONDAY) != exit_


# --- forms that only confirm ------------------------------------------------------------------------------------------


def test_a_plain_form_is_confirmed_once_however_often_it_is_sent(world: World, exit_: UUID) -> None:
    row, request = task(exit_, "badge_return"), new_id()
    actions.confirm_task(world.facilities, row.pk, request_id=request, now=MONDAY)
    before = row_counts()
    actions.confirm_task(world.facilities, row.pk, request_id=request, now=MONDAY)
    assert grown(before) == {}
    with pytest.raises(Stale, match="task_done_by_you"):
        actions.confirm_task(world.facilities, row.pk, request_id=new_id(), now=MONDAY)


def test_a_form_with_an_act_of_its_own_is_not_confirmed_past_it(
    world: World, exit_: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Refused, match="form_has_its_own_act"):
        actions.confirm_task(world.chen, task(exit_, "manager_ack").pk, answers=AGREES, request_id=new_id(), now=MONDAY)
    monkeypatch.setattr(hookspecs, "_openers", {"badge_return": lambda place: f"/badges/{place.task_id}/"})
    row = task(exit_, "badge_return")
    with pytest.raises(Refused, match="form_has_its_own_act"):
        actions.confirm_task(world.facilities, row.pk, request_id=new_id(), now=MONDAY)
    (shown,) = queries.inbox(world.facilities, "todo", now=MONDAY)
    assert (shown.href, shown.plain) == (f"/badges/{row.pk}/", False)


# --- at once ----------------------------------------------------------------------------------------------------------


def _at_once(tenant: Any, *steps: Callable[[], Any]) -> list[str]:
    """Run steps at the same moment, each on a connection of its own. Returns how each went."""
    gate, outcomes = threading.Barrier(len(steps)), list[str]()

    def work(step: Callable[[], Any]) -> None:
        with tenancy.session(tenant):
            gate.wait(10)
            try:
                step()
                outcomes.append("done")
            except Refused as refusal:
                outcomes.append(refusal.rule)
        connection.close()

    threads = [threading.Thread(target=work, args=(step,)) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


def test_two_colleagues_clicking_at_once_do_it_once(committing: Any) -> None:
    world = build()
    exit_ = start(world.zhou, now=MONDAY)
    task_id = task(exit_, "hr_ack").pk
    outcomes = _at_once(
        committing,
        *(
            lambda viewer=viewer: complete(viewer, task_id, answers={"hr_agrees_earlier": False}, now=MONDAY)
            for viewer in (world.hr, world.hr2)
        ),
    )
    assert outcomes == ["done", "task_done"]
    assert [each["type"] for each in entries(case_of(exit_))].count("task.done") == 1
    assert Refusal.objects.filter(rule="task_done").count() == 1


def test_the_same_click_twice_at_once_is_done_once(committing: Any) -> None:
    world = build()
    exit_ = start(world.zhou, now=MONDAY)
    task_id, request = task(exit_, "badge_return").pk, new_id()
    click = lambda: actions.confirm_task(world.facilities, task_id, request_id=request, now=MONDAY)  # noqa: E731
    assert _at_once(committing, click, click) == ["done", "done"]
    assert [each["type"] for each in entries(case_of(exit_))].count("task.done") == 1


def test_a_click_and_the_consent_at_once_leave_one_truth(committing: Any) -> None:
    world = build()
    exit_ = start(world.zhou, now=MONDAY)
    row = task(exit_, "badge_return")
    outcomes = _at_once(
        committing,
        lambda: complete(world.facilities, row.pk, now=MONDAY),
        lambda: receive(world.hr, exit_, "withdrawal.consented", now=MONDAY),
    )
    row.refresh_from_db()
    either = {TaskState.DONE: ["done", "done"], TaskState.TAKEN_BACK: ["done", "task_taken_back"]}
    assert outcomes == either[TaskState(row.state)]


def test_a_process_started_twice_at_once_runs_once(committing: Any) -> None:
    world = build()
    case_id = new_id()
    begin = lambda: _start_or_refuse(world.zhou, case_id)  # noqa: E731
    outcomes = _at_once(committing, begin, begin)
    assert outcomes == ["done", "process_runs"]
    assert Instance.objects.filter(case_id=case_id).count() == 1
    assert ProcessVersion.objects.count() == 1


def _start_or_refuse(viewer: Viewer, case_id: UUID) -> None:
    start(viewer, case_id=case_id, now=MONDAY)


# --- versions ---------------------------------------------------------------------------------------------------------


def _redrawn() -> bytes:
    """The shipped resignation with another name for a step, and one deadline shorter."""
    source = shipped_source("resignation")
    changed = source.replace("收回工牌和门禁".encode(), "收回工牌".encode())
    assert changed != source
    return changed


def test_a_running_case_keeps_its_version_and_a_new_one_gets_the_new(world: World, exit_: UUID) -> None:
    assert actions.install(SYSTEM, _redrawn(), now=MONDAY + timedelta(days=1))
    assert not actions.install(SYSTEM, _redrawn(), now=MONDAY + timedelta(days=2)), "the same bytes are no new version"
    newer = start(world.zhou, now=MONDAY + timedelta(days=1))
    assert task(exit_, "badge_return").name == "收回工牌和门禁"
    assert task(newer, "badge_return").name == "收回工牌"
    for number, instance in ((1, exit_), (2, newer)):
        complete(world.facilities, task(instance, "badge_return").pk, now=MONDAY + timedelta(days=1))
        assert Instance.objects.get(pk=instance).version.number == number
    assert "收回工牌和门禁" in queries.diagram_svg(world.hr, exit_, now=MONDAY)
    assert "收回工牌和门禁" not in queries.diagram_svg(world.hr, newer, now=MONDAY)


def test_what_the_product_brings_along_is_put_in_once(world: World) -> None:
    assert actions.install_shipped(MONDAY) == 2
    assert actions.install_shipped(MONDAY) == 0
    assert ProcessVersion.objects.count() == 2


def test_a_diagram_that_is_not_sound_and_a_stranger_install_nothing(world: World) -> None:
    broken = shipped_source("withdrawal").replace(b'gy:form="hr_decision"', b"")
    before = row_counts()
    with pytest.raises(Refused, match="diagram_refused"):
        actions.install(SYSTEM, broken, now=MONDAY)
    with pytest.raises(Forbidden):
        actions.install(world.lead, shipped_source("withdrawal"), now=MONDAY)
    assert grown(before) == {table: number * 2 for table, number in REFUSED.items()}


# --- days -------------------------------------------------------------------------------------------------------------


def test_another_last_day_moves_what_counts_from_it_and_nothing_else(world: World, exit_: UUID) -> None:
    days = lambda: {  # noqa: E731
        row.node: Deadline.objects.get(owner_id=row.pk, purpose="due").last_day
        for row in Task.objects.filter(instance_id=exit_)
    }
    before = days()
    assert set_anchor(world.hr, exit_, last_day=date(2026, 12, 9), now=MONDAY) == 4
    after = days()
    assert after["access_return"] == date(2026, 12, 9)
    assert after["legal_reminder"] == date(2026, 12, 4)
    assert after["manager_ack"] == before["manager_ack"]
    assert [each["type"] for each in entries(case_of(exit_))].count("deadline.set") == 4
    assert set_anchor(world.hr, exit_, last_day=date(2026, 12, 9), now=MONDAY) == 0


def test_what_would_have_been_due_before_it_was_asked_is_due_today(world: World, exit_: UUID) -> None:
    set_anchor(world.hr, exit_, last_day=date(2026, 11, 24), now=MONDAY)
    assert Deadline.objects.get(owner_id=task(exit_, "legal_reminder").pk).last_day == date(2026, 11, 23)


def test_without_a_last_day_what_counts_from_it_has_no_day_yet(world: World) -> None:
    exit_ = start(world.zhou, anchors={"arrival": MONDAY}, now=MONDAY)
    row = task(exit_, "access_return")
    assert not Deadline.objects.filter(owner_id=row.pk).exists()
    assert queries.task(world.it, row.pk, now=MONDAY).due_day is None
    set_anchor(world.hr, exit_, last_day=LAST_DAY, now=MONDAY)
    assert queries.task(world.it, row.pk, now=MONDAY).due_day == LAST_DAY
