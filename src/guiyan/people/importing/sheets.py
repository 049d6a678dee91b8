"""From a workbook to drafts: which sheets hold people, where their tables are, and which rows are persons."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from .columns import plan_columns
from .desk import Bench, Draft
from .errors import FileUnusable
from .fields import REFUSED_COLUMN, recognise
from .layout import Codes, Header, fill_merged, find_header, read_codes, row_kind, split_blocks
from .limits import Limits
from .messages import say
from .model import Cell, ColumnPlan, Finding, PlanRow, RowRef, SheetPlan
from .reading import Sheet, Workbook, letter
from .reads import Fix
from .text import empty, label, narrow, show, tidy
from .words import kind_in

_LEAVERS = re.compile(
    r"离职|离退|离岗|退职|已离|已走|解除|流失|退休人员|退出人员|leaver|former|resigned|terminated|ex-?employee",
    re.I,
)
_STAYING = re.compile(r"在职|在岗|在册|active|current", re.I)
_COLOURS = re.compile(r"[标涂底]\s*[红黄绿蓝灰紫橙]|[红黄绿蓝灰紫橙]色?.{0,8}(?:为|是|表示|代表|=|：|:)")
_COUNTED = re.compile(r"[（(]?\s*(?:共|计)?\s*\d+\s*[人名]\s*[）)]?|[:：]\s*$|^[一二三四五六七八九十\d]+[、.．]\s*")
_MIXED = re.compile(r"[含及和与、+&]|正式|在职|全部|全员|所有|花名册")
_SECTION_MAX = 40
_BLANKS_MIN = 2
_TELLING = ("employee_number", "identity_number", "phone", "hire_date", "email")
_PADDED = re.compile(r"0\d+")


@dataclass(slots=True)
class Loaded:
    """Everything read from the workbook before any cell is interpreted."""

    bench: Bench
    sheets: list[SheetPlan] = field(default_factory=list)
    columns: list[ColumnPlan] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)
    skipped: list[PlanRow] = field(default_factory=list)
    codes: Codes = field(default_factory=lambda: Codes({}, {}))
    findings: list[Finding] = field(default_factory=list)


def load_sheets(
    book: Workbook,
    mapping: Mapping[str, Mapping[str, str]],
    include_hidden: frozenset[str],
    limits: Limits,
    bench: Bench,
) -> Loaded:
    """Split every sheet into header, persons and other rows. Raises FileUnusable when there is no roster at all."""
    loaded = Loaded(bench)
    tables = [part for sheet in book.sheets for part in split_blocks(sheet, limits.header_search_rows)]
    names = {table.name for table in tables}
    missing = sorted((set(mapping) | include_hidden) - names)
    if missing:
        raise FileUnusable("unknown_sheet", "、".join(missing))
    for sheet in tables:
        _load(
            sheet,
            mapping.get(sheet.name),
            loaded,
            limits,
            wanted=sheet.visible or bool({sheet.name, sheet.name.partition("·")[0]} & include_hidden),
        )
    if not any(sheet.use in ("people", "leavers") for sheet in loaded.sheets):
        raise FileUnusable("no_roster")
    return loaded


def _load(sheet: Sheet, mapping: Mapping[str, str] | None, loaded: Loaded, limits: Limits, *, wanted: bool) -> None:
    rows, columns = len(sheet.rows), len(sheet.rows[0]) if sheet.rows else 0
    plan = SheetPlan(sheet.name, sheet.visible, "", rows, columns, (), (), len(sheet.hidden_rows))
    if sheet.kind != "worksheet":
        loaded.sheets.append(replace(plan, use="not_a_sheet"))
        return
    if all(empty(cell) for row in sheet.rows for cell in row):
        loaded.sheets.append(replace(plan, use="empty"))
        return
    header = find_header(sheet, limits.header_search_rows)
    if header is None:
        codes = read_codes(sheet)
        if codes is not None:
            loaded.codes.departments.update(codes.departments)
            loaded.codes.aliases.update(codes.aliases)
        loaded.sheets.append(replace(plan, use="codes" if codes else "not_roster" if wanted else "hidden"))
        return
    if not wanted:
        loaded.sheets.append(replace(plan, use="hidden"))
        return
    _load_roster(sheet, header, mapping, plan, loaded)


def _load_roster(
    sheet: Sheet, header: Header, mapping: Mapping[str, str] | None, plan: SheetPlan, loaded: Loaded
) -> None:
    first_body = header.rows[-1]
    rows, merged = fill_merged(sheet, first_body)
    columns = plan_columns(sheet.name, header, rows[first_body:], mapping, sheet.hidden_columns)
    fields = {column.field: column for column in columns if column.field}
    name_column = fields["name"].index if "name" in fields else None
    ignored = frozenset(column.index for column in columns if recognise(column.header).problem == "ignored")
    wide = {row for top, left, bottom, right in sheet.merged if right - left >= 2 for row in range(top, bottom + 1)}
    alone = frozenset(fields[name].index for name in _TELLING if name in fields)
    persons: list[tuple[int, list[Cell]]] = []
    titles: dict[int, str] = {}
    title = ""
    skipped: Counter[str] = Counter()
    for index, cells in enumerate(rows):
        if index + 1 in header.rows:
            kind = "header"
        elif index < first_body:
            kind = "blank" if all(empty(cell) for cell in cells) else "title"
        else:
            kind = row_kind(cells, header, name_column, ignored, telling_alone=alone, wide_merge=index in wide)
        if kind == "person":
            persons.append((index, cells))
            titles[index] = title
            continue
        text = " ".join(show(cell) for cell in cells if not empty(cell))
        title = _title(kind, text, title)
        row = sheet.first_row + index + 1
        skipped[kind] += 1
        loaded.skipped.append(PlanRow(sheet.name, row, "skipped", kind, cells=() if kind == "blank" else tuple(cells)))
        if kind in ("title", "note", "section") and _COLOURS.search(text):
            zh, en = say("finding", "colour_legend", (("text", text[:200]),))
            loaded.findings.append(Finding("colour_legend", "warning", sheet.name, row, "", zh, en))
    role = _role(sheet.name, fields, persons)
    widths = (("employee_number", _width(fields, persons)),)
    bench = Bench(replace(loaded.bench.context, widths=widths), loaded.bench.answers)
    # Refused rows that come back are read as strictly as the text that they came from.
    shifts = sheet.delimited or any(label(text) == REFUSED_COLUMN for text in header.texts)
    for index, cells in persons:
        ref = RowRef(sheet.name, sheet.first_row + index + 1)
        draft = Draft(ref, _role_below(titles[index], role), tuple(cells), fields, bench)
        _note_merged(draft, index, fields, merged)
        _note_surroundings(draft, sheet, titles[index])
        draft.too_wide = shifts and any(not empty(cell) for cell in _nameless(cells, header, fields))
        loaded.drafts.append(draft)
    _note_above(loaded.drafts[len(loaded.drafts) - len(persons) :])
    loaded.columns.extend(columns)
    loaded.sheets.append(
        replace(
            plan,
            use=role,
            header_rows=tuple(sheet.first_row + row for row in header.rows),
            skipped=tuple(sorted(skipped.items())),
        )
    )


def _title(kind: str, text: str, before: str) -> str:
    """The group title that the rows below stand under."""
    if kind == "section" or (kind == "note" and text.startswith("以下") and len(text) <= _SECTION_MAX):
        return _COUNTED.sub("", text).strip()
    return before


def _role_below(title: str, role: str) -> str:
    if _LEAVERS.search(title) and not _STAYING.search(title):
        return "leavers"
    return "people" if _STAYING.search(title) else role


def _note_surroundings(draft: Draft, sheet: Sheet, title: str) -> None:
    """What stands around the row and may change what it means."""
    name = sheet.name.partition("·")[0]
    draft.kind_hint = kind_in(title) or ("" if _MIXED.search(name) else kind_in(name))
    if title and not (_LEAVERS.search(title) or _STAYING.search(title) or kind_in(title)):
        draft.section = title
    if draft.ref.row in sheet.hidden_rows:
        draft.find("row_hidden", "notice")
    if sheet.struck:
        draft.struck = draft.place("name")[1] in sheet.struck
    if sheet.comments:
        for column in range(len(draft.cells)):
            address = f"{letter(column)}{draft.ref.row}"
            if sheet.comments.get(address):
                draft.beside += f"{sheet.comments[address]} "
                draft.find("cell_comment", "notice", cell=address, text=sheet.comments[address])


def _note_above(drafts: list[Draft]) -> None:
    """Where much of the department column is empty, each empty row is told the department above it."""
    if len(drafts) < _BLANKS_MIN or "department_1" not in drafts[0].columns:
        return
    written = [tidy(draft.written("department_1")) for draft in drafts]
    blank = sum(not text for text in written)
    if not written[0] or blank < _BLANKS_MIN or blank * 3 < len(drafts):
        return
    above = ""
    for draft, text in zip(drafts, written, strict=True):
        above = text or above
        draft.above = "" if text else above


def _nameless(cells: list[Cell], header: Header, fields: Mapping[str, ColumnPlan]) -> list[Cell]:
    """The cells without a header that stand right of every field."""
    last = max((column.index for column in fields.values()), default=-1) + 1
    return [cell for cell, text in zip(cells[last:], header.texts[last:], strict=False) if not text]


def _role(name: str, fields: Mapping[str, ColumnPlan], persons: list[tuple[int, list[Cell]]]) -> str:
    if _LEAVERS.search(name) and not re.search(r"在职|active|current", name, re.I):
        return "leavers"
    if "leave_date" not in fields or "status" in fields or not persons:
        return "people"
    filled = sum(not empty(cells[fields["leave_date"].index]) for _, cells in persons)
    return "leavers" if filled * 10 >= len(persons) * 8 else "people"


def _note_merged(
    draft: Draft, index: int, fields: Mapping[str, ColumnPlan], merged: dict[tuple[int, int], tuple[int, int]]
) -> None:
    for name, column in fields.items():
        origin = merged.get((index, column.index))
        if origin is not None:
            facts = (("row", str(draft.ref.row + origin[0] - index)),)
            draft.repair(name, (Fix("merged_cell", "rule", facts),), show(draft.cells[column.index]), "")


def _width(fields: Mapping[str, ColumnPlan], persons: list[tuple[int, list[Cell]]]) -> int:
    """The width of employee numbers written with leading zeros, when all written ones share it; otherwise 0."""
    column = fields.get("employee_number")
    if column is None:
        return 0
    texts = [narrow(cell) for _, cells in persons if isinstance(cell := cells[column.index], str)]
    widths = {len(text) for text in texts if text.isdecimal()}
    return widths.pop() if len(widths) == 1 and any(_PADDED.fullmatch(text) for text in texts) else 0
