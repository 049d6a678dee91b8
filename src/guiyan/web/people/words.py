"""How people's codes are said on a page: the words of each closed vocabulary, and the tone that goes with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guiyan.people.enums import (
    AddressKind,
    ConfirmedHow,
    ContractKind,
    DocumentType,
    EndKind,
    ProtectionKind,
    ProtectionSource,
    SensitiveKind,
    Sex,
    SpellStatus,
)

SOON_DAYS = 45
"""An end within this many days is shown in a warning tone."""
STATUS_TONES = {SpellStatus.ACTIVE: "ok", SpellStatus.LEAVING: "warn", SpellStatus.ENDED: "neutral"}
ADDRESS_ICONS = {
    AddressKind.POSTAL: "map-pin",
    AddressKind.EMAIL: "mail",
    AddressKind.MOBILE: "device-mobile-message",
    AddressKind.WECOM: "brand-wechat",
}


@dataclass(frozen=True)
class Badge:
    """A state as a badge shows it."""

    label: str
    tone: str


def _label(vocabulary: type[TextChoices], code: str) -> str:
    return str(vocabulary(code).label) if code else ""


def sex(code: str) -> str:
    """Say a sex."""
    return _label(Sex, code)


def contract_kind(code: str) -> str:
    """Say a kind of contract."""
    return _label(ContractKind, code)


def end_kind(code: str) -> str:
    """Say how an employment ended."""
    return _label(EndKind, code)


def protection_kind(code: str) -> str:
    """Say a kind of protection."""
    return _label(ProtectionKind, code)


def protection_source(code: str) -> str:
    """Say how a protection is known."""
    return _label(ProtectionSource, code)


def sensitive_kind(code: str) -> str:
    """Say a kind of personal value."""
    return _label(SensitiveKind, code)


def document_type(code: str) -> str:
    """Say a kind of identity document."""
    return _label(DocumentType, code)


def address_kind(code: str) -> str:
    """Say a kind of delivery address."""
    return _label(AddressKind, code)


def confirmed_how(code: str) -> str:
    """Say how a delivery address was confirmed."""
    return _label(ConfirmedHow, code)


def spell_status(code: str) -> Badge:
    """Return the badge of where a spell stands."""
    status = SpellStatus(code)
    return Badge(str(status.label), STATUS_TONES[status])


def tone_of_day(day: date | None, today: date) -> str:
    """Return the tone for a day ahead: past and near ones stand out."""
    if day is None:
        return "neutral"
    left = (day - today).days
    return "bad" if left < 0 else "warn" if left <= SOON_DAYS else "neutral"


def left_of(day: date, today: date) -> str:
    """Say how far a day is from today."""
    left = (day - today).days
    if left == 0:
        return _("今天")
    if left < 0:
        return ngettext("已过 %(n)d 天", "已过 %(n)d 天", -left) % {"n": -left}
    return ngettext("还有 %(n)d 天", "还有 %(n)d 天", left) % {"n": left}


def length_of(first: date, last: date) -> str:
    """Say how long it is from one day to another, in years and months."""
    months = (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)
    years, months = divmod(max(0, months), 12)
    said = []
    if years:
        said.append(ngettext("%(n)d 年", "%(n)d 年", years) % {"n": years})
    if months or not years:
        said.append(ngettext("%(n)d 个月", "%(n)d 个月", months) % {"n": months})
    return " ".join(said)
