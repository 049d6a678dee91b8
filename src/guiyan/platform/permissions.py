"""Who may do what: a table of role × relation × action that is data, and the one place that reads it.

Relations ("self", "manages", …) are predicates that contexts register; ``any`` is always true. An action that the table
does not name is forbidden to everybody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from django.conf import settings


@dataclass(frozen=True)
class Held:
    """A role that a viewer holds: everywhere (``units`` None), or for these organisation units."""

    role: str
    units: frozenset[UUID] | None = None


@dataclass(frozen=True)
class Viewer:
    """Who is looking: account, person, and roles held. ``system`` acts for jobs that no person started."""

    user_id: UUID | None
    person_id: UUID | None
    name: str
    held: tuple[Held, ...] = ()
    auth: str = ""
    known: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def roles(self) -> frozenset[str]:
        """The names of all roles held."""
        return frozenset(item.role for item in self.held)


SYSTEM = Viewer(user_id=None, person_id=None, name="system", held=(Held("system"),), auth="system")


@dataclass(frozen=True)
class Role:
    """A role of the table, with its names."""

    key: str
    zh: str
    en: str


@dataclass(frozen=True)
class Act:
    """An action of the table: its names, and for each role the relations under which it is allowed."""

    key: str
    zh: str
    en: str
    allow: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Table:
    """The whole table."""

    roles: Mapping[str, Role]
    relations: Mapping[str, Role]
    acts: Mapping[str, Act]


Relation = Callable[[Viewer, Held, Any], bool]
_relations: dict[str, Relation] = {"any": lambda _viewer, _held, _subject: True}


class TableError(ValueError):
    """The role table is inconsistent; the message names every problem."""


def register_relation(name: str, predicate: Relation) -> None:
    """Make a relation known to the table (at start-up, by the context that understands it)."""
    _relations[name] = predicate


@cache
def table() -> Table:
    """Return the table, read and checked once. Raises ``TableError``."""
    return read_table(Path(settings.ROLE_TABLE).read_text(encoding="utf-8"))


def read_table(text: str) -> Table:
    """Parse a role table. Raises ``TableError`` that names every unknown role and relation."""
    raw = yaml.safe_load(text)
    roles = {key: Role(key, **names) for key, names in raw["roles"].items()}
    relations = {key: Role(key, **names) for key, names in raw["relations"].items()}
    acts: dict[str, Act] = {}
    problems: list[str] = []
    for key, entry in raw["actions"].items():
        allow = {role: tuple(how) for role, how in entry["allow"].items()}
        problems += [f"{key}: unknown role {role}" for role in allow if role not in roles]
        problems += [
            f"{key}: unknown relation {how}" for used in allow.values() for how in used if how not in relations
        ]
        acts[key] = Act(key, entry["zh"], entry["en"], allow)
    if problems:
        raise TableError("; ".join(problems))
    return Table(roles, relations, acts)


def allowed(viewer: Viewer, act: str, subject: Any = None) -> bool:
    """Return whether ``viewer`` may do ``act`` to ``subject`` (whose attributes the relations read)."""
    entry = table().acts.get(act)
    if entry is None:
        return False
    return any(
        _relations[relation](viewer, held, subject)
        for held in viewer.held
        for relation in entry.allow.get(held.role, ())
    )


def relations_for(viewer: Viewer, act: str) -> Iterable[tuple[Held, str]]:
    """Yield the held roles and relations under which ``viewer`` may do ``act``: a query turns them into a filter."""
    entry = table().acts.get(act)
    if entry is not None:
        for held in viewer.held:
            for relation in entry.allow.get(held.role, ()):
                yield held, relation


def problems() -> list[str]:
    """Return what is wrong with the wiring: relations of the table that nobody registered."""
    return [f"relation {name} is not registered" for name in table().relations if name not in _relations]
