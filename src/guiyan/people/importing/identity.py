"""Identity documents: the citizen's number (GB 11643-1999, ISO 7064 MOD 11-2), its old form, and other documents.

A number whose digits are lost is never completed, whatever the check digit seems to allow.
"""

import re
from datetime import date

from .model import Cell, Choice
from .reads import NOTHING, Context, Fix, Read, ask, deny, use, value
from .text import PLACEHOLDERS, UNDECIDED, label, narrow

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_PROVINCES = frozenset(
    {
        11,
        12,
        13,
        14,
        15,
        21,
        22,
        23,
        31,
        32,
        33,
        34,
        35,
        36,
        37,
        41,
        42,
        43,
        44,
        45,
        46,
        50,
        51,
        52,
        53,
        54,
        61,
        62,
        63,
        64,
        65,
        71,
    }
)
_RESIDENCE = frozenset({81, 82, 83})
_DROP = re.compile(r"[\s\-_.·]+")
_EIGHTEEN = re.compile(r"\d{17}[\dX]")
_NEARLY = re.compile(r"\d{12,}X\d*")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[Ee]\+?1[4-9]")
_LETTERS = str.maketrans({"O": "0", "Q": "0", "D": "0", "I": "1", "L": "1", "Z": "2", "S": "5", "B": "8"})
_PERMIT = re.compile(r"[HM]\d{10}")
_PERMIT_OR_PASSPORT = re.compile(r"[HM]\d{8}")
_PASSPORT = re.compile(r"(?:[A-Z]{1,2}\d{6,8}|[A-Z]\d{8}|[A-Z]{2}\d{7}|P[A-Z]\d{7})")
_PERMANENT = re.compile(r"[A-Z]{3}\d{12}")
_HONG_KONG = re.compile(r"([A-Z]{1,2})(\d{6})\(([\dA])\)")
_DOCUMENT_WORDS = (
    ("hk_macao_permit", ("港澳居民来往内地", "港澳通行证", "回乡证", "港澳居民通行证")),
    ("taiwan_permit", ("台湾居民来往大陆", "台胞证", "台湾通行证")),
    ("hmt_residence", ("居住证",)),
    ("permanent_residence", ("永久居留", "永居", "外国人居留")),
    ("passport", ("护照", "passport")),
    ("citizen", ("身份证", "居民身份", "idcard", "identitycard")),
)
_OTHER = re.compile(r"[A-Z0-9()]{5,20}")
CITIZEN = "citizen"
DOCUMENT_ZH = {
    CITIZEN: "居民身份证",
    "hk_macao_permit": "港澳居民来往内地通行证",
    "taiwan_permit": "台湾居民来往大陆通行证",
    "hmt_residence": "港澳台居民居住证",
    "permanent_residence": "外国人永久居留身份证",
    "passport": "护照",
    "hk_identity": "香港身份证",
}


def check_digit(seventeen: str) -> str:
    """The 18th character for 17 digits (ISO 7064 MOD 11-2)."""
    return _CHECKS[sum(int(digit) * weight for digit, weight in zip(seventeen, _WEIGHTS, strict=True)) % 11]


def birth_of(number: str) -> date | None:
    """The birth date inside an 18-character number, or None when there is no such day."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def sex_of(number: str) -> str:
    """男 or 女 by the 17th digit of an 18-character number."""
    return "男" if int(number[16]) % 2 else "女"


def document_kind(cell: Cell) -> Read:
    """The kind of document a 证件类型 cell names. Empty gives nothing; unknown words are asked."""
    if cell is None:
        return NOTHING
    text = label(str(cell))
    if text in PLACEHOLDERS:
        return NOTHING
    for kind, words in _DOCUMENT_WORDS:
        if any(word in text for word in words):
            return value(kind)
    return ask("word_unknown", *(use(kind, words[0]) for kind, words in _DOCUMENT_WORDS))


def parse_identity(cell: Cell, context: Context, declared: str = "") -> Read:  # noqa: PLR0911 - each spelling has its own way out
    """`kind:number` of an identity document. `declared` is the kind a 证件类型 cell names.

    Only what is certain is repaired: width, spaces, a small x, an apostrophe, and the old 15-digit form by its rule.
    """
    if isinstance(cell, float):
        return _figure(cell, context, declared)
    if cell is None:
        return NOTHING
    if not isinstance(cell, str):
        return ask("identity_unreadable")
    text = narrow(cell).strip("'\"`‘’“”").upper()
    lowered = text.lower()
    if not text:
        return NOTHING
    if lowered in PLACEHOLDERS:
        return value(None, Fix("placeholder"))
    if lowered in UNDECIDED:
        return ask("undecided")
    return _written(cell, text, context, declared)


def _figure(cell: float, context: Context, declared: str) -> Read:
    """A number cell: 15 digits and fewer are exact, more have lost their end."""
    if cell >= 1e15:
        return _lost(repr(cell))
    fixes = (Fix("number_as_text"),)
    if cell.is_integer() and cell >= 1e14:
        return _number(cell, str(int(cell)), fixes, context, declared)
    if cell.is_integer() and cell > 0 and declared and declared != CITIZEN:
        return value(f"{declared}:{int(cell)}", *fixes)
    return ask("identity_unreadable")


def _written(cell: str, text: str, context: Context, declared: str) -> Read:
    hong_kong = _HONG_KONG.fullmatch(text)
    if hong_kong and _hong_kong_check(hong_kong[1], hong_kong[2], hong_kong[3]):
        return value(f"hk_identity:{text}", *_spelling(cell, text, ()), _by_form("hk_identity"))
    if _SCIENTIFIC.fullmatch(text):
        return _lost(text)
    bare = _DROP.sub("", text)
    if declared and declared not in (CITIZEN, "hmt_residence", "permanent_residence"):
        if not _OTHER.fullmatch(bare):
            return ask("identity_unreadable")
        return value(f"{declared}:{bare}", *_spelling(cell, bare, ()))
    return _number(cell, bare, (), context, declared)


def _by_form(kind: str) -> Fix:
    return Fix("document_kind", "rule", (("kind", DOCUMENT_ZH[kind]),))


def _spelling(cell: Cell, text: str, fixes: tuple[Fix, ...]) -> tuple[Fix, ...]:
    if not isinstance(cell, str) or cell == text:
        return fixes
    return (*fixes, Fix("spelling"))


def _number(cell: Cell, text: str, fixes: tuple[Fix, ...], context: Context, declared: str) -> Read:  # noqa: PLR0911 - each spelling has its own way out
    if _EIGHTEEN.fullmatch(text):
        return _eighteen(text, _spelling(cell, text, fixes), context)
    if text.isdecimal():
        if len(text) == 15:
            return _fifteen(text, _spelling(cell, text, fixes), context)
        if len(text) == 8 and declared != CITIZEN:
            return ask("document_kind_unclear", use(f"taiwan_permit:{text}", f"台胞证 {text}", f"Taiwan permit {text}"))
        return ask("identity_length", length=str(len(text)))
    read = text.translate(_LETTERS)
    if len(text) == 18 and _EIGHTEEN.fullmatch(read):
        whole = _eighteen(read, (), context)
        return ask("identity_letters", *((use(whole.value, read, read),) if whole.value else ()))
    if _NEARLY.fullmatch(text):
        return ask("identity_length", length=str(len(text)))
    return ask("identity_unreadable") if declared == CITIZEN else _foreign(text, _spelling(cell, text, fixes))


def _foreign(text: str, fixes: tuple[Fix, ...]) -> Read:
    if _PERMIT_OR_PASSPORT.fullmatch(text):
        permit, passport = f"hk_macao_permit:{text}", f"passport:{text}"
        return ask(
            "document_kind_unclear",
            use(permit, f"港澳通行证 {text}", f"HK/Macao permit {text}"),
            use(passport, f"护照 {text}", f"passport {text}"),
        )
    for kind, pattern in (("hk_macao_permit", _PERMIT), ("permanent_residence", _PERMANENT), ("passport", _PASSPORT)):
        if pattern.fullmatch(text):
            return value(f"{kind}:{text}", *fixes, _by_form(kind))
    return ask("identity_unreadable")


def _eighteen(text: str, fixes: tuple[Fix, ...], context: Context) -> Read:  # noqa: PLR0911 - each spelling has its own way out
    province = int(text[:2])
    permanent = text[0] == "9"
    if province not in _PROVINCES and province not in _RESIDENCE and not permanent:
        return ask("identity_area", area=text[:6])
    birth = birth_of(text)
    if birth is None or birth.year < 1900 or birth > context.as_of:
        if text.endswith("000"):
            return _lost(text)
        return deny("identity_birth_impossible", birth=f"{text[6:10]}-{text[10:12]}-{text[12:14]}")
    right = check_digit(text[:17]) == text[17]
    if text.endswith("000"):
        # A spreadsheet keeps 15 digits and writes three zeros; one number in eleven damaged so still passes the check.
        return _lost(text, use(f"{CITIZEN}:{text}", text, text)) if right else _lost(text)
    if not right:
        return ask("identity_check_digit")
    if permanent:
        return value(f"permanent_residence:{text}", *fixes, _by_form("permanent_residence"))
    if province in _RESIDENCE:
        return value(f"hmt_residence:{text}", *fixes, _by_form("hmt_residence"))
    return value(f"{CITIZEN}:{text}", *fixes)


def _fifteen(text: str, fixes: tuple[Fix, ...], context: Context) -> Read:
    """The old form holds a two-digit year of the 1900s. A new number cut after 15 digits can look alike: then it is
    asked.
    """
    number = f"{text[:6]}19{text[6:]}"
    number += check_digit(number)
    birth = birth_of(number)
    cut = birth_of(f"{text}000")
    cut_plausible = cut is not None and cut.year >= 1930 and cut <= context.as_of
    age = context.as_of.year - birth.year if birth else 0
    if (
        birth is None
        or int(text[:2]) not in _PROVINCES
        or text[12:] >= "996"
        or age not in range(16, 91)
        or cut_plausible
    ):
        return ask("identity_length", length="15")
    return value(f"{CITIZEN}:{number}", *fixes, Fix("identity_old_form", "rule"))


def _lost(text: str, *choices: Choice) -> Read:
    digits = re.sub(r"[Ee].*|\D", "", text)
    known = digits[:15] if len(digits) >= 14 else digits
    birth = birth_of(digits.ljust(18, "0")) if len(digits) >= 14 else None
    return ask("identity_digits_lost", *choices, known=known, birth=birth.isoformat() if birth else "?")


def agrees_with_lost(cell: Cell, number: str) -> bool:
    """True when a full number can be what a damaged cell once held: same first digits, or same stored figure."""
    digits = number.partition(":")[2]
    if not digits[:17].isdecimal() or isinstance(cell, bool):
        return True
    if isinstance(cell, float) and cell >= 1e15:
        whole = int(digits[:17] + ("0" if digits[17:] == "X" else digits[17:]))
        return (
            float(whole) == cell
            or str(int(cell))[:15] == digits[:15]
            or repr(cell)[:16].replace(".", "") == digits[:15]
        )
    text = narrow(cell).upper() if isinstance(cell, str) else ""
    if _SCIENTIFIC.fullmatch(text):
        shown = re.sub(r"[Ee].*|\.", "", text)
        return digits.startswith(shown[:-1]) and abs(int(digits[: len(shown)]) - int(shown)) <= 1
    return not text.endswith("000") or not text[:15].isdecimal() or text[:15] == digits[:15]


def _hong_kong_check(letters: str, digits: str, check: str) -> bool:
    values = [36 if len(letters) == 1 else ord(letters[0]) - 55, ord(letters[-1]) - 55, *map(int, digits)]
    total = sum(number * weight for number, weight in zip(values, range(9, 1, -1), strict=True))
    expected = (11 - total % 11) % 11
    return check == ("A" if expected == 10 else str(expected))
