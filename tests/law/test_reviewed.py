"""The cases that lawyers review ship with the product: they agree with the law, and say so when they do not."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from click.testing import CliRunner

from guiyan.config.cli.evidence import law
from guiyan.kernel.results import Words
from guiyan.law.matrix.loading import FILES
from guiyan.law.matrix.model import MatrixGround
from guiyan.law.parameters import Parameters, statutory_parameters
from guiyan.law.reviewed import CaseKind, ReviewedCase, command, reviewed_cases, run
from guiyan.law.reviewed.loading import rule_case
from guiyan.law.reviewed.matrix_case import matrix_case, sources
from guiyan.law.rulebook import RULEBOOK

PARAMS = statutory_parameters()
EVERY = reviewed_cases()
HALF_WIDTH = re.compile(r"[一-鿿][,;:?!()]|[,;:?!()][一-鿿]")
A_CASE = next(case for case in EVERY if case.topic == "limitation.limitation")
RAW = {"case": 1, "name": {"zh": "甲", "en": "A"}, "facts": {"months": 3}, "verdict": "ALLOWED", "value": True}
SUBJECT = Words("竞业限制", "Non-compete")
RELEASE = RULEBOOK["noncompete_rules.release_for_default"]


@pytest.mark.parametrize("case", EVERY, ids=str)
def test_the_law_answers_as_the_lawyer_wrote(case: ReviewedCase) -> None:
    assert run(case, PARAMS).differences == ()


def test_every_ground_has_its_cases() -> None:
    assert {case.topic for case in EVERY if case.kind is CaseKind.MATRIX} == {one.value for one in MatrixGround}
    assert len(FILES) == len(MatrixGround)


def test_a_number_names_one_case_for_good() -> None:
    assert len({case.id for case in EVERY}) == len(EVERY)
    assert all(re.fullmatch(r"[^ ]+/\d+", case.id) for case in EVERY)
    names = [(case.topic, case.name) for case in EVERY]
    assert len(set(names)) == len(names)


def _words(case: ReviewedCase) -> list[Words]:
    rows = [words for row in case.facts for words in (row.label, row.value)]
    wanted = [words for one in case.expected for words in (one.label, one.shown)]
    return [case.subject, case.question, case.name, *rows, *wanted]


@pytest.mark.parametrize("case", EVERY, ids=str)
def test_a_page_can_show_a_case_in_both_languages_without_a_name_of_code(case: ReviewedCase) -> None:
    for words in _words(case):
        assert not HALF_WIDTH.search(words.zh), words
        assert not re.search(r"[，。：；（）、]", words.en), words
        assert not re.search(r"[a-z]_[a-z]", words.zh + words.en), words
        assert not re.search(r"[一-鿿]", words.en), words
    for words in (case.subject, case.question, case.name, *(row.label for row in case.facts)):
        assert re.search(r"[一-鿿]", words.zh), words


def test_every_source_of_an_exhibit_has_an_english_name_and_none_is_left_over() -> None:
    given = [case.given.evidence for case in EVERY if case.kind is CaseKind.MATRIX]
    assert {one.source for evidence in given for one in evidence.exhibits} - {None} == set(sources())


def _with(key: str, amount: str) -> Parameters:
    known = PARAMS.at(key, as_of=date(2026, 11, 22), region=None)
    return PARAMS.with_values([replace(known, effective_from=date(2026, 11, 1), amount=Decimal(amount))])


def test_a_changed_figure_shows_which_cases_change_their_answer() -> None:
    changed = [case.id for case in EVERY if not run(case, _with("layoff.headcount_min", "15")).matches]
    assert changed == ["dismissal_elements.layoff_applies/2"]
    (difference, *_) = run(
        next(case for case in EVERY if case.id == changed[0]), _with("layoff.headcount_min", "15")
    ).differences
    assert (difference.part, difference.expected.en, difference.found.en) == ("verdict", "Prohibited", "Allowed")


def test_a_figure_that_is_gone_is_a_difference_and_no_crash() -> None:
    fewer = Parameters(tuple(one for one in PARAMS.values if one.key != "limitation.months"))
    outcome = run(A_CASE, fewer)
    assert outcome.result is None
    assert [one.part for one in outcome.differences] == ["error"]
    assert "limitation.months" in outcome.differences[0].found.en


@pytest.mark.parametrize("part", ["verdict", "missing", "value.last_day", "value.barred_if_raised"])
def test_every_part_of_an_answer_is_compared(part: str) -> None:
    assert part in {one.part for one in A_CASE.expected}
    other = tuple(replace(one, wanted="else") if one.part == part else one for one in A_CASE.expected)
    assert [one.part for one in run(replace(A_CASE, expected=other), PARAMS).differences] == [part]


@pytest.mark.parametrize("head", ["verdict", "missing", "latest", "elements", "steps", "stake"])
def test_every_part_of_an_assessment_is_compared(head: str) -> None:
    found = [(case, one) for case in EVERY if case.kind is CaseKind.MATRIX for one in case.expected]
    case, part = next((case, one.part) for case, one in found if one.part.split(".")[0] == head)
    other = tuple(replace(one, wanted="else") if one.part == part else one for one in case.expected)
    assert [one.part for one in run(replace(case, expected=other), PARAMS).differences] == [part]


def test_true_is_not_taken_for_one() -> None:
    case = rule_case(RELEASE, RAW, SUBJECT)
    assert run(case, PARAMS).matches
    assert not run(rule_case(RELEASE, RAW | {"value": 1}, SUBJECT), PARAMS).matches


@pytest.mark.parametrize(
    "change",
    [
        {"facts": {"month": 3}},
        {"facts": {"months": "3"}},
        {"facts": {"months": True}},
        {"facts": {}},
        {"verdict": "MAYBE"},
        {"surplus": 1},
        {"case": None},
    ],
)
def test_a_case_that_is_not_right_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"release_for_default|MAYBE"):
        rule_case(RELEASE, RAW | change, SUBJECT)


def test_a_case_of_a_ground_that_is_not_right_is_refused() -> None:
    with pytest.raises(ValueError, match="not well formed"):
        matrix_case({"case": 1, "ground": "36", "expect": {}})


def test_the_command_counts_and_ends_well() -> None:
    done = CliRunner().invoke(law, ["reviewed"])
    assert (done.exit_code, done.output) == (0, f"{len(EVERY)} agree, 0 differ\n")


def test_the_command_names_what_differs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "statutory_parameters", lambda: _with("layoff.headcount_min", "15"))
    out = io.StringIO()
    assert command.run_reviewed(as_json=False, out=out) == 1
    assert "dismissal_elements.layoff_applies/2" in out.getvalue()
    assert "Prohibited → Allowed" in out.getvalue()
    assert out.getvalue().endswith(f"{len(EVERY) - 1} agree, 1 differ\n")


def test_as_json_every_case_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "statutory_parameters", lambda: _with("layoff.headcount_min", "15"))
    out = io.StringIO()
    assert command.run_reviewed(as_json=True, out=out) == 1
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [line["id"] for line in lines] == [case.id for case in EVERY]
    assert [line["id"] for line in lines if not line["matches"]] == ["dismissal_elements.layoff_applies/2"]


def test_a_file_that_is_not_right_ends_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> tuple[ReviewedCase, ...]:
        raise ValueError("rules/tax.yaml: not well formed")

    monkeypatch.setattr(command, "reviewed_cases", broken)
    out = io.StringIO()
    assert command.run_reviewed(as_json=False, out=out) == 2
    assert "rules/tax.yaml" in out.getvalue()
