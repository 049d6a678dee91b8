"""The list of people: filters, sorting, pages. Two queries, whatever the page size.

Who is found is put together from conditions (filters, and what the viewer may see); what a row shows is then joined
to the few rows of the page only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, Case, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.expressions import Combinable, RawSQL

from guiyan.people.enums import ContractKind, SpellStatus
from guiyan.people.models import Assignment, ContractBrief, EmploymentSpell, Person, Unit
from guiyan.people.queries.organisation import PersonBrief, Place, manager_by, unit_heads
from guiyan.people.queries.standing import current, visible_people
from guiyan.platform import clock
from guiyan.platform.permissions import Viewer

PAGE_SIZE = 50
PAGE_SIZE_MAX = 200
EXPORT_ROWS_MAX = 50_000
TEXT_MAX = 60
ENDING_DAYS_MAX = 3660
ON_BOARD = "on_board"
"""The filter for everybody whose spell is open: active and leaving."""
_BEARING = """people_employmentspell.person_id = ANY (ARRAY(
    SELECT id FROM people_person WHERE name_search LIKE %s
    UNION ALL SELECT person_id FROM people_employmentspell WHERE latest AND upper(number) LIKE upper(%s)
))"""
SORTS = ("name", "number", "hired_on", "ended_on", "unit", "post")


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """What a list is narrowed to; empty means everything.

    ``text`` is found in name, alias, pinyin (whole or initials) and number; ``unit_id`` takes in what lies below;
    ``status`` is a ``SpellStatus`` or ``ON_BOARD``; days are inclusive; ``ending_within_days`` counts from today to the
    planned last day or the end of the newest contract.
    """

    text: str = ""
    unit_id: UUID | None = None
    post_id: UUID | None = None
    status: str = ""
    contract_kind: str = ""
    in_probation: bool | None = None
    hired_from: date | None = None
    hired_to: date | None = None
    ending_within_days: int | None = None


@dataclass(frozen=True, slots=True)
class PeopleRow:
    """One person in a list, by their latest spell. What the viewer may not see is empty."""

    person_id: UUID
    spell_id: UUID
    name: str
    number: str
    status: str
    unit_id: UUID | None
    unit: str
    post: str
    manager: str
    hired_on: date
    probation_last_day: date | None
    in_probation: bool
    contract_kind: str
    contract_end: date | None
    planned_end_on: date | None
    ended_on: date | None
    mobile: str


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """A page of the list. ``total`` counts everybody who matches; pages count from 1."""

    rows: tuple[PeopleRow, ...]
    total: int
    number: int
    size: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.size))


def list_people(
    viewer: Viewer,
    filters: PeopleFilter | None = None,
    sort: str = "name",
    page: int = 1,
    *,
    size: int = PAGE_SIZE,
    on: date | None = None,
) -> PeoplePage:
    """Return one page of the people whom ``viewer`` may see, by their latest spell.

    ``sort`` is one of ``SORTS``, with ``-`` before it for the other direction; a page past the end is the last one.
    Raises ``ValueError`` for another sort. Two domain queries, whatever the size.
    """
    day = on or clock.today()
    size = max(1, min(size, PAGE_SIZE_MAX))
    asked = max(1, page)
    found = _rows(viewer, "people.list", filters or PeopleFilter(), sort, day, limit=size, offset=(asked - 1) * size)
    rows = tuple(found)
    total = rows[0].total if rows else 0
    return PeoplePage(tuple(row.shown for row in rows), total, min(asked, max(1, -(-total // size))), size)


def export_rows(
    viewer: Viewer, filters: PeopleFilter | None = None, sort: str = "name", *, on: date | None = None
) -> tuple[PeopleRow, ...]:
    """Return every row of the list that ``viewer`` may take out of the house, at most ``EXPORT_ROWS_MAX``.

    Pages call ``actions.export_people``, which records who took what.
    """
    day = on or clock.today()
    found = _rows(viewer, "people.export", filters or PeopleFilter(), sort, day, limit=EXPORT_ROWS_MAX)
    return tuple(row.shown for row in found)


def _matching(viewer: Viewer, visible: Q, filters: PeopleFilter, day: date) -> QuerySet[EmploymentSpell]:
    narrowed = (_text(filters.text), _place(filters, day), _state(filters, day), _contract(viewer, filters, day))
    return EmploymentSpell.objects.filter(visible, *narrowed, latest=True)


def _text(text: str) -> Q:
    """Return the filter of those in whose name or number every word stands. The longest word leads: it is the rarest.

    The people it is found in are collected into an array, whose members PostgreSQL looks up by key; a subquery it would
    join to everybody. The other words are asked of those alone.
    """
    words = sorted(text[:TEXT_MAX].lower().split(), key=len, reverse=True)
    condition = Q()
    for word in words[:1]:
        pattern = f"%{connection.ops.prep_for_like_query(word)}%"
        bears = RawSQL(_BEARING, (pattern, pattern), output_field=BooleanField())  # noqa: S611  a constant, parameters
        condition &= Q(bears)
    for word in words[1:]:
        named = Person.objects.filter(name_search__contains=word)
        condition &= Q(person_id__in=named.values("pk")) | Q(number__icontains=word)
    return condition


def _place(filters: PeopleFilter, day: date) -> Q:
    if filters.unit_id is None and filters.post_id is None:
        return Q()
    placed = Assignment.objects.filter(current(day))
    if filters.unit_id is not None:
        top = Unit.objects.filter(pk=filters.unit_id).values_list("path", flat=True)
        placed = placed.filter(unit__path__startswith=Subquery(top[:1]))
    if filters.post_id is not None:
        placed = placed.filter(post_id=filters.post_id)
    return Q(pk__in=placed.values("spell_id"))


def _state(filters: PeopleFilter, day: date) -> Q:
    condition = Q()
    if filters.status == ON_BOARD:
        condition &= Q(ended_on__isnull=True)
    elif filters.status:
        condition &= Q(status=SpellStatus(filters.status))
    if filters.in_probation is not None:
        probation = Q(ended_on__isnull=True, hired_on__lte=day, probation_last_day__gte=day)
        condition &= probation if filters.in_probation else ~probation
    if filters.hired_from:
        condition &= Q(hired_on__gte=filters.hired_from)
    if filters.hired_to:
        condition &= Q(hired_on__lte=filters.hired_to)
    return condition


def _contract(viewer: Viewer, filters: PeopleFilter, day: date) -> Q:
    """Conditions on the newest contract hold only where the viewer may see it, so that filtering reveals nothing."""
    if not filters.contract_kind and filters.ending_within_days is None:
        return Q()
    visible = visible_people(viewer, "people.view_contracts", on=day, field="spell__person_id")
    newest = ContractBrief.objects.filter(visible).order_by("spell_id", "-start_on", "-id").distinct("spell_id")
    newest = ContractBrief.objects.filter(pk__in=newest.values("pk"))
    condition = Q()
    if filters.contract_kind:
        condition &= Q(pk__in=newest.filter(kind=ContractKind(filters.contract_kind)).values("spell_id"))
    if filters.ending_within_days is not None:
        last = day + timedelta(days=max(0, min(filters.ending_within_days, ENDING_DAYS_MAX)))
        ending = newest.filter(end_on__range=(day, last)).values("spell_id")
        condition &= Q(ended_on__isnull=True) & (Q(planned_end_on__range=(day, last)) | Q(pk__in=ending))
    return condition


_FOUND = (
    "person__name", "person__name_key", "id", "person_id", "number", "status", "hired_on", "probation_last_day",
    "planned_end_on", "ended_on", "sort_key", "sees_contract", "sees_mobile",
)  # fmt: skip
_SHOWN = """
WITH found (
    name, name_key, id, person_id, number, status, hired_on, probation_last_day, planned_end_on, ended_on,
    sort_key, sees_contract, sees_mobile
) AS MATERIALIZED ({found}), page AS MATERIALIZED (
    SELECT spell.*, (SELECT count(*) FROM found) AS total FROM found spell ORDER BY {order}
    LIMIT %s OFFSET least(%s, greatest((SELECT count(*) FROM found) - 1, 0) / %s * %s)
)
SELECT spell.total, spell.person_id, spell.id, spell.name, spell.number, spell.status, spell.hired_on,
    spell.probation_last_day, spell.planned_end_on, spell.ended_on, contract.kind, contract.end_on, mobile.mask,
    unit.id, unit.name, unit.path, post.id, post.name, named.id, named.name
FROM page spell
LEFT JOIN LATERAL (
    SELECT a.unit_id, a.post_id, a.manager_id FROM people_assignment a
    WHERE a.spell_id = spell.id AND a.valid_from <= least(greatest(%s, spell.hired_on), spell.ended_on)
        AND (a.valid_to IS NULL OR a.valid_to >= least(greatest(%s, spell.hired_on), spell.ended_on))
    LIMIT 1
) place ON true
LEFT JOIN people_unit unit ON unit.id = place.unit_id
LEFT JOIN people_post post ON post.id = place.post_id
LEFT JOIN LATERAL (
    SELECT p.id, p.name FROM people_person p
    WHERE p.id = place.manager_id AND NOT EXISTS (
        SELECT 1 FROM people_employmentspell gone
        WHERE gone.person_id = place.manager_id AND gone.latest AND gone.ended_on < %s
    ) LIMIT 1
) named ON true
LEFT JOIN LATERAL (
    SELECT c.kind, c.end_on FROM people_contractbrief c
    WHERE c.spell_id = spell.id AND spell.sees_contract ORDER BY c.start_on DESC, c.id DESC LIMIT 1
) contract ON true
LEFT JOIN people_sensitivevalue mobile
    ON mobile.person_id = spell.person_id AND mobile.kind = 'mobile' AND spell.sees_mobile
ORDER BY {order}
"""


def _sort_key(sort: str, day: date) -> Combinable:
    name = sort.removeprefix("-")
    if name not in SORTS:
        raise ValueError(f"the list of people does not sort by {sort!r}")
    if name in {"unit", "post"}:
        place = Assignment.objects.filter(current(day), spell_id=OuterRef("pk"))
        return Subquery(place.values(f"{name}__name_key")[:1])
    return F("person__name_key" if name == "name" else name)


def _whether(condition: Q, listed: Q) -> Combinable:
    """Return a condition on the people ``listed`` as a column; an empty one, or the same again, is true of them all."""
    if not condition or condition == listed:
        return Value(value=True)
    return Case(When(condition, then=Value(value=True)), default=Value(value=False), output_field=BooleanField())


class _Found(NamedTuple):
    total: int
    shown: PeopleRow


def _rows(
    viewer: Viewer, act: str, filters: PeopleFilter, sort: str, day: date, *, limit: int, offset: int = 0
) -> Iterator[_Found]:
    """Yield the rows from ``offset`` on (of the last page when that lies past the end), each with the total."""

    def may(act: str) -> Q:
        return visible_people(viewer, act, on=day, field="person_id")

    listed = may(act)
    columns = (
        _matching(viewer, listed, filters, day)
        .annotate(
            sort_key=_sort_key(sort, day),
            sees_contract=_whether(may("people.view_contracts"), listed),
            sees_mobile=_whether(may("people.view_masked"), listed),
        )
        .values_list(*_FOUND)
    )
    try:
        found, conditions = columns.query.sql_with_params()
    except EmptyResultSet:  # the conditions themselves say that nobody is found
        return
    order = f"spell.sort_key {'DESC' if sort.startswith('-') else 'ASC'} NULLS LAST, spell.name_key, spell.person_id"
    statement = _SHOWN.format(found=found, order=order)
    with connection.cursor() as cursor:
        cursor.execute(statement, (*conditions, limit, offset, limit, limit, day, day, day))
        rows = cursor.fetchall()
    heads = unit_heads(day) if rows else {}
    for total, *row in rows:
        yield _Found(total, _row(row, heads, day))


def _row(row: list[Any], heads: dict[str, PersonBrief], day: date) -> PeopleRow:
    person_id, spell_id, name, number, status, hired_on, probation, planned_end, ended_on, kind, end_on, mobile = row[
        :12
    ]
    unit_id, unit, path, post_id, post, named_id, named = row[12:]
    manager = None
    if unit_id is not None:
        place = Place(unit_id, unit, path, post_id, post, PersonBrief(named_id, named) if named_id else None)
        manager = manager_by(place, person_id, heads)
    return PeopleRow(
        person_id=person_id,
        spell_id=spell_id,
        name=name,
        number=number,
        status=status,
        unit_id=unit_id,
        unit=unit or "",
        post=post or "",
        manager=manager.name if manager else "",
        hired_on=hired_on,
        probation_last_day=probation,
        in_probation=probation is not None and ended_on is None and hired_on <= day <= probation,
        contract_kind=kind or "",
        contract_end=end_on,
        planned_end_on=planned_end,
        ended_on=ended_on,
        mobile=mobile or "",
    )


def in_probation(spell: EmploymentSpell, day: date) -> bool:
    """Whether ``day`` lies in the probation of an open spell."""
    last = spell.probation_last_day
    return last is not None and spell.ended_on is None and spell.hired_on <= day <= last
