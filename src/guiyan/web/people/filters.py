"""The filters of the people list: from an address to what is asked, and back to words that can be taken away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import cast
from uuid import UUID

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guiyan.people import queries as people
from guiyan.people.enums import ContractKind, SpellStatus
from guiyan.platform.permissions import Viewer
from guiyan.web.people import choices

EVERYBODY = "all"
SORTS = {
    "name": gettext_lazy("姓名（拼音）"),
    "number": gettext_lazy("工号"),
    "unit": gettext_lazy("部门"),
    "post": gettext_lazy("岗位"),
    "-hired_on": gettext_lazy("入职日期，新的在前"),
    "hired_on": gettext_lazy("入职日期，早的在前"),
    "-ended_on": gettext_lazy("离职日期，新的在前"),
}
STATUSES = (
    ("", gettext_lazy("在职（含待离职）")),
    (SpellStatus.LEAVING.value, SpellStatus.LEAVING.label),
    (SpellStatus.ENDED.value, SpellStatus.ENDED.label),
    (EVERYBODY, gettext_lazy("全部状态")),
)
ENDINGS = (
    ("", gettext_lazy("不限")),
    ("30", gettext_lazy("30 天内")),
    ("60", gettext_lazy("60 天内")),
    ("90", gettext_lazy("90 天内")),
    ("180", gettext_lazy("180 天内")),
)
MORE = ("post", "contract", "probation", "hired_from", "hired_to", "ending")
SAVED = ("q", "unit", "status", *MORE, "sort")


class FilterForm(forms.Form):
    """What the list is narrowed to. A value that makes no sense is named and narrows nothing."""

    q = forms.CharField(required=False, max_length=60)
    unit = forms.ChoiceField(label=gettext_lazy("部门"), required=False)
    status = forms.ChoiceField(label=gettext_lazy("状态"), required=False, choices=STATUSES)
    post = forms.ChoiceField(label=gettext_lazy("岗位"), required=False)
    contract = forms.ChoiceField(
        label=gettext_lazy("合同类型"), required=False, choices=[("", gettext_lazy("不限")), *ContractKind.choices]
    )
    probation = forms.ChoiceField(
        label=gettext_lazy("试用期"),
        required=False,
        choices=[("", gettext_lazy("不限")), ("yes", gettext_lazy("试用期内")), ("no", gettext_lazy("不在试用期"))],
    )
    hired_from = forms.DateField(
        label=gettext_lazy("入职不早于"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    hired_to = forms.DateField(
        label=gettext_lazy("入职不晚于"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    ending = forms.ChoiceField(label=gettext_lazy("合同或离职到期"), required=False, choices=ENDINGS)

    def __init__(self, viewer: Viewer, data: QueryDict) -> None:
        super().__init__(data, prefix=None, auto_id="filter_%s")
        self.fields["unit"].choices = [("", _("全部部门")), *choices.unit_options(viewer)]  # type: ignore[attr-defined]
        self.fields["post"].choices = [("", _("不限")), *choices.post_options(viewer)]  # type: ignore[attr-defined]
        self.full_clean()

    def options(self) -> dict[str, SafeString]:
        """Return the options of every choice as HTML, by the field's name, the chosen one marked."""
        drawn = {}
        for name, field in self.fields.items():
            if isinstance(field, forms.ChoiceField):
                offered = cast("list[tuple[str, str]]", field.choices)
                told = tuple((str(value), str(label)) for value, label in offered)
                drawn[name] = _options(told, self.data.get(name, ""))
        return drawn

    def more(self, options: Mapping[str, SafeString]) -> Iterator[More]:
        """Yield the filters that are folded away."""
        for name in MORE:
            yield More(self[name], str(self.fields[name].label), options.get(name), self.data.get(name, ""))


@dataclass(frozen=True)
class More:
    """A filter that is folded away: a choice with ``options``, or a day."""

    field: forms.BoundField
    label: str
    options: SafeString | None
    value: str


@lru_cache(maxsize=512)
def _options(offered: tuple[tuple[str, str], ...], chosen: str) -> SafeString:
    """Draw the options of a choice; the same ones are drawn once, not once a page."""
    each = ((value, " selected" if value == chosen else "", label) for value, label in offered)
    return format_html_join("\n", '<option value="{}"{}>{}</option>', each)


@dataclass(frozen=True)
class Chip:
    """A filter that is on: its words, and the address without it."""

    label: str
    remove_url: str


@dataclass(frozen=True)
class Asked:
    """What an address of the list asks for."""

    form: FilterForm
    filters: people.PeopleFilter
    sort: str
    page: int
    query: str
    chips: tuple[Chip, ...]
    more: int


def asked(request: HttpRequest, viewer: Viewer, page: int, data: QueryDict | None = None) -> Asked:
    """Read the filters of ``data`` (the address of the request when not given)."""
    told = request.GET if data is None else data
    form = FilterForm(viewer, told)
    good = form.cleaned_data
    status = good.get("status", "")
    filters = people.PeopleFilter(
        text=good.get("q", ""),
        unit_id=UUID(good["unit"]) if good.get("unit") else None,
        post_id=UUID(good["post"]) if good.get("post") else None,
        status="" if status == EVERYBODY else status or people.ON_BOARD,
        contract_kind=good.get("contract", ""),
        in_probation={"yes": True, "no": False}.get(good.get("probation", "")),
        hired_from=good.get("hired_from"),
        hired_to=good.get("hired_to"),
        ending_within_days=int(good["ending"]) if good.get("ending") else None,
    )
    sort = told.get("sort", "name")
    sort = sort if sort.removeprefix("-") in people.SORTS else "name"
    on = [name for name in FilterForm.base_fields if good.get(name)]
    chips = tuple(Chip(_said(form, name), _without(told, name)) for name in on if name != "q")
    return Asked(form, filters, sort, page, _lean(told).urlencode(), chips, sum(name in MORE for name in on))


def _said(form: FilterForm, name: str) -> str:
    field, value = form.fields[name], form.cleaned_data[name]
    if isinstance(field, forms.ChoiceField):
        value = str(dict(field.choices)[value]).strip(choices.INDENT)  # type: ignore[arg-type]
    return _("%(label)s：%(value)s") % {"label": field.label, "value": value}


def _lean(told: QueryDict, *, without: str = "") -> QueryDict:
    """Keep the filters that say something, in one order, so that equal lists have equal addresses."""
    lean = QueryDict(mutable=True)
    for name in SAVED:
        if name != without and told.get(name):
            lean[name] = str(told[name])[:200]
    return lean


def _without(told: QueryDict, name: str) -> str:
    left = _lean(told, without=name).urlencode()
    return f"?{left}" if left else "?"


def sorted_by(query: str, key: str, sort: str) -> tuple[str, str]:
    """Return the address that sorts by ``key`` (turned round when it does already), and how it is sorted now."""
    now = "ascending" if sort == key else "descending" if sort == f"-{key}" else ""
    told = QueryDict(query, mutable=True)
    told["sort"] = f"-{key}" if now == "ascending" else key
    return f"?{told.urlencode()}", now
