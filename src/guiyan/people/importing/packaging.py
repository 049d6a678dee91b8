"""What an .xlsx package knows beyond its values: the date system, error cells, shown zeros and percents, hidden rows
and columns, names struck out, comments.

The reader of values gives an error cell as nothing and a percent as a bare fraction; both would lose what the person
saw.
"""

import re
import zipfile
from dataclasses import dataclass, field
from decimal import Decimal
from html import unescape
from posixpath import join, normpath

_SHEET = re.compile(rb"<(?:\w+:)?sheet\b([^>]*)/?>")
_RELATION = re.compile(rb"<Relationship\b([^>]*)/?>")
_ATTRIBUTE = re.compile(rb'([\w:]+)\s*=\s*"([^"]*)"')
_DATE1904 = re.compile(rb'<(?:\w+:)?workbookPr\b[^>]*\bdate1904="(?:1|true)"')
_FORMAT = re.compile(rb"<(?:\w+:)?numFmt\b([^>]*)/?>")
_CELL_FORMATS = re.compile(rb"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", re.S)
_XF = re.compile(rb"<(?:\w+:)?xf\b([^>]*)>")
_HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row\b(?=[^>]*\bhidden="(?:1|true)")[^>]*\br="(\d+)"')
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*)(?<!/)>(.*?)</(?:\w+:)?c>", re.S)
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]*)</(?:\w+:)?v>")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_HIDDEN_COLUMNS = re.compile(rb'<(?:\w+:)?col\b(?=[^>]*\bhidden="(?:1|true)")([^>]*)>')
_FONTS = re.compile(rb"<(?:\w+:)?fonts\b.*?</(?:\w+:)?fonts>", re.S)
_FONT = re.compile(rb"<(?:\w+:)?font\b[^>]*/>|<(?:\w+:)?font\b.*?</(?:\w+:)?font>", re.S)
_STRIKE = re.compile(rb'<(?:\w+:)?strike\b(?![^>]*val="(?:0|false)")')
_COMMENT = re.compile(rb"<(?:\w+:)?comment\b([^>]*)>(.*?)</(?:\w+:)?comment>", re.S)
_TEXT = re.compile(rb"<(?:\w+:)?t\b[^>]*>([^<]*)</(?:\w+:)?t>")
_ATTRIBUTES = rb"""((?:\s+[\w:]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)"""
_FILLED = re.compile(rb"<(?:\w+:)?c" + _ATTRIBUTES + rb"\s*>")
_ROW = re.compile(rb"<(?:\w+:)?row" + _ATTRIBUTES)
_ADDRESS = re.compile(rb"""\sr\s*=\s*["']([A-Z]{0,3})(\d{1,7})["']""")
_ZEROS = re.compile(r"0{2,20}")
_CELL_HEAD = re.compile(rb"<(?:\w+:)?c\b([^>]*)>")
_PERCENT_BUILT_IN = frozenset({9, 10})
_COLUMNS_MAX = 16_384
_COMMENT_MAX = 500


@dataclass(frozen=True, slots=True)
class Extras:
    """`cells`: sheet → address → the text that a person sees there. `hidden_rows`: sheet → row numbers.
    `hidden_columns`: sheet → columns counted from 0. `struck`: sheet → addresses of cells crossed out. `comments`:
    sheet → address → text.
    """

    date1904: bool = False
    cells: dict[str, dict[str, str]] = field(default_factory=dict)
    hidden_rows: dict[str, frozenset[int]] = field(default_factory=dict)
    hidden_columns: dict[str, frozenset[int]] = field(default_factory=dict)
    struck: dict[str, frozenset[str]] = field(default_factory=dict)
    comments: dict[str, dict[str, str]] = field(default_factory=dict)


def furthest_cell(archive: zipfile.ZipFile) -> tuple[int, int, str]:
    """(last row, last column, its member), both counted from 1, over all members of an .xlsx package: any may be a
    sheet.

    One cell in the last corner makes a reader set aside room for everything before it; so this is asked first.
    """
    row, column, place = 0, 0, ""
    for name in archive.namelist():
        content = archive.read(name)
        cells = [_ADDRESS.findall(found) for found in _FILLED.findall(content)]
        if not all(cells):
            # A cell without an address stands next to the one before, in the row that the row names.
            cells += [_ADDRESS.findall(found) for found in _ROW.findall(content)]
        filled = {(column_number(letters.decode()), int(digits)) for cell in cells for letters, digits in cell}
        for index, number in filled:
            if number > row or index > column:
                row, column, place = max(row, number), max(column, index), name
    return row, column, place


def column_letters(index: int) -> str:
    """The spreadsheet letters of a column counted from 0: 0 is A, 26 is AA."""
    text = ""
    number = index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(65 + rest) + text
    return text


def column_number(letters: str) -> int:
    """The column counted from 1 of spreadsheet letters: A is 1."""
    number = 0
    for sign in letters:
        number = number * 26 + ord(sign) - 64
    return number


def extras_of(archive: zipfile.ZipFile) -> Extras:
    """Read the side information of an open .xlsx package; a package of another kind gives none."""
    names = set(archive.namelist())
    if "xl/workbook.xml" not in names:
        return Extras()
    book = archive.read("xl/workbook.xml")
    relations = archive.read("xl/_rels/workbook.xml.rels") if "xl/_rels/workbook.xml.rels" in names else b""
    targets = {key: path for key, path, _kind in _relations(relations, "/xl")}
    styles = archive.read("xl/styles.xml") if "xl/styles.xml" in names else b""
    percents, zeros = _shown_formats(styles)
    strikes = _struck_formats(styles)
    extras = Extras(bool(_DATE1904.search(book)))
    for found in _SHEET.finditer(book):
        attributes = _attributes(found[1])
        path = targets.get(attributes.get("r:id", ""), "")
        if path not in names:
            continue
        content = archive.read(path)
        name = attributes.get("name", "")
        extras.cells[name] = _shown_cells(content, percents, zeros)
        extras.hidden_rows[name] = frozenset(int(row[1]) for row in _HIDDEN_ROW.finditer(content))
        extras.hidden_columns[name] = _hidden_columns(content)
        extras.struck[name] = _struck_cells(content, strikes)
        extras.comments[name] = _comments(archive, path, names)
    return extras


def _relations(content: bytes, base: str) -> list[tuple[str, str, str]]:
    """(id, member, type) of each relation in a .rels member."""
    found = [_attributes(item[1]) for item in _RELATION.finditer(content)]
    return [
        (item.get("Id", ""), normpath(join(base, item.get("Target", ""))).lstrip("/"), item.get("Type", ""))
        for item in found
    ]


def _hidden_columns(content: bytes) -> frozenset[int]:
    hidden: set[int] = set()
    for found in _HIDDEN_COLUMNS.finditer(content):
        attributes = _attributes(found[1])
        first, last = attributes.get("min", "0"), attributes.get("max", "0")
        if first.isdecimal() and last.isdecimal():
            hidden.update(range(int(first) - 1, min(int(last), _COLUMNS_MAX)))
    return frozenset(hidden)


def _struck_formats(styles: bytes) -> frozenset[bytes]:
    fonts = _FONTS.search(styles)
    struck = {str(index) for index, font in enumerate(_FONT.findall(fonts[0]) if fonts else ()) if _STRIKE.search(font)}
    block = _CELL_FORMATS.search(styles)
    formats = _XF.finditer(block[0]) if struck and block else ()
    return frozenset(
        str(index).encode() for index, found in enumerate(formats) if _attributes(found[1]).get("fontId") in struck
    )


def _struck_cells(content: bytes, strikes: frozenset[bytes]) -> frozenset[str]:
    if not strikes:
        return frozenset()
    found = (dict(_ATTRIBUTE.findall(cell[1])) for cell in _CELL_HEAD.finditer(content))
    return frozenset(item.get(b"r", b"").decode("ascii", "replace") for item in found if item.get(b"s") in strikes)


def _comments(archive: zipfile.ZipFile, sheet: str, names: set[str]) -> dict[str, str]:
    folder, _, base = sheet.rpartition("/")
    rels = f"{folder}/_rels/{base}.rels"
    if rels not in names:
        return {}
    comments: dict[str, str] = {}
    for _key, member, kind in _relations(archive.read(rels), f"/{folder}"):
        if kind.endswith("/comments") and member in names:
            for found in _COMMENT.finditer(archive.read(member)):
                text = "".join(unescape(part.decode("utf-8", "replace")) for part in _TEXT.findall(found[2]))
                comments[_attributes(found[1]).get("ref", "")] = text.strip()[:_COMMENT_MAX]
    return comments


def _attributes(raw: bytes) -> dict[str, str]:
    return {
        found[1].decode("ascii", "replace"): unescape(found[2].decode("utf-8", "replace"))
        for found in _ATTRIBUTE.finditer(raw)
    }


def _shown_formats(styles: bytes) -> tuple[frozenset[bytes], dict[bytes, int]]:
    codes = {}
    for found in _FORMAT.finditer(styles):
        attributes = _attributes(found[1])
        codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
    block = _CELL_FORMATS.search(styles)
    percents, zeros = set(), {}
    for index, found in enumerate(_XF.finditer(block[0]) if block else ()):
        number = _attributes(found[1]).get("numFmtId", "0")
        code = codes.get(number, "")
        if (number.isdecimal() and int(number) in _PERCENT_BUILT_IN) or code.endswith("%"):
            percents.add(str(index).encode())
        elif _ZEROS.fullmatch(code):
            zeros[str(index).encode()] = len(code)
    return frozenset(percents), zeros


def _shown_cells(content: bytes, percents: frozenset[bytes], zeros: dict[bytes, int]) -> dict[str, str]:
    if not percents and not zeros and b't="e"' not in content and not _FORMULA.search(content):
        return {}
    shown: dict[str, str] = {}
    for found in _CELL.finditer(content):
        head = found[1]
        attributes = dict(_ATTRIBUTE.findall(head))
        value = _VALUE.search(found[2])
        style = attributes.get(b"s", b"0")
        address = attributes.get(b"r", b"").decode("ascii", "replace")
        if value is None or not value[1]:
            if _FORMULA.search(found[2]):
                shown[address] = "#NOT_CALCULATED"
        elif attributes.get(b"t") == b"e":
            shown[address] = unescape(value[1].decode("utf-8", "replace"))
        elif attributes.get(b"t", b"n") == b"n" and (style in percents or style in zeros):
            text = _shown_number(value[1].decode("ascii", "replace"), zeros.get(style))
            if text is not None:
                shown[address] = text
    return shown


def _shown_number(raw: str, width: int | None) -> str | None:
    try:
        number = Decimal(raw)
    except ArithmeticError:
        return None
    if width is not None:
        return str(int(number)).zfill(width) if number == int(number) and 0 <= number < 10**15 else None
    percent = (number * 100).quantize(Decimal("0.000001")).normalize()
    return f"{percent:f}%"
