"""The resignation from agreement to receipt."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from guiyan.law.forced_resignation import ART_38_GROUNDS
from guiyan.mobile import drafts, paperwork, resigning, words
from guiyan.mobile.edge import Me, page, request_id
from guiyan.mobile.paperwork import Draft, Paperwork, Says
from guiyan.platform import clock
from guiyan.platform.acting import Forbidden, Refused
from guiyan.separation import actions as separation
from guiyan.separation import queries
from guiyan.separation.actions import Letter, Signing
from guiyan.separation.enums import Tone
from guiyan.separation.letters import read, tone_of
from guiyan.separation.wording import RESIGNATION_TITLE, says_of_basis


@page
@require_http_methods(["GET", "HEAD", "POST"])
def agreement(request: HttpRequest, me: Me) -> HttpResponse:
    """Ask once whether the employee wants to write electronically; the paper way stands beside it."""
    form = queries.electronic_form(me.viewer)
    if request.method != "POST" and form.agreed:
        return redirect("m_resign_letter")
    sent, error = (request_id(request) if request.method == "POST" else uuid.uuid4()), ""
    if request.method == "POST":
        error = _agree(request, me, sent)
        if not error:
            return redirect("m_resign_letter")
    context = {
        "paragraphs": form.paragraphs,
        "text_sha256": form.sha256,
        "request_id": sent,
        "error": error,
        "back_url": reverse("m_resign"),
    }
    return render(request, "mobile/agreement.html", context, status=422 if error else 200)


def _agree(request: HttpRequest, me: Me, sent: UUID) -> str:
    if request.POST.get("agree") != "on":
        return _("请勾选同意，或者选择用纸写。")
    told = request.POST.get("text_sha256", "")
    try:
        separation.agree_to_electronic_form(me.viewer, text_sha256=told, request_id=sent, now=clock.now())
    except Forbidden:
        raise
    except Refused as refused:
        return str(refused.text)
    return ""


def letter_of(draft: Draft) -> Letter:
    """Return the letter that a draft says."""
    day = draft.get("wished_last_day")
    return Letter(
        basis=draft["basis"],
        reason=draft.get("reason", ""),
        grounds=tuple(draft.get("grounds", ())),
        meaning=draft.get("meaning", ""),
        wished_last_day=date.fromisoformat(day) if day else None,
    )


def work_of(me: Me, draft: Draft) -> Paperwork:
    """Return the resignation on its way."""
    letter, paper = letter_of(draft), paperwork.paper_of(draft)
    tone = tone_of(letter, read(letter))

    def send(signed: Signing, sent: UUID, now: datetime) -> str:
        opened = separation.submit_resignation(me.viewer, letter, signed, request_id=sent, now=now)
        return reverse("m_receipt", kwargs={"case_id": opened.case_id})

    grounds = [each.says.zh for each in ART_38_GROUNDS if each.code in letter.grounds]
    return Paperwork(
        name=resigning.DRAFT,
        draft=draft,
        title=RESIGNATION_TITLE[Tone(tone)],
        paragraphs=[each for each in (*says_of_basis(letter, tone), *grounds, letter.reason.strip()) if each],
        preview=lambda: queries.preview_resignation(me.viewer, letter, paper),
        send=send,
        says=_says(tone),
        edit_url=reverse("m_resign_letter"),
        preview_url=reverse("m_resign_preview"),
        sign_url=reverse("m_resign_sign"),
        page_url=lambda number: reverse("m_resign_page", kwargs={"number": number}),
        pdf_url=reverse("m_resign_pdf"),
    )


def _says(tone: str) -> Says:
    if tone == Tone.OFFER:
        return Says(
            title=_("签名提交"),
            lead=_("签名提交以后，公司就收到了您的提议。公司同意之前，您照常在职。"),
            agree=_("我本人签名，确认提交这份提议"),
            submit=_("签名并提交"),
            fine=_("公司同意之前，随时可以收回这份提议"),
        )
    return Says(
        title=_("签名提交"),
        lead=_("签名提交以后，公司就收到了您的辞职，时间从明天起算。"),
        agree=_("我本人签名，确认提交这份通知"),
        submit=_("签名并提交"),
        fine=_("提交以后改变主意，仍然可以提出撤回；那时需要公司同意"),
    )


@page
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: HttpRequest, me: Me) -> HttpResponse:
    """Preview the letter."""
    draft = paperwork.current(request, resigning.DRAFT, clock.now())
    return redirect("m_resign_letter") if draft is None else paperwork.preview(request, work_of(me, draft))


@page
@require_safe
def page_image(request: HttpRequest, me: Me, number: int) -> HttpResponse:
    """Answer with one page of the draft as an image."""
    draft = paperwork.current(request, resigning.DRAFT, clock.now())
    return redirect("m_resign_letter") if draft is None else paperwork.picture(work_of(me, draft), number)


@page
@require_safe
def pdf(request: HttpRequest, me: Me) -> HttpResponse:
    """Answer with the draft as PDF."""
    draft = paperwork.current(request, resigning.DRAFT, clock.now())
    return redirect("m_resign_letter") if draft is None else paperwork.pdf(work_of(me, draft))


@page
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: HttpRequest, me: Me) -> HttpResponse:
    """Sign the letter and submit it. Pressed again after it was sent, it leads to the receipt."""
    draft = paperwork.current(request, resigning.DRAFT, clock.now())
    if draft is None:
        return redirect(drafts.receipt_of(request) or "m_resign_letter")
    return paperwork.sign(request, work_of(me, draft))


def receipt_words(case: queries.CaseView) -> dict[str, object]:
    """Return what the receipt page of a resignation says: what it proves, and what it does not."""
    offer = case.tone == Tone.OFFER
    last = case.clock.last_day if case.clock else None
    text = _("公司同意之前，您照常在职。") if offer else _("您不用等任何人批准。")
    if last is not None:
        text = _("最后一天是 %(day)s。不用等任何人批准。") % {"day": words.day(last)}
    return {
        "title": _("公司已收到您的提议") if offer else _("公司已收到您的辞职"),
        "text": text,
        "proves": [_("公司在上述时间收到了这份文件"), _("文件由您本人签名，从那以后没有改动")],
        "proves_not": [_("不表示公司同意；辞职也不需要同意") if not offer else _("不表示公司同意这份提议")],
    }
