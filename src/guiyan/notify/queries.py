"""The viewer's own messages, in the language in which they read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page
from django.db.models import Q, QuerySet

from guiyan.notify.models import MailAttempt, Message
from guiyan.notify.wording import is_english
from guiyan.platform.permissions import Viewer
from guiyan.platform.queries import page_of


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as its reader sees it: English where they read English and it was sent in English too, else Chinese.

    ``to`` is the person, else the account, that it was sent to; ``read_at`` when it was first opened.
    """

    pk: UUID
    title: str
    body: str
    link: str
    sent_at: datetime
    read_at: datetime | None
    to: UUID | None


@dataclass(frozen=True, slots=True)
class MailOfCase:
    """A mail about a case: the masked address, the message's title, how far it came, when that was settled."""

    mask: str
    title: str
    state: str
    settled_at: datetime | None


def _own(viewer: Viewer) -> QuerySet[Message]:
    mine = Q(pk__in=[])
    if viewer.person_id is not None:
        mine |= Q(person_id=viewer.person_id)
    if viewer.user_id is not None:
        mine |= Q(user_id=viewer.user_id)
    return Message.objects.filter(mine)


def _letter(row: Message) -> Letter:
    english = is_english() and row.title_en != ""
    title, body = (row.title_en, row.body_en) if english else (row.title, row.body)
    return Letter(row.pk, title, body, row.link, row.sent_at, row.read_at, row.person_id or row.user_id)


def messages(viewer: Viewer, *, unread: bool = False, page: int = 1) -> Page[Any]:
    """Return a page of the viewer's messages, each a ``Letter``, newest first."""
    rows = _own(viewer).order_by("-sent_at", "-pk")
    found = page_of(rows.filter(read_at__isnull=True) if unread else rows, page)
    found.object_list = [_letter(row) for row in found.object_list]
    return found


def message(viewer: Viewer, message_id: UUID) -> Letter | None:
    """Return one of the viewer's own messages, or None."""
    row = _own(viewer).filter(pk=message_id).first()
    return _letter(row) if row is not None else None


def unread_count(viewer: Viewer) -> int:
    """Return how many of the viewer's messages are unread."""
    return _own(viewer).filter(read_at__isnull=True).count()


def messages_of_case(case_id: UUID) -> list[Letter]:
    """Return the messages about a case, oldest first: for the case's own queries, which check the viewer."""
    return [_letter(row) for row in Message.objects.filter(case_id=case_id).order_by("sent_at", "id")]


def mails_of_case(case_id: UUID) -> list[MailOfCase]:
    """Return the mail attempts of a case, oldest first: for the case's own queries, which check the viewer."""
    rows = MailAttempt.objects.filter(message__case_id=case_id).select_related("message").order_by("pk")
    return [MailOfCase(row.mask, _letter(row.message).title, row.state, row.settled_at) for row in rows]
