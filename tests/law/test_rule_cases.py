"""The cases of every subject, and what holds of every rule they name."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from tests.law.rule_cases import RuleCase, answer, build, plain, rule_cases

from guiyan.kernel.results import Finding, Step, Verdict
from guiyan.law.citations import Cite
from guiyan.law.parameters import RULES_CHECKED_ON, statutory_parameters
from guiyan.law.rulebook import RULEBOOK

EVERY = list(rule_cases())
RULES = sorted(RULEBOOK)
HALF_WIDTH = re.compile(r"[一-鿿][,;:?!()]|[,;:?!()][一-鿿]")


def test_every_rule_of_the_book_has_its_cases() -> None:
    assert {case.rule for case in EVERY} == set(RULEBOOK)


@pytest.mark.parametrize("case", EVERY, ids=str)
def test_a_case_is_answered_as_a_lawyer_wrote_it(case: RuleCase) -> None:
    found, wanted = answer(case), case.content
    if isinstance(found, Finding):
        assert found.verdict.value == wanted["verdict"]
        assert sorted(one.fact for one in found.missing) == sorted(wanted.get("missing", []))
    else:
        assert "verdict" not in wanted
    value = wanted.get("value")
    if isinstance(value, dict):
        assert {name: plain(getattr(found.value, name)) for name in value} == value
    elif value is not None:
        assert plain(found.value) == value


@pytest.mark.parametrize("case", EVERY, ids=str)
def test_every_answer_cites_and_speaks_two_languages(case: RuleCase) -> None:
    found = answer(case)
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
def test_every_authority_was_in_force_on_the_day(case: RuleCase) -> None:
    for cite in answer(case).cites:
        assert isinstance(cite, Cite)
        assert cite.source.in_force_on(case.content.get("as_of", RULES_CHECKED_ON)), cite


@pytest.mark.parametrize("case", [case for case in EVERY if case.content.get("verdict") == "PROHIBITED"], ids=str)
def test_a_fact_less_never_opens_what_was_closed(case: RuleCase) -> None:
    given = case.content["facts"]
    for fact in given:
        fewer = replace(case, content={**case.content, "facts": {one: given[one] for one in given if one != fact}})
        try:
            found = answer(fewer)
        except AssertionError:
            continue
        assert isinstance(found, Finding)
        assert found.verdict.stops, fact


def _leaves(step: Step) -> list[Step]:
    """The steps under a heading, or the step itself."""
    return [leaf for child in step.children for leaf in _leaves(child)] if step.children else [step]


def _nothing_known(name: str) -> object | None:
    """Facts of the rule with nothing known; None when the rule needs some."""
    try:
        facts: object = build(RULEBOOK[name].facts, {})
    except AssertionError:
        return None
    return facts


@pytest.mark.parametrize("name", [name for name in RULES if _nothing_known(name) is not None])
def test_a_judgement_of_nothing_known_lets_nothing_through(name: str) -> None:
    nothing = _nothing_known(name)
    found = RULEBOOK[name].ask(nothing, as_of=RULES_CHECKED_ON, region=None, params=statutory_parameters())
    assert isinstance(found, Finding)
    assert found.verdict is Verdict.INDETERMINATE
    assert found.missing
