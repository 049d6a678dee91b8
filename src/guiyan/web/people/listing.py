"""The list of people: filters, saved views, sorting, and the same as an Excel file."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from guiyan.people import actions as people_actions
from guiyan.people import queries as people
from guiyan.people.enums import SpellStatus
from guiyan.platform import actions, clock, queries
from guiyan.platform.acting import Forbidden, Refused
from guiyan.platform.permissions import Viewer, allowed
from guiyan.ui.values import Column
from guiyan.web import sheets
from guiyan.web.edge import is_fragment, may_reach, page, page_number, reaches
from guiyan.web.people import rows, words
from guiyan.web.people.filters import SORTS, Asked, asked, sorted_by

VIEWS_PAGE = "people"


@page
@require_safe
def index(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """List the people whom this viewer may see; who may see nobody but themselves goes to their own profile."""
    may_reach(viewer, "people.list", also_self=True)
    if not reaches(viewer, "people.list"):
        return redirect("my_profile")
    ask = asked(request, viewer, page_number(request))
    found = people.list_people(viewer, ask.filters, ask.sort, ask.page)
    shows_mobile = reaches(viewer, "people.view_masked")
    context = {
        "ask": ask,
        "form": ask.form,
        "found": found,
        "page": Paginator(range(found.total), found.size).get_page(found.number),
        "rows": rows.drawn(found.rows, clock.today(), shows_mobile=shows_mobile),
        "is_empty": not found.rows,
        "columns": _columns(ask, shows_mobile=shows_mobile),
        "sorts": SORTS.items(),
        "views": queries.saved_views(viewer, VIEWS_PAGE),
        "may_export": reaches(viewer, "people.export"),
        "may_hire": reaches(viewer, "people.hire"),
        "may_import": allowed(viewer, "people.load_import"),
        "is_narrowed": bool(ask.chips or ask.filters.text),
    }
    if is_fragment(request, "people-list"):
        return render(request, "web/people/_list.html", context)
    options = ask.form.options()
    return render(request, "web/people/list.html", {**context, "options": options, "more": ask.form.more(options)})


def _columns(ask: Asked, *, shows_mobile: bool) -> list[Column]:
    def head(label: str, key: str = "") -> Column:
        return Column(label, *sorted_by(ask.query, key, ask.sort)) if key else Column(label)

    ended = ask.filters.status == SpellStatus.ENDED
    columns = [
        head(_("员工"), "name"),
        head(_("工号"), "number"),
        head(_("部门"), "unit"),
        head(_("岗位"), "post"),
        head(_("直属主管")),
        head(_("入职日期"), "hired_on"),
        head(_("合同")),
        head(_("状态"), "ended_on" if ended else ""),
    ]
    return [*columns, head(_("手机"))] if shows_mobile else columns


@page
@require_POST
def export(request: HttpRequest, viewer: Viewer) -> HttpResponseBase:
    """Send the list as it is filtered and sorted, as an Excel file; that it was taken out is recorded."""
    ask = asked(request, viewer, 1, QueryDict(request.POST.get("query", "")))
    reason = request.POST.get("reason", "")[:200]
    try:
        taken = people_actions.export_people(viewer, ask.filters, ask.sort, reason=reason, now=clock.now())
    except Forbidden:
        raise
    except Refused as refused:
        messages.error(request, str(refused.text))
        return redirect(_address(ask.query))
    heads = [
        _("工号"),
        _("姓名"),
        _("部门"),
        _("岗位"),
        _("直属主管"),
        _("状态"),
        _("入职日期"),
        _("试用期最后一天"),
        _("合同类型"),
        _("合同到期"),
        _("计划离职日"),
        _("离职日期"),
        _("手机（遮蔽）"),
    ]
    return sheets.download(sheets.write(_("员工名单"), heads, map(_cells, taken)), _("员工名单"))


def _cells(row: people.PeopleRow) -> tuple[sheets.Value, ...]:
    return (
        row.number,
        row.name,
        row.unit,
        row.post,
        row.manager,
        words.spell_status(row.status).label,
        row.hired_on,
        row.probation_last_day,
        words.contract_kind(row.contract_kind),
        row.contract_end,
        row.planned_end_on,
        row.ended_on,
        row.mobile,
    )


@page
@require_POST
def save_view(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Keep the filters that are on under a name."""
    may_reach(viewer, "people.list")
    query = asked(request, viewer, 1, QueryDict(request.POST.get("query", ""))).query
    try:
        actions.save_view(viewer, page=VIEWS_PAGE, name=request.POST.get("name", ""), query=query, now=clock.now())
    except Forbidden:
        raise
    except Refused as refused:
        messages.error(request, str(refused.text))
    else:
        messages.success(request, _("视图已保存。"))
    return redirect(_address(query))


@page
@require_POST
def delete_view(request: HttpRequest, viewer: Viewer, view_id: UUID) -> HttpResponse:
    """Forget a saved view of one's own."""
    if view_id not in {view.pk for view in queries.saved_views(viewer, VIEWS_PAGE)}:
        raise Http404
    actions.delete_view(viewer, view_id=view_id)
    messages.success(request, _("视图已删除。"))
    return redirect("people")


def _address(query: str) -> str:
    address = reverse("people")
    return f"{address}?{query}" if query else address


@page
@require_safe
def suggest(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Offer people on board whose name, pinyin or number begins to match, as options of a field."""
    may_reach(viewer, "people.list")
    text = request.GET.get("q") or request.GET.get(request.GET.get("field", "")[:30], "")
    context: dict[str, Any] = {"rows": ()}
    if text.strip():
        filters = people.PeopleFilter(text=text[:60], status=people.ON_BOARD)
        context["rows"] = people.list_people(viewer, filters, size=10).rows
    return render(request, "web/people/_suggestions.html", context)
