"""The evidence of a ground: what is proved, weak or missing, what to collect by when, what is at stake, what else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from guiyan.kernel.results import Finding
from guiyan.law.case_topics import Law
from guiyan.law.ending import EndingCase, FactsRejected
from guiyan.law.grounds import Ground, Party
from guiyan.law.labels import label
from guiyan.law.matrix.alternatives import Alternative, Openness, alternatives
from guiyan.law.matrix.assessing import Assessment, assess
from guiyan.law.matrix.given import EvidenceGiven, EvidenceRejected
from guiyan.law.matrix.loading import FILES, matrix
from guiyan.law.matrix.model import Event, Fact, GroundMatrix
from guiyan.law.matrix.proving import Standing
from guiyan.law.matrix.stepping import StepState
from guiyan.law.parameters import ParameterMissing
from guiyan.law.protection import ProtectedEnding, ProtectionRuling, protection_gate
from guiyan.law.severance import SeveranceFacts, Tenure
from guiyan.platform.permissions import Viewer
from guiyan.ui.values import Crumb
from guiyan.web.edge import may_see, page
from guiyan.web.law import carrying, catalogue, desk, endings, keeping, loading, shown, words
from guiyan.web.law.catalogue import Kind
from guiyan.web.law.desk import ACT
from guiyan.web.law.exhibits import PREFIX, ExhibitsForm, events_of, facts_of
from guiyan.web.law.fields import FactsForm, told
from guiyan.web.law.keeping import Column
from guiyan.web.law.shown import Answer, Line, Trouble

FIRST = "a"
SLUGS = {name: key for key, name in FILES.items()}
FROM_ENDING: Mapping[Event, str] = {
    Event.HIRE_DAY: "hire_date",
    Event.PROBATION_LAST_DAY: "probation_last_day",
    Event.ENDING_DAY: "last_day",
    Event.CONTRACT_END: "contract_end",
    Event.DECISION_DAY: "decision_day",
}
"""The events that are facts of an ending under another name."""
ALIKE = {Fact.UNION_EXISTS: "union_exists", Fact.PAID_IN_LIEU: "pay_in_lieu"}
ASKED = (
    "statuses",
    "child_birth",
    "in_probation",
    "regime",
    "contract_kind",
    "contract_start",
    "avg12",
    "last_month_wage",
    "cap_and_floor",
    *dict.fromkeys(FROM_ENDING.values()),
    "union_exists",
    "proposed_by",
)
"""The facts of an ending that protections, sums and alternatives turn on."""
STANDING_LOOKS = {
    Standing.PROVED: ("ok", "circle-check"),
    Standing.WEAK: ("warn", "alert-triangle"),
    Standing.MISSING: ("bad", "circle-x"),
    Standing.NOT_APPLICABLE: ("neutral", "circle-minus"),
}
STATE_LOOKS = {
    StepState.DONE: ("ok", "circle-check"),
    StepState.TO_DO: ("brand", "clock"),
    StepState.LATE: ("warn", "alert-triangle"),
    StepState.OVERDUE: ("bad", "alarm"),
    StepState.NOT_NEEDED: ("neutral", "circle-minus"),
}
OPENNESS_TONES = {
    Openness.OPEN: "ok",
    Openness.TO_PROVE: "warn",
    Openness.UNDECIDED: "neutral",
    Openness.CLOSED: "bad",
}


@page
@require_safe
def grounds(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Offer the grounds of the matrix."""
    may_see(viewer, ACT)
    rows = [
        {
            "title": told(entry.title),
            "article": words.cited(entry.cites[0]),
            "n": len(entry.elements),
            "url": reverse("law_evidence", kwargs={"slug": FILES[key]}),
        }
        for key, entry in matrix().items()
    ]
    title = _("理由的证据")
    context = {"rows": rows, "title": title, "crumbs": [Crumb(_("法律工作台"), reverse("law")), Crumb(title)]}
    return render(request, "web/law/grounds.html", context)


@page
@require_http_methods(["GET", "HEAD", "POST"])
def evidence(request: HttpRequest, viewer: Viewer, slug: str) -> HttpResponse:
    """Weigh the evidence of one ground."""
    may_see(viewer, ACT)
    if slug not in SLUGS:
        raise Http404
    entry = matrix()[SLUGS[slug]]
    data, loaded = loading.loaded(request, viewer, FIRST) if request.method == "POST" else (None, loading.NOBODY)
    if data is not None:
        carrying.to_evidence(data, slug, entry)
    form, exhibits = FactsForm(facts(entry), data, prefix=FIRST), ExhibitsForm(entry, data)
    column = Column(FIRST, form, desk.law_form(data), None, {}, also=exhibits)
    where = desk.setting(column.law) if data is not None else None
    if where is not None and form.is_valid() and exhibits.is_valid():
        column.inputs = form.inputs()
        column.answer = weigh(entry, column, exhibits, where.law())
    context: dict[str, Any] = {
        "title": told(entry.title),
        "note": words.cited(entry.cites[0]),
        "exhibits": exhibits,
        "parts": [{"title": _("事实"), "rows": form.rows()}],
        "loaded": loaded,
        "carried": carrying.carried(data, [form, exhibits]),
        "has_ending": bool(entry.grounds),
        "crumbs": [
            Crumb(_("法律工作台"), reverse("law")),
            Crumb(_("理由的证据"), reverse("law_grounds")),
            Crumb(told(entry.title)),
        ],
    }
    kept = keeping.Told(f"evidence:{entry.key}", told(entry.title), [column], "web/law/evidence.html", context)
    return keeping.respond(request, viewer, kept)


def facts(entry: GroundMatrix) -> tuple[catalogue.Fact, ...]:
    """The facts that this ground turns on, each once."""
    ending = {fact.key: fact for fact in endings.facts()}
    events = [
        catalogue.Fact(event.value, Kind.DAY, label(event)) for event in events_of(entry) if event not in FROM_ENDING
    ]
    flags = [
        catalogue.Fact(fact.value, Kind.YES_NO, label(fact))
        for fact in facts_of(entry)
        if fact not in ALIKE and fact is not Fact.EMPLOYER_PROPOSED
    ]
    names = [*ASKED, *(["pay_in_lieu"] if Fact.PAID_IN_LIEU in facts_of(entry) else [])]
    return (*(_anyway(ending[name]) for name in names), *events, *flags)


def _anyway(fact: catalogue.Fact) -> catalogue.Fact:
    """The same fact without the ground that it depends on: here the ground is chosen already."""
    return catalogue.Fact(fact.key, fact.kind, fact.says, fact.choices, sure=fact.sure)


def weigh(entry: GroundMatrix, column: Column, exhibits: ExhibitsForm, law: Law) -> Answer | Trouble:
    """The answer about the evidence, or what stands in its way."""
    inputs = column.inputs
    try:
        case = _case(entry, inputs)
        given = _given(case, inputs, exhibits, law)
        found = assess(entry.key, given, as_of=law.as_of, region=law.region, params=law.params)
        others = (
            alternatives(case, given, as_of=law.as_of, region=law.region, params=law.params) if entry.grounds else ()
        )
    except (FactsRejected, EvidenceRejected) as rejected:
        return Trouble(_("这些事实不能同时成立，请核对"), tuple(told(one.says) for one in rejected.problems))
    except ParameterMissing as error:
        return desk.parameter_trouble(error, error.key)
    except ValueError as error:
        return Trouble(_("这些事实不能同时成立，请核对"), (str(error),))
    fields = desk.ids(column.form.fields, FIRST)
    fields |= {event.value: f"id_{FIRST}-{name}" for event, name in FROM_ENDING.items()}
    fields |= {fact.value: f"id_{FIRST}-{name}" for fact, name in ALIKE.items()} | {"gate": f"id_{FIRST}-statuses"}
    fields |= {Fact.EMPLOYER_PROPOSED.value: f"id_{FIRST}-proposed_by"}
    numbers = {stage.kind.kind: number for number, stage in enumerate(entry.stages)}
    fields |= {f"step:{kind}": f"id_{PREFIX}-step{number}" for kind, number in numbers.items()}
    for number, element in enumerate(entry.elements):
        if element.exhibits:
            fields[element.id] = f"id_{PREFIX}-x{number}_{element.exhibits[0]}"
    return _answer(entry, found, others, fields)


def _case(entry: GroundMatrix, inputs: Mapping[str, Any]) -> EndingCase:
    known = {name: inputs[name] for name in ASKED if name in inputs}
    known["ground"] = (entry.grounds[0] if entry.grounds else Ground.G44_2).value
    if "pay_in_lieu" in inputs:
        known["pay_in_lieu"] = inputs["pay_in_lieu"]
    return endings.case_of(known)


def _given(case: EndingCase, inputs: Mapping[str, Any], exhibits: ExhibitsForm, law: Law) -> EvidenceGiven:
    days = {event: inputs.get(FROM_ENDING.get(event, event.value)) for event in Event}
    flags = {fact: inputs.get(ALIKE.get(fact, fact.value)) for fact in Fact}
    if case.proposed_by is not None:
        flags[Fact.EMPLOYER_PROPOSED] = case.proposed_by is Party.EMPLOYER
    gate: Finding[ProtectionRuling] | None = None
    if case.statuses is not None:
        protected = ProtectedEnding(
            case.statuses, case.ground, case.in_probation, case.child_birth, case.contract_end, None, case.proposed_by
        )
        gate = law.ask(protection_gate, protected)
    severance = None
    if case.hire_date is not None and case.last_day is not None and case.avg12 is not None:
        severance = SeveranceFacts(Tenure(case.hire_date, case.last_day), case.avg12, None, None, 1)
    return EvidenceGiven(
        exhibits=exhibits.exhibits(),
        steps=exhibits.done(),
        events={event: date.fromisoformat(day) for event, day in days.items() if day},
        facts={fact: flag for fact, flag in flags.items() if flag is not None},
        gate=gate,
        severance=severance,
        last_month_wage=case.last_month_wage,
    )


def _answer(
    entry: GroundMatrix, found: Finding[Assessment], others: Iterable[Alternative], fields: Mapping[str, str]
) -> Answer:
    value = found.value
    assert value is not None
    exposure = value.exposure
    money = [
        Line("lawful", _("理由成立时应付"), words.money(exposure.lawful)),
        Line("unlawful", _("理由不成立时的赔偿金（2N）"), words.money(exposure.unlawful), strong=True),
    ]
    if exposure.back_pay:
        money.append(Line("back", _("恢复劳动关系"), _("可能，并补发其间的工资")))
    return Answer(
        **shown.base(found, shown.questions_of(found, fields)),
        money=tuple(money),
        extra={
            "elements": _elements(entry, value),
            "collect": _collect(entry, value),
            "steps": _steps(value),
            "others": [_other(one) for one in others],
            "latest": words.day(value.latest),
        },
    )


def _elements(entry: GroundMatrix, value: Assessment) -> list[dict[str, Any]]:
    rows = []
    for one in value.elements:
        tone, icon = STANDING_LOOKS[one.standing]
        row = {"prove": told(entry.element(one.id).prove), "level": told(label(one.level)), "tone": tone, "icon": icon}
        rows.append({**row, "standing": told(label(one.standing)), "why": [told(why) for why in one.why]})
    return rows


def _collect(entry: GroundMatrix, value: Assessment) -> list[dict[str, Any]]:
    return [
        {
            "prove": told(entry.element(one.element).prove),
            "kinds": [told(kind.name) for kind in one.kinds],
            "advised": words.day(one.advised),
            "latest": words.day(one.latest),
        }
        for one in value.collect
    ]


def _steps(value: Assessment) -> list[dict[str, Any]]:
    rows = []
    for step in value.steps:
        tone, icon = STATE_LOOKS[step.state]
        row = {"does": told(step.does), "state": told(label(step.state)), "tone": tone, "icon": icon}
        after = told(step.condition) if step.condition else ""
        rows.append({**row, "due": words.day(step.due), "advised": words.day(step.advised), "after": after})
    return rows


def _other(one: Alternative) -> dict[str, Any]:
    openness = {
        Openness.OPEN: _("可以用"),
        Openness.TO_PROVE: _("须先取证"),
        Openness.UNDECIDED: _("事实不足"),
        Openness.CLOSED: _("不能用"),
    }[one.openness]
    return {
        "title": told(label(one.ground)),
        "plan": carrying.plan_of(one.case),
        "openness": openness,
        "tone": OPENNESS_TONES[one.openness],
        "cost": _sum(one.cost, one),
        "unlawful": _sum(one.unlawful, one),
        "why": [told(why) for why in one.why][:3],
        "missing": [told(miss.asks) for miss in (*one.missing, *one.unknown_cost)][:4],
    }


def _sum(amount: Decimal | None, one: Alternative) -> str:
    return _("还算不出") if amount is None and one.unknown_cost else words.money(amount)
