"""A deadline is a rule and its computed moment, and it follows the calendar when that changes."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guiyan.kernel.calendar import COUNT_LIMIT, DayKind, is_working_day, roll_forward, start_of_legal_day
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


@pytest.mark.parametrize(
    ("count", "last_day"),
    [
        (0, "2026-10-08"),  # the first day after National Day
        (-1, "2026-09-30"),
        (-2, "2026-09-29"),
        (-8, "2026-09-20"),  # a Sunday that is worked; 25 to 27 September are Mid-Autumn
    ],
)
def test_working_days_before_a_day_are_counted_over_holidays_and_days_made_up(count: int, last_day: str) -> None:
    deadline = compute(rule(PeriodUnit.WORKING_DAYS, count), shanghai("2026-10-08T00:00:00"), TABLE)
    assert deadline.last_day == date.fromisoformat(last_day)
    assert deadline.ends_at == shanghai(f"{last_day}T00:00:00") + timedelta(days=1)


def test_the_day_itself_is_a_rule_even_where_it_is_a_day_off() -> None:
    start = shanghai("2026-10-03T00:00:00")
    for unit in PeriodUnit:
        assert compute(rule(unit, 0), start, TABLE).last_day == date(2026, 10, 3)
    assert compute(rule(PeriodUnit.CALENDAR_DAYS, 0, rolls=True), start, TABLE).last_day == date(2026, 10, 8)
    assert compute(rule(PeriodUnit.CALENDAR_DAYS, -3), start, TABLE).last_day == date(2026, 9, 30)
    assert compute(rule(PeriodUnit.MONTHS, -1), start, TABLE).last_day == date(2026, 9, 3)


def test_what_is_counted_back_does_not_roll_and_no_count_is_endless() -> None:
    with pytest.raises(ValueError, match="does not roll"):
        rule(PeriodUnit.CALENDAR_DAYS, -1, rolls=True)
    for count in (COUNT_LIMIT + 1, -COUNT_LIMIT - 1):
        with pytest.raises(ValueError, match="at most"):
            rule(PeriodUnit.CALENDAR_DAYS, count)


def test_a_deadline_does_not_come_before_its_floor_however_the_calendar_changes() -> None:
    start, floor = shanghai("2026-11-25T00:00:00"), date(2026, 11, 23)
    held = compute(rule(PeriodUnit.WORKING_DAYS, -3), start, TABLE, not_before=floor)
    assert held.last_day == floor
    assert not recompute(held, TABLE.amended({date(2026, 11, 24): DayKind.EXCHANGED_REST})).moved
    free = compute(rule(PeriodUnit.WORKING_DAYS, -1), start, TABLE, not_before=floor)
    assert free.last_day == date(2026, 11, 24)
    assert recompute(free, TABLE.amended({date(2026, 11, 24): DayKind.EXCHANGED_REST})).after.last_day == floor


DAYS = st.dates(date(2024, 1, 10), date(2027, 12, 1))
SETTINGS = settings(max_examples=200, deadline=None)


@SETTINGS
@given(start=DAYS, count=st.integers(-90, -1), hour=st.integers(0, 23))
def test_counting_back_lands_on_a_worked_day_with_so_many_worked_days_up_to_the_start(
    start: date, count: int, hour: int
) -> None:
    moment = start_of_legal_day(start) + timedelta(hours=hour)
    last = compute(rule(PeriodUnit.WORKING_DAYS, count), moment, TABLE).last_day
    between = [last + timedelta(days=n) for n in range((start - last).days)]
    assert is_working_day(last, TABLE)
    assert sum(is_working_day(day, TABLE) for day in between) == -count


@SETTINGS
@given(start=DAYS, count=st.integers(1, 60))
def test_counting_on_and_then_back_comes_to_the_worked_day_it_began_on(start: date, count: int) -> None:
    begin = roll_forward(start, TABLE).day
    there = compute(rule(PeriodUnit.WORKING_DAYS, count), start_of_legal_day(begin), TABLE).last_day
    assert compute(rule(PeriodUnit.WORKING_DAYS, -count), start_of_legal_day(there), TABLE).last_day == begin


@SETTINGS
@given(start=DAYS, count=st.integers(-60, 60), day=DAYS, kind=st.sampled_from(list(DayKind)))
def test_a_changed_day_moves_a_deadline_only_if_it_lies_on_the_way_and_undoing_it_moves_it_back(
    start: date, count: int, day: date, kind: DayKind
) -> None:
    before = compute(rule(PeriodUnit.WORKING_DAYS, count), start_of_legal_day(start), TABLE)
    after = recompute(before, TABLE.amended({day: kind})).after
    first, last = sorted((start, before.last_day))
    if not first <= day <= last or day == start:
        assert after.last_day == before.last_day
    if TABLE.kind(day).works == kind.works:
        assert after.last_day == before.last_day
    assert recompute(after, TABLE).after.last_day == before.last_day
