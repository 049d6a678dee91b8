"""Somebody new: who it is, and as what they begin."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from guiyan.people import actions as people_actions
from guiyan.people import queries as people
from guiyan.people.enums import SensitiveKind
from guiyan.platform import clock
from guiyan.platform.acting import Forbidden, Refused
from guiyan.platform.permissions import Viewer
from guiyan.ui.values import Crumb
from guiyan.web.edge import may_reach, page, request_id
from guiyan.web.people.acts import engagement_of
from guiyan.web.people.forms import HireForm

SEALED = (
    SensitiveKind.ID_DOCUMENT,
    SensitiveKind.MOBILE,
    SensitiveKind.PERSONAL_EMAIL,
    SensitiveKind.EMERGENCY_NAME,
    SensitiveKind.EMERGENCY_PHONE,
)


@page
def hire(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Show the form of a new person, or put them on file."""
    may_reach(viewer, "people.hire")
    sent = request_id(request) if request.method == "POST" else uuid.uuid4()
    form = HireForm(viewer, request.POST or None, initial={"hired_on": clock.today()})
    known: people.PersonBrief | None = None
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        person = people_actions.NewPerson(
            name=told["name"],
            sex=told["sex"],
            education=told["education"],
            document_type=told["document_type"],
            sensitive={kind.value: told[kind.value] for kind in SEALED if told[kind.value].strip()},
        )
        try:
            made = people_actions.hire(viewer, person, engagement_of(told), request_id=sent, now=clock.now())
        except Forbidden:
            raise
        except Refused as refused:
            form.add_error(None, str(refused.text))
            if refused.rule == "person_on_file":
                found = people.find_by_sensitive(viewer, SensitiveKind.ID_DOCUMENT, told["id_document"])
                known = found[0] if found else None
        else:
            messages.success(request, _("已入职，并已记入证据库。下一步请登记合同。"))
            return redirect("person", person_id=made.person_id)
    context = {
        "form": form,
        "who": [form[name] for name in HireForm.who],
        "job": [form[name] for name in form.fields if name not in HireForm.who],
        "request_id": sent,
        "known": known,
        "crumbs": [Crumb(_("员工档案"), reverse("people")), Crumb(_("办理入职"))],
    }
    return render(request, "web/people/hire.html", context, status=422 if form.errors else 200)
