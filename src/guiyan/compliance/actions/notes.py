"""Notes of the law workbench."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guiyan.compliance import sealing
from guiyan.compliance.models import Note
from guiyan.compliance.queries.standing import may_note, of_case
from guiyan.ledger.actions import record
from guiyan.people.actions import touch
from guiyan.platform.acting import Forbidden, Refused, action, earlier_result, keep_result
from guiyan.platform.permissions import Viewer

ACT = "compliance.save_note"
TITLE_MAX = 120


@action(ACT)
def save_note(
    viewer: Viewer,
    *,
    request_id: UUID,
    case_id: UUID | None,
    person_id: UUID | None,
    title: str,
    text: str,
    inputs: Mapping[str, Any],
    result: Mapping[str, Any],
    now: datetime,
) -> UUID:
    """The note is kept, sealed; the ledger holds that it was made and a commitment to its content. Returns its id.

    ``inputs`` and ``result`` are JSON documents (no floats that are not finite), 256 KiB each at most. A note of a case
    names the case's person. Raises ``Forbidden`` for a person whom the viewer does not serve, and ``Refused``
    (``note_untitled``, ``note_too_long``, ``note_of_no_case``).
    """
    if not may_note(viewer, ACT, person_id, now):
        raise Forbidden("role_table", _("您的角色不能做这件事。"), object_kind="person", object_id=person_id)
    before = earlier_result(request_id, act=ACT, viewer=viewer, now=now)
    if before is not None:
        return UUID(before["note"])
    _check(title, text)
    if case_id is not None and (person_id is None or not of_case(viewer, case_id, person_id)):
        raise Refused("note_of_no_case", _("没有这个案件，或者它不是这个人的。"), object_kind="case", object_id=case_id)
    assert viewer.user_id is not None
    row = Note(case_id=case_id, person_id=person_id, made_by=viewer.user_id, made_at=now)
    parts = {"title": title.strip(), "text": text.strip(), "inputs": _json(inputs), "result": _json(result)}
    for field, content in parts.items():
        setattr(row, f"sealed_{field}", sealing.seal(row, field, content))
    row.save(force_insert=True)
    digest = hashlib.sha256(sealing.written(parts).encode()).hexdigest()
    record(
        viewer,
        "law.note_saved",
        now=now,
        case=case_id,
        public={"note": str(row.id)},
        committed={"content": f"摘要：{digest}"},
        subject=row.key_id,
    )
    if person_id is not None:
        touch(viewer, person_id, ACT, now=now)
    keep_result(request_id, {"note": str(row.id)})
    return row.id


def _check(title: str, text: str) -> None:
    if not title.strip():
        raise Refused("note_untitled", _("请给笔记起个标题。"), object_kind="note")
    if len(title.strip()) > TITLE_MAX:
        raise Refused("note_too_long", _("标题最多 120 字。"), object_kind="note")
    if len(text) > sealing.TEXT_MAX:
        raise Refused("note_too_long", _("正文最多 5000 字。"), object_kind="note")


def _json(value: Mapping[str, Any]) -> str:
    said = sealing.written(dict(value))
    if len(said.encode()) > sealing.JSON_BYTES_MAX:
        raise Refused("note_too_long", _("内容太大，不能存成笔记。"), object_kind="note")
    return said
