"""The list of cases: filters, saved views, and the same as an Excel file."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from guiyan.platform import actions, clock
from guiyan.platform import queries as platform
from guiyan.platform.acting import Forbidden, Refused
from guiyan.platform.permissions import Viewer
from guiyan.separation import actions as separation
from guiyan.separation import queries
from guiyan.separation.enums import OPEN_STATUSES, CaseStatus, WithdrawalStatus
from guiyan.ui.values import Column
from guiyan.web import sheets
from guiyan.web.cases import words
from guiyan.web.cases.forms import FilterForm
from guiyan.web.edge import is_fragment, page, page_number, reaches

VIEWS_PAGE = "cases"
NAMES = ("q", "status", "channel")


def sees_cases(viewer: Viewer) -> None:
    """Answer 404 to who may see nobody's cases but their own."""
    if not (reaches(viewer, "separation.view") or reaches(viewer, "separation.view_brief")):
        raise Http404


def _asked(query: QueryDict) -> tuple[FilterForm, queries.CaseFilter, str]:
    form = FilterForm(query, auto_id="case_%s")
    form.full_clean()
    told = form.cleaned_data
    status = told.get("status", "")
    statuses = {"": tuple(each.value for each in OPEN_STATUSES), "all": ()}.get(status, (status,))
    kept = QueryDict(mutable=True)
    kept.update({name: value for name in NAMES if (value := told.get(name))})
    filters = queries.CaseFilter(text=told.get("q", ""), statuses=statuses, channel=told.get("channel", ""))
    return form, filters, kept.urlencode()


@page
@require_safe
def index(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """List the cases that this viewer may see."""
    sees_cases(viewer)
    form, filters, query = _asked(request.GET)
    found = queries.cases(viewer, filters, page=page_number(request))
    context = {
        "form": form,
        "page": found,
        "total": found.paginator.count,
        "rows": [_row(row) for row in found],
        "columns": [
            Column(_("员工")),
            Column(_("部门")),
            Column(_("状态")),
            Column(_("来源")),
            Column(_("到达")),
            Column(_("最后一天")),
        ],
        "views": platform.saved_views(viewer, VIEWS_PAGE),
        "query": query,
        "narrowed": bool(query),
        "may_record": reaches(viewer, "separation.record"),
        "may_export": reaches(viewer, "separation.export"),
    }
    template = "web/cases/_list.html" if is_fragment(request, "case-list") else "web/cases/list.html"
    return render(request, template, context)


def _row(row: queries.CaseRow) -> dict[str, Any]:
    shown, tone = str(row.status_words), words.STATUS_TONES[CaseStatus(row.status)]
    if row.status == CaseStatus.RUNNING and row.withdrawal:
        status = WithdrawalStatus(row.withdrawal)
        shown = _("撤回：%(status)s") % {"status": row.withdrawal_words}
        tone = words.WITHDRAWAL_TONES[status]
    left = row.days_left
    note = ""
    if left is not None:
        note = ngettext("还有 %(n)d 天", "还有 %(n)d 天", left) % {"n": left} if left > 0 else _("今天")
        if left < 0:
            note = ngettext("已过 %(n)d 天", "已过 %(n)d 天", -left) % {"n": -left}
    return {
        "url": reverse("case", kwargs={"case_id": row.case_id}),
        "name": row.name,
        "number": row.number,
        "unit": row.unit,
        "state": shown,
        "tone": tone,
        "channel": row.channel,
        "arrived": words.moment(row.arrived_at),
        "last_day": words.day(row.last_day) if row.status in OPEN_STATUSES or row.status == CaseStatus.ENDED else "",
        "left": note,
        "left_tone": "bad" if left is not None and left < 0 else "warn",
    }


@page
@require_POST
def export(request: HttpRequest, viewer: Viewer) -> HttpResponseBase:
    """Send the list as it is filtered, as an Excel file; that it was taken out is on record."""
    _form, filters, query = _asked(QueryDict(request.POST.get("query", "")))
    reason = request.POST.get("reason", "")[:200]
    try:
        rows = separation.export_cases(viewer, filters, reason=reason, now=clock.now())
    except Forbidden:
        raise
    except Refused as refused:
        messages.error(request, str(refused.text))
        return redirect(f"{reverse('cases')}?{query}" if query else "cases")
    heads = [
        _("编号"),
        _("员工"),
        _("部门"),
        _("岗位"),
        _("状态"),
        _("撤回"),
        _("来源"),
        _("到达"),
        _("最后一天"),
    ]
    return sheets.download(sheets.write(_("离职案件"), heads, map(_cells, rows)), _("离职案件"))


def _cells(row: queries.CaseRow) -> tuple[sheets.Value, ...]:
    return (
        row.number,
        row.name,
        row.unit,
        row.post,
        str(row.status_words),
        str(row.withdrawal_words),
        str(row.channel),
        words.moment(row.arrived_at),
        row.last_day,
    )


@page
@require_POST
def save_view(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Keep the filters that are on under a name."""
    sees_cases(viewer)
    _form, _filters, query = _asked(QueryDict(request.POST.get("query", "")))
    try:
        actions.save_view(viewer, page=VIEWS_PAGE, name=request.POST.get("name", ""), query=query, now=clock.now())
    except Forbidden:
        raise
    except Refused as refused:
        messages.error(request, str(refused.text))
    else:
        messages.success(request, _("视图已保存。"))
    return redirect(f"{reverse('cases')}?{query}" if query else "cases")


@page
@require_POST
def delete_view(request: HttpRequest, viewer: Viewer, view_id: UUID) -> HttpResponse:
    """Forget a saved view of one's own."""
    if view_id not in {view.pk for view in platform.saved_views(viewer, VIEWS_PAGE)}:
        raise Http404
    actions.delete_view(viewer, view_id=view_id)
    messages.success(request, _("视图已删除。"))
    return redirect("cases")
