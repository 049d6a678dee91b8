"""The units and posts that a page offers to choose from.

They are the same for everybody who may see the organisation, and change seldom: they are kept for half a minute, so
that a list page does not ask for them each time. ``forget`` drops them when this process changed the organisation.
"""

from __future__ import annotations

from uuid import UUID

from django.core.cache import cache

from guiyan.people import queries as people
from guiyan.platform.permissions import Viewer

KEPT_SECONDS = 30
_UNITS, _POSTS = "web.units", "web.posts"
_UNIT_OPTIONS, _POST_OPTIONS = "web.unit_options", "web.post_options"
INDENT = "　"


def units(viewer: Viewer) -> tuple[people.UnitNode, ...]:
    """Return the open units, depth first."""
    kept: tuple[people.UnitNode, ...] | None = cache.get(_UNITS)
    if kept is None:
        kept = people.unit_tree(viewer)
        cache.set(_UNITS, kept, KEPT_SECONDS)
    return kept


def posts(viewer: Viewer) -> tuple[people.PostBrief, ...]:
    """Return the posts, by name."""
    kept: tuple[people.PostBrief, ...] | None = cache.get(_POSTS)
    if kept is None:
        kept = people.posts(viewer)
        cache.set(_POSTS, kept, KEPT_SECONDS)
    return kept


def forget() -> None:
    """Ask anew next time."""
    cache.delete_many([_UNITS, _POSTS, _UNIT_OPTIONS, _POST_OPTIONS])


def unit_options(viewer: Viewer) -> list[tuple[str, str]]:
    """Return (id, indented name) of every open unit."""
    kept: list[tuple[str, str]] | None = cache.get(_UNIT_OPTIONS)
    if kept is None:
        kept = [(str(unit.unit_id), INDENT * unit.depth + unit.name) for unit in units(viewer)]
        cache.set(_UNIT_OPTIONS, kept, KEPT_SECONDS)
    return kept


def post_options(viewer: Viewer) -> list[tuple[str, str]]:
    """Return (id, name) of every post."""
    kept: list[tuple[str, str]] | None = cache.get(_POST_OPTIONS)
    if kept is None:
        kept = [(str(post.post_id), post.name) for post in posts(viewer)]
        cache.set(_POST_OPTIONS, kept, KEPT_SECONDS)
    return kept


def unit_path(viewer: Viewer, unit_id: UUID | None) -> list[people.UnitNode]:
    """Return a unit and the units above it, the top first; empty for none and for a closed one."""
    known = {unit.unit_id: unit for unit in units(viewer)}
    path: list[people.UnitNode] = []
    while unit_id is not None and unit_id in known:
        path.insert(0, known[unit_id])
        unit_id = known[unit_id].parent_id
    return path
