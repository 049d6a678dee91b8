"""Text as people and spreadsheets write it: narrowing, trimming, showing a cell, numerals in Chinese."""

import re
import unicodedata
from datetime import date, datetime, time
from decimal import Decimal

from .model import Cell, Value

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_SPACES = dict.fromkeys(
    (
        0x3000,
        0x00A0,
        0x1680,
        0x202F,
        0x205F,
        *range(0x2000, 0x200B),
        0x09,
        0x0A,
        0x0B,
        0x0C,
        0x0D,
        0x85,
        0x2028,
        0x2029,
    ),
    0x20,
)
_VANISH: dict[int, None] = dict.fromkeys(
    (
        *range(0x00, 0x09),
        *range(0x0E, 0x20),
        *range(0x7F, 0x85),
        *range(0x86, 0xA0),
        0x00AD,
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2065),
        *range(0x2066, 0x2070),
        0xFEFF,
        0xFFF9,
        0xFFFA,
        0xFFFB,
    )
)
_DIGIT_FORMS = {
    code: 0x30 + unicodedata.decimal(chr(code))
    for code in range(0x80, 0x20000)
    if unicodedata.category(chr(code)) == "Nd"
}
_NARROW = {**_DIGIT_FORMS, **_FULL_WIDTH, **_SPACES, **_VANISH}
_HYPHENS = dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212, 0xFE63, 0x2500), 0x2D)
_CLEAN = {**_SPACES, **_VANISH}
_RUN = re.compile(r" {2,}")
HAN = r"〇々\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_HAN_GAP = re.compile(rf"(?<=[{HAN}]) +(?=[{HAN}])")
BRACKETED = re.compile(r"[(\[【<]([^()\[\]【】<>]*)[)\]】>]")
PLACEHOLDERS = frozenset(
    {"/", "\\", "-", "--", "---", "//", "无", "空", "n/a", "na", "none", "null", "nil", "无。", ".", "*"}
)
UNDECIDED = frozenset(
    {
        "待定",
        "不详",
        "未知",
        "?",
        "??",
        "???",
        "待补",
        "待补充",
        "待确认",
        "待核实",
        "暂无",
        "暂缺",
        "tbd",
        "unknown",
        "保密",
        "面议",
        "见合同",
    }
)
DITTO = frozenset({"同上", "同前", "同左", "〃", "″", "''", "〃〃", "ditto", '"', "“", "”"})
"""Words that point at another cell; which one is never guessed."""
EXCEL_ERROR = re.compile(
    r"#(?:N/A|DIV/0!|REF!|VALUE!|NAME\?|NULL!|NUM!|SPILL!|CALC!|GETTING_DATA|NOT_CALCULATED)|#{3,}", re.I
)


def narrow(text: str) -> str:
    """Full-width forms become ASCII, every kind of space a space, every kind of hyphen '-', invisible characters
    vanish.

    Han characters are left exactly as they are: compatibility ideographs may be somebody's legal name.
    """
    return text.translate(_NARROW).translate(_HYPHENS).strip()


def tidy(text: str) -> str:
    """Invisible characters and outer spaces removed, runs of spaces joined; width of characters is kept."""
    return _RUN.sub(" ", text.translate(_CLEAN)).strip()


def join_han(text: str) -> str:
    """Spaces between two Han characters removed."""
    return _HAN_GAP.sub("", text)


def label(text: str) -> str:
    """A header or code in comparable form: narrow, without any space, lower case."""
    return narrow(text).replace(" ", "").replace("\u3000", "").lower()


def show(cell: Cell | Value) -> str:  # noqa: PLR0911 - each spelling has its own way out
    """A cell as a person sees it. Whole numbers lose their '.0'; numbers past 15 digits show that digits are gone."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        if cell.is_integer() and abs(cell) < 1e15:
            return str(int(cell))
        return repr(cell).upper() if abs(cell) >= 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, Decimal):
        return canonical(cell)
    return str(cell)


def canonical(value: Value) -> str:
    """The one text of a value, used to compare with what is stored: ISO dates, plain decimals, empty text for
    nothing.
    """
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        plain = format(value, "f")
        return plain.rstrip("0").rstrip(".") if "." in plain else plain
    return str(value)


def empty(cell: Cell) -> bool:
    """True for nothing and for text of spaces and invisible characters only."""
    return cell is None or (isinstance(cell, str) and not tidy(cell))


_DIGITS = {
    "零": 0, "〇": 0, "○": 0, "Ｏ": 0, "一": 1, "壹": 1, "二": 2, "贰": 2, "两": 2, "三": 3, "叁": 3, "四": 4, "肆": 4,
    "五": 5, "伍": 5, "六": 6, "陆": 6, "七": 7, "柒": 7, "八": 8, "捌": 8, "九": 9, "玖": 9,
}  # fmt: skip
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_NUMERAL = re.compile(rf"[{''.join(_DIGITS)}{''.join(_UNITS)}万]+")


def chinese_number(text: str) -> int | None:
    """The whole number a Chinese numeral spells, or None. 二〇二一 is 2021, 十二 is 12, 三千五百 is 3500.

    Colloquial shortenings such as 一万二 are not read: None.
    """
    if not text or not _NUMERAL.fullmatch(text):
        return None
    if all(sign in _DIGITS for sign in text):
        return int("".join(str(_DIGITS[sign]) for sign in text))
    high, _, low = text.rpartition("万")
    if high and "万" in high:
        return None
    upper = _below_wan(high) if high else 0
    lower = _below_wan(low) if low else 0
    if upper is None or lower is None or ("万" in text and (not high or (low and len(low) == 1))):
        return None
    return upper * 10_000 + lower


def _below_wan(text: str) -> int | None:
    total, digit, last_unit = 0, None, 10_000
    zero = False
    for sign in text:
        if sign in _DIGITS:
            if digit is not None:
                return None
            digit, zero = (None, True) if _DIGITS[sign] == 0 else (_DIGITS[sign], zero)
            continue
        unit = _UNITS[sign]
        if unit >= last_unit or (digit is None and unit != 10):
            return None
        total, digit, last_unit, zero = total + (digit or 1) * unit, None, unit, False
    if digit is not None:
        if last_unit not in (10, 10_000) and not zero:
            return None
        total += digit
    return total


def has_lost_characters(text: str) -> bool:
    """True when a character was replaced on the way: question marks, boxes, private-use signs, unassigned codes."""
    return any(sign in "?？□■▯\ufffd" or unicodedata.category(sign) in {"Co", "Cn", "Cs"} for sign in text)
