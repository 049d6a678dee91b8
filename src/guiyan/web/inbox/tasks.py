"""The inbox: what is asked of me, what I did, what I am copied on, what I started; and one task."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guiyan.platform import clock
from guiyan.platform.acting import Forbidden, Refused
from guiyan.platform.permissions import Viewer
from guiyan.process import actions as process_actions
from guiyan.process import queries as process
from guiyan.process.enums import Fallback, InstanceStatus, Tab, TaskState
from guiyan.process.hookspecs import TaskPlace
from guiyan.separation import queries as separation
from guiyan.ui.values import Column, Crumb
from guiyan.ui.values import Tab as TabLink
from guiyan.web.edge import is_fragment, page, page_number, request_id

EMPLOYEE = "employee"
PROCESSES = ("resignation", "withdrawal")
CASE_PAGES = {"separation": "case"}
"""Where the page of a case is, by kind."""


@dataclass(frozen=True)
class Row:
    """A task of a list, with its words."""

    task: process.TaskRow
    name: str
    process: str
    due: str
    tone: str
    state: str
    note: str
    url: str


def task_page(place: TaskPlace) -> str:
    """Return the address of a task's own page: where forms are opened that no context claims."""
    return reverse("task", kwargs={"task_id": place.task_id})


def case_url(kind: str, case_id: UUID) -> str:
    """Return the address of a case, empty for a kind without pages."""
    name = CASE_PAGES.get(kind)
    return reverse(name, kwargs={"case_id": case_id}) if name else ""


def in_english() -> bool:
    """Whether the reader reads English."""
    return (get_language() or "").startswith("en")


def row_of(task: process.TaskRow) -> Row:
    """Return a task with the words of how it stands."""
    english = in_english()
    tone, state = {
        TaskState.OPEN: ("brand", _("待办理")),
        TaskState.DONE: ("ok", _("已办理")),
        TaskState.TAKEN_BACK: ("neutral", _("不再需要")),
    }[task.state]
    if task.overdue:
        tone, state = "bad", _("已逾期")
    elif task.unassigned:
        tone, state = "warn", _("待指派")
    return Row(
        task=task,
        name=(english and task.name_en) or task.name,
        process=(english and task.process_name_en) or task.process_name,
        due=task.due_day.isoformat() if task.due_day else "",
        tone=tone,
        state=state,
        note=_note(task),
        url=reverse("task", kwargs={"task_id": task.task_id}),
    )


def _note(task: process.TaskRow) -> str:
    if task.standing_in_for:
        return _("代%(name)s办理") % {"name": task.standing_in_for}
    if task.claimed_by and task.state is TaskState.OPEN:
        return _("%(name)s正在办理") % {"name": task.claimed_by}
    if task.state is TaskState.OPEN and task.fallback is Fallback.HR_INSTEAD:
        return _("没有直属主管，改由人力资源办理")
    if task.provisional:
        return _("日期待节假日安排公布后确定")
    return ""


@page
@require_safe
def index(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Show one drawer of the inbox."""
    told = request.GET.get("tab", Tab.TO_DO.value)
    tab = Tab(told) if told in {each.value for each in Tab} else Tab.TO_DO
    text = request.GET.get("q", "")[:60]
    key = request.GET.get("process", "")
    key = key if key in PROCESSES else ""
    found = process.inbox(viewer, tab, page_number(request), process=key, text=text)
    counts = process.inbox_counts(viewer)
    is_tasks = tab in {Tab.TO_DO, Tab.DONE}
    context: dict[str, Any] = {
        "found": found,
        "tab": tab.value,
        "text": text,
        "key": key,
        "processes": [("resignation", _("辞职")), ("withdrawal", _("撤回辞职"))],
        "tabs": _tabs(tab, counts),
        "overdue": counts.overdue,
        "is_tasks": is_tasks,
        "rows": [row_of(row) for row in found] if is_tasks else [_instance(row) for row in found],
        "columns": _columns(tab),
        "is_narrowed": bool(text or key),
    }
    template = "web/inbox/_inbox.html" if is_fragment(request, "inbox-list") else "web/inbox/inbox.html"
    return render(request, template, context)


def _tabs(tab: Tab, counts: process.InboxCounts) -> list[TabLink]:
    url = reverse("inbox")
    return [
        TabLink(_("待办"), url, counts.todo, tab is Tab.TO_DO, "checklist"),
        TabLink(_("已办"), f"{url}?tab=done", counts.done, tab is Tab.DONE, "checks"),
        TabLink(_("抄送我的"), f"{url}?tab=copied", counts.copied, tab is Tab.COPIED, "send"),
        TabLink(_("我发起的"), f"{url}?tab=mine", counts.mine, tab is Tab.MINE, "flag"),
    ]


def _columns(tab: Tab) -> list[Column]:
    if tab is Tab.TO_DO:
        return [Column(_("事项")), Column(_("流程")), Column(_("截止")), Column(_("状态"))]
    if tab is Tab.DONE:
        return [Column(_("事项")), Column(_("流程")), Column(_("办理时间")), Column(_("状态"))]
    return [Column(_("案件")), Column(_("流程")), Column(_("开始")), Column(_("现在"))]


def _instance(row: process.InstanceRow) -> dict[str, Any]:
    english = in_english()
    state = {
        InstanceStatus.RUNNING: (_("进行中"), "brand"),
        InstanceStatus.ENDED: (_("已结束"), "ok"),
        InstanceStatus.CANCELLED: (_("已取消"), "neutral"),
    }[row.status]
    return {
        "row": row,
        "process": (english and row.process_name_en) or row.process_name,
        "state": state[0],
        "tone": state[1],
        "now": [en if english else zh for zh, en in row.now][:3],
        "url": case_url(row.case_kind, row.case_id),
    }


@page
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, viewer: Viewer, task_id: UUID) -> HttpResponse:
    """Show one task. One that stands for an act of its context leads there; a plain one is confirmed here.

    What the employee is asked themself leads to their own page, on whatever screen.
    """
    row = process.task(viewer, task_id)
    if row.role == EMPLOYEE and row.case_id in {case.case_id for case in separation.my_cases(viewer)}:
        return redirect("m_task", task_id=task_id)
    if row.href and row.href != request.path and request.method != "POST":
        return redirect(row.href)
    error, status = "", 200
    sent = request_id(request) if request.method == "POST" else uuid.uuid4()
    if request.method == "POST":
        try:
            process_actions.confirm_task(viewer, task_id, request_id=sent, now=clock.now())
        except Forbidden:
            raise
        except Refused as refused:
            error, status = str(refused.text), 409
            row = process.task(viewer, task_id)
        else:
            messages.success(request, _("已办理，并已记入证据库。"))
            return redirect("inbox")
    context = {
        "row": row_of(row),
        "task": row,
        "error": error,
        "request_id": sent,
        "case_url": case_url(row.case_kind, row.case_id),
        "may_do": row.mine and row.plain,
        "may_hand_over": row.state is TaskState.OPEN and row.mine,
        "crumbs": [Crumb(_("我的待办"), reverse("inbox")), Crumb(row_of(row).name)],
        "found": process.find_colleagues(viewer, request.GET.get("to", "")),
        "asked_for": request.GET.get("to", "")[:60],
    }
    return render(request, "web/inbox/task.html", context, status=status)


@page
@require_POST
def hand(request: HttpRequest, viewer: Viewer, task_id: UUID, what: str) -> HttpResponse:
    """Take a task in hand, give it back, or hand it to a colleague."""
    now = clock.now()
    row = process.task(viewer, task_id)
    try:
        if what == "claim":
            process_actions.claim(viewer, task_id, now=now)
            messages.success(request, _("您已认领，其他人会看到是您在办理。"))
        elif what == "release":
            process_actions.release(viewer, task_id, now=now)
            messages.success(request, _("已放回，其他人也可以办理。"))
        else:
            _hand_over(request, viewer, row)
            messages.success(request, _("已转交，对方会收到消息。"))
            return redirect("inbox")
    except Forbidden:
        raise
    except Refused as refused:
        messages.error(request, str(refused.text))
    return redirect("task_hand_over" if what == "hand-over" else "task", task_id=task_id)


def _hand_over(request: HttpRequest, viewer: Viewer, row: process.TaskRow) -> None:
    try:
        to = UUID(request.POST.get("to", ""))
    except ValueError:
        raise Refused("nobody_chosen", _("请选择转交给谁。"), object_kind="task", object_id=row.task_id) from None
    process_actions.reassign(
        viewer,
        row.task_id,
        to_user_id=to,
        reason=request.POST.get("reason", ""),
        request_id=request_id(request),
        now=clock.now(),
    )


@page
@require_safe
def hand_over(request: HttpRequest, viewer: Viewer, task_id: UUID) -> HttpResponse:
    """Choose the colleague to hand a task to."""
    row = process.task(viewer, task_id)
    if row.state is not TaskState.OPEN:
        raise Http404
    text = request.GET.get("to", "")[:60]
    context = {
        "row": row_of(row),
        "task": row,
        "text": text,
        "found": process.find_colleagues(viewer, text),
        "request_id": uuid.uuid4(),
        "crumbs": [
            Crumb(_("我的待办"), reverse("inbox")),
            Crumb(row_of(row).name, f"{reverse('task', kwargs={'task_id': task_id})}?{urlencode({'stay': 1})}"),
            Crumb(_("转交")),
        ],
    }
    return render(request, "web/inbox/hand_over.html", context)


@page
@require_POST
def open_copy(request: HttpRequest, viewer: Viewer, instance_id: UUID) -> HttpResponse:
    """Note that a copy was read, and lead to its case."""
    process_actions.read_copy(viewer, instance_id, now=clock.now())
    case = request.POST.get("case", "")
    return redirect(case if case.startswith("/cases/") else "inbox")
