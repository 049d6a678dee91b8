"""Every fact that a rule or an ending asks for has a name that a person can read, and no name is left over."""

from __future__ import annotations

import dataclasses
import re
import typing
from collections.abc import Iterator
from enum import Enum
from types import ModuleType
from typing import Any

import pytest

from guiyan.kernel.results import Words
from guiyan.law import labels as labels_module
from guiyan.law.ending_facts import EndingCase
from guiyan.law.grounds import Ground, Party
from guiyan.law.labels import label, labels, section_of
from guiyan.law.matrix.model import Event, Fact, Grade, Level
from guiyan.law.matrix.proving import Standing
from guiyan.law.matrix.stepping import StepState
from guiyan.law.rulebook import RULEBOOK

OF_THE_MATRIX = (Event, Fact, Grade, Level, Standing, StepState)


def _shapes(hint: object) -> Iterator[type]:
    """The classes of the law package that a type mentions, and those their fields mention."""
    if isinstance(hint, type) and hint.__module__.startswith(labels_module.PACKAGE):
        yield hint
        if dataclasses.is_dataclass(hint):
            for one in typing.get_type_hints(hint).values():
                yield from _shapes(one)
    for argument in typing.get_args(hint):
        yield from _shapes(argument)


def _wanted() -> dict[str, set[str]]:
    shapes = {*OF_THE_MATRIX, *_shapes(EndingCase)}
    for rule in RULEBOOK.values():
        hints = typing.get_type_hints(rule.function)
        shapes |= {*_shapes(hints["facts"]), *_shapes(hints["return"])}
    return {section_of(shape): set(_names(shape)) for shape in shapes}


def _names(shape: type[Any]) -> Iterator[str]:
    if issubclass(shape, Enum):
        yield from (str(member.value) for member in shape)
    else:
        yield from (one.name for one in dataclasses.fields(shape))


def test_every_fact_and_word_has_a_label_and_no_label_is_left_over() -> None:
    assert {section: set(lines) for section, lines in labels().items()} == _wanted()


def test_labels_are_chinese_and_english_and_tell_their_fields_apart() -> None:
    for section, lines in labels().items():
        for name, words in lines.items():
            assert re.search(r"[一-鿿]", words.zh), (section, name)
            assert not re.search(r"[一-鿿]|[（），：]", words.en), (section, name)
            assert not re.search(r"[,;:?!()]", words.zh), (section, name)
            assert words.zh[-1] not in "。？"
            assert words.en[-1] not in ".?"
            assert words.en[0].isupper(), (section, name)
        assert len({words.zh for words in lines.values()}) == len(lines), section
        assert len({words.en for words in lines.values()}) == len(lines), section


def test_a_label_is_asked_of_a_field_or_of_a_member() -> None:
    assert label(EndingCase, "hire_date") == Words("入职日", "First day of work")
    assert label(Party.EMPLOYER) == Words("单位", "Employer")
    assert label(Ground.G39_2).en == "Serious breach of company rules"
    assert label(Grade.G1).en == "Original or neutral record"


@pytest.mark.parametrize(
    ("owner", "field"), [(EndingCase, "nothing"), (EndingCase, None), (Party.EMPLOYER, "x"), (ModuleType, "x")]
)
def test_what_has_no_label_is_an_error(owner: type | Enum, field: str | None) -> None:
    with pytest.raises(LookupError):
        label(owner, field)
