"""Every protection against every ground, each cell as the articles have it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pytest

from guiyan.kernel.results import Finding, Verdict
from guiyan.law.grounds import Ground, Party
from guiyan.law.parameters import RULES_CHECKED_ON, statutory_parameters
from guiyan.law.protection import ProtectedEnding, ProtectionRuling, protection_gate
from guiyan.law.protection_table import ProtectedStatus

COLUMNS: dict[str, tuple[str, ...]] = {
    "36": ("36",),
    "37": ("37",),
    "38": ("38", "38(1)", "38(2)", "38(3)", "38(4)", "38(5)", "38(6)"),
    "39": ("39", "39(1)", "39(2)", "39(3)", "39(4)", "39(5)", "39(6)"),
    "40": ("40", "40(1)", "40(2)", "40(3)"),
    "41": ("41", "41(1)", "41(2)", "41(3)", "41(4)"),
    "expiry": ("44(1)", "task_completed"),
    "ends": ("44(3)", "44(4)", "44(5)"),
    "other": ("44(2)", "44(6)"),
    "never signed": ("71", "reg5", "reg6"),
}
OPEN, NO = "NOT_BARRED_BY_42", "PROHIBITED"
RISK = "RISK_REINSTATEMENT"
MOTHERS = ("pregnant", "maternity", "nursing")

TABLE: dict[tuple[str, ...], dict[str, str]] = {
    # LCL 42(4) bars 40 and 41, 45 extends expiry; 36 to 39 stay open (39 under WOM 5, WRL 48).
    MOTHERS: {"40": NO, "41": NO, "expiry": "EXTEND_UNTIL:nursing_end"},
    # LCL 42(3), 45.
    ("medical_period",): {"40": NO, "41": NO, "expiry": "EXTEND_UNTIL:medical_period_end"},
    # LCL 42(1), 45; OD 55 forbids any ending by the employer, agreement too; fault is unsettled; 37 and 38 are her own.
    ("suspected_occupational_disease",): {
        "36": NO,
        "39": RISK,
        "40": NO,
        "41": NO,
        "expiry": "EXTEND_UNTIL:diagnosis_end",
        "other": RISK,
        "never signed": RISK,
    },
    # LCL 42(1), 45; OD 35 and J2 17: the exit examination comes first, else the relation may be restored.
    ("hazard_no_exit_exam",): {
        "36": RISK,
        "37": RISK,
        "38": RISK,
        "39": RISK,
        "40": NO,
        "41": NO,
        "expiry": "EXTEND_UNTIL:exam_done",
        "other": RISK,
        "never signed": RISK,
    },
    # LCL 42(2); INJ 35 keeps the relation until retirement; fault is unsettled.
    tuple(f"work_injury_grade_{n}" for n in (1, 2, 3, 4)): {
        "36": "KEEP_RELATION",
        "39": RISK,
        "40": NO,
        "41": NO,
        "expiry": "KEEP_RELATION",
    },
    # LCL 42(2), 45 second half; INJ 36(2).
    tuple(f"work_injury_grade_{n}" for n in (5, 6)): {
        "40": NO,
        "41": NO,
        "expiry": "PROHIBITED_UNLESS_EMPLOYEE_PROPOSES",
    },
    # LCL 42(2), 45 second half; INJ 37.
    tuple(f"work_injury_grade_{n}" for n in (7, 8, 9, 10)): {"40": NO, "41": NO, "expiry": "ALLOWED_WITH_BENEFITS"},
    # LCL 42(5), 45.
    ("15y_5y",): {"40": NO, "41": NO, "expiry": "EXTEND_UNTIL:retirement"},
    # LCL 42(6), UNION 19.
    ("union_officer",): {"40": NO, "41": NO, "expiry": "EXTEND_UNTIL:union_term_end"},
}
CELLS = [
    (status, ground, row.get(column, OPEN))
    for statuses, row in TABLE.items()
    for status in statuses
    for column, grounds in COLUMNS.items()
    for ground in grounds
]
WALLS = {
    "suspected_occupational_disease": "《职业病防治法》第五十五条",
    "hazard_no_exit_exam": "《职业病防治法》第三十五条",
    "union_officer": "《工会法》第十九条",
}


def judge(
    statuses: Iterable[str],
    ground: str,
    *,
    in_probation: bool | None = None,
    child_birth: str | None = None,
    contract_end: str | None = None,
    union_term_end: str | None = None,
    proposed_by: str | None = None,
) -> Finding[ProtectionRuling]:
    days = [date.fromisoformat(day) if day else None for day in (child_birth, contract_end, union_term_end)]
    facts = ProtectedEnding(
        statuses=frozenset(ProtectedStatus(status) for status in statuses),
        ground=Ground(ground),
        in_probation=in_probation,
        child_birth=days[0],
        contract_end=days[1],
        union_term_end=days[2],
        proposed_by=Party(proposed_by) if proposed_by else None,
    )
    return protection_gate(facts, as_of=RULES_CHECKED_ON, region=None, params=statutory_parameters())


def test_the_table_of_this_test_names_every_status_and_every_ground() -> None:
    assert {status for statuses in TABLE for status in statuses} == {status.value for status in ProtectedStatus}
    assert {ground for grounds in COLUMNS.values() for ground in grounds} == {ground.value for ground in Ground}


@pytest.mark.parametrize(("status", "ground", "decision"), CELLS)
def test_each_cell(status: str, ground: str, decision: str) -> None:
    finding = judge([status], ground)
    assert str(finding.value) == decision
    assert finding.cites
    if ground.startswith(("40", "41")):
        assert finding.verdict is Verdict.PROHIBITED
        assert any("第四十二条第" in str(cite) for cite in finding.cites)
    if decision not in {OPEN, "KEEP_RELATION"} and status in WALLS and not ground.startswith(("36", "39")):
        assert WALLS[status] in {str(cite) for cite in finding.cites}


@pytest.mark.parametrize(
    ("decision", "verdict"),
    [
        (("pregnant", "40(2)"), Verdict.PROHIBITED),
        (("work_injury_grade_3", "36"), Verdict.PROHIBITED),
        (("work_injury_grade_5", "44(1)"), Verdict.PROHIBITED),
        (("pregnant", "44(1)"), Verdict.EXTENDED),
        (("hazard_no_exit_exam", "36"), Verdict.ALLOWED_WITH_CONDITIONS),
        (("work_injury_grade_8", "44(1)"), Verdict.ALLOWED_WITH_CONDITIONS),
        (("pregnant", "39(2)"), Verdict.ALLOWED_WITH_CONDITIONS),
        (("pregnant", "37"), Verdict.ALLOWED),
    ],
)
def test_verdicts_say_whether_the_gate_opens(decision: tuple[str, str], verdict: Verdict) -> None:
    assert judge([decision[0]], decision[1]).verdict is verdict


@pytest.mark.parametrize("status", [*MOTHERS, *WALLS])
def test_fault_of_a_protected_person_is_never_decided_without_a_person(status: str) -> None:
    assert judge([status], "39(2)").human_review


@pytest.mark.parametrize("ground", ["40(3)", "41", "41(4)"])
@pytest.mark.parametrize("statuses", [[], ["pregnant"]])
def test_probation_closes_40_3_and_41_for_everybody(ground: str, statuses: list[str]) -> None:
    finding = judge(statuses, ground, in_probation=True)
    assert str(finding.value) == NO
    assert "《劳动合同法》第二十一条" in {str(cite) for cite in finding.cites}


@pytest.mark.parametrize("ground", ["39(1)", "39(2)", "40(1)", "40(2)", "36", "37", "38"])
def test_probation_leaves_the_other_grounds_open(ground: str) -> None:
    assert str(judge([], ground, in_probation=True).value) == OPEN


def test_failing_the_hiring_conditions_is_a_ground_in_probation_only() -> None:
    assert str(judge([], "39(1)", in_probation=False).value) == NO
    assert str(judge([], "39(1)").value) == OPEN


def test_an_unknown_probation_is_said_where_it_could_close_the_ground() -> None:
    finding = judge([], "40(3)")
    assert str(finding.value) == OPEN
    assert finding.verdict is Verdict.INDETERMINATE
    assert [one.fact for one in finding.missing] == ["in_probation"]


@pytest.mark.parametrize(
    ("statuses", "facts", "decision"),
    [
        (["nursing"], {"child_birth": "2026-01-15"}, "EXTEND_UNTIL:2027-01-15"),
        (["maternity"], {"child_birth": "2024-02-29"}, "EXTEND_UNTIL:2025-02-28"),
        (["union_officer"], {"union_term_end": "2028-06-30"}, "EXTEND_UNTIL:2028-06-30"),
        (["nursing"], {"child_birth": "2025-05-01", "contract_end": "2026-06-30"}, OPEN),
        (["nursing"], {"child_birth": "2025-06-30", "contract_end": "2026-06-30"}, OPEN),
        (["nursing"], {"child_birth": "2025-07-01", "contract_end": "2026-06-30"}, "EXTEND_UNTIL:2026-07-01"),
        (["union_officer"], {"union_term_end": "2026-05-31", "contract_end": "2026-06-30"}, OPEN),
    ],
)
def test_an_extension_ends_on_the_day_the_facts_give(statuses: list[str], facts: dict[str, str], decision: str) -> None:
    assert str(judge(statuses, "44(1)", **facts).value) == decision  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("proposed_by", "decision"),
    [
        ("employer", "PROHIBITED_UNLESS_EMPLOYEE_PROPOSES"),
        (None, "PROHIBITED_UNLESS_EMPLOYEE_PROPOSES"),
        ("employee", "ALLOWED_WITH_BENEFITS"),
    ],
)
def test_injury_grades_5_and_6_end_only_on_the_employees_own_proposal(proposed_by: str | None, decision: str) -> None:
    assert str(judge(["work_injury_grade_6"], "44(1)", proposed_by=proposed_by).value) == decision


@pytest.mark.parametrize(
    ("statuses", "ground", "decision"),
    [
        (["pregnant", "hazard_no_exit_exam"], "36", RISK),
        (["medical_period", "suspected_occupational_disease"], "36", NO),
        (["pregnant", "work_injury_grade_3"], "44(1)", "KEEP_RELATION"),
        (["pregnant", "work_injury_grade_5"], "44(1)", "PROHIBITED_UNLESS_EMPLOYEE_PROPOSES"),
        (["work_injury_grade_8", "medical_period"], "44(1)", "EXTEND_UNTIL:medical_period_end"),
        (["work_injury_grade_8", "union_officer"], "41", NO),
        (["pregnant", "medical_period"], "37", OPEN),
    ],
)
def test_of_several_protections_the_strictest_decides(statuses: list[str], ground: str, decision: str) -> None:
    assert str(judge(statuses, ground).value) == decision


@pytest.mark.parametrize(
    ("statuses", "facts", "decision", "certain"),
    [
        (
            ["nursing", "union_officer"],
            {"child_birth": "2026-03-01", "union_term_end": "2026-12-31"},
            "EXTEND_UNTIL:2027-03-01",
            True,
        ),
        (
            ["nursing", "union_officer"],
            {"child_birth": "2026-03-01", "union_term_end": "2028-12-31"},
            "EXTEND_UNTIL:2028-12-31",
            True,
        ),
        (
            ["pregnant", "union_officer"],
            {"contract_end": "2026-06-30", "union_term_end": "2026-12-31"},
            "EXTEND_UNTIL:nursing_end",
            True,
        ),
        (
            ["pregnant", "union_officer"],
            {"contract_end": "2026-06-30", "union_term_end": "2028-06-30"},
            "EXTEND_UNTIL:2028-06-30",
            True,
        ),
        (["pregnant", "medical_period"], {}, "EXTEND_UNTIL:nursing_end", False),
        (["15y_5y", "medical_period"], {}, "EXTEND_UNTIL:retirement", False),
        (["pregnant", "nursing", "maternity"], {}, "EXTEND_UNTIL:nursing_end", True),
    ],
)
def test_of_several_extensions_the_latest_is_named(
    statuses: list[str], facts: dict[str, str], decision: str, certain: bool
) -> None:
    """Where the facts do not settle the order, a person looks and every end is kept as a condition."""
    finding = judge(statuses, "44(1)", **facts)  # type: ignore[arg-type]
    assert str(finding.value) == decision
    assert finding.human_review is not certain


def test_one_ended_extension_does_not_hide_another() -> None:
    finding = judge(["nursing", "medical_period"], "44(1)", child_birth="2025-01-01", contract_end="2026-06-30")
    assert str(finding.value) == "EXTEND_UNTIL:medical_period_end"


def test_adding_a_protection_never_loosens_the_decision() -> None:
    order = [OPEN, "ALLOWED_WITH_BENEFITS", RISK, "EXTEND_UNTIL", "PROHIBITED_UNLESS_EMPLOYEE_PROPOSES"]
    order += ["KEEP_RELATION", NO]

    def strictness(statuses: Iterable[str], ground: str) -> int:
        return order.index(str(judge(statuses, ground).value).split(":")[0])

    every = [status.value for status in ProtectedStatus]
    for ground in ("36", "37", "39(2)", "40(2)", "44(1)", "44(2)"):
        for first in every:
            for second in every:
                assert strictness([first, second], ground) == max(
                    strictness([first], ground), strictness([second], ground)
                )
