"""The start of the workbench, and the page of one question."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from guiyan.law.cases import CaseError, compute
from guiyan.law.matrix.loading import matrix
from guiyan.law.parameters import ParameterMissing
from guiyan.platform.permissions import Viewer
from guiyan.ui.values import Crumb
from guiyan.web.edge import may_see, page, reaches
from guiyan.web.law import catalogue, desk, keeping, notes, rules
from guiyan.web.law.catalogue import Topic
from guiyan.web.law.desk import ACT, Setting
from guiyan.web.law.fields import FactsForm, told
from guiyan.web.law.shown import Answer, Question, Trouble, topic_answer

PREFIX = "a"
SEARCH_MAX = 40
VIEW_PARAMETERS = "compliance.view_parameters"


@page
@require_safe
def start(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Offer an ending, the evidence of a ground, or one of the questions; a search narrows the questions."""
    may_see(viewer, ACT)
    text = request.GET.get("q", "").strip()[:SEARCH_MAX]
    found = [
        {"title": told(group.title), "topics": [_card(topic) for topic in group.topics if _matches(topic, text)]}
        for group in (*catalogue.groups(), *rules.groups())
    ]
    context = {
        "groups": [group for group in found if group["topics"]],
        "text": text,
        "doors": _doors(),
        "parameters_url": desk.address("law_parameters"),
        "impact_url": desk.address("law_impact") if reaches(viewer, VIEW_PARAMETERS) else "",
        "notes_url": reverse("law_notes") if notes.reads_notes(viewer) else "",
    }
    return render(request, "web/law/start.html", context)


def _doors() -> list[dict[str, str]]:
    """The ways in, beside an ending."""
    evidence = _("%(n)d 个理由的要件、证据和期限：已经证明什么，还差什么，最迟哪天补齐。") % {"n": len(matrix())}
    return [
        {"title": _("理由的证据"), "text": evidence, "icon": "clipboard-check", "url": reverse("law_grounds")},
        {
            "title": _("经复核的案例"),
            "text": _("规则对着具体事实怎么回答，供律师逐条核对。"),
            "icon": "book",
            "url": reverse("law_cases"),
        },
        {
            "title": _("法规索引"),
            "text": _("本系统引用的法律、法规和司法解释，施行日期和用到的条文。"),
            "icon": "section",
            "url": reverse("law_instruments"),
        },
    ]


def _card(topic: Topic) -> dict[str, str]:
    url = reverse("law_topic", kwargs={"key": topic.key})
    asks = "" if topic.key in rules.rules() else told(topic.asks)
    return {"title": told(topic.title), "asks": asks, "url": url}


def _matches(topic: Topic, text: str) -> bool:
    said = (topic.key, topic.title.zh, topic.title.en, topic.asks.zh, topic.asks.en)
    return all(part in " ".join(said).lower() for part in text.lower().split())


@page
@require_http_methods(["GET", "HEAD", "POST"])
def topic(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    """Answer one question from the facts that were told; every change of a field asks again."""
    may_see(viewer, ACT)
    entry = catalogue.topics().get(key) or rules.rules().get(key)
    if entry is None:
        raise Http404
    data = request.POST if request.method == "POST" else None
    law_form = desk.law_form(data)
    form = FactsForm(entry.facts, data, prefix=PREFIX, order=entry.order)
    column = keeping.Column(PREFIX, form, law_form, None, {})
    if data is not None:
        where = desk.setting(law_form)
        if form.is_valid() and where is not None:
            column.inputs = form.inputs()
            column.answer = answer(entry, form, where)
    title = told(entry.title)
    context: dict[str, Any] = {
        "title": title,
        "note": told(entry.asks),
        "parts": [{"title": "", "rows": form.rows()}],
        "crumbs": [Crumb(_("法律工作台"), reverse("law")), Crumb(title)],
    }
    told_by = keeping.Told(f"topic:{entry.key}", title, [column], "web/law/topic.html", context)
    return keeping.respond(request, viewer, told_by)


def answer(entry: Topic, form: FactsForm, where: Setting) -> Answer | Trouble:
    """The answer to one question, or what stands in its way; ``form`` is valid."""
    fields = desk.ids(form.fields, PREFIX)
    lacking = form.missing()
    if lacking:
        asked = tuple(Question(fact.key, told(fact.says), fields.get(fact.key, "")) for fact in lacking)
        return Trouble(_("还需要这些事实"), questions=asked)
    inputs = form.inputs()
    if entry.key in rules.rules():
        return _by_rule(entry, inputs, fields, where)
    try:
        found, _unused = compute(entry.key, inputs, where.law())
    except CaseError as error:
        cause = error.__cause__
        if isinstance(cause, ParameterMissing):
            return desk.parameter_trouble(cause, cause.key)
        return Trouble(_("这些事实不能同时成立，请核对"), (str(error),))
    return topic_answer(entry, found.result, found.reasoned, fields)


def _by_rule(entry: Topic, inputs: Mapping[str, Any], fields: Mapping[str, str], where: Setting) -> Answer | Trouble:
    """The answer of a rule of the rule book."""
    try:
        found = rules.ask(entry.key, inputs, where.law())
    except ParameterMissing as error:
        return desk.parameter_trouble(error, error.key)
    except ValueError as error:
        return Trouble(_("这些事实不能同时成立，请核对"), (str(error),))
    return rules.answer(entry.key, found, fields)
