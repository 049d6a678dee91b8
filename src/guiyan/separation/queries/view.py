"""A case as a page shows it: one value with everything the reader may see and do, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guiyan.kernel.results import Finding, Words
from guiyan.law.resignation import ResignationClock
from guiyan.ledger import queries as ledger
from guiyan.notify import queries as notify
from guiyan.people.queries import PersonRef, names_of
from guiyan.platform import clock as platform_clock
from guiyan.platform.permissions import Viewer, allowed
from guiyan.separation import gate, hookspecs, keeping, schedule, sealing
from guiyan.separation.enums import (
    OPEN_STATUSES,
    Basis,
    CaseStatus,
    Channel,
    ConsentForm,
    EffectKind,
    EffectState,
    IntakeAnswer,
    Opinion,
    Tone,
    WithdrawalStatus,
)
from guiyan.separation.gate import CaseFacts
from guiyan.separation.models import Case, IntakeProof, OutsideEffect, Withdrawal
from guiyan.separation.queries.expecting import NextStep, next_steps
from guiyan.separation.queries.flow import asked_now
from guiyan.separation.queries.permitting import Moment, Reason, may
from guiyan.separation.queries.rows import (
    FileRef,
    Sight,
    file_refs,
    files_of,
    gate_of,
    names_of_users,
    rows_of,
    visible_case,
)
from guiyan.separation.queries.stopping import stopped_because
from guiyan.separation.queries.verdicts import VerdictLine, VerdictView, lines_of, verdict_for, verdict_of_stop


@dataclass(frozen=True, slots=True)
class ClockView:
    """The legal clock: days of notice (None under Arts. 36 and 38), the days that count, and how they follow."""

    notice_days: int | None
    arrived_on: date
    earliest_end: date | None
    last_day: date | None
    days_left: int | None
    agreed: bool
    agreed_by: str
    lines: tuple[VerdictLine, ...]


@dataclass(frozen=True, slots=True)
class LetterView:
    """What was written, for who may read it."""

    basis: str | Promise
    grounds: tuple[str, ...]
    text: str
    reason: str
    wished_last_day: date | None


@dataclass(frozen=True, slots=True)
class Known:
    """Who said 已知悉, when."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Declined:
    """That the company did not accept an offer: who said so, when, and what the employee was told of why."""

    by: str
    at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class IntakeView:
    """Something that came otherwise, its proof, and what the employee said of it. ``about``: which of the two it is."""

    intake_id: UUID
    about: str
    channel: str | Promise
    happened_at: datetime
    recorded_at: datetime
    recorded_by: str
    witness: str
    note: str
    answer: str
    answer_words: str | Promise
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class WithdrawalView:
    """A withdrawal and every answer to it, as the reader may see it."""

    withdrawal_id: UUID
    status: str
    status_words: str | Promise
    channel: str | Promise
    sent_at: datetime | None
    arrived_at: datetime
    in_time: bool
    words: str
    opinion: str
    opinion_words: str | Promise
    opinion_by: str
    opinion_at: datetime | None
    opinion_passed_at: datetime | None
    opinion_note: str
    refused_by: str
    refused_at: datetime | None
    refusal_note: str
    silent_at: datetime | None
    consent_form: str
    consent_words: str | Promise
    consented_by: str
    consented_at: datetime | None
    consent_recorded_by: str
    consent_recorded_at: datetime | None
    consent_note: str


@dataclass(frozen=True, slots=True)
class EffectView:
    """Something outside that has to go back, and how far it is.

    ``keeper`` is the role that does it by hand; ``reply`` what a system or ``settled_by`` said last, ``tries`` how
    often the system was asked in vain. ``may_confirm``: the reader sees to it; ``may_retry``: a system can be asked
    again.
    """

    effect_id: UUID
    kind: str
    name: str | Promise
    state: str
    state_words: str | Promise
    keeper: Words
    ordered_at: datetime
    tries: int
    reply: str
    failed_at: datetime | None
    settled_at: datetime | None
    settled_by: str
    may_confirm: bool
    may_retry: bool


@dataclass(frozen=True, slots=True)
class TrailEvent:
    """One step of the case on the ledger: what in both languages, who, and its hash (hex) and place in the log."""

    at: datetime
    kind: str
    words: str
    words_en: str
    by: str
    leaf: str
    index: int | None


@dataclass(frozen=True, slots=True)
class Told:
    """A message about the case: to whom, what it is called, when it was put there and when opened."""

    to: str
    title: str
    sent_at: datetime
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class CaseView:
    """Everything of a case that one reader sees. Empty where it is not for them; ``sight`` says how much they see.

    ``may`` holds each act the reader's role offers: None when it can be done now, else the reason for a grey button.
    """

    case_id: UUID
    number: str
    person_id: UUID
    name: str
    sight: Sight
    status: str
    status_words: str | Promise
    tone: str
    tone_words: str | Promise
    channel: str | Promise
    opened_at: datetime
    sent_at: datetime | None
    arrived_at: datetime | None
    recorded_by: str
    in_probation: bool
    clock: ClockView | None
    next_steps: tuple[NextStep, ...]
    letter: LetterView | None
    files: tuple[FileRef, ...]
    manager_known: Known | None
    hr_known: Known | None
    declined: Declined | None
    intakes: tuple[IntakeView, ...]
    withdrawals: tuple[WithdrawalView, ...]
    verdict: VerdictView
    effects: tuple[EffectView, ...]
    trail: tuple[TrailEvent, ...]
    told: tuple[Told, ...]
    may: dict[str, Reason]
    ended_on: date | None
    restored_at: datetime | None

    @property
    def withdrawal(self) -> WithdrawalView | None:
        """The newest withdrawal, or None."""
        return self.withdrawals[-1] if self.withdrawals else None


def case_for(viewer: Viewer, case_id: UUID, *, now: datetime | None = None) -> CaseView:
    """Return a case as ``viewer`` may see it. Raises ``NotFound`` for none, known or not.

    The number of queries does not grow with the trail.
    """
    moment = now or platform_clock.now()
    today = platform_clock.legal_day(moment)
    case, ref, sight = visible_case(viewer, case_id, on=today)
    rows = rows_of(case)
    effects = tuple(case.effects.order_by("kind")) if case.restored_at or case.superseded_at else ()
    steps = [] if sight is Sight.BRIEF else ledger.trail(viewer, case.id)
    messages = [] if sight is Sight.BRIEF else notify.messages_of_case(case.id)
    asked = asked_now(viewer, case.id)
    names = _names(rows, effects, steps, messages, {each for step in asked.values() for each in step.who})
    texts = sealing.Texts(case.person_id)
    near = case.last_day is not None and case.status == CaseStatus.RUNNING and schedule.is_near(case.last_day, moment)
    newest = rows.withdrawals[-1] if rows.withdrawals else None
    reads, more = sight in {Sight.SELF, Sight.FULL}, sight is not Sight.BRIEF
    open_acts = Moment(rows, newest, asked, effects, today, near, names)
    return CaseView(
        case_id=case.id,
        number=case.number,
        person_id=case.person_id,
        name=names.get(case.person_id, ""),
        sight=sight,
        status=case.status,
        status_words=CaseStatus(case.status).label,
        tone=case.tone,
        tone_words=Tone(case.tone).label,
        channel=Channel(case.channel).label,
        opened_at=case.opened_at,
        sent_at=case.sent_at,
        arrived_at=case.arrived_at,
        recorded_by=names.get(case.recorded_by, "") if case.recorded_by else "",
        in_probation=case.in_probation,
        clock=_clock(case, names, today, reads=reads),
        next_steps=next_steps(case, newest, sight, near=near, today=today),
        letter=_letter(case, texts) if reads else None,
        files=file_refs(files_of(rows), texts) if reads else (),
        manager_known=_known(case.manager_known_by, case.manager_known_at, names),
        hr_known=_known(case.hr_known_by, case.hr_known_at, names),
        declined=_declined(case, names, texts, reads=reads),
        intakes=tuple(_intake(row, names, texts if reads else None) for row in (rows.intakes if more else ())),
        withdrawals=tuple(_withdrawal(row, names, texts, sight) for row in (rows.withdrawals if more else ())),
        verdict=_verdict(viewer, ref, sight, rows, today),
        effects=tuple(_effect(row, names, viewer, ref) for row in effects),
        trail=tuple(_event(line, names) for line in steps),
        told=tuple(_told(row, names) for row in messages),
        may=may(viewer, ref, open_acts),
        ended_on=case.ended_on,
        restored_at=case.restored_at or case.superseded_at or case.withdrawn_at,
    )


def _verdict(viewer: Viewer, ref: PersonRef, sight: Sight, rows: CaseFacts, today: date) -> VerdictView:
    if rows.case.status != CaseStatus.RUNNING:
        return verdict_of_stop(sight, stopped_because(rows.case))
    return verdict_for(viewer, ref, sight, rows, gate_of(rows, on=today))


def _clock(case: Case, names: dict[UUID, str], today: date, *, reads: bool) -> ClockView | None:
    if case.arrived_at is None:
        return None
    notice = case.basis == Basis.ART_37
    found: Finding[ResignationClock | None] | None = None
    if notice:
        found = gate.clock(case, asks_permission=case.tone != Tone.NOTICE, as_of=today)
    over = case.status not in {*OPEN_STATUSES, CaseStatus.ENDED}
    return ClockView(
        notice_days=found.value.notice_days if found and found.value else None,
        arrived_on=platform_clock.legal_day(case.arrived_at),
        earliest_end=case.earliest_end or (found.value.earliest_end if found and found.value else None),
        last_day=None if over else case.last_day,
        days_left=None if over or case.last_day is None else (case.last_day - today).days,
        agreed=case.agreed_last_day is not None,
        agreed_by=names.get(case.agreed_by, "") if case.agreed_by else "",
        lines=lines_of(found) if found is not None and reads else (),
    )


def _letter(case: Case, texts: sealing.Texts) -> LetterView:
    return LetterView(
        basis=Basis(case.basis).label,
        grounds=tuple(each for each in case.grounds.split(",") if each),
        text=texts.open(case, "letter", case.sealed_letter),
        reason=texts.open(case, "reason", case.sealed_reason),
        wished_last_day=case.wished_last_day,
    )


def _known(by: UUID | None, at: datetime | None, names: dict[UUID, str]) -> Known | None:
    return Known(names.get(by, "") if by else "", at) if at is not None else None


def _declined(case: Case, names: dict[UUID, str], texts: sealing.Texts, *, reads: bool) -> Declined | None:
    if case.declined_at is None:
        return None
    note = texts.open(case, "decline", case.sealed_decline) if reads else ""
    return Declined(names.get(case.declined_by, "") if case.declined_by else "", case.declined_at, note)


def _intake(row: IntakeProof, names: dict[UUID, str], texts: sealing.Texts | None) -> IntakeView:
    return IntakeView(
        intake_id=row.id,
        about="withdrawal" if row.withdrawal_id else "resignation",
        channel=Channel(row.channel).label,
        happened_at=row.happened_at,
        recorded_at=row.recorded_at,
        recorded_by=names.get(row.recorded_by, "") if row.recorded_by else "",
        witness=texts.open(row, "witness", row.sealed_witness) if texts else "",
        note=texts.open(row, "note", row.sealed_note) if texts else "",
        answer=row.answer,
        answer_words=IntakeAnswer(row.answer).label,
        answered_at=row.answered_at,
    )


def _withdrawal(row: Withdrawal, names: dict[UUID, str], texts: sealing.Texts, sight: Sight) -> WithdrawalView:
    """Words are for the employee and HR; the manager's note is for HR and the manager, not for the employee."""
    reads, staff = sight in {Sight.SELF, Sight.FULL}, sight in {Sight.FULL, Sight.MANAGER}

    def opened(field: str, sealed: bytes | memoryview[int] | None, *, may_read: bool) -> str:
        return texts.open(row, field, sealed) if may_read else ""

    def named(identity: UUID | None) -> str:
        return names.get(identity, "") if identity else ""

    return WithdrawalView(
        withdrawal_id=row.id,
        status=row.status,
        status_words=WithdrawalStatus(row.status).label,
        channel=Channel(row.channel).label,
        sent_at=row.sent_at,
        arrived_at=row.arrived_at,
        in_time=row.in_time,
        words=opened("words", row.sealed_words, may_read=reads),
        opinion=row.opinion if staff else "",
        opinion_words=Opinion(row.opinion).label if row.opinion and staff else "",
        opinion_by=named(row.opinion_by),
        opinion_at=row.opinion_at,
        opinion_passed_at=row.opinion_passed_at,
        opinion_note=opened("opinion", row.sealed_opinion, may_read=staff),
        refused_by=named(row.refused_by),
        refused_at=row.refused_at,
        refusal_note=opened("refusal", row.sealed_refusal, may_read=reads),
        silent_at=row.silent_at,
        consent_form=row.consent_form,
        consent_words=ConsentForm(row.consent_form).label if row.consent_form else "",
        consented_by=named(row.consented_by),
        consented_at=row.consented_at,
        consent_recorded_by=named(row.consent_recorded_by),
        consent_recorded_at=row.consent_recorded_at,
        consent_note=opened("consent", row.sealed_consent, may_read=reads),
    )


def _effect(row: OutsideEffect, names: dict[UUID, str], viewer: Viewer, ref: PersonRef) -> EffectView:
    mine = keeping.may_confirm(viewer, row.kind) and allowed(viewer, "separation.confirm_effect", ref)
    failed = row.state == EffectState.FAILED
    return EffectView(
        effect_id=row.id,
        kind=row.kind,
        name=EffectKind(row.kind).label,
        state=row.state,
        state_words=EffectState(row.state).label,
        keeper=keeping.keeper_of(row.kind),
        ordered_at=row.ordered_at,
        tries=row.tries,
        reply=row.reply,
        failed_at=row.failed_at if failed else None,
        settled_at=row.settled_at,
        settled_by=names.get(row.settled_by, "") if row.settled_by else "",
        may_confirm=mine and row.state != EffectState.CONFIRMED,
        may_retry=mine and failed and hookspecs.system_for(row.kind) is not None,
    )


def _event(line: ledger.Line, names: dict[UUID, str]) -> TrailEvent:
    words, english = line.label
    return TrailEvent(
        at=line.entry.at,
        kind=str(line.entry.type),
        words=words,
        words_en=english,
        by=names.get(line.actor[1], "") if line.actor else str(_("系统")),
        leaf=line.leaf.hex(),
        index=line.index,
    )


def _told(row: notify.Letter, names: dict[UUID, str]) -> Told:
    return Told(names.get(row.to, "") if row.to else "", row.title, row.sent_at, row.read_at)


def _names(
    rows: CaseFacts,
    effects: tuple[OutsideEffect, ...],
    steps: list[ledger.Line],
    messages: list[notify.Letter],
    others: set[UUID],
) -> dict[UUID, str]:
    """Return the name of everybody a page of the case mentions, person or account. Two queries."""
    case = rows.case
    asked: set[UUID | None] = {
        case.person_id, case.recorded_by, case.agreed_by, case.manager_known_by, case.hr_known_by, case.ended_by,
        case.declined_by,
    }  # fmt: skip
    for row in rows.withdrawals:
        asked |= {row.opinion_by, row.refused_by, row.consented_by, row.consent_recorded_by}
    asked |= {row.recorded_by for row in rows.intakes} | {row.settled_by for row in effects}
    asked |= {line.actor[1] for line in steps if line.actor}
    asked |= {row.to for row in messages}
    known = others | {each for each in asked if each is not None}
    return names_of_users(known) | names_of(known)
