"""Showing an answer as page, fragment or file, and keeping it as a note."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from guiyan.compliance import actions as compliance
from guiyan.compliance.judging import Question
from guiyan.documents import rendering
from guiyan.platform import clock
from guiyan.platform.acting import Forbidden, Refused
from guiyan.platform.permissions import Viewer, relations_for
from guiyan.web.edge import is_fragment, request_id
from guiyan.web.law import adopting, desk, printing
from guiyan.web.law.desk import LawForm
from guiyan.web.law.exhibits import ExhibitsForm
from guiyan.web.law.fields import FactsForm
from guiyan.web.law.shown import Answer, Trouble

RESULT = "law-result"
SAVE_ACT = "compliance.save_note"
ADOPT_ACT = "compliance.store_finding"
ADOPT = "adopt:"
TITLE_MAX, TEXT_MAX = 120, 5000


@dataclass
class Column:
    """One set of facts and its answer: ``inputs`` as a case tells them, ``answer`` None before anything was asked.

    ``also`` is a further form of the same column, for what is no fact of a case; ``evidence_url`` is the page that
    weighs the evidence of its ground; ``question`` is what can be adopted as a finding about somebody.
    """

    prefix: str
    form: FactsForm
    law: LawForm
    answer: Answer | Trouble | None
    inputs: dict[str, Any]
    title: str = ""
    also: ExhibitsForm | None = None
    evidence_url: str = ""
    question: Question | None = None

    @property
    def slots(self) -> Iterator[Any]:
        """Every field, for the place beside it where its error is said."""
        yield from self.law
        yield from self.form
        if self.also is not None:
            yield from self.also

    @property
    def is_wrong(self) -> bool:
        """Whether something that was typed cannot be."""
        all_forms = (self.form, self.law, self.also)
        return self.form.is_bound and any(one is not None and one.errors for one in all_forms)


@dataclass
class Told:
    """What a page has worked out: of which kind, under which title, in which columns."""

    kind: str
    title: str
    columns: list[Column]
    template: str
    context: dict[str, Any] = field(default_factory=dict)

    @property
    def is_wrong(self) -> bool:
        """Whether a column holds something that cannot be."""
        return any(column.is_wrong for column in self.columns)

    @property
    def answers(self) -> list[Answer]:
        """The answers there are."""
        return [column.answer for column in self.columns if isinstance(column.answer, Answer)]

    def inputs(self) -> dict[str, Any]:
        """What was entered, as JSON holds it."""
        return {
            "kind": self.kind,
            "columns": [
                {
                    "as_of": _plain(column.law.cleaned_data.get("as_of")),
                    "region": column.law.cleaned_data.get("region") or None,
                    "facts": _plain(column.inputs),
                    **(column.also.kept() if column.also is not None else {}),
                }
                for column in self.columns
                if column.law.is_bound and not column.is_wrong
            ],
        }

    def result(self) -> dict[str, Any]:
        """What came out, as JSON holds it."""
        return {"answers": [one.document for one in self.answers]}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(one) for one in value]
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else value


def respond(request: HttpRequest, viewer: Viewer, told: Told) -> HttpResponse:
    """Answer with the page, the part that changes, or a file; or keep a note and say so."""
    act = request.POST.get("act", "")
    status = 422 if told.is_wrong else 200
    if act == "json" and told.answers:
        return _json(told)
    problem = ""
    if act == "pdf" and told.answers:
        try:
            return _pdf(told)
        except rendering.DocumentError as error:
            problem = _("这份说明不能制成 PDF：%(why)s") % {"why": error}
    note = _note(request, viewer, told) if act == "save" else {}
    adopted = _adopt(request, viewer, told, act.removeprefix(ADOPT)) if act.startswith(ADOPT) else {}
    fresh = {"request_id": uuid.uuid4()} if "url" in adopted else {}
    status = 422 if "error" in adopted else status
    context = {
        **told.context,
        "told": told,
        "columns": told.columns,
        "regions": desk.regions(),
        "note_form": {
            "title": request.POST.get("note_title", ""),
            "text": request.POST.get("note_text", ""),
            "request_id": request.POST.get("request_id") or uuid.uuid4(),
            **note,
            **fresh,
        },
        "may_save": any(relations_for(viewer, SAVE_ACT)),
        "problem": problem,
        "adopted": adopted,
        "may_adopt": any(relations_for(viewer, ADOPT_ACT)),
    }
    if is_fragment(request, RESULT):
        return render(request, "web/law/_changed.html", context)  # half-typed input is no failure
    return render(request, told.template, context, status=note.get("status", status))


def _json(told: Told) -> HttpResponse:
    body = json.dumps({**told.inputs(), **told.result()}, ensure_ascii=False, indent=2)
    answer = HttpResponse(body, content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="law-answer.json"'
    answer["Cache-Control"] = "no-store"
    return answer


def _pdf(told: Told) -> HttpResponse:
    columns = [
        (column.title, column.form.said(), column.answer)
        for column in told.columns
        if isinstance(column.answer, Answer)
    ]
    body = printing.explanation(_("法律说明"), columns, clock.now())
    answer = HttpResponse(body, content_type="application/pdf")
    answer["Content-Disposition"] = 'attachment; filename="law-answer.pdf"'
    answer["Cache-Control"] = "no-store"
    return answer


def _note(request: HttpRequest, viewer: Viewer, told: Told) -> dict[str, Any]:
    """Keep what was worked out. Sent twice under one id it is kept once."""
    if not told.answers:
        return {"error": _("还没有结果，不能存为笔记。"), "status": 422}
    try:
        compliance.save_note(
            viewer,
            request_id=request_id(request),
            case_id=_uuid(request.POST.get("case", "")),
            person_id=_uuid(request.POST.get("person", "")),
            title=request.POST.get("note_title", "")[: TITLE_MAX + 1],
            text=request.POST.get("note_text", "")[: TEXT_MAX + 1],
            inputs=told.inputs(),
            result=told.result(),
            now=clock.now(),
        )
    except Forbidden:
        raise
    except Refused as refused:
        return {"error": str(refused.text), "status": 422}
    return {"saved": True, "request_id": uuid.uuid4(), "title": "", "text": ""}


def _adopt(request: HttpRequest, viewer: Viewer, told: Told, prefix: str) -> dict[str, Any]:
    """Store the answer of a column as a finding about the person that was loaded."""
    column = next((one for one in told.columns if one.prefix == prefix and isinstance(one.answer, Answer)), None)
    person, case = _uuid(request.POST.get("person", "")), _uuid(request.POST.get("case", ""))
    return adopting.adopt(request, viewer, column.question if column else None, person, case)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
