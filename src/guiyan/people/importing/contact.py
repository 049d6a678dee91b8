"""Telephone numbers and e-mail addresses."""

import re

from .model import Cell
from .reads import NOTHING, Context, Fix, Read, ask, use, value
from .text import PLACEHOLDERS, UNDECIDED, narrow

_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"(0\d{2,3})[-\s)]*(\d{7,8})(?:[-\s]*(?:转|ext\.?|x|-)\s*(\d{1,6}))?", re.I)
_SERVICE = re.compile(r"[48]00-\d{3}-?\d{4}")
_FOREIGN = re.compile(r"(?:\+|00)(?!86)[1-9][\d\s\-()]{6,18}")
_CHINA = re.compile(r"^(?:\+|00)?86[-\s]*(?=1[3-9]\d{9}$)")
_CHINA_LANDLINE = re.compile(r"^(?:\+|00)86[-\s(]*0?(?=[1-9]\d{1,2}[-\s)]*\d{7,8}$)")
_SPLIT = re.compile(r"[/,;、|&\n]+|\s+(?=(?:\+?86)?1[3-9]\d{9}|0\d{2,3}-)|或|和")
_REMARK = re.compile(r"\((?!0\d{2,3}\))([^()\d]*)\)|[\u4e00-\u9fff]+$|^[\u4e00-\u9fff]+[::]?")
_LABELS = frozenset({"手机", "电话", "手机号", "联系电话", "移动电话", "座机", "固话", "本人"})
_GAPS = re.compile(r"[\s\-.·]+")
_LETTERS = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1"})
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[Ee]\+?\d{1,2}")
_EMAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+"
)


def parse_phone(cell: Cell, context: Context) -> Read:  # noqa: PLR0911 - each spelling has its own way out
    """A mobile number of 11 digits, a landline as 0xxx-xxxxxxxx, or +country digits. Lost digits are asked for."""
    del context
    if cell is None:
        return NOTHING
    fixes: tuple[Fix, ...] = ()
    if isinstance(cell, float):
        if not cell.is_integer() or cell < 0 or cell >= 1e15:
            return ask("phone_unreadable")
        text, fixes = str(int(cell)), (Fix("number_as_text"),)
    elif isinstance(cell, str):
        text = narrow(cell).strip("'\"`‘’“”")
    else:
        return ask("phone_unreadable")
    if not text:
        return NOTHING
    if text.lower() in PLACEHOLDERS:
        return value(None, Fix("placeholder"))
    if text.lower() in UNDECIDED:
        return ask("undecided")
    if _SCIENTIFIC.fullmatch(text):
        return ask("phone_digits_lost")
    single = _one(text)
    if single is None:
        return _not_one(text)
    notes = _notes(text)
    spelled = isinstance(cell, str) and cell != single
    return value(single, *fixes, *((Fix("spelling"),) if spelled else ()), extra=notes)


def _notes(text: str) -> tuple[tuple[str, str], ...]:
    """Words beside the number (微信同号, the name of a relative), so that nothing is lost."""
    words = (found[0].strip("(): ") for found in _REMARK.finditer(text))
    return tuple(("phone_note", word) for word in words if word and word not in _LABELS)


def _one(text: str) -> str | None:
    text = _REMARK.sub("", text).strip()
    bare = _GAPS.sub("", text)
    bare = _CHINA.sub("", bare)
    if bare.endswith(".0"):
        bare = bare[:-2]
    if _MOBILE.fullmatch(bare):
        return bare
    if re.fullmatch(r"1[3-9]\d{9}\.0", text):
        return text[:-2]
    national = re.sub(r"^\((0\d{2,3})\)", r"\1-", _CHINA_LANDLINE.sub("0", text))
    landline = _LANDLINE.fullmatch(national)
    if landline and not _MOBILE.fullmatch(bare[-11:]):
        return f"{landline[1]}-{landline[2]}" + (f"-{landline[3]}" if landline[3] else "")
    if _SERVICE.fullmatch(text):
        return text
    if _FOREIGN.fullmatch(text):
        return "+" + re.sub(r"\D", "", text.removeprefix("00") if text.startswith("00") else text)
    return None


def _not_one(text: str) -> Read:
    parts = [part for part in _SPLIT.split(text) if part and part.strip()]
    numbers = [number for part in parts if (number := _one(part.strip()))]
    if len(parts) > 1 and len(numbers) == len(parts):
        distinct = list(dict.fromkeys(numbers))
        if len(distinct) == 1:
            return value(distinct[0], Fix("repeated_in_cell"))
        return ask("phone_several", *(use(number) for number in distinct))
    read = _one(text.translate(_LETTERS))
    if read is not None:
        return ask("phone_letters", use(read))
    digits = re.sub(r"\D", "", text)
    if digits and not re.search(r"[A-Za-z*]", text):
        return ask("phone_length", length=str(len(digits)))
    return ask("phone_unreadable")


def parse_email(cell: Cell, context: Context) -> Read:  # noqa: PLR0911 - each spelling has its own way out
    """An e-mail address; the domain becomes lower case."""
    del context
    if cell is None:
        return NOTHING
    if not isinstance(cell, str):
        return ask("email_unreadable")
    text = narrow(cell).strip("'\"`‘’“”<>").removeprefix("mailto:").replace(" ", "")
    if not text:
        return NOTHING
    if text.lower() in PLACEHOLDERS:
        return value(None, Fix("placeholder"))
    if text.lower() in UNDECIDED:
        return ask("undecided")
    parts = [part for part in re.split(r"[,;、]", text) if part]
    whole = [part for part in parts if _EMAIL.fullmatch(part) and ".." not in part]
    if len(parts) > 1 and len(whole) == len(parts):
        return ask("email_several", *(use(part) for part in dict.fromkeys(whole)))
    if len(parts) == 1 and whole and len(text) <= 254:
        local, _, domain = whole[0].rpartition("@")
        spelled = f"{local}@{domain.lower()}"
        return value(spelled, *((Fix("spelling"),) if spelled != cell else ()))
    return ask("email_unreadable")
