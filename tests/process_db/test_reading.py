"""The inbox, the tasks of a case, the trail and the picture: who sees what, at the same cost for fifty as for one."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guiyan.people.queries import NotFound, viewer_for
from guiyan.platform.ids import new_id
from guiyan.platform.models import RoleGrant, User
from guiyan.platform.permissions import Viewer
from guiyan.process import actions, queries
from guiyan.process.enums import Tab, What
from guiyan.process.queries import InboxCounts
from tests.process_db.world import (
    MONDAY,
    World,
    account,
    build,
    case_of,
    complete,
    copy_to,
    receive,
    start,
    task,
)

AGREES = {"manager_agrees_earlier": True}
OPINION = {"manager_opinion": "agree"}
INBOX_QUERIES = {"todo": 5, "done": 6, "copied": 3, "mine": 3}
"""Whoever is asked by account alone costs one query less than whoever is a person too."""
TASKS_OF_CASE_QUERIES = 5
TRAIL_QUERIES = 4
PICTURE_QUERIES = 6


@pytest.fixture
def world(tenant: Any) -> World:
    return build()


@pytest.fixture
def exit_(world: World) -> UUID:
    return start(world.zhou, now=MONDAY)


def _nodes(viewer: Viewer, tab: str = "todo", **more: Any) -> list[str]:
    return [row.node for row in queries.inbox(viewer, tab, now=MONDAY, **more)]


def test_each_drawer_holds_what_it_says(world: World, exit_: UUID) -> None:
    assert set(_nodes(world.chen)) == {"manager_ack", "handover_plan"}
    assert _nodes(world.zhou) == _nodes(world.other) == _nodes(world.wu) == []
    complete(world.chen, task(exit_, "manager_ack").pk, answers=AGREES, now=MONDAY)
    assert (_nodes(world.chen), _nodes(world.chen, "done")) == (["handover_plan"], ["manager_ack"])
    assert _nodes(world.hr, "done") == [], "what a colleague did is not what I did"
    (mine,) = queries.inbox(world.zhou, Tab.MINE, now=MONDAY)
    assert mine.title == "周雨桐的辞职"
    assert ("答复：已知悉", "Acknowledge") in mine.now
    copy_to(world.hr, exit_, world.wu, now=MONDAY)
    assert [row.instance_id for row in queries.inbox(world.wu, "copied", now=MONDAY)] == [exit_]
    with pytest.raises(ValueError, match="everything"):
        queries.inbox(world.wu, "everything")


def test_the_counts_are_those_of_the_drawers(world: World, exit_: UUID) -> None:
    complete(world.chen, task(exit_, "manager_ack").pk, answers=AGREES, now=MONDAY)
    copy_to(world.hr, exit_, world.chen, now=MONDAY)
    start(world.chen, subject_person_id=world.wu.person_id, title="吴安的辞职", now=MONDAY)
    with CaptureQueriesContext(connection) as run:
        counts = queries.inbox_counts(world.chen, now=MONDAY + timedelta(days=4))
    assert len(run) == 1
    assert counts == InboxCounts(todo=1, overdue=1, done=1, copied=1, unread=1, mine=1)
    assert queries.inbox_counts(world.chen, now=MONDAY).overdue == 0
    assert queries.inbox_counts(world.other, now=MONDAY) == InboxCounts(0, 0, 0, 0, 0, 0)


def test_what_waits_is_what_the_drawer_holds_also_for_who_stands_in(world: World, exit_: UUID) -> None:
    later = MONDAY + timedelta(days=4)
    complete(world.chen, task(exit_, "handover_plan").pk, now=MONDAY)
    start(world.chen, subject_person_id=world.wu.person_id, title="吴安的辞职", now=MONDAY)
    for giver, taker in ((world.chen, world.wu), (world.zhou, world.hr)):
        assert taker.user_id is not None
        span = {"first_day": MONDAY.date(), "last_day": later.date()}
        actions.delegate(giver, to_user_id=taker.user_id, **span, request_id=new_id(), now=MONDAY)
    seen = set()
    for viewer in (world.chen, world.hr, world.wu, world.zhou, world.other):
        for moment in (MONDAY, later, later + timedelta(days=1)):
            counts = queries.inbox_counts(viewer, now=moment)
            with CaptureQueriesContext(connection) as run:
                found = queries.waiting(viewer, now=moment)
            assert (found.todo, found.overdue) == (counts.todo, counts.overdue)
            assert len(run) <= 1
            seen.add((viewer.name, found.todo, found.overdue))
    assert len(seen) > 5


def test_what_is_due_first_stands_first_and_filters_find(world: World, exit_: UUID) -> None:
    start(world.wu, "withdrawal", message="withdrawal.received", title="吴安的撤回", now=MONDAY)
    assert _nodes(world.hr)[0] == "hr_ack"
    days = [row.due_day for row in queries.inbox(world.hr, "todo", now=MONDAY)]
    assert days == sorted(days)
    assert _nodes(world.hr, process="withdrawal") == ["manager_opinion"]
    assert _nodes(world.hr, text="吴安") == ["manager_opinion"]
    assert _nodes(world.hr, text="%") == []


def test_an_account_without_rights_has_an_empty_inbox(world: World, exit_: UUID) -> None:
    User.objects.filter(pk=world.chen.user_id).update(is_active=False)
    suspended = viewer_for(User.objects.get(pk=world.chen.user_id), on=MONDAY.date())
    assert _nodes(suspended) == []
    with pytest.raises(NotFound):
        queries.task(suspended, task(exit_, "manager_ack").pk, now=MONDAY)


# --- who may look -----------------------------------------------------------------------------------------------------


def test_who_may_see_a_process_and_who_may_not(world: World, exit_: UUID) -> None:
    case_id, row = case_of(exit_), task(exit_, "manager_ack").pk
    auditor = account("auditor", MONDAY, role="auditor")
    for viewer in (world.zhou, world.chen, world.hr, world.lead, world.legal, world.it, auditor):
        assert queries.tasks_of_case(viewer, case_id, now=MONDAY)
        assert "<svg" in queries.diagram_svg(viewer, exit_, now=MONDAY)
        assert queries.task(viewer, row, now=MONDAY).name == "答复：已知悉"
        assert len(queries.trail(viewer, case_id=case_id, now=MONDAY)) > 0
    for viewer in (world.wu, world.other):
        for look in (
            lambda viewer=viewer: queries.tasks_of_case(viewer, case_id, now=MONDAY),
            lambda viewer=viewer: queries.diagram_svg(viewer, exit_, now=MONDAY),
            lambda viewer=viewer: queries.task(viewer, row, now=MONDAY),
        ):
            with pytest.raises(NotFound):
                look()
        assert list(queries.trail(viewer, now=MONDAY)) == []
        assert queries.processes_of_case(viewer, case_id, now=MONDAY) == ()
    with pytest.raises(NotFound):
        queries.tasks_of_case(world.hr, new_id(), now=MONDAY)


def test_an_hr_officer_of_other_departments_sees_nothing(world: World, exit_: UUID) -> None:
    far = account("far", MONDAY)
    RoleGrant.objects.create(user_id=far.user_id, role="hr", unit_id=new_id(), granted_at=MONDAY)
    viewer = viewer_for(User.objects.get(pk=far.user_id), on=MONDAY.date())
    with pytest.raises(NotFound):
        queries.tasks_of_case(viewer, case_of(exit_), now=MONDAY)


def test_answers_are_read_by_whoever_gave_them_and_by_hr(world: World, exit_: UUID) -> None:
    complete(world.chen, task(exit_, "manager_ack").pk, answers=AGREES, now=MONDAY)
    seen = {
        viewer.name: {row.node: row.answers for row in queries.tasks_of_case(viewer, case_of(exit_), now=MONDAY)}
        for viewer in (world.chen, world.hr, world.zhou, world.it)
    }
    assert seen["chen"]["manager_ack"] == seen["hr-one"]["manager_ack"] == AGREES
    assert seen["zhou"]["manager_ack"] is None
    assert seen["it"]["manager_ack"] is None


# --- the trail and the picture ----------------------------------------------------------------------------------------


def test_the_trail_is_searched_by_person_process_and_time(world: World, exit_: UUID) -> None:
    other = start(world.wu, "withdrawal", message="withdrawal.received", title="吴安的撤回", now=MONDAY)
    tuesday = MONDAY + timedelta(days=1)
    complete(world.chen, task(exit_, "manager_ack").pk, answers=AGREES, now=tuesday)
    found = lambda **how: queries.trail(world.hr, now=tuesday, **how)  # noqa: E731
    assert {row.instance_id for row in found()} == {exit_, other}
    assert {row.title for row in found(person=world.wu.person_id)} == {"吴安的撤回"}
    assert {(row.what, row.who) for row in found(person=world.chen.person_id)} == {(What.DONE, "陈立衡")}
    assert {row.instance_id for row in found(process="withdrawal")} == {other}
    assert [row.what for row in found(between=(date(2026, 11, 24), None))] == [What.DONE]
    assert What.DONE not in {row.what for row in found(between=(None, date(2026, 11, 23)))}
    assert next(iter(found())).what is What.DONE, "newest first"


def test_the_picture_says_who_has_each_step_until_when_and_who_did_it(world: World, exit_: UUID) -> None:
    complete(world.chen, task(exit_, "manager_ack").pk, answers=AGREES, now=MONDAY)
    picture = queries.diagram_svg(world.hr, exit_, ident="exit", now=MONDAY)
    ET.fromstring(picture)
    assert "陈立衡 11-23" in picture
    assert "hr-one、hr-two 至 11-25" in picture
    assert 'id="exit-title"' in picture
    assert "style=" not in picture
    assert "hr-one / hr-two by 11-25" in queries.diagram_svg(world.hr, exit_, language="en", now=MONDAY)
    receive(world.hr, exit_, "withdrawal.consented", now=MONDAY)
    assert "至 11-25" not in queries.diagram_svg(world.hr, exit_, now=MONDAY)


# --- at one, three and fifty ------------------------------------------------------------------------------------------


def _many(world: World, number: int) -> list[UUID]:
    made = []
    for index in range(number):
        exit_ = start(world.zhou, "withdrawal", message="withdrawal.received", title=f"第 {index} 件", now=MONDAY)
        complete(world.chen, task(exit_, "manager_opinion").pk, answers=OPINION, now=MONDAY)
        copy_to(world.hr, exit_, world.chen, now=MONDAY)
        made.append(exit_)
    return made


def _cost(look: Any) -> int:
    with CaptureQueriesContext(connection) as run:
        look()
    return len(run)


def test_lists_cost_the_same_at_one_three_and_fifty(world: World) -> None:
    made: list[UUID] = []
    for number in (1, 2, 47):
        made += _many(world, number)
        for tab, viewer in (("todo", world.hr), ("done", world.chen), ("copied", world.chen), ("mine", world.zhou)):
            assert len(queries.inbox(viewer, tab, now=MONDAY)) == len(made)
            assert _cost(lambda: queries.inbox(viewer, tab, now=MONDAY)) == INBOX_QUERIES[tab]  # noqa: B023
        assert _cost(lambda: queries.inbox_counts(world.chen, now=MONDAY)) == 1
        assert _cost(lambda: queries.trail(world.hr, now=MONDAY)) == TRAIL_QUERIES
        assert len(queries.trail(world.hr, now=MONDAY)) == min(50, len(made) * 5)


def test_a_case_costs_the_same_however_long_its_trail(world: World, exit_: UUID) -> None:
    case_id = case_of(exit_)
    look = lambda: queries.tasks_of_case(world.hr, case_id, now=MONDAY)  # noqa: E731
    draw = lambda: queries.diagram_svg(world.hr, exit_, now=MONDAY)  # noqa: E731
    assert (_cost(look), _cost(draw)) == (TASKS_OF_CASE_QUERIES, PICTURE_QUERIES)
    receive(world.hr, exit_, "last_day.near", now=MONDAY)
    complete(world.chen, task(exit_, "manager_ack").pk, answers=AGREES, now=MONDAY)
    for index in range(20):
        actions.comment(world.hr, exit_, f"第 {index} 条", request_id=new_id(), now=MONDAY)
    assert (_cost(look), _cost(draw)) == (TASKS_OF_CASE_QUERIES, PICTURE_QUERIES)
    assert _cost(lambda: queries.trail(world.hr, case_id=case_id, now=MONDAY)) == TRAIL_QUERIES + 1, "the key of words"


def test_names_are_found_in_one_go(world: World, exit_: UUID) -> None:
    rows = [task(exit_, node).pk for node in ("manager_ack", "hr_ack")]
    with CaptureQueriesContext(connection) as run:
        names = queries.candidate_names(rows)
    assert len(run) == 3
    assert names == {rows[0]: ("陈立衡",), rows[1]: ("hr-one", "hr-two")}
    assert [each.name for each in queries.find_colleagues(world.chen, "hr-")] == ["hr-one", "hr-two"]
    assert queries.find_colleagues(world.chen, " ") == ()
