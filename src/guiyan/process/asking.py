"""Whom an open task ought to ask today, held against whom it asks. The same answer before a lock is taken and under it.

What somebody who is still here has in hand stays with them, and so does what was handed to somebody by name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from guiyan.people.queries import who_left
from guiyan.platform.models import User
from guiyan.process.enums import How
from guiyan.process.models import Task, TaskCandidate
from guiyan.process.parties import Party
from guiyan.process.roles import EMPLOYEE, Asked


@dataclass(frozen=True, slots=True)
class Absent:
    """Accounts and people of whom nothing is asked any more: suspended, or their employment has ended."""

    user_ids: frozenset[UUID]
    person_ids: frozenset[UUID]

    def has(self, party: Party) -> bool:
        """Whether the party is one of them."""
        return party.user_id in self.user_ids or party.person_id in self.person_ids


@dataclass(frozen=True, slots=True)
class Change:
    """Who of those that a task asks is asked no more, and who is asked who was not."""

    leaving: tuple[TaskCandidate, ...]
    new: tuple[Party, ...]


def party_of_row(row: TaskCandidate) -> Party:
    """Return the party of a candidate's row."""
    return Party(row.user_id, row.person_id)


def absent(tasks: Iterable[Task], live: Iterable[TaskCandidate], on: date) -> Absent:
    """Return who of those whom tasks ask, or who have them in hand, is not here on a day. Two queries."""
    rows = list(live)
    users = {row.user_id for row in rows if row.user_id} | {task.claimed_by for task in tasks if task.claimed_by}
    people = {row.person_id for row in rows if row.person_id}
    accounts = User.objects.filter(Q(pk__in=users) | Q(person_id__in=people))
    known = list(accounts.values_list("pk", "person_id", "is_active"))
    left = who_left(people | {person for _user, person, _active in known if person}, on)
    gone = [(user, person) for user, person, active in known if not active or person in left]
    return Absent(
        frozenset(user for user, _person in gone), left | frozenset(person for _user, person in gone if person)
    )


def change_of(task: Task, live: Sequence[TaskCandidate], asked: Asked, gone: Absent) -> Change | None:
    """Return what has to change so that an open task asks whoever has its role; None for nothing."""
    if task.role == EMPLOYEE or _stays(task, live, gone):
        return None
    leaving = tuple(row for row in live if not _is_brought_in(row, gone) and not _is_in(row, asked.parties))
    new = tuple(party for party in asked.parties if not any(party.is_same(party_of_row(row)) for row in live))
    return Change(leaving, new) if leaving or new else None


def _stays(task: Task, live: Sequence[TaskCandidate], gone: Absent) -> bool:
    in_hand = task.claimed_by is not None and not gone.has(Party(task.claimed_by))
    by_name = any(row.how == How.ASSIGNED and not gone.has(party_of_row(row)) for row in live)
    return in_hand or by_name


def _is_brought_in(row: TaskCandidate, gone: Absent) -> bool:
    return row.how == How.ESCALATED and not gone.has(party_of_row(row))


def _is_in(row: TaskCandidate, parties: Collection[Party]) -> bool:
    return any(party_of_row(row).is_same(party) for party in parties)
