"""Reads of workbench notes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from guiyan.compliance.models import Note
from guiyan.compliance.sealing import Opened
from guiyan.people.queries import NotFound, PersonRef, names_of, visible_people
from guiyan.platform import clock
from guiyan.platform.models import User
from guiyan.platform.permissions import Viewer, allowed, relations_for

ACT = "compliance.view_notes"
NOTES_MAX = 200


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A note in a list. ``title`` is None once the person's data was erased; ``person`` is the name, if it has one."""

    note_id: UUID
    case_id: UUID | None
    person_id: UUID | None
    person: str
    title: str | None
    made_by: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class NoteView:
    """A note in full: what was written, entered and found, as it was kept; None for what was erased."""

    row: NoteRow
    text: str | None
    inputs: dict[str, Any] | None
    result: dict[str, Any] | None


def notes_of_case(viewer: Viewer, case_id: UUID, *, on: date | None = None) -> tuple[NoteRow, ...]:
    """Return the notes of a case that ``viewer`` may see, newest first, 200 at most. Five domain queries or fewer."""
    return _rows(viewer, Q(case_id=case_id), on)


def notes_of_person(viewer: Viewer, person_id: UUID, *, on: date | None = None) -> tuple[NoteRow, ...]:
    """Return the notes about a person that ``viewer`` may see, newest first, 200 at most."""
    return _rows(viewer, Q(person_id=person_id), on)


def my_notes(viewer: Viewer, *, on: date | None = None) -> tuple[NoteRow, ...]:
    """Return the notes that ``viewer`` made and may still see, newest first, 200 at most."""
    return _rows(viewer, Q(made_by=viewer.user_id), on) if viewer.user_id else ()


def note(viewer: Viewer, note_id: UUID, *, on: date | None = None) -> NoteView:
    """Return a note in full. Raises ``NotFound`` for none, known or not."""
    row = Note.objects.filter(pk=note_id).first()
    if row is None or not _may_see(viewer, row, on or clock.today()):
        raise NotFound(str(note_id))
    opened = Opened([row])
    return NoteView(
        _row(row, opened, _persons([row]), _makers([row])),
        opened.text(row, "text"),
        opened.json(row, "inputs"),
        opened.json(row, "result"),
    )


def _rows(viewer: Viewer, which: Q, on: date | None) -> tuple[NoteRow, ...]:
    visible = visible_people(viewer, ACT, on=on, field="person_id")
    if viewer.user_id is not None and any(relations_for(viewer, ACT)):
        visible = Q(person_id__isnull=True, made_by=viewer.user_id) | (Q(person_id__isnull=False) & visible)
    rows = list(Note.objects.filter(which & visible).order_by("-made_at", "-id")[:NOTES_MAX])
    opened, persons, makers = Opened(rows), _persons(rows), _makers(rows)
    return tuple(_row(row, opened, persons, makers) for row in rows)


def _may_see(viewer: Viewer, row: Note, on: date) -> bool:
    if row.person_id is not None:
        return allowed(viewer, ACT, PersonRef(row.person_id, on))
    return viewer.user_id == row.made_by and any(relations_for(viewer, ACT))


def _row(row: Note, opened: Opened, persons: dict[UUID, str], makers: dict[UUID, str]) -> NoteRow:
    person = persons.get(row.person_id, "") if row.person_id else ""
    maker = makers.get(row.made_by, "")
    return NoteRow(row.id, row.case_id, row.person_id, person, opened.text(row, "title"), maker, row.made_at)


def _persons(rows: list[Note]) -> dict[UUID, str]:
    return names_of({row.person_id for row in rows if row.person_id})


def _makers(rows: list[Note]) -> dict[UUID, str]:
    return dict(User.objects.filter(pk__in={row.made_by for row in rows}).values_list("id", "display_name"))
