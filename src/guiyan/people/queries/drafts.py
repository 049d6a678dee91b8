"""Rosters that were handed in, as their owner sees them. Nobody else sees a draft: it holds a whole file of people."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from guiyan.people.enums import DraftState
from guiyan.people.importing import Plan, codec
from guiyan.people.importing.model import (
    ColumnPlan,
    Finding,
    PlannedDepartment,
    Question,
    Reconciliation,
    Refusal,
    Repair,
    SheetPlan,
)
from guiyan.people.models import ImportDraft, ImportDraftPart
from guiyan.people.queries.standing import NotFound
from guiyan.platform import crypto
from guiyan.platform.models import StoredFile
from guiyan.platform.permissions import Viewer, allowed

RETENTION = "import"
DRAFTS_MAX = 50
PARTS: Mapping[str, Any] = {
    "sheets": tuple[SheetPlan, ...],
    "columns": tuple[ColumnPlan, ...],
    "repairs": tuple[Repair, ...],
    "questions": tuple[Question, ...],
    "refusals": tuple[Refusal, ...],
    "findings": tuple[Finding, ...],
    "departments": tuple[PlannedDepartment, ...],
    "reconciliation": Reconciliation,
    "plan": Plan,
}
"""The parts in which a plan is kept, and the shape of each; ``plan`` is the whole."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the owner said about the file: columns by hand, answers, hidden sheets to load too."""

    mapping: dict[str, dict[str, str]] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    hidden: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft as its owner sees it. ``counts`` are what the last reading found; empty before the first."""

    draft_id: UUID
    filename: str
    file_sha256: str
    file_bytes: int
    created_at: datetime
    state: str
    revision: int
    counts: dict[str, int]
    rows_done: int
    rows_total: int
    problem: str
    problem_detail: str
    batch_id: UUID | None

    @property
    def is_busy(self) -> bool:
        """Whether a job is at work on it."""
        return self.state in {DraftState.READING, DraftState.LOADING}


def drafts(viewer: Viewer) -> tuple[DraftView, ...]:
    """Return the viewer's own drafts that are neither loaded nor discarded, newest first. One query."""
    if not allowed(viewer, "people.load_import"):
        raise NotFound("people.load_import")
    rows = ImportDraft.objects.filter(created_by=_owner(viewer)).exclude(
        state__in=[DraftState.LOADED, DraftState.DISCARDED]
    )
    return tuple(_view(row) for row in rows.order_by("-created_at")[:DRAFTS_MAX])


def _owner(viewer: Viewer) -> UUID:
    """Return the account that looks; nobody owns the nil one."""
    return viewer.user_id or UUID(int=0)


def draft(viewer: Viewer, draft_id: UUID) -> DraftView:
    """Return one draft of the viewer's own. Raises ``NotFound`` for any other, and for a discarded one."""
    return _view(own_draft(viewer, draft_id))


def own_draft(viewer: Viewer, draft_id: UUID) -> ImportDraft:
    """Return the row of a draft. Raises ``NotFound`` as ``draft`` does."""
    row = ImportDraft.objects.filter(pk=draft_id, created_by=_owner(viewer)).first()
    if row is None or row.state == DraftState.DISCARDED or not allowed(viewer, "people.load_import"):
        raise NotFound(str(draft_id))
    return row


def draft_part(viewer: Viewer, draft_id: UUID, kind: str, shape: type[T]) -> T:
    """Return one part of the plan; ``shape`` is what ``PARTS`` says. Raises ``NotFound`` before the first reading."""
    row = own_draft(viewer, draft_id)
    part = ImportDraftPart.objects.filter(draft=row, kind=kind).first()
    if part is None:
        raise NotFound(kind)
    text = zlib.decompress(crypto.unseal(_key(row), bytes(part.sealed), where=row.where(kind))).decode()
    return codec.load(shape, text)


def draft_inputs(viewer: Viewer, draft_id: UUID) -> Inputs:
    """Return what the owner said about the file so far."""
    return read_inputs(own_draft(viewer, draft_id))


def read_inputs(row: ImportDraft) -> Inputs:
    """Open the inputs of a draft's row."""
    if row.sealed_inputs is None:
        return Inputs()
    told = json.loads(crypto.unseal(_key(row), bytes(row.sealed_inputs), where=row.where("inputs")))
    return Inputs(told["mapping"], told["answers"], tuple(told["hidden"]))


def draft_file(viewer: Viewer, draft_id: UUID) -> bytes:
    """Return the file as it was handed in."""
    row = own_draft(viewer, draft_id)
    stored = StoredFile.objects.get(pk=row.file_id)
    return crypto.unseal(_key(row), bytes(stored.sealed), where=f"platform_storedfile/{stored.id}/content")


def _key(row: ImportDraft) -> bytes:
    return crypto.subject_key(row.id, RETENTION)


def _view(row: ImportDraft) -> DraftView:
    return DraftView(
        draft_id=row.id,
        filename=row.filename,
        file_sha256=row.file_sha256,
        file_bytes=row.file_bytes,
        created_at=row.created_at,
        state=row.state,
        revision=row.revision,
        counts=row.counts,
        rows_done=row.rows_done,
        rows_total=row.rows_total,
        problem=row.problem,
        problem_detail=row.problem_detail,
        batch_id=row.batch_id,
    )
