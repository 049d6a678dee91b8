"""Probation and periods: lengths, last days, floors, and an unlawful length with its price."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guiyan.kernel.calendar import add_months
from guiyan.kernel.results import Computed, Finding, Verdict
from guiyan.law.parameters import RULES_CHECKED_ON, statutory_parameters
from guiyan.law.periods import DayPeriod, last_day_of_period
from guiyan.law.probation import (
    AgreedProbation,
    ContractKind,
    ContractTerm,
    ProbationLength,
    ProbationStart,
    probation_last_day,
    probation_length,
    probation_max,
)

LAW: dict[str, Any] = {"as_of": RULES_CHECKED_ON, "region": None, "params": statutory_parameters()}
SETTINGS = settings(max_examples=100, deadline=None)
DAYS = st.dates(date(2010, 1, 1), date(2035, 12, 31))


def longest(kind: str, start: str | None = None, end: str | None = None) -> int | None:
    days = [date.fromisoformat(day) if day else None for day in (start, end)]
    found = probation_max(ContractTerm(ContractKind(kind), *days), **LAW)
    return found.value


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        ("2026-01-01", "2026-03-30", 0),
        ("2026-01-01", "2026-03-31", 1),
        ("2026-01-01", "2026-12-30", 1),
        ("2026-01-01", "2026-12-31", 2),
        ("2026-01-01", "2028-12-30", 2),
        ("2026-01-01", "2028-12-31", 6),
        ("2024-02-29", "2025-02-27", 2),
        ("2025-11-30", "2026-02-27", 1),
        ("2025-11-30", "2026-02-26", 0),
        ("2026-01-01", "2026-01-01", 0),
        ("2026-01-01", "2046-12-31", 6),
    ],
)
def test_the_longest_probation_steps_up_exactly_at_the_thresholds(start: str, end: str, months: int) -> None:
    """LCL 19 with CC 202 and CC 1259: 以上 includes the number itself."""
    assert longest("fixed", start, end) == months


def test_contracts_without_a_term_have_their_own_rule() -> None:
    assert (longest("open_ended"), longest("task"), longest("part_time")) == (6, 0, 0)


def test_a_fixed_term_without_its_days_is_indeterminate() -> None:
    found = probation_max(ContractTerm(ContractKind.FIXED, None, None), **LAW)
    assert isinstance(found, Finding)
    assert [missing.fact for missing in found.missing] == ["start", "end"]


def test_a_contract_cannot_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="cannot end"):
        ContractTerm(ContractKind.FIXED, date(2026, 2, 1), date(2026, 1, 1))


@pytest.mark.parametrize(
    ("start", "months", "last"),
    [
        ("2026-01-15", 2, "2026-03-14"),
        ("2026-01-01", 6, "2026-06-30"),
        ("2026-08-31", 6, "2027-02-27"),
        ("2026-01-31", 1, "2026-02-27"),
        ("2028-02-29", 1, "2028-03-28"),
        ("2027-11-30", 3, "2028-02-28"),
        ("2026-12-01", 1, "2026-12-31"),
        ("2026-01-01", 0, None),
    ],
)
def test_the_last_day_of_probation(start: str, months: int, last: str | None) -> None:
    found = probation_last_day(ProbationStart(date.fromisoformat(start), months), **LAW)
    assert found.value == (date.fromisoformat(last) if last else None)


@SETTINGS
@given(start=DAYS, months=st.integers(1, 12))
def test_probation_and_the_days_after_it_share_no_day(start: date, months: int) -> None:
    last = probation_last_day(ProbationStart(start, months), **LAW).value
    assert last is not None
    assert last + timedelta(days=1) == add_months(start, months)


@SETTINGS
@given(start=DAYS, days=st.integers(1, 2000))
def test_a_period_of_days_does_not_count_its_first_day(start: date, days: int) -> None:
    assert last_day_of_period(DayPeriod(start, days), **LAW).value - start == timedelta(days=days)


def agreed(
    months: int,
    *,
    served_until: str | None = None,
    wage: str | None = None,
    kind: str = "fixed",
) -> Finding[ProbationLength | None]:
    contract = ContractTerm(ContractKind(kind), date(2026, 1, 1), date(2026, 12, 31))
    until = date.fromisoformat(served_until) if served_until else None
    facts = AgreedProbation(contract, months, None, until, Decimal(wage) if wage else None)
    return probation_length(facts, **LAW)


def test_a_lawful_probation_owes_nothing() -> None:
    finding = agreed(2)
    assert finding.verdict is Verdict.ALLOWED
    assert finding.value == ProbationLength(2, 2, 0, date(2026, 2, 28), Decimal(0))


@pytest.mark.parametrize(
    ("months", "served_until", "owed"),
    [
        (3, "2026-03-31", "10000.00"),
        (3, "2026-12-31", "10000.00"),
        (3, "2026-03-15", "5000.00"),
        (3, "2026-02-28", "0"),
        (6, "2026-06-30", "40000.00"),
    ],
)
def test_excess_already_served_costs_the_full_wage(months: int, served_until: str, owed: str) -> None:
    """LCL 83: the wage after probation for the time served beyond the limit."""
    finding = agreed(months, served_until=served_until, wage="10000")
    assert finding.verdict is Verdict.PROHIBITED
    assert finding.value is not None
    assert finding.value.compensation == Decimal(owed)
    assert finding.value.lawful_last_day == date(2026, 2, 28)
    assert finding.value.excess_months == months - 2


def test_an_unknown_wage_leaves_the_price_open_and_the_finding_certain() -> None:
    finding = agreed(6, served_until="2026-06-30")
    assert finding.verdict is Verdict.PROHIBITED
    assert finding.value is not None
    assert finding.value.compensation is None


def test_probation_in_a_contract_that_allows_none_is_all_excess() -> None:
    finding = agreed(1, kind="task", served_until="2026-01-31", wage="9000")
    assert finding.value == ProbationLength(1, 0, 1, None, Decimal("9000.00"))


def test_part_of_a_month_asks_for_a_person() -> None:
    assert agreed(3, served_until="2026-03-15", wage="10000").human_review
    assert not agreed(3, served_until="2026-03-31", wage="10000").human_review


def test_the_length_of_an_unknown_term_is_indeterminate() -> None:
    facts = AgreedProbation(ContractTerm(ContractKind.FIXED, date(2026, 1, 1), None), 6, None, None, None)
    finding = probation_length(facts, **LAW)
    assert finding.verdict is Verdict.INDETERMINATE
    assert finding.value is None


def test_a_computation_carries_the_figures_it_used() -> None:
    found = probation_max(ContractTerm(ContractKind.OPEN_ENDED, None, None), **LAW)
    assert isinstance(found, Computed)
    assert [(use.key, use.value) for use in found.parameters] == [("probation.max_months_open_ended", "6")]
