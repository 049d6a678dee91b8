"""``guiyan import people``: the same bench from a terminal, with an exit status that a script can trust."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from python_calamine import CalamineWorkbook

from guiyan.config.cli import main, start
from guiyan.people.models import Person
from tests.people.world import row_counts
from tests.web.test_import_bench import ASKS, GOOD, ROSTER, _xlsx


@pytest.fixture
def run(tenant: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(start, "database_ready", lambda: None)

    def command(*words: object) -> Result:
        return CliRunner().invoke(main, ["import", "people", *map(str, words)])

    return command


@pytest.fixture
def good(tmp_path: Path) -> Path:
    file = tmp_path / "good.xlsx"
    file.write_bytes(_xlsx(GOOD))
    return file


def test_a_dry_run_says_everything_and_loads_nothing(run: Any, tmp_path: Path) -> None:
    report = tmp_path / "report.xlsx"
    before = row_counts()
    done = run(ROSTER, "--tenant", "alpha", "--dry-run", "--report", report, "--json")
    told = json.loads(done.output)
    assert done.exit_code == 3
    assert told["rows"] == told["accepted"] + told["refused"] + sum(told["skipped"].values())
    assert told["questions"]
    assert all(question["id"].count("!") >= 3 for question in told["questions"])
    assert CalamineWorkbook.from_path(report).sheet_names[:4] == ["修复", "问题", "拒绝", "对账"]
    assert row_counts() == before


def test_a_second_load_of_the_same_file_adds_nothing(run: Any, good: Path) -> None:
    first = run(good, "--tenant", "alpha")
    assert (first.exit_code, Person.objects.count()) == (0, 1)
    before = row_counts()
    second = run(good, "--tenant", "alpha", "--json")
    assert second.exit_code == 0
    assert json.loads(second.output)["batch"] is None
    assert row_counts() == before


def test_questions_are_answered_by_a_file_and_never_by_the_command(run: Any, tmp_path: Path) -> None:
    file, answers = tmp_path / "asks.xlsx", tmp_path / "answers.json"
    file.write_bytes(_xlsx(GOOD, ASKS))
    told = json.loads(run(file, "--tenant", "alpha", "--dry-run", "--json").output)
    assert (told["accepted"], told["refused"]) == (1, 1)
    answers.write_text(json.dumps({told["questions"][0]["id"]: "empty"}), encoding="utf-8")
    done = run(file, "--tenant", "alpha", "--answers", answers)
    assert done.exit_code == 0
    assert Person.objects.count() == 2


@pytest.mark.parametrize("content", [b"", b"not a spreadsheet", b"PK\x03\x04broken"])
def test_a_file_that_cannot_be_used_ends_with_2(run: Any, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "bad.xlsx"
    file.write_bytes(content)
    done = run(file, "--tenant", "alpha", "--json")
    assert done.exit_code == 2
    assert json.loads(done.output)["error"]


def test_whatever_is_not_loaded_is_listed_with_its_reason(run: Any, tmp_path: Path) -> None:
    file = tmp_path / "leftovers.csv"
    text = "工号,姓名,部门,入职日期,籍贯\nW01,张一,部,2023-02-30,沪\nW02,张二,部,2020-01-01,沪\n合计,2人\n"
    file.write_text(text, encoding="gb18030")
    done = run(file, "--tenant", "alpha", "--json")
    told = json.loads(done.output)
    assert (done.exit_code, told["accepted"], told["refused"]) == (3, 1, 1)
    assert [(row["row"], row["field"]) for row in told["refusals"]] == [(2, "hire_date")]
    assert all(row["why"] and row["why_en"] for row in told["refusals"])
    assert [(row["row"], row["kind"]) for row in told["rows_skipped"]] == [(1, "header"), (4, "total")]
    assert [column["header"] for column in told["columns_not_loaded"]] == ["籍贯"]
    assert told["sheets_not_read"] == []


def test_a_roster_without_people_ends_with_2(run: Any, tmp_path: Path) -> None:
    file = tmp_path / "empty.csv"
    file.write_text("工号,姓名,部门,入职日期\n", encoding="utf-8")
    done = run(file, "--tenant", "alpha", "--json")
    assert done.exit_code == 2
    assert json.loads(done.output)["error"]


def test_answers_that_belong_elsewhere_end_with_2(run: Any, good: Path, tmp_path: Path) -> None:
    answers = tmp_path / "answers.json"
    for text in ("not json", "[1]", json.dumps({"$file": "0" * 64})):
        answers.write_text(text, encoding="utf-8")
        assert run(good, "--tenant", "alpha", "--answers", answers).exit_code == 2
    assert Person.objects.count() == 0


def test_an_unknown_tenant_is_named(run: Any, good: Path) -> None:
    done = run(good, "--tenant", "nobody")
    assert done.exit_code == 1
    assert "nobody" in done.output
