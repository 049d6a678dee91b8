"""Identifiers that sort by time: UUID version 7 (RFC 9562, section 5.7)."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from uuid import UUID

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_VERSION = 0x7
_VARIANT = 0b10


def uuid7(moment: datetime, entropy: bytes | None = None) -> UUID:
    """A UUIDv7 of `moment` (aware, kept to the millisecond) and ten bytes of entropy, drawn from the system if absent.

    Raises ValueError for a naive moment, one before 1970 or too late for 48 bits, or entropy of another length.
    """
    if moment.utcoffset() is None:
        raise ValueError("an identifier needs an aware moment")
    millis = (moment - EPOCH) // timedelta(milliseconds=1)
    if not 0 <= millis < 1 << 48:
        raise ValueError(f"moment outside the range of a UUIDv7: {moment.isoformat()}")
    noise = secrets.token_bytes(10) if entropy is None else entropy
    if len(noise) != 10:
        raise ValueError("entropy is ten bytes")
    bits = int.from_bytes(noise, "big")
    rand_a, rand_b = bits >> 68, bits & ((1 << 62) - 1)
    return UUID(int=millis << 80 | _VERSION << 76 | rand_a << 64 | _VARIANT << 62 | rand_b)


def moment_of(identifier: UUID) -> datetime:
    """The moment, in UTC to the millisecond, at which a UUIDv7 was made. Raises ValueError for another version."""
    if identifier.version != _VERSION:
        raise ValueError(f"not a UUIDv7: {identifier}")
    return EPOCH + timedelta(milliseconds=identifier.int >> 80)
