"""What administrators and the calendar's keepers do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from guiyan.kernel.calendar import DayKind
from guiyan.platform import bus, deadlines, evidence
from guiyan.platform.acting import Refused, action, require
from guiyan.platform.events import AccountChanged
from guiyan.platform.models import CalendarDay, CalendarYear, RoleGrant, SavedView, User
from guiyan.platform.permissions import Viewer, table

SAVED_VIEWS_MAX = 30
CALENDAR_DAYS_MAX = 366


@dataclass(frozen=True)
class DayEntry:
    """A day to enter in the calendar."""

    day: date
    kind: DayKind
    name: str


def _account(user_id: UUID) -> User:
    user = User.objects.select_for_update().filter(pk=user_id).first()
    if user is None:
        raise Refused("no_such_account", _("没有这个账号。"), object_kind="account", object_id=user_id)
    return user


@action("accounts.create")
def create_account(
    viewer: Viewer,
    *,
    username: str,
    display_name: str,
    password: str,
    now: datetime,
    email: str = "",
    person_id: UUID | None = None,
    must_change_password: bool = True,
) -> UUID:
    """An account exists that can sign in with ``password``. Raises ``Refused`` for a taken name or a weak password."""
    require(viewer, "accounts.create", object_kind="account")
    user = User(
        username=username.strip(),
        display_name=display_name.strip(),
        email=email.strip(),
        person_id=person_id,
        created_at=now,
        must_change_password=must_change_password,
    )
    if User.objects.filter(username__iexact=user.username).exists():
        raise Refused("username_taken", _("这个登录名已经有人使用。"), object_kind="account")
    try:
        user.full_clean(exclude=["password", "person_id"])
        validate_password(password, user)
    except ValidationError as error:
        raise Refused("account_invalid", " ".join(error.messages), object_kind="account") from error
    user.set_password(password)
    user.save(force_insert=True)
    evidence.append(viewer, "account.made", now=now, public={"account": str(user.pk)})
    return user.pk


@action("accounts.grant")
def grant_role(viewer: Viewer, *, user_id: UUID, role: str, now: datetime, unit_id: UUID | None = None) -> None:
    """The account holds ``role`` (everywhere, or for one unit and what is below it). Repeating changes nothing."""
    require(viewer, "accounts.grant", object_kind="account", object_id=user_id)
    if role not in table().roles or role in {"system", "employee", "manager"}:
        raise Refused("role_not_grantable", _("这个角色不能手工授予。"), object_kind="account", object_id=user_id)
    user = _account(user_id)
    _row, made = RoleGrant.objects.get_or_create(user=user, role=role, unit_id=unit_id, defaults={"granted_at": now})
    if made:
        evidence.append(
            viewer,
            "role.granted",
            now=now,
            public={"account": str(user_id), "role": role, "unit": str(unit_id) if unit_id else None},
        )
        bus.publish(AccountChanged(user_id))


@action("accounts.grant")
def withdraw_role(viewer: Viewer, *, user_id: UUID, role: str, now: datetime, unit_id: UUID | None = None) -> None:
    """The account no longer holds ``role``. The last system administrator keeps theirs."""
    require(viewer, "accounts.grant", object_kind="account", object_id=user_id)
    _account(user_id)
    rows = RoleGrant.objects.filter(user_id=user_id, role=role, unit_id=unit_id)
    others = RoleGrant.objects.select_for_update().filter(role="system_admin", user__is_active=True)
    if role == "system_admin" and not others.exclude(user_id=user_id).exists():
        raise Refused("last_administrator", _("至少要保留一位系统管理员。"), object_kind="account", object_id=user_id)
    if rows.delete()[0]:
        evidence.append(
            viewer,
            "role.withdrawn",
            now=now,
            public={"account": str(user_id), "role": role, "unit": str(unit_id) if unit_id else None},
        )
        bus.publish(AccountChanged(user_id))


@action("accounts.suspend")
def set_active(viewer: Viewer, *, user_id: UUID, active: bool, now: datetime) -> None:
    """The account can (or can no longer) sign in. Nobody suspends themselves."""
    require(viewer, "accounts.suspend", object_kind="account", object_id=user_id)
    if user_id == viewer.user_id:
        raise Refused("own_account", _("不能停用自己的账号。"), object_kind="account", object_id=user_id)
    user = _account(user_id)
    if user.is_active != active:
        user.is_active = active
        user.save(update_fields=["is_active"])
        evidence.append(
            viewer,
            "account.restored" if active else "account.suspended",
            now=now,
            public={"account": str(user_id)},
        )
        bus.publish(AccountChanged(user_id))


@action("accounts.reset_sign_in")
def reset_sign_in(viewer: Viewer, *, user_id: UUID, password: str, now: datetime) -> None:
    """The account signs in with a new password, without second factors, and must choose its own at once."""
    require(viewer, "accounts.reset_sign_in", object_kind="account", object_id=user_id)
    from allauth.mfa.models import Authenticator  # noqa: PLC0415  the library's models load after ours

    user = _account(user_id)
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refused("password_weak", " ".join(error.messages), object_kind="account", object_id=user_id) from error
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    Authenticator.objects.filter(user=user).delete()
    evidence.append(viewer, "sign_in.reset", now=now, public={"account": str(user_id)})


@action("calendar.edit")
def enter_days(
    viewer: Viewer, *, days: Sequence[DayEntry], source: str, now: datetime, publishes_year: int | None = None
) -> int:
    """The calendar has these days, and every open deadline was computed anew. Returns how many deadlines moved."""
    require(viewer, "calendar.edit", object_kind="calendar")
    if not source.strip():
        raise Refused("calendar_source_missing", _("请填写依据，例如国务院办公厅通知的文号。"), object_kind="calendar")
    if len(days) > CALENDAR_DAYS_MAX:
        raise Refused("calendar_too_many_days", _("一次最多修改 366 天。"), object_kind="calendar")
    for entry in days:
        CalendarDay.objects.update_or_create(
            day=entry.day,
            defaults={
                "kind": entry.kind.value,
                "name": entry.name[:60],
                "source": source[:200],
                "entered_at": now,
                "entered_by": viewer.user_id,
            },
        )
    if publishes_year is not None:
        CalendarYear.objects.update_or_create(
            year=publishes_year,
            defaults={"source": source[:200], "entered_at": now, "entered_by": viewer.user_id},
        )
    moved = deadlines.recompute(now=now)
    evidence.append(
        viewer,
        "calendar.changed",
        now=now,
        public={"days": len(days), "first": min((e.day.isoformat() for e in days), default=None), "moved": moved},
    )
    return moved


@action("views.save")
def save_view(viewer: Viewer, *, page: str, name: str, query: str, now: datetime) -> None:
    """The account keeps a filter under a name; the same name is overwritten."""
    if viewer.user_id is None or not name.strip():
        raise Refused("view_unnamed", _("请给这个视图起个名字。"))
    rows = SavedView.objects.filter(user_id=viewer.user_id, page=page)
    if rows.exclude(name=name.strip()).count() >= SAVED_VIEWS_MAX:
        raise Refused("views_full", _("最多保存 30 个视图，请先删除不用的。"))
    SavedView.objects.update_or_create(
        user_id=viewer.user_id, page=page, name=name.strip()[:40], defaults={"query": query[:1000], "created_at": now}
    )


@action("views.delete")
def delete_view(viewer: Viewer, *, view_id: UUID) -> None:
    """The account's own saved view is gone; another's is not touched."""
    if viewer.user_id is not None:
        SavedView.objects.filter(pk=view_id, user_id=viewer.user_id).delete()
