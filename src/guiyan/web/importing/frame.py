"""What every page of one draft shows: the file, how far it is, what was found, and what may be done next."""

from __future__ import annotations

import uuid
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from guiyan.people.enums import DraftState
from guiyan.people.queries import drafts as draft_queries
from guiyan.people.queries.drafts import DraftView
from guiyan.platform.permissions import Viewer
from guiyan.ui.values import Crumb, Step, Tab
from guiyan.web.importing import words

TABS = ("questions", "refusals", "repairs", "findings", "columns", "reconciliation")


def address(draft_id: UUID, tab: str = "") -> str:
    """Return the address of a draft, or of one of its views."""
    here = reverse("import_draft", kwargs={"draft_id": draft_id})
    return f"{here}{tab}/" if tab else here


def first_tab(draft: DraftView) -> str:
    """Return the view to begin with: what needs a person first."""
    if draft.state == DraftState.LOADED or not draft.counts:
        return "reconciliation"
    return "questions" if draft.counts.get("questions") else "refusals" if draft.counts.get("refusals") else "repairs"


def frame(viewer: Viewer, draft_id: UUID, tab: str) -> dict[str, Any]:
    """Return the shared part of a draft's pages. Raises ``NotFound`` for a draft that is not the viewer's."""
    draft = draft_queries.draft(viewer, draft_id)
    counts = draft.counts
    labels = {
        "questions": (_("问题"), counts.get("questions"), "help-circle"),
        "refusals": (_("拒绝"), counts.get("refusals"), "ban"),
        "repairs": (_("修复"), counts.get("repairs"), "wand"),
        "findings": (_("发现"), counts.get("findings"), "bulb"),
        "columns": (_("表与列"), None, "columns"),
        "reconciliation": (_("对账"), None, "scale"),
    }
    return {
        "draft": draft,
        "load_request_id": uuid.uuid4(),
        "counts": counts,
        "is_read": bool(counts),
        "is_open": draft.state in {DraftState.READY, DraftState.READING},
        "is_loaded": draft.state == DraftState.LOADED,
        "is_unusable": draft.state == DraftState.UNUSABLE,
        "problem": words.unusable(draft.problem, draft.problem_detail) if draft.problem else "",
        "percent": _percent(draft),
        "steps": _steps(draft),
        "tabs": [
            Tab(labels[key][0], address(draft_id, key), labels[key][1], active=key == tab, icon=labels[key][2])
            for key in TABS
        ],
        "tab": tab,
        "why_not": _why_not(draft),
        "crumbs": [
            Crumb(_("员工档案"), reverse("people")),
            Crumb(_("导入花名册"), reverse("imports")),
            Crumb(draft.filename),
        ],
    }


def _percent(draft: DraftView) -> int:
    return min(99, 100 * draft.rows_done // draft.rows_total) if draft.rows_total else 0


def _why_not(draft: DraftView) -> str:
    if draft.state == DraftState.READY and not draft.counts.get("accepted"):
        return _("没有可以导入的行，请先回答问题或改好文件。")
    if draft.counts.get("changes_nothing") and draft.state == DraftState.READY:
        return _("这些人都已在册，内容也相同，导入不会改变任何东西。")
    return ""


def _steps(draft: DraftView) -> list[Step]:
    at = {
        DraftState.READING: 1,
        DraftState.UNUSABLE: 1,
        DraftState.READY: 2,
        DraftState.LOADING: 3,
        DraftState.LOADED: 5,
    }[DraftState(draft.state)]
    titles = (_("上传文件"), _("识别表与列"), _("核对与回答"), _("导入"), _("对账"))
    return [
        Step(
            title,
            "done"
            if number < at
            else ("stopped" if draft.state == DraftState.UNUSABLE else "now")
            if number == at
            else "todo",
        )
        for number, title in enumerate(titles)
    ]
