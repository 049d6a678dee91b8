"""What could not be verified is asked of counsel, and answered by what a person set, with a reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from guiyan.kernel.results import Confidence, Finding, Verdict
from guiyan.law import counsel
from guiyan.law.counsel import (
    NON_PROSECUTION_IS_LIABILITY,
    OVERAGE_WAS_EMPLOYMENT,
    OVERAGE_WENT_TO_ARBITRATION,
    PROBATION_AFTER_REHIRE,
)
from guiyan.law.dismissal_elements import Crime, CriminalEvent, criminal_liability
from guiyan.law.overage import Dispute, Forum, OlderWorker, OverAgeDispute, Regime, overage_forum, overage_regime
from guiyan.law.parameter_keys import parameter_keys
from guiyan.law.parameters import OwnSource, Parameter, statutory_parameters
from guiyan.law.probation_rules import AnotherProbation, another_probation

DAY = date(2026, 11, 22)
BEFORE = date(2026, 6, 30)
WORKER = OlderWorker(
    category=None, born_on=None, past_statutory_age=True, in_flexible_delay=None, pension_drawn=True, on=BEFORE
)
CRIME = Crime(CriminalEvent.NOT_PROSECUTED, None)
DISPUTE = OverAgeDispute(Dispute.PAY, BEFORE)
REHIRED = AnotherProbation(earlier_probation=True, rehired=True)
NON_PROSECUTION = [criminal_liability, CRIME, NON_PROSECUTION_IS_LIABILITY]
QUESTIONS = [
    NON_PROSECUTION,
    [overage_regime, WORKER, OVERAGE_WAS_EMPLOYMENT],
    [overage_forum, DISPUTE, OVERAGE_WENT_TO_ARBITRATION],
]


def _set(key: str, amount: str, region: str | None = None) -> Parameter:
    known = parameter_keys()[key]
    source = OwnSource("法务意见", words="理由见附件")
    day = date(2026, 1, 1)
    return Parameter(
        key,
        known.name.zh,
        known.name.en,
        known.unit,
        day,
        None,
        region,
        Decimal(amount),
        (),
        source,
        day,
        Confidence.LOCAL,
    )


def _ask(rule: Any, facts: Any, *values: Parameter, region: str | None = None) -> Any:
    params = statutory_parameters().with_values(values)
    found = rule(facts, as_of=DAY, region=region, params=params)
    assert isinstance(found, Finding)
    return found


def test_every_question_can_be_answered_yes_or_no_with_a_reason() -> None:
    keys = {value for name, value in vars(counsel).items() if name.isupper()}
    assert len(keys) == len({name for name in vars(counsel) if name.isupper()})
    for key in keys:
        assert parameter_keys()[key].reason
        assert [value for value, _words in parameter_keys()[key].choices] == [1, 0]
        assert all(value.key != key for value in statutory_parameters().values), "no answer ships"


@pytest.mark.parametrize(("rule", "facts", "key"), QUESTIONS)
def test_unanswered_it_is_asked_of_counsel(rule: Any, facts: Any, key: str) -> None:
    found = _ask(rule, facts)
    assert found.verdict is Verdict.INDETERMINATE
    assert [one.fact for one in found.missing] == [key]
    assert "counsel" in found.missing[0].asks.en
    assert (found.confidence, found.human_review) == (Confidence.UNVERIFIED, True)


@pytest.mark.parametrize("amount", ["0", "1"])
@pytest.mark.parametrize(("rule", "facts", "key"), QUESTIONS)
def test_answered_it_rests_on_what_was_set(rule: Any, facts: Any, key: str, amount: str) -> None:
    found = _ask(rule, facts, _set(key, amount))
    assert not found.missing
    assert [(one.key, one.value) for one in found.parameters] == [(key, amount)]
    assert any("法务意见" in str(cite) for cite in found.cites)
    assert found.confidence.rank >= Confidence.LOCAL.rank


@pytest.mark.parametrize(
    ("amount", "verdict", "liable"), [("1", Verdict.ALLOWED, True), ("0", Verdict.PROHIBITED, False)]
)
def test_non_prosecution(amount: str, verdict: Verdict, liable: bool) -> None:
    found = _ask(criminal_liability, CRIME, _set(NON_PROSECUTION_IS_LIABILITY, amount))
    assert (found.verdict, found.value) == (verdict, liable)


def test_work_past_the_age_of_retirement_before_the_rules() -> None:
    employment = _ask(overage_regime, WORKER, _set(OVERAGE_WAS_EMPLOYMENT, "1"))
    assert (employment.value.regime, employment.value.lcl_severance_applies) == (Regime.LCL, True)
    service = _ask(overage_regime, WORKER, _set(OVERAGE_WAS_EMPLOYMENT, "0"))
    assert (service.value.regime, service.value.lcl_severance_applies) == (None, False)
    later = replace(WORKER, on=date(2026, 7, 1))
    assert _ask(overage_regime, later, _set(OVERAGE_WAS_EMPLOYMENT, "1")).value.regime is Regime.OVER_AGE_OA56


def test_who_hears_a_dispute_from_before_the_rules() -> None:
    answers = [_ask(overage_forum, DISPUTE, _set(OVERAGE_WENT_TO_ARBITRATION, one)).value for one in ("1", "0")]
    assert answers == [Forum.LABOUR_ARBITRATION, Forum.COURT]


def test_a_second_probation_after_a_new_hire_only_where_the_place_was_set_to_allow_it() -> None:
    allowed = _set(PROBATION_AFTER_REHIRE, "1", "上海")
    assert _ask(another_probation, REHIRED).verdict is Verdict.PROHIBITED
    assert _ask(another_probation, REHIRED, allowed, region="北京").verdict is Verdict.PROHIBITED
    assert _ask(another_probation, REHIRED, _set(PROBATION_AFTER_REHIRE, "0")).verdict is Verdict.PROHIBITED
    assert _ask(another_probation, REHIRED, allowed, region="上海").verdict is Verdict.ALLOWED
    moved = AnotherProbation(earlier_probation=True, rehired=False)
    assert _ask(another_probation, moved, allowed, region="上海").verdict is Verdict.PROHIBITED
