"""Reads of figures: what the product ships and what the employer entered, side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from uuid import UUID

from django.db.models import Q

from guiyan.compliance.enums import ParameterState
from guiyan.compliance.models import OwnParameter
from guiyan.kernel.calendar import legal_day
from guiyan.kernel.results import Confidence, Words
from guiyan.law.parameter_keys import ParameterKey, parameter_keys
from guiyan.law.parameters import OwnSource, Parameter, Parameters, statutory_parameters
from guiyan.law.regions import province_of, region_named, regions
from guiyan.people.models import EmploymentSpell
from guiyan.people.queries import NotFound
from guiyan.platform import clock
from guiyan.platform.models import User
from guiyan.platform.permissions import Viewer, allowed

VIEW = "compliance.view_parameters"
ROWS_MAX = 2000


@dataclass(frozen=True, slots=True)
class FigureFilter:
    """What to show: one key, one place (with its province and the whole country), values in force on a day. Empty and
    None: all. ``withdrawn`` shows withdrawn ones too."""

    key: str = ""
    region: str = ""
    day: date | None = None
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class FigureView:
    """One value of a key. ``shown`` is the value in words (a choice, figures of a row), ``checked_on`` the day on which
    it was last checked and ``checked_by`` by whom ("" where the product ships it). ``own_id`` is None for those."""

    own_id: UUID | None
    key: str
    region: str
    figure: str
    shown: Words
    effective_from: date
    effective_to: date | None
    source: Words
    statistic: str
    reason: str
    state: ParameterState
    entered_by: str
    entered_at: datetime | None
    checked_by: str
    checked_on: date | None
    withdrawn_by: str
    withdrawn_at: datetime | None
    withdrawn_reason: str
    confidence: Confidence
    mine: bool


@dataclass(frozen=True, slots=True)
class KeyView:
    """A key with its values: places by name, newest first. ``enterable``: the employer may add values of its own."""

    key: str
    name: Words
    unit: str
    enterable: bool
    values: tuple[FigureView, ...]


@dataclass(frozen=True, slots=True)
class MissingFigure:
    """A figure that a place of the employer's lacks on a day, and what cannot be said without it."""

    key: str
    region: str
    year: int
    name: Words
    without: Words


def parameters_of_tenant(extra: Iterable[OwnParameter] = (), without: Iterable[UUID] = ()) -> Parameters:
    """Return the shipped figures with the employer's own checked ones; for gates and rules: no viewer looks. One query.

    ``extra`` are rows to count as if they were checked, ``without`` ids to leave out: to see what a change would do.
    """
    left_out = set(without)
    rows = OwnParameter.objects.filter(checked_at__isnull=False, withdrawn_at__isnull=True).order_by("id")
    counted = {row.id: row for row in [*rows, *extra] if row.id not in left_out}
    return _together(tuple(as_parameter(row) for row in counted.values()))


@lru_cache(maxsize=64)
def _together(own: tuple[Parameter, ...]) -> Parameters:
    """Kept between calls, because a set of figures remembers what holds on which day."""
    return statutory_parameters().with_values(own)


def as_parameter(row: OwnParameter) -> Parameter:
    """Return a row as the law takes it. One that nobody checked yet counts as checked on the day it was entered."""
    known = parameter_keys()[row.key]
    amount, rows = known.read(row.figure)
    return Parameter(
        key=row.key,
        zh=known.name.zh,
        en=known.name.en,
        unit=known.unit,
        effective_from=row.effective_from,
        effective_to=row.effective_to,
        region=row.region or None,
        amount=amount,
        rows=rows,
        source=OwnSource(row.source_title, row.source_number, row.source_words, row.statistic),
        checked_on=legal_day(row.checked_at or row.proposed_at),
        confidence=Confidence.PRACTICE if known.reason else Confidence.LOCAL,
    )


def figures(viewer: Viewer, chosen: FigureFilter | None = None, *, on: date | None = None) -> tuple[KeyView, ...]:
    """Return every key with its shipped and own values. Raises ``NotFound`` without the right. Two domain queries."""
    require_view(viewer)
    chosen, today = chosen or FigureFilter(), on or clock.today()
    rows = list(OwnParameter.objects.filter(_own(chosen)).order_by("-effective_from", "-id")[:ROWS_MAX])
    names = _names(rows)
    found: dict[str, list[FigureView]] = {}
    for value in statutory_parameters().values:
        if _wanted(chosen, value.key, value.region or "", value.effective_from, value.effective_to):
            found.setdefault(value.key, []).append(_shipped(value, today))
    for row in rows:
        if _wanted(chosen, row.key, row.region, row.effective_from, row.effective_to):
            found.setdefault(row.key, []).append(_own_view(row, rows, names, today, viewer))
    return tuple(_key_view(key, found.get(key, [])) for key in _order(chosen) if key in found or not _narrow(chosen))


def proposal(viewer: Viewer, own_id: UUID, *, on: date | None = None) -> FigureView:
    """Return one own value. Raises ``NotFound`` for none, known or not."""
    require_view(viewer)
    row = OwnParameter.objects.filter(pk=own_id).first()
    if row is None:
        raise NotFound(str(own_id))
    beside = list(OwnParameter.objects.filter(key=row.key, region=row.region))
    return _own_view(row, beside, _names([row]), on or clock.today(), viewer)


def proposals(viewer: Viewer, own_ids: Iterable[UUID], *, on: date | None = None) -> tuple[FigureView, ...]:
    """Return own values by their ids, in that order; unknown ones are left out. Raises ``NotFound`` without the right.

    Two domain queries.
    """
    require_view(viewer)
    wanted = list(own_ids)
    every = list(OwnParameter.objects.filter(key__in=OwnParameter.objects.filter(pk__in=wanted).values("key")))
    rows = {row.id: row for row in every}
    names, today = _names(rows[each] for each in wanted if each in rows), on or clock.today()
    return tuple(_own_view(rows[each], every, names, today, viewer) for each in wanted if each in rows)


def waiting(viewer: Viewer, *, on: date | None = None) -> tuple[FigureView, ...]:
    """Return the values that wait for somebody to check them, oldest first. Raises ``NotFound`` without the right."""
    require_view(viewer)
    rows = list(
        OwnParameter.objects.filter(checked_at__isnull=True, withdrawn_at__isnull=True).order_by("proposed_at", "id")
    )
    names = _names(rows)
    return tuple(_own_view(row, rows, names, on or clock.today(), viewer) for row in rows)


def missing_figures(viewer: Viewer, *, on: date | None = None) -> tuple[MissingFigure, ...]:
    """Return what the places where people are insured lack on a day, by place. Raises ``NotFound`` without the right.

    Two domain queries.
    """
    require_view(viewer)
    day = on or clock.today()
    params = parameters_of_tenant()
    return tuple(
        MissingFigure(key, place, day.year, known.name, known.without)
        for place in places_of_tenant()
        for key, known in parameter_keys().items()
        if known.without is not None and params.find(key, as_of=day, region=place) is None
    )


def places_of_tenant() -> tuple[str, ...]:
    """Return the places where people who work here are insured, in the order of their codes; no viewer looks."""
    spells = EmploymentSpell.objects.filter(ended_on__isnull=True).exclude(insurance_place="")
    said = [region_named(text) for text in spells.values_list("insurance_place", flat=True).distinct()]
    found = {region.name for region in said if region is not None}
    return tuple(name for name in regions() if name in found)


def require_view(viewer: Viewer) -> None:
    """Raise ``NotFound`` when ``viewer`` may not see figures."""
    if not allowed(viewer, VIEW):
        raise NotFound(VIEW)


def shown(known: ParameterKey | None, amount: Decimal | None, rows: Sequence[Sequence[Decimal]]) -> Words:
    """Return a value as people read it: the words of a choice, the named figures of a row, else the figure."""
    if known is not None and known.choices and amount is not None:
        return next(words for value, words in known.choices if value == amount)
    if known is not None and known.columns and rows:
        pairs = list(zip(known.columns, rows[0], strict=True))
        zh = "，".join(f"{name.zh}{cell}" for name, cell in pairs)
        return Words(zh, ", ".join(f"{name.en} {cell}" for name, cell in pairs))
    if amount is not None:
        return Words(f"{amount:f}", f"{amount:f}")
    return Words(f"表，{len(rows)}行", f"table of {len(rows)} rows")


def _narrow(chosen: FigureFilter) -> bool:
    return bool(chosen.region or chosen.day)


def _order(chosen: FigureFilter) -> tuple[str, ...]:
    """Keys an employer enters come first, then the shipped ones; one key when one is chosen."""
    keys = dict.fromkeys([*parameter_keys(), *(value.key for value in statutory_parameters().values)])
    return tuple(key for key in keys if chosen.key in {"", key})


def _own(chosen: FigureFilter) -> Q:
    which = Q(key=chosen.key) if chosen.key else Q()
    return which if chosen.withdrawn else which & Q(withdrawn_at__isnull=True)


def _wanted(chosen: FigureFilter, key: str, region: str, start: date, end: date | None) -> bool:
    if chosen.key not in {"", key}:
        return False
    if chosen.region and region not in {"", chosen.region, province_of(chosen.region)}:
        return False
    return chosen.day is None or (start <= chosen.day and (end is None or chosen.day <= end))


def _key_view(key: str, values: list[FigureView]) -> KeyView:
    known = parameter_keys().get(key)
    shipped = next((value for value in statutory_parameters().values if value.key == key), None)
    assert known is not None or shipped is not None
    name = known.name if known is not None else Words(shipped.zh, shipped.en) if shipped else Words("", "")
    unit = known.unit if known is not None else shipped.unit if shipped else ""
    places = list(regions())
    order = {"": -1, **{place: index for index, place in enumerate(places)}}
    ordered = sorted(values, key=lambda each: each.effective_from, reverse=True)
    ordered.sort(key=lambda each: order.get(each.region, len(places)))
    return KeyView(key, name, unit, known is not None, tuple(ordered))


def _shipped(value: Parameter, today: date) -> FigureView:
    state = ParameterState.IN_FORCE
    if value.effective_to is not None and value.effective_to < today:
        state = ParameterState.ENDED
    elif value.effective_from > today:
        state = ParameterState.UPCOMING
    figure = str(value.amount) if value.amount is not None else f"{len(value.rows)}"
    return FigureView(
        own_id=None,
        key=value.key,
        region=value.region or "",
        figure=figure,
        shown=shown(parameter_keys().get(value.key), value.amount, value.rows),
        effective_from=value.effective_from,
        effective_to=value.effective_to,
        source=Words(str(value.source), value.source.english),
        statistic="",
        reason="",
        state=state,
        entered_by="",
        entered_at=None,
        checked_by="",
        checked_on=value.checked_on,
        withdrawn_by="",
        withdrawn_at=None,
        withdrawn_reason="",
        confidence=value.confidence,
        mine=False,
    )


def _own_view(
    row: OwnParameter, beside: Iterable[OwnParameter], names: dict[UUID, str], today: date, viewer: Viewer
) -> FigureView:
    value = as_parameter(row)
    return FigureView(
        own_id=row.id,
        key=row.key,
        region=row.region,
        figure=row.figure,
        shown=shown(parameter_keys()[row.key], value.amount, value.rows),
        effective_from=row.effective_from,
        effective_to=row.effective_to,
        source=Words(str(value.source), value.source.english),
        statistic=row.statistic,
        reason=row.reason,
        state=state_of(row, beside, today),
        entered_by=names.get(row.proposed_by, ""),
        entered_at=row.proposed_at,
        checked_by=names.get(row.checked_by, "") if row.checked_by else "",
        checked_on=legal_day(row.checked_at) if row.checked_at else None,
        withdrawn_by=names.get(row.withdrawn_by, "") if row.withdrawn_by else "",
        withdrawn_at=row.withdrawn_at,
        withdrawn_reason=row.withdrawn_reason,
        confidence=value.confidence,
        mine=row.proposed_by == viewer.user_id,
    )


def state_of(row: OwnParameter, beside: Iterable[OwnParameter], today: date) -> ParameterState:
    """Return where a figure stands on a day, given the others of its key and place."""
    if row.withdrawn_at is not None:
        return ParameterState.WITHDRAWN
    if row.checked_at is None:
        return ParameterState.PROPOSED
    if row.effective_from > today:
        return ParameterState.UPCOMING
    if row.effective_to is not None and row.effective_to < today:
        return ParameterState.ENDED
    later = any(
        other.checked_at is not None
        and other.withdrawn_at is None
        and (other.key, other.region) == (row.key, row.region)
        and row.effective_from < other.effective_from <= today
        and (other.effective_to is None or today <= other.effective_to)
        for other in beside
    )
    return ParameterState.SUPERSEDED if later else ParameterState.IN_FORCE


def _names(rows: Iterable[OwnParameter]) -> dict[UUID, str]:
    ids = {who for row in rows for who in (row.proposed_by, row.checked_by, row.withdrawn_by) if who}
    return dict(User.objects.filter(pk__in=ids).values_list("id", "display_name"))
