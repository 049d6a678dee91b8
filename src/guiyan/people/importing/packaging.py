"""What an .xlsx package knows beyond its values: the date system, error cells, shown zeros and percents, hidden rows.

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
_ZEROS = re.compile(r"0{2,20}")
_PERCENT_BUILT_IN = frozenset({9, 10})


@dataclass(frozen=True, slots=True)
class Extras:
    """`cells`: sheet → address → the text that a person sees there. `hidden_rows`: sheet → row numbers."""

    date1904: bool = False
    cells: dict[str, dict[str, str]] = field(default_factory=dict)
    hidden_rows: dict[str, frozenset[int]] = field(default_factory=dict)


def extras_of(archive: zipfile.ZipFile) -> Extras:
    """Read the side information of an open .xlsx package; a package of another kind gives none."""
    names = set(archive.namelist())
    if "xl/workbook.xml" not in names:
        return Extras()
    book = archive.read("xl/workbook.xml")
    relations = archive.read("xl/_rels/workbook.xml.rels") if "xl/_rels/workbook.xml.rels" in names else b""
    targets = {}
    for found in _RELATION.finditer(relations):
        attributes = _attributes(found[1])
        targets[attributes.get("Id", "")] = normpath(join("/xl", attributes.get("Target", ""))).lstrip("/")
    percents, zeros = _shown_formats(archive.read("xl/styles.xml") if "xl/styles.xml" in names else b"")
    cells: dict[str, dict[str, str]] = {}
    hidden: dict[str, frozenset[int]] = {}
    for found in _SHEET.finditer(book):
        attributes = _attributes(found[1])
        path = targets.get(attributes.get("r:id", ""), "")
        if path not in names:
            continue
        content = archive.read(path)
        name = attributes.get("name", "")
        cells[name] = _shown_cells(content, percents, zeros)
        hidden[name] = frozenset(int(row[1]) for row in _HIDDEN_ROW.finditer(content))
    return Extras(bool(_DATE1904.search(book)), cells, hidden)


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
