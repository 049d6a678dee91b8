"""Reads of the platform's own rows, each for a viewer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet

from guiyan.platform.acting import require
from guiyan.platform.models import Refusal, RoleGrant, SavedView, User
from guiyan.platform.permissions import Viewer

PAGE_SIZE = 50


@dataclass(frozen=True)
class AccountRow:
    """An account as the administrator's list shows it."""

    id: UUID
    username: str
    display_name: str
    active: bool
    last_login: datetime | None
    roles: tuple[tuple[str, UUID | None], ...]
    factors: int


def page_of(rows: QuerySet[Any, Any] | Sequence[Any], number: int, size: int = PAGE_SIZE) -> Page[Any]:
    """Return one page of ``rows`` (1-based; a number past the end gives the last page), with its paginator."""
    return Paginator(rows, size).get_page(number)


def accounts(viewer: Viewer, *, text: str = "", role: str = "", page: int = 1) -> Page[AccountRow]:
    """List accounts, filtered by a part of the name and by role. Raises ``Forbidden``."""
    require(viewer, "accounts.list")
    rows = User.objects.annotate(factors=Count("authenticator", distinct=True)).order_by("username")
    if text:
        rows = rows.filter(Q(username__icontains=text) | Q(display_name__icontains=text))
    if role:
        rows = rows.filter(grants__role=role).distinct()
    found = page_of(rows, page)
    held: dict[UUID, list[tuple[str, UUID | None]]] = {}
    for grant in RoleGrant.objects.filter(user__in=[user.pk for user in found]).order_by("role"):
        held.setdefault(grant.user_id, []).append((grant.role, grant.unit_id))
    found.object_list = [
        AccountRow(
            user.pk,
            user.username,
            user.display_name,
            user.is_active,
            user.last_login,
            tuple(held.get(user.pk, ())),
            getattr(user, "factors", 0),
        )
        for user in found
    ]
    return found


@dataclass(frozen=True)
class RefusalRow:
    """A refused act as the list shows it; ``name`` is None for the system's own."""

    at: datetime
    name: str | None
    act: str
    rule: str
    object_kind: str


def refusals(viewer: Viewer, *, act: str = "", page: int = 1) -> Page[RefusalRow]:
    """List refused acts, newest first, of acts whose key begins with ``act``. Raises ``Forbidden``."""
    require(viewer, "refusals.list")
    rows = Refusal.objects.order_by("-at", "-pk")
    if act:
        rows = rows.filter(action__startswith=act)
    found = page_of(rows, page)
    names = names_of_accounts({row.user_id for row in found if row.user_id})
    found.object_list = [
        RefusalRow(row.at, names.get(row.user_id) if row.user_id else None, row.action, row.rule, row.object_kind)
        for row in found
    ]
    return found


def saved_views(viewer: Viewer, page: str) -> list[SavedView]:
    """Return the viewer's own saved filters of one list."""
    if viewer.user_id is None:
        return []
    return list(SavedView.objects.filter(user_id=viewer.user_id, page=page).order_by("name"))


def names_of_accounts(user_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the names that accounts show, for sentences and pages that say who acted. One query; no viewer looks."""
    return dict(User.objects.filter(pk__in=list(user_ids)).values_list("pk", "display_name"))


def account(viewer: Viewer, user_id: UUID) -> User | None:
    """Return one account with its grants, or None. Raises ``Forbidden``."""
    require(viewer, "accounts.list", object_kind="account", object_id=user_id)
    return User.objects.prefetch_related("grants").filter(pk=user_id).first()
