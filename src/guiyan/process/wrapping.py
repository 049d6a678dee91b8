"""Breaking labels into lines: Chinese breaks between characters, Latin between words, and lines come out even."""

import re
import unicodedata

_UNITS = re.compile(r"[A-Za-z0-9_.'’-]+|\s+|.")
_NOT_FIRST = "，。：；、？！）》”’%,.:;?!)"
_NOT_LAST = "（《“‘("


def width_em(text: str) -> float:
    """The estimated width of the text in units of its font size: 1 for a Chinese character, about half for Latin."""
    return sum(1.0 if unicodedata.east_asian_width(c) in "WFA" else 0.56 for c in text)


def is_upright(text: str) -> bool:
    """Whether the text can be set from top to bottom, one character under the other."""
    return bool(text) and all(unicodedata.east_asian_width(c) in "WF" for c in text)


def wrap(text: str, limit_em: float) -> tuple[str, ...]:
    """The text in as few lines of at most `limit_em` as it needs, made as even as they can be; nothing is cut off.

    A single word wider than the limit stands on a line of its own.
    """
    lines = _filled(text, limit_em)
    if len(lines) < 2:
        return lines
    narrow = limit_em
    while narrow > 1:
        tighter = _filled(text, narrow - 0.5)
        if len(tighter) > len(lines):
            break
        lines, narrow = tighter, narrow - 0.5
    return lines


def _filled(text: str, limit_em: float) -> tuple[str, ...]:
    lines: list[str] = []
    line = ""
    for unit in _units(text):
        if line and width_em((line + unit).rstrip()) > limit_em:
            lines.append(line.rstrip())
            line = unit.lstrip()
        else:
            line += unit
    if line.strip():
        lines.append(line.rstrip())
    return tuple(lines)


def _units(text: str) -> list[str]:
    """The pieces between which a line may break, with punctuation kept on the side where it belongs."""
    units: list[str] = []
    for piece in _UNITS.findall(text):
        if units and (piece in _NOT_FIRST or units[-1][-1] in _NOT_LAST):
            units[-1] += piece
        else:
            units.append(piece)
    return units
