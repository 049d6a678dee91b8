"""Going through a roster: columns, repairs, questions, refusals, findings and the reconciliation."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Page
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from guiyan.people.actions import drafts as draft_actions
from guiyan.people.importing import FIELDS, Plan, reports
from guiyan.people.importing.model import ColumnPlan, Question, Refusal
from guiyan.people.queries import drafts as draft_queries
from guiyan.people.queries.drafts import PARTS
from guiyan.platform import queries
from guiyan.platform.acting import Forbidden, Refused
from guiyan.platform.permissions import Viewer
from guiyan.ui.values import Column
from guiyan.web import sheets
from guiyan.web.edge import is_fragment, page, page_number
from guiyan.web.importing import words
from guiyan.web.importing.frame import TABS, address, first_tab, frame
from guiyan.web.importing.upload import read_now_or_later

QUESTIONS_A_PAGE = 20
OWN_VALUE = "__value"


@page
@require_safe
def show(request: HttpRequest, viewer: Viewer, draft_id: UUID, tab: str = "") -> HttpResponse:
    """Show one view of a draft; without one, the view that needs a person first."""
    draft = draft_queries.draft(viewer, draft_id)
    tab = tab or first_tab(draft)
    if tab not in TABS:
        raise Http404
    context = frame(viewer, draft_id, tab)
    if context["is_read"]:
        context |= VIEWS[tab](request, viewer, draft_id)
    fragment = is_fragment(request, "import-list") and context["is_read"]
    return render(request, f"web/importing/_{tab}.html" if fragment else "web/importing/draft.html", context)


def _part(viewer: Viewer, draft_id: UUID, kind: str) -> Any:
    return draft_queries.draft_part(viewer, draft_id, kind, PARTS[kind])


@dataclass(frozen=True)
class Kind:
    """A kind of thing that a list can be narrowed to, with how many there are."""

    key: str
    label: str
    count: int


def _kinds(rows: Sequence[Any]) -> list[Kind]:
    counted = Counter(row.field for row in rows)
    return [Kind(key, words.field_name(key), count) for key, count in counted.most_common()]


def _narrowed(request: HttpRequest, rows: Sequence[Any]) -> dict[str, Any]:
    """Narrow rows of a sheet by field, sheet and text, and cut a page."""
    field, sheet, text = (request.GET.get(name, "")[:60] for name in ("field", "sheet", "q"))
    found = [
        row
        for row in rows
        if (not field or row.field == field)
        and (not sheet or row.sheet == sheet)
        and (not text or text in row.before or text in getattr(row, "after", "") or text in getattr(row, "subject", ""))
    ]
    return {
        "kinds": _kinds(rows),
        "sheet_names": sorted({row.sheet for row in rows}),
        "field": field,
        "sheet": sheet,
        "query": text,
        "page": queries.page_of(found, page_number(request)),
        "is_empty": not found,
        "total": len(rows),
    }


def _repairs(request: HttpRequest, viewer: Viewer, draft_id: UUID) -> dict[str, Any]:
    context = _narrowed(request, _part(viewer, draft_id, "repairs"))
    context["rows"] = [
        {
            "row": row,
            "why": words.pick(row.why_zh, row.why_en),
            "column": row.column or words.field_name(row.field),
            "certainty": words.CERTAINTIES[row.certainty][0],
            "tone": words.CERTAINTIES[row.certainty][1],
        }
        for row in context["page"]
    ]
    context["columns"] = [
        Column(_("位置")),
        Column(_("列")),
        Column(_("修复前")),
        Column(_("修复后")),
        Column(_("为什么")),
    ]
    return context


def _refusals(request: HttpRequest, viewer: Viewer, draft_id: UUID) -> dict[str, Any]:
    rows: Sequence[Refusal] = _part(viewer, draft_id, "refusals")
    context = _narrowed(request, rows)
    context["rows"] = [
        {"row": row, "why": words.pick(row.why_zh, row.why_en), "column": row.column or words.field_name(row.field)}
        for row in context["page"]
    ]
    context["columns"] = [
        Column(_("位置")),
        Column(_("姓名")),
        Column(_("列")),
        Column(_("内容")),
        Column(_("为什么拒绝")),
    ]
    return context


def _findings(request: HttpRequest, viewer: Viewer, draft_id: UUID) -> dict[str, Any]:
    order = list(words.SEVERITIES)
    rows = sorted(_part(viewer, draft_id, "findings"), key=lambda row: -order.index(row.severity))
    found = queries.page_of(rows, page_number(request))
    return {
        "page": found,
        "is_empty": not rows,
        "rows": [
            {
                "row": row,
                "text": words.pick(row.text_zh, row.text_en),
                "severity": words.SEVERITIES[row.severity][0],
                "tone": words.SEVERITIES[row.severity][1],
            }
            for row in found
        ],
        "columns": [Column(_("程度")), Column(_("位置")), Column(_("姓名")), Column(_("发现")), Column(_("依据"))],
    }


def _columns(_request: HttpRequest, viewer: Viewer, draft_id: UUID) -> dict[str, Any]:
    columns: Sequence[ColumnPlan] = _part(viewer, draft_id, "columns")
    told = draft_queries.draft_inputs(viewer, draft_id)
    return {
        "sheets": [
            {
                "sheet": sheet,
                "number": number,
                "use": words.SHEET_USES[sheet.use][0],
                "tone": words.SHEET_USES[sheet.use][1],
                "hidden_choice": not sheet.visible,
                "included": sheet.name in told.hidden,
                "skipped": [(words.skip_name(kind), count) for kind, count in sheet.skipped if count],
                "columns": [_column(column) for column in columns if column.sheet == sheet.name],
            }
            for number, sheet in enumerate(_part(viewer, draft_id, "sheets"))
        ],
        "options": words.field_options(),
        "columns": [
            Column(_("列")),
            Column(_("表头")),
            Column(_("认作")),
            Column(_("怎么认出来的")),
            Column(_("有内容"), numeric=True),
        ],
    }


def _column(column: ColumnPlan) -> dict[str, Any]:
    problem = words.COLUMN_PROBLEMS.get(column.problem)
    return {
        "row": column,
        "how": words.HOWS.get(column.how, ""),
        "problem": problem[0] if problem else "",
        "tone": problem[1] if problem else "neutral",
    }


def _reconciliation(_request: HttpRequest, viewer: Viewer, draft_id: UUID) -> dict[str, Any]:
    figures = _part(viewer, draft_id, "reconciliation")
    most = max((row.rows for row in figures.departments), default=0) or 1
    return {
        "figures": figures,
        "skipped_total": sum(count for _kind, count in figures.skipped),
        "skipped": [(words.skip_name(kind), count) for kind, count in figures.skipped if count],
        "wages": [
            {
                "name": words.field_name(row.field),
                "others": row.cells_not_numbers,
                "sums": [f"{sum_:,.2f}" for sum_ in (row.before, row.read, row.accepted, row.refused)],
            }
            for row in figures.wages
        ],
        "departments": [
            {"row": row, "percent": round(100 * row.rows / most)}
            for row in sorted(figures.departments, key=lambda row: -row.rows)
        ],
        "unread": [
            column
            for column in _part(viewer, draft_id, "columns")
            if column.field is None and column.problem != "ignored" and column.filled_cells
        ],
        "wage_columns": [
            Column(_("项目")),
            Column(_("表格求和"), numeric=True),
            Column(_("读出合计"), numeric=True),
            Column(_("将导入"), numeric=True),
            Column(_("被拒绝"), numeric=True),
            Column(_("不是数字的格"), numeric=True),
        ],
        "department_columns": [
            Column(_("部门")),
            Column(_("行数"), numeric=True),
            Column(_("接受"), numeric=True),
            Column(_("拒绝"), numeric=True),
        ],
    }


@dataclass(frozen=True)
class Asked:
    """A question as a card shows it."""

    number: int
    row: Question
    text: str
    problem: str
    column: str
    choices: tuple[tuple[str, str], ...]
    alike: int


def _questions(request: HttpRequest, viewer: Viewer, draft_id: UUID) -> dict[str, Any]:
    rows: Sequence[Question] = _part(viewer, draft_id, "questions")
    field = request.GET.get("field", "")[:60]
    narrowed = [row for row in rows if not field or row.field == field]
    found: Page[Question] = queries.page_of(narrowed, page_number(request), QUESTIONS_A_PAGE)
    alike = Counter(row.group for row in rows)
    told = draft_queries.draft_inputs(viewer, draft_id)
    said = {
        f"{row.sheet}!{row.row}!{row.field}": row.after
        for row in _part(viewer, draft_id, "repairs")
        if row.certainty == "answer"
    }
    return {
        "kinds": _kinds(rows),
        "field": field,
        "page": found,
        "is_empty": not narrowed,
        "total": len(rows),
        "own_value": OWN_VALUE,
        "asked": [
            Asked(
                number,
                row,
                words.pick(row.text_zh, row.text_en),
                words.pick(row.problem_zh, row.problem_en),
                row.column or words.field_name(row.field),
                tuple((choice.key, words.pick(choice.label_zh, choice.label_en)) for choice in row.choices),
                alike[row.group],
            )
            for number, row in enumerate(found)
        ],
        "answered": [(key, *_named(key), said.get(key.rpartition("!")[0], text)) for key, text in told.answers.items()],
    }


def _named(key: str) -> tuple[str, str]:
    """Return where an answer belongs and its field, from the id of its question."""
    parts = key.split("!")
    if len(parts) < 4:
        return key, ""
    if parts[0] == "*":
        return _("同样的各处"), words.field_name(parts[1])
    return _("%(sheet)s，第 %(row)s 行") % {"sheet": parts[0], "row": parts[1]}, words.field_name(parts[2])


VIEWS = {
    "questions": _questions,
    "refusals": _refusals,
    "repairs": _repairs,
    "findings": _findings,
    "columns": _columns,
    "reconciliation": _reconciliation,
}


@page
@require_POST
def answer(request: HttpRequest, viewer: Viewer, draft_id: UUID) -> HttpResponse:
    """Take the answers of one page of questions, or take one back, and read the file anew."""
    told: dict[str, str] = {}
    for number in range(QUESTIONS_A_PAGE):
        key = request.POST.get(f"{number}-id", "")[:500]
        chosen = request.POST.get(f"{number}-choice", "")[:200]
        if chosen == OWN_VALUE:
            chosen = request.POST.get(f"{number}-value", "").strip()[:500]
        if request.POST.get(f"{number}-alike"):
            key = request.POST.get(f"{number}-group", "")[:500] or key
        if key and chosen:
            told[key] = chosen
    taken_back = request.POST.get("take_back", "")[:500]
    if taken_back:
        told = {taken_back: ""}
    if not told:
        messages.warning(request, _("还没有选择任何回答。"))
    elif _changed(request, viewer, draft_id, answers=told):
        messages.success(request, _("回答已取回。") if taken_back else _("%(n)d 个回答已采用。") % {"n": len(told)})
    return redirect(_back(request, draft_id, "questions"))


@page
@require_POST
def columns(request: HttpRequest, viewer: Viewer, draft_id: UUID) -> HttpResponse:
    """Take what the owner says about columns and hidden sheets, and read the file anew."""
    plans: Sequence[ColumnPlan] = _part(viewer, draft_id, "columns")
    names = [sheet.name for sheet in _part(viewer, draft_id, "sheets")]
    mapping = {sheet: dict(kept) for sheet, kept in draft_queries.draft_inputs(viewer, draft_id).mapping.items()}
    for column in plans:
        wanted = request.POST.get(f"{names.index(column.sheet)}-{column.letter}")
        if wanted is None or wanted == (column.field or "") or (wanted and wanted not in FIELDS):
            continue
        mapping.setdefault(column.sheet, {})[column.letter] = wanted
    numbers = {name: str(number) for number, name in enumerate(names)}
    hidden = tuple(name for name in names if numbers[name] in request.POST.getlist("include"))
    if _changed(request, viewer, draft_id, mapping=mapping, hidden=hidden):
        messages.success(request, _("已按您的指定重新识别。"))
    return redirect(address(draft_id, "columns"))


def _changed(request: HttpRequest, viewer: Viewer, draft_id: UUID, **what: Any) -> bool:
    try:
        draft_actions.change_draft(viewer, draft_id, **what)
    except Forbidden:
        raise
    except Refused as refused:
        messages.error(request, str(refused.text))
        return False
    read_now_or_later(viewer, draft_id)
    return True


def _back(request: HttpRequest, draft_id: UUID, tab: str) -> str:
    field = request.POST.get("field", "")
    return f"{address(draft_id, tab)}?field={field}" if field in FIELDS else address(draft_id, tab)


@page
@require_safe
def refused_rows(request: HttpRequest, viewer: Viewer, draft_id: UUID) -> HttpResponseBase:
    """Send the refused rows as a spreadsheet to correct and hand in again."""
    plan: Plan = _part(viewer, draft_id, "plan")
    return _spreadsheet(reports.refused_xlsx(plan), _("被拒绝的行"))


@page
@require_safe
def report(request: HttpRequest, viewer: Viewer, draft_id: UUID) -> HttpResponseBase:
    """Send the whole report as a spreadsheet: repairs, questions, refusals, reconciliation, findings."""
    plan: Plan = _part(viewer, draft_id, "plan")
    return _spreadsheet(reports.report_xlsx(plan), _("导入报告"))


def _spreadsheet(data: bytes, name: str) -> HttpResponseBase:
    return sheets.download(io.BytesIO(data), name)
