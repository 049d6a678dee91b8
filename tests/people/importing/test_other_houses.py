# ruff: noqa: E501 - one case a line reads best
"""Rosters of other houses: other headers, other shapes of table, other words; what only hints is asked."""

import io
import re
import zipfile
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from guiyan.people.importing import FileUnusable, KnownPeople, Plan, build_plan, known_after
from guiyan.people.importing.fields import recognise
from guiyan.people.importing.oldxls import old_extras
from guiyan.people.importing.packaging import Extras
from guiyan.people.importing.reports import refused_xlsx, report_xlsx

from .rosters import AS_OF, HEADS, identity, kinds, person, plan_of, workbook
from .test_files import DATA, repacked
from .test_plan import sheets_of

SHORT = ("姓名", "工号", "部门", "入职日期")


def short(number: int, name: str = "", department: str | None = "仓储部") -> list[Any]:
    """A row under SHORT."""
    return [name or f"张{'零一二三四五六七八九'[number]}", f"W{number:02d}", department, "2020-01-01"]


def read(rows: Any, name: str = "a.xlsx", **options: Any) -> Plan:
    """The plan of rows or of sheets of rows."""
    return build_plan(workbook(rows, **options), name, as_of=AS_OF)


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("姓名\nName", "name"), ("入职日期 Date of Joining", "hire_date"), ("职位 Title", "post"), ("HR姓名", None), ("QQ邮箱", "email"),
        ("身份证地址", None), ("身份证有效期", None), ("证件号", "identity_number"), ("部门编码", None), ("部门负责人", None), ("部门及班组", "department_1"),
        ("试用期工资", None), ("约定试用期", "probation_months"), ("转正工资", None), ("是否转正", None), ("预计转正日期", "regular_date"),
        ("入职渠道", None), ("进公司日期", "hire_date"), ("到岗时间", "hire_date"), ("合同签订日期", None), ("劳动合同起", "contract_start"), ("合同终止原因", None),
        ("汇报人工号", "manager_number"), ("直线经理", "manager"), ("直接上级岗位", None), ("汇报人邮箱", None), ("人员类别", "employment_type"),
        ("用工形式", "employment_type"), ("合同类别", "contract_kind"), ("绩效等级", None), ("手机归属地", None), ("预计离职日期", "leave_date"),
    ],
)  # fmt: skip
def test_a_header_says_its_field_and_no_other(header: str, field: str | None) -> None:
    assert recognise(header).field == field


def test_the_exact_name_wins_over_a_longer_one_and_a_visible_column_over_a_hidden_one() -> None:
    heads = ("姓名", "工号", "岗位工资", "部门", "部门", "入职日期", "基本工资")
    row = ["张三", "W01", 500.0, "旧部", "新部", "2020-01-01", 8000.0]
    plan = read([heads, row], tweak=lambda _book, sheet: sheet.set_column(3, 3, None, None, {"hidden": True}))
    assert (plan.spells[0].base_wage, plan.spells[0].department) == (Decimal(8000), ("新部",))
    assert [column.problem for column in plan.columns if column.field is None] == ["duplicate", "duplicate"]


@pytest.mark.parametrize(
    ("numbers", "field", "problem"),
    [(("HR-7", "HR-9", "HR-12"), "employee_number", ""), ((1.0, 2.0, 3.0), None, "ignored"), (("甲", "乙", "丙"), None, "unknown")],
)  # fmt: skip
def test_a_column_of_numbers_counts_rows_or_names_people(numbers: Any, field: str | None, problem: str) -> None:
    rows = [[number, f"张{sign}", identity(order=f"{at}11"), "2020-01-01"] for at, (number, sign) in enumerate(zip(numbers, "一二三", strict=True), 1)]  # fmt: skip
    column = read([("编号", "姓名", "身份证号", "入职日期"), *rows]).columns[0]
    assert (column.field, column.problem) == (field, problem)


def test_tables_side_by_side_are_all_read() -> None:
    plan = read([[*SHORT, None, *SHORT], [*short(1), None, *short(2)], [*short(3), None, None, None, None, None]])
    assert [sheet.name for sheet in plan.sheets] == ["花名册", "花名册·F"]
    assert sorted(person.name for person in plan.people) == ["张一", "张三", "张二"]
    assert dict(plan.reconciliation.skipped) == {"header": 2, "blank": 1}


def test_a_header_of_two_rows_far_down_and_repeated_between_pages() -> None:
    upper = ["工号", "姓名", "入职日期", "劳动合同", None, "部门"]
    lower = [None, None, None, "起", "止", None]
    body = [
        ["W01", "张一", "2020-01-01", "2020-01-01", "2028-12-31", "部"],
        upper,
        lower,
        ["W02", "张二", "2020-01-01", "2020-01-01", "2029-12-31", "部"],
    ]
    merges = {"花名册": [(6, 3, 6, 4), (0, 0, 0, 5)]}
    plan = read(
        [["厂"], [], ["编制：张"], [], [], [], upper, lower, *body, ["制表人：王", None, None, "审核人：李"]],
        merges=merges,
    )
    assert [spell.contract_end for spell in plan.spells] == [date(2028, 12, 31), date(2029, 12, 31)]
    assert dict(plan.reconciliation.skipped)["header"] == 4 and dict(plan.reconciliation.skipped)["note"] == 1


def test_a_merge_over_department_and_group_holds_for_every_row() -> None:
    heads = ("部门", "班组", "姓名", "工号", "入职日期")
    rows = [["品质部", None, "张一", "W01", "2020-01-01"], [None, None, "张二", "W02", "2020-01-01"]]
    plan = read([heads, *rows], merges={"花名册": [(1, 0, 2, 1)]})
    assert [spell.department for spell in plan.spells] == [("品质部",), ("品质部",)]


def test_a_group_title_without_a_department_column_is_asked_once_for_all() -> None:
    heads = ("姓名", "工号", "入职日期")
    rows = [heads, ["一、销售部（2人）"], ["张一", "W01", "2020-01-01"], ["张二", "W02", "2020-01-01"]]
    plan = read(rows)
    assert kinds(plan.questions) == ["department_section"] * 2
    assert len({question.group for question in plan.questions}) == 1
    answered = build_plan(workbook(rows), "a.xlsx", as_of=AS_OF, answers={plan.questions[0].group: "use:销售部"})
    assert [spell.department for spell in answered.spells] == [("销售部",)] * 2


def test_people_below_the_title_of_leavers_have_left_also_when_they_come_back_refused() -> None:
    plan = read([SHORT, short(1), ["以下为离职人员："], short(2)])
    assert [(row.name, row.outcome) for row in plan.rows if row.name] == [("张一", "accepted"), ("张二", "refused")]
    back = build_plan(refused_xlsx(plan), "b.xlsx", as_of=AS_OF)
    assert kinds(back.questions) == ["leave_missing"]


def test_a_department_written_once_for_several_rows_is_asked() -> None:
    rows = [SHORT, short(1), short(2, department=None), short(3, department=None), short(4, department="物流部")]
    plan = read(rows)
    assert kinds(plan.questions) == ["department_blank"] * 2
    answers = {"*!department_1!department_blank": "above"}
    answered = build_plan(workbook(rows), "a.xlsx", as_of=AS_OF, answers=answers)
    assert [spell.department for spell in answered.spells] == [("仓储部",)] * 3 + [("物流部",)]
    assert kinds(build_plan(refused_xlsx(plan), "b.xlsx", as_of=AS_OF).questions) == ["ditto"] * 2


@pytest.mark.parametrize("sheet", ["实习生", "劳务派遣", "退休返聘人员", "外包"])
def test_a_sheet_of_other_people_makes_nobody_an_employee_unasked(sheet: str) -> None:
    plan = read({"正式员工": [SHORT, short(1)], sheet: [SHORT, short(2)]})
    assert [spell.sheet for spell in plan.spells] == ["正式员工"]
    assert kinds(plan.questions) == ["outsourced" if sheet == "外包" else "kind_hinted"]


@pytest.mark.parametrize(
    ("type_", "kind", "outcome"),
    [
        ("实习", None, "internship"), ("劳务派遣", None, "dispatch"), ("退休返聘", None, "retired_rehire"), ("正式", "固定期限", "fixed_term"), ("正式", None, ""),
        ("劳务", "劳动合同", "kind_hinted"), ("劳务派遣", "固定期限", "kind_hinted"), ("正式", "实习协议", "kind_hinted"), ("外包", None, "outsourced"), ("合伙人", None, "word_unknown"),
    ],
)  # fmt: skip
def test_the_form_of_work_beside_the_kind_of_contract(type_: str, kind: str | None, outcome: str) -> None:
    plan = read([(*SHORT, "人员类别", "合同类型"), [*short(1), type_, kind]])
    assert ([spell.contract_kind for spell in plan.spells] or kinds(plan.questions)) == [outcome]


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"姓名": "张三（劳务派遣）"}, "kind_hinted"), ({"姓名": "张三（外包）"}, "outsourced"), ({"岗位": "设计实习生"}, "kind_hinted"),
        ({"姓名": "古力娜扎 拜合提亚尔"}, "name_gap"), ({"部门": "同上"}, "ditto"), ({"部门": "########"}, "excel_error"), ({"部门": "待定"}, "undecided"),
        ({"部门": "技术部（原研发部）"}, "department_renamed"), ({"合同终止": "9999-12-31"}, "date_far"), ({"合同终止": "2099/12/31"}, "date_far"),
    ],
)  # fmt: skip
def test_words_that_only_hint_are_asked(changes: dict[str, Any], kind: str) -> None:
    assert kinds(plan_of(person(**changes)).questions) == [kind]


@pytest.mark.parametrize(
    ("status", "leave", "kind"),
    [
        ("待离职", None, "leaving_undated"), ("待离职", "2025-01-01", "leaving_past"), ("待入职", None, "joining_past"), ("实习", None, "kind_hinted"),
        ("退休返聘", None, "kind_hinted"), ("劳务", None, "kind_hinted"), ("黑名单", None, "word_unknown"),
    ],
)  # fmt: skip
def test_a_status_that_is_more_than_employed_or_left(status: str, leave: str | None, kind: str) -> None:
    assert kinds(read([(*SHORT, "状态", "离职日期"), [*short(1), status, leave]]).questions) == [kind]


@pytest.mark.parametrize(("word", "finding"), [("产假", "protection_hint"), ("停薪留职", "away")])
def test_time_away_is_kept_in_the_remark_and_pointed_out(word: str, finding: str) -> None:
    plan = read([(*SHORT, "状态"), [*short(1, "张三（借调）"), word]])
    assert plan.spells[0].remark == f"借调；{word}"
    assert finding in kinds(plan.findings) and "on_leave" in kinds(plan.repairs)


def test_a_far_end_becomes_no_end_only_when_answered() -> None:
    row = person(合同类型="无固定期限", 合同终止="9999-12-31")
    plan = plan_of(row, answers={"花名册!2!contract_end!date_far": "no_end"})
    assert (plan.spells[0].contract_kind, plan.spells[0].contract_end) == ("open_ended", None)


def test_a_manager_by_number_where_two_share_the_name() -> None:
    heads = (*SHORT, "直接上级", "上级工号")
    rows = [
        [*short(1, "李明"), None, None],
        [*short(2, "李明"), None, None],
        [*short(3), "李明", "w02"],
        [*short(4), "王五", "W02"],
        [*short(5), None, "W99"],
    ]
    plan = read([heads, *rows])
    assert [(question.row, question.kind) for question in plan.questions] == [
        (5, "manager_number_name"),
        (6, "manager_unknown"),
    ]
    boss = {spell.key: spell.employee_number for spell in plan.spells}
    assert [boss.get(spell.manager_spell_key) for spell in plan.spells] == [None, None, "W02"]


def test_a_manager_on_file_stays_when_a_namesake_arrives() -> None:
    first = read([(*SHORT, "直接上级"), [*short(1, "李明"), None], [*short(2), "李明"]])
    known = known_after(first, KnownPeople())
    data = workbook(
        [
            (*SHORT, "直接上级"),
            [*short(1, "李明"), None],
            [*short(2), "李明"],
            [*short(3, "李明"), None],
            [*short(4), "李明"],
        ]
    )
    plan = build_plan(data, "a.xlsx", as_of=AS_OF, known=known)
    assert [(question.row, question.kind) for question in plan.questions] == [(5, "manager_ambiguous")]
    assert [spell.status for spell in plan.spells] == ["same", "same", "new"]


def test_numbers_that_went_through_another_program() -> None:
    row = person(工号="10001.0", 联系电话="13800138000.0", 入职日期="45352.0", 试用期="3.0")
    plan = plan_of(row)
    spell = plan.spells[0]
    assert (spell.employee_number, plan.people[0].phone, spell.hire_date) == ("10001", "13800138000", date(2024, 3, 1))


def test_a_name_struck_out_is_asked_also_when_it_comes_back_refused() -> None:
    def strike(book: Any, sheet: Any) -> None:
        sheet.write_string(2, 0, "张二", book.add_format({"font_strikeout": True}))

    plan = read([SHORT, short(1), short(2)], tweak=strike)
    assert [(question.row, question.kind) for question in plan.questions] == [(3, "struck_out")]
    assert kinds(build_plan(refused_xlsx(plan), "b.xlsx", as_of=AS_OF).questions) == ["struck_out"]


def test_comments_and_the_meaning_of_colours_are_pointed_out() -> None:
    plan = read(
        [["说明：标黄为已离职"], SHORT, short(1)], tweak=lambda _book, sheet: sheet.write_comment("A3", "五月走")
    )
    told = {finding.kind: (finding.row, finding.text_zh) for finding in plan.findings}
    assert told["colour_legend"][0] == 1
    assert told["cell_comment"] == (3, "单元格 A3 有批注：五月走")


def test_a_comment_that_says_left_is_asked_also_when_the_row_comes_back() -> None:
    plan = read([SHORT, short(1)], tweak=lambda _book, sheet: sheet.write_comment("C2", "已于2025年离职"))
    assert kinds(plan.questions) == ["remark_says_left"]
    assert kinds(build_plan(refused_xlsx(plan), "b.xlsx", as_of=AS_OF).questions) == ["remark_says_left"]


def test_a_row_shifted_by_a_stray_comma_is_refused_and_stays_so() -> None:
    text = "工号,姓名,入职日期,基本工资,备注\nW01,张一,2020-01-01,8,000,无\nW02,张二,2020-01-01,8000,无\n"
    plan = build_plan(text.encode("gbk"), "a.csv", as_of=AS_OF)
    assert kinds(plan.refusals) == ["row_too_wide"] and [spell.employee_number for spell in plan.spells] == ["W02"]
    assert kinds(build_plan(refused_xlsx(plan), "b.xlsx", as_of=AS_OF).refusals) == ["row_too_wide"]


def test_a_quotation_mark_that_swallows_rows_makes_the_file_unusable() -> None:
    text = '工号,姓名,备注,入职日期\nW01,张一,"一,2020-01-01\nW02,张二,,2020-01-01\n'
    with pytest.raises(FileUnusable) as caught:
        build_plan(text.encode(), "a.csv", as_of=AS_OF)
    assert (caught.value.reason, caught.value.detail) == ("stray_quote", "2")


def _with_cells(xml: bytes) -> bytes:
    data = workbook([HEADS, person()])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    return repacked(data, {"xl/worksheets/sheet1.xml": re.sub(rb"</sheetData>", xml + b"</sheetData>", sheet)})


@pytest.mark.parametrize(
    ("xml", "reason"),
    [
        (b'<row r="1048576"><c r="XFD1048576" t="str"><v>x</v></c></row>', "too_many_rows"),
        (b"<row r='1048576'><c><v>1</v></c></row>", "too_many_rows"),
        (b'<row r="9"><c r="XFD9"><v>1</v></c></row>', "too_many_columns"),
        (b"<row r='9'><c x='>' r='XFD9'><v>1</v></c></row>", "too_many_columns"),
    ],
)
def test_one_far_cell_is_refused_before_room_is_made_for_all(xml: bytes, reason: str) -> None:
    with pytest.raises(FileUnusable) as caught:
        build_plan(_with_cells(xml), "a.xlsx", as_of=AS_OF)
    assert caught.value.reason == reason


@pytest.mark.parametrize("xml", [b'<row r="1048576"><c r="XFD1048576" s="1"/></row>', b'<row r="1048576" hidden="1"/>'])
def test_formats_without_content_count_for_nothing(xml: bytes) -> None:
    assert build_plan(_with_cells(xml), "a.xlsx", as_of=AS_OF).reconciliation.accepted == 1


@pytest.mark.parametrize("member", ["xl/workbook.bin", "content.xml"])
def test_other_spreadsheets_are_sent_back_to_be_saved_as_xlsx(member: str) -> None:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        archive.writestr(member, "x")
    with pytest.raises(FileUnusable) as caught:
        build_plan(output.getvalue(), "a.ods", as_of=AS_OF)
    assert caught.value.reason == "other_spreadsheet"


def test_an_old_xls_keeps_its_error_cells() -> None:
    plan = build_plan((DATA / "roster_errors.xls").read_bytes(), "a.xls", as_of=AS_OF)
    assert [(question.row, question.before) for question in plan.questions] == [(3, "#N/A"), (4, "#REF!")]


@pytest.mark.parametrize("cut", [0, 30, 512, 700, 2000])
def test_a_damaged_xls_gives_no_side_information(cut: int) -> None:
    assert old_extras((DATA / "roster_errors.xls").read_bytes()[:cut], ("花名册",)) in (Extras(), Extras(cells={"花名册": {}}, hidden_rows={"花名册": frozenset()}))  # fmt: skip


def test_the_report_lists_what_is_nobody_and_what_was_not_read() -> None:
    plan = read({"花名册": [["=标题"], SHORT, short(1), ["合计", 1.0]], "目录": [["a", "b"], ["c", "d"]]})
    sheets = sheets_of(report_xlsx(plan))
    assert [row[2] for row in sheets["非人员行"][1:]] == ["标题", "表头", "合计"]
    assert sheets["非人员行"][1][3] == "'=标题"
    assert any(row[:2] == ["未读取的工作表", "目录：不是花名册"] for row in sheets["对账"])
