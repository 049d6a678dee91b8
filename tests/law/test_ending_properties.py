"""What must hold for every ending, over thousands of random ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random

import pytest
from tests.law.ending_cases import AS_OF, BLANKABLE, PARAMS, REGION, blanked, random_case, random_gaps

from guiyan.kernel.results import Finding, Verdict
from guiyan.law.citations import Cite, instruments
from guiyan.law.ending import CapAndFloor, CompanyRule, Ending, EndingCase, judge_ending
from guiyan.law.grounds import Ground
from guiyan.law.overage import Regime

LETS_THROUGH = (Verdict.ALLOWED, Verdict.ALLOWED_WITH_CONDITIONS)
STRICTNESS = {Verdict.ALLOWED: 0, Verdict.ALLOWED_WITH_CONDITIONS: 1, Verdict.EXTENDED: 2, Verdict.PROHIBITED: 2}
"""Both of the last are final: what was planned may not be done."""


def judged(case: EndingCase, *, company: CompanyRule | None = None, explain: bool = False) -> Finding[Ending]:
    return judge_ending(case, as_of=AS_OF, region=REGION, params=PARAMS, company=company, explain=explain)


def some(seed: int, count: int) -> list[EndingCase]:
    dice = Random(seed)
    return [random_case(dice) for _ in range(count)]


def governed(seed: int, count: int) -> list[EndingCase]:
    """Cases to which the Labour Contract Law applies."""
    return [replace(case, regime=Regime.LCL) for case in some(seed, count)]


def test_the_random_cases_reach_every_verdict_of_every_kind() -> None:
    cases = some(1, 4000)
    found = [judged(random_gaps(Random(n), case)) for n, case in enumerate(cases)]
    assert {finding.verdict for finding in found} == set(Verdict)
    assert {case.ground for case in cases} == set(Ground)
    assert any(finding.value is not None and finding.value.money.capped for finding in found)


def test_an_answer_is_the_same_with_and_without_its_explanation() -> None:
    dice = Random(2)
    for case in (random_gaps(dice, random_case(dice)) for _ in range(4000)):
        told, mute = judged(case, explain=True), judged(case, explain=False)
        assert mute.steps == ()
        assert told == replace(mute, steps=told.steps)


def test_every_leaf_cites_and_every_citation_was_in_force() -> None:
    dice = Random(3)
    for case in (random_gaps(dice, random_case(dice)) for _ in range(1000)):
        finding = judged(case, explain=True)
        for step in finding.steps:
            for leaf in step.leaves():
                assert leaf.cites, leaf
        for cite in finding.cites:
            assert isinstance(cite, Cite)
            assert instruments()[cite.instrument].in_force_on(AS_OF), cite


def test_an_indeterminate_answer_names_what_is_missing_and_only_what_is_unknown() -> None:
    dice = Random(4)
    for case in (random_gaps(dice, random_case(dice)) for _ in range(3000)):
        finding = judged(case)
        assert (finding.verdict is Verdict.INDETERMINATE) <= bool(finding.missing)
        for missing in finding.missing:
            if missing.fact in BLANKABLE:
                assert getattr(case, missing.fact) is None, missing


@pytest.mark.parametrize("fact", BLANKABLE)
def test_what_is_unknown_never_loosens(fact: str) -> None:
    dice = Random(fact)
    for whole in some(5, 700):
        case = random_gaps(dice, whole)
        before, after = judged(case).verdict, judged(blanked(case, fact)).verdict
        if after is Verdict.INDETERMINATE:
            continue
        assert before is not Verdict.INDETERMINATE or after not in LETS_THROUGH, (fact, case)
        if before is not Verdict.INDETERMINATE:
            assert STRICTNESS[after] >= STRICTNESS[before], (fact, case)


def test_a_stricter_company_rule_never_loosens() -> None:
    dice = Random(6)
    for whole in some(7, 3000):
        case = random_gaps(dice, whole)
        company = CompanyRule(frozenset(dice.sample(list(Ground), 8)), dice.choice((0, 10, 30, 45, 60)))
        law, both = judged(case), judged(case, company=company)
        if both.verdict is not Verdict.INDETERMINATE and law.verdict is not Verdict.INDETERMINATE:
            assert STRICTNESS[both.verdict] >= STRICTNESS[law.verdict]
        if law.verdict in (Verdict.INDETERMINATE, Verdict.PROHIBITED):
            assert both.verdict not in LETS_THROUGH
        assert law.value is not None
        assert both.value is not None
        if law.value.notice.earliest is not None and both.value.notice.earliest is not None:
            assert both.value.notice.earliest >= law.value.notice.earliest


def test_longer_service_never_pays_less_below_the_cap() -> None:
    for case in governed(8, 1500):
        shorter = judged(replace(case, cap_and_floor=CapAndFloor.NOT_ASKED)).value
        assert case.hire_date is not None
        earlier = replace(case, hire_date=case.hire_date - timedelta(days=200), cap_and_floor=CapAndFloor.NOT_ASKED)
        longer = judged(earlier).value
        assert shorter is not None
        assert longer is not None
        assert shorter.money.severance is not None
        assert longer.money.severance is not None
        assert longer.money.severance >= shorter.money.severance


def test_caps_and_floors_hold() -> None:
    limit = PARAMS.at("wage.local_avg_month", as_of=AS_OF, region=REGION).number * 3
    floor = PARAMS.at("wage.min_month", as_of=AS_OF, region=REGION).number
    capped = 0
    for case in governed(9, 2000):
        ending = judged(replace(case, cap_and_floor=CapAndFloor.REQUIRED)).value
        assert ending is not None
        money = ending.money
        if money.base is None:
            continue
        assert money.months is not None
        assert floor <= money.base <= limit
        if money.capped:
            capped += 1
            assert money.months <= 12
        assert money.severance is not None
        assert money.severance <= money.base * money.months + 1
    assert capped > 50


def test_the_money_of_an_ending_adds_up() -> None:
    for case in some(10, 1500):
        ending = judged(case).value
        assert ending is not None
        money = ending.money
        if money.severance is not None and money.pay_in_lieu is not None:
            assert money.total == money.severance + money.pay_in_lieu
        if money.unlawful and money.severance:
            assert abs(money.unlawful - 2 * money.severance) <= Decimal("0.01")
