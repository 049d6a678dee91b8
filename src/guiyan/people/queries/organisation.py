"""The organisation: units, heads, posts, and who leads or serves whom on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q

from guiyan.people.models import Assignment, EmploymentSpell, Person, Post, Unit
from guiyan.people.queries.standing import HEADS_SQL, NotFound, PersonRef, current
from guiyan.platform import clock
from guiyan.platform.models import RoleGrant
from guiyan.platform.permissions import Viewer, allowed

HR_ROLE = "hr"
HR_LEAD_ROLE = "hr_lead"
_HEADS = f"""
SELECT h.path, h.person_id, p.name FROM ({HEADS_SQL}) h JOIN people_person p ON p.id = h.person_id
"""  # noqa: S608  put together from constants


@dataclass(frozen=True, slots=True)
class PersonBrief:
    """Who somebody is, in two words."""

    person_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class AccountBrief:
    """An account and the person it belongs to, if any."""

    user_id: UUID
    person_id: UUID | None
    name: str


@dataclass(frozen=True, slots=True)
class UnitNode:
    """A unit of the tree, parents before children. ``people`` counts open spells in it and below on the day."""

    unit_id: UUID
    parent_id: UUID | None
    code: str
    name: str
    path: str
    depth: int
    head: PersonBrief | None
    people: int
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class PostBrief:
    """A post of the catalogue."""

    post_id: UUID
    name: str
    family: str


def unit_tree(viewer: Viewer, *, on: date | None = None, closed: bool = False) -> tuple[UnitNode, ...]:
    """Return the units that exist on the day (with ``closed``: all), depth first, siblings by name.

    Raises ``NotFound`` when ``viewer`` may not see the organisation. Three domain queries.
    """
    _may_see(viewer, "people.view_units")
    day = on or clock.today()
    units = Unit.objects.filter(opened_on__lte=day)
    if not closed:
        units = units.filter(Q(closed_on__isnull=True) | Q(closed_on__gte=day))
    heads = unit_heads(day)
    counts = dict(
        Assignment.objects.filter(current(day), spell__latest=True, spell__ended_on__isnull=True)
        .values_list("unit__path")
        .annotate(Count("pk"))
    )
    totals: dict[str, int] = {}
    for path, number in counts.items():
        for above in paths_above(path):
            totals[above] = totals.get(above, 0) + number
    return tuple(
        UnitNode(
            unit_id=unit.id,
            parent_id=unit.parent_id,
            code=unit.code,
            name=unit.name,
            path=unit.path,
            depth=unit.path.count("/") - 1,
            head=heads.get(unit.path),
            people=totals.get(unit.path, 0),
            closed_on=unit.closed_on,
        )
        for unit in _depth_first(units)
    )


def _depth_first(units: Iterable[Unit]) -> list[Unit]:
    below: dict[UUID | None, list[Unit]] = {}
    known = {unit.id: unit for unit in units}
    for unit in sorted(known.values(), key=lambda each: (each.name_key, each.code)):
        below.setdefault(unit.parent_id if unit.parent_id in known else None, []).append(unit)
    ordered: list[Unit] = []
    waiting = list(reversed(below.get(None, [])))
    while waiting:
        unit = waiting.pop()
        ordered.append(unit)
        waiting.extend(reversed(below.get(unit.id, [])))
    return ordered


def posts(viewer: Viewer) -> tuple[PostBrief, ...]:
    """Return the catalogue of posts by name. Raises ``NotFound`` when ``viewer`` may not see the organisation."""
    _may_see(viewer, "people.view_units")
    return tuple(PostBrief(post.id, post.name, post.family) for post in Post.objects.order_by("name_key", "id"))


def _may_see(viewer: Viewer, act: str) -> None:
    if not allowed(viewer, act):
        raise NotFound(act)


def paths_above(path: str) -> list[str]:
    """Return the paths of a unit and of all units above it, nearest first."""
    codes = path.rstrip("/").split("/")
    return ["/".join(codes[:length]) + "/" for length in range(len(codes), 0, -1)]


def unit_heads(on: date) -> dict[str, PersonBrief]:
    """Return who heads each unit on a day, by the unit's path; who has left heads none. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_HEADS, {"on": on})
        return {path: PersonBrief(person_id, name) for path, person_id, name in cursor.fetchall()}


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody works. ``named`` is the manager named for it, unless that one has left."""

    unit_id: UUID
    unit: str
    unit_path: str
    post_id: UUID
    post: str
    named: PersonBrief | None


def place_of(person_id: UUID, day: date) -> Place | None:
    """Return where somebody works on a day, or last worked; None without a place. One query."""
    rows = Assignment.objects.filter(current(day), spell__latest=True, spell__person_id=person_id)
    gone = EmploymentSpell.objects.filter(latest=True, person_id=OuterRef("manager_id"), ended_on__lt=day)
    found = rows.annotate(manager_gone=Exists(gone)).values_list(
        "unit_id", "unit__name", "unit__path", "post_id", "post__name", "manager_id", "manager__name", "manager_gone"
    )
    for unit_id, unit, path, post_id, post, who, name, left in found:
        return Place(unit_id, unit, path, post_id, post, PersonBrief(who, name) if who and not left else None)
    return None


def manager_by(place: Place, person_id: UUID, heads: dict[str, PersonBrief]) -> PersonBrief | None:
    """Return whom somebody reports to: the manager named for their place, else the nearest head above.

    Who heads a unit reports above it, wherever below it they sit themselves.
    """
    if place.named is not None:
        return place.named
    above = [heads.get(path) for path in paths_above(place.unit_path)]
    own = [index for index, head in enumerate(above) if head is not None and head.person_id == person_id]
    return next((head for head in above[max(own, default=-1) + 1 :] if head is not None), None)


def direct_manager_of(person_id: UUID, on: date) -> PersonBrief | None:
    """Return whom a person reports to on a day, or None (the top, or nobody named). For processes: no viewer looks."""
    place = place_of(person_id, on)
    return manager_by(place, person_id, unit_heads(on)) if place else None


def hr_of(person_id: UUID, on: date) -> tuple[AccountBrief, ...]:
    """Return the accounts of the HR officers nearest to a person, by name; the HR leads when there is no officer.

    Nearest: those given the role for the person's unit, else for the unit above, and so on to the whole company. Nobody
    serves themself. Suspended accounts are left out. For processes: no viewer looks.
    """
    place = place_of(person_id, on)
    above = paths_above(place.unit_path) if place else []
    order = {unit.id: above.index(unit.path) for unit in Unit.objects.filter(path__in=above)}
    grants = (
        RoleGrant.objects.filter(role__in=(HR_ROLE, HR_LEAD_ROLE), user__is_active=True)
        .filter(Q(unit_id__isnull=True) | Q(unit_id__in=list(order)))
        .select_related("user")
        .order_by("user__display_name", "user_id")
    )
    ranked: dict[tuple[bool, int], dict[UUID, AccountBrief]] = {}
    for grant in grants:
        if grant.user.person_id == person_id:
            continue
        rank = (grant.role == HR_LEAD_ROLE, len(order) if grant.unit_id is None else order[grant.unit_id])
        account = AccountBrief(grant.user_id, grant.user.person_id, grant.user.display_name)
        ranked.setdefault(rank, {})[account.user_id] = account
    return tuple(ranked[min(ranked)].values()) if ranked else ()


def accounts_with(role: str) -> tuple[AccountBrief, ...]:
    """Return the accounts that hold a granted role, by name. For processes: no viewer looks."""
    grants = RoleGrant.objects.filter(role=role, user__is_active=True).select_related("user")
    found = {
        grant.user_id: AccountBrief(grant.user_id, grant.user.person_id, grant.user.display_name)
        for grant in grants.order_by("user__display_name", "user_id")
    }
    return tuple(found.values())


def who_left(person_ids: Iterable[UUID], on: date) -> frozenset[UUID]:
    """Return those of these people whose newest spell has ended before a day. For processes: no viewer looks."""
    gone = EmploymentSpell.objects.filter(latest=True, person_id__in=list(person_ids), ended_on__lt=on)
    return frozenset(gone.values_list("person_id", flat=True))


def chain_above(person_id: UUID, on: date) -> frozenset[UUID]:
    """Return everybody who leads a person on a day, directly or not. For processes: no viewer looks."""
    return PersonRef(person_id, on).led_by


def names_of(person_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return names by person, for sentences that a process or a trail puts together. One query."""
    return dict(Person.objects.filter(pk__in=list(person_ids)).values_list("id", "name"))
