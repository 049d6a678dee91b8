"""The company in which figures are entered and findings made, on tenant alpha; each test's writes are rolled back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.process_db.world import World, build

MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai


@pytest.fixture
def monday() -> datetime:
    """Monday 2026-11-23, 10:00 in Shanghai."""
    return MONDAY


@pytest.fixture
def world(tenant: object) -> World:
    """The company."""
    return build(MONDAY)
