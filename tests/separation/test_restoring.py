"""Consent puts everything back in one transaction, or nothing; what is outside is shown until somebody confirms it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from guiyan.notify.models import Message
from guiyan.people.models import EmploymentSpell
from guiyan.platform import queue
from guiyan.platform.acting import Forbidden, Refused, Stale
from guiyan.platform.ids import new_id
from guiyan.platform.models import Deadline, RoleGrant
from guiyan.platform.permissions import SYSTEM, Viewer
from guiyan.process import actions as process
from guiyan.process.hookspecs import is_plain
from guiyan.process.models import Instance, Task
from guiyan.process.queries import tasks_of_case
from guiyan.separation import actions, hookspecs, queries, tasks
from guiyan.separation.actions.effects import TRIES_MAX
from guiyan.separation.hookspecs import OutsideRefused, Restoring
from guiyan.separation.models import Case, OutsideEffect, TakenRole
from tests.process_db.world import World, entries

from .world import DAY, case_of, decide, opine, refused, resign, state, withdraw

HOUR = timedelta(hours=1)


@pytest.fixture
def pending(world: World, monday: datetime) -> Case:
    """A resignation that is being taken back, with the manager's opinion given."""
    case = case_of(resign(world.zhou, monday))
    actions.acknowledge(world.chen, case.id, "manager", request_id=new_id(), now=monday + HOUR)
    withdraw(world.zhou, case.id, monday + DAY)
    opine(world, case.id, monday + DAY)
    return case


class _Roster:
    """A context that was built on the leaving of somebody."""

    name = "roster"

    def __init__(self, *, fails: bool = False) -> None:
        self.fails, self.asked = fails, list[Restoring]()

    def restore(self, viewer: Viewer, what: Restoring) -> int:
        self.asked.append(what)
        if self.fails:
            raise Refused("roster_is_locked", "班表已锁定。")
        return 3


@pytest.fixture
def roster() -> Iterator[_Roster]:
    """The roster's restorer, registered for the test."""
    restorer = _Roster()
    hookspecs.register_restorer(restorer)
    yield restorer
    hookspecs.drop_restorer("roster")


def test_everything_goes_back_at_once(world: World, monday: datetime, pending: Case, roster: _Roster) -> None:
    now = monday + DAY + HOUR
    decide(world, pending.id, now, consents=True)
    case = case_of(pending.id)
    spell = EmploymentSpell.objects.get(pk=case.spell_id)
    assert (case.status, spell.status, spell.planned_end_on) == ("restored", "active", None)
    exit_tasks = Task.objects.filter(instance__case_id=case.id, instance__key="resignation", state="open")
    assert set(exit_tasks.values_list("node", flat=True)) == {"restore_records", "restore_access", "restore_pay"}
    taken_back = Task.objects.filter(instance__case_id=case.id, state="taken_back")
    assert {"handover_plan", "badge_return", "accounts_clear"} <= set(taken_back.values_list("node", flat=True))
    assert Instance.objects.get(case_id=case.id, key="withdrawal").outcome == "consented"
    own = Deadline.objects.filter(owner_kind__startswith="separation.", state="open")
    assert not own.exists()
    assert [what.spell_id for what in roster.asked] == [case.spell_id]
    step = next(each for each in entries(case.id) if each["type"] == "employment.restored")
    assert "roster=3" in step["pub"]["others"] and "accounts=0" in step["pub"]["others"]
    told = Message.objects.filter(kind__in=["separation_restored", "separation_restored_staff"])
    assert {row.person_id or row.user_id for row in told} == {
        world.zhou.person_id, world.chen.person_id, world.hr.user_id, world.hr2.user_id,
    }  # fmt: skip


def test_a_restorer_that_fails_stops_all_of_it(world: World, monday: datetime, pending: Case, roster: _Roster) -> None:
    roster.fails = True
    refused(lambda: decide(world, pending.id, monday + DAY, consents=True), "roster_is_locked")
    assert roster.asked, "the restorer was asked"
    case = case_of(pending.id)
    assert (case.status, EmploymentSpell.objects.get(pk=case.spell_id).status) == ("running", "leaving")
    roster.fails = False
    decide(world, pending.id, monday + DAY, consents=True)
    assert case_of(pending.id).status == "restored"


def test_a_restorer_that_breaks_stops_all_of_it_too(
    world: World, monday: datetime, pending: Case, roster: _Roster, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(viewer: Viewer, what: Restoring) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr(roster, "restore", broken)
    before = state()
    with pytest.raises(ZeroDivisionError):
        decide(world, pending.id, monday + DAY, consents=True)
    assert state() == before


def test_outside_effects_are_shown_until_confirmed_by_who_sees_to_them(
    world: World, monday: datetime, pending: Case
) -> None:
    now = monday + DAY
    decide(world, pending.id, now, consents=True)
    effects = {row.kind: row.id for row in OutsideEffect.objects.filter(case_id=pending.id)}
    assert set(effects) == {"mail_account", "access_card", "social_insurance", "payroll"}
    view = queries.case_for(world.hr, pending.id, now=now)
    assert [each.state for each in view.effects] == ["ordered"] * 4
    assert view.may["confirm_effect"] is None

    def confirm(viewer: Viewer, kind: str, *, done: bool = True) -> None:
        actions.confirm_effect(viewer, effects[kind], done=done, reply="已恢复", request_id=new_id(), now=now)

    refused(lambda: confirm(world.it, "payroll"), "not_their_effect", Forbidden)
    refused(lambda: confirm(world.chen, "payroll"), "role_table", Forbidden)
    confirm(world.it, "mail_account", done=False)
    failed = OutsideEffect.objects.get(pk=effects["mail_account"])
    assert (failed.state, failed.failed_at, failed.settled_by) == ("failed", now, world.it.user_id)
    confirm(world.it, "mail_account")
    refused(lambda: confirm(world.it, "mail_account"), "effect_confirmed", Stale)
    confirm(world.finance, "payroll")
    confirm(world.facilities, "access_card")
    confirm(world.hr, "social_insurance")
    view = queries.case_for(world.zhou, pending.id, now=now)
    assert {each.state for each in view.effects} == {"confirmed"}


class _Mailbox:
    """An outside system that fails as often as it is told to, or refuses for good."""

    def __init__(self, *, fails: int = 1, refuses: str = "") -> None:
        self.fails, self.refuses, self.asked = fails, refuses, list[UUID]()

    def put_back(self, effect_id: UUID, case_number: str) -> str:
        self.asked.append(effect_id)
        if self.refuses:
            raise OutsideRefused(self.refuses)
        if len(self.asked) <= self.fails:
            raise ConnectionError
        return f"restored for {case_number}"


def test_a_connected_system_is_asked_by_a_job_and_again_when_it_was_down(
    world: World, monday: datetime, pending: Case, deferred: Deferred, monkeypatch: pytest.MonkeyPatch
) -> None:
    system = _Mailbox()
    monkeypatch.setitem(hookspecs._systems, "mail_account", system)
    decide(world, pending.id, monday + DAY, consents=True)
    job = next(each for each in deferred if each["name"] == "separation.put_back")
    with pytest.raises(ConnectionError):
        tasks.put_back(job["effect_id"])
    row = OutsideEffect.objects.get(kind="mail_account")
    assert (row.state, row.tries, row.reply) == ("ordered", 1, "ConnectionError"), "the queue tries again"
    tasks.put_back(job["effect_id"])
    row.refresh_from_db()
    assert (row.state, row.tries, row.reply) == ("confirmed", 2, "restored for LZ-2026-00001")
    tasks.put_back(job["effect_id"])
    assert len(system.asked) == 2


Deferred = list[dict[str, Any]]


@pytest.fixture
def deferred(monkeypatch: pytest.MonkeyPatch) -> Deferred:
    """The jobs that were deferred, in order; none of them runs by itself."""
    found = Deferred()
    monkeypatch.setattr(queue, "defer", lambda name, **more: found.append({"name": name, **more}) or 0)
    return found


def _puts_back(deferred: Deferred) -> list[str]:
    return [each["effect_id"] for each in deferred if each["name"] == "separation.put_back"]


def test_a_refusal_is_final_and_says_what_was_said_and_who_does_it_by_hand(
    world: World, monday: datetime, pending: Case, deferred: Deferred, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(hookspecs._systems, "mail_account", _Mailbox(refuses="550 no such mailbox"))
    decide(world, pending.id, monday + DAY, consents=True)
    (effect_id,) = _puts_back(deferred)
    tasks.put_back(effect_id)
    view = queries.case_for(world.it, pending.id, now=monday + DAY)
    (shown,) = [each for each in view.effects if each.kind == "mail_account"]
    assert (shown.state, shown.reply, shown.keeper.zh) == ("failed", "550 no such mailbox", "信息技术")
    assert (shown.may_confirm, shown.may_retry) == (True, True)
    seen_by_finance = queries.case_for(world.finance, pending.id, now=monday + DAY).effects
    assert [each.kind for each in seen_by_finance if each.may_confirm] == ["payroll", "social_insurance"]
    told = Message.objects.filter(kind="separation_effect_failed")
    assert set(told.values_list("user_id", flat=True)) == {world.it.user_id, world.hr.user_id, world.hr2.user_id}
    assert {row.link for row in told} == {f"/cases/{pending.id}/#outside"}
    assert "邮箱和办公账号" in told[0].body and "550" not in told[0].body
    tasks.put_back(effect_id)
    assert OutsideEffect.objects.get(pk=effect_id).tries == 1, "a job that comes late finds nothing to do"


def test_a_system_that_stays_down_is_given_up(
    world: World, monday: datetime, pending: Case, deferred: Deferred, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(hookspecs._systems, "mail_account", _Mailbox(fails=TRIES_MAX))
    decide(world, pending.id, monday + DAY, consents=True)
    (effect_id,) = _puts_back(deferred)
    for _try in range(TRIES_MAX - 1):
        with pytest.raises(ConnectionError):
            tasks.put_back(effect_id)
    assert OutsideEffect.objects.get(pk=effect_id).state == "ordered"
    assert not Message.objects.filter(kind="separation_effect_failed").exists()
    tasks.put_back(effect_id)
    row = OutsideEffect.objects.get(pk=effect_id)
    assert (row.state, row.tries, row.reply) == ("failed", TRIES_MAX, "ConnectionError")
    assert Message.objects.filter(kind="separation_effect_failed").count() == 3
    assert [each["type"] for each in entries(pending.id)].count("effect.failed") == 1


def test_what_failed_is_asked_for_again_or_done_by_hand(
    world: World, monday: datetime, pending: Case, deferred: Deferred, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = monday + DAY
    mailbox = _Mailbox(refuses="550 busy")
    monkeypatch.setitem(hookspecs._systems, "mail_account", mailbox)
    decide(world, pending.id, now, consents=True)
    (effect_id,) = _puts_back(deferred)

    def retry(viewer: Viewer, effect: UUID, click: UUID | None = None) -> None:
        actions.retry_effect(viewer, effect, request_id=click or new_id(), now=now)

    refused(lambda: retry(world.it, UUID(effect_id)), "effect_waiting", Stale)
    tasks.put_back(effect_id)
    refused(lambda: retry(world.finance, UUID(effect_id)), "not_their_effect", Forbidden)
    refused(lambda: retry(world.chen, UUID(effect_id)), "role_table", Forbidden)
    click = new_id()
    retry(world.it, UUID(effect_id), click)
    retry(world.it, UUID(effect_id), click)
    assert _puts_back(deferred) == [effect_id, effect_id], "the same click twice asks once"
    row = OutsideEffect.objects.get(pk=effect_id)
    assert (row.state, row.tries, row.reply) == ("ordered", 0, "")
    tasks.put_back(effect_id)
    actions.confirm_effect(world.it, UUID(effect_id), done=True, reply="已手工开通", request_id=new_id(), now=now)
    refused(lambda: retry(world.it, UUID(effect_id)), "effect_confirmed", Stale)
    payroll = OutsideEffect.objects.get(kind="payroll")
    why = "没有写原因"
    refused(lambda: _says(world.finance, payroll.id, now, done=False, reply=" "), "reply_missing")
    _says(world.finance, payroll.id, now, done=False, reply=why)
    refused(lambda: retry(world.finance, payroll.id), "no_system")
    shown = next(each for each in queries.case_for(world.hr, pending.id, now=now).effects if each.kind == "payroll")
    assert (shown.reply, shown.settled_by, shown.may_retry) == (why, "finance", False)
    assert why not in str(entries(pending.id))


def _says(viewer: Viewer, effect_id: UUID, now: datetime, *, done: bool = True, reply: str = "") -> None:
    actions.confirm_effect(viewer, effect_id, done=done, reply=reply, request_id=new_id(), now=now)


def test_to_confirm_an_effect_does_the_step_that_asks_for_it(world: World, monday: datetime, pending: Case) -> None:
    """One list: the steps of the process lead to it and close with it, whoever confirmed; nobody ticks them off."""
    now = monday + DAY
    decide(world, pending.id, now, consents=True)
    effects = dict(OutsideEffect.objects.filter(case_id=pending.id).values_list("kind", "id"))
    steps = {row.node: row for row in Task.objects.filter(instance__key="resignation", state="open")}
    for node in ("restore_access", "restore_pay"):
        assert not is_plain(steps[node].form)
        refused(
            lambda node=node: process.confirm_task(
                {"restore_access": world.it, "restore_pay": world.finance}[node], steps[node].pk,
                request_id=new_id(), now=now,
            ),
            "form_has_its_own_act",
        )  # fmt: skip
    seen = tasks_of_case(world.it, pending.id, now=now)
    hrefs = {each.node: each.href for each in seen if each.state == "open"}
    assert hrefs["restore_access"] == hrefs["restore_pay"] == f"/cases/{pending.id}/#outside"

    def is_open(node: str) -> bool:
        return bool(Task.objects.get(pk=steps[node].pk).state == "open")

    _says(world.finance, effects["payroll"], now)
    assert is_open("restore_pay"), "insurance is still waited for"
    _says(world.hr, effects["social_insurance"], now)
    assert not is_open("restore_pay"), "HR confirmed it, though finance was asked"
    done = Task.objects.get(pk=steps["restore_pay"].pk)
    assert (done.state, done.done_by_user) == ("done", world.hr.user_id)
    assert is_open("restore_access")
    actions.settle_effect(SYSTEM, effects["mail_account"], done=True, reply="250 OK", now=now)
    assert not is_open("restore_access"), "a system outside did it"
    process.confirm_task(world.hr, steps["restore_records"].pk, request_id=new_id(), now=now)
    instance = Instance.objects.get(case_id=pending.id, key="resignation")
    assert (instance.status, instance.outcome) == ("ended", "restored")
    _says(world.facilities, effects["access_card"], now)
    assert not OutsideEffect.objects.exclude(state="confirmed").exists()


def test_who_no_step_asks_is_told_by_a_message(world: World, monday: datetime, pending: Case) -> None:
    decide(world, pending.id, monday + DAY, consents=True)
    told = Message.objects.filter(kind="separation_effects_ordered")
    assert [(row.user_id, row.link) for row in told] == [(world.facilities.user_id, f"/cases/{pending.id}/#outside")]


def test_two_confirm_the_same_effect(world: World, monday: datetime, pending: Case) -> None:
    now, click = monday + DAY, new_id()
    decide(world, pending.id, now, consents=True)
    payroll = OutsideEffect.objects.get(kind="payroll").id
    actions.confirm_effect(world.finance, payroll, done=True, request_id=click, now=now)
    before = state()
    actions.confirm_effect(world.finance, payroll, done=True, request_id=click, now=now)
    assert state() == before
    refused(lambda: _says(world.hr, payroll, now, done=False, reply="我来晚了"), "effect_confirmed", Stale)


def test_roles_are_taken_at_the_end_and_given_back_when_consent_is_found_out_late(
    world: World, monday: datetime
) -> None:
    RoleGrant.objects.create(user_id=world.zhou.user_id, role="finance", granted_at=monday)
    RoleGrant.objects.create(user_id=world.zhou.user_id, role="hr", unit_id=world.team, granted_at=monday)
    case = case_of(resign(world.zhou, monday))
    withdraw(world.zhou, case.id, monday + HOUR)
    opine(world, case.id, monday + 2 * HOUR, "disagree")
    decide(world, case.id, monday + 3 * HOUR, consents=False)
    ending = monday + 30 * DAY
    actions.complete_exit(world.lead, case.id, request_id=new_id(), now=ending)
    assert not RoleGrant.objects.filter(user_id=world.zhou.user_id).exists()
    assert TakenRole.objects.filter(case=case).count() == 2
    assert EmploymentSpell.objects.get(pk=case.spell_id).status == "ended"
    refused(
        lambda: actions.record_oral_consent(
            world.lead, case.id, given_by=world.person(world.chen), given_at=ending + HOUR, words="回来吧",
            request_id=new_id(), now=ending + DAY,
        ),
        "consent_after_end",
    )  # fmt: skip
    actions.record_oral_consent(
        world.lead, case.id, given_by=world.person(world.chen), given_at=monday + 5 * DAY, words="我同意你留下",
        request_id=new_id(), now=ending + DAY,
    )  # fmt: skip
    spell = EmploymentSpell.objects.get(pk=case.spell_id)
    assert (case_of(case.id).status, spell.status, spell.ended_on, spell.end_ground) == ("restored", "active", None, "")
    grants = RoleGrant.objects.filter(user_id=world.zhou.user_id).values_list("role", "unit_id")
    assert set(grants) == {("finance", None), ("hr", world.team)}


def test_a_withdrawal_before_any_end_was_planned_orders_nothing_outside(world: World, monday: datetime) -> None:
    case = case_of(resign(world.zhou, monday, actions.Letter("37", meaning="offer")))
    withdraw(world.zhou, case.id, monday + HOUR)
    assert case_of(case.id).status == "withdrawn"
    assert not OutsideEffect.objects.exists()


def test_the_job_of_a_confirmed_effect_does_nothing(world: World, monday: datetime, pending: Case) -> None:
    decide(world, pending.id, monday + DAY, consents=True)
    row = OutsideEffect.objects.first()
    assert row is not None
    assert actions.settle_effect(SYSTEM, row.id, done=True, reply="250 OK", now=monday + DAY)
    assert not actions.settle_effect(SYSTEM, row.id, done=False, reply="late", now=monday + DAY)
    row.refresh_from_db()
    assert (row.state, row.reply) == ("confirmed", "250 OK")
