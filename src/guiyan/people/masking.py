"""What of a personal value may stand in a list: enough to recognise it by, too little to use it."""

from __future__ import annotations

import re

from guiyan.people.enums import AddressKind, SensitiveKind

MASK_MAX = 120
_SPACE = re.compile(r"[\s\-]+")
_HIDDEN = "****"


def normal(kind: str, value: str) -> str:
    """Return the form of a value that is stored: spaces and hyphens are gone where they mean nothing."""
    text = value.strip()
    if kind in {SensitiveKind.ID_DOCUMENT, SensitiveKind.BANK_ACCOUNT}:
        return _SPACE.sub("", text).upper()
    return text


def comparable(kind: str, value: str) -> str:
    """Return the form by which equal values are found, however they were written."""
    text = normal(kind, value)
    if kind in {SensitiveKind.MOBILE, SensitiveKind.MOBILE_SPARE, SensitiveKind.EMERGENCY_PHONE}:
        return _SPACE.sub("", text)
    return text.lower() if kind == SensitiveKind.PERSONAL_EMAIL else text


def mask(kind: str, value: str) -> str:
    """Return the masked form of a normal value of one kind."""
    makers = {
        SensitiveKind.ID_DOCUMENT: _document,
        SensitiveKind.MOBILE: _phone,
        SensitiveKind.MOBILE_SPARE: _phone,
        SensitiveKind.EMERGENCY_PHONE: _phone,
        SensitiveKind.PERSONAL_EMAIL: _email,
        SensitiveKind.HOME_ADDRESS: _address,
        SensitiveKind.BANK_ACCOUNT: _account,
        SensitiveKind.EMERGENCY_NAME: _name,
    }
    return makers[SensitiveKind(kind)](value)[:MASK_MAX] if kind in makers else _HIDDEN


def mask_address(kind: str, value: str) -> str:
    """Return the masked form of a delivery address."""
    makers = {AddressKind.POSTAL: _address, AddressKind.EMAIL: _email, AddressKind.MOBILE: _phone}
    return makers[AddressKind(kind)](value)[:MASK_MAX] if kind in makers else _name(value)[:MASK_MAX]


def _ends(value: str, head: int, tail: int) -> str:
    """Show the ends only of what is long enough to hide at least as much as it shows."""
    if len(value) < 2 * (head + tail) - 3:
        return _HIDDEN
    return f"{value[:head]}{'*' * (len(value) - head - tail)}{value[-tail:]}"


def _phone(value: str) -> str:
    return _ends(value, 3, 4)


def _document(value: str) -> str:
    return _ends(value, 3, 4) if len(value) >= 15 else _ends(value, 1, 2)


def _account(value: str) -> str:
    return f"{_HIDDEN} {value[-4:]}" if len(value) >= 10 else _HIDDEN


def _email(value: str) -> str:
    name, _, domain = value.partition("@")
    return f"{name[:1]}***@{domain}" if domain else _HIDDEN


def _address(value: str) -> str:
    return f"{value[:6]}{_HIDDEN}" if len(value) >= 12 else _HIDDEN


def _name(value: str) -> str:
    return f"{value[:1]}{'*' * max(1, len(value) - 1)}" if value else _HIDDEN
