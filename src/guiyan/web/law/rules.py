"""Every rule of the rule book as a question of its own: its facts become the form, labels tell its answer."""

from __future__ import annotations

import typing
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any

from guiyan.kernel.results import Computed, Finding, Words
from guiyan.law.case_topics import Law
from guiyan.law.labels import label, labels, section_of
from guiyan.law.reviewed import CaseKind, reviewed_cases
from guiyan.law.reviewed.writing import build, told
from guiyan.law.rulebook import RULEBOOK
from guiyan.web.law.catalogue import Fact, Group, Kind, Topic
from guiyan.web.law.fields import told as in_language
from guiyan.web.law.shown import Answer, Line, base, questions_of

AMOUNT = "amount"
MONEY_OF = {AMOUNT: Words("应得工资（元）", "Pay due (yuan)")}
_KINDS = {bool: Kind.YES_NO, date: Kind.DAY, Decimal: Kind.NUMBER, int: Kind.WHOLE}


@cache
def rules() -> Mapping[str, Topic]:
    """Every rule as a question, by its name."""
    subjects = _subjects()
    return {
        name: Topic(
            key=name,
            group=name.partition(".")[0],
            title=rule.question,
            asks=subjects[name.partition(".")[0]],
            facts=tuple(_fact(rule.facts, one.name) for one in fields(rule.facts)),
            results=(),
            order=(),
        )
        for name, rule in RULEBOOK.items()
    }


@cache
def groups() -> tuple[Group, ...]:
    """The rules by their subject."""
    return tuple(
        Group(subject, tuple(topic for topic in rules().values() if topic.group == module))
        for module, subject in _subjects().items()
        if any(topic.group == module for topic in rules().values())
    )


@cache
def _subjects() -> Mapping[str, Words]:
    """The subject of every module of rules, as its reviewed cases name it; else the question of its first rule."""
    named = {one.topic.partition(".")[0]: one.subject for one in reviewed_cases() if one.kind is CaseKind.RULE}
    for name, rule in RULEBOOK.items():
        named.setdefault(name.partition(".")[0], rule.question)
    return named


def _fact(shape: type[Any], name: str) -> Fact:
    hint = typing.get_type_hints(shape)[name]
    options = [one for one in typing.get_args(hint) if one is not type(None)]
    says = label(shape, name)
    if typing.get_origin(hint) is tuple:
        return Fact(name, Kind.ROWS, says, choices=tuple(MONEY_OF.items()), required=True)
    kind = options[0] if options else hint
    if issubclass(kind, Enum):
        return Fact(name, Kind.CHOICE, says, choices=tuple(labels()[section_of(kind)].items()), required=not options)
    return Fact(name, _KINDS[kind], says, required=not options)


def ask(name: str, inputs: Mapping[str, Any], law: Law) -> Finding[Any] | Computed[Any]:
    """The answer of a rule to the inputs of its form. Raises what the rule raises: ValueError, ParameterMissing."""
    rule = RULEBOOK[name]
    facts = {fact.key: _given(fact, inputs[fact.key]) for fact in rules()[name].facts if fact.key in inputs}
    return rule.ask(build(rule.facts, facts), as_of=law.as_of, region=law.region, params=law.params)


def _given(fact: Fact, value: Any) -> Any:
    if fact.kind is Kind.ROWS:
        return [row[AMOUNT] for row in value]
    if fact.kind is Kind.DAY:
        return date.fromisoformat(value)
    return int(value) if fact.kind is Kind.WHOLE else value


def answer(name: str, found: Finding[Any] | Computed[Any], field_ids: Mapping[str, str]) -> Answer:
    """The answer as the page shows it."""
    return Answer(**base(found, questions_of(found, field_ids)), lines=tuple(_lines(name, found.value)))


def _lines(name: str, value: Any) -> Iterator[Line]:
    if is_dataclass(value) and not isinstance(value, type):
        hints = typing.get_type_hints(type(value))
        for number, one in enumerate(fields(value)):
            part = getattr(value, one.name)
            names = RULEBOOK[name].facts if isinstance(part, tuple | frozenset) else None
            shown = told(part, hints[one.name], names)
            yield Line(one.name, in_language(label(type(value), one.name)), in_language(shown), strong=number == 0)
    elif value is not None:
        yield Line("value", in_language(RULEBOOK[name].question), in_language(told(value)), strong=True)
