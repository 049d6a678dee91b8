"""The explanation of an answer as PDF/A: what was asked, what came out, and every step with its authority."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from guiyan.documents import rendering
from guiyan.law.explain import Language, Line, LineKind, lines
from guiyan.web.law.shown import Answer

INDENT = "　"


def explanation(title: str, columns: list[tuple[str, list[tuple[str, str]], Answer]], made_at: datetime) -> bytes:
    """Return the explanation of the answers as PDF/A-2b; each column is its name, the facts in words, and the answer.

    Raises ``rendering.DocumentError`` when it cannot be set, ``MissingGlyph`` among it.
    """
    rows: list[list[str]] = []
    parts: list[dict[str, Any]] = []
    for name, facts, answer in columns:
        head = f"{name} " if len(columns) > 1 else ""
        rows += [[f"{head}{_('结论')}", answer.headline], *([line.label, line.value] for line in answer.money)]
        parts.append({"title": f"{head}{_('事实')}", "paragraphs": [_("%s：%s") % pair for pair in facts] or ["—"]})
        parts += _parts(head, answer)
    values = {"rows": rows, "parts": parts}
    made = rendering.render("receipt", values, title=title, nonce=secrets.token_hex(32), made_at=made_at)
    return made.pdf


def _parts(head: str, answer: Answer) -> Iterator[dict[str, Any]]:
    """The explanation under its own headings."""
    language = Language.EN if (get_language() or "").startswith("en") else Language.ZH
    title, paragraphs = "", []
    for line in lines(answer.document, language):
        if line.kind is not LineKind.HEADING:
            paragraphs.append(_said(line))
            continue
        if paragraphs:
            yield {"title": f"{head}{title or _('结果')}", "paragraphs": paragraphs}
        title, paragraphs = line.text, []
    if paragraphs:
        yield {"title": f"{head}{title}", "paragraphs": paragraphs}


def _said(line: Line) -> str:
    told = line.text
    if line.kind is LineKind.FIGURE and line.value:
        told = _("%(name)s：%(value)s，自 %(day)s 起") % {"name": told, "value": line.value, "day": line.since}
    cites = f"（{'；'.join(line.cites)}）" if line.cites else ""
    return f"{INDENT * max(0, line.depth - 1)}{told}{cites}"
