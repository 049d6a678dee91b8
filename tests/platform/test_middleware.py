"""Looking never writes: PostgreSQL refuses, whatever a view tries."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection

from guiyan.platform.middleware import read_only_transaction
from guiyan.platform.models import User


def _write(moment: Any) -> None:
    User.objects.create(username="sneak", display_name="sneak", created_at=moment)


def test_a_read_cannot_write(committing: Any, now: Any) -> None:
    with pytest.raises(DatabaseError, match="read-only"), read_only_transaction():
        assert User.objects.count() == 0
        _write(now)
    _write(now)
    assert User.objects.count() == 1, "the connection writes again afterwards"


def test_a_read_inside_a_transaction_cannot_write_either(tenant: Any, now: Any) -> None:
    with pytest.raises(DatabaseError, match="read-only"), read_only_transaction():
        _write(now)
    _write(now)
    assert User.objects.filter(username="sneak").exists()


def test_a_connection_lost_inside_a_read_is_reported_and_replaced(committing: Any) -> None:
    with pytest.raises(DatabaseError), read_only_transaction():
        connection.connection.close()
        User.objects.count()
    connection.close()
    assert User.objects.count() == 0
