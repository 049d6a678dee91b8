"""The withdrawal, by every way it can come and every answer it can get."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from guiyan.notify.models import Message
from guiyan.people.models import EmploymentSpell
from guiyan.platform.acting import Forbidden, Stale
from guiyan.platform.ids import new_id
from guiyan.process.models import Instance, Task
from guiyan.separation import actions, queries
from guiyan.separation.actions import Letter
from guiyan.separation.models import Case, Withdrawal
from tests.process_db.world import World, entries

from .world import DAY, SCAN, case_of, day, decide, intake, opine, record, refused, resign, withdraw

HOUR = timedelta(hours=1)


def spell_of(case: Case) -> EmploymentSpell:
    return EmploymentSpell.objects.get(pk=case.spell_id)


def titles(world: World, who: str) -> list[str]:
    viewer = getattr(world, who)
    rows = Message.objects.filter(user_id=viewer.user_id)
    if viewer.person_id:
        rows = rows | Message.objects.filter(person_id=viewer.person_id)
    return list(rows.order_by("sent_at", "id").values_list("kind", flat=True))


def test_after_arrival_it_waits_for_an_answer_and_changes_nothing(world: World, monday: Any) -> None:
    case = case_of(resign(world.zhou, monday))
    withdraw(world.zhou, case.id, monday + DAY, "想留下。")
    case = case_of(case.id)
    assert (case.status, spell_of(case).status) == ("running", "leaving")
    view = queries.case_for(world.zhou, case.id, now=monday + DAY)
    assert view.withdrawal is not None
    assert (view.withdrawal.status, view.withdrawal.words) == ("pending", "想留下。")
    assert "答复以前，原来的日期不变" in str(view.next_steps[0].text)
    assert view.may["withdraw"] is not None
    assert titles(world, "zhou")[-1] == "separation_withdrawal_arrived"
    assert titles(world, "chen")[-1] == "separation_withdrawal_to_answer"


@pytest.mark.parametrize("channel", ["paper", "wechat", "email", "oral"])
def test_it_can_come_by_any_way(world: World, monday: Any, channel: str) -> None:
    case = case_of(resign(world.zhou, monday))
    later = monday + DAY
    told = intake(channel, monday + 2 * HOUR)
    row = Withdrawal.objects.get(pk=actions.record_withdrawal(world.hr, case.id, told, request_id=new_id(), now=later))
    assert (row.status, row.channel, row.arrived_at, row.recorded_by) == (
        "pending", channel, monday + 2 * HOUR, world.hr.user_id,
    )  # fmt: skip
    proof = row.intake
    assert proof.answer == "asked"
    actions.confirm_intake(world.zhou, proof.id, request_id=new_id(), now=later)
    opine(world, case.id, later)
    decide(world, case.id, later, consents=True)
    assert (case_of(case.id).status, spell_of(case).status) == ("restored", "active")


def test_the_manager_may_take_in_what_was_said_to_them(world: World, monday: Any) -> None:
    case = case_of(resign(world.zhou, monday))
    act = intake("oral", monday + HOUR)
    actions.record_withdrawal(world.chen, case.id, act, request_id=new_id(), now=monday + HOUR)
    assert Withdrawal.objects.get().recorded_by == world.chen.user_id
    refused(
        lambda: actions.record_withdrawal(world.wu, case.id, act, request_id=new_id(), now=monday + HOUR),
        "role_table",
        Forbidden,
    )


@pytest.mark.parametrize("minutes", [0, 30])
def test_what_came_first_or_together_needs_no_consent(world: World, monday: Any, minutes: int) -> None:
    case = case_of(record(world, monday))
    told = intake("wechat", monday - timedelta(minutes=minutes))
    actions.record_withdrawal(world.hr, case.id, told, request_id=new_id(), now=monday + DAY)
    case = case_of(case.id)
    row = Withdrawal.objects.get()
    assert (case.status, row.status, row.consented_at) == ("withdrawn", "before_arrival", None)
    assert (spell_of(case).status, spell_of(case).planned_end_on) == ("active", None)
    assert not Task.objects.filter(instance__case_id=case.id, instance__key="withdrawal").exists()


def test_a_minute_later_it_does(world: World, monday: Any) -> None:
    case = case_of(record(world, monday))
    told = intake("wechat", monday + timedelta(minutes=1))
    actions.record_withdrawal(world.hr, case.id, told, request_id=new_id(), now=monday + DAY)
    assert (case_of(case.id).status, Withdrawal.objects.get().status) == ("running", "pending")


def test_an_offer_is_taken_back_freely_until_it_is_accepted(world: World, monday: Any) -> None:
    case = case_of(resign(world.zhou, monday, Letter("37", meaning="offer", wished_last_day=day("2026-12-10"))))
    withdraw(world.zhou, case.id, monday + DAY)
    assert (case_of(case.id).status, Withdrawal.objects.get().status) == ("withdrawn", "before_arrival")
    refused(
        lambda: actions.accept_offer(world.hr, case.id, day("2026-12-10"), request_id=new_id(), now=monday + DAY),
        "offer_not_open",
        Stale,
    )


def test_refusal_leaves_the_exit_where_it_was_and_says_what_that_means(world: World, monday: Any) -> None:
    case = case_of(resign(world.zhou, monday))
    withdraw(world.zhou, case.id, monday + HOUR)
    opine(world, case.id, monday + HOUR, "disagree")
    open_before = Task.objects.filter(instance__key="resignation", state="open").count()
    decide(world, case.id, monday + 2 * HOUR, consents=False)
    case = case_of(case.id)
    assert (case.status, case.last_day, spell_of(case).status) == ("running", day("2026-12-23"), "leaving")
    assert Task.objects.filter(instance__key="resignation", state="open").count() == open_before
    assert Instance.objects.get(key="withdrawal").outcome == "refused"
    view = queries.case_for(world.zhou, case.id, now=monday + 2 * HOUR)
    assert "不同意撤回" in str(view.next_steps[0].text)
    assert view.may["withdraw"] is None
    said = Message.objects.filter(kind="separation_withdrawal_refused").get()
    assert "离职证明和最后的工资不受影响" in said.body
    withdraw(world.zhou, case.id, monday + DAY, "再次请求")
    assert Withdrawal.objects.filter(status="pending").count() == 1


def test_the_employee_does_not_read_the_managers_opinion(world: World, monday: Any) -> None:
    case = case_of(resign(world.zhou, monday))
    withdraw(world.zhou, case.id, monday + HOUR, "家事")
    actions.give_opinion(world.chen, case.id, "disagree", note="已在招人", request_id=new_id(), now=monday + HOUR)
    seen = {who: queries.case_for(getattr(world, who), case.id, now=monday + HOUR) for who in ("zhou", "chen", "hr")}
    assert seen["zhou"].withdrawal and seen["zhou"].withdrawal.opinion_note == ""
    assert seen["zhou"].withdrawal.opinion == ""
    assert seen["hr"].withdrawal and seen["hr"].withdrawal.opinion_note == "已在招人"
    assert seen["chen"].withdrawal and seen["chen"].withdrawal.words == ""
    assert seen["hr"].withdrawal.words == "家事"


def test_hr_does_not_decide_before_the_manager_was_asked(world: World, monday: Any) -> None:
    case = case_of(resign(world.zhou, monday))
    withdraw(world.zhou, case.id, monday + HOUR)
    refused(lambda: decide(world, case.id, monday + HOUR, consents=True), "opinion_first")
    view = queries.case_for(world.hr, case.id, now=monday + HOUR)
    assert "主管还在两个工作日的答复期内" in str(view.may["decide"])


def test_near_the_last_day_nobody_is_waited_for(world: World, monday: Any) -> None:
    case = case_of(resign(world.zhou, monday))
    near = monday + 28 * DAY
    withdraw(world.zhou, case.id, near)
    decide(world, case.id, near + HOUR, consents=True)
    assert case_of(case.id).status == "restored"


def test_a_late_click_finds_the_answer(world: World, monday: Any) -> None:
    case = case_of(resign(world.zhou, monday))
    withdraw(world.zhou, case.id, monday + HOUR)
    opine(world, case.id, monday + HOUR)
    refused(lambda: opine(world, case.id, monday + HOUR, "disagree"), "opinion_not_asked", Stale)
    request = new_id()
    actions.decide_withdrawal(world.hr, case.id, consents=True, request_id=request, now=monday + 2 * HOUR)
    before = entries(case.id)
    actions.decide_withdrawal(world.hr, case.id, consents=True, request_id=request, now=monday + 3 * HOUR)
    assert entries(case.id) == before
    late = refused(lambda: decide(world, case.id, monday + 3 * HOUR, consents=False), "withdrawal_answered", Stale)
    assert "hr-one" in str(late.text) and "2026-11-23 12:00" in str(late.text)
    refused(lambda: withdraw(world.zhou, case.id, monday + 3 * HOUR), "case_restored", Stale)


def test_the_manager_does_not_decide_and_the_employee_changes_no_status(world: World, monday: Any) -> None:
    case = case_of(resign(world.zhou, monday))
    withdraw(world.zhou, case.id, monday + HOUR)
    opine(world, case.id, monday + HOUR)
    for viewer in (world.chen, world.zhou, world.wu, world.other, world.legal, world.it):
        refused(
            lambda viewer=viewer: actions.decide_withdrawal(
                viewer, case.id, consents=True, request_id=new_id(), now=monday + HOUR
            ),
            "role_table",
            Forbidden,
        )
    refused(
        lambda: actions.complete_exit(world.zhou, case.id, request_id=new_id(), now=monday + HOUR),
        "role_table",
        Forbidden,
    )


def test_oral_consent_of_who_leads_binds_also_after_a_refusal(world: World, monday: Any) -> None:
    case = case_of(resign(world.zhou, monday))
    withdraw(world.zhou, case.id, monday + HOUR)
    opine(world, case.id, monday + HOUR, "disagree")
    decide(world, case.id, monday + 2 * HOUR, consents=False)

    def consent(by: Any, at: Any = monday + 3 * HOUR, words: str = "留下吧，我同意。") -> None:
        actions.record_oral_consent(
            world.hr, case.id, given_by=by, given_at=at, words=words, request_id=new_id(), now=monday + DAY
        )

    refused(lambda: consent(world.person(world.wu)), "not_authorised")
    refused(lambda: consent(world.person(world.zhou)), "not_authorised")
    refused(lambda: consent(world.person(world.chen), monday), "consent_outside")
    refused(lambda: consent(world.person(world.chen), words=" "), "words_missing")
    consent(world.person(world.chen))
    row = Withdrawal.objects.get()
    assert (row.status, row.consent_form, row.consented_by) == ("consented", "oral", world.person(world.chen))
    assert (case_of(case.id).status, spell_of(case).status) == ("restored", "active")


def test_conduct_past_the_last_day_is_consent_once_hr_states_it(world: World, monday: Any) -> None:
    case = case_of(resign(world.zhou, monday))
    weeks_later = monday + 45 * DAY

    def conduct(on: str = "2026-12-30", now: Any = weeks_later) -> None:
        actions.record_conduct_consent(
            world.hr, case.id, worked_on=day(on), wages_paid=True, source="考勤记录", request_id=new_id(), now=now
        )

    refused(lambda: conduct("2026-12-23"), "not_past_last_day")
    refused(lambda: conduct(now=monday + 10 * DAY), "not_past_last_day")
    conduct()
    assert (case_of(case.id).status, spell_of(case).status) == ("superseded", "active")
    stopped = refused(
        lambda: actions.complete_exit(world.hr, case.id, request_id=new_id(), now=weeks_later),
        "superseded_by_conduct",
    )
    assert "第一百四十条" in str(stopped.text) and "2026-12-30" in str(stopped.text)


def test_an_objection_keeps_conduct_from_being_consent(world: World, monday: Any) -> None:
    case = case_of(resign(world.zhou, monday))
    weeks_later = monday + 45 * DAY
    actions.record_conduct(
        world.chen, case.id, worked_on=day("2026-12-25"), wages_paid=False, objected=True, source="书面通知其离岗",
        request_id=new_id(), now=weeks_later,
    )  # fmt: skip
    refused(
        lambda: actions.record_conduct_consent(
            world.hr, case.id, worked_on=day("2026-12-30"), wages_paid=None, source="考勤", request_id=new_id(),
            now=weeks_later,
        ),
        "employer_objected",
    )  # fmt: skip


def test_a_withdrawal_the_employee_denies_was_never_made(world: World, monday: Any) -> None:
    case = case_of(resign(world.zhou, monday))
    told = intake("wechat", monday + HOUR)
    actions.record_withdrawal(world.hr, case.id, told, request_id=new_id(), now=monday + HOUR)
    proof = Withdrawal.objects.get().intake
    refused(
        lambda: actions.deny_intake(world.chen, proof.id, request_id=new_id(), now=monday + HOUR),
        "role_table",
        Forbidden,
    )
    actions.deny_intake(world.zhou, proof.id, request_id=new_id(), now=monday + HOUR)
    assert (Withdrawal.objects.get().status, case_of(case.id).status) == ("disputed", "running")
    assert not Instance.objects.filter(key="withdrawal", status="running").exists()
    refused(
        lambda: actions.confirm_intake(world.zhou, proof.id, request_id=new_id(), now=monday + HOUR),
        "intake_answered",
        Stale,
    )


NOTHING_PROVED: list[tuple[dict[str, Any], str]] = [
    ({"scan": None}, "scan_missing"),
    ({"scan": actions.Scan(b"MZ\x90 a program", "letter.pdf")}, "scan_kind"),
    ({"scan": actions.Scan(b"", "letter.pdf")}, "scan_empty"),
    ({"scan": actions.Scan(b"%PDF-" + b"0" * (10 * 1024 * 1024), "l.pdf")}, "scan_too_large"),
    ({"words": "  "}, "words_missing"),
    ({"arrived_at": "ahead"}, "arrival_ahead"),
    ({"arrived_at": "long ago"}, "arrival_too_far_back"),
    ({"channel": "app"}, "channel_unknown"),
    ({"channel": "pigeon"}, "channel_unknown"),
    ({"channel": "oral", "scan": SCAN}, "witness_missing"),
    ({"sent_at": "ahead"}, "sent_after_arrival"),
]


def test_an_intake_that_proves_nothing_is_refused(world: World, monday: Any) -> None:
    case = case_of(resign(world.zhou, monday))
    moments = {"ahead": monday + 9 * DAY, "long ago": monday - 400 * DAY}
    for changed, rule in NOTHING_PROVED:
        told = {"channel": "paper", **changed}
        told = {name: moments.get(value, value) if isinstance(value, str) else value for name, value in told.items()}
        act = intake(told.pop("channel"), told.pop("arrived_at", monday), **{"witness": "", **told})
        refused(
            lambda act=act: actions.record_withdrawal(world.hr, case.id, act, request_id=new_id(), now=monday), rule
        )
