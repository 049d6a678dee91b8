"""What came outside the system: HR takes it in with time and proof, and the employee is asked whether it is theirs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guiyan.kernel.calendar import legal_day
from guiyan.ledger.entry import ObjectRef
from guiyan.people import actions as people
from guiyan.people.queries import NotFound, PersonRef
from guiyan.platform import deadlines
from guiyan.platform.acting import Refused, action, earlier_result, keep_result, require
from guiyan.platform.permissions import SYSTEM, Viewer
from guiyan.separation import flow, letters, schedule, sealing, uploads
from guiyan.separation.actions.arrival import arrive, case_of, save_case, set_clock
from guiyan.separation.actions.basis import (
    ids,
    inner,
    lock_case,
    noted,
    refuse,
    settle_status,
    settle_withdrawal,
    stale,
    tell,
)
from guiyan.separation.actions.resigning import GROUND_CODES, Opened
from guiyan.separation.enums import Basis, CaseStatus, Channel, IntakeAnswer, Tone, WithdrawalStatus
from guiyan.separation.models import Case, IntakeProof, Withdrawal
from guiyan.separation.queries.people import open_employment
from guiyan.separation.uploads import Scan

BACK_MAX: Final = timedelta(days=366)
WORDS_MAX: Final = 20_000


@dataclass(frozen=True, slots=True)
class Intake:
    """What HR knows of something that came otherwise.

    ``arrived_at`` is when it really reached the employer, or was said (aware); ``words`` verbatim; ``scan`` the paper
    or the screenshot; ``witness`` who was there; ``identity_attested``: the account or the hand is known to be theirs.
    """

    channel: str
    arrived_at: datetime
    words: str
    sent_at: datetime | None = None
    scan: Scan | None = None
    witness: str = ""
    note: str = ""
    identity_attested: bool | None = None


@dataclass(frozen=True, slots=True)
class Stated:
    """What a resignation says, as HR reads it. ``meaning`` empty: the words are left to be settled if unclear."""

    basis: str
    grounds: tuple[str, ...] = ()
    meaning: str = ""
    wished_last_day: date | None = field(default=None)


@action("separation.record")
def record_resignation(
    viewer: Viewer, person_id: UUID, intake: Intake, stated: Stated, *, request_id: UUID, now: datetime
) -> Opened:
    """A resignation that came otherwise is on record from its real arrival, and the employee is asked to confirm it.

    Said only, after probation, it is no notice yet: both sides are told that writing is needed, and no clock runs. The
    writing that follows fills the same case. Raises ``Refused`` for an intake without time, proof or words.
    """
    ref = PersonRef(person_id, legal_day(now))
    require(viewer, "separation.record", ref, object_kind="person", object_id=person_id)
    before = earlier_result(request_id, act="separation.record", viewer=viewer, now=now)
    if before is not None:
        return Opened(UUID(before["case"]), before["number"])
    check_intake(intake, now)
    _check_stated(stated)
    employment = open_employment(person_id, legal_day(intake.arrived_at))
    oral = intake.channel == Channel.ORAL
    case = case_of(person_id, intake.arrived_at)
    if oral and case.number:
        raise refuse("oral_on_record", _("口头提出已经登记，请等待书面。"), case)
    valid = not oral or bool(employment and employment.in_probation)
    case.arrived_at = intake.arrived_at if valid else None
    _fill(case, intake, stated)
    _settled_by_hr(viewer, case, stated, now)
    scan = keep_scan(case, intake, now)
    case.letter_file = scan[0] if scan else case.letter_file
    set_clock(case, now)
    save_case(case, now)
    objects = [scan[1]] if scan else []
    noted(
        viewer,
        "separation.record",
        "resign.recorded",
        case,
        now=now,
        public={"channel": intake.channel, "at": intake.arrived_at.isoformat(), "attested": intake.identity_attested},
        committed=told_of(intake),
        objects=objects,
    )
    if valid:
        arrive(viewer, case, act="separation.record", letter=scan[1] if scan else None, request_id=request_id, now=now)
    else:
        schedule.set_answer(schedule.CASE_OWNER, case.id, schedule.WRITING, now=now)
        tell(viewer, case, "writing_asked", now=now, employee=True)
        tell(viewer, case, "writing_needed", now=now, hr=True)
    keep_intake(viewer, case, None, intake, scan[0] if scan else None, now=now)
    keep_result(request_id, {"case": str(case.id), "number": case.number})
    return Opened(case.id, case.number)


def check_intake(intake: Intake, now: datetime) -> None:
    """Raise ``Refused`` for an intake that proves nothing, lies ahead, or claims to come from the system itself."""
    if intake.channel not in Channel.values or intake.channel == Channel.APP:
        raise Refused("channel_unknown", _("请选择收到的方式。"))
    if intake.arrived_at > now:
        raise Refused("arrival_ahead", _("到达时间不能晚于现在。"))
    if now - intake.arrived_at > BACK_MAX:
        raise Refused("arrival_too_far_back", _("到达时间在一年以前，请核对年份。"))
    if intake.sent_at is not None and intake.sent_at > intake.arrived_at:
        raise Refused("sent_after_arrival", _("发出时间不能晚于到达时间。"))
    if not intake.words.strip() or len(intake.words) > WORDS_MAX:
        raise Refused("words_missing", _("请照原文填写内容。"))
    if intake.channel == Channel.ORAL and not intake.witness.strip():
        raise Refused("witness_missing", _("口头提出的，请填写在场的人。"))
    if intake.channel != Channel.ORAL and intake.scan is None:
        raise Refused("scan_missing", _("请上传原件的扫描件或者截图。"))
    if intake.scan is not None:
        uploads.media_type(intake.scan)


def _check_stated(stated: Stated) -> None:
    if stated.basis not in {Basis.ART_37, Basis.ART_38}:
        raise Refused("basis_missing", _("请选择依据：第三十七条或第三十八条。"))
    if not set(stated.grounds) <= GROUND_CODES or (stated.grounds and stated.basis != Basis.ART_38):
        raise Refused("grounds_unknown", _("第三十八条的情形只用于依第三十八条的辞职。"))
    if stated.meaning not in {"", Tone.NOTICE, Tone.OFFER}:
        raise Refused("meaning_unknown", _("请选择文字的意思：通知，还是商量。"))


def _fill(case: Case, intake: Intake, stated: Stated) -> None:
    read, found = letters.read_tone(intake.words)
    tone = Tone(stated.meaning or found)
    case.channel = Channel(intake.channel)
    case.sent_at = intake.sent_at or (intake.arrived_at if intake.channel == Channel.ORAL else None)
    case.tone, case.tone_read = tone, read
    case.basis = Basis.ART_36 if tone == Tone.OFFER else Basis(stated.basis)
    case.grounds = ",".join(stated.grounds)
    case.wished_last_day = stated.wished_last_day
    case.sealed_letter = sealing.seal(case.person_id, case, "letter", intake.words.strip())


def _settled_by_hr(viewer: Viewer, case: Case, stated: Stated, now: datetime) -> None:
    case.recorded_by = viewer.user_id
    if stated.meaning:
        case.tone_settled_by, case.tone_settled_at = viewer.user_id, now


def keep_scan(case: Case, intake: Intake, now: datetime) -> tuple[UUID, ObjectRef] | None:
    """Keep the scan of an intake. Returns its file and the reference the ledger names it by."""
    if intake.scan is None:
        return None
    kind = uploads.media_type(intake.scan)
    row = sealing.keep_file(case.person_id, intake.scan.data, kind, intake.scan.name[: uploads.NAME_MAX], now=now)
    return row.id, ObjectRef.of("scan", intake.scan.data)


def told_of(intake: Intake) -> dict[str, str]:
    """Return what of an intake the ledger commits to."""
    return {"words": intake.words.strip(), "witness": intake.witness.strip(), "note": intake.note.strip()}


def keep_intake(
    viewer: Viewer, case: Case, withdrawal: Withdrawal | None, intake: Intake, scan: UUID | None, *, now: datetime
) -> IntakeProof:
    """The proof of an intake is kept, and the employee is asked whether it is theirs, within two working days."""
    row = IntakeProof(
        case=case,
        withdrawal=withdrawal,
        channel=Channel(intake.channel),
        happened_at=intake.arrived_at,
        scan_file=scan,
        identity_attested=intake.identity_attested,
        recorded_at=now,
        recorded_by=viewer.user_id,
    )
    row.sealed_witness = sealing.seal(case.person_id, row, "witness", intake.witness.strip())
    row.sealed_note = sealing.seal(case.person_id, row, "note", intake.note.strip())
    row.save(force_insert=True)
    schedule.set_answer(schedule.INTAKE_OWNER, row.id, schedule.INTAKE, now=now)
    tell(viewer, case, "intake_asked", now=now, employee=True, withdrawal=withdrawal, intake=row)
    return row


@action("separation.answer_intake")
def confirm_intake(viewer: Viewer, intake_id: UUID, *, request_id: UUID, now: datetime) -> None:
    """The employee has confirmed that what HR took in is theirs. Raises ``Stale`` when they answered already."""
    _answer(viewer, intake_id, IntakeAnswer.CONFIRMED, request_id=request_id, now=now)


@action("separation.answer_intake")
def deny_intake(viewer: Viewer, intake_id: UUID, *, request_id: UUID, now: datetime) -> None:
    """The employee has denied it: a denied resignation is no basis for anything, a denied withdrawal was never made.

    Raises ``Stale`` when they answered already, or when the employer's answer or the end has come between.
    """
    _answer(viewer, intake_id, IntakeAnswer.DENIED, request_id=request_id, now=now)


def _answer(viewer: Viewer, intake_id: UUID, answer: IntakeAnswer, *, request_id: UUID, now: datetime) -> None:
    owner = IntakeProof.objects.filter(pk=intake_id).values_list("case_id", flat=True).first()
    case = lock_case(viewer, "separation.answer_intake", owner or intake_id, now)
    if earlier_result(request_id, act="separation.answer_intake", viewer=viewer, now=now) is not None:
        return
    intake = IntakeProof.objects.select_for_update(of=("self",)).filter(pk=intake_id).first()
    if intake is None:
        raise NotFound(str(intake_id))
    if intake.answer not in {IntakeAnswer.ASKED, IntakeAnswer.NO_ANSWER}:
        raise stale("intake_answered", _("您已经答复过。"), case)
    intake.answer, intake.answered_at = answer, now
    intake.save(update_fields=["answer", "answered_at"])
    deadlines.meet(schedule.INTAKE_OWNER, intake.id, now=now)
    public = {"answer": str(answer), "of": "withdrawal" if intake.withdrawal_id else "resignation"}
    noted(viewer, "separation.answer_intake", "fact.recorded", case, now=now, public=public)
    if answer == IntakeAnswer.DENIED:
        if intake.withdrawal_id:
            _withdrawal_denied(viewer, case, now)
        else:
            _resignation_denied(viewer, case, request_id, now)
    tell(viewer, case, "intake_answered", now=now, hr=True, denied=answer == IntakeAnswer.DENIED, intake=intake)
    keep_result(request_id, {})


def _resignation_denied(viewer: Viewer, case: Case, request_id: UUID, now: datetime) -> None:
    if case.status not in {CaseStatus.AWAITING_WRITING, CaseStatus.MEANING_OPEN, CaseStatus.OFFER, CaseStatus.RUNNING}:
        raise stale("case_over", _("这个案件已经结束，请联系人力资源。"), case)
    planned = case.status == CaseStatus.RUNNING
    case.denied_at = now
    settle_status(case)
    case.save(update_fields=["denied_at", "status"])
    flow.stop(viewer, case.id, now=now)
    schedule.drop_all(case.id, ids(case.withdrawals.all()), [], now=now)
    if planned:
        request = inner(request_id, "people.restore_spell")
        people.restore_spell(SYSTEM, case.spell_id, request_id=request, now=now)


def _withdrawal_denied(viewer: Viewer, case: Case, now: datetime) -> None:
    row = case.withdrawals.select_for_update().order_by("-arrived_at", "-id").first()
    if row is None or row.status not in {WithdrawalStatus.PENDING, WithdrawalStatus.UNANSWERED}:
        raise stale("withdrawal_decided", _("撤回已经有了答复，请联系人力资源。"), case)
    row.denied_at = now
    settle_withdrawal(row)
    row.save(update_fields=["denied_at", "status"])
    flow.stop_withdrawal(viewer, case.id, now=now)
    deadlines.drop(schedule.WITHDRAWAL_OWNER, row.id, now=now)
