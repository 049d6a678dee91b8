"""What a template and a sentence may not do: ``python -m guiyan.ui.lint`` checks the whole package.

Templates: no inline style, handler or script; nothing from another origin; nothing marked safe without a reason in
``lint_allow.json``; every button has a type, every image an alternative text, every cell of a component table a label;
static files and icons exist. Words: Chinese copy uses full-width punctuation, stands in a translation tag, and has an
English text in a catalogue. A line that must differ says so: ``lint: RULE - reason`` in a comment on that line.
"""

import ast
import io
import json
import re
import sys
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polib

from guiyan.ui import assets, icons, messages

PACKAGE = Path(__file__).resolve().parent.parent
ALLOW = Path(__file__).resolve().parent / "lint_allow.json"
SHOWCASE = "ui/templates/ui/guide"  # the style guide's invented content is Chinese only

HAN = "\u3400-\u9fff"
_HALF_WIDTH = re.compile(rf"[{HAN}][,;:!?()]|[,;:!?()][{HAN}]|[{HAN}]\.(?=[{HAN}\s\"'<]|$)")
_HAN = re.compile(rf"[{HAN}]")
_WIDE = re.compile(rf"[{HAN}，。：；（）！？]")


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to mend. ``line`` is 1-based; ``rule`` is the word an exception names."""

    path: str
    line: int
    rule: str
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}: {self.text}"


@dataclass(frozen=True)
class Known:
    """What exists beside the file under check: static files, icons, finished English, allowed unsafe templates."""

    statics: frozenset[str]
    icons: frozenset[str]
    english: frozenset[str]
    unsafe: frozenset[str]


# --- templates -------------------------------------------------------------------------------------------------------

_COMMENT = re.compile(r"\{#.*?#\}|\{%\s*comment\b.*?%\}.*?\{%\s*endcomment\s*%\}|<!--.*?-->", re.S)
_TAG = re.compile(r"<(?P<name>[a-zA-Z][\w-]*)(?P<rest>(?:\{%.*?%\}|\{\{.*?\}\}|\"[^\"]*\"|'[^']*'|[^<>])*?)>", re.S)
_DJANGO = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.S)
_STATIC = re.compile(r"""\{%\s*static\s+["']([^"']+)["']""")
_ICON = re.compile(r"""\{%\s*icon\s+["']([^"']+)["']|\{%\s*c_\w+\s[^%]*?\bicon=["']([^"']+)["']""")
_TABLE = re.compile(r"\{%\s*c_table\b.*?\{%\s*endc_table\s*%\}", re.S)
_UNSAFE = re.compile(r"\|\s*safe(?:seq)?\b|\{%\s*autoescape\s+off\b")
_TRANSLATED = re.compile(
    r"\{%\s*blocktrans(?:late)?\b[^%]*%\}.*?\{%\s*endblocktrans(?:late)?\s*%\}|\{%\s*trans(?:late)?\s.*?%\}"
    r"""|_\((?:"[^"]*"|'[^']*')\)""",
    re.S,
)


def check_template(path: str, source: str, known: Known) -> list[Problem]:
    """Every problem of one template; ``path`` is relative to the package and only names it."""
    bare = _COMMENT.sub(_blank, source)
    found = [*_markup(path, bare), *_references(path, bare, known)]
    if path not in known.unsafe:
        found += [
            Problem(path, _line(bare, match.start()), "unsafe", "output without escaping needs a reason in lint_allow")
            for match in _UNSAFE.finditer(bare)
        ]
    found += _words(path, bare)
    if SHOWCASE not in path:
        found += _untranslated(path, bare)
        found += _without_english(path, messages.template_messages(bare), known)
    return _without_exceptions(found, source)


def _markup(path: str, bare: str) -> Iterator[Problem]:
    tables = [match.span() for match in _TABLE.finditer(bare)]
    for match in _TAG.finditer(bare):
        name, rest, line = match.group("name").lower(), match.group("rest"), _line(bare, match.start())
        plain = _DJANGO.sub(" ", rest)
        yield from (Problem(path, line, rule, text) for rule, text in _markup_problems(name, plain))
        in_table = any(start < match.start() < end for start, end in tables)
        if name == "td" and in_table and not re.search(r"\b(data-label|colspan)=", plain):
            yield Problem(
                path, line, "cell-label", "a cell needs data-label: on a phone it is all that names the value"
            )
    for match in re.finditer(r"<style\b", bare):
        yield Problem(path, _line(bare, match.start()), "inline-style", "styles belong into a css file")


def _markup_problems(name: str, plain: str) -> Iterator[tuple[str, str]]:
    if re.search(r"(?<![\w-])style\s*=", plain):
        yield "inline-style", f"<{name} style=…> is blocked by the content security policy"
    if re.search(r"(?<![\w:@.-])on[a-z]+\s*=", plain) or re.search(r"\bhx-on\b", plain):
        yield "inline-handler", f"<{name}> has an inline handler; use Alpine.data or a script file"
    if re.search(r"""=\s*["']\s*javascript:""", plain):
        yield "inline-handler", f"<{name}> has a javascript: address"
    if name == "script" and not re.search(r"\bsrc=", plain) and 'type="application/json"' not in plain:
        yield "inline-script", "a script needs src; data goes into type=application/json"
    loads = name in {"script", "link", "img", "iframe", "source", "video", "audio", "use", "form"}
    if loads and re.search(r"""\b(src|href|action)=["'](https?:)?//""", plain):
        yield "foreign-origin", f"<{name}> would ask another origin"
    if name == "button" and not re.search(r"(?<![\w-])type=", plain):
        yield "button-type", "a button without type submits the form around it"
    if name == "img" and not re.search(r"(?<![\w-])alt=", plain):
        yield "img-alt", "an image needs alt (empty when it is decoration)"


def _references(path: str, bare: str, known: Known) -> Iterator[Problem]:
    for match in _STATIC.finditer(bare):
        if match.group(1) not in known.statics:
            yield Problem(path, _line(bare, match.start()), "static", f"there is no static file {match.group(1)}")
    for match in _ICON.finditer(bare):
        name = match.group(1) or match.group(2)
        if name not in known.icons:
            yield Problem(path, _line(bare, match.start()), "icon", f"there is no icon {name}")


def _untranslated(path: str, bare: str) -> Iterator[Problem]:
    rest = _TRANSLATED.sub(_blank, bare)
    for number, line in enumerate(rest.splitlines(), start=1):
        match = re.search(rf"[{HAN}][^<>{{}}\"]*", line)
        if match:
            yield Problem(path, number, "untranslated", f"stands in no translation tag: {match.group(0)[:24]}")


# --- words -----------------------------------------------------------------------------------------------------------


def _words(path: str, text: str, first_line: int = 1) -> Iterator[Problem]:
    for number, line in enumerate(text.splitlines(), start=first_line):
        for match in _HALF_WIDTH.finditer(line):
            around = line[max(0, match.start() - 6) : match.end() + 6].strip()
            yield Problem(path, number, "punctuation", f"full-width punctuation beside Chinese: {around}")


def check_python(path: str, source: str, known: Known) -> list[Problem]:
    """Chinese in string literals (patterns and docstrings apart), and English for every gettext call."""
    found: list[Problem] = []
    docstrings = _docstring_lines(source)
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        name = tokenize.tok_name[token.type]
        if name not in {"STRING", "FSTRING_MIDDLE"} or token.start[0] in docstrings:
            continue
        prefix = re.match(r"[a-zA-Z]*", token.string)
        raw = name == "STRING" and prefix is not None and "r" in prefix.group(0).lower()
        pattern = raw or "(?" in token.string
        if not pattern and _HAN.search(token.string):
            found += _words(path, token.string, token.start[0])
    found += _without_english(path, messages.python_messages(source), known)
    return _without_exceptions(found, source)


def _docstring_lines(source: str) -> set[int]:
    holders = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    lines = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, holders):
            for inner in node.body:  # attribute docstrings stand behind their attribute, the others at the top
                if isinstance(inner, ast.Expr) and isinstance(inner.value, ast.Constant):
                    lines.add(inner.lineno)
    return lines


def check_script(path: str, source: str) -> list[Problem]:
    """Chinese in a script file."""
    return _without_exceptions(list(_words(path, source)), source)


def check_catalogue(path: str, file: Path) -> list[Problem]:
    """A ``.po`` file: Chinese msgids are punctuated full-width, English texts hold no Chinese left over."""
    found: list[Problem] = []
    for entry in polib.pofile(str(file)):
        found += _words(path, entry.msgid, entry.linenum)
        texts = [entry.msgstr, *entry.msgstr_plural.values()]
        if "/en/" in path and any(_WIDE.search(text) for text in texts):
            found.append(Problem(path, entry.linenum, "english", f"Chinese in the English text: {entry.msgid[:24]}"))
    return found


def _without_english(path: str, found: Iterable[messages.Message], known: Known) -> Iterator[Problem]:
    for message in found:
        if _HAN.search(message.msgid) and message.msgid not in known.english:
            yield Problem(path, message.line, "english", f"has no English text: {message.msgid[:40]}")


# --- the whole package -----------------------------------------------------------------------------------------------

_EXCEPTION = re.compile(r"lint: ([\w-]+) - \S+")


def _without_exceptions(found: Iterable[Problem], source: str) -> list[Problem]:
    lines = source.splitlines()
    kept = []
    for problem in found:
        line = lines[problem.line - 1] if problem.line <= len(lines) else ""
        said = _EXCEPTION.search(line)
        if said is None or said.group(1) != problem.rule:
            kept.append(problem)
    return kept


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match.group(0))


def _line(source: str, offset: int) -> int:
    return source.count("\n", 0, offset) + 1


def known_of(package: Path = PACKAGE, allow: Path = ALLOW) -> Known:
    """Collect what templates of this package may refer to."""
    statics = {file.target for file in assets.read_lock().files}
    roots = [*package.glob("*/static"), *_library_statics()]
    statics |= {str(file.relative_to(root)) for root in roots for file in root.rglob("*") if file.is_file()}
    return Known(
        statics=frozenset(statics),
        icons=icons.names(),
        english=messages.english(package.glob("*/locale/en/LC_MESSAGES/*.po")),
        unsafe=frozenset(json.loads(allow.read_text(encoding="utf-8"))),
    )


def _library_statics() -> Iterator[Path]:
    from allauth import account, mfa  # noqa: PLC0415 - only the check needs to know where they are

    for library in (account, mfa):
        yield Path(str(library.__file__)).parent / "static"


def check_package(package: Path = PACKAGE) -> list[Problem]:
    """Every problem of every template, script, catalogue and Python file under ``package``."""
    known = known_of(package)
    found: list[Problem] = []
    for file in sorted(package.rglob("*")):
        path = file.relative_to(package).as_posix()
        if "/vendor/" in path or not file.is_file():
            continue
        if file.suffix == ".po":
            found += check_catalogue(path, file)
        elif file.suffix == ".py":
            found += check_python(path, file.read_text(encoding="utf-8"), known)
        elif file.suffix == ".js":
            found += check_script(path, file.read_text(encoding="utf-8"))
        elif file.suffix in {".html", ".txt"} and "/templates/" in path:
            found += check_template(path, file.read_text(encoding="utf-8"), known)
    gone = [path for path in known.unsafe if not (package / path).is_file()]
    found += [Problem(path, 1, "unsafe", "lint_allow.json names a template that is gone") for path in gone]
    return sorted(found)


def main() -> int:
    """Print every problem; exit 1 when there is one."""
    found = check_package()
    for problem in found:
        sys.stdout.write(f"{problem}\n")
    sys.stdout.write(
        f"{len(found)} problems in templates and words\n" if found else "Templates and words are in order\n"
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
