"""Reads written values as the types that facts want, and says values and names in both languages."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import Enum
from functools import cache
from typing import Any

from guiyan.kernel.results import Verdict, Words
from guiyan.law.explain import VERDICT_WORDS
from guiyan.law.labels import label
from guiyan.law.matrix.loading import matrix, step_kinds
from guiyan.law.matrix.model import Event, Fact
from guiyan.law.parameter_keys import parameter_keys
from guiyan.law.parameters import statutory_parameters
from guiyan.law.reviewed.model import Plain

YES, NO, UNKNOWN, NOTHING = Words("是", "Yes"), Words("否", "No"), Words("未知", "Unknown"), Words("无", "None")
OTHER_NAMES = {
    "gate": Words("是否受特殊保护", "Whether a protection applies"),
    "relation_regime": Words("适用什么规定", "Which rules govern the work"),
    "in_time": Words("是否及时", "Whether it was in time"),
}
"""What answers name as missing and is no field of any facts."""


def build(shape: type[Any], given: Mapping[str, Any]) -> Any:
    """Facts of the shape; what is not given is None. Raises ValueError for what the shape has not or cannot take."""
    hints = typing.get_type_hints(shape)
    if set(given) - set(hints):
        raise ValueError(f"{shape.__name__} has no {', '.join(sorted(set(given) - set(hints)))}")
    return shape(**{one.name: read(hints[one.name], given.get(one.name)) for one in fields(shape)})


def read(hint: Any, given: Any) -> Any:
    """A written value as the type that a field wants. Raises ValueError."""
    options = one_of(hint)
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union:
        return None if given is None else read(options[0], given)
    if given is None:
        raise ValueError("a fact that must be known is not given")
    if typing.get_origin(hint) in {frozenset, tuple}:
        return typing.get_origin(hint)(read(options[0], one) for one in given)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(given)
    if hint is Decimal:
        return number(given)
    if type(given) is not hint:
        raise ValueError(f"{given!r} is no {hint.__name__}")
    return given


def one_of(hint: Any) -> list[Any]:
    """The types that a type is made of, without None."""
    return [one for one in typing.get_args(hint) if one is not type(None)]


def number(given: Any) -> Decimal:
    """A written number. Raises ValueError."""
    try:
        return Decimal(str(given))
    except InvalidOperation:
        raise ValueError(f"{given!r} is no number") from None


def plain(value: Any) -> Plain:
    """A part of an answer as a case writes it."""
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, tuple | frozenset | list):
        return tuple(plain(one) for one in value)
    return f"{value}" if isinstance(value, Decimal) else typing.cast(Plain, value)


def told(value: Any, hint: Any = None, names: type[Any] | None = None) -> Words:
    """A value in words: members by their labels, yes and no, days in ISO form, amounts as they are.

    `hint` is the type of which a written word is one; `names` the facts whose fields a written text may name.
    """
    if value is None:
        return UNKNOWN
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, tuple | frozenset | list):
        return _listed([told(one, hint, names) for one in value])
    member = value if isinstance(value, Enum) else _member(hint, value)
    if isinstance(member, Verdict):
        return VERDICT_WORDS[member]
    if member is not None:
        return label(member)
    text = value.isoformat() if isinstance(value, date) else str(value)
    return name_of(text, names) if names is not None else Words(text, text)


def _listed(words: list[Words]) -> Words:
    if not words:
        return NOTHING
    return Words("、".join(sorted(one.zh for one in words)), ", ".join(sorted(one.en for one in words)))


def _member(hint: Any, value: Any) -> Enum | None:
    """The member that a written word is, of the closed lists in a type."""
    for one in _enums(hint):
        with suppress(ValueError):
            return one(value)
    return None


def _enums(hint: Any) -> Iterator[type[Enum]]:
    if isinstance(hint, type) and issubclass(hint, Enum):
        yield hint
    for one in typing.get_args(hint):
        yield from _enums(one)


def name_of(name: str, shape: type[Any] | None) -> Words:
    """What a name in an answer stands for: a field of the facts, an element, a step, a figure. Else the name itself."""
    if shape is not None and is_dataclass(shape):
        with suppress(LookupError):
            return label(shape, name)
    kind, _, about = name.partition(".")
    if about in OTHER_NAMES:
        step, what = step_kinds()[kind].does, OTHER_NAMES[about]
        return Words(f"{step.zh.rstrip('。')}：{what.zh}", f"{step.en.rstrip('.')}: {what.en}")
    return _known_names().get(name, Words(name, name))


@cache
def _known_names() -> Mapping[str, Words]:
    elements = {element.id: element.prove for entry in matrix().values() for element in entry.elements}
    steps = {kind: step.does for kind, step in step_kinds().items()}
    shipped = {one.key: Words(one.zh, one.en) for one in statutory_parameters().values}
    figures = shipped | {key: one.name for key, one in parameter_keys().items()}
    asked = {str(one): label(one) for one in (*Event, *Fact)}
    return OTHER_NAMES | figures | asked | steps | elements
