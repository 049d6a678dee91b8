"""The resignation taken back, on the phone, at any step until the end: the same way of signing."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from guiyan.mobile import drafts, paperwork, words
from guiyan.mobile.edge import Me, case_page
from guiyan.mobile.matters import own_case
from guiyan.mobile.paperwork import Draft, Paperwork, Says
from guiyan.platform import clock
from guiyan.separation import actions as separation
from guiyan.separation import queries
from guiyan.separation.actions import Signing
from guiyan.separation.enums import CaseStatus
from guiyan.separation.wording import WITHDRAWAL_TITLE

WORDS_MAX = 3000


class WithdrawalForm(forms.Form):
    """What the employee wants to say with it: nothing, or anything."""

    words = forms.CharField(
        label=gettext_lazy("我想说的话"),
        required=False,
        max_length=WORDS_MAX,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        help_text=gettext_lazy("可以不写。写了就会原样出现在通知里。"),
    )


def draft_name(case_id: UUID) -> str:
    """Return under which name the draft of a case's withdrawal lies."""
    return f"withdrawal_{case_id.hex}"


def binds_nobody(case: queries.CaseView) -> bool:
    """Whether what is taken back needs nobody's consent: it was only said, or is an offer not accepted."""
    return case.status in {CaseStatus.AWAITING_WRITING, CaseStatus.OFFER}


@case_page
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, me: Me, case_id: UUID) -> HttpResponse:
    """Say what a withdrawal does, and take the employee's words."""
    case = own_case(me, case_id)
    if case.may.get("withdraw", "") is not None:
        return redirect("m_case", case_id=case_id)
    now, name = clock.now(), draft_name(case_id)
    form = WithdrawalForm(request.POST or None, initial=drafts.read(request, name))
    if request.method == "POST" and form.is_valid():
        paperwork.begin(request, name, {"words": form.cleaned_data["words"]}, now)
        return redirect("m_withdraw_preview", case_id=case_id)
    context = {
        "form": form,
        "lead": _("可以撤回，也可以什么都不做。打开这一页不会通知任何人。"),
        "know": _know(case),
        "back_url": reverse("m_case", kwargs={"case_id": case_id}),
    }
    return render(request, "mobile/withdraw.html", context, status=422 if form.errors else 200)


def _know(case: queries.CaseView) -> list[dict[str, Any]]:
    if binds_nobody(case):
        first = {"icon": "check", "title": _("签名后立即生效"), "text": _("不需要公司同意，您照常在职。")}
        return [first, {"icon": "user-check", "title": _("不影响您今后的选择"), "text": ""}]
    last = words.day(case.clock.last_day) if case.clock and case.clock.last_day else ""
    return [
        {
            "icon": "gavel",
            "title": _("需要公司同意"),
            "text": _("辞职已经到达公司。主管会给出意见，由人力资源答复您。口头同意也算。"),
        },
        {
            "icon": "calendar-event",
            "title": _("答复以前，日期不变"),
            "text": _("最后一天仍是 %(day)s；没有答复不等于同意。") % {"day": last} if last else "",
        },
        {
            "icon": "circle-check",
            "title": _("同意以后，一切恢复"),
            "text": _("任职、账号和各项任务一次恢复，您会收到消息。"),
        },
        {
            "icon": "rotate-2",
            "title": _("不同意，也可以再提"),
            "text": _("您可以再次提出，也可以咨询工会或 12333。"),
        },
    ]


def work_of(me: Me, case: queries.CaseView, draft: Draft) -> Paperwork:
    """Return the withdrawal on its way."""
    paper, said, here = paperwork.paper_of(draft), draft.get("words", ""), {"case_id": case.case_id}

    def send(signed: Signing, sent: UUID, now: datetime) -> str:
        separation.submit_withdrawal(me.viewer, case.case_id, said, signed, request_id=sent, now=now)
        return reverse("m_withdraw_receipt", kwargs=here)

    alone = binds_nobody(case)
    return Paperwork(
        name=draft_name(case.case_id),
        draft=draft,
        title=WITHDRAWAL_TITLE,
        paragraphs=[
            each
            for each in (_("撤回辞职（%(number)s），希望继续履行劳动合同。") % {"number": case.number}, said.strip())
            if each
        ],
        preview=lambda: queries.preview_withdrawal(me.viewer, case.case_id, said, paper),
        send=send,
        says=Says(
            title=_("签名撤回"),
            lead=_("签名提交以后立即生效，您照常在职。")
            if alone
            else _("签名提交以后，公司就收到了您的撤回，会答复您。"),
            agree=_("我本人签名，确认撤回"),
            submit=_("签名并提交"),
            fine=_("提交以后马上有回执"),
        ),
        edit_url=reverse("m_withdraw", kwargs=here),
        preview_url=reverse("m_withdraw_preview", kwargs=here),
        sign_url=reverse("m_withdraw_sign", kwargs=here),
        page_url=lambda number: reverse("m_withdraw_page", kwargs={**here, "number": number}),
        pdf_url=reverse("m_withdraw_pdf", kwargs=here),
    )


def _work(request: HttpRequest, me: Me, case_id: UUID) -> Paperwork | None:
    case = own_case(me, case_id)
    draft = paperwork.current(request, draft_name(case_id), clock.now())
    return None if draft is None else work_of(me, case, draft)


@case_page
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: HttpRequest, me: Me, case_id: UUID) -> HttpResponse:
    """Preview the withdrawal."""
    work = _work(request, me, case_id)
    return redirect("m_withdraw", case_id=case_id) if work is None else paperwork.preview(request, work)


@case_page
@require_safe
def page_image(request: HttpRequest, me: Me, case_id: UUID, number: int) -> HttpResponse:
    """Answer with one page of the draft as an image."""
    work = _work(request, me, case_id)
    if work is None:
        raise Http404
    return paperwork.picture(work, number)


@case_page
@require_safe
def pdf(request: HttpRequest, me: Me, case_id: UUID) -> HttpResponse:
    """Answer with the draft as PDF."""
    work = _work(request, me, case_id)
    if work is None:
        raise Http404
    return paperwork.pdf(work)


@case_page
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: HttpRequest, me: Me, case_id: UUID) -> HttpResponse:
    """Sign the withdrawal and submit it. Pressed again after it was sent, it leads to the receipt."""
    work = _work(request, me, case_id)
    if work is None:
        return redirect(drafts.receipt_of(request) or reverse("m_withdraw", kwargs={"case_id": case_id}))
    return paperwork.sign(request, work)
