"""Resignations that came on paper, by WeChat, by e-mail or by word of mouth."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from guiyan.notify.models import Message
from guiyan.people.models import EmploymentSpell
from guiyan.platform.acting import Forbidden, Stale
from guiyan.platform.ids import new_id
from guiyan.separation import actions, queries
from guiyan.separation.actions import Stated
from guiyan.separation.models import Case, IntakeProof
from tests.process_db.world import World, entries

from .world import DAY, case_of, day, record, refused, resign


@pytest.mark.parametrize("channel", ["paper", "wechat", "email"])
def test_the_clock_runs_from_the_real_arrival(world: World, monday: Any, channel: str) -> None:
    arrived = monday - 5 * DAY
    case = case_of(record(world, monday, channel, arrived_at=arrived, sent_at=arrived - timedelta(hours=1)))
    assert (case.status, case.arrived_at, case.last_day) == ("running", arrived, day("2026-12-18"))
    proof = IntakeProof.objects.get(case=case)
    assert (proof.answer, proof.scan_file) == ("asked", case.letter_file)
    kinds = [each["type"] for each in entries(case.id)]
    assert kinds[:2] == ["resign.recorded", "resign.arrived"]
    asked = Message.objects.get(kind="separation_intake_asked")
    assert asked.person_id == world.zhou.person_id and "不答复不等于确认" in asked.body
    view = queries.case_for(world.zhou, case.id, now=monday)
    assert view.may["answer_intake"] is None


def test_said_only_after_probation_it_is_no_notice_and_both_sides_are_told(world: World, monday: Any) -> None:
    case = case_of(record(world, monday, "oral", words="我不干了"))
    assert (case.status, case.arrived_at, case.last_day) == ("awaiting_writing", None, None)
    assert EmploymentSpell.objects.get(pk=case.spell_id).status == "active"
    kinds = set(Message.objects.values_list("kind", flat=True))
    assert {"separation_writing_asked", "separation_writing_needed"} <= kinds
    refused(
        lambda: actions.complete_exit(world.hr, case.id, request_id=new_id(), now=monday + 60 * DAY),
        "notice_not_written",
    )
    refused(lambda: record(world, monday, "oral", words="我说过不干了"), "oral_on_record")


def test_the_writing_that_follows_fills_the_same_case(world: World, monday: Any) -> None:
    case = case_of(record(world, monday, "oral", words="我不干了"))
    opened = resign(world.zhou, monday + 2 * DAY)
    written = case_of(opened)
    assert (opened.case_id, written.channel, written.last_day) == (case.id, "app", day("2026-12-25"))
    assert Case.objects.count() == 1


def test_the_paper_that_follows_does_too(world: World, monday: Any) -> None:
    case = case_of(record(world, monday, "oral", words="我不干了"))
    later = record(world, monday + DAY, "paper")
    assert (later.case_id, case_of(later).status) == (case.id, "running")


def test_in_probation_word_of_mouth_is_notice(world: World, monday: Any) -> None:
    EmploymentSpell.objects.filter(person_id=world.zhou.person_id).update(probation_last_day=day("2026-12-31"))
    case = case_of(record(world, monday, "oral", words="我决定辞职"))
    assert (case.status, case.last_day) == ("running", day("2026-11-26"))
    ended = monday + 3 * DAY
    actions.complete_exit(world.hr, case.id, request_id=new_id(), now=ended)
    assert case_of(case.id).status == "ended"


def test_words_that_ask_wait_for_a_person(world: World, monday: Any) -> None:
    case = case_of(record(world, monday, "email", words="特向领导申请辞职，望批准。"))
    assert (case.status, case.tone) == ("meaning_open", "unclear")
    assert case.tone_settled_by is None


def test_hr_may_state_the_meaning_and_is_named_for_it(world: World, monday: Any) -> None:
    stated = Stated("37", meaning="notice")
    case = case_of(record(world, monday, "email", words="特向领导申请辞职，望批准。", stated=stated))
    assert (case.status, case.tone_settled_by) == ("running", world.hr.user_id)


def test_a_denied_resignation_is_no_basis_for_anything(world: World, monday: Any) -> None:
    case = case_of(record(world, monday, "wechat"))
    proof = IntakeProof.objects.get()
    actions.deny_intake(world.zhou, proof.id, request_id=new_id(), now=monday + DAY)
    case = case_of(case.id)
    spell = EmploymentSpell.objects.get(pk=case.spell_id)
    assert (case.status, spell.status, spell.planned_end_on) == ("disputed", "active", None)
    stopped = refused(
        lambda: actions.complete_exit(world.hr, case.id, request_id=new_id(), now=monday + 60 * DAY),
        "resignation_denied",
    )
    assert "否认" in str(stopped.text)
    assert case_of(record(world, monday + 2 * DAY, "paper")).status == "running"


def test_text_that_nobody_vouches_for_cannot_end_an_employment(world: World, monday: Any) -> None:
    case = case_of(record(world, monday, "wechat", identity_attested=None))
    ending = monday + 30 * DAY
    stopped = refused(
        lambda: actions.complete_exit(world.hr, case.id, request_id=new_id(), now=ending), "facts_missing"
    )
    assert "能确认是员工本人发出吗" in str(stopped.text)
    actions.confirm_intake(world.zhou, IntakeProof.objects.get().id, request_id=new_id(), now=ending)
    actions.complete_exit(world.hr, case.id, request_id=new_id(), now=ending)
    assert case_of(case.id).status == "ended"


def test_only_hr_who_serves_takes_in(world: World, monday: Any) -> None:
    act = actions.Intake("paper", monday, "我决定辞职。", scan=actions.Scan(b"%PDF-1.7", "a.pdf"))
    for viewer in (world.chen, world.zhou, world.wu, world.legal, world.other):
        refused(
            lambda viewer=viewer: actions.record_resignation(
                viewer, world.person(world.zhou), act, Stated("37"), request_id=new_id(), now=monday
            ),
            "role_table",
            Forbidden,
        )


def test_one_case_at_a_time(world: World, monday: Any) -> None:
    resign(world.zhou, monday)
    refused(lambda: record(world, monday, "paper"), "case_open", Stale)


def test_for_the_employers_fault_without_waiting(world: World, monday: Any) -> None:
    stated = Stated("38", grounds=("38(2)",), meaning="notice")
    case = case_of(record(world, monday, "paper", words="公司拖欠工资，我依第三十八条解除。", stated=stated))
    assert (case.basis, case.last_day) == ("38", day("2026-11-23"))
