"""The working calendar: a year at a glance, and the form that enters what was announced."""

from __future__ import annotations

import calendar as months
from datetime import date, timedelta

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from guiyan.kernel.calendar import DayKind
from guiyan.platform import actions, clock
from guiyan.platform import calendar as working
from guiyan.platform.acting import Forbidden, Refused, require
from guiyan.platform.actions import DayEntry
from guiyan.platform.permissions import Viewer, allowed
from guiyan.ui.values import Column
from guiyan.web.edge import page

YEARS = range(2008, 2051)
SPAN_DAYS_MAX = 31
KINDS = {
    DayKind.WORKING_DAY: gettext_lazy("工作日"),
    DayKind.MAKE_UP_DAY: gettext_lazy("调休上班"),
    DayKind.REST_DAY: gettext_lazy("休息日"),
    DayKind.EXCHANGED_REST: gettext_lazy("调休放假"),
    DayKind.STATUTORY_HOLIDAY: gettext_lazy("法定节假日"),
}


class DaysForm(forms.Form):
    """Days to enter: a span, what they are, and who says so."""

    first = forms.DateField(label=gettext_lazy("从"), widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label=gettext_lazy("到"), widget=forms.DateInput(attrs={"type": "date"}))
    kind = forms.ChoiceField(label=gettext_lazy("性质"), choices=[(kind.value, label) for kind, label in KINDS.items()])
    name = forms.CharField(label=gettext_lazy("名称"), max_length=60)
    source = forms.CharField(
        label=gettext_lazy("依据"), max_length=200, help_text=gettext_lazy("例如国务院办公厅通知的文号。")
    )
    publishes = forms.BooleanField(
        label=gettext_lazy("该年度的放假安排已全部录入"),
        required=False,
        help_text=gettext_lazy("勾选后，该年度的期限不再标为暂定，并立即重新计算。"),
    )

    def clean(self) -> dict[str, object]:
        data = super().clean() or {}
        first, last = data.get("first"), data.get("last")
        if first and last and not timedelta() <= last - first < timedelta(days=SPAN_DAYS_MAX):
            self.add_error("last", _("结束日期不能早于开始日期，一次最多 31 天。"))
        return data


@page
@require_safe
def year(request: HttpRequest, viewer: Viewer, number: int | None = None) -> HttpResponse:
    """Show one year."""
    require(viewer, "calendar.view")
    number = clock.today().year if number is None else number
    if number not in YEARS:
        raise Http404
    return _render(request, viewer, number, DaysForm())


def _render(request: HttpRequest, viewer: Viewer, number: int, form: DaysForm, status: int = 200) -> HttpResponse:
    table = working.day_table()
    entered = working.entered_days(number)
    names = {entry.day: entry.name for entry in entered}
    today = clock.today()
    grid = [
        (
            month,
            [
                [
                    (day, table.kind(day).value, names.get(day, ""), day == today) if day.month == month else None
                    for day in week
                ]
                for week in months.Calendar().monthdatescalendar(number, month)
            ],
        )
        for month in range(1, 13)
    ]
    context = {
        "year": number,
        "grid": grid,
        "kinds": [(kind.value, label) for kind, label in KINDS.items()],
        "provisional": table.is_provisional(date(number, 6, 1)),
        "is_empty": not entered,
        "entered": [(entry, KINDS[entry.kind]) for entry in entered],
        "columns": [Column(_("日期")), Column(_("性质")), Column(_("名称")), Column(_("依据"))],
        "form": form,
        "may_edit": allowed(viewer, "calendar.edit"),
        "before": number - 1 if number - 1 in YEARS else None,
        "after": number + 1 if number + 1 in YEARS else None,
    }
    return render(request, "web/calendar.html", context, status=status)


@page
@require_POST
def enter(request: HttpRequest, viewer: Viewer, number: int) -> HttpResponse:
    """Enter days, and compute every open deadline anew."""
    form = DaysForm(request.POST)
    if not form.is_valid():
        return _render(request, viewer, number, form, status=422)
    told = form.cleaned_data
    span = (told["last"] - told["first"]).days + 1
    days = [DayEntry(told["first"] + timedelta(days=n), DayKind(told["kind"]), told["name"]) for n in range(span)]
    try:
        moved = actions.enter_days(
            viewer,
            days=days,
            source=told["source"],
            now=clock.now(),
            publishes_year=told["first"].year if told["publishes"] else None,
        )
    except Forbidden:
        raise
    except Refused as refused:
        form.add_error(None, str(refused.text))
        return _render(request, viewer, number, form, status=422)
    messages.success(request, _("日历已更新，%(count)d 个期限重新计算后有变化。") % {"count": moved})
    return redirect("calendar_year", number=told["first"].year)
