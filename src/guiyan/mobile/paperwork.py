"""From a draft to a signature: preview, reading, identity, signing. The same for every letter an employee writes.

What is previewed is, byte for byte, what is signed: the paper (its nonce and moment) lies in the draft, and the digest
goes through every step.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from guiyan.documents.rendering import DocumentError, MissingGlyph
from guiyan.mobile import drafts, identity, signing, words
from guiyan.mobile.edge import request_id
from guiyan.platform import clock
from guiyan.platform.acting import Forbidden, Refused
from guiyan.separation.actions import Identity, Paper, Signing
from guiyan.separation.enums import IdentityMethod
from guiyan.separation.queries import Preview
from guiyan.separation.signing import SECONDS_MIN

Draft = dict[str, Any]


@dataclass(frozen=True)
class Says:
    """The words around a signature: what happens when it is given, and what one confirms."""

    title: str
    lead: str
    agree: str
    submit: str
    fine: str


@dataclass(frozen=True)
class Paperwork:
    """One letter on its way: how it is set, where its pages are, and what is done with the signature.

    ``preview`` sets the draft; ``send`` does the act and returns where the receipt is.
    """

    name: str
    draft: Draft
    title: str
    paragraphs: Sequence[str]
    preview: Callable[[], Preview]
    send: Callable[[Signing, UUID, datetime], str]
    says: Says
    edit_url: str
    preview_url: str
    sign_url: str
    page_url: Callable[[int], str]
    pdf_url: str


def begin(request: HttpRequest, name: str, told: Draft, now: datetime) -> Draft:
    """Keep a draft on new paper: nothing of it has been read or signed."""
    draft = {**told, "nonce": secrets.token_hex(16), "at": now.isoformat(), "opened": "", "read_ms": 0, "at_end": False}
    drafts.keep(request, name, draft)
    return draft


def current(request: HttpRequest, name: str, now: datetime) -> Draft | None:
    """Return the draft, on new paper when the day on it is over, or None when nothing is being written."""
    draft = drafts.read(request, name)
    if draft is None or not draft.get("nonce"):
        return None
    if clock.legal_day(paper_of(draft).at) != clock.legal_day(now):
        return begin(request, name, draft, now)
    return draft


def paper_of(draft: Draft) -> Paper:
    """Return the paper that a draft is set on."""
    return Paper(draft["nonce"], datetime.fromisoformat(draft["at"]))


def problem_of(error: DocumentError) -> str:
    """Say why a letter cannot be set, naming the character when it is known."""
    if isinstance(error, MissingGlyph) and error.characters:
        said = error.characters[:20]
        return _("字库里没有“%(said)s”，请换一个写法。也可以用纸写，效力一样。") % {"said": said}
    return _("文件暂时不能生成，请稍后再试。也可以用纸写，效力一样。")


def preview(request: HttpRequest, work: Paperwork) -> HttpResponse:
    """Show the letter as it will be signed; POST says that it was read to its end."""
    now = clock.now()
    try:
        document = work.preview()
    except DocumentError as problem:
        messages.error(request, problem_of(problem))
        return redirect(work.edit_url)
    draft, error = work.draft, ""
    if not draft["opened"]:
        draft = {**draft, "opened": now.isoformat()}
        drafts.keep(request, work.name, draft)
    if request.method == "POST":
        seconds = (now - datetime.fromisoformat(draft["opened"])).total_seconds()
        if request.POST.get("sha256") != document.sha256:
            error = _("信的内容已经变了，请从头看一遍。")
        elif request.POST.get("at_end") != "1" or seconds < SECONDS_MIN:
            error = _("请先把全文看完，再去签名。")
        else:
            read = max(int(seconds), signing.read_milliseconds(request.POST.get("read_ms", "")) // 1000)
            drafts.keep(request, work.name, {**draft, "read_s": min(read, int(seconds)), "at_end": True})
            return redirect(identity.ask(work.sign_url) if identity.proof(request) is None else work.sign_url)
    context = {
        "title": work.title,
        "paragraphs": work.paragraphs,
        "pages": [work.page_url(number) for number in range(1, len(document.pages) + 1)],
        "pdf_url": work.pdf_url,
        "sha256": document.sha256,
        "seconds": SECONDS_MIN,
        "edit_url": work.edit_url,
        "back_url": work.edit_url,
        "error": error,
    }
    return render(request, "mobile/preview.html", context, status=422 if error else 200)


def picture(work: Paperwork, number: int) -> HttpResponse:
    """Answer with one page of the letter as an image."""
    pages = work.preview().pages
    if not 1 <= number <= len(pages):
        raise Http404
    return HttpResponse(pages[number - 1], content_type="image/png")


def pdf(work: Paperwork) -> HttpResponse:
    """Answer with the letter as it will be signed, unsigned yet."""
    answer = HttpResponse(work.preview().pdf, content_type="application/pdf")
    answer["Content-Disposition"] = 'attachment; filename="draft.pdf"'
    return answer


def sign(request: HttpRequest, work: Paperwork) -> HttpResponse:
    """Ask for the signature, and send the letter with it. Once sent, sending it again changes nothing."""
    draft = work.draft
    if not draft.get("at_end"):
        return redirect(work.preview_url)
    proof = identity.proof(request)
    if proof is None:
        return redirect(identity.ask(work.sign_url))
    document, error = work.preview(), ""
    sent = request_id(request) if request.method == "POST" else uuid.uuid4()
    if request.method == "POST":
        try:
            receipt = work.send(_signing(request, draft, proof), sent, clock.now())
        except signing.Unsigned as unsigned:
            error = str(unsigned.text)
        except Forbidden:
            raise
        except Refused as refused:
            error = str(refused.text)
        else:
            drafts.sent(request, work.name, sent, receipt)
            return redirect(receipt)
    context = {
        "title": work.says.title,
        "lead": work.says.lead,
        "agree": work.says.agree,
        "submit": work.says.submit,
        "fine": work.says.fine,
        "document_title": work.title,
        "facts": [(_("阅读"), _("%(n)d 秒，已看到末尾") % {"n": draft["read_s"]})],
        "sha256": document.sha256,
        "identity": _("%(when)s 用%(how)s确认")
        % {"when": words.local(proof.at).strftime("%H:%M"), "how": _method(proof.method)},
        "request_id": sent,
        "back": work.preview_url,
        "back_url": work.preview_url,
        "error": error,
    }
    return render(request, "mobile/sign.html", context, status=422 if error else 200)


def _method(method: str) -> str:
    known = IdentityMethod.values
    return str(IdentityMethod(method).label) if method in known else method


def _signing(request: HttpRequest, draft: Draft, proof: identity.Proof) -> Signing:
    if request.POST.get("agree") != "on":
        raise signing.Unsigned(_("请勾选确认，再提交。"))
    drawn = signing.drawn(request.POST.get("signature", ""))
    return Signing(
        paper=paper_of(draft),
        sha256=request.POST.get("sha256", ""),
        opened_at=datetime.fromisoformat(draft["opened"]),
        reached_end=bool(draft["at_end"]),
        seconds=int(draft["read_s"]),
        strokes=drawn.strokes,
        png=drawn.png,
        identity=Identity(proof.method, proof.at),
    )
