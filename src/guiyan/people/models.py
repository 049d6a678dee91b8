"""Rows of people: organisation, persons, employment spells, and what is dated around them.

A person is not a spell: who comes back is the same person in a new spell. What was true when is kept as dated rows;
days are civil days in Asia/Shanghai, both ends included. No spells, assignments, unit heads or delivery addresses of
one owner overlap: PostgreSQL refuses it (exclusion constraints, see the migrations), and actions say so first.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import models
from django.db.models import F, Q

from guiyan.people.enums import (
    AddressKind,
    BatchState,
    ConfirmedHow,
    ContractKind,
    DocumentType,
    DraftState,
    EndKind,
    PerformanceKind,
    ProtectionKind,
    ProtectionSource,
    RowEffect,
    SensitiveKind,
    Sex,
    SpellStatus,
)
from guiyan.platform.ids import new_id

PATH_MAX = 400


class Unit(models.Model):
    """An organisation unit. ``path`` holds the codes from the top to itself, so that a subtree is a prefix."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    name_key = models.CharField(max_length=300, db_collation="C")
    path = models.CharField(max_length=PATH_MAX, unique=True, db_collation="C")
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "parent", "name", condition=Q(closed_on__isnull=True), name="unit_name_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")), name="unit_closed_after_opened"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """What somebody is employed as, and the family that templates are chosen by."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=100, unique=True)
    name_key = models.CharField(max_length=300, db_collation="C")
    family = models.CharField(max_length=60, blank=True)

    def __str__(self) -> str:
        return self.name


class Person(models.Model):
    """A natural person, whatever their employment. ``name_key`` sorts by pinyin; ``name_search`` is searched."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=100)
    name_key = models.CharField(max_length=300, db_collation="C")
    name_search = models.CharField(max_length=400)
    aliases = models.CharField(max_length=200, blank=True)
    sex = models.CharField(max_length=8, choices=Sex, default=Sex.UNKNOWN)
    education = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["name_key", "id"], name="person_by_name")]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def person_id(self) -> UUID:
        """The person's id, under the name that relations of the role table look for."""
        return self.id


class PersonChange(models.Model):
    """That somebody did something about a person: which act, who, when. A batch is undone only until others acted.

    No foreign key: it stays when a load is undone and its people go.
    """

    id = models.BigAutoField(primary_key=True)
    person_id = models.UUIDField()
    act = models.CharField(max_length=80)
    user_id = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person_id", "id"], name="personchange_person")]

    def __str__(self) -> str:
        return f"{self.act} {self.person_id}"


class SensitiveValue(models.Model):
    """One personal value: encrypted under the person's key, a mask for lists, a blind index for look-up."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="sensitive")
    kind = models.CharField(max_length=20, choices=SensitiveKind)
    document_type = models.CharField(max_length=20, choices=DocumentType, blank=True)
    sealed = models.BinaryField()
    mask = models.CharField(max_length=120)
    index = models.BinaryField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("person", "kind", name="sensitive_once"),
            models.UniqueConstraint("index", condition=Q(kind="id_document"), name="document_once"),
            models.CheckConstraint(
                condition=(Q(kind="id_document") & ~Q(document_type=""))
                | (~Q(kind="id_document") & Q(document_type="")),
                name="sensitive_document_type",
            ),
        ]
        indexes = [models.Index(fields=["kind", "index"], name="sensitive_lookup")]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    @property
    def where(self) -> str:
        """Where the value is sealed: moved to another row or field it does not open."""
        return f"people_sensitivevalue/{self.id}/{self.kind}"


class EmploymentSpell(models.Model):
    """One employment of a person, from the first day to the last. ``latest`` marks the newest of each person.

    ``status`` follows from ``planned_end_on`` and ``ended_on`` and is set by ``actions.employment.settle_status`` only.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="spells")
    number = models.CharField(max_length=40, blank=True)
    hired_on = models.DateField()
    probation_months = models.PositiveSmallIntegerField(null=True)
    probation_last_day = models.DateField(null=True)
    planned_end_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    end_kind = models.CharField(max_length=20, choices=EndKind, blank=True)
    end_ground = models.CharField(max_length=20, blank=True)
    sealed_reason = models.BinaryField(null=True)
    status = models.CharField(max_length=10, choices=SpellStatus, default=SpellStatus.ACTIVE)
    latest = models.BooleanField(default=True)
    insurance_place = models.CharField(max_length=60, blank=True)
    sealed_remark = models.BinaryField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("person", condition=Q(ended_on__isnull=True), name="spell_one_open"),
            models.UniqueConstraint(
                "number", condition=Q(ended_on__isnull=True) & ~Q(number=""), name="spell_number_open_once"
            ),
            models.UniqueConstraint("person", condition=Q(latest=True), name="spell_one_latest"),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("hired_on")), name="spell_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(planned_end_on__isnull=True) | Q(planned_end_on__gte=F("hired_on")),
                name="spell_planned_after_start",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, end_kind="") | (Q(ended_on__isnull=False) & ~Q(end_kind="")),
                name="spell_end_has_kind",
            ),
            models.CheckConstraint(
                condition=Q(status="ended", ended_on__isnull=False)
                | Q(status="leaving", ended_on__isnull=True, planned_end_on__isnull=False)
                | Q(status="active", ended_on__isnull=True, planned_end_on__isnull=True),
                name="spell_status_follows_dates",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "hired_on"], condition=Q(latest=True), name="spell_latest_status"),
            models.Index(fields=["number"], name="spell_number"),
        ]

    def __str__(self) -> str:
        return str(self.id)

    def where(self, field: str) -> str:
        """Where a text of this spell is sealed."""
        return f"people_employmentspell/{self.id}/{field}"


class Assignment(models.Model):
    """Where somebody works during a spell, as what, and under whom when that is not the unit's head."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    spell = models.ForeignKey(EmploymentSpell, on_delete=models.CASCADE, related_name="assignments")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="assignments")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="assignments")
    manager = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="reports")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("spell", condition=Q(valid_to__isnull=True), name="assignment_one_open"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="assignment_days_in_order"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class UnitManager(models.Model):
    """Who heads a unit, from when to when."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="heads")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="headed")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("unit", condition=Q(valid_to__isnull=True), name="head_one_open"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="head_days_in_order"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class ContractBrief(models.Model):
    """A contract in brief: enough to know what binds and until when; the document itself lives elsewhere."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    spell = models.ForeignKey(EmploymentSpell, on_delete=models.CASCADE, related_name="contracts")
    kind = models.CharField(max_length=20, choices=ContractKind)
    number = models.CharField(max_length=60, blank=True)
    start_on = models.DateField()
    end_on = models.DateField(null=True)
    signed_on = models.DateField(null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(end_on__isnull=True) | Q(end_on__gte=F("start_on")), name="contract_days_in_order"
            ),
            models.CheckConstraint(
                condition=~Q(kind="open_ended") | Q(end_on__isnull=True), name="contract_open_ended_has_no_end"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Wage(models.Model):
    """A monthly wage from a day on; both figures are encrypted (decimal text, yuan or per cent).

    The base is empty when a roster gave performance pay alone.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    spell = models.ForeignKey(EmploymentSpell, on_delete=models.CASCADE, related_name="wages")
    valid_from = models.DateField()
    sealed_base = models.BinaryField(null=True)
    performance_kind = models.CharField(max_length=10, choices=PerformanceKind, default=PerformanceKind.NONE)
    sealed_performance = models.BinaryField(null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("spell", "valid_from", name="wage_once_a_day"),
            models.CheckConstraint(
                condition=Q(performance_kind="none", sealed_performance__isnull=True)
                | (~Q(performance_kind="none") & Q(sealed_performance__isnull=False)),
                name="wage_performance_kind",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    def where(self, field: str) -> str:
        """Where one of the figures is sealed."""
        return f"people_wage/{self.id}/{field}"


class Protection(models.Model):
    """A dated fact on which the law protects an employee. Seen by the person, and by HR and legal who serve them."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="protections")
    kind = models.CharField(max_length=40, choices=ProtectionKind)
    injury_grade = models.PositiveSmallIntegerField(null=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    source = models.CharField(max_length=12, choices=ProtectionSource)
    sealed_detail = models.BinaryField(null=True)
    recorded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="protection_days_in_order"
            ),
            models.CheckConstraint(
                condition=Q(injury_grade__isnull=True) | Q(kind="injury", injury_grade__range=(1, 10)),
                name="protection_grade_of_injury",
            ),
        ]
        indexes = [models.Index(fields=["person", "valid_from"], name="protection_person")]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def where(self) -> str:
        """Where the detail is sealed."""
        return f"people_protection/{self.id}/detail"

    def holds_on(self, day: date) -> bool:
        """Whether the fact holds on a day (first and last day included)."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class DeliveryAddress(models.Model):
    """Where notices may be served, as the employee confirmed it; in force from one moment to the next."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="addresses")
    kind = models.CharField(max_length=10, choices=AddressKind)
    sealed = models.BinaryField()
    mask = models.CharField(max_length=120)
    confirmed_at = models.DateTimeField()
    confirmed_how = models.CharField(max_length=10, choices=ConfirmedHow)
    proof_sha256 = models.CharField(max_length=64, blank=True)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("person", "kind", condition=Q(valid_to__isnull=True), name="address_one_open"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="address_times_in_order"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_how="self", proof_sha256="") | (Q(confirmed_how="paper") & ~Q(proof_sha256="")),
                name="address_paper_has_proof",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def where(self) -> str:
        """Where the address is sealed."""
        return f"people_deliveryaddress/{self.id}/{self.kind}"


class ImportBatch(models.Model):
    """One load of a roster: which file, who, when, what it brought."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    filename = models.CharField(max_length=200)
    file_sha256 = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()
    loaded_by = models.UUIDField(null=True)
    counts = models.JSONField()
    last_change = models.BigIntegerField(default=0)
    state = models.CharField(max_length=10, choices=BatchState, default=BatchState.LOADED)
    reversed_at = models.DateTimeField(null=True)
    reversed_by = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["-loaded_at"], name="importbatch_at")]

    def __str__(self) -> str:
        return str(self.id)


class ImportedRow(models.Model):
    """What a batch did to one row of ours. ``sealed_before`` holds the former values of a changed one (JSON)."""

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="rows")
    person_id = models.UUIDField(null=True)
    sheet = models.CharField(max_length=100, blank=True)
    row = models.PositiveIntegerField(null=True)
    table = models.CharField(max_length=40)
    target_id = models.UUIDField()
    effect = models.CharField(max_length=10, choices=RowEffect)
    sealed_before = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("batch", "table", "target_id", name="imported_row_once"),
        ]
        indexes = [models.Index(fields=["person_id"], name="importedrow_person")]

    def __str__(self) -> str:
        return f"{self.effect} {self.table} {self.target_id}"

    @property
    def where(self) -> str:
        """Where the former values are sealed."""
        return f"people_importedrow/{self.batch_id}/{self.table}/{self.target_id}"


class ImportDraft(models.Model):
    """A roster that was handed in: the file as it came, what its owner said of it, and how far reading or loading is.

    File, answers and plan are sealed under a key of the draft's own: discarding the draft destroys the key.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    file_id = models.UUIDField()
    filename = models.CharField(max_length=200)
    file_sha256 = models.CharField(max_length=64)
    file_bytes = models.PositiveIntegerField()
    created_by = models.UUIDField()
    created_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=DraftState, default=DraftState.READING)
    revision = models.PositiveIntegerField(default=1)
    sealed_inputs = models.BinaryField(null=True)
    counts = models.JSONField(default=dict)
    rows_done = models.PositiveIntegerField(default=0)
    rows_total = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=60, blank=True)
    problem_detail = models.CharField(max_length=300, blank=True)
    batch_id = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["created_by", "-created_at"], name="importdraft_owner")]

    def __str__(self) -> str:
        return str(self.id)

    def where(self, part: str) -> str:
        """Where a part of the draft is sealed."""
        return f"people_importdraft/{self.id}/{part}"


class ImportDraftPart(models.Model):
    """One part of a draft's plan (repairs, questions, …), sealed, so that a page reads only what it shows."""

    id = models.BigAutoField(primary_key=True)
    draft = models.ForeignKey(ImportDraft, on_delete=models.CASCADE, related_name="parts")
    kind = models.CharField(max_length=20)
    sealed = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint("draft", "kind", name="importdraft_part_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.draft_id}"
