"""What the screens say, and which of it has an English text: read from templates, Python and ``.po`` files."""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polib

GETTEXT_CALLS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}


@dataclass(frozen=True)
class Message:
    """One translatable text: where it stands (1-based line), its msgid and, for counts, its plural msgid."""

    line: int
    msgid: str
    plural: str = ""


_TRANSLATE = re.compile(r"""\{%-?\s*trans(?:late)?\s+("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""")
_BLOCK = re.compile(
    r"\{%\s*blocktrans(?:late)?\b(?P<head>[^%]*)%\}(?P<body>.*?)\{%\s*endblocktrans(?:late)?\s*%\}", re.S
)
_PLURAL = re.compile(r"\{%\s*plural\s*%\}")
_VARIABLE = re.compile(r"\{\{\s*([\w.]+)[^}]*\}\}")
_LITERAL = re.compile(r"""_\(("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\)""")


def template_messages(source: str) -> list[Message]:
    """Every ``translate``, ``blocktranslate`` and ``_("…")`` of a template."""
    found = [
        Message(_line(source, match.start()), _unquote(match.group(1)))
        for pattern in (_TRANSLATE, _LITERAL)
        for match in pattern.finditer(source)
    ]
    for match in _BLOCK.finditer(source):
        trimmed = "trimmed" in match.group("head").split()
        parts = [_block_id(part, trimmed=trimmed) for part in _PLURAL.split(match.group("body"))]
        found.append(Message(_line(source, match.start()), parts[0], parts[1] if len(parts) > 1 else ""))
    return sorted(found, key=lambda message: message.line)


def python_messages(source: str) -> list[Message]:
    """Every literal given to a gettext function in Python source."""
    return sorted(_python_messages(source), key=lambda message: message.line)


def _python_messages(source: str) -> Iterator[Message]:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", None) or getattr(node.func, "attr", "")
        if name not in GETTEXT_CALLS:
            continue
        texts = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
        if name.startswith("pgettext"):
            texts = texts[1:]
        if texts:
            yield Message(node.lineno, texts[0], texts[1] if name.startswith("n") and len(texts) > 1 else "")


def _line(source: str, offset: int) -> int:
    return source.count("\n", 0, offset) + 1


def _unquote(literal: str) -> str:
    value = ast.literal_eval(literal)
    assert isinstance(value, str)
    return value


def _block_id(body: str, *, trimmed: bool) -> str:
    text = " ".join(line.strip() for line in body.strip().splitlines()) if trimmed else body
    pieces, last = [], 0
    for match in _VARIABLE.finditer(text):
        pieces += [text[last : match.start()].replace("%", "%%"), f"%({match.group(1)})s"]
        last = match.end()
    return "".join([*pieces, text[last:].replace("%", "%%")])


def english(catalogues: Iterable[Path]) -> frozenset[str]:
    """The msgids that have a finished English text (every plural form of it) in any of these ``.po`` files."""
    return frozenset(
        entry.msgid
        for path in catalogues
        for entry in polib.pofile(str(path))
        if entry.translated() and not entry.fuzzy and not entry.obsolete
    )
