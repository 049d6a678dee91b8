"""The page of a stored finding, and accepting the risk of what it leaves open."""

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

from guiyan.compliance import actions, queries
from guiyan.kernel.results import Verdict
from guiyan.people.queries import NotFound, PersonRef
from guiyan.platform import clock
from guiyan.platform.acting import Forbidden, Refused
from guiyan.platform.permissions import Viewer, allowed
from guiyan.ui.values import Crumb
from guiyan.web.edge import page, request_id
from guiyan.web.law.notes import finding_shown, told_lines

ACCEPT = "compliance.accept_risk"
REASON_MAX = 5000
FINAL = frozenset({Verdict.PROHIBITED, Verdict.EXTENDED})


@page
@require_safe
def one(request: HttpRequest, viewer: Viewer, finding_id: UUID) -> HttpResponse:
    """Show a stored finding as it was kept, whether it counts, and who accepted its risk."""
    return _shown(request, viewer, finding_id, {})


def _shown(request: HttpRequest, viewer: Viewer, finding_id: UUID, typed: dict[str, Any]) -> HttpResponse:
    try:
        kept = queries.finding(viewer, finding_id)
    except NotFound as error:
        raise Http404 from error
    row = kept.row
    open_risk = row.verdict == Verdict.INDETERMINATE and row.current and row.risk is None
    may_accept = open_risk and allowed(viewer, ACCEPT, PersonRef(row.person_id, clock.today()))
    context = {
        "title": _("正式判断"),
        "one": finding_shown(row),
        "lines": list(told_lines(kept.result)) if kept.result is not None else [],
        "final": row.verdict in FINAL,
        "open_risk": open_risk,
        "may_accept": may_accept,
        "passes": queries.may_pass(finding_id),
        "request_id": request.POST.get("request_id") or uuid.uuid4(),
        "crumbs": [Crumb(_("法律工作台"), reverse("law")), Crumb(_("正式判断"))],
        **typed,
    }
    return render(request, "web/law/finding.html", context, status=422 if typed else 200)


@page
@require_POST
def accept(request: HttpRequest, viewer: Viewer, finding_id: UUID) -> HttpResponse:
    """Accept the risk of a finding that could not be judged, with a reason."""
    reason = request.POST.get("reason", "")[: REASON_MAX + 1]
    try:
        actions.accept_risk(viewer, finding_id, reason, request_id=request_id(request), now=clock.now())
    except Forbidden:
        raise
    except Refused as refused:
        return _shown(request, viewer, finding_id, {"error": str(refused.text), "reason": reason})
    messages.success(request, _("已记录您承担这个风险。"))
    return redirect("law_finding", finding_id=finding_id)
