"""The page of one case: everything its reader may see and do, in words, with a reason on every grey button."""

from __future__ import annotations

import functools
import uuid
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guiyan.notify import queries as notify
from guiyan.people.queries import NotFound
from guiyan.people.queries.organisation import place_of
from guiyan.platform import clock
from guiyan.platform.permissions import Viewer, allowed
from guiyan.process import queries as process
from guiyan.process.enums import InstanceStatus, What
from guiyan.separation import queries
from guiyan.separation.actions import note_stranger
from guiyan.ui.values import Column, Crumb
from guiyan.web.cases import shown, words
from guiyan.web.edge import page
from guiyan.web.inbox.tasks import row_of
from guiyan.web.law.notes import reads_notes

P = ParamSpec("P")
CaseView = Callable[Concatenate[HttpRequest, Viewer, UUID, P], HttpResponseBase]


def case_page(view: CaseView[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Serve a view about one case, its id as ``case_id``.

    A case that is not this viewer's to see does not exist for them; that they tried is on record once the page was
    read. The employee's own case leads to their own page.
    """

    @functools.wraps(view)
    def serve(request: HttpRequest, viewer: Viewer, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        case_id = cast("UUID", kwargs.pop("case_id"))
        try:
            return view(request, viewer, case_id, *args, **kwargs)
        except NotFound as error:
            request.after_reading = lambda: note_stranger(viewer, case_id)  # type: ignore[attr-defined]
            raise Http404 from error

    return page(cast("Any", serve))


def frame(case: queries.CaseView) -> dict[str, Any]:
    """Return what every page about a case shows: who, which, how it stands."""
    place = place_of(case.person_id, clock.today())
    parts = (place.unit, place.post) if place else ()
    joint = ", " if words.is_english() else "，"
    return {
        "case": {
            "id": case.case_id,
            "name": case.name,
            "number": case.number,
            "kind": _("辞职与撤回") if case.withdrawals else _("辞职"),
            "place": joint.join(part for part in parts if part),
            "badges": shown.badges(case),
        },
        "crumbs": [
            Crumb(_("离职案件"), reverse("cases")),
            Crumb(case.number, reverse("case", kwargs={"case_id": case.case_id})),
        ],
    }


@case_page
@require_safe
def show(request: HttpRequest, viewer: Viewer, case_id: UUID) -> HttpResponse:
    """Show a case."""
    case = queries.case_for(viewer, case_id)
    if case.sight is queries.Sight.SELF:
        return redirect("m_case", case_id=case_id)
    offered = shown.offers(case)
    exports = allowed(viewer, "ledger.export")
    pack = {"label": _("生成证据包"), "url": reverse("case_pack", kwargs={"case_id": case_id})} if exports else None
    context = {
        **frame(case),
        "main_acts": [each for each in offered if not each.off and each.kind == "primary"][:1] + shown.beside(offered),
        "facts": shown.facts(case),
        "steps": shown.steps(case),
        "guard": shown.guard(case),
        "findings": shown.findings(case),
        "flows": _flows(viewer, case_id),
        "tasks": _tasks(viewer, case_id),
        "task_columns": [
            Column(_("任务")),
            Column(_("办理人")),
            Column(_("截止")),
            Column(_("状态")),
            Column(_("操作"), hidden_label=True),
        ],
        "outside": shown.outside(case),
        "letter": shown.letter(case),
        "intakes": shown.intakes(case),
        "withdrawal": shown.withdrawal(case),
        "offer_answer": shown.offer_answer(case),
        "sees_trail": case.sight is not queries.Sight.BRIEF,
        "acts": [each for each in offered if not each.off or each.key in shown.ALWAYS],
        "closed_acts": [each for each in offered if each.off and each.key not in shown.ALWAYS],
        "checks": shown.checks(case),
        "rungs": shown.rungs(case, notify.mails_of_case(case_id) if case.sight is queries.Sight.FULL else []),
        "trail": shown.trail(each for each in case.trail if each.kind.partition(".")[0] in shown.KEY_EVENTS),
        "whole_trail": shown.trail(case.trail),
        "trail_note": _("%(n)d 条") % {"n": len(case.trail)},
        "pack": pack,
        "kept_url": reverse("law_kept_case", kwargs={"case_id": case_id}) if reads_notes(viewer) else "",
        "comments_url": reverse("case_comments", kwargs={"case_id": case_id}),
    }
    return render(request, "web/cases/case.html", context)


def _tasks(viewer: Viewer, case_id: UUID) -> list[Any]:
    try:
        return [row_of(row) for row in process.tasks_of_case(viewer, case_id)]
    except NotFound:
        return []


def _flows(viewer: Viewer, case_id: UUID) -> list[dict[str, Any]]:
    """The processes of the case, the running and newest ones first; their pictures come when they are looked at."""
    english = words.is_english()
    rows = sorted(
        process.processes_of_case(viewer, case_id),
        key=lambda row: (row.status is InstanceStatus.RUNNING, row.started_at),
        reverse=True,
    )
    state = {
        InstanceStatus.RUNNING: _("进行中"),
        InstanceStatus.ENDED: _("已结束"),
        InstanceStatus.CANCELLED: _("已取消"),
    }
    return [
        {
            "title": (english and row.process_name_en) or row.process_name,
            "note": f"{state[row.status]}  {words.short(row.started_at)}",
            "url": reverse("case_flow", kwargs={"case_id": case_id, "instance_id": row.instance_id}),
            "open": number == 0,
        }
        for number, row in enumerate(rows)
    ]


@case_page
@require_safe
def flow(request: HttpRequest, viewer: Viewer, case_id: UUID, instance_id: UUID) -> HttpResponse:
    """Show the picture of one process of the case."""
    case = queries.case_for(viewer, case_id)
    known = {row.instance_id for row in process.processes_of_case(viewer, case_id)}
    if instance_id not in known:
        raise Http404
    language = "en" if words.is_english() else "zh"
    drawn = process.diagram_svg(viewer, instance_id, language=language, ident=f"p{instance_id.hex[-8:]}")
    context = {"svg": SafeString(drawn), "title": _("流程图"), **frame(case)}  # our own drawing, escaped there
    fragment = request.headers.get("HX-Request") == "true"
    return render(request, "web/cases/_flow.html" if fragment else "web/cases/flow.html", context)


@case_page
@require_safe
def comments(request: HttpRequest, viewer: Viewer, case_id: UUID) -> HttpResponse:
    """Show what colleagues wrote about the case."""
    case = queries.case_for(viewer, case_id)
    lines = [
        {"who": row.who, "when": words.short(row.at), "text": row.words}
        for row in process.trail(viewer, case_id=case_id)
        if row.what is What.COMMENTED and row.words
    ]
    lines.reverse()
    running = process.processes_of_case(viewer, case_id)
    context = {
        **frame(case),
        "comments": lines,
        "comment_url": reverse("case_comment", kwargs={"case_id": case_id}) if running else "",
        "comment_request_id": uuid.uuid4(),
    }
    fragment = request.headers.get("HX-Request") == "true"
    return render(request, "web/cases/_comments.html" if fragment else "web/cases/comments.html", context)
