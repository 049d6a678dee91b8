"""A late task is chased in working days, the next role is brought in, and nobody is chased for what needs no answer."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from guiyan.kernel.calendar import DayKind
from guiyan.ledger.actions import record
from guiyan.notify.models import Message
from guiyan.people import actions as people
from guiyan.platform import clock, deadlines, tenancy
from guiyan.platform.acting import Stale, action
from guiyan.platform.actions import DayEntry, enter_days
from guiyan.platform.ids import new_id
from guiyan.platform.models import Deadline
from guiyan.platform.permissions import SYSTEM, Viewer
from guiyan.process import actions, queries
from guiyan.process.actions.moves import lock_instance
from guiyan.process.models import Copy, Task
from tests.process_db.world import (
    MONDAY,
    World,
    asked,
    build,
    case_of,
    complete,
    entries,
    pairs,
    receive,
    set_anchor,
    start,
    task,
)

AGREES = {"manager_agrees_earlier": False}
LATER = date(2027, 3, 31)


def _shanghai(day: date, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=clock.LEGAL_ZONE).astimezone(UTC)


def _tick(moment: datetime) -> list[tuple[str, UUID | None, UUID | None]]:
    """Move the simulation's clock and tick. Returns the messages that went out: kind and addressee."""
    before = set(Message.objects.values_list("pk", flat=True))
    clock.move_to(moment)
    deadlines.tick()
    rows = Message.objects.exclude(pk__in=before).order_by("pk")
    return list(rows.values_list("kind", "user_id", "person_id"))


def _alone(world: World, now: datetime, node: str = "manager_ack") -> tuple[UUID, Task]:
    """Start a resignation and leave but one of its tasks open."""
    exit_ = start(world.zhou, anchors=actions.Anchors(now, LATER), now=now)
    row = task(exit_, node)
    others = Task.objects.filter(instance_id=exit_).exclude(pk=row.pk)
    Deadline.objects.filter(owner_id__in=others.values("pk")).delete()
    return exit_, row


REMINDED = "process_reminder"

PERIODS = [
    ("in one week", date(2026, 11, 23), date(2026, 11, 25)),
    ("over a weekend", date(2026, 11, 20), date(2026, 11, 24)),
    ("over National Day", date(2026, 9, 29), date(2026, 10, 8)),
    ("on a make-up Saturday", date(2026, 10, 8), date(2026, 10, 10)),
]


@pytest.mark.parametrize(("first", "last"), [each[1:] for each in PERIODS], ids=[each[0] for each in PERIODS])
def test_who_has_not_answered_after_two_working_days_is_reminded(simulation: Any, first: date, last: date) -> None:
    opened = _shanghai(first, 15)
    world = build(opened)
    _exit, row = _alone(world, opened)
    assert queries.task(world.chen, row.pk, now=opened).due_day == last
    assert _tick(_shanghai(last, 23, 59)) == []
    assert not queries.task(world.chen, row.pk).overdue
    told = _tick(_shanghai(last + timedelta(days=1)))
    assert (REMINDED, None, world.chen.person_id) in told
    assert {kind for kind, _, _ in told} == {REMINDED, "process_escalation"}
    shown = queries.task(world.chen, row.pk)
    assert (shown.overdue, shown.reminders) == (True, 1)
    assert _tick(_shanghai(last + timedelta(days=1), 1)) == [], "once"


def test_what_the_reminder_says(simulation: Any) -> None:
    world = build()
    _exit, _row = _alone(world, MONDAY)
    _tick(_shanghai(date(2026, 11, 26)))
    message = Message.objects.get(kind=REMINDED)
    assert message.title == "待办提醒：答复：已知悉"
    assert "“周雨桐的辞职”" in message.body
    assert "2026 年 11 月 25 日" in message.body
    assert "批准" not in message.body, "a resignation needs nobody's approval"
    assert message.title_en == "Reminder: Acknowledge"
    assert "due by the end of 25 November 2026" in message.body_en
    told = Message.objects.filter(kind="process_escalation")[0]
    assert "原来交给：陈立衡" in told.body


def test_five_reminders_at_most_two_working_days_apart(simulation: Any) -> None:
    world = build()
    exit_, row = _alone(world, MONDAY)
    days = [date(2026, 11, day) for day in range(24, 31)] + [date(2026, 12, day) for day in range(1, 32)]
    reminded = [day for day in days if (REMINDED, None, world.chen.person_id) in _tick(_shanghai(day, 0, 1))]
    assert reminded == [
        date(2026, 11, 26),
        date(2026, 12, 1),  # Thursday 26 November, two working days on: over at the end of Monday
        date(2026, 12, 4),
        date(2026, 12, 9),
        date(2026, 12, 12),
    ]
    kinds = [each["type"] for each in entries(case_of(exit_))]
    assert kinds.count("reminder.sent") == 5
    assert not Deadline.objects.filter(owner_id=row.pk, state="open").exists()


def test_the_next_role_is_asked_too_copied_and_may_do_it(simulation: Any) -> None:
    world = build()
    exit_, row = _alone(world, MONDAY)
    actions.claim(world.chen, row.pk, now=MONDAY)
    told = _tick(_shanghai(date(2026, 11, 26)))
    assert {(kind, user) for kind, user, _ in told if kind == "process_escalation"} == {
        ("process_escalation", world.hr.user_id),
        ("process_escalation", world.hr2.user_id),
    }
    assert asked(row) == pairs(world.chen, world.hr, world.hr2)
    assert Copy.objects.filter(instance_id=exit_).count() == 2
    assert queries.inbox_counts(world.hr).unread == 1
    assert "task.assigned" in [each["type"] for each in entries(case_of(exit_))]
    _tick(_shanghai(date(2026, 12, 1)))
    assert Message.objects.filter(kind="process_escalation").count() == 2, "brought in once"
    complete(world.hr, row.pk, answers=AGREES, now=clock.now())


def test_what_is_the_employees_own_stays_theirs_when_it_is_late(simulation: Any) -> None:
    world = build()
    exit_ = start(world.zhou, now=MONDAY)
    complete(world.chen, task(exit_, "handover_plan").pk, now=MONDAY)
    row = task(exit_, "handover_do")
    Deadline.objects.exclude(owner_id=row.pk).delete()
    told = _tick(_shanghai(date(2026, 12, 23)))
    assert told == [
        (REMINDED, None, world.zhou.person_id),
        ("process_escalation", None, world.chen.person_id),
    ]
    assert "只能由本人办理" in Message.objects.get(kind="process_escalation").body
    assert asked(row) == pairs(world.zhou)


def test_who_stands_in_is_reminded_as_well(simulation: Any) -> None:
    world = build()
    _exit, _row = _alone(world, MONDAY)
    assert world.wu.user_id
    actions.delegate(
        world.chen,
        to_user_id=world.wu.user_id,
        first_day=date(2026, 11, 24),
        last_day=date(2026, 11, 27),
        request_id=new_id(),
        now=MONDAY,
    )
    told = [person for kind, _, person in _tick(_shanghai(date(2026, 11, 26))) if kind == REMINDED]
    assert told == [world.chen.person_id, world.wu.person_id]
    told = [person for kind, _, person in _tick(_shanghai(date(2026, 12, 1))) if kind == REMINDED and person]
    assert told == [world.chen.person_id]


def test_who_has_the_role_by_then_is_asked_and_reminded_and_nobody_who_has_left_it(simulation: Any) -> None:
    world = build()
    _exit, row = _alone(world, MONDAY)
    people.set_unit_manager(
        SYSTEM, world.team, world.person(world.wu), date(2026, 11, 24), request_id=new_id(), now=MONDAY
    )
    told = [person for kind, _, person in _tick(_shanghai(date(2026, 11, 26))) if kind == REMINDED]
    assert told == [world.wu.person_id]
    assert asked(row) == pairs(world.wu, world.hr, world.hr2)


def test_nobody_is_reminded_of_what_is_done_taken_back_or_called_off(simulation: Any) -> None:
    world = build()
    done = start(world.zhou, now=MONDAY)
    complete(world.chen, task(done, "manager_ack").pk, answers=AGREES, now=MONDAY)
    late = start(world.wu, title="吴安的辞职", now=MONDAY)
    _tick(_shanghai(date(2026, 11, 26)))
    receive(world.hr, late, "withdrawal.consented", now=clock.now())
    receive(world.hr, done, "withdrawal.consented", now=clock.now())
    for instance in (done, late):
        for node, doer in (("restore_records", world.hr), ("restore_access", world.it), ("restore_pay", world.finance)):
            complete(doer, task(instance, node).pk, now=clock.now())
    assert not Deadline.objects.filter(state="open").exists()
    assert _tick(_shanghai(date(2027, 1, 31))) == []
    assert not Message.objects.filter(person_id=world.chen.person_id, body__contains="已知悉").exists()


def test_a_last_day_put_off_ends_the_chase_until_then(simulation: Any) -> None:
    world = build()
    exit_ = start(world.zhou, anchors=actions.Anchors(MONDAY, date(2026, 11, 27)), now=MONDAY)
    row = task(exit_, "access_return")
    Deadline.objects.exclude(owner_id=row.pk).delete()
    assert (REMINDED, world.it.user_id, None) in _tick(_shanghai(date(2026, 11, 28)))
    set_anchor(world.hr, exit_, last_day=date(2026, 12, 11), now=clock.now())
    assert not queries.task(world.it, row.pk).overdue
    assert (REMINDED, world.it.user_id, None) not in _tick(_shanghai(date(2026, 12, 11), 23))
    assert (REMINDED, world.it.user_id, None) in _tick(_shanghai(date(2026, 12, 12)))


def _closed(world: World, day: date, now: datetime) -> None:
    rest = [DayEntry(day, DayKind.EXCHANGED_REST, "停工")]
    enter_days(world.lead, days=rest, source="公司通知", now=now)


def test_what_the_calendar_put_off_is_not_chased_by_the_old_day(simulation: Any) -> None:
    world = build()
    exit_ = start(world.zhou, anchors=actions.Anchors(MONDAY, date(2026, 12, 11)), now=MONDAY)
    row = task(exit_, "legal_reminder")
    Deadline.objects.exclude(owner_id=row.pk).delete()
    worked = [DayEntry(date(2026, 12, 10), DayKind.WORKING_DAY, "上班")]
    _closed(world, date(2026, 12, 8), MONDAY)
    assert queries.task(world.legal, row.pk, now=MONDAY).due_day == date(2026, 12, 7)
    enter_days(
        world.lead,
        days=[DayEntry(date(2026, 12, 8), DayKind.WORKING_DAY, "恢复上班"), *worked],
        source="公司通知",
        now=MONDAY,
    )
    assert _tick(_shanghai(date(2026, 12, 8))) == [], "the day has moved"
    assert (REMINDED, world.legal.user_id, None) in _tick(_shanghai(date(2026, 12, 9)))


def test_a_year_not_announced_is_said_to_be_provisional(simulation: Any) -> None:
    world = build()
    exit_ = start(world.zhou, anchors=actions.Anchors(MONDAY, date(2027, 10, 12)), now=MONDAY)
    assert queries.task(world.legal, task(exit_, "legal_reminder").pk, now=MONDAY).provisional
    assert not queries.task(world.chen, task(exit_, "manager_ack").pk, now=MONDAY).provisional


@action("test.hold")
def _hold(_viewer: Viewer, instance_id: UUID, held: threading.Event, go: threading.Event) -> None:
    lock_instance(instance_id)
    held.set()
    assert go.wait(20)


@action("test.record_then_move")
def _record_then_move(viewer: Viewer, row: Task, held: threading.Event, go: threading.Event) -> None:
    """As a context may: first the fact on the ledger, then the flow."""
    record(viewer, "approve.acknowledged", now=clock.now(), case=row.instance.case_id)
    held.set()
    assert go.wait(20)
    actions.complete_task(viewer, row.pk, answers=AGREES, now=clock.now())


def _meanwhile(tenant: Any, act: Any, *args: Any) -> tuple[threading.Thread, threading.Event]:
    """Run an act on another connection until it holds its locks. Returns its thread, and what lets it go on."""
    held, go = threading.Event(), threading.Event()

    def work() -> None:
        with tenancy.session(tenant):
            act(*args, held, go)
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    assert held.wait(20)
    return thread, go


def test_the_tick_gives_way_to_a_click_and_comes_back(committing: Any) -> None:
    """The tick holds the deadline, a click holds the instance or the case's place on the ledger."""
    opened = clock.wall() - timedelta(days=30)
    world = build(opened)
    exit_, row = _alone(world, opened)
    thread, go = _meanwhile(committing, _hold, world.chen, exit_)
    assert deadlines.tick() == 0
    assert Deadline.objects.get(owner_id=row.pk, purpose="due").state == "open"
    with pytest.raises(Stale, match="case_busy"):
        actions.comment(world.hr, exit_, "在吗", request_id=new_id(), now=clock.now())
    go.set()
    thread.join()
    assert deadlines.tick() == 1
    assert queries.task(world.chen, row.pk).reminders == 1
    actions.comment(world.hr, exit_, "在吗", request_id=new_id(), now=clock.now())


def test_a_tick_between_the_fact_and_the_flow_stops_neither(committing: Any) -> None:
    opened = clock.wall() - timedelta(days=30)
    world = build(opened)
    _exit, row = _alone(world, opened)
    thread, go = _meanwhile(committing, _record_then_move, world.chen, row)
    assert deadlines.tick() == 0
    go.set()
    thread.join()
    assert queries.task(world.chen, row.pk).state == "done"
    assert deadlines.tick() == 0
    assert not Message.objects.exists()
