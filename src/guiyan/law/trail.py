"""The reasoning of one answer while it is being written: sentences, authorities, figures used, facts missing.

A rule opens a trail, says each step, and closes it as a `Computed` or a `Finding`. Only the closed result leaves the
rule; it is immutable. A trail opened with `explain=False` is mute: it keeps no step and builds no sentence, and all
that decides (verdict, value, what is missing, confidence, whether a person must look) comes out the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TypeVar

from guiyan.kernel.results import (
    Computed,
    Confidence,
    Finding,
    Missing,
    ParameterUse,
    Reasoned,
    Step,
    Verdict,
    Words,
)
from guiyan.law.citations import Cite, instruments
from guiyan.law.parameters import Parameter, ParameterMissing, Parameters, Source

T = TypeVar("T")
DAYS_REMEMBERED = 4096


@lru_cache(maxsize=DAYS_REMEMBERED)
def sound_instruments(day: date) -> frozenset[str]:
    """Keys of the instruments that were read (status V) and in force on the day: what cites only these is certain."""
    return frozenset(
        key for key, one in instruments().items() if one.status is Confidence.STATUTE and one.in_force_on(day)
    )


class Trail:
    """Collects the steps of one answer about the law of `as_of` in `region`."""

    __slots__ = (
        "_as_of",
        "_confidence",
        "_figures",
        "_human_review",
        "_looked_up",
        "_missing",
        "_region",
        "_sound",
        "_steps",
        "_uses",
        "explains",
    )

    def __init__(self, *, as_of: date, region: str | None, params: Parameters, explain: bool = True) -> None:
        self.explains = explain
        """Whether sentences are kept; whoever builds one at a cost asks first."""
        self._as_of = as_of
        self._region = region
        self._figures = params.in_force(as_of, region)
        self._sound = sound_instruments(as_of)
        self._steps: list[Step] = []
        self._looked_up: list[ParameterUse] = []
        self._missing: dict[str, Missing] = {}
        self._uses: dict[str, ParameterUse] = {}
        self._confidence = Confidence.STATUTE
        self._human_review = False

    def say(self, zh: str, en: str, cite: Source, *more: Source, value: object = None, **inputs: object) -> None:
        """Write down one step. It names at least one authority: what cites nothing is not law.

        `inputs` fill the braces of both sentences and are kept with the step; dates and amounts are written as text
        (ISO, exact). They are formatted only when the trail explains. The step is no more certain than its authorities,
        and unverified where one was not in force on the day.
        """
        sound = self._sound
        if cite.instrument not in sound:
            self._weaken(cite)
        for authority in more:
            if authority.instrument not in sound:
                self._weaken(authority)
        if not self.explains:
            return
        words = Words(zh.format_map(inputs), en.format_map(inputs)) if inputs else Words(zh, en)
        told = tuple((name, str(given)) for name, given in inputs.items())
        shown = None if value is None else str(value)
        self._steps.append(Step(words, shown, (cite, *more), told, tuple(self._looked_up)))
        self._looked_up.clear()

    def tell(self, words: Words, cites: tuple[Cite, ...], value: object) -> None:
        """Write down a step whose sentence and authorities (at least one) are ready."""
        sound = self._sound
        for authority in cites:
            if authority.instrument not in sound:
                self._weaken(authority)
        if self.explains:
            shown = None if value is None else str(value)
            self._steps.append(Step(words, shown, cites, (), tuple(self._looked_up)))
            self._looked_up.clear()

    def is_sure_of(self, instruments_cited: frozenset[str]) -> bool:
        """Whether steps that rest on these instruments alone leave the answer as certain as it is."""
        return instruments_cited <= self._sound

    def part(self, zh: str, en: str) -> Part:
        """A heading: `with trail.part(zh, en):` puts every step said inside under one. Without steps it vanishes."""
        return Part(self, zh, en) if self.explains else _MUTE

    def join(self, result: Reasoned, zh: str, en: str) -> None:
        """Put another answer's steps under a heading, and take over its figures, its doubts and what it lacks."""
        for use in result.parameters:
            self._uses.setdefault(use.key, use)
        self.doubt(result.confidence)
        self._human_review = self._human_review or result.human_review
        value = None
        if isinstance(result, Finding):
            value = str(result.verdict)
            for missing in result.missing:
                self._missing.setdefault(missing.fact, missing)
        if self.explains and result.steps:
            self._steps.append(Step(Words(zh, en), value, children=result.steps))

    def lacks(self, fact: str, zh: str, en: str) -> None:
        """Note a fact the answer turns on and the question to ask for it."""
        if fact not in self._missing:
            self._missing[fact] = Missing(fact, Words(zh, en))

    def doubt(self, confidence: Confidence) -> None:
        """Note that this step is no more certain than the given tag."""
        if confidence.rank > self._confidence.rank:
            self._confidence = confidence

    def ask_person(self) -> None:
        """Note that a named person must look at the answer, whatever it says."""
        self._human_review = True

    def figure(self, key: str) -> Decimal:
        """The dated figure of a key; notes that it was used. Raises ParameterMissing when none covers the day."""
        return self._use(key).number

    def local_figure(self, key: str) -> Decimal | None:
        """The dated figure of a key that only some places have; None when this place and day have none."""
        return self.figure(key) if key in self._figures else None

    def days(self, key: str, *, attach: bool = True) -> int:
        """The dated figure of a key that counts days or months. Raises ParameterMissing when none covers the day.

        `attach=False`: the figure counts as used but belongs to no step yet.
        """
        return int(self._use(key, attach=attach).number)

    def table(self, key: str) -> tuple[tuple[Decimal, ...], ...]:
        """The dated table of a key; notes that it was used. Raises ParameterMissing when none covers the day."""
        return self._use(key).rows

    def _use(self, key: str, *, attach: bool = True) -> Parameter:
        parameter = self._figures.get(key)
        if parameter is None:
            raise ParameterMissing(key, self._as_of, self._region)
        if key not in self._uses:
            self._uses[key] = parameter.use
            if parameter.confidence.rank > self._confidence.rank:
                self._confidence = parameter.confidence
        if attach and self.explains:
            self._looked_up.append(parameter.use)
        return parameter

    def _weaken(self, authority: Source) -> None:
        self.doubt(authority.source.status)
        if not authority.source.in_force_on(self._as_of):
            self.doubt(Confidence.UNVERIFIED)
            self.ask_person()

    @property
    def as_of(self) -> date:
        """The day whose law is applied."""
        return self._as_of

    @property
    def missing(self) -> bool:
        """Whether a fact is missing so far."""
        return bool(self._missing)

    def computed(self, value: T) -> Computed[T]:
        """Close as a calculation."""
        return Computed(
            as_of=self._as_of,
            region=self._region,
            steps=tuple(self._steps),
            parameters=tuple(self._uses.values()),
            confidence=self._confidence,
            human_review=self._human_review,
            value=value,
        )

    def answer(self, value: T) -> Computed[T] | Finding[T]:
        """Close as a calculation, or as INDETERMINATE with the part that is known when a fact is missing."""
        return self.finding(Verdict.INDETERMINATE, value) if self._missing else self.computed(value)

    def finding(
        self, verdict: Verdict, value: T, conditions: Sequence[Words] = (), *, certain: bool = False
    ) -> Finding[T]:
        """Close as a judgement; when a fact is missing the verdict is INDETERMINATE whatever was given.

        `certain`: no missing fact can change the verdict, so it stands and what is missing is named beside it.
        """
        return Finding(
            as_of=self._as_of,
            region=self._region,
            steps=tuple(self._steps),
            parameters=tuple(self._uses.values()),
            confidence=self._confidence,
            human_review=self._human_review,
            verdict=Verdict.INDETERMINATE if self._missing and not certain else verdict,
            value=value,
            conditions=tuple(conditions),
            missing=tuple(self._missing.values()),
        )


class Part:
    """A heading that is open: what its trail says meanwhile becomes its children."""

    __slots__ = ("_above", "_en", "_trail", "_zh", "value")

    def __init__(self, trail: Trail | None, zh: str, en: str) -> None:
        self._trail, self._zh, self._en = trail, zh, en
        self._above: list[Step] = []
        self.value: object = None
        """What the part came to, shown beside its heading."""

    def __enter__(self) -> Part:
        if self._trail is not None:
            self._above, self._trail._steps = self._trail._steps, []
        return self

    def __exit__(self, *raised: object) -> None:
        if self._trail is None:
            return
        children, self._trail._steps = self._trail._steps, self._above
        if children:
            value = None if self.value is None else str(self.value)
            self._above.append(Step(Words(self._zh, self._en), value, children=tuple(children)))


_MUTE = Part(None, "", "")
