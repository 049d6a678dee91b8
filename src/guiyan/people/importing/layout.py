"""Where the table lies in a sheet: title, header (one row or two), body, and the rows that hold no person."""

import re
from dataclasses import dataclass, replace

from .fields import recognise
from .model import Cell
from .reading import Sheet, letter
from .text import empty, label, show, tidy

_TOTAL = re.compile(
    r"^(?:本页|本部门|全公司|公司|部门)?(?:合计|小计|总计|共计|累计|总人数|人数合计|以上共计?|共计?(?=\d+[人名])|平均|平均值|合计人数|汇总|(?:grand|sub)?-?total|sum)[:：]?(?:\d.*)?$"
)
_TOTAL_TAIL = re.compile(r"(?:合计|小计|总计)[:：]?$")
_NOTE = re.compile(
    r"^(?:注|备注|说明|附注|附|制表|填表|审核|审批|复核|经办|打印|日期|单位负责人|负责人|签字|盖章|数据来源|第\d+页|共\d+页|[*※]|ps)[\d一二三]*[:：.、)）]?"
)
_SIGNED = re.compile(
    r"^(?:制表|填表|制单|编制|审核|审批|复核|批准|核准|经办|打印|主管|人事|签字|盖章)(?:人|时间|日期|部门|单位)?[:：]"
)
_HEADING = re.compile(
    r"^以下|.{2}(?:部门|部|中心|车间|班组|科室|分公司|处)(?:\(\d+人?\))?[:：]?$|人员(?:名单)?(?:\(\d+人?\))?[:：]?$|(?:离职|在职|实习|外包|派遣|返聘).*[:：]$"
)
_EXAMPLE = re.compile(r"^(?:示例|样例|例如|例|填写示例|举例|example)[:：)）]?")
_FILL_IN = frozenset(
    {
        "必填", "选填", "非必填", "可选", "required", "optional",
        "(必填)", "(选填)",  # lint: punctuation - as it stands in customers' files
    }
)  # fmt: skip
_DIGITS = re.compile(r"\d{4,}")
_FILLED_COLUMNS = 2
_SAME_HEADERS = 3
_NUMBER_LIKE = re.compile(r"[A-Za-z]{0,4}-?\d{2,}[A-Za-z]?|.*\d{6,}.*|\d{2,4}\D.*")
_CODE_HEADERS = frozenset({"部门", "部门名称", "一级部门", "department"})


@dataclass(frozen=True, slots=True)
class Header:
    """The header of a table: the row numbers (from 1) it takes, one text per column, and its lines as written when
    there are two."""

    rows: tuple[int, ...]
    texts: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...] = ()

    def says(self, column: int, text: str) -> bool:
        """True when a cell of that column repeats the header or one of its lines."""
        wanted = label(text)
        return any(line[column] and label(line[column]) == wanted for line in (self.texts, *self.lines))


def find_header(sheet: Sheet, search_rows: int) -> Header | None:
    """The header of a roster, or None when no row in reach names a person and at least one more field."""
    best: tuple[int, Header] | None = None
    for index in range(min(search_rows, len(sheet.rows))):
        for header in _candidates(sheet, index):
            fields = {found.field for text in header.texts if (found := recognise(text)).field}
            if "name" not in fields or len(fields) < 2:
                continue
            score = len(fields) * 10 - len(header.rows)
            if best is None or score > best[0]:
                best = (score, header)
    return best[1] if best else None


def _candidates(sheet: Sheet, index: int) -> list[Header]:
    row = sheet.rows[index]
    if any(isinstance(cell, float) and not isinstance(cell, bool) for cell in row):
        return []
    upper = _spread(sheet, index)
    single = Header((index + 1,), tuple(tidy(show(cell)) for cell in row))
    if index + 1 >= len(sheet.rows):
        return [single]
    lower_row = sheet.rows[index + 1]
    if any(cell is not None and (not isinstance(cell, str) or _DIGITS.search(cell)) for cell in lower_row):
        return [single]
    lower = [tidy(show(cell)) for cell in lower_row]
    texts = tuple(_joined(above, below) for above, below in zip(upper, lower, strict=True))
    written = tuple(tidy(show(cell)) for cell in row)
    return [single, Header((index + 1, index + 2), texts, (written, tuple(lower)))]


def _joined(above: str, below: str) -> str:
    if not below or not above or label(above) == label(below):
        return below or above
    both = above + below
    if recognise(both).field or not recognise(below).field:
        return both
    return below


def _spread(sheet: Sheet, index: int) -> list[str]:
    """A row of headers with merged cells filled to the right; without merges, blanks above a filled cell are filled."""
    texts = [tidy(show(cell)) for cell in sheet.rows[index]]
    ranges = [item for item in sheet.merged if item[0] <= index <= item[2]]
    for top, left, _, right in ranges:
        for column in range(left, min(right, len(texts) - 1) + 1):
            texts[column] = tidy(show(sheet.rows[top][left]))
    if not sheet.merged and index + 1 < len(sheet.rows):
        below = sheet.rows[index + 1]
        for column in range(1, len(texts)):
            if not texts[column] and not empty(below[column]):
                texts[column] = texts[column - 1]
    return texts


def fill_merged(sheet: Sheet, first_body_row: int) -> tuple[list[list[Cell]], dict[tuple[int, int], tuple[int, int]]]:
    """The rows with vertically merged body cells filled down, and where each filled cell came from (both from 0).

    Of a merge over several columns (department and section in one) the first column is filled.
    """
    rows = [list(row) for row in sheet.rows]
    filled: dict[tuple[int, int], tuple[int, int]] = {}
    for top, left, bottom, right in sheet.merged:
        if top < first_body_row or right - left > _FILLED_COLUMNS or top == bottom or left >= len(rows[0]):
            continue
        value = rows[top][left]
        for row in range(top + 1, min(bottom, len(rows) - 1) + 1):
            if rows[row][left] is None and value is not None and any(not empty(cell) for cell in sheet.rows[row]):
                rows[row][left] = value
                filled[row, left] = (top, left)
    return rows, filled


def row_kind(
    cells: list[Cell],
    header: Header,
    name_column: int | None,
    ignored: frozenset[int],
    *,
    telling_alone: frozenset[int] = frozenset(),
    wide_merge: bool,
) -> str:
    """ "person", or why the row holds none: "blank", "header", "total", "note", "section", "example".

    `telling_alone` are columns in which a number or date alone still speaks of somebody: such a row is no heading.
    """
    filled = [index for index, cell in enumerate(cells) if not empty(cell)]
    telling = [index for index in filled if index not in ignored]
    if not telling:
        # A title in the column that counts the rows is still a title.
        telling = [index for index in filled if not isinstance(cells[index], float)]
    if not telling:
        return "blank"
    marked = _marked(cells, filled, header, name_column, wide_merge=wide_merge)
    if marked:
        return marked
    if len(telling) > 1 or (telling[0] in telling_alone and _NUMBER_LIKE.fullmatch(show(cells[telling[0]]))):
        return "person"
    heading = len(filled) == 1 and _HEADING.search(label(show(cells[telling[0]])))
    if heading or ((wide_merge or telling[0] != name_column) and not name_is_person(cells, name_column)):
        return "section" if len(show(cells[telling[0]])) <= 40 else "note"
    return "person"


def _marked(cells: list[Cell], filled: list[int], header: Header, name_column: int | None, *, wide_merge: bool) -> str:
    """What a row says outright that it is: a repeated header, a total, a note, an example; or empty text."""
    texts = [label(show(cells[index])) for index in filled]
    repeated = sum(header.says(index, show(cells[index])) for index in filled)
    if repeated >= 2 and repeated * 2 >= len(filled):
        return "header"
    name = label(show(cells[name_column])) if name_column is not None else ""
    if _is_total(texts, name):
        return "total"
    if _EXAMPLE.match(texts[0]) or _EXAMPLE.match(name):
        return "example"
    alone = len(filled) <= 2 and (not name or wide_merge or filled == [name_column] or len(name) > 12)
    signed = len(filled) <= 3 and filled[0] != name_column and _NOTE.match(texts[0])
    signatures = sum(bool(_SIGNED.match(text)) for text in texts)
    noted = signed or (alone and (_NOTE.match(texts[0]) or (name and _NOTE.match(name))))
    signing = signatures >= 2 or (_SIGNED.match(name) and len(filled) <= 3)
    return "note" if noted or signing or sum(text in _FILL_IN for text in texts) >= 2 else ""


def _is_total(texts: list[str], name: str) -> bool:
    first = texts[0]
    tail = _TOTAL_TAIL.search(first) if len(texts) <= 6 else None
    if _TOTAL.match(first) or _TOTAL.match(name) or tail:
        return True
    return not name and any(_TOTAL_TAIL.search(text) for text in texts)


def name_is_person(cells: list[Cell], name_column: int | None) -> bool:
    """True when the name cell holds something and is not the only thing that spans the row."""
    return name_column is not None and not empty(cells[name_column]) and sum(not empty(cell) for cell in cells) > 1


def split_blocks(sheet: Sheet, search_rows: int) -> list[Sheet]:
    """A sheet as one table, or as several when a header with other columns begins a new table further down.

    The lower tables are named by their first row: 花名册·120.
    """
    header = find_header(sheet, search_rows)
    if header is None:
        return [sheet]
    cuts = [0]
    lines = (header.texts, *header.lines)
    for index in range(header.rows[-1], len(sheet.rows)):
        found = _other_header(sheet, index, lines)
        if found is not None:
            cuts.append(index)
            lines = (found,)
    ends = [*cuts[1:], len(sheet.rows)]
    parts = [_part(sheet, start, end) for start, end in zip(cuts, ends, strict=True)]
    return [piece for part in parts for piece in _side_by_side(part, search_rows)]


def _side_by_side(sheet: Sheet, search_rows: int) -> list[Sheet]:
    """A table as it is, or the tables that stand beside each other under the same headers, each in its own columns.

    The right tables are named by their first column: 花名册·J.
    """
    header = find_header(sheet, search_rows)
    labels = [label(text) for text in header.texts] if header else []
    names = [index for index, text in enumerate(labels) if recognise(text).field == "name"]
    starts = [0]
    for name in names[1:]:
        before = 0
        while before < names[0] and labels[names[0] - before - 1] == labels[name - before - 1] != "":
            before += 1
        after = 1
        while name + after < len(labels) and labels[names[0] + after] == labels[name + after] != "":
            after += 1
        if before + after >= _SAME_HEADERS:
            starts.append(name - before)
    if len(starts) == 1:
        return [sheet]
    ends = [*starts[1:], len(labels)]
    return [_strip(sheet, start, end) for start, end in zip(starts, ends, strict=True)]


def _strip(sheet: Sheet, start: int, end: int) -> Sheet:
    rows = tuple(tuple(cell if start <= index < end else None for index, cell in enumerate(row)) for row in sheet.rows)
    merged = tuple(item for item in sheet.merged if start <= item[1] < end)
    return replace(sheet, name=f"{sheet.name}·{letter(start)}" if start else sheet.name, rows=rows, merged=merged)


def _other_header(sheet: Sheet, index: int, lines: tuple[tuple[str, ...], ...]) -> tuple[str, ...] | None:
    row = sheet.rows[index]
    if any(cell is not None and not isinstance(cell, str) for cell in row):
        return None
    own = tuple(tidy(show(cell)) for cell in row)
    filled = [text for text in own if text]
    exact = {found.field for text in filled if (found := recognise(text)).field and found.confidence_percent == 100}
    if "name" not in exact or len(exact) < 3 or len(exact) * 2 < len(filled):
        return None
    same = any([label(text) for text in own] == [label(text) for text in line] for line in lines)
    return None if same else own


def _part(sheet: Sheet, start: int, end: int) -> Sheet:
    if start == 0 and end == len(sheet.rows):
        return sheet
    merged = tuple(
        (top - start, left, bottom - start, right)
        for top, left, bottom, right in sheet.merged
        if start <= top and bottom < end
    )
    return replace(
        sheet,
        name=sheet.name if start == 0 else f"{sheet.name}·{start + 1}",
        rows=sheet.rows[start:end],
        merged=merged,
        first_row=start,
    )


@dataclass(frozen=True, slots=True)
class Codes:
    """A code table of departments: full name → code, and alias → full name."""

    departments: dict[str, str]
    aliases: dict[str, str]


def read_codes(sheet: Sheet) -> Codes | None:
    """A small table with a department column and a code or alias column, and no people; otherwise None."""
    for index, row in enumerate(sheet.rows[:10]):
        heads = [label(show(cell)) for cell in row]
        if any(recognise(head).field == "name" for head in heads):
            return None
        column = next((i for i, head in enumerate(heads) if head in _CODE_HEADERS), None)
        code = next(
            (i for i, head in enumerate(heads) if "编码" in head or "代码" in head or head in ("code", "编号")), None
        )
        alias = next(
            (
                i
                for i, head in enumerate(heads)
                if "别名" in head or "简称" in head or "曾用" in head or head == "alias"
            ),
            None,
        )
        if column is None or (code is None and alias is None):
            continue
        departments, aliases = {}, {}
        for body in sheet.rows[index + 1 :]:
            full = tidy(show(body[column])).replace(" ", "")
            if not full or _TOTAL.match(label(full)) or _NOTE.match(label(full)):
                continue
            departments[full] = tidy(show(body[code])) if code is not None else ""
            for other in re.split(r"[、,，;；/|]", show(body[alias])) if alias is not None else ():
                if tidy(other):
                    aliases[tidy(other).replace(" ", "")] = full
        return Codes(departments, aliases)
    return None
