"""What contexts above tell compliance: whose a case is, and which open cases the law has to be asked about again.

Registered at start-up, by name; the same name again replaces the former source.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class OpenCase:
    """An open case as a question to the law: whose, under which number people know it, and what is asked.

    ``kind`` and ``topic`` as in ``judging``; ``facts`` is the frozen dataclass that the rule takes, ``as_of`` the day
    whose law applies, ``region`` the place (None: national rules only).
    """

    case_id: UUID
    person_id: UUID
    number: str
    kind: str
    topic: str
    facts: Any
    as_of: date
    region: str | None


class OpenCases(Protocol):
    """A context's open cases. It reads as the gate; what is shown of them depends on who looks."""

    name: str

    def person_of(self, case_id: UUID) -> UUID | None:
        """Return whose a case is, or None for a case that is not this context's."""

    def open_cases(self, on: date) -> Iterable[OpenCase]:
        """Return the questions of every case that is open on a day."""


_sources: dict[str, OpenCases] = {}


def register_open_cases(source: OpenCases) -> None:
    """Have a context's open cases judged again when a figure or the law changes."""
    _sources[source.name] = source


def drop_open_cases(name: str) -> None:
    """Forget a source (an industry pack that was switched off)."""
    _sources.pop(name, None)


def person_of_case(case_id: UUID) -> UUID | None:
    """Return whose a case is, or None when no registered context knows it."""
    return next((found for source in _sources.values() if (found := source.person_of(case_id)) is not None), None)


def open_cases(on: date) -> tuple[OpenCase, ...]:
    """Return the questions of every registered context's open cases, by the context's name."""
    return tuple(case for name in sorted(_sources) for case in _sources[name].open_cases(on))
