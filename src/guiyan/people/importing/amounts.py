"""Money and durations: monthly wages in yuan, performance pay as a percentage, probation in months."""

import re
from decimal import ROUND_HALF_UP, Decimal

from .limits import PROBATION_MONTHS_ASK, WAGE_MONTH_MAX_YUAN, WAGE_MONTH_MIN_YUAN
from .model import Cell
from .reads import NOTHING, Context, Fix, Read, ask, deny, use, value
from .text import PLACEHOLDERS, UNDECIDED, canonical, chinese_number, narrow

_CURRENCY = re.compile(
    r"^(?:人民币|rmb|cny|¥|￥|\$)\s*|\s*(?:元/月|元|圆|/月|每月|整|rmb|cny|¥|/month|permonth)+$", re.I
)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_GROUPED = re.compile(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_SPACED = re.compile(r"-?\d{1,3}(?: \d{3})+(?:\.\d+)?")
_SCALED = re.compile(r"(\d+(?:\.\d+)?)\s*(万|w|千|k)", re.I)
_MIXED = re.compile(r"(\d+)万(\d)千")
_PERCENT = re.compile(r"(-?\d+(?:\.\d+)?)\s*[%‰]|百分之([一二三四五六七八九十百零]+|\d+)")
_ACCOUNTING = re.compile(r"\((\d[\d,]*(?:\.\d+)?)\)")
_RANGE = re.compile(r"\d\s*(?:k|w|千|万|元)?\s*(?:-|~|至|到)\s*\d", re.I)
_THOUSANDS_POINT = re.compile(r"\d{1,3}\.\d{3}")
_CENT = Decimal("0.01")
_BEYOND = 10**12
_SCALE = {"万": 10_000, "w": 10_000, "千": 1_000, "k": 1_000}
_MONTHS = re.compile(r"(\d{1,3})\s*(?:个?月|months?|mos?|m)?", re.I)
_YEARS = re.compile(r"(\d|[一两二三])\s*(?:年|years?|y)", re.I)
_DAYS = re.compile(r"(\d{1,3})\s*(?:天|日|days?|d)", re.I)
_WEEKS = re.compile(r"(\d{1,2})\s*(?:周|个?星期|weeks?|w)", re.I)
_NO_PROBATION = frozenset(
    {"无", "没有", "无试用期", "免", "免试用", "免试用期", "无试用", "不设", "none", "no", "n/a", "/", "-"}
)
_BRACKETS = re.compile(r"\([^()]*\)")


def parse_wage(cell: Cell, context: Context, factor: Decimal = Decimal(1)) -> Read:
    """A monthly wage in yuan with cents. `factor` is the unit that the header states (万元 is 10000)."""
    del context
    read = _money(cell)
    if not isinstance(read.value, Decimal):
        return read
    fixes = read.fixes
    amount = read.value
    if factor != 1:
        amount, fixes = amount * factor, (*fixes, Fix("unit_of_header", "rule", (("factor", str(factor)),)))
    rounded = amount.quantize(_CENT, ROUND_HALF_UP)
    if rounded != amount:
        fixes = (*fixes, Fix("rounded_to_cents", "rule"))
    plain = Decimal(canonical(rounded))
    if 0 < plain < WAGE_MONTH_MIN_YUAN or plain > WAGE_MONTH_MAX_YUAN:
        larger = (use(plain * 1_000), use(plain * 10_000)) if 0 < plain < WAGE_MONTH_MIN_YUAN else ()
        return ask("wage_magnitude", use(plain), *larger)
    return value(plain, *fixes)


def parse_performance(cell: Cell, context: Context, factor: Decimal = Decimal(1)) -> Read:  # noqa: PLR0911 - each spelling has its own way out
    """Performance pay: an amount in yuan (Decimal), or a percentage of the base wage given in `extra` as
    ("performance_percent", text) with value None."""
    if isinstance(cell, str):
        text = narrow(cell)
        found = _PERCENT.fullmatch(text.replace(" ", ""))
        if found and "‰" not in text:
            number = (
                Decimal(found[1])
                if found[1]
                else Decimal(found[2] if found[2].isdecimal() else chinese_number(found[2]) or 0)
            )
            if number < 0:
                return deny("amount_negative")
            if number > 500:
                return ask("wage_magnitude")
            return value(None, Fix("percent_of_base", "rule"), extra=(("performance_percent", canonical(number)),))
    if isinstance(cell, float) and 0 < cell < 1:
        percent = Decimal(repr(cell)) * 100
        share = canonical(percent.normalize())
        return ask("fraction_or_amount", use(f"{share}%", f"基本工资的 {share}%", f"{share}% of base wage"))
    read = _money(cell)
    if isinstance(read.value, Decimal) and 0 < read.value * factor < 10:
        return ask("wage_magnitude", use(read.value))
    if isinstance(read.value, Decimal) and 0 < read.value * factor < WAGE_MONTH_MIN_YUAN:
        fixes = read.fixes if factor == 1 else (*read.fixes, Fix("unit_of_header", "rule", (("factor", str(factor)),)))
        return value((read.value * factor).quantize(_CENT, ROUND_HALF_UP), *fixes)
    return parse_wage(cell, context, factor)


def _money(cell: Cell) -> Read:  # noqa: PLR0911 - each spelling has its own way out
    if cell is None:
        return NOTHING
    if isinstance(cell, float):
        if cell < 0:
            return deny("amount_negative")
        if cell >= _BEYOND:
            return ask("amount_unreadable")
        number = Decimal(repr(cell))
        near = number.quantize(_CENT, ROUND_HALF_UP)
        return value(near if abs(number - near) < Decimal("0.000001") else number)
    if not isinstance(cell, str):
        return ask("amount_unreadable")
    written = narrow(cell).strip("'\"`‘’“”")
    text = written
    while (shorter := _CURRENCY.sub("", text).strip()) != text:
        text = shorter
    lowered = text.lower()
    if not text:
        return NOTHING if not written else ask("amount_unreadable")
    if lowered in PLACEHOLDERS:
        return value(None, Fix("placeholder"))
    if lowered in UNDECIDED:
        return ask("undecided")
    read = _amount(text, written)
    return ask("amount_unreadable") if isinstance(read.value, Decimal) and read.value >= _BEYOND else read


def _amount(text: str, written: str) -> Read:  # noqa: PLR0911 - each spelling has its own way out
    if _ACCOUNTING.fullmatch(text) or (text.startswith("-") and _NUMBER.fullmatch(text.replace(",", ""))):
        return deny("amount_negative")
    if written.startswith("$") or "%" in text:
        return ask("amount_unreadable")
    if _GROUPED.fullmatch(text) or _SPACED.fullmatch(text):
        return value(Decimal(re.sub(r"[, ]", "", text)), Fix("thousands"))
    if _THOUSANDS_POINT.fullmatch(text):
        return ask("amount_point", use(Decimal(text)), use(Decimal(text.replace(".", ""))))
    if _NUMBER.fullmatch(text):
        return value(Decimal(text), Fix("number_from_text"))
    scaled = _SCALED.fullmatch(text)
    if scaled:
        return value(Decimal(scaled[1]) * _SCALE[scaled[2].lower()], Fix("scaled"))
    mixed = _MIXED.fullmatch(text)
    if mixed:
        return value(Decimal(int(mixed[1]) * 10_000 + int(mixed[2]) * 1_000), Fix("scaled"))
    spelled = chinese_number(text)
    if spelled is not None:
        return value(Decimal(spelled), Fix("number_from_text"))
    if _RANGE.search(text):
        return ask("amount_range")
    return ask("amount_unreadable")


def parse_probation(cell: Cell, context: Context) -> Read:  # noqa: PLR0911 - each spelling has its own way out
    """Whole months of probation; 无 is 0, 半年 is 6. Days and weeks are asked: the law counts months."""
    del context
    if cell is None:
        return NOTHING
    if isinstance(cell, float):
        if cell < 0:
            return deny("amount_negative")
        return _months(int(cell), ()) if cell.is_integer() else ask("probation_unreadable")
    if not isinstance(cell, str):
        return ask("probation_unreadable")
    text = narrow(cell).strip("'\"`‘’“”").replace(" ", "").lower()
    if not text:
        return NOTHING
    if text in _NO_PROBATION:
        return value(0, Fix("no_probation", "rule"))
    if text in UNDECIDED:
        return ask("undecided")
    if text.startswith("-") and text[1:].rstrip("个月").isdecimal():
        return deny("amount_negative")
    bare = _BRACKETS.sub("", text).removeprefix("试用期").removeprefix("试用").removesuffix("试用期")
    months = _written_months(bare)
    if months is not None:
        return _months(months, (Fix("number_from_text"),))
    return _other_length(bare)


def _written_months(text: str) -> int | None:
    if text in ("半年", "半年期", "六个月"):
        return 6
    if text in ("一年半", "1年半"):
        return 18
    found = _MONTHS.fullmatch(text.removesuffix(".0"))
    if found:
        return int(found[1])
    spelled = re.fullmatch(r"([零一二两三四五六七八九十]+)个?月?", text)
    if spelled:
        return chinese_number(spelled[1])
    years = _YEARS.fullmatch(text)
    if years:
        return 12 * (int(years[1]) if years[1].isdecimal() else chinese_number(years[1]) or 0)
    return None


def _other_length(text: str) -> Read:
    days, weeks = _DAYS.fullmatch(text), _WEEKS.fullmatch(text)
    if days and int(days[1]) % 30 == 0:
        return ask(
            "probation_days", use(int(days[1]) // 30, f"{int(days[1]) // 30} 个月", f"{int(days[1]) // 30} months")
        )
    if days or weeks:
        return ask("probation_days")
    return ask("probation_unreadable")


def _months(number: int, fixes: tuple[Fix, ...]) -> Read:
    if number > PROBATION_MONTHS_ASK:
        return ask("probation_magnitude", use(number), months=str(number))
    return value(number, *fixes)
