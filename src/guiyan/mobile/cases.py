"""My case on the phone: where it stands, the questions put to me, my papers, the receipts."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from guiyan.mobile import words
from guiyan.mobile.edge import Me, case_page, request_id
from guiyan.mobile.matters import answers, card, dates, own_case
from guiyan.mobile.submitting import receipt_words
from guiyan.mobile.tasks import own_tasks
from guiyan.people import queries as people
from guiyan.platform import clock
from guiyan.platform.acting import Forbidden, Refused
from guiyan.separation import actions as separation
from guiyan.separation import queries
from guiyan.separation.enums import (
    CaseStatus,
    EffectState,
    IdentityMethod,
    IntakeAnswer,
    SignatureKind,
    WithdrawalStatus,
)
from guiyan.ui.values import TimelineDay, TimelineItem

KEY_EVENTS = {
    "resign", "withdraw", "employment", "approve", "consent", "conduct", "sign", "no_response", "certificate",
}  # fmt: skip
"""What one wants to see of a trail at first; the rest is there to be opened."""
INLINE = {"application/pdf", "image/png", "image/jpeg"}
PAPER_ICONS = {
    "letter": ("file-type-pdf", "brand"),
    "receipt": ("receipt", "ok"),
    "withdrawal": ("file-type-pdf", "violet"),
    "withdrawal_receipt": ("receipt", "ok"),
    "scan": ("photo", "neutral"),
}
EFFECTS = {
    EffectState.ORDERED: (gettext_lazy("正在恢复"), "warn"),
    EffectState.CONFIRMED: (gettext_lazy("已恢复"), "ok"),
    EffectState.FAILED: (gettext_lazy("由人工处理"), "warn"),
}
"""What the employee reads of something outside: who mends it is the company's matter."""
TRAIL_TONES = {"resign": "brand", "withdraw": "violet", "employment": "ok", "approve": "ok", "sign": "brand"}
TRAIL_ICONS = {
    "resign": "signature",
    "withdraw": "arrow-back-up",
    "employment": "briefcase",
    "approve": "eye-check",
    "consent": "heart-handshake",
    "sign": "writing-sign",
    "idv": "fingerprint",
    "notice": "mail-opened",
    "push": "send",
    "mail": "mail",
    "deadline": "calendar-time",
    "legal": "scale",
    "effect": "plug",
    "task": "list-check",
    "process": "route",
}


@case_page
@require_safe
def show(request: HttpRequest, me: Me, case_id: UUID) -> HttpResponse:
    """Show the viewer's own case."""
    case = own_case(me, case_id)
    today = clock.today()
    withdraw = case.may.get("withdraw", "") is None
    context = {
        "case": card(case, today),
        "questions": questions(case),
        "tasks": own_tasks(me, case_id),
        "answers": answers(case),
        "dates": dates(case, today),
        "clock_note": _("计算依据：%(articles)s。") % {"articles": _articles(case)} if _articles(case) else "",
        "next": [_next(step) for step in case.next_steps],
        "outside": [(each.name, *EFFECTS[EffectState(each.state)]) for each in case.effects],
        "papers": papers(case),
        "told": told(case),
        "trail": trail(each for each in case.trail if each.kind.partition(".")[0] in KEY_EVENTS),
        "whole_trail": trail(case.trail),
        "steps_count": len(case.trail),
        "hr": [account.name for account in people.hr_of(me.person_id, today)],
        "withdraw_url": reverse("m_withdraw", kwargs={"case_id": case_id}) if withdraw else "",
        "withdraw_note": _("改变主意了？劳动关系结束以前，随时可以提出"),
        "back_url": reverse("m_home"),
        "back_label": _("首页"),
    }
    return render(request, "mobile/case.html", context)


def _articles(case: queries.CaseView) -> str:
    lines = case.clock.lines if case.clock else ()
    joint = "; " if (get_language() or "").startswith("en") else "，"
    return joint.join(dict.fromkeys(article for line in lines for article in line.articles))


def _next(step: queries.NextStep) -> dict[str, str]:
    icon = "calendar-event" if step.day else "arrow-right"
    return {"icon": icon, "title": str(step.text), "text": words.day_of_week(step.day) if step.day else ""}


def told(case: queries.CaseView) -> list[dict[str, str]]:
    """Return who else was told, each with the newest of what they were told."""
    newest: dict[str, queries.Told] = {}
    for each in case.told:
        if each.to and each.to != case.name:
            newest[each.to] = each
    now = clock.now()
    return [
        {
            "who": who,
            "what": each.title.partition("（")[0],
            "when": f"{words.short(each.sent_at, now)}  {_('已打开') if each.read_at else _('还没有打开')}",
        }
        for who, each in newest.items()
    ]


def papers(case: queries.CaseView) -> list[dict[str, str]]:
    """Return the files of the case as lines that open them."""
    names = {
        "letter": _("辞职信"),
        "receipt": _("收讫回执"),
        "withdrawal": _("撤回通知"),
        "withdrawal_receipt": _("撤回的收讫回执"),
        "scan": _("人力资源登记的原件"),
    }
    return [
        {
            "title": names.get(each.kind, each.name),
            "url": reverse("m_file", kwargs={"case_id": case.case_id, "file_id": each.file_id}),
            "note": f"SHA-256 {each.sha256[:8]}…{each.sha256[-8:]}",
            "icon": PAPER_ICONS.get(each.kind, ("file", "neutral"))[0],
            "tone": PAPER_ICONS.get(each.kind, ("file", "neutral"))[1],
        }
        for each in case.files
    ]


def trail(events: Iterable[queries.TrailEvent]) -> list[TimelineDay]:
    """Return what happened, by day, the newest first."""
    english = (get_language() or "").startswith("en")
    days: dict[str, list[TimelineItem]] = {}
    for event in sorted(events, key=lambda each: each.at, reverse=True):
        family = event.kind.partition(".")[0]
        marks = [f"{event.leaf[:4]}…{event.leaf[-4:]}"]
        marks += [f"#{event.index}"] if event.index is not None else []
        item = TimelineItem(
            event.words_en if english else event.words,
            words.local(event.at).strftime("%H:%M"),
            who=event.by,
            icon=TRAIL_ICONS.get(family, "point"),
            tone=TRAIL_TONES.get(family, "neutral"),
            marks=tuple(marks),
        )
        days.setdefault(words.day_of_week(words.local(event.at).date()), []).append(item)
    return [TimelineDay(day, items) for day, items in days.items()]


def questions(case: queries.CaseView) -> list[dict[str, Any]]:
    """Return what is asked of the employee here: whether an intake is theirs, and what their letter means."""
    asked = [_intake(case, each) for each in case.intakes if each.answer in OPEN_ANSWERS]
    if case.status == CaseStatus.MEANING_OPEN and case.may.get("settle_meaning", "") is None:
        asked.append(_meaning(case))
    return asked


OPEN_ANSWERS = {IntakeAnswer.ASKED, IntakeAnswer.NO_ANSWER}


def _intake(case: queries.CaseView, each: queries.IntakeView) -> dict[str, Any]:
    back = each.about == "withdrawal"
    here = {"case_id": case.case_id, "intake_id": each.intake_id}
    return {
        "title": _("这份撤回是您本人提出的吗？") if back else _("这份辞职是您本人提出的吗？"),
        "text": _("人力资源登记了下面的内容，请您核对。您说了算。"),
        "facts": [
            (_("方式"), each.channel),
            (_("时间"), words.moment(each.happened_at)),
            (_("登记人"), each.recorded_by),
            *([(_("在场的人"), each.witness)] if each.witness else []),
        ],
        "url": reverse("m_intake", kwargs=here),
        "request_id": uuid.uuid4(),
        "choices": [
            {"value": "yes", "label": _("是我提出的，时间也对")},
            {"value": "no", "label": _("不是我提出的"), "confirm": _("确认不是您本人提出的？人力资源会停下来核实。")},
        ],
        "fine": _("选“不是”，这件事会停下来，由人力资源核实，您照常在职。时间不对的，请直接告诉人力资源。"),
    }


def _meaning(case: queries.CaseView) -> dict[str, Any]:
    return {
        "title": _("您的信是什么意思？"),
        "text": _("请选择您真正的意思。选“通知”的，时间仍从公司收到那天起算。"),
        "facts": [(_("信中的话"), case.letter.reason)] if case.letter and case.letter.reason else [],
        "url": reverse("m_meaning", kwargs={"case_id": case.case_id}),
        "request_id": uuid.uuid4(),
        "choices": [
            {"value": "notice", "label": _("通知：我要辞职，不需要批准")},
            {"value": "offer", "label": _("商量：公司同意后才离开")},
        ],
        "fine": "",
    }


@case_page
@require_POST
def answer_intake(request: HttpRequest, me: Me, case_id: UUID, intake_id: UUID) -> HttpResponse:
    """Say whether what HR took in is one's own."""
    case = own_case(me, case_id)
    if intake_id not in {each.intake_id for each in case.intakes}:
        raise Http404
    told = request.POST.get("answer")
    if told not in {"yes", "no"}:
        messages.error(request, _("请选择是或不是。"))
        return redirect("m_case", case_id=case_id)
    act = separation.confirm_intake if told == "yes" else separation.deny_intake
    try:
        act(me.viewer, intake_id, request_id=request_id(request), now=clock.now())
    except Forbidden:
        raise
    except Refused as refused:
        messages.warning(request, str(refused.text))
    else:
        messages.success(request, _("已记下您的答复。"))
    return redirect("m_case", case_id=case_id)


@case_page
@require_POST
def meaning(request: HttpRequest, me: Me, case_id: UUID) -> HttpResponse:
    """Say what one's letter means."""
    own_case(me, case_id)
    try:
        separation.settle_meaning(
            me.viewer,
            case_id,
            request.POST.get("answer", ""),
            request_id=request_id(request),
            now=clock.now(),
        )
    except Forbidden:
        raise
    except Refused as refused:
        messages.warning(request, str(refused.text))
    else:
        messages.success(request, _("已记下您的意思。"))
    return redirect("m_case", case_id=case_id)


@case_page
@require_safe
def file(request: HttpRequest, me: Me, case_id: UUID, file_id: UUID) -> HttpResponse:
    """Hand out one of the viewer's own papers."""
    own_case(me, case_id)
    found, data = queries.file_of_case(me.viewer, case_id, file_id)
    answer = HttpResponse(
        data, content_type=found.media_type if found.media_type in INLINE else "application/octet-stream"
    )
    answer["Content-Disposition"] = f'attachment; filename="{found.sha256[:12]}.{found.media_type.rpartition("/")[2]}"'
    return answer


@case_page
@require_safe
def receipt(request: HttpRequest, me: Me, case_id: UUID) -> HttpResponse:
    """Show the receipt of the resignation."""
    case = own_case(me, case_id)
    return _receipt(
        request,
        me,
        case,
        kind=SignatureKind.RESIGNATION,
        paper="receipt",
        arrived=case.arrived_at,
        said=receipt_words(case),
    )


@case_page
@require_safe
def withdrawal_receipt(request: HttpRequest, me: Me, case_id: UUID) -> HttpResponse:
    """Show the receipt of the withdrawal."""
    case = own_case(me, case_id)
    newest = case.withdrawal
    if newest is None:
        raise Http404
    at_once = newest.status == WithdrawalStatus.BEFORE_ARRIVAL
    said: dict[str, object] = {
        "title": _("撤回已生效") if at_once else _("公司已收到您的撤回"),
        "text": _("您照常在职。") if at_once else _("有了答复，会马上告诉您。答复以前，原来的日期不变。"),
        "proves": [_("公司在上述时间收到了您的撤回"), _("文件由您本人签名，从那以后没有改动")],
        "proves_not": [] if at_once else [_("不表示公司已经同意")],
    }
    return _receipt(
        request,
        me,
        case,
        kind=SignatureKind.WITHDRAWAL,
        paper="withdrawal_receipt",
        arrived=newest.arrived_at,
        said=said,
    )


def _receipt(
    request: HttpRequest,
    me: Me,
    case: queries.CaseView,
    *,
    kind: str,
    paper: str,
    arrived: datetime | None,
    said: dict[str, object],
) -> HttpResponse:
    signed = [each for each in queries.signatures(me.viewer, case.case_id) if each.kind == kind]
    if not signed or arrived is None:
        raise Http404
    newest = signed[-1]
    document = next((each for each in case.files if each.file_id == newest.document_file), None)
    pdf = [each for each in case.files if each.kind == paper]
    method = newest.identity_method
    how = IdentityMethod(method).label if method in IdentityMethod.values else method
    context = {
        **said,
        "number": case.number,
        "rows": [
            (_("文件"), _("撤回通知") if kind == SignatureKind.WITHDRAWAL else _("辞职信")),
            (_("签名人"), case.name),
            (_("到达时间"), words.second(arrived)),
            (_("身份确认"), how),
            (_("阅读"), _("%(n)d 秒，已看到末尾") % {"n": newest.seconds_read}),
        ],
        "sha256": document.sha256 if document else newest.document_sha256,
        "pdf_url": reverse("m_file", kwargs={"case_id": case.case_id, "file_id": pdf[-1].file_id}) if pdf else "",
        "case_url": reverse("m_case", kwargs={"case_id": case.case_id}),
    }
    return render(request, "mobile/receipt.html", context)
