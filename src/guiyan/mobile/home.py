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
from guiyan.mobile.cases import questions
from guiyan.mobile.edge import Me, page
from guiyan.mobile.matters import card, recent_case
from guiyan.mobile.tasks import address
from guiyan.notify import queries as notify
from guiyan.people import queries as people
from guiyan.people.enums import SpellStatus
from guiyan.platform import clock
from guiyan.process import queries as process
from guiyan.process.enums import Tab
from guiyan.separation import queries as separation
from guiyan.separation.enums import OPEN_STATUSES

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
    row = recent_case(me, clock.legal_day(now))
    case = separation.case_for(me.viewer, row.case_id) if row else None
    context = {
        "greeting": _("%(name)s，%(greeting)s") % {"name": shown.name, "greeting": words.greeting(now)},
        "name": shown.name,
        "place": [str(part) for part in place if part],
        "cases": [card(case, clock.legal_day(now))] if case else [],
        "asked": [*_tasks(me, case), *_asked(me, shown, unread)],
        "unread": unread,
        "offers": _offers(case, employed=latest is not None and latest.ended_on is None),
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


def _tasks(me: Me, case: separation.CaseView | None) -> list[Asked]:
    """What a case asks of the employee, and the steps of processes that do."""
    lines: list[Asked] = []
    if case is not None:
        here = reverse("m_case", kwargs={"case_id": case.case_id})
        lines += [Asked(str(asked["title"]), _("请您核对"), here, "user-question", "warn") for asked in questions(case)]
    for task in process.inbox(me.viewer, Tab.TO_DO):
        name = (words.is_english() and task.name_en) or task.name
        due = _("%(day)s前") % {"day": words.short_day(task.due_day)} if task.due_day else ""
        note = f"{task.title}  {due}".strip()
        lines.append(Asked(name, note, address(task), "list-check", "bad" if task.overdue else "violet"))
    return lines


def _offers(case: separation.CaseView | None, *, employed: bool) -> list[Offer]:
    offers = [
        Offer(_("送达地址"), reverse("m_addresses"), "map-pin"),
        Offer(_("我的档案"), reverse("m_profile"), "user-circle"),
        Offer(_("我的消息"), reverse("m_messages"), "messages"),
    ]
    if case is not None and case.status in OPEN_STATUSES:
        here = {"case_id": case.case_id}
        if case.may.get("withdraw", "") is None:
            return [Offer(_("撤回辞职"), reverse("m_withdraw", kwargs=here), "arrow-back-up"), *offers]
        return [Offer(_("我的辞职"), reverse("m_case", kwargs=here), "briefcase"), *offers]
    return [*offers, Offer(_("提出辞职"), reverse("m_resign"), "door-exit")] if employed else offers
