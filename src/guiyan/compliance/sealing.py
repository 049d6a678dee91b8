"""Sealing what was entered, found and noted about somebody, under that person's own key."""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any, Protocol
from uuid import UUID

from guiyan.platform import crypto

RETENTION = "contract"
TEXT_MAX = 5000
JSON_BYTES_MAX = 256 * 1024


class Placed(Protocol):
    """A row that knows where each of its sealed fields belongs, and under whose key."""

    @property
    def key_id(self) -> UUID:
        """Whose key seals the row."""

    def where(self, field: str) -> str:
        """Where the content of one field is sealed."""


def written(value: object) -> str:
    """Return JSON in its one spelling: keys sorted, no spaces. Raises ``TypeError`` for what JSON does not hold."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def seal(row: Placed, field: str, text: str) -> bytes:
    """Return ``text`` sealed for a field of a row."""
    return crypto.seal(crypto.subject_key(row.key_id, RETENTION), text.encode(), where=row.where(field))


class Opened:
    """Opens what is sealed under the keys of the given rows, fetched at once; nothing opens when one was destroyed."""

    def __init__(self, rows: list[Any]) -> None:
        self._owners = [row.key_id for row in rows]

    @cached_property
    def _keys(self) -> dict[UUID, bytes]:
        return crypto.subject_keys(self._owners, RETENTION)

    def text(self, row: Placed, field: str) -> str | None:
        """Return the text sealed in ``sealed_<field>``; None once the key is gone."""
        key = self._keys.get(row.key_id)
        if key is None:
            return None
        return crypto.unseal(key, bytes(getattr(row, f"sealed_{field}")), where=row.where(field)).decode()

    def json(self, row: Placed, field: str) -> Any:
        """Return the JSON sealed in ``sealed_<field>``; None once the key is gone."""
        text = self.text(row, field)
        return None if text is None else json.loads(text)
