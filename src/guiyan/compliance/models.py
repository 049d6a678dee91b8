"""Rows of compliance. Facts about people are sealed under the person's own key; clear columns hold codes and days."""

from __future__ import annotations

from uuid import UUID

from django.db import models
from django.db.models import F, Q

from guiyan.compliance.enums import FindingKind, ImpactKind, RunState, Severity
from guiyan.kernel.results import Verdict
from guiyan.platform.ids import new_id

VERDICTS = [each.value for each in Verdict]


class Note(models.Model):
    """What somebody worked out at the law workbench and kept: title, text, what was entered, what came out.

    Sealed under the key of the person it is about, else of the account that made it. Never changed.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case_id = models.UUIDField(null=True)
    person_id = models.UUIDField(null=True)
    made_by = models.UUIDField()
    made_at = models.DateTimeField()
    sealed_title = models.BinaryField()
    sealed_text = models.BinaryField()
    sealed_inputs = models.BinaryField()
    sealed_result = models.BinaryField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(case_id__isnull=True) | Q(person_id__isnull=False),
                name="note_case_has_person",
            ),
        ]
        indexes = [
            models.Index(fields=["case_id", "-made_at"], name="note_case"),
            models.Index(fields=["person_id", "-made_at"], name="note_person"),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def key_id(self) -> UUID:
        """Whose key seals the note."""
        return self.person_id or self.made_by

    def where(self, field: str) -> str:
        """Where the content of one field is sealed."""
        return f"compliance_note/{self.id}/{field}"


class OwnParameter(models.Model):
    """A dated figure that the employer entered for one of its places. The value itself is never changed.

    It counts from the moment somebody other than who entered it checked it, until it is withdrawn. Two checked figures
    of one key and place never begin on the same day; a later one supersedes an earlier one from its own first day.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(max_length=80)
    region = models.CharField(max_length=20)
    figure = models.CharField(max_length=80)
    effective_from = models.DateField()
    effective_to = models.DateField(null=True)
    source_title = models.CharField(max_length=200)
    source_number = models.CharField(max_length=100, blank=True)
    source_words = models.CharField(max_length=300, blank=True)
    statistic = models.CharField(max_length=100, blank=True)
    reason = models.CharField(max_length=1000, blank=True)
    proposed_by = models.UUIDField()
    proposed_at = models.DateTimeField()
    checked_by = models.UUIDField(null=True)
    checked_at = models.DateTimeField(null=True)
    impact_id = models.UUIDField(null=True)
    withdrawn_by = models.UUIDField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "key",
                "region",
                "effective_from",
                condition=Q(checked_at__isnull=False, withdrawn_at__isnull=True),
                name="ownparameter_counts_once",
            ),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gte=F("effective_from")),
                name="ownparameter_days_in_order",
            ),
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True, checked_at__isnull=True, impact_id__isnull=True)
                | (
                    Q(checked_by__isnull=False, checked_at__isnull=False, impact_id__isnull=False)
                    & ~Q(checked_by=F("proposed_by"))
                ),
                name="ownparameter_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_by__isnull=True, withdrawn_at__isnull=True, withdrawn_reason="")
                | (Q(withdrawn_by__isnull=False, withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")),
                name="ownparameter_withdrawn_with_reason",
            ),
        ]
        indexes = [models.Index(fields=["key", "region", "-effective_from"], name="ownparameter_place")]

    def __str__(self) -> str:
        return f"{self.key} {self.region} {self.effective_from}"


class StoredFinding(models.Model):
    """What the law said of one person's facts, on a day, in a place, with a version of the law. Never changed.

    Facts and result are sealed under the person's key. ``verdict`` is empty for a calculation. ``parameters`` lists the
    figures used by key, region and first day. The same facts judged again make a row that names the former one.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person_id = models.UUIDField()
    case_id = models.UUIDField(null=True)
    kind = models.CharField(max_length=10, choices=FindingKind)
    topic = models.CharField(max_length=80)
    verdict = models.CharField(max_length=30, blank=True)
    as_of = models.DateField()
    region = models.CharField(max_length=20, blank=True)
    law_version = models.CharField(max_length=60)
    parameters = models.JSONField()
    made_by = models.UUIDField(null=True)
    made_at = models.DateTimeField()
    supersedes = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="superseded_by")
    sealed_facts = models.BinaryField()
    sealed_result = models.BinaryField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict__in=VERDICTS) | (Q(verdict="") & Q(kind="topic")), name="finding_verdict_known"
            ),
            models.CheckConstraint(
                condition=Q(supersedes__isnull=True) | ~Q(supersedes=F("id")), name="finding_supersedes_another"
            ),
        ]
        indexes = [
            models.Index(fields=["person_id", "-made_at"], name="finding_person"),
            models.Index(fields=["case_id", "-made_at"], name="finding_case"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.topic} {self.id}"

    @property
    def key_id(self) -> UUID:
        """Whose key seals the finding."""
        return self.person_id

    def where(self, field: str) -> str:
        """Where the content of one field is sealed."""
        return f"compliance_storedfinding/{self.id}/{field}"


class AcceptedRisk(models.Model):
    """That a named person let a finding pass that could not be judged, and why (sealed). Never changed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    finding = models.OneToOneField(StoredFinding, on_delete=models.PROTECT, related_name="risk")
    person_id = models.UUIDField()
    accepted_by = models.UUIDField()
    accepted_at = models.DateTimeField()
    sealed_reason = models.BinaryField()

    def __str__(self) -> str:
        return str(self.id)

    @property
    def key_id(self) -> UUID:
        """Whose key seals the reason."""
        return self.person_id

    def where(self, field: str) -> str:
        """Where the reason is sealed."""
        return f"compliance_acceptedrisk/{self.id}/{field}"


class ImpactRun(models.Model):
    """A computation of which answers change: by figures put to use or withdrawn, or by the law now installed.

    ``cursor`` is the last finding that was looked at; ``total`` counts findings and open cases to look at, ``skipped``
    those whose person's data was erased. ``state`` is set by ``actions.impact`` alone.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=12, choices=ImpactKind)
    proposals = models.JSONField(default=list)
    withdrawals = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=RunState, default=RunState.RUNNING)
    law_version = models.CharField(max_length=60)
    asked_by = models.UUIDField(null=True)
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    cursor = models.UUIDField(null=True)
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="done", finished_at__isnull=False) | (~Q(state="done") & Q(finished_at__isnull=True)),
                name="impactrun_done_dated",
            ),
        ]
        indexes = [models.Index(fields=["-asked_at"], name="impactrun_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class ImpactRow(models.Model):
    """One finding or open case whose answer changes; both answers are sealed under the person's key."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    run = models.ForeignKey(ImpactRun, on_delete=models.CASCADE, related_name="rows")
    person_id = models.UUIDField()
    finding_id = models.UUIDField(null=True)
    case_id = models.UUIDField(null=True)
    number = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=10, choices=FindingKind)
    topic = models.CharField(max_length=80)
    as_of = models.DateField()
    region = models.CharField(max_length=20, blank=True)
    severity = models.PositiveSmallIntegerField(choices=Severity)
    sealed_before = models.BinaryField()
    sealed_after = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["run", "severity", "id"], name="impactrow_worst_first")]

    def __str__(self) -> str:
        return f"{self.topic} {self.id}"

    @property
    def key_id(self) -> UUID:
        """Whose key seals the answers."""
        return self.person_id

    def where(self, field: str) -> str:
        """Where one of the answers is sealed."""
        return f"compliance_impactrow/{self.id}/{field}"
