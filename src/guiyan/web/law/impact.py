"""What a change of figures or of the law does: runs, answers before and after, and the decision that follows."""

from __future__ import annotations

import uuid
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from guiyan.compliance import actions, queries
from guiyan.compliance.enums import FindingKind, ImpactKind, ParameterState, Severity
from guiyan.compliance.judging import NOT_COMPUTED
from guiyan.compliance.queries import Change, FigureView, ImpactView, RunView
from guiyan.compliance.queries.impact import PAGE_SIZE
from guiyan.kernel.results import Verdict
from guiyan.law.explain import VERDICT_WORDS
from guiyan.law.labels import labels
from guiyan.law.matrix.loading import matrix
from guiyan.law.matrix.model import MatrixGround
from guiyan.law.parameter_keys import parameter_keys
from guiyan.law.rulebook import RULEBOOK
from guiyan.platform import clock
from guiyan.platform.acting import Forbidden, Refused
from guiyan.platform.permissions import Viewer, allowed
from guiyan.ui.values import Column, Crumb
from guiyan.web import sheets
from guiyan.web.edge import is_fragment, may_see, page, page_number, reaches, request_id
from guiyan.web.law.fields import told
from guiyan.web.law.parameters import CHECK, RUN, VIEW, WITHDRAW, figure_words

TONES = {
    Severity.CLOSED: "bad",
    Severity.UNKNOWN: "warn",
    Severity.OPENED: "brand",
    Severity.VERDICT: "brand",
    Severity.MONEY: "neutral",
    Severity.DAYS: "neutral",
    Severity.CONTENT: "neutral",
}
RESULTS = {
    "money.severance": gettext_lazy("经济补偿"),
    "money.total": gettext_lazy("合计"),
    "money.unlawful": gettext_lazy("违法解除的赔偿金"),
    "money.pay_in_lieu": gettext_lazy("代通知金"),
    "money.base": gettext_lazy("补偿的月基数"),
    "money.months": gettext_lazy("补偿月数"),
    "money.capped": gettext_lazy("是否按三倍封顶"),
    "notice.earliest": gettext_lazy("最早的最后工作日"),
    "notice.days": gettext_lazy("提前通知天数"),
    "gate.until": gettext_lazy("续延到"),
    "by": gettext_lazy("步骤的期限"),
    "value": gettext_lazy("结果"),
}
"""Names of the results of an ending; those of other rules stand with the law."""
PROGRESS = "impact-progress"


@page
@require_safe
def index(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """List the newest computations, and offer the two that can be asked for."""
    may_see(viewer, VIEW)
    context = {
        "runs": [_run(run) for run in queries.impact_runs(viewer)],
        "columns": [Column(_("变化的是")), Column(_("何时计算")), Column(_("改变的判断")), Column(_("状态"))],
        "waiting": [str(value.own_id) for value in queries.waiting(viewer)],
        "may_run": allowed(viewer, RUN),
        "request_id": uuid.uuid4(),
        "crumbs": _crumbs(_("变更影响")),
    }
    return render(request, "web/law/impact.html", context)


@page
@require_POST
def start(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Compute an impact: of the figures named, or of the law now installed."""
    try:
        run_id = actions.run_impact(
            viewer,
            proposals=_ids(request.POST.getlist("proposal")),
            withdrawals=_ids(request.POST.getlist("withdrawal")),
            request_id=request_id(request),
            now=clock.now(),
        )
    except Forbidden:
        raise
    except Refused as refused:
        messages.error(request, str(refused.text))
        return redirect("law_impact")
    return redirect("law_impact_run", run_id=run_id)


@page
@require_safe
def one(request: HttpRequest, viewer: Viewer, run_id: UUID) -> HttpResponse:
    """Show a computation: how far it is, what changes, worst first, and what can be decided by it."""
    may_see(viewer, VIEW)
    number = page_number(request)
    found = queries.impact(viewer, run_id, page=number)
    run = found.run
    if is_fragment(request, PROGRESS):
        if run.done:
            return HttpResponse(headers={"HX-Refresh": "true"})
        return render(request, "web/law/impact_progress.html", {"run": _run(run)})
    pages = Paginator(range(found.visible), PAGE_SIZE)
    context = {
        "run": _run(run),
        "counts": [(str(worst.label), count, TONES[worst]) for worst, count in run.by_severity],
        "rows": [_row(row) for row in found.rows],
        "columns": [Column(_("员工")), Column(_("判断")), Column(_("影响")), Column(_("原来")), Column(_("现在"))],
        "page": pages.get_page(number),
        "hidden": found.hidden,
        "figures": [
            _decision(viewer, run, value, withdrawal=value.own_id in run.withdrawals)
            for value in queries.proposals(viewer, [*run.proposals, *run.withdrawals])
        ],
        "may_export": reaches(viewer, "compliance.view_findings"),
        "request_id": uuid.uuid4(),
        "crumbs": _crumbs(_("变更影响"), run_id),
    }
    return render(request, "web/law/impact_run.html", context)


@page
@require_POST
def export(request: HttpRequest, viewer: Viewer, run_id: UUID) -> HttpResponseBase:
    """Send what changes as an Excel file; that it was taken out is on record."""
    reason = request.POST.get("reason", "")
    try:
        rows = actions.export_impact(viewer, run_id, reason=reason, now=clock.now())
    except Forbidden:
        raise
    except Refused as refused:
        messages.error(request, str(refused.text))
        return redirect("law_impact_run", run_id=run_id)
    heads = [_("员工"), _("案件编号"), _("判断"), _("适用日"), _("地区"), _("影响")]
    heads += [_("原来"), _("现在"), _("其他变化")]
    return sheets.download(sheets.write(_("变更影响"), heads, map(_cells, rows)), _("变更影响"))


def _run(run: RunView) -> dict[str, Any]:
    changes = len(run.proposals) + len(run.withdrawals)
    what = str(ImpactKind(run.kind).label)
    if changes:
        what = _("%(n)d 个当地参数") % {"n": changes}
    percent = 100 if run.done else round(100 * run.looked_at / run.total) if run.total else 0
    return {
        "url": reverse("law_impact_run", kwargs={"run_id": run.run_id}),
        "id": run.run_id,
        "what": what,
        "law": run.law_version,
        "asked": clock.legal_day(run.asked_at),
        "asked_by": run.asked_by or _("命令行"),
        "changed": run.changed,
        "looked_at": run.looked_at,
        "total": run.total,
        "skipped": run.skipped,
        "done": run.done,
        "percent": percent,
        "outdated": run.outdated,
    }


def _row(row: ImpactView) -> dict[str, Any]:
    return {
        "person": row.person or _("已删除"),
        "url": reverse("person", kwargs={"person_id": row.person_id}) if row.person else "",
        "case": row.number,
        "topic": topic_words(row.kind, row.topic),
        "law_of": f"{row.as_of.isoformat()} {row.region}".strip(),
        "severity": str(row.severity.label),
        "tone": TONES[row.severity],
        "before": verdict_words(row.before),
        "after": verdict_words(row.after),
        "changes": [_change(each) for each in row.changes],
    }


def _change(each: Change) -> dict[str, str]:
    return {"name": path_words(each.path), "before": _said(each.before), "after": _said(each.after)}


def _said(text: str | None) -> str:
    if text is None:
        return "—"
    try:
        return f"{Decimal(text):,f}"
    except InvalidOperation:
        return text


def verdict_words(verdict: str | None) -> str:
    """A verdict as people read it."""
    if verdict is None:
        return _("个人信息已删除")
    if verdict == NOT_COMPUTED:
        return _("算不出来")
    return told(VERDICT_WORDS[Verdict(verdict)]) if verdict else _("计算结果")


def topic_words(kind: str, topic: str) -> str:
    """What was asked of the law."""
    if kind == FindingKind.TOPIC:
        return told(RULEBOOK[topic].question) if topic in RULEBOOK else topic
    if kind == FindingKind.MATRIX:
        name = told(matrix()[MatrixGround(topic)].title) if topic in set(MatrixGround) else ""
    else:
        words = labels().get("grounds.Ground", {}).get(topic)
        name = told(words) if words is not None else ""
    return f"{FindingKind(kind).label} {topic} {name}".strip()


def path_words(path: str) -> str:
    """The name of a part of an answer; its code where it has none."""
    last = path.rsplit(".", 1)[-1].split("[", maxsplit=1)[0]
    if path in RESULTS or last in RESULTS:
        return str(RESULTS.get(path) or RESULTS[last])
    found = next((section[last] for section in labels().values() if last in section), None)
    return told(found) if found is not None else path


def _decision(viewer: Viewer, run: RunView, value: FigureView, *, withdrawal: bool) -> dict[str, Any]:
    """A figure of a run, and what the viewer may do with it now."""
    ready = run.done and not run.outdated
    return {
        "id": value.own_id,
        "request_id": uuid.uuid4(),
        "url": reverse("law_parameter", kwargs={"own_id": value.own_id}),
        "shown": figure_words(value),
        "place": value.region or _("全国"),
        "key": value.key,
        "name": told(parameter_keys()[value.key].name),
        "withdrawal": withdrawal,
        "state": value.state.label,
        "by": value.entered_by,
        "open": value.state == ParameterState.PROPOSED,
        "own": value.mine,
        "may_check": ready and value.state == ParameterState.PROPOSED and not value.mine and allowed(viewer, CHECK),
        "may_withdraw": ready and withdrawal and value.withdrawn_at is None and allowed(viewer, WITHDRAW),
    }


def _cells(row: ImpactView) -> tuple[sheets.Value, ...]:
    changes = "；".join(f"{each['name']} {each['before']} → {each['after']}" for each in map(_change, row.changes))
    return (
        row.person,
        row.number,
        topic_words(row.kind, row.topic),
        row.as_of,
        row.region,
        str(row.severity.label),
        verdict_words(row.before),
        verdict_words(row.after),
        changes,
    )


def _ids(texts: list[str]) -> list[UUID]:
    """Ids from a form; one that is none names nothing, so that the action finds nothing of it."""
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            found.append(UUID(int=0))
    return found


def _crumbs(last: str, run_id: UUID | None = None) -> list[Crumb]:
    ways = [Crumb(_("法律工作台"), reverse("law")), Crumb(_("法律参数"), reverse("law_parameters"))]
    return [*ways, Crumb(last, reverse("law_impact") if run_id else "")]
