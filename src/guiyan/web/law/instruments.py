"""The index of statutes: title, issuer, number, days in force, and the articles that the product relies on."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guiyan import law
from guiyan.law.citations import Cite, Instrument, instruments
from guiyan.law.explain import CONFIDENCE_WORDS
from guiyan.law.matrix.loading import matrix
from guiyan.law.parameters import statutory_parameters
from guiyan.law.reviewed import reviewed_cases, run
from guiyan.platform import clock
from guiyan.platform.permissions import Viewer
from guiyan.ui.values import Column, Crumb
from guiyan.web.edge import may_see, page
from guiyan.web.law.desk import ACT
from guiyan.web.law.fields import told
from guiyan.web.law.shown import CONFIDENCE_TONES

SEARCH_MAX = 40


@page
@require_safe
def index(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """List the instruments; a search narrows them."""
    may_see(viewer, ACT)
    text = request.GET.get("q", "").strip()[:SEARCH_MAX]
    rows = [_row(one) for one in instruments().values() if _matches(one, text)]
    title = _("法规索引")
    context = {
        "title": title,
        "rows": rows,
        "text": text,
        "columns": [
            Column(_("名称")),
            Column(_("制定机关和文号")),
            Column(_("施行")),
            Column(_("用到的条文")),
            Column(_("核对")),
        ],
        "crumbs": [Crumb(_("法律工作台"), reverse("law")), Crumb(title)],
    }
    return render(request, "web/law/instruments.html", context)


def _matches(one: Instrument, text: str) -> bool:
    said = " ".join((one.key, one.title_zh, one.title_en, one.issuer, one.number)).lower()
    return all(part in said for part in text.lower().split())


def _row(one: Instrument) -> dict[str, Any]:
    today = clock.today()
    articles = _articles().get(one.key, ())
    return {
        "zh": one.title_zh,
        "en": one.title_en,
        "issuer": one.issuer,
        "number": one.number,
        "since": one.in_force_from,
        "until": one.in_force_to,
        "in_force": one.in_force_on(today),
        "articles": articles,
        "status": told(CONFIDENCE_WORDS[one.status]),
        "tone": CONFIDENCE_TONES.get(one.status, "warn"),
    }


@cache
def _articles() -> dict[str, tuple[int, ...]]:
    """The articles by instrument that rules, figures, the evidence matrix and the reviewed cases rest on."""
    found: dict[str, set[int]] = {}
    for cite in _cites():
        if cite.article is not None:
            found.setdefault(cite.instrument, set()).add(cite.article)
    return {key: tuple(sorted(numbers)) for key, numbers in found.items()}


def _named(value: object) -> Iterator[Cite]:
    """The authorities in a constant of a rule."""
    if isinstance(value, Cite):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _named(one)
    elif isinstance(value, tuple | list | frozenset):
        for one in value:
            yield from _named(one)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _named(getattr(value, field.name))


def _cites() -> Iterator[Cite]:
    for module in pkgutil.iter_modules(law.__path__, f"{law.__name__}."):
        for value in vars(importlib.import_module(module.name)).values():
            yield from _named(value)
    figures = statutory_parameters()
    yield from (value.source for value in figures.values if isinstance(value.source, Cite))
    for entry in matrix().values():
        yield from entry.cites
        for element in entry.elements:
            yield from element.cites
        for stage in entry.stages:
            yield from stage.kind.cites
    for case in reviewed_cases():
        result = run(case, figures).result
        if result is not None:
            yield from (cite for cite in result.cites if isinstance(cite, Cite))
