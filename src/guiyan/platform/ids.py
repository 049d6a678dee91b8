"""Identifiers of rows: they sort by when this machine made them, and say nothing of business time."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from guiyan.kernel.ids import uuid7


def new_id() -> UUID:
    """Return a fresh UUID of version 7."""
    return uuid7(datetime.now(UTC))
