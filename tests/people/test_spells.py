"""A person is not a spell: spells begin, move, end, are restored, and never overlap, whoever tries at once."""

from __future__ import annotations

import threading
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from guiyan.people import actions, queries
from guiyan.people.models import Assignment, EmploymentSpell, UnitManager, Wage
from guiyan.platform import tenancy
from guiyan.platform.acting import Refused, Stale
from guiyan.platform.ids import new_id
from guiyan.platform.permissions import SYSTEM
from tests.people.world import HIRED, World, build, grown, hire, row_counts, unit


@pytest.fixture
def world(tenant: Any, now: datetime) -> World:
    return build(now)


def _again(world: World, hired_on: date, number: str = "N1", months: int | None = None) -> actions.Hired:
    place = actions.Engagement(number, hired_on, world.team, world.post, None, months)
    return actions.rehire(SYSTEM, world.gone, place, request_id=new_id(), now=world.now)


def test_who_comes_back_is_the_same_person_in_a_new_spell(world: World) -> None:
    made = _again(world, date(2025, 1, 6))
    shown = queries.profile(world.viewer("hr", "serves"), world.gone)
    assert made.person_id == world.gone
    assert [(spell.hired_on, spell.ended_on, spell.latest) for spell in shown.spells] == [
        (date(2025, 1, 6), None, True),
        (HIRED, date(2024, 6, 30), False),
    ]
    assert [event.kind.value for event in shown.life_line] == [
        "hired",
        "probation_passed",
        "ended",
        "rehired",
    ]


def test_a_second_probation_is_a_finding_and_no_refusal(world: World) -> None:
    assert _again(world, date(2025, 1, 6), months=2).findings == ("second_probation",)


def test_a_spell_cannot_begin_before_the_last_one_ended(world: World) -> None:
    for day in (date(2024, 6, 30), date(2022, 1, 1)):
        with pytest.raises(Refused, match="spell_overlaps"):
            _again(world, day)
    _again(world, date(2024, 7, 1))
    with pytest.raises(Refused, match="spell_overlaps"):
        _again(world, date(2026, 1, 1), "N2")


@pytest.mark.parametrize(
    ("hired_on", "ended_on"),
    [
        (date(2024, 6, 30), None),
        (date(2020, 1, 1), HIRED),
        (date(2023, 1, 1), date(2023, 2, 1)),
        (date(2020, 1, 1), None),
    ],
)
def test_the_database_refuses_overlapping_spells_too(world: World, hired_on: date, ended_on: date | None) -> None:
    status = {"status": "ended", "end_kind": "unknown"} if ended_on else {}
    with pytest.raises(IntegrityError, match="spell_no_overlap"), transaction.atomic():
        EmploymentSpell.objects.create(
            person_id=world.gone,
            number="N1",
            hired_on=hired_on,
            ended_on=ended_on,
            latest=False,
            created_at=world.now,
            **status,
        )


def test_the_database_refuses_a_status_that_the_dates_do_not_say(world: World) -> None:
    for wrong in ({"status": "ended"}, {"status": "leaving"}, {"planned_end_on": date(2026, 12, 1)}):
        with pytest.raises(IntegrityError, match="spell_status_follows_dates"), transaction.atomic():
            EmploymentSpell.objects.filter(pk=world.spell).update(**wrong)


def test_two_heads_and_two_places_at_once_are_refused_by_the_database(world: World) -> None:
    with pytest.raises(IntegrityError, match="head_"), transaction.atomic():
        UnitManager.objects.create(unit_id=world.left, person_id=world.outsider, valid_from=date(2023, 1, 1))
    with pytest.raises(IntegrityError, match="assignment_no_overlap"), transaction.atomic():
        Assignment.objects.create(
            spell_id=world.spell,
            unit_id=world.right,
            post_id=world.post,
            valid_from=date(2022, 6, 1),
            valid_to=date(2022, 7, 1),
        )


def test_two_people_hiring_somebody_again_at_once_make_one_spell(committing: Any, now: datetime) -> None:
    world = build(now)
    start = threading.Barrier(2)
    outcomes: list[str] = []

    def work(number: str) -> None:
        with tenancy.session(committing):
            start.wait(10)
            try:
                _again(world, date(2025, 1, 6), number)
                outcomes.append("made")
            except Refused as refusal:
                outcomes.append(refusal.rule)
        connection.close()

    threads = [threading.Thread(target=work, args=(f"N{index}",)) for index in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["made", "spell_overlaps"]
    assert EmploymentSpell.objects.filter(person_id=world.gone, ended_on__isnull=True).count() == 1


def test_two_people_giving_one_number_at_once_give_it_once(committing: Any, now: datetime) -> None:
    world = build(now)
    start = threading.Barrier(2)
    outcomes: list[str] = []

    def work(name: str) -> None:
        with tenancy.session(committing):
            start.wait(10)
            try:
                hire(name, "SAME", world.team, world.post, now)
                outcomes.append("made")
            except Refused as refusal:
                outcomes.append(refusal.rule)
        connection.close()

    threads = [threading.Thread(target=work, args=(name,)) for name in ("甲一", "乙二")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["made", "number_taken"]


def test_the_same_request_twice_hires_once(world: World, now: datetime) -> None:
    request, place = new_id(), actions.Engagement("N1", now.date(), world.team, world.post)
    first = actions.hire(SYSTEM, actions.NewPerson("新人"), place, request_id=request, now=now)
    before = row_counts()
    assert actions.hire(SYSTEM, actions.NewPerson("新人"), place, request_id=request, now=now) == first
    assert grown(before, row_counts()) == {}


def test_leaving_and_ending_and_coming_back_from_either(world: World, now: datetime) -> None:
    spell = EmploymentSpell.objects.get(pk=world.spell)
    before = queries.profile(world.viewer("hr", "serves"), world.subject)
    actions.plan_end(SYSTEM, spell.id, now.date() + timedelta(days=9), request_id=new_id(), now=now)
    spell.refresh_from_db()
    assert spell.status == "leaving"
    actions.restore_spell(SYSTEM, spell.id, request_id=new_id(), now=now)
    assert queries.profile(world.viewer("hr", "serves"), world.subject) == before
    actions.end_spell(
        SYSTEM, spell.id, now.date(), "resignation", ground="37", reason="家里的事", request_id=new_id(), now=now
    )
    spell.refresh_from_db()
    assert (spell.status, spell.end_kind, spell.end_ground) == ("ended", "resignation", "37")
    assert spell.sealed_reason is not None and "家里".encode() not in bytes(spell.sealed_reason)
    with pytest.raises(Stale, match="spell_has_ended"):
        actions.plan_end(SYSTEM, spell.id, now.date(), request_id=new_id(), now=now)
    actions.restore_spell(SYSTEM, spell.id, request_id=new_id(), now=now)
    assert queries.profile(world.viewer("hr", "serves"), world.subject) == before
    with pytest.raises(Stale, match="spell_is_active"):
        actions.restore_spell(SYSTEM, spell.id, request_id=new_id(), now=now)


def test_an_old_spell_is_not_restored_over_a_newer_one(world: World, now: datetime) -> None:
    _again(world, date(2025, 1, 6))
    with pytest.raises(Refused, match="newer_spell"):
        actions.restore_spell(SYSTEM, world.gone_spell, request_id=new_id(), now=now)


def test_a_spell_is_not_restored_when_its_number_is_somebody_elses(world: World, now: datetime) -> None:
    hire("新人", "A004", world.team, world.post, now)
    with pytest.raises(Refused, match="number_taken"):
        actions.restore_spell(SYSTEM, world.gone_spell, request_id=new_id(), now=now)


def test_a_spell_does_not_end_ahead_of_its_day(world: World, now: datetime) -> None:
    tomorrow = now.date() + timedelta(days=1)
    with pytest.raises(Refused, match="end_in_future"):
        actions.end_spell(SYSTEM, world.spell, tomorrow, "agreement", request_id=new_id(), now=now)


def test_a_move_closes_the_place_before_and_its_first_day_can_be_put_right(world: World, now: datetime) -> None:
    move = actions.Move(world.right, world.other_post, date(2026, 11, 1))
    actions.transfer(SYSTEM, world.subject, move, request_id=new_id(), now=now)
    wrong = actions.Move(world.team, world.other_post, date(2026, 11, 1))
    actions.transfer(SYSTEM, world.subject, wrong, request_id=new_id(), now=now)
    rows = Assignment.objects.filter(spell_id=world.spell).order_by("valid_from")
    assert [(row.unit_id, row.valid_from, row.valid_to) for row in rows] == [
        (world.team, HIRED, date(2026, 10, 31)),
        (world.team, date(2026, 11, 1), None),
    ]
    early = actions.Move(world.right, world.other_post, date(2026, 10, 1))
    with pytest.raises(Refused, match="move_too_early"):
        actions.transfer(SYSTEM, world.subject, early, request_id=new_id(), now=now)


def test_nobody_is_put_under_their_own_report(world: World, now: datetime) -> None:
    move = actions.Move(world.right, world.other_post, now.date(), manager_id=world.subject)
    for boss in (world.boss, world.subject):
        with pytest.raises(Refused, match="manager_circle"):
            actions.transfer(SYSTEM, boss, move, request_id=new_id(), now=now)


def test_who_comes_back_leads_nobody_from_before(world: World, now: datetime) -> None:
    other = hire("组员", "A010", world.right, world.post, now, manager=world.boss)
    boss_spell = EmploymentSpell.objects.get(person_id=world.boss)
    actions.end_spell(SYSTEM, boss_spell.id, date(2026, 6, 30), "agreement", request_id=new_id(), now=now)
    assert queries.direct_manager_of(world.subject, now.date()) is None
    assert queries.direct_manager_of(other.person_id, now.date()) is None
    place = actions.Engagement("A001", date(2026, 9, 1), world.right, world.post)
    actions.rehire(SYSTEM, world.boss, place, request_id=new_id(), now=now)
    assert queries.direct_manager_of(world.subject, now.date()) is None
    assert queries.direct_manager_of(other.person_id, now.date()) is None
    then = queries.direct_manager_of(other.person_id, date(2026, 6, 30))
    assert then is not None and then.person_id == world.boss, "what was is not rewritten"


def test_a_wage_of_the_same_day_is_corrected_and_another_day_is_a_raise(world: World, now: datetime) -> None:
    for amount, day in ((13000, HIRED), (14000, date(2026, 4, 1))):
        actions.record_wage(SYSTEM, world.spell, actions.WageTerms(Decimal(amount), day), request_id=new_id(), now=now)
    shown = queries.profile(world.viewer("hr", "serves"), world.subject).spells[0].wages
    assert [(wage.valid_from, wage.base) for wage in shown or ()] == [
        (HIRED, Decimal(13000)),
        (date(2026, 4, 1), Decimal(14000)),
    ]
    assert Wage.objects.count() == 2
    for terms in (
        actions.WageTerms(Decimal(-1), now.date()),
        actions.WageTerms(Decimal("NaN"), now.date()),
        actions.WageTerms(Decimal(1), now.date(), "percent", None),
        actions.WageTerms(Decimal(1), now.date(), "none", Decimal(1)),
    ):
        with pytest.raises(Refused, match="wage_impossible"):
            actions.record_wage(SYSTEM, world.spell, terms, request_id=new_id(), now=now)


def test_a_unit_closes_when_nobody_is_in_it(world: World, now: datetime) -> None:
    for full in (world.team, world.left):
        with pytest.raises(Refused, match="unit_in_use"):
            actions.close_unit(SYSTEM, full, now.date(), request_id=new_id(), now=now)
    empty = unit("EMPTY", "空部门", world.company, now)
    actions.close_unit(SYSTEM, empty, now.date() - timedelta(days=1), request_id=new_id(), now=now)
    with pytest.raises(Refused, match="unit_not_open"):
        hire("新人", "N1", empty, world.post, now, hired_on=now.date())
    assert empty not in {node.unit_id for node in queries.unit_tree(SYSTEM, on=now.date())}
    assert empty in {node.unit_id for node in queries.unit_tree(SYSTEM, on=now.date(), closed=True)}


@pytest.mark.parametrize(
    ("hired_on", "months", "last"),
    [
        (date(2026, 3, 1), 3, date(2026, 5, 31)),
        (date(2026, 11, 30), 3, date(2027, 2, 27)),
        (date(2024, 2, 29), 12, date(2025, 2, 27)),
        (date(2026, 3, 1), 0, None),
        (date(2026, 3, 1), None, None),
    ],
)
def test_the_last_day_of_a_probation(
    world: World, now: datetime, hired_on: date, months: int | None, last: date | None
) -> None:
    made = hire("新人", "N1", world.team, world.post, now, hired_on=hired_on, months=months)
    assert EmploymentSpell.objects.get(pk=made.spell_id).probation_last_day == last
