"""What has to be done around an ending, in order, each with its last day and its article."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from guiyan.kernel.calendar import CountedDay, add_months, add_working_days
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
REGISTRATION_DAYS = "registration.exit_days"
_PERIODS = (FINAL_GRACE, UNEMPLOYMENT_LIST_DAYS, TRANSFER_DAYS, REGISTRATION_DAYS, KEPT_MONTHS)
_PERIOD_OF = {
    StepKind.WAGES_PAID: FINAL_GRACE,
    StepKind.UNEMPLOYMENT_LIST: UNEMPLOYMENT_LIST_DAYS,
    StepKind.TRANSFER: TRANSFER_DAYS,
    StepKind.REGISTERED: REGISTRATION_DAYS,
    StepKind.RETENTION: KEPT_MONTHS,
}
DAYS_REMEMBERED = 8192


@dataclass(frozen=True, slots=True)
class _Rule:
    """The sentence of a step and its authorities."""

    says: Words
    cites: tuple[Cite, ...]


_RULES = {
    StepKind.STAFF_EXPLAINED: _Rule(
        Words("提前三十日向工会或者全体职工说明情况，听取意见。", "Explain to the union or all staff, and hear them."),
        (Cite("LCL", 41),),
    ),
    StepKind.PLAN_REPORTED: _Rule(
        Words("裁减人员方案向劳动行政部门报告。", "Report the plan to the labour authority."),
        (Cite("LCL", 41),),
    ),
    StepKind.UNION_TOLD: _Rule(
        Words(
            "作出决定以前，把理由书面通知工会（没有工会的，按当地做法通知职工代表或者上级工会）。",
            "Before the decision, tell the union the reason in writing (without one, those who stand for it here).",
        ),
        (Cite("LCL", 43), Cite("J1", 47)),
    ),
    StepKind.UNION_ANSWERED: _Rule(
        Words("研究工会的意见，把处理结果书面告知工会。", "Consider the union's opinion and answer it in writing."),
        (Cite("LCL", 43),),
    ),
    StepKind.AGREEMENT_SIGNED: _Rule(
        Words("签订书面协议，写明由谁提出。", "Sign a written agreement that records who proposed it."),
        (Cite("LCL", 36), Cite("LCL", 46, item=2)),
    ),
    StepKind.RECEIPT_GIVEN: _Rule(
        Words("出具收到辞职通知的回执；辞职不需要批准。", "Acknowledge the notice; a resignation needs no approval."),
        (Cite("LCL", 37),),
    ),
    StepKind.NOTICE_SERVED: _Rule(
        Words(
            "书面通知（写明事实、依据和日期，并说明理由）送达本人。",
            "Serve a written notice that states facts, ground, reasons and day.",
        ),
        (Cite("CC", 137), Cite("J1", 44)),
    ),
    StepKind.CERTIFICATE: _Rule(
        Words("出具解除或者终止劳动合同的证明，不附条件。", "Issue the leaving certificate, on no condition."),
        (Cite("LCL", 50, 1), Cite("IR", 24)),
    ),
    StepKind.WAGES_PAID: _Rule(
        Words("一次付清工资，不等交接。", "Pay all wages at once, without waiting for the handover."),
        (Cite("WAGE", 9),),
    ),
    StepKind.SEVERANCE_PAID: _Rule(
        Words("办结工作交接时支付经济补偿。", "Pay the severance when the handover is done."),
        (Cite("LCL", 50, 2),),
    ),
    StepKind.UNEMPLOYMENT_LIST: _Rule(
        Words(
            "告知失业保险待遇权利，并把失业人员名单报社会保险经办机构备案。",
            "Tell of the right to unemployment benefit and file the list of unemployed.",
        ),
        (Cite("UIR", 16), Cite("SIL", 50)),
    ),
    StepKind.TRANSFER: _Rule(
        Words("办理档案和社会保险关系转移手续。", "Transfer the file and the insurance."),
        (Cite("LCL", 50, 1),),
    ),
    StepKind.REGISTERED: _Rule(
        Words("办理终止或者解除劳动关系的登记手续。", "Register the end of the employment."),
        (Cite("EMPSERV", 62),),
    ),
    StepKind.RETENTION: _Rule(
        Words("合同文本至少保存到这一天。", "Keep the contract at least until this day."),
        (Cite("LCL", 50, 3),),
    ),
}
_INSTRUMENTS = frozenset(cite.instrument for rule in _RULES.values() for cite in rule.cites)
_WAIT = (GroundFamily.RESIGNATION, GroundFamily.FORCED_RESIGNATION)


def due_steps(
    case: EndingCase, union: UnionDuty | None, due: Due | None, notice_days: int | None, trail: Trail
) -> tuple[DueStep, ...]:
    """The steps of this ending in order, each said in the trail. A last day that is unknown leaves the days open."""
    periods = tuple([trail.days(key, attach=False) for key in _PERIODS])
    steps = (
        *_before(case, union, notice_days),
        *_after(case.last_day, periods, due is Due.N, _unemployed(case)),
    )
    if periods[0] and case.last_day is not None and _last_wages(case.last_day, periods[0]).provisional:
        trail.ask_person()
    if trail.explains or not trail.is_sure_of(_INSTRUMENTS):
        for step in steps:
            _tell(step, trail)
    return steps


def _before(case: EndingCase, union: UnionDuty | None, notice_days: int | None) -> list[DueStep]:
    """What comes before the last day: a layoff's own steps, the union, and the paper that opens the ending."""
    found: list[DueStep] = []
    family = case.ground.family
    serve_by = case.last_day
    if serve_by is not None and notice_days and family not in _WAIT:
        serve_by -= timedelta(days=notice_days)
    if family is GroundFamily.LAYOFF:
        found.append(DueStep(StepKind.STAFF_EXPLAINED, serve_by))
        found.append(DueStep(StepKind.PLAN_REPORTED, case.notice_arrived))
        serve_by = case.last_day
    if union is not None and union is not UnionDuty.NONE:
        found.append(DueStep(StepKind.UNION_TOLD, case.decision_day))
        found.append(DueStep(StepKind.UNION_ANSWERED, case.notice_arrived))
    if family is GroundFamily.MUTUAL:
        found.append(DueStep(StepKind.AGREEMENT_SIGNED, serve_by))
    elif family in _WAIT:
        found.append(DueStep(StepKind.RECEIPT_GIVEN, case.notice_arrived))
    elif family is not GroundFamily.OTHER_END:
        found.append(DueStep(StepKind.NOTICE_SERVED, serve_by))
    return found


@lru_cache(maxsize=DAYS_REMEMBERED)
def _after(last_day: date | None, periods: tuple[int, ...], paid: bool, unemployed: bool) -> tuple[DueStep, ...]:
    """What comes from the last day on. Many people leave on one day, so what was counted for it is remembered."""
    grace, list_days, transfer_days, registration_days, kept_months = periods
    wages = transfer = filed = registered = kept = None
    if last_day is not None:
        wages = _last_wages(last_day, grace).day
        transfer, filed = last_day + timedelta(days=transfer_days), last_day + timedelta(days=list_days)
        registered, kept = last_day + timedelta(days=registration_days), add_months(last_day, kept_months)
    return (
        DueStep(StepKind.CERTIFICATE, last_day),
        DueStep(StepKind.WAGES_PAID, wages),
        *((DueStep(StepKind.SEVERANCE_PAID, None),) if paid else ()),
        *((DueStep(StepKind.UNEMPLOYMENT_LIST, filed),) if unemployed else ()),
        DueStep(StepKind.TRANSFER, transfer),
        DueStep(StepKind.REGISTERED, registered),
        DueStep(StepKind.RETENTION, kept),
    )


def _last_wages(last_day: date, grace: int) -> CountedDay:
    return add_working_days(last_day, grace, national_day_table()) if grace else CountedDay(last_day, provisional=False)


def _tell(step: DueStep, trail: Trail) -> None:
    rule, period = _RULES[step.kind], _PERIOD_OF.get(step.kind)
    if period is not None:
        trail.days(period)
    trail.tell(rule.says, rule.cites, step.by)


def _unemployed(case: EndingCase) -> bool:
    """Whether the person counts as unemployed against their will (办法, Art. 4): not by resigning, nor by their own
    proposal; retirement and death leave nobody unemployed. Where it is unknown who proposed, the list is made."""
    if case.ground.family is GroundFamily.MUTUAL:
        return case.proposed_by is not Party.EMPLOYEE
    return case.ground.family is not GroundFamily.RESIGNATION and case.ground not in _NOBODY_UNEMPLOYED


_NOBODY_UNEMPLOYED = (Ground.G44_2, Ground.G44_3)
