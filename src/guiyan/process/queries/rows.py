"""Tasks as rows for people: whom they ask, by when, who did them. The same few queries however many there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from guiyan.platform.clock import legal_day
from guiyan.platform.models import Deadline
from guiyan.platform.permissions import Viewer
from guiyan.process import dues
from guiyan.process.enums import Fallback, TaskState
from guiyan.process.hookspecs import TaskPlace, address_of, is_plain
from guiyan.process.models import Delegation, Task
from guiyan.process.parties import Party, acts_as, is_viewer
from guiyan.process.queries.names import candidates_of, names_of
from guiyan.process.queries.standing import away_on, sees_answers
from guiyan.process.roles import EMPLOYEE


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task as a viewer sees it.

    ``due_day`` is the civil day (Asia/Shanghai) until whose end it is to be done, ``provisional`` when an announcement
    still to come may move it; ``asked`` names whom it asks; ``standing_in_for`` is set when it asks the viewer in that
    person's absence; ``mine`` says whether the viewer may do it now; ``answers`` is None where the viewer may not read
    them; ``href`` is where its form is opened ("" for nowhere), ``plain`` that it is done by confirming it.
    """

    task_id: UUID
    instance_id: UUID
    case_kind: str
    case_id: UUID
    process: str
    process_name: str
    process_name_en: str
    title: str
    node: str
    name: str
    name_en: str
    form: str
    role: str
    state: TaskState
    fallback: Fallback
    opened_at: datetime
    due_day: date | None
    provisional: bool
    overdue: bool
    reminders: int
    escalated_at: datetime | None
    closed_at: datetime | None
    asked: tuple[str, ...]
    claimed_by: str
    done_by: str
    done_for: str
    standing_in_for: str
    mine: bool
    answers: Mapping[str, Any] | None
    href: str
    plain: bool

    @property
    def unassigned(self) -> bool:
        """Whether somebody has yet to be found for it (待指派)."""
        return self.state is TaskState.OPEN and self.fallback is Fallback.UNASSIGNED


def with_due(tasks: QuerySet[Task]) -> QuerySet[Any]:
    """Have each task carry its due moment, day and whether it is provisional, from its deadline."""
    deadline = Deadline.objects.filter(owner_kind=dues.OWNER, owner_id=OuterRef("pk"), purpose=dues.DUE).exclude(
        state="dropped"
    )
    return tasks.select_related("instance__version").annotate(
        due_at=Subquery(deadline.values("due_at")[:1]),
        due_day=Subquery(deadline.values("last_day")[:1]),
        due_moves=Subquery(deadline.values("provisional")[:1]),
    )


def task_rows(viewer: Viewer, tasks: Iterable[Task], now: datetime) -> tuple[TaskRow, ...]:
    """Return the rows of tasks read by ``with_due``. Four queries, and those of the right to read answers."""
    return _Maker(viewer, list(tasks), now).rows()


class _Maker:
    """Reads what hangs on a page of tasks at once, then makes the rows."""

    def __init__(self, viewer: Viewer, tasks: Sequence[Task], now: datetime) -> None:
        self.viewer, self.tasks, self.now = viewer, tasks, now
        self.candidates = candidates_of(task.pk for task in tasks)
        self.lent = list(away_on(legal_day(now)).filter(is_viewer(viewer, "to_user", "to_person"))) if tasks else []
        parties = [party for asked in self.candidates.values() for party in asked]
        for task in tasks:
            parties += [p for p in (_party(task, "done_by"), _party(task, "done_for"), _claimer(task)) if p]
        self.names = names_of(parties) if parties else {}
        self.open_answers: dict[UUID | None, bool] = {}

    def rows(self) -> tuple[TaskRow, ...]:
        return tuple(self._row(task) for task in self.tasks)

    def _row(self, task: Any) -> TaskRow:
        instance, asked = task.instance, self.candidates.get(task.pk, ())
        asks_me, away = self._standing(task, asked)
        place = TaskPlace(task.pk, instance.pk, instance.case_kind, instance.case_id, task.form)
        is_open = task.state == TaskState.OPEN
        claimer = _claimer(task)
        free = claimer is None or claimer.user_id == self.viewer.user_id
        return TaskRow(
            task_id=task.pk,
            instance_id=instance.pk,
            case_kind=instance.case_kind,
            case_id=instance.case_id,
            process=instance.key,
            process_name=instance.version.title,
            process_name_en=instance.version.title_en,
            title=instance.title,
            node=task.node,
            name=task.name,
            name_en=task.name_en,
            form=task.form,
            role=task.role,
            state=TaskState(task.state),
            fallback=Fallback(task.fallback),
            opened_at=task.opened_at,
            due_day=task.due_day,
            provisional=bool(task.due_moves) and is_open,
            overdue=is_open and task.due_at is not None and task.due_at <= self.now,
            reminders=task.reminders,
            escalated_at=task.escalated_at,
            closed_at=task.closed_at,
            asked=tuple(self.names[party] for party in asked),
            claimed_by=self._name(claimer),
            done_by=self._name(_party(task, "done_by")),
            done_for=self._name(_party(task, "done_for")),
            standing_in_for=self._name(away),
            mine=asks_me and is_open and free,
            answers=task.answers if self._reads_answers(task) else None,
            href=address_of(place),
            plain=is_plain(task.form),
        )

    def _name(self, party: Party | None) -> str:
        return self.names.get(party, "") if party else ""

    def _standing(self, task: Task, asked: tuple[Party, ...]) -> tuple[bool, Party | None]:
        if any(acts_as(self.viewer, party) for party in asked):
            return True, None
        subject = task.instance.subject_person_id
        if task.role == EMPLOYEE or (subject is not None and subject == self.viewer.person_id):
            return False, None
        away = next((party for party in asked if any(_is_from(each, party) for each in self.lent)), None)
        return away is not None, away

    def _reads_answers(self, task: Task) -> bool:
        done_by = _party(task, "done_by")
        if done_by and done_by.user_id is not None and done_by.user_id == self.viewer.user_id:
            return True
        subject = task.instance.subject_person_id
        if subject not in self.open_answers:
            self.open_answers[subject] = sees_answers(self.viewer, subject)
        return self.open_answers[subject]


def _is_from(delegation: Delegation, party: Party) -> bool:
    return party.is_same(Party(delegation.from_user, delegation.from_person))


def _party(task: Task, field: str) -> Party | None:
    user_id, person_id = getattr(task, f"{field}_user"), getattr(task, f"{field}_person")
    return Party(user_id, person_id) if user_id or person_id else None


def _claimer(task: Task) -> Party | None:
    return Party(task.claimed_by) if task.claimed_by else None
