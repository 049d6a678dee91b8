"""Encryption per field: AES-256-GCM under a key per tenant, subject and retention class, and blind indexes for look-up.

The master key lies in a file outside the database. A tenant's key is derived from it; a subject's key is random and
kept wrapped by the tenant's key, so that destroying one row makes one subject's data of one class unreadable for good.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from guiyan.platform import home, tenancy
from guiyan.platform.models import SubjectKey

NONCE_BYTES = 12
INDEX_BYTES = 16
VERSION = b"\x01"


class Erased(LookupError):
    """The subject's key was destroyed: the value is gone lawfully."""


class Tampered(ValueError):
    """A sealed value does not open: it was altered, moved to another row, or sealed under another key."""


def _tenant_key(purpose: str) -> bytes:
    return home.derive(home.MASTER_KEY, f"tenant:{tenancy.required().schema_name}:{purpose}")


def _wrap(dek: bytes, subject: UUID, retention: str) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return VERSION + nonce + AESGCM(_tenant_key("kek")).encrypt(nonce, dek, f"{subject}/{retention}".encode())


def _unwrap(wrapped: bytes, subject: UUID, retention: str) -> bytes:
    return _open(_tenant_key("kek"), wrapped, f"{subject}/{retention}".encode())


def _open(key: bytes, sealed: bytes, aad: bytes) -> bytes:
    if sealed[:1] != VERSION:
        raise Tampered("unknown version of a sealed value")
    try:
        return AESGCM(key).decrypt(sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :], aad)
    except InvalidTag as error:
        raise Tampered("a sealed value does not open") from error


def subject_key(subject: UUID, retention: str) -> bytes:
    """Return the 32-byte key of a subject's data of one retention class, making it when there is none.

    Raises ``Erased`` when it was destroyed. Call inside a transaction: the key is a row.
    """
    row = SubjectKey.objects.filter(subject_id=subject, retention=retention).first()
    if row is None:
        SubjectKey.objects.bulk_create(
            [SubjectKey(subject_id=subject, retention=retention, wrapped=_wrap(os.urandom(32), subject, retention))],
            ignore_conflicts=True,
        )
        row = SubjectKey.objects.get(subject_id=subject, retention=retention)
    if row.wrapped is None:
        raise Erased(str(subject))
    return _unwrap(bytes(row.wrapped), subject, retention)


def subject_keys(subjects: list[UUID], retention: str) -> dict[UUID, bytes]:
    """Return many subjects' keys at once, making those that are missing; destroyed ones are left out."""
    wanted = list(dict.fromkeys(subjects))
    rows = {row.subject_id: row for row in SubjectKey.objects.filter(subject_id__in=wanted, retention=retention)}
    missing = [subject for subject in wanted if subject not in rows]
    if missing:
        SubjectKey.objects.bulk_create(
            [
                SubjectKey(subject_id=subject, retention=retention, wrapped=_wrap(os.urandom(32), subject, retention))
                for subject in missing
            ],
            ignore_conflicts=True,
            batch_size=1000,
        )
        made = SubjectKey.objects.filter(subject_id__in=missing, retention=retention)
        rows.update({row.subject_id: row for row in made})
    return {
        subject: _unwrap(bytes(row.wrapped), subject, retention)
        for subject, row in rows.items()
        if row.wrapped is not None
    }


def seal(key: bytes, value: bytes, *, where: str) -> bytes:
    """Return ``value`` encrypted under ``key``; ``where`` (table/row/field) must be the same to open it again."""
    nonce = os.urandom(NONCE_BYTES)
    return VERSION + nonce + AESGCM(key).encrypt(nonce, value, where.encode())


def unseal(key: bytes, sealed: bytes, *, where: str) -> bytes:
    """Return the value sealed at ``where``. Raises ``Tampered`` when it was altered or moved."""
    return _open(key, bytes(sealed), where.encode())


def blind_index(field: str, value: str) -> bytes:
    """Return 16 bytes that are equal for equal values of one field of one tenant, and say nothing else."""
    return hmac.new(_tenant_key(f"index:{field}"), value.encode(), hashlib.sha256).digest()[:INDEX_BYTES]
