"""Money, identifiers, length of service and the shape of answers."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guiyan.kernel.calendar import add_months
from guiyan.kernel.ids import moment_of, uuid7
from guiyan.kernel.money import as_text, payable, yuan
from guiyan.kernel.results import Confidence, Finding, Missing, Step, Verdict, Words, weakest
from guiyan.kernel.service import ServiceLength, calendar_days, service_length, whole_months

SETTINGS = settings(max_examples=120, deadline=None)
DAYS = st.dates(date(2000, 1, 1), date(2040, 12, 31))
NOW = datetime(2026, 11, 24, 10, 0, 0, 123456, tzinfo=UTC)


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0.005", "0.01"),
        ("2.675", "2.68"),
        ("-0.005", "-0.01"),
        ("-0.004", "0.00"),
        ("12", "12.00"),
        ("1,200.5", "1200.50"),
    ],
)
def test_money_rounds_half_up_and_prints_two_decimals(amount: str, text: str) -> None:
    assert as_text(yuan(amount)) == text


@pytest.mark.parametrize("bad", [1.5, True, None])
def test_money_refuses_what_is_not_exact(bad: object) -> None:
    with pytest.raises(TypeError):
        yuan(bad)  # type: ignore[arg-type]


@pytest.mark.parametrize("bad", ["", "abc", "NaN", "Infinity", "1e13"])
def test_money_refuses_what_is_no_amount(bad: str) -> None:
    with pytest.raises(ValueError, match="not an amount"):
        yuan(bad)


@SETTINGS
@given(st.decimals(min_value=-(10**9), max_value=10**9, places=4))
def test_a_payable_amount_is_within_half_a_cent(amount: Decimal) -> None:
    assert abs(payable(amount) - amount) <= Decimal("0.005")


def test_identifiers_sort_by_time_and_remember_it() -> None:
    early, late = uuid7(NOW, b"\xff" * 10), uuid7(NOW + timedelta(milliseconds=1), b"\x00" * 10)
    assert early < late
    assert early.version == 7
    assert early.variant == "specified in RFC 4122"
    assert moment_of(early) == NOW.replace(microsecond=123000)
    assert uuid7(NOW) != uuid7(NOW)


def test_identifiers_need_an_aware_moment_in_range_and_ten_bytes() -> None:
    with pytest.raises(ValueError, match="aware"):
        uuid7(datetime(2026, 1, 1))  # noqa: DTZ001
    with pytest.raises(ValueError, match="outside"):
        uuid7(datetime(1969, 12, 31, tzinfo=UTC))
    with pytest.raises(ValueError, match="ten bytes"):
        uuid7(NOW, b"short")
    assert uuid7(NOW.astimezone(timezone(timedelta(hours=8))), bytes(10)) == uuid7(NOW, bytes(10))


@pytest.mark.parametrize(
    ("first", "last", "length"),
    [
        ("2020-03-01", "2023-03-01", ServiceLength(3, 0, 1)),
        ("2026-01-01", "2026-06-30", ServiceLength(0, 6, 0)),
        ("2026-01-01", "2026-06-29", ServiceLength(0, 5, 29)),
        ("2024-02-29", "2025-02-27", ServiceLength(1, 0, 0)),
        ("2026-05-05", "2026-05-05", ServiceLength(0, 0, 1)),
    ],
)
def test_length_of_service_counts_both_days(first: str, last: str, length: ServiceLength) -> None:
    assert service_length(date.fromisoformat(first), date.fromisoformat(last)) == length


def test_service_cannot_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="cannot end"):
        service_length(date(2026, 1, 2), date(2026, 1, 1))
    with pytest.raises(ValueError, match="cannot end"):
        calendar_days(date(2026, 1, 2), date(2026, 1, 1))


@SETTINGS
@given(first=DAYS, extra=st.integers(0, 9000))
def test_months_and_days_add_up_to_the_period(first: date, extra: int) -> None:
    last = first + timedelta(days=extra)
    length = service_length(first, last)
    assert length.whole_months == whole_months(first, last)
    assert add_months(first, length.whole_months) + timedelta(days=length.days) == last + timedelta(days=1)
    assert 0 <= length.days <= 31


def finding(verdict: Verdict, missing: tuple[Missing, ...]) -> Finding[str]:
    step = Step(Words("缺少事实", "A fact is missing"))
    return Finding(as_of=date(2026, 11, 22), region=None, steps=(step,), verdict=verdict, missing=missing)


def test_an_indeterminate_finding_names_what_is_missing_and_a_lacking_one_lets_nothing_through() -> None:
    lacking = (Missing("employer_consents", Words("单位是否同意？", "Has the employer consented?")),)
    assert finding(Verdict.INDETERMINATE, lacking).missing == lacking
    assert finding(Verdict.PROHIBITED, lacking).missing == lacking
    for verdict in (Verdict.ALLOWED, Verdict.ALLOWED_WITH_CONDITIONS):
        with pytest.raises(ValueError, match="lets nothing through"):
            finding(verdict, lacking)
    with pytest.raises(ValueError, match="names what is missing"):
        finding(Verdict.INDETERMINATE, ())


def test_the_least_certain_step_decides_how_certain_an_answer_is() -> None:
    assert weakest([Confidence.STATUTE, Confidence.PRACTICE, Confidence.LOCAL]) is Confidence.PRACTICE
    assert weakest([]) is Confidence.STATUTE


def test_only_allowing_verdicts_let_a_gate_open() -> None:
    assert {v for v in Verdict if not v.stops} == {Verdict.ALLOWED, Verdict.ALLOWED_WITH_CONDITIONS}
