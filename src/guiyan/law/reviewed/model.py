"""What a reviewed case is, and what comes out when it is put to the law."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypeAlias

from guiyan.kernel.results import Computed, Finding, Words
from guiyan.law.matrix.given import EvidenceGiven
from guiyan.law.protection import ProtectedEnding

Plain: TypeAlias = "str | int | bool | date | tuple[Plain, ...] | None"
"""A part of an answer as a case writes it: words of closed lists and amounts as text."""


class CaseKind(StrEnum):
    """Whether a case is put to one rule or to a ground of the evidence matrix."""

    RULE = "rule"
    MATRIX = "matrix"


@dataclass(frozen=True, slots=True)
class FactRow:
    """One fact of a case as a page shows it. `field` is its name in the file; what is not listed is unknown."""

    field: str
    label: Words
    value: Words


@dataclass(frozen=True, slots=True)
class Expectation:
    """One part of the answer that is compared.

    `part` is `verdict`, `missing` (sorted names), `value` or `value.<field>` for a rule; `verdict`, `missing`,
    `latest`, `elements.<id>`, `steps.<kind>`, `stake.lawful` or `stake.unlawful` for a ground. `shown` is `wanted` in
    words. A verdict of None: the rule computes and judges nothing.
    """

    part: str
    label: Words
    wanted: Plain
    shown: Words


@dataclass(frozen=True, slots=True)
class MatrixGiven:
    """The evidence of a case without its gate, and the facts for the gate (None: nobody asked it, or there is none)."""

    evidence: EvidenceGiven
    gate: ProtectedEnding | None


@dataclass(frozen=True, slots=True)
class ReviewedCase:
    """One case. `id` is unique and stays: the topic and the number written in the file.

    `topic` is the name of the rule (`rulebook.RULEBOOK`) or of the ground (`MatrixGround`), `question` what it answers.
    `example` names the worked example that the case restates. `given` is the facts as the rule takes them, or
    `MatrixGiven`.
    """

    id: str
    kind: CaseKind
    subject: Words
    topic: str
    question: Words
    name: Words
    facts: tuple[FactRow, ...]
    as_of: date
    region: str | None
    expected: tuple[Expectation, ...]
    example: str | None
    given: Any

    def __str__(self) -> str:
        return self.id


@dataclass(frozen=True, slots=True)
class Difference:
    """One part of an answer that is not as expected. `part` is that of the expectation, or `error`."""

    part: str
    label: Words
    expected: Words
    found: Words


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the law answers to a case. `result` is None where it refused to answer; `differences` then says why."""

    differences: tuple[Difference, ...]
    result: Finding[Any] | Computed[Any] | None

    @property
    def matches(self) -> bool:
        """Whether everything that is compared is as expected."""
        return not self.differences
