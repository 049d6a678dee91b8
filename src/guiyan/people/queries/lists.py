"""The list of people: filters, sorting, pages. The same few queries whatever the page size."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Window

from guiyan.people.enums import ContractKind, SensitiveKind, SpellStatus
from guiyan.people.models import Assignment, ContractBrief, EmploymentSpell, SensitiveValue, Unit
from guiyan.people.queries.organisation import Place, current_places, manager_by, unit_heads
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
    Raises ``ValueError`` for another sort. Five domain queries, whatever the size.
    """
    day = on or clock.today()
    size = max(1, min(size, PAGE_SIZE_MAX))
    found = _sorted(_matching(viewer, filters or PeopleFilter(), "people.list", day), sort, day)
    number = max(1, page)
    spells = list(_counted(found)[(number - 1) * size : number * size])
    if not spells and number > 1:  # past the end: the last page instead
        number = -(-found.count() // size) or 1
        spells = list(_counted(found)[(number - 1) * size : number * size])
    total = getattr(spells[0], "total", 0) if spells else 0
    return PeoplePage(_rows(viewer, spells, day), total, number, size)


def _counted(spells: QuerySet[EmploymentSpell]) -> QuerySet[EmploymentSpell]:
    """Have each row carry the count of all rows, so that the page and its total are one pass over the table."""
    return spells.annotate(total=Window(Count("*")))


def export_rows(
    viewer: Viewer, filters: PeopleFilter | None = None, sort: str = "name", *, on: date | None = None
) -> tuple[PeopleRow, ...]:
    """Return every row of the list that ``viewer`` may take out of the house, at most ``EXPORT_ROWS_MAX``.

    Pages call ``actions.export_people``, which records who took what.
    """
    day = on or clock.today()
    found = _matching(viewer, filters or PeopleFilter(), "people.export", day)
    return _rows(viewer, list(_sorted(found, sort, day)[:EXPORT_ROWS_MAX]), day)


def _matching(viewer: Viewer, filters: PeopleFilter, act: str, day: date) -> QuerySet[EmploymentSpell]:
    visible = visible_people(viewer, act, on=day, field="person_id")
    spells = EmploymentSpell.objects.filter(visible, latest=True)
    for condition in (_text(filters.text), _place(filters, day), _state(filters, day), _contract(viewer, filters, day)):
        spells = spells.filter(condition)
    return spells


def _text(text: str) -> Q:
    condition = Q()
    for word in text[:TEXT_MAX].lower().split():
        condition &= Q(person__name_search__contains=word) | Q(number__icontains=word)
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


def _sorted(spells: QuerySet[EmploymentSpell], sort: str, day: date) -> QuerySet[EmploymentSpell]:
    name = sort.removeprefix("-")
    if name not in SORTS:
        raise ValueError(f"the list of people does not sort by {sort!r}")
    if name in {"unit", "post"}:
        place = Assignment.objects.filter(current(day), spell_id=OuterRef("pk"))
        spells = spells.annotate(sort_place=Subquery(place.values(f"{name}__name_key")[:1]))
    column: Any = F({"name": "person__name_key", "unit": "sort_place", "post": "sort_place"}.get(name, name))
    first = column.desc(nulls_last=True) if sort.startswith("-") else column.asc(nulls_last=True)
    order = [first] if name == "name" else [first, F("person__name_key").asc()]
    return spells.select_related("person").order_by(*order, "person_id")


def _rows(viewer: Viewer, spells: list[EmploymentSpell], day: date) -> tuple[PeopleRow, ...]:
    places = current_places([spell.id for spell in spells], day)
    heads = unit_heads(day)
    contracts = newest_contracts(viewer, [spell.id for spell in spells], day)
    mobiles = _mobiles(viewer, [spell.person_id for spell in spells], day)
    rows = []
    for spell in spells:
        place = places.get(spell.id)
        manager = manager_by(place, spell.person_id, heads) if place else None
        row = _row(spell, place, contracts.get(spell.id), day)
        rows.append(replace(row, manager=manager.name if manager else "", mobile=mobiles.get(spell.person_id, "")))
    return tuple(rows)


def _row(spell: EmploymentSpell, place: Place | None, contract: ContractBrief | None, day: date) -> PeopleRow:
    return PeopleRow(
        person_id=spell.person_id,
        spell_id=spell.id,
        name=spell.person.name,
        number=spell.number,
        status=spell.status,
        unit_id=place.unit_id if place else None,
        unit=place.unit if place else "",
        post=place.post if place else "",
        manager="",
        hired_on=spell.hired_on,
        probation_last_day=spell.probation_last_day,
        in_probation=in_probation(spell, day),
        contract_kind=contract.kind if contract else "",
        contract_end=contract.end_on if contract else None,
        planned_end_on=spell.planned_end_on,
        ended_on=spell.ended_on,
        mobile="",
    )


def in_probation(spell: EmploymentSpell, day: date) -> bool:
    """Whether ``day`` lies in the probation of an open spell."""
    last = spell.probation_last_day
    return last is not None and spell.ended_on is None and spell.hired_on <= day <= last


def newest_contracts(viewer: Viewer, spell_ids: list[UUID], day: date) -> dict[UUID, ContractBrief]:
    """Return each spell's newest contract, where ``viewer`` may see contracts."""
    visible = visible_people(viewer, "people.view_contracts", on=day, field="spell__person_id")
    rows = ContractBrief.objects.filter(visible, spell_id__in=spell_ids).order_by("spell_id", "-start_on", "-id")
    return {row.spell_id: row for row in rows.distinct("spell_id")}


def _mobiles(viewer: Viewer, person_ids: list[UUID], day: date) -> dict[UUID, str]:
    visible = visible_people(viewer, "people.view_masked", on=day, field="person_id")
    rows = SensitiveValue.objects.filter(visible, person_id__in=person_ids, kind=SensitiveKind.MOBILE)
    return dict(rows.values_list("person_id", "mask"))
