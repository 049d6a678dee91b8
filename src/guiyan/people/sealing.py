"""Sealing and opening people's values: which key, and where each value belongs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from guiyan.people import masking
from guiyan.people.enums import DocumentType, SensitiveKind
from guiyan.people.models import DeliveryAddress, SensitiveValue, Wage
from guiyan.platform import crypto

CONTRACT = "contract"
PAY = "pay"
"""Retention classes: what must be kept for the labour relationship, and what for the wages."""


def retention_of(kind: str) -> str:
    """Return the retention class of a kind of personal value."""
    return PAY if kind == SensitiveKind.BANK_ACCOUNT else CONTRACT


def reveal_act(kind: str) -> str:
    """Return the action under which a kind of value is shown in full."""
    return "people.reveal_bank" if kind == SensitiveKind.BANK_ACCOUNT else "people.reveal"


def index_of(kind: str, value: str) -> bytes:
    """Return the blind index of a value, however it is spelled; each kind has its own, so that kinds do not compare."""
    return crypto.blind_index(f"people.{kind}", masking.comparable(kind, value))


def open_value(row: SensitiveValue, key: bytes | None = None) -> str:
    """Return a value in full. Raises ``crypto.Erased`` or ``crypto.Tampered``."""
    key = key or crypto.subject_key(row.person_id, retention_of(row.kind))
    return crypto.unseal(key, bytes(row.sealed), where=row.where).decode()


def seal_wage(key: bytes, row: Wage, base: Decimal | None, performance: Decimal | None) -> None:
    """Put the figures of a wage into its row, sealed under the person's pay key."""
    row.sealed_base = _figure(key, base, row.where("base"))
    row.sealed_performance = _figure(key, performance, row.where("performance"))


def _figure(key: bytes, figure: Decimal | None, where: str) -> bytes | None:
    return None if figure is None else crypto.seal(key, str(figure).encode(), where=where)


def open_wage(
    person_id: UUID, row: Wage, keys: Mapping[UUID, bytes] | None = None
) -> tuple[Decimal | None, Decimal | None]:
    """Return base and performance of a wage. Raises ``crypto.Erased`` or ``crypto.Tampered``."""
    key = (keys or {}).get(person_id) or crypto.subject_key(person_id, PAY)
    figures = (("base", row.sealed_base), ("performance", row.sealed_performance))
    base, performance = (
        None if sealed is None else Decimal(crypto.unseal(key, bytes(sealed), where=row.where(name)).decode())
        for name, sealed in figures
    )
    return base, performance


def open_address(row: DeliveryAddress) -> str:
    """Return a delivery address in full. Raises ``crypto.Erased`` or ``crypto.Tampered``."""
    return crypto.unseal(crypto.subject_key(row.person_id, CONTRACT), bytes(row.sealed), where=row.where).decode()


def sealed_values(
    person_id: UUID,
    values: Mapping[str, str],
    document_type: str,
    now: datetime,
    keys: Mapping[str, bytes] | None = None,
) -> list[SensitiveValue]:
    """Return rows, not saved, of a person's values; empty ones are left out.

    ``keys`` holds the person's key by retention class where they were fetched for many at once. Raises ``ValueError``
    for an unknown kind.
    """
    clean = {kind: masking.normal(SensitiveKind(kind), value) for kind, value in values.items()}
    classes = {retention_of(kind) for kind, value in clean.items() if value}
    keys = keys or {each: crypto.subject_key(person_id, each) for each in sorted(classes)}
    return [
        seal_value(SensitiveValue(person_id=person_id, kind=kind), value, document_type, now, keys[retention_of(kind)])
        for kind, value in clean.items()
        if value
    ]


def seal_value(row: SensitiveValue, clean: str, document_type: str, now: datetime, key: bytes) -> SensitiveValue:
    """Put a normal value into its row: sealed, masked, indexed."""
    row.document_type = DocumentType(document_type) if row.kind == SensitiveKind.ID_DOCUMENT else ""
    row.sealed = crypto.seal(key, clean.encode(), where=row.where)
    row.mask = masking.mask(row.kind, clean)
    row.index = index_of(row.kind, clean)
    row.changed_at = now
    return row
