"""The evidence pack of a case: asked for, watched while a worker makes it, downloaded until it expires."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guiyan.ledger import packs
from guiyan.ledger.enums import PackState
from guiyan.ledger.ports import PackNews
from guiyan.notify import actions as notify_actions
from guiyan.platform import clock
from guiyan.platform.acting import Forbidden, Refused
from guiyan.platform.permissions import Viewer, allowed
from guiyan.separation import queries
from guiyan.ui.values import Crumb
from guiyan.web.cases import words
from guiyan.web.cases.page import case_page, frame
from guiyan.web.edge import request_id

TONES = {PackState.READY: "ok", PackState.FAILED: "warn", PackState.EXPIRED: "neutral", PackState.MAKING: "brand"}


@case_page
@require_http_methods(["GET", "HEAD", "POST"])
def pack(request: HttpRequest, viewer: Viewer, case_id: UUID) -> HttpResponseBase:
    """Show the packs of the case that the viewer asked for; a POST asks for one."""
    case = queries.case_for(viewer, case_id)
    _may_export(viewer)
    if request.method == "POST":
        try:
            packs.ask_for_pack(viewer, case_id, label=case.number, request_id=request_id(request), now=clock.now())
        except Forbidden:
            raise
        except Refused as refused:
            messages.error(request, str(refused.text))
        return redirect("case_pack", case_id=case_id)
    shown = [_shown(each) for each in packs.packs_of(viewer, case_id, now=clock.now())]
    context = {
        **frame(case),
        "packs": shown,
        "making": next((each for each in shown if each["making"]), None),
        "days": packs.KEPT_DAYS,
        "request_id": uuid.uuid4(),
        "back": reverse("case", kwargs={"case_id": case_id}),
    }
    context["crumbs"] = [*context["crumbs"], Crumb(_("证据包"))]
    return render(request, "web/cases/pack.html", context)


@case_page
@require_safe
def progress(request: HttpRequest, viewer: Viewer, case_id: UUID, pack_id: UUID) -> HttpResponseBase:
    """Say how far a pack is; when it is over, lead to what came of it."""
    _may_export(viewer)
    found = _own(viewer, case_id, pack_id)
    if found.state is PackState.MAKING:
        return render(request, "web/cases/_pack_progress.html", {"case": {"id": case_id}, "making": _shown(found)})
    address = reverse("case_pack", kwargs={"case_id": case_id})
    if request.headers.get("HX-Request") != "true":
        return redirect(address)
    answer = HttpResponse(status=204)
    answer["HX-Redirect"] = address
    return answer


@case_page
@require_POST
def download(request: HttpRequest, viewer: Viewer, case_id: UUID, pack_id: UUID) -> HttpResponseBase:
    """Hand a finished pack to the one who asked for it; each time is on record."""
    case = queries.case_for(viewer, case_id)
    _may_export(viewer)
    _own(viewer, case_id, pack_id)
    try:
        handed = packs.hand_out(viewer, pack_id, now=clock.now())
    except Forbidden:
        raise
    except Refused as refused:
        messages.error(request, str(refused.text))
        return redirect("case_pack", case_id=case_id)
    answer = HttpResponse(handed.data, content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="{case.number}.zip"'
    return answer


def tell(viewer: Viewer, news: PackNews, now: datetime) -> None:
    """Put into the inbox of the one who asked for a pack what became of it."""
    notify_actions.send(
        viewer,
        "web_pack_ready" if news.ready else "web_pack_failed",
        to=[notify_actions.To(user_id=news.user_id)],
        facts={"number": news.label, "why": packs.WHY.get(news.problem, ""), "days": packs.KEPT_DAYS},
        now=now,
        link=reverse("case_pack", kwargs={"case_id": news.case_id}),
    )


def _may_export(viewer: Viewer) -> None:
    """Answer 404 to who may not export."""
    if not allowed(viewer, "ledger.export"):
        raise Http404


def _own(viewer: Viewer, case_id: UUID, pack_id: UUID) -> packs.PackView:
    found = packs.pack_of(viewer, pack_id, now=clock.now())
    if found is None or found.case_id != case_id:
        raise Http404
    return found


def _shown(found: packs.PackView) -> dict[str, Any]:
    """One pack in words."""
    return {
        "id": found.pack_id,
        "making": found.state is PackState.MAKING,
        "ready": found.state is PackState.READY,
        "failed": found.state is PackState.FAILED,
        "label": found.state.label,
        "tone": TONES[found.state],
        "stage": found.stage.label,
        "percent": found.percent,
        "asked": words.short(found.asked_at),
        "expires": words.short(found.expires_at) if found.expires_at else "",
        "size": found.size,
        "steps": found.steps,
        "why": found.why,
        "detail": found.detail,
    }
