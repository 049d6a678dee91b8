"""What happens next, in sentences that say neither more nor less than the facts allow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guiyan.separation.enums import CaseStatus, WithdrawalStatus
from guiyan.separation.models import Case, Withdrawal
from guiyan.separation.queries.rows import Sight


@dataclass(frozen=True, slots=True)
class NextStep:
    """A sentence, and the day on which it falls where there is one."""

    text: str | Promise
    day: date | None = None


def next_steps(case: Case, newest: Withdrawal | None, sight: Sight, *, near: bool, today: date) -> tuple[NextStep, ...]:
    """Return what follows from where a case stands, for its reader; a pending withdrawal comes first."""
    found: list[NextStep] = []
    if newest is not None and case.status in {CaseStatus.RUNNING, CaseStatus.MEANING_OPEN}:
        found += _withdrawal(newest, case)
    found += _case(case, today, near=near)
    if sight is Sight.SELF and case.status == CaseStatus.RUNNING and newest is None:
        found.append(NextStep(_("改变主意的，在劳动关系结束之前随时可以提出撤回；撤回须经公司同意。")))
    return tuple(found)


def _withdrawal(row: Withdrawal, case: Case) -> list[NextStep]:
    match WithdrawalStatus(row.status):
        case WithdrawalStatus.PENDING if not (row.opinion or row.opinion_passed_at):
            return [NextStep(_("撤回已收到。主管先表示意见，再由人力资源答复；答复以前，原来的日期不变。"))]
        case WithdrawalStatus.PENDING:
            return [NextStep(_("撤回已收到，等待人力资源答复；答复以前，原来的日期不变。"))]
        case WithdrawalStatus.REFUSED:
            return [NextStep(_("公司不同意撤回，辞职按原来的日期继续。"), case.last_day)]
        case WithdrawalStatus.UNANSWERED:
            return [NextStep(_("公司到最后工作日没有答复。没有答复不等于同意；办结之前，人力资源仍须明确答复。"))]
        case _:
            return []


def _case(case: Case, today: date, *, near: bool) -> list[NextStep]:  # noqa: PLR0911  one answer a status
    match CaseStatus(case.status):
        case CaseStatus.AWAITING_WRITING:
            return [NextStep(_("试用期外的辞职须书面提出。收到书面之前，时间没有起算，劳动合同照常履行。"))]
        case CaseStatus.MEANING_OPEN:
            return [NextStep(_("请确认信的意思：是通知，还是商量？确认为通知的，时间从到达那天起算。"))]
        case CaseStatus.OFFER:
            return [NextStep(_("等待公司答复这份提议。公司同意之前，劳动合同照常履行，提议随时可以撤销。"))]
        case CaseStatus.RUNNING:
            return _running(case, today, near=near)
        case CaseStatus.ENDED:
            return [NextStep(_("劳动关系已结束。离职证明和最后的工资不以办完交接为条件。"), case.ended_on)]
        case CaseStatus.DECLINED:
            return [
                NextStep(_("公司没有接受协商的提议，劳动合同照常履行。仍希望离开的，可以另行通知辞职，那不需要批准。"))
            ]
        case CaseStatus.DISPUTED:
            return [NextStep(_("员工否认提出过辞职，劳动合同照常履行。"))]
        case _:
            return [NextStep(_("劳动关系继续，原来的安排已经恢复；外部事项逐项确认。"))]


def _running(case: Case, today: date, *, near: bool) -> list[NextStep]:
    if case.last_day is not None and today > case.last_day:
        return [NextStep(_("最后工作日已过。由人力资源办结，或者登记之后的情况。"), case.last_day)]
    steps = [] if near else [NextStep(_("主管和人力资源答复知悉，并安排交接；这些答复不是辞职的条件。"))]
    steps.append(NextStep(_("最后工作日当天出具离职证明、结清工资，不等交接办完。"), case.last_day))
    return steps
