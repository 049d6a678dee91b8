"""When something happened, as exactly as it is known: a moment, or only its civil day in Asia/Shanghai."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from guiyan.kernel.calendar import legal_day


class Order(StrEnum):
    """How one event lies to another."""

    BEFORE = "before"
    TOGETHER = "together"
    AFTER = "after"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class When:
    """A civil day and, where it is known, the aware moment on it."""

    day: date
    moment: datetime | None

    @classmethod
    def at(cls, moment: datetime) -> When:
        """An event whose moment is known. Raises ValueError for a naive moment."""
        return cls(legal_day(moment), moment)

    @classmethod
    def on(cls, day: date) -> When:
        """An event of which only the day is known."""
        return cls(day, None)

    def order(self, other: When) -> Order:
        """Whether this came before, together with or after the other.

        Two events known by day only, on one day, count as together. When only one of them has a time the order on that
        day is unknown.
        """
        if self.moment is not None and other.moment is not None:
            if self.moment == other.moment:
                return Order.TOGETHER
            return Order.BEFORE if self.moment < other.moment else Order.AFTER
        if self.day != other.day:
            return Order.BEFORE if self.day < other.day else Order.AFTER
        return Order.TOGETHER if self.moment is None and other.moment is None else Order.UNKNOWN
