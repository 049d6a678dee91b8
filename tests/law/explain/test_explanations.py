"""An answer can be kept as JSON and read in two languages, step by step, to the last article."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from tests.law.ending_cases import AS_OF, PARAMS, PLAIN, REGION, blanked, random_case, random_gaps

from guiyan.kernel.results import Computed, Confidence, Finding, Reasoned, Step, Verdict, Words
from guiyan.law.ending import judge_ending
from guiyan.law.explain import (
    CONFIDENCE_WORDS,
    VERDICT_WORDS,
    Document,
    Language,
    Line,
    LineKind,
    document,
    lines,
)
from guiyan.law.explain.document import StepDoc, plain
from guiyan.law.severance import SeveranceFacts, Tenure, severance_amount

CHINESE = re.compile(r"[　-〿一-鿿＀-￯]")


def some_results(seed: int, count: int) -> list[Finding[Any]]:
    dice = Random(seed)
    return [
        judge_ending(random_gaps(dice, random_case(dice)), as_of=AS_OF, region=REGION, params=PARAMS)
        for _ in range(count)
    ]


def shape(line: Line) -> tuple[object, ...]:
    return line.depth, line.kind, line.value, len(line.cites), line.place, line.since


def test_a_document_survives_json() -> None:
    for result in some_results(1, 300):
        told = document(result)
        back: Document = json.loads(json.dumps(told, ensure_ascii=False, allow_nan=False))
        assert back == told
        for language in Language:
            assert lines(back, language) == lines(told, language)


def test_both_languages_have_the_same_shape() -> None:
    for result in some_results(2, 400):
        told = document(result)
        zh, en = lines(told, Language.ZH), lines(told, Language.EN)
        assert [shape(line) for line in zh] == [shape(line) for line in en]
        assert all(line.text for line in (*zh, *en))


def test_an_english_sentence_has_no_chinese_in_it_and_a_chinese_one_does() -> None:
    for result in some_results(3, 400):
        told = document(result)
        for line in lines(told, Language.EN):
            assert not CHINESE.search(line.text), line
        for line in lines(told, Language.ZH):
            assert line.kind is LineKind.FIGURE or CHINESE.search(line.text), line


def test_every_leaf_of_the_tree_cites_and_no_brace_is_left() -> None:
    def walk(step: StepDoc) -> None:
        assert step["steps"] or step["cites"], step
        assert "{" not in step["says"]["zh"] + step["says"]["en"]
        for child in step["steps"]:
            walk(child)

    for result in some_results(4, 400):
        for step in document(result)["steps"]:
            walk(step)


def test_the_depth_of_a_line_grows_one_at_a_time() -> None:
    for result in some_results(5, 200):
        told = lines(document(result), Language.ZH)
        assert told[0].depth == 0
        assert all(after.depth <= before.depth + 1 for before, after in pairwise(told))


def test_what_a_reader_sees_of_a_finding() -> None:
    result = judge_ending(blanked(PLAIN, "avg12"), as_of=AS_OF, region="北京", params=PARAMS)
    told = lines(document(result), Language.EN)
    assert told[0] == Line(0, LineKind.VERDICT, "Cannot be judged yet: facts are missing", "INDETERMINATE")
    assert told[1] == Line(1, LineKind.LAW, "By the law in force on 2026-11-24", "2026-11-24", place="北京")
    missing = [line for line in told if line.kind is LineKind.MISSING]
    assert [line.value for line in missing] == ["avg12"]
    notice = next(line for line in told if "Notice of 30 days is given" in line.text)
    assert (notice.value, notice.cites) == ("2026-12-30", ("Labour Contract Law, Art. 40",))
    figure = told[told.index(notice) + 1]
    assert figure == Line(
        notice.depth + 1,
        LineKind.FIGURE,
        "Days of notice of a dismissal without fault",
        "30",
        ("Labour Contract Law, Art. 40",),
        since="2008-01-01",
    )
    chinese = lines(document(result), Language.ZH)
    assert chinese[0].text == "事实不足，暂不能判断"
    assert "《劳动合同法》第四十条" in {cite for line in chinese for cite in line.cites}


def test_a_calculation_is_told_too() -> None:
    facts = SeveranceFacts(Tenure(date(2020, 1, 1), date(2026, 6, 30)), Decimal(12000), Decimal(9000), None, 1)
    result = severance_amount(facts, as_of=AS_OF, region=None, params=PARAMS)
    told = document(result)
    assert told["verdict"] is None
    assert told["value"] == {"n_months": "7", "base": "12000.00", "amount": "84000.00", "capped": False}
    assert told["steps"][1]["inputs"] == {"avg12": "12000", "local_avg_month": "9000", "limit": "27000"}
    assert [figure["key"] for figure in told["steps"][1]["parameters"]] == ["severance.cap_wage_multiple"]
    assert lines(told, Language.ZH)[0] == Line(0, LineKind.VERDICT, "计算结果")


def test_a_review_is_asked_for_in_words() -> None:
    step = Step(Words("须核对。", "To be checked."))
    result: Reasoned = Computed(as_of=AS_OF, region=None, steps=(step,), human_review=True, value=Decimal("1.50"))
    told = lines(document(result), Language.EN)
    assert told[0].value == "1.50"
    assert told[-1] == Line(1, LineKind.REVIEW, "A named person must review this")


def test_every_word_of_the_closed_lists_has_both_languages() -> None:
    assert set(VERDICT_WORDS) == set(Verdict)
    assert set(CONFIDENCE_WORDS) == set(Confidence)
    for words in (*VERDICT_WORDS.values(), *CONFIDENCE_WORDS.values()):
        assert CHINESE.search(words.zh)
        assert not CHINESE.search(words.en)


@dataclass(frozen=True)
class Loose:
    number: float


def test_a_value_that_is_not_exact_is_refused() -> None:
    with pytest.raises(TypeError, match="float"):
        plain(Loose(0.1))
    assert plain({"a": frozenset({"y", "x"}), "b": Decimal("1E+3"), "c": (date(2026, 1, 2), None)}) == {
        "a": ["x", "y"],
        "b": "1000",
        "c": ["2026-01-02", None],
    }
