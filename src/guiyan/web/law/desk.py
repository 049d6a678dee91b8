"""What every page of the workbench shares: the law that applies, the form, the answer, and the ways to keep it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guiyan.law.case_topics import Law
from guiyan.law.parameters import ParameterMissing, Parameters, statutory_parameters
from guiyan.platform import clock
from guiyan.web.law.shown import Trouble

ACT = "law.use_workbench"
REGION_MAX = 40


class LawForm(forms.Form):
    """The day and the place whose law is applied."""

    use_required_attribute = False
    as_of = forms.DateField(
        label=gettext_lazy("适用哪一天的法律"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": gettext_lazy("请填日期。"), "invalid": gettext_lazy("这不是一个日期。")},
    )
    region = forms.CharField(
        label=gettext_lazy("地区"),
        required=False,
        max_length=REGION_MAX,
        widget=forms.TextInput(attrs={"list": "law-regions", "placeholder": gettext_lazy("留空：只看全国规定")}),
    )


@dataclass(frozen=True)
class Setting:
    """The law of one column once its form was read."""

    as_of: date
    region: str | None

    def law(self) -> Law:
        """The law of the day and place, with the figures in use."""
        return Law(self.as_of, self.region, figures())


def figures() -> Parameters:
    """The dated figures in use."""
    return statutory_parameters()


def regions() -> list[str]:
    """The places for which there is a figure of their own."""
    return sorted({value.region for value in figures().values if value.region})


def law_form(data: Any, prefix: str = "law") -> LawForm:
    """The form of day and place, today's law of the whole country where nothing was said."""
    return LawForm(data, prefix=prefix, initial={"as_of": clock.today()})


def setting(form: LawForm) -> Setting | None:
    """What the form says; None while it is wrong."""
    if not form.is_valid():
        return None
    return Setting(form.cleaned_data["as_of"], form.cleaned_data["region"].strip() or None)


def parameter_trouble(error: ParameterMissing | LookupError, key: str) -> Trouble:
    """Say which figure is missing, and where it is entered."""
    region = getattr(error, "region", None)
    if isinstance(error, ParameterMissing):
        where = region or _("全国")
        text = _("没有 %(region)s 在 %(day)s 施行的数值，不能用别处或者别年的数值代替。") % {
            "region": where,
            "day": error.as_of,
        }
    else:
        text = _("这是地方的数值，请先填地区。")
    return Trouble(_("缺少参数"), (text,), key=key, url=address("law_parameters"))


def address(name: str) -> str:
    """The address of a page, empty where this installation has none of the name."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def ids(names: Iterable[str], prefix: str) -> dict[str, str]:
    """The element that answers each fact."""
    return {name: f"id_{prefix}-{name}" for name in names}
