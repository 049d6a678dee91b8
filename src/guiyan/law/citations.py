"""Citations of law that cannot name an instrument the index does not hold.

`str(Cite("LCL", 47))` reads 《劳动合同法》第四十七条 and `.english` reads Labour Contract Law, Art. 47. A notice cited
as a whole shows its number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

import yaml

from guiyan.kernel.results import Confidence

_DIGITS = "零一二三四五六七八九"
_PLACES = ("", "十", "百", "千")


@dataclass(frozen=True, slots=True)
class Instrument:
    """A statute, regulation, interpretation or notice. `to` is its last day in force, None while it is in force."""

    key: str
    title_zh: str
    title_en: str
    issuer: str
    number: str
    in_force_from: date
    in_force_to: date | None
    status: Confidence

    def in_force_on(self, day: date) -> bool:
        return self.in_force_from <= day and (self.in_force_to is None or day <= self.in_force_to)


@dataclass(frozen=True, slots=True)
class Cite:
    """A place in an instrument: article (条), paragraph (款) and item (项), each where it is needed.

    Raises ValueError for an instrument that is not in the index, or a paragraph or item without an article.
    """

    instrument: str
    article: int | None = None
    paragraph: int | None = None
    item: int | None = None

    def __post_init__(self) -> None:
        if self.instrument not in instruments():
            raise ValueError(f"no such instrument in the index: {self.instrument}")
        if self.article is None and (self.paragraph is not None or self.item is not None):
            raise ValueError("a paragraph or an item needs its article")

    @property
    def source(self) -> Instrument:
        return instruments()[self.instrument]

    def __str__(self) -> str:
        parts = ((self.article, "条"), (self.paragraph, "款"), (self.item, "项"))
        places = "".join(f"第{chinese_number(number)}{unit}" for number, unit in parts if number is not None)
        return f"《{self.source.title_zh}》{places or f'（{self.source.number}）'}"

    @property
    def english(self) -> str:
        parts = ((self.article, "Art."), (self.paragraph, "para."), (self.item, "item"))
        places = [f"{unit} {number}" for number, unit in parts if number is not None]
        return ", ".join([self.source.title_en, *(places or [self.source.number])])


def chinese_number(number: int) -> str:
    """A number from 1 to 9,999 as articles are numbered in Chinese: 10 十, 42 四十二, 107 一百零七.

    Raises ValueError outside that range.
    """
    if not 1 <= number <= 9999:
        raise ValueError(f"not the number of an article: {number}")
    text, pending_zero = "", False
    for place in range(len(str(number)) - 1, -1, -1):
        digit = number // 10**place % 10
        if digit == 0:
            pending_zero = bool(text)
            continue
        text += ("零" if pending_zero else "") + _DIGITS[digit] + _PLACES[place]
        pending_zero = False
    return text.removeprefix("一") if 10 <= number <= 19 else text


@cache
def instruments() -> Mapping[str, Instrument]:
    """The index of instruments by key, in the order of the file. Raises ValueError when the file is not well formed."""
    rows = yaml.safe_load(resources.files("guiyan.law").joinpath("data/instruments.yaml").read_text("utf-8"))
    index: dict[str, Instrument] = {}
    for row in rows:
        instrument = _instrument(row)
        if instrument.key in index:
            raise ValueError(f"instrument listed twice: {instrument.key}")
        index[instrument.key] = instrument
    return MappingProxyType(index)


def _instrument(row: Mapping[str, Any]) -> Instrument:
    unknown = set(row) - {"key", "zh", "en", "issuer", "number", "from", "to", "status"}
    start, end = row.get("from"), row.get("to")
    if unknown or not isinstance(start, date) or not (end is None or isinstance(end, date)):
        raise ValueError(f"instrument not well formed: {row}")
    return Instrument(
        key=str(row["key"]),
        title_zh=str(row["zh"]),
        title_en=str(row["en"]),
        issuer=str(row["issuer"]),
        number=str(row["number"]),
        in_force_from=start,
        in_force_to=end,
        status=Confidence(row["status"]),
    )
