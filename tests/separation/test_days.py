"""The weeks of a case on a simulation's clock: what the days bring, and what nobody's silence brings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from guiyan.notify.models import Message
from guiyan.people.models import EmploymentSpell
from guiyan.platform import clock, deadlines
from guiyan.platform.acting import Stale
from guiyan.platform.ids import new_id
from guiyan.platform.models import Deadline
from guiyan.platform.permissions import SYSTEM
from guiyan.process.models import Instance, Task
from guiyan.separation import actions
from guiyan.separation.actions import Letter
from guiyan.separation.models import IntakeProof, Withdrawal
from tests.process_db.world import World, build, entries

from .world import DAY, SCAN, case_of, day, decide, opine, record, refused, resign, withdraw

START = datetime(2027, 3, 1, 2, 0, tzinfo=UTC)  # a Monday, 10:00 in Shanghai


@pytest.fixture
def simulated(simulation: object) -> World:
    """The company in the simulation, on Monday 2027-03-01."""
    clock.move_to(START)
    return build(START)


def at(days: int, hour: int = 2) -> datetime:
    """Move the clock to a day after the start, fire what is due, and return the moment."""
    moment = START.replace(hour=hour) + days * DAY
    clock.move_to(moment)
    deadlines.tick()
    return clock.now()


def kinds(since: datetime = START) -> list[str]:
    return list(Message.objects.filter(sent_at__gt=since).order_by("sent_at", "id").values_list("kind", flat=True))


def test_nobody_answers_and_the_end_comes_all_the_same(simulated: World) -> None:
    case = case_of(resign(simulated.zhou, START))
    assert case.last_day == day("2027-03-31")
    at(3)
    assert kinds().count("process_reminder") >= 2, "manager and HR are reminded after two working days"
    assert not Task.objects.filter(node__in=["certificate", "final_pay"]).exists()
    moment = at(24)
    assert not Task.objects.filter(node="certificate").exists()
    at(25)  # Friday 2027-03-26: three working days before the last day
    assert Task.objects.filter(node__in=["certificate", "final_pay"], state="open").count() == 2
    assert {"separation_last_day_near", "separation_last_day_near_staff"} <= set(kinds(moment))
    moment = at(30, hour=12)
    actions.complete_exit(simulated.hr, case.id, request_id=new_id(), now=moment)
    assert EmploymentSpell.objects.get(pk=case.spell_id).ended_on == day("2027-03-31")
    assert Task.objects.filter(node="handover_plan", state="open").exists(), "the handover was never a condition"


def test_a_silent_manager_is_passed_over_after_two_working_days(simulated: World) -> None:
    case = case_of(resign(simulated.zhou, START))
    friday = at(4)
    withdraw(simulated.zhou, case.id, friday)
    at(7, hour=15)
    assert Withdrawal.objects.get().opinion_passed_at is None, "the weekend does not count"
    later = at(9)
    row = Withdrawal.objects.get()
    assert row.opinion_passed_at is not None
    assert "separation_opinion_overdue" in kinds(friday)
    refused(lambda: opine(simulated, case.id, later), "opinion_not_asked", Stale)
    silence = [each for each in entries(case.id) if each["type"] == "no_response"]
    assert [each["pub"]["whose"] for each in silence] == ["manager"]
    decide(simulated, case.id, later, consents=True)
    assert case_of(case.id).status == "restored"


def test_an_answer_that_is_owed_is_chased(simulated: World) -> None:
    case = case_of(resign(simulated.zhou, START))
    withdraw(simulated.zhou, case.id, START + timedelta(hours=1))
    opine(simulated, case.id, START + timedelta(hours=2))
    moment = at(1)
    at(3)
    about = Task.objects.get(node="hr_decision")
    reminded = Message.objects.filter(sent_at__gt=moment, kind="process_reminder", user_id=simulated.hr.user_id)
    assert about.reminders == 1
    assert reminded.exists()


def test_silence_to_the_last_day_is_recorded_and_decides_nothing(simulated: World) -> None:
    case = case_of(resign(simulated.zhou, START))
    moment = at(2)
    withdraw(simulated.zhou, case.id, moment)
    at(26)
    assert Task.objects.filter(node="urge_answer", state="open").exists(), "near the last day it is escalated"
    assert Task.objects.filter(node__in=["certificate", "final_pay"], state="open").count() == 2
    at(30, hour=15)
    assert Withdrawal.objects.get().status == "pending"
    moment = at(31)
    row = Withdrawal.objects.get()
    assert (row.status, case_of(case.id).status) == ("unanswered", "running")
    assert EmploymentSpell.objects.get(pk=case.spell_id).status == "leaving"
    silence = [each["pub"]["whose"] for each in entries(case.id) if each["type"] == "no_response"]
    assert silence[-1] == "employer"
    assert {"separation_withdrawal_unanswered", "separation_withdrawal_unanswered_staff"} <= set(kinds(START))
    said = Message.objects.get(kind="separation_withdrawal_unanswered").body
    assert "没有答复不等于同意" in said
    nothing = actions.AfterLastDay(None, wages_paid=False, objected=False)
    refused(
        lambda: actions.complete_exit(simulated.hr, case.id, after=nothing, request_id=new_id(), now=moment),
        "withdrawal_unanswered",
    )
    refused(lambda: actions.note_silence(SYSTEM, row.id, now=moment), "withdrawal_answered", Stale)
    decide(simulated, case.id, moment, consents=True)
    assert case_of(case.id).status == "restored"


def test_work_goes_on_and_the_old_exit_is_dead(simulated: World) -> None:
    case = case_of(resign(simulated.zhou, START))
    moment = at(31)
    assert "separation_last_day_passed" in kinds(START)
    moment = at(45)
    actions.record_conduct_consent(
        simulated.hr, case.id, worked_on=day("2027-04-14"), wages_paid=True, source="考勤和工资条",
        request_id=new_id(), now=moment,
    )  # fmt: skip
    weeks = at(90)
    refused(
        lambda: actions.complete_exit(simulated.hr, case.id, request_id=new_id(), now=weeks), "superseded_by_conduct"
    )
    assert EmploymentSpell.objects.get(pk=case.spell_id).status == "active"


def test_days_that_no_longer_matter_do_not_come(simulated: World) -> None:
    case = case_of(resign(simulated.zhou, START))
    withdraw(simulated.zhou, case.id, START + timedelta(hours=1))
    opine(simulated, case.id, START + timedelta(hours=2))
    decide(simulated, case.id, START + timedelta(hours=3), consents=True)
    before = len(entries(case.id))
    at(60)
    late = [each["type"] for each in entries(case.id)[before:]]
    assert "no_response" not in late and not set(kinds(START + timedelta(hours=4))) & {
        "separation_last_day_near", "separation_last_day_passed", "separation_withdrawal_unanswered",
    }  # fmt: skip
    assert case_of(case.id).status == "restored"


def test_an_earlier_day_moves_what_hangs_on_it(simulated: World) -> None:
    case = case_of(resign(simulated.zhou, START, Letter("37", wished_last_day=day("2027-03-12"))))
    actions.agree_earlier_day(
        simulated.hr, case.id, day("2027-03-12"), agreement=actions.Scan(b"%PDF-1.7 agreed", "agreed.pdf"),
        request_id=new_id(), now=START,
    )  # fmt: skip
    at(8)
    assert Task.objects.filter(node="certificate", state="open").exists() is True
    assert Instance.objects.get(key="resignation").last_day == day("2027-03-12")


def test_a_wish_for_writing_and_for_meaning_is_repeated_until_it_is_there(simulated: World) -> None:
    oral = case_of(record(simulated, START, "oral", words="我不干了"))
    at(3)
    at(8)
    assert kinds(START - DAY).count("separation_writing_asked") == 3
    moment = at(9)
    resign(simulated.zhou, moment)
    at(20)
    assert kinds(START - DAY).count("separation_writing_asked") == 3
    assert case_of(oral.id).status == "running"


def test_an_intake_that_nobody_confirms_is_on_record_as_that(simulated: World) -> None:
    case = case_of(record(simulated, START, "email"))
    moment = at(3)
    proof = IntakeProof.objects.get()
    assert proof.answer == "no_answer"
    assert "separation_intake_unanswered" in kinds()
    actions.confirm_intake(simulated.zhou, proof.id, request_id=new_id(), now=moment)
    proof.refresh_from_db()
    assert (proof.answer, case_of(case.id).status) == ("confirmed", "running")


def test_a_resignation_taken_in_after_its_last_day_is_caught_up(simulated: World) -> None:
    moment = at(50)
    case = case_of(record(simulated, moment, "paper", arrived_at=START))
    assert case.last_day == day("2027-03-31")
    assert Task.objects.filter(node="certificate", state="open").exists()
    deadlines.tick()
    assert "separation_last_day_passed" in kinds(START)
    assert not Deadline.objects.filter(owner_id=case.id, state="open").exists()


NEAR = {"separation_last_day_near", "separation_last_day_near_staff"}


def told(world: World, kind: str) -> set[object]:
    """Return who has a message of this kind."""
    rows = Message.objects.filter(kind=f"separation_{kind}")
    return {row.person_id or row.user_id for row in rows}


def test_an_end_under_article_38_on_the_day_of_arrival_is_told_at_once(simulated: World) -> None:
    case = case_of(resign(simulated.zhou, START, Letter("38", grounds=("38(2)",))))
    assert case.last_day == day("2027-03-01")
    assert told(simulated, "last_day_near") == {simulated.zhou.person_id}
    assert told(simulated, "last_day_near_staff") == {simulated.hr.user_id, simulated.hr2.user_id}
    assert Task.objects.filter(node__in=["certificate", "final_pay"], state="open").count() == 2
    reminded = [each["pub"] for each in entries(case.id) if each["type"] == "reminder.sent"]
    assert reminded == [{"about": "last_day_near"}]
    order = list(
        Message.objects.filter(person_id=simulated.zhou.person_id).order_by("id").values_list("kind", flat=True)
    )
    assert order.index("separation_arrived") < order.index("separation_last_day_near")
    at(1)
    assert Message.objects.filter(kind__in=NEAR).count() == 3, "once"
    assert "separation_last_day_passed" in kinds()


def test_a_letter_that_is_taken_in_late_leaves_its_last_days_to_be_told_at_once(simulated: World) -> None:
    """It arrived four weeks ago and was recorded today: two days are left, fewer than the reminder's lead."""
    case = case_of(record(simulated, START, arrived_at=START - 28 * DAY))
    assert case.last_day == day("2027-03-03")
    assert told(simulated, "last_day_near") == {simulated.zhou.person_id}
    assert Task.objects.filter(node__in=["certificate", "final_pay"], state="open").count() == 2
    at(1)
    assert Message.objects.filter(kind__in=NEAR).count() == 3
    at(3)
    assert "separation_last_day_passed" in kinds()


def test_a_letter_that_is_taken_in_after_its_last_day_says_that_it_is_over(simulated: World) -> None:
    case = case_of(record(simulated, START, arrived_at=START - 40 * DAY))
    assert case.last_day == day("2027-02-19")
    assert not Message.objects.filter(kind__in=NEAR).exists(), "nothing is near any more"
    assert Task.objects.filter(node__in=["certificate", "final_pay"], state="open").count() == 2
    clock.move_to(START + timedelta(minutes=1))
    deadlines.tick()
    assert told(simulated, "last_day_passed") == {simulated.hr.user_id, simulated.hr2.user_id}


def test_a_day_agreed_to_be_near_is_told_at_once_and_urges_an_open_withdrawal(simulated: World) -> None:
    case = case_of(resign(simulated.zhou, START, Letter("37", wished_last_day=day("2027-03-10"))))
    monday = at(7)
    withdraw(simulated.zhou, case.id, monday)
    assert not Message.objects.filter(kind__in=NEAR).exists()
    assert not Task.objects.filter(node="urge_answer").exists()
    actions.agree_earlier_day(
        simulated.hr, case.id, day("2027-03-10"), agreement=SCAN, request_id=new_id(), now=monday + timedelta(hours=1)
    )
    assert told(simulated, "last_day_near") == {simulated.zhou.person_id}
    assert Task.objects.filter(node="urge_answer", state="open").exists()
    at(8)
    assert Message.objects.filter(kind__in=NEAR).count() == 3


def test_the_reminder_is_not_given_twice_when_there_is_time(simulated: World) -> None:
    resign(simulated.zhou, START)
    assert not Message.objects.filter(kind__in=NEAR).exists()
    at(25)
    at(29)
    assert Message.objects.filter(kind__in=NEAR).count() == 3
