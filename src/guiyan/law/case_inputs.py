"""Reads the inputs of a case into typed facts and collects everything that is wrong with them.

A reading method returns a value of the right type even when the input is wrong, so that all inputs are read; `check`
then raises one `InputProblems` that names every wrong key. An absent optional key is None: a fact nobody has stated.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from guiyan.kernel.calendar import SHANGHAI, legal_day
from guiyan.law.moments import When

E = TypeVar("E", bound=StrEnum)

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})?")
_NUMBER = re.compile(r"[0-9]{1,14}(\.[0-9]{1,14})?")
YEAR_MIN, YEAR_MAX = 1900, 2200
NUMBER_BELOW = Decimal("1e13")


class InputProblems(ValueError):
    """Everything wrong with the inputs of a case, as sentences."""

    def __init__(self, problems: Collection[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)


class CaseInputs:
    """The inputs of one case. Numbers may be numbers or text; dates are ISO text; null is as good as absent."""

    def __init__(self, values: Mapping[str, object]) -> None:
        self._values = values
        self._asked: set[str] = set()
        self._problems: list[str] = []

    def check(self) -> None:
        """Raise InputProblems when anything read so far was missing or wrong."""
        if self._problems:
            raise InputProblems(self._problems)

    @property
    def unused(self) -> tuple[str, ...]:
        """Keys that no reading asked for."""
        return tuple(key for key in self._values if key not in self._asked)

    def has(self, key: str) -> bool:
        """Whether the key is there, null or not."""
        self._asked.add(key)
        return key in self._values

    def raw(self, key: str) -> object:
        """The value as it came, None when absent."""
        self._asked.add(key)
        return self._values.get(key)

    def _required(self, key: str) -> object:
        value = self.raw(key)
        if value is None:
            self._problems.append(f"required input missing: {key}")
        return value

    def _wrong(self, key: str, value: object, expected: str) -> None:
        shown = str(value) if isinstance(value, Decimal) else repr(value)
        self._problems.append(f"{key} must be {expected}, not {shown[:80]}")

    def day(self, key: str) -> date:
        """A required civil day."""
        value = self._required(key)
        found = None if value is None else self._when(key, value)
        return found.day if found else date.min

    def optional_day(self, key: str) -> date | None:
        """A civil day, None when absent."""
        found = self.optional_when(key)
        return found.day if found else None

    def nullable_day(self, key: str) -> date | None:
        """A required key that is a civil day, or null where there is none."""
        if not self.has(key):
            self._problems.append(f"required input missing: {key}")
        return self.optional_day(key)

    def optional_when(self, key: str) -> When | None:
        """A civil day or a moment, None when absent. A time without zone is one in Asia/Shanghai."""
        value = self.raw(key)
        return None if value is None else self._when(key, value)

    def _when(self, key: str, value: object) -> When | None:
        found = None
        if isinstance(value, str):
            try:
                found = _parse_when(value.strip())
            except ValueError:
                found = None
        if found is None or not YEAR_MIN <= found.day.year <= YEAR_MAX:
            self._wrong(key, value, "a date such as 2026-03-10, with or without a time")
            return None
        return found

    def number(self, key: str) -> Decimal:
        """A required number that is not negative."""
        value = self._required(key)
        return Decimal(0) if value is None else self._number(key, value)

    def optional_number(self, key: str) -> Decimal | None:
        """A number that is not negative, None when absent."""
        value = self.raw(key)
        return None if value is None else self._number(key, value)

    def _number(self, key: str, value: object) -> Decimal:
        if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
            value = Decimal(value.strip())
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            number = Decimal(value)
            if number.is_finite() and 0 <= number < NUMBER_BELOW:
                return number
        self._wrong(key, value, "a number from 0 up")
        return Decimal(0)

    def whole(self, key: str) -> int:
        """A required whole number that is not negative."""
        number = self.number(key)
        if number != number.to_integral_value():
            self._wrong(key, number, "a whole number")
            return 0
        return int(number)

    def whole_between(self, key: str, lowest: int, highest: int) -> int:
        """A required whole number from `lowest` to `highest`, both included; `lowest` stands in for a wrong one."""
        number = self.whole(key)
        if lowest <= number <= highest:
            return number
        if self.raw(key) is not None:
            self._wrong(key, self.raw(key), f"from {lowest} to {highest}")
        return lowest

    def optional_whole(self, key: str) -> int | None:
        """A whole number that is not negative, None when absent."""
        return None if self.raw(key) is None else self.whole(key)

    def given(self, key: str) -> bool:
        """Whether the key is there and is neither null nor false."""
        return self.raw(key) not in (None, False)

    def flag(self, key: str) -> bool:
        """A required true or false."""
        value = self._required(key)
        return bool(value is not None and self._flag(key, value))

    def optional_flag(self, key: str) -> bool | None:
        """True or false, None when absent."""
        value = self.raw(key)
        return None if value is None else self._flag(key, value)

    def _flag(self, key: str, value: object, expected: str = "true or false") -> bool:
        if not isinstance(value, bool):
            self._wrong(key, value, expected)
        return value is True

    def happened(self, key: str) -> bool | None:
        """True for true, a date or a month, False for false, None when absent."""
        value = self.raw(key)
        if value is None or isinstance(value, bool):
            return value
        month = isinstance(value, str) and _MONTH.fullmatch(value.strip())
        if not month:
            self._when(key, value)
        return True

    def flag_or_text(self, key: str) -> bool:
        """A required true or false, or words, whatever they say: words are a true."""
        value = self._required(key)
        if isinstance(value, str) and value.strip():
            return True
        return value is not None and self._flag(key, value, "true, false or a text")

    def choice(self, key: str, words: type[E], allowed: Collection[E] | None = None) -> E:
        """A required word of a closed vocabulary."""
        value = self._required(key)
        usable = list(allowed or words)
        return usable[0] if value is None else self._word(key, value, usable)

    def optional_choice(self, key: str, words: type[E], allowed: Collection[E] | None = None) -> E | None:
        """A word of a closed vocabulary, None when absent."""
        value = self.raw(key)
        return None if value is None else self._word(key, value, list(allowed or words))

    def choices(self, key: str, words: type[E]) -> frozenset[E]:
        """A required list of words of a closed vocabulary; it may be empty."""
        value = self._required(key)
        if value is None:
            return frozenset()
        if not isinstance(value, list):
            self._wrong(key, value, "a list")
            return frozenset()
        return frozenset(self._word(key, word, list(words)) for word in value)

    def optional_words(self, key: str) -> tuple[str, ...] | None:
        """A list of free words, None when absent."""
        value = self.raw(key)
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
            self._wrong(key, value, "a list of words")
            return ()
        return tuple(value)

    def rows(self, key: str) -> list[CaseInputs]:
        """A required list of objects, each to be read by itself; `absorb` takes over their problems."""
        value = self._required(key)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            self._wrong(key, value, "a list of objects")
            return []
        return [CaseInputs(row) for row in value]

    def absorb(self, key: str, rows: Collection[CaseInputs]) -> None:
        """Take over the problems of rows, naming their place."""
        for place, row in enumerate(rows, start=1):
            self._problems.extend(f"{key}[{place}]: {problem}" for problem in row._problems)

    def _word(self, key: str, value: object, usable: list[E]) -> E:
        for word in usable:
            if value == word.value:
                return word
        self._wrong(key, value, f"one of {', '.join(word.value for word in usable)}")
        return usable[0]


def _parse_when(text: str) -> When | None:
    if _DATE.fullmatch(text):
        return When.on(date.fromisoformat(text))
    if not _MOMENT.fullmatch(text):
        return None
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=SHANGHAI)
    return When(legal_day(moment), moment)
