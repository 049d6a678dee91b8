"""Dates as rosters write them. One reading: taken. Several: asked. None: refused. The order and century are never guessed."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from .limits import EARLIEST_YEAR
from .model import Cell
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
_SEPARATOR = r"\s*[-./年月日号,、_\\·\s]\s*"
_THREE = re.compile(rf"(\d{{1,4}}){_SEPARATOR}(\d{{1,2}}){_SEPARATOR}(\d{{1,4}})$")
_TWO = re.compile(r"(\d{4})\s*[-./年,、_\s]\s*(\d{1,2})\s*月?份?$|(\d{1,2})[-/](\d{4})$")
_CHINESE = re.compile(
    r"([零〇○一二三四五六七八九]{2,4})年([一二三四五六七八九十]{1,3}|\d{1,2})月([一二三四五六七八九十]{1,3}|\d{1,2})$"
)
_CHINESE_MONTH = re.compile(r"([零〇○一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月$")
_LETTERS = str.maketrans(
    {"O": "0", "o": "0", "Q": "0", "l": "1", "I": "1", "i": "1", "|": "1", "Z": "2", "S": "5", "B": "8"}
)
_LETTERED = re.compile(r"[\dOoQlIi|ZSB][\dOoQlIi|ZSB\-./年月日 ]{5,}[\dOoQlIi|ZSB日]?$")
_YEAR = re.compile(r"(\d{4})年?$")
_RANGE = re.compile(
    r"\s*(?:至|到|~|—+|--+|\bto\b|～)\s*|(?<=[\d日])\s*-\s*(?=(?:19|20)\d{2}[.年/])|(?<=\d)\s+-\s+(?=\d)", re.I
)
_DURATION = re.compile(r"^(?:(\d{1,2})|([一二两三四五六七八九十]{1,2}))\s*(年|个月|year|month)s?期?$", re.I)


def parse_date(
    cell: Cell, context: Context, *, years_ahead: int = 2, optional: bool = True, open_ended: bool = False
) -> Read:
    """A civil day. `years_ahead` bounds what is plausible after the day of the plan; `open_ended` lets 长期 mean no end.

    An open end gives value None with a Fix of kind "open_end"; the caller compares it with the contract's kind.
    """
    if isinstance(cell, datetime):
        return _within(cell.date(), context, years_ahead, () if cell.time() == time() else (Fix("time_dropped"),))
    if isinstance(cell, date):
        return _within(cell, context, years_ahead, ())
    if isinstance(cell, bool | time):
        return ask("date_unreadable", optional=optional)
    if isinstance(cell, float):
        return _number(cell, context, years_ahead, optional)
    if cell is None:
        return NOTHING
    return _text(cell, context, years_ahead, optional, open_ended)


def _within(day: date, context: Context, years_ahead: int, fixes: tuple[Fix, ...]) -> Read:
    if day.year < EARLIEST_YEAR or day.year > context.as_of.year + years_ahead:
        return deny("date_out_of_range", date=day.isoformat())
    return value(day, *fixes)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _number(number: float, context: Context, years_ahead: int, optional: bool) -> Read:
    if number.is_integer() and 19_000_101 <= number <= 21_991_231:
        return _compact(str(int(number)), context, years_ahead)
    if 10_000 <= number < 80_000:
        day = (date(1904, 1, 1) if context.date1904 else date(1899, 12, 30)) + timedelta(days=int(number))
        fixes = (Fix("excel_serial", "rule", (("system", "1904" if context.date1904 else "1900"),)),)
        return _within(day, context, years_ahead, fixes if number.is_integer() else (*fixes, Fix("time_dropped")))
    if 1900 <= number < 2200 and not number.is_integer():
        return ask("date_month_or_day_lost", optional=optional)
    if number.is_integer() and 1900 <= number < 2200:
        return ask("date_year_only", optional=optional)
    if number.is_integer() and 190_001 <= number <= 219_912 and 1 <= number % 100 <= 12:
        return _month_only(int(number) // 100, int(number) % 100, optional)
    if number.is_integer() and 10_101 <= number <= 991_231:
        return _six(f"{int(number):06d}", context, years_ahead, optional)
    return ask("date_unreadable", optional=optional)


def _compact(digits: str, context: Context, years_ahead: int) -> Read:
    day = _day(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    if day is None:
        return deny("date_impossible", date=digits)
    return _within(day, context, years_ahead, (Fix("date_format"),))


def _month_only(year: int, month: int, optional: bool) -> Read:
    first = _day(year, month, 1)
    if first is None:
        return deny("date_impossible", date=f"{year}-{month:02d}")
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return ask("date_month_only", use(first), use(last), optional=optional)


def _text(raw: str, context: Context, years_ahead: int, optional: bool, open_ended: bool) -> Read:
    text = narrow(raw).strip("'\"`‘’“”")
    lowered = text.lower().replace(" ", "")
    if not text:
        return NOTHING
    if lowered in OPEN_WORDS or (open_ended and lowered in ("无", "长期有效")):
        return value(None, Fix("open_end", "rule")) if open_ended else ask("date_unreadable", optional=optional)
    if lowered in PLACEHOLDERS:
        return value(None, Fix("placeholder"))
    if lowered in NOT_YET_WORDS and optional:
        return value(None, Fix("not_yet"))
    if lowered in UNDECIDED:
        return ask("undecided", optional=optional)
    plain = _TAIL.sub("", _TIME.sub("", _WEEKDAY.sub("", text))).strip()
    timed = bool(_TIME.search(_WEEKDAY.sub("", text)))
    found = _shapes(plain, context, years_ahead, optional)
    if found is None and plain != text:
        found = _shapes(text, context, years_ahead, optional)
    if found is None:
        return _lettered(plain, context, years_ahead, optional)
    if found.value is None:
        return found
    extra = (Fix("time_dropped"),) if timed else ()
    same = raw == found.value.isoformat() if isinstance(found.value, date) else False
    fixes = (*found.fixes, *extra) if not same else extra
    return value(found.value, *(fixes or (() if same else (Fix("date_format"),))))


def _shapes(text: str, context: Context, years_ahead: int, optional: bool) -> Read | None:
    if text.isdigit() or re.fullmatch(r"\d+\.0", text):
        return _digits(text.removesuffix(".0"), context, years_ahead, optional)
    chinese = _CHINESE.match(text)
    if chinese:
        year, month, day = (int(part) if part.isdigit() else chinese_number(part) for part in chinese.groups())
        if year is None or month is None or day is None:
            return ask("date_unreadable", optional=optional)
        return _triple(str(year).zfill(len(chinese[1])), str(month), str(day), text, context, years_ahead, optional)
    month = _CHINESE_MONTH.match(text)
    if month:
        return _month_only(chinese_number(month[1]) or 0, chinese_number(month[2]) or 0, optional)
    three = _THREE.match(text)
    if three:
        return _triple(three[1], three[2], three[3], text, context, years_ahead, optional)
    two = _TWO.match(text)
    if two:
        return _month_only(int(two[1] or two[4]), int(two[2] or two[3]), optional)
    named = _NAMED.match(text)
    if named:
        return _named(named[1], named[2], named[3], context, years_ahead, optional)
    first = _NAMED_FIRST.match(text)
    if first:
        return _named(first[2], first[1], first[3], context, years_ahead, optional)
    if _YEAR.match(text):
        return ask("date_year_only", optional=optional)
    return None


def _digits(text: str, context: Context, years_ahead: int, optional: bool) -> Read:
    if len(text) == 8 and text[:2] in ("19", "20"):
        return _compact(text, context, years_ahead)
    if len(text) == 8:
        days = [_day(int(text[4:]), int(text[2:4]), int(text[:2])), _day(int(text[4:]), int(text[:2]), int(text[2:4]))]
        return _readings(days, text, context, years_ahead, optional, certain=False)
    if len(text) == 14 and text[:2] in ("19", "20"):
        return _compact(text[:8], context, years_ahead)
    if len(text) == 7 and text[:2] in ("19", "20"):
        days = [_day(int(text[:4]), int(text[4]), int(text[5:])), _day(int(text[:4]), int(text[4:6]), int(text[6]))]
        return _readings(days, text, context, years_ahead, optional, certain=False)
    if len(text) == 6 and text[:2] in ("19", "20") and 1 <= int(text[4:]) <= 12:
        return _month_only(int(text[:4]), int(text[4:]), optional)
    if len(text) == 6:
        return _six(text, context, years_ahead, optional)
    if len(text) in (4, 5):
        return _number(float(text), context, years_ahead, optional)
    return ask("date_unreadable", optional=optional)


def _six(text: str, context: Context, years_ahead: int, optional: bool) -> Read:
    days = [
        *_centuries(text[:2], int(text[2:4]), int(text[4:])),
        *_centuries(text[4:], int(text[2:4]), int(text[:2])),
    ]
    return _readings(days, text, context, years_ahead, optional, certain=False)


def _centuries(two_digits: str, month: int, day: int) -> list[date | None]:
    return [_day(1900 + int(two_digits), month, day), _day(2000 + int(two_digits), month, day)]


def _triple(first: str, second: str, third: str, text: str, context: Context, years_ahead: int, optional: bool) -> Read:
    middle = int(second)
    if len(first) == 4:
        if len(third) > 2:
            return ask("date_unreadable", optional=optional)
        day = _day(int(first), middle, int(third))
        return (
            deny("date_impossible", date=text)
            if day is None
            else _within(day, context, years_ahead, (Fix("date_format"),))
        )
    if len(third) == 4 and len(first) <= 2:
        if "年" in text or "月" in text:
            return ask("date_unreadable", optional=optional)
        days = [_day(int(third), middle, int(first)), _day(int(third), int(first), middle)]
        return _readings(days, text, context, years_ahead, optional)
    if len(first) > 2 or len(third) > 2:
        return ask("date_unreadable", optional=optional)
    if "年" in text:
        return _readings(_centuries(first.zfill(2), middle, int(third)), text, context, years_ahead, optional)
    days = [
        *(_centuries(first, middle, int(third)) if len(first) == 2 else ()),
        *(_centuries(third, middle, int(first)) if len(third) == 2 else ()),
        *(_centuries(third, int(first), middle) if len(third) == 2 else ()),
    ]
    return _readings(days, text, context, years_ahead, optional)


def _named(day: str, month: str, year: str, context: Context, years_ahead: int, optional: bool) -> Read:
    number = _MONTHS.index(month.lower()[:3]) + 1
    if len(year) == 4:
        days: list[date | None] = [_day(int(year), number, int(day))]
    else:
        days = [*_centuries(year, number, int(day)), *(_centuries(day, number, int(year)) if len(day) == 2 else ())]
    return _readings(days, f"{day} {month} {year}", context, years_ahead, optional)


def _readings(
    days: Iterable[date | None], text: str, context: Context, years_ahead: int, optional: bool, *, certain: bool = True
) -> Read:
    """Exactly one plausible reading is taken (when the shape itself is sure), several are offered, none is refused."""
    possible = [day for day in days if day is not None]
    plausible = sorted({day for day in possible if EARLIEST_YEAR <= day.year <= context.as_of.year + years_ahead})
    if not possible:
        return deny("date_impossible", date=text) if certain else ask("date_unreadable", optional=optional)
    if not plausible:
        return deny("date_out_of_range", date=text)
    if len(plausible) == 1 and certain:
        return value(plausible[0], Fix("date_one_reading", "rule"))
    return ask("date_ambiguous", *(use(day) for day in plausible), optional=optional)


def _lettered(text: str, context: Context, years_ahead: int, optional: bool) -> Read:
    """Letters among the digits: the likely reading is offered, never taken."""
    if _LETTERED.match(text):
        found = _shapes(text.translate(_LETTERS), context, years_ahead, optional)
        if found is not None and isinstance(found.value, date):
            return ask("date_letters", use(found.value), optional=optional)
        if found is not None and found.ask is not None:
            return ask("date_letters", *found.ask.choices, optional=optional)
    return ask("date_unreadable", optional=optional)


def parse_period(cell: Cell, context: Context) -> tuple[Read, Read] | int | None:
    """A contract period in one cell: (start, end), or how many months it lasts when only a length is written, or None."""
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
