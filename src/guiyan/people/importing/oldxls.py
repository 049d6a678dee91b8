"""What the reader of values loses of an old .xls file: cells that show an error, and rows that are hidden.

Sources: [MS-CFB] for the container, [MS-XLS] for the records. Whatever does not parse gives nothing: the reader of
values has judged the file by then.
"""

import struct
from collections.abc import Iterator

from .packaging import Extras, column_letters

_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_FREE = 0xFFFFFFFA
_BOUND_SHEET, _END, _ROW, _FORMULA, _BOOL_OR_ERROR = 0x85, 0x0A, 0x208, frozenset({0x06, 0x206}), 0x205
_HIDDEN_HEIGHT = 0x20
_SECTORS_MAX = 200_000


def old_extras(data: bytes, names: tuple[str, ...]) -> Extras:
    """Error cells and hidden rows of an .xls file. `names` are its sheets in their order."""
    extras = Extras()
    try:
        stream = _workbook(data)
        for name, start in zip(names, _sheet_starts(stream), strict=False):
            extras.cells[name], extras.hidden_rows[name] = _sheet(stream, start)
    except (struct.error, IndexError, ValueError):
        return Extras()
    return extras


def _workbook(data: bytes) -> bytes:
    size = 1 << struct.unpack_from("<H", data, 30)[0]
    first_directory = struct.unpack_from("<I", data, 48)[0]
    table = list(struct.unpack_from("<109I", data, 76))
    following = struct.unpack_from("<I", data, 68)[0]
    entries = size // 4
    while following < _FREE and len(table) < _SECTORS_MAX:
        part = struct.unpack_from(f"<{entries}I", data, (following + 1) * size)
        table += part[:-1]
        following = part[-1]
    chain: list[int] = []
    for sector in table:
        if sector < _FREE:
            chain += struct.unpack_from(f"<{entries}I", data, (sector + 1) * size)
    directory = _joined(data, chain, first_directory, size)
    for place in range(0, len(directory) - 127, 128):
        length = struct.unpack_from("<H", directory, place + 64)[0]
        if directory[place : place + max(length - 2, 0)].decode("utf-16-le", "replace") in ("Workbook", "Book"):
            start, extent = struct.unpack_from("<II", directory, place + 116)
            return _joined(data, chain, start, size)[:extent]
    return b""


def _joined(data: bytes, chain: list[int], sector: int, size: int) -> bytes:
    parts: list[bytes] = []
    while sector < _FREE and len(parts) < _SECTORS_MAX:
        parts.append(data[(sector + 1) * size : (sector + 2) * size])
        sector = chain[sector]
    return b"".join(parts)


def _records(stream: bytes, place: int) -> Iterator[tuple[int, bytes]]:
    while place + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, place)
        yield kind, stream[place + 4 : place + 4 + length]
        if kind == _END:
            return
        place += 4 + length


def _sheet_starts(stream: bytes) -> list[int]:
    return [struct.unpack_from("<I", body)[0] for kind, body in _records(stream, 0) if kind == _BOUND_SHEET]


def _sheet(stream: bytes, start: int) -> tuple[dict[str, str], frozenset[int]]:
    cells: dict[str, str] = {}
    hidden: set[int] = set()
    for kind, body in _records(stream, start):
        code = None
        if kind == _BOOL_OR_ERROR and body[7]:
            code = body[6]
        elif kind in _FORMULA and body[12:14] == b"\xff\xff" and body[6] == 2:
            code = body[8]
        elif kind == _ROW and body[12] & _HIDDEN_HEIGHT:
            hidden.add(struct.unpack_from("<H", body)[0] + 1)
        if code is not None:
            row, column = struct.unpack_from("<HH", body)
            cells[f"{column_letters(column)}{row + 1}"] = _ERRORS.get(code, "#N/A")
    return cells, frozenset(hidden)
