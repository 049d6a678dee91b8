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

from guiyan.compliance.queries import parameters_of_tenant
from guiyan.law.case_topics import Law
from guiyan.law.parameter_keys import parameter_keys
from guiyan.law.parameters import ParameterMissing, Parameters
from guiyan.law.regions import region_named
from guiyan.law.regions import regions as known_regions
from guiyan.platform import clock
from guiyan.web.law.fields import told
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

    def clean_region(self) -> str:
        """Return the short name of the place, however it was written."""
        said: str = self.cleaned_data["region"].strip()
        known = region_named(said) if said else None
        if said and known is None:
            raise forms.ValidationError(_("没有这个地区。请填省或者市，例如上海、深圳。"))
        return known.name if known else ""


@dataclass(frozen=True)
class Setting:
    """The law of one column once its form was read."""

    as_of: date
    region: str | None
    figures: Parameters

    def law(self) -> Law:
        """The law of the day and place, with the figures in use."""
        return Law(self.as_of, self.region, self.figures)


def regions() -> list[str]:
    """The places that may be named, by their short names."""
    return list(known_regions())


def law_form(data: Any) -> LawForm:
    """The form of day and place, today's law of the whole country where nothing was said."""
    return LawForm(data, prefix="law", initial={"as_of": clock.today()})


def other_law_form(data: Any, prefix: str) -> LawForm:
    """The form of a column beside the first, which may leave both to it."""
    form = LawForm(data, prefix=prefix)
    form.fields["as_of"].required = False
    form.fields["region"].widget.attrs["placeholder"] = _("与方案一相同")
    return form


def setting(form: LawForm, first: Setting | None = None) -> Setting | None:
    """What the form says, with ``first`` for what it leaves open; None while it is wrong."""
    if not form.is_valid():
        return None
    as_of, region = form.cleaned_data["as_of"], form.cleaned_data["region"] or None
    if first is None:
        return Setting(as_of, region, parameters_of_tenant())
    return Setting(as_of or first.as_of, region or first.region, first.figures)


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
    known = parameter_keys().get(key)
    problems = (text,) if known is None else (told(known.name), text)
    return Trouble(_("缺少参数"), problems, key=key, url=address("law_parameters"))


def address(name: str) -> str:
    """The address of a page, empty where this installation has none of the name."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def ids(names: Iterable[str], prefix: str) -> dict[str, str]:
    """The element that answers each fact."""
    return {name: f"id_{prefix}-{name}" for name in names}
