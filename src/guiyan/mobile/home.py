"""The first page on the phone: how my matter stands, what I am asked, what I can do."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from guiyan.mobile import words
from guiyan.mobile.edge import Me, page
from guiyan.notify import queries as notify
from guiyan.people import queries as people
from guiyan.people.enums import SpellStatus
from guiyan.platform import clock

MESSAGES_SHOWN = 3


@dataclass(frozen=True)
class Asked:
    """A line of what the employee is asked or told; ``opens`` makes it a POST, which records the opening."""

    title: str
    note: str
    url: str
    icon: str
    tone: str = "brand"
    unread: bool = False
    opens: bool = False


@dataclass(frozen=True)
class Offer:
    """Something the employee can do from here."""

    label: str
    url: str
    icon: str


@page
@require_safe
def index(request: HttpRequest, me: Me) -> HttpResponse:
    """Show the viewer's own day."""
    now = clock.now()
    shown = people.profile(me.viewer, me.person_id)
    latest = next((spell for spell in shown.spells if spell.latest), None)
    place = [shown.unit, shown.post, SpellStatus(latest.status).label if latest else ""]
    unread = notify.unread_count(me.viewer)
    context = {
        "greeting": _("%(name)s，%(greeting)s") % {"name": shown.name, "greeting": words.greeting(now)},
        "name": shown.name,
        "place": [str(part) for part in place if part],
        "asked": _asked(me, shown, unread),
        "unread": unread,
        "offers": _offers(latest.status if latest else ""),
        "hr": [account.name for account in people.hr_of(me.person_id, clock.legal_day(now))],
        "tab": "home",
    }
    return render(request, "mobile/home.html", context)


def _asked(me: Me, shown: people.Profile, unread: int) -> list[Asked]:
    lines: list[Asked] = []
    now = clock.now()
    if unread:
        lines += [
            Asked(
                row.title,
                _("未读消息，%(when)s") % {"when": words.short(row.sent_at, now)},
                reverse("m_message", kwargs={"message_id": row.pk}),
                "mail",
                unread=True,
                opens=True,
            )
            for row in list(notify.messages(me.viewer, unread=True))[:MESSAGES_SHOWN]
        ]
        more = unread - MESSAGES_SHOWN
        if more > 0:
            note = ngettext("还有 %(n)d 条未读消息", "还有 %(n)d 条未读消息", more) % {"n": more}
            lines.append(Asked(_("查看全部消息"), note, reverse("m_messages"), "messages", "neutral"))
    if shown.addresses is not None and not any(row.valid_to is None for row in shown.addresses):
        note = _("公司会把重要通知送到您确认过的地方")
        lines.append(Asked(_("确认送达地址"), note, reverse("m_addresses"), "map-pin", "warn"))
    return lines


def _offers(status: str) -> list[Offer]:
    return [
        Offer(_("送达地址"), reverse("m_addresses"), "map-pin"),
        Offer(_("我的档案"), reverse("m_profile"), "user-circle"),
        Offer(_("我的消息"), reverse("m_messages"), "messages"),
        Offer(_("登录安全"), reverse("mfa_index"), "shield-lock"),
    ]
