"""The other grounds for the same person: what is still open, what it costs, and what is missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.law.matrix.worked import whole

from guiyan.law.ending import LOCAL_AVERAGE, MINIMUM_WAGE, CapAndFloor, EndingCase
from guiyan.law.grounds import Ground, Party
from guiyan.law.matrix.alternatives import EMPLOYERS_GROUNDS, Alternative, Openness, alternatives
from guiyan.law.matrix.given import EvidenceGiven
from guiyan.law.matrix.model import MatrixGround
from guiyan.law.overage import Regime
from guiyan.law.parameters import read_key, statutory_parameters
from guiyan.law.probation import ContractKind
from guiyan.law.protection_table import ProtectedStatus

PARAMS = statutory_parameters()
NOTHING = EvidenceGiven((), {}, {}, {}, None, None, None)
AFTER_PROBATION = date(2026, 7, 20)
CASE = EndingCase(
    ground=Ground.G39_1,
    regime=Regime.LCL,
    hire_date=date(2026, 1, 12),
    last_day=AFTER_PROBATION,
    statuses=frozenset(),
    in_probation=False,
    probation_last_day=date(2026, 7, 11),
    contract_kind=ContractKind.FIXED,
    contract_start=date(2026, 1, 12),
    contract_end=date(2029, 1, 11),
    child_birth=None,
    union_term_end=None,
    proposed_by=None,
    employer_offer=None,
    employee_refuses=None,
    fixed_terms=1,
    avg12=Decimal(10000),
    last_month_wage=Decimal(9000),
    notice_arrived=None,
    pay_in_lieu=None,
    shorter_notice_agreed=None,
    union_exists=True,
    union_told_on=None,
    decision_day=None,
    staff_told_on=None,
    plan_reported_on=None,
    cap_and_floor=CapAndFloor.NOT_ASKED,
)


def found(given: EvidenceGiven = NOTHING, as_of: date = date(2026, 7, 15), **changes: Any) -> dict[Ground, Alternative]:
    case = replace(CASE, **changes)
    judged = alternatives(case, given, as_of=as_of, region=None, params=PARAMS)
    order = list(Openness)
    ranks = [order.index(one.openness) for one in judged]
    assert ranks == sorted(ranks)
    return {one.ground: one for one in judged}


def test_every_other_ground_is_judged_once() -> None:
    assert set(found()) == set(EMPLOYERS_GROUNDS) - {Ground.G39_1}
    assert set(found(ground=Ground.G40_2)) == set(EMPLOYERS_GROUNDS) - {Ground.G40_2}


def test_after_probation_its_ground_is_closed_and_agreement_and_incapacity_have_a_price() -> None:
    judged = found(ground=Ground.G40_3)
    late = judged[Ground.G39_1]
    assert late.openness is Openness.CLOSED
    assert any("probation" in words.en for words in late.why)
    agreed = judged[Ground.G36]
    assert (agreed.openness, agreed.cost) == (Openness.OPEN, Decimal("10000.00"))
    assert agreed.case.proposed_by is Party.EMPLOYER
    incapable = judged[Ground.G40_2]
    assert (incapable.openness, incapable.cost, incapable.unlawful) == (
        Openness.TO_PROVE,
        Decimal("19000.00"),
        Decimal("20000.00"),
    )
    assert {"40_2.E3", "40_2.E4"} <= {one.element for one in incapable.collect}


def test_in_probation_its_ground_is_to_prove_and_two_others_are_closed() -> None:
    judged = found(ground=Ground.G40_2, last_day=date(2026, 7, 6), in_probation=True, as_of=date(2026, 6, 20))
    assert judged[Ground.G39_1].openness is Openness.TO_PROVE
    assert judged[Ground.G39_1].cost == 0
    assert judged[Ground.G40_3].openness is Openness.CLOSED


def test_with_the_evidence_a_ground_is_open() -> None:
    given = whole(MatrixGround.G40_2)
    judged = found(given)
    assert judged[Ground.G40_2].openness is Openness.OPEN
    assert not judged[Ground.G40_2].collect
    assert judged[Ground.G39_2].openness is Openness.TO_PROVE
    costs = [one.cost for one in judged.values() if one.openness is Openness.OPEN]
    assert costs == sorted(cost for cost in costs if cost is not None)


def test_a_protection_closes_what_article_42_bars_and_nothing_else() -> None:
    judged = found(statuses=frozenset({ProtectedStatus.PREGNANT}))
    closed = {ground for ground, one in judged.items() if one.openness is Openness.CLOSED}
    assert {Ground.G40_1, Ground.G40_2, Ground.G40_3, Ground.G41} <= closed
    assert judged[Ground.G36].openness is Openness.OPEN
    assert judged[Ground.G39_2].openness is Openness.TO_PROVE
    assert judged[Ground.G40_2].why


def test_an_unknown_protection_leaves_nothing_open() -> None:
    judged = found(statuses=None)
    assert not {one.openness for one in judged.values()} & {Openness.OPEN, Openness.TO_PROVE}
    assert "statuses" in {one.fact for one in judged[Ground.G40_2].missing}


@pytest.mark.parametrize("fact", ["avg12", "last_month_wage"])
def test_a_wage_that_nobody_stated_leaves_the_cost_unknown_and_nothing_else(fact: str) -> None:
    judged = found(**{fact: None})
    incapable = judged[Ground.G40_2]
    assert (incapable.openness, incapable.cost) == (Openness.TO_PROVE, None)
    assert fact in {one.fact for one in incapable.unknown_cost}


def local(key: str, amount: str) -> Any:
    row = {
        "key": key,
        "zh": "当地数额",
        "en": "Local figure",
        "unit": "yuan",
        "values": [
            {
                "from": date(2025, 7, 1),
                "region": "甲市",
                "value": amount,
                "source": {"instrument": "LCL", "article": 47},
                "checked_on": date(2026, 11, 22),
                "confidence": "L",
            }
        ],
    }
    return read_key(row)[0]


def test_a_local_figure_that_is_missing_is_named_and_one_that_is_there_caps() -> None:
    case = replace(CASE, cap_and_floor=CapAndFloor.REQUIRED)
    day = date(2026, 7, 15)
    without = {one.ground: one for one in alternatives(case, NOTHING, as_of=day, region="甲市", params=PARAMS)}
    assert without[Ground.G36].cost is None
    assert [one.fact for one in without[Ground.G36].unknown_cost] == [LOCAL_AVERAGE]
    assert without[Ground.G39_2].cost == 0
    figures = PARAMS.with_values([local(LOCAL_AVERAGE, "3000"), local(MINIMUM_WAGE, "2000")])
    capped = {one.ground: one for one in alternatives(case, NOTHING, as_of=day, region="甲市", params=figures)}
    assert capped[Ground.G36].cost == Decimal("9000.00")
    nowhere = {one.ground: one for one in alternatives(case, NOTHING, as_of=day, region=None, params=figures)}
    assert [one.fact for one in nowhere[Ground.G36].unknown_cost] == [LOCAL_AVERAGE]


def test_a_layoff_is_planned_with_its_thirty_days() -> None:
    layoff = found()[Ground.G41]
    assert layoff.openness is Openness.TO_PROVE
    assert layoff.case.last_day == date(2026, 8, 14)


def test_expiry_is_closed_before_the_term_is_over() -> None:
    assert found()[Ground.G44_1].openness is Openness.CLOSED
