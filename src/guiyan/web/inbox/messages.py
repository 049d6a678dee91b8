"""One's own messages on the desktop. Opening is a POST, because that it was read goes on record."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from guiyan.notify import actions as notify_actions
from guiyan.notify import queries as notify
from guiyan.platform import clock
from guiyan.platform.permissions import Viewer
from guiyan.ui.values import Column, Crumb, Tab
from guiyan.web.edge import is_fragment, page, page_number


@page
@require_safe
def index(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """List the viewer's messages, newest first."""
    only_unread = request.GET.get("unread") == "1"
    unread = notify.unread_count(viewer)
    url = reverse("messages")
    context = {
        "found": notify.messages(viewer, unread=only_unread, page=page_number(request)),
        "only_unread": only_unread,
        "tabs": [
            Tab(_("全部"), url, active=not only_unread),
            Tab(_("未读"), f"{url}?unread=1", count=unread, active=only_unread),
        ],
        "columns": [Column(_("消息")), Column(_("时间")), Column(_("状态"))],
    }
    template = "web/inbox/_messages.html" if is_fragment(request, "messages") else "web/inbox/messages.html"
    return render(request, template, context)


@page
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, viewer: Viewer, message_id: UUID) -> HttpResponse:
    """Show one message; a POST opens it, which is recorded once with its time."""
    row = notify.message(viewer, message_id)
    if row is None:
        raise Http404
    if request.method == "POST":
        notify_actions.mark_read(viewer, message_id=message_id, now=clock.now())
        return redirect("message", message_id=message_id)
    context = {
        "row": row,
        "link": row.link if row.link.startswith("/") and not row.link.startswith("//") else "",
        "crumbs": [Crumb(_("我的消息"), reverse("messages")), Crumb(row.title)],
    }
    return render(request, "web/inbox/message.html", context)
