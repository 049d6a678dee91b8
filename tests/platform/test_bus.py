"""An event reaches every subscriber in a job of its own, after the commit, as what it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from procrastinate.contrib.django import app

from guiyan.platform import bus
from guiyan.platform.acting import Refused, action
from guiyan.platform.ids import new_id
from guiyan.platform.permissions import SYSTEM, Viewer

_heard: list[tuple[str, object]] = []


@dataclass(frozen=True, slots=True)
class Happened:
    """Everything that an event may hold."""

    who: UUID
    whom: UUID | None
    on: date
    at: datetime
    what: str
    times: int
    sure: bool


@bus.subscriber(Happened, "test.first")
def _first(event: Happened) -> None:
    _heard.append(("first", event))


@bus.subscriber(Happened, "test.second", lock="test")
def _second(event: Happened) -> None:
    _heard.append(("second", event))


@action("test.publish")
def _publish(_viewer: Viewer, event: Any, *, refuse: bool = False) -> None:
    bus.publish(event)
    if refuse:
        raise Refused("rule", "no")


def _work() -> None:
    with app.replace_connector(app.connector.get_worker_connector()) as running:  # type: ignore[attr-defined]
        running.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)


@pytest.fixture(autouse=True)
def _forget() -> None:
    _heard.clear()


def _event(whom: UUID | None) -> Happened:
    return Happened(new_id(), whom, date(2026, 11, 24), datetime(2026, 11, 24, 4, tzinfo=UTC), "离职", 2, sure=True)


@pytest.mark.parametrize("whom", [None, new_id()])
def test_every_subscriber_hears_what_was_published(committing: Any, whom: UUID | None) -> None:
    event = _event(whom)
    _publish(SYSTEM, event)
    assert _heard == []
    _work()
    assert sorted(_heard, key=lambda each: each[0]) == [("first", event), ("second", event)]


def test_what_was_rolled_back_was_not_published(committing: Any) -> None:
    with pytest.raises(Refused):
        _publish(SYSTEM, _event(None), refuse=True)
    _work()
    assert _heard == []


def test_an_event_is_published_inside_an_action(tenant: Any) -> None:
    with pytest.raises(AssertionError, match="inside an action"):
        bus.publish(_event(None))


@dataclass
class _Changing:
    who: UUID


@dataclass(frozen=True)
class _Nested:
    who: tuple[UUID, ...]


@dataclass(frozen=True)
class _Either:
    who: UUID | str


@pytest.mark.parametrize("kind", [_Changing, _Nested, _Either, dict])
def test_an_event_is_flat_and_frozen(kind: type) -> None:
    with pytest.raises(TypeError):
        bus.subscriber(kind, "test.never")
