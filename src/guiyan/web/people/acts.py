"""What is done about one person, each on a page with one form: the same frame, another form and another action."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guiyan.people import actions as people_actions
from guiyan.people import queries as people
from guiyan.people.actions import ContractTerms, Engagement, Move, ProtectionFacts, WageTerms
from guiyan.people.enums import SpellStatus
from guiyan.platform import clock
from guiyan.platform.acting import Forbidden, Refused
from guiyan.platform.permissions import Viewer
from guiyan.ui.values import Crumb
from guiyan.web.edge import page, request_id
from guiyan.web.people import forms


@dataclass(frozen=True)
class Call:
    """What an act is called with."""

    viewer: Viewer
    shown: people.Profile
    told: dict[str, Any]
    form: Any
    request_id: UUID
    now: datetime

    @property
    def spell_id(self) -> UUID:
        """The newest spell of the person."""
        return next(spell.spell_id for spell in self.shown.spells if spell.latest)


@dataclass(frozen=True)
class Act:
    """An act: its right, its words, its form, and what it does. ``open`` says whether it needs an open spell."""

    right: str
    title: str | Promise
    note: str | Promise
    submit: str | Promise
    form: type[forms.PersonForm]
    do: Callable[[Call], object]
    open: bool | None = True
    then: str = ""


def _transfer(call: Call) -> None:
    told = call.told
    move = Move(UUID(told["unit"]), UUID(told["post"]), told["from_on"], told["manager"])
    people_actions.transfer(call.viewer, call.shown.person_id, move, request_id=call.request_id, now=call.now)


def _contract(call: Call) -> None:
    told = call.told
    terms = ContractTerms(told["kind"], told["start_on"], told["end_on"], told["signed_on"], told["number"])
    people_actions.record_contract(call.viewer, call.spell_id, terms, request_id=call.request_id, now=call.now)


def _wage(call: Call) -> None:
    told = call.told
    terms = WageTerms(told["base"], told["valid_from"], told["performance_kind"], told["performance"])
    people_actions.record_wage(call.viewer, call.spell_id, terms, request_id=call.request_id, now=call.now)


def _protection(call: Call) -> None:
    told = call.told
    facts = ProtectionFacts(
        told["kind"], told["valid_from"], told["valid_to"], told["source"], told["injury_grade"], told["detail"]
    )
    people_actions.record_protection(call.viewer, call.shown.person_id, facts, request_id=call.request_id, now=call.now)


def _end_protection(call: Call) -> None:
    told = call.told
    if told["protection"] not in {row.protection_id for row in call.shown.protections or ()}:
        raise Http404
    people_actions.end_protection(
        call.viewer,
        told["protection"],
        told["last_day"],
        reason=told["reason"],
        request_id=call.request_id,
        now=call.now,
    )


def _confirm_address(call: Call) -> None:
    if call.viewer.person_id != call.shown.person_id:
        raise Http404
    people_actions.confirm_address(
        call.viewer, call.told["kind"], call.told["value"], request_id=call.request_id, now=call.now
    )


def _address(call: Call) -> None:
    told = call.told
    digest = hashlib.sha256()
    for part in told["paper"].chunks():
        digest.update(part)
    confirmed_at = datetime.combine(told["confirmed_on"], time(), clock.LEGAL_ZONE)
    people_actions.record_address(
        call.viewer,
        call.shown.person_id,
        told["kind"],
        told["value"],
        proof_sha256=digest.hexdigest(),
        confirmed_at=confirmed_at,
        request_id=call.request_id,
        now=call.now,
    )


def _correct(call: Call) -> None:
    people_actions.correct_person(
        call.viewer,
        call.shown.person_id,
        call.form.corrections(),
        document_type=call.told["document_type"],
        reason=call.told["reason"],
        request_id=call.request_id,
        now=call.now,
    )


def _account(call: Call) -> None:
    told = call.told
    people_actions.make_account_for(
        call.viewer,
        call.shown.person_id,
        username=told["username"],
        password=told["password"],
        email=told["email"],
        request_id=call.request_id,
        now=call.now,
    )


def engagement_of(told: dict[str, Any]) -> Engagement:
    """Return what an engagement form told."""
    return Engagement(
        number=told["number"],
        hired_on=told["hired_on"],
        unit_id=UUID(told["unit"]),
        post_id=UUID(told["post"]),
        manager_id=told["manager"],
        probation_months=told["probation_months"],
        insurance_place=told["insurance_place"],
    )


def _rehire(call: Call) -> people_actions.Hired:
    return people_actions.rehire(
        call.viewer, call.shown.person_id, engagement_of(call.told), request_id=call.request_id, now=call.now
    )


ACTS = {
    "transfer": Act(
        "people.transfer",
        gettext_lazy("调动"),
        gettext_lazy("从生效日起，换到新的部门、岗位或主管；以前的任职保留在档案里。"),
        gettext_lazy("确认调动"),
        forms.TransferForm,
        _transfer,
        then="employment/",
    ),
    "contract": Act(
        "people.record_contract",
        gettext_lazy("登记合同"),
        gettext_lazy("登记已经签订的合同概要。"),
        gettext_lazy("登记"),
        forms.ContractForm,
        _contract,
        then="employment/",
    ),
    "wage": Act(
        "people.record_wage",
        gettext_lazy("调整工资"),
        gettext_lazy("金额加密保存；同一天再次登记就是更正，证据库里两次都在。"),
        gettext_lazy("登记"),
        forms.WageForm,
        _wage,
        then="employment/",
    ),
    "protection": Act(
        "people.record_protection",
        gettext_lazy("登记特殊保护"),
        gettext_lazy("只有本人，以及服务本人的人力资源和法务可以看到。主管看不到。"),
        gettext_lazy("登记"),
        forms.ProtectionForm,
        _protection,
        then="personal/",
    ),
    "end-protection": Act(
        "people.end_protection",
        gettext_lazy("登记特殊保护结束"),
        gettext_lazy("这项事实到最后一天为止适用，记录会保留。"),
        gettext_lazy("登记"),
        forms.EndProtectionForm,
        _end_protection,
        open=None,
        then="personal/",
    ),
    "confirm-address": Act(
        "people.confirm_address",
        gettext_lazy("确认送达地址"),
        gettext_lazy("公司会把重要通知送到这里。确认后，原来的同类地址不再使用。"),
        gettext_lazy("我确认这是我的送达地址"),
        forms.AddressForm,
        _confirm_address,
        then="personal/",
    ),
    "address": Act(
        "people.record_address",
        gettext_lazy("登记送达地址"),
        gettext_lazy("员工在纸上签字确认过的地址。本人也可以自己在系统里确认。"),
        gettext_lazy("登记"),
        forms.PaperAddressForm,
        _address,
        then="personal/",
    ),
    "correct": Act(
        "people.correct",
        gettext_lazy("更正信息"),
        gettext_lazy("个人信息留空就是不改。更正的原因会进入证据库。"),
        gettext_lazy("保存更正"),
        forms.CorrectForm,
        _correct,
        open=None,
    ),
    "account": Act(
        "people.make_account",
        gettext_lazy("开通账号"),
        gettext_lazy("本人用它查看和办理自己的事；主管的权限随组织架构而来。"),
        gettext_lazy("开通"),
        forms.AccountForm,
        _account,
    ),
    "rehire": Act(
        "people.rehire",
        gettext_lazy("再次入职"),
        gettext_lazy("还是同一个人，开始一段新的劳动关系；以前的经历都在。"),
        gettext_lazy("办理入职"),
        forms.EngagementForm,
        _rehire,
        open=False,
    ),
}


def _initial(shown: people.Profile, key: str, request: HttpRequest) -> dict[str, Any]:
    today = clock.today()
    post = next((spell.assignments[-1].post for spell in shown.spells if spell.latest and spell.assignments), "")
    known: dict[str, dict[str, Any]] = {
        "transfer": {"unit": str(shown.unit_id or ""), "from_on": today, "post_name": post},
        "contract": {"start_on": today},
        "wage": {"valid_from": today},
        "protection": {"valid_from": today},
        "end-protection": {"protection": request.GET.get("protection", "")[:36], "last_day": today},
        "rehire": {"hired_on": today},
        "address": {"confirmed_on": today},
        "correct": {
            "name": shown.name,
            "aliases": shown.aliases,
            "sex": shown.sex,
            "education": shown.education,
            **{row.kind: row.mask for row in shown.sensitive or ()},
        },
    }
    return known.get(key, {})


@page
def act(request: HttpRequest, viewer: Viewer, person_id: UUID, key: str) -> HttpResponse:
    """Show the form of one act, or do it."""
    entry = ACTS.get(key)
    shown = people.profile(viewer, person_id)
    latest = next((spell for spell in shown.spells if spell.latest), None)
    if entry is None or latest is None:
        raise Http404
    is_allowed = entry.right in shown.may
    if request.method != "POST" and not is_allowed:
        raise Http404
    form = _form(request, viewer, entry, shown, key)
    status = 200
    sent = request_id(request) if request.method == "POST" else uuid.uuid4()
    if request.method == "POST":
        if form.is_valid():
            answer = _try(Call(viewer, shown, form.cleaned_data, form, sent, clock.now()), entry, form, request)
            if answer:
                return redirect(f"{reverse('person', kwargs={'person_id': person_id})}{entry.then}")
        elif not is_allowed:
            raise Http404
        status = 422
    context = {
        "act": entry,
        "form": form,
        "shown": shown,
        "latest": latest,
        "request_id": sent,
        "wrong_state": entry.open is not None and entry.open == (latest.status == SpellStatus.ENDED),
        "back": reverse("person", kwargs={"person_id": person_id}),
        "crumbs": [
            Crumb(_("员工档案"), reverse("people")),
            Crumb(shown.name, reverse("person", kwargs={"person_id": person_id})),
            Crumb(str(entry.title)),
        ],
    }
    return render(request, "web/people/act.html", context, status=status)


def _form(request: HttpRequest, viewer: Viewer, entry: Act, shown: people.Profile, key: str) -> forms.PersonForm:
    initial = _initial(shown, key, request)
    if request.method == "POST":
        return entry.form(viewer, request.POST, request.FILES, initial=initial)
    form = entry.form(viewer, initial=initial)
    if "post_name" in initial:
        options = {label: value for value, label in form.fields["post"].choices}  # type: ignore[attr-defined]
        form.initial["post"] = options.get(initial["post_name"], "")
    return form


def _try(call: Call, entry: Act, form: forms.PersonForm, request: HttpRequest) -> bool:
    """Do the act; a rule that stops it becomes a sentence at the top of the form, which keeps what was typed."""
    try:
        result = entry.do(call)
    except Forbidden:
        raise
    except Refused as refused:
        form.add_error(None, str(refused.text))
        return False
    messages.success(request, _("已完成，并已记入证据库。"))
    if isinstance(result, people_actions.Hired) and "second_probation" in result.findings:
        messages.warning(request, _("此人以前约定过试用期。同一单位与同一劳动者只能约定一次，请法务核对。"))
    return True
