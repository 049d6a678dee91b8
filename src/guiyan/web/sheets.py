"""Lists as Excel files: written row by row, so that a long list needs no memory, and sent as it is read."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any, cast

import xlsxwriter
from django.http import FileResponse

from guiyan.platform import clock

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
WIDTH_CHARACTERS_MAX = 40
Value = str | int | Decimal | date | None


def write(title: str, heads: Sequence[str], rows: Iterable[Sequence[Value]]) -> IO[bytes]:
    """Return an open .xlsx with one sheet.

    Text that a spreadsheet could take for a formula is quoted, so that it stays text also when it is saved as csv.
    """
    file = cast("IO[bytes]", tempfile.TemporaryFile())  # noqa: SIM115  the response that sends it closes it
    book: Any = xlsxwriter.Workbook(
        file,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    sheet = book.add_worksheet(title[:31])
    bold = book.add_format({"bold": True, "bottom": 1})
    day = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
    text = book.add_format({"num_format": "@"})
    sheet.freeze_panes(1, 0)
    for column, head in enumerate(heads):
        sheet.set_column(column, column, min(WIDTH_CHARACTERS_MAX, max(12, len(head) * 2 + 2)))
        sheet.write_string(0, column, head, bold)
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            if value is None or value == "":
                continue
            if isinstance(value, date) and not isinstance(value, datetime):
                sheet.write_datetime(number, column, value, day)
            elif isinstance(value, int | Decimal):
                sheet.write_number(number, column, value)
            else:
                sheet.write_string(number, column, harmless(str(value)), text)
    book.close()
    file.seek(0)
    return file


def harmless(value: str) -> str:
    """Return text that no spreadsheet takes for a formula."""
    return f"'{value}" if value.startswith(FORMULA_STARTS) else value


def download(file: IO[bytes], name: str) -> FileResponse:
    """Send a file under ``name`` and today's date."""
    return FileResponse(
        file, as_attachment=True, filename=f"{name}-{clock.today().isoformat()}.xlsx", content_type=MEDIA_TYPE
    )
