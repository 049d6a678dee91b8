"""What the law says of a case, from its rows: the clock, and whether the exit may still be processed.

Facts are read as the gate, not as whoever clicked. What somebody is shown of it is decided in ``queries.verdicts``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from guiyan.kernel.calendar import legal_day
from guiyan.kernel.results import Finding, Verdict
from guiyan.law import resignation as law
from guiyan.law.grounds import Ground, Party
from guiyan.law.moments import When
from guiyan.law.parameters import statutory_parameters
from guiyan.law.protection import ProtectedEnding, ProtectionRuling, protection_gate
from guiyan.law.protection_table import ProtectedStatus
from guiyan.people.queries import GateFacts, ProtectionFact
from guiyan.separation.enums import Basis, Channel, ConsentForm, IntakeAnswer, Tone, WithdrawalStatus
from guiyan.separation.models import Case, Conduct, IntakeProof, Withdrawal

_STATUS = {
    "pregnancy": ProtectedStatus.PREGNANT,
    "maternity": ProtectedStatus.MATERNITY,
    "nursing": ProtectedStatus.NURSING,
    "medical_period": ProtectedStatus.MEDICAL_PERIOD,
    "suspected_occupational_disease": ProtectedStatus.SUSPECTED_OCCUPATIONAL_DISEASE,
    "hazard_no_exit_exam": ProtectedStatus.HAZARD_NO_EXIT_EXAM,
    "union_officer": ProtectedStatus.UNION_OFFICER,
}
_CHANNEL = {
    Channel.APP: law.NoticeChannel.APP,
    Channel.PAPER: law.NoticeChannel.PAPER,
    Channel.WECHAT: law.NoticeChannel.WECHAT,
    Channel.EMAIL: law.NoticeChannel.EMAIL,
    Channel.ORAL: law.NoticeChannel.PHONE,
}
_CONSENT = {
    ConsentForm.WRITTEN: law.Consent.WRITTEN,
    ConsentForm.ORAL: law.Consent.ORAL_AUTHORISED,
}


@dataclass(frozen=True, slots=True)
class AfterLastDay:
    """What HR states of the time after the last day. ``worked_on`` None: the employee did not work any more."""

    worked_on: date | None
    wages_paid: bool
    objected: bool


@dataclass(frozen=True, slots=True)
class ExitGate:
    """Two judgements: may the employer still rely on the resignation, and does a protection stand in its way?"""

    reliance: Finding[law.WithdrawalRuling]
    protection: Finding[ProtectionRuling]

    @property
    def stops(self) -> bool:
        """Whether the exit may not be processed."""
        return self.reliance.verdict.stops or self.protection.verdict.stops


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """The rows of a case that the gate reads."""

    case: Case
    withdrawals: Sequence[Withdrawal]
    conduct: Sequence[Conduct]
    intakes: Sequence[IntakeProof]


def clock(case: Case, *, asks_permission: bool, as_of: date) -> Finding[law.ResignationClock | None]:
    """Return when a resignation that arrived ends the employment (Labour Contract Law, Art. 37)."""
    assert case.arrived_at is not None
    facts = law.ResignationNotice(
        arrived=When.at(case.arrived_at),
        form=law.NoticeForm.ORAL if case.channel == Channel.ORAL else law.NoticeForm.WRITTEN,
        in_probation=case.in_probation,
        asks_permission=asks_permission,
        named_last_day=case.wished_last_day,
        agreed_last_day=case.agreed_last_day,
    )
    return law.resignation_clock(facts, as_of=as_of, region=None, params=statutory_parameters())


def exit_gate(rows: CaseFacts, facts: GateFacts, after: AfterLastDay | None, *, as_of: date) -> ExitGate:
    """Judge whether the exit may be processed on ``as_of``; ``after`` adds what HR states about the time since."""
    params = statutory_parameters()
    reliance = law.resignation_withdrawal(reliance_facts(rows, after), as_of=as_of, region=None, params=params)
    protected = protection_gate(protection_facts(rows, facts), as_of=as_of, region=None, params=params)
    return ExitGate(reliance, protected)


def protection_facts(rows: CaseFacts, facts: GateFacts) -> ProtectedEnding:
    """Return what is known of the person's protections, as the law takes it."""
    return ProtectedEnding(
        statuses=frozenset(_statuses(facts.protections)),
        ground=Ground(rows.case.basis),
        in_probation=facts.in_probation,
        child_birth=None,
        contract_end=facts.contract_end,
        union_term_end=None,
        proposed_by=Party.EMPLOYEE,
    )


def deciding(withdrawals: Iterable[Withdrawal]) -> Withdrawal | None:
    """Return the withdrawal that counts: one that took effect, else the newest that is not disputed."""
    known = [each for each in withdrawals if each.status != WithdrawalStatus.DISPUTED]
    effective = {WithdrawalStatus.CONSENTED, WithdrawalStatus.BEFORE_ARRIVAL}
    took_effect = [each for each in known if each.status in effective]
    return max(took_effect or known, key=lambda each: (each.arrived_at, each.id), default=None)


def _statuses(protections: Iterable[ProtectionFact]) -> Iterable[ProtectedStatus]:
    for fact in protections:
        graded = f"work_injury_grade_{fact.injury_grade}" if fact.kind == "injury" else None
        yield ProtectedStatus(graded) if graded else _STATUS[fact.kind]


def reliance_facts(rows: CaseFacts, after: AfterLastDay | None) -> law.Withdrawal:
    """Return what is known of the resignation and of what came after it, as the law takes it."""
    case = rows.case
    known = replace(
        law.Withdrawal.nothing_known(),
        resignation_sent=When.at(case.sent_at) if case.sent_at else None,
        resignation_arrived=When.at(case.arrived_at) if case.arrived_at else None,
        planned_last_day=case.last_day,
        in_probation=case.in_probation,
        **_form(rows),
        **_conduct(rows.conduct, after),
    )
    withdrawal = deciding(rows.withdrawals)
    if withdrawal is None:
        return known
    refused = withdrawal.status == WithdrawalStatus.REFUSED
    consent = _CONSENT.get(ConsentForm(withdrawal.consent_form)) if withdrawal.consent_form else None
    return replace(
        known,
        withdrawal_made=When.at(withdrawal.sent_at) if withdrawal.sent_at else None,
        withdrawal_arrived=When.at(withdrawal.arrived_at),
        withdrawal_asserted=True,
        employer_consents=law.Consent.REFUSED if refused else consent,
    )


def _form(rows: CaseFacts) -> dict[str, Any]:
    """Say how the notice came. Text on a channel counts when it clearly resigns and is known to be the employee's."""
    case = rows.case
    identity: bool | None = None if case.channel != Channel.APP else True
    for intake in rows.intakes:
        if intake.withdrawal_id is None:
            denied = intake.answer == IntakeAnswer.DENIED
            confirmed = intake.answer == IntakeAnswer.CONFIRMED
            identity = False if denied else True if confirmed or intake.identity_attested else identity
    form = law.NoticeForm.ORAL if case.channel == Channel.ORAL else None
    if case.channel in {Channel.APP, Channel.PAPER}:
        form = law.NoticeForm.WRITTEN
    return {
        "form": form,
        "channel": _CHANNEL[Channel(case.channel)],
        "content_explicit": {Tone.UNCLEAR: None}.get(Tone(case.tone), True),
        "identity_confirmed": identity,
    }


def _conduct(recorded: Sequence[Conduct], after: AfterLastDay | None) -> dict[str, Any]:
    """Say what is known of the time after the last day; a recorded objection counts, also beside work."""
    days = [row.worked_on for row in recorded]
    objected = any(row.objected for row in recorded)
    paid = any(row.wages_paid for row in recorded)
    if after is not None:
        days += [after.worked_on] if after.worked_on else []
        objected, paid = objected or after.objected, paid or after.wages_paid
    if not days:
        return {"wages_paid": paid or None, "continued_attendance": False if after is not None else None}
    return {"still_working_on": max(days), "wages_paid": paid, "employer_objection": objected}


def stop_verdict(gate: ExitGate) -> Verdict:
    """Return the verdict that stops an exit: the reliance's when it stops, else the protection's."""
    return gate.reliance.verdict if gate.reliance.verdict.stops else gate.protection.verdict


def earliest_under_38(case: Case) -> date:
    """Return the earliest last day of a resignation for the employer's fault: the day of its arrival (Art. 38)."""
    assert case.arrived_at is not None
    return legal_day(case.arrived_at)


def counts_from_38(case: Case) -> bool:
    """Whether the case rests on Art. 38, which knows no notice period."""
    return case.basis == Basis.ART_38
