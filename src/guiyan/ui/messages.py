"""What the screens say, and which of it has an English text: read from templates, Python and ``.po`` files.

``python -m guiyan.ui.messages CONTEXT …`` writes the English catalogue of a context anew: new texts come in with an
empty translation, texts that are gone go, translations stay.
"""

import argparse
import ast
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polib

PACKAGE = Path(__file__).resolve().parent.parent
HEADER = {
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Language": "en",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}
GETTEXT_CALLS = {
    "_",
    "gettext",
    "gettext_lazy",
    "gettext_noop",
    "ngettext",
    "ngettext_lazy",
    "pgettext",
    "pgettext_lazy",
}


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


def of_context(context: Path) -> dict[tuple[str, str], str]:
    """Every text of a context: (msgid, plural msgid) to the first file that says it, relative to the context."""
    found: dict[tuple[str, str], str] = {}
    for file in sorted(context.rglob("*")):
        if file.suffix == ".py":
            texts = python_messages(file.read_text(encoding="utf-8"))
        elif file.suffix in {".html", ".txt"} and "templates" in file.relative_to(context).parts:
            texts = template_messages(file.read_text(encoding="utf-8"))
        else:
            continue
        for message in texts:
            if message.msgid:
                found.setdefault((message.msgid, message.plural), file.relative_to(context).as_posix())
    return found


def refresh(context: Path) -> int:
    """Write the English catalogue of a context anew and return how many texts in it have no English yet."""
    path = context / "locale" / "en" / "LC_MESSAGES" / "django.po"
    old = {entry.msgid: entry for entry in polib.pofile(str(path))} if path.is_file() else {}
    new = polib.POFile(wrapwidth=0)
    new.metadata = HEADER
    for (msgid, plural), where in of_context(context).items():
        known = old.get(msgid)
        entry = polib.POEntry(msgid=msgid, msgid_plural=plural, occurrences=[(where, "")])
        if plural:
            kept = dict(known.msgstr_plural) if known else {}
            entry.msgstr_plural = {0: kept.get(0, ""), 1: kept.get(1, "")}
        else:
            entry.msgstr = known.msgstr if known else ""
        if "%(" in msgid:
            entry.flags.append("python-format")
        new.append(entry)
    if not new:
        return 0
    path.parent.mkdir(parents=True, exist_ok=True)
    new.save(str(path))
    return len(new.untranslated_entries())


def main(arguments: list[str] | None = None) -> int:
    """Refresh the catalogues of the named contexts and say what is open."""
    parser = argparse.ArgumentParser(prog="python -m guiyan.ui.messages", description="Refresh English catalogues.")
    parser.add_argument("contexts", nargs="+", help="folders under src/guiyan, such as people web")
    for name in parser.parse_args(arguments).contexts:
        sys.stdout.write(f"{name}: {refresh(PACKAGE / name)} texts without English\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
