"""Somebody as processes know them: by account, by person, or by both."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from guiyan.platform.models import User
from guiyan.platform.permissions import Viewer


@dataclass(frozen=True, slots=True)
class Party:
    """An account, a person, or a person with their account; never neither."""

    user_id: UUID | None = None
    person_id: UUID | None = None

    def __post_init__(self) -> None:
        if self.user_id is None and self.person_id is None:
            raise ValueError("a party is an account or a person")

    def is_same(self, other: Party) -> bool:
        """Whether both are one: the same account or the same person."""
        same_user = self.user_id is not None and self.user_id == other.user_id
        return same_user or (self.person_id is not None and self.person_id == other.person_id)


def party_of(viewer: Viewer) -> Party:
    """Return who is looking. Raises ``ValueError`` for a job that no person started."""
    return Party(viewer.user_id, viewer.person_id)


def acts_as(viewer: Viewer, party: Party) -> bool:
    """Return whether the viewer is the party; a job that no person started is nobody."""
    is_somebody = viewer.user_id is not None or viewer.person_id is not None
    return is_somebody and party.is_same(party_of(viewer))


def is_viewer(viewer: Viewer, user: str = "user_id", person: str = "person_id") -> Q:
    """Return the filter of rows whose fields ``user`` and ``person`` name the viewer; of none for nobody."""
    mine = Q(pk__in=[])
    if viewer.user_id is not None:
        mine |= Q(**{user: viewer.user_id})
    if viewer.person_id is not None:
        mine |= Q(**{person: viewer.person_id})
    return mine


def account_of(user_id: UUID) -> Party | None:
    """Return the party behind an account that is not suspended, or None."""
    found = User.objects.filter(pk=user_id, is_active=True).values_list("person_id", flat=True)
    return next((Party(user_id, person_id) for person_id in found), None)


def person_of(person_id: UUID) -> Party | None:
    """Return the party of a person: with their account when there is one; None when it is suspended."""
    account = User.objects.filter(person_id=person_id).values_list("pk", "is_active").first()
    if account is None:
        return Party(person_id=person_id)
    user_id, active = account
    return Party(user_id, person_id) if active else None


def distinct(parties: Iterable[Party]) -> tuple[Party, ...]:
    """Return the parties in order, nobody twice."""
    kept: list[Party] = []
    for party in parties:
        if not any(party.is_same(other) for other in kept):
            kept.append(party)
    return tuple(kept)
