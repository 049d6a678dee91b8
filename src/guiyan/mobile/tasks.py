"""A step of a process that asks the employee: what it is about, what they may write, and that it is done."""

from __future__ import annotations

import uuid
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from guiyan.mobile import words
from guiyan.mobile.edge import Me, page, request_id
from guiyan.mobile.matters import own_case
from guiyan.people.queries import NotFound
from guiyan.platform import clock
from guiyan.platform.acting import Forbidden, Refused
from guiyan.process import actions as process_actions
from guiyan.process import queries as process
from guiyan.process.enums import TaskState, What
from guiyan.process.queries import TaskRow
from guiyan.separation.actions import note_stranger

ROLE = "employee"
COMMENTS_SHOWN = 20


def address(row: TaskRow) -> str:
    """Return where a step put before the viewer is done: on the phone when it asks them as the employee, else there."""
    return reverse("m_task" if row.role == ROLE else "task", kwargs={"task_id": row.task_id})


def own_tasks(me: Me, case_id: UUID) -> list[dict[str, str]]:
    """Return the open steps of the viewer's own case that ask them, as lines that open them."""
    try:
        rows = process.tasks_of_case(me.viewer, case_id)
    except NotFound:
        return []
    return [
        {
            "title": (words.is_english() and row.name_en) or row.name,
            "note": _("%(day)s前") % {"day": words.short_day(row.due_day)} if row.due_day else "",
            "url": address(row),
            "icon": "list-check",
            "tone": "bad" if row.overdue else "violet",
        }
        for row in rows
        if row.role == ROLE and row.mine and row.state is TaskState.OPEN
    ]


def _own_task(request: HttpRequest, me: Me, task_id: UUID) -> TaskRow:
    """Return a step of the viewer's own case that asks them. Anybody else's does not exist here, and a try is kept."""
    try:
        row = process.task(me.viewer, task_id)
    except NotFound as error:
        raise Http404 from error
    try:
        own_case(me, row.case_id)
    except NotFound as error:
        request.after_reading = lambda: note_stranger(me.viewer, row.case_id)  # type: ignore[attr-defined]
        raise Http404 from error
    if row.role != ROLE:
        raise Http404
    return row


@page
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, me: Me, task_id: UUID) -> HttpResponse:
    """Show a step, or say that it is done. One that was done or is no longer needed says so."""
    row = _own_task(request, me, task_id)
    here = reverse("m_task", kwargs={"task_id": task_id})
    if row.href.startswith("/m/") and row.href != here:
        return redirect(row.href)
    if request.method == "POST":
        try:
            process_actions.confirm_task(me.viewer, task_id, request_id=request_id(request), now=clock.now())
        except Forbidden:
            raise
        except Refused as refused:
            messages.warning(request, str(refused.text))
        else:
            messages.success(request, _("已记下，谢谢您。"))
        return redirect(here)
    name = (words.is_english() and row.name_en) or row.name
    context = {
        "name": name,
        "title": row.title,
        "about": _about(row),
        "facts": _facts(row),
        "state": _state(row),
        "may_do": row.mine and row.plain and row.state is TaskState.OPEN,
        "request_id": uuid.uuid4(),
        "comments": _comments(me, row),
        "comment_url": reverse("m_task_comment", kwargs={"task_id": task_id}),
        "comment_id": uuid.uuid4(),
        "case_url": reverse("m_case", kwargs={"case_id": row.case_id}),
        "back_url": reverse("m_home"),
        "back_label": _("首页"),
    }
    return render(request, "mobile/task.html", context)


def _about(row: TaskRow) -> str:
    if row.form == "handover_do":
        return _("把手上的工作、文件和客户交给接手的人，办好后在这里说一声。离职证明和最后的工资都不等交接办完。")
    return _("办好后在这里说一声。")


def _facts(row: TaskRow) -> list[tuple[str, str]]:
    found = [(_("事情"), row.title)]
    if row.due_day is not None and row.state is TaskState.OPEN:
        found.append((_("希望在"), _("%(day)s，%(left)s") % {"day": words.day(row.due_day), "left": _left(row)}))
    if row.closed_at is not None:
        found.append((_("时间"), words.moment(row.closed_at)))
    return found


def _left(row: TaskRow) -> str:
    assert row.due_day is not None
    return words.left(row.due_day, clock.today())


def _state(row: TaskRow) -> tuple[str, str]:
    if row.state is TaskState.DONE:
        return _("已办好"), "ok"
    if row.state is TaskState.TAKEN_BACK:
        return _("不再需要"), "neutral"
    return (_("已过希望的日子"), "warn") if row.overdue else (_("等您办理"), "brand")


def _comments(me: Me, row: TaskRow) -> list[dict[str, Any]]:
    now = clock.now()
    found = [
        {"who": line.who, "when": words.short(line.at, now), "text": line.words}
        for line in process.trail(me.viewer, case_id=row.case_id)
        if line.what is What.COMMENTED and line.words
    ]
    return list(reversed(found[:COMMENTS_SHOWN]))


@page
@require_POST
def comment(request: HttpRequest, me: Me, task_id: UUID) -> HttpResponse:
    """Write to those who work on the case."""
    row = _own_task(request, me, task_id)
    try:
        process_actions.comment(
            me.viewer,
            row.instance_id,
            request.POST.get("text", ""),
            request_id=request_id(request),
            now=clock.now(),
        )
    except Forbidden:
        raise
    except Refused as refused:
        messages.warning(request, str(refused.text))
    else:
        messages.success(request, _("留言已发出。"))
    return redirect("m_task", task_id=task_id)
