"""The reviewed cases of every rule, and what holds of every rule they name."""

from __future__ import annotations

import re
import typing
from dataclasses import fields, replace

import pytest

from guiyan.kernel.results import Finding, Step, Verdict
from guiyan.law.citations import Cite
from guiyan.law.parameters import RULES_CHECKED_ON, statutory_parameters
from guiyan.law.reviewed import CaseKind, ReviewedCase, reviewed_cases
from guiyan.law.reviewed.running import ask
from guiyan.law.reviewed.writing import build
from guiyan.law.rulebook import RULEBOOK

PARAMS = statutory_parameters()
EVERY = [case for case in reviewed_cases() if case.kind is CaseKind.RULE]
RULES = sorted(RULEBOOK)
HALF_WIDTH = re.compile(r"[一-鿿][,;:?!()]|[,;:?!()][一-鿿]")


def test_every_rule_of_the_book_has_its_cases() -> None:
    assert {case.topic for case in EVERY} == set(RULEBOOK)


@pytest.mark.parametrize("case", EVERY, ids=str)
def test_every_answer_cites_and_speaks_two_languages(case: ReviewedCase) -> None:
    found = ask(case, PARAMS)
    assert found.steps or (isinstance(found, Finding) and found.missing)
    asked = [one.asks for one in found.missing] if isinstance(found, Finding) else []
    told = [*found.conditions] if isinstance(found, Finding) else []
    leaves = [leaf for step in found.steps for leaf in _leaves(step)]
    for words in [*(leaf.says for leaf in leaves), *asked, *told]:
        assert re.search(r"[一-鿿]", words.zh)
        assert not re.search(r"[一-鿿]", words.en), words.en
        assert not HALF_WIDTH.search(words.zh), words.zh
        assert words.zh[-1] in "。？"
        assert words.en[-1] in ".?"
    assert all(leaf.cites for leaf in leaves)


@pytest.mark.parametrize("case", EVERY, ids=str)
def test_every_authority_was_in_force_on_the_day(case: ReviewedCase) -> None:
    for cite in ask(case, PARAMS).cites:
        assert isinstance(cite, Cite)
        assert cite.source.in_force_on(case.as_of), cite


def _closed(case: ReviewedCase) -> bool:
    return any(one.part == "verdict" and one.wanted == "PROHIBITED" for one in case.expected)


@pytest.mark.parametrize("case", [case for case in EVERY if _closed(case)], ids=str)
def test_a_fact_less_never_opens_what_was_closed(case: ReviewedCase) -> None:
    hints = typing.get_type_hints(type(case.given))
    for one in fields(case.given):
        if type(None) in typing.get_args(hints[one.name]):
            found = ask(replace(case, given=replace(case.given, **{one.name: None})), PARAMS)
            assert isinstance(found, Finding)
            assert found.verdict.stops, one.name


def _leaves(step: Step) -> list[Step]:
    """The steps under a heading, or the step itself."""
    return [leaf for child in step.children for leaf in _leaves(child)] if step.children else [step]


def _nothing_known(name: str) -> object | None:
    """Facts of the rule with nothing known; None when the rule needs some."""
    try:
        facts: object = build(RULEBOOK[name].facts, {})
    except ValueError:
        return None
    return facts


@pytest.mark.parametrize("name", [name for name in RULES if _nothing_known(name) is not None])
def test_a_judgement_of_nothing_known_lets_nothing_through(name: str) -> None:
    nothing = _nothing_known(name)
    found = RULEBOOK[name].ask(nothing, as_of=RULES_CHECKED_ON, region=None, params=PARAMS)
    assert isinstance(found, Finding)
    assert found.verdict is Verdict.INDETERMINATE
    assert found.missing
