"""Rows of processes: versions of diagrams, instances, the tasks they put before people, and the trail of it all.

The row of a case says what is true; an instance is its to-do list. Whoever changes an instance or anything that hangs
on it locks the instance's row first, so that two clicks at once come one after the other.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from guiyan.platform.ids import new_id
from guiyan.process.enums import Fallback, How, InstanceStatus, TaskState, What

NAME_MAX = 80
TITLE_MAX = 120


class ProcessVersion(models.Model):
    """A diagram that was found sound, byte for byte. ``number`` counts from 1 for each key; none is ever changed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(max_length=60)
    number = models.PositiveIntegerField()
    source = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    title = models.CharField(max_length=NAME_MAX)
    title_en = models.CharField(max_length=NAME_MAX, blank=True)
    activated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("key", "number", name="process_version_number_once"),
            models.UniqueConstraint("key", "sha256", name="process_version_bytes_once"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.number}"


class Instance(models.Model):
    """A running or ended process of a case, pinned to its version. ``state`` is what ``runtime.Instance`` writes."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case_kind = models.CharField(max_length=60)
    case_id = models.UUIDField()
    key = models.CharField(max_length=60)
    version = models.ForeignKey(ProcessVersion, on_delete=models.PROTECT, related_name="instances")
    state = models.JSONField()
    status = models.CharField(max_length=12)
    outcome = models.CharField(max_length=60, blank=True)
    subject_person_id = models.UUIDField(null=True)
    title = models.CharField(max_length=TITLE_MAX)
    arrival = models.DateTimeField(null=True)
    last_day = models.DateField(null=True)
    started_by_user = models.UUIDField(null=True)
    started_by_person = models.UUIDField(null=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "case_id", "key", condition=Q(status=InstanceStatus.RUNNING.value), name="process_runs_once_a_case"
            ),
            models.CheckConstraint(
                condition=Q(status__in=[each.value for each in InstanceStatus]), name="process_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status=InstanceStatus.RUNNING.value, ended_at__isnull=True)
                | (~Q(status=InstanceStatus.RUNNING.value) & Q(ended_at__isnull=False)),
                name="process_ended_when_over",
            ),
        ]
        indexes = [
            models.Index(fields=["case_id"], name="process_case"),
            models.Index(fields=["subject_person_id"], name="process_subject"),
            models.Index(fields=["started_by_user", "-started_at"], name="process_started_by"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.id}"


class Task(models.Model):
    """A step that asks somebody. Its due moment is kept in a deadline of the platform, never twice.

    ``done_for_*`` names who was away when a delegate did it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    instance = models.ForeignKey(Instance, on_delete=models.PROTECT, related_name="tasks")
    number = models.PositiveIntegerField()
    key = models.CharField(max_length=70)
    node = models.CharField(max_length=60)
    name = models.CharField(max_length=NAME_MAX)
    name_en = models.CharField(max_length=NAME_MAX, blank=True)
    form = models.CharField(max_length=60)
    role = models.CharField(max_length=40)
    state = models.CharField(max_length=12, default=TaskState.OPEN.value)
    fallback = models.CharField(max_length=12, blank=True)
    opened_at = models.DateTimeField()
    due_days = models.SmallIntegerField(null=True)
    due_working = models.BooleanField(default=True)
    due_anchor = models.CharField(max_length=20, blank=True)
    escalate_to = models.CharField(max_length=40, blank=True)
    claimed_by = models.UUIDField(null=True)
    closed_at = models.DateTimeField(null=True)
    done_by_user = models.UUIDField(null=True)
    done_by_person = models.UUIDField(null=True)
    done_for_user = models.UUIDField(null=True)
    done_for_person = models.UUIDField(null=True)
    answers = models.JSONField(default=dict)
    overdue_at = models.DateTimeField(null=True)
    reminders = models.PositiveSmallIntegerField(default=0)
    reminded_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("instance", "key", name="task_key_once"),
            models.UniqueConstraint("instance", "number", name="task_number_once"),
            models.CheckConstraint(condition=Q(state__in=[each.value for each in TaskState]), name="task_state_known"),
            models.CheckConstraint(
                condition=Q(fallback__in=[each.value for each in Fallback]), name="task_fallback_known"
            ),
            models.CheckConstraint(
                condition=Q(state=TaskState.OPEN.value, closed_at__isnull=True)
                | (~Q(state=TaskState.OPEN.value) & Q(closed_at__gte=F("opened_at"))),
                name="task_closed_when_not_open",
            ),
            models.CheckConstraint(
                condition=Q(state=TaskState.DONE.value)
                | Q(done_by_user__isnull=True, done_by_person__isnull=True, done_for_user__isnull=True),
                name="task_done_by_only_when_done",
            ),
        ]
        indexes = [
            models.Index(fields=["instance"], condition=Q(state=TaskState.OPEN.value), name="task_open"),
            models.Index(fields=["done_by_user", "-closed_at"], name="task_done_by"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.state}"


class TaskCandidate(models.Model):
    """Somebody whom a task asks, by account, person or both, in this order; ``removed_at`` when given to another."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="candidates")
    user_id = models.UUIDField(null=True)
    person_id = models.UUIDField(null=True)
    number = models.PositiveSmallIntegerField(default=0)
    how = models.CharField(max_length=12)
    since = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(user_id__isnull=False) | Q(person_id__isnull=False), name="candidate_is_somebody"
            ),
            models.CheckConstraint(condition=Q(how__in=[each.value for each in How]), name="candidate_how_known"),
            models.UniqueConstraint(
                "task", "user_id", condition=Q(removed_at__isnull=True), name="candidate_account_once"
            ),
            models.UniqueConstraint(
                "task", "person_id", condition=Q(removed_at__isnull=True), name="candidate_person_once"
            ),
        ]
        indexes = [
            models.Index(fields=["user_id"], condition=Q(removed_at__isnull=True), name="candidate_user"),
            models.Index(fields=["person_id"], condition=Q(removed_at__isnull=True), name="candidate_person"),
        ]

    def __str__(self) -> str:
        return f"{self.how} {self.task_id}"


class Delegation(models.Model):
    """Somebody is away from one civil day to another, both included: their tasks are put before the delegate too."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    from_user = models.UUIDField()
    from_person = models.UUIDField(null=True)
    to_user = models.UUIDField()
    to_person = models.UUIDField(null=True)
    first_day = models.DateField()
    last_day = models.DateField()
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="delegation_days_in_order"),
            models.CheckConstraint(condition=~Q(from_user=F("to_user")), name="delegation_to_another"),
        ]
        indexes = [models.Index(fields=["to_user"], condition=Q(ended_at__isnull=True), name="delegation_to")]

    def __str__(self) -> str:
        return f"{self.first_day} to {self.last_day}"


class Copy(models.Model):
    """抄送: somebody is shown an instance without being asked anything."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    instance = models.ForeignKey(Instance, on_delete=models.PROTECT, related_name="copies")
    user_id = models.UUIDField(null=True)
    person_id = models.UUIDField(null=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(user_id__isnull=False) | Q(person_id__isnull=False), name="copy_is_to_somebody"
            ),
            models.UniqueConstraint("instance", "user_id", name="copy_account_once"),
            models.UniqueConstraint("instance", "person_id", name="copy_person_once"),
        ]
        indexes = [
            models.Index(fields=["user_id", "-at"], name="copy_user"),
            models.Index(fields=["person_id", "-at"], name="copy_person"),
        ]

    def __str__(self) -> str:
        return f"copy of {self.instance_id}"


class TrailLine(models.Model):
    """One thing that happened to an instance. Written once; what people wrote is sealed under the subject's key.

    ``detail`` is a code without personal data; ``for_*`` names whom the doer stood in for.
    """

    instance = models.ForeignKey(Instance, on_delete=models.PROTECT, related_name="trail")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, null=True, related_name="trail")
    at = models.DateTimeField()
    what = models.CharField(max_length=12)
    user_id = models.UUIDField(null=True)
    person_id = models.UUIDField(null=True)
    for_user = models.UUIDField(null=True)
    for_person = models.UUIDField(null=True)
    detail = models.CharField(max_length=60, blank=True)
    sealed_words = models.BinaryField(null=True)
    sealed_for = models.UUIDField(null=True)
    seal = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(what__in=[each.value for each in What]), name="trail_what_known"),
        ]
        indexes = [
            models.Index(fields=["instance", "id"], name="trail_instance"),
            models.Index(fields=["-at", "-id"], name="trail_at"),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.instance_id}"
