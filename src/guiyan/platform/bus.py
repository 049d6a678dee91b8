"""Events: what may become true later, in a context above the one that knows of it.

An action publishes a flat frozen dataclass; every subscriber gets a job of its own that exists when the action commits.
A job may run more than once and after others that were published later: a subscriber reads how things are now and makes
up what is missing, so that a repetition finds nothing to do. What must be true at once is called, not published.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, TypeVar, get_args, get_type_hints
from uuid import UUID

from guiyan.platform import queue
from guiyan.platform.acting import inside_action

E = TypeVar("E")

_WRITERS: dict[type, Callable[[Any], object]] = {UUID: str, date: date.isoformat, datetime: datetime.isoformat}
_READERS: dict[type, Callable[[str], object]] = {
    UUID: UUID,
    date: date.fromisoformat,
    datetime: datetime.fromisoformat,
}
_PLAIN = frozenset({str, int, bool, type(None)})

_subscribed: dict[type, list[tuple[str, str | None]]] = {}


def subscriber(
    event: type[E], name: str, *, lock: str | None = None
) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Have a function called with every ``event``, as the job ``name``; jobs of one tenant that share ``lock`` queue.

    Raises ``TypeError`` when the event is not a frozen dataclass of plain fields.
    """
    kinds = _kinds(event)

    def register(function: Callable[[E], None]) -> Callable[[E], None]:
        @queue.job(name)
        def deliver(told: dict[str, Any]) -> None:
            function(event(**{field: _read(kinds[field], value) for field, value in told.items()}))

        _subscribed.setdefault(event, []).append((name, lock))
        return function

    return register


def publish(event: Any) -> None:
    """Tell every subscriber, in a job each, once the action that is open commits. Call inside an action."""
    assert inside_action(), "an event is published inside an action"
    kinds = _kinds(type(event))
    told = {field: _write(kind, getattr(event, field)) for field, kind in kinds.items()}
    for name, lock in _subscribed.get(type(event), ()):
        queue.defer(name, lock=lock, told=told)


def _kinds(event: type) -> dict[str, type]:
    """Return the type of each field (for "T or None" that is T)."""
    if not dataclasses.is_dataclass(event) or not event.__dataclass_params__.frozen:  # type: ignore[attr-defined]
        raise TypeError(f"{event.__name__} is no frozen dataclass")
    hints = get_type_hints(event)
    kinds: dict[str, type] = {}
    for field in dataclasses.fields(event):
        parts = [kind for kind in get_args(hints[field.name]) or (hints[field.name],) if kind is not type(None)]
        if len(parts) != 1 or not (parts[0] in _PLAIN or parts[0] in _READERS):
            raise TypeError(f"{event.__name__}.{field.name} is not flat")
        kinds[field.name] = parts[0]
    return kinds


def _write(kind: type, value: Any) -> object:
    return value if value is None or kind in _PLAIN else _WRITERS[kind](value)


def _read(kind: type, told: Any) -> object:
    return told if told is None or kind in _PLAIN else _READERS[kind](told)
