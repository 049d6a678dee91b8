"""Plain names of facts, of results and of the words of closed lists, in both languages: for forms and case pages."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from functools import cache
from importlib import resources
from types import MappingProxyType

import yaml

from guiyan.kernel.results import Words

PACKAGE = "guiyan.law."


@cache
def labels() -> Mapping[str, Mapping[str, Words]]:
    """All names by section (`module.Class`, without the package) and by field or member value.

    Raises ValueError naming the line where one is not a pair of texts.
    """
    text = resources.files("guiyan.law").joinpath("data/labels.yaml").read_text("utf-8")
    return MappingProxyType({section: _section(section, lines) for section, lines in yaml.safe_load(text).items()})


def _section(section: str, lines: Mapping[str, list[str]]) -> Mapping[str, Words]:
    for name, pair in lines.items():
        if not (isinstance(name, str) and isinstance(pair, list) and len(pair) == len(Words.__dataclass_fields__)):
            raise ValueError(f"label not well formed: {section}, {name}")
    return MappingProxyType({name: Words(*pair) for name, pair in lines.items()})


def label(owner: type | Enum, field: str | None = None) -> Words:
    """The name of a field of a dataclass, `label(EndingCase, "hire_date")`, or of a member, `label(Party.EMPLOYER)`.

    Raises LookupError naming what has no label.
    """
    member = isinstance(owner, Enum)
    shape = type(owner) if isinstance(owner, Enum) else owner
    name = str(owner.value) if isinstance(owner, Enum) else field
    if member != (field is None):
        raise LookupError(f"a field is named of a class, and none of a member: {owner!r}, {field!r}")
    found = labels().get(section_of(shape), {}).get(name or "")
    if found is None:
        raise LookupError(f"no label: {section_of(shape)}, {name}")
    return found


def section_of(shape: type) -> str:
    """The section of a class of the law package."""
    return f"{shape.__module__.removeprefix(PACKAGE)}.{shape.__name__}"
