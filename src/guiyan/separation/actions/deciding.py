"""The employer's answer to a withdrawal. The first answer counts; a second click finds it and changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guiyan.platform import deadlines
from guiyan.platform.acting import Refused, action, earlier_result, keep_result
from guiyan.platform.clock import legal_day
from guiyan.platform.permissions import Viewer
from guiyan.separation import flow, schedule, sealing
from guiyan.separation.actions.basis import (
    lock_case,
    lock_withdrawal,
    must_be_open,
    noted,
    refuse,
    settle_withdrawal,
    stale,
    tell,
)
from guiyan.separation.actions.restoring import restore
from guiyan.separation.enums import CaseStatus, ConsentForm, WithdrawalStatus
from guiyan.separation.models import Case, Conduct, Withdrawal
from guiyan.separation.queries.people import may_bind_employer
from guiyan.separation.queries.stopping import stopped_because


@dataclass(frozen=True, slots=True)
class _Consent:
    form: ConsentForm
    at: datetime
    by: UUID | None
    words: str


@dataclass(frozen=True, slots=True)
class _Worked:
    on: date
    wages_paid: bool | None
    objected: bool
    source: str


ANSWERABLE = {WithdrawalStatus.PENDING, WithdrawalStatus.UNANSWERED}


@action("separation.decide")
def decide_withdrawal(
    viewer: Viewer, case_id: UUID, *, consents: bool, note: str = "", request_id: UUID, now: datetime
) -> None:
    """HR has answered the withdrawal in writing. Consent restores everything in this transaction (``restore``);
    refusal leaves the exit where it is, and the employee is told what that means.

    Raises ``Stale`` when it was answered already, ``Refused`` (``opinion_first``) while the manager's opinion is still
    waited for.
    """
    case = lock_case(viewer, "separation.decide", case_id, now)
    if earlier_result(request_id, act="separation.decide", viewer=viewer, now=now) is not None:
        return
    row = _answerable(case)
    _opinion_first(viewer, case, row, now)
    if consents:
        _consented(viewer, row, _Consent(ConsentForm.WRITTEN, now, viewer.person_id or viewer.user_id, note), now)
    else:
        row.refused_at, row.refused_by = now, viewer.user_id
        row.sealed_refusal = sealing.seal(case.person_id, row, "refusal", note.strip())
        settle_withdrawal(row)
    row.save()
    flow.answer(viewer, case.id, flow.WITHDRAWAL, "hr_decision", {"company_consents": consents}, now=now)
    deadlines.meet(schedule.WITHDRAWAL_OWNER, row.id, now=now)
    noted(
        viewer,
        "separation.decide",
        "withdraw.approved" if consents else "withdraw.refused",
        case,
        now=now,
        public={"form": "written"},
        committed={"note": note.strip()},
    )
    if consents:
        restore(viewer, case, row, act="separation.decide", request_id=request_id, now=now)
    else:
        tell(viewer, case, "withdrawal_refused", now=now, employee=True)
        tell(viewer, case, "withdrawal_refused_staff", now=now, manager=True, hr=True)
    flow.confirm_if_asked(viewer, case.id, flow.WITHDRAWAL, "tell_consent" if consents else "tell_refusal", now=now)
    keep_result(request_id, {})


@action("separation.decide")
def refuse_withdrawal(viewer: Viewer, case_id: UUID, *, note: str = "", request_id: UUID, now: datetime) -> None:
    """HR has refused the withdrawal: see ``decide_withdrawal``."""
    decide_withdrawal(viewer, case_id, consents=False, note=note, request_id=request_id, now=now)


@action("separation.record_consent")
def record_oral_consent(
    viewer: Viewer,
    case_id: UUID,
    *,
    given_by: UUID,
    given_at: datetime,
    words: str,
    request_id: UUID,
    now: datetime,
) -> None:
    """A consent that somebody authorised has spoken is on record, and everything is restored: it binds the employer
    whatever its internal order (Civil Code, Arts. 140 and 170), also after a refusal, also when it is found out late.

    ``given_by`` is the person who said it. Raises ``Refused`` for somebody whose word does not bind the employer.
    """
    case = lock_case(viewer, "separation.record_consent", case_id, now)
    if earlier_result(request_id, act="separation.record_consent", viewer=viewer, now=now) is not None:
        return
    row = lock_withdrawal(case)
    if row is None:
        raise refuse("no_withdrawal", _("员工没有提出撤回；请先登记撤回。"), case)
    if row.status not in ANSWERABLE | {WithdrawalStatus.REFUSED}:
        raise _answered(case)
    if not row.arrived_at <= given_at <= now:
        raise refuse("consent_outside", _("同意的时间应在撤回到达之后、现在之前。"), case)
    if case.status != CaseStatus.ENDED:
        must_be_open(case)
    elif case.ended_at is None or given_at > case.ended_at:
        raise refuse("consent_after_end", _("劳动关系已经结束；之后的同意应当按重新入职办理。"), case)
    if not words.strip():
        raise refuse("words_missing", _("请填写当时怎么说的。"), case)
    if not may_bind_employer(given_by, case.person_id, legal_day(given_at)):
        raise refuse("not_authorised", _("此人不是员工的上级，也不负责其人事，不能代表公司同意。"), case)
    _consented(viewer, row, _Consent(ConsentForm.ORAL, given_at, given_by, words), now)
    row.save()
    flow.send(viewer, case.id, flow.WITHDRAWAL, "consent.recorded", now=now)
    noted(
        viewer,
        "separation.record_consent",
        "withdraw.approved",
        case,
        now=now,
        public={"form": "oral", "at": given_at.isoformat()},
        committed={"words": words.strip()},
    )
    restore(viewer, case, row, act="separation.record_consent", request_id=request_id, now=now)
    keep_result(request_id, {})


@action("separation.record_conduct")
def record_conduct(
    viewer: Viewer,
    case_id: UUID,
    *,
    worked_on: date,
    wages_paid: bool | None,
    objected: bool,
    source: str,
    request_id: UUID,
    now: datetime,
) -> None:
    """That the employee worked past the last day, was paid, and whether the employer objected, is on record.

    A fact, not a decision: from now on the gate reads it. Raises ``Refused`` for a day that is not past the last day.
    """
    case = lock_case(viewer, "separation.record_conduct", case_id, now)
    if earlier_result(request_id, act="separation.record_conduct", viewer=viewer, now=now) is not None:
        return
    worked = _Worked(worked_on, wages_paid, objected=objected, source=source)
    _add_conduct(viewer, case, worked, "separation.record_conduct", now)
    keep_result(request_id, {})


@action("separation.record_consent")
def record_conduct_consent(
    viewer: Viewer,
    case_id: UUID,
    *,
    worked_on: date,
    wages_paid: bool | None,
    source: str,
    request_id: UUID,
    now: datetime,
) -> None:
    """Work went on past the last day without a word: HR states it, the old exit can no longer be relied on, and
    everything is restored (Civil Code, Art. 140). It needs no withdrawal; one that is open counts as consented to.
    """
    case = lock_case(viewer, "separation.record_consent", case_id, now)
    if earlier_result(request_id, act="separation.record_consent", viewer=viewer, now=now) is not None:
        return
    must_be_open(case)
    if case.conduct.filter(objected=True).exists():
        raise refuse("employer_objected", _("单位提出过异议，不能推定同意继续履行；请由负责人答复撤回。"), case)
    worked = _Worked(worked_on, wages_paid, objected=False, source=source)
    _add_conduct(viewer, case, worked, "separation.record_consent", now)
    row = lock_withdrawal(case)
    if row is not None and row.status in ANSWERABLE | {WithdrawalStatus.REFUSED}:
        _consented(viewer, row, _Consent(ConsentForm.CONDUCT, now, None, source), now)
        row.save()
        flow.send(viewer, case.id, flow.WITHDRAWAL, "consent.recorded", now=now)
    else:
        row = None
    restore(viewer, case, row, act="separation.record_consent", request_id=request_id, now=now)
    keep_result(request_id, {})


def _answerable(case: Case) -> Withdrawal:
    row = lock_withdrawal(case)
    if row is None:
        raise refuse("no_withdrawal", _("员工没有提出撤回。"), case)
    if row.status not in ANSWERABLE or case.status in {CaseStatus.ENDED, CaseStatus.DISPUTED}:
        raise _answered(case)
    return row


def _answered(case: Case) -> Refused:
    """Return the refusal that says who answered when, and how."""
    return stale("withdrawal_answered", stopped_because(case).text or str(_("撤回已经有了答复。")), case)


def _opinion_first(viewer: Viewer, case: Case, row: Withdrawal, now: datetime) -> None:
    """Raise ``Refused`` while the manager is still waited for; near the last day nobody is waited for any more."""
    if row.opinion or row.opinion_passed_at or row.status == WithdrawalStatus.UNANSWERED:
        return
    if case.last_day is None or not schedule.is_near(case.last_day, now):
        raise refuse("opinion_first", _("主管还在两个工作日的答复期内；答复后，或者逾期时，由您决定。"), case)
    row.opinion_passed_at = now
    flow.send(viewer, case.id, flow.WITHDRAWAL, "opinion.overdue", now=now)


def _consented(viewer: Viewer, row: Withdrawal, given: _Consent, now: datetime) -> None:
    row.consent_form, row.consented_at, row.consented_by = given.form, given.at, given.by
    row.consent_recorded_at, row.consent_recorded_by = now, viewer.user_id
    row.sealed_consent = sealing.seal(row.case.person_id, row, "consent", given.words.strip())
    settle_withdrawal(row)


def _add_conduct(viewer: Viewer, case: Case, worked: _Worked, act: str, now: datetime) -> None:
    if case.last_day is None or not case.last_day < worked.on <= legal_day(now):
        raise refuse("not_past_last_day", _("这一天应在最后工作日之后、今天或以前。"), case)
    if not worked.source.strip():
        raise refuse("source_missing", _("请填写依据，例如考勤记录、工资条。"), case)
    row = Conduct(
        case=case,
        worked_on=worked.on,
        wages_paid=worked.wages_paid,
        objected=worked.objected,
        recorded_at=now,
        recorded_by=viewer.user_id,
    )
    row.sealed_source = sealing.seal(case.person_id, row, "source", worked.source.strip())
    row.save(force_insert=True)
    public = {"worked_on": worked.on.isoformat(), "paid": worked.wages_paid, "objected": worked.objected}
    committed = {"note": worked.source.strip()}
    noted(viewer, act, "conduct.recorded", case, now=now, public=public, committed=committed)
