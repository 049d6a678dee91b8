"""A real tenant's clock cannot move; a simulation's moves forward only; the legal day is Shanghai's."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction

from guiyan.platform import clock


def test_a_real_tenants_clock_does_not_move(tenant: Any) -> None:
    with pytest.raises(clock.ClockRefused):
        clock.move_to(clock.wall() + timedelta(days=1))


def test_a_real_tenants_role_cannot_write_the_offset(tenant: Any) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute("INSERT INTO platform_clock (id, \"offset\") VALUES (1, '9 days')")


def test_a_simulations_clock_moves_forward(simulation: Any) -> None:
    target = clock.wall() + timedelta(days=40)
    clock.move_to(target)
    assert timedelta() <= clock.now() - target < timedelta(minutes=1)
    with pytest.raises(clock.ClockRefused):
        clock.move_to(target - timedelta(days=1))
    assert clock.now() >= target


def test_a_simulation_may_begin_in_the_past(simulation: Any) -> None:
    begin = datetime(2024, 3, 1, 1, 0, tzinfo=UTC)
    clock.move_to(begin)
    assert clock.today() == date(2024, 3, 1)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 11, 24, 15, 59, 59, tzinfo=UTC), date(2026, 11, 24)),
        (datetime(2026, 11, 24, 16, 0, tzinfo=UTC), date(2026, 11, 25)),
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), date(2027, 1, 1)),
    ],
)
def test_the_legal_day_is_the_civil_day_in_shanghai(moment: datetime, day: date) -> None:
    assert clock.legal_day(moment) == day


def test_a_moment_without_a_zone_has_no_legal_day() -> None:
    with pytest.raises(ValueError, match="zone"):
        clock.legal_day(datetime(2026, 1, 1))  # noqa: DTZ001  that is the point
