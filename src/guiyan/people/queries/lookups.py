"""Finding people by what is encrypted, and facts that a legal gate reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from guiyan.people import masking, sealing
from guiyan.people.enums import AddressKind, SensitiveKind
from guiyan.people.models import (
    ContractBrief,
    DeliveryAddress,
    EmploymentSpell,
    Person,
    PersonChange,
    Protection,
    SensitiveValue,
)
from guiyan.people.queries.organisation import PersonBrief, names_of
from guiyan.people.queries.standing import NotFound, visible_people
from guiyan.platform import clock
from guiyan.platform.permissions import Viewer, relations_for


def find_by_sensitive(viewer: Viewer, kind: str, value: str, *, on: date | None = None) -> tuple[PersonBrief, ...]:
    """Return the people whom ``viewer`` serves and whose value of one kind equals ``value``; by blind index, one query.

    Raises ``NotFound`` when ``viewer`` may look nobody up.
    """
    if not any(relations_for(viewer, "people.find")):
        raise NotFound("people.find")
    kind = SensitiveKind(kind)
    index = sealing.index_of(kind, masking.normal(kind, value))
    visible = visible_people(viewer, "people.find", on=on or clock.today(), field="person_id")
    rows = SensitiveValue.objects.filter(visible, kind=kind, index=index).order_by("person__name_key", "person_id")
    return tuple(PersonBrief(person_id, name) for person_id, name in rows.values_list("person_id", "person__name"))


@dataclass(frozen=True, slots=True)
class ProtectionFact:
    """A protection as a gate reads it."""

    kind: str
    valid_from: date
    valid_to: date | None
    injury_grade: int | None
    source: str


@dataclass(frozen=True, slots=True)
class GateFacts:
    """What the law turns on about one person on one day; None where nothing is known.

    ``protections`` hold on the day. ``first_hired_on`` is the first day of the newest spell, ``continuous_days`` its
    length so far; ``birth_date`` serves the five years before retirement; ``contract_*`` are of the newest contract.
    """

    person_id: UUID
    on: date
    spell_id: UUID | None
    status: str
    hired_on: date | None
    probation_last_day: date | None
    in_probation: bool
    planned_end_on: date | None
    ended_on: date | None
    service_days: int
    sex: str
    birth_date: date | None
    contract_kind: str
    contract_end: date | None
    protections: tuple[ProtectionFact, ...]


def people_facts_for_gate(person_id: UUID, on: date) -> GateFacts:
    """Return the facts that a legal gate needs, read as the gate, not as whoever clicked.

    Nothing of it may reach a screen but through a verdict in words fit for the one who looks. Raises ``NotFound`` for
    an unknown person.
    """
    person = Person.objects.filter(pk=person_id).first()
    if person is None:
        raise NotFound(str(person_id))
    spell = EmploymentSpell.objects.filter(person=person, latest=True).first()
    contract = ContractBrief.objects.filter(spell=spell).order_by("-start_on", "-id").first() if spell else None
    birth = SensitiveValue.objects.filter(person=person, kind=SensitiveKind.BIRTH_DATE).first()
    last = spell.probation_last_day if spell else None
    until = min(on, spell.ended_on or on) if spell else on
    return GateFacts(
        person_id=person.id,
        on=on,
        spell_id=spell.id if spell else None,
        status=spell.status if spell else "",
        hired_on=spell.hired_on if spell else None,
        probation_last_day=last,
        in_probation=bool(spell and last and spell.hired_on <= on <= last and spell.ended_on is None),
        planned_end_on=spell.planned_end_on if spell else None,
        ended_on=spell.ended_on if spell else None,
        service_days=max(0, (until - spell.hired_on + timedelta(days=1)).days) if spell else 0,
        sex=person.sex,
        birth_date=date.fromisoformat(sealing.open_value(birth)) if birth else None,
        contract_kind=contract.kind if contract else "",
        contract_end=contract.end_on if contract else None,
        protections=tuple(
            ProtectionFact(row.kind, row.valid_from, row.valid_to, row.injury_grade, row.source)
            for row in Protection.objects.filter(person=person).order_by("valid_from", "id")
            if row.holds_on(on)
        ),
    )


@dataclass(frozen=True, slots=True)
class DeliveryTarget:
    """Where a message to a person may go, in full: for the sender of notices alone."""

    address_id: UUID
    kind: str
    value: str
    confirmed_how: str


def delivery_targets(person_id: UUID, at: datetime) -> tuple[DeliveryTarget, ...]:
    """Return the delivery addresses in force at a moment, in full, for serving a notice; no viewer looks.

    Raises ``crypto.Erased`` when the person's values were erased.
    """
    rows = DeliveryAddress.objects.filter(person_id=person_id, valid_from__lte=at).exclude(valid_to__lte=at)
    return tuple(
        DeliveryTarget(row.id, AddressKind(row.kind), sealing.open_address(row), row.confirmed_how)
        for row in rows.order_by("kind")
    )


@dataclass(frozen=True, slots=True)
class ActSince:
    """That somebody did something about a person after a change."""

    person_id: UUID
    person: str
    act: str
    user_id: UUID | None


def acts_since(person_ids: list[UUID], change: int) -> tuple[ActSince, ...]:
    """Return what was done about these people after the change numbered ``change``, oldest first. Two queries."""
    rows = list(PersonChange.objects.filter(person_id__in=person_ids, id__gt=change).order_by("id"))
    names = names_of({row.person_id for row in rows})
    return tuple(ActSince(row.person_id, names.get(row.person_id, ""), row.act, row.user_id) for row in rows)
