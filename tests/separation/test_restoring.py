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
from guiyan.process.models import Instance, Task
from guiyan.separation import actions, hookspecs, queries, tasks
from guiyan.separation.hookspecs import Restoring
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
    assert OutsideEffect.objects.get(pk=effects["mail_account"]).state == "failed"
    confirm(world.it, "mail_account")
    refused(lambda: confirm(world.it, "mail_account"), "effect_confirmed", Stale)
    confirm(world.finance, "payroll")
    confirm(world.facilities, "access_card")
    confirm(world.hr, "social_insurance")
    view = queries.case_for(world.zhou, pending.id, now=now)
    assert {each.state for each in view.effects} == {"confirmed"}


class _Mailbox:
    """An outside system that is down at first."""

    def __init__(self) -> None:
        self.asked: list[UUID] = []

    def put_back(self, effect_id: UUID, case_number: str) -> str:
        self.asked.append(effect_id)
        if len(self.asked) == 1:
            raise ConnectionError
        return f"restored for {case_number}"


def test_a_connected_system_is_asked_by_a_job_and_again_when_it_was_down(
    world: World, monday: datetime, pending: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    system, deferred = _Mailbox(), list[dict[str, Any]]()
    monkeypatch.setitem(hookspecs._systems, "mail_account", system)
    monkeypatch.setattr(queue, "defer", lambda name, **more: deferred.append({"name": name, **more}) or 0)
    decide(world, pending.id, monday + DAY, consents=True)
    job = next(each for each in deferred if each["name"] == "separation.put_back")
    with pytest.raises(ConnectionError):
        tasks.put_back(job["effect_id"])
    row = OutsideEffect.objects.get(kind="mail_account")
    assert (row.state, row.tries, row.reply) == ("failed", 1, "ConnectionError")
    tasks.put_back(job["effect_id"])
    row.refresh_from_db()
    assert (row.state, row.tries, row.reply) == ("confirmed", 2, "restored for LZ-2026-00001")
    tasks.put_back(job["effect_id"])
    assert len(system.asked) == 2


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
