"""Lists of cases: who sees which, what is found, and a number of queries that does not grow."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guiyan.ledger import ports
from guiyan.platform.acting import Forbidden
from guiyan.platform.ids import new_id
from guiyan.platform.permissions import Held
from guiyan.separation import actions, queries
from guiyan.separation.actions import exporting
from guiyan.separation.queries import CaseFilter
from tests.people.world import hire
from tests.process_db.world import World, account

from .world import DAY, case_of, day, decide, intake, opine, record, refused, resign, withdraw


def numbers(page: object) -> list[str]:
    return [row.number for row in page.object_list]  # type: ignore[attr-defined]


def test_each_sees_their_own_people(world: World, monday: datetime) -> None:
    first, second = resign(world.zhou, monday), resign(world.wu, monday + timedelta(hours=1))
    assert numbers(queries.cases(world.hr)) == [second.number, first.number]
    assert numbers(queries.cases(world.chen)) == [first.number]
    assert numbers(queries.cases(world.wu)) == [second.number]
    assert numbers(queries.cases(world.it)) == [second.number, first.number]
    assert numbers(queries.cases(world.other)) == []
    assert [row.number for row in queries.my_cases(world.zhou)] == [first.number]
    assert queries.my_cases(world.hr) == ()


def test_filters_find_what_they_say(world: World, monday: datetime) -> None:
    first, second = resign(world.zhou, monday), resign(world.wu, monday + 2 * DAY)
    withdraw(world.zhou, first.case_id, monday + 3 * DAY)
    for told, found in (
        (CaseFilter(text="周雨"), [first]),
        (CaseFilter(text="zhouyutong"), [first]),
        (CaseFilter(text="00002"), [second]),
        (CaseFilter(text="没有这个人"), []),
        (CaseFilter(statuses=("running",)), [second, first]),
        (CaseFilter(statuses=("ended",)), []),
        (CaseFilter(withdrawal="pending"), [first]),
        (CaseFilter(channel="paper"), []),
        (CaseFilter(opened_from=day("2026-11-24")), [second]),
        (CaseFilter(opened_to=day("2026-11-24")), [first]),
        (CaseFilter(last_day_to=day("2026-12-23")), [first]),
        (CaseFilter(last_day_from=day("2026-12-24")), [second]),
        (CaseFilter(sort="opened_first"), [first, second]),
        (CaseFilter(sort="number"), [first, second]),
        (CaseFilter(sort="no such order"), [second, first]),
    ):
        assert numbers(queries.cases(world.hr, told)) == [each.number for each in found], told
    row = queries.cases(world.hr, CaseFilter(text="周雨")).object_list[0]
    assert (row.unit, row.post, row.withdrawal) == ("客户成功部", "客户成功经理", "pending")
    assert numbers(queries.cases(world.hr, page=2, size=1)) == [first.number]


LIST_QUERIES = 6
CASE_QUERIES_MAX = 25


def test_a_list_costs_the_same_for_one_and_for_three(world: World, monday: datetime) -> None:
    counted = []
    more = [
        account(f"more{index}", monday, hire(f"员工{index}", f"M{index}", world.team, world.post, monday).person_id)
        for index in range(2)
    ]
    resign(world.zhou, monday)
    for viewer in (None, *more):
        if viewer is not None:
            resign(viewer, monday)
        with CaptureQueriesContext(connection) as captured:
            assert queries.cases(world.hr).object_list
        counted.append(len(captured))
    assert counted == [counted[0]] * 3
    assert counted[0] <= LIST_QUERIES


def test_a_case_costs_the_same_however_long_its_trail(world: World, monday: datetime) -> None:
    case = case_of(resign(world.zhou, monday))
    counted = []
    for who in ("hr", "zhou", "chen"):
        with CaptureQueriesContext(connection) as captured:
            short = queries.case_for(getattr(world, who), case.id, now=monday)
        counted.append(len(captured))
    withdraw(world.zhou, case.id, monday + DAY)
    opine(world, case.id, monday + DAY, "disagree")
    decide(world, case.id, monday + DAY, consents=False)
    for index in range(3):
        actions.record_withdrawal(
            world.hr, case.id, intake("oral", monday + 2 * DAY), request_id=new_id(), now=monday + (2 + index) * DAY
        )
        opine(world, case.id, monday + (2 + index) * DAY, "disagree")
        decide(world, case.id, monday + (2 + index) * DAY, consents=False)
    for who, before in zip(("hr", "zhou", "chen"), counted, strict=True):
        with CaptureQueriesContext(connection) as captured:
            view = queries.case_for(getattr(world, who), case.id, now=monday + 6 * DAY)
        assert len(view.trail) > 2 * len(short.trail)
        assert len(captured) <= CASE_QUERIES_MAX, who
        assert len(captured) <= before + 6, who


# --- taken out of the house -------------------------------------------------------------------------------------------


def exported() -> dict[str, Any]:
    """Return the newest entry of an export."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT convert_from(entry, 'UTF8') FROM ledger_entry WHERE type = 'data.exported' ORDER BY id")
        found: dict[str, Any] = json.loads(cursor.fetchall()[-1][0])
        return found


def test_an_export_holds_what_the_list_holds_and_is_on_the_ledger(world: World, monday: datetime) -> None:
    first, _second = resign(world.zhou, monday), resign(world.wu, monday + DAY)
    told = CaseFilter(text="周雨", statuses=("running", "offer"), channel="app")
    taken = actions.export_cases(world.hr, told, reason="月度核对", now=monday + DAY)
    assert [row.number for row in taken] == [first.number]
    assert taken == tuple(queries.cases(world.hr, told).object_list)
    entry = exported()
    assert entry["pub"] == {"what": "cases", "rows": 1, "status": "running.offer", "channel": "app"}
    assert set(entry["com"]) == {"reason", "sought"}
    for clear in ("周雨", "月度核对", str(world.zhou.person_id)):
        assert clear not in json.dumps(entry, ensure_ascii=False)
    assert entry["actor"] != {}


def test_an_export_takes_only_whom_the_right_reaches(world: World, monday: datetime) -> None:
    """An HR officer who also sees everybody's last days in another role takes out those they serve, not themself."""
    resign(world.zhou, monday)
    own = replace(world.zhou, held=(*world.zhou.held, Held("hr", frozenset({world.team})), Held("it")))
    assert actions.export_cases(own, None, reason="核对", now=monday) == ()
    assert len(queries.my_cases(own)) == 1, "they do see it"


def test_an_export_without_reason_or_right_or_measure_changes_nothing(
    world: World, monday: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    resign(world.zhou, monday)
    refused(lambda: actions.export_cases(world.hr, None, reason=" ", now=monday), "reason_missing")
    for who in ("zhou", "chen", "wu", "legal", "it", "finance", "facilities", "other"):
        viewer = getattr(world, who)
        refused(
            lambda viewer=viewer: actions.export_cases(viewer, None, reason="x", now=monday), "role_table", Forbidden
        )
    monkeypatch.setattr(exporting, "EXPORT_ROWS_MAX", 0)
    refused(lambda: actions.export_cases(world.hr, None, reason="核对", now=monday), "too_many_rows")


# --- the evidence pack ------------------------------------------------------------------------------------------------


def test_the_pack_holds_the_papers_that_the_steps_name(world: World, monday: datetime) -> None:
    opened = resign(world.zhou, monday)
    withdraw(world.zhou, opened.case_id, monday + DAY)
    known = ports.case_file(world.lead, opened.case_id)
    assert known is not None
    assert (known.number, known.parties[0].name, known.parties[0].detail) == (opened.number, "周雨桐", "工号 P001")
    assert [each.file for each in known.exhibits] == [
        "letter-1.pdf", "receipt-1.pdf", "withdrawal-1.pdf", "withdrawal-receipt-1.pdf",
    ]  # fmt: skip
    assert known.disclosed == ()
    assert ports.find_case(opened.number) == opened.case_id
    assert ports.find_case("LZ-2026-09999") is None
    assert ports.case_file(world.lead, new_id()) is None


def test_spoken_words_are_all_that_is_opened(world: World, monday: datetime) -> None:
    opened = record(world, monday)
    actions.record_withdrawal(
        world.hr, opened.case_id, intake("oral", monday + DAY), request_id=new_id(), now=monday + DAY
    )
    known = ports.case_file(world.lead, opened.case_id)
    assert known is not None
    assert {each.field for each in known.disclosed} == {"words"}
    assert [each.file for each in known.exhibits] == ["scan-1.pdf", "receipt-1.pdf", "withdrawal-receipt-1.pdf"]


@pytest.mark.parametrize(("who", "sees"), [("zhou", True), ("chen", True), ("hr", True), ("wu", False), ("it", False)])
def test_the_trail_is_for_who_may_see_the_case(world: World, monday: datetime, who: str, sees: bool) -> None:
    opened = resign(world.zhou, monday)
    assert ports.may_see(getattr(world, who), opened.case_id) is sees
