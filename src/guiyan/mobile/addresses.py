"""Where notices reach me: I confirm it myself, and change it whenever it changes."""

from __future__ import annotations

import re
import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from guiyan.mobile import words
from guiyan.mobile.edge import Me, page, request_id
from guiyan.people import actions as people_actions
from guiyan.people import queries as people
from guiyan.people.enums import AddressKind
from guiyan.platform import clock
from guiyan.platform.acting import Forbidden, Refused

_MOBILE = re.compile(r"(?:\+?86[- ]?)?1\d{10}")


class AddressForm(forms.Form):
    """A delivery address that the employee confirms."""

    kind = forms.ChoiceField(
        label=gettext_lazy("方式"), choices=AddressKind.choices, widget=forms.RadioSelect, initial=AddressKind.POSTAL
    )
    value = forms.CharField(
        label=gettext_lazy("地址或号码"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
        help_text=gettext_lazy("邮寄地址请写到门牌号。"),
    )
    sure = forms.BooleanField(label=gettext_lazy("我能在这里收到公司的通知"))

    def clean(self) -> dict[str, Any]:
        """Refuse what plainly cannot reach anybody."""
        told: dict[str, Any] = super().clean() or {}
        kind, value = told.get("kind"), (told.get("value") or "").strip()
        if kind == AddressKind.EMAIL:
            try:
                validate_email(value)
            except forms.ValidationError:
                self.add_error("value", _("这不像一个电子邮箱地址，请检查。"))
        elif kind == AddressKind.MOBILE and not _MOBILE.fullmatch(value):
            self.add_error("value", _("这不像一个手机号码，请检查。"))
        elif kind == AddressKind.POSTAL and len(value) < 6:
            self.add_error("value", _("地址太短，邮件可能送不到。请写到门牌号。"))
        return told


@page
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest, me: Me) -> HttpResponse:
    """Show the addresses in force and confirm another one; the one before of the same kind is no longer used."""
    form = AddressForm(request.POST or None)
    sent = request_id(request) if request.method == "POST" else uuid.uuid4()
    if request.method == "POST" and form.is_valid() and _confirm(request, me, form, sent):
        return redirect("m_addresses")
    shown = people.profile(me.viewer, me.person_id)
    context = {
        "form": form,
        "request_id": sent,
        "addresses": [
            (row, AddressKind(row.kind).label, words.day(words.local(row.confirmed_at)))
            for row in shown.addresses or ()
            if row.valid_to is None
        ],
        "back_url": reverse("m_home"),
    }
    return render(request, "mobile/addresses.html", context, status=422 if form.errors else 200)


def _confirm(request: HttpRequest, me: Me, form: AddressForm, sent: uuid.UUID) -> bool:
    told = form.cleaned_data
    try:
        people_actions.confirm_address(me.viewer, told["kind"], told["value"], request_id=sent, now=clock.now())
    except Forbidden:
        raise
    except Refused as refused:
        form.add_error(None, str(refused.text))
        return False
    messages.success(request, _("已确认。公司今后会把通知送到这里。"))
    return True
