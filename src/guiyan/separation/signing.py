"""What a signature needs before it counts: the very document that was shown, read to its end, by its owner."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from guiyan.documents.rendering import Document
from guiyan.platform.acting import Refused, Stale
from guiyan.platform.clock import legal_day
from guiyan.separation.enums import IdentityMethod
from guiyan.separation.letters import Paper

SECONDS_MIN: Final = 3
STROKES_BYTES_MAX: Final = 256 * 1024
PNG_BYTES_MAX: Final = 512 * 1024
PNG_MAGIC: Final = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True, slots=True)
class Identity:
    """How and when the account proved again that it is its owner (a value of ``IdentityMethod``; aware)."""

    method: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Signing:
    """A signature as the page sends it.

    ``paper`` and ``sha256`` name the previewed document; ``opened_at``, ``reached_end`` and ``seconds`` are the
    reading gate; ``strokes`` JSON: a list of strokes, each a list of points; ``png`` the picture of them.
    """

    paper: Paper
    sha256: str
    opened_at: datetime
    reached_end: bool
    seconds: int
    strokes: str
    png: bytes
    identity: Identity | None


def check(signing: Signing, document: Document, *, now: datetime) -> Identity:
    """Return who proved to be there. Raises ``Refused`` or ``Stale`` with what is missing, the document first."""
    if signing.sha256 != document.sha256:
        raise Stale("letter_changed", _("信的内容在预览之后有变化，请重新预览后再签名。"))
    if legal_day(signing.paper.at) != legal_day(now):
        raise Stale("letter_of_another_day", _("信上的日期已经不是今天，请重新预览后再签名。"))
    if not signing.reached_end or signing.seconds < SECONDS_MIN:
        raise Refused("not_read", _("请先把全文看完，再签名。"))
    if not _drawn(signing.strokes) or not _picture(signing.png):
        raise Refused("signature_missing", _("请在签名区手写签名。"))
    if signing.identity is None or signing.identity.method not in IdentityMethod.values:
        raise Refused("identity_missing", _("签名前请再次核验身份。"))
    return signing.identity


def _drawn(strokes: str) -> bool:
    if not 0 < len(strokes.encode()) <= STROKES_BYTES_MAX:
        return False
    try:
        told = json.loads(strokes)
    except ValueError:
        return False
    return isinstance(told, list) and any(told)


def _picture(png: bytes) -> bool:
    return png.startswith(PNG_MAGIC) and len(png) <= PNG_BYTES_MAX
