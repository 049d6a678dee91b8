"""Who is asked: by role on the day, never about oneself, somebody else when there is nobody, whoever stands in."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from guiyan.notify.models import Message
from guiyan.people import actions as people
from guiyan.people.queries import NotFound, viewer_for
from guiyan.platform.acting import Forbidden, Refused, Stale
from guiyan.platform.ids import new_id
from guiyan.platform.models import RoleGrant, User
from guiyan.platform.permissions import SYSTEM, Viewer
from guiyan.process import actions, queries
from guiyan.process.enums import Fallback
from guiyan.process.models import TaskCandidate
from guiyan.process.roles import resolve
from tests.people.world import hire
from tests.process_db.world import (
    MONDAY,
    REFUSED,
    World,
    account,
    asked,
    build,
    case_of,
    complete,
    copy_to,
    entries,
    grown,
    pairs,
    receive,
    row_counts,
    start,
    task,
)

DAY = MONDAY.date()
AGREES = {"manager_agrees_earlier": False}


@pytest.fixture
def world(tenant: Any) -> World:
    return build()


@pytest.fixture
def exit_(world: World) -> UUID:
    return start(world.zhou, now=MONDAY)


def _suspend(*viewers: Viewer) -> None:
    User.objects.filter(pk__in=[viewer.user_id for viewer in viewers]).update(is_active=False)


ROLES = ("employee", "direct_manager", "hr", "hr_lead", "legal", "it", "finance", "admin")


@pytest.mark.parametrize("role", ROLES)
def test_nobody_is_asked_to_decide_about_themselves(world: World, role: str) -> None:
    """Somebody who holds every role there is, and leads their own unit, resigns."""
    own = world.person(world.wu)
    for grant in ("hr", "hr_lead", "legal", "it", "finance", "facilities", "system_admin"):
        RoleGrant.objects.create(user_id=world.wu.user_id, role=grant, granted_at=MONDAY)
    found = resolve(role, own, DAY).parties
    assert any(party.person_id == own for party in found) == (role == "employee")
    _suspend(world.hr, world.hr2, world.lead, world.legal, world.it, world.finance, world.facilities)
    alone = resolve(role, own, DAY)
    assert any(party.person_id == own for party in alone.parties) == (role == "employee")
    if role != "employee":
        assert (alone.parties, alone.fallback) == ((), Fallback.UNASSIGNED)


def test_without_a_manager_hr_is_asked_and_it_is_said(world: World) -> None:
    exit_ = start(world.wu, now=MONDAY)
    row = task(exit_, "manager_ack")
    assert asked(row) == pairs(world.hr, world.hr2)
    assert row.fallback == Fallback.HR_INSTEAD
    opened = [each for each in entries(case_of(exit_)) if each["pub"].get("key") == "manager_ack.1"]
    assert opened[0]["pub"]["instead"] == "hr_instead"


def test_a_manager_whose_account_is_suspended_is_not_asked(world: World) -> None:
    _suspend(world.chen)
    row = task(start(world.zhou, now=MONDAY), "manager_ack")
    assert (asked(row), row.fallback) == (pairs(world.hr, world.hr2), Fallback.HR_INSTEAD)


def test_a_role_that_nobody_holds_is_marked_as_to_be_assigned(world: World) -> None:
    _suspend(world.it)
    exit_ = start(world.zhou, now=MONDAY)
    row = task(exit_, "access_return")
    assert (asked(row), row.fallback) == (pairs(world.lead), Fallback.UNASSIGNED)
    shown = queries.task(world.lead, row.pk, now=MONDAY)
    assert shown.unassigned
    _suspend(world.lead)
    admin = account("admin", MONDAY, role="system_admin")
    assert asked(task(start(world.zhou, now=MONDAY), "access_return")) == pairs(admin)


# --- claiming ---------------------------------------------------------------------------------------------------------


def test_what_a_colleague_has_in_hand_is_not_done_by_another(world: World, exit_: UUID) -> None:
    row, answers = task(exit_, "hr_ack"), {"hr_agrees_earlier": False}
    actions.claim(world.hr, row.pk, now=MONDAY)
    before = row_counts()
    for attempt in (
        lambda: complete(world.hr2, row.pk, answers=answers, now=MONDAY),
        lambda: actions.claim(world.hr2, row.pk, now=MONDAY),
        lambda: actions.release(world.hr2, row.pk, now=MONDAY),
    ):
        with pytest.raises(Stale, match="task_claimed"):
            attempt()
    assert grown(before) == {table: number * 3 for table, number in REFUSED.items()}
    seen = queries.task(world.hr2, row.pk, now=MONDAY)
    assert (seen.claimed_by, seen.mine) == ("hr-one", False)
    actions.release(world.hr, row.pk, now=MONDAY)
    complete(world.hr2, row.pk, answers=answers, now=MONDAY)
    with pytest.raises(Forbidden, match="not_candidate"):
        actions.claim(world.it, row.pk, now=MONDAY)


# --- handing over -----------------------------------------------------------------------------------------------------


def _hand_over(viewer: Viewer, task_id: UUID, to: Viewer, reason: str = "休假", request: UUID | None = None) -> None:
    assert to.user_id is not None
    actions.reassign(viewer, task_id, to_user_id=to.user_id, reason=reason, request_id=request or new_id(), now=MONDAY)


def test_a_task_handed_over_asks_the_new_one_only_and_they_are_told(world: World, exit_: UUID) -> None:
    row, request = task(exit_, "manager_ack"), new_id()
    _hand_over(world.chen, row.pk, world.wu, "周五起休假", request)
    before = row_counts()
    _hand_over(world.chen, row.pk, world.wu, "周五起休假", request)
    assert grown(before) == {}, "the same request again does nothing"
    assert asked(row) == pairs(world.wu)
    (message,) = Message.objects.filter(kind="process_assigned")
    assert message.person_id == world.wu.person_id
    assert "休假" not in message.body, "the reason is for those who may see the case"
    (line,) = [each for each in queries.trail(world.hr, now=MONDAY) if each.words]
    assert (line.who, line.words) == ("陈立衡", "周五起休假")
    last = entries(case_of(exit_))[-2]
    assert last["type"] == "task.assigned"
    assert "休假" not in str(last)
    with pytest.raises(Forbidden, match="not_candidate"):
        complete(world.chen, row.pk, answers=AGREES, now=MONDAY)
    complete(world.wu, row.pk, answers=AGREES, now=MONDAY)


def test_what_may_not_be_handed_over(world: World, exit_: UUID) -> None:
    manager_ack, hr_ack = task(exit_, "manager_ack"), task(exit_, "hr_ack")
    complete(world.chen, task(exit_, "handover_plan").pk, now=MONDAY)
    own = task(exit_, "handover_do")
    gone = account("gone", MONDAY, role="hr")
    _suspend(gone)
    tries: list[tuple[Viewer, UUID, Viewer, str, str]] = [
        (world.chen, manager_ack.pk, world.zhou, "x", "about_themselves"),
        (world.hr, manager_ack.pk, world.hr, "x", "not_to_oneself"),
        (world.chen, manager_ack.pk, world.wu, "  ", "reason_missing"),
        (world.hr, hr_ack.pk, world.wu, "x", "role_missing"),
        (world.hr, hr_ack.pk, gone, "x", "nobody_there"),
        (world.zhou, own.pk, world.wu, "x", "task_is_personal"),
        (world.hr, own.pk, world.wu, "x", "task_is_personal"),
        (world.it, hr_ack.pk, world.lead, "x", "role_table"),
        (world.zhou, manager_ack.pk, world.wu, "x", "role_table"),
    ]
    for viewer, task_id, to, reason, rule in tries:
        before = row_counts()
        with pytest.raises(Refused) as refused:
            _hand_over(viewer, task_id, to, reason)
        assert refused.value.rule == rule
        assert grown(before) == REFUSED
    _hand_over(world.hr, hr_ack.pk, world.lead)
    _hand_over(world.lead, manager_ack.pk, world.wu)


def test_the_head_of_hr_does_not_choose_who_decides_about_them(world: World) -> None:
    User.objects.filter(pk=world.lead.user_id).update(person_id=_hired(world))
    lead = viewer_for(User.objects.get(pk=world.lead.user_id), on=DAY)
    exit_ = start(lead, title="负责人的辞职", now=MONDAY)
    for act in (
        lambda: _hand_over(lead, task(exit_, "hr_ack").pk, world.hr2),
        lambda: actions.reassign_open(lead, exit_, now=MONDAY),
    ):
        with pytest.raises(Forbidden):
            act()
    assert asked(task(exit_, "hr_ack")) == pairs(world.hr, world.hr2)


def test_an_unassigned_task_is_given_to_somebody(world: World) -> None:
    _suspend(world.it)
    row = task(start(world.zhou, now=MONDAY), "access_return")
    new = account("it-two", MONDAY, role="it")
    _hand_over(world.lead, row.pk, new, "由新同事负责")
    row.refresh_from_db()
    assert (asked(row), row.fallback) == (pairs(new), Fallback.NONE)


# --- standing in ------------------------------------------------------------------------------------------------------


def _away(viewer: Viewer, to: Viewer, first: int = 0, last: int = 4) -> UUID:
    assert to.user_id is not None
    return actions.delegate(
        viewer,
        to_user_id=to.user_id,
        first_day=DAY + timedelta(days=first),
        last_day=DAY + timedelta(days=last),
        request_id=new_id(),
        now=MONDAY,
    )


def _todo(viewer: Viewer, days: int = 0) -> set[str]:
    return {row.node for row in queries.inbox(viewer, "todo", now=MONDAY + timedelta(days=days))}


def test_while_somebody_is_away_both_see_their_tasks_and_the_delegate_may_do_them(world: World, exit_: UUID) -> None:
    _away(world.chen, world.wu, 1, 3)
    theirs = {"manager_ack", "handover_plan"}
    assert [_todo(world.wu, day) for day in range(5)] == [set(), theirs, theirs, theirs, set()]
    assert _todo(world.chen, 2) == theirs
    row = task(exit_, "manager_ack")
    with pytest.raises(Forbidden, match="not_candidate"):
        complete(world.wu, row.pk, answers=AGREES, now=MONDAY)
    shown = queries.task(world.wu, row.pk, now=MONDAY + timedelta(days=1))
    assert (shown.standing_in_for, shown.mine) == ("陈立衡", True)
    complete(world.wu, row.pk, answers=AGREES, now=MONDAY + timedelta(days=1))
    done = queries.task(world.hr, row.pk, now=MONDAY + timedelta(days=1))
    assert (done.done_by, done.done_for) == ("吴安", "陈立衡")
    with pytest.raises(Forbidden, match="not_candidate"):
        complete(world.wu, task(exit_, "handover_plan").pk, now=MONDAY + timedelta(days=4))


def test_nobody_stands_in_about_themselves_or_for_what_is_personal(world: World, exit_: UUID) -> None:
    _away(world.chen, world.zhou)
    _away(world.zhou, world.wu)
    assert "manager_ack" not in _todo(world.zhou)
    with pytest.raises(Forbidden, match="not_candidate"):
        complete(world.zhou, task(exit_, "manager_ack").pk, answers=AGREES, now=MONDAY)
    complete(world.chen, task(exit_, "handover_plan").pk, now=MONDAY)
    row = task(exit_, "handover_do")
    assert _todo(world.wu) == set()
    with pytest.raises(Forbidden, match="not_candidate"):
        complete(world.wu, row.pk, now=MONDAY)
    assert not queries.task(world.hr, row.pk, now=MONDAY).mine


def test_a_delegate_of_a_delegate_is_not_asked(world: World, exit_: UUID) -> None:
    _away(world.chen, world.wu)
    _away(world.wu, world.legal)
    assert "manager_ack" not in _todo(world.legal)


def test_a_delegation_ends_when_its_giver_says_so_and_only_then(world: World, exit_: UUID) -> None:
    made = _away(world.chen, world.wu)
    (row,) = queries.delegations(world.wu, now=MONDAY)
    assert (row.own, row.other) == (False, "陈立衡")
    with pytest.raises(NotFound):
        actions.end_delegation(world.wu, made, now=MONDAY)
    assert "manager_ack" in _todo(world.wu)
    actions.end_delegation(world.chen, made, now=MONDAY)
    assert _todo(world.wu) == set()
    _away(world.chen, world.legal)


def test_days_that_make_no_sense_are_refused(world: World) -> None:
    tries: list[tuple[Viewer, int, int, str]] = [
        (world.chen, 0, 1, "nobody_there"),
        (world.wu, 2, 1, "days_not_in_order"),
        (world.wu, -3, -1, "days_not_in_order"),
        (world.wu, 0, 366, "delegation_too_long"),
    ]
    for to, first, last, rule in tries:
        with pytest.raises(Refused, match=rule):
            _away(world.chen, to, first, last)
    _away(world.chen, world.wu, 2, 4)
    for first, last in ((4, 9), (0, 2), (3, 3), (0, 9)):
        with pytest.raises(Refused, match="delegation_overlaps"):
            _away(world.chen, world.legal, first, last)
    _away(world.chen, world.legal, 5, 9)


# --- when the organisation changes ------------------------------------------------------------------------------------


def test_another_manager_is_asked_instead(world: World, exit_: UUID) -> None:
    manager = account("new", MONDAY, _hired(world))
    _new_manager(world, manager)
    assert actions.reassign_open(world.hr, exit_, now=MONDAY) == 2
    assert asked(task(exit_, "manager_ack")) == pairs(manager)
    assert asked(task(exit_, "hr_ack")) == pairs(world.hr, world.hr2)
    assert Message.objects.filter(kind="process_assigned", person_id=manager.person_id).count() == 2
    assert actions.reassign_open(world.hr, exit_, now=MONDAY) == 0
    with pytest.raises(Forbidden, match="not_candidate"):
        complete(world.chen, task(exit_, "manager_ack").pk, answers=AGREES, now=MONDAY)
    with pytest.raises(NotFound):
        queries.task(world.chen, task(exit_, "manager_ack").pk, now=MONDAY)


def test_who_is_asked_and_leaves_is_asked_no_more(world: World, exit_: UUID) -> None:
    withdrawal = start(world.zhou, "withdrawal", message="withdrawal.received", now=MONDAY)
    _suspend(world.chen)
    assert actions.follow_standing(None, now=MONDAY) == 3
    for row in (task(exit_, "manager_ack"), task(withdrawal, "manager_opinion")):
        assert (asked(row), row.fallback) == (pairs(world.hr, world.hr2), Fallback.HR_INSTEAD)


def test_a_task_handed_to_somebody_by_name_stays_with_them(world: World, exit_: UUID) -> None:
    row = task(exit_, "manager_ack")
    _hand_over(world.chen, row.pk, world.wu)
    actions.claim(world.wu, row.pk, now=MONDAY)
    _new_manager(world, account("new", MONDAY, _hired(world)))
    assert actions.reassign_open(world.hr, exit_, now=MONDAY) == 1
    assert asked(row) == pairs(world.wu)
    _suspend(world.wu)
    assert actions.reassign_open(world.hr, exit_, now=MONDAY) == 1
    row.refresh_from_db()
    assert (row.claimed_by, TaskCandidate.objects.filter(task=row, person_id=world.wu.person_id).count()) == (None, 1)


def test_only_hr_asks_anew(world: World, exit_: UUID) -> None:
    for stranger in (world.chen, world.zhou, world.it):
        before = row_counts()
        with pytest.raises(Forbidden):
            actions.reassign_open(stranger, exit_, now=MONDAY)
        assert grown(before) == REFUSED


def _hired(world: World) -> UUID:

    return hire("何佳宁", "P009", world.team, world.post, MONDAY).person_id


def _new_manager(world: World, manager: Viewer) -> None:
    people.set_unit_manager(
        SYSTEM, world.team, world.person(manager), date(2026, 11, 23), request_id=new_id(), now=MONDAY
    )


# --- comments and copies ----------------------------------------------------------------------------------------------


def test_a_comment_is_sealed_seen_by_those_involved_and_by_nobody_else(world: World, exit_: UUID) -> None:
    request = new_id()
    for _ in range(2):
        actions.comment(world.chen, exit_, " 已和本人谈过 ", request_id=request, now=MONDAY)
    for viewer in (world.zhou, world.hr, world.chen, world.it):
        words = [row.words for row in queries.trail(viewer, case_id=case_of(exit_), now=MONDAY) if row.words]
        assert words == ["已和本人谈过"]
    assert list(queries.trail(world.other, now=MONDAY)) == list(queries.trail(world.wu, now=MONDAY)) == []
    assert "谈过" not in str(entries(case_of(exit_)))
    for text, rule in ((" ", "comment_empty"), ("字" * 2001, "comment_too_long")):
        with pytest.raises(Refused, match=rule):
            actions.comment(world.hr, exit_, text, request_id=new_id(), now=MONDAY)
    with pytest.raises(NotFound):
        actions.comment(world.wu, exit_, "看看", request_id=new_id(), now=MONDAY)


def test_a_copy_is_read_by_whom_it_was_sent_to(world: World, exit_: UUID) -> None:

    assert copy_to(world.hr, exit_, world.wu, world.wu, now=MONDAY) == 1
    assert copy_to(world.hr, exit_, world.wu, now=MONDAY) == 0
    counts = queries.inbox_counts(world.wu, now=MONDAY)
    assert (counts.copied, counts.unread) == (1, 1)
    assert not actions.read_copy(world.chen, exit_, now=MONDAY)
    assert actions.read_copy(world.wu, exit_, now=MONDAY)
    assert not actions.read_copy(world.wu, exit_, now=MONDAY + timedelta(days=1))
    (row,) = queries.inbox(world.wu, "copied", now=MONDAY)
    assert row.read_at == MONDAY
    assert queries.tasks_of_case(world.wu, case_of(exit_), now=MONDAY), "who is copied may look"


def test_interrupting_leaves_the_names_of_who_did_what(world: World, exit_: UUID) -> None:
    complete(world.chen, task(exit_, "manager_ack").pk, answers=AGREES, now=MONDAY)
    receive(world.hr, exit_, "withdrawal.consented", now=MONDAY)
    rows = {row.node: row for row in queries.tasks_of_case(world.hr, case_of(exit_), now=MONDAY)}
    assert rows["manager_ack"].done_by == "陈立衡"
    assert rows["badge_return"].state == "taken_back"
