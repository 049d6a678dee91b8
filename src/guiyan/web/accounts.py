"""Accounts and roles: the administrator's pages."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from guiyan.people import queries as people
from guiyan.platform import actions, clock, queries
from guiyan.platform.acting import Forbidden, Refused
from guiyan.platform.permissions import Viewer, allowed, table
from guiyan.ui.values import Column, Crumb
from guiyan.web.edge import may_see, page, page_number

GRANTABLE = tuple(key for key in ("hr", "hr_lead", "legal", "it", "finance", "facilities", "auditor", "system_admin"))


def _role_name(key: str, request: HttpRequest) -> str:
    role = table().roles[key]
    return role.en if request.LANGUAGE_CODE == "en" else role.zh


class NewAccountForm(forms.Form):
    """A new account."""

    username = forms.CharField(label=gettext_lazy("登录名"), max_length=64)
    display_name = forms.CharField(label=gettext_lazy("姓名"), max_length=100)
    email = forms.EmailField(label=gettext_lazy("邮箱"), required=False)
    password = forms.CharField(
        label=gettext_lazy("初始密码"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("至少 10 个字符；本人首次登录时必须修改。"),
    )


class GrantForm(forms.Form):
    """A role for an account, everywhere or for one department and what is below it."""

    role = forms.ChoiceField(label=gettext_lazy("角色"))
    unit = forms.ChoiceField(label=gettext_lazy("范围"), required=False)

    def __init__(self, request: HttpRequest, viewer: Viewer, data: Any = None) -> None:
        super().__init__(data)
        self.fields["role"].choices = [(key, _role_name(key, request)) for key in GRANTABLE]  # type: ignore[attr-defined]
        units = [(str(unit.unit_id), "　" * unit.depth + unit.name) for unit in people.unit_tree(viewer)]
        self.fields["unit"].choices = [("", _("全公司")), *units]  # type: ignore[attr-defined]


@page
@require_safe
def index(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """List the accounts."""
    may_see(viewer, "accounts.list")
    text, role = request.GET.get("q", "")[:60], request.GET.get("role", "")
    found = queries.accounts(viewer, text=text, role=role, page=page_number(request))
    rows = [(row, [_role_name(key, request) for key, _unit in row.roles]) for row in found.object_list]
    context = {
        "page": found,
        "is_empty": not found.object_list,
        "rows": rows,
        "query": text,
        "role": role,
        "roles": [(key, _role_name(key, request)) for key in GRANTABLE],
        "columns": [
            Column(_("账号")),
            Column(_("角色")),
            Column(_("第二验证")),
            Column(_("最近登录")),
            Column(_("状态")),
        ],
        "may_create": allowed(viewer, "accounts.create"),
    }
    return render(request, "web/accounts.html", context)


@page
def create(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Make an account."""
    may_see(viewer, "accounts.create")
    form = NewAccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user_id = actions.create_account(viewer, now=clock.now(), **form.cleaned_data)
        except Forbidden:
            raise
        except Refused as refused:
            form.add_error(None, str(refused.text))
        else:
            messages.success(request, _("账号已建立。请把初始密码当面或通过电话告诉本人。"))
            return redirect("account", user_id=user_id)
    crumbs = [Crumb(_("账号与角色"), "/admin/accounts/"), Crumb(_("新建账号"))]
    return render(request, "web/account_new.html", {"form": form, "crumbs": crumbs}, status=422 if form.errors else 200)


@page
@require_safe
def detail(request: HttpRequest, viewer: Viewer, user_id: UUID) -> HttpResponse:
    """Show one account: its roles and how it signs in."""
    may_see(viewer, "accounts.list")
    found = queries.account(viewer, user_id)
    if found is None:
        raise Http404
    units = {unit.unit_id: unit.name for unit in people.unit_tree(viewer, closed=True)}
    context = {
        "subject": found,
        "grants": [
            (g, _role_name(g.role, request), units.get(g.unit_id, "") if g.unit_id else "") for g in found.grants.all()
        ],
        "is_empty": not found.grants.all(),
        "form": GrantForm(request, viewer),
        "is_self": found.pk == viewer.user_id,
        "may_grant": allowed(viewer, "accounts.grant"),
        "may_suspend": allowed(viewer, "accounts.suspend"),
        "columns": [Column(_("角色")), Column(_("范围")), Column(_("操作"), hidden_label=True)],
        "crumbs": [Crumb(_("账号与角色"), "/admin/accounts/"), Crumb(found.display_name)],
    }
    return render(request, "web/account.html", context)


@page
@require_POST
def change(request: HttpRequest, viewer: Viewer, user_id: UUID) -> HttpResponse:
    """Do one thing to an account: grant, withdraw, suspend, restore, reset."""
    now, what = clock.now(), request.POST.get("what", "")
    unit = _unit(request.POST.get("unit", ""))
    role = request.POST.get("role", "")
    try:
        match what:
            case "grant":
                actions.grant_role(viewer, user_id=user_id, role=role, unit_id=unit, now=now)
            case "withdraw":
                actions.withdraw_role(viewer, user_id=user_id, role=role, unit_id=unit, now=now)
            case "suspend" | "restore":
                actions.set_active(viewer, user_id=user_id, active=what == "restore", now=now)
            case "reset":
                password = request.POST.get("password", "")
                actions.reset_sign_in(viewer, user_id=user_id, password=password, now=now)
            case _:
                raise Http404
    except Forbidden:
        raise
    except Refused as refused:
        messages.error(request, str(refused.text))
    else:
        messages.success(request, _("已完成，并已记入证据库。"))
    return redirect("account", user_id=user_id)


def _unit(told: str) -> UUID | None:
    if not told:
        return None
    try:
        return UUID(told)
    except ValueError as error:
        raise Http404 from error
