"""Figures about the people whom somebody may see, for the first page after signing in. A fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import TruncMonth

from guiyan.people.models import ContractBrief, DeliveryAddress, EmploymentSpell
from guiyan.people.queries.standing import visible_people
from guiyan.platform.permissions import Viewer, relations_for

MONTHS = 12
SOON_DAYS = 60
NAMED_MAX = 6


@dataclass(frozen=True, slots=True)
class Due:
    """Somebody for whom a day comes near."""

    person_id: UUID
    name: str
    day: date


@dataclass(frozen=True, slots=True)
class Month:
    """How many began and how many left in a month; ``first`` is its first day."""

    first: date
    hired: int
    left: int


@dataclass(frozen=True, slots=True)
class Overview:
    """The figures. A count is None, and a list empty, where the viewer may not see what it rests on."""

    on_board: int
    leaving: int
    in_probation: int
    to_join: int
    without_contract: int | None
    without_address: int | None
    probation_due: tuple[Due, ...]
    contracts_due: tuple[Due, ...]
    contracts_due_count: int
    months: tuple[Month, ...]


def overview(viewer: Viewer, *, on: date) -> Overview:
    """Return the figures of the people whom ``viewer`` may list, for a day. At most 9 domain queries."""
    spells = EmploymentSpell.objects.filter(
        visible_people(viewer, "people.list", on=on, field="person_id"), ~Q(person_id=viewer.person_id or UUID(int=0))
    )
    open_ones = spells.filter(ended_on__isnull=True)
    probation = Q(hired_on__lte=on, probation_last_day__gte=on)
    figures = open_ones.aggregate(
        on_board=Count("pk", filter=Q(hired_on__lte=on)),
        leaving=Count("pk", filter=Q(planned_end_on__isnull=False)),
        in_probation=Count("pk", filter=probation),
        to_join=Count("pk", filter=Q(hired_on__gt=on)),
    )
    soon = on + timedelta(days=SOON_DAYS)
    ending = open_ones.filter(probation, probation_last_day__lte=soon).select_related("person")
    due, due_count = _contracts_due(viewer, on, soon)
    return Overview(
        **figures,
        without_contract=_without(viewer, "people.view_contracts", open_ones, on),
        without_address=_without(viewer, "people.view_addresses", open_ones, on),
        probation_due=tuple(
            Due(row.person_id, row.person.name, row.probation_last_day)
            for row in ending.order_by("probation_last_day", "person_id")[:NAMED_MAX]
            if row.probation_last_day
        ),
        contracts_due=due,
        contracts_due_count=due_count,
        months=_months(spells, on),
    )


def _without(viewer: Viewer, act: str, spells: QuerySet[EmploymentSpell], on: date) -> int | None:
    """Count open spells without a contract, or without a confirmed address; None for who may see neither."""
    if not any(relation != "self" for _held, relation in relations_for(viewer, act)):
        return None
    there = (
        ContractBrief.objects.filter(spell_id=OuterRef("pk"))
        if act == "people.view_contracts"
        else DeliveryAddress.objects.filter(person_id=OuterRef("person_id"), valid_to__isnull=True)
    )
    mine = spells.filter(visible_people(viewer, act, on=on, field="person_id"), hired_on__lte=on)
    return mine.filter(~Exists(there)).count()


def _contracts_due(viewer: Viewer, on: date, soon: date) -> tuple[tuple[Due, ...], int]:
    """Return the newest contracts that end soon, of people still employed."""
    visible = visible_people(viewer, "people.view_contracts", on=on, field="spell__person_id")
    newer = ContractBrief.objects.filter(spell_id=OuterRef("spell_id"), start_on__gt=OuterRef("start_on"))
    rows = (
        ContractBrief.objects.filter(visible, ~Exists(newer), spell__ended_on__isnull=True, end_on__range=(on, soon))
        .exclude(spell__person_id=viewer.person_id or UUID(int=0))
        .select_related("spell__person")
        .order_by("end_on", "id")
    )
    named = tuple(Due(row.spell.person_id, row.spell.person.name, row.end_on) for row in rows[:NAMED_MAX] if row.end_on)
    return named, (rows.count() if len(named) == NAMED_MAX else len(named))


def _months(spells: QuerySet[EmploymentSpell], on: date) -> tuple[Month, ...]:
    """Return the last ``MONTHS`` months, this one included, oldest first."""
    firsts = [_months_before(on, back) for back in range(MONTHS - 1, -1, -1)]
    counted: dict[str, dict[date, int]] = {}
    for field in ("hired_on", "ended_on"):
        rows = spells.filter(**{f"{field}__range": (firsts[0], on)}).annotate(month=TruncMonth(field))
        counted[field] = dict(rows.values_list("month").annotate(Count("pk")).order_by("month"))
    return tuple(Month(day, counted["hired_on"].get(day, 0), counted["ended_on"].get(day, 0)) for day in firsts)


def _months_before(day: date, back: int) -> date:
    years, month = divmod(day.year * 12 + day.month - 1 - back, 12)
    return date(years, month + 1, 1)
