"""Sealing what people wrote, and the files of a case, under the person's own key."""

from __future__ import annotations

import hashlib
from datetime import datetime
from functools import cached_property
from typing import Protocol
from uuid import UUID

from guiyan.platform import crypto
from guiyan.platform.ids import new_id
from guiyan.platform.models import StoredFile

RETENTION = "contract"
PDF = "application/pdf"


class Placed(Protocol):
    """A row that knows where each of its sealed texts belongs."""

    def where(self, field: str) -> str:
        """Where the text of one field is sealed."""


def seal(person_id: UUID, row: Placed, field: str, text: str | bytes) -> bytes | None:
    """Return ``text`` sealed for a field of a row; None for nothing."""
    if not text:
        return None
    data = text.encode() if isinstance(text, str) else text
    return crypto.seal(crypto.subject_key(person_id, RETENTION), data, where=row.where(field))


class Texts:
    """Opens what is sealed under one person's key, which is read once; nothing opens when it was destroyed."""

    def __init__(self, person_id: UUID) -> None:
        self._person_id = person_id

    @cached_property
    def key(self) -> bytes | None:
        """The person's key, or None once it was destroyed."""
        try:
            return crypto.subject_key(self._person_id, RETENTION)
        except crypto.Erased:
            return None

    def open(self, row: Placed, field: str, sealed: bytes | memoryview[int] | None) -> str:
        """Return the text sealed in a field; empty for none, and when the key is gone."""
        if sealed is None or self.key is None:
            return ""
        return crypto.unseal(self.key, bytes(sealed), where=row.where(field)).decode()

    def file_name(self, row: StoredFile) -> str:
        """Return the name a file of this person came with; empty when the key is gone."""
        if self.key is None:
            return ""
        return crypto.unseal(self.key, bytes(row.sealed_name), where=_place(row.id, "name")).decode()


def keep_file(person_id: UUID, data: bytes, media_type: str, name: str, *, now: datetime) -> StoredFile:
    """Keep a file's bytes sealed, named by their digest. Call inside an action."""
    file_id = new_id()
    key = crypto.subject_key(person_id, RETENTION)
    return StoredFile.objects.create(
        id=file_id,
        sha256=hashlib.sha256(data).digest(),
        size=len(data),
        media_type=media_type,
        subject_id=person_id,
        sealed=crypto.seal(key, data, where=_place(file_id, "content")),
        sealed_name=crypto.seal(key, name.encode(), where=_place(file_id, "name")),
        created_at=now,
    )


def file_bytes(row: StoredFile) -> bytes:
    """Return the very bytes of a kept file. Raises ``crypto.Erased`` once the person's key was destroyed."""
    return crypto.unseal(
        crypto.subject_key(row.subject_id, RETENTION), bytes(row.sealed), where=_place(row.id, "content")
    )


def _place(file_id: UUID, part: str) -> str:
    return f"platform_storedfile/{file_id}/{part}"
