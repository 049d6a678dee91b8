"""Doing something about a case: each act on a page with one form, and what it answers when it may not happen."""

from __future__ import annotations

import uuid
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guiyan.platform import clock
from guiyan.platform.acting import Forbidden, Refused, Stale
from guiyan.platform.permissions import Viewer
from guiyan.process import actions as process_actions
from guiyan.process import queries as process
from guiyan.separation import actions as separation
from guiyan.separation import queries
from guiyan.ui.values import Crumb
from guiyan.web.cases import shown, words
from guiyan.web.cases.catalogue import ACTS, Act, Call
from guiyan.web.cases.forms import AcknowledgeForm, CaseForm, CompleteForm, EffectForm
from guiyan.web.cases.page import case_page, frame
from guiyan.web.edge import request_id

INLINE = {"application/pdf", "image/png", "image/jpeg"}


@case_page
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, viewer: Viewer, case_id: UUID, key: str) -> HttpResponse:
    """Show the form of one act, or do it. What came too late is said, and what was typed stays."""
    entry = ACTS.get(key)
    case = queries.case_for(viewer, case_id)
    if entry is None or (entry.may not in case.may and request.method != "POST"):
        raise Http404
    now = clock.now()
    sent = request_id(request) if request.method == "POST" else uuid.uuid4()
    form = _form(request, viewer, entry, case)
    status, refused = 200, None
    if request.method == "POST":
        status = 422
        if form.is_valid():
            refused = _try(entry, Call(viewer, case_id, form.cleaned_data, sent, now), form)
            if refused is None and not form.errors:
                messages.success(request, _("已完成，并已记入证据库。"))
                return redirect("case", case_id=case_id)
            status = 409 if isinstance(refused, Stale) else 422
            case = queries.case_for(viewer, case_id)
    if refused is not None and key == "complete":
        return _stopped(request, case, refused)
    reason = case.may.get(entry.may, "")
    context = {
        **frame(case),
        "act": entry,
        "form": form,
        "why": str(reason) if reason and request.method != "POST" else "",
        "request_id": sent,
        "back": reverse("case", kwargs={"case_id": case_id}),
        "findings": shown.findings(case) if key in {"consent", "refuse", "complete", "conduct-consent"} else [],
    }
    context["crumbs"] = [*context["crumbs"], Crumb(str(entry.title))]
    return render(request, "web/cases/act.html", context, status=status)


def _form(request: HttpRequest, viewer: Viewer, entry: Act, case: queries.CaseView) -> CaseForm:
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    initial: dict[str, Any] = {}
    if case.letter is not None and case.letter.wished_last_day is not None:
        initial["last_day"] = case.letter.wished_last_day
    form = entry.form(viewer, clock.now(), data, files, initial=initial)
    last = case.clock.last_day if case.clock else None
    if isinstance(form, CompleteForm) and (last is None or clock.today() <= last):
        form.ask_nothing()
    if isinstance(form, AcknowledgeForm) and not _may_wish_earlier(case):
        form.drop_wish()
    return form


def _may_wish_earlier(case: queries.CaseView) -> bool:
    """Whether an earlier day may have been wished for: the manager, who does not see the letter, is always asked."""
    if case.letter is None:
        return True
    wished, earliest = case.letter.wished_last_day, case.clock.earliest_end if case.clock else None
    return wished is not None and earliest is not None and wished < earliest


def _try(entry: Act, call: Call, form: CaseForm) -> Refused | None:
    try:
        entry.do(call)
    except Forbidden:
        raise
    except Refused as refused:
        form.add_error(None, str(refused.text))
        return refused
    return None


def _stopped(request: HttpRequest, case: queries.CaseView, refused: Refused) -> HttpResponse:
    """Say why an old exit cannot be processed: who consented, when, how, by which rule."""
    newest = case.withdrawal
    known: list[tuple[str, str]] = [(_("现在的状态"), str(case.status_words))]
    if newest is not None:
        known += [line for line in shown.withdrawal(case) if line[0] != _("员工的话")]
    if case.arrived_at:
        known.insert(0, (_("原来的辞职"), words.moment(case.arrived_at)))
    context = {
        **frame(case),
        "refused": {"title": _("规则不允许办理"), "text": str(refused.text), "facts": known, "articles": ""},
        "findings": shown.findings(case),
        "back": reverse("case", kwargs={"case_id": case.case_id}),
        "trail_url": f"{reverse('case', kwargs={'case_id': case.case_id})}#trail",
    }
    context["crumbs"] = [*context["crumbs"], Crumb(_("不能办理"))]
    return render(request, "web/cases/refused.html", context, status=422)


@case_page
@require_http_methods(["GET", "HEAD", "POST"])
def effect(request: HttpRequest, viewer: Viewer, case_id: UUID, effect_id: UUID) -> HttpResponse:
    """Say what became of something outside: that it is back as it was, or that it is not yet, and why."""
    case, row = _effect_of(viewer, case_id, effect_id)
    sent = request_id(request) if request.method == "POST" else uuid.uuid4()
    chosen = {"done": "no" if request.GET.get("done") == "no" else "yes"}
    form = EffectForm(viewer, clock.now(), request.POST if request.method == "POST" else None, initial=chosen)
    status = 200
    if request.method == "POST":
        refused = _say_effect(viewer, effect_id, form, sent) if form.is_valid() else None
        if not form.errors:
            messages.success(request, _("已确认。") if form.cleaned_data["done"] else _("已记下，这一项继续保留。"))
            return redirect(_outside_of(case_id))
        if isinstance(refused, Stale):
            messages.warning(request, str(refused.text))
            return redirect(_outside_of(case_id))
        status = 422
    context = {
        **frame(case),
        "line": next(line for line in shown.outside(case) if line["id"] == effect_id),
        "form": form,
        "open": row.may_confirm,
        "request_id": sent,
        "back": _outside_of(case_id),
    }
    context["crumbs"] = [*context["crumbs"], Crumb(str(row.name))]
    return render(request, "web/cases/effect.html", context, status=status)


@case_page
@require_POST
def retry_effect(request: HttpRequest, viewer: Viewer, case_id: UUID, effect_id: UUID) -> HttpResponse:
    """Have the system outside asked once more."""
    _effect_of(viewer, case_id, effect_id)
    try:
        separation.retry_effect(viewer, effect_id, request_id=request_id(request), now=clock.now())
    except Forbidden:
        raise
    except Refused as refused:
        messages.warning(request, str(refused.text))
    else:
        messages.success(request, _("已请外部系统再试一次。"))
    return redirect(_outside_of(case_id))


def _effect_of(viewer: Viewer, case_id: UUID, effect_id: UUID) -> tuple[queries.CaseView, queries.EffectView]:
    case = queries.case_for(viewer, case_id)
    row = next((each for each in case.effects if each.effect_id == effect_id), None)
    if row is None:
        raise Http404
    return case, row


def _say_effect(viewer: Viewer, effect_id: UUID, form: EffectForm, sent: UUID) -> Refused | None:
    told = form.cleaned_data
    try:
        separation.confirm_effect(
            viewer, effect_id, done=told["done"], reply=told["reply"], request_id=sent, now=clock.now()
        )
    except Forbidden:
        raise
    except Refused as refused:
        form.add_error("reply" if refused.rule == "reply_missing" else None, str(refused.text))
        return refused
    return None


def _outside_of(case_id: UUID) -> str:
    return f"{reverse('case', kwargs={'case_id': case_id})}#outside"


@case_page
@require_POST
def comment(request: HttpRequest, viewer: Viewer, case_id: UUID) -> HttpResponse:
    """Write to the colleagues who work on the case."""
    queries.case_for(viewer, case_id)
    rows = process.processes_of_case(viewer, case_id)
    if not rows:
        raise Http404
    try:
        process_actions.comment(
            viewer,
            rows[-1].instance_id,
            request.POST.get("text", ""),
            request_id=request_id(request),
            now=clock.now(),
        )
    except Forbidden:
        raise
    except Refused as refused:
        messages.error(request, str(refused.text))
    return redirect(f"{reverse('case', kwargs={'case_id': case_id})}#comments")


@case_page
@require_safe
def file(request: HttpRequest, viewer: Viewer, case_id: UUID, file_id: UUID) -> HttpResponse:
    """Hand out a paper of the case to who may read the letter."""
    found, data = queries.file_of_case(viewer, case_id, file_id)
    kind = found.media_type if found.media_type in INLINE else "application/octet-stream"
    answer = HttpResponse(data, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{found.sha256[:12]}.{found.media_type.rpartition("/")[2]}"'
    return answer
