"""The inbox: 待办, 已办, 抄送我的, 我发起的. Each drawer costs the same few queries at one row and at fifty."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.core.paginator import Page
from django.db import connection
from django.db.models import F, Q, QuerySet

from guiyan.platform import clock
from guiyan.platform.clock import legal_day
from guiyan.platform.models import User
from guiyan.platform.permissions import Viewer, allowed
from guiyan.platform.queries import page_of
from guiyan.process.enums import InstanceStatus, Tab, TaskState
from guiyan.process.models import Copy, Delegation, Instance, Task
from guiyan.process.parties import Party, is_viewer
from guiyan.process.queries.names import names_of
from guiyan.process.queries.rows import TaskRow, task_rows, with_due
from guiyan.process.queries.standing import asks

TEXT_MAX = 60
COLLEAGUES_MAX = 20
PROCESS_COMPLETE = "process.complete"


@dataclass(frozen=True, slots=True)
class InboxCounts:
    """How much lies in each drawer; ``overdue`` counts within ``todo``, ``unread`` within ``copied``."""

    todo: int
    overdue: int
    done: int
    copied: int
    unread: int
    mine: int


@dataclass(frozen=True, slots=True)
class InstanceRow:
    """An instance in a list. ``now`` names its open steps (Chinese, English); ``read_at`` is for copies."""

    instance_id: UUID
    case_kind: str
    case_id: UUID
    process: str
    process_name: str
    process_name_en: str
    title: str
    status: InstanceStatus
    outcome: str
    started_at: datetime
    ended_at: datetime | None
    now: tuple[tuple[str, str], ...]
    read_at: datetime | None = None


def inbox(
    viewer: Viewer, tab: Tab | str, page: int = 1, *, process: str = "", text: str = "", now: datetime | None = None
) -> Page[Any]:
    """Return one page of a drawer: ``TaskRow`` in ``todo`` and ``done``, ``InstanceRow`` in ``copied`` and ``mine``.

    What is to be done comes with the nearest day first, the others newest first. ``process`` is a key, ``text`` a part
    of the title. Raises ``ValueError`` for another tab.
    """
    moment, drawer = now or clock.now(), Tab(tab)
    rows: QuerySet[Any] = _drawer(viewer, drawer, moment)
    path = "" if drawer is Tab.MINE else "instance__"
    if process:
        rows = rows.filter(**{f"{path}key": process})
    if text.strip():
        rows = rows.filter(**{f"{path}title__icontains": text.strip()[:TEXT_MAX]})
    if drawer in {Tab.TO_DO, Tab.DONE}:
        return _page_of_tasks(viewer, rows, drawer, page, moment)
    order = ("-at", "-pk") if drawer is Tab.COPIED else ("-started_at", "-pk")
    related = "instance__version" if drawer is Tab.COPIED else "version"
    found: Page[Any] = page_of(rows.select_related(related).order_by(*order), page)
    pairs = [(row.instance, row.read_at) if drawer is Tab.COPIED else (row, None) for row in found]
    found.object_list = instance_rows(pairs)
    return found


def inbox_counts(viewer: Viewer, *, now: datetime | None = None) -> InboxCounts:
    """Return how much lies in each drawer, in one query."""
    moment = now or clock.now()
    todo = _drawer(viewer, Tab.TO_DO, moment)
    copied = _drawer(viewer, Tab.COPIED, moment)
    counted = [
        todo,
        with_due(todo).filter(due_at__lte=moment),
        _drawer(viewer, Tab.DONE, moment),
        copied,
        copied.filter(read_at__isnull=True),
        _drawer(viewer, Tab.MINE, moment),
    ]
    parts = [_count(rows) for rows in counted]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(part for part, _ in parts)}", [each for _, values in parts for each in values]
        )
        return InboxCounts(*cursor.fetchone())


def _count(rows: QuerySet[Any]) -> tuple[str, tuple[Any, ...]]:
    """Return the SQL that counts rows, and its parameters; what can hold nothing is counted without asking."""
    try:
        sql, values = rows.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return "0", ()
    return f"(SELECT count(*) FROM ({sql}) AS part)", values  # noqa: S608  put together by a queryset


def _drawer(viewer: Viewer, tab: Tab, now: datetime) -> QuerySet[Any]:
    if tab is Tab.TO_DO:
        rows = Task.objects.filter(state=TaskState.OPEN)
        if not allowed(viewer, PROCESS_COMPLETE):
            return rows.filter(pk__in=[])
        return rows.filter(asks(viewer, legal_day(now)))
    if tab is Tab.DONE:
        return Task.objects.filter(is_viewer(viewer, "done_by_user", "done_by_person"), state=TaskState.DONE)
    if tab is Tab.COPIED:
        return Copy.objects.filter(is_viewer(viewer))
    return Instance.objects.filter(is_viewer(viewer, "started_by_user", "started_by_person"))


def _page_of_tasks(viewer: Viewer, rows: QuerySet[Task], tab: Tab, number: int, now: datetime) -> Page[TaskRow]:
    if tab is Tab.TO_DO:
        rows = with_due(rows).order_by(F("due_at").asc(nulls_last=True), "opened_at", "pk")
    else:
        rows = with_due(rows).order_by("-closed_at", "-pk")
    found: Page[Any] = page_of(rows, number)
    found.object_list = task_rows(viewer, found, now)
    return found


def instance_rows(pairs: list[tuple[Instance, datetime | None]]) -> tuple[InstanceRow, ...]:
    """Return the rows of instances with when a copy of each was read. One query."""
    open_now: dict[UUID, list[tuple[str, str]]] = {}
    tasks = Task.objects.filter(instance__in=[instance.pk for instance, _ in pairs], state=TaskState.OPEN)
    for instance_id, name, name_en in tasks.order_by("number").values_list("instance_id", "name", "name_en"):
        open_now.setdefault(instance_id, []).append((name, name_en or name))
    return tuple(
        InstanceRow(
            instance_id=instance.pk,
            case_kind=instance.case_kind,
            case_id=instance.case_id,
            process=instance.key,
            process_name=instance.version.title,
            process_name_en=instance.version.title_en,
            title=instance.title,
            status=InstanceStatus(instance.status),
            outcome=instance.outcome,
            started_at=instance.started_at,
            ended_at=instance.ended_at,
            now=tuple(dict.fromkeys(open_now.get(instance.pk, []))),
            read_at=read_at,
        )
        for instance, read_at in pairs
    )


# --- standing in ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DelegationRow:
    """A delegation by the viewer (``own``) or to them; days are civil days, both included."""

    delegation_id: UUID
    own: bool
    other: str
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class Colleague:
    """An account that a task or an absence may be handed to."""

    user_id: UUID
    name: str


def delegations(viewer: Viewer, *, now: datetime | None = None) -> tuple[DelegationRow, ...]:
    """Return the viewer's delegations, given and taken, that hold today or later, by first day. Three queries."""
    today = legal_day(now or clock.now())
    involved = is_viewer(viewer, "from_user", "from_person") | is_viewer(viewer, "to_user", "to_person")
    rows = list(Delegation.objects.filter(involved, ended_at__isnull=True, last_day__gte=today).order_by("first_day"))
    own = {row.pk: viewer.user_id is not None and row.from_user == viewer.user_id for row in rows}
    others = {
        row.pk: Party(row.to_user, row.to_person) if own[row.pk] else Party(row.from_user, row.from_person)
        for row in rows
    }
    names = names_of(others.values())
    return tuple(DelegationRow(row.pk, own[row.pk], names[others[row.pk]], row.first_day, row.last_day) for row in rows)


def find_colleagues(viewer: Viewer, text: str) -> tuple[Colleague, ...]:
    """Return other accounts in use whose name contains ``text``, by name, at most 20; none for an empty text."""
    word = text.strip()[:TEXT_MAX]
    if not word or not allowed(viewer, PROCESS_COMPLETE):
        return ()
    rows = User.objects.filter(Q(display_name__icontains=word) | Q(username__icontains=word), is_active=True)
    rows = rows.exclude(pk=viewer.user_id) if viewer.user_id else rows
    found = rows.order_by("display_name", "pk").values_list("pk", "display_name")[:COLLEAGUES_MAX]
    return tuple(Colleague(user_id, name) for user_id, name in found)
