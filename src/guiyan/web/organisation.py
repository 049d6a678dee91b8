"""The organisation: the tree with its heads and how many people, and what the HR lead changes in it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from guiyan.people import actions as people_actions
from guiyan.people import queries as people
from guiyan.platform import clock
from guiyan.platform.acting import Forbidden, Refused
from guiyan.platform.permissions import Viewer, allowed
from guiyan.ui.values import Crumb
from guiyan.web.edge import may_reach, may_see, page, reaches, request_id
from guiyan.web.fields import DayField
from guiyan.web.people import choices
from guiyan.web.people.forms import PersonField, PersonForm


@dataclass(frozen=True)
class Branch:
    """A unit of the tree with its share of all people, as a bar shows it."""

    unit: people.UnitNode
    percent: int
    children: tuple[Branch, ...]


def _branches(units: tuple[people.UnitNode, ...]) -> tuple[Branch, ...]:
    most = max((unit.people for unit in units), default=0) or 1
    below: dict[UUID | None, list[people.UnitNode]] = {}
    known = {unit.unit_id for unit in units}
    for unit in units:
        below.setdefault(unit.parent_id if unit.parent_id in known else None, []).append(unit)

    def grow(parent: UUID | None) -> tuple[Branch, ...]:
        return tuple(
            Branch(unit, round(100 * unit.people / most), grow(unit.unit_id)) for unit in below.get(parent, [])
        )

    return grow(None)


@page
@require_safe
def tree(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Show the tree; with ``closed=1`` the units that are gone too."""
    may_reach(viewer, "people.view_units")
    closed = request.GET.get("closed") == "1"
    units = people.unit_tree(viewer, closed=closed)
    open_units = [unit for unit in units if unit.closed_on is None]
    context = {
        "branches": _branches(units),
        "count": len(open_units),
        "headless": sum(unit.head is None for unit in open_units),
        "people": sum(unit.people for unit in open_units if unit.parent_id is None),
        "closed": closed,
        "may_open": allowed(viewer, "people.open_unit"),
        "may_close": allowed(viewer, "people.close_unit"),
        "may_head": allowed(viewer, "people.set_unit_manager"),
        "may_post": allowed(viewer, "people.open_post"),
        "may_list": reaches(viewer, "people.list"),
        "posts": people.posts(viewer),
    }
    return render(request, "web/organisation.html", context)


class UnitForm(PersonForm):
    """A new unit."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=100)
    code = forms.CharField(
        label=gettext_lazy("编码"), max_length=40, help_text=gettext_lazy("字母、数字、连字符和下划线，以后不变。")
    )
    parent = forms.ChoiceField(label=gettext_lazy("上级部门"), required=False)
    opened_on = DayField(label=gettext_lazy("设立日"))

    def __init__(self, viewer: Viewer, data: Any = None, files: Any = None, initial: Any = None) -> None:
        super().__init__(viewer, data, files, initial)
        self.fields["parent"].choices = [("", _("无，最上级")), *choices.unit_options(viewer)]  # type: ignore[attr-defined]


class CloseForm(PersonForm):
    """The last day of a unit."""

    closed_on = DayField(label=gettext_lazy("最后一天"))


class HeadForm(PersonForm):
    """Who heads a unit from a day on."""

    from_on = DayField(label=gettext_lazy("生效日"))

    def __init__(self, viewer: Viewer, data: Any = None, files: Any = None, initial: Any = None) -> None:
        super().__init__(viewer, data, files, initial)
        self.fields["head"] = PersonField(
            viewer, label=_("负责人"), help_text=_("工号或姓名；留空就是暂时没有负责人。")
        )
        self.order_fields(["head", "from_on"])


class PostForm(PersonForm):
    """A new post of the catalogue."""

    name = forms.CharField(label=gettext_lazy("岗位名称"), max_length=100)
    family = forms.CharField(
        label=gettext_lazy("序列"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("模板按序列选用，例如研发、销售。"),
    )


@dataclass(frozen=True)
class Change:
    """A change of the organisation: its right, title, note, form and what it does (form data, unit, request id)."""

    right: str
    title: Any
    note: Any
    form: type[PersonForm]
    do: Callable[[Viewer, dict[str, Any], UUID | None, UUID], object]
    needs_unit: bool = True


def _open(viewer: Viewer, told: dict[str, Any], _unit: UUID | None, sent: UUID) -> None:
    people_actions.open_unit(
        viewer,
        code=told["code"],
        name=told["name"],
        parent_id=UUID(told["parent"]) if told["parent"] else None,
        opened_on=told["opened_on"],
        request_id=sent,
        now=clock.now(),
    )


def _close(viewer: Viewer, told: dict[str, Any], unit: UUID | None, sent: UUID) -> None:
    assert unit is not None
    people_actions.close_unit(viewer, unit, told["closed_on"], request_id=sent, now=clock.now())


def _head(viewer: Viewer, told: dict[str, Any], unit: UUID | None, sent: UUID) -> None:
    assert unit is not None
    people_actions.set_unit_manager(viewer, unit, told["head"], told["from_on"], request_id=sent, now=clock.now())


def _post(viewer: Viewer, told: dict[str, Any], _unit: UUID | None, sent: UUID) -> None:
    people_actions.open_post(viewer, name=told["name"], family=told["family"], request_id=sent, now=clock.now())


CHANGES = {
    "open": Change(
        "people.open_unit",
        gettext_lazy("设立部门"),
        gettext_lazy("新部门从设立日起出现在架构中。"),
        UnitForm,
        _open,
        needs_unit=False,
    ),
    "close": Change(
        "people.close_unit",
        gettext_lazy("撤销部门"),
        gettext_lazy("部门里还有人或下级部门时不能撤销；历史记录都保留。"),
        CloseForm,
        _close,
    ),
    "head": Change(
        "people.set_unit_manager",
        gettext_lazy("任命负责人"),
        gettext_lazy("从生效日起，部门及其下级的人员归他领导；前任的任期到前一天为止。"),
        HeadForm,
        _head,
    ),
    "post": Change(
        "people.open_post",
        gettext_lazy("新增岗位"),
        gettext_lazy("岗位决定合同、试用期计划和交接清单用哪一套模板。"),
        PostForm,
        _post,
        needs_unit=False,
    ),
}


@page
def change(request: HttpRequest, viewer: Viewer, key: str, unit_id: UUID | None = None) -> HttpResponse:
    """Show the form of one change, or make it."""
    entry = CHANGES.get(key)
    if entry is None or entry.needs_unit != (unit_id is not None):
        raise Http404
    unit = next((node for node in people.unit_tree(viewer, closed=True) if node.unit_id == unit_id), None)
    if entry.needs_unit and unit is None:
        raise Http404
    if request.method != "POST":
        may_see(viewer, entry.right)
    sent = request_id(request) if request.method == "POST" else uuid.uuid4()
    today = clock.today()
    initial = {"opened_on": today, "closed_on": today, "from_on": today, "parent": request.GET.get("parent", "")[:36]}
    form = entry.form(viewer, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            entry.do(viewer, form.cleaned_data, unit_id, sent)
        except Forbidden:
            raise
        except Refused as refused:
            form.add_error(None, str(refused.text))
        else:
            choices.forget()
            messages.success(request, _("已完成，并已记入证据库。"))
            return redirect("organisation")
    elif request.method == "POST":
        may_see(viewer, entry.right)
    context = {
        "change": entry,
        "unit": unit,
        "form": form,
        "request_id": sent,
        "crumbs": [Crumb(_("组织架构"), "/organisation/"), Crumb(str(entry.title))],
    }
    return render(request, "web/organisation_change.html", context, status=422 if form.errors else 200)
