# ruff: noqa: E501 - one case a line reads best
"""A real, messy roster from end to end. Every number was counted in the file itself, cell by cell, not taken from the program."""

from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from guiyan.people.importing import KnownPeople, Plan, build_plan, known_after
from guiyan.people.importing.identity import check_digit

from .rosters import AS_OF

DATA = (Path(__file__).parents[2] / "data" / "staff_roster.xlsx").read_bytes()
ACTIVE, LEFT = "在职花名册", "离职人员"


@pytest.fixture(scope="module")
def plan() -> Plan:
    """The plan of the roster on the day that its title states."""
    return build_plan(DATA, "staff_roster.xlsx", as_of=AS_OF)


def test_sheets_and_rows(plan: Plan) -> None:
    assert [(sheet.name, sheet.visible, sheet.use, sheet.rows, sheet.header_rows) for sheet in plan.sheets] == [
        (ACTIVE, True, "people", 329, (3,)),
        (LEFT, True, "leavers", 65, (1,)),
        ("代码表", False, "codes", 10, ()),
    ]
    figures = plan.reconciliation
    assert dict(figures.skipped) == {"title": 2, "header": 2, "blank": 4, "total": 1, "note": 1}
    assert [row.row for row in plan.rows if row.skip == "blank"] == [101, 199, 297, 327]
    assert figures.rows_in == 394 and figures.accepted + figures.refused == 320 + 64
    assert (figures.accepted, figures.refused, figures.people) == (340, 44, 340)


def test_all_columns_are_recognised(plan: Plan) -> None:
    assert [column.header for column in plan.columns if column.field is None] == ["序号"]
    assert sum(column.field is not None for column in plan.columns) == 24 + 9


def test_every_question_and_its_row(plan: Plan) -> None:
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for question in plan.questions:
        found[question.sheet, question.kind].append(question.row)
    assert found == {
        (ACTIVE, "identity_digits_lost"): [7, 14, 36, 50, 97, 180, 219, 286, 306, 307, 310],
        (ACTIVE, "identity_check_digit"): [57, 59, 192, 205, 296, 302],
        (ACTIVE, "number_taken"): [4, 9, 14, 92, 129, 133, 150, 204],
        (ACTIVE, "phone_length"): [53, 120, 145, 153, 219, 223, 307],
        (ACTIVE, "date_letters"): [26, 220, 277],
        (ACTIVE, "contract_end_before_start"): [69, 161, 220, 274],
        (ACTIVE, "manager_unknown"): [24, 50, 277],
        (ACTIVE, "manager_ambiguous"): [47, 175],
        (ACTIVE, "department_alias"): [67, 113],
        (ACTIVE, "age_at_hire"): [105, 116],
        (ACTIVE, "sex_conflict"): [149],
        (LEFT, "leave_in_future"): [5],
    }
    assert plan.refusals == ()
    assert {row.row for row in plan.rows if row.outcome == "refused" and row.sheet == ACTIVE} == {
        row for (sheet, _), rows in found.items() if sheet == ACTIVE for row in rows
    }


def test_every_kind_of_repair_is_counted(plan: Plan) -> None:
    counts = Counter((repair.sheet, repair.field, repair.kind) for repair in plan.repairs)
    assert counts == {
        (ACTIVE, "hire_date", "date_format"): 172,  # 320 - 70 date cells - 39 in ISO form - 36 serials - 3 with letters
        (ACTIVE, "hire_date", "excel_serial"): 36,
        (ACTIVE, "contract_start", "date_format"): 161,
        (ACTIVE, "contract_start", "excel_serial"): 26,
        (ACTIVE, "contract_end", "date_format"): 130,
        (ACTIVE, "contract_end", "excel_serial"): 27,
        (ACTIVE, "contract_end", "open_end"): 19,
        (ACTIVE, "contract_end", "placeholder"): 16,
        (ACTIVE, "probation_months", "number_from_text"): 224,
        (ACTIVE, "probation_months", "no_probation"): 8,
        (ACTIVE, "contract_kind", "word"): 27,
        (ACTIVE, "performance_wage", "percent_of_base"): 72,
        (ACTIVE, "performance_wage", "thousands"): 64,
        (ACTIVE, "identity_number", "spelling"): 18,  # 8 full-width, 6 with spaces, 4 with a small x
        (ACTIVE, "phone", "spelling"): 16,  # 6 with +86, 4 with hyphens, 3 with spaces, 3 full-width
        (ACTIVE, "phone", "number_as_text"): 4,
        (ACTIVE, "department_1", "spelling"): 11,
        (ACTIVE, "name", "name_spelling"): 8,
        (LEFT, "hire_date", "date_format"): 35,
        (LEFT, "hire_date", "excel_serial"): 8,
        (LEFT, "leave_date", "date_format"): 33,
        (LEFT, "leave_date", "excel_serial"): 7,
    }


def test_wages_reconcile(plan: Plan) -> None:
    base, performance = plan.reconciliation.wages
    assert (base.before, base.read) == (Decimal(5_400_900), Decimal(5_400_900))
    assert performance.before == Decimal(193_000)
    assert performance.read == Decimal(193_000) + 64 * 3_000 + Decimal(240_560)  # 72 cells of 20 % of the base wage
    for wages in (base, performance):
        assert wages.accepted + wages.refused == wages.read


def test_departments_reconcile(plan: Plan) -> None:
    rows = {item.department: item.rows for item in plan.reconciliation.departments}
    assert rows == {
        "生产部": 87, "客服部": 73, "研发部": 72, "销售部": 62, "人力资源部": 21, "行政部": 21, "财务部": 18, "信息技术部": 15, "法务部": 13, "研发": 1, "销售": 1,
    }  # fmt: skip
    tops = {item.path[0]: item.code for item in plan.departments if len(item.path) == 1}
    assert tops["销售部"] == "D01" and tops["信息技术部"] == "D09" and len(tops) == 9


def test_single_cells_come_out_right(plan: Plan) -> None:
    people = {ref: person for person in plan.people for ref in ((r.sheet, r.row) for r in person.rows)}
    spells = {(spell.sheet, spell.row): spell for spell in plan.spells}
    assert people[ACTIVE, 6].document_number == "110105198705134850" and people[ACTIVE, 6].phone == "19960828562"
    assert people[ACTIVE, 79].name == "白𬸚"
    assert spells[ACTIVE, 10].hire_date == date(2014, 6, 16) and spells[ACTIVE, 10].contract_start == date(2014, 6, 16)
    assert spells[ACTIVE, 10].contract_kind == "open_ended" and spells[ACTIVE, 10].contract_end is None
    assert (spells[ACTIVE, 8].performance_percent, spells[ACTIVE, 8].performance_wage) == (
        Decimal(20),
        Decimal("5200.00"),
    )
    assert spells[LEFT, 2].leave_date == date(2016, 7, 1) and spells[LEFT, 2].leave_reason == "倒班受不了"
    assert all(check_digit(person.document_number[:17]) == person.document_number[17] for person in plan.people)


def test_two_people_share_a_number_and_neither_is_loaded(plan: Plan) -> None:
    names = {row.name: row.outcome for row in plan.rows if row.row in (9, 14) and row.sheet == ACTIVE}
    assert names == {"阎欣": "refused", "卢瑶天": "refused"}
    assert not any(spell.employee_number == "HY220005" for spell in plan.spells)


def test_the_contradicted_letter_date_is_not_taken(plan: Plan) -> None:
    question = next(item for item in plan.questions if item.row == 26)
    assert (question.before, question.kind) == ("2O21-3-5", "date_letters")


def test_the_same_file_again_adds_nothing(plan: Plan) -> None:
    again = build_plan(DATA, "staff_roster.xlsx", as_of=AS_OF, known=known_after(plan, KnownPeople()))
    assert again.changes_nothing
    assert again.reconciliation.people_same == 340 and again.reconciliation.people_new == 0
    assert [question.id for question in again.questions] == [question.id for question in plan.questions]


def test_answers_bring_the_rest_in(plan: Plan) -> None:
    answers = {
        f"{ACTIVE}!92!employee_number!number_taken": "use:HY260088", f"{ACTIVE}!14!employee_number!number_taken": "use:HY230010",
        f"{ACTIVE}!150!employee_number!number_taken": "use:HY260145", f"{ACTIVE}!204!employee_number!number_taken": "use:HY250198",
        "*!identity_number!identity_digits_lost": "empty", "*!identity_number!identity_check_digit": "empty", "*!phone!phone_length": "empty",
        f"{ACTIVE}!26!hire_date!date_letters": "2022-05-23", f"{ACTIVE}!220!hire_date!date_letters": "2018-08-11", f"{ACTIVE}!277!hire_date!date_letters": "2020-03-11",
        "*!contract_end!contract_end_before_start": "empty", "*!manager!manager_unknown!已离职-石曦艳": "person:在职花名册!21", f"{ACTIVE}!50!manager!manager_unknown": "no_manager",
        f"{ACTIVE}!277!manager!manager_unknown": "no_manager", "*!manager!manager_ambiguous!高怡": "HY230042", "*!department_1!department_alias!研发": "use:研发部",
        "*!department_1!department_alias!销售": "use:销售部", "*!hire_date!age_at_hire": "keep", f"{ACTIVE}!149!sex!sex_conflict": "use:女", f"{LEFT}!5!leave_date!leave_in_future": "planned",
    }  # fmt: skip
    full = build_plan(DATA, "staff_roster.xlsx", as_of=AS_OF, answers=answers)
    assert full.questions == () and full.answers_unused == ()
    assert full.reconciliation.people == 384
    assert all(link.state == "linked" for link in full.managers)
    assert [link.written for link in full.managers if link.written.startswith("已离职")] == ["已离职-石曦艳"]
    known = known_after(plan, KnownPeople())
    rest = build_plan(DATA, "staff_roster.xlsx", as_of=AS_OF, answers=answers, known=known)
    assert rest.reconciliation.people_new == 44
    changed = {change.field for spell in rest.spells if spell.status == "update" for change in spell.changes}
    assert changed == {"manager"}


def test_the_plan_survives_json(plan: Plan) -> None:
    assert Plan.from_json(plan.to_json()) == plan
