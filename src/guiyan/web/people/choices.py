"""The units and posts that a page offers to choose from.

They are the same for everybody who may see the organisation, and change seldom: they are kept for half a minute, so
that a list page does not ask for them each time. Whether a viewer may see them is asked at every read; who may not gets
``NotFound``. ``forget`` drops them when this process changed the organisation.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from django.core.cache import cache

from guiyan.people import queries as people
from guiyan.platform.permissions import Viewer, allowed

KEPT_SECONDS = 30
_UNITS, _POSTS = "web.units", "web.posts"
_UNIT_OPTIONS, _POST_OPTIONS = "web.unit_options", "web.post_options"
INDENT = "　"
T = TypeVar("T")


def units(viewer: Viewer) -> tuple[people.UnitNode, ...]:
    """Return the open units, depth first."""
    return _kept(viewer, _UNITS, lambda: people.unit_tree(viewer))


def posts(viewer: Viewer) -> tuple[people.PostBrief, ...]:
    """Return the posts, by name."""
    return _kept(viewer, _POSTS, lambda: people.posts(viewer))


def unit_options(viewer: Viewer) -> list[tuple[str, str]]:
    """Return (id, indented name) of every open unit."""
    return _kept(
        viewer,
        _UNIT_OPTIONS,
        lambda: [(str(unit.unit_id), INDENT * unit.depth + unit.name) for unit in units(viewer)],
    )


def post_options(viewer: Viewer) -> list[tuple[str, str]]:
    """Return (id, name) of every post."""
    return _kept(viewer, _POST_OPTIONS, lambda: [(str(post.post_id), post.name) for post in posts(viewer)])


def forget() -> None:
    """Ask anew next time."""
    cache.delete_many([_UNITS, _POSTS, _UNIT_OPTIONS, _POST_OPTIONS])


def _kept(viewer: Viewer, key: str, read: Callable[[], T]) -> T:
    if not allowed(viewer, "people.view_units"):
        raise people.NotFound(key)
    kept: T | None = cache.get(key)
    if kept is None:
        kept = read()
        cache.set(key, kept, KEPT_SECONDS)
    return kept


def unit_path(viewer: Viewer, unit_id: UUID | None) -> list[people.UnitNode]:
    """Return a unit and the units above it, the top first; empty for none and for a closed one."""
    known = {unit.unit_id: unit for unit in units(viewer)}
    path: list[people.UnitNode] = []
    while unit_id is not None and unit_id in known:
        path.insert(0, known[unit_id])
        unit_id = known[unit_id].parent_id
    return path
