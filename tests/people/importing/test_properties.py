"""Whatever a cell holds: no parser raises, none guesses, and every well-formed value survives every spelling."""

import string
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guiyan.people.importing import AnswersUnusable, FileUnusable, Plan, build_plan
from guiyan.people.importing.amounts import parse_performance, parse_probation, parse_wage
from guiyan.people.importing.contact import parse_phone
from guiyan.people.importing.dates import add_months, parse_date, parse_period
from guiyan.people.importing.departments import one_edit
from guiyan.people.importing.errors import REASONS
from guiyan.people.importing.identity import check_digit, parse_identity
from guiyan.people.importing.reads import Context
from guiyan.people.importing.rows import PARSERS
from guiyan.people.importing.text import chinese_number

from .rosters import AS_OF, HEADS, plan_of

CONTEXT = Context(AS_OF)
quick = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])

MESS = "0123456789年月日./-,， 　ＯO一二三十个半无长期固定男女张·()（）%万千kKXxlE+@#=\u200b\u00a0'\"?*:至~"
cells = st.one_of(
    st.none(),
    st.booleans(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-10, 10**19).map(float),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.text(max_size=25),
    st.text(alphabet=MESS, max_size=22),
    st.from_regex(r"\d{1,4}[-./年]\d{1,2}[-./月]\d{1,4}日?", fullmatch=True),
)
days = st.dates(date(1950, 1, 1), date(2028, 12, 31))


@given(cell=cells, name=st.sampled_from(sorted(PARSERS)))
@settings(max_examples=1500, deadline=None)
def test_no_parser_ever_raises_and_a_question_has_no_value(cell: Any, name: str) -> None:
    read = PARSERS[name](cell, CONTEXT)
    if not read.clean:
        assert read.value is None and not (read.ask and read.deny)
    parse_period(cell, CONTEXT)


@given(cell=cells, name=st.sampled_from(sorted(PARSERS)))
@settings(max_examples=600, deadline=None)
def test_what_was_read_reads_the_same_again(cell: Any, name: str) -> None:
    first = PARSERS[name](cell, CONTEXT)
    if first.value is None or name in (
        "identity_number",
        "document_kind",
        "contract_kind",
        "status",
        "base_wage",
        "performance_wage",
    ):
        return
    again = PARSERS[name](float(first.value) if isinstance(first.value, int | Decimal) else first.value, CONTEXT)
    assert again.value == first.value and again.clean


FORMS = (
    "{0:%Y-%m-%d}",
    "{0:%Y.%m.%d}",
    "{0.year}.{0.month}.{0.day}",
    "{0:%Y/%m/%d} ",
    "{0.year}年{0.month}月{0.day}日",
    "{0:%Y%m%d}",
    "{0.year}-{0.month}-{0.day} 00:00:00",
)


@given(day=days, form=st.sampled_from(FORMS), wide=st.booleans())
@quick
def test_dates_round_trip(day: date, form: str, wide: bool) -> None:
    text = form.format(day)
    if wide:
        text = "".join(chr(ord(sign) + 0xFEE0) if sign in string.digits + "./" else sign for sign in text)
    assert parse_date(text, CONTEXT).value == day
    assert parse_date(float((day - date(1899, 12, 30)).days), CONTEXT).value == day


@given(day=days)
@quick
def test_day_first_is_read_only_when_it_can_be_nothing_else(day: date) -> None:
    read = parse_date(f"{day.day}/{day.month}/{day.year}", CONTEXT)
    if day.day > 12 or day.day == day.month:
        assert read.value == day
    else:
        assert read.value is None and read.ask is not None
        assert day.isoformat() in [choice.value for choice in read.ask.choices]


@st.composite
def identities(draw: st.DrawFn) -> str:
    area = draw(st.sampled_from(["110105", "310104", "440305", "650102"]))
    born = draw(st.dates(date(1930, 1, 1), date(2020, 12, 31)))
    head = f"{area}{born:%Y%m%d}{draw(st.integers(1, 999)):03d}"
    return head + check_digit(head)


@given(number=identities())
@quick
def test_identity_numbers_round_trip_and_a_float_never_gives_one(number: str) -> None:
    if not number.endswith("000"):
        for text in (number, f" {number.lower()} ", f"'{number}"):
            assert parse_identity(text, CONTEXT).value == f"citizen:{number}"
    digits = number.replace("X", "0")
    for damaged in (float(digits), float(digits[:15] + "000"), digits[:15] + "000"):
        assert parse_identity(damaged, CONTEXT).value is None


@given(number=identities(), place=st.integers(0, 16), digit=st.sampled_from(string.digits))
@quick
def test_one_wrong_digit_is_always_noticed(number: str, place: int, digit: str) -> None:
    wrong = number[:place] + digit + number[place + 1 :]
    if wrong != number:
        assert parse_identity(wrong, CONTEXT).value is None


@given(number=st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), place=st.integers(0, 10))
@quick
def test_phones_round_trip_and_a_lost_digit_is_noticed(number: str, place: int) -> None:
    for cell in (
        number,
        float(number),
        f"+86{number}",
        f"{number[:3]}-{number[3:7]}-{number[7:]}",
        f"{number[:3]} {number[3:7]} {number[7:]}",
    ):
        assert parse_phone(cell, CONTEXT).value == number
    assert parse_phone(number[:place] + number[place + 1 :], CONTEXT).value is None


@given(yuan=st.integers(2000, 400_000))
@quick
def test_wages_round_trip(yuan: int) -> None:
    for cell in (float(yuan), str(yuan), f"{yuan:,}", f"¥{yuan:,}.00", f"{yuan}元"):
        assert parse_wage(cell, CONTEXT).value == Decimal(yuan)
    assert parse_wage(f"-{yuan}", CONTEXT).deny is not None
    assert parse_performance(f"{yuan:,}", CONTEXT).value == Decimal(yuan)


@given(number=st.integers(0, 9_999))
@quick
def test_chinese_numerals_digit_by_digit(number: int) -> None:
    text = "".join("零一二三四五六七八九"[int(digit)] for digit in str(number))
    assert chinese_number(text) == number
    if number <= 24:
        assert parse_probation(f"{text}个月", CONTEXT).value == number


@given(day=days, months=st.integers(0, 120))
@quick
def test_months_are_added_without_skipping_one(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later + timedelta(days=1)).day == 1


@given(
    first=st.text(alphabet="甲乙丙", min_size=1, max_size=5), second=st.text(alphabet="甲乙丙", min_size=1, max_size=5)
)
@quick
def test_one_edit_is_symmetric_and_never_of_equals(first: str, second: str) -> None:
    assert (one_edit(first, second) is None) == (one_edit(second, first) is None)
    if first == second:
        assert one_edit(first, second) is None


writable = st.one_of(
    st.none(), st.floats(-1e18, 1e18, allow_nan=False), days, st.text(alphabet=MESS, max_size=20), st.booleans()
)


@given(rows=st.lists(st.lists(writable, min_size=len(HEADS), max_size=len(HEADS)), min_size=1, max_size=4))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_rows_make_a_plan_that_adds_up(rows: list[list[Any]]) -> None:
    plan = plan_of(*rows)
    figures = plan.reconciliation
    assert figures.rows_in == figures.accepted + figures.refused + sum(count for _, count in figures.skipped)
    assert len(plan.rows) == figures.rows_in
    assert Plan.from_json(plan.to_json()) == plan
    held = {(question.sheet, question.row) for question in plan.questions} | {
        (item.sheet, item.row) for item in plan.refusals
    }
    assert not held & {(row.sheet, row.row) for row in plan.rows if row.outcome == "accepted"}


@given(
    data=st.binary(max_size=400),
    start=st.sampled_from(
        [b"", b"PK\x03\x04", bytes.fromhex("D0CF11E0A1B11AE1"), "工号,姓名\n".encode(), b"\xef\xbb\xbf"]
    ),
)
@quick
def test_any_bytes_are_a_plan_or_a_named_refusal(data: bytes, start: bytes) -> None:
    try:
        plan = build_plan(start + data, "x.csv", as_of=AS_OF)
    except FileUnusable as refusal:
        reason = refusal.reason
    else:
        reason = "" if plan.sheets else "nothing"
    assert reason in ("", *REASONS)


@pytest.mark.parametrize(
    "cell",
    [
        time(0, 0),
        datetime.min,  # noqa: DTZ901
        date(9999, 12, 31),
        1e308,
        -0.0,
        "９" * 300,
        "\ud800",
        "一" * 50,
    ],
)
def test_extreme_cells(cell: Any) -> None:
    for parser in PARSERS.values():
        assert parser(cell, CONTEXT) is not None


def test_answers_of_any_text_never_break_a_plan() -> None:
    row = [
        "A1",
        "张三",
        "男",
        3.2e17,
        "研发部",
        "",
        "某人",
        "2021.6",
        "90天",
        "固定",
        "",
        "",
        "138",
        "x",
        "面议",
        0.2,
        "",
    ]
    keys = [question.id for question in plan_of(row).questions]
    assert len(keys) >= 8
    for text in ("", "=1+1", "use:", "use:2021-06-10", "keep", "empty", "drop_row", "\u0000", "9" * 100):
        try:
            plan_of(row, answers=dict.fromkeys(keys, text))
        except AnswersUnusable:
            pytest.fail("a text answer is never unusable")
