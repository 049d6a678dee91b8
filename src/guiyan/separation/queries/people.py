"""What separation needs to know of people: who writes a letter, and which employment it is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from guiyan.people.models import EmploymentSpell
from guiyan.people.queries import accounts_with, chain_above, hr_of, people_facts_for_gate
from guiyan.platform import tenancy
from guiyan.platform.models import RoleGrant
from guiyan.separation.wording import Writer


@dataclass(frozen=True, slots=True)
class OpenEmployment:
    """An employment that has not ended, as a gate reads it."""

    spell_id: UUID
    in_probation: bool


def open_employment(person_id: UUID, on: date) -> OpenEmployment | None:
    """Return the person's employment that has not ended, or None. Raises ``NotFound`` for an unknown person."""
    facts = people_facts_for_gate(person_id, on)
    if facts.spell_id is None or facts.ended_on is not None:
        return None
    return OpenEmployment(facts.spell_id, facts.in_probation)


def writer_of(person_id: UUID) -> Writer:
    """Return how a person stands in their own letter. One query."""
    row = EmploymentSpell.objects.filter(person_id=person_id, latest=True).values_list("person__name", "number").first()
    name, number = row or ("", "")
    return Writer(name, number, tenancy.required().name)


def may_bind_employer(giver: UUID, person_id: UUID, on: date) -> bool:
    """Return whether a person's word binds the employer towards an employee: who leads or serves them on the day."""
    if giver == person_id:
        return False
    serving = {each.person_id for each in (*hr_of(person_id, on), *accounts_with("hr_lead"))}
    return giver in serving or giver in chain_above(person_id, on)


@dataclass(frozen=True, slots=True)
class GrantedRole:
    """A role granted to an account of a person."""

    user_id: UUID
    role: str
    unit_id: UUID | None


def granted_roles(person_id: UUID) -> tuple[GrantedRole, ...]:
    """Return the roles granted to a person's account. One query."""
    rows = RoleGrant.objects.filter(user__person_id=person_id).order_by("role", "id")
    return tuple(GrantedRole(*row) for row in rows.values_list("user_id", "role", "unit_id"))
