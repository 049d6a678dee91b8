"""What becomes true when a resignation arrives: its clock, the planned end, the exit's process, and who is told."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from guiyan.kernel.calendar import legal_day
from guiyan.ledger.entry import ObjectRef
from guiyan.people import actions as people
from guiyan.people.queries import names_of
from guiyan.platform.acting import Refused, Stale, savepoint
from guiyan.platform.permissions import SYSTEM, Viewer
from guiyan.separation import flow, gate, letters, schedule, sealing
from guiyan.separation.actions.basis import inner, lock_withdrawal, next_number, noted, refuse, settle_status, tell
from guiyan.separation.enums import CaseStatus, Channel, Tone, WithdrawalStatus
from guiyan.separation.letters import Paper
from guiyan.separation.models import Case
from guiyan.separation.queries.people import open_employment


def case_of(person_id: UUID, on: datetime) -> Case:
    """Return the case to fill: the person's oral one that waits for its writing (locked), else a new row, not saved.

    Raises ``Refused`` (``no_open_spell``) without an employment, ``Stale`` (``case_open``) when one is in progress.
    """
    employment = open_employment(person_id, legal_day(on))
    if employment is None:
        raise Refused("no_open_spell", _("此人没有进行中的劳动关系。"), object_kind="person", object_id=person_id)
    row = (
        Case.objects.select_for_update()
        .filter(spell_id=employment.spell_id, status=CaseStatus.AWAITING_WRITING)
        .first()
    )
    if row is not None:
        row.in_probation = employment.in_probation
        return row
    return Case(person_id=person_id, spell_id=employment.spell_id, in_probation=employment.in_probation)


def save_case(case: Case, now: datetime) -> None:
    """Save a case with a number of its own. Raises ``Stale`` (``case_open``) when one is in progress."""
    if not case.number:
        case.number = next_number(now)
        case.opened_at = now
    try:
        with savepoint():
            case.save()
    except IntegrityError as error:
        if "case_one_open" not in str(error):
            raise
        raise Stale(
            "case_open", _("已有一份辞职正在办理，请打开那份案件。"), object_kind="person", object_id=case.person_id
        ) from error


def set_clock(case: Case, now: datetime) -> None:
    """Set earliest and planned last day of a case whose meaning is a notice, and its status."""
    settle_status(case)
    if case.status != CaseStatus.RUNNING:
        return
    assert case.arrived_at is not None
    if gate.counts_from_38(case):
        case.earliest_end = gate.earliest_under_38(case)
        case.last_day = case.agreed_last_day or max(case.earliest_end, case.wished_last_day or case.earliest_end)
        return
    if case.tone == Tone.OFFER:
        case.last_day = case.agreed_last_day
        return
    found = gate.clock(case, asks_permission=False, as_of=legal_day(now))
    if found.value is None:
        raise refuse("notice_not_written", _("试用期外的辞职须书面提出，请先登记书面。"), case)
    case.earliest_end, case.last_day = found.value.earliest_end, found.value.ends_on


def arrive(viewer: Viewer, case: Case, *, act: str, letter: ObjectRef | None, request_id: UUID, now: datetime) -> None:
    """A resignation has arrived: it is on the ledger with its receipt, and what follows from its meaning is under way.

    Who is asked to settle an unclear one is told; the moment of arrival stays what it was, however long that takes.
    """
    assert case.arrived_at is not None
    receipt = _receipt(case, letter, now)
    noted(
        viewer,
        act,
        "resign.arrived",
        case,
        now=now,
        public={
            "channel": case.channel,
            "arrived_at": case.arrived_at.isoformat(),
            "probation": case.in_probation,
            "tone": case.tone,
        },
        objects=[receipt],
    )
    if case.status == CaseStatus.RUNNING:
        start_clock(viewer, case, act=act, request_id=request_id, now=now)
    elif case.status == CaseStatus.MEANING_OPEN:
        schedule.set_answer(schedule.CASE_OWNER, case.id, schedule.MEANING, now=now)
        tell(viewer, case, "meaning_asked", now=now, employee=True)
        tell(viewer, case, "meaning_open", now=now, hr=True)
    else:
        ask_about_offer(viewer, case, now=now)


def ask_about_offer(viewer: Viewer, case: Case, *, now: datetime) -> None:
    """The employer is asked to answer an offer, and again until it has; nothing ends by itself."""
    schedule.set_offer(case.id, now=now)
    tell(viewer, case, "offer_arrived", now=now, employee=True)
    tell(viewer, case, "offer_to_answer", now=now, manager=True, hr=True)


def start_clock(viewer: Viewer, case: Case, *, act: str, request_id: UUID, now: datetime) -> None:
    """The end is planned, the exit's process runs, its deadlines are set, and everybody concerned is told.

    Approval is not asked: the manager and HR are asked to say that they know.
    """
    assert case.last_day is not None
    people.plan_end(SYSTEM, case.spell_id, case.last_day, request_id=inner(request_id, "people.plan_end"), now=now)
    name = names_of([case.person_id]).get(case.person_id, "")
    case.instance_id = flow.begin_exit(viewer, case, title=f"{name} {case.number}", now=now)
    case.save(update_fields=["instance_id"])
    noted(
        viewer,
        act,
        "legal.gate",
        case,
        now=now,
        public={"gate": "clock", "last_day": case.last_day.isoformat(), "earliest": _iso(case)},
    )
    tell(viewer, case, "arrived", now=now, employee=True)
    tell(viewer, case, "to_know", now=now, manager=True, hr=True)
    set_days(viewer, case, act=act, now=now)


def set_days(viewer: Viewer, case: Case, *, act: str, now: datetime) -> None:
    """Set what hangs on the last day; when it is near already, today or over, all of it comes at once."""
    assert case.last_day is not None
    schedule.set_passed(case.id, case.last_day, now=now)
    later = schedule.set_near(case.id, case.last_day, now=now)
    noted(viewer, act, "deadline.set", case, now=now, public={"last_day": case.last_day.isoformat(), "near": not later})
    if not later:
        bring_near(viewer, case, act=act, now=now)


def bring_near(viewer: Viewer, case: Case, *, act: str, now: datetime) -> None:
    """The last day is near: certificate and last wages are due for whoever sees to them, an open withdrawal is
    escalated, and employee and HR are reminded. Once it is over there is nothing to remind of; that it is over is told
    by a deadline of its own."""
    assert case.last_day is not None
    flow.send(viewer, case.id, flow.EXIT, "last_day.near", now=now)
    row = lock_withdrawal(case)
    if row is not None and row.status == WithdrawalStatus.PENDING:
        flow.send(viewer, case.id, flow.WITHDRAWAL, "last_day.near", now=now)
    if legal_day(now) > case.last_day:
        return
    noted(viewer, act, "reminder.sent", case, now=now, public={"about": "last_day_near"})
    tell(viewer, case, "last_day_near", now=now, employee=True)
    tell(viewer, case, "last_day_near_staff", now=now, hr=True)


def _iso(case: Case) -> str | None:
    return case.earliest_end.isoformat() if case.earliest_end else None


def _receipt(case: Case, letter: ObjectRef | None, now: datetime) -> ObjectRef:
    assert case.arrived_at is not None
    facts = letters.Received(
        number=case.number,
        name=names_of([case.person_id]).get(case.person_id, ""),
        arrived=case.arrived_at,
        channel=str(Channel(case.channel).label),
        sha256=letter.sha256 if letter else "—",
        tone=case.tone,
        basis=case.basis,
        last_day=case.last_day,
        in_probation=case.in_probation,
    )
    made = letters.resignation_receipt(facts, Paper(secrets.token_hex(32), now)).pdf
    row = sealing.keep_file(case.person_id, made, sealing.PDF, f"{case.number}-receipt.pdf", now=now)
    case.receipt_file = row.id
    case.save(update_fields=["receipt_file"])
    return ObjectRef.of("receipt", made)
