"""Asking the law a question that can be kept and asked again, and comparing two answers.

Kinds of questions: `ending` (one person, one ground: topic is the ground), `matrix` (does the evidence carry a ground:
topic is the matrix' ground), `topic` (a rule by its name, as the rulebook calls it). Pure: no rows, no viewer.
"""

from __future__ import annotations

import re
import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from guiyan.compliance.enums import FindingKind, Severity
from guiyan.compliance.facts import read
from guiyan.kernel.results import Reasoned, Verdict
from guiyan.law import protection, resignation
from guiyan.law.ending import EndingCase, judge_ending
from guiyan.law.explain import document
from guiyan.law.matrix.assessing import assess
from guiyan.law.matrix.given import EvidenceGiven, Exhibit
from guiyan.law.matrix.model import Event, Fact, MatrixGround
from guiyan.law.moments import When
from guiyan.law.parameters import ParameterMissing, Parameters
from guiyan.law.protection import ProtectedEnding, protection_gate
from guiyan.law.rulebook import RULEBOOK
from guiyan.law.severance import SeveranceFacts

GATES: Mapping[str, Callable[..., Reasoned]] = {
    "protection.protection_gate": protection.protection_gate,
    "resignation.resignation_clock": resignation.resignation_clock,
    "resignation.resignation_withdrawal": resignation.resignation_withdrawal,
}
"""Rules that gates ask besides those of the rulebook."""
PASSING = frozenset({Verdict.ALLOWED, Verdict.ALLOWED_WITH_CONDITIONS})
CLOSED = frozenset({Verdict.PROHIBITED, Verdict.EXTENDED})
NOT_COMPUTED = "NOT_COMPUTED"
"""Stands for a verdict where a figure is missing or the facts are not of the rule's shape any more."""
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_FIGURE = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)


class UnknownTopic(LookupError):
    """There is no such rule or ground."""


@dataclass(frozen=True, slots=True)
class MatrixFacts:
    """What is known of a case for the evidence matrix. The gate is asked anew from ``protection`` each time (None:
    nobody asked it); all else as in ``law.matrix.given.EvidenceGiven``."""

    exhibits: tuple[Exhibit, ...]
    steps: Mapping[str, When]
    events: Mapping[Event, date]
    facts: Mapping[Fact, bool]
    protection: ProtectedEnding | None
    severance: SeveranceFacts | None
    last_month_wage: Decimal | None


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: kind, topic, the frozen facts of that topic, the day whose law applies, the place (None: national
    rules only)."""

    kind: FindingKind
    topic: str
    facts: Any
    as_of: date
    region: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as far as two are compared: the verdict's code ("" for a calculation, ``NOT_COMPUTED`` for none), the
    value as plain JSON, and the key of the figure that is missing ("" for none)."""

    verdict: str
    value: Any
    missing_key: str = ""

    def as_json(self) -> dict[str, Any]:
        """The same as JSON."""
        return {"verdict": self.verdict, "value": self.value, "missing_key": self.missing_key}


def ending_question(facts: EndingCase, *, as_of: date, region: str | None) -> Question:
    """May this ground end this person's employment?"""
    return Question(FindingKind.ENDING, facts.ground.value, facts, as_of, region)


def shape_of(kind: str, topic: str) -> type[Any]:
    """Return the dataclass of a topic's facts. Raises ``UnknownTopic``."""
    if kind == FindingKind.ENDING:
        return EndingCase
    if kind == FindingKind.MATRIX:
        return MatrixFacts
    if topic in RULEBOOK:
        return RULEBOOK[topic].facts
    if topic in GATES:
        shape: type[Any] = typing.get_type_hints(GATES[topic])["facts"]
        return shape
    raise UnknownTopic(topic)


def question_from(kind: str, topic: str, facts: Any, as_of: date, region: str | None) -> Question:
    """Return the question from facts in plain JSON.

    Raises ``UnknownTopic``, ``FactsUnreadable``, and what the facts refuse.
    """
    return Question(FindingKind(kind), topic, read(shape_of(kind, topic), facts), as_of, region)


def ask(question: Question, params: Parameters) -> Reasoned:
    """Return the law's answer.

    Raises ``UnknownTopic`` for a topic that is not of the facts; ``ParameterMissing``, ``RegionMissing`` or
    ``ValueError`` as the rule does.
    """
    facts, as_of, region = question.facts, question.as_of, question.region
    if not isinstance(facts, shape_of(question.kind, question.topic)):
        raise UnknownTopic(question.topic)
    if question.kind == FindingKind.ENDING:
        if facts.ground.value != question.topic:
            raise UnknownTopic(question.topic)
        return judge_ending(facts, as_of=as_of, region=region, params=params)
    if question.kind == FindingKind.MATRIX:
        return _matrix(question, params)
    function: Callable[..., Reasoned] = GATES.get(question.topic) or RULEBOOK[question.topic].ask
    return function(facts, as_of=as_of, region=region, params=params)


def _matrix(question: Question, params: Parameters) -> Reasoned:
    if question.topic not in set(MatrixGround):
        raise UnknownTopic(question.topic)
    facts, as_of, region = question.facts, question.as_of, question.region
    asked = facts.protection
    gate = None if asked is None else protection_gate(asked, as_of=as_of, region=region, params=params)
    given = EvidenceGiven(
        exhibits=facts.exhibits,
        steps=facts.steps,
        events=facts.events,
        facts=facts.facts,
        gate=gate,
        severance=facts.severance,
        last_month_wage=facts.last_month_wage,
    )
    return assess(MatrixGround(question.topic), given, as_of=as_of, region=region, params=params)


def answer_of(question: Question, params: Parameters) -> Answer:
    """Return the answer to compare; what cannot be computed is an answer too, and never one that lets through."""
    try:
        return answer_in(document(ask(question, params)))
    except LookupError as error:
        missing = error.key if isinstance(error, ParameterMissing) else getattr(error, "key", "")
        return Answer(NOT_COMPUTED, None, missing)
    except ValueError:
        return Answer(NOT_COMPUTED, None)


def answer_in(kept: Mapping[str, Any]) -> Answer:
    """Return the answer that a kept document holds."""
    verdict = kept["verdict"]
    return Answer(verdict["code"] if verdict else "", kept["value"])


def severity(before: Answer, after: Answer) -> Severity | None:
    """Return what the change from one answer to the other means; None when nothing changes."""
    if before.verdict != after.verdict:
        return _of_verdicts(before.verdict, after.verdict)
    if before.missing_key != after.missing_key:
        return Severity.UNKNOWN
    kinds = {_kind(one, other) for _path, one, other in differences(before, after)}
    return min(kinds, default=None)


def _of_verdicts(before: str, after: str) -> Severity:
    if after in CLOSED and before not in CLOSED:
        return Severity.CLOSED
    if after in {NOT_COMPUTED, Verdict.INDETERMINATE}:
        return Severity.UNKNOWN
    return Severity.OPENED if after in PASSING and before not in PASSING and before else Severity.VERDICT


def differences(before: Answer, after: Answer) -> tuple[tuple[str, str | None, str | None], ...]:
    """Return what differs in the values: path, former and new text (None where there is none), in order of path."""
    one, other = dict(_leaves(before.value, "")), dict(_leaves(after.value, ""))
    return tuple(
        (path, one.get(path), other.get(path))
        for path in sorted(one.keys() | other.keys())
        if not _same(one.get(path), other.get(path))
    )


def _same(one: str | None, other: str | None) -> bool:
    """Whether two texts say the same; 12 and 12.00 do."""
    if one == other or one is None or other is None:
        return one == other
    return bool(_FIGURE.fullmatch(one) and _FIGURE.fullmatch(other)) and Decimal(one) == Decimal(other)


def _leaves(value: Any, path: str) -> Iterator[tuple[str, str | None]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _leaves(inner, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _leaves(inner, f"{path}[{index}]")
    else:
        yield path or "value", None if value is None else str(value)


def _kind(one: str | None, other: str | None) -> Severity:
    texts = [text for text in (one, other) if text is not None]
    if all(_FIGURE.fullmatch(text) for text in texts):
        return Severity.MONEY
    return Severity.DAYS if all(_DAY.fullmatch(text) for text in texts) else Severity.CONTENT
