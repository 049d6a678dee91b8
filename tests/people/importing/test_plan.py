"""Answers, repeated loads, reports and JSON: what surrounds the reading of a roster."""

import json
from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from guiyan.people.importing import (
    FILE_KEY,
    SENSITIVE,
    AnswersUnusable,
    KnownPeople,
    Plan,
    build_plan,
    known_after,
    messages,
)
from guiyan.people.importing.messages import FINDINGS, PROBLEMS, QUESTIONS, REFUSALS, REPAIRS
from guiyan.people.importing.reports import REFUSED_COLUMN, refused_xlsx, report_xlsx

from .rosters import AS_OF, HEADS, identity, kinds, person, plan_of, synthetic, workbook


def seal(field: str, text: str) -> str:
    """A stand-in for a blind index."""
    return sha256(f"{field}\x00{text}".encode()).hexdigest()


def sheets_of(data: bytes) -> dict[str, list[list[Any]]]:
    """All cells of a workbook by sheet."""
    import io

    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


PHONE = "花名册!2!phone!phone_length"


def test_an_answer_may_be_a_choice_or_a_value() -> None:
    row = person(联系电话="1380013800")
    assert plan_of(row, answers={PHONE: "empty"}).people[0].phone == ""
    assert plan_of(row, answers={PHONE: "138 0013 8001"}).people[0].phone == "13800138001"
    assert plan_of(row, answers={PHONE: "drop_row"}).reconciliation.skipped[0] == ("answered", 1)
    repair = plan_of(row, answers={PHONE: "13800138001"}).repairs[0]
    assert (repair.before, repair.after, repair.certainty) == ("1380013800", "13800138001", "answer")


@pytest.mark.parametrize("answer", ["138", "", "yes", "use:13800138000", "13800138000/13900139000"])
def test_a_bad_answer_leaves_the_question_open_and_says_why(answer: str) -> None:
    plan = plan_of(person(联系电话="1380013800"), answers={PHONE: answer})
    assert plan.reconciliation.refused == 1
    assert plan.questions[0].problem_zh and plan.questions[0].problem_en


def test_an_answer_must_remove_the_contradiction() -> None:
    key = "花名册!2!contract_end!contract_end_before_start"
    row = person(合同终止=date(2021, 1, 1))
    assert plan_of(row, answers={key: "2020-12-31"}).questions[0].problem_zh
    assert plan_of(row, answers={key: "2027-12-31"}).spells[0].contract_end == date(2027, 12, 31)


def test_an_identity_answer_must_fit_what_is_readable() -> None:
    key = "花名册!2!identity_number!identity_digits_lost"
    row = person(身份证号码=320106197912011000.0)
    assert plan_of(row, answers={key: identity(order="777")}).questions[0].problem_zh
    assert plan_of(row, answers={key: "320106197912011"}).questions[0].problem_zh
    right = identity("320106", "19791201", "135")
    assert plan_of(row, answers={key: right}).people[0].document_number == right


def test_a_group_answer_settles_all_of_its_kind_but_never_with_one_value() -> None:
    rows = [person(1, 联系电话="1380013800"), person(2, 联系电话="139001390")]
    assert plan_of(*rows, answers={"*!phone!phone_length": "empty"}).reconciliation.accepted == 2
    assert plan_of(*rows, answers={"*!phone!phone_length": "13800138000"}).reconciliation.refused == 2
    assert plan_of(*rows, answers={"*!phone!phone_length!139001390": "13900139000"}).people[0].phone == "13900139000"


def test_answers_that_leave_nobody_to_be_told_are_refused() -> None:
    rows = [person(1, 工号="A1", 身份证号码=3.2e17), person(2, 工号="A1")]
    answers = {
        "花名册!2!identity_number!identity_digits_lost": "empty",
        "花名册!2!employee_number!number_taken": "empty",
    }
    plan = plan_of(*rows, answers=answers)
    assert [(item.row, item.kind) for item in plan.refusals] == [(2, "no_key")]
    assert plan.reconciliation.accepted == 1


def test_answers_for_another_file_are_refused_and_unused_ones_named() -> None:
    data = workbook([HEADS, person()])
    with pytest.raises(AnswersUnusable):
        build_plan(data, "a.xlsx", as_of=AS_OF, answers={FILE_KEY: "0" * 64})
    with pytest.raises(AnswersUnusable):
        build_plan(data, "a.xlsx", as_of=AS_OF, answers={"x": 5})  # type: ignore[dict-item]
    plan = build_plan(
        data,
        "a.xlsx",
        as_of=AS_OF,
        answers={FILE_KEY: sha256(data).hexdigest(), "花名册!9!phone!phone_length": "empty"},
    )
    assert plan.answers_unused == ("花名册!9!phone!phone_length",)


def test_questions_have_stable_distinct_ids() -> None:
    made = synthetic(200, 5, damage=0.6)
    first, second = (build_plan(made.data, "a.xlsx", as_of=AS_OF).questions for _ in range(2))
    assert first == second and len({question.id for question in first}) == len(first)
    assert all(question.id == f"{question.sheet}!{question.row}!{question.field}!{question.kind}" for question in first)


@pytest.mark.parametrize("sealed", [frozenset(), SENSITIVE])
def test_a_second_load_adds_nothing_and_a_changed_cell_is_an_update(sealed: frozenset[str]) -> None:
    start = KnownPeople(seal=seal if sealed else (lambda field, text: text), sealed=sealed)
    plan = plan_of(person(1), person(2, 直接上级="A001"), known=start)
    known = known_after(plan, start)
    assert plan_of(person(1), person(2, 直接上级="A001"), known=known).changes_nothing
    changed = plan_of(
        person(1, 岗位="经理", 联系电话="13700137000"), person(2, 直接上级="A001"), person(3), known=known
    )
    assert [item.status for item in changed.people] == ["update", "same", "new"]
    assert [(change.field, change.after, change.sealed) for change in changed.people[0].changes] == [
        ("phone", "13700137000", bool(sealed))
    ]
    assert [(change.field, change.before, change.after) for change in changed.spells[0].changes] == [
        ("post", "工程师", "经理")
    ]
    assert changed.people[0].changes[0].before == ("" if sealed else "13800000001")


def test_an_empty_cell_does_not_erase_what_is_stored() -> None:
    known = known_after(plan_of(person()), KnownPeople())
    assert plan_of(person(岗位=None, 联系电话=None, 邮箱=None), known=known).changes_nothing


def test_without_a_document_number_and_name_tell_who_it_is() -> None:
    known = known_after(plan_of(person(身份证号码=None)), KnownPeople())
    assert plan_of(person(身份证号码=None), known=known).changes_nothing
    later = plan_of(person(), known=known)
    assert [change.field for change in later.people[0].changes] == ["identity_number", "birth_date"]
    other = plan_of(person(身份证号码=None, 姓名="李雷"), known=known)
    assert kinds(other.questions) == ["number_taken_stored"]


def test_stored_people_are_not_confused() -> None:
    known = known_after(plan_of(person()), KnownPeople())
    assert kinds(plan_of(person(姓名="李雷"), known=known).questions) == ["name_differs_stored"]
    assert kinds(plan_of(person(2, 工号="A001"), known=known).questions) == ["number_taken_stored"]
    assert kinds(plan_of(person(入职日期=date(2022, 4, 1)), known=known).questions) == ["stored_hire_differs"]
    assert plan_of(person(2, 直接上级="张四"), known=known).spells[0].manager_known_id == known.people[0].id


def test_a_leave_date_is_an_update_and_a_return_a_new_spell() -> None:
    known = known_after(plan_of(person()), KnownPeople())
    heads = (*HEADS, "离职日期")
    left = plan_of([*person(), date(2024, 1, 31)], heads=heads, known=known)
    assert [(change.field, change.after) for change in left.spells[0].changes] == [("leave_date", "2024-01-31")]
    back = plan_of(person(入职日期=date(2025, 1, 1), 合同起始=date(2025, 1, 1)), known=known_after(left, known))
    assert (back.people[0].status, back.spells[0].status) == ("same", "new")
    assert "probation_on_rehire" in kinds(back.findings)


def test_the_report_has_its_sheets_and_headings() -> None:
    plan = plan_of(person(1, 姓名="张 三", 联系电话="1380013800"), person(2, 入职日期="2023-02-30"), person(3))
    sheets = sheets_of(report_xlsx(plan))
    assert list(sheets) == ["修复", "问题", "拒绝", "对账", "发现", "非人员行"]
    assert sheets["修复"][0] == ["工作表", "行", "列", "单元格", "修复前", "修复后", "原因", "性质"]
    assert sheets["修复"][1][:6] == ["花名册", 2.0, "姓名", "B2", "张 三", "张三"]
    assert sheets["问题"][1][0] == "花名册!2!phone!phone_length"
    assert [row[1] for row in sheets["拒绝"][1:]] == [2.0, 3.0] and "2023-02-30" in sheets["拒绝"][2][3]
    assert ["行数", "读入", 4.0] in sheets["对账"] and ["行数", "拒绝", 2.0] in sheets["对账"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t="])
def test_no_report_carries_a_formula(start: str) -> None:
    import io
    import zipfile

    attack = f'{start}HYPERLINK("http://x","y")'
    plan = plan_of(person(备注=attack, 岗位=f" {attack}", 联系电话=attack))
    for data in (report_xlsx(plan), refused_xlsx(plan)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            assert not any(b"<f>" in archive.read(name) for name in archive.namelist() if "worksheets/sheet" in name)
    cells = [cell for row in sheets_of(report_xlsx(plan))["问题"][1:] for cell in row if isinstance(cell, str)]
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)


def test_refused_rows_come_back_in_place_and_load_when_corrected() -> None:
    rows = [
        person(1),
        person(2, 联系电话="1380013800"),
        person(3, 入职日期="2023-02-30", 直接上级="A001"),
        person(4, 身份证号码=3.201061979120113e17),
    ]
    plan = plan_of(*rows)
    data = refused_xlsx(plan)
    (sheet,) = sheets_of(data).values()
    assert sheet[0][: len(HEADS)] == list(HEADS) and sheet[0][len(HEADS)] == REFUSED_COLUMN
    assert len(sheet) == 4
    assert sheet[3][3] == 3.201061979120113e17 and sheet[1][HEADS.index("入职日期")] == date(2022, 3, 1)
    known = known_after(plan, KnownPeople())
    again = build_plan(data, "refused.xlsx", as_of=AS_OF, known=known)
    assert [(q.kind, q.before) for q in again.questions] == [
        ("phone_length", "1380013800"),
        ("identity_digits_lost", "3.201061979120113E+17"),
    ]
    assert (kinds(again.refusals), again.reconciliation.accepted) == (["date_impossible"], 0)
    sheet[1][HEADS.index("联系电话")] = "13800138001"
    sheet[2][HEADS.index("入职日期")] = date(2023, 2, 28)
    sheet[3][3] = identity("320106", "19791201", "135")
    corrected = build_plan(
        workbook({"花名册": [[cell if cell != "" else None for cell in row] for row in sheet]}),
        "b.xlsx",
        as_of=AS_OF,
        known=known,
    )
    assert (corrected.reconciliation.accepted, corrected.reconciliation.people_new) == (3, 3)
    assert corrected.spells[1].manager_known_id == known.people[0].id
    assert refused_xlsx(corrected) and refused_xlsx(plan_of())


@pytest.mark.parametrize("name", ["名单[1]:*?.csv", "history.csv", "'.csv", "很长的名字" * 20 + ".csv", ".csv"])
def test_refused_rows_of_a_file_with_any_name_come_back(name: str) -> None:
    plan = build_plan("工号,姓名,入职日期\nA1,张三,待定\n".encode(), name, as_of=AS_OF)
    (sheet,) = sheets_of(refused_xlsx(plan)).values()
    assert sheet[1][:3] == ["A1", "张三", "待定"]


def test_a_column_of_the_wrong_kind_stays_bounded() -> None:
    rows = [
        person(
            1,
            部门=f"部门{number}号",
            直接上级=f"某人{number}",
            工号="A1",
            姓名="张三",
            身份证号码=None,
            岗位=str(number),
        )
        for number in range(1500)
    ]
    plan = plan_of(*rows)
    assert plan.reconciliation.refused == 1500
    assert max(len(question.text_zh) for question in plan.questions) < 400


def test_json_is_exact_and_wrong_json_is_refused() -> None:
    plan = plan_of(person(1, 绩效工资="20%"), person(2, 联系电话=1.5, 身份证号码=3.2e17, 入职日期=date(2020, 1, 1)))
    text = plan.to_json()
    assert Plan.from_json(text) == plan
    assert json.loads(text)["file_sha256"] == plan.file_sha256
    for wrong in ("{}", "[]", "null", text.replace('"as_of"', '"as_off"'), "nothing"):
        with pytest.raises(ValueError, match=r".+"):
            Plan.from_json(wrong)


def test_progress_is_told_up_to_the_end() -> None:
    told: list[tuple[int, int]] = []
    build_plan(synthetic(450, 3).data, "a.xlsx", as_of=AS_OF, progress=lambda done, total: told.append((done, total)))
    assert told == [(0, 450), (200, 450), (400, 450), (450, 450)]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_generated_roster_is_repaired_and_asked_exactly_where_it_was_damaged(seed: int) -> None:
    made = synthetic(600, seed, damage=0.4)
    plan = build_plan(made.data, "a.xlsx", as_of=AS_OF)
    repaired: dict[str, int] = {}
    for repair in plan.repairs:
        key = f"{repair.field}/{repair.kind}"
        repaired[key] = repaired.get(key, 0) + 1
    asked: dict[str, int] = {}
    for question in plan.questions:
        key = f"{question.field}/{question.kind}"
        asked[key] = asked.get(key, 0) + 1
    assert (repaired, asked) == (made.repaired, made.asked)
    assert plan.reconciliation.refused == sum(made.asked.values())


@pytest.mark.parametrize("table", [REPAIRS, QUESTIONS, REFUSALS, FINDINGS, PROBLEMS, messages.SKIPS, messages.CHOICES])
def test_every_sentence_has_two_languages_and_chinese_punctuation(table: dict[str, tuple[str, str]]) -> None:
    for zh, en in table.values():
        assert zh and en and any("\u4e00" <= sign <= "\u9fff" for sign in zh)
        assert not any("\u4e00" <= sign <= "\u9fff" for sign in en.replace("至", ""))
        assert not set(zh) & set(",;:?!")


@pytest.mark.parametrize("table", [REPAIRS, QUESTIONS, REFUSALS, FINDINGS, PROBLEMS])
def test_both_languages_tell_the_same_facts_and_no_sentence_is_unused(table: dict[str, tuple[str, str]]) -> None:
    package = Path(messages.__file__).parent
    source = "".join(path.read_text() for path in package.glob("*.py") if path.name != "messages.py")
    for kind, (zh, en) in table.items():
        facts = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in (zh, en)]
        assert facts[0] == facts[1], kind
        assert f'"{kind}"' in source, kind


def test_performance_as_a_share_of_the_base_wage() -> None:
    plan = plan_of(person(基本工资="8,888.88", 绩效工资="15%"))
    assert plan.spells[0].performance_wage == Decimal("1333.33")
