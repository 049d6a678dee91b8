"""Rows that every tenant has: accounts, roles, the clock, the calendar, deadlines, files, refusals."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from guiyan.platform.ids import new_id


class UserManager(BaseUserManager["User"]):
    """Makes accounts; used by the action that makes accounts and by the sign-in library."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username__iexact=username)


class User(AbstractBaseUser):
    """An account: who signs in. Who that is as a person is known to ``people``; what it may do is in ``RoleGrant``."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    username = models.CharField(max_length=64, unique=True)
    email = models.EmailField(blank=True)
    display_name = models.CharField(max_length=100)
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    person_id = models.UUIDField(null=True, unique=True)

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    is_staff = False  # there is no Django admin
    is_superuser = False

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("username"), name="user_username_ci"),
        ]

    def __str__(self) -> str:
        return self.username

    def get_full_name(self) -> str:
        return self.display_name

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Rights come from the role table alone."""
        return False


class RoleGrant(models.Model):
    """A role that an account holds, everywhere (``unit_id`` null) or for one organisation unit and what is below it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=40)
    unit_id = models.UUIDField(null=True)
    granted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("user", "role", "unit_id", name="grant_once", nulls_distinct=False),
        ]

    def __str__(self) -> str:
        return f"{self.role} of {self.user_id}"


class Clock(models.Model):
    """How far the clock of a simulation runs ahead. A real tenant's role may not write here."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    offset = models.DurationField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="clock_single_row")]

    def __str__(self) -> str:
        return str(self.offset)


class DayTurn(models.Model):
    """The legal day that has begun, and the built-in calendar (by its digest) that the open deadlines rest on."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    day = models.DateField()
    national_sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="day_turn_single_row")]

    def __str__(self) -> str:
        return str(self.day)


class RequestSeen(models.Model):
    """A request with effect, by the id its sender gave it: sent twice, it happens once."""

    id = models.UUIDField(primary_key=True)
    action = models.CharField(max_length=80)
    user_id = models.UUIDField(null=True)
    result = models.JSONField(null=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.action} {self.id}"


class Refusal(models.Model):
    """An act that was refused: who, what, on which object, by which rule. Written after the act was rolled back."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField()
    user_id = models.UUIDField(null=True)
    action = models.CharField(max_length=80)
    rule = models.CharField(max_length=120)
    object_kind = models.CharField(max_length=60, blank=True)
    object_id = models.CharField(max_length=80, blank=True)

    class Meta:
        indexes = [models.Index(fields=["-at"], name="refusal_at")]

    def __str__(self) -> str:
        return f"{self.action}: {self.rule}"


class CalendarDay(models.Model):
    """A day on which this employer's calendar differs from the built-in national one, with the source."""

    day = models.DateField(primary_key=True)
    kind = models.CharField(max_length=20)  # a value of kernel.calendar.DayKind
    name = models.CharField(max_length=60)
    source = models.CharField(max_length=200)
    entered_at = models.DateTimeField()
    entered_by = models.UUIDField(null=True)

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


class CalendarYear(models.Model):
    """A year whose exchange of weekends for holidays this employer entered as announced."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    source = models.CharField(max_length=200)
    entered_at = models.DateTimeField()
    entered_by = models.UUIDField(null=True)

    def __str__(self) -> str:
        return str(self.year)


class Deadline(models.Model):
    """A rule with its start, and the moment it yields; ``handler`` is what happens then.

    ``count`` below zero goes back from the start; ``not_before`` is a day it does not come before.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner_kind = models.CharField(max_length=60)
    owner_id = models.UUIDField()
    purpose = models.CharField(max_length=60)
    unit = models.CharField(max_length=20)
    count = models.IntegerField()
    rolls = models.BooleanField()
    start_event = models.CharField(max_length=60)
    started_at = models.DateTimeField()
    not_before = models.DateField(null=True)
    last_day = models.DateField()
    due_at = models.DateTimeField()
    provisional = models.BooleanField(default=False)
    handler = models.CharField(max_length=80)
    state = models.CharField(max_length=12, default="open")  # open, fired, met, dropped
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("owner_kind", "owner_id", "purpose", name="deadline_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=["open", "fired", "met", "dropped"]), name="deadline_state_known"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(state="open"), name="deadline_open_due"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} due {self.due_at}"


class SubjectKey(models.Model):
    """The key of one subject's data of one retention class, wrapped by the tenant's. Destroying it erases the data."""

    id = models.BigAutoField(primary_key=True)
    subject_id = models.UUIDField()
    retention = models.CharField(max_length=20)
    wrapped = models.BinaryField(null=True)
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("subject_id", "retention", name="subject_key_once"),
            models.CheckConstraint(
                condition=models.Q(wrapped__isnull=False) | models.Q(destroyed_at__isnull=False),
                name="subject_key_there_or_destroyed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_id} {self.retention}"


class StoredFile(models.Model):
    """The bytes of an upload or a made document, encrypted, named by the digest of what they say."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sha256 = models.BinaryField()
    size = models.PositiveIntegerField()
    media_type = models.CharField(max_length=100)
    subject_id = models.UUIDField()
    sealed = models.BinaryField()
    sealed_name = models.BinaryField()
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.id)


class SavedView(models.Model):
    """A list's filter that an account gave a name."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_views")
    page = models.CharField(max_length=40)
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=1000)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("user", "page", "name", name="saved_view_once")]

    def __str__(self) -> str:
        return self.name
