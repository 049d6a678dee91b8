"""The topics of the workbench as `topics.yaml` declares them: facts with kinds and words, results with kinds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any

import yaml

from guiyan.kernel.results import Words
from guiyan.law.labels import labels


class Kind(StrEnum):
    """What a fact looks like in a form."""

    DAY = "day"
    MOMENT = "moment"
    NUMBER = "number"
    WHOLE = "whole"
    YES_NO = "yes_no"
    CHOICE = "choice"
    CHOICES = "choices"
    DAY_STATE = "day_state"
    ROWS = "rows"


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact to enter. ``choices`` are codes and words: of a choice, of the states of a day, of the columns of rows.

    ``when`` is the fact and the codes of it for which this one is asked, joined by ``|``; empty: always. ``least`` and
    ``most`` bound a number. ``with_time``: a day that may carry a time. ``nothing``: the code ``none`` says that
    there was nothing. ``sure``: it cannot be unknown, because it says how to reckon and is no fact.
    """

    key: str
    kind: Kind
    says: Words
    choices: tuple[tuple[str, Words], ...] = ()
    required: bool = False
    when: str = ""
    least: int = 0
    most: int | None = None
    with_time: bool = False
    nothing: bool = False
    sure: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """One part of a result: its key, what it looks like, its name, and the words of its codes."""

    key: str
    kind: str
    says: Words
    words: Mapping[str, Words]


@dataclass(frozen=True, slots=True)
class Topic:
    """A question of its own. ``order`` holds pairs of days of which the first may not come after the second."""

    key: str
    group: str
    title: Words
    asks: Words
    facts: tuple[Fact, ...]
    results: tuple[Told, ...]
    order: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Topics under one heading."""

    title: Words
    topics: tuple[Topic, ...]


@cache
def topics() -> Mapping[str, Topic]:
    """Every topic by its public key."""
    return {topic.key: topic for group in groups() for topic in group.topics}


@cache
def groups() -> tuple[Group, ...]:
    """The topics by heading, in the order of the file. Raises ValueError or KeyError for a file not well formed."""
    rows = yaml.safe_load(resources.files("guiyan.web.law").joinpath("topics.yaml").read_text("utf-8"))
    read = [_topic(key, row) for key, row in rows["topics"].items()]
    return tuple(
        Group(Words(*title), tuple(topic for topic in read if topic.group == key))
        for key, title in rows["groups"].items()
    )


def _topic(key: str, row: Mapping[str, Any]) -> Topic:
    return Topic(
        key=key,
        group=row["group"],
        title=Words(*row["title"]),
        asks=Words(*row["asks"]),
        facts=tuple(_fact(name, fact) for name, fact in row["facts"].items()),
        results=tuple(
            Told(name, told["kind"], Words(*told["says"]), dict(_pairs(told.get("words", {}))))
            for name, told in row["results"].items()
        ),
        order=tuple((first, second) for first, second in row.get("order", ())),
    )


def _fact(key: str, row: list[str] | Mapping[str, Any]) -> Fact:
    if isinstance(row, list):
        kind, *says = row
        return Fact(key, Kind(kind), Words(*says))
    words = row.get("words") or row.get("states") or row.get("columns") or {}
    return Fact(
        key=key,
        kind=Kind(row["kind"]),
        says=Words(*row["says"]),
        choices=_section(words) if isinstance(words, str) else _pairs(words),
        required=row.get("required", False),
        when=row.get("when", ""),
        least=row.get("least", 0),
        most=row.get("most"),
        with_time=row.get("moment", False),
        nothing=row.get("nothing", False),
    )


def _section(name: str) -> tuple[tuple[str, Words], ...]:
    return tuple(labels()[name].items())


def _pairs(words: Mapping[str, list[str]]) -> tuple[tuple[str, Words], ...]:
    return tuple((code, Words(*pair)) for code, pair in words.items())
