"""Loading a roster in the background, how far it is, and undoing a load."""

from __future__ import annotations

import uuid
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from guiyan.people import actions as people_actions
from guiyan.people import queries as people
from guiyan.people.actions import drafts as draft_actions
from guiyan.people.enums import BatchState
from guiyan.platform import clock
from guiyan.platform.acting import Forbidden, Refused
from guiyan.platform.permissions import Viewer, allowed, table
from guiyan.ui.values import Column, Crumb
from guiyan.web.edge import may_see, page, request_id
from guiyan.web.importing.frame import address, frame
from guiyan.web.people import choices

ACTS_SHOWN_MAX = 50


@page
@require_POST
def load(request: HttpRequest, viewer: Viewer, draft_id: UUID) -> HttpResponse:
    """Have a worker load the draft as its owner saw it."""
    may_see(viewer, "people.load_import")
    seen = request.POST.get("revision", "")
    try:
        draft_actions.start_load(
            viewer,
            draft_id,
            revision=int(seen) if seen.isdecimal() and len(seen) < 9 else 0,
            request_id=request_id(request),
            now=clock.now(),
        )
    except Forbidden:
        raise
    except Refused as refused:
        messages.error(request, str(refused.text))
    choices.forget()
    return redirect(address(draft_id))


@page
@require_safe
def progress(request: HttpRequest, viewer: Viewer, draft_id: UUID) -> HttpResponse:
    """Say how far reading or loading is; when it is over, lead to what came of it."""
    context = frame(viewer, draft_id, "")
    if context["draft"].is_busy:
        return render(request, "web/importing/_progress.html", context)
    if request.headers.get("HX-Request") != "true":
        return redirect(address(draft_id))
    answer = HttpResponse(status=204)
    answer["HX-Redirect"] = address(draft_id)
    return answer


@page
@require_safe
def batch(request: HttpRequest, viewer: Viewer, batch_id: UUID) -> HttpResponse:
    """Show one load: which file, what it brought, and whether it can be undone."""
    may_see(viewer, "people.view_imports")
    return _batch(request, viewer, batch_id)


def _batch(request: HttpRequest, viewer: Viewer, batch_id: UUID, refused: Refused | None = None) -> HttpResponse:
    found = next((item for item in people.import_batches(viewer) if item.batch_id == batch_id), None)
    if found is None:
        raise Http404
    counts = found.counts
    brought: list[tuple[str, Any, str]] = [
        (_("新增人员"), counts.get("people_new", 0), "user-plus"),
        (_("更新人员"), counts.get("people_update", 0), "user-edit"),
        (_("新增任职"), counts.get("spells_new", 0), "briefcase"),
        (_("新增部门"), counts.get("departments_new", 0), "sitemap"),
    ]
    context = {
        "batch": found,
        "brought": brought,
        "is_reversed": found.state == BatchState.REVERSED,
        "may_reverse": allowed(viewer, "people.reverse_import"),
        "refused": str(refused.text) if refused else "",
        "acts": _acts(request, refused.acts) if isinstance(refused, people_actions.ActedSince) else [],
        "act_columns": [Column(_("员工")), Column(_("之后发生的事"))],
        "request_id": uuid.uuid4(),
        "crumbs": [
            Crumb(_("员工档案"), reverse("people")),
            Crumb(_("导入花名册"), reverse("imports")),
            Crumb(found.filename),
        ],
    }
    return render(request, "web/importing/batch.html", context, status=422 if refused else 200)


def _acts(request: HttpRequest, acts: tuple[people.ActSince, ...]) -> list[tuple[people.ActSince, str]]:
    """Return who stands in the way and what was done about them."""
    known = table().acts
    english = request.LANGUAGE_CODE == "en"
    return [
        (act, (known[act.act].en if english else known[act.act].zh) if act.act in known else act.act)
        for act in acts[:ACTS_SHOWN_MAX]
    ]


@page
@require_POST
def reverse_batch(request: HttpRequest, viewer: Viewer, batch_id: UUID) -> HttpResponse:
    """Undo a load as a whole; when somebody acted on its people since, say who is concerned."""
    may_see(viewer, "people.view_imports")
    try:
        people_actions.reverse_import(
            viewer,
            batch_id,
            reason=request.POST.get("reason", "")[:300],
            request_id=request_id(request),
            now=clock.now(),
        )
    except Forbidden:
        raise
    except Refused as refused:
        return _batch(request, viewer, batch_id, refused)
    choices.forget()
    messages.success(request, _("这次导入已撤回，人员资料恢复到导入之前。"))
    return redirect("import_batch", batch_id=batch_id)
