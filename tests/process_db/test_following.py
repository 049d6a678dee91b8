"""Open tasks follow the organisation, accounts and the calendar, whoever changed them, and however often it is told."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.db import connection
from procrastinate.contrib.django import app

from guiyan.kernel.calendar import DayKind
from guiyan.kernel.deadlines import DeadlineRule, PeriodUnit
from guiyan.kernel.holidays import national_day_table
from guiyan.notify.models import Message
from guiyan.people import actions as people
from guiyan.people import queries as people_queries
from guiyan.people.events import StandingChanged
from guiyan.people.importing import build_plan
from guiyan.people.models import EmploymentSpell
from guiyan.platform import bus, calendar, clock, deadlines, tenancy
from guiyan.platform.acting import action
from guiyan.platform.actions import DayEntry, enter_days, grant_role, set_active, withdraw_role
from guiyan.platform.events import AccountChanged, DayBegan, DeadlineMoved
from guiyan.platform.ids import new_id
from guiyan.platform.models import Deadline
from guiyan.platform.permissions import SYSTEM, Viewer
from guiyan.process import actions, queries, subscribers
from guiyan.process.actions.moves import lock_instance
from guiyan.process.models import Task, TaskCandidate
from guiyan.process.waiting import BusyError
from tests.people.importing.rosters import HEADS, person, workbook
from tests.people.world import hire
from tests.process_db.world import (
    MONDAY,
    World,
    account,
    asked,
    build,
    case_of,
    complete,
    entries,
    grown,
    pairs,
    row_counts,
    start,
    task,
)

AGREES = {"manager_agrees_earlier": False}
TUESDAY, THURSDAY = date(2026, 11, 24), date(2026, 11, 26)
SUBSCRIBERS: dict[type, Callable[[Any], None]] = {
    StandingChanged: subscribers.on_standing_changed,
    AccountChanged: subscribers.on_account_changed,
    DayBegan: subscribers.on_day_began,
    DeadlineMoved: subscribers.on_deadline_moved,
}


class Bus:
    """What was published and not yet delivered; delivers everything twice, as may happen to any job."""

    def __init__(self) -> None:
        self.waiting: list[Any] = []
        self.all: list[Any] = []

    def publish(self, event: Any) -> None:
        """Take an event."""
        self.waiting.append(event)
        self.all.append(event)

    def deliver(self) -> None:
        """Deliver all, then deliver all again: the second time changes nothing."""
        events, self.waiting = self.waiting, []
        for event in events:
            SUBSCRIBERS[type(event)](event)
        before = row_counts()
        for event in events:
            SUBSCRIBERS[type(event)](event)
        assert grown(before) == {}


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Bus:
    made = Bus()
    monkeypatch.setattr(bus, "publish", made.publish)
    return made


@pytest.fixture
def world(simulation: Any, told: Bus) -> Iterator[World]:
    clock.move_to(MONDAY)
    made = build()
    deadlines.tick()
    told.deliver()
    told.all.clear()
    return made


@pytest.fixture
def exit_(world: World) -> UUID:
    return start(world.zhou, now=MONDAY)


def _at(day: date) -> datetime:
    moment = datetime(day.year, day.month, day.day, 9, tzinfo=clock.LEGAL_ZONE).astimezone(UTC)
    clock.move_to(moment)
    deadlines.tick()
    return moment


def _new_head(world: World, manager: Viewer, from_on: date) -> None:
    people.set_unit_manager(SYSTEM, world.team, world.person(manager), from_on, request_id=new_id(), now=clock.now())


def _hired(world: World) -> Viewer:
    return account("new", MONDAY, hire("何佳宁", "P009", world.team, world.post, MONDAY).person_id)


def _spell(viewer: Viewer) -> UUID:
    return EmploymentSpell.objects.values_list("pk", flat=True).get(person_id=viewer.person_id, latest=True)


# --- every way in which somebody else becomes the one who is asked ----------------------------------------------------


def test_another_head_is_asked_and_it_is_told_and_on_record(world: World, exit_: UUID, told: Bus) -> None:
    row, new = task(exit_, "manager_ack"), _hired(world)
    _new_head(world, new, MONDAY.date())
    assert asked(row) == pairs(world.chen), "not in the transaction of the change"
    told.deliver()
    assert asked(row) == pairs(new)
    assert Message.objects.filter(kind="process_assigned", person_id=new.person_id).count() == 2
    handed = [each["pub"] for each in entries(case_of(exit_)) if each["type"] == "task.assigned"]
    assert {(each["key"], each["how"], each["to"]) for each in handed} == {
        ("manager_ack.1", "role", 1),
        ("handover_plan.1", "role", 1),
    }
    assert len(handed) == 2
    lines = [each for each in queries.trail(world.hr, case_id=case_of(exit_), now=MONDAY) if each.what == "reassigned"]
    assert len(lines) == 2
    assert asked(task(exit_, "hr_ack")) == pairs(world.hr, world.hr2)


def test_a_head_from_a_later_day_is_asked_from_that_day_on(world: World, exit_: UUID, told: Bus) -> None:
    row, new = task(exit_, "manager_ack"), _hired(world)
    _new_head(world, new, THURSDAY)
    told.deliver()
    _at(TUESDAY)
    told.deliver()
    assert asked(row) == pairs(world.chen)
    Deadline.objects.filter(owner_id=row.pk).delete()
    _at(THURSDAY)
    assert DayBegan(THURSDAY) in told.waiting
    told.deliver()
    assert asked(row) == pairs(new)


def test_a_transfer_hands_the_tasks_to_the_new_manager(world: World, exit_: UUID, told: Bus) -> None:
    move = people.Move(world.team, world.post, MONDAY.date(), world.person(world.wu))
    people.transfer(SYSTEM, world.person(world.zhou), move, request_id=new_id(), now=MONDAY)
    assert told.waiting == [StandingChanged(world.zhou.person_id)]
    told.deliver()
    assert asked(task(exit_, "manager_ack")) == pairs(world.wu)


def test_a_manager_who_leaves_is_asked_until_the_last_day_and_again_when_back(
    world: World, exit_: UUID, told: Bus
) -> None:
    row, spell = task(exit_, "manager_ack"), _spell(world.chen)
    people.end_spell(SYSTEM, spell, MONDAY.date(), "resignation", request_id=new_id(), now=MONDAY)
    told.deliver()
    assert asked(row) == pairs(world.chen), "the last day is a working day like any other"
    _at(TUESDAY)
    told.deliver()
    row.refresh_from_db()
    assert (asked(row), row.fallback) == (pairs(world.hr, world.hr2), "hr_instead")
    people.restore_spell(SYSTEM, spell, request_id=new_id(), now=clock.now())
    told.deliver()
    row.refresh_from_db()
    assert (asked(row), row.fallback) == (pairs(world.chen), "")


def test_an_import_and_its_undoing_hand_the_tasks_over(world: World, told: Bus) -> None:
    def load(*rows: Any) -> UUID:
        book = workbook([list(HEADS), *(list(row) for row in rows)])
        known = people_queries.known_people(world.lead)
        plan = build_plan(book, "花名册.xlsx", as_of=MONDAY.date(), known=known)
        return people.load_import(world.lead, plan, request_id=new_id(), now=MONDAY)

    first, second = person(2), person(3)
    load(person(1, 直接上级=first[1]), first, second)
    people_by_number = dict(EmploymentSpell.objects.values_list("number", "person_id"))
    subject = account("subject", MONDAY, people_by_number["A001"])
    told.deliver()
    row = task(start(subject, now=MONDAY), "manager_ack")
    assert asked(row) == {(None, people_by_number["A002"])}
    batch = load(person(1, 直接上级=second[1]), first, second)
    told.deliver()
    assert asked(row) == {(None, people_by_number["A003"])}
    people.reverse_import(world.lead, batch, reason="导错了文件", request_id=new_id(), now=MONDAY)
    told.deliver()
    assert asked(row) == {(None, people_by_number["A002"])}


def test_a_load_that_changes_nothing_tells_nobody(world: World, told: Bus) -> None:
    book = workbook([list(HEADS), list(person(1))])
    for expected in ([StandingChanged(None)], []):
        told.waiting.clear()
        plan = build_plan(book, "花名册.xlsx", as_of=MONDAY.date(), known=people_queries.known_people(world.lead))
        people.load_import(world.lead, plan, request_id=new_id(), now=MONDAY)
        assert told.waiting == expected


def test_a_suspended_account_is_asked_no_more_and_again_when_restored(world: World, exit_: UUID, told: Bus) -> None:
    row = task(exit_, "manager_ack")
    assert world.chen.user_id
    admin = account("admin", MONDAY, role="system_admin")
    set_active(admin, user_id=world.chen.user_id, active=False, now=MONDAY)
    told.deliver()
    row.refresh_from_db()
    assert (asked(row), row.fallback) == (pairs(world.hr, world.hr2), "hr_instead")
    set_active(admin, user_id=world.chen.user_id, active=True, now=MONDAY)
    told.deliver()
    assert asked(row) == pairs(world.chen)


def test_a_role_given_and_a_role_withdrawn(world: World, exit_: UUID, told: Bus) -> None:
    row = task(exit_, "hr_ack")
    near = account("near", MONDAY)
    assert near.user_id
    grant_role(SYSTEM, user_id=near.user_id, role="hr", unit_id=world.team, now=MONDAY)
    told.deliver()
    assert asked(row) == pairs(near), "the nearest HR"
    withdraw_role(SYSTEM, user_id=near.user_id, role="hr", unit_id=world.team, now=MONDAY)
    told.deliver()
    assert asked(row) == pairs(world.hr, world.hr2)


# --- what stays -------------------------------------------------------------------------------------------------------


def test_what_is_in_hand_done_or_handed_by_name_stays(world: World, exit_: UUID, told: Bus) -> None:
    done, in_hand = task(exit_, "manager_ack"), task(exit_, "handover_plan")
    complete(world.chen, done.pk, answers=AGREES, now=MONDAY)
    actions.claim(world.chen, in_hand.pk, now=MONDAY)
    named = task(exit_, "hr_ack")
    assert world.lead.user_id
    actions.reassign(world.hr, named.pk, to_user_id=world.lead.user_id, reason="休假", request_id=new_id(), now=MONDAY)
    before = row_counts()
    new = _hired(world)
    _new_head(world, new, MONDAY.date())
    near = account("near", MONDAY)
    assert near.user_id
    grant_role(SYSTEM, user_id=near.user_id, role="hr", unit_id=world.team, now=MONDAY)
    told.deliver()
    assert grown(before).keys() <= {"ledger_entry", "platform_requestseen"}, "only what the changes themselves left"
    assert asked(done) == asked(in_hand) == pairs(world.chen)
    assert asked(named) == pairs(world.lead)
    actions.release(world.chen, in_hand.pk, now=MONDAY)
    assert asked(in_hand) == pairs(new), "given back, it goes to whoever is the manager by now"


def test_what_somebody_had_in_hand_who_is_gone_goes_to_whoever_has_the_role(
    world: World, exit_: UUID, told: Bus
) -> None:
    in_hand, named = task(exit_, "handover_plan"), task(exit_, "manager_ack")
    actions.claim(world.chen, in_hand.pk, now=MONDAY)
    assert world.wu.user_id
    actions.reassign(world.chen, named.pk, to_user_id=world.wu.user_id, reason="休假", request_id=new_id(), now=MONDAY)
    for viewer in (world.chen, world.wu):
        people.end_spell(SYSTEM, _spell(viewer), MONDAY.date(), "resignation", request_id=new_id(), now=MONDAY)
    _at(TUESDAY)
    told.deliver()
    for row in (in_hand, named):
        row.refresh_from_db()
        assert (asked(row), row.claimed_by) == (pairs(world.hr, world.hr2), None)


def test_nobody_is_asked_about_themselves_by_becoming_their_own_head(world: World, exit_: UUID, told: Bus) -> None:
    _new_head(world, world.zhou, MONDAY.date())
    told.deliver()
    assert asked(task(exit_, "manager_ack")) == pairs(world.hr, world.hr2)


# --- the calendar -----------------------------------------------------------------------------------------------------


def _enter(world: World, day: date, kind: DayKind = DayKind.EXCHANGED_REST) -> int:
    return enter_days(world.lead, days=[DayEntry(day, kind, "调整")], source="公司通知", now=clock.now())


def _set_on_case(exit_: UUID) -> list[tuple[str, str]]:
    return [
        (each["pub"]["key"], each["pub"]["due"]) for each in entries(case_of(exit_)) if each["type"] == "deadline.set"
    ]


def test_a_changed_calendar_moves_what_is_counted_on_and_back_and_the_case_says_so(world: World, told: Bus) -> None:
    exit_ = start(world.zhou, anchors=actions.Anchors(MONDAY, date(2026, 12, 11)), now=MONDAY)
    ack, legal = task(exit_, "manager_ack").pk, task(exit_, "legal_reminder").pk
    Deadline.objects.exclude(owner_id__in=[ack, legal]).delete()
    assert (_due(world, ack), _due(world, legal)) == (date(2026, 11, 25), date(2026, 12, 8))
    assert _enter(world, date(2026, 11, 24)) == 1
    assert _enter(world, date(2026, 12, 9)) == 1
    assert (_due(world, ack), _due(world, legal)) == (date(2026, 11, 26), date(2026, 12, 7))
    told.deliver()
    assert _set_on_case(exit_) == [("manager_ack.1", "2026-11-26"), ("legal_reminder.1", "2026-12-07")]


def test_what_would_have_been_due_before_it_was_asked_is_due_that_day_until_the_calendar_says_later(
    world: World, told: Bus
) -> None:
    exit_ = start(world.zhou, anchors=actions.Anchors(MONDAY, date(2026, 11, 25)), now=MONDAY)
    legal = task(exit_, "legal_reminder")
    Deadline.objects.exclude(owner_id=legal.pk).delete()
    assert _due(world, legal.pk) == MONDAY.date(), "three working days before Wednesday was Friday"
    assert _enter(world, TUESDAY) == 0, "and by this calendar Thursday"
    for day in (21, 22):
        _enter(world, date(2026, 11, day), DayKind.MAKE_UP_DAY)
    assert _due(world, legal.pk) == MONDAY.date()
    _enter(world, TUESDAY, DayKind.WORKING_DAY)
    assert _due(world, legal.pk) == MONDAY.date()


def test_what_was_late_and_is_not_by_the_new_calendar_is_due_anew(world: World, told: Bus) -> None:
    exit_ = start(world.zhou, now=MONDAY)
    row = task(exit_, "manager_ack")
    Deadline.objects.exclude(owner_id=row.pk).delete()
    _at(THURSDAY)
    assert queries.task(world.chen, row.pk).overdue
    told.waiting.clear()
    _enter(world, date(2026, 11, 25))
    told.deliver()
    shown = queries.task(world.chen, row.pk)
    assert (shown.overdue, shown.due_day, shown.reminders) == (False, THURSDAY, 0)
    assert _set_on_case(exit_) == [("manager_ack.1", "2026-11-26")]
    assert not Deadline.objects.filter(owner_id=row.pk, purpose="chase", state="open").exists()


def test_a_year_published_by_a_new_release_moves_deadlines_by_the_tick(
    world: World, told: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    exit_ = start(world.zhou, anchors=actions.Anchors(MONDAY, date(2027, 10, 12)), now=MONDAY)
    legal = task(exit_, "legal_reminder")
    Deadline.objects.exclude(owner_id=legal.pk).delete()
    shown = queries.task(world.legal, legal.pk)
    assert (shown.due_day, shown.provisional) == (date(2027, 10, 7), True)
    deadlines.tick()
    assert told.waiting == []
    week = {date(2027, 10, day): DayKind.EXCHANGED_REST for day in range(4, 8)}
    published = national_day_table().amended(week, [2027, 2028])
    monkeypatch.setattr(calendar, "national_day_table", lambda: published)
    monkeypatch.setattr(calendar, "national_sha256", lambda: "another")
    deadlines.tick()
    shown = queries.task(world.legal, legal.pk)
    assert (shown.due_day, shown.provisional) == (date(2027, 9, 30), False)
    told.deliver()
    assert _set_on_case(exit_) == [("legal_reminder.1", "2027-09-30")]
    deadlines.tick()
    assert told.waiting == []


def _due(world: World, task_id: UUID) -> date | None:
    return queries.task(world.hr, task_id, now=MONDAY).due_day


def test_an_upgrade_gives_the_deadline_of_an_open_task_its_rule(world: World, told: Bus) -> None:
    exit_ = start(world.zhou, anchors=actions.Anchors(MONDAY, date(2026, 12, 11)), now=MONDAY)
    legal = task(exit_, "legal_reminder")
    row = Deadline.objects.get(owner_id=legal.pk)
    found = DeadlineRule(PeriodUnit.CALENDAR_DAYS, 1, "last_day", rolls=False)  # as it was kept before
    deadlines.set_deadline(
        row.owner_kind, legal.pk, "due", rule=found, started_at=row.due_at - timedelta(days=2), handler=row.handler
    )
    Deadline.objects.exclude(owner_id=legal.pk).delete()
    assert _enter(world, date(2026, 12, 9)) == 0
    _enter(world, date(2026, 12, 9), DayKind.WORKING_DAY)
    import_module("guiyan.process.migrations.0003_rules_counted_back").hand_over(apps, None)
    assert _due(world, legal.pk) == date(2026, 12, 8)
    assert _enter(world, date(2026, 12, 9)) == 1
    assert _due(world, legal.pk) == date(2026, 12, 7)


# --- jobs -------------------------------------------------------------------------------------------------------------


@action("test.hold")
def _hold(_viewer: Viewer, instance_id: UUID, held: threading.Event, go: threading.Event) -> None:
    lock_instance(instance_id)
    held.set()
    assert go.wait(20)


def test_a_case_that_is_being_worked_on_holds_up_no_other_and_is_tried_again(committing: Any, told: Bus) -> None:
    world = build()
    first, second = (
        start(world.zhou, now=MONDAY),
        start(world.zhou, "withdrawal", message="withdrawal.received", now=MONDAY),
    )
    new = _hired(world)
    _new_head(world, new, MONDAY.date())
    held, go = threading.Event(), threading.Event()

    def work() -> None:
        with tenancy.session(committing):
            _hold(world.chen, first, held, go)
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    assert held.wait(20)
    before = row_counts()["platform_refusal"]
    with pytest.raises(BusyError):
        actions.follow_standing(None, now=MONDAY)
    assert row_counts()["platform_refusal"] == before, "nobody was refused anything"
    assert asked(task(second, "manager_opinion")) == pairs(new)
    assert asked(task(first, "manager_ack")) == pairs(world.chen)
    go.set()
    thread.join()
    actions.follow_standing(None, now=MONDAY)
    assert asked(task(first, "manager_ack")) == pairs(new)


def test_the_worker_does_it(committing: Any) -> None:
    now = clock.wall()
    world = build(now)
    row = task(start(world.zhou, now=now), "manager_ack")
    move = people.Move(world.team, world.post, clock.legal_day(now), world.person(world.wu))
    people.transfer(SYSTEM, world.person(world.zhou), move, request_id=new_id(), now=now)
    assert asked(row) == pairs(world.chen)
    with app.replace_connector(app.connector.get_worker_connector()) as running:  # type: ignore[attr-defined]
        running.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)
    assert asked(row) == pairs(world.wu)


LOOKUPS = 14
"""Four for the tasks, whom they ask and who is absent; the rest for who has the roles of one resignation."""


def test_looking_takes_the_same_few_queries_however_many_tasks_of_one_person_there_are(
    world: World, exit_: UUID, django_assert_num_queries: Any
) -> None:
    """What a task asks is read at once; who has a role is found out once for each person and role."""
    with django_assert_num_queries(LOOKUPS):
        assert actions.follow_standing(None, now=MONDAY) == 0
    row = task(exit_, "manager_ack")
    for number in range(20):
        twin = Task.objects.get(pk=row.pk)
        twin.pk, twin.number, twin.key = uuid4(), 100 + number, f"manager_ack.{number + 2}"
        twin.save(force_insert=True)
        TaskCandidate.objects.create(
            task=twin, user_id=world.chen.user_id, person_id=world.chen.person_id, how="role", since=MONDAY
        )
    with django_assert_num_queries(LOOKUPS):
        assert actions.follow_standing(None, now=MONDAY) == 0


def test_a_lock_is_taken_only_where_something_changes(
    world: World, exit_: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked: list[UUID] = []

    def lock(instance_id: UUID) -> Any:
        locked.append(instance_id)
        return lock_instance(instance_id)

    monkeypatch.setattr("guiyan.process.actions.following.lock_instance", lock)
    actions.follow_standing(None, now=MONDAY)
    assert locked == []
