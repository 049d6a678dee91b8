"""Answers that are no conditions: to know of it, to settle what was meant, to agree on another day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guiyan.ledger.entry import ObjectRef
from guiyan.people import actions as people
from guiyan.platform import deadlines
from guiyan.platform.acting import Refused, action, earlier_result, keep_result
from guiyan.platform.clock import legal_day
from guiyan.platform.permissions import SYSTEM, Viewer
from guiyan.separation import flow, schedule, sealing, uploads
from guiyan.separation.actions.arrival import ask_about_offer, set_clock, set_days, start_clock
from guiyan.separation.actions.basis import (
    ids,
    inner,
    lock_case,
    must_be_open,
    noted,
    refuse,
    settle_status,
    stale,
    tell,
)
from guiyan.separation.enums import Basis, CaseStatus, Tone
from guiyan.separation.models import Case
from guiyan.separation.uploads import Scan

NOTE_MAX: Final = 2000


@dataclass(frozen=True, slots=True)
class _Part:
    """One of the two who say that they know: right, step, answer, and the columns that keep it."""

    act: str
    node: str
    answer: str
    at: str
    by: str


_PARTS: Final = {
    "manager": _Part(
        "separation.acknowledge", "manager_ack", "manager_agrees_earlier", "manager_known_at", "manager_known_by"
    ),
    "hr": _Part("separation.acknowledge_hr", "hr_ack", "hr_agrees_earlier", "hr_known_at", "hr_known_by"),
}


@action("separation.acknowledge")
def acknowledge(
    viewer: Viewer,
    case_id: UUID,
    part: str,
    *,
    agrees_earlier: bool | None = None,
    request_id: UUID,
    now: datetime,
) -> None:
    """The manager (``part`` ``manager``) or HR (``hr``) has said 已知悉. It is no approval and no condition.

    ``agrees_earlier`` answers a wish to leave before the notice is over. Raises ``Stale`` once it was said.
    """
    one = _PARTS[part]
    case = lock_case(viewer, one.act, case_id, now)
    if earlier_result(request_id, act="separation.acknowledge", viewer=viewer, now=now) is not None:
        return
    must_be_open(case)
    if getattr(case, one.at) is not None:
        raise stale("known_already", _("已经有人答复知悉，不用再办。"), case)
    if case.status != CaseStatus.RUNNING:
        raise refuse("clock_not_running", _("通知期还没有开始，现在不需要答复知悉。"), case)
    answers = {one.answer: bool(agrees_earlier)}  # no wish to leave earlier is no agreement to it
    flow.answer(viewer, case.id, flow.EXIT, one.node, answers, now=now)
    setattr(case, one.at, now)
    setattr(case, one.by, viewer.user_id)
    case.save(update_fields=[one.at, one.by])
    noted(
        viewer,
        one.act,
        "approve.acknowledged",
        case,
        now=now,
        public={"part": part, "agrees_earlier": agrees_earlier},
    )
    keep_result(request_id, {})


@action("separation.settle_meaning")
def settle_meaning(
    viewer: Viewer, case_id: UUID, meaning: str, *, note: str = "", request_id: UUID, now: datetime
) -> None:
    """The employee, or HR after asking, has said whether an unclear letter is a notice or an offer.

    A notice runs from its arrival, however much later this was settled. HR says how they know (``note``).
    """
    case = lock_case(viewer, "separation.settle_meaning", case_id, now)
    if earlier_result(request_id, act="separation.settle_meaning", viewer=viewer, now=now) is not None:
        return
    if case.status != CaseStatus.MEANING_OPEN:
        raise stale("meaning_settled", _("信的意思已经确认。"), case)
    if meaning not in {Tone.NOTICE, Tone.OFFER}:
        raise Refused("meaning_unknown", _("请选择：通知，还是商量。"), object_kind="case", object_id=case.id)
    if viewer.person_id != case.person_id and not note.strip():
        raise refuse("note_missing", _("请填写是怎么向员工确认的。"), case)
    case.tone, case.tone_settled_by, case.tone_settled_at = Tone(meaning), viewer.user_id, now
    if meaning == Tone.OFFER:
        case.basis = Basis.ART_36
    set_clock(case, now)
    case.save()
    deadlines.meet(schedule.CASE_OWNER, case.id, now=now)
    noted(
        viewer,
        "separation.settle_meaning",
        "fact.recorded",
        case,
        now=now,
        public={"what": "meaning", "meaning": meaning, "by_employee": viewer.person_id == case.person_id},
        committed={"note": note.strip()},
    )
    if meaning == Tone.NOTICE:
        start_clock(viewer, case, act="separation.settle_meaning", request_id=request_id, now=now)
    else:
        ask_about_offer(viewer, case, now=now)
    keep_result(request_id, {})


@action("separation.accept_offer")
def accept_offer(
    viewer: Viewer, case_id: UUID, last_day: date, *, agreement: Scan | None = None, request_id: UUID, now: datetime
) -> None:
    """The company has accepted an offer to part (Art. 36) for a day both want: the employment ends on it.

    Any other day than the employee's needs the signed agreement.
    """
    case = lock_case(viewer, "separation.accept_offer", case_id, now)
    if earlier_result(request_id, act="separation.accept_offer", viewer=viewer, now=now) is not None:
        return
    _offer_is_open(case)
    if last_day < legal_day(now):
        raise refuse("day_is_over", _("最后工作日不能早于今天。"), case)
    objects = _agreed(viewer, case, last_day, agreement, now)
    case.accepted_at, case.accepted_by = now, viewer.user_id
    set_clock(case, now)
    case.save()
    deadlines.meet(schedule.CASE_OWNER, case.id, now=now)
    public = {"what": "offer_accepted", "last_day": last_day.isoformat()}
    noted(viewer, "separation.accept_offer", "consent.given", case, now=now, public=public, objects=objects)
    start_clock(viewer, case, act="separation.accept_offer", request_id=request_id, now=now)
    keep_result(request_id, {})


@action("separation.decline_offer")
def decline_offer(viewer: Viewer, case_id: UUID, *, note: str = "", request_id: UUID, now: datetime) -> None:
    """The company has not accepted an offer to part: the case is over, the employment goes on, the employee is told.

    Nothing else follows from it: the employee may still give notice (Art. 37) by a new letter. ``note`` is optional and
    the employee reads it. Raises ``Stale`` (``offer_not_open``) once it was answered or taken back.
    """
    case = lock_case(viewer, "separation.decline_offer", case_id, now)
    if earlier_result(request_id, act="separation.decline_offer", viewer=viewer, now=now) is not None:
        return
    _offer_is_open(case)
    if len(note) > NOTE_MAX:
        raise refuse("note_too_long", _("文字太长，最多 2000 字。"), case)
    case.declined_at, case.declined_by = now, viewer.user_id
    case.sealed_decline = sealing.seal(case.person_id, case, "decline", note.strip())
    settle_status(case)
    case.save(update_fields=["declined_at", "declined_by", "sealed_decline", "status"])
    flow.stop(viewer, case.id, now=now)
    schedule.drop_all(case.id, ids(case.withdrawals.all()), ids(case.intakes.all()), now=now)
    noted(
        viewer,
        "separation.decline_offer",
        "consent.refused",
        case,
        now=now,
        public={"what": "offer_declined"},
        committed={"note": note.strip()},
    )
    tell(viewer, case, "offer_declined", now=now, employee=True)
    tell(viewer, case, "offer_declined_staff", now=now, manager=True, hr=True)
    keep_result(request_id, {})


def _offer_is_open(case: Case) -> None:
    """Raise ``Stale`` for an offer that was answered or taken back, saying which."""
    if case.status == CaseStatus.OFFER:
        return
    text = _("这份提议已经不在等待答复：%(status)s。") % {"status": CaseStatus(case.status).label}
    raise stale("offer_not_open", text, case)


@action("separation.agree_day")
def agree_earlier_day(
    viewer: Viewer, case_id: UUID, last_day: date, *, agreement: Scan | None = None, request_id: UUID, now: datetime
) -> None:
    """Both sides have agreed that the employment ends before the notice is over; everything is due accordingly.

    The employee's wish in the letter is their side; for any other day the signed agreement is needed. Raises
    ``Refused`` (``not_both_agreed``) while manager and HR have not both agreed and no signed agreement is there.
    """
    case = lock_case(viewer, "separation.agree_day", case_id, now)
    if earlier_result(request_id, act="separation.agree_day", viewer=viewer, now=now) is not None:
        return
    must_be_open(case)
    if case.status != CaseStatus.RUNNING or case.earliest_end is None:
        raise refuse("clock_not_running", _("通知期还没有开始，不能约定提前。"), case)
    if not legal_day(now) <= last_day < case.earliest_end:
        raise refuse("not_earlier", _("约定的日子应在今天或以后、通知期满之前。"), case)
    objects = _agreed(viewer, case, last_day, agreement, now)
    if not flow.answer(viewer, case.id, flow.EXIT, "earlier_day", {}, now=now) and agreement is None:
        raise refuse("not_both_agreed", _("主管和人力资源都同意提前后才能登记；或者上传双方签字的约定。"), case)
    case.last_day = last_day
    case.save()
    people.plan_end(SYSTEM, case.spell_id, last_day, request_id=inner(request_id, "people.plan_end"), now=now)
    flow.move_last_day(viewer, case, last_day, now=now)
    deadlines.drop(schedule.CASE_OWNER, case.id, now=now)
    public = {"what": "earlier_day", "last_day": last_day.isoformat()}
    noted(viewer, "separation.agree_day", "consent.given", case, now=now, public=public, objects=objects)
    tell(viewer, case, "earlier_day", now=now, employee=True)
    tell(viewer, case, "earlier_day_staff", now=now, manager=True, hr=True)
    set_days(viewer, case, act="separation.agree_day", now=now)
    keep_result(request_id, {})


def _agreed(viewer: Viewer, case: Case, last_day: date, agreement: Scan | None, now: datetime) -> list[ObjectRef]:
    """Set the agreed day with who agreed. Returns the agreement's reference when there is a signed one."""
    if last_day != case.wished_last_day and agreement is None:
        raise refuse("day_not_wished", _("员工没有写明这一天；请上传双方签字的约定。"), case)
    case.agreed_last_day, case.agreed_by, case.agreed_at = last_day, viewer.user_id, now
    settle_status(case)
    if agreement is None:
        return []
    kind = uploads.media_type(agreement)
    row = sealing.keep_file(case.person_id, agreement.data, kind, agreement.name[: uploads.NAME_MAX], now=now)
    case.agreement_file = row.id
    return [ObjectRef.of("agreement", agreement.data)]
