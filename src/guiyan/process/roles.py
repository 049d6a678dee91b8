"""Who has a role of a diagram on a day. Nobody is asked to decide about themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from guiyan.people.queries import accounts_with, direct_manager_of, hr_of
from guiyan.process.enums import Fallback
from guiyan.process.parties import Party, distinct, person_of

EMPLOYEE = "employee"
DIRECT_MANAGER = "direct_manager"
HR = "hr"
GRANTED = {"hr_lead": "hr_lead", "legal": "legal", "it": "it", "finance": "finance", "admin": "facilities"}
"""Roles of diagrams that follow from a role granted to an account, by the name of that grant."""
LAST_RESORT = ("hr_lead", "system_admin")


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom a task asks, and whether they stand in for somebody who is not there."""

    parties: tuple[Party, ...]
    fallback: Fallback


def resolve(role: str, subject: UUID | None, on: date) -> Asked:
    """Return whom a task in ``role`` asks on ``on`` when it is about the person ``subject``.

    No direct manager: HR is asked, and it is said. Nobody at all: the head of HR, else the administrator, and the task
    is marked as to be assigned. The subject is asked in the role ``employee`` only.
    """
    found = holders(role, subject, on)
    if found:
        return Asked(found, Fallback.NONE)
    if role == DIRECT_MANAGER:
        stand_in = holders(HR, subject, on)
        if stand_in:
            return Asked(stand_in, Fallback.HR_INSTEAD)
    for name in LAST_RESORT:
        found = _with_grant(name, subject)
        if found:
            return Asked(found, Fallback.UNASSIGNED)
    return Asked((), Fallback.UNASSIGNED)


def holders(role: str, subject: UUID | None, on: date) -> tuple[Party, ...]:
    """Return those who have the role and may use it here; suspended accounts have none."""
    if role == EMPLOYEE:
        return _person(subject)
    if role == DIRECT_MANAGER:
        manager = direct_manager_of(subject, on) if subject else None
        return _person(manager.person_id) if manager else ()
    if role == HR and subject is not None:
        return distinct(Party(account.user_id, account.person_id) for account in hr_of(subject, on))
    return _with_grant(GRANTED.get(role, role), subject)


def may_hold(role: str, party: Party) -> bool:
    """Return whether a task in ``role`` may be handed to somebody: a granted role is not handed to who lacks it."""
    if role in {EMPLOYEE, DIRECT_MANAGER}:
        return role == DIRECT_MANAGER
    enough = {GRANTED.get(role, role), *(["hr_lead"] if role == HR else [])}
    return any(party.is_same(Party(each.user_id, each.person_id)) for name in enough for each in accounts_with(name))


def _person(person_id: UUID | None) -> tuple[Party, ...]:
    party = person_of(person_id) if person_id else None
    return (party,) if party else ()


def _with_grant(role: str, subject: UUID | None) -> tuple[Party, ...]:
    found = (Party(each.user_id, each.person_id) for each in accounts_with(role))
    return distinct(party for party in found if subject is None or party.person_id != subject)
