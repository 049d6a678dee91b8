"""Lists of cases, in a number of queries that does not grow with them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.core.paginator import Page
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.functional import Promise

from guiyan.people.models import Assignment, Person
from guiyan.people.queries import names_of, visible_people
from guiyan.people.queries.standing import current
from guiyan.platform import clock
from guiyan.platform.permissions import Viewer
from guiyan.platform.queries import page_of
from guiyan.separation.enums import CaseStatus, Channel, EffectState, WithdrawalStatus
from guiyan.separation.models import Case, OutsideEffect, Withdrawal

PAGE_SIZE = 50
EXPORT_ROWS_MAX = 5000
SORTS = {
    "opened": ("-opened_at", "-id"),
    "opened_first": ("opened_at", "id"),
    "last_day": ("last_day", "id"),
    "number": ("number",),
}


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What a list shows: empty fields do not filter. ``text`` is a part of the number or of the name (or its sound)."""

    text: str = ""
    statuses: tuple[str, ...] = ()
    withdrawal: str = ""
    channel: str = ""
    opened_from: date | None = None
    opened_to: date | None = None
    last_day_from: date | None = None
    last_day_to: date | None = None
    sort: str = "opened"


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case as a list shows it. ``withdrawal`` is the newest one's status, empty for none."""

    case_id: UUID
    number: str
    person_id: UUID
    name: str
    unit: str
    post: str
    status: str
    status_words: str | Promise
    channel: str | Promise
    opened_at: datetime
    arrived_at: datetime | None
    last_day: date | None
    days_left: int | None
    withdrawal: str
    withdrawal_words: str | Promise


def cases(viewer: Viewer, filters: CaseFilter | None = None, *, page: int = 1, size: int = PAGE_SIZE) -> Page[CaseRow]:
    """Return a page of the cases ``viewer`` may see; nothing at all for who may see none. Five queries."""
    rows = _visible(viewer)
    found = page_of(_filtered(rows, filters or CaseFilter()), page, size)
    listed: Page[CaseRow] = found
    listed.object_list = rows_for(list(found.object_list))
    return listed


def export_rows(viewer: Viewer, filters: CaseFilter) -> tuple[CaseRow, ...]:
    """Return the rows of the list that ``viewer`` may take out of the house; one more than ``EXPORT_ROWS_MAX`` at most.

    Pages call ``actions.export_cases``, which records who took what. Three queries.
    """
    taken = visible_people(viewer, "separation.export", on=clock.today(), field="person_id")
    rows = _with_withdrawal(Case.objects.filter(taken) if taken else Case.objects.all())
    return tuple(rows_for(_filtered(rows, filters)[: EXPORT_ROWS_MAX + 1]))


def my_cases(viewer: Viewer) -> tuple[CaseRow, ...]:
    """Return the viewer's own cases, newest first."""
    if viewer.person_id is None:
        return ()
    rows = _with_withdrawal(Case.objects.filter(person_id=viewer.person_id)).order_by("-opened_at", "-id")
    return tuple(rows_for(list(rows)))


def _visible(viewer: Viewer) -> QuerySet[Case]:
    today = clock.today()
    whole = visible_people(viewer, "separation.view", on=today, field="person_id")
    brief = visible_people(viewer, "separation.view_brief", on=today, field="person_id")
    everybody = not whole or not brief  # a condition that excludes nobody is empty
    return _with_withdrawal(Case.objects.all() if everybody else Case.objects.filter(whole | brief))


def _with_withdrawal(rows: QuerySet[Case]) -> QuerySet[Case]:
    newest = Withdrawal.objects.filter(case=OuterRef("pk")).order_by("-arrived_at", "-id")
    return rows.annotate(newest=Subquery(newest.values("status")[:1]))


def _filtered(rows: QuerySet[Case], told: CaseFilter) -> QuerySet[Case]:
    if told.text.strip():
        text = told.text.strip()
        people = Person.objects.filter(name_search__icontains=text).values("id")
        rows = rows.filter(Q(number__icontains=text) | Q(person_id__in=people))
    exact = {"status__in": told.statuses, "newest": told.withdrawal, "channel": told.channel}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    bounds = {
        "opened_at__date__gte": told.opened_from,
        "opened_at__date__lte": told.opened_to,
        "last_day__gte": told.last_day_from,
        "last_day__lte": told.last_day_to,
    }
    rows = rows.filter(**{name: value for name, value in bounds.items() if value is not None})
    return rows.order_by(*SORTS.get(told.sort, SORTS["opened"]))


def rows_for(found: Iterable[Case]) -> list[CaseRow]:
    """Return rows of a list with names and places. Two queries."""
    rows = list(found)
    today = clock.today()
    names = names_of({row.person_id for row in rows})
    held = Assignment.objects.filter(current(today), spell_id__in=[row.spell_id for row in rows])
    places = {spell: (unit, post) for spell, unit, post in held.values_list("spell_id", "unit__name", "post__name")}
    return [_row(row, names, places, today) for row in rows]


def _row(row: Case, names: dict[UUID, str], places: dict[UUID, tuple[str, str]], today: date) -> CaseRow:
    unit, post = places.get(row.spell_id, ("", ""))
    newest: str = getattr(row, "newest", None) or ""
    running = row.status == CaseStatus.RUNNING
    return CaseRow(
        case_id=row.id,
        number=row.number,
        person_id=row.person_id,
        name=names.get(row.person_id, ""),
        unit=unit,
        post=post,
        status=row.status,
        status_words=CaseStatus(row.status).label,
        channel=Channel(row.channel).label,
        opened_at=row.opened_at,
        arrived_at=row.arrived_at,
        last_day=row.last_day,
        days_left=(row.last_day - today).days if running and row.last_day else None,
        withdrawal=newest,
        withdrawal_words=WithdrawalStatus(newest).label if newest else "",
    )


@dataclass(frozen=True, slots=True)
class EffectOrder:
    """What a job has to put back."""

    effect_id: UUID
    kind: str
    case_number: str
    tries: int


def effect_order(effect_id: UUID) -> EffectOrder | None:
    """Return an effect that waits for its system, for the job; None once it is confirmed or failed. No viewer looks."""
    row = OutsideEffect.objects.filter(state=EffectState.ORDERED).select_related("case").filter(pk=effect_id).first()
    return None if row is None else EffectOrder(row.id, row.kind, row.case.number, row.tries)
