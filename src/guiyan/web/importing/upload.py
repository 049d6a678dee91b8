"""Handing a roster in, the drafts that wait, and the loads there have been."""

from __future__ import annotations

import uuid
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guiyan.people import queries as people
from guiyan.people.actions import drafts as draft_actions
from guiyan.people.queries import drafts as draft_queries
from guiyan.platform import clock
from guiyan.platform.permissions import Viewer, allowed
from guiyan.ui.values import Column, Crumb
from guiyan.web.edge import may_see, page, request_id
from guiyan.web.importing.frame import address

INLINE_BYTES_MAX = 300 * 1024
"""A file up to this size is read while its owner waits, about a second; a larger one by a worker."""
SUFFIXES = (".xlsx", ".xlsm", ".xls", ".csv")


@page
def index(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Show drafts and loads, or take a roster in."""
    if request.method == "POST":
        return _take(request, viewer)
    may_see(viewer, "people.view_imports")
    return _index(request, viewer)


def _index(request: HttpRequest, viewer: Viewer, error: str = "", status: int = 200) -> HttpResponse:
    may_load = allowed(viewer, "people.load_import")
    batches = people.import_batches(viewer)
    context = {
        "may_load": may_load,
        "drafts": draft_queries.drafts(viewer) if may_load else (),
        "batches": batches,
        "is_empty": not batches,
        "error": error,
        "request_id": uuid.uuid4(),
        "max_bytes": settings.UPLOAD_BYTES_MAX,
        "accept": ",".join(SUFFIXES),
        "columns": [Column(_("文件")), Column(_("导入")), Column(_("带来")), Column(_("状态"))],
        "crumbs": [Crumb(_("员工档案"), "/people/"), Crumb(_("导入花名册"))],
    }
    return render(request, "web/importing/index.html", context, status=status)


def _take(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    file = request.FILES.get("file")
    if file is None or not file.name:
        return _index(request, viewer, _("请选择一个文件。"), 422)
    if file.size is None or file.size > settings.UPLOAD_BYTES_MAX:
        return _index(request, viewer, _("文件超过 20 MB。没有任何内容被保存。"), 413)
    if not file.name.lower().endswith(SUFFIXES):
        return _index(request, viewer, _("只能导入 .xlsx、.xls 或 .csv 文件。没有任何内容被保存。"), 422)
    draft_id = draft_actions.open_draft(viewer, file.name, file.read(), request_id=request_id(request), now=clock.now())
    read_now_or_later(viewer, draft_id)
    return redirect(address(draft_id))


def read_now_or_later(viewer: Viewer, draft_id: UUID) -> None:
    """Read a small file at once, and have a worker read a large one."""
    draft = draft_queries.draft(viewer, draft_id)
    if draft.file_bytes <= INLINE_BYTES_MAX:
        draft_actions.read_draft(viewer, draft_id, as_of=clock.today())
    else:
        draft_actions.start_reading(viewer, draft_id)


@page
@require_POST
def discard(request: HttpRequest, viewer: Viewer, draft_id: UUID) -> HttpResponse:
    """Throw a draft away, with its file."""
    may_see(viewer, "people.load_import")
    draft_actions.discard_draft(viewer, draft_id, now=clock.now())
    messages.success(request, _("已放弃，文件和回答都已销毁。"))
    return redirect("imports")
