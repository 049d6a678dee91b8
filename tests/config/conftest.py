"""Installations of their own, each in a fresh folder, driven through the command line as an administrator would."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

SECONDS_MAX = 120


@dataclass
class Installation:
    """A ``GUIYAN_HOME`` and a way to run commands in it. ``outside`` is the URL of a database that is not its own."""

    home: Path
    outside: str = ""

    @property
    def environment(self) -> dict[str, str]:
        """The environment of its processes."""
        kept = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "GUIYAN_DEMO"}}
        outside = {"DATABASE_URL": self.outside} if self.outside else {}
        return {**kept, **outside, "GUIYAN_HOME": str(self.home), "DJANGO_SETTINGS_MODULE": "guiyan.config.settings"}

    def run(self, *words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run ``guiyan`` with these words."""
        return self._python("-m", "guiyan", *words, stdin=stdin)

    def script(self, code: str) -> str:
        """Run Python code inside the installation and return what it printed; fails when it fails."""
        done = self._python("-c", code)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _python(self, *words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *words],
            env=self.environment,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=SECONDS_MAX,
            check=False,
        )


def _fresh() -> Iterator[Installation]:
    folder = Path(tempfile.mkdtemp(prefix="guiyan-test-", dir="/tmp"))
    folder.chmod(0o755)
    yield Installation(folder)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def here() -> Iterator[Installation]:
    """An empty installation."""
    yield from _fresh()


@pytest.fixture
def elsewhere() -> Iterator[Installation]:
    """Another empty installation."""
    yield from _fresh()
