"""Reads the cases that lawyers write: one YAML file per subject in `cases/`, put to the rule that each case names.

A case gives the facts that are known; a fact it does not name is unknown. Words of closed lists, days and amounts are
written as text. `value` names the parts of the answer that are compared.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any

import yaml

from guiyan.kernel.results import Computed, Finding
from guiyan.law.parameters import RULES_CHECKED_ON, statutory_parameters
from guiyan.law.rulebook import RULEBOOK

CASES = Path(__file__).parent / "cases"
KEYS = {"name", "example", "facts", "as_of", "region", "verdict", "value", "missing"}


@dataclass(frozen=True, slots=True)
class RuleCase:
    """One case of one rule, as written."""

    file: str
    rule: str
    content: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.rule}-{self.content['name']}"


def rule_cases() -> Iterator[RuleCase]:
    """Every case of every file."""
    for file in sorted(CASES.glob("*.yaml")):
        for rule, cases in yaml.safe_load(file.read_text("utf-8")).items():
            for content in cases:
                assert set(content) <= KEYS, (file.name, content)
                yield RuleCase(file.name, rule, content)


def answer(case: RuleCase) -> Finding[Any] | Computed[Any]:
    """The rule's answer to the case."""
    rule = RULEBOOK[case.rule]
    facts = build(rule.facts, case.content.get("facts") or {})
    as_of = case.content.get("as_of", RULES_CHECKED_ON)
    return rule.ask(facts, as_of=as_of, region=case.content.get("region"), params=statutory_parameters())


def build(shape: type[Any], given: dict[str, Any]) -> Any:
    """Facts of the shape; what is not given is None."""
    hints = typing.get_type_hints(shape)
    assert set(given) <= set(hints), (shape.__name__, set(given) - set(hints))
    return shape(**{one.name: read(hints[one.name], given.get(one.name)) for one in fields(shape)})


def read(hint: Any, given: Any) -> Any:
    """A written value as the type that the field wants."""
    options = [one for one in typing.get_args(hint) if one is not type(None)]
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union:
        return None if given is None else read(options[0], given)
    assert given is not None, "a fact that must be known"
    if typing.get_origin(hint) in {frozenset, tuple}:
        return typing.get_origin(hint)(read(options[0], one) for one in given)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(given)
    if hint is Decimal:
        return Decimal(str(given))
    assert hint in {bool, int, str} or (hint is date and isinstance(given, date)), (hint, given)
    return given


def plain(value: Any) -> Any:
    """A part of an answer as a case writes it."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple | frozenset):
        return [plain(one) for one in value]
    return f"{value}" if isinstance(value, Decimal) else value
