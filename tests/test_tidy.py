"""The house rules that a machine can hold: each finding names the file, the line and what to do instead."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "guiyan"
LINES_MAX = 600
CLOCK_READERS = {
    "platform/clock.py",
    "platform/ids.py",
    "config/cli/start.py",
    "integrations/fake/mailbox.py",
    "ledger/sequencer.py",
    "ledger/opening.py",
}
TRANSACTION_OPENERS = {
    "platform/acting.py",
    "platform/middleware.py",
    "platform/tenancy/provision.py",
    "ledger/opening.py",  # set-up, as the migrator
}
FORBIDDEN_WORDS = re.compile(
    r"registry\.npmjs|pypi\.org|files\.pythonhosted|/work/|/root/|\bsubagent\b|\bTODO\b|\bFIXME\b|\bXXX\b"
)
TEXT_SUFFIXES = {
    ".py",
    ".html",
    ".css",
    ".js",
    ".md",
    ".toml",
    ".yaml",
    ".sql",
    ".txt",
    ".json",
    ".bpmn",
    ".typ",
    ".po",
}


def sources() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts)


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def calls(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield the line and the dotted name of every call."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node.lineno, ast.unparse(node.func)


def wall_clock_reads(text: str) -> list[int]:
    """Return the lines that read the machine's clock for a date or a moment."""
    names = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "timezone.now", "time.time"}
    return [line for line, name in calls(ast.parse(text)) if name in names]


def transactions(text: str) -> list[int]:
    """Return the lines that open a transaction."""
    return [line for line, name in calls(ast.parse(text)) if name.split(".")[-1] == "atomic"]


def floats(text: str) -> list[int]:
    """Return the lines with a float literal or a call of float."""
    tree = ast.parse(text)
    literal = [n.lineno for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, float)]
    return literal + [line for line, name in calls(tree) if name == "float"]


def test_the_checks_can_fail() -> None:
    assert wall_clock_reads("from datetime import datetime\nx = datetime.now()") == [2]
    assert transactions("with transaction.atomic():\n    pass") == [1]
    assert floats("x = 1.5\ny = float('2')") == [1, 2]
    assert FORBIDDEN_WORDS.search("see /work/main")


@pytest.mark.parametrize("path", sources(), ids=name_of)
def test_business_code_never_reads_the_wall_clock(path: Path) -> None:
    if name_of(path) in CLOCK_READERS:
        return
    assert wall_clock_reads(path.read_text()) == [], "ask guiyan.platform.clock, or take `now` as an argument"


@pytest.mark.parametrize("path", sources(), ids=name_of)
def test_transactions_are_opened_by_actions_alone(path: Path) -> None:
    if name_of(path) in TRANSACTION_OPENERS:
        return
    assert transactions(path.read_text()) == [], "decorate the function with @action"


@pytest.mark.parametrize(
    "path", [*sorted((PACKAGE / "law").rglob("*.py")), PACKAGE / "kernel" / "money.py"], ids=name_of
)
def test_law_and_money_know_no_float(path: Path) -> None:
    assert floats(path.read_text()) == [], "money and rates are Decimal"


@pytest.mark.parametrize("path", sources(), ids=name_of)
def test_a_file_that_long_is_a_package(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= LINES_MAX


@pytest.mark.parametrize("path", sources(), ids=name_of)
def test_every_module_says_what_it_is(path: Path) -> None:
    if path.read_text().strip():
        assert ast.get_docstring(ast.parse(path.read_text())), "begin with a sentence that says what the module is for"


def tracked() -> list[Path]:
    """Return the repository's text files, without what set-up fetches or builds."""
    skipped = {".git", ".venv", ".state", "node_modules", "vendor", "build", "dist", "__pycache__", ".mypy_cache"}
    found = []
    for folder in ("src", "docs", "bench", "tests", ".ci"):
        found += [p for p in (ROOT / folder).rglob("*") if p.is_file() and not skipped & set(p.parts)]
    found += [
        ROOT / name
        for name in ("README.md", "README.zh-CN.md", "CHANGELOG.md", "Makefile", "pyproject.toml", "package.json")
    ]
    return [path for path in found if path.suffix in TEXT_SUFFIXES or path.name == "Makefile"]


def test_no_address_of_a_registry_or_machine_is_written_anywhere() -> None:
    own = Path(__file__)
    hits = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in tracked()
        if path != own and path.exists()
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1)
        if FORBIDDEN_WORDS.search(line)
    ]
    assert hits == []


def test_every_module_is_used() -> None:
    """A module that nobody imports and nothing runs is dead."""
    text = "\n".join(path.read_text() for path in [*sources(), *ROOT.glob("tests/**/*.py"), *ROOT.glob("bench/*.py")])
    text += (ROOT / "Makefile").read_text() + (ROOT / "pyproject.toml").read_text()
    found_by_name = {"apps", "models", "tasks", "subscribers", "urls", "wsgi", "settings", "__init__", "__main__"}
    dead = [
        name_of(path)
        for path in sources()
        if path.stem not in found_by_name
        and "templatetags" not in path.parts
        and not re.search(rf"\b{path.stem}\b", text.replace(path.read_text(), ""))
    ]
    assert dead == []
