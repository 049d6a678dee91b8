"""What happens when a day of a case comes, or an answer does not: told, passed over, put on record as silence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guiyan.platform import deadlines
from guiyan.platform.acting import action
from guiyan.platform.clock import legal_day
from guiyan.platform.permissions import SYSTEM, Viewer
from guiyan.separation import flow, schedule
from guiyan.separation.actions.arrival import bring_near
from guiyan.separation.actions.basis import lock_case, lock_withdrawal, noted, settle_withdrawal, stale, tell
from guiyan.separation.actions.withdrawing import pass_over_opinion
from guiyan.separation.enums import CaseStatus, IntakeAnswer, WithdrawalStatus
from guiyan.separation.models import IntakeProof, Withdrawal

ACT = "separation.keep_days"


@dataclass(frozen=True, slots=True)
class _Owed:
    """An answer that is owed in a status: its deadline, and the messages that ask for it."""

    status: CaseStatus
    handler: str
    asks_employee: str
    asks_hr: str


_OWED: Final = {
    "meaning": _Owed(CaseStatus.MEANING_OPEN, schedule.MEANING, "meaning_asked", "meaning_open"),
    "writing": _Owed(CaseStatus.AWAITING_WRITING, schedule.WRITING, "writing_asked", "writing_needed"),
    "offer": _Owed(CaseStatus.OFFER, schedule.OFFER, "", "offer_to_answer"),
}


def connect() -> None:
    """Say what happens at each deadline; at start-up."""
    deadlines.register_handler(schedule.NEAR, lambda row, now: last_day_near(SYSTEM, row.owner_id, now=now))
    deadlines.register_handler(schedule.PASSED, lambda row, now: last_day_passed(SYSTEM, row.owner_id, now=now))
    deadlines.register_handler(schedule.OPINION, lambda row, now: opinion_overdue(SYSTEM, row.owner_id, now=now))
    deadlines.register_handler(schedule.INTAKE, lambda row, now: intake_unanswered(SYSTEM, row.owner_id, now=now))
    deadlines.register_handler(schedule.MEANING, lambda row, now: chase(SYSTEM, row.owner_id, "meaning", now=now))
    deadlines.register_handler(schedule.OFFER, lambda row, now: chase(SYSTEM, row.owner_id, "offer", now=now))
    deadlines.register_handler(schedule.WRITING, lambda row, now: chase(SYSTEM, row.owner_id, "writing", now=now))


@action(ACT)
def last_day_near(viewer: Viewer, case_id: UUID, *, now: datetime) -> None:
    """The last day is near (``bring_near``). When the calendar moved the day away, it is waited for again."""
    case = lock_case(viewer, ACT, case_id, now)
    if case.status != CaseStatus.RUNNING or case.last_day is None:
        return
    if not schedule.is_near(case.last_day, now):
        schedule.set_near(case.id, case.last_day, now=now)
        return
    bring_near(viewer, case, act=ACT, now=now)


@action(ACT)
def last_day_passed(viewer: Viewer, case_id: UUID, *, now: datetime) -> None:
    """The last day is over: a withdrawal nobody answered is on record as such, and HR is asked what happened since.

    Nothing ends and nothing goes on by itself.
    """
    case = lock_case(viewer, ACT, case_id, now)
    if case.status != CaseStatus.RUNNING or case.last_day is None or legal_day(now) <= case.last_day:
        return
    row = lock_withdrawal(case)
    if row is not None and row.status == WithdrawalStatus.PENDING:
        note_silence(viewer, row.id, now=now)
    tell(viewer, case, "last_day_passed", now=now, hr=True)


@action(ACT)
def note_silence(viewer: Viewer, withdrawal_id: UUID, *, now: datetime) -> None:
    """That the employer has not answered until the last day is on record. Silence is neither consent nor refusal:
    the employee is told so, and HR has still to answer before the exit can be processed."""
    owner = Withdrawal.objects.filter(pk=withdrawal_id).values_list("case_id", flat=True).first()
    case = lock_case(viewer, ACT, owner or withdrawal_id, now)
    row = lock_withdrawal(case)
    if row is None or row.pk != withdrawal_id or row.status != WithdrawalStatus.PENDING:
        raise stale("withdrawal_answered", _("撤回已经有了答复。"), case)
    row.silent_at = now
    settle_withdrawal(row)
    row.save(update_fields=["silent_at", "status"])
    deadlines.drop(schedule.WITHDRAWAL_OWNER, row.id, now=now)
    flow.send(viewer, case.id, flow.WITHDRAWAL, "last_day.passed", now=now)
    noted(viewer, ACT, "no_response", case, now=now, public={"whose": "employer", "about": "withdrawal"})
    tell(viewer, case, "withdrawal_unanswered", now=now, employee=True)
    tell(viewer, case, "withdrawal_unanswered_staff", now=now, hr=True)


@action(ACT)
def chase(viewer: Viewer, case_id: UUID, about: str, *, now: datetime) -> None:
    """An answer is owed for two working days (``meaning``, ``writing`` or ``offer``): who owes it is asked again, and
    once more after two working days, until it is there. An offer is the employer's to answer: the employee is not
    asked."""
    case = lock_case(viewer, ACT, case_id, now)
    owed = _OWED[about]
    if case.status != owed.status:
        return
    schedule.set_answer(schedule.CASE_OWNER, case.id, owed.handler, now=now)
    noted(viewer, ACT, "reminder.sent", case, now=now, public={"about": about})
    if owed.asks_employee:
        tell(viewer, case, owed.asks_employee, now=now, employee=True)
    tell(viewer, case, owed.asks_hr, now=now, hr=True)


@action(ACT)
def opinion_overdue(viewer: Viewer, withdrawal_id: UUID, *, now: datetime) -> None:
    """The manager has not answered in two working days: HR decides without them."""
    owner = Withdrawal.objects.filter(pk=withdrawal_id).values_list("case_id", flat=True).first()
    case = lock_case(viewer, ACT, owner or withdrawal_id, now)
    row = lock_withdrawal(case)
    if row is None or row.pk != withdrawal_id or row.status != WithdrawalStatus.PENDING or row.opinion:
        return
    pass_over_opinion(viewer, case, row, act=ACT, now=now)
    tell(viewer, case, "opinion_overdue", now=now, hr=True)


@action(ACT)
def intake_unanswered(viewer: Viewer, intake_id: UUID, *, now: datetime) -> None:
    """The employee has not said whether what was taken in is theirs: that is on record, and HR is told. They may still
    answer; silence confirms nothing."""
    intake = IntakeProof.objects.filter(pk=intake_id).first()
    case = lock_case(viewer, ACT, intake.case_id if intake else intake_id, now)
    row = IntakeProof.objects.select_for_update(of=("self",)).get(pk=intake_id)
    if row.answer != IntakeAnswer.ASKED:
        return
    row.answer, row.answered_at = IntakeAnswer.NO_ANSWER, now
    row.save(update_fields=["answer", "answered_at"])
    noted(viewer, ACT, "no_response", case, now=now, public={"whose": "employee", "about": "intake"})
    tell(viewer, case, "intake_unanswered", now=now, hr=True)
