"""What has to be done around an ending, in order, each with its last day and its article."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from guiyan.kernel.calendar import add_months, add_working_days
from guiyan.kernel.holidays import national_day_table
from guiyan.kernel.results import Words
from guiyan.law.citations import Cite
from guiyan.law.ending_facts import DueStep, EndingCase, StepKind, UnionDuty
from guiyan.law.grounds import Ground, GroundFamily, Party
from guiyan.law.severance import Due
from guiyan.law.trail import Trail

FINAL_GRACE = "wage.final_grace_workdays"
TRANSFER_DAYS = "ending.transfer_days"
UNEMPLOYMENT_LIST_DAYS = "ending.unemployment_list_days"
KEPT_MONTHS = "ending.contract_kept_months"


@dataclass(frozen=True, slots=True)
class _Rule:
    """A step: what is done, the sentence for it and its authorities."""

    kind: StepKind
    says: Words
    cites: tuple[Cite, ...]


_STAFF_EXPLAINED = _Rule(
    StepKind.STAFF_EXPLAINED,
    Words("提前三十日向工会或者全体职工说明情况，听取意见。", "Explain to the union or all staff, and hear them."),
    (Cite("LCL", 41),),
)
_PLAN_REPORTED = _Rule(
    StepKind.PLAN_REPORTED,
    Words("裁减人员方案向劳动行政部门报告。", "Report the plan to the labour authority."),
    (Cite("LCL", 41),),
)
_UNION_TOLD = _Rule(
    StepKind.UNION_TOLD,
    Words(
        "作出决定以前，把理由书面通知工会（没有工会的，按当地做法通知职工代表或者上级工会）。",
        "Before the decision, tell the union the reason in writing (without one, those who stand for it here).",
    ),
    (Cite("LCL", 43), Cite("J1", 47)),
)
_UNION_ANSWERED = _Rule(
    StepKind.UNION_ANSWERED,
    Words("研究工会的意见，把处理结果书面告知工会。", "Consider the union's opinion and answer it in writing."),
    (Cite("LCL", 43),),
)
_AGREEMENT_SIGNED = _Rule(
    StepKind.AGREEMENT_SIGNED,
    Words("签订书面协议，写明由谁提出。", "Sign a written agreement that records who proposed it."),
    (Cite("LCL", 36), Cite("LCL", 46, item=2)),
)
_RECEIPT_GIVEN = _Rule(
    StepKind.RECEIPT_GIVEN,
    Words("出具收到辞职通知的回执；辞职不需要批准。", "Acknowledge the notice; a resignation needs no approval."),
    (Cite("LCL", 37),),
)
_NOTICE_SERVED = _Rule(
    StepKind.NOTICE_SERVED,
    Words(
        "书面通知（写明事实、依据和日期，并说明理由）送达本人。",
        "Serve a written notice that states facts, ground, reasons and day.",
    ),
    (Cite("CC", 137), Cite("J1", 44)),
)
_CERTIFICATE = _Rule(
    StepKind.CERTIFICATE,
    Words("出具解除或者终止劳动合同的证明，不附条件。", "Issue the leaving certificate, on no condition."),
    (Cite("LCL", 50, 1), Cite("IR", 24)),
)
_WAGES_PAID = _Rule(
    StepKind.WAGES_PAID,
    Words("一次付清工资，不等交接。", "Pay all wages at once, without waiting for the handover."),
    (Cite("WAGE", 9),),
)
_SEVERANCE_PAID = _Rule(
    StepKind.SEVERANCE_PAID,
    Words("办结工作交接时支付经济补偿。", "Pay the severance when the handover is done."),
    (Cite("LCL", 50, 2),),
)
_UNEMPLOYMENT_LIST = _Rule(
    StepKind.UNEMPLOYMENT_LIST,
    Words(
        "告知失业保险待遇权利，并把失业人员名单报社会保险经办机构备案。",
        "Tell of the right to unemployment benefit and file the list of unemployed.",
    ),
    (Cite("UIR", 16), Cite("SIL", 50)),
)
_TRANSFER = _Rule(
    StepKind.TRANSFER,
    Words("办理档案和社会保险关系转移手续。", "Transfer the file and the insurance."),
    (Cite("LCL", 50, 1),),
)
_RETENTION = _Rule(
    StepKind.RETENTION,
    Words("合同文本至少保存到这一天。", "Keep the contract at least until this day."),
    (Cite("LCL", 50, 3),),
)
_INSTRUMENTS = frozenset({"LCL", "J1", "CC", "IR", "WAGE", "UIR", "SIL"})
"""All that the steps above rest on."""
_OPENING = {
    GroundFamily.MUTUAL: (_AGREEMENT_SIGNED,),
    GroundFamily.RESIGNATION: (_RECEIPT_GIVEN,),
    GroundFamily.FORCED_RESIGNATION: (_RECEIPT_GIVEN,),
    GroundFamily.FAULT: (_NOTICE_SERVED,),
    GroundFamily.NO_FAULT: (_NOTICE_SERVED,),
    GroundFamily.LAYOFF: (_NOTICE_SERVED,),
    GroundFamily.EXPIRY: (_NOTICE_SERVED,),
    GroundFamily.OTHER_END: (),
    GroundFamily.PART_TIME: (_NOTICE_SERVED,),
    GroundFamily.NEVER_SIGNED: (_NOTICE_SERVED,),
}
_WAIT = (GroundFamily.RESIGNATION, GroundFamily.FORCED_RESIGNATION)


def due_steps(
    case: EndingCase, union: UnionDuty | None, due: Due | None, notice_days: int | None, trail: Trail
) -> tuple[DueStep, ...]:
    """The steps of this ending in order, each said in the trail. A last day that is unknown leaves the days open."""
    told = None if not trail.explains and trail.is_sure_of(_INSTRUMENTS) else trail
    found = _before(case, union, notice_days, told)
    last_day = case.last_day
    add = found.append
    add(_step(_CERTIFICATE, last_day, told))
    add(_step(_WAGES_PAID, _wages_by(last_day, trail), told))
    if due is Due.N:
        add(_step(_SEVERANCE_PAID, None, told))
    if _unemployed(case):
        add(_step(_UNEMPLOYMENT_LIST, _later(last_day, UNEMPLOYMENT_LIST_DAYS, trail), told))
    add(_step(_TRANSFER, _later(last_day, TRANSFER_DAYS, trail), told))
    kept = trail.days(KEPT_MONTHS)
    add(_step(_RETENTION, add_months(last_day, kept) if last_day is not None else None, told))
    return tuple(found)


def _before(case: EndingCase, union: UnionDuty | None, notice_days: int | None, told: Trail | None) -> list[DueStep]:
    """What comes before the last day: a layoff's own steps, the union, and the paper that opens the ending."""
    found: list[DueStep] = []
    family = case.ground.family
    serve_by = case.last_day
    if serve_by is not None and notice_days and family not in _WAIT:
        serve_by -= timedelta(days=notice_days)
    if family is GroundFamily.LAYOFF:
        found.append(_step(_STAFF_EXPLAINED, serve_by, told))
        found.append(_step(_PLAN_REPORTED, case.notice_arrived, told))
        serve_by = case.last_day
    if union is not None and union is not UnionDuty.NONE:
        found.append(_step(_UNION_TOLD, case.decision_day, told))
        found.append(_step(_UNION_ANSWERED, case.notice_arrived, told))
    for rule in _OPENING[family]:
        by = case.notice_arrived if rule is _RECEIPT_GIVEN else serve_by
        found.append(_step(rule, by, told))
    return found


def _step(rule: _Rule, by: date | None, told: Trail | None) -> DueStep:
    if told is not None:
        told.tell(rule.says, rule.cites, by)
    return DueStep(rule.kind, by)


def _later(day: date | None, key: str, trail: Trail) -> date | None:
    days = trail.days(key)
    return day + timedelta(days=days) if day is not None else None


def _wages_by(last_day: date | None, trail: Trail) -> date | None:
    grace = trail.days(FINAL_GRACE)
    if last_day is None or not grace:
        return last_day
    counted = add_working_days(last_day, grace, national_day_table())
    if counted.provisional:
        trail.ask_person()
    return counted.day


def _unemployed(case: EndingCase) -> bool:
    """Whether the person counts as unemployed against their will (办法, Art. 4): not by resigning, nor by their own
    proposal; retirement and death leave nobody unemployed. Where it is unknown who proposed, the list is made."""
    if case.ground.family is GroundFamily.MUTUAL:
        return case.proposed_by is not Party.EMPLOYEE
    return case.ground.family is not GroundFamily.RESIGNATION and case.ground not in _NOBODY_UNEMPLOYED


_NOBODY_UNEMPLOYED = (Ground.G44_2, Ground.G44_3)
