"""The letter on the phone: what is previewed is what is signed, nothing is preset, and arrival starts the clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from guiyan.notify.models import Message
from guiyan.people.models import EmploymentSpell, Person
from guiyan.people.queries import NotFound
from guiyan.platform.acting import Forbidden, Stale
from guiyan.platform.ids import new_id
from guiyan.platform.models import StoredFile
from guiyan.separation import actions, queries, sealing, wording
from guiyan.separation.actions import Letter, Paper
from guiyan.separation.models import Case, Signature
from tests.process_db.world import World, entries

from .world import DAY, NONCE, agree_form, case_of, day, record, refused, resign, signing


def submit(world: World, now: datetime, letter: Letter, **changed: Any) -> None:
    """Sign a previewed letter with something changed."""
    shown = queries.preview_resignation(world.zhou, letter, Paper(NONCE, now))
    actions.submit_resignation(
        world.zhou, letter, replace(signing(shown.sha256, now), **changed), request_id=new_id(), now=now
    )


def test_a_letter_arrives_with_its_clock_its_receipt_and_its_evidence(world: World, monday: datetime) -> None:
    letter = Letter("37", reason="想回老家。", wished_last_day=day("2026-12-31"))
    opened = resign(world.zhou, monday, letter)
    case = case_of(opened)
    assert (case.status, case.basis, case.tone) == ("running", "37", "notice")
    assert (case.arrived_at, case.earliest_end, case.last_day) == (monday, day("2026-12-23"), day("2026-12-31"))
    spell = EmploymentSpell.objects.get(pk=case.spell_id)
    assert (spell.status, spell.planned_end_on) == ("leaving", day("2026-12-31"))
    shown = queries.preview_resignation(world.zhou, letter, Paper(NONCE, monday))
    kept = StoredFile.objects.get(pk=case.letter_file)
    assert sealing.file_bytes(kept) == shown.pdf
    assert b"\xe6\x83\xb3" not in bytes(kept.sealed)
    steps = entries(case.id)
    kinds = [each["type"] for each in steps]
    for kind in ("resign.submitted", "idv.done", "sign.done", "resign.arrived", "legal.gate", "deadline.set"):
        assert kind in kinds
    signed = next(each for each in steps if each["type"] == "resign.submitted")
    assert signed["obj"][0]["sha256"] == shown.sha256
    assert "想回老家" not in str(steps)
    signature = Signature.objects.get(case=case)
    assert (signature.document_sha256, signature.identity_method, signature.seconds_read) == (
        shown.sha256, "password", 35,
    )  # fmt: skip


def test_a_probationer_gives_three_days(world: World, monday: datetime) -> None:
    EmploymentSpell.objects.filter(person_id=world.zhou.person_id).update(probation_last_day=day("2026-12-31"))
    case = case_of(resign(world.zhou, monday))
    assert (case.in_probation, case.last_day) == (True, day("2026-11-26"))


def test_leaving_for_the_employers_fault_takes_effect_on_arrival(world: World, monday: datetime) -> None:
    case = case_of(resign(world.zhou, monday, Letter("38", grounds=("38(2)", "38(3)"))))
    assert (case.basis, case.grounds, case.last_day) == ("38", "38(2),38(3)", day("2026-11-23"))
    view = queries.case_for(world.zhou, case.id, now=monday)
    assert view.letter is not None and view.letter.grounds == ("38(2)", "38(3)")


def test_no_reason_is_ever_preset(world: World, monday: datetime) -> None:
    shown = wording.letter_values(Letter("37"), "notice", wording.Writer("周雨桐", "P001", "甲公司"), monday)
    assert shown["own_words"] == ""
    assert "个人原因" not in str(shown)
    case = case_of(resign(world.zhou, monday))
    assert case.sealed_reason is None


def test_words_that_ask_are_settled_by_a_person(world: World, monday: datetime) -> None:
    case = case_of(resign(world.zhou, monday, Letter("37", reason="因家中有事，恳请领导批准。")))
    assert (case.status, case.tone, case.last_day) == ("meaning_open", "unclear", None)
    spell = EmploymentSpell.objects.get(pk=case.spell_id)
    assert spell.status == "active"
    later = monday + 3 * DAY
    actions.settle_meaning(world.zhou, case.id, "notice", request_id=new_id(), now=later)
    case = case_of(case.id)
    assert (case.status, case.last_day) == ("running", day("2026-12-23"))
    assert case.tone_settled_by == world.zhou.user_id


def test_hr_settles_a_meaning_only_by_saying_how_they_know(world: World, monday: datetime) -> None:
    case = case_of(resign(world.zhou, monday, Letter("37", reason="望批准。")))
    refused(
        lambda: actions.settle_meaning(world.hr, case.id, "notice", request_id=new_id(), now=monday), "note_missing"
    )
    refused(
        lambda: actions.settle_meaning(world.chen, case.id, "notice", note="他说的", request_id=new_id(), now=monday),
        "role_table",
        Forbidden,
    )
    actions.settle_meaning(world.hr, case.id, "offer", note="当面问过", request_id=new_id(), now=monday)
    assert (case_of(case.id).status, case_of(case.id).basis) == ("offer", "36")


def test_an_offer_ends_nothing_until_it_is_accepted(world: World, monday: datetime) -> None:
    letter = Letter("37", reason="想和公司商量", meaning="offer", wished_last_day=day("2026-12-10"))
    case = case_of(resign(world.zhou, monday, letter))
    assert (case.status, case.last_day) == ("offer", None)
    assert EmploymentSpell.objects.get(pk=case.spell_id).status == "active"
    other = day("2026-12-11")
    refused(lambda: actions.accept_offer(world.hr, case.id, other, request_id=new_id(), now=monday), "day_not_wished")
    actions.accept_offer(world.hr, case.id, day("2026-12-10"), request_id=new_id(), now=monday)
    case = case_of(case.id)
    assert (case.status, case.last_day, case.accepted_by) == ("running", day("2026-12-10"), world.hr.user_id)


def test_a_signature_without_form_reading_hand_or_identity_is_none(world: World, monday: datetime) -> None:
    letter = Letter("37")
    refused(lambda: submit(world, monday, letter), "form_not_agreed")
    agree_form(world.zhou, monday)
    refused(lambda: submit(world, monday, letter, reached_end=False), "not_read")
    refused(lambda: submit(world, monday, letter, seconds=1), "not_read")
    for strokes in ("", "[]", "not json", '{"a":1}', "[" + "[1]," * 80_000 + "[1]]"):
        refused(lambda strokes=strokes: submit(world, monday, letter, strokes=strokes), "signature_missing")
    refused(lambda: submit(world, monday, letter, png=b"GIF89a"), "signature_missing")
    refused(lambda: submit(world, monday, letter, identity=None), "identity_missing")
    refused(lambda: submit(world, monday, letter, sha256="0" * 64), "letter_changed", Stale)
    refused(lambda: submit(world, monday, letter, paper=Paper("ab" * 32, monday)), "letter_changed", Stale)
    assert Case.objects.count() == 0


def test_yesterdays_letter_is_previewed_again(world: World, monday: datetime) -> None:
    agree_form(world.zhou, monday)
    shown = queries.preview_resignation(world.zhou, Letter("37"), Paper(NONCE, monday))
    refused(
        lambda: actions.submit_resignation(
            world.zhou, Letter("37"), signing(shown.sha256, monday), request_id=new_id(), now=monday + DAY
        ),
        "letter_of_another_day",
        Stale,
    )


IMPOSSIBLE = [
    (Letter(""), "basis_missing"),
    (Letter("39"), "basis_missing"),
    (Letter("38"), "grounds_missing"),
    (Letter("37", grounds=("38(2)",)), "grounds_missing"),
    (Letter("38", grounds=("38(9)",)), "grounds_missing"),
    (Letter("37", meaning="maybe"), "meaning_unknown"),
    (Letter("37", reason="字" * 3001), "reason_too_long"),
    (Letter("37", wished_last_day=day("2026-11-22")), "wished_day_impossible"),
    (Letter("37", wished_last_day=day("2028-01-01")), "wished_day_impossible"),
]


def test_a_letter_that_cannot_be_is_refused(world: World, monday: datetime) -> None:
    agree_form(world.zhou, monday)
    act = signing("0" * 64, monday)
    for letter, rule in IMPOSSIBLE:
        refused(partial(actions.submit_resignation, world.zhou, letter, act, request_id=new_id(), now=monday), rule)


def test_a_character_without_a_glyph_is_named(world: World, monday: datetime) -> None:
    agree_form(world.zhou, monday)
    letter = Letter("37", reason="再见𪚥")
    refusal = refused(
        lambda: actions.submit_resignation(
            world.zhou, letter, signing("0" * 64, monday), request_id=new_id(), now=monday
        ),
        "glyph_missing",
    )
    assert "𪚥" in str(refusal.text)


def test_other_words_are_another_agreement(world: World, monday: datetime) -> None:
    refused(
        lambda: actions.agree_to_electronic_form(world.zhou, text_sha256="0" * 64, request_id=new_id(), now=monday),
        "form_text_changed",
    )
    assert not queries.electronic_form(world.zhou).agreed
    agree_form(world.zhou, monday)
    agree_form(world.zhou, monday + DAY)
    assert queries.electronic_form(world.zhou).agreed


def test_the_same_click_twice_resigns_once(world: World, monday: datetime) -> None:
    request = new_id()
    first = resign(world.zhou, monday, request_id=request)
    before = Message.objects.count()
    again = resign(world.zhou, monday, request_id=request)
    assert (first, Case.objects.count(), Message.objects.count()) == (again, 1, before)


def test_a_second_letter_finds_the_first_and_no_number_is_lost(world: World, monday: datetime) -> None:
    first = resign(world.zhou, monday)
    act = queries.preview_resignation(world.zhou, Letter("37"), Paper(NONCE, monday))
    refused(
        lambda: actions.submit_resignation(
            world.zhou, Letter("37"), signing(act.sha256, monday), request_id=new_id(), now=monday
        ),
        "case_open",
        Stale,
    )
    second = resign(world.wu, monday + timedelta(minutes=1))
    assert (first.number, second.number) == ("LZ-2026-00001", "LZ-2026-00002")


def test_nobody_resigns_for_another_and_no_outsider_at_all(world: World, monday: datetime) -> None:
    with pytest.raises(NotFound):
        queries.preview_resignation(world.hr, Letter("37"), Paper(NONCE, monday))
    act = signing("0" * 64, monday)
    refused(
        lambda: actions.submit_resignation(world.hr, Letter("37"), act, request_id=new_id(), now=monday),
        "role_table",
        Forbidden,
    )


def test_to_know_is_no_condition(world: World, monday: datetime) -> None:
    case = case_of(resign(world.zhou, monday))
    ended_at = datetime.fromisoformat("2026-12-23T12:00:00+00:00")
    actions.complete_exit(world.hr, case.id, request_id=new_id(), now=ended_at)
    spell = EmploymentSpell.objects.get(pk=case.spell_id)
    assert (spell.status, spell.ended_on, spell.end_ground) == ("ended", day("2026-12-23"), "37")
    assert case_of(case.id).manager_known_at is None


def test_manager_and_hr_say_that_they_know_each_once(world: World, monday: datetime) -> None:
    case = case_of(resign(world.zhou, monday))
    actions.acknowledge(world.chen, case.id, "manager", request_id=new_id(), now=monday)
    refused(
        lambda: actions.acknowledge(world.chen, case.id, "manager", request_id=new_id(), now=monday),
        "known_already",
        Stale,
    )
    refused(
        lambda: actions.acknowledge(world.chen, case.id, "hr", request_id=new_id(), now=monday),
        "role_table",
        Forbidden,
    )
    actions.acknowledge(world.hr, case.id, "hr", request_id=new_id(), now=monday)
    view = queries.case_for(world.zhou, case.id, now=monday)
    assert view.manager_known is not None and view.manager_known.by == "chen"
    assert view.hr_known is not None


def test_an_earlier_day_needs_both_sides(world: World, monday: datetime) -> None:
    case = case_of(resign(world.zhou, monday, Letter("37", wished_last_day=day("2026-12-04"))))
    assert case.last_day == day("2026-12-23")
    early = day("2026-12-04")

    def agree(on: object = early, **more: object) -> None:
        actions.agree_earlier_day(world.hr, case.id, on, request_id=new_id(), now=monday, **more)  # type: ignore[arg-type]

    refused(agree, "not_both_agreed")
    refused(lambda: agree(day("2026-12-07")), "day_not_wished")
    refused(lambda: agree(day("2026-12-24")), "not_earlier")
    actions.acknowledge(world.chen, case.id, "manager", agrees_earlier=True, request_id=new_id(), now=monday)
    actions.acknowledge(world.hr, case.id, "hr", agrees_earlier=True, request_id=new_id(), now=monday)
    agree()
    case = case_of(case.id)
    assert (case.last_day, case.agreed_by) == (early, world.hr.user_id)
    assert EmploymentSpell.objects.get(pk=case.spell_id).planned_end_on == early


def test_a_name_without_a_glyph_stops_no_arrival(world: World, monday: datetime) -> None:
    """On paper the letter has arrived, whatever our fonts hold."""
    Person.objects.filter(pk=world.zhou.person_id).update(name="周𪚥桐")
    case = case_of(record(world, monday))
    assert (case.status, case.receipt_file is not None) == ("running", True)
