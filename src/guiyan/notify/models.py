"""Messages and the attempts to send them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from guiyan.notify.enums import MailState
from guiyan.notify.wording import BODY_EN_MAX, BODY_MAX, TITLE_EN_MAX, TITLE_MAX
from guiyan.platform.ids import new_id


class Message(models.Model):
    """A message to one account or person, as the in-app inbox shows it. Its words never change.

    ``title_en`` and ``body_en`` are empty in a message that was sent in Chinese only.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user_id = models.UUIDField(null=True)
    person_id = models.UUIDField(null=True)
    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=TITLE_MAX)
    body = models.TextField(max_length=BODY_MAX)
    title_en = models.CharField(max_length=TITLE_EN_MAX, blank=True, default="")
    body_en = models.TextField(max_length=BODY_EN_MAX, blank=True, default="")
    link = models.CharField(max_length=200, blank=True)
    case_id = models.UUIDField(null=True)
    sent_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(user_id__isnull=False) | Q(person_id__isnull=False), name="message_to_somebody"
            ),
            models.CheckConstraint(
                condition=Q(read_at__isnull=True) | Q(read_at__gte=F("sent_at")), name="message_read_after_sent"
            ),
            models.CheckConstraint(
                condition=Q(title_en="", body_en="") | ~(Q(title_en="") | Q(body_en="")), name="message_english_whole"
            ),
        ]
        indexes = [
            models.Index(fields=["person_id", "-sent_at"], name="message_person"),
            models.Index(fields=["user_id", "-sent_at"], name="message_user"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class MailAttempt(models.Model):
    """A message on its way by mail. The address is kept sealed and masked; the server's reply in its own words."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="mails")
    sealed_address = models.BinaryField()
    mask = models.CharField(max_length=80)
    subject_id = models.UUIDField()
    state = models.CharField(max_length=12, default=MailState.QUEUED.value)
    tries = models.PositiveSmallIntegerField(default=0)
    reply = models.CharField(max_length=300, blank=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in MailState]), name="mail_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.id}"
