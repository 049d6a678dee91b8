# ruff: noqa: E501 - one case a line reads best
"""From bytes to tables: which files are refused whole, where the table lies, and which rows are nobody."""

import io
import re
import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from guiyan.people.importing import LIMITS, FileUnusable, Plan, build_plan
from guiyan.people.importing.fields import FIELDS, recognise
from guiyan.people.importing.reading import read_workbook

from .rosters import AS_OF, HEADS, kinds, person, plan_of, workbook

DATA = Path(__file__).parents[2] / "data"


def skips(plan: Plan) -> dict[str, int]:
    """Rows without a person, by kind."""
    return dict(plan.reconciliation.skipped)


def repacked(data: bytes, change: dict[str, bytes]) -> bytes:
    """The package with some members replaced or added."""
    output = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in change:
                new.writestr(name, old.read(name))
        for name, content in change.items():
            new.writestr(name, content)
    return output.getvalue()


ROSTER = workbook([HEADS, person()])
OLE = bytes.fromhex("D0CF11E0A1B11AE1")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty_file"), (b"hello", "not_a_spreadsheet"), (b"%PDF-1.7\n1,2\n", "not_a_spreadsheet"), (b"\x00\x01\x02,\x03", "not_a_spreadsheet"),
        (b"<html><table><tr><td>a</td></tr></table>", "web_page"), (b"PK\x03\x04junk", "corrupt"), (ROSTER[: len(ROSTER) // 2], "corrupt"),
        (OLE + bytes(600), "corrupt"), (OLE + bytes(512) + "EncryptedPackage".encode("utf-16-le") + bytes(512), "encrypted"),
        (b"a,b\n\xff\xff,1\n", "unknown_encoding"), (workbook([["a", "b"], ["c", "d"]]), "no_roster"), (workbook([]), "no_roster"),
        (repacked(ROSTER, {"xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row"}), "corrupt"),
        (repacked(ROSTER, {"xl/media/zeros.bin": bytes(30_000_000)}), "unpacks_too_large"),
    ],
)  # fmt: skip
def test_an_unusable_file_is_refused_with_its_reason(data: bytes, reason: str) -> None:
    with pytest.raises(FileUnusable) as caught:
        build_plan(data, "a.xlsx", as_of=AS_OF)
    assert caught.value.reason == reason
    assert caught.value.zh and caught.value.en


@pytest.mark.parametrize(
    ("limit", "reason"),
    [
        ({"file_bytes": 100}, "too_large"),
        ({"rows": 1}, "too_many_rows"),
        ({"columns": 5}, "too_many_columns"),
        ({"sheets": 0}, "too_many_sheets"),
        ({"cell_characters": 3}, "cell_too_long"),
        ({"archive_members": 2}, "unpacks_too_large"),
    ],
)
def test_every_limit_is_kept(limit: dict[str, int], reason: str) -> None:
    with pytest.raises(FileUnusable) as caught:
        build_plan(ROSTER, "a.xlsx", as_of=AS_OF, limits=replace(LIMITS, **limit))
    assert caught.value.reason == reason


def test_a_zip_that_is_no_spreadsheet() -> None:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
    with pytest.raises(FileUnusable) as caught:
        build_plan(output.getvalue(), "a.docx", as_of=AS_OF)
    assert caught.value.reason == "not_a_spreadsheet"


CSV = "工号,姓名,身份证号码,入职日期\nA001,张三,310104199003071231,2021.6.10\nA002,李四,,2021-6-1\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_csv_in_every_encoding_and_delimiter(encoding: str, delimiter: str) -> None:
    plan = build_plan(CSV.replace(",", delimiter).encode(encoding), "名单.csv", as_of=AS_OF)
    assert plan.sheets[0].name == "名单"
    assert [row.name for row in plan.rows] == ["", "张三", "李四"]


def test_csv_with_quotes_line_ends_and_kept_digits() -> None:
    text = 'sep=,\r\n工号,姓名,入职日期,备注\r\n="00123",张三,2021-06-10,"一,二\r\n三"\r\n'
    plan = build_plan(text.encode(), "a.csv", as_of=AS_OF)
    spell = plan.spells[0]
    assert (spell.employee_number, spell.remark) == ("00123", "一,二 三")


def test_old_xls() -> None:
    plan = build_plan((DATA / "roster_small.xls").read_bytes(), "a.xls", as_of=AS_OF)
    assert [(spell.employee_number, spell.hire_date) for spell in plan.spells] == [
        ("B001", date(2021, 6, 10)),
        ("B002", date(2021, 6, 10)),
    ]
    assert read_workbook((DATA / "roster_small.xls").read_bytes(), "a.xls", LIMITS).date1904


def test_a_really_encrypted_file_is_named_as_such() -> None:
    with pytest.raises(FileUnusable) as caught:
        build_plan((DATA / "roster_encrypted.xlsx").read_bytes(), "a.xlsx", as_of=AS_OF)
    assert caught.value.reason == "encrypted"


def test_titles_blanks_totals_notes_and_repeated_headers_are_nobody() -> None:
    rows = [
        ["某某公司花名册"], ["制表：人力资源部", None, "2026年10月"], [], HEADS, person(1), [], person(2), HEADS, person(3),
        ["研发部小计", None, None, None, None, None, None, None, None, None, None, None, None, None, 27000.0], ["一、销售部"], person(4), ["示例", "某某", "男"],
        ["合计", "4人"], ["注：黄色为待转正人员"], ["审核：李某", "第1页"],
    ]  # fmt: skip
    plan = build_plan(workbook(rows), "a.xlsx", as_of=AS_OF)
    assert plan.reconciliation.accepted == 4
    assert skips(plan) == {"title": 2, "header": 2, "blank": 2, "total": 2, "section": 1, "example": 1, "note": 2}
    assert plan.reconciliation.rows_in == 16


def test_serial_numbers_alone_are_blank_rows() -> None:
    heads = ("序号", *HEADS)
    plan = plan_of([1.0, *person()], [2.0], [3.0], heads=heads)
    assert (plan.reconciliation.accepted, skips(plan)["blank"]) == (1, 2)


def test_a_person_called_like_a_total_is_still_a_person() -> None:
    plan = plan_of(person(姓名="何计"), person(2, 姓名="注小明"), person(3, 备注="合计扣款"))
    assert plan.reconciliation.accepted == 3


def test_a_second_table_with_other_columns_below_the_first() -> None:
    left = ["姓名", "工号", "离职日期", "入职日期", "离职原因"]
    rows = [
        ["在职人员"],
        HEADS,
        person(1),
        person(2, 岗位="岗位"),
        [],
        ["离职人员"],
        left,
        ["李雷", "L1", "2020.1.1", "2018.1.1", "个人原因"],
        ["韩梅", "L2", "2021-1-1", "2018.1.1", ""],
    ]
    plan = build_plan(workbook({"名单": rows}), "a.xlsx", as_of=AS_OF)
    assert [(sheet.name, sheet.use, sheet.rows, sheet.header_rows) for sheet in plan.sheets] == [
        ("名单", "people", 6, (2,)),
        ("名单·7", "leavers", 3, (7,)),
    ]
    assert [(spell.row, spell.state, spell.employee_number) for spell in plan.spells] == [
        (3, "active", "A001"),
        (4, "active", "A002"),
        (8, "ended", "L1"),
        (9, "ended", "L2"),
    ]
    assert plan.reconciliation.rows_in == 9
    assert {repair.cell for repair in plan.repairs if repair.row == 9} == {"C9", "D9"}


def test_two_row_header_with_merged_parents() -> None:
    rows = [
        ["花名册"], ["工号", "姓名", "入职日期", "合同", None, None, "紧急联系人", None], [None, None, None, "类型", "起始", "终止", "姓名", "电话"],
        ["A1", "张三", "2021.6.10", "固定", "2021.6.10", "2027.6.9", "李四", "13800138000"],
    ]  # fmt: skip
    plan = build_plan(
        workbook(rows, merges={"花名册": [(1, 3, 1, 5), (1, 6, 1, 7), (1, 0, 2, 0), (1, 1, 2, 1), (1, 2, 2, 2)]}),
        "a.xlsx",
        as_of=AS_OF,
    )
    assert [column.field for column in plan.columns] == [
        "employee_number",
        "name",
        "hire_date",
        "contract_kind",
        "contract_start",
        "contract_end",
        "emergency_name",
        "emergency_phone",
    ]
    assert plan.sheets[0].header_rows == (2, 3)
    assert plan.people[0].emergency_phone == "13800138000"


def test_two_row_header_without_merges_in_csv() -> None:
    text = "工号,姓名,入职日期,合同,,紧急联系人,\n,,,起始,终止,姓名,电话\nA1,张三,2021-06-10,2021-06-10,2027-06-09,李四,13800138000\n"
    plan = build_plan(text.encode(), "a.csv", as_of=AS_OF)
    assert (plan.spells[0].contract_end, plan.people[0].emergency_name) == (date(2027, 6, 9), "李四")


def test_merged_department_cells_are_filled_down_and_shown_as_repairs() -> None:
    rows = [HEADS, person(1, 部门="研发部"), person(2, 部门=None), person(3, 部门=None), person(4, 部门=None)]
    plan = build_plan(workbook(rows, merges={"花名册": [(1, 4, 3, 4)]}), "a.xlsx", as_of=AS_OF)
    assert [spell.department for spell in plan.spells] == [("研发部",), ("研发部",), ("研发部",), ()]
    assert [repair.cell for repair in plan.repairs if repair.kind == "merged_cell"] == ["E3", "E4"]


def test_hidden_sheets_are_listed_and_loaded_only_when_asked() -> None:
    data = workbook({"在职": [HEADS, person(1)], "旧表": [HEADS, person(2)], "空": []}, hidden=["旧表"])
    plan = build_plan(data, "a.xlsx", as_of=AS_OF)
    assert [(sheet.name, sheet.use) for sheet in plan.sheets] == [
        ("在职", "people"),
        ("旧表", "hidden"),
        ("空", "empty"),
    ]
    assert len(plan.people) == 1
    assert len(build_plan(data, "a.xlsx", as_of=AS_OF, include_hidden=frozenset({"旧表"})).people) == 2
    with pytest.raises(FileUnusable):
        build_plan(data, "a.xlsx", as_of=AS_OF, include_hidden=frozenset({"没有"}))


def test_hidden_rows_are_read_and_pointed_out() -> None:
    plan = build_plan(
        workbook([HEADS, person(1), person(2)], tweak=lambda _, sheet: sheet.set_row(2, None, None, {"hidden": True})),
        "a.xlsx",
        as_of=AS_OF,
    )
    assert [(finding.kind, finding.row) for finding in plan.findings if finding.kind == "row_hidden"] == [
        ("row_hidden", 3)
    ]


def test_an_excel_error_is_asked_not_lost() -> None:
    def broken(_: Any, sheet: Any) -> None:
        sheet.write_formula(1, HEADS.index("部门"), "=NA()", None, "#N/A")

    plan = build_plan(workbook([HEADS, person()], tweak=broken), "a.xlsx", as_of=AS_OF)
    assert kinds(plan.questions) == ["excel_error"] and plan.questions[0].before == "#N/A"


def test_a_formula_that_was_never_calculated_is_asked_not_lost() -> None:
    content = zipfile.ZipFile(io.BytesIO(ROSTER)).read("xl/worksheets/sheet1.xml").decode()
    cell = re.search(r'<c r="O2"[^>]*><v>9000</v></c>', content)
    assert cell is not None
    bare = content.replace(cell[0], '<c r="O2"><f>SUM(A1:A2)</f><v></v></c>')
    plan = build_plan(repacked(ROSTER, {"xl/worksheets/sheet1.xml": bare.encode()}), "a.xlsx", as_of=AS_OF)
    assert [(question.field, question.kind) for question in plan.questions] == [("base_wage", "excel_error")]


def test_a_row_that_explains_the_columns_is_nobody() -> None:
    plan = plan_of(["必填", "必填", "男/女", "必填"], person())
    assert (plan.reconciliation.accepted, skips(plan)["note"]) == (1, 1)


def test_percent_cells_and_shown_zeros_are_read_as_shown() -> None:
    def formats(book: Any, sheet: Any) -> None:
        sheet.write_number(1, HEADS.index("绩效工资"), 0.2, book.add_format({"num_format": "0%"}))
        sheet.write_number(1, HEADS.index("工号"), 123, book.add_format({"num_format": "00000"}))

    plan = build_plan(workbook([HEADS, person()], tweak=formats), "a.xlsx", as_of=AS_OF)
    spell = plan.spells[0]
    assert (spell.employee_number, spell.performance_percent, spell.performance_wage) == (
        "00123",
        Decimal(20),
        Decimal("1800.00"),
    )


def test_the_1904_date_system_is_honoured() -> None:
    plan = build_plan(
        workbook([HEADS, person(入职日期=42895.0, 合同起始=date(2021, 6, 10))], date_1904=True), "a.xlsx", as_of=AS_OF
    )
    assert (plan.spells[0].hire_date, plan.spells[0].contract_start) == (date(2021, 6, 10), date(2021, 6, 10))
    assert "1904" in plan.repairs[0].why_zh


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("工 号", "employee_number"), ("姓　名", "name"), ("身份证\n号码", "identity_number"), ("基本工资（元/月）", "base_wage"), ("＊入职日期", "hire_date"), ("Employee No.", "employee_number"),
        ("Full Name", "name"), ("Hire Date", "hire_date"), ("手机号码(必填)", "phone"), ("紧急联系人电话", "emergency_phone"), ("直属领导", "manager"), ("合同到期日", "contract_end"), ("合同开始日期", "contract_start"),
        ("所属部门", "department_1"), ("社保缴纳城市", "insurance_place"), ("离职时间", "leave_date"), ("试用期（月）", "probation_months"), ("E-mail", "email"), ("转正时间", "regular_date"), ("岗位名称", "post"),
        ("推荐人电话", None), ("开户银行", None), ("年薪", None), ("户籍地址", None), ("基本工资（元/年）", None), ("籍贯", None),
    ],
)  # fmt: skip
def test_headers_are_recognised(header: str, field: str | None) -> None:
    assert recognise(header).field == field


def test_every_field_knows_its_own_chinese_name() -> None:
    for name, item in FIELDS.items():
        found = recognise(item.zh)
        assert found.problem == "ignored" if item.ignored else found.field == name


def test_the_unit_in_the_header_is_applied_and_shown() -> None:
    heads = tuple("基本工资（万元/月）" if head == "基本工资" else head for head in HEADS)
    plan = plan_of(person(基本工资=1.2), heads=heads)
    assert plan.spells[0].base_wage == Decimal(12000)
    assert [repair.kind for repair in plan.repairs] == ["unit_of_header"]


def test_yearly_pay_is_not_taken_for_a_monthly_wage() -> None:
    heads = tuple("年薪（万元）" if head == "基本工资" else head for head in HEADS)
    plan = plan_of(person(基本工资=20.0), heads=heads)
    assert plan.spells[0].base_wage is None
    assert [(column.header, column.problem) for column in plan.columns if column.problem] == [("年薪（万元）", "unit")]


def test_a_column_without_header_is_known_by_its_content() -> None:
    heads = tuple(None if head == "联系电话" else head for head in HEADS)
    plan = plan_of(*(person(number) for number in range(1, 5)), heads=heads)  # type: ignore[arg-type]
    column = next(column for column in plan.columns if column.field == "phone")
    assert column.how == "content"
    assert plan.people[0].phone == "13800000001"


def test_swapped_columns_are_not_believed() -> None:
    rows = [person(number) for number in range(1, 5)]
    phone, number = HEADS.index("联系电话"), HEADS.index("身份证号码")
    for row in rows:
        row[phone], row[number] = row[number], row[phone]
    plan = plan_of(*rows)
    assert {column.header: column.problem for column in plan.columns if column.problem} == {
        "联系电话": "content_conflict",
        "身份证号码": "content_conflict",
    }
    mapped = plan_of(*rows, mapping={"花名册": {"联系电话": "identity_number", "D": "phone"}})
    assert mapped.people[0].phone == "13800000001"


def test_a_mapping_wins_and_must_make_sense() -> None:
    heads = tuple("甲" if head == "岗位" else head for head in HEADS)
    assert plan_of(person(), heads=heads).spells[0].post == ""
    assert plan_of(person(), heads=heads, mapping={"花名册": {"甲": "post"}}).spells[0].post == "工程师"
    assert plan_of(person(), mapping={"花名册": {"岗位": ""}}).spells[0].post == ""
    for wrong in ({"花名册": {"乙": "post"}}, {"花名册": {"岗位": "shoe_size"}}, {"别的": {"岗位": "post"}}):
        with pytest.raises(FileUnusable):
            plan_of(person(), mapping=wrong)


def test_a_second_column_of_the_same_field_is_not_loaded_in_silence() -> None:
    plan = plan_of([*person(), "13900139000"], heads=(*HEADS, "手机"))
    assert [(column.header, column.problem, column.filled_cells) for column in plan.columns if column.problem] == [
        ("手机", "duplicate", 1)
    ]


def test_no_rows_one_row_and_all_refused() -> None:
    assert plan_of().reconciliation.rows_in == 1
    assert plan_of(person()).reconciliation.accepted == 1
    plan = plan_of(person(入职日期="2023-02-30"), person(2, 入职日期="待定"))
    assert (plan.reconciliation.accepted, plan.reconciliation.refused, plan.people) == (0, 2, ())
