"""One person: spells, places, contracts, what the viewer may see of the rest, and the line of a working life."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from guiyan.people import sealing
from guiyan.people.lifeline import LifeEvent, life_line
from guiyan.people.models import (
    Assignment,
    ContractBrief,
    DeliveryAddress,
    EmploymentSpell,
    Person,
    Protection,
    SensitiveValue,
    UnitManager,
    Wage,
)
from guiyan.people.queries.lists import in_probation
from guiyan.people.queries.organisation import PersonBrief, manager_by, place_of, unit_heads
from guiyan.people.queries.standing import PersonRef, visible_person
from guiyan.platform import clock
from guiyan.platform.permissions import Viewer, allowed, table


@dataclass(frozen=True, slots=True)
class AssignmentView:
    """A dated place: unit, post, and the manager named for it (None: the unit's head)."""

    unit_id: UUID
    unit: str
    post: str
    manager: PersonBrief | None
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class ContractView:
    """A contract in brief."""

    contract_id: UUID
    kind: str
    number: str
    start_on: date
    end_on: date | None
    signed_on: date | None


@dataclass(frozen=True, slots=True)
class WageView:
    """A monthly wage from a day on; ``base`` is None when a roster gave performance pay alone.

    ``performance`` is yuan, or per cent of the base when the kind is ``percent``.
    """

    valid_from: date
    base: Decimal | None
    performance_kind: str
    performance: Decimal | None


@dataclass(frozen=True, slots=True)
class SpellView:
    """One employment. ``contracts`` and ``wages`` are None when the viewer may not see them."""

    spell_id: UUID
    number: str
    status: str
    hired_on: date
    probation_months: int | None
    probation_last_day: date | None
    in_probation: bool
    planned_end_on: date | None
    ended_on: date | None
    end_kind: str
    end_ground: str
    insurance_place: str
    latest: bool
    assignments: tuple[AssignmentView, ...]
    contracts: tuple[ContractView, ...] | None
    wages: tuple[WageView, ...] | None


@dataclass(frozen=True, slots=True)
class MaskedValue:
    """A personal value as a list shows it. ``may_reveal``: the viewer may ask to see it in full, on record."""

    kind: str
    document_type: str
    mask: str
    may_reveal: bool


@dataclass(frozen=True, slots=True)
class ProtectionView:
    """A protection, for those who may see it."""

    protection_id: UUID
    kind: str
    injury_grade: int | None
    valid_from: date
    valid_to: date | None
    source: str
    holds: bool


@dataclass(frozen=True, slots=True)
class AddressView:
    """A delivery address, masked. ``valid_to`` None: it is the one in force."""

    address_id: UUID
    kind: str
    mask: str
    confirmed_at: datetime
    confirmed_how: str
    valid_from: datetime
    valid_to: datetime | None


@dataclass(frozen=True, slots=True)
class Profile:
    """What one viewer may see of one person. A part that is None is not for this viewer; an empty one holds nothing.

    ``may`` names the ``people.*`` actions that the viewer may do to this person.
    """

    person_id: UUID
    name: str
    aliases: str
    sex: str
    education: str
    unit_id: UUID | None
    unit: str
    post: str
    manager: PersonBrief | None
    spells: tuple[SpellView, ...]
    sensitive: tuple[MaskedValue, ...] | None
    protections: tuple[ProtectionView, ...] | None
    addresses: tuple[AddressView, ...] | None
    life_line: tuple[LifeEvent, ...]
    may: frozenset[str]


def profile(viewer: Viewer, person_id: UUID, *, on: date | None = None) -> Profile:
    """Return what ``viewer`` may see of a person. Raises ``NotFound`` when that is nothing, or there is no such person.

    Spells are newest first. At most 14 domain queries, whatever the length of the life.
    """
    day = on or clock.today()
    person, ref = visible_person(viewer, "people.view", person_id, on=day)
    may = _may(viewer, ref)
    spells = _spells(person, may, day)
    place = place_of(person_id, day)
    protections = _protections(person, day) if "people.view_protections" in may else None
    addresses = _addresses(person) if "people.view_addresses" in may else None
    headed = tuple(
        UnitManager.objects.filter(person=person).values_list("unit__name", "valid_from", "valid_to").order_by("pk")
    )
    return Profile(
        person_id=person.id,
        name=person.name,
        aliases=person.aliases,
        sex=person.sex,
        education=person.education,
        unit_id=place.unit_id if place else None,
        unit=place.unit if place else "",
        post=place.post if place else "",
        manager=manager_by(place, person_id, unit_heads(day)) if place else None,
        spells=spells,
        sensitive=_sensitive(person, may) if "people.view_masked" in may else None,
        protections=protections,
        addresses=addresses,
        life_line=life_line(spells, protections or (), addresses or (), headed, day),
        may=may,
    )


def _may(viewer: Viewer, ref: PersonRef) -> frozenset[str]:
    acts = (act for act in table().acts if act.startswith("people."))
    return frozenset(act for act in acts if allowed(viewer, act, ref))


def _spells(person: Person, may: frozenset[str], day: date) -> tuple[SpellView, ...]:
    rows = list(EmploymentSpell.objects.filter(person=person).order_by("-hired_on", "-id"))
    places: dict[UUID, list[AssignmentView]] = {}
    for row in (
        Assignment.objects.filter(spell__person=person)
        .select_related("unit", "post", "manager")
        .order_by("valid_from", "id")
    ):
        manager = PersonBrief(row.manager.id, row.manager.name) if row.manager else None
        places.setdefault(row.spell_id, []).append(
            AssignmentView(row.unit_id, row.unit.name, row.post.name, manager, row.valid_from, row.valid_to)
        )
    contracts = _contracts(person) if "people.view_contracts" in may else None
    wages = _wages(person) if "people.view_wage" in may else None
    return tuple(
        SpellView(
            spell_id=row.id,
            number=row.number,
            status=row.status,
            hired_on=row.hired_on,
            probation_months=row.probation_months,
            probation_last_day=row.probation_last_day,
            in_probation=in_probation(row, day),
            planned_end_on=row.planned_end_on,
            ended_on=row.ended_on,
            end_kind=row.end_kind,
            end_ground=row.end_ground,
            insurance_place=row.insurance_place,
            latest=row.latest,
            assignments=tuple(places.get(row.id, ())),
            contracts=None if contracts is None else tuple(contracts.get(row.id, ())),
            wages=None if wages is None else tuple(wages.get(row.id, ())),
        )
        for row in rows
    )


def _contracts(person: Person) -> dict[UUID, list[ContractView]]:
    found: dict[UUID, list[ContractView]] = {}
    for row in ContractBrief.objects.filter(spell__person=person).order_by("start_on", "id"):
        view = ContractView(row.id, row.kind, row.number, row.start_on, row.end_on, row.signed_on)
        found.setdefault(row.spell_id, []).append(view)
    return found


def _wages(person: Person) -> dict[UUID, list[WageView]]:
    found: dict[UUID, list[WageView]] = {}
    for row in Wage.objects.filter(spell__person=person).order_by("valid_from"):
        base, performance = sealing.open_wage(person.id, row)
        found.setdefault(row.spell_id, []).append(WageView(row.valid_from, base, row.performance_kind, performance))
    return found


def _sensitive(person: Person, may: frozenset[str]) -> tuple[MaskedValue, ...]:
    rows = SensitiveValue.objects.filter(person=person).order_by("kind")
    return tuple(
        MaskedValue(row.kind, row.document_type, row.mask, sealing.reveal_act(row.kind) in may) for row in rows
    )


def _protections(person: Person, day: date) -> tuple[ProtectionView, ...]:
    rows = Protection.objects.filter(person=person).order_by("valid_from", "id")
    return tuple(
        ProtectionView(row.id, row.kind, row.injury_grade, row.valid_from, row.valid_to, row.source, row.holds_on(day))
        for row in rows
    )


def _addresses(person: Person) -> tuple[AddressView, ...]:
    rows = DeliveryAddress.objects.filter(person=person).order_by("kind", "valid_from")
    return tuple(
        AddressView(row.id, row.kind, row.mask, row.confirmed_at, row.confirmed_how, row.valid_from, row.valid_to)
        for row in rows
    )
