"""The cases that lawyers review: facts, the answer expected, and what the law answers today."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guiyan.law.explain import document
from guiyan.law.matrix.loading import FILES
from guiyan.law.matrix.model import MatrixGround
from guiyan.law.parameters import statutory_parameters
from guiyan.law.reviewed import CaseKind, ReviewedCase, reviewed_cases, run
from guiyan.platform.permissions import Viewer
from guiyan.ui.values import Crumb
from guiyan.web.edge import may_see, page
from guiyan.web.law.desk import ACT
from guiyan.web.law.fields import told


def _place(case: ReviewedCase) -> tuple[str, str]:
    """The part and the subject under which a case stands in addresses."""
    if case.kind is CaseKind.RULE:
        return "rules", case.topic.partition(".")[0]
    return "matrix", FILES[MatrixGround(case.topic)]


def _by_place() -> dict[tuple[str, str], list[ReviewedCase]]:
    found: dict[tuple[str, str], list[ReviewedCase]] = {}
    for case in reviewed_cases():
        found.setdefault(_place(case), []).append(case)
    return found


@page
@require_safe
def index(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """List the subjects with their number of cases, and whether the law answers them as expected."""
    may_see(viewer, ACT)
    figures = statutory_parameters()
    parts: dict[str, list[dict[str, Any]]] = {"rules": [], "matrix": []}
    for (part, subject_), cases in _by_place().items():
        wrong = sum(not run(case, figures).matches for case in cases)
        url = reverse("law_case", kwargs={"part": part, "subject": subject_})
        parts[part].append({"title": told(cases[0].subject), "n": len(cases), "wrong": wrong, "url": url})
    title = _("经复核的案例")
    context = {
        "title": title,
        "parts": [
            {"title": _("规则"), "rows": parts["rules"]},
            {"title": _("各个理由的证据"), "rows": parts["matrix"]},
        ],
        "crumbs": [Crumb(_("法律工作台"), reverse("law")), Crumb(title)],
    }
    return render(request, "web/law/cases.html", context)


@page
@require_safe
def subject(request: HttpRequest, viewer: Viewer, part: str, subject: str) -> HttpResponse:
    """Show the cases of one subject with the reasons of the law."""
    may_see(viewer, ACT)
    cases = _by_place().get((part, subject))
    if cases is None:
        raise Http404
    title = told(cases[0].subject)
    context = {
        "title": title,
        "cases": list(_shown(cases)),
        "crumbs": [
            Crumb(_("法律工作台"), reverse("law")),
            Crumb(_("经复核的案例"), reverse("law_cases")),
            Crumb(title),
        ],
    }
    return render(request, "web/law/case.html", context)


def _shown(cases: Iterable[ReviewedCase]) -> Iterable[dict[str, Any]]:
    figures = statutory_parameters()
    for case in cases:
        outcome = run(case, figures)
        yield {
            "id": case.id,
            "name": told(case.name),
            "question": told(case.question),
            "as_of": case.as_of,
            "region": case.region,
            "example": case.example,
            "facts": [(told(row.label), told(row.value)) for row in case.facts],
            "expected": [(told(row.label), told(row.shown)) for row in case.expected],
            "differences": [(told(one.label), told(one.expected), told(one.found)) for one in outcome.differences],
            "document": document(outcome.result) if outcome.result is not None else None,
        }
