"""Notes of the workbench: one's own, those of a person or case beside stored findings, and the page of one note."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guiyan.compliance import queries as compliance
from guiyan.kernel.results import Verdict
from guiyan.law.explain import VERDICT_WORDS, Language, Line, LineKind, lines
from guiyan.law.labels import label
from guiyan.law.matrix.loading import exhibit_kinds, matrix
from guiyan.law.matrix.model import Grade, MatrixGround
from guiyan.people.queries import NotFound
from guiyan.platform import clock
from guiyan.platform.permissions import Viewer, relations_for
from guiyan.separation import queries as separation
from guiyan.ui.values import Column, Crumb
from guiyan.web.edge import is_fragment, page, page_number
from guiyan.web.law import catalogue, endings, evidence, rules, words
from guiyan.web.law.catalogue import Fact
from guiyan.web.law.fields import in_words, told
from guiyan.web.law.impact import topic_words, verdict_words

VIEW = "compliance.view_notes"
KEPT = "law-kept"
PAGE_SIZE, SEARCH_MAX = 20, 60


@dataclass(frozen=True)
class Kind:
    """What a note answers: its name, and the facts that its inputs may hold."""

    name: str
    facts: tuple[Fact, ...]


def reads_notes(viewer: Viewer) -> bool:
    """Whether notes of anybody are this viewer's to read."""
    return any(relations_for(viewer, VIEW))


def kind_of(code: str) -> Kind:
    """Return what a note is about from the code it was kept under; an unknown one keeps its code."""
    part, _colon, key = code.partition(":")
    if part == "ending":
        return Kind(_("解除或者终止"), endings.facts())
    if part == "evidence" and key in set(MatrixGround):
        entry = matrix()[MatrixGround(key)]
        return Kind(_("证据：%(title)s") % {"title": told(entry.title)}, evidence.facts(entry))
    topic = catalogue.topics().get(key) or rules.rules().get(key)
    return Kind(told(topic.title), topic.facts) if topic else Kind(code, ())


@page
@require_safe
def mine(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """List the notes that the viewer made; a search narrows them by title or person."""
    if not reads_notes(viewer):
        raise Http404
    text = request.GET.get("q", "").strip()[:SEARCH_MAX]
    about = request.GET.get("about", "")
    about = about if about in {"person", "nobody"} else ""
    rows = [row for row in compliance.my_notes(viewer) if _matches(row, text, about)]
    title = _("我的笔记")
    context = {
        "title": title,
        "page": Paginator(rows, PAGE_SIZE).get_page(page_number(request)),
        "text": text,
        "about": about,
        "abouts": [("", _("全部")), ("person", _("涉及员工")), ("nobody", _("不涉及员工"))],
        "narrowed": bool(text or about),
        "columns": [Column(_("标题")), Column(_("员工")), Column(_("保存时间"))],
        "crumbs": [Crumb(_("法律工作台"), reverse("law")), Crumb(title)],
    }
    return render(request, "web/law/notes.html", context)


def _matches(row: compliance.NoteRow, text: str, about: str) -> bool:
    said = f"{row.title or ''} {row.person}".lower()
    fits = not about or (about == "person") is (row.person_id is not None)
    return fits and all(part in said for part in text.lower().split())


@page
@require_safe
def show(request: HttpRequest, viewer: Viewer, note_id: UUID) -> HttpResponse:
    """Show a note as it was kept: who and when, what was entered, what came out."""
    kept = _note(viewer, note_id)
    inputs = kept.inputs or {}
    kind = kind_of(str(inputs.get("kind", "")))
    title = kept.row.title or _("个人信息已删除")
    context = {
        "title": title,
        "note": kept,
        "kind": kind.name,
        "erased": kept.inputs is None,
        "inputs": [_entered(kind, column) for column in inputs.get("columns", ())],
        "answers": [list(told_lines(one)) for one in (kept.result or {}).get("answers", ())],
        "crumbs": [Crumb(_("法律工作台"), reverse("law")), Crumb(_("我的笔记"), reverse("law_notes")), Crumb(title)],
    }
    return render(request, "web/law/note.html", context)


def _note(viewer: Viewer, note_id: UUID) -> compliance.NoteView:
    try:
        return compliance.note(viewer, note_id)
    except NotFound as error:
        raise Http404 from error


def _entered(kind: Kind, column: Mapping[str, Any]) -> dict[str, Any]:
    """What was entered in one column, in words."""
    facts = column.get("facts", {})
    known = {fact.key: fact for fact in kind.facts}
    said = [(told(known[key].says), in_words(known[key], value)) for key, value in facts.items() if key in known]
    rest = [(key, str(value)) for key, value in facts.items() if key not in known]
    return {
        "as_of": column.get("as_of") or "—",
        "region": column.get("region") or _("全国"),
        "facts": [*said, *rest, *_shown(column.get("exhibits", ()))],
    }


def _shown(exhibits: list[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    kinds = exhibit_kinds()
    for one in exhibits:
        name = told(kinds[one["kind"]].name) if one["kind"] in kinds else one["kind"]
        parts = (told(label(Grade(int(one["grade"])))), one.get("dated"), one.get("source"))
        yield _("证据：%(title)s") % {"title": name}, _("，").join(str(part) for part in parts if part)


@dataclass(frozen=True)
class ToldLine:
    """A line of a kept answer: how deep it stands, whether it is a heading, and what it says."""

    depth: int
    heading: bool
    strong: bool
    text: str
    value: str
    cites: str


def told_lines(document: Any) -> Iterator[ToldLine]:
    """A kept answer line by line in the language of the reader."""
    english = (get_language() or "").startswith("en")
    for line in lines(document, Language.EN if english else Language.ZH):
        heading, strong = line.kind is LineKind.HEADING, line.kind is LineKind.VERDICT
        yield ToldLine(min(line.depth, 4), heading, strong, line.text, _value(line), _("；").join(line.cites))


def _value(line: Line) -> str:
    """The value beside a line; days and codes that the sentence says already are left out."""
    if line.kind is not LineKind.FIGURE or not line.value:
        return ""
    return _("%(value)s，自 %(day)s 起") % {"value": line.value, "day": line.since or "—"}


@page
@require_safe
def download(request: HttpRequest, viewer: Viewer, note_id: UUID) -> HttpResponse:
    """Give a note out as JSON, as it was kept."""
    kept = _note(viewer, note_id)
    told_ = {
        "title": kept.row.title,
        "text": kept.text,
        "made_by": kept.row.made_by,
        "made_at": kept.row.made_at.isoformat(),
        "inputs": kept.inputs,
        "result": kept.result,
    }
    body = json.dumps(told_, ensure_ascii=False, indent=2)
    answer = HttpResponse(body, content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="law-note.json"'
    answer["Cache-Control"] = "no-store"
    return answer


@page
@require_safe
def of_person(request: HttpRequest, viewer: Viewer, person_id: UUID) -> HttpResponse:
    """Show the notes and findings about a person, as far as the viewer may see them."""
    if not reads_notes(viewer):
        raise Http404
    notes, findings = compliance.notes_of_person(viewer, person_id), compliance.findings_of_person(viewer, person_id)
    return _kept(request, notes, findings, person_id, None)


@page
@require_safe
def of_case(request: HttpRequest, viewer: Viewer, case_id: UUID) -> HttpResponse:
    """Show the notes and findings of a case, as far as the viewer may see them."""
    if not reads_notes(viewer):
        raise Http404
    try:
        case = separation.case_for(viewer, case_id)
    except NotFound as error:
        raise Http404 from error
    notes, findings = compliance.notes_of_case(viewer, case_id), compliance.findings_of_case(viewer, case_id)
    return _kept(request, notes, findings, case.person_id, case_id)


def _kept(
    request: HttpRequest,
    notes: tuple[compliance.NoteRow, ...],
    findings: tuple[compliance.FindingRow, ...],
    person_id: UUID,
    case_id: UUID | None,
) -> HttpResponse:
    context = {
        "title": _("法律笔记"),
        "notes": notes,
        "findings": [finding_shown(row) for row in findings],
        "person_id": person_id,
        "case_id": case_id or "",
        "today": clock.today().isoformat(),
        "crumbs": [Crumb(_("法律工作台"), reverse("law")), Crumb(_("法律笔记"))],
    }
    return render(request, "web/law/_kept.html" if is_fragment(request, KEPT) else "web/law/kept.html", context)


def finding_shown(row: compliance.FindingRow) -> dict[str, Any]:
    """A stored finding in words."""
    tone, icon = words.VERDICT_LOOKS[Verdict(row.verdict)] if row.verdict in VERDICT_WORDS else ("brand", "calculator")
    return {"row": row, "topic": topic_words(row.kind, row.topic), "verdict": verdict_words(row.verdict), "tone": tone,
            "icon": icon}  # fmt: skip
