"""Reads of the platform's own rows, each for a viewer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from guiyan.platform.acting import require
from guiyan.platform.models import Refusal, RoleGrant, SavedView, User
from guiyan.platform.permissions import Viewer

PAGE_SIZE = 50
T = TypeVar("T")


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


@dataclass(frozen=True)
class Slice(Generic[T]):
    """One page of a list, with the count of the whole."""

    rows: tuple[T, ...]
    total: int
    page: int
    pages: int


def slice_of(rows: QuerySet[T, T], page: int, size: int = PAGE_SIZE) -> Slice[T]:  # type: ignore[type-var]
    """Return one page of ``rows`` (1-based; a page past the end is the last one) in two queries."""
    total = rows.count()
    pages = max(1, -(-total // size))
    page = min(max(1, page), pages)
    return Slice(tuple(rows[(page - 1) * size : page * size]), total, page, pages)


def accounts(viewer: Viewer, *, text: str = "", role: str = "", page: int = 1) -> Slice[AccountRow]:
    """List accounts, filtered by a part of the name and by role. Raises ``Forbidden``."""
    require(viewer, "accounts.list")
    rows = User.objects.annotate(factors=Count("authenticator", distinct=True)).order_by("username")
    if text:
        rows = rows.filter(Q(username__icontains=text) | Q(display_name__icontains=text))
    if role:
        rows = rows.filter(grants__role=role).distinct()
    found = slice_of(rows, page)
    held: dict[UUID, list[tuple[str, UUID | None]]] = {}
    for grant in RoleGrant.objects.filter(user__in=[user.pk for user in found.rows]).order_by("role"):
        held.setdefault(grant.user_id, []).append((grant.role, grant.unit_id))
    shown = tuple(
        AccountRow(
            user.pk,
            user.username,
            user.display_name,
            user.is_active,
            user.last_login,
            tuple(held.get(user.pk, ())),
            getattr(user, "factors", 0),
        )
        for user in found.rows
    )
    return Slice(shown, found.total, found.page, found.pages)


def refusals(viewer: Viewer, *, act: str = "", page: int = 1) -> Slice[Refusal]:
    """List refused acts, newest first. Raises ``Forbidden``."""
    require(viewer, "refusals.list")
    rows = Refusal.objects.order_by("-at", "-pk")
    if act:
        rows = rows.filter(action__startswith=act)
    return slice_of(rows, page)


def account_names(viewer: Viewer, ids: set[UUID]) -> dict[UUID, str]:
    """Return the display names of accounts that the viewer's page already refers to. Raises ``Forbidden``."""
    require(viewer, "accounts.list")
    return dict(User.objects.filter(pk__in=ids).values_list("pk", "display_name"))


def saved_views(viewer: Viewer, page: str) -> list[SavedView]:
    """Return the viewer's own saved filters of one list."""
    if viewer.user_id is None:
        return []
    return list(SavedView.objects.filter(user_id=viewer.user_id, page=page).order_by("name"))
