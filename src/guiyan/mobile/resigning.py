"""Before anything is said: what a resignation is, the two ways of writing it, and the letter itself.

Nothing on these pages reaches anybody. Nothing is filled in for the employee, least of all a reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guiyan.law.forced_resignation import ART_38_GROUNDS
from guiyan.law.letter import LetterReading, MarkKind, read_letter
from guiyan.law.moments import When
from guiyan.law.parameters import statutory_parameters
from guiyan.law.resignation import NoticeForm, ResignationNotice, resignation_clock
from guiyan.mobile import drafts, paperwork, words
from guiyan.mobile.edge import Me, page
from guiyan.people import queries as people
from guiyan.platform import clock

DRAFT = "resignation"
REASON_MAX = 3000


@dataclass(frozen=True)
class Notice:
    """How long notice runs for this person if the letter arrived now."""

    days: int
    in_probation: bool
    earliest: date


def notice_of(me: Me, now: datetime) -> Notice | None:
    """Return the notice of the law for the viewer, or None when they have no open employment."""
    shown = people.profile(me.viewer, me.person_id)
    latest = next((spell for spell in shown.spells if spell.latest and spell.ended_on is None), None)
    if latest is None:
        return None
    facts = ResignationNotice(When.at(now), NoticeForm.WRITTEN, latest.in_probation, None, None, None)
    found = resignation_clock(facts, as_of=clock.legal_day(now), region=None, params=statutory_parameters())
    assert found.value is not None
    return Notice(found.value.notice_days, latest.in_probation, found.value.earliest_end)


class LetterForm(forms.Form):
    """The letter. Only the basis and, for Art. 38, its grounds are asked; the rest may stay empty."""

    basis = forms.ChoiceField(
        label=gettext_lazy("依据"),
        choices=[("37", gettext_lazy("我自己想离开")), ("38", gettext_lazy("公司有过错，我因此离开"))],
        widget=forms.RadioSelect,
    )
    grounds = forms.MultipleChoiceField(
        label=gettext_lazy("公司有哪些情形"), required=False, widget=forms.CheckboxSelectMultiple
    )
    reason = forms.CharField(
        label=gettext_lazy("我想说的话"),
        required=False,
        max_length=REASON_MAX,
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off"}),
        help_text=gettext_lazy("可以不写。写了就会原样出现在信里。"),
    )
    meaning = forms.ChoiceField(
        label=gettext_lazy("我的意思是"),
        required=False,
        choices=[
            ("notice", gettext_lazy("通知公司：我要辞职，不需要批准")),
            ("offer", gettext_lazy("和公司商量：公司同意后才离开")),
        ],
        widget=forms.RadioSelect,
    )
    wished_last_day = forms.DateField(
        label=gettext_lazy("希望的最后一天"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        grounds = self.fields["grounds"]
        assert isinstance(grounds, forms.MultipleChoiceField)
        grounds.choices = [(item.code, words.say(item.says)) for item in ART_38_GROUNDS]

    def clean_wished_last_day(self) -> date | None:
        """Refuse a day that is over."""
        day: date | None = self.cleaned_data["wished_last_day"]
        if day is not None and day < self.today:
            raise forms.ValidationError(_("这一天已经过去了。"))
        if day is not None and (day - self.today).days > 366:
            raise forms.ValidationError(_("这一天超过一年以后，请检查年份。"))
        return day

    def clean(self) -> dict[str, Any]:
        """Ask for a ground under Art. 38, and for the meaning where the words leave it open."""
        told: dict[str, Any] = super().clean() or {}
        if told.get("basis") == "38" and not told.get("grounds"):
            self.add_error("grounds", _("请至少选择一种情形；都不符合的，请选择上面的“我自己想离开”。"))
        if told.get("basis") != "38":
            told["grounds"] = []
        if read_letter(told.get("reason", "")).asks_permission and not told.get("meaning"):
            self.add_error("meaning", _("信里有请求批准的说法，请选择您真正的意思。"))
        return told


@page
@require_safe
def start(request: HttpRequest, me: Me) -> HttpResponse:
    """Say what a resignation is and offer both ways of writing it."""
    now = clock.now()
    notice = notice_of(me, now)
    context = {
        "notice": notice,
        "earliest": words.day(notice.earliest) if notice else "",
        "hr": [account.name for account in people.hr_of(me.person_id, clock.legal_day(now))],
        "back_url": reverse("m_home"),
    }
    return render(request, "mobile/resign_start.html", context)


@page
@require_safe
def paper(request: HttpRequest, me: Me) -> HttpResponse:
    """Say how the paper way goes."""
    now = clock.now()
    context = {
        "hr": [account.name for account in people.hr_of(me.person_id, clock.legal_day(now))],
        "notice": notice_of(me, now),
        "name": me.name,
        "back_url": reverse("m_resign"),
    }
    return render(request, "mobile/resign_paper.html", context)


@page
@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: HttpRequest, me: Me) -> HttpResponse:
    """Write the letter; it stays a draft until it is signed."""
    now = clock.now()
    notice = notice_of(me, now)
    if notice is None:
        return redirect("m_home")
    today = clock.legal_day(now)
    if request.method == "POST":
        form = LetterForm(request.POST, today=today)
        if form.is_valid():
            told = form.cleaned_data
            day = told["wished_last_day"]
            paperwork.begin(request, DRAFT, {**told, "wished_last_day": day.isoformat() if day else ""}, now)
            return redirect("m_resign_preview")
    else:
        form = LetterForm(initial=drafts.read(request, DRAFT) or {}, today=today)
    text = str(form["reason"].value() or "")
    context = {
        "form": form,
        "notice": notice,
        "earliest": words.day(notice.earliest),
        "hint": hint_of(text),
        "back_url": reverse("m_resign"),
    }
    return render(request, "mobile/resign_letter.html", context, status=422 if form.errors else 200)


@dataclass(frozen=True)
class Hint:
    """What the employee should know about the words they chose."""

    asks: tuple[str, ...]
    faults: tuple[str, ...]


def hint_of(text: str) -> Hint | None:
    """Return what to say about a text, or None when there is nothing to say."""
    reading: LetterReading = read_letter(text)
    asks = tuple(dict.fromkeys(mark.passage for mark in reading.marks if mark.kind is MarkKind.ASKS))
    faults = tuple(dict.fromkeys(mark.passage for mark in reading.marks if mark.kind is MarkKind.EMPLOYER_FAULT))
    return Hint(asks, faults) if asks or faults else None


@page
@require_POST
def hint(request: HttpRequest, me: Me) -> HttpResponse:
    """Answer while one types: does this ask for permission, does it complain of the employer? Nothing is kept."""
    form = LetterForm(request.POST, today=clock.today())
    form.errors.clear()
    context = {"form": form, "hint": hint_of(request.POST.get("reason", "")[:REASON_MAX])}
    return render(request, "mobile/_resign_hint.html", context)
