"""Figures of law: those shipped and those the employer entered, the form to add one, checking and withdrawing."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guiyan.compliance import actions, queries
from guiyan.compliance.actions import NewFigure
from guiyan.compliance.enums import ParameterState
from guiyan.compliance.queries import FigureFilter, FigureView, KeyView, MissingFigure
from guiyan.law.explain import CONFIDENCE_WORDS
from guiyan.law.parameter_keys import ParameterKey, parameter_keys
from guiyan.law.regions import region_named, regions
from guiyan.platform import clock
from guiyan.platform.acting import Forbidden, Refused
from guiyan.platform.permissions import Viewer, allowed
from guiyan.ui.values import Column, Crumb
from guiyan.web.edge import may_see, page, request_id
from guiyan.web.fields import DayField
from guiyan.web.law.fields import told

VIEW, PROPOSE, CHECK, WITHDRAW, RUN = (
    f"compliance.{act}"
    for act in ("view_parameters", "propose_parameter", "check_parameter", "withdraw_parameter", "run_impact")
)
TONES = {
    ParameterState.PROPOSED: "warn",
    ParameterState.UPCOMING: "brand",
    ParameterState.IN_FORCE: "ok",
    ParameterState.SUPERSEDED: "neutral",
    ParameterState.ENDED: "neutral",
    ParameterState.WITHDRAWN: "neutral",
}
UNITS = {
    "yuan": gettext_lazy("元"),
    "days": gettext_lazy("天"),
    "working days": gettext_lazy("个工作日"),
    "months": gettext_lazy("个月"),
    "years": gettext_lazy("年"),
    "hours": gettext_lazy("小时"),
    "times": gettext_lazy("倍"),
    "people": gettext_lazy("人"),
    "day of month": gettext_lazy("日"),
}
"""Units that are said behind a figure; shares and answers of a closed list have none."""
FIELD_OF = {
    "key_unknown": "key",
    "region_unknown": "region",
    "figure_rejected": "value",
    "days_reversed": "effective_to",
    "source_missing": "source_title",
    "statistic_missing": "statistic",
    "reason_missing": "reason",
}
"""Which field a refusal speaks of."""


class FilterForm(forms.Form):
    """What the list is narrowed by."""

    use_required_attribute = False
    key = forms.ChoiceField(label=gettext_lazy("参数"), required=False)
    region = forms.ChoiceField(label=gettext_lazy("地区"), required=False)
    day = DayField(label=gettext_lazy("哪一天有效"), required=False)
    withdrawn = forms.ChoiceField(
        label=gettext_lazy("撤销的"),
        required=False,
        choices=[("", gettext_lazy("不含已撤销的")), ("1", gettext_lazy("包括已撤销的"))],
    )

    def __init__(self, data: Any, keys: Iterable[KeyView]) -> None:
        super().__init__(data, auto_id="figure_%s")
        for field in self.fields.values():
            field.widget.attrs["class"] = "c-select"
        named = [(view.key, told(view.name)) for view in keys]
        self.fields["key"].choices = [("", _("全部参数")), *named]  # type: ignore[attr-defined]
        self.fields["region"].choices = [("", _("全部地区")), *((name, name) for name in regions())]  # type: ignore[attr-defined]


class FigureForm(forms.Form):
    """A figure to enter."""

    use_required_attribute = False
    key = forms.ChoiceField(label=gettext_lazy("参数"), error_messages={"required": gettext_lazy("请选择一个参数。")})
    region = forms.CharField(
        label=gettext_lazy("地区"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"list": "figure-regions", "autocomplete": "off"}),
        help_text=gettext_lazy("省或者市，例如上海、深圳。市没有自己的值时用所在省的值；全国适用的意见留空。"),
    )
    value = forms.CharField(
        label=gettext_lazy("数值"),
        max_length=80,
        error_messages={"required": gettext_lazy("请填数值。")},
        help_text=gettext_lazy("只填数字；选择题填选项前的数字；有两个数的用逗号分开。"),
    )
    effective_from = DayField(
        label=gettext_lazy("从哪天起有效"), error_messages={"required": gettext_lazy("请填生效日。")}
    )
    effective_to = DayField(
        label=gettext_lazy("最后一天"), required=False, help_text=gettext_lazy("不知道就留空；有新值时自动接替。")
    )
    source_title = forms.CharField(
        label=gettext_lazy("来源"),
        max_length=200,
        error_messages={"required": gettext_lazy("请填写来源的名称，例如当地人社局的通知。")},
        help_text=gettext_lazy("文件或者公告的全称。"),
    )
    source_number = forms.CharField(label=gettext_lazy("文号"), max_length=100, required=False)
    source_words = forms.CharField(
        label=gettext_lazy("在哪里能查到"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("网站或者报刊的名称。"),
    )
    statistic = forms.CharField(
        label=gettext_lazy("统计口径"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("平均工资必填，例如：全口径城镇单位就业人员平均工资。"),
    )
    reason = forms.CharField(
        label=gettext_lazy("理由"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("没有统一答案的事项必填，例如律师的意见。"),
    )

    def __init__(self, data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.fields["key"].choices = [  # type: ignore[attr-defined]
            ("", _("请选择")),
            *((key, _with_answers(known)) for key, known in parameter_keys().items()),
        ]

    def clean_region(self) -> str:
        """Return the short name of the place, however it was written."""
        said: str = self.cleaned_data["region"].strip()
        known = region_named(said) if said else None
        if said and known is None:
            raise forms.ValidationError(_("没有这个地区。请填省或者市，例如上海、深圳。"))
        return known.name if known else ""

    def figure(self) -> NewFigure:
        """What was entered."""
        return NewFigure(**self.cleaned_data)


class ReasonForm(forms.Form):
    """Why a figure is withdrawn."""

    use_required_attribute = False
    reason = forms.CharField(
        label=gettext_lazy("撤销的理由"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("请写明撤销的理由。")},
    )


def _with_answers(known: ParameterKey) -> str:
    """The name of a key, with its answers where only those will do."""
    answers = "；".join(f"{value}＝{told(words)}" for value, words in known.choices)
    return f"{told(known.name)}（{answers}）" if answers else told(known.name)


@page
@require_safe
def index(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """List every figure: shipped and own side by side, what waits to be checked, and what is missing."""
    may_see(viewer, VIEW)
    every = queries.figures(viewer)
    form = FilterForm(request.GET, every)
    form.full_clean()
    chosen = _chosen(form.cleaned_data)
    found = every if chosen == FigureFilter() else queries.figures(viewer, chosen)
    own, shipped = [view for view in found if view.enterable], [view for view in found if not view.enterable]
    context = {
        "form": form,
        "narrowed": chosen != FigureFilter(),
        "tables": [
            _table(_("各地参数"), _("由单位录入，另一人复核后参与计算。"), own, "map-pin"),
            _table(_("全国统一的数值"), _("随系统提供，每个值都有条文。"), shipped, "section"),
        ],
        "columns": [
            Column(_("参数")),
            Column(_("地区")),
            Column(_("数值")),
            Column(_("有效期")),
            Column(_("来源")),
            Column(_("复核")),
            Column(_("状态")),
        ],
        "missing": [_missing(each) for each in queries.missing_figures(viewer)],
        "waiting": [_row(value, _name_of(value.key)) for value in queries.waiting(viewer)],
        "may_propose": allowed(viewer, PROPOSE),
    }
    return render(request, "web/law/parameters.html", context)


def _chosen(data: dict[str, Any]) -> FigureFilter:
    return FigureFilter(
        key=data.get("key", ""),
        region=data.get("region", ""),
        day=data.get("day"),
        withdrawn=data.get("withdrawn") == "1",
    )


def _table(title: str, note: str, views: list[KeyView], icon: str) -> dict[str, Any]:
    return {"title": title, "note": note, "rows": _rows(views), "icon": icon}


def _rows(views: Iterable[KeyView]) -> list[dict[str, Any]]:
    """The rows of a table: each value of each key; a key that has none is a row that says so."""
    rows: list[dict[str, Any]] = []
    for view in views:
        if not view.values:
            rows.append({"name": told(view.name), "first": True, "none": True})
        for number, value in enumerate(view.values):
            rows.append({**_row(value, told(view.name)), "first": number == 0})
    return rows


def _row(value: FigureView, name: str) -> dict[str, Any]:
    return {
        "name": name,
        "region": value.region or _("全国"),
        "shown": figure_words(value),
        "span": span(value.effective_from, value.effective_to),
        "source": told(value.source),
        "reason": value.reason,
        "checked": value.checked_on,
        "checked_by": value.checked_by,
        "entered_by": value.entered_by,
        "sure": told(CONFIDENCE_WORDS[value.confidence]) if value.confidence.rank else "",
        "state": value.state.label,
        "tone": TONES[value.state],
        "url": reverse("law_parameter", kwargs={"own_id": value.own_id}) if value.own_id else "",
    }


def figure_words(value: FigureView) -> str:
    """A value with its unit, as people read it."""
    known = parameter_keys().get(value.key)
    unit = "" if known is not None and (known.choices or known.columns) else str(UNITS.get(unit_of(value.key), ""))
    return f"{told(value.shown)} {unit}".strip()


def unit_of(key: str) -> str:
    """The unit of a key that an employer may enter; "" for others, whose values stand in their articles."""
    known = parameter_keys().get(key)
    return known.unit if known is not None else ""


def span(start: date, end: date | None) -> str:
    """From when to when something holds."""
    if end is None:
        return _("%(start)s 起") % {"start": start.isoformat()}
    return _("%(start)s 至 %(end)s") % {"start": start.isoformat(), "end": end.isoformat()}


def _name_of(key: str) -> str:
    return told(parameter_keys()[key].name)


def _missing(each: MissingFigure) -> dict[str, str]:
    said = _("%(region)s %(year)d 年没有%(name)s：%(without)s") % {
        "region": each.region,
        "year": each.year,
        "name": told(each.name),
        "without": told(each.without),
    }
    return {"text": said, "url": f"{reverse('law_parameter_new')}?key={each.key}&region={each.region}"}


@page
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Show the form of a figure, or enter one."""
    if request.method != "POST":
        may_see(viewer, PROPOSE)
    initial = {"key": request.GET.get("key", "")[:80], "region": request.GET.get("region", "")[:20]}
    form = FigureForm(request.POST or None, initial=initial)
    sent = request_id(request) if request.method == "POST" else uuid.uuid4()
    if request.method == "POST" and form.is_valid():
        try:
            own_id = actions.propose_parameter(viewer, form.figure(), request_id=sent, now=clock.now())
        except Forbidden:
            raise
        except Refused as refused:
            form.add_error(FIELD_OF.get(refused.rule), str(refused.text))
        else:
            messages.success(request, _("已录入，等待另一位同事复核；复核前不参与计算。"))
            return redirect("law_parameter", own_id=own_id)
    elif request.method == "POST":
        may_see(viewer, PROPOSE)
    context = {
        "form": form,
        "request_id": sent,
        "regions": list(regions()),
        "crumbs": _crumbs(_("录入参数")),
    }
    return render(request, "web/law/parameters_new.html", context, status=422 if form.errors else 200)


@page
@require_safe
def one(request: HttpRequest, viewer: Viewer, own_id: UUID) -> HttpResponse:
    """Show one own figure: where it is from, who entered and checked it, and what can be done now."""
    may_see(viewer, VIEW)
    return _one(request, viewer, own_id, ReasonForm())


def _one(request: HttpRequest, viewer: Viewer, own_id: UUID, form: ReasonForm, status: int = 200) -> HttpResponse:
    value = queries.proposal(viewer, own_id)
    counts = value.state not in {ParameterState.PROPOSED, ParameterState.WITHDRAWN}
    run = queries.run_for(viewer, own_id, withdrawal=counts)
    context = {
        "value": value,
        "row": _row(value, _name_of(value.key)),
        "entered_on": clock.legal_day(value.entered_at) if value.entered_at else None,
        "withdrawn_on": clock.legal_day(value.withdrawn_at) if value.withdrawn_at else None,
        "is_proposal": value.state == ParameterState.PROPOSED,
        "counts": counts,
        "run": run,
        "run_good": run is not None and run.done and not run.outdated,
        "may_run": allowed(viewer, RUN),
        "may_check": allowed(viewer, CHECK) and not value.mine,
        "may_withdraw": allowed(viewer, WITHDRAW),
        "form": form,
        "request_id": uuid.uuid4(),
        "crumbs": _crumbs(_name_of(value.key)),
    }
    return render(request, "web/law/parameters_one.html", context, status=status)


@page
@require_POST
def check(request: HttpRequest, viewer: Viewer, own_id: UUID) -> HttpResponse:
    """Put a figure to use, after its impact was seen."""
    run = request.POST.get("run", "")
    try:
        actions.check_parameter(viewer, own_id, _id(run), request_id=request_id(request), now=clock.now())
    except Forbidden:
        raise
    except Refused as refused:
        messages.error(request, str(refused.text))
        return redirect("law_parameter", own_id=own_id)
    messages.success(request, _("已复核，从生效日起参与计算，并已记入证据库。"))
    return redirect("law_parameter", own_id=own_id)


@page
@require_POST
def withdraw(request: HttpRequest, viewer: Viewer, own_id: UUID) -> HttpResponse:
    """Withdraw a figure, with a reason."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        may_see(viewer, WITHDRAW)
        return _one(request, viewer, own_id, form, status=422)
    run = request.POST.get("run", "")
    try:
        actions.withdraw_parameter(
            viewer,
            own_id,
            form.cleaned_data["reason"],
            request_id=request_id(request),
            now=clock.now(),
            impact_id=_id(run) if run else None,
        )
    except Forbidden:
        raise
    except Refused as refused:
        messages.error(request, str(refused.text))
        return redirect("law_parameter", own_id=own_id)
    messages.success(request, _("已撤销，理由已记入证据库。"))
    return redirect("law_parameter", own_id=own_id)


def _id(text: str) -> UUID:
    """An id from a form; one that is none names nothing."""
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


def _crumbs(last: str) -> list[Crumb]:
    return [Crumb(_("法律工作台"), reverse("law")), Crumb(_("法律参数"), reverse("law_parameters")), Crumb(last)]
