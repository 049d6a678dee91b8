"""Names of parties, for sentences and lists: two queries however many there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from guiyan.people import queries as people
from guiyan.platform.queries import names_of_accounts
from guiyan.process.models import TaskCandidate
from guiyan.process.parties import Party


def names_of(parties: Iterable[Party]) -> Mapping[Party, str]:
    """Return each party's name: the person's, else the account's; empty when neither is known any more."""
    wanted = list(dict.fromkeys(parties))
    persons = people.names_of({party.person_id for party in wanted if party.person_id})
    accounts = names_of_accounts({party.user_id for party in wanted if party.user_id})
    return {
        party: (persons.get(party.person_id) if party.person_id else None)
        or (accounts.get(party.user_id) if party.user_id else None)
        or ""
        for party in wanted
    }


def candidates_of(task_ids: Iterable[UUID]) -> dict[UUID, tuple[Party, ...]]:
    """Return whom each task asks, in the order in which they were asked. One query."""
    rows = TaskCandidate.objects.filter(task_id__in=list(task_ids), removed_at__isnull=True).order_by("number")
    asked: dict[UUID, list[Party]] = {}
    for task_id, user_id, person_id in rows.values_list("task_id", "user_id", "person_id"):
        asked.setdefault(task_id, []).append(Party(user_id, person_id))
    return {task_id: tuple(parties) for task_id, parties in asked.items()}


def candidate_names(task_ids: Iterable[UUID]) -> dict[UUID, tuple[str, ...]]:
    """Return whom each task asks, by name. For sentences of contexts that checked the viewer. Three queries."""
    asked = candidates_of(task_ids)
    names = names_of(party for parties in asked.values() for party in parties)
    return {task_id: tuple(names[party] for party in parties) for task_id, parties in asked.items()}
