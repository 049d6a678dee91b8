"""Spreadsheets for people: the report of a plan, and the refused rows to correct and load again.

Text is always written as text, never as a formula; text that a spreadsheet could take for a formula is also quoted,
so that it stays text when it is saved as csv.
"""

import io
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import xlsxwriter

from .fields import REFUSED_COLUMN, field_zh
from .messages import SKIPS
from .model import Cell, ColumnPlan, Plan, PlanRow, Question
from .text import show

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_LONGEST = 32_000
_AS_ABOVE = "同上"
_SAID_LEFT = "已离职"
QUESTION_COLUMN = "问题编号"
_TEXT_FIELDS = frozenset({"identity_number", "phone", "emergency_phone", "employee_number"})
_CERTAINTY = {"exact": "写法统一", "rule": "按规则", "answer": "按回答"}
SHEET_USES_ZH = {
    "codes": "代码表",
    "hidden": "隐藏的表",
    "empty": "空表",
    "not_roster": "不是花名册",
    "not_a_sheet": "不是表格",
}
_WAGE_ROWS = (
    ("before", "修复前（表格求和）"),
    ("read", "修复后（全部）"),
    ("accepted", "已接受"),
    ("refused", "已拒绝"),
)


def report_xlsx(plan: Plan) -> bytes:
    """An .xlsx with the sheets 修复, 问题, 拒绝, 对账, 发现 and 非人员行. It holds personal data as the roster does."""
    output = io.BytesIO()
    with _open(output) as book:
        _table(book, "修复", ("工作表", "行", "列", "单元格", "修复前", "修复后", "原因", "性质"), _repairs(plan))
        _table(book, "问题", _QUESTION_HEADS, _questions(plan))
        _table(book, "拒绝", ("工作表", "行", "姓名", "原因"), _refused(plan))
        _table(book, "对账", ("项目", "明细", "数值"), _reconciliation(plan))
        _table(book, "发现", ("工作表", "行", "姓名", "程度", "发现", "依据"), _findings(plan))
        _table(book, "非人员行", ("工作表", "行", "认作", "内容"), _skipped(plan))
    return output.getvalue()


_Rows = Iterable[Sequence[str | int | Decimal]]
_QUESTION_HEADS = (
    "编号",
    "工作表",
    "行",
    "列",
    "姓名",
    "单元格内容",
    "问题",
    "可选回答",
    "可填内容",
    "回答未被接受的原因",
    "批量编号",
)


def _repairs(plan: Plan) -> _Rows:
    for item in plan.repairs:
        column, certainty = item.column or field_zh(item.field), _CERTAINTY[item.certainty]
        yield item.sheet, item.row, column, item.cell, item.before, item.after, item.why_zh, certainty


def _questions(plan: Plan) -> _Rows:
    for item in plan.questions:
        place = (item.id, item.sheet, item.row, item.column or field_zh(item.field), item.subject, item.before)
        typed = "是" if item.takes_value else "否"
        yield *place, item.text_zh, _choices(item), typed, item.problem_zh, item.group


def _refused(plan: Plan) -> _Rows:
    reasons = reasons_by_row(plan)
    for row in plan.rows:
        if row.outcome == "refused":
            yield row.sheet, row.row, row.name, reasons[row.sheet, row.row]


def _skipped(plan: Plan) -> _Rows:
    for row in plan.rows:
        if row.outcome == "skipped":
            text = " | ".join(show(cell) for cell in row.cells if cell is not None)
            yield row.sheet, row.row, SKIPS[row.skip][0], text or row.name


def _findings(plan: Plan) -> _Rows:
    for item in plan.findings:
        yield item.sheet, item.row, item.subject, _SEVERITY[item.severity], item.text_zh, item.law


_SEVERITY = {"notice": "提示", "warning": "注意", "serious": "严重"}


def refused_xlsx(plan: Plan) -> bytes:
    """An .xlsx with the refused rows, each original cell in its original column, and the reasons in a last column.

    Corrected, it can be loaded as it is; the reason columns are recognised and left out. A plan without refused rows
    gives the headers only.
    """
    output = io.BytesIO()
    reasons = reasons_by_row(plan)
    refused = _handed_back(plan)
    taken: set[str] = set()
    with _open(output) as book:
        for sheet in plan.sheets:
            if sheet.use not in ("people", "leavers") or (refused and sheet.name not in refused):
                continue
            columns = [column for column in plan.columns if column.sheet == sheet.name]
            _refused_sheet(book, _sheet_name(sheet.name, taken), columns, refused[sheet.name], reasons)
    return output.getvalue()


def _handed_back(plan: Plan) -> dict[str, list[PlanRow]]:
    """The refused rows of each sheet, below the group title under which they stood: 以下为离职人员 changes what a row
    means."""
    rows: dict[str, list[PlanRow]] = defaultdict(list)
    title: PlanRow | None = None
    for row in plan.rows:
        if title is not None and title.sheet != row.sheet:
            title = None
        if row.outcome == "skipped" and row.skip in ("section", "note"):
            title = row
        elif row.outcome == "refused":
            rows[row.sheet] += [title, row] if title is not None else [row]
            title = None
    return rows


def reasons_by_row(plan: Plan) -> dict[tuple[str, int], str]:
    """Why each refused row was refused, in Chinese, all reasons joined."""
    reasons: dict[tuple[str, int], list[str]] = defaultdict(list)
    for refusal in plan.refusals:
        reasons[refusal.sheet, refusal.row].append(f"{refusal.column or field_zh(refusal.field)}：{refusal.why_zh}")
    for question in plan.questions:
        reasons[question.sheet, question.row].append(
            f"{question.column or field_zh(question.field)}：{question.text_zh}"
        )
        for other in question.also_rows:
            reasons[other.sheet, other.row].append(f"等待“{question.sheet}”第 {question.row} 行的问题得到回答。")
    return {key: "".join(dict.fromkeys(texts)) for key, texts in reasons.items()}


def _open(output: io.BytesIO) -> Any:
    return xlsxwriter.Workbook(
        output,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )


def _safe(text: str) -> str:
    return f"'{text}"[:_LONGEST] if text.startswith(_FORMULA_STARTS) else text[:_LONGEST]


def _table(book: Any, name: str, heads: Sequence[str], rows: _Rows) -> None:
    sheet = book.add_worksheet(name)
    bold, plain = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head, bold)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(heads) - 1, 18)
    for number, row in enumerate(rows, 1):
        for column, content in enumerate(row):
            if isinstance(content, int | Decimal):
                sheet.write_number(number, column, content)
            else:
                sheet.write_string(number, column, _safe(content), plain)


def _choices(question: Question) -> str:
    return "\n".join(f"{item.key} = {item.label_zh}" for item in question.choices)


def _reconciliation(plan: Plan) -> Iterable[tuple[str, str, int | Decimal | str]]:
    figures = plan.reconciliation
    yield "文件", plan.filename, ""
    yield "文件指纹", "SHA-256", plan.file_sha256
    yield "行数", "读入", figures.rows_in
    yield "行数", "接受", figures.accepted
    yield "行数", "拒绝", figures.refused
    for kind, count in figures.skipped:
        yield "行数", f"跳过：{SKIPS[kind][0]}", count
    yield "人员", "合计", figures.people
    yield "人员", "新增", figures.people_new
    yield "人员", "已存在", figures.people_same
    yield "人员", "更新", figures.people_update
    yield "任职", "在职", figures.spells_active
    yield "任职", "已结束", figures.spells_ended
    for wages in figures.wages:
        for name, words in _WAGE_ROWS:
            yield field_zh(wages.field), words, getattr(wages, name)
        yield field_zh(wages.field), "非数值单元格", wages.cells_not_numbers
    for item in figures.departments:
        name = item.department or "（无部门）"
        yield "部门人数", name, item.rows
        yield "部门人数：接受", name, item.accepted
        yield "部门人数：拒绝", name, item.refused
    for sheet in plan.sheets:
        if sheet.use not in ("people", "leavers"):
            yield "未读取的工作表", f"{sheet.name}：{SHEET_USES_ZH[sheet.use]}", sheet.rows
    for column in plan.columns:
        if column.field is None and column.problem != "ignored" and column.filled_cells:
            yield "未载入的列", f"{column.sheet} {column.letter} {column.header}", column.filled_cells


def _sheet_name(name: str, taken: set[str]) -> str:
    """A name that a workbook allows: no forbidden signs, at most 31 characters, each once."""
    base = re.sub(r"[\[\]:*?/\\]", "_", name).strip("'")[:26] or "Sheet"
    base = f"_{base}" if base.lower() == "history" else base
    found, number = base, 1
    while found.lower() in taken:
        number += 1
        found = f"{base}({number})"
    taken.add(found.lower())
    return found


def _refused_sheet(
    book: Any, name: str, columns: list[ColumnPlan], rows: list[PlanRow], reasons: dict[tuple[str, int], str]
) -> None:
    sheet = book.add_worksheet(name)
    bold = book.add_format({"bold": True})
    formats = {
        "text": book.add_format({"num_format": "@"}),
        "struck": book.add_format({"num_format": "@", "font_strikeout": True}),
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
    }
    last = max((column.index for column in columns), default=-1) + 1
    for column in columns:
        sheet.write_string(0, column.index, column.header, bold)
        if column.field in _TEXT_FIELDS:
            sheet.set_column(column.index, column.index, 20, formats["text"])
    sheet.write_string(0, last, REFUSED_COLUMN, bold)
    sheet.write_string(0, last + 1, QUESTION_COLUMN, bold)
    sheet.set_column(last, last, 60)
    places = {column.field: column.index for column in columns if column.field}
    for number, row in enumerate(rows, 1):
        if row.outcome == "skipped":
            sheet.merge_range(number, 0, number, max(last, 2), " ".join(show(cell) for cell in row.cells if cell))
            continue
        for index, cell in enumerate(row.cells):
            _cell(sheet, number, index, cell, formats)
        _marks(sheet, number, row, places, formats)
        sheet.write_string(number, last, _safe(reasons.get((row.sheet, row.row), "")))
        sheet.write_string(number, last + 1, _safe("\n".join(row.question_ids)))


def _marks(sheet: Any, number: int, row: PlanRow, places: dict[str, int], formats: dict[str, Any]) -> None:
    """What stood around the row and raised a question stays with it: a name crossed out, a department left to the row
    above."""
    for question in row.question_ids:
        if question.endswith("!struck_out"):
            sheet.write_string(number, places["name"], row.name, formats["struck"])
        elif question.endswith("!remark_says_left"):
            sheet.write_comment(number, places["name"], _SAID_LEFT)
        elif question.endswith("!department_blank"):
            sheet.write_string(number, places["department_1"], _AS_ABOVE, formats["text"])


def _cell(sheet: Any, row: int, column: int, cell: Cell, formats: dict[str, Any]) -> None:
    """The original cell in its original kind. Text is written as it was: a text cell is no formula, and must come
    back equal.
    """
    if cell is None:
        return
    if isinstance(cell, bool):
        sheet.write_boolean(row, column, cell)
    elif isinstance(cell, float):
        sheet.write_number(row, column, cell)
    elif isinstance(cell, datetime):
        sheet.write_datetime(row, column, cell.replace(tzinfo=None), formats["moment"])
    elif isinstance(cell, date) and cell.year >= 1900:
        sheet.write_datetime(row, column, cell, formats["date"])
    elif isinstance(cell, time | date):
        sheet.write_string(row, column, show(cell), formats["text"])
    else:
        sheet.write_string(row, column, cell[:_LONGEST], formats["text"])
