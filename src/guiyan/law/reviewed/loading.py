"""Reads the cases of the package's own files. Everything not as it should be is an error that names file and case."""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

import yaml

from guiyan.kernel.results import Verdict, Words
from guiyan.law.labels import label
from guiyan.law.parameters import RULES_CHECKED_ON
from guiyan.law.reviewed.matrix_case import matrix_case
from guiyan.law.reviewed.model import CaseKind, Expectation, FactRow, ReviewedCase
from guiyan.law.reviewed.writing import NOTHING, build, plain, told
from guiyan.law.rulebook import RULEBOOK, Rule

KEYS = {"case", "name", "example", "facts", "as_of", "region", "verdict", "value", "missing"}


@cache
def reviewed_cases() -> tuple[ReviewedCase, ...]:
    """All cases, those of rules before those of grounds. Raises ValueError naming the file of one that is not right."""
    found = (*_files("rules", _rule_cases), *_files("matrix", _matrix_cases))
    ids = [case.id for case in found]
    twice = sorted({one for one in ids if ids.count(one) > 1})
    if twice:
        raise ValueError(f"numbers given twice: {', '.join(twice)}")
    return found


def _files(folder: str, reader: typing.Callable[[Any], Iterator[ReviewedCase]]) -> Iterator[ReviewedCase]:
    within: Traversable = resources.files("guiyan.law.reviewed").joinpath(folder)
    for file in sorted(within.iterdir(), key=lambda one: one.name):
        try:
            yield from reader(yaml.safe_load(file.read_text("utf-8")))
        except (ValueError, LookupError, TypeError) as wrong:
            raise ValueError(f"{folder}/{file.name}: {wrong}") from wrong


def _matrix_cases(content: list[Mapping[str, Any]]) -> Iterator[ReviewedCase]:
    yield from map(matrix_case, content)


def _rule_cases(content: Mapping[str, Any]) -> Iterator[ReviewedCase]:
    subject = Words(**content["subject"])
    for name, cases in content.items():
        if name != "subject":
            for case in cases:
                yield rule_case(RULEBOOK[name], case, subject)


def rule_case(rule: Rule, content: Mapping[str, Any], subject: Words) -> ReviewedCase:
    """One case of a rule from what its file says. Raises ValueError."""
    name = f"{rule.name}/{content.get('case')}"
    if set(content) - KEYS or not isinstance(content.get("case"), int):
        raise ValueError(f"{name} is not well formed")
    try:
        given = build(rule.facts, content.get("facts") or {})
    except ValueError as wrong:
        raise ValueError(f"{name}: {wrong}") from wrong
    return ReviewedCase(
        id=name,
        kind=CaseKind.RULE,
        subject=subject,
        topic=rule.name,
        question=rule.question,
        name=Words(**content["name"]),
        facts=_rows(rule, content.get("facts") or {}),
        as_of=content.get("as_of", RULES_CHECKED_ON),
        region=content.get("region"),
        expected=tuple(_expected(rule, content)),
        example=content.get("example"),
        given=given,
    )


def _rows(rule: Rule, facts: Mapping[str, Any]) -> tuple[FactRow, ...]:
    hints = typing.get_type_hints(rule.facts)
    known = ((field, value) for field, value in facts.items() if value is not None)
    return tuple(FactRow(field, label(rule.facts, field), told(value, hints[field])) for field, value in known)


def _expected(rule: Rule, content: Mapping[str, Any]) -> Iterator[Expectation]:
    verdict, missing = content.get("verdict"), tuple(sorted(content.get("missing", [])))
    shape = typing.get_type_hints(rule.function)["return"]
    judged = told(Verdict(verdict)) if verdict is not None else Words("计算，不作判断", "Computed, nothing is judged")
    yield Expectation("verdict", Words("结论", "Verdict"), verdict, judged)
    yield Expectation("missing", Words("还需要知道", "Still to be known"), missing, told(missing, None, rule.facts))
    value = content.get("value")
    if isinstance(value, Mapping):
        (answer,) = typing.get_args(shape)
        kind = next(one for one in (answer, *typing.get_args(answer)) if dataclasses.is_dataclass(one))
        hints = typing.get_type_hints(kind)
        for field, wanted in value.items():
            shown = _value(wanted, hints[field], rule)
            yield Expectation(f"value.{field}", label(typing.cast("type[Any]", kind), field), plain(wanted), shown)
    elif value is not None:
        yield Expectation("value", Words("结果", "Result"), plain(value), _value(value, shape, rule))


def _value(wanted: Any, hint: Any, rule: Rule) -> Words:
    if wanted is None:
        return NOTHING if date in typing.get_args(hint) else told(None)
    return told(wanted, hint, rule.facts if isinstance(wanted, list) else None)
