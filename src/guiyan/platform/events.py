"""What the platform tells whoever subscribes: flat facts, without a row and without a word of HR."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class AccountChanged:
    """An account was suspended or restored, or a role was given to it or taken from it."""

    user_id: UUID


@dataclass(frozen=True, slots=True)
class DayBegan:
    """A legal day has begun by the tenant's clock; days that went by without a tick are passed over."""

    day: date


@dataclass(frozen=True, slots=True)
class DeadlineMoved:
    """The calendar changed, and a deadline falls on another day: ``move_id`` tells one move from the next.

    An open deadline has moved already. One that had passed is as it was; by the calendar of now its day is still to
    come, and whoever owns it decides what follows.
    """

    move_id: UUID
    owner_kind: str
    owner_id: UUID
    purpose: str
    last_day: date
