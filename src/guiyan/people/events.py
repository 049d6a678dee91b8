"""What people tells whoever subscribes."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class StandingChanged:
    """Who leads or serves somebody is another now: the one person ``person_id``, or (None) any number of people.

    What was entered for a day ahead becomes true without a further event; ``platform.events.DayBegan`` comes then.
    """

    person_id: UUID | None
