"""The viewer's own messages."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Page
from django.db.models import Q, QuerySet

from guiyan.notify.models import MailAttempt, Message
from guiyan.platform.permissions import Viewer
from guiyan.platform.queries import page_of


def _own(viewer: Viewer) -> QuerySet[Message]:
    mine = Q(pk__in=[])
    if viewer.person_id is not None:
        mine |= Q(person_id=viewer.person_id)
    if viewer.user_id is not None:
        mine |= Q(user_id=viewer.user_id)
    return Message.objects.filter(mine)


def messages(viewer: Viewer, *, unread: bool = False, page: int = 1) -> Page[Any]:
    """Return the viewer's messages, newest first."""
    rows = _own(viewer).order_by("-sent_at", "-pk")
    return page_of(rows.filter(read_at__isnull=True) if unread else rows, page)


def message(viewer: Viewer, message_id: UUID) -> Message | None:
    """Return one of the viewer's own messages, or None."""
    return _own(viewer).filter(pk=message_id).first()


def unread_count(viewer: Viewer) -> int:
    """Return how many of the viewer's messages are unread."""
    return _own(viewer).filter(read_at__isnull=True).count()


def mails_of_case(case_id: UUID) -> list[MailAttempt]:
    """Return the mail attempts of a case, oldest first: for the case's own queries, which check the viewer."""
    return list(MailAttempt.objects.filter(message__case_id=case_id).select_related("message").order_by("pk"))
