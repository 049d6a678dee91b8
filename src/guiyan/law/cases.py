"""Runs a file of cases: the body of `guiyan law cases FILE.jsonl [--topics a,b] [--json]`.

A line is a JSON object with `id`, `topic`, `inputs` and `expected`. The result is computed from topic and inputs alone,
and the keys that `expected` names are compared. No database, no clock, no network.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TextIO

from guiyan.kernel.results import Step
from guiyan.law.case_inputs import CaseInputs
from guiyan.law.case_topics import TOPICS, Answer, Json, Law
from guiyan.law.parameters import RULES_CHECKED_ON, ParameterMissing, statutory_parameters

LINE_CHARS_MAX = 1_000_000
LINES_MAX = 100_000
EXIT_PASSED, EXIT_FAILED, EXIT_UNREADABLE = 0, 1, 2


class CaseError(ValueError):
    """A case that cannot be computed, with the reason."""


class UnknownTopic(CaseError):
    """A case of a topic that this version does not know."""


@dataclass(frozen=True, slots=True)
class _Case:
    """A line of the file: its name, and its content or what is wrong with it."""

    name: str
    content: Mapping[str, object]
    problem: str | None


@dataclass(slots=True)
class _Tally:
    passed: int = 0
    failed: int = 0
    unknown: int = 0

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.unknown} unknown"


def run_cases(
    path: Path, topics: Collection[str] | None, as_json: bool, out: TextIO, *, as_of: date = RULES_CHECKED_ON
) -> int:
    """Compute every case of the file, of the given topics only where they are given, and write to `out`.

    Writes a line per mismatch and `N passed, M failed, K unknown` at the end; with `as_json` instead one JSON object
    per case, `{"id", "result", "cites", "steps"}`, with "error" where it could not be computed. A line that is not a
    case is a failure, a topic not known is unknown. Returns 0 when all passed, 1 when not, 2 when the file cannot be
    read. `as_of` is the day whose law is applied.
    """
    law = Law(as_of, None, statutory_parameters())
    tally = _Tally()
    try:
        with path.open(encoding="utf-8-sig") as lines:
            for case in _cases(lines):
                if topics is not None and case.problem is None and case.content.get("topic") not in topics:
                    continue
                _run(case, law, tally, as_json=as_json, out=out)
    except (OSError, UnicodeDecodeError) as error:
        reason = f"cannot read {path.name}: {error}"
        out.write(f"{json.dumps({'error': reason}) if as_json else reason}\n")
        return EXIT_UNREADABLE
    if not as_json:
        out.write(f"{tally}\n")
    return EXIT_PASSED if tally.failed == tally.unknown == 0 else EXIT_FAILED


def compute(topic: object, inputs: object, law: Law) -> tuple[Answer, tuple[str, ...]]:
    """The answer for one case and the inputs that were not used. Raises CaseError with every reason against it."""
    rule = TOPICS.get(topic) if isinstance(topic, str) else None
    if rule is None:
        raise UnknownTopic(f"unknown topic: {topic}")
    if not isinstance(inputs, dict):
        raise CaseError("inputs must be an object")
    given = CaseInputs(inputs)
    try:
        return rule(given, law), given.unused
    except (ValueError, OverflowError, ParameterMissing) as error:
        raise CaseError(str(error)) from error


def _cases(lines: TextIO) -> Iterator[_Case]:
    for number, line in enumerate(lines, start=1):
        if number > LINES_MAX:
            yield _Case(f"line {number}", {}, f"a file holds at most {LINES_MAX} lines")
            return
        if line.strip():
            yield _read(f"line {number}", line)


def _read(place: str, line: str) -> _Case:
    if len(line) > LINE_CHARS_MAX:
        return _Case(place, {}, f"a line holds at most {LINE_CHARS_MAX} characters")
    try:
        content = json.loads(
            line, parse_float=Decimal, parse_constant=_refuse_constant, object_pairs_hook=_without_repetition
        )
    except (ValueError, RecursionError) as error:
        return _Case(place, {}, f"not JSON: {error}")
    if not isinstance(content, dict):
        return _Case(place, {}, "a case must be a JSON object")
    name = content.get("id")
    if not isinstance(name, str | int) or isinstance(name, bool):
        return _Case(place, content, "a case needs an id")
    expected = content.get("expected", {})
    return _Case(str(name), content, None if isinstance(expected, dict) else "expected must be an object")


def _without_repetition(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """A key said twice says two things: neither is chosen."""
    content = dict(pairs)
    if len(content) < len(pairs):
        twice = next(key for place, (key, _) in enumerate(pairs) if key in dict(pairs[:place]))
        raise ValueError(f"the key {twice[:80]} comes twice")
    return content


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number")


def _run(case: _Case, law: Law, tally: _Tally, *, as_json: bool, out: TextIO) -> None:
    try:
        if case.problem is not None:
            raise CaseError(case.problem)
        answer, unused = compute(case.content.get("topic"), case.content.get("inputs"), law)
    except CaseError as error:
        if isinstance(error, UnknownTopic):
            tally.unknown += 1
        else:
            tally.failed += 1
        if as_json:
            _write_json({"id": case.name, "result": {}, "cites": [], "steps": [], "error": str(error)}, out)
        else:
            out.write(f"{case.name}: {error}\n")
        return
    mismatches = _mismatches(case.content.get("expected"), answer.result)
    tally.failed += bool(mismatches)
    tally.passed += not mismatches
    if as_json:
        _write_json(_printed(case.name, answer, unused), out)
        return
    for mismatch in mismatches:
        out.write(f"{case.name}: {mismatch}\n")


def _mismatches(expected: object, result: Mapping[str, Json]) -> list[str]:
    wanted = expected if isinstance(expected, dict) else {}
    found = []
    for key, value in wanted.items():
        if key not in result:
            found.append(f"{key}: expected {_shown(value)}, but there is no such result")
        elif not _same(key, value, result[key]):
            found.append(f"{key}: expected {_shown(value)}, got {_shown(result[key])}")
    return found


def _same(key: str, expected: object, actual: Json) -> bool:
    """Equal value and type; the order of what is missing does not matter, and 1 is not true."""
    if key == "missing" and isinstance(expected, list) and isinstance(actual, list):
        return sorted(map(str, expected)) == sorted(map(str, actual))
    if isinstance(expected, bool) or isinstance(actual, bool):
        return expected is actual
    return expected == actual


def _shown(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _printed(name: str, answer: Answer, unused: tuple[str, ...]) -> dict[str, Json]:
    steps = [_step(step) for step in answer.reasoned.steps]
    if unused:
        steps.append({"zh": f"没有用到的输入：{'、'.join(unused)}", "en": f"Inputs not used: {', '.join(unused)}"})
    cites: list[Json] = [str(cite) for cite in answer.reasoned.cites]
    return {"id": name, "result": dict(answer.result), "cites": cites, "steps": list(steps)}


def _step(step: Step) -> dict[str, Json]:
    cites: list[Json] = [str(cite) for cite in step.cites]
    return {"zh": step.says.zh, "en": step.says.en, "value": step.value, "cites": cites}


def _write_json(line: Mapping[str, Json], out: TextIO) -> None:
    out.write(json.dumps(line, ensure_ascii=False) + "\n")
