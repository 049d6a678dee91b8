"""The company in which the story plays, on tenant alpha; each test's writes are rolled back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from guiyan.documents import rendering
from guiyan.platform import tenancy
from tests.process_db.world import World, build

MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai


_SET: dict[tuple[str, str], object] = {}


@pytest.fixture(autouse=True)
def each_document_is_set_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same values give the same bytes, so a document that was set before need not be set again."""
    compile_it = rendering._compile

    def remembered(*told: Any, **how: Any) -> Any:
        key = (repr(told), repr(how) + tenancy.required().schema_name)
        if key not in _SET:
            _SET[key] = compile_it(*told, **how)
        return _SET[key]

    monkeypatch.setattr(rendering, "_compile", remembered)


@pytest.fixture
def monday() -> datetime:
    """Monday 2026-11-23, 10:00 in Shanghai."""
    return MONDAY


@pytest.fixture
def world(tenant: object) -> World:
    """The company."""
    return made()


def made() -> World:
    """Make the company."""
    return build(MONDAY)
