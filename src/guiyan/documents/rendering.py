"""Set a document as PDF/A-2b, or as the images of its pages.

The date and a random nonce are part of what is set, so the same values give the same bytes. Values reach the template
as JSON; nobody's words ever become markup. A character that the fonts do not hold is an error that names it: a letter
with a silent hole is worse than none.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Any

import typst

from guiyan.platform import fonts, tenancy
from guiyan.platform.clock import LEGAL_ZONE

PAGE_DPI = 110
NONCE = re.compile(r"[0-9a-f]{32,64}")
DATA_BYTES_MAX = 256 * 1024
_GLYPH = re.compile(r'the text `"(?P<text>.*?)"`')


class DocumentError(ValueError):
    """The document cannot be set; the message says why."""


class MissingGlyph(DocumentError):
    """The fonts do not hold a character. ``characters`` names it as it was written, or is empty when not known."""

    def __init__(self, characters: str) -> None:
        super().__init__(f"no glyph for {characters!r}")
        self.characters = characters


class FontsMissing(DocumentError):
    """The Chinese fonts are not installed; the message names the families."""


@dataclass(frozen=True, slots=True)
class Document:
    """A PDF/A-2b and its SHA-256 (64 hex digits)."""

    pdf: bytes
    sha256: str


def render(template: str, values: Mapping[str, Any], *, title: str, nonce: str, made_at: datetime) -> Document:
    """Return the document ``template`` (letter, receipt) as PDF/A-2b.

    ``values`` is what the template reads, plain JSON; ``nonce`` 32 to 64 hex digits, kept in the keywords; ``made_at``
    aware. The employer's name, and 演示 across the page in a simulation, are added here. Raises ``MissingGlyph``,
    ``FontsMissing`` or ``DocumentError``.
    """
    made = _compile(template, values, title, nonce, made_at, format="pdf", pdf_standards="a-2b")
    if not isinstance(made, bytes):
        raise DocumentError("the document was not made in one piece")
    return Document(made, hashlib.sha256(made).hexdigest())


def page_images(
    template: str, values: Mapping[str, Any], *, title: str, nonce: str, made_at: datetime
) -> tuple[bytes, ...]:
    """Return the pages of the same document as PNG, for a preview on a page that may embed no PDF.

    Raises as ``render``, but a missing character stays a hole in the picture: render the PDF first.
    """
    made = _compile(template, values, title, nonce, made_at, format="png", ppi=PAGE_DPI)
    pages: Sequence[Any] = made if isinstance(made, list) else [made]
    return tuple(bytes(page) for page in pages if page is not None)


def _compile(
    template: str, values: Mapping[str, Any], title: str, nonce: str, made_at: datetime, **how: Any
) -> bytes | Sequence[bytes | None]:
    where = fonts.folder()
    if where is None or fonts.missing():
        raise FontsMissing(f"fonts are missing: {', '.join(fonts.missing()) or 'all'}")
    if not NONCE.fullmatch(nonce):
        raise DocumentError("a nonce is 32 to 64 hexadecimal digits")
    data = json.dumps(_framed(values, title, nonce, made_at), ensure_ascii=False, sort_keys=True)
    if len(data.encode()) > DATA_BYTES_MAX:
        raise DocumentError("there is too much to set")
    with resources.as_file(resources.files("guiyan.documents").joinpath("templates")) as folder:
        try:
            made: bytes | Sequence[bytes | None] = typst.compile(
                Path(folder) / f"{template}.typ",
                root=folder,
                font_paths=[where],
                ignore_system_fonts=True,
                sys_inputs={"data": data},
                timestamp=int(made_at.timestamp()),
                **how,
            )
        except (RuntimeError, ValueError, typst.TypstError) as error:
            raise _explained(error) from error
    return made


def _framed(values: Mapping[str, Any], title: str, nonce: str, made_at: datetime) -> dict[str, Any]:
    local = made_at.astimezone(LEGAL_ZONE)
    tenant = tenancy.required()
    return {
        **values,
        "title": title,
        "nonce": nonce,
        "employer": tenant.name,
        "simulation": tenant.simulation,
        "made": {
            "year": local.year,
            "month": local.month,
            "day": local.day,
            "text": f"{local:%Y-%m-%d %H:%M:%S}（北京时间）",
        },
    }


def _explained(error: Exception) -> DocumentError:
    said = str(error)
    if "could not be displayed with font" in said:
        found = _GLYPH.search(said)
        return MissingGlyph(found["text"] if found else "")
    return DocumentError(f"the document could not be set: {said}")
