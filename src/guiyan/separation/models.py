"""Rows of separation: cases, what came and how, withdrawals and the answers to them, signatures, outside effects.

What people wrote is sealed under the person's own key. Moments are aware; days are civil days in Asia/Shanghai.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from guiyan.platform.ids import new_id
from guiyan.separation.enums import (
    OPEN_STATUSES,
    Basis,
    CaseKind,
    CaseStatus,
    Channel,
    ConsentForm,
    EffectKind,
    EffectState,
    IdentityMethod,
    IntakeAnswer,
    Opinion,
    SignatureKind,
    Tone,
    WithdrawalStatus,
)


class CaseCounter(models.Model):
    """The last number given in a year. Its row is locked until the commit, so that no number is lost or given twice."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class Case(models.Model):
    """One resignation of one employment spell. ``status`` follows from the other columns.

    ``sent_at`` is when the employee sent or said it, ``arrived_at`` when it reached the employer as a valid notice.
    ``wished_last_day`` is the employee's, ``earliest_end`` the law's, ``agreed_last_day`` both sides'; ``last_day`` is
    the one that counts. ``agreement_file`` is the signed agreement on it; ``accepted_by`` or ``declined_by`` is who
    answered an offer.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=20, choices=CaseKind, default=CaseKind.RESIGNATION)
    person_id = models.UUIDField()
    spell_id = models.UUIDField()
    status = models.CharField(max_length=20, choices=CaseStatus)
    channel = models.CharField(max_length=10, choices=Channel)
    opened_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    recorded_by = models.UUIDField(null=True)
    basis = models.CharField(max_length=4, choices=Basis)
    grounds = models.CharField(max_length=80, blank=True)
    sealed_letter = models.BinaryField(null=True)
    sealed_reason = models.BinaryField(null=True)
    tone = models.CharField(max_length=10, choices=Tone)
    tone_read = models.CharField(max_length=10)
    tone_settled_by = models.UUIDField(null=True)
    tone_settled_at = models.DateTimeField(null=True)
    in_probation = models.BooleanField()
    wished_last_day = models.DateField(null=True)
    earliest_end = models.DateField(null=True)
    agreed_last_day = models.DateField(null=True)
    agreed_by = models.UUIDField(null=True)
    agreed_at = models.DateTimeField(null=True)
    agreement_file = models.UUIDField(null=True)
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.UUIDField(null=True)
    declined_at = models.DateTimeField(null=True)
    declined_by = models.UUIDField(null=True)
    sealed_decline = models.BinaryField(null=True)
    last_day = models.DateField(null=True)
    letter_file = models.UUIDField(null=True)
    receipt_file = models.UUIDField(null=True)
    instance_id = models.UUIDField(null=True)
    manager_known_at = models.DateTimeField(null=True)
    manager_known_by = models.UUIDField(null=True)
    hr_known_at = models.DateTimeField(null=True)
    hr_known_by = models.UUIDField(null=True)
    denied_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    restored_at = models.DateTimeField(null=True)
    superseded_at = models.DateTimeField(null=True)
    ended_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "spell_id", condition=Q(status__in=[each.value for each in OPEN_STATUSES]), name="case_one_open"
            ),
            models.CheckConstraint(
                condition=~Q(status="running") | Q(arrived_at__isnull=False, last_day__isnull=False),
                name="case_running_has_clock",
            ),
            models.CheckConstraint(
                condition=Q(status="ended", ended_on__isnull=False) | (~Q(status="ended") & Q(ended_on__isnull=True)),
                name="case_ended_has_day",
            ),
            models.CheckConstraint(
                condition=Q(agreed_last_day__isnull=True) | Q(agreed_at__isnull=False), name="case_agreed_by_somebody"
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(declined_at__isnull=True), name="case_offer_answered_once"
            ),
        ]
        indexes = [
            models.Index(fields=["person_id", "-opened_at"], name="case_person"),
            models.Index(fields=["status", "last_day"], name="case_status_day"),
            models.Index(fields=["-opened_at"], name="case_opened"),
        ]

    def __str__(self) -> str:
        return self.number

    def where(self, field: str) -> str:
        """Where a text of this case is sealed."""
        return f"separation_case/{self.id}/{field}"


class Withdrawal(models.Model):
    """That the employee takes a resignation back, and what the employer answered. ``status`` follows from the rest.

    ``consented_at`` is when the consent was given (orally: said; by conduct: shown), ``consent_recorded_at`` when it
    was entered here; ``consented_by`` whose consent it is (a person; empty for conduct).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="withdrawals")
    status = models.CharField(max_length=20, choices=WithdrawalStatus)
    channel = models.CharField(max_length=10, choices=Channel)
    sent_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True)
    sealed_words = models.BinaryField(null=True)
    letter_file = models.UUIDField(null=True)
    receipt_file = models.UUIDField(null=True)
    instance_id = models.UUIDField(null=True)
    in_time = models.BooleanField(default=False)
    opinion = models.CharField(max_length=10, choices=Opinion, blank=True)
    opinion_by = models.UUIDField(null=True)
    opinion_at = models.DateTimeField(null=True)
    opinion_passed_at = models.DateTimeField(null=True)
    sealed_opinion = models.BinaryField(null=True)
    refused_at = models.DateTimeField(null=True)
    refused_by = models.UUIDField(null=True)
    sealed_refusal = models.BinaryField(null=True)
    silent_at = models.DateTimeField(null=True)
    consent_form = models.CharField(max_length=10, choices=ConsentForm, blank=True)
    consented_at = models.DateTimeField(null=True)
    consented_by = models.UUIDField(null=True)
    consent_recorded_at = models.DateTimeField(null=True)
    consent_recorded_by = models.UUIDField(null=True)
    sealed_consent = models.BinaryField(null=True)
    denied_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "case", condition=Q(status__in=["pending", "unanswered"]), name="withdrawal_one_open"
            ),
            models.CheckConstraint(
                condition=Q(status="consented", consented_at__isnull=False) | ~Q(status="consented"),
                name="withdrawal_consent_dated",
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(sent_at__lte=F("arrived_at")), name="withdrawal_sent_first"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.status} {self.id}"

    def where(self, field: str) -> str:
        """Where a text of this withdrawal is sealed."""
        return f"separation_withdrawal/{self.id}/{field}"


class IntakeProof(models.Model):
    """How HR knows of something that did not come through the system, and what the employee said of it.

    ``identity_attested``: HR states that the account or the hand is known to be the employee's.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="intakes")
    withdrawal = models.OneToOneField(Withdrawal, on_delete=models.PROTECT, null=True, related_name="intake")
    channel = models.CharField(max_length=10, choices=Channel)
    happened_at = models.DateTimeField()
    scan_file = models.UUIDField(null=True)
    identity_attested = models.BooleanField(null=True)
    sealed_witness = models.BinaryField(null=True)
    sealed_note = models.BinaryField(null=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True)
    answer = models.CharField(max_length=10, choices=IntakeAnswer, default=IntakeAnswer.ASKED)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="asked", answered_at__isnull=True)
                | (~Q(answer="asked") & Q(answered_at__isnull=False)),
                name="intake_answer_dated",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.id}"

    def where(self, field: str) -> str:
        """Where a text of this intake is sealed."""
        return f"separation_intakeproof/{self.id}/{field}"


class ElectronicFormAgreement(models.Model):
    """That an employee agreed to write to the employer in electronic form: to which words, when."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person_id = models.UUIDField()
    text_sha256 = models.CharField(max_length=64)
    agreed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("person_id", "text_sha256", name="form_agreed_once")]

    def __str__(self) -> str:
        return str(self.id)


class Signature(models.Model):
    """A signature by hand on a screen: what was shown and for how long, who proved to be there, the strokes."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="signatures")
    withdrawal = models.ForeignKey(Withdrawal, on_delete=models.PROTECT, null=True, related_name="signatures")
    kind = models.CharField(max_length=20, choices=SignatureKind)
    person_id = models.UUIDField()
    document_file = models.UUIDField()
    document_sha256 = models.CharField(max_length=64)
    opened_at = models.DateTimeField()
    reached_end = models.BooleanField()
    seconds_read = models.PositiveIntegerField()
    sealed_strokes = models.BinaryField()
    sealed_png = models.BinaryField()
    identity_method = models.CharField(max_length=20, choices=IdentityMethod)
    identity_at = models.DateTimeField()
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(reached_end=True), name="signature_after_reading")]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    def where(self, field: str) -> str:
        """Where the strokes and the picture are sealed."""
        return f"separation_signature/{self.id}/{field}"


class Conduct(models.Model):
    """What somebody recorded of the time after the planned last day: work, pay, and whether the employer objected."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="conduct")
    worked_on = models.DateField()
    wages_paid = models.BooleanField(null=True)
    objected = models.BooleanField()
    sealed_source = models.BinaryField(null=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True)

    def __str__(self) -> str:
        return str(self.id)

    def where(self, field: str) -> str:
        """Where a text of this row is sealed."""
        return f"separation_conduct/{self.id}/{field}"


class TakenRole(models.Model):
    """A role that an account lost when its owner's employment ended, so that it can be given back."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="taken_roles")
    user_id = models.UUIDField()
    role = models.CharField(max_length=40)
    unit_id = models.UUIDField(null=True)
    given_back_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.role


class OutsideEffect(models.Model):
    """Something outside our rows that has to go back after a withdrawal; on screen until somebody confirms it.

    ``reply`` is what a system or a person said of it last, ``failed_at`` when it last did not succeed.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="effects")
    kind = models.CharField(max_length=20, choices=EffectKind)
    state = models.CharField(max_length=10, choices=EffectState, default=EffectState.ORDERED)
    ordered_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    reply = models.CharField(max_length=300, blank=True)
    failed_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("case", "kind", name="effect_once"),
            models.CheckConstraint(
                condition=~Q(state="failed") | Q(failed_at__isnull=False), name="effect_failed_dated"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"
