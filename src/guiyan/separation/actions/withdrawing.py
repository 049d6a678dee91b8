"""The employee takes a resignation back: signed on the phone at any step until the end, or taken in by HR."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from guiyan.documents.rendering import DocumentError
from guiyan.kernel.calendar import legal_day
from guiyan.law.resignation import Basis as LawBasis
from guiyan.ledger.entry import ObjectRef
from guiyan.people.queries import names_of
from guiyan.platform import deadlines
from guiyan.platform.acting import Refused, action, earlier_result, keep_result, savepoint
from guiyan.platform.permissions import Viewer
from guiyan.separation import flow, letters, schedule, sealing, signing
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
from guiyan.separation.actions.intake import Intake, check_intake, keep_intake, keep_scan, told_of
from guiyan.separation.actions.resigning import keep_signature, unprintable
from guiyan.separation.actions.restoring import restore
from guiyan.separation.enums import CaseStatus, Channel, Opinion, WithdrawalStatus
from guiyan.separation.gate import CaseFacts
from guiyan.separation.letters import Paper
from guiyan.separation.models import Case, Withdrawal
from guiyan.separation.queries.people import writer_of
from guiyan.separation.queries.rows import gate_of, parties
from guiyan.separation.signing import Signing

WORDS_MAX = 3000


@action("separation.withdraw")
def submit_withdrawal(
    viewer: Viewer, case_id: UUID, words: str, signed: Signing, *, request_id: UUID, now: datetime
) -> UUID:
    """The signed withdrawal has arrived. Before the resignation it takes effect at once; after it, consent is asked.

    ``words`` are free and may be empty. Returns the withdrawal. Raises ``Stale`` when the case is over or a withdrawal
    is open already, ``Refused`` when the signature is not complete.
    """
    case = lock_case(viewer, "separation.withdraw", case_id, now)
    before = earlier_result(request_id, act="separation.withdraw", viewer=viewer, now=now)
    if before is not None:
        return UUID(before["withdrawal"])
    must_be_open(case)
    if len(words) > WORDS_MAX:
        raise Refused("reason_too_long", _("文字太长，最多 3000 字。"))
    try:
        document = letters.withdrawal(words, case.number, case.sent_at, writer_of(case.person_id), signed.paper)
    except DocumentError as error:
        raise unprintable(error) from error
    identity = signing.check(signed, document, now=now)
    kept = sealing.keep_file(case.person_id, document.pdf, sealing.PDF, f"{case.number}-withdrawal.pdf", now=now)
    row = Withdrawal(case=case, channel=Channel.APP, sent_at=now, arrived_at=now, recorded_at=now, letter_file=kept.id)
    row.sealed_words = sealing.seal(case.person_id, row, "words", words.strip())
    reference = ObjectRef.of("withdrawal", document.pdf)
    _save(case, row, now)
    noted(
        viewer,
        "separation.withdraw",
        "resign.withdrawn",
        case,
        now=now,
        public={"channel": row.channel, "in_time": row.in_time},
        committed={"words": words.strip()},
        objects=[reference],
    )
    keep_signature(viewer, case, row, signed, identity, document_file=kept.id, now=now)
    _take_in(viewer, case, row, reference, act="separation.withdraw", request_id=request_id, now=now)
    keep_result(request_id, {"withdrawal": str(row.id)})
    return row.id


@action("separation.record_withdrawal")
def record_withdrawal(viewer: Viewer, case_id: UUID, intake: Intake, *, request_id: UUID, now: datetime) -> UUID:
    """A withdrawal that came otherwise (also said to the manager) is on record from its real arrival.

    The order of arrivals decides whether it needs consent, not the order in which they were entered. Returns the
    withdrawal. Raises ``Stale`` when the case is over or one is open already.
    """
    case = lock_case(viewer, "separation.record_withdrawal", case_id, now)
    before = earlier_result(request_id, act="separation.record_withdrawal", viewer=viewer, now=now)
    if before is not None:
        return UUID(before["withdrawal"])
    must_be_open(case)
    check_intake(intake, now)
    scan = keep_scan(case, intake, now)
    row = Withdrawal(
        case=case,
        channel=Channel(intake.channel),
        sent_at=intake.sent_at,
        arrived_at=intake.arrived_at,
        recorded_at=now,
        recorded_by=viewer.user_id,
        letter_file=scan[0] if scan else None,
    )
    row.sealed_words = sealing.seal(case.person_id, row, "words", intake.words.strip())
    _save(case, row, now)
    noted(
        viewer,
        "separation.record_withdrawal",
        "withdraw.recorded",
        case,
        now=now,
        public={"channel": intake.channel, "at": intake.arrived_at.isoformat(), "in_time": row.in_time},
        committed=told_of(intake),
        objects=[scan[1]] if scan else [],
    )
    keep_intake(viewer, case, row, intake, scan[0] if scan else None, now=now)
    reference = scan[1] if scan else None
    _take_in(viewer, case, row, reference, act="separation.record_withdrawal", request_id=request_id, now=now)
    keep_result(request_id, {"withdrawal": str(row.id)})
    return row.id


def _save(case: Case, row: Withdrawal, now: datetime) -> None:
    """Save a withdrawal with the status that its arrival gives it. Raises ``Stale`` when one is open."""
    settle_withdrawal(row)
    row.in_time = _in_time(case, row, now)
    settle_withdrawal(row)
    try:
        with savepoint():
            row.save(force_insert=True)
    except IntegrityError as error:
        if "withdrawal_one_open" not in str(error):
            raise
        raise stale("withdrawal_open", _("已有一份撤回正在等待答复。"), case) from error


def _in_time(case: Case, row: Withdrawal, now: datetime) -> bool:
    """Whether it takes effect without consent: it came first, or what it takes back binds nobody yet."""
    if case.status in {CaseStatus.AWAITING_WRITING, CaseStatus.OFFER}:
        return True
    found = gate_of(CaseFacts(case, (row,), (), ()), on=legal_day(now)).reliance
    return found.value is not None and found.value.basis is LawBasis.ARRIVED_FIRST


def _take_in(
    viewer: Viewer,
    case: Case,
    row: Withdrawal,
    letter: ObjectRef | None,
    *,
    act: str,
    request_id: UUID,
    now: datetime,
) -> None:
    receipt = letters.withdrawal_receipt(
        case.number,
        names_of([case.person_id]).get(case.person_id, ""),
        row.arrived_at,
        letter.sha256 if letter else "—",
        Paper(secrets.token_hex(32), now),
        in_time=row.in_time,
    )
    kept = sealing.keep_file(case.person_id, receipt.pdf, sealing.PDF, f"{case.number}-withdrawal-receipt.pdf", now=now)
    row.receipt_file = kept.id
    noted(viewer, act, "notice.issued", case, now=now, objects=[ObjectRef.of("withdrawal_receipt", receipt.pdf)])
    if row.in_time:
        row.save(update_fields=["receipt_file"])
        restore(viewer, case, row, act=act, request_id=request_id, now=now)
        return
    name = names_of([case.person_id]).get(case.person_id, "")
    row.instance_id = flow.begin_withdrawal(viewer, case, row, title=f"{name} {case.number}", now=now)
    row.save(update_fields=["receipt_file", "instance_id"])
    tell(viewer, case, "withdrawal_arrived", now=now, employee=True)
    tell(viewer, case, "withdrawal_to_answer", now=now, manager=True, hr=True)
    near = case.last_day is not None and schedule.is_near(case.last_day, now)
    if near or parties(case.person_id, legal_day(now)).manager is None:
        pass_over_opinion(viewer, case, row, act=act, now=now)
    else:
        schedule.set_opinion(row.id, now=now)
    if near:
        flow.send(viewer, case.id, flow.WITHDRAWAL, "last_day.near", now=now)


def pass_over_opinion(viewer: Viewer, case: Case, row: Withdrawal, *, act: str, now: datetime) -> None:
    """The manager is no longer waited for: HR is asked to decide. That nobody answered is on the ledger."""
    row.opinion_passed_at = now
    row.save(update_fields=["opinion_passed_at"])
    noted(viewer, act, "no_response", case, now=now, public={"whose": "manager", "about": "withdrawal"})
    flow.send(viewer, case.id, flow.WITHDRAWAL, "opinion.overdue", now=now)


@action("separation.give_opinion")
def give_opinion(
    viewer: Viewer, case_id: UUID, opinion: str, *, note: str = "", request_id: UUID, now: datetime
) -> None:
    """The manager's opinion on the withdrawal is on record; HR decides. Only who is asked may give it.

    Raises ``Stale`` when it was given, passed over or is no longer needed.
    """
    case = lock_case(viewer, "separation.give_opinion", case_id, now)
    if earlier_result(request_id, act="separation.give_opinion", viewer=viewer, now=now) is not None:
        return
    row = lock_withdrawal(case)
    if row is None:
        raise refuse("no_withdrawal", _("员工没有提出撤回。"), case)
    if row.status != WithdrawalStatus.PENDING or row.opinion or row.opinion_passed_at:
        raise stale("opinion_not_asked", _("这份意见已经给出，或者不再需要。"), case)
    row.opinion, row.opinion_by, row.opinion_at = Opinion(opinion), viewer.user_id, now
    row.sealed_opinion = sealing.seal(case.person_id, row, "opinion", note.strip())
    row.save(update_fields=["opinion", "opinion_by", "opinion_at", "sealed_opinion"])
    flow.answer(viewer, case.id, flow.WITHDRAWAL, "manager_opinion", {"manager_opinion": str(row.opinion)}, now=now)
    deadlines.meet(schedule.WITHDRAWAL_OWNER, row.id, now=now)
    noted(
        viewer,
        "separation.give_opinion",
        "fact.recorded",
        case,
        now=now,
        public={"what": "manager_opinion", "opinion": str(row.opinion)},
        committed={"opinion": note.strip()},
    )
    tell(viewer, case, "opinion_given", now=now, hr=True)
    keep_result(request_id, {})
