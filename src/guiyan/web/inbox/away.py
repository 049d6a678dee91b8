"""While I am away a colleague stands in for me: from a day to a day, and both of us see it."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from guiyan.platform import clock
from guiyan.platform.acting import Forbidden, Refused
from guiyan.platform.permissions import Viewer
from guiyan.process import actions as process_actions
from guiyan.process import queries as process
from guiyan.ui.values import Crumb
from guiyan.web.edge import page, request_id


class AwayForm(forms.Form):
    """Who stands in, from when to when."""

    to = forms.CharField(label=gettext_lazy("由谁代办"), max_length=60, help_text=gettext_lazy("填写同事的姓名。"))
    first_day = forms.DateField(label=gettext_lazy("从"), widget=forms.DateInput(attrs={"type": "date"}))
    last_day = forms.DateField(label=gettext_lazy("到"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, viewer: Viewer, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer = viewer

    def clean_to(self) -> UUID:
        """Find the colleague by the whole name."""
        text = self.cleaned_data["to"].strip()
        found = process.find_colleagues(self.viewer, text)
        exact = [row for row in found if row.name == text] or list(found)
        if len(exact) != 1:
            raise forms.ValidationError(
                _("没有找到这位同事，请填写完整姓名。") if not exact else _("有几位同名的同事，请联系管理员。")
            )
        return exact[0].user_id

    def clean(self) -> dict[str, Any]:
        """The days lie in order."""
        told: dict[str, Any] = super().clean() or {}
        first, last = told.get("first_day"), told.get("last_day")
        if isinstance(first, date) and isinstance(last, date) and last < first:
            self.add_error("last_day", _("结束日期不能早于开始日期。"))
        return told


@page
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Show who stands in for whom, and let a colleague stand in."""
    form = AwayForm(viewer, request.POST or None)
    sent = request_id(request) if request.method == "POST" else uuid.uuid4()
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            process_actions.delegate(
                viewer,
                to_user_id=told["to"],
                first_day=told["first_day"],
                last_day=told["last_day"],
                request_id=sent,
                now=clock.now(),
            )
        except Forbidden:
            raise
        except Refused as refused:
            form.add_error(None, str(refused.text))
        else:
            messages.success(request, _("已登记。这段时间的待办，您和对方都看得到。"))
            return redirect("away")
    context = {
        "form": form,
        "request_id": sent,
        "rows": process.delegations(viewer),
        "crumbs": [Crumb(_("我的待办"), reverse("inbox")), Crumb(_("外出代办"))],
    }
    return render(request, "web/inbox/away.html", context, status=422 if form.errors else 200)


@page
@require_POST
def end(request: HttpRequest, viewer: Viewer, delegation_id: UUID) -> HttpResponse:
    """End a delegation of one's own."""
    try:
        process_actions.end_delegation(viewer, delegation_id, now=clock.now())
    except Forbidden:
        raise
    except Refused as refused:
        messages.error(request, str(refused.text))
    else:
        messages.success(request, _("代办已结束。"))
    return redirect("away")
