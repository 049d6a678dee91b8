"""From the bytes of a file to sheets of cells, behind limits. Nothing is interpreted here."""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from math import isfinite
from pathlib import PurePath

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from .errors import FileUnusable
from .limits import Limits
from .model import Cell
from .oldxls import old_extras
from .packaging import Extras, column_letters, column_number, extras_of, furthest_cell

_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
_XLS_DATEMODE_1904 = re.compile(rb"\x22\x00\x02\x00\x01\x00\x0e\x00\x02\x00", re.S)
_DELIMITERS = ",\t;|"
_SWALLOWED = 3
"""Separators in one line inside a cell that make it a row of the table rather than a sentence."""
_BINARY_STARTS = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"MZ",
    b"\x7fELF",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"BM",
)
_MARKUP = re.compile(r"\s*<(?:!doctype|html|\?xml|table|script)", re.I)
_COLUMN = re.compile(r"^([A-Z]{1,3})(\d{1,7})$")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. `rows` are all of one width and begin at row 1. `merged` holds (top, left, bottom, right), counted
    from 0, both ends inside. `kind` is "worksheet" or "other" (a chart, a macro sheet). `first_row` is above 0 when
    the rows are the lower part of a sheet. `hidden_columns` count from 0, `struck` and `comments` go by address;
    `delimited`: the rows come from text, where a stray separator shifts what follows.
    """

    name: str
    visible: bool
    kind: str
    rows: tuple[tuple[Cell, ...], ...]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    hidden_rows: frozenset[int] = field(default_factory=frozenset)
    first_row: int = 0
    hidden_columns: frozenset[int] = frozenset()
    struck: frozenset[str] = frozenset()
    comments: Mapping[str, str] = field(default_factory=dict)
    delimited: bool = False


@dataclass(frozen=True, slots=True)
class Workbook:
    """All sheets of a file. `date1904`: bare serial numbers count from 1904."""

    sheets: tuple[Sheet, ...]
    date1904: bool = False


def read_workbook(data: bytes, filename: str, limits: Limits) -> Workbook:
    """The sheets of .xlsx, .xls or .csv bytes; the content decides, not the name.

    Raises FileUnusable when the file is empty, past a limit, encrypted, damaged or no spreadsheet.
    """
    if not data:
        raise FileUnusable("empty_file")
    if len(data) > limits.file_bytes:
        raise FileUnusable("too_large", f"{len(data)} > {limits.file_bytes}")
    if data.startswith(b"PK"):
        return _read_xlsx(data, limits)
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise FileUnusable("encrypted")
        book = _read_calamine(data, limits, date1904=bool(_XLS_DATEMODE_1904.search(data)))
        extras = old_extras(data, tuple(sheet.name for sheet in book.sheets))
        return Workbook(tuple(_as_shown(sheet, extras) for sheet in book.sheets), book.date1904)
    return _read_csv(data, filename, limits)


def letter(index: int) -> str:
    """The spreadsheet letter of a column counted from 0: 0 is A, 26 is AA."""
    return column_letters(index)


def column_index(letters: str) -> int:
    """The column counted from 0 of spreadsheet letters: A is 0."""
    return column_number(letters) - 1


def _read_xlsx(data: bytes, limits: Limits) -> Workbook:
    extras = _inspect(data, limits)
    book = _read_calamine(data, limits, date1904=extras.date1904)
    return Workbook(tuple(_as_shown(sheet, extras) for sheet in book.sheets), extras.date1904)


def _inspect(data: bytes, limits: Limits) -> Extras:
    """Look into the package before anything is unpacked in full."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if len(members) > limits.archive_members:
                raise FileUnusable("unpacks_too_large", f"{len(members)} members")
            unpacked = sum(member.file_size for member in members)
            if unpacked > limits.unpacked_bytes or unpacked > max(len(data), 50_000) * limits.unpack_ratio:
                raise FileUnusable("unpacks_too_large", f"{unpacked} bytes")
            if any(member.flag_bits & 1 for member in members):
                raise FileUnusable("encrypted")
            names = {member.filename.replace("\\", "/") for member in members}
            if "xl/workbook.bin" in names or "content.xml" in names:
                raise FileUnusable("other_spreadsheet")
            if not any(name.startswith("xl/") for name in names):
                raise FileUnusable("not_a_spreadsheet")
            _measure(archive, limits)
            return extras_of(archive)
    except FileUnusable:
        raise
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, ValueError) as problem:
        raise FileUnusable("corrupt", type(problem).__name__) from problem


def _measure(archive: zipfile.ZipFile, limits: Limits) -> None:
    """Refuse a sheet whose last cell lies past the limits before room is made for all cells before it."""
    row, column, member = furthest_cell(archive)
    if row > limits.rows:
        raise FileUnusable("too_many_rows", f"{PurePath(member).stem}: {row}")
    if column > limits.columns:
        raise FileUnusable("too_many_columns", f"{PurePath(member).stem}: {column}")


def _as_shown(sheet: Sheet, extras: Extras) -> Sheet:
    """The sheet with the texts that a person sees in place of what the reader of values lost."""
    rows = [list(row) for row in sheet.rows]
    for address, text in extras.cells.get(sheet.name, {}).items():
        found = _COLUMN.match(address)
        if found:
            row, column = int(found[2]) - 1, column_index(found[1])
            if row < len(rows) and column < len(rows[row]):
                rows[row][column] = text
    return replace(
        sheet,
        rows=tuple(tuple(row) for row in rows),
        hidden_rows=extras.hidden_rows.get(sheet.name, frozenset()),
        hidden_columns=extras.hidden_columns.get(sheet.name, frozenset()),
        struck=extras.struck.get(sheet.name, frozenset()),
        comments=extras.comments.get(sheet.name, {}),
    )


def _read_calamine(data: bytes, limits: Limits, *, date1904: bool) -> Workbook:
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            if len(book.sheets_metadata) > limits.sheets:
                raise FileUnusable("too_many_sheets", str(len(book.sheets_metadata)))
            sheets = []
            for meta in book.sheets_metadata:
                visible = meta.visible == SheetVisibleEnum.Visible
                if meta.typ != SheetTypeEnum.WorkSheet:
                    sheets.append(Sheet(meta.name, visible, "other", ()))
                    continue
                sheets.append(_sheet(book.get_sheet_by_name(meta.name), visible, limits))
    except PasswordError as problem:
        raise FileUnusable("encrypted") from problem
    except CalamineError as problem:
        raise FileUnusable("corrupt", str(problem)[:200]) from problem
    except (ValueError, OSError) as problem:
        if isinstance(problem, FileUnusable):
            raise
        raise FileUnusable("corrupt", type(problem).__name__) from problem
    except BaseException as problem:
        # The reader is compiled code; a panic in it arrives as a BaseException of its own and means a damaged file.
        if type(problem).__name__ == "PanicException":
            raise FileUnusable("corrupt", "panic") from problem
        raise
    return Workbook(tuple(sheets), date1904)


def _sheet(source: CalamineSheet, visible: bool, limits: Limits) -> Sheet:
    if source.start is None or source.end is None:
        return Sheet(source.name, visible, "worksheet", ())
    if source.end[0] + 1 > limits.rows:
        raise FileUnusable("too_many_rows", f"{source.name}: {source.end[0] + 1}")
    if source.end[1] + 1 > limits.columns:
        raise FileUnusable("too_many_columns", f"{source.name}: {source.end[1] + 1}")
    rows = tuple(tuple(_cell(value, limits) for value in row) for row in source.to_python(skip_empty_area=False))
    last_row, last_column = source.end
    merged = tuple(
        (top, left, min(bottom, last_row), min(right, last_column))
        for (top, left), (bottom, right) in source.merged_cell_ranges or ()
        if top <= last_row and left <= last_column
    )
    if sum(bottom - top + 1 for top, _, bottom, _ in merged) > len(rows) * (last_column + 1):
        raise FileUnusable("corrupt", f"{source.name}: merged cells overlap")
    return Sheet(source.name, visible, "worksheet", rows, merged)


def _cell(value: object, limits: Limits) -> Cell:
    if value is None or value == "":
        return None
    if isinstance(value, str):
        if len(value) > limits.cell_characters:
            raise FileUnusable("cell_too_long", f"{len(value)}")
        return value.replace("\x00", "") or None
    if isinstance(value, bool | date | datetime | time):
        return value
    if isinstance(value, int | float):
        number = float(value)
        return number if isfinite(number) else "#NUM!"
    if isinstance(value, timedelta):
        return str(value)
    return str(value)


def _read_csv(data: bytes, filename: str, limits: Limits) -> Workbook:
    if data.startswith(_BINARY_STARTS):
        raise FileUnusable("not_a_spreadsheet")
    text = _decode(data)
    if _MARKUP.match(text):
        raise FileUnusable("web_page")
    if text.startswith("{\\rtf"):
        raise FileUnusable("not_a_spreadsheet")
    name = PurePath(filename.replace("\\", "/")).stem or "csv"
    rows = list(_csv_rows(text, limits))
    width = max((len(row) for row in rows), default=0)
    if width < 2:
        raise FileUnusable("not_a_spreadsheet", "one column")
    padded = tuple((*row, *([None] * (width - len(row)))) for row in rows)
    return Workbook((Sheet(name, visible=True, kind="worksheet", rows=padded, delimited=True),))


def _decode(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        if b"\x00" in data:
            raise FileUnusable("not_a_spreadsheet")
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileUnusable("unknown_encoding")


def _csv_rows(text: str, limits: Limits) -> Iterator[tuple[Cell, ...]]:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    separator = re.match(r"sep=(.)\n", text)
    if separator:
        text = text[separator.end() :]
    delimiter = separator[1] if separator else _delimiter(text)
    csv.field_size_limit(max(csv.field_size_limit(), limits.cell_characters * 4))
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text), delimiter=delimiter), 1):
            if number > limits.rows:
                raise FileUnusable("too_many_rows")
            if len(row) > limits.columns:
                raise FileUnusable("too_many_columns", str(len(row)))
            if any(_holds_rows(value, delimiter) for value in row):
                raise FileUnusable("stray_quote", str(number))
            yield tuple(_cell(_unquote(value), limits) for value in row)
    except csv.Error as problem:
        raise FileUnusable("corrupt", str(problem)) from problem


def _holds_rows(value: str, delimiter: str) -> bool:
    """True when a quotation mark without its partner has swallowed the rows that follow."""
    return "\n" in value and any(line.count(delimiter) >= _SWALLOWED for line in value.split("\n")[1:])


def _unquote(value: str) -> str:
    """A csv made to keep digits in a spreadsheet writes ="0123"; the formula holds only the text."""
    return value[2:-1] if len(value) > 3 and value.startswith('="') and value.endswith('"') else value


def _delimiter(text: str) -> str:
    """The sign that splits the first lines into the most columns, most evenly."""
    lines = [line for line in text.split("\n")[:60] if line.strip()]

    def score(sign: str) -> tuple[int, int]:
        counts = [line.count(sign) for line in lines]
        wide = max(counts, default=0)
        return (sum(1 for count in counts if count == wide and wide), wide)

    best = max(_DELIMITERS, key=score)
    return best if score(best)[1] else ","
