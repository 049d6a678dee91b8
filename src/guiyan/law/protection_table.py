"""The table of protections: a decision, its authority and its sentence for every status and every family of grounds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache

from guiyan.kernel.results import Confidence, Words
from guiyan.law.citations import Cite
from guiyan.law.grounds import Ground, GroundFamily

LCL_42 = Cite("LCL", 42)
LCL_45 = Cite("LCL", 45)


class ProtectedStatus(StrEnum):
    """What protects an employee."""

    PREGNANT = "pregnant"
    MATERNITY = "maternity"
    NURSING = "nursing"
    MEDICAL_PERIOD = "medical_period"
    SUSPECTED_OCCUPATIONAL_DISEASE = "suspected_occupational_disease"
    HAZARD_NO_EXIT_EXAM = "hazard_no_exit_exam"
    WORK_INJURY_GRADE_1 = "work_injury_grade_1"
    WORK_INJURY_GRADE_2 = "work_injury_grade_2"
    WORK_INJURY_GRADE_3 = "work_injury_grade_3"
    WORK_INJURY_GRADE_4 = "work_injury_grade_4"
    WORK_INJURY_GRADE_5 = "work_injury_grade_5"
    WORK_INJURY_GRADE_6 = "work_injury_grade_6"
    WORK_INJURY_GRADE_7 = "work_injury_grade_7"
    WORK_INJURY_GRADE_8 = "work_injury_grade_8"
    WORK_INJURY_GRADE_9 = "work_injury_grade_9"
    WORK_INJURY_GRADE_10 = "work_injury_grade_10"
    UNION_OFFICER = "union_officer"
    FIFTEEN_YEARS_FIVE_LEFT = "15y_5y"


class Decision(StrEnum):
    """What the table decides, from the loosest to the strictest."""

    NOT_BARRED_BY_42 = "NOT_BARRED_BY_42"
    ALLOWED_WITH_BENEFITS = "ALLOWED_WITH_BENEFITS"
    RISK_REINSTATEMENT = "RISK_REINSTATEMENT"
    EXTEND_UNTIL = "EXTEND_UNTIL"
    UNLESS_EMPLOYEE_PROPOSES = "PROHIBITED_UNLESS_EMPLOYEE_PROPOSES"
    KEEP_RELATION = "KEEP_RELATION"
    PROHIBITED = "PROHIBITED"


class ExtensionEnd(StrEnum):
    """The event that ends an extension, from the one that usually comes first to the one that can come last."""

    EXAM_DONE = "exam_done"
    DIAGNOSIS_END = "diagnosis_end"
    MEDICAL_PERIOD_END = "medical_period_end"
    NURSING_END = "nursing_end"
    UNION_TERM_END = "union_term_end"
    RETIREMENT = "retirement"

    @property
    def zh(self) -> str:
        return _END_WORDS[self].zh

    @property
    def en(self) -> str:
        return _END_WORDS[self].en


_END_WORDS = {
    ExtensionEnd.EXAM_DONE: Words("离岗前职业健康检查完成", "the exit health examination"),
    ExtensionEnd.DIAGNOSIS_END: Words("职业病诊断或者医学观察结束", "the end of diagnosis or observation"),
    ExtensionEnd.MEDICAL_PERIOD_END: Words("医疗期满", "the end of the medical period"),
    ExtensionEnd.NURSING_END: Words("哺乳期满（子女满一周岁）", "the end of nursing (the child's first birthday)"),
    ExtensionEnd.UNION_TERM_END: Words("工会任期届满", "the end of the term of union office"),
    ExtensionEnd.RETIREMENT: Words("达到法定退休年龄", "statutory retirement age"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: the decision, why, by which authority, how sure, on what conditions, and whether a person must look."""

    decision: Decision
    says: Words
    cites: tuple[Cite, ...]
    confidence: Confidence = Confidence.STATUTE
    until: ExtensionEnd | None = None
    conditions: tuple[Words, ...] = ()
    review: bool = False

    def decided(self, decision: Decision) -> Cell:
        """The same cell with another decision."""
        return replace(self, decision=decision)


class _Group(StrEnum):
    """Statuses that one row of the table treats alike."""

    MOTHER = "mother"
    MEDICAL = "medical"
    SUSPECTED = "suspected"
    HAZARD = "hazard"
    INJURY_1_4 = "injury_1_4"
    INJURY_5_6 = "injury_5_6"
    INJURY_7_10 = "injury_7_10"
    SENIOR = "senior"
    UNION = "union"


def _group(status: ProtectedStatus) -> _Group:
    if status.value.startswith("work_injury_grade_"):
        grade = int(status.value.rsplit("_", 1)[1])
        return _Group.INJURY_1_4 if grade <= 4 else _Group.INJURY_5_6 if grade <= 6 else _Group.INJURY_7_10
    return {
        ProtectedStatus.PREGNANT: _Group.MOTHER,
        ProtectedStatus.MATERNITY: _Group.MOTHER,
        ProtectedStatus.NURSING: _Group.MOTHER,
        ProtectedStatus.MEDICAL_PERIOD: _Group.MEDICAL,
        ProtectedStatus.SUSPECTED_OCCUPATIONAL_DISEASE: _Group.SUSPECTED,
        ProtectedStatus.HAZARD_NO_EXIT_EXAM: _Group.HAZARD,
        ProtectedStatus.UNION_OFFICER: _Group.UNION,
        ProtectedStatus.FIFTEEN_YEARS_FIVE_LEFT: _Group.SENIOR,
    }[status]


def _barred(item: int, zh: str, en: str, *more: Cite) -> Cell:
    """Arts. 40 and 41 against a status that Art. 42 names in the given item."""
    return Cell(
        Decision.PROHIBITED,
        Words(f"{zh}，不得依照第四十条、第四十一条解除。", f"{en}: Arts. 40 and 41 are closed."),
        (Cite("LCL", 42, item=item), *more),
    )


def _extended(until: ExtensionEnd, zh: str, en: str, *cites: Cite, confidence: Confidence = Confidence.STATUTE) -> Cell:
    """Expiry against a status for which the term runs on."""
    return Cell(
        Decision.EXTEND_UNTIL,
        Words(f"{zh}，合同期满时续延至{until.zh}。", f"{en}: the expiring term runs on until {until.en}."),
        (LCL_45, *cites),
        confidence,
        until=until,
    )


_OPEN = {
    GroundFamily.MUTUAL: Cell(
        Decision.NOT_BARRED_BY_42,
        Words("第四十二条不限制协商一致解除。", "Art. 42 does not limit mutual agreement."),
        (LCL_42, Cite("LCL", 36)),
        conditions=(Words("须真实自愿，并写明由谁提出。", "It must be free, and record who proposed it."),),
    ),
    GroundFamily.RESIGNATION: Cell(
        Decision.NOT_BARRED_BY_42,
        Words("辞职是员工自己的权利，第四十二条不限制。", "Resigning is the employee's right; Art. 42 leaves it open."),
        (LCL_42, Cite("LCL", 37)),
    ),
    GroundFamily.FORCED_RESIGNATION: Cell(
        Decision.NOT_BARRED_BY_42,
        Words(
            "因单位过错解除是员工自己的权利，第四十二条不限制。",
            "Leaving for the employer's fault is the employee's right; Art. 42 leaves it open.",
        ),
        (LCL_42, Cite("LCL", 38)),
    ),
    GroundFamily.FAULT: Cell(
        Decision.NOT_BARRED_BY_42,
        Words(
            "第四十二条不限制第三十九条；过错须真实并有证据。",
            "Art. 42 does not limit Art. 39; the fault must be real and proved.",
        ),
        (LCL_42, Cite("LCL", 39)),
    ),
    GroundFamily.EXPIRY: Cell(
        Decision.NOT_BARRED_BY_42,
        Words("合同期满可以终止。", "The contract may end with its term."),
        (Cite("LCL", 44, item=1),),
    ),
    GroundFamily.OTHER_END: Cell(
        Decision.NOT_BARRED_BY_42,
        Words(
            "第四十五条只续延期满的合同，不适用于第四十四条其他各项。",
            "Art. 45 extends expiring terms only, not the other cases of Art. 44.",
        ),
        (Cite("LCL", 44), LCL_45),
    ),
    GroundFamily.PART_TIME: Cell(
        Decision.NOT_BARRED_BY_42,
        Words("非全日制用工双方可以随时终止。", "Either side may end part-time work at any time."),
        (Cite("LCL", 71),),
        review=True,
    ),
    GroundFamily.NEVER_SIGNED: Cell(
        Decision.NOT_BARRED_BY_42,
        Words(
            "员工不订立书面合同时的终止，不属于第四十条、第四十一条。",
            "Ending a relation because the employee will not sign is not a case of Arts. 40 or 41.",
        ),
        (Cite("IR", 5), Cite("IR", 6)),
        review=True,
    ),
}
"""What holds where neither Art. 42 nor any wall beside it stands in the way."""

_OD_35 = Cite("OD", 35)
_OD_55 = Cite("OD", 55)
_J2_17 = Cite("J2", 17)
_INJ_35 = Cite("INJ", 35)
_INJ_36 = Cite("INJ", 36, 2)
_INJ_37 = Cite("INJ", 37)
_UNION_19 = Cite("UNION", 19)

_EXAM_FIRST = Cell(
    Decision.RISK_REINSTATEMENT,
    Words(
        "接触职业病危害作业的员工未做离岗前职业健康检查，解除后可能被判令继续履行；应先检查。",
        "No exit health examination after hazardous work: the relation may be restored by a court; examine first.",
    ),
    (_OD_35, _J2_17),
    conditions=(
        Words(
            "先安排离岗前职业健康检查；结果未患职业病，或者员工无正当理由拒绝检查，才可继续办理。",
            "Arrange the exit examination first; go on when it is clean, or refused without good reason.",
        ),
    ),
)
_OD_UNSETTLED = Cell(
    Decision.RISK_REINSTATEMENT,
    Words(
        "疑似职业病诊断或者医学观察期间，《职业病防治法》规定不得解除或者终止；能否例外，实践中有分歧。",
        "During diagnosis the Occupational Diseases Law forbids ending the contract; exceptions are disputed.",
    ),
    (_OD_55, LCL_42),
    Confidence.PRACTICE,
    conditions=(Words("须由法务书面判断后再决定。", "Counsel decides in writing first."),),
)
_INJURY_FAULT = Cell(
    Decision.RISK_REINSTATEMENT,
    Words(
        "一级至四级伤残应保留劳动关系；第三十九条能否适用，实践中有分歧。",
        "Grades 1 to 4 keep the relation; whether Art. 39 applies is disputed in practice.",
    ),
    (_INJ_35, Cite("LCL", 39)),
    Confidence.PRACTICE,
    conditions=(Words("须由法务书面判断后再决定。", "Counsel decides in writing first."),),
)
_KEEP = Cell(
    Decision.KEEP_RELATION,
    Words(
        "一级至四级伤残：保留劳动关系，退出工作岗位，直至退休。",
        "Grades 1 to 4: the relation is kept, away from the post, until retirement.",
    ),
    (_INJ_35,),
)
_INJURY_BENEFITS_ON_LEAVING = Words(
    "员工本人提出的，须支付一次性工伤医疗补助金和一次性伤残就业补助金。",
    "When the employee proposes it, both one-off injury benefits are due.",
)


def _open(family: GroundFamily, *conditions: Words, review: bool = False, cites: tuple[Cite, ...] = ()) -> Cell:
    """The open cell of a family with what this status adds to it."""
    cell = _OPEN[family]
    return replace(
        cell, conditions=(*cell.conditions, *conditions), review=cell.review or review, cites=(*cell.cites, *cites)
    )


_MOTHER_BARRED = _barred(4, "女职工在孕期、产期、哺乳期", "In pregnancy, maternity or nursing", Cite("WRL", 48))
_MEDICAL_BARRED = _barred(3, "员工在规定的医疗期内", "Within the medical period")
_SUSPECTED_BARRED = _barred(1, "疑似职业病在诊断或者医学观察期间", "Under diagnosis for occupational disease", _OD_55)
_HAZARD_BARRED = _barred(1, "未进行离岗前职业健康检查", "Before the exit health examination", _OD_35)
_INJURY_BARRED = _barred(
    2, "患职业病或者因工负伤并被确认丧失或者部分丧失劳动能力", "Ability to work lost, wholly or partly, by work injury"
)
_SENIOR_BARRED = _barred(
    5, "在本单位连续工作满十五年且距法定退休年龄不足五年", "After 15 years here and within 5 years of retirement"
)
_UNION_BARRED = replace(
    _barred(6, "工会主席、副主席或者委员在任期内", "Within a term of union office", _UNION_19),
    confidence=Confidence.PRACTICE,
)

_TABLE: dict[_Group, dict[GroundFamily, Cell]] = {
    _Group.MOTHER: {
        GroundFamily.FAULT: _open(
            GroundFamily.FAULT,
            Words(
                "不得因怀孕、生育、哺乳解除：须由法务复核真实原因。",
                "Never because of pregnancy: counsel reviews the cause.",
            ),
            review=True,
            cites=(Cite("WOM", 5), Cite("WRL", 48)),
        ),
        GroundFamily.NO_FAULT: _MOTHER_BARRED,
        GroundFamily.LAYOFF: _MOTHER_BARRED,
        GroundFamily.EXPIRY: _extended(
            ExtensionEnd.NURSING_END,
            "女职工在孕期、产期、哺乳期",
            "In pregnancy, maternity or nursing",
            Cite("LCL", 42, item=4),
        ),
    },
    _Group.MEDICAL: {
        GroundFamily.NO_FAULT: _MEDICAL_BARRED,
        GroundFamily.LAYOFF: _MEDICAL_BARRED,
        GroundFamily.EXPIRY: _extended(
            ExtensionEnd.MEDICAL_PERIOD_END, "员工在医疗期内", "Within the medical period", Cite("LCL", 42, item=3)
        ),
    },
    _Group.SUSPECTED: {
        GroundFamily.MUTUAL: Cell(
            Decision.PROHIBITED,
            Words(
                "疑似职业病诊断或者医学观察期间，不得解除或者终止合同，协商一致也不例外。",
                "Under diagnosis for occupational disease the contract may not be ended, by agreement neither.",
            ),
            (_OD_55,),
        ),
        GroundFamily.FAULT: _OD_UNSETTLED,
        GroundFamily.NO_FAULT: _SUSPECTED_BARRED,
        GroundFamily.LAYOFF: _SUSPECTED_BARRED,
        GroundFamily.EXPIRY: _extended(
            ExtensionEnd.DIAGNOSIS_END,
            "疑似职业病在诊断或者医学观察期间",
            "Under diagnosis for occupational disease",
            Cite("LCL", 42, item=1),
            _OD_55,
        ),
        GroundFamily.PART_TIME: _OD_UNSETTLED,
        GroundFamily.NEVER_SIGNED: _OD_UNSETTLED,
    },
    _Group.HAZARD: {
        GroundFamily.MUTUAL: _EXAM_FIRST,
        GroundFamily.RESIGNATION: _EXAM_FIRST,
        GroundFamily.FORCED_RESIGNATION: _EXAM_FIRST,
        GroundFamily.FAULT: _EXAM_FIRST,
        GroundFamily.NO_FAULT: _HAZARD_BARRED,
        GroundFamily.LAYOFF: _HAZARD_BARRED,
        GroundFamily.EXPIRY: _extended(
            ExtensionEnd.EXAM_DONE,
            "未进行离岗前职业健康检查",
            "Before the exit health examination",
            Cite("LCL", 42, item=1),
            _OD_35,
        ),
        GroundFamily.PART_TIME: _EXAM_FIRST,
        GroundFamily.NEVER_SIGNED: _EXAM_FIRST,
    },
    _Group.INJURY_1_4: {
        GroundFamily.MUTUAL: _KEEP,
        GroundFamily.RESIGNATION: _open(
            GroundFamily.RESIGNATION,
            Words(
                "须向员工说明辞职对工伤待遇的影响，并确认自愿。",
                "Explain what resigning does to injury benefits, and confirm.",
            ),
            review=True,
            cites=(_INJ_35,),
        ),
        GroundFamily.FAULT: _INJURY_FAULT,
        GroundFamily.NO_FAULT: _INJURY_BARRED,
        GroundFamily.LAYOFF: _INJURY_BARRED,
        GroundFamily.EXPIRY: _KEEP,
    },
    _Group.INJURY_5_6: {
        GroundFamily.MUTUAL: _open(GroundFamily.MUTUAL, _INJURY_BENEFITS_ON_LEAVING, cites=(_INJ_36,)),
        GroundFamily.RESIGNATION: _open(GroundFamily.RESIGNATION, _INJURY_BENEFITS_ON_LEAVING, cites=(_INJ_36,)),
        GroundFamily.NO_FAULT: _INJURY_BARRED,
        GroundFamily.LAYOFF: _INJURY_BARRED,
        GroundFamily.EXPIRY: Cell(
            Decision.UNLESS_EMPLOYEE_PROPOSES,
            Words(
                "五级、六级伤残：只有员工本人提出，才可以解除或者终止。",
                "Grades 5 and 6: the relation ends only when the employee proposes it.",
            ),
            (_INJ_36, LCL_45),
        ),
    },
    _Group.INJURY_7_10: {
        GroundFamily.MUTUAL: _open(GroundFamily.MUTUAL, _INJURY_BENEFITS_ON_LEAVING, cites=(_INJ_37,)),
        GroundFamily.RESIGNATION: _open(GroundFamily.RESIGNATION, _INJURY_BENEFITS_ON_LEAVING, cites=(_INJ_37,)),
        GroundFamily.NO_FAULT: _INJURY_BARRED,
        GroundFamily.LAYOFF: _INJURY_BARRED,
        GroundFamily.EXPIRY: Cell(
            Decision.ALLOWED_WITH_BENEFITS,
            Words(
                "七级至十级伤残：合同期满可以终止，须支付一次性工伤医疗补助金和一次性伤残就业补助金。",
                "Grades 7 to 10: the contract may end with its term; both one-off injury benefits are due.",
            ),
            (_INJ_37, LCL_45),
        ),
    },
    _Group.SENIOR: {
        GroundFamily.NO_FAULT: _SENIOR_BARRED,
        GroundFamily.LAYOFF: _SENIOR_BARRED,
        GroundFamily.EXPIRY: _extended(
            ExtensionEnd.RETIREMENT,
            "在本单位连续工作满十五年且距法定退休年龄不足五年",
            "After 15 years here and within 5 years of retirement",
            Cite("LCL", 42, item=5),
        ),
    },
    _Group.UNION: {
        GroundFamily.FAULT: _open(
            GroundFamily.FAULT,
            Words("任职期间须有个人严重过失。", "It takes a grave personal fault during the term of office."),
            review=True,
            cites=(_UNION_19,),
        ),
        GroundFamily.NO_FAULT: _UNION_BARRED,
        GroundFamily.LAYOFF: _UNION_BARRED,
        GroundFamily.EXPIRY: _extended(
            ExtensionEnd.UNION_TERM_END,
            "工会主席、副主席或者委员在任期内",
            "Within a term of union office",
            _UNION_19,
            Cite("J2", 8, item=3),
        ),
    },
}
"""What each status changes; families that a row does not name are open."""

_ENDS_OF_THE_EMPLOYER_OR_OF_LIFE = {Ground.G44_3, Ground.G44_4, Ground.G44_5}


@cache
def cell_for(status: ProtectedStatus, ground: Ground) -> Cell:
    """The cell for one status and one ground.

    Retirement and other legal ends (44(2), 44(6)) of people exposed to occupational hazards meet the same wall as
    dismissal, since the Occupational Diseases Law speaks of ending as well; death and the end of the employer do not.
    """
    group, family = _group(status), ground.family
    if family is GroundFamily.OTHER_END and ground not in _ENDS_OF_THE_EMPLOYER_OR_OF_LIFE:
        if group is _Group.HAZARD:
            return _EXAM_FIRST
        if group is _Group.SUSPECTED:
            return _OD_UNSETTLED
    return _TABLE[group].get(family) or _OPEN[family]
