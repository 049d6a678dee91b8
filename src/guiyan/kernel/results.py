"""Answers as values: what a rule concluded, by which steps, on which authority, and what it still needs to know.

Nothing here knows a rule. A rule returns a `Finding` when it judges and a `Computed` when it calculates; both carry the
same reasoning, so that a screen, a notice or an arbitrator can follow every step back to its article.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Generic, Protocol, TypeVar, runtime_checkable

T = TypeVar("T")


class Verdict(StrEnum):
    """What a rule says about an act. PROHIBITED is final; INDETERMINATE names what is missing."""

    ALLOWED = "ALLOWED"
    ALLOWED_WITH_CONDITIONS = "ALLOWED_WITH_CONDITIONS"
    EXTENDED = "EXTENDED"
    PROHIBITED = "PROHIBITED"
    INDETERMINATE = "INDETERMINATE"

    @property
    def stops(self) -> bool:
        """Whether a gate stays closed: only a person may open it, and after PROHIBITED or EXTENDED nobody may."""
        return self is Verdict.PROHIBITED or self is Verdict.EXTENDED or self is Verdict.INDETERMINATE


class Confidence(StrEnum):
    """How sure the reading of the law is, best first. The value is the tag that documents use."""

    rank: int
    """How doubtful, from 0 upwards."""

    def __init__(self, tag: str) -> None:
        self.rank = len(type(self).__members__)

    STATUTE = "V"
    """The provision was read and says so."""
    SECONDARY = "V2"
    """Known from a secondary source only."""
    LOCAL = "L"
    """A local rule or local guidance."""
    PRACTICE = "P"
    """Practice of courts or doctrine; no provision says it in terms."""
    UNVERIFIED = "U"
    """Could not be read: counsel decides."""


def weakest(confidences: Iterable[Confidence]) -> Confidence:
    """The least certain of the given tags; STATUTE when there is none."""
    return max(confidences, key=lambda confidence: confidence.rank, default=Confidence.STATUTE)


@runtime_checkable
class Authority(Protocol):
    """What a citation must offer: `str(authority)` as it is printed in Chinese, and the same in English."""

    def __str__(self) -> str: ...

    @property
    def english(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Words:
    """One sentence in Chinese and in English, meaning the same."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.zh


@dataclass(frozen=True, slots=True)
class ParameterUse:
    """A dated figure that entered the answer: its key, its value as text, from which day it holds, where, by what
    source, and the names of key and source in both languages."""

    key: str
    value: str
    effective_from: date
    region: str | None
    source: str
    name: Words = Words("", "")
    unit: str = ""
    source_en: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the reasoning: a sentence, the value it produced where there is one, and its authorities.

    `inputs` are the facts and figures that the sentence speaks of, each a name and its value as text; `parameters` are
    the dated figures that were looked up for it. A step with `children` is a heading over the steps by which it was
    reached, and may leave the authorities to them.
    """

    says: Words
    value: str | None = None
    cites: tuple[Authority, ...] = ()
    inputs: tuple[tuple[str, str], ...] = ()
    parameters: tuple[ParameterUse, ...] = ()
    children: tuple[Step, ...] = ()

    def leaves(self) -> Iterator[Step]:
        """The steps without children under this one, in reading order; the step itself when it has none."""
        if not self.children:
            yield self
        for child in self.children:
            yield from child.leaves()

    def authorities(self) -> Iterator[Authority]:
        """Every authority of the step and of all below it, in reading order."""
        yield from self.cites
        for child in self.children:
            yield from child.authorities()


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact the answer turns on and that nobody has stated: its name, and the question to put to a person."""

    fact: str
    asks: Words


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with what was given, reported together with all the others instead of raised."""

    code: str
    says: Words
    field: str | None = None
    cites: tuple[Authority, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reasoned:
    """The reasoning that findings and computations share.

    `as_of` is the day whose law was applied and `region` the place (None: national rules only). `human_review` asks for
    a named person to look, whatever the verdict.
    """

    as_of: date
    region: str | None
    steps: tuple[Step, ...]
    parameters: tuple[ParameterUse, ...] = ()
    confidence: Confidence = Confidence.STATUTE
    human_review: bool = False

    @property
    def cites(self) -> tuple[Authority, ...]:
        """Every authority named in the steps, once, in the order in which the reasoning met it."""
        return tuple(dict.fromkeys(cite for step in self.steps for cite in step.authorities()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding(Reasoned, Generic[T]):
    """A judgement. `value` is the rule's own answer; it may hold a part of it while the verdict is INDETERMINATE.

    `conditions` are what must be done or kept in mind for an ALLOWED_WITH_CONDITIONS. INDETERMINATE always names what
    is `missing`. A verdict that stops for certain may name it too, for the parts of the answer that stay open; a
    verdict that lets through never does.
    """

    verdict: Verdict
    value: T | None = None
    conditions: tuple[Words, ...] = ()
    missing: tuple[Missing, ...] = ()

    def __post_init__(self) -> None:
        if self.missing:
            if not self.verdict.stops:
                raise ValueError("a finding that lacks a fact lets nothing through")
        elif self.verdict is Verdict.INDETERMINATE:
            raise ValueError("a finding that is INDETERMINATE names what is missing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Computed(Reasoned, Generic[T]):
    """A calculation that had all it needed. One that had not is a `Finding` with verdict INDETERMINATE."""

    value: T
