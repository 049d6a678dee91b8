"""The reasoning of one answer while it is being written: sentences, authorities, figures used, facts missing.

A rule opens a trail, says each step, and closes it as a `Computed` or a `Finding`. Only the closed result leaves the
rule; it is immutable.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TypeVar

from guiyan.kernel.results import (
    Computed,
    Confidence,
    Finding,
    Missing,
    ParameterUse,
    Step,
    Verdict,
    Words,
    weakest,
)
from guiyan.law.citations import Cite
from guiyan.law.parameters import Parameter, Parameters

T = TypeVar("T")


class Trail:
    """Collects the steps of one answer about the law of `as_of` in `region`."""

    def __init__(self, *, as_of: date, region: str | None, params: Parameters) -> None:
        self._as_of = as_of
        self._region = region
        self._params = params
        self._steps: list[Step] = []
        self._missing: dict[str, Missing] = {}
        self._uses: dict[str, ParameterUse] = {}
        self._confidence = Confidence.STATUTE
        self._human_review = False

    def say(self, zh: str, en: str, cite: Cite, *more: Cite, value: str | None = None) -> None:
        """Write down one step. It names at least one authority: what cites nothing is not law.

        The step is no more certain than its authorities, and unverified where one was not in force on the day.
        """
        self._steps.append(Step(Words(zh, en), value, (cite, *more)))
        for authority in (cite, *more):
            self.doubt(authority.source.status)
            if not authority.source.in_force_on(self._as_of):
                self.doubt(Confidence.UNVERIFIED)
                self.ask_person()

    def lacks(self, fact: str, zh: str, en: str) -> None:
        """Note a fact the answer turns on and the question to ask for it."""
        self._missing.setdefault(fact, Missing(fact, Words(zh, en)))

    def doubt(self, confidence: Confidence) -> None:
        """Note that this step is no more certain than the given tag."""
        self._confidence = weakest([self._confidence, confidence])

    def ask_person(self) -> None:
        """Note that a named person must look at the answer, whatever it says."""
        self._human_review = True

    def figure(self, key: str) -> Decimal:
        """The dated figure of a key; notes that it was used. Raises ParameterMissing when none covers the day."""
        parameter = self._params.at(key, as_of=self._as_of, region=self._region)
        self._note(parameter, str(parameter.number))
        return parameter.number

    def table(self, key: str) -> tuple[tuple[Decimal, ...], ...]:
        """The dated table of a key; notes that it was used. Raises ParameterMissing when none covers the day."""
        parameter = self._params.at(key, as_of=self._as_of, region=self._region)
        self._note(parameter, f"{len(parameter.rows)} rows")
        return parameter.rows

    def _note(self, parameter: Parameter, value: str) -> None:
        use = ParameterUse(parameter.key, value, parameter.effective_from, parameter.region, str(parameter.source))
        self._uses.setdefault(parameter.key, use)
        self.doubt(parameter.confidence)

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

    def finding(self, verdict: Verdict, value: T, conditions: Sequence[Words] = ()) -> Finding[T]:
        """Close as a judgement; when a fact is missing the verdict is INDETERMINATE whatever was given."""
        return Finding(
            as_of=self._as_of,
            region=self._region,
            steps=tuple(self._steps),
            parameters=tuple(self._uses.values()),
            confidence=self._confidence,
            human_review=self._human_review,
            verdict=Verdict.INDETERMINATE if self._missing else verdict,
            value=value,
            conditions=tuple(conditions),
            missing=tuple(self._missing.values()),
        )
