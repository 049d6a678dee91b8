"""What every page needs: the navigation this viewer may use, who is signed in, and the banner of a demonstration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from guiyan.notify.queries import unread_count
from guiyan.platform import tenancy
from guiyan.platform.permissions import Viewer, allowed, table
from guiyan.process.queries import waiting
from guiyan.ui.values import Account, NavGroup, NavItem
from guiyan.web.edge import reaches, viewer_of


@dataclass(frozen=True)
class Entry:
    """A line of the navigation: shown to whoever may do ``act`` to somebody else.

    ``own`` shows it to whoever is a person, ``whole`` only to those who may do ``act`` for the whole company.
    """

    label: str
    url_name: str
    icon: str
    act: str = ""
    own: bool = False
    whole: bool = False


NAVIGATION: tuple[tuple[str, tuple[Entry, ...]], ...] = (
    (
        "",
        (
            Entry(gettext_noop("工作台"), "home", "layout-dashboard"),
            Entry(gettext_noop("我的待办"), "inbox", "inbox", "process.complete"),
            Entry(gettext_noop("我的档案"), "my_profile", "user-circle", own=True),
        ),
    ),
    (
        gettext_noop("员工关系"),
        (
            Entry(gettext_noop("离职案件"), "cases", "briefcase", "separation.view"),
            Entry(gettext_noop("员工档案"), "people", "users", "people.list"),
            Entry(gettext_noop("组织架构"), "organisation", "sitemap", "people.view_units"),
            Entry(gettext_noop("导入花名册"), "imports", "table-import", "people.view_imports", whole=True),
        ),
    ),
    (
        gettext_noop("证据与合规"),
        (
            Entry(gettext_noop("法律工作台"), "law", "scale", "law.use_workbench"),
            Entry(gettext_noop("证据库"), "ledger", "shield-check", "ledger.view"),
            Entry(gettext_noop("工作日历"), "calendar", "calendar", "calendar.view"),
            Entry(gettext_noop("权限表"), "role_table", "table", "roles.view_table"),
            Entry(gettext_noop("被拒绝的操作"), "refusals", "ban", "refusals.list"),
        ),
    ),
    (gettext_noop("系统"), (Entry(gettext_noop("账号与角色"), "accounts", "user-cog", "accounts.list"),)),
)


def _navigation(request: HttpRequest, viewer: Viewer) -> tuple[NavGroup, ...]:
    groups: list[NavGroup] = []
    for title, entries in NAVIGATION:
        items = tuple(
            NavItem(
                _(entry.label),
                url,
                entry.icon,
                active=_is_active(request, viewer, entry, url),
                **(_waiting(request) if entry.url_name == "inbox" else {}),
            )
            for entry in entries
            if _is_shown(viewer, entry)
            for url in [reverse(entry.url_name)]
        )
        if items:
            groups.append(NavGroup(_(title) if title else "", items))
    return tuple(groups)


def _waiting(request: HttpRequest) -> dict[str, Any]:
    """How much waits in the inbox, read once a request."""
    kept = getattr(request, "kept_waiting", None)
    if kept is None:
        counts = waiting(viewer_of(request))
        kept = {"count": counts.todo or None, "urgent": counts.overdue > 0}
        request.kept_waiting = kept  # type: ignore[attr-defined]
    return dict(kept)


def _is_shown(viewer: Viewer, entry: Entry) -> bool:
    if entry.own:
        return viewer.person_id is not None
    if not entry.act:
        return True
    return allowed(viewer, entry.act) if entry.whole else reaches(viewer, entry.act)


def _is_active(request: HttpRequest, viewer: Viewer, entry: Entry, url: str) -> bool:
    path = request.path
    own = viewer.person_id is not None and path.startswith(f"/people/{viewer.person_id}/")
    if entry.own:
        return own
    if entry.url_name == "people":
        return path.startswith(url) and not own and not path.startswith("/people/import/")
    return path == url if url == "/" else path.startswith(url)


def _account(viewer: Viewer, name: str, language: str) -> Account:
    roles = table().roles
    shown = [getattr(roles[role], "en" if language == "en" else "zh") for role in roles if role in viewer.roles]
    return Account(name, "，".join(shown) if language != "en" else ", ".join(shown))


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the context that the base templates read; nothing is looked up until a template asks."""
    context: dict[str, Any] = {"demonstration": settings.DEMONSTRATION}
    tenant = tenancy.current()
    if tenant is not None:
        context["company"] = tenant.name
    user = getattr(request, "user", None)
    if user is None or tenant is None or not user.is_authenticated:
        return context
    language = getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE)
    return {
        **context,
        "search_url": SimpleLazyObject(lambda: reverse("people") if reaches(viewer_of(request), "people.list") else ""),
        "nav": lambda: _navigation(request, viewer_of(request)),
        "inbox_url": SimpleLazyObject(lambda: reverse("messages")),
        "unread": SimpleLazyObject(lambda: unread_count(viewer_of(request))),
        "account": SimpleLazyObject(lambda: _account(viewer_of(request), user.display_name, language)),
    }
