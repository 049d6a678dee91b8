"""How a viewer stands to people: oneself, manages, serves. As a predicate for one, and as a filter for many.

Who leads whom: the manager named in somebody's assignment, and the head of their unit and of every unit above it, and
whoever leads those. The head of a unit does not lead the head of a unit above, though that one may sit in it.
"""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, Q, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Greatest, Least

from guiyan.people.models import Assignment, Person
from guiyan.platform import clock
from guiyan.platform.permissions import Held, Viewer, allowed, relations_for

WORKING_SQL = """
    s.latest AND (s.ended_on IS NULL OR s.ended_on >= %(on)s)
    AND a.valid_from <= LEAST(GREATEST(%(on)s, s.hired_on), s.ended_on)
    AND (a.valid_to IS NULL OR a.valid_to >= LEAST(GREATEST(%(on)s, s.hired_on), s.ended_on))
"""
HEADS_SQL = """
    SELECT h.person_id, u.path FROM people_unitmanager h JOIN people_unit u ON u.id = h.unit_id
    LEFT JOIN LATERAL (
        SELECT true AS gone FROM people_employmentspell g
        WHERE g.person_id = h.person_id AND g.latest AND g.ended_on < %(on)s LIMIT 1
    ) since ON true
    WHERE h.valid_from <= %(on)s AND (h.valid_to IS NULL OR h.valid_to >= %(on)s) AND since.gone IS NULL
"""
"""Who heads which unit on a day. Whether a head has left is looked up for each of the few, not among all leavers."""
_NOT_ABOVE = "NOT EXISTS (SELECT 1 FROM heads o WHERE o.person_id = {report} AND starts_with(h.path, o.path))"

REPORTS_SQL = f"""
WITH RECURSIVE heads AS ({HEADS_SQL}), working AS (
    SELECT s.person_id, a.unit_id, a.manager_id
    FROM people_employmentspell s JOIN people_assignment a ON a.spell_id = s.id WHERE {WORKING_SQL}
), leads AS (
    SELECT w.manager_id AS boss, w.person_id AS report FROM working w WHERE w.manager_id IS NOT NULL
    UNION
    SELECT h.person_id, w.person_id FROM heads h
    JOIN people_unit below ON starts_with(below.path, h.path) JOIN working w ON w.unit_id = below.id
    WHERE {_NOT_ABOVE.format(report="w.person_id")}
), led AS (
    SELECT %(person)s::uuid AS person_id
    UNION
    SELECT l.report FROM led JOIN leads l ON l.boss = led.person_id
)
SELECT person_id FROM led WHERE person_id <> %(person)s
"""  # noqa: S608  put together from constants of this module

LED_BY_SQL = f"""
WITH RECURSIVE heads AS ({HEADS_SQL}), up AS (
    SELECT %(person)s::uuid AS person_id
    UNION
    SELECT x.boss FROM up
    CROSS JOIN LATERAL (
        SELECT a.manager_id, u.path FROM people_employmentspell s
        JOIN people_assignment a ON a.spell_id = s.id JOIN people_unit u ON u.id = a.unit_id
        WHERE s.person_id = up.person_id AND {WORKING_SQL}
    ) w
    CROSS JOIN LATERAL (
        SELECT w.manager_id AS boss WHERE w.manager_id IS NOT NULL
        UNION
        SELECT h.person_id FROM heads h
        WHERE starts_with(w.path, h.path) AND {_NOT_ABOVE.format(report="up.person_id")}
    ) x
)
SELECT person_id FROM up WHERE person_id <> %(person)s
"""  # noqa: S608  put together from constants of this module


class NotFound(LookupError):
    """There is nothing of this id that this viewer may see. It does not say which of the two is true."""


class PersonRef:
    """A person as the relations of the role table see one: where they work and who leads them, asked at most once."""

    def __init__(self, person_id: UUID, on: date | None = None) -> None:
        self.person_id = person_id
        self.on = on or clock.today()

    @cached_property
    def unit_id(self) -> UUID | None:
        """The unit of the latest spell (of its last day when it has ended), or None."""
        found = Assignment.objects.filter(current(self.on), spell__latest=True, spell__person_id=self.person_id)
        return found.values_list("unit_id", flat=True).first()

    @cached_property
    def led_by(self) -> frozenset[UUID]:
        """Everybody who leads this person today, directly or not."""
        with connection.cursor() as cursor:
            cursor.execute(LED_BY_SQL, {"person": self.person_id, "on": self.on})
            return frozenset(row[0] for row in cursor.fetchall())


class UnitRef:
    """A place in the organisation as the relations see it: where somebody is to be hired or moved to."""

    person_id = None

    def __init__(self, unit_id: UUID) -> None:
        self.unit_id = unit_id


def current(on: date, spell: str = "spell__") -> Q:
    """Return the filter of assignments that hold on ``on`` (first day of a spell to come, last day of one gone)."""
    day = Least(Greatest(Value(on), F(f"{spell}hired_on")), F(f"{spell}ended_on"))
    return Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))


def _ref(subject: Any) -> Any:
    """Return an object that can answer for the relations; rows of other contexts name their person."""
    if subject is None or isinstance(subject, PersonRef | UnitRef):
        return subject
    if isinstance(subject, UUID):
        return PersonRef(subject)
    return PersonRef(subject.person_id)


def is_self(viewer: Viewer, _held: Held, subject: Any) -> bool:
    """Whether the subject is the viewer's own person."""
    ref = _ref(subject)
    return ref is not None and viewer.person_id is not None and ref.person_id == viewer.person_id


def manages(viewer: Viewer, _held: Held, subject: Any) -> bool:
    """Whether the viewer leads the subject today, directly or not."""
    ref = _ref(subject)
    if ref is None or ref.person_id is None or viewer.person_id is None:
        return False
    return viewer.person_id in ref.led_by


def serves(viewer: Viewer, held: Held, subject: Any) -> bool:
    """Whether the role was given for the subject's unit, or for all; nobody serves themself.

    With no subject: whether the role was given for the whole company.
    """
    ref = _ref(subject)
    if ref is None:
        return held.units is None
    if ref.person_id is not None and ref.person_id == viewer.person_id:
        return False
    return held.units is None or ref.unit_id in held.units


def visible_people(viewer: Viewer, act: str, *, on: date | None = None, field: str = "pk") -> Q:
    """Return the filter of people to whom ``viewer`` may do ``act``; ``field`` leads to the person's id.

    It says of a whole table what ``require`` says of one person, in one query.
    """
    day = on or clock.today()
    found = Q(pk__in=[])
    for held, relation in relations_for(viewer, act):
        part = Q() if relation == "any" else _part(viewer, held, relation, day, field)
        if not part:  # no condition at all: everybody; joined to others by "or" an empty condition would vanish
            return part
        found |= part
    return found


def _part(viewer: Viewer, held: Held, relation: str, day: date, field: str) -> Q:
    if relation == "serves":
        others = ~Q(**{field: viewer.person_id}) if viewer.person_id else Q()
        if held.units is None:
            return others
        placed = Assignment.objects.filter(current(day), spell__latest=True, unit_id__in=held.units)
        return others & Q(**{f"{field}__in": placed.values("spell__person_id")})
    if viewer.person_id is None:
        return Q(pk__in=[])
    if relation == "self":
        return Q(**{field: viewer.person_id})
    if relation == "manages":
        return Q(**{f"{field}__in": _Reports(viewer.person_id, day)})
    raise LookupError(f"people cannot filter by the relation {relation}")


class _Reports(RawSQL):
    """The ids of everybody whom a person leads, as a subquery."""

    def __init__(self, person_id: UUID, on: date) -> None:
        names = {"person": "%s", "on": "%s"}
        order = [person_id if part.startswith("(person)") else on for part in REPORTS_SQL.split("%")[1:]]
        super().__init__(REPORTS_SQL % names, tuple(order))


def visible_person(viewer: Viewer, act: str, person_id: UUID, *, on: date | None = None) -> tuple[Person, PersonRef]:
    """Return a person and how they stand. Raises ``NotFound`` when there is none or ``viewer`` may not do ``act``."""
    ref = PersonRef(person_id, on)
    person = Person.objects.filter(pk=person_id).first()
    if person is None or not allowed(viewer, act, ref):
        raise NotFound(str(person_id))
    return person, ref
