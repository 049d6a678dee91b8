"""Figures of law that change: each is a dated, cited key in `data/parameters.yaml`.

A key holds one or more values, each with the day from which it holds, the region where it holds (none: everywhere), its
source and the day on which somebody last checked it. A rule asks for the value in force on its day; when none is, the
rule stops and says which figure is missing, instead of computing with another year's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

import yaml

from guiyan.kernel.results import Confidence, ParameterUse, Words
from guiyan.law.citations import Cite, Instrument
from guiyan.law.regions import province_of

_KEY_FIELDS = {"key", "zh", "en", "unit", "values"}
_VALUE_FIELDS = {"from", "to", "region", "value", "rows", "source", "checked_on", "confidence"}


DAYS_REMEMBERED = 1024
"""More days and regions than this are not kept; asking anew is only slower."""
RULES_CHECKED_ON = date(2026, 11, 22)
"""The day on which the rules and figures were last checked: the day whose law is applied where no other is given."""


class ParameterMissing(LookupError):
    """No value of the key is in force on the day in the region. The attributes say which was sought."""

    def __init__(self, key: str, as_of: date, region: str | None) -> None:
        super().__init__(f"no value of {key} is in force on {as_of} in {region or 'the whole country'}")
        self.key, self.as_of, self.region = key, as_of, region


@dataclass(frozen=True, slots=True)
class OwnSource:
    """Where an employer has a figure of its own from, in plain words: it is none of the index of instruments.

    `title`, `number` (沪人社规〔2026〕1号), `words` (where to find it) and `statistic` (which average it is) stand as
    they were entered. An answer that rests on one is never more certain than a local rule.
    """

    title: str
    number: str = ""
    words: str = ""
    statistic: str = ""

    @property
    def instrument(self) -> str:
        """No key of the index: the source counts as local wherever a rule cites it."""
        return ""

    @property
    def source(self) -> Instrument:
        """The source as an instrument of its own."""
        return Instrument("", self.title, self.title, "", self.number, date.min, None, Confidence.LOCAL)

    @property
    def english(self) -> str:
        """The same words: nobody translated them."""
        return f"{self._said()} (entered by the employer)"

    def __str__(self) -> str:
        return f"{self._said()}（单位录入）"

    def _said(self) -> str:
        number = f"（{self.number}）" if self.number else ""
        return "；".join([f"{self.title}{number}", *filter(None, (self.statistic, self.words))])


Source = Cite | OwnSource


@dataclass(frozen=True, slots=True)
class Parameter:
    """One value of a key. Exactly one of `amount` and `rows` is filled."""

    key: str
    zh: str
    en: str
    unit: str
    effective_from: date
    effective_to: date | None
    region: str | None
    amount: Decimal | None
    rows: tuple[tuple[Decimal, ...], ...]
    source: Source
    checked_on: date
    confidence: Confidence
    use: ParameterUse = field(init=False, repr=False, compare=False)
    """The value as an answer shows it."""

    def __post_init__(self) -> None:
        text = str(self.amount) if self.amount is not None else f"{len(self.rows)} rows"
        name = Words(self.zh, self.en)
        use = ParameterUse(
            self.key, text, self.effective_from, self.region, str(self.source), name, self.unit, self.source.english
        )
        object.__setattr__(self, "use", use)

    @property
    def number(self) -> Decimal:
        """The figure. Raises TypeError when the key holds a table."""
        if self.amount is None:
            raise TypeError(f"{self.key} is a table, not a figure")
        return self.amount

    def holds(self, day: date, region: str | None) -> bool:
        """Whether the value is in force on the day in the place: its own, its province's, or the whole country's."""
        in_time = self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)
        return in_time and self.region in {None, region, province_of(region)}


@dataclass(frozen=True, slots=True)
class Parameters:
    """All values of all keys. A tenant's own values come in by `with_values`; they add to the statutory ones."""

    values: tuple[Parameter, ...]
    _in_force: dict[tuple[date, str | None], Mapping[str, Parameter]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def at(self, key: str, *, as_of: date, region: str | None) -> Parameter:
        """The value in force: the place's before its province's before the national one, then the latest.

        Raises ParameterMissing.
        """
        found = self.in_force(as_of, region).get(key)
        if found is None:
            raise ParameterMissing(key, as_of, region)
        return found

    def find(self, key: str, *, as_of: date, region: str | None) -> Parameter | None:
        """The same, or None."""
        return self.in_force(as_of, region).get(key)

    def in_force(self, as_of: date, region: str | None) -> Mapping[str, Parameter]:
        """The value in force of every key that has one. Remembered by day and region, since values never change."""
        found = self._in_force.get((as_of, region))
        if found is None:
            if len(self._in_force) >= DAYS_REMEMBERED:
                self._in_force.clear()
            found = self._in_force[as_of, region] = MappingProxyType(self._index(as_of, region))
        return found

    def _index(self, as_of: date, region: str | None) -> dict[str, Parameter]:
        index: dict[str, Parameter] = {}
        for value in self.values:
            if value.holds(as_of, region):
                known = index.get(value.key)
                if known is None or _before(known, value, region):
                    index[value.key] = value
        return index

    def with_values(self, values: Iterable[Parameter]) -> Parameters:
        """The same with further values, for instance a region's minimum wage that an administrator entered."""
        return Parameters((*self.values, *values))


def _before(known: Parameter, other: Parameter, place: str | None) -> bool:
    """Whether the other value takes precedence in the place."""
    rank, other_rank = (0 if one.region is None else 2 if one.region == place else 1 for one in (known, other))
    return (rank, known.effective_from) < (other_rank, other.effective_from)


@cache
def statutory_parameters() -> Parameters:
    """The parameters that ship with the product. Raises ValueError when the file is not well formed."""
    text = resources.files("guiyan.law").joinpath("data/parameters.yaml").read_text("utf-8")
    return Parameters(tuple(value for row in yaml.safe_load(text) for value in read_key(row)))


def read_key(row: Mapping[str, Any]) -> tuple[Parameter, ...]:
    """The values of one key of the file. Raises ValueError naming the key for anything missing, extra or mistyped."""
    if set(row) != _KEY_FIELDS or not row["values"]:
        raise ValueError(f"parameter not well formed: {row.get('key', row)}")
    return tuple(_value(row, value) for value in row["values"])


def _value(row: Mapping[str, Any], value: Mapping[str, Any]) -> Parameter:
    key, start, end = row["key"], value.get("from"), value.get("to")
    if set(value) - _VALUE_FIELDS or ("value" in value) == ("rows" in value):
        raise ValueError(f"value of {key} not well formed: {dict(value)}")
    checked_on = value.get("checked_on")
    if not isinstance(start, date) or not isinstance(checked_on, date) or not (end is None or isinstance(end, date)):
        raise ValueError(f"value of {key} needs the days from which it holds and on which it was checked")
    return Parameter(
        key=key,
        zh=row["zh"],
        en=row["en"],
        unit=row["unit"],
        effective_from=start,
        effective_to=end,
        region=value.get("region"),
        amount=_decimal(key, value["value"]) if "value" in value else None,
        rows=tuple(tuple(_decimal(key, cell) for cell in cells) for cells in value.get("rows", ())),
        source=Cite(**value["source"]),
        checked_on=checked_on,
        confidence=Confidence(value["confidence"]),
    )


def _decimal(key: str, text: object) -> Decimal:
    """Figures are written as text or whole numbers: a YAML float has lost the exact value already."""
    if isinstance(text, bool) or not isinstance(text, str | int):
        raise ValueError(f"a figure of {key} must be quoted text or a whole number: {text!r}")
    try:
        return Decimal(text)
    except InvalidOperation:
        raise ValueError(f"not a figure of {key}: {text!r}") from None
