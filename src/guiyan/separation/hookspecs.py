"""What other contexts tell separation: how to put their rows back, and how to reach what is outside.

Registered at start-up. A restorer runs in the transaction of the consent: when one fails, nothing was restored.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from guiyan.platform.permissions import Viewer


@dataclass(frozen=True, slots=True)
class Restoring:
    """Whose employment goes on, after which case. ``request_id`` is the consent's; derive inner ids from it."""

    case_id: UUID
    person_id: UUID
    spell_id: UUID
    request_id: UUID
    now: datetime


class Restorer(Protocol):
    """Puts one kind of rows back as they were before the case, and says how many it touched."""

    name: str

    def restore(self, viewer: Viewer, what: Restoring) -> int:
        """Put the rows back. Raises to stop the whole restoration."""


class OutsideRefused(Exception):
    """A system outside has refused for good: asking again by itself would not help. ``said`` is what it answered."""

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.said = said


class OutsideSystem(Protocol):
    """Undoes in a system outside what the exit did there. Called by a job, at least once; repeating is harmless."""

    def put_back(self, effect_id: UUID, case_number: str) -> str:
        """Order it and return what the system said, without personal data.

        Raises ``OutsideRefused`` when it refuses for good; anything else raised is tried again with growing pauses.
        """


_restorers: dict[str, Restorer] = {}
_systems: dict[str, OutsideSystem] = {}


def register_restorer(restorer: Restorer) -> None:
    """Have a context's rows put back too; the same name again replaces the former one."""
    _restorers[restorer.name] = restorer


def drop_restorer(name: str) -> None:
    """Forget a restorer (an industry pack that was switched off)."""
    _restorers.pop(name, None)


def restorers() -> tuple[Restorer, ...]:
    """Return every registered restorer, by name: the order in which rows are locked is always the same."""
    return tuple(_restorers[name] for name in sorted(_restorers))


def register_system(kind: str, system: OutsideSystem) -> None:
    """Say which system undoes effects of one kind; without one a person does it and confirms."""
    _systems[kind] = system


def system_for(kind: str) -> OutsideSystem | None:
    """Return the system that undoes effects of one kind, or None."""
    return _systems.get(kind)
