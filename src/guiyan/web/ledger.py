"""The ledger as a page: what was written down, who did it, and how far it is signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from guiyan.ledger import queries as ledger
from guiyan.ledger.entry import EntryType
from guiyan.people import queries as people
from guiyan.platform import clock
from guiyan.platform.permissions import Viewer, table
from guiyan.platform.queries import names_of_accounts
from guiyan.ui.values import Column
from guiyan.web.edge import is_fragment, may_see, page

PAGE_SIZE = 50
GROUPS = (
    ("person.", gettext_lazy("人员")),
    ("spell.", gettext_lazy("劳动关系")),
    ("contract.", gettext_lazy("合同")),
    ("protection.", gettext_lazy("特殊保护")),
    ("address.", gettext_lazy("送达地址")),
    ("pii.", gettext_lazy("查看个人信息")),
    ("data.", gettext_lazy("导出数据")),
    ("import.", gettext_lazy("导入")),
    ("role.", gettext_lazy("角色")),
    ("account.", gettext_lazy("账号")),
    ("access.", gettext_lazy("被拒绝的操作")),
    ("case.", gettext_lazy("案件")),
)


@dataclass(frozen=True)
class Shown:
    """A line of the ledger with its words."""

    line: ledger.Line
    label: str
    who: str
    role: str
    digest: str
    facts: tuple[tuple[str, str], ...]


@page
@require_GET
def index(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """List entries, newest first, narrowed by kind and time."""
    may_see(viewer, "ledger.view")
    kind = request.GET.get("kind", "")[:60]
    first, last = (_day(request, name) for name in ("first", "last"))
    before = request.GET.get("before", "")
    found = ledger.entries(
        viewer,
        kind=kind if kind in dict(GROUPS) or kind in list(EntryType) else "",
        since=first,
        until=last + timedelta(days=1) if last else None,
        before=int(before) if before.isdecimal() and len(before) < 18 else None,
        limit=PAGE_SIZE,
    )
    context = {
        "rows": _shown(found.lines, english=request.LANGUAGE_CODE == "en"),
        "is_empty": not found.lines,
        "older": _older(request.GET, found.before),
        "head": ledger.head(viewer),
        "groups": GROUPS,
        "kind": kind,
        "first": request.GET.get("first", "")[:10],
        "last": request.GET.get("last", "")[:10],
        "columns": [
            Column(_("序号"), numeric=True),
            Column(_("时间")),
            Column(_("发生了什么")),
            Column(_("谁")),
            Column(_("状态")),
        ],
    }
    template = "web/_ledger.html" if is_fragment(request, "ledger-list") else "web/ledger.html"
    return render(request, template, context)


def _day(request: HttpRequest, name: str) -> datetime | None:
    """Return the beginning of a civil day of the address; None for none and for what is no day."""
    try:
        day = parse_date(request.GET.get(name, "")[:10])
    except ValueError:
        return None
    return datetime.combine(day, time(), clock.LEGAL_ZONE) if day else None


def _older(told: QueryDict, before: int | None) -> str:
    if before is None:
        return ""
    query = told.copy()
    query["before"] = str(before)
    return f"?{query.urlencode()}"


def _shown(lines: tuple[ledger.Line, ...], *, english: bool) -> list[Shown]:
    actors = [line.actor for line in lines if line.actor]
    names: dict[UUID, str] = {
        **names_of_accounts({key for kind, key in actors if kind == "user"}),
        **people.names_of({key for kind, key in actors if kind == "person"}),
    }
    roles = table().roles
    shown = []
    for line in lines:
        role = roles.get(line.entry.actor.role)
        who = names.get(line.actor[1], "") if line.actor else ""
        shown.append(
            Shown(
                line=line,
                label=line.label[1] if english else line.label[0],
                who=who or _("系统"),
                role=(role.en if english else role.zh) if role else "",
                digest=line.leaf.hex()[:12],
                facts=tuple((key, str(value)) for key, value in line.entry.public.items() if value is not None)[:4],
            )
        )
    return shown
