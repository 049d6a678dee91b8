"""Versions of diagrams: the ones the product brings along, and which is in use."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from importlib import resources
from typing import Final

from django.db import connection

from guiyan.ledger.actions import record
from guiyan.platform.permissions import Viewer
from guiyan.process.checker import check
from guiyan.process.diagram import DiagramError, load
from guiyan.process.models import ProcessVersion
from guiyan.process.nodes import Diagram

SHIPPED: Final = ("resignation", "withdrawal")


@lru_cache(maxsize=16)
def proved(source: bytes) -> Diagram:
    """Return the diagram in the bytes. Raises ``DiagramError`` when it cannot be read, or is not proved sound."""
    diagram = load(source)
    problems = check(diagram)
    if problems:
        raise DiagramError(problems)
    return diagram


def shipped_source(key: str) -> bytes:
    """Return the bytes of a diagram that the product brings along. Raises ``LookupError`` for no such process."""
    if key not in SHIPPED:
        raise LookupError(f"there is no process {key!r}")
    return (resources.files("guiyan.process") / "processes" / f"{key}.bpmn").read_bytes()


def keep(viewer: Viewer, source: bytes, now: datetime) -> tuple[ProcessVersion, bool]:
    """Have the diagram as the newest version of its process; call inside an action.

    Returns the version and whether it is new: the same bytes make no second one. Raises ``DiagramError``.
    """
    diagram = proved(source)
    with connection.cursor() as cursor:  # two who keep a version at once number it one after the other
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(current_schema() || 'process_version'))")
    known = ProcessVersion.objects.filter(key=diagram.id, sha256=diagram.sha256).first()
    if known is not None:
        return known, False
    newest = ProcessVersion.objects.filter(key=diagram.id).order_by("-number").first()
    made = ProcessVersion.objects.create(
        key=diagram.id,
        number=newest.number + 1 if newest else 1,
        source=source,
        sha256=diagram.sha256,
        title=diagram.name,
        title_en=diagram.name_en,
        activated_at=now,
    )
    record(
        viewer,
        "rules.changed",
        now=now,
        public={"what": "process", "process": made.key, "number": made.number, "sha256": made.sha256},
    )
    return made, True


def in_use(viewer: Viewer, key: str, now: datetime) -> ProcessVersion:
    """Return the version that new cases start with: the newest, or the shipped one when there is none yet."""
    newest = ProcessVersion.objects.filter(key=key).order_by("-number").first()
    return newest or keep(viewer, shipped_source(key), now)[0]


def diagram_of(version: ProcessVersion) -> Diagram:
    """Return the diagram of a version; it was found sound when it was kept."""
    return load(bytes(version.source))
