"""The role table as a page, and the list of acts that were refused."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guiyan.platform import queries
from guiyan.platform.acting import require
from guiyan.platform.permissions import Viewer, table
from guiyan.ui.values import Column
from guiyan.web.edge import may_see, page, page_number


@page
@require_safe
def role_table(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Show who may do what."""
    require(viewer, "roles.view_table")
    english = request.LANGUAGE_CODE == "en"
    data = table()
    roles = [role for role in data.roles.values() if role.key != "system"]

    def name(item: object) -> str:
        return str(getattr(item, "en" if english else "zh"))

    rows = [
        (
            name(act),
            act.key,
            [(name(role), [name(data.relations[r]) for r in act.allow.get(role.key, ())]) for role in roles],
        )
        for act in data.acts.values()
    ]
    context = {"columns": [Column(_("操作")), *[Column(name(role)) for role in roles]], "rows": rows}
    return render(request, "web/role_table.html", context)


@page
@require_safe
def refusals(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """List refused acts, newest first."""
    may_see(viewer, "refusals.list")
    found = queries.refusals(viewer, act=request.GET.get("q", "")[:80], page=page_number(request))
    acts = table().acts
    english = request.LANGUAGE_CODE == "en"

    def act_name(key: str) -> str:
        entry = acts.get(key)
        return key if entry is None else (entry.en if english else entry.zh)

    context = {
        "page": found,
        "is_empty": not found.object_list,
        "rows": [(row, row.name or _("系统"), act_name(row.act)) for row in found.object_list],
        "query": request.GET.get("q", ""),
        "columns": [Column(_("时间")), Column(_("谁")), Column(_("想做什么")), Column(_("被什么规则阻止"))],
    }
    return render(request, "web/refusals.html", context)
