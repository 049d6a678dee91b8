"""What came on paper, by WeChat, by e-mail or by word of mouth: HR takes it in, and the employee is asked."""

from __future__ import annotations

import uuid
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guiyan.platform import clock
from guiyan.platform.acting import Forbidden, Refused
from guiyan.platform.permissions import Viewer
from guiyan.separation import actions as separation
from guiyan.separation.actions import Intake, Stated
from guiyan.ui.values import Crumb
from guiyan.web.cases.forms import CaseForm, ResignationIntakeForm
from guiyan.web.edge import may_reach, page, request_id


def intake_of(told: dict[str, Any]) -> Intake:
    """Return what an intake form told."""
    return Intake(
        channel=told["channel"],
        arrived_at=told["arrived_at"],
        words=told["words"],
        sent_at=told["sent_at"],
        scan=told["scan"],
        witness=told["witness"],
        note=told["note"],
        identity_attested=told["identity_attested"],
    )


@page
@require_http_methods(["GET", "HEAD", "POST"])
def resignation(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Take in a resignation that came otherwise."""
    may_reach(viewer, "separation.record")
    now = clock.now()
    sent = request_id(request) if request.method == "POST" else uuid.uuid4()
    if request.method == "POST":
        form = ResignationIntakeForm(viewer, now, request.POST, request.FILES)
        if form.is_valid():
            made = _record(viewer, form, sent)
            if made is not None:
                messages.success(request, _("已登记，并已请员工核对。"))
                return redirect("case", case_id=made)
    else:
        person = request.GET.get("person", "")[:60]
        form = ResignationIntakeForm(viewer, now, initial={"person": person} if person else None)
    context = {
        "form": form,
        "title": _("登记收到的辞职"),
        "note": _("纸质、微信、电子邮件或口头的辞职。时间从实际收到起算；试用期以外，口头提出的还需要书面。"),
        "submit": _("登记，并请员工核对"),
        "request_id": sent,
        "back": reverse("cases"),
        "crumbs": [Crumb(_("离职案件"), reverse("cases")), Crumb(_("登记收到的辞职"))],
    }
    return render(request, "web/cases/intake.html", context, status=422 if form.errors else 200)


def _record(viewer: Viewer, form: CaseForm, sent: UUID) -> UUID | None:
    told = form.cleaned_data
    stated = Stated(
        basis=told["basis"],
        grounds=tuple(told["grounds"]) if told["basis"] == "38" else (),
        meaning=told["meaning"],
        wished_last_day=told["wished_last_day"],
    )
    try:
        opened = separation.record_resignation(
            viewer, told["person"], intake_of(told), stated, request_id=sent, now=clock.now()
        )
    except Forbidden:
        raise
    except Refused as refused:
        form.add_error(None, str(refused.text))
        return None
    return opened.case_id
