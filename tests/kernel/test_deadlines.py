"""A deadline is a rule and its computed moment, and it follows the calendar when that changes."""

from datetime import UTC, date, datetime, timedelta

import pytest

from guiyan.kernel.calendar import DayKind
from guiyan.kernel.deadlines import DeadlineRule, PeriodUnit, compute, recompute
from guiyan.kernel.holidays import national_day_table

TABLE = national_day_table()


def rule(unit: PeriodUnit, count: int, *, rolls: bool = False) -> DeadlineRule:
    return DeadlineRule(unit, count, "arrival", rolls)


def shanghai(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


@pytest.mark.parametrize(
    ("given_rule", "last_day"),
    [
        (rule(PeriodUnit.CALENDAR_DAYS, 30), "2026-10-02"),
        (rule(PeriodUnit.CALENDAR_DAYS, 30, rolls=True), "2026-10-08"),
        (rule(PeriodUnit.WORKING_DAYS, 2), "2026-09-04"),
        (rule(PeriodUnit.MONTHS, 1), "2026-10-02"),
        (rule(PeriodUnit.MONTHS, 12, rolls=True), "2027-09-02"),
    ],
)
def test_each_kind_of_period_ends_at_midnight_after_its_last_day(given_rule: DeadlineRule, last_day: str) -> None:
    deadline = compute(given_rule, shanghai("2026-09-02T23:30:00"), TABLE)
    assert deadline.last_day == date.fromisoformat(last_day)
    assert deadline.ends_at == shanghai(f"{last_day}T00:00:00") + timedelta(days=1)


def test_the_start_is_the_civil_day_in_shanghai_whatever_the_zone_of_the_moment() -> None:
    late_in_utc = datetime(2026, 9, 1, 16, 30, tzinfo=UTC)
    assert compute(rule(PeriodUnit.CALENDAR_DAYS, 3), late_in_utc, TABLE).last_day == date(2026, 9, 5)


def test_in_time_is_before_midnight() -> None:
    deadline = compute(rule(PeriodUnit.CALENDAR_DAYS, 3), shanghai("2026-09-02T09:00:00"), TABLE)
    assert not deadline.is_over(shanghai("2026-09-05T23:59:59"))
    assert deadline.is_over(shanghai("2026-09-06T00:00:00"))


def test_only_a_deadline_that_consulted_the_unannounced_year_is_provisional() -> None:
    start = shanghai("2026-12-10T09:00:00")
    assert not compute(rule(PeriodUnit.CALENDAR_DAYS, 30), start, TABLE).provisional
    assert compute(rule(PeriodUnit.CALENDAR_DAYS, 30, rolls=True), start, TABLE).provisional
    assert not compute(rule(PeriodUnit.WORKING_DAYS, 3), start, TABLE).provisional


def test_publishing_a_year_moves_and_settles_its_deadlines() -> None:
    before = compute(rule(PeriodUnit.WORKING_DAYS, 2), shanghai("2026-12-31T10:00:00"), TABLE)
    published = TABLE.amended({date(2027, 1, 3): DayKind.MAKE_UP_DAY}, published_years=[2027])
    change = recompute(before, published)
    assert before.provisional
    assert (before.last_day, change.after.last_day) == (date(2027, 1, 5), date(2027, 1, 4))
    assert change.moved
    assert not change.after.provisional
    assert not recompute(change.after, published).changed


def test_a_deadline_of_no_days_is_refused() -> None:
    with pytest.raises(ValueError, match="counts 1 to"):
        rule(PeriodUnit.CALENDAR_DAYS, 0)
