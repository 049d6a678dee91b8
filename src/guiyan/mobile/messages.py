"""One's own messages: the list, and one of them. Opening is a POST, because that it was read goes on record."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from guiyan.mobile import words
from guiyan.mobile.edge import Me, page, page_number
from guiyan.notify import actions as notify_actions
from guiyan.notify import queries as notify
from guiyan.platform import clock


@page
@require_safe
def index(request: HttpRequest, me: Me) -> HttpResponse:
    """List the messages, newest first, unread ones marked."""
    now = clock.now()
    unread = request.GET.get("unread") == "1"
    found = notify.messages(me.viewer, unread=unread, page=page_number(request))
    context = {
        "found": found,
        "rows": [(row, words.short(row.sent_at, now)) for row in found],
        "only_unread": unread,
        "unread": notify.unread_count(me.viewer),
        "tab": "messages",
    }
    return render(request, "mobile/messages.html", context)


@page
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, me: Me, message_id: UUID) -> HttpResponse:
    """Show one message; a POST opens it, which is recorded once with its time."""
    row = notify.message(me.viewer, message_id)
    if row is None:
        raise Http404
    if request.method == "POST":
        notify_actions.mark_read(me.viewer, message_id=message_id, now=clock.now())
        return redirect("m_message", message_id=message_id)
    context = {
        "row": row,
        "sent": words.moment(row.sent_at),
        "read": words.moment(row.read_at) if row.read_at else "",
        "link": row.link if row.link.startswith("/") and not row.link.startswith("//") else "",
        "back_url": reverse("m_messages"),
    }
    return render(request, "mobile/message.html", context)
