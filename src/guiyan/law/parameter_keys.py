"""Which figures an employer may enter for its places, and what each may be: `data/parameter_keys.yaml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

import yaml

from guiyan.kernel.results import Problem, Words

_NEEDED = {"key", "name", "unit"}
_OPTIONAL = {"min", "max", "whole", "local", "statistic", "reason", "choices", "columns", "without"}
_PLAIN = re.compile(r"\d{1,13}(?:\.\d{1,6})?", re.ASCII)
Rows = tuple[tuple[Decimal, ...], ...]


class FigureRejected(ValueError):
    """A text is no value of the key. `problem` says why, in both languages."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.says.en)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class ParameterKey:
    """One key: names, unit, and what a value may be.

    `low` and `high` bound every figure (None: no bound). `choices` is a closed list of values with their words, empty
    when any figure in the range will do; `columns` names the figures of a row, empty for a single figure. `local`: the
    value belongs to a place. `without` says what cannot be answered while a place has none; None where nothing stops.
    """

    key: str
    name: Words
    unit: str
    low: Decimal | None
    high: Decimal | None
    whole: bool
    local: bool
    statistic: bool
    reason: bool
    choices: tuple[tuple[Decimal, Words], ...]
    columns: tuple[Words, ...]
    without: Words | None

    def read(self, text: str) -> tuple[Decimal | None, Rows]:
        """The amount, or the rows of a table, that a text gives; figures of a row are separated by commas.

        Raises FigureRejected.
        """
        cells = [cell.strip() for cell in text.replace("，", ",").replace("、", ",").split(",")]
        if len(cells) != max(1, len(self.columns)):
            raise self._wrong("count", f"请填{max(1, len(self.columns))}个数，用逗号分开。", "not that many figures")
        figures = tuple(self._figure(cell) for cell in cells)
        return (None, (figures,)) if self.columns else (figures[0], ())

    def _figure(self, text: str) -> Decimal:
        if not _PLAIN.fullmatch(text):
            raise self._wrong("no_figure", "请只填数字，例如 2690 或 2690.50。", f"not a figure: {text[:40]!r}")
        figure = Decimal(text)
        if self.choices and figure not in {value for value, _words in self.choices}:
            raise self._wrong("no_choice", "请从列出的答案里选一个。", "not one of the answers")
        if self.whole and figure != figure.to_integral_value():
            raise self._wrong("not_whole", "请填整数。", "not a whole number")
        if (self.low is not None and figure < self.low) or (self.high is not None and figure > self.high):
            zh = f"应当在{self.low}到{self.high}之间，请核对单位和位数。"
            raise self._wrong("out_of_range", zh, f"not between {self.low} and {self.high}")
        return figure

    def _wrong(self, code: str, zh: str, en: str) -> FigureRejected:
        return FigureRejected(Problem(code, Words(zh, en), "value"))


@cache
def parameter_keys() -> Mapping[str, ParameterKey]:
    """The keys in the order of the file. Raises ValueError when the file is not well formed."""
    rows = yaml.safe_load(resources.files("guiyan.law").joinpath("data/parameter_keys.yaml").read_text("utf-8"))
    found = {row["key"]: read_key(row) for row in rows}
    if len(found) != len(rows):
        raise ValueError("a key is listed twice")
    return MappingProxyType(found)


def read_key(row: Mapping[str, Any]) -> ParameterKey:
    """One key of the file. Raises ValueError for anything missing, extra, or bounds that no value can meet."""
    if not set(row) >= _NEEDED or set(row) - _NEEDED - _OPTIONAL:
        raise ValueError(f"key not well formed: {row.get('key', row)}")
    bounds = [None if row.get(name) is None else Decimal(row[name]) for name in ("min", "max")]
    if (None in bounds) != ("choices" in row) or (None not in bounds and bounds[0] >= bounds[1]):  # type: ignore[operator]
        raise ValueError(f"{row['key']} needs either min below max, or choices")
    return ParameterKey(
        key=row["key"],
        name=Words(**row["name"]),
        unit=row["unit"],
        low=bounds[0],
        high=bounds[1],
        whole=bool(row.get("whole", False)),
        local=bool(row.get("local", False)),
        statistic=bool(row.get("statistic", False)),
        reason=bool(row.get("reason", False)),
        choices=tuple((Decimal(one["value"]), Words(one["zh"], one["en"])) for one in row.get("choices", ())),
        columns=tuple(Words(**one) for one in row.get("columns", ())),
        without=Words(**row["without"]) if "without" in row else None,
    )
