"""The command's contract: what it prints, what it counts, what it refuses, and that it never reads the answers."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from guiyan.law.case_topics import TOPICS
from guiyan.law.cases import run_cases

CONTRACT = Path(__file__).parent / "cases" / "contract.jsonl"
GOOD = {"id": "a", "topic": "period.days", "inputs": {"start_event": "2026-03-01", "days": 30}}


def run(file: Path, topics: list[str] | None = None, *, as_json: bool = False) -> tuple[int, list[str]]:
    out = io.StringIO()
    return run_cases(file, topics, as_json, out), out.getvalue().splitlines()


def write(folder: Path, *cases: dict[str, Any] | str) -> Path:
    file = folder / "cases.jsonl"
    lines = [case if isinstance(case, str) else json.dumps(case, ensure_ascii=False) for case in cases]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def case(topic: str, inputs: object, expected: dict[str, Any] | None = None, name: str = "x") -> dict[str, Any]:
    return {"id": name, "topic": topic, "inputs": inputs, "expected": expected or {}}


def test_the_contract_cases_pass() -> None:
    assert run(CONTRACT) == (0, ["90 passed, 0 failed, 0 unknown"])


def test_the_contract_names_every_topic_we_know() -> None:
    topics = {json.loads(line)["topic"] for line in CONTRACT.read_text("utf-8").splitlines()}
    assert topics == set(TOPICS)


def test_topics_choose_cases() -> None:
    code, lines = run(CONTRACT, ["resignation.withdrawal", "period.days"])
    assert (code, lines) == (0, ["8 passed, 0 failed, 0 unknown"])


def test_results_come_from_topic_and_inputs_alone(tmp_path: Path) -> None:
    """Without answers and under other names every result is the same."""
    cases = [json.loads(line) for line in CONTRACT.read_text("utf-8").splitlines()]
    blind = [{"id": n, "topic": one["topic"], "inputs": one["inputs"]} for n, one in enumerate(cases)]
    _, told = run(CONTRACT, as_json=True)
    _, untold = run(write(tmp_path, *blind), as_json=True)
    assert [json.loads(line)["result"] for line in told] == [json.loads(line)["result"] for line in untold]


def test_json_gives_one_line_per_case_with_result_authorities_and_steps() -> None:
    code, lines = run(CONTRACT, as_json=True)
    assert code == 0
    assert len(lines) == 90
    for line in lines:
        answer = json.loads(line)
        assert set(answer) == {"id", "result", "cites", "steps"}
        assert answer["cites"]
        assert answer["steps"]
        assert all(cite.startswith("《") for cite in answer["cites"])


def test_a_mismatch_prints_a_line_and_fails(tmp_path: Path) -> None:
    code, lines = run(write(tmp_path, GOOD | {"expected": {"last_day": "2026-03-30", "other": 1}}))
    assert code == 1
    assert lines == [
        'a: last_day: expected "2026-03-30", got "2026-03-31"',
        "a: other: expected 1, but there is no such result",
        "0 passed, 1 failed, 0 unknown",
    ]


def test_an_unknown_topic_is_unknown_and_not_a_pass(tmp_path: Path) -> None:
    code, lines = run(write(tmp_path, GOOD, case("horoscope", {}), case("horoscope", "no")))
    assert code == 1
    assert lines[-1] == "1 passed, 0 failed, 2 unknown"
    assert "unknown topic: horoscope" in lines[0]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{not json", "not JSON"),
        ('{"id": "x", "topic": "period.days", "inputs": {"days": 30, "days": 15}}', "the key days comes twice"),
        ("[1, 2]", "must be a JSON object"),
        ('{"topic": "period.days", "inputs": {}}', "needs an id"),
        ('{"id": true, "topic": "period.days", "inputs": {}}', "needs an id"),
        ('{"id": "x", "topic": "period.days"}', "inputs must be an object"),
        ('{"id": "x", "topic": "period.days", "inputs": [], "expected": {}}', "inputs must be an object"),
        ('{"id": "x", "topic": "period.days", "inputs": {}, "expected": 3}', "expected must be an object"),
        ('{"id": "x", "topic": "period.days", "inputs": {"days": NaN}}', "NaN is not a number"),
        ("[" * 100_000, "not JSON"),
    ],
)
def test_a_line_that_is_no_case_fails_with_its_reason(line: str, reason: str, tmp_path: Path) -> None:
    code, lines = run(write(tmp_path, line, GOOD))
    assert code == 1
    assert reason in lines[0]
    assert lines[-1] == "1 passed, 1 failed, 0 unknown"


@pytest.mark.parametrize(
    ("topic", "inputs", "reasons"),
    [
        ("period.days", {}, ["required input missing: start_event", "required input missing: days"]),
        ("period.days", {"start_event": "2026-02-30", "days": 1}, ["start_event must be a date"]),
        ("period.days", {"start_event": "20260301", "days": 1}, ["start_event must be a date"]),
        ("period.days", {"start_event": "2026-03-01", "days": 1.5}, ["days must be a whole number, not 1.5"]),
        ("period.days", {"start_event": "2026-03-01", "days": -3}, ["days must be a number from 0 up"]),
        ("period.days", {"start_event": "2026-03-01", "days": 0}, ["at least one day"]),
        ("period.days", {"start_event": "2026-03-01", "days": True}, ["days must be a number"]),
        ("period.days", {"start_event": "2026-03-01", "days": "1e12"}, []),
        (
            "period.days",
            {"start_event": 20260301, "days": "x"},
            ["start_event must be a date", "days must be a number"],
        ),
        ("prohibited_termination", {"ground": "40(2)"}, ["required input missing: status"]),
        ("prohibited_termination", {"status": [], "ground": "40(9)"}, ["ground must be one of"]),
        ("prohibited_termination", {"status": ["tired"], "ground": "36"}, ["status must be one of"]),
        ("prohibited_termination", {"status": "pregnant", "ground": "36"}, ["status must be a list"]),
        ("delivery.validity", {"channel": "pigeon"}, ["channel must be one of"]),
        ("delivery.validity", {}, ["required input missing: channel"]),
        ("delivery.validity", {"channel": "ems", "result": "lost"}, ["result must be one of"]),
        ("delivery.validity", {"channel": "in_person", "signed": "yes"}, ["signed must be true or false"]),
        ("resignation.withdrawal", {"employer_consents": "maybe"}, ["employer_consents must be one of"]),
        ("resignation.withdrawal", {"channel": "app"}, ["channel must be one of"]),
        ("double_wage.window", {"hire_date": "2026-01-01"}, ["required input missing: signed_date"]),
        ("severance.tenure", {"hire_date": "2026-02-01", "last_day": "2026-01-01"}, ["cannot end on"]),
        ("retirement", {"category": "F", "birth_year": 1972, "birth_month": 3}, ["one of M60, F55, F50"]),
        ("retirement", {"category": "F55", "birth_year": 1972, "birth_month": 13}, ["month"]),
        ("tax.cumulative", {"months": [{"gross": 1}, {"si": "x"}]}, ["months[1]: required", "months[2]: si must be"]),
    ],
)
def test_bad_inputs_fail_with_every_reason(
    topic: str, inputs: dict[str, Any], reasons: list[str], tmp_path: Path
) -> None:
    code, lines = run(write(tmp_path, case(topic, inputs)))
    assert code == 1
    assert lines[-1] == "0 passed, 1 failed, 0 unknown"
    for reason in reasons:
        assert reason in lines[0]


def test_numbers_may_be_numbers_or_text_and_stay_exact(tmp_path: Path) -> None:
    inputs = {"avg12": "17434.48", "agreed_months": "36", "min_wage": 2540}
    expected = {"total_unrounded": "125528.26", "months": 24}
    assert run(write(tmp_path, case("noncompete.comp", inputs, expected)))[0] == 0
    assert run(write(tmp_path, case("si.late_fee", {"owed": 0.1, "days": 30}, {"fee": "0.00"})))[0] == 0


def test_true_is_not_one_and_text_is_not_a_number(tmp_path: Path) -> None:
    inputs = {"kind": "task"}
    assert run(write(tmp_path, case("probation.max", inputs, {"max_months": False})))[0] == 1
    assert run(write(tmp_path, case("probation.max", inputs, {"max_months": "0"})))[0] == 1
    assert run(write(tmp_path, case("probation.max", inputs, {"max_months": 0.0})))[0] == 0


def test_missing_facts_are_compared_in_any_order(tmp_path: Path) -> None:
    expected = {"verdict": "INDETERMINATE", "missing": ["end", "start"]}
    assert run(write(tmp_path, case("probation.max", {"kind": "fixed"}, expected)))[0] == 0


def test_inputs_that_no_rule_reads_are_named(tmp_path: Path) -> None:
    inputs = GOOD["inputs"] | {"weather": "fine"}  # type: ignore[operator]
    _, lines = run(write(tmp_path, case("period.days", inputs)), as_json=True)
    assert "weather" in json.loads(lines[0])["steps"][-1]["en"]


def test_a_case_that_cannot_be_computed_still_has_its_json_line(tmp_path: Path) -> None:
    code, lines = run(write(tmp_path, "nonsense", case("horoscope", {}), GOOD), as_json=True)
    assert code == 1
    assert len(lines) == 3
    assert ["error" in json.loads(line) for line in lines] == [True, True, False]


def test_blank_lines_and_a_byte_order_mark_do_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_text("\ufeff" + json.dumps(GOOD) + "\n\n   \n", encoding="utf-8")
    assert run(file) == (0, ["1 passed, 0 failed, 0 unknown"])


def test_a_file_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    code, lines = run(tmp_path / "absent.jsonl")
    assert code == 2
    assert "cannot read absent.jsonl" in lines[0]
    _, lines = run(tmp_path / "absent.jsonl", as_json=True)
    assert "cannot read" in json.loads(lines[0])["error"]
    binary = tmp_path / "binary.jsonl"
    binary.write_bytes(b"\xff\xfe\x00")
    assert run(binary)[0] == 2


def test_law_runs_without_the_web_framework_and_the_database() -> None:
    code = (
        "import sys; from guiyan.law import cases; "
        "sys.exit(any(name.split('.')[0] in {'django', 'psycopg', 'procrastinate', 'httpx'} for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
