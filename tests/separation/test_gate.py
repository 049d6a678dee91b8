"""The old paper that nobody can use any more, and what a protection does and does not change."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guiyan.people import actions as people
from guiyan.people.models import EmploymentSpell
from guiyan.platform.ids import new_id
from guiyan.separation import actions, queries
from guiyan.separation.actions import AfterLastDay
from guiyan.separation.models import Case
from guiyan.separation.queries import HR_JUDGES
from tests.process_db.world import World, entries

from .world import DAY, case_of, day, decide, opine, refused, resign, withdraw

HOUR = timedelta(hours=1)


def complete(world: World, case: Case, now: datetime, after: AfterLastDay | None = None) -> None:
    actions.complete_exit(world.hr, case.id, after=after, request_id=new_id(), now=now)


NOTHING_SINCE = AfterLastDay(None, wages_paid=False, objected=False)


def test_weeks_later_the_old_exit_is_refused_with_who_consented_when_and_why(world: World, monday: datetime) -> None:
    case = case_of(resign(world.zhou, monday))
    withdraw(world.zhou, case.id, monday + HOUR)
    opine(world, case.id, monday + HOUR)
    decide(world, case.id, monday + 2 * HOUR, consents=True)
    for weeks in (3, 6, 40):
        stopped = refused(
            lambda weeks=weeks: complete(world, case, monday + 7 * weeks * DAY, NOTHING_SINCE), "withdrawal_consented"
        )
        said = str(stopped.text)
        assert "hr-one" in said and "2026-11-23 12:00" in said and "书面" in said
        assert "第一百三十六条第二款" in said and "第一百四十一条" in said
    assert EmploymentSpell.objects.get(pk=case.spell_id).status == "active"
    assert "employment.ended" not in [each["type"] for each in entries(case.id)]
    view = queries.case_for(world.hr, case.id, now=monday + 21 * DAY)
    assert "hr-one" in str(view.may["complete"])
    assert (view.verdict.stops, view.verdict.rule) == (True, "withdrawal_consented")


def test_an_exit_is_completed_once_and_not_before_its_day(world: World, monday: datetime) -> None:
    case = case_of(resign(world.zhou, monday))
    refused(lambda: complete(world, case, monday + 29 * DAY), "last_day_ahead")
    complete(world, case, monday + 30 * DAY)
    done = refused(lambda: complete(world, case, monday + 30 * DAY), "exit_done")
    assert "hr-one" in str(done.text)
    gate = next(each for each in entries(case.id) if each["type"] == "legal.gate" and each["pub"]["gate"] == "exit")
    assert gate["pub"]["verdict"] == "ALLOWED"


def test_after_the_last_day_hr_states_what_happened_since(world: World, monday: datetime) -> None:
    case = case_of(resign(world.zhou, monday))
    weeks_later = monday + 60 * DAY
    refused(lambda: complete(world, case, weeks_later), "after_last_day_unknown")
    worked = AfterLastDay(day("2027-01-15"), wages_paid=True, objected=False)
    stopped = refused(lambda: complete(world, case, weeks_later, worked), "superseded_by_conduct")
    assert "2026-12-23" in str(stopped.text) and "民法典" in str(stopped.text)
    outside = AfterLastDay(day("2026-12-01"), wages_paid=True, objected=False)
    refused(lambda: complete(world, case, weeks_later, outside), "not_past_last_day")
    complete(world, case, weeks_later, NOTHING_SINCE)
    assert EmploymentSpell.objects.get(pk=case.spell_id).ended_on == day("2026-12-23")


def test_conduct_on_record_stops_it_whatever_hr_states_later(world: World, monday: datetime) -> None:
    case = case_of(resign(world.zhou, monday))
    weeks_later = monday + 60 * DAY
    actions.record_conduct(
        world.chen, case.id, worked_on=day("2027-01-11"), wages_paid=True, objected=False, source="打卡记录",
        request_id=new_id(), now=weeks_later,
    )  # fmt: skip
    refused(lambda: complete(world, case, weeks_later, NOTHING_SINCE), "superseded_by_conduct")


def test_silence_is_no_answer_in_either_direction(world: World, monday: datetime) -> None:
    case = case_of(resign(world.zhou, monday))
    withdraw(world.zhou, case.id, monday + HOUR)
    stopped = refused(lambda: complete(world, case, monday + 30 * DAY), "withdrawal_unanswered")
    assert "没有答复不等于同意，也不等于不同意" in str(stopped.text)
    opine(world, case.id, monday + HOUR)
    decide(world, case.id, monday + 2 * HOUR, consents=False)
    complete(world, case, monday + 30 * DAY)
    assert case_of(case.id).status == "ended"


# --- a protection in between ------------------------------------------------------------------------------------------


def expecting(world: World, now: datetime) -> None:
    """The employee declares that she is pregnant."""
    facts = people.ProtectionFacts("pregnancy", date(2026, 11, 1), None, detail="孕十周")
    people.record_protection(world.zhou, world.person(world.zhou), facts, request_id=new_id(), now=now)


def test_a_pregnancy_declared_in_between_bars_no_resignation(world: World, monday: datetime) -> None:
    case = case_of(resign(world.zhou, monday))
    expecting(world, monday + DAY)
    view = queries.case_for(world.hr, case.id, now=monday + 2 * DAY)
    assert view.verdict.stops is False
    said = " ".join(line.text for line in view.verdict.protection)
    assert "辞职是员工自己的权利，第四十二条不限制" in said
    complete(world, case, monday + 30 * DAY)
    assert EmploymentSpell.objects.get(pk=case.spell_id).status == "ended"


def test_who_may_not_know_reads_the_same_with_and_without_it(world: World, monday: datetime) -> None:
    case = case_of(resign(world.zhou, monday))
    blind = ("chen", "it", "finance", "facilities")
    without = {who: queries.case_for(getattr(world, who), case.id, now=monday + 2 * DAY) for who in blind}
    expecting(world, monday + DAY)
    with_it = {who: queries.case_for(getattr(world, who), case.id, now=monday + 2 * DAY) for who in blind}
    assert with_it == without
    for view in with_it.values():
        assert view.verdict.text == HR_JUDGES == "由人力资源判断"
        assert (view.verdict.stops, view.verdict.lines, view.verdict.protection) == (None, (), ())
        assert "四十二" not in str(view) and "孕" not in str(view)
    seen = {
        who: queries.case_for(getattr(world, who), case.id, now=monday + 2 * DAY) for who in ("hr", "legal", "zhou")
    }
    for view in seen.values():
        assert "第四十二条" in " ".join(line.text for line in view.verdict.protection)
    text = str(queries.case_for(world.hr, case.id, now=monday + 2 * DAY).may)
    assert "孕" not in text


def test_the_dates_and_the_waiting_are_the_same(world: World, monday: datetime) -> None:
    """No other date, no other deadline, and the same reads from the database: there is nothing to time."""
    case = case_of(resign(world.zhou, monday))
    with CaptureQueriesContext(connection) as plain:
        before = queries.case_for(world.chen, case.id, now=monday + 2 * DAY)
    expecting(world, monday + DAY)
    with CaptureQueriesContext(connection) as protected:
        after = queries.case_for(world.chen, case.id, now=monday + 2 * DAY)
    assert len(plain) == len(protected)
    assert before.clock == after.clock and before.next_steps == after.next_steps


@pytest.mark.parametrize("kind", ["maternity", "nursing", "medical_period", "union_officer"])
def test_no_other_protection_bars_a_resignation_either(world: World, monday: datetime, kind: str) -> None:
    case = case_of(resign(world.zhou, monday))
    facts = people.ProtectionFacts(kind, date(2026, 11, 1))
    people.record_protection(world.hr, world.person(world.zhou), facts, request_id=new_id(), now=monday)
    complete(world, case, monday + 30 * DAY)
    assert case_of(case.id).status == "ended"


def test_an_exit_examination_not_done_is_said_to_who_may_know(world: World, monday: datetime) -> None:
    case = case_of(resign(world.zhou, monday))
    facts = people.ProtectionFacts("hazard_no_exit_exam", date(2026, 11, 1))
    people.record_protection(world.hr, world.person(world.zhou), facts, request_id=new_id(), now=monday)
    view = queries.case_for(world.hr, case.id, now=monday + DAY)
    assert view.verdict.human_review
    assert "应先检查" in " ".join(line.text for line in view.verdict.protection)


def test_the_ledger_says_nothing_of_it_in_the_open(world: World, monday: datetime) -> None:
    case = case_of(resign(world.zhou, monday))
    expecting(world, monday + DAY)
    complete(world, case, monday + 30 * DAY)
    assert "pregnan" not in str(entries(case.id)).lower() and "NOT_BARRED" not in str(entries(case.id))


def test_the_trail_names_who_did_what(world: World, monday: datetime) -> None:
    case = case_of(resign(world.zhou, monday))
    actions.acknowledge(world.chen, case.id, "manager", request_id=new_id(), now=monday + HOUR)
    view = queries.case_for(world.hr, case.id, now=monday + HOUR)
    done = {(event.kind, event.by) for event in view.trail}
    assert {("resign.submitted", "zhou"), ("approve.acknowledged", "chen")} <= done
