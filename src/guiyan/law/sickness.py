"""Sickness beyond the national medical period: local periods, the floor of sick pay, and what follows its end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from guiyan.kernel.money import payable
from guiyan.kernel.results import Computed, Confidence, Finding, Verdict, Words
from guiyan.law.citations import Cite
from guiyan.law.parameters import ParameterMissing, Parameters
from guiyan.law.trail import Trail

LOCAL_PERIOD = "medical_period.local_by_years_here"
FIRST_STEP = "medical_period.local_first_step_years"
GRADE_LEAVING_WORK_MAX = 4
MONTHS_BEFORE_EXTENSION = 24


@dataclass(frozen=True, slots=True)
class YearsHere:
    """Years of work with this employer."""

    here: Decimal


@dataclass(frozen=True, slots=True)
class SickPay:
    """The local minimum wage in yuan a month."""

    min_wage: Decimal


class AfterRoute(StrEnum):
    """What follows the end of a medical period."""

    RETIRE_SICK = "retire_sick"
    ARRANGE_OTHER_WORK = "arrange_other_work"


@dataclass(frozen=True, slots=True)
class AfterPeriod:
    """Whether the medical period is over, and the grade found by the assessment of working ability. None: unknown."""

    period_over: bool | None
    assessed_grade: int | None


@dataclass(frozen=True, slots=True)
class LongIllness:
    """Whether it is a special illness (cancer, psychosis, paralysis), the months used, and whether it is cured."""

    special_illness: bool | None
    months_used: int | None
    cured: bool | None


def local_medical_period(
    facts: YearsHere, *, as_of: date, region: str | None, params: Parameters
) -> Finding[int | None]:
    """沪府发〔2015〕40号, Art. 2: a local period by years here alone: three months, then one more a year, 24 at most.

    Whether the fourth month comes after one or after two years is read differently: where the readings part the answer
    is INDETERMINATE, unless `medical_period.local_first_step_years` was set. Raises ParameterMissing where the region
    has no rule of its own.
    """
    trail = Trail(as_of=as_of, region=region, params=params)
    first, longest = (int(cell) for cell in trail.table(LOCAL_PERIOD)[0])
    source = params.at(LOCAL_PERIOD, as_of=as_of, region=region).source
    trail.doubt(Confidence.LOCAL)
    years = int(facts.here)
    try:
        steps = {int(trail.figure(FIRST_STEP))}
    except ParameterMissing:
        steps = {1, 2}
    readings = {min(longest, first + max(0, years - step + 1)) for step in steps}
    trail.say(
        f"第一年{first}个月，以后每满一年增加一个月，最长{longest}个月；本单位满{years}年。",
        f"{first} months in the first year, one more for each year, {longest} at most; {years} full years here.",
        source,
        value=" / ".join(str(months) for months in sorted(readings)),
    )
    if len(readings) > 1:
        trail.doubt(Confidence.UNVERIFIED)
        trail.ask_person()
        trail.lacks(FIRST_STEP, "第四个月从满一年还是满二年起算？请法务确定。", "From which year? Ask counsel.")
        return trail.finding(Verdict.INDETERMINATE, None)
    return trail.finding(Verdict.ALLOWED, readings.pop())


def sick_pay_floor(facts: SickPay, *, as_of: date, region: str | None, params: Parameters) -> Computed[Decimal]:
    """劳部发〔1995〕309号, 59: sick pay is at least 80 per cent of the minimum wage, in yuan a month.

    Raises ValueError for a negative wage.
    """
    if facts.min_wage < 0:
        raise ValueError("a wage cannot be negative")
    trail = Trail(as_of=as_of, region=region, params=params)
    floor = payable(facts.min_wage * trail.figure("medical_period.sick_pay_share_min"))
    trail.say(
        f"病假工资不低于最低工资{facts.min_wage}元的80%：{floor}元。",
        f"Sick pay is at least 80% of the minimum wage, {facts.min_wage}: {floor}.",
        Cite("OP309", 59),
        value=str(floor),
    )
    return trail.computed(floor)


def after_medical_period(
    facts: AfterPeriod, *, as_of: date, region: str | None, params: Parameters
) -> Finding[AfterRoute | None]:
    """劳部发〔1994〕479号, Arts. 6, 7; Labour Contract Law, Art. 40(1): is dismissal open after the medical period?

    Grades 1 to 4 leave work and retire sick. Otherwise other work is arranged first; Art. 40(1) is open only after the
    employee cannot do that either.
    """
    trail = Trail(as_of=as_of, region=region, params=params)
    if facts.period_over is False:
        trail.say(
            "医疗期未满，不得依第四十条解除。", "The period is not over: Art. 40 is closed.", Cite("LCL", 42, item=3)
        )
        return trail.finding(Verdict.PROHIBITED, None)
    for fact, value, zh, en in (
        ("period_over", facts.period_over, "医疗期满了吗？", "Is the medical period over?"),
        ("assessed_grade", facts.assessed_grade, "劳动能力鉴定为几级？", "Which grade did the assessment find?"),
    ):
        if value is None:
            trail.lacks(fact, zh, en)
    if facts.assessed_grade is None:
        return trail.finding(Verdict.INDETERMINATE, None)
    if facts.assessed_grade <= GRADE_LEAVING_WORK_MAX:
        trail.say(
            "鉴定为一级至四级：退出劳动岗位，办理病退。",
            "Grades 1 to 4: leave work and retire sick.",
            Cite("MED", 7),
            Cite("OP309", 35),
            value=AfterRoute.RETIRE_SICK.value,
        )
        return trail.finding(Verdict.PROHIBITED, AfterRoute.RETIRE_SICK, certain=True)
    trail.say(
        "先另行安排工作；仍不能从事的，才可依第四十条第一项解除。",
        "Arrange other work first; Art. 40(1) opens only when that cannot be done either.",
        Cite("LCL", 40, item=1),
        Cite("OP309", 35),
        value=AfterRoute.ARRANGE_OTHER_WORK.value,
    )
    condition = Words("须有安排其他工作的记录。", "The offer of other work must be on record.")
    return trail.finding(Verdict.ALLOWED_WITH_CONDITIONS, AfterRoute.ARRANGE_OTHER_WORK, (condition,))


def medical_extension(
    facts: LongIllness, *, as_of: date, region: str | None, params: Parameters
) -> Finding[bool | None]:
    """劳部发〔1995〕309号, 76: may the period be extended for a special illness that 24 months did not cure?

    With the approval of the employer and of the local labour authority.
    """
    trail = Trail(as_of=as_of, region=region, params=params)
    conditions = (
        (facts.special_illness, "special_illness", "属于特殊疾病吗？", "Is it a special illness?"),
        (
            None if facts.months_used is None else facts.months_used >= MONTHS_BEFORE_EXTENSION,
            "months_used",
            "已经用了多少个月？",
            "How many months were used?",
        ),
        (None if facts.cured is None else not facts.cured, "cured", "已经痊愈了吗？", "Is it cured?"),
    )
    if any(holds is False for holds, *_ in conditions):
        trail.say("不符合延长的情形。", "No case for an extension.", Cite("OP309", 76), value="false")
        return trail.finding(Verdict.PROHIBITED, value=False)
    for holds, fact, zh, en in conditions:
        if holds is None:
            trail.lacks(fact, zh, en)
    if trail.missing:
        return trail.finding(Verdict.INDETERMINATE, None)
    trail.say("可以适当延长医疗期。", "The period may be extended.", Cite("OP309", 76), value="true")
    needs = Words("须经企业和当地劳动部门批准。", "The employer and the labour authority must approve.")
    return trail.finding(Verdict.ALLOWED_WITH_CONDITIONS, value=True, conditions=(needs,))
