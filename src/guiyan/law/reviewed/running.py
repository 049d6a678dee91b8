"""Puts a reviewed case to the law and compares the answer with what was expected."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from guiyan.kernel.results import Computed, Finding, Words
from guiyan.law.matrix.assessing import assess
from guiyan.law.matrix.model import MatrixGround
from guiyan.law.parameters import Parameters
from guiyan.law.protection import protection_gate
from guiyan.law.reviewed.model import CaseKind, Difference, Expectation, MatrixGiven, Outcome, ReviewedCase
from guiyan.law.reviewed.writing import plain, told
from guiyan.law.rulebook import RULEBOOK

Answer = Finding[Any] | Computed[Any]
ANSWER = Words("答案", "An answer")


def run(case: ReviewedCase, params: Parameters) -> Outcome:
    """The law's answer to the case by the given figures, and how it differs from what was expected.

    Where the law refuses (a figure is missing, the facts contradict each other), that is the difference.
    """
    try:
        result = ask(case, params)
    except (ValueError, LookupError) as refused:
        words = Words(f"没有答案：{refused}", f"No answer: {refused}")
        return Outcome((Difference("error", ANSWER, Words("有答案", "There is one"), words),), None)
    found = (_difference(case, one, observed(result, one.part)) for one in case.expected)
    return Outcome(tuple(one for one in found if one is not None), result)


def ask(case: ReviewedCase, params: Parameters) -> Answer:
    """The law's answer. Raises what the law raises: ValueError, LookupError."""
    law: dict[str, Any] = {"as_of": case.as_of, "region": case.region, "params": params}
    if case.kind is CaseKind.RULE:
        return RULEBOOK[case.topic].ask(case.given, **law)
    given: MatrixGiven = case.given
    gate = None if given.gate is None else protection_gate(given.gate, **law)
    return assess(MatrixGround(case.topic), replace(given.evidence, gate=gate), **law)


def observed(result: Answer, part: str) -> Any:
    """The part of an answer that an expectation names, as the law gave it."""
    head, _, name = part.partition(".")
    return _READERS[head](result, name)


def _verdict(result: Answer, _name: str) -> Any:
    return result.verdict if isinstance(result, Finding) else None


def _missing(result: Answer, _name: str) -> Any:
    return tuple(sorted(one.fact for one in result.missing)) if isinstance(result, Finding) else ()


def _value(result: Answer, name: str) -> Any:
    return getattr(result.value, name) if name else result.value


def _element(result: Answer, name: str) -> Any:
    return next((one.standing for one in _value(result, "elements") if one.id == name), None)


def _step(result: Answer, name: str) -> Any:
    return next((one.state for one in _value(result, "steps") if one.kind == name), None)


_READERS: dict[str, Callable[[Answer, str], Any]] = {
    "verdict": _verdict,
    "missing": _missing,
    "value": _value,
    "latest": lambda result, _: _value(result, "latest"),
    "elements": _element,
    "steps": _step,
    "stake": lambda result, name: getattr(_value(result, "exposure"), name),
}


def _difference(case: ReviewedCase, wanted: Expectation, found: Any) -> Difference | None:
    same = plain(found)
    if type(same) is type(wanted.wanted) and same == wanted.wanted:
        return None
    names = RULEBOOK[case.topic].facts if case.kind is CaseKind.RULE and isinstance(found, tuple) else None
    return Difference(wanted.part, wanted.label, wanted.shown, told(found, None, names))
