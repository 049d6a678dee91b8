"""Notes of the workbench: who keeps and reads them, what stands in the open, what a repetition does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from guiyan.compliance import hookspecs, queries
from guiyan.compliance.actions import run_impact, save_note
from guiyan.compliance.models import Note
from guiyan.compliance.queries import my_notes, note, notes_of_case, notes_of_person
from guiyan.law.ending import CapAndFloor
from guiyan.people.queries import NotFound
from guiyan.platform import tenancy
from guiyan.platform.acting import Forbidden, Refused
from guiyan.platform.ids import new_id
from guiyan.platform.models import Refusal, SubjectKey
from guiyan.platform.permissions import Viewer
from guiyan.platform.tenancy import directory
from tests.process_db.world import World, build
from tests.separation.world import case_of, record

from .world import MINIMUM, ending, propose, store

TITLE = "孕期解除的风险"
INPUTS = {"statuses": ["pregnant"], "avg12": "12345.67"}
RESULT = {"verdict": "PROHIBITED", "money": "98765.43"}


def keep(viewer: Viewer, person: UUID | None, now: datetime, **more: Any) -> UUID:
    told: dict[str, Any] = {
        "request_id": new_id(), "case_id": None, "title": TITLE, "text": "与律师讨论过。", "inputs": INPUTS,
        "result": RESULT, "now": now,
    }  # fmt: skip
    return save_note(viewer, person_id=person, **{**told, **more})


def test_a_note_reads_as_it_was_kept(world: World, monday: datetime) -> None:
    case = case_of(record(world, monday))
    person = world.person(world.zhou)
    kept = keep(world.hr, person, monday, case_id=case.id)
    later = keep(world.legal, person, monday + timedelta(hours=1), case_id=case.id, title="第二次")
    rows = notes_of_case(world.lead, case.id, on=monday.date())
    assert [(row.note_id, row.title, row.person) for row in rows] == [
        (later, "第二次", "周雨桐"), (kept, TITLE, "周雨桐"),
    ]  # fmt: skip
    view = note(world.lead, kept, on=monday.date())
    assert (view.text, view.inputs, view.result) == ("与律师讨论过。", INPUTS, RESULT)
    assert (view.row.made_by, view.row.case_id) == ("hr-one", case.id)
    assert [row.note_id for row in notes_of_person(world.hr2, person, on=monday.date())] == [later, kept]


def test_who_does_not_serve_the_person_neither_keeps_nor_finds(world: World, monday: datetime) -> None:
    case = case_of(record(world, monday))
    person = world.person(world.zhou)
    kept = keep(world.hr, person, monday, case_id=case.id)
    for stranger in (world.zhou, world.chen, world.wu, world.it, world.finance, world.facilities, world.other):
        with pytest.raises(Forbidden):
            keep(stranger, person, monday)
        with pytest.raises(NotFound):
            note(stranger, kept, on=monday.date())
        assert notes_of_case(stranger, case.id, on=monday.date()) == ()
        assert notes_of_person(stranger, person, on=monday.date()) == ()
    assert Note.objects.count() == 1
    assert Refusal.objects.filter(action="compliance.save_note", rule="role_table").count() == 7
    with pytest.raises(NotFound):
        note(world.hr, new_id(), on=monday.date())


def test_a_note_about_nobody_is_its_makers_own(world: World, monday: datetime) -> None:
    kept = keep(world.hr, None, monday)
    assert [row.note_id for row in my_notes(world.hr, on=monday.date())] == [kept]
    assert note(world.hr, kept, on=monday.date()).inputs == INPUTS
    for another in (world.hr2, world.lead, world.chen):
        with pytest.raises(NotFound):
            note(another, kept, on=monday.date())
    with pytest.raises(Forbidden):
        keep(world.chen, None, monday)


def test_a_request_sent_twice_keeps_one_note(world: World, monday: datetime) -> None:
    request, person = new_id(), world.person(world.zhou)
    first = keep(world.hr, person, monday, request_id=request)
    assert keep(world.hr, person, monday, request_id=request) == first
    assert Note.objects.count() == 1


def test_nothing_of_a_note_stands_in_the_open(world: World, monday: datetime) -> None:
    person = world.person(world.zhou)
    keep(world.hr, person, monday)
    row = Note.objects.get()
    sealed = b"".join(bytes(getattr(row, f"sealed_{field}")) for field in ("title", "text", "inputs", "result"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT entry FROM ledger_entry WHERE type = 'law.note_saved'")
        (entry,) = [bytes(data) for (data,) in cursor.fetchall()]
    for word in (TITLE, "律师", "pregnant", "12345.67", "98765.43", "PROHIBITED"):
        assert word.encode() not in sealed + entry
    assert str(person).encode() not in entry and "周雨桐".encode() not in entry
    SubjectKey.objects.filter(subject_id=person).update(wrapped=None, destroyed_at=monday)
    assert note(world.hr, row.id, on=monday.date()).inputs is None
    assert [each.title for each in my_notes(world.hr, on=monday.date())] == [None]


@pytest.mark.parametrize(
    ("told", "rule"),
    [
        ({"title": "  "}, "note_untitled"),
        ({"title": "长" * 121}, "note_too_long"),
        ({"text": "长" * 5001}, "note_too_long"),
        ({"inputs": {"all": "长" * 100_000}}, "note_too_long"),
        ({"case_id": new_id()}, "note_of_no_case"),
    ],
)
def test_what_cannot_be_a_note_is_refused(world: World, monday: datetime, told: dict[str, Any], rule: str) -> None:
    with pytest.raises(Refused) as refused:
        keep(world.hr, world.person(world.zhou), monday, **told)
    assert refused.value.rule == rule
    assert Note.objects.count() == 0


def test_a_case_is_not_noted_under_another_person(world: World, monday: datetime) -> None:
    case = case_of(record(world, monday))

    class Cases:
        name = "test"

        def person_of(self, case_id: UUID) -> UUID | None:
            return case.person_id if case_id == case.id else None

        def open_cases(self, on: object) -> tuple[hookspecs.OpenCase, ...]:
            return ()

    hookspecs.register_open_cases(Cases())
    try:
        with pytest.raises(Refused):
            keep(world.hr, world.person(world.wu), monday, case_id=case.id)
        keep(world.hr, case.person_id, monday, case_id=case.id)
    finally:
        hookspecs.drop_open_cases("test")


def test_what_another_tenant_keeps_is_not_found(committing: object, monday: datetime) -> None:
    world = build(monday)
    kept = keep(world.hr, None, monday)
    figure = propose(world.lead, MINIMUM, monday)
    run = run_impact(world.legal, proposals=[figure], request_id=new_id(), now=monday)
    question = ending(region=None, cap_and_floor=CapAndFloor.NOT_ASKED)
    found = store(world.hr, world.person(world.zhou), question, monday).finding_id
    reads: list[tuple[Callable[..., object], UUID]] = [
        (note, kept), (queries.proposal, figure), (queries.impact, run), (queries.finding, found),
    ]  # fmt: skip
    for read, kept_id in reads:
        read(world.legal if read is not note else world.hr, kept_id)
    beta = directory.by_code("beta")
    assert beta is not None
    with tenancy.session(beta):
        for read, kept_id in reads:
            with pytest.raises(NotFound):
                read(world.legal if read is not note else world.hr, kept_id)
        assert not Note.objects.filter(pk=kept).exists()
        assert not queries.may_pass(found)
