# ruff: noqa: E501 - one case a line reads best
"""Each spelling a cell can have: read by rule, asked about, or refused; never guessed."""

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest

from guiyan.people.importing.amounts import parse_performance, parse_probation, parse_wage
from guiyan.people.importing.contact import parse_email, parse_phone
from guiyan.people.importing.dates import parse_date, parse_period
from guiyan.people.importing.identity import agrees_with_lost, parse_identity
from guiyan.people.importing.reads import Context, Read
from guiyan.people.importing.text import chinese_number
from guiyan.people.importing.words import (
    parse_contract_kind,
    parse_education,
    parse_label,
    parse_name,
    parse_number,
    parse_sex,
)

from .rosters import AS_OF, identity

CONTEXT = Context(AS_OF)
JUNE = date(2021, 6, 10)


def offered(read: Read) -> list[str | None]:
    """The values that a question offers."""
    assert read.ask is not None
    return [choice.value for choice in read.ask.choices]


@pytest.mark.parametrize(
    "cell",
    [
        "2021.6.10", "20210610", "2021年6月10日", "2021/6/10 ", "2021-06-10", "2021-6-10", "２０２１．６．１０", "2021年06月10号", "2021、6、10",
        "2021 年 6 月 10 日", "2021.06.10.", "2021_06_10", "2021－06－10", "2021—06—10", "二〇二一年六月十日", "二零二一年六月十日", "二○二一年六月十日",
        "2021-06-10 08:30:00", "2021-06-10T08:30:00Z", "2021/6/10 星期四", "2021年6月10日 周四", "'2021-06-10", "\u200b2021-06-10\u00a0",
        "10-Jun-2021", "June 10, 2021", "10 June 2021", "44357", 44357.0, 44357.5, 20210610.0, "20210610.0", JUNE,
        datetime(2021, 6, 10, 8, 30),  # noqa: DTZ001 - a spreadsheet knows no zone
        "21年6月10日", "2021年六月十日", "2021。6。10", "20210610083000", "2021\\6\\10",
    ],
)  # fmt: skip
def test_one_day_in_many_spellings(cell: Any) -> None:
    assert parse_date(cell, CONTEXT).value == JUNE


def test_a_date_that_is_already_right_needs_no_repair() -> None:
    for cell in (JUNE, "2021-06-10"):
        assert parse_date(cell, CONTEXT).fixes == ()


def test_serial_numbers_follow_the_date_system_of_the_file() -> None:
    assert parse_date(42895.0, Context(AS_OF, date1904=True)).value == JUNE
    assert parse_date(44357.0, Context(AS_OF, date1904=False)).value == JUNE


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("2021.6", "date_month_only"), ("2021年6月", "date_month_only"), ("202106", "date_month_only"), (202106.0, "date_month_only"),
        ("2021-06", "date_month_only"), ("二〇二一年六月", "date_month_only"), (2021.6, "date_month_or_day_lost"), (2021.1, "date_month_or_day_lost"),
        ("2021", "date_year_only"), (2021.0, "date_year_only"), ("2021年", "date_year_only"), ("10/6/2021", "date_ambiguous"),
        ("21-6-10", "date_ambiguous"), ("210610", "date_ambiguous"), ("10-Jun-21", "date_ambiguous"), ("2021111", "date_ambiguous"),
        ("2O21-3-5", "date_letters"), ("202l.6.10", "date_letters"), ("待定", "undecided"), ("去年夏天", "date_unreadable"),
        (time(0, 0), "date_unreadable"), (True, "date_unreadable"), (3.0, "date_unreadable"), ("10:30", "date_unreadable"), ("5201314", "date_unreadable"),
    ],
)  # fmt: skip
def test_a_date_that_is_not_sure_is_asked(cell: Any, kind: str) -> None:
    read = parse_date(cell, CONTEXT)
    assert read.value is None
    assert read.ask is not None and read.ask.kind == kind


def test_day_and_month_in_doubt_offer_both_readings() -> None:
    assert offered(parse_date("10/6/2021", CONTEXT)) == ["2021-06-10", "2021-10-06"]
    assert parse_date("25/6/2021", CONTEXT).value == date(2021, 6, 25)
    assert "2021-03-05" in offered(parse_date("2O21-3-5", CONTEXT))


@pytest.mark.parametrize(
    "cell",
    [
        "2023-02-30",
        "20230230",
        20230230.0,
        "2023.13.1",
        "2023年2月29日",
        "2023/0/5",
        "1899-01-01",
        date(1901, 1, 1),
        "2090-01-01",
    ],
)
def test_an_impossible_day_is_refused(cell: Any) -> None:
    assert parse_date(cell, CONTEXT).deny is not None


@pytest.mark.parametrize("cell", ["长期", "无固定", "无固定期限", "/", "-", "无", "永久", "至退休", "——"])
def test_no_end_date_is_understood(cell: str) -> None:
    read = parse_date(cell, CONTEXT, years_ahead=60, open_ended=True)
    assert read.clean and read.value is None


def test_a_period_in_one_cell() -> None:
    for text in ("2021.6.10-2024.6.9", "2021年6月10日至2024年6月9日", "2021-06-10~2024-06-09", "20210610 - 20240609"):
        found = parse_period(text, CONTEXT)
        assert isinstance(found, tuple)
        assert (found[0].value, found[1].value) == (JUNE, date(2024, 6, 9))
    assert parse_period("三年", CONTEXT) == 36
    assert parse_period("按公司规定", CONTEXT) is None


GOOD_ID = identity()


@pytest.mark.parametrize(
    "cell",
    [GOOD_ID, f" {GOOD_ID} ", f"'{GOOD_ID}", f"\u3000{GOOD_ID}\u200b", "".join(chr(ord(sign) + 0xFEE0) for sign in GOOD_ID), f"{GOOD_ID[:6]} {GOOD_ID[6:14]} {GOOD_ID[14:]}", f"{GOOD_ID[:6]}-{GOOD_ID[6:]}"],
)  # fmt: skip
def test_an_identity_number_in_many_spellings(cell: str) -> None:
    assert parse_identity(cell, CONTEXT).value == f"citizen:{GOOD_ID}"


def test_small_x_becomes_large() -> None:
    number = next(text for order in range(1, 999) if (text := identity(order=f"{order:03d}")).endswith("X"))
    read = parse_identity(number.lower(), CONTEXT)
    assert read.value == f"citizen:{number}" and read.fixes


@pytest.mark.parametrize(
    "cell",
    [
        3.201061979120113e17,
        320106197912011000.0,
        "3.20106E+17",
        "3.20106197912011E+17",
        "320106197912011000",
        4.40305197410243e17,
    ],
)
def test_lost_digits_are_never_completed(cell: Any) -> None:
    read = parse_identity(cell, CONTEXT)
    assert read.value is None
    assert read.ask is not None and read.ask.kind == "identity_digits_lost"
    assert read.ask.choices == ()


def test_readable_digits_are_told_and_an_answer_must_fit_them() -> None:
    cell = 320106197912011000.0
    read = parse_identity(cell, CONTEXT)
    assert read.ask is not None
    assert dict(read.ask.facts) == {"known": "320106197912011", "birth": "1979-12-01"}
    assert agrees_with_lost(cell, f"citizen:{identity('320106', '19791201', '135')}")
    assert not agrees_with_lost(cell, f"citizen:{identity('320106', '19791202', '135')}")
    whole = identity("320106", "19791201", "132")
    assert agrees_with_lost(float(whole), f"citizen:{whole}")


def test_a_number_ending_in_three_zeros_is_asked_even_if_its_check_digit_fits() -> None:
    numbers = (
        identity(born=f"1990{month:02d}{day:02d}", order="100") for month in range(1, 13) for day in range(1, 29)
    )
    number = next(text for text in numbers if text.endswith("000"))
    read = parse_identity(number, CONTEXT)
    assert read.value is None and offered(read) == [f"citizen:{number}"]


def test_the_old_form_is_converted_by_rule_and_a_cut_new_number_is_not() -> None:
    read = parse_identity("310104650812123", CONTEXT)
    assert read.value == f"citizen:{identity('310104', '19650812', '123')}"
    assert [fix.kind for fix in read.fixes] == ["identity_old_form"]
    assert parse_identity(310104650812123.0, CONTEXT).value == read.value
    assert parse_identity("310104200105263", CONTEXT).ask is not None
    assert parse_identity(GOOD_ID[:15], CONTEXT).ask is not None


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        (GOOD_ID[:-1] + ("0" if GOOD_ID[-1] != "0" else "1"), "identity_check_digit"), (GOOD_ID[:-1], "identity_length"), (GOOD_ID + "1", "identity_length"),
        ("99" + GOOD_ID[2:], "identity_check_digit"), ("10" + GOOD_ID[2:], "identity_area"), (GOOD_ID.replace("0", "O", 1), "identity_letters"),
        ("H12345678", "document_kind_unclear"), ("12345678", "document_kind_unclear"), ("没带", "identity_unreadable"), (12345.0, "identity_unreadable"), (date(2021, 1, 1), "identity_unreadable"),
    ],
)  # fmt: skip
def test_a_doubtful_identity_number_is_asked(cell: Any, kind: str) -> None:
    read = parse_identity(cell, CONTEXT)
    assert read.value is None and read.ask is not None and read.ask.kind == kind


@pytest.mark.parametrize("born", ["19900230", "20270101", "18991231"])
def test_an_impossible_birth_date_is_refused(born: str) -> None:
    assert parse_identity(identity(born=born), CONTEXT).deny is not None


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("E12345678", "passport:E12345678"), ("ea1234567", "passport:EA1234567"), ("H1234567890", "hk_macao_permit:H1234567890"),
        ("A123456(3)", "hk_identity:A123456(3)"), (identity("810000"), f"hmt_residence:{identity('810000')}"), ("CHN123456789012", "permanent_residence:CHN123456789012"),
    ],
)  # fmt: skip
def test_other_documents_are_accepted_as_what_they_are(cell: str, expected: str) -> None:
    assert parse_identity(cell, CONTEXT).value == expected


def test_a_declared_document_is_taken_at_its_word() -> None:
    assert parse_identity("12345678", CONTEXT, "taiwan_permit").value == "taiwan_permit:12345678"
    assert parse_identity("E12345678", CONTEXT, "citizen").ask is not None


@pytest.mark.parametrize(
    "cell",
    ["13800138000", 13800138000.0, "+8613800138000", "+86 138-0013-8000", "0086 13800138000", "8613800138000", "138 0013 8000", "138-0013-8000", "１３８００１３８０００", "13800138000.0", "'13800138000", "13800138000（微信同号）", "手机：13800138000", "13800138000 / 138-0013-8000"],
)  # fmt: skip
def test_a_mobile_number_in_many_spellings(cell: Any) -> None:
    assert parse_phone(cell, CONTEXT).value == "13800138000"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("021-58881234", "021-58881234"), ("（0791）8888123", "0791-8888123"), ("+86 21 58881234", "021-58881234"), ("021 58881234转805", "021-58881234-805"), ("+852 9123 4567", "+85291234567")],
)  # fmt: skip
def test_landlines_and_foreign_numbers(cell: str, expected: str) -> None:
    assert parse_phone(cell, CONTEXT).value == expected


@pytest.mark.parametrize(
    ("cell", "kind"),
    [("1776759733", "phone_length"), ("138001380001", "phone_length"), ("58881234", "phone_length"), ("1.38E+10", "phone_digits_lost"), ("13800138000/13900139000", "phone_several"), ("138OO138000", "phone_letters"), ("138****8000", "phone_unreadable"), ("没有", "phone_unreadable"), (1.5, "phone_unreadable"), ("不详", "undecided")],
)  # fmt: skip
def test_a_doubtful_phone_is_asked(cell: Any, kind: str) -> None:
    read = parse_phone(cell, CONTEXT)
    assert read.value is None and read.ask is not None and read.ask.kind == kind


def test_of_two_phones_neither_is_taken() -> None:
    assert offered(parse_phone("13800138000、13900139000", CONTEXT)) == ["13800138000", "13900139000"]


def test_email() -> None:
    assert parse_email(" zhang.san＠Example.CN ", CONTEXT).value == "zhang.san@example.cn"
    assert parse_email("mailto:a@b.cn", CONTEXT).value == "a@b.cn"
    assert parse_email("/", CONTEXT).clean
    for bad in ("a@b", "a.b.cn", "a@@b.cn", "a@b..cn", "张三", 5.0):
        assert parse_email(bad, CONTEXT).ask is not None
    assert parse_email("a@b.cn;c@d.cn", CONTEXT).ask is not None


@pytest.mark.parametrize(
    ("cell", "yuan"),
    [
        (9000.0, "9000"), ("3,000", "3000"), ("3，000", "3000"), ("１２０００", "12000"), ("1.2万", "12000"), ("1.2w", "12000"), ("8k", "8000"), ("8K", "8000"), ("15千", "15000"),
        ("¥9,000.50", "9000.5"), ("￥9000", "9000"), ("9000元", "9000"), ("9000元/月", "9000"), ("RMB 9000", "9000"), ("三千五百", "3500"), ("1万2千", "12000"), ("9 000", "9000"),
        (8999.999999999999, "9000"), ("人民币9000元整", "9000"),
    ],
)  # fmt: skip
def test_wages_in_many_spellings(cell: Any, yuan: str) -> None:
    assert parse_wage(cell, CONTEXT).value == Decimal(yuan)


@pytest.mark.parametrize(
    ("cell", "kind"),
    [("面议", "undecided"), ("8000-10000", "amount_range"), ("8k~12k", "amount_range"), ("3.000", "amount_point"), ("约8000", "amount_unreadable"), ("税后8000", "amount_unreadable"), ("$3000", "amount_unreadable"), ("20%", "amount_unreadable"), (12.0, "wage_magnitude"), (9_000_000.0, "wage_magnitude"), ("一万二", "amount_unreadable"), (True, "amount_unreadable"), (date(2021, 1, 1), "amount_unreadable")],
)  # fmt: skip
def test_a_doubtful_wage_is_asked(cell: Any, kind: str) -> None:
    read = parse_wage(cell, CONTEXT)
    assert read.value is None and read.ask is not None and read.ask.kind == kind


@pytest.mark.parametrize("cell", [-5.0, "-3,000", "(3,000)", "（3000）"])
def test_a_negative_wage_is_refused(cell: Any) -> None:
    assert parse_wage(cell, CONTEXT).deny is not None


def test_fractions_of_a_cent_are_rounded_and_said_so() -> None:
    read = parse_wage(5263.157894, CONTEXT)
    assert read.value == Decimal("5263.16") and [fix.kind for fix in read.fixes] == ["rounded_to_cents"]


def test_performance_pay() -> None:
    for cell in ("20%", "２０％", "百分之二十"):
        read = parse_performance(cell, CONTEXT)
        assert read.value is None and dict(read.extra) == {"performance_percent": "20"}
    assert parse_performance("3,000", CONTEXT).value == Decimal(3000)
    assert parse_performance(0.0, CONTEXT).value == 0
    assert parse_performance("无", CONTEXT).clean
    assert parse_performance("-20%", CONTEXT).deny is not None
    unclear = parse_performance(0.2, CONTEXT)
    assert unclear.ask is not None and unclear.ask.kind == "fraction_or_amount"


@pytest.mark.parametrize(
    ("cell", "months"),
    [(3.0, 3), ("3个月", 3), ("三个月", 3), ("两个月", 2), ("2月", 2), ("6", 6), ("半年", 6), ("一年", 12), ("无", 0), ("0", 0), (0.0, 0), ("0月", 0), ("免试用期", 0), ("３个月", 3), (" 3 个 月 ", 3), ("3 months", 3), ("试用期3个月", 3), ("3个月（已过）", 3), ("/", 0)],
)  # fmt: skip
def test_probation_in_many_spellings(cell: Any, months: int) -> None:
    assert parse_probation(cell, CONTEXT).value == months


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("90天", "probation_days"),
        ("6周", "probation_days"),
        (1.5, "probation_unreadable"),
        (date(2026, 3, 1), "probation_unreadable"),
        ("按合同", "probation_unreadable"),
        (36.0, "probation_magnitude"),
        ("待定", "undecided"),
    ],
)
def test_a_doubtful_probation_is_asked(cell: Any, kind: str) -> None:
    read = parse_probation(cell, CONTEXT)
    assert read.value is None and read.ask is not None and read.ask.kind == kind


def test_a_negative_probation_is_refused() -> None:
    assert parse_probation(-1.0, CONTEXT).deny and parse_probation("-3个月", CONTEXT).deny


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("张 三", "张三"), (" 张三\u3000", "张三"), ("易\u3000秀", "易秀"), ("阿依古丽·买买提", "阿依古丽·买买提"), ("阿依古丽.买买提", "阿依古丽·买买提"), ("阿依古丽• 买买提", "阿依古丽·买买提"),
        ("John Smith", "John Smith"), ("白𬸚", "白𬸚"), ("龚䶮", "龚䶮"), ("张三（借调）", "张三"), ("张三(小张)", "张三"), ("张三 Peter", "张三"), ("欧阳娜娜", "欧阳娜娜"), ("神\u200b田", "神田"), ("Zhang San", "Zhang San"),
    ],
)  # fmt: skip
def test_names(cell: str, name: str) -> None:
    assert parse_name(cell, CONTEXT).value == name


def test_a_compatibility_character_in_a_name_is_not_exchanged() -> None:
    assert parse_name("張\ufa0e", CONTEXT).value == "張\ufa0e"


def test_brackets_after_a_name_are_kept_elsewhere() -> None:
    assert parse_name("张三（借调）", CONTEXT).extra == (("remark", "借调"),)
    assert parse_name("张三(小张)", CONTEXT).extra == (("alias", "小张"),)


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("李*", "name_characters_lost"),
        ("王?明", "name_characters_lost"),
        ("赵□", "name_characters_lost"),
        ("孙\ue123", "name_characters_lost"),
        ("张伟2", "name_tag"),
        ("张伟A", "name_tag"),
        ("123", "name_unreadable"),
        (5.0, "name_unreadable"),
        ("张", "name_short"),
    ],
)
def test_a_doubtful_name_is_asked(cell: Any, kind: str) -> None:
    read = parse_name(cell, CONTEXT)
    assert read.value is None and read.ask is not None and read.ask.kind == kind


def test_employee_numbers() -> None:
    assert parse_number(10023.0, CONTEXT).value == "10023"
    assert parse_number(" hy210000 ", CONTEXT).value == "HY210000"
    assert parse_number("ＨＹ０１", CONTEXT).value == "HY01"
    zeros = parse_number(123.0, Context(AS_OF, widths=(("employee_number", 5),)))
    assert zeros.ask is not None and offered(zeros) == ["00123", "123"]


@pytest.mark.parametrize(
    ("parser", "cell", "expected"),
    [
        (parse_sex, "男性", "男"), (parse_sex, "F", "女"), (parse_sex, " 女 ", "女"), (parse_contract_kind, "固定", "fixed_term"), (parse_contract_kind, "无固定", "open_ended"),
        (parse_contract_kind, "劳务", "labour_service"), (parse_contract_kind, "以完成一定工作任务为期限", "task"), (parse_contract_kind, "三年", "fixed_term"), (parse_contract_kind, "非全日制", "part_time"),
        (parse_education, "大学本科", "本科"), (parse_education, "硕士研究生", "硕士"), (parse_label, "研发 部", "研发部"), (parse_label, "\u3000财务部", "财务部"), (parse_label, "IT支持", "IT支持"),
    ],
)  # fmt: skip
def test_words(parser: Callable[[Any, Context], Read], cell: str, expected: str) -> None:
    assert parser(cell, CONTEXT).value == expected


@pytest.mark.parametrize(
    ("parser", "cell"), [(parse_sex, "1"), (parse_sex, 0.0), (parse_sex, "不男"), (parse_contract_kind, "甲类")]
)
def test_unknown_words_are_asked(parser: Callable[[Any, Context], Read], cell: Any) -> None:
    assert parser(cell, CONTEXT).ask is not None


def test_chinese_numerals() -> None:
    read = {
        "二〇二一": 2021,
        "十": 10,
        "十二": 12,
        "二十": 20,
        "三百零五": 305,
        "一万": 10000,
        "一万二千": 12000,
        "一万二": None,
        "三百五": None,
        "": None,
        "一百一百": None,
    }
    assert {text: chinese_number(text) for text in read} == read
