"""Dates as rosters write them. One reading: taken. Several: asked. None: refused. The order and century are never
guessed.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from .limits import EARLIEST_YEAR
from .model import Cell, Choice
from .reads import NOTHING, Context, Fix, Read, ask, deny, use, value
from .text import PLACEHOLDERS, UNDECIDED, chinese_number, narrow

OPEN_WORDS = frozenset(
    {
        "长期",
        "无固定",
        "无固定期",
        "无固定期限",
        "永久",
        "至退休",
        "法定退休",
        "到退休",
        "退休止",
        "不限",
        "无期限",
        "无限期",
        "long-term",
        "permanent",
        "open-ended",
        "indefinite",
    }
)
NOT_YET_WORDS = frozenset({"未转正", "试用期", "试用中", "试用", "未到期", "在职", "至今", "未离职", "未定"})
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED = re.compile(
    rf"(?:(\d{{1,2}})(?:st|nd|rd|th)?[-\s./,]*({'|'.join(_MONTHS)})[a-z]*[-\s./,]*(\d{{4}}|\d{{2}}))$", re.I
)
_NAMED_FIRST = re.compile(rf"({'|'.join(_MONTHS)})[a-z]*[-\s./]*(\d{{1,2}})(?:st|nd|rd|th)?[-\s.,/]+(\d{{4}})$", re.I)
_WEEKDAY = re.compile(
    r"[(\s]*(?:星期|周)[一二三四五六日天][)\s]*$|^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[,.\s]+|[,\s]+(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*$",
    re.I,
)
_TIME = re.compile(
    r"(?:T|\s)+(?:上午|下午)?\d{1,2}[:时点]\d{1,2}(?:[:分]\d{1,2}(?:\.\d+)?秒?)?分?(?:\s*(?:am|pm))?(?:Z|[+-]\d{2}:?\d{2})?$",
    re.I,
)
_TAIL = re.compile(r"(?:[.,;。、]|号|起|止|日)+$")
_SEPARATOR = r"\s*[-./年月日号,、。_\\·\s]\s*"
_THREE = re.compile(rf"(\d{{1,4}}){_SEPARATOR}(\d{{1,2}}){_SEPARATOR}(\d{{1,4}})$")
_TWO = re.compile(r"(\d{4})\s*[-./年,、_\s]\s*(\d{1,2})\s*月?份?$|(\d{1,2})[-/](\d{4})$")
_CHINESE = re.compile(
    r"(\d{4}|[零〇○一二三四五六七八九]{2,4})年([一二三四五六七八九十]{1,3}|\d{1,2})月([一二三四五六七八九十]{1,3}|\d{1,2})$"
)
_CHINESE_MONTH = re.compile(r"([零〇○一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月$")
_LETTERS = str.maketrans(
    {"O": "0", "o": "0", "Q": "0", "l": "1", "I": "1", "i": "1", "|": "1", "Z": "2", "S": "5", "B": "8"}
)
_LETTERED = re.compile(r"[\dOoQlIi|ZSB][\dOoQlIi|ZSB\-./年月日 ]{5,}[\dOoQlIi|ZSB日]?$")
_YEAR = re.compile(r"(\d{4})年?$")
_RANGE = re.compile(
    r"\s*(?:起?至|起?到|起(?=\s*[无长])|~|—+|--+|\bto\b|～)\s*|(?<=[\d日])\s*-\s*(?=(?:19|20)\d{2}[.年/])|(?<=\d)\s+-\s+(?=\d)",
    re.I,
)
_DURATION = re.compile(r"^(?:(\d{1,2})|([一二两三四五六七八九十]{1,2}))\s*(年|个月|year|month)s?期?$", re.I)


_FAR_YEAR = 2090
_NEVER = frozenset({2099, 2199, 2999, 9999})
"""Years by which programs say that something has no end."""
_NO_END = (Choice("no_end", "没有终止日期（无固定期限）", "There is no end (open-ended)", "set", "无固定期限"),)


@dataclass(frozen=True, slots=True)
class _Frame:
    """What is plausible for this cell: the latest year, and whether it may stay empty or be open."""

    date1904: bool
    latest_year: int
    optional: bool
    open_ended: bool


def parse_date(
    cell: Cell, context: Context, *, years_ahead: int = 2, optional: bool = True, open_ended: bool = False
) -> Read:
    """A civil day. `years_ahead` bounds what is plausible; `open_ended` lets 长期 mean no end.

    An open end gives value None with a Fix of kind "open_end"; the caller compares it with the contract's kind.
    """
    frame = _Frame(context.date1904, context.as_of.year + years_ahead, optional, open_ended)
    if isinstance(cell, datetime):
        return _within(cell.date(), frame, () if cell.time() == time() else (Fix("time_dropped"),))
    if isinstance(cell, date):
        return _within(cell, frame, ())
    if isinstance(cell, bool | time):
        return ask("date_unreadable", optional=optional)
    if isinstance(cell, float):
        return _number(cell, frame)
    if cell is None:
        return NOTHING
    return _text(cell, frame)


def _within(day: date, frame: _Frame, fixes: tuple[Fix, ...]) -> Read:
    if day.year >= _FAR_YEAR and frame.optional and (frame.open_ended or day.year in _NEVER):
        return ask("date_far", *(_NO_END if frame.open_ended else ()), date=day.isoformat())
    if day.year < EARLIEST_YEAR or day.year > frame.latest_year:
        return deny("date_out_of_range", date=day.isoformat())
    return value(day, *fixes)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _number(number: float, frame: _Frame) -> Read:  # noqa: PLR0911 - each spelling has its own way out
    if number.is_integer() and 19_000_101 <= number <= 21_991_231:
        return _compact(str(int(number)), frame)
    if 10_000 <= number < 80_000:
        day = (date(1904, 1, 1) if frame.date1904 else date(1899, 12, 30)) + timedelta(days=int(number))
        fixes = (Fix("excel_serial", "rule", (("system", "1904" if frame.date1904 else "1900"),)),)
        return _within(day, frame, fixes if number.is_integer() else (*fixes, Fix("time_dropped")))
    if 1900 <= number < 2200 and not number.is_integer():
        return ask("date_month_or_day_lost", optional=frame.optional)
    if number.is_integer() and 1900 <= number < 2200:
        return ask("date_year_only", optional=frame.optional)
    if number.is_integer() and 190_001 <= number <= 219_912 and 1 <= number % 100 <= 12:
        return _month_only(int(number) // 100, int(number) % 100, frame)
    if number.is_integer() and 10_101 <= number <= 991_231:
        return _six(f"{int(number):06d}", frame)
    return ask("date_unreadable", optional=frame.optional)


def _compact(digits: str, frame: _Frame) -> Read:
    day = _day(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    if day is None:
        return deny("date_impossible", date=digits)
    return _within(day, frame, (Fix("date_format"),))


def _month_only(year: int, month: int, frame: _Frame) -> Read:
    first = _day(year, month, 1)
    if first is None:
        return deny("date_impossible", date=f"{year}-{month:02d}")
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return ask("date_month_only", use(first), use(last), optional=frame.optional)


def _text(raw: str, frame: _Frame) -> Read:  # noqa: PLR0911 - each spelling has its own way out
    text = narrow(raw).strip("'\"`‘’“”")
    lowered = text.lower().replace(" ", "")
    if not text:
        return NOTHING
    if lowered in OPEN_WORDS or (frame.open_ended and lowered in ("无", "长期有效")):
        return (
            value(None, Fix("open_end", "rule"))
            if frame.open_ended
            else ask("date_unreadable", optional=frame.optional)
        )
    if lowered in PLACEHOLDERS:
        return value(None, Fix("placeholder"))
    if lowered in NOT_YET_WORDS and frame.optional:
        return value(None, Fix("not_yet"))
    if lowered in UNDECIDED:
        return ask("undecided", optional=frame.optional)
    plain = _TAIL.sub("", _TIME.sub("", _WEEKDAY.sub("", text))).strip()
    timed = bool(_TIME.search(_WEEKDAY.sub("", text)))
    found = _shapes(plain, frame)
    if found is None and plain != text:
        found = _shapes(text, frame)
    if found is None:
        return _lettered(plain, frame)
    if found.value is None:
        return found
    extra = (Fix("time_dropped"),) if timed else ()
    same = raw == found.value.isoformat() if isinstance(found.value, date) else False
    fixes = (*found.fixes, *extra) if not same else extra
    return value(found.value, *(fixes or (() if same else (Fix("date_format"),))))


def _shapes(text: str, frame: _Frame) -> Read | None:  # noqa: PLR0911 - each spelling has its own way out
    if text.isdecimal() or re.fullmatch(r"\d+\.0", text):
        return _digits(text.removesuffix(".0"), frame)
    chinese = _CHINESE.match(text)
    if chinese:
        year, month, day = (int(part) if part.isdecimal() else chinese_number(part) for part in chinese.groups())
        if year is None or month is None or day is None:
            return ask("date_unreadable", optional=frame.optional)
        return _triple((str(year).zfill(len(chinese[1])), str(month), str(day)), text, frame)
    spelled = _CHINESE_MONTH.match(text)
    if spelled:
        return _month_only(chinese_number(spelled[1]) or 0, chinese_number(spelled[2]) or 0, frame)
    three = _THREE.match(text)
    if three:
        return _triple((three[1], three[2], three[3]), text, frame)
    two = _TWO.match(text)
    if two:
        return _month_only(int(two[1] or two[4]), int(two[2] or two[3]), frame)
    named = _NAMED.match(text)
    if named:
        return _named(named[1], named[2], named[3], frame)
    first = _NAMED_FIRST.match(text)
    if first:
        return _named(first[2], first[1], first[3], frame)
    if _YEAR.match(text):
        return ask("date_year_only", optional=frame.optional)
    return None


def _digits(text: str, frame: _Frame) -> Read:  # noqa: PLR0911 - each spelling has its own way out
    if len(text) == 8 and text[:2] in ("19", "20"):
        return _compact(text, frame)
    if len(text) == 8:
        days = [_day(int(text[4:]), int(text[2:4]), int(text[:2])), _day(int(text[4:]), int(text[:2]), int(text[2:4]))]
        return _readings(days, text, frame, certain=False)
    if len(text) == 14 and text[:2] in ("19", "20"):
        return _compact(text[:8], frame)
    if len(text) == 7 and text[:2] in ("19", "20"):
        days = [_day(int(text[:4]), int(text[4]), int(text[5:])), _day(int(text[:4]), int(text[4:6]), int(text[6]))]
        return _readings(days, text, frame, certain=False)
    if len(text) == 6 and text[:2] in ("19", "20") and 1 <= int(text[4:]) <= 12:
        return _month_only(int(text[:4]), int(text[4:]), frame)
    if len(text) == 6:
        return _six(text, frame)
    if len(text) in (4, 5):
        return _number(float(text), frame)
    return ask("date_unreadable", optional=frame.optional)


def _six(text: str, frame: _Frame) -> Read:
    days = [
        *_centuries(text[:2], int(text[2:4]), int(text[4:])),
        *_centuries(text[4:], int(text[2:4]), int(text[:2])),
    ]
    return _readings(days, text, frame, certain=False)


def _centuries(two_digits: str, month: int, day: int) -> list[date | None]:
    return [_day(1900 + int(two_digits), month, day), _day(2000 + int(two_digits), month, day)]


def _triple(parts: tuple[str, str, str], text: str, frame: _Frame) -> Read:  # noqa: PLR0911 - each spelling has its own way out
    first, second, third = parts
    middle = int(second)
    if len(first) == 4:
        if len(third) > 2:
            return ask("date_unreadable", optional=frame.optional)
        day = _day(int(first), middle, int(third))
        return deny("date_impossible", date=text) if day is None else _within(day, frame, (Fix("date_format"),))
    if len(third) == 4 and len(first) <= 2:
        if "年" in text or "月" in text:
            return ask("date_unreadable", optional=frame.optional)
        days = [_day(int(third), middle, int(first)), _day(int(third), int(first), middle)]
        return _readings(days, text, frame)
    if len(first) > 2 or len(third) > 2:
        return ask("date_unreadable", optional=frame.optional)
    if "年" in text:
        return _readings(_centuries(first.zfill(2), middle, int(third)), text, frame)
    days = [
        *(_centuries(first, middle, int(third)) if len(first) == 2 else ()),
        *(_centuries(third, middle, int(first)) if len(third) == 2 else ()),
        *(_centuries(third, int(first), middle) if len(third) == 2 else ()),
    ]
    return _readings(days, text, frame)


def _named(day: str, month: str, year: str, frame: _Frame) -> Read:
    number = _MONTHS.index(month.lower()[:3]) + 1
    if len(year) == 4:
        days: list[date | None] = [_day(int(year), number, int(day))]
    else:
        days = [*_centuries(year, number, int(day)), *(_centuries(day, number, int(year)) if len(day) == 2 else ())]
    return _readings(days, f"{day} {month} {year}", frame)


def _readings(days: Iterable[date | None], text: str, frame: _Frame, *, certain: bool = True) -> Read:
    """Exactly one plausible reading is taken (when the shape itself is sure), several are offered, none is refused."""
    possible = [day for day in days if day is not None]
    if len(possible) == 1 and possible[0].year >= _FAR_YEAR:
        return _within(possible[0], frame, ())
    plausible = sorted({day for day in possible if EARLIEST_YEAR <= day.year <= frame.latest_year})
    if not possible:
        return deny("date_impossible", date=text) if certain else ask("date_unreadable", optional=frame.optional)
    if not plausible:
        return deny("date_out_of_range", date=text)
    if len(plausible) == 1 and certain:
        return value(plausible[0], Fix("date_one_reading", "rule"))
    return ask("date_ambiguous", *(use(day) for day in plausible), optional=frame.optional)


def _lettered(text: str, frame: _Frame) -> Read:
    """Letters among the digits: the likely reading is offered, never taken."""
    if _LETTERED.match(text):
        found = _shapes(text.translate(_LETTERS), frame)
        if found is not None and isinstance(found.value, date):
            return ask("date_letters", use(found.value), optional=frame.optional)
        if found is not None and found.ask is not None:
            return ask("date_letters", *found.ask.choices, optional=frame.optional)
    return ask("date_unreadable", optional=frame.optional)


def parse_period(cell: Cell, context: Context) -> tuple[Read, Read] | int | None:
    """A contract period in one cell: (start, end), or how many months it lasts when only a length is written, or
    None.
    """
    if not isinstance(cell, str):
        return None
    text = narrow(cell).strip()
    length = _DURATION.match(text)
    if length:
        number = int(length[1]) if length[1] else chinese_number(length[2])
        return None if number is None else number * (12 if length[3].lower() in ("年", "year") else 1)
    parts = [part for part in _RANGE.split(text) if part]
    if len(parts) != 2:
        return None
    start = parse_date(parts[0], context, optional=True)
    return start, parse_date(parts[1], context, years_ahead=60, open_ended=True)


def add_months(day: date, months: int) -> date:
    """The same day `months` later, or the last day of that month when it is shorter."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    for last in (day.day, 30, 29, 28):
        found = _day(year, month, last) if last <= day.day else None
        if found:
            return found
    raise ValueError("no such month")
