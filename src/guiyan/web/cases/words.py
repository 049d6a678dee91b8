"""How cases are said on the desktop: states with their tones, days, articles."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.utils.translation import get_language

from guiyan.kernel.results import Authority, Verdict, Words
from guiyan.platform import clock
from guiyan.separation.enums import CaseStatus, EffectKind, EffectState, WithdrawalStatus

STATUS_TONES = {
    CaseStatus.AWAITING_WRITING: "warn",
    CaseStatus.MEANING_OPEN: "warn",
    CaseStatus.OFFER: "cyan",
    CaseStatus.RUNNING: "brand",
    CaseStatus.DECLINED: "neutral",
    CaseStatus.DISPUTED: "bad",
    CaseStatus.WITHDRAWN: "ok",
    CaseStatus.RESTORED: "ok",
    CaseStatus.SUPERSEDED: "ok",
    CaseStatus.ENDED: "neutral",
}
WITHDRAWAL_TONES = {
    WithdrawalStatus.BEFORE_ARRIVAL: "ok",
    WithdrawalStatus.PENDING: "brand",
    WithdrawalStatus.CONSENTED: "ok",
    WithdrawalStatus.REFUSED: "neutral",
    WithdrawalStatus.UNANSWERED: "warn",
    WithdrawalStatus.DISPUTED: "bad",
}
EFFECT_TONES = {EffectState.ORDERED: "warn", EffectState.CONFIRMED: "ok", EffectState.FAILED: "bad"}
EFFECT_ICONS = {
    EffectKind.MAIL_ACCOUNT: "mail",
    EffectKind.ACCESS_CARD: "id-badge-2",
    EffectKind.SOCIAL_INSURANCE: "umbrella",
    EffectKind.PAYROLL: "cash",
}
VERDICT_TONES = {
    Verdict.ALLOWED: "ok",
    Verdict.ALLOWED_WITH_CONDITIONS: "warn",
    Verdict.PROHIBITED: "bad",
    Verdict.EXTENDED: "bad",
    Verdict.INDETERMINATE: "violet",
}


def is_english() -> bool:
    """Whether the reader reads English."""
    return (get_language() or "").startswith("en")


def say(words: Words) -> str:
    """Return a sentence of the law in the reader's language."""
    return words.en if is_english() else words.zh


def cites(authorities: Iterable[Authority]) -> str:
    """Return authorities in the reader's language, one after the other."""
    return ("; " if is_english() else "，").join(each.english if is_english() else str(each) for each in authorities)


def moment(value: datetime | None) -> str:
    """Say a moment to the minute, on the clock of the legal zone."""
    return f"{value.astimezone(clock.LEGAL_ZONE):%Y-%m-%d %H:%M}" if value else ""


def short(value: datetime | None) -> str:
    """Say a moment without its year."""
    return f"{value.astimezone(clock.LEGAL_ZONE):%m-%d %H:%M}" if value else ""


def day(value: date | None) -> str:
    """Say a day."""
    return value.isoformat() if value else ""
