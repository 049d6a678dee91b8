"""The working calendar: what days are, how they are counted, and what is not certain yet."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guiyan.kernel.calendar import (
    DayKind,
    DayTable,
    add_months,
    add_working_days,
    end_of_legal_day,
    is_working_day,
    legal_day,
    roll_forward,
    start_of_legal_day,
    working_days_between,
)
from guiyan.kernel.holidays import LUNAR_DAYS, national_day_table, statutory_holidays

TABLE = national_day_table()
DAYS = st.dates(date(2024, 1, 1), date(2027, 12, 31))
SETTINGS = settings(max_examples=120, deadline=None)


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        ("2026-11-24", DayKind.WORKING_DAY),
        ("2026-11-22", DayKind.REST_DAY),
        ("2026-10-10", DayKind.MAKE_UP_DAY),
        ("2026-10-01", DayKind.STATUTORY_HOLIDAY),
        ("2026-10-05", DayKind.EXCHANGED_REST),
        ("2026-02-16", DayKind.STATUTORY_HOLIDAY),
        ("2024-02-09", DayKind.WORKING_DAY),
        ("2025-05-02", DayKind.STATUTORY_HOLIDAY),
        ("2024-05-02", DayKind.EXCHANGED_REST),
        ("2027-01-01", DayKind.STATUTORY_HOLIDAY),
        ("2027-02-08", DayKind.STATUTORY_HOLIDAY),
        ("2027-04-05", DayKind.STATUTORY_HOLIDAY),
        ("2027-10-04", DayKind.WORKING_DAY),
        ("2045-10-01", DayKind.STATUTORY_HOLIDAY),
    ],
)
def test_the_national_table_says_what_a_day_is(day: str, kind: DayKind) -> None:
    assert TABLE.kind(date.fromisoformat(day)) is kind


@pytest.mark.parametrize("year", sorted(LUNAR_DAYS))
def test_each_year_has_the_holidays_the_regulation_counts(year: int) -> None:
    """11 days until 2024 and 13 since 2025, less days on which two holidays meet."""
    expected = 13 if year >= 2025 else 11
    meet = {2009: 1, 2020: 1, 2028: 1}
    assert len(statutory_holidays(year)) == expected - meet.get(year, 0)


@pytest.mark.parametrize("year", sorted(TABLE.published_years))
def test_nobody_is_announced_to_work_on_a_statutory_holiday(year: int) -> None:
    """The lunar table and the announcements come from different sources and must agree."""
    import chinese_calendar

    assert statutory_holidays(year).isdisjoint(chinese_calendar.workdays)
    if year > 2012:
        assert statutory_holidays(year) <= set(chinese_calendar.holidays)


def test_2026_has_248_working_days_as_the_ministry_counts() -> None:
    counted = working_days_between(date(2025, 12, 31), date(2026, 12, 31), TABLE)
    assert counted.days == 248


def test_make_up_days_count_and_the_long_holiday_does_not() -> None:
    """Six working days after 30 September 2026: the holiday runs to the 7th, and Saturday the 10th is worked."""
    assert add_working_days(date(2026, 9, 30), 6, TABLE).day == date(2026, 10, 14)
    assert add_working_days(date(2026, 9, 30), 3, TABLE).day == date(2026, 10, 10)


def test_zero_working_days_is_the_day_itself_and_a_negative_count_goes_back() -> None:
    assert add_working_days(date(2026, 11, 22), 0, TABLE).day == date(2026, 11, 22)
    assert add_working_days(date(2026, 11, 23), -1, TABLE).day == date(2026, 11, 20)


def test_a_year_not_announced_makes_results_provisional_until_it_is() -> None:
    before = add_working_days(date(2026, 12, 30), 3, TABLE)
    assert before.provisional
    assert before.day == date(2027, 1, 5)
    announced = TABLE.amended({date(2027, 1, 4): DayKind.EXCHANGED_REST}, published_years=[2027])
    after = add_working_days(date(2026, 12, 30), 3, announced)
    assert not after.provisional
    assert after.day == date(2027, 1, 6)


def test_days_before_new_year_stay_provisional_until_the_next_year_is_announced() -> None:
    """The announcement for 2019 moved 29 and 31 December 2018."""
    assert TABLE.kind(date(2018, 12, 29)) is DayKind.MAKE_UP_DAY
    assert not TABLE.is_provisional(date(2026, 12, 25))
    assert TABLE.is_provisional(date(2026, 12, 28))
    assert not TABLE.amended({}, published_years=[2027]).is_provisional(date(2026, 12, 28))


@pytest.mark.parametrize(
    ("day", "rolled"),
    [
        ("2026-11-24", "2026-11-24"),
        ("2026-11-21", "2026-11-23"),
        ("2026-10-01", "2026-10-08"),
        ("2026-10-10", "2026-10-10"),
        ("2026-10-11", "2026-10-12"),
    ],
)
def test_a_period_that_ends_on_days_off_ends_after_them(day: str, rolled: str) -> None:
    assert roll_forward(date.fromisoformat(day), TABLE).day == date.fromisoformat(rolled)


def test_a_table_cannot_be_changed_from_outside() -> None:
    days = {date(2026, 11, 24): DayKind.REST_DAY}
    table = DayTable(days, frozenset({2026}))
    days[date(2026, 11, 25)] = DayKind.REST_DAY
    assert is_working_day(date(2026, 11, 25), table)
    with pytest.raises(TypeError):
        table.overrides[date(2026, 11, 25)] = DayKind.REST_DAY  # type: ignore[index]


def test_a_table_without_working_days_is_refused_instead_of_searched_for_ever() -> None:
    start = date(2026, 1, 1)
    empty = DayTable({start + timedelta(days=n): DayKind.REST_DAY for n in range(200)}, frozenset({2026}))
    with pytest.raises(ValueError, match="no working day"):
        roll_forward(start, empty)
    with pytest.raises(ValueError, match="no working day"):
        add_working_days(start, 1, empty)


def test_a_count_beyond_reason_is_refused() -> None:
    with pytest.raises(ValueError, match="mistake"):
        add_working_days(date(2026, 1, 1), 10_001, TABLE)
    with pytest.raises(ValueError, match="too long"):
        working_days_between(date(1990, 1, 1), date(2026, 1, 1), TABLE)


@pytest.mark.parametrize(
    ("day", "months", "result"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2027-12-31", 2, "2028-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2026-03-15", -3, "2025-12-15"),
        ("2026-12-01", 1, "2027-01-01"),
    ],
)
def test_months_end_on_the_corresponding_day_or_the_last(day: str, months: int, result: str) -> None:
    assert add_months(date.fromisoformat(day), months) == date.fromisoformat(result)


def test_the_legal_day_is_the_civil_day_in_shanghai() -> None:
    assert legal_day(datetime(2026, 3, 10, 15, 59, 59, tzinfo=UTC)) == date(2026, 3, 10)
    assert legal_day(datetime(2026, 3, 10, 16, 0, tzinfo=UTC)) == date(2026, 3, 11)
    assert end_of_legal_day(date(2026, 3, 10)) == datetime(2026, 3, 10, 16, 0, tzinfo=UTC)
    with pytest.raises(ValueError, match="aware"):
        legal_day(datetime(2026, 3, 10))  # noqa: DTZ001


@SETTINGS
@given(day=DAYS)
def test_a_legal_day_holds_its_start_and_not_its_end(day: date) -> None:
    assert legal_day(start_of_legal_day(day)) == day
    assert legal_day(end_of_legal_day(day) - timedelta(microseconds=1)) == day
    assert legal_day(end_of_legal_day(day)) == day + timedelta(days=1)


@SETTINGS
@given(start=DAYS, days=st.integers(-120, 120).filter(bool))
def test_counting_days_undoes_adding_them(start: date, days: int) -> None:
    landed = add_working_days(start, days, TABLE).day
    assert is_working_day(landed, TABLE)
    if days > 0:
        assert working_days_between(start, landed, TABLE).days == days
    else:
        assert working_days_between(start, landed, TABLE).days == days


@SETTINGS
@given(start=DAYS, first=st.integers(1, 60), second=st.integers(1, 60))
def test_adding_in_two_steps_is_adding_at_once(start: date, first: int, second: int) -> None:
    middle = add_working_days(start, first, TABLE).day
    assert add_working_days(middle, second, TABLE).day == add_working_days(start, first + second, TABLE).day


@SETTINGS
@given(day=DAYS)
def test_rolling_moves_only_over_days_off_and_only_once(day: date) -> None:
    rolled = roll_forward(day, TABLE).day
    assert is_working_day(rolled, TABLE)
    assert not any(is_working_day(day + timedelta(days=n), TABLE) for n in range((rolled - day).days))
    assert roll_forward(rolled, TABLE).day == rolled
