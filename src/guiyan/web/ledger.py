"""The ledger as a page: what was written down, who did it, and how far it is signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from guiyan.ledger import queries as ledger
from guiyan.ledger.actions import EXPORT_ROWS_MAX, export_entries
from guiyan.ledger.entry import EntryType
from guiyan.ledger.ports import find_case
from guiyan.people import queries as people
from guiyan.platform import clock
from guiyan.platform.acting import Forbidden, Refused
from guiyan.platform.permissions import Viewer, table
from guiyan.platform.queries import names_of_accounts
from guiyan.separation import queries as separation
from guiyan.ui.values import Column
from guiyan.web import sheets
from guiyan.web.edge import is_fragment, may_see, page

PAGE_SIZE = 50
PEOPLE_MAX = 20
CASES_MAX = 200
TEXT_MAX = 60
NAMES = ("kind", "who", "case", "first", "last")
GROUPS = (
    ("case.", gettext_lazy("案件")),
    ("resign.", gettext_lazy("辞职")),
    ("withdraw.", gettext_lazy("撤回辞职")),
    ("approve.", gettext_lazy("审批")),
    ("consent.", gettext_lazy("同意与不同意")),
    ("sign.", gettext_lazy("签署")),
    ("notice.", gettext_lazy("通知")),
    ("push.", gettext_lazy("站内消息")),
    ("mail.", gettext_lazy("邮件")),
    ("task.", gettext_lazy("任务")),
    ("process.", gettext_lazy("流程")),
    ("legal.", gettext_lazy("法律关卡")),
    ("risk.", gettext_lazy("承担风险")),
    ("employment.", gettext_lazy("劳动关系结束与恢复")),
    ("effect.", gettext_lazy("外部系统")),
    ("person.", gettext_lazy("人员")),
    ("spell.", gettext_lazy("劳动关系")),
    ("contract.", gettext_lazy("合同")),
    ("wage.", gettext_lazy("工资")),
    ("protection.", gettext_lazy("特殊保护")),
    ("address.", gettext_lazy("送达地址")),
    ("pii.", gettext_lazy("查看个人信息")),
    ("data.", gettext_lazy("导出数据")),
    ("import.", gettext_lazy("导入")),
    ("role.", gettext_lazy("角色")),
    ("account.", gettext_lazy("账号")),
    ("access.", gettext_lazy("被拒绝的操作")),
    ("calendar.", gettext_lazy("日历")),
    ("log.", gettext_lazy("日志换代")),
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


@dataclass(frozen=True)
class Asked:
    """What an address asks for; ``note`` says why nothing is found, or that more people fit than are sought."""

    filters: ledger.EntryFilter
    told: dict[str, str]
    query: str
    note: str


@page
@require_safe
def index(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """List entries, newest first, narrowed by kind, person, case and time."""
    may_see(viewer, "ledger.view")
    asked = _asked(viewer, request.GET)
    before = request.GET.get("before", "")
    found = ledger.entries(
        viewer,
        asked.filters,
        before=int(before) if before.isdecimal() and len(before) < 18 else None,
        limit=PAGE_SIZE,
    )
    context = {
        "rows": _shown(found.lines, english=request.LANGUAGE_CODE == "en"),
        "is_empty": not found.lines,
        "older": _older(request.GET, found.before),
        "head": ledger.head(viewer),
        "groups": GROUPS,
        "asked": asked,
        "most": EXPORT_ROWS_MAX,
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


@page
@require_POST
def export(request: HttpRequest, viewer: Viewer) -> HttpResponseBase:
    """Send the list as it is filtered, as an Excel file; that it was taken out is on record."""
    may_see(viewer, "ledger.view")
    asked = _asked(viewer, QueryDict(request.POST.get("query", "")))
    try:
        lines = export_entries(
            viewer,
            asked.filters,
            sought=" ".join(asked.told[name] for name in ("who", "case") if asked.told[name]),
            reason=request.POST.get("reason", ""),
            now=clock.now(),
        )
    except Forbidden:
        raise
    except Refused as refused:
        messages.error(request, str(refused.text))
        return redirect(f"{reverse('ledger')}?{asked.query}")
    heads = [
        _("序号"),
        _("时间"),
        _("发生了什么"),
        _("种类代码"),
        _("谁"),
        _("角色"),
        _("状态"),
        _("内容"),
        _("摘要（SHA-256）"),
    ]
    rows = map(_cells, _shown(lines, english=request.LANGUAGE_CODE == "en"))
    return sheets.download(sheets.write(_("证据记录"), heads, rows), _("证据记录"))


def _cells(row: Shown) -> tuple[sheets.Value, ...]:
    entry = row.line.entry
    return (
        row.line.index,
        f"{entry.at.astimezone(clock.LEGAL_ZONE):%Y-%m-%d %H:%M:%S}",
        row.label,
        str(entry.type),
        row.who,
        row.role,
        _("等待签名") if row.line.index is None else _("已签名"),
        "；".join(f"{key} {value}" for key, value in entry.public.items() if value is not None),
        row.line.leaf.hex(),
    )


def _asked(viewer: Viewer, data: QueryDict) -> Asked:
    """Read the filters of an address. Somebody the viewer may not see is not found."""
    told = {name: data.get(name, "").strip()[:TEXT_MAX] for name in NAMES}
    kind = told["kind"] if told["kind"] in dict(GROUPS) or told["kind"] in list(EntryType) else ""
    first, last = _day(told["first"]), _day(told["last"])
    subjects, cases, note = _people(viewer, told["who"]) if told["who"] else (None, (), "")
    case = find_case(told["case"]) if told["case"] else None
    if told["case"] and case is None:
        subjects, cases, note = (), (), _("没有编号是“%(number)s”的案件。") % {"number": told["case"]}
    filters = ledger.EntryFilter(
        kind=kind,
        case=case,
        subjects=subjects,
        their_cases=cases,
        since=first,
        until=last + timedelta(days=1) if last else None,
    )
    kept = QueryDict(mutable=True)
    kept.update({name: value for name, value in told.items() if value})
    return Asked(filters, told, kept.urlencode(), note)


def _people(viewer: Viewer, text: str) -> tuple[tuple[UUID, ...], tuple[UUID, ...], str]:
    """Return the people whom ``text`` means among those the viewer may see, their cases, and what to say of it."""
    page = people.list_people(viewer, people.PeopleFilter(text=text), size=PEOPLE_MAX)
    found = tuple(row.person_id for row in page.rows)
    if not found:
        return (), (), _("没有找到您能看到的叫“%(who)s”的员工。") % {"who": text}
    rows = separation.cases(viewer, separation.CaseFilter(text=text), size=CASES_MAX).object_list
    cases = tuple(row.case_id for row in rows if row.person_id in found)
    note = ""
    if page.total > len(found):
        note = _("有 %(n)d 人符合“%(who)s”，只查前 %(max)d 人：请写得更准确，例如用工号。") % {
            "n": page.total, "who": text, "max": PEOPLE_MAX,
        }  # fmt: skip
    return found, cases, note


def _day(text: str) -> datetime | None:
    """Return the beginning of a civil day; None for none and for what is no day."""
    try:
        day = parse_date(text[:10])
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
