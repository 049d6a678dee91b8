# ruff: noqa: E501 - one case a line reads best
"""What rows say about themselves and each other: conflicts are asked, repairs are shown, nothing is guessed."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from guiyan.people.importing import KnownPeople, Plan, build_plan, known_after
from guiyan.people.importing.model import ManagerLink

from .rosters import AS_OF, GOOD, HEADS, identity, kinds, person, plan_of, workbook


def asked(plan: Plan) -> list[tuple[int, str]]:
    """(row, kind) of every question."""
    return [(question.row, question.kind) for question in plan.questions]


def refused(plan: Plan) -> list[int]:
    """Row numbers that are refused."""
    return [row.row for row in plan.rows if row.outcome == "refused"]


def test_a_clean_row_is_loaded_without_repair_or_question() -> None:
    plan = plan_of(person())
    assert (plan.repairs, plan.questions, plan.refusals) == ((), (), ())
    (only,) = plan.people
    assert (only.sex, only.birth_date, only.status) == ("男", date(1990, 3, 7), "new")
    assert plan.spells[0].base_wage == Decimal(9000)


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"性别": "女"}, "sex_conflict"),
        ({"入职日期": date(2005, 1, 1)}, "age_at_hire"),
        ({"入职日期": date(2027, 6, 1)}, "hire_in_future"),
        ({"入职日期": None}, "hire_missing"),
        ({"合同终止": date(2021, 1, 1)}, "contract_end_before_start"),
        ({"合同终止": None}, "contract_end_missing"),
        ({"合同终止": "长期"}, "contract_end_missing"),
        ({"合同类型": "无固定期限"}, "contract_end_on_open"),
        ({"合同类型": "劳动合同", "合同终止": None}, "contract_kind_open"),
        ({"直接上级": "没这个人"}, "manager_unknown"),
        ({"直接上级": "张四"}, "manager_self"),
        ({"直接上级": "A001"}, "manager_self"),
    ],
)
def test_a_contradiction_in_a_row_is_asked(changes: dict[str, Any], kind: str) -> None:
    plan = plan_of(person(**changes))
    assert kinds(plan.questions) == [kind]
    assert refused(plan) == [2] and plan.people == ()


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"姓名": None}, "name_missing"),
        ({"工号": None, "身份证号码": None}, "no_key"),
        ({"入职日期": "2023-02-30"}, "date_impossible"),
        ({"基本工资": -1.0}, "amount_negative"),
        ({"身份证号码": identity(born="19900231")}, "identity_birth_impossible"),
    ],
)
def test_what_cannot_be_is_refused(changes: dict[str, Any], kind: str) -> None:
    plan = plan_of(person(**changes))
    assert kinds(plan.refusals) == [kind] and not plan.questions


def test_contract_kinds_without_an_end_are_fine() -> None:
    for kind, end in (
        ("无固定期限", "长期"),
        ("无固定", "/"),
        ("劳务", ""),
        ("以完成一定工作任务为期限", "/"),
        ("劳动合同", "长期"),
    ):
        plan = plan_of(person(合同类型=kind, 合同终止=end or None))
        assert plan.reconciliation.accepted == 1, kind
        assert plan.spells[0].contract_end is None
    assert plan_of(person(合同类型="劳动合同")).spells[0].contract_kind == "fixed_term"


def test_an_empty_sex_is_taken_from_the_number_and_shown() -> None:
    plan = plan_of(person(性别=None))
    assert plan.people[0].sex == "男" and kinds(plan.repairs) == ["sex_from_identity"]


def test_a_contract_period_in_one_column() -> None:
    heads = ("工号", "姓名", "入职日期", "合同期限")
    plan = plan_of(
        ["A1", "张三", "2021-06-10", "2021.6.10-2027.6.9"], ["A2", "李四", "2021-06-10", "三年"], heads=heads
    )
    assert (plan.spells[0].contract_start, plan.spells[0].contract_end) == (date(2021, 6, 10), date(2027, 6, 9))
    assert asked(plan) == [(3, "period_unreadable")]
    open_end = plan_of(
        ["A1", "张三", "2021-06-10", "2021.6.10起无固定期限"],
        ["A2", "李四", "2021-06-10", "2021.6.10至长期"],
        heads=heads,
    )
    assert [(spell.contract_start, spell.contract_end) for spell in open_end.spells] == [(date(2021, 6, 10), None)] * 2
    assert plan.questions[0].choices[0].value == "2021-06-10至2024-06-09"
    again = plan_of(
        ["A2", "李四", "2021-06-10", "三年"],
        heads=heads,
        answers={"花名册!2!contract_period!period_unreadable": "use:2021-06-10至2024-06-09"},
    )
    assert again.spells[0].contract_end == date(2024, 6, 9)


def test_the_birth_column_must_agree_with_the_number() -> None:
    plan = plan_of([*person(), date(1991, 3, 7)], heads=(*HEADS, "出生日期"))
    assert kinds(plan.questions) == ["birth_conflict"]


def test_an_incomplete_birth_date_that_agrees_is_no_question() -> None:
    heads = (*HEADS, "出生年月")
    for written in ("1990.03", "1990年3月", 1990.3, "199003", "1990"):
        assert plan_of([*person(), written], heads=heads).people[0].birth_date == date(1990, 3, 7), written
    for written in ("1990.04", 1990.1, "1991"):
        assert plan_of([*person(), written], heads=heads).reconciliation.refused == 1, written


def test_words_beside_a_number_or_name_are_not_lost() -> None:
    heads = (*HEADS, "紧急联系人及电话")
    plan = plan_of([*person(联系电话="13800138000（微信同号）", 备注="老员工"), "李四 13900139000"], heads=heads)
    only, spell = plan.people[0], plan.spells[0]
    assert (only.phone, only.emergency_name, only.emergency_phone) == ("13800138000", "李四", "13900139000")
    assert "微信同号" in spell.remark and "老员工" in spell.remark


def test_a_name_marked_as_left_asks_for_the_leave_date() -> None:
    assert kinds(plan_of(person(姓名="张三（已离职）")).questions) == ["leave_missing"]
    assert kinds(plan_of(person(备注="5月已离职")).questions) == ["remark_says_left"]
    assert "remark_left" in kinds(plan_of(person(备注="拟于5月离职")).findings)


def test_no_base_wage_of_nothing() -> None:
    assert kinds(plan_of(person(基本工资=0.0)).questions) == ["wage_magnitude"]
    assert plan_of(person(绩效工资=0.0)).reconciliation.accepted == 1


def test_a_regular_date_that_does_not_fit_the_probation_is_found() -> None:
    heads = (*HEADS, "转正日期")
    assert "regular_differs" in kinds(plan_of([*person(), date(2022, 12, 1)], heads=heads).findings)
    assert "regular_differs" not in kinds(plan_of([*person(), date(2022, 6, 1)], heads=heads).findings)


def test_identical_rows_are_loaded_once() -> None:
    plan = plan_of(person(), person(), person(2, 身份证号码=3.2e17), person(2, 身份证号码=3.2e17))
    assert dict(plan.reconciliation.skipped)["duplicate"] == 2
    assert [repair.kind for repair in plan.repairs] == ["duplicate_row", "duplicate_row"]
    assert (plan.reconciliation.accepted, plan.reconciliation.refused) == (1, 1)


def test_one_person_in_two_differing_rows_holds_both() -> None:
    plan = plan_of(person(), person(岗位="经理", 基本工资=12000.0))
    assert asked(plan) == [(3, "person_twice")] and refused(plan) == [2, 3]
    assert "岗位" in plan.questions[0].text_zh and "基本工资" in plan.questions[0].text_zh
    key = plan.questions[0].id
    later = plan_of(person(), person(岗位="经理", 基本工资=12000.0), answers={key: "keep_row"})
    assert [spell.post for spell in later.spells] == ["经理"]
    earlier = plan_of(person(), person(岗位="经理", 基本工资=12000.0), answers={key: "drop_row"})
    assert [spell.post for spell in earlier.spells] == ["工程师"]


def test_an_employee_number_of_two_people_is_asked_of_both() -> None:
    rows = [person(1, 工号="HY220005"), person(2, 工号="HY220005", 邮箱="uhy230010@example.cn"), person(3)]
    plan = plan_of(*rows)
    assert asked(plan) == [(2, "number_taken"), (3, "number_taken")]
    assert "use:HY230010" in [choice.key for choice in plan.questions[1].choices]
    one = plan_of(*rows, answers={plan.questions[1].id: "use:HY230010"})
    assert [spell.employee_number for spell in one.spells] == ["HY220005", "HY230010", "A003"]
    both = plan_of(*rows, answers={question.id: "keep_number" for question in plan.questions})
    assert refused(both) == [3] and both.questions[0].problem_zh
    taken = plan_of(*rows, answers={plan.questions[1].id: "A003"})
    assert 3 in refused(taken)


def test_the_same_identity_under_two_names_is_asked() -> None:
    rows = [person(1), person(2, 身份证号码=person(1)[3])]
    plan = plan_of(*rows)
    assert (3, "name_differs") in asked(plan) and refused(plan) == [2, 3]
    fixed = plan_of(*rows, answers={"花名册!3!identity_number!name_differs": identity(order="555")})
    assert len(fixed.people) == 2 and not fixed.questions


LEFT = ("工号", "姓名", "身份证号码", "部门", "入职日期", "离职日期", "离职原因")
NUMBER = person()[3]


def two_sheets(*leavers: list[Any], active: list[list[Any]] | None = None, **options: Any) -> Plan:
    """A plan of the active sheet (one person by default) and a sheet of leavers."""
    data = workbook({"在职花名册": [HEADS, *([person()] if active is None else active)], "离职人员": [LEFT, *leavers]})
    return build_plan(data, "a.xlsx", as_of=AS_OF, **options)


def test_a_return_is_a_second_spell_of_one_person() -> None:
    plan = two_sheets(["L1", "张四", NUMBER, "销售部", "2018.1.1", "2019.12.31", "个人原因"])
    assert len(plan.people) == 1 and len(plan.people[0].rows) == 2
    assert [(spell.state, spell.hire_date) for spell in plan.spells] == [
        ("active", date(2022, 3, 1)),
        ("ended", date(2018, 1, 1)),
    ]
    assert "probation_on_rehire" in kinds(plan.findings)


def test_spells_must_not_overlap() -> None:
    plan = two_sheets(["L1", "张四", NUMBER, "销售部", "2018.1.1", "2023.1.1", ""])
    assert [(question.sheet, question.kind) for question in plan.questions] == [("在职花名册", "spells_overlap")]
    assert plan.reconciliation.accepted == 0
    same_day = two_sheets(["A001", "张四", NUMBER, "研发部", date(2022, 3, 1), "2023.1.1", ""])
    assert kinds(same_day.questions) == ["person_twice"]


@pytest.mark.parametrize(
    ("hire", "leave", "kind"),
    [
        ("2020.1.1", "2019.1.1", "hire_after_leave"),
        ("2020.1.1", "2026.12.1", "leave_in_future"),
        ("2020.1.1", None, "leave_missing"),
        ("2020.1.1", "已走", "date_unreadable"),
    ],
)
def test_doubtful_leavers(hire: str, leave: str | None, kind: str) -> None:
    plan = two_sheets(["L9", "李雷", None, "销售部", hire, leave, ""])
    assert kinds(plan.questions) == [kind]


def test_a_planned_leave_keeps_the_spell_open() -> None:
    plan = two_sheets(
        ["L9", "李雷", None, "销售部", "2020.1.1", "2026.12.1", ""],
        answers={"离职人员!2!leave_date!leave_in_future": "planned"},
    )
    assert [spell.state for spell in plan.spells] == ["active", "leaving"]
    assert "leaving_planned" in kinds(plan.findings)


def test_a_status_column_tells_who_has_left() -> None:
    heads = (*HEADS, "状态", "离职日期")
    plan = plan_of(
        [*person(1), "在职", None],
        [*person(2), "离职", "2024.1.1"],
        [*person(3), "离职", None],
        [*person(4), "在职", "2024.1.1"],
        heads=heads,
    )
    assert [spell.state for spell in plan.spells] == ["active", "ended"]
    assert asked(plan) == [(4, "leave_missing"), (5, "status_conflict")]


def links(plan: Plan) -> dict[str, ManagerLink]:
    """Links by the employee number of the subordinate."""
    numbers = {spell.key: spell.employee_number for spell in plan.spells}
    return {numbers[link.spell_key]: link for link in plan.managers}


@pytest.mark.parametrize("written", ["张四", "A001", "张 四", "张四（A001）", "A001 张四", "A001/张四", "ａ００１"])
def test_a_manager_by_name_or_number(written: str) -> None:
    plan = plan_of(person(1), person(2, 直接上级=written))
    assert links(plan)["A002"].manager_spell_key == plan.spells[0].key


def test_no_manager_is_no_question() -> None:
    for written in ("/", "无", "-", None, " "):
        assert plan_of(person(1, 直接上级=written)).managers == ()


def test_namesakes_are_asked_and_answered_by_person_or_number() -> None:
    rows = [person(1, 姓名="高怡"), person(2, 姓名="高怡"), person(3, 直接上级="高怡")]
    plan = plan_of(*rows)
    assert asked(plan) == [(4, "manager_ambiguous")] and len(plan.questions[0].choices) == 4
    for answer in ("person:花名册!3", "A002"):
        done = plan_of(*rows, answers={plan.questions[0].id: answer})
        assert links(done)["A003"].manager_spell_key == done.spells[1].key
    assert plan_of(*rows, answers={plan.questions[0].id: "no_manager"}).managers == ()
    wrong = plan_of(*rows, answers={plan.questions[0].id: "某人"})
    assert wrong.questions[0].problem_zh


def test_a_manager_marked_as_left_is_asked_with_the_likely_person() -> None:
    plan = plan_of(person(1), person(2, 直接上级="已离职-张四"))
    assert asked(plan) == [(3, "manager_unknown")]
    assert plan.questions[0].choices[0].key == "person:花名册!2"
    left = two_sheets(["L1", "李雷", None, "销售部", "2018.1.1", "2020.1.1", ""], active=[person(1, 直接上级="李雷")])
    assert kinds(left.questions) == ["manager_left"]


def test_number_and_name_of_two_people_are_asked() -> None:
    plan = plan_of(person(1), person(2), person(3, 直接上级="A001 张五"))
    assert asked(plan) == [(4, "manager_number_name")]


def test_one_person_in_two_rows_is_one_manager() -> None:
    plan = plan_of(person(1), person(1, 岗位="经理"), person(2, 直接上级="A001"), person(3, 直接上级="张四"))
    assert asked(plan) == [(3, "person_twice")]
    assert [link.state for link in plan.managers] == ["waiting", "waiting"]
    done = plan_of(
        person(1), person(1, 岗位="经理"), person(2, 直接上级="A001"), answers={plan.questions[0].id: "keep_row"}
    )
    assert [link.state for link in done.managers] == ["linked"]


def test_a_circle_is_asked_of_everyone_in_it_and_one_answer_opens_it() -> None:
    rows = [
        person(1, 直接上级="A002"),
        person(2, 直接上级="A003"),
        person(3, 直接上级="A001"),
        person(4, 直接上级="A001"),
    ]
    plan = plan_of(*rows)
    assert asked(plan) == [(2, "manager_cycle"), (3, "manager_cycle"), (4, "manager_cycle")]
    assert "→" in plan.questions[0].text_zh
    done = plan_of(*rows, answers={"花名册!2!manager!manager_cycle": "no_manager"})
    assert sorted(links(done)) == ["A002", "A003", "A004"] and not done.questions


def test_a_link_to_a_refused_manager_waits_and_is_made_later() -> None:
    rows = [person(1, 入职日期="待定"), person(2, 直接上级="A001")]
    plan = plan_of(*rows)
    assert [(link.state, link.manager_row and link.manager_row.row) for link in plan.managers] == [("waiting", 2)]
    assert "manager_waiting" in kinds(plan.findings)
    later = plan_of(person(1), rows[1], known=known_after(plan, KnownPeople()))
    assert [(change.field, change.after) for change in later.spells[1].changes] == [("manager", later.people[0].key)]
    assert links(later)["A002"].state == "linked"


CODES = [["部门编码", "部门", "别名"], ["D01", "研发部", "技术部、RD"], ["D02", "销售部", None]]


def with_codes(*rows: list[Any], **options: Any) -> Plan:
    """A plan with a hidden table of department codes."""
    return build_plan(
        workbook({"花名册": [HEADS, *rows], "代码表": CODES}, hidden=["代码表"]), "a.xlsx", as_of=AS_OF, **options
    )


def test_departments_by_code_table_and_alias() -> None:
    plan = with_codes(
        person(1, 部门="研发 部"), person(2, 部门="\u3000研发部"), person(3, 部门="技术部"), person(4, 部门="销售部")
    )
    assert [(item.path, item.code, item.active) for item in plan.departments] == [
        (("研发部",), "D01", 3),
        (("销售部",), "D02", 1),
    ]
    assert kinds(plan.repairs) == ["spelling", "spelling", "department_alias"]


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("研发", "department_alias"),
        ("研发中心", "department_alias"),
        ("研法部", "department_alias"),
        ("后勤部", "department_not_in_codes"),
    ],
)
def test_a_department_that_may_be_another_is_asked(written: str, kind: str) -> None:
    plan = with_codes(person(1, 部门=written), person(2, 部门=written))
    assert kinds(plan.questions) == [kind, kind]
    group = plan.questions[0].group
    assert with_codes(person(1, 部门=written), person(2, 部门=written), answers={group: "use:研发部"}).departments[
        0
    ].path == ("研发部",)
    assert with_codes(person(1, 部门=written), person(2, 部门=written), answers={group: "new_department"}).departments[
        0
    ].path == (written,)


def test_likeness_without_a_code_table() -> None:
    plan = plan_of(
        *(person(number, 部门="研发部") for number in range(1, 4)),
        person(4, 部门="研发中心"),
        person(5, 部门="一车间"),
        person(6, 部门="二车间"),
        person(7, 部门="华东组"),
        person(8, 部门="华南组"),
    )
    assert asked(plan) == [(5, "department_alias")]


def test_a_path_in_one_cell_is_split() -> None:
    plan = plan_of(person(部门="研发部/平台组"))
    assert plan.spells[0].department == ("研发部", "平台组")
    assert [item.path for item in plan.departments] == [("研发部",), ("研发部", "平台组")]
    assert kinds(plan.repairs) == ["department_path"]


def limit(kind: str, start: date, end: date | None) -> int | None:
    """A stand-in for the statute: two months for a fixed term, six without end."""
    del start
    return 6 if kind == "open_ended" else 2 if end else None


def test_findings_about_the_law_and_dates() -> None:
    plan = plan_of(
        person(1, 试用期=3.0), person(2, 合同终止=date(2025, 2, 28)), person(3, 合同类型=None, 合同起始=None, 合同终止=None), person(4, 身份证号码=identity(born="19660601", order="135")),
        person(5, 身份证号码=None, 合同起始=date(2022, 5, 1)), person(6, 联系电话="13800000001"), person(7, 试用期=2.0), probation_max=limit,
    )  # fmt: skip
    found = {(finding.row, finding.kind) for finding in plan.findings}
    assert {
        (2, "probation_too_long"),
        (3, "contract_expired"),
        (4, "contract_missing"),
        (5, "retirement_near"),
        (6, "identity_missing"),
        (6, "contract_late"),
        (7, "phone_shared"),
    } <= found
    assert (8, "probation_too_long") not in found
    assert next(item.law for item in plan.findings if item.kind == "probation_too_long") == "《劳动合同法》第十九条"


def test_without_the_statute_no_verdict_on_probation() -> None:
    assert "probation_too_long" not in kinds(plan_of(person(试用期=9.0)).findings)


def test_kept_facts_become_findings() -> None:
    sex = plan_of(person(性别="女"), answers={"花名册!2!sex!sex_conflict": "keep"})
    assert (sex.people[0].sex, kinds(sex.findings)) == ("女", ["sex_kept"])
    young = plan_of(person(入职日期=date(2005, 1, 1)), answers={"花名册!2!hire_date!age_at_hire": "keep"})
    assert "under_age" in kinds(young.findings)


def test_every_good_default_is_in_the_row_heads() -> None:
    assert set(GOOD) == set(HEADS)
