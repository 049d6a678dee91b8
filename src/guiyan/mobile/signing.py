"""A signature by hand, as the page sends it: checked in every dimension before anything is made of it.

The reading gate and the pad are comfort. What counts is here: when the document was first shown, that its digest is
still the same, that somebody confirmed to be themselves a moment ago, and that there are strokes.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PNG_HEAD = "data:image/png;base64,"
PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
PNG_BYTES_MAX = 400_000
STROKES_MAX = 400
POINTS_MAX = 20_000
POINTS_MIN = 8
"""Fewer points are a slip of the finger, not a name."""


@dataclass(frozen=True)
class Drawn:
    """A signature: the picture, and the strokes (a list of lists of x, y, pressure, milliseconds) as compact JSON."""

    png: bytes
    strokes: str


class Unsigned(ValueError):
    """What was sent is no signature; ``text`` says so to the person."""

    def __init__(self, text: str | Promise) -> None:
        super().__init__(str(text))
        self.text = text


def drawn(sent: str) -> Drawn:
    """Return the signature that a page sent. Raises ``Unsigned`` for everything that is none."""
    if not sent:
        raise Unsigned(_("还没有签名，请在签名区写下您的姓名。"))
    try:
        told = json.loads(sent)
        png = _png(told["png"])
        strokes = [_stroke(stroke) for stroke in _list(told["strokes"], STROKES_MAX)]
    except (ValueError, KeyError, TypeError, binascii.Error) as error:
        raise Unsigned(_("签名没有完整送到，请重新签一次。")) from error
    points = sum(map(len, strokes))
    if points > POINTS_MAX:
        raise Unsigned(_("签名太复杂，请重新签一次。"))
    if points < POINTS_MIN:
        raise Unsigned(_("签名太短，请写下您的姓名。"))
    return Drawn(png, json.dumps(strokes, separators=(",", ":")))


def _list(value: Any, most: int) -> list[Any]:
    if not isinstance(value, list) or len(value) > most:
        raise ValueError(value)
    return value


def _png(value: str) -> bytes:
    if not value.startswith(PNG_HEAD) or len(value) > PNG_BYTES_MAX * 4 // 3 + len(PNG_HEAD) + 4:
        raise ValueError(value[:30])
    png = base64.b64decode(value[len(PNG_HEAD) :], validate=True)
    if not png.startswith(PNG_MAGIC):
        raise ValueError(value[:30])
    return png


def _stroke(value: Any) -> list[list[float]]:
    points = value["points"] if isinstance(value, dict) else value
    return [
        [round(float(point["x"]), 1), round(float(point["y"]), 1), round(float(point.get("pressure", 0)), 2),
         int(point.get("time", 0))]
        for point in _list(points, POINTS_MAX)
    ]  # fmt: skip


def read_milliseconds(sent: str) -> int:
    """Return how long the page says it was looked at, 0 when it says nothing sensible."""
    return min(int(sent), 86_400_000) if sent.isdecimal() and len(sent) < 10 else 0
