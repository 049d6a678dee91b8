"""One person and one ground: what stands in the way, what it takes, what it costs, by article."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.law.ending_cases import AS_OF, PARAMS, PLAIN, REGION, parameter

from guiyan.kernel.results import Confidence, Finding, Verdict
from guiyan.law.ending import (
    CapAndFloor,
    CompanyRule,
    Ending,
    EndingCase,
    FactsRejected,
    RegionMissing,
    StepKind,
    UnionDuty,
    judge_ending,
)
from guiyan.law.grounds import Ground, Party
from guiyan.law.overage import Regime
from guiyan.law.parameters import ParameterMissing, Parameters, statutory_parameters
from guiyan.law.probation import ContractKind
from guiyan.law.protection_table import ProtectedStatus
from guiyan.law.severance import Due, RenewalOffer

ALLOWED, CONDITIONS = Verdict.ALLOWED, Verdict.ALLOWED_WITH_CONDITIONS
EXTENDED, PROHIBITED, OPEN = Verdict.EXTENDED, Verdict.PROHIBITED, Verdict.INDETERMINATE
D = date


def judged(params: Parameters = PARAMS, region: str | None = REGION, **facts: Any) -> Finding[Ending]:
    return judge_ending(replace(PLAIN, **facts), as_of=AS_OF, region=region, params=params)


def value_of(finding: Finding[Ending]) -> Ending:
    assert finding.value is not None
    return finding.value


PROBATION = {
    "ground": Ground.G39_1,
    "hire_date": D(2026, 7, 1),
    "contract_start": D(2026, 7, 1),
    "contract_end": D(2029, 6, 30),
    "probation_last_day": D(2026, 12, 31),
    "in_probation": None,
}
EXPIRY = {
    "ground": Ground.G44_1,
    "contract_end": D(2026, 12, 31),
    "employer_offer": RenewalOffer.NONE,
    "employee_refuses": True,
}
RESIGNED = {"ground": Ground.G37, "in_probation": False, "notice_arrived": D(2026, 12, 1)}
LAYOFF = {"ground": Ground.G41_2, "staff_told_on": D(2026, 11, 20), "plan_reported_on": D(2026, 11, 27)}
NURSING = frozenset({ProtectedStatus.NURSING})


@pytest.mark.parametrize(
    ("facts", "verdict", "article"),
    [
        ({}, CONDITIONS, "第四十条"),
        ({"statuses": NURSING}, PROHIBITED, "第四十二条第四项"),
        ({"notice_arrived": D(2026, 12, 2)}, PROHIBITED, "第四十条"),
        ({"notice_arrived": D(2026, 12, 1)}, CONDITIONS, "第四十条"),
        ({"notice_arrived": D(2026, 12, 2), "pay_in_lieu": True}, CONDITIONS, "第二十条"),
        ({"notice_arrived": D(2027, 1, 1), "pay_in_lieu": True}, PROHIBITED, "《民法典》第一百三十七条"),
        ({"ground": Ground.G40_3, "in_probation": True}, PROHIBITED, "第二十一条"),
        ({"ground": Ground.G41, "in_probation": True} | {k: v for k, v in LAYOFF.items() if k != "ground"},
         PROHIBITED, "第二十一条"),
        ({"union_told_on": D(2026, 11, 26)}, PROHIBITED, "第四十三条"),
        ({"union_told_on": D(2026, 11, 26), "union_exists": False}, CONDITIONS, "第四十三条"),
        ({"union_told_on": D(2026, 11, 25)}, CONDITIONS, "第四十三条"),
        (PROBATION, CONDITIONS, "第十九条"),
        (PROBATION | {"last_day": D(2027, 1, 1)}, PROHIBITED, "第三十九条第一项"),
        (PROBATION | {"contract_end": D(2027, 6, 30)}, PROHIBITED, "第十九条"),
        (PROBATION | {"contract_kind": ContractKind.TASK}, PROHIBITED, "第十九条"),
        (PROBATION | {"ground": Ground.G39_2, "statuses": NURSING}, CONDITIONS, "第三十九条"),
        (EXPIRY, ALLOWED, "第四十四条第一项"),
        (EXPIRY | {"contract_end": D(2027, 1, 31)}, PROHIBITED, "第四十四条第一项"),
        (EXPIRY | {"statuses": NURSING, "child_birth": D(2026, 10, 1)}, EXTENDED, "第四十五条"),
        (EXPIRY | {"statuses": NURSING, "child_birth": D(2025, 12, 30), "contract_end": D(2026, 6, 30)},
         ALLOWED, "第四十五条"),
        (EXPIRY | {"contract_end": D(2026, 11, 20)}, PROHIBITED, "第十一条"),
        (EXPIRY | {"fixed_terms": 2, "employee_refuses": False}, OPEN, "第四十四条第一项"),
        (EXPIRY | {"hire_date": D(2016, 1, 1), "employee_refuses": False}, PROHIBITED, "第十四条"),
        (EXPIRY | {"employer_offer": RenewalOffer.WORSE, "employee_refuses": False}, PROHIBITED, "第四十六条第五项"),
        (RESIGNED, ALLOWED, "第三十七条"),
        (RESIGNED | {"notice_arrived": D(2026, 12, 2), "shorter_notice_agreed": True}, ALLOWED, "第三十七条"),
        (RESIGNED | {"notice_arrived": D(2026, 12, 2), "shorter_notice_agreed": False}, PROHIBITED, "第三十七条"),
        (PROBATION | RESIGNED | {"in_probation": None, "notice_arrived": D(2026, 12, 28)}, ALLOWED, "第三十七条"),
        (RESIGNED | {"statuses": NURSING}, ALLOWED, "第三十七条"),
        (LAYOFF, CONDITIONS, "第四十一条"),
        (LAYOFF | {"staff_told_on": D(2026, 12, 2)}, PROHIBITED, "第四十一条"),
        (LAYOFF | {"plan_reported_on": D(2026, 12, 1)}, PROHIBITED, "第四十一条"),
        ({"ground": Ground.G36, "proposed_by": Party.EMPLOYER}, ALLOWED, "第四十六条第二项"),
        ({"ground": Ground.G38_2}, ALLOWED, "第四十六条"),
        ({"ground": Ground.REG5, "hire_date": D(2026, 11, 30), "last_day": D(2026, 12, 30)},
         CONDITIONS, "《劳动合同法实施条例》第五条"),
        ({"ground": Ground.REG5, "hire_date": D(2026, 11, 29), "contract_start": None, "contract_end": None},
         PROHIBITED, "《劳动合同法实施条例》第五条"),
        ({"ground": Ground.REG6, "hire_date": D(2026, 1, 1), "contract_start": None, "contract_end": None},
         CONDITIONS, "《劳动合同法实施条例》第六条"),
        ({"ground": Ground.REG6, "hire_date": D(2025, 12, 31), "contract_start": None, "contract_end": None},
         PROHIBITED, "《劳动合同法实施条例》第六条"),
        ({"ground": Ground.G44_5}, ALLOWED, "第四十六条"),
    ],
)  # fmt: skip
def test_what_decides_an_ending(facts: dict[str, Any], verdict: Verdict, article: str) -> None:
    finding = judged(**facts)
    assert finding.verdict is verdict, (finding.missing, [leaf.says.zh for s in finding.steps for leaf in s.leaves()])
    assert any(str(cite).endswith(article) for cite in finding.cites), finding.cites


def test_a_certain_prohibition_stands_though_other_facts_are_unknown() -> None:
    finding = judged(statuses=NURSING, avg12=None)
    assert finding.verdict is PROHIBITED
    assert [missing.fact for missing in finding.missing] == ["avg12"]
    assert value_of(finding).money.severance is None


def test_the_money_of_a_dismissal_with_pay_in_lieu() -> None:
    money = value_of(judged(notice_arrived=D(2026, 12, 10), pay_in_lieu=True)).money
    assert (money.due, money.multiple, money.months) == (Due.N, 1, Decimal(7))
    assert (money.severance, money.pay_in_lieu) == (Decimal("105000.00"), Decimal("16000.00"))
    assert (money.total, money.unlawful) == (Decimal("121000.00"), Decimal("210000.00"))


def test_a_dismissal_for_fault_owes_nothing_and_would_cost_twice_when_unlawful() -> None:
    money = value_of(judged(ground=Ground.G39_2)).money
    assert (money.due, money.total, money.unlawful) == (Due.NONE, Decimal(0), Decimal("210000.00"))


def test_cap_and_floor_come_from_the_place_or_stop_the_computation() -> None:
    money = value_of(judged(cap_and_floor=CapAndFloor.REQUIRED, avg12=Decimal("40000"))).money
    assert (money.capped, money.base, money.severance) == (True, Decimal("28501.50"), Decimal("199510.50"))
    with pytest.raises(ParameterMissing) as missing:
        judged(params=statutory_parameters(), cap_and_floor=CapAndFloor.REQUIRED)
    assert missing.value.key == "wage.local_avg_month"
    with pytest.raises(RegionMissing) as nowhere:
        judged(region=None, cap_and_floor=CapAndFloor.REQUIRED)
    assert nowhere.value.key == "wage.local_avg_month"


def test_the_steps_of_a_dismissal_are_in_order_with_their_days() -> None:
    ending = value_of(judged())
    assert [(step.kind, step.by) for step in ending.steps] == [
        (StepKind.UNION_TOLD, D(2026, 11, 25)),
        (StepKind.UNION_ANSWERED, D(2026, 11, 30)),
        (StepKind.NOTICE_SERVED, D(2026, 12, 1)),
        (StepKind.CERTIFICATE, D(2026, 12, 31)),
        (StepKind.WAGES_PAID, D(2026, 12, 31)),
        (StepKind.SEVERANCE_PAID, None),
        (StepKind.UNEMPLOYMENT_LIST, D(2027, 1, 7)),
        (StepKind.TRANSFER, D(2027, 1, 15)),
        (StepKind.REGISTERED, D(2027, 1, 15)),
        (StepKind.RETENTION, D(2028, 12, 31)),
    ]
    assert ending.notice.earliest == D(2026, 12, 30)


def test_a_local_grace_moves_the_last_wages_by_working_days() -> None:
    params = PARAMS.with_values([parameter("wage.final_grace_workdays", "5")])
    days = {step.kind: step.by for step in value_of(judged(params=params, last_day=D(2026, 12, 18))).steps}
    assert days[StepKind.WAGES_PAID] == D(2026, 12, 25)


def test_without_a_union_local_policy_says_who_is_told() -> None:
    assert value_of(judged(union_exists=False)).union is UnionDuty.STAFF_OR_HIGHER_UNION
    params = PARAMS.with_values([parameter("union.absent_policy", "0")])
    nobody = judged(params=params, union_exists=False, union_told_on=None)
    assert (nobody.verdict, value_of(nobody).union) == (CONDITIONS, UnionDuty.NONE)
    assert judged(union_exists=None).verdict is OPEN


def test_where_counsel_must_say_the_answer_stays_open_until_a_figure_is_set() -> None:
    facts = EXPIRY | {"fixed_terms": 2, "employee_refuses": False}
    unset = judged(**facts)
    assert unset.verdict is OPEN
    assert [missing.fact for missing in unset.missing] == ["ending.second_term_may_end"]
    assert unset.confidence is Confidence.UNVERIFIED
    for figure, verdict in (("1", CONDITIONS), ("0", PROHIBITED)):
        params = PARAMS.with_values([parameter("ending.second_term_may_end", figure)])
        assert judged(params=params, **(facts | {"contract_end": D(2026, 12, 30)})).verdict is verdict


def test_a_local_notice_of_expiry_is_asked_for_and_priced() -> None:
    params = PARAMS.with_values([parameter("ending.expiry_notice_days", "30")])
    assert judged(params=params, **(EXPIRY | {"notice_arrived": None})).verdict is OPEN
    late = judged(params=params, **(EXPIRY | {"notice_arrived": D(2026, 12, 20)}))
    assert late.verdict is CONDITIONS
    assert late.confidence is Confidence.LOCAL


def test_a_company_may_only_be_stricter() -> None:
    company = CompanyRule(frozenset({Ground.G40_1}), 45)
    kept = judge_ending(PLAIN, as_of=AS_OF, region=REGION, params=PARAMS, company=company)
    assert kept.verdict is PROHIBITED
    assert value_of(kept).notice.earliest == D(2027, 1, 14)
    looser = CompanyRule(frozenset(), 10)
    finding = judge_ending(PLAIN, as_of=AS_OF, region=REGION, params=PARAMS, company=looser)
    assert value_of(finding).notice.earliest == D(2026, 12, 30)
    refused = judge_ending(
        replace(PLAIN, ground=Ground.G40_1), as_of=AS_OF, region=REGION, params=PARAMS, company=company
    )
    assert refused.verdict is PROHIBITED


@pytest.mark.parametrize(
    ("facts", "code", "field"),
    [
        ({"hire_date": D(2027, 1, 1)}, "dates_reversed", "last_day"),
        ({"contract_end": D(2020, 1, 1)}, "dates_reversed", "contract_end"),
        ({"avg12": Decimal("-0.01")}, "negative_money", "avg12"),
        ({"last_month_wage": Decimal("NaN")}, "negative_money", "last_month_wage"),
        ({"ground": "39(9)"}, "unknown_ground", "ground"),
        ({"fixed_terms": -1}, "negative_count", "fixed_terms"),
        ({"in_probation": True, "probation_last_day": D(2021, 1, 1)}, "contradiction", "in_probation"),
    ],
)
def test_facts_that_cannot_be_are_refused_by_name(facts: dict[str, Any], code: str, field: str) -> None:
    with pytest.raises(FactsRejected) as refused:
        replace(PLAIN, **facts)
    assert (code, field) in {(problem.code, problem.field) for problem in refused.value.problems}


def test_every_contradiction_is_named_at_once() -> None:
    with pytest.raises(FactsRejected) as refused:
        replace(PLAIN, hire_date=D(2027, 1, 1), avg12=Decimal(-1), fixed_terms=-2)
    assert {problem.code for problem in refused.value.problems} >= {
        "dates_reversed",
        "negative_money",
        "negative_count",
    }


def test_an_unknown_word_for_a_ground_is_refused() -> None:
    with pytest.raises(ValueError, match=r"39\(9\)"):
        Ground("39(9)")


def test_work_past_the_age_of_retirement_is_not_judged_by_this_law() -> None:
    over_age = judged(regime=Regime.OVER_AGE_OA56)
    assert over_age.verdict is PROHIBITED
    assert [str(cite) for cite in over_age.cites] == ["《超龄劳动者基本权益保障暂行规定》第八条"]
    assert set(value_of(over_age).money) == {None}
    for regime, fact in ((None, "regime"), (Regime.NEEDS_REVIEW, "regime_by_counsel")):
        unsure = judged(regime=regime)
        assert (unsure.verdict, unsure.missing[0].fact) == (OPEN, fact)


def test_nothing_known_asks_for_everything_and_allows_nothing() -> None:
    nothing = {name: None for name in EndingCase.__dataclass_fields__ if name not in {"ground", "cap_and_floor"}}
    for ground in Ground:
        assert judged(ground=ground, **nothing).verdict is OPEN, ground
