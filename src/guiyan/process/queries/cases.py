"""What the pages of a case read of its processes: tasks, the trail, the picture."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page
from django.db.models import Q, QuerySet

from guiyan.kernel.calendar import end_of_legal_day, start_of_legal_day
from guiyan.people.queries import NotFound
from guiyan.platform import clock, crypto
from guiyan.platform.clock import legal_day
from guiyan.platform.permissions import Viewer
from guiyan.platform.queries import page_of
from guiyan.process import runtime, svg, versions
from guiyan.process import trail as trails
from guiyan.process.enums import InstanceStatus, TaskState, What
from guiyan.process.models import Instance, Task, TrailLine
from guiyan.process.parties import Party
from guiyan.process.queries.inbox import InstanceRow, instance_rows
from guiyan.process.queries.names import names_of
from guiyan.process.queries.rows import TaskRow, task_rows, with_due
from guiyan.process.queries.standing import asks, visible, visible_instance

CAPTION_NAMES_MAX = 2


@dataclass(frozen=True, slots=True)
class TrailRow:
    """A line of the trail. ``who`` is empty for the system; ``words`` is what was written, None when it was erased."""

    at: datetime
    what: What
    instance_id: UUID
    case_kind: str
    case_id: UUID
    process: str
    process_name: str
    process_name_en: str
    title: str
    step: str
    step_en: str
    who: str
    standing_in_for: str
    detail: str
    words: str | None


@dataclass(frozen=True, slots=True)
class InstanceFact:
    """An instance of a case, for the context whose case it is. ``expects``: the messages it would take in now."""

    instance_id: UUID
    key: str
    status: InstanceStatus
    outcome: str
    expects: tuple[str, ...]


def tasks_of_case(viewer: Viewer, case_id: UUID, *, now: datetime | None = None) -> tuple[TaskRow, ...]:
    """Return every task of a case's processes in the order in which they were opened.

    Raises ``NotFound`` when there is no such case, or the viewer may see none of its processes.
    """
    moment = now or clock.now()
    rows = Task.objects.filter(visible(viewer, legal_day(moment), "instance__"), instance__case_id=case_id)
    found = task_rows(viewer, with_due(rows).order_by("instance__started_at", "instance_id", "number"), moment)
    if not found:
        raise NotFound(str(case_id))
    return found


def processes_of_case(viewer: Viewer, case_id: UUID, *, now: datetime | None = None) -> tuple[InstanceRow, ...]:
    """Return the processes of a case that the viewer may see, oldest first. Two queries."""
    day = legal_day(now or clock.now())
    rows = Instance.objects.filter(visible(viewer, day), case_id=case_id).select_related("version")
    return instance_rows([(row, None) for row in rows.order_by("started_at", "pk")])


def task(viewer: Viewer, task_id: UUID, *, now: datetime | None = None) -> TaskRow:
    """Return one task. Raises ``NotFound`` when there is none or the viewer may not see its process."""
    moment = now or clock.now()
    rows = Task.objects.filter(visible(viewer, legal_day(moment), "instance__"), pk=task_id)
    found = task_rows(viewer, with_due(rows), moment)
    if not found:
        raise NotFound(str(task_id))
    return found[0]


def my_task(viewer: Viewer, case_id: UUID, form: str, *, now: datetime | None = None) -> UUID | None:
    """Return the open task with this form in a case that asks the viewer, or None: for the page that shows the form."""
    rows = Task.objects.filter(asks(viewer, legal_day(now or clock.now())), instance__case_id=case_id, form=form)
    return rows.filter(state=TaskState.OPEN).order_by("-number").values_list("pk", flat=True).first()


def open_task_of(case_id: UUID, form: str) -> UUID | None:
    """Return the open task with this form in a case, or None. For contexts' actions: no viewer looks."""
    rows = Task.objects.filter(instance__case_id=case_id, form=form, state=TaskState.OPEN)
    return rows.order_by("-number").values_list("pk", flat=True).first()


def instances_of(case_id: UUID, key: str = "") -> tuple[InstanceFact, ...]:
    """Return the instances of a case, newest first, of one process or all. For contexts' actions: no viewer looks."""
    rows = Instance.objects.filter(case_id=case_id).order_by("-started_at", "-pk")
    return tuple(
        InstanceFact(row.pk, row.key, InstanceStatus(row.status), row.outcome, tuple(row.state["expects"]))
        for row in (rows.filter(key=key) if key else rows)
    )


# --- the trail --------------------------------------------------------------------------------------------------------


def trail(
    viewer: Viewer,
    *,
    person: UUID | None = None,
    process: str = "",
    between: tuple[date | None, date | None] = (None, None),
    case_id: UUID | None = None,
    page: int = 1,
    now: datetime | None = None,
) -> Page[Any]:
    """Return what happened, newest first, as ``TrailRow``: of all the processes the viewer may see.

    ``person`` finds what is about somebody and what they did; ``process`` is a key; ``between`` are civil days
    (Asia/Shanghai), both included, either may be open. At most five queries.
    """
    day = legal_day(now or clock.now())
    rows = TrailLine.objects.filter(visible(viewer, day, "instance__"))
    if person is not None:
        rows = rows.filter(Q(instance__subject_person_id=person) | Q(person_id=person) | Q(for_person=person))
    if process:
        rows = rows.filter(instance__key=process)
    if case_id is not None:
        rows = rows.filter(instance__case_id=case_id)
    first, last = between
    if first is not None:
        rows = rows.filter(at__gte=start_of_legal_day(first))
    if last is not None:
        rows = rows.filter(at__lt=end_of_legal_day(last))
    found: Page[Any] = page_of(rows.select_related("task", "instance__version").order_by("-at", "-id"), page)
    found.object_list = _trail_rows(list(found))
    return found


def _trail_rows(lines: list[TrailLine]) -> tuple[TrailRow, ...]:
    parties = [party for line in lines for party in (_doer(line), _away(line)) if party]
    names = names_of(parties)
    words = _words(lines)
    return tuple(
        TrailRow(
            at=line.at,
            what=What(line.what),
            instance_id=line.instance_id,
            case_kind=line.instance.case_kind,
            case_id=line.instance.case_id,
            process=line.instance.key,
            process_name=line.instance.version.title,
            process_name_en=line.instance.version.title_en,
            title=line.instance.title,
            step=line.task.name if line.task else "",
            step_en=line.task.name_en if line.task else "",
            who=_named(names, _doer(line)),
            standing_in_for=_named(names, _away(line)),
            detail=line.detail,
            words=words.get(line.pk) if line.sealed_words else "",
        )
        for line in lines
    )


def _words(lines: Iterable[TrailLine]) -> dict[int, str]:
    """Open what was written on these lines; what was erased is left out."""
    sealed = [line for line in lines if line.sealed_words and line.sealed_for and line.seal]
    if not sealed:
        return {}
    keys = crypto.subject_keys([line.sealed_for for line in sealed if line.sealed_for], trails.RETENTION)
    opened: dict[int, str] = {}
    for line in sealed:
        key = keys.get(line.sealed_for) if line.sealed_for else None
        if key is not None and line.seal is not None and line.sealed_words is not None:
            opened[line.pk] = crypto.unseal(key, bytes(line.sealed_words), where=trails.where(line.seal)).decode()
    return opened


def _doer(line: TrailLine) -> Party | None:
    return Party(line.user_id, line.person_id) if line.user_id or line.person_id else None


def _away(line: TrailLine) -> Party | None:
    return Party(line.for_user, line.for_person) if line.for_user or line.for_person else None


def _named(names: Mapping[Party, str], party: Party | None) -> str:
    return names[party] if party else ""


# --- the picture ------------------------------------------------------------------------------------------------------


def diagram_svg(
    viewer: Viewer, instance_id: UUID, *, language: str = "zh", ident: str = "process", now: datetime | None = None
) -> str:
    """Return the picture of an instance as one <svg>: how each step stands, who has or did it, until or on which day.

    It is the version the instance was started with. ``language`` is "zh" or "en"; ``ident`` begins every id in the
    picture. Raises ``NotFound`` when the viewer may not see the instance.
    """
    moment = now or clock.now()
    instance = visible_instance(viewer, instance_id, moment)
    state = runtime.Instance.from_json(instance.state)
    rows = task_rows(viewer, with_due(_tasks(instance)), moment)
    captions = {row.node: _caption(row, language) for row in rows}  # of a step asked again the newest counts
    return svg.render(
        versions.diagram_of(instance.version),
        states=runtime.node_states(state),
        taken=state.taken,
        captions={node: said for node, said in captions.items() if said},
        language=language,
        ident=ident,
    )


def _tasks(instance: Instance) -> QuerySet[Task]:
    return Task.objects.filter(instance=instance).order_by("number")


def _caption(row: TaskRow, language: str) -> str:
    if row.state is TaskState.DONE and row.closed_at is not None:
        return f"{row.done_by} {legal_day(row.closed_at):%m-%d}".strip()
    if row.state is TaskState.TAKEN_BACK:
        return ""
    english = language == "en"
    names = (" / " if english else "、").join(row.asked[:CAPTION_NAMES_MAX])
    more = len(row.asked) - CAPTION_NAMES_MAX
    if more > 0:
        names += f" +{more}"
    if row.due_day is None:
        return names
    return f"{names} by {row.due_day:%m-%d}" if english else f"{names} 至 {row.due_day:%m-%d}"
