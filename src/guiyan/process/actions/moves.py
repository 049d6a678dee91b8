"""Move an instance: start it, answer a task, bring a message, call it off, set the days it counts from.

These are steps of other contexts' actions, in whose transaction they happen: the row changes and the flow moves, both
or neither. Called outside an action they raise ``AssertionError``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guiyan.people.queries import NotFound
from guiyan.platform import deadlines
from guiyan.platform.acting import (
    Forbidden,
    Refused,
    Stale,
    action,
    earlier_result,
    inside_action,
    keep_result,
    savepoint,
)
from guiyan.platform.clock import legal_day
from guiyan.platform.permissions import Viewer, allowed
from guiyan.process import dues, roles, runtime, versions
from guiyan.process.engine import StepError
from guiyan.process.enums import How, InstanceStatus, TaskState, What
from guiyan.process.hookspecs import is_plain
from guiyan.process.models import TITLE_MAX, Instance, Task, TaskCandidate
from guiyan.process.nodes import Diagram
from guiyan.process.parties import Party, acts_as
from guiyan.process.queries.names import names_of
from guiyan.process.queries.standing import Standing, standing_of
from guiyan.process.runtime import Plain
from guiyan.process.trail import Public, note, of_task, prove
from guiyan.process.waiting import giving_way
from guiyan.process.wording import in_words

COMPLETE = "process.complete"
_TOO_LATE = frozenset({"message_not_expected", "over"})


@dataclass(frozen=True, slots=True)
class Anchors:
    """The moments of a case that deadlines count from: arrival (aware) and the last working day, where known."""

    arrival: datetime | None = None
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """What a step did: the tasks it put before people and those it took back, by id, and how the instance stands."""

    instance_id: UUID
    opened: tuple[UUID, ...]
    taken_back: tuple[UUID, ...]
    status: InstanceStatus
    outcome: str


def start(
    viewer: Viewer,
    key: str,
    *,
    case_kind: str,
    case_id: UUID,
    subject_person_id: UUID | None,
    anchors: Anchors | Mapping[str, datetime | date | None],
    now: datetime,
    title: str,
    message: str = "",
    answers: Mapping[str, Plain] | None = None,
) -> UUID:
    """A process of a case runs, pinned to the version in use, and its first tasks are before people.

    ``anchors`` are ``Anchors`` or the same by name; ``message`` is the one that starts the process, ``answers`` its
    inputs. Returns the instance's id. Raises ``Stale`` (``process_runs``) when this process of the case runs already,
    ``Refused`` when the diagram does not start so, ``LookupError`` for no such process.
    """
    assert inside_action(), "a process starts inside an action"
    known = anchors if isinstance(anchors, Anchors) else Anchors(**anchors)  # type: ignore[arg-type]
    if Instance.objects.filter(case_id=case_id, key=key, status=InstanceStatus.RUNNING).exists():
        raise _runs_already(case_id)
    version = versions.in_use(viewer, key, now)
    diagram = versions.diagram_of(version)
    try:
        state = runtime.start(diagram, message=message, answers=answers)
    except StepError as error:
        raise _refused(error, "case", case_id) from error
    instance = Instance(
        case_kind=case_kind,
        case_id=case_id,
        key=key,
        version=version,
        state=state.to_json(),
        status=InstanceStatus.RUNNING.value,
        subject_person_id=subject_person_id,
        title=title[:TITLE_MAX],
        arrival=known.arrival,
        last_day=known.last_day,
        started_by_user=viewer.user_id,
        started_by_person=viewer.person_id,
        started_at=now,
    )
    try:
        with savepoint():
            instance.save(force_insert=True)
    except IntegrityError as error:  # started at the same moment by somebody else
        raise _runs_already(case_id) from error
    note(viewer, instance, What.STARTED, now=now, detail=message)
    pinned: Public = {"version": version.number, "sha256": version.sha256}
    prove(viewer, "process.started", instance, now=now, public=pinned, committed={"title": f"标题：{instance.title}"})
    _Step(viewer, instance, diagram, now).settle(None, state)
    return instance.pk


def _runs_already(case_id: UUID) -> Stale:
    return Stale("process_runs", _("这个流程已经在办理。"), object_kind="case", object_id=case_id)


def complete_task(viewer: Viewer, task_id: UUID, *, answers: Mapping[str, Plain] | None = None, now: datetime) -> Moved:
    """A task is done by one of those it asks, and the flow has gone on.

    Raises ``Forbidden`` (``not_candidate``) for anybody else; ``Stale`` for a click that comes too late:
    ``task_done`` (another did it), ``task_done_by_you`` (the same click twice), ``task_taken_back`` (the flow went on
    without it), ``task_claimed`` (a colleague is at it); ``Refused`` when the answers are not the ones asked for.
    """
    assert inside_action(), "a task is done inside an action"
    instance, task = lock_task(task_id)
    standing = standing_of(viewer, task, instance, legal_day(now))
    if standing is None or not allowed(viewer, COMPLETE):
        raise Forbidden("not_candidate", _("这项任务没有交给您办理。"), object_kind="task", object_id=task_id)
    refuse_closed(viewer, task)
    refuse_claimed(viewer, task)
    return _complete(viewer, instance, task, standing, dict(answers or {}), now=now)


def settle_task(viewer: Viewer, task_id: UUID, *, now: datetime) -> Moved:
    """A task is done because what it stands for was done elsewhere, by whoever did that: its context checked the right.

    Nobody does the same twice: it need not have been put before them, and a colleague who has it in hand is no
    hindrance. Raises ``Stale`` as ``complete_task`` does for a task that is closed.
    """
    assert inside_action(), "a task is done inside an action"
    instance, task = lock_task(task_id)
    refuse_closed(viewer, task)
    return _complete(viewer, instance, task, Standing(), {}, now=now)


def _complete(
    viewer: Viewer, instance: Instance, task: Task, standing: Standing, given: dict[str, Plain], *, now: datetime
) -> Moved:
    diagram, before = versions.diagram_of(instance.version), runtime.Instance.from_json(instance.state)
    try:
        after = runtime.complete(diagram, before, task.key, given)
    except StepError as error:
        raise _refused(error, "task", task.pk) from error
    step = _Step(viewer, instance, diagram, now)
    step.close(task, standing, given)
    return step.settle(before, after)


@action("process.confirm")
def confirm_task(
    viewer: Viewer,
    task_id: UUID,
    *,
    answers: Mapping[str, Plain] | None = None,
    request_id: UUID,
    now: datetime,
) -> None:
    """A task whose form asks for a confirmation only is done; a repeated request changes nothing.

    Raises as ``complete_task`` does, and ``Refused`` (``form_has_its_own_act``) for a task that stands for an act of
    its context: that one is done there.
    """
    if earlier_result(request_id, act="process.confirm", viewer=viewer, now=now) is not None:
        return
    with giving_way():
        _instance, task = lock_task(task_id)
        if not is_plain(task.form):
            text = _("请在案件页面办理这项任务。")
            raise Refused("form_has_its_own_act", text, object_kind="task", object_id=task_id)
        complete_task(viewer, task_id, answers=answers, now=now)
    keep_result(request_id, {})


def receive(
    viewer: Viewer,
    instance_id: UUID,
    message: str,
    answers: Mapping[str, Plain] | None = None,
    *,
    now: datetime,
) -> Moved:
    """A message came to an instance: what it opens is before people, what it ends was taken back.

    Raises ``Stale`` (``message_not_expected``) when the instance does not take it now; see ``queries.expects``.
    """
    assert inside_action(), "a message comes inside an action"
    instance = lock_instance(instance_id)
    diagram, before = versions.diagram_of(instance.version), runtime.Instance.from_json(instance.state)
    try:
        after = runtime.receive(diagram, before, message, answers)
    except StepError as error:
        raise _refused(error, "process", instance_id) from error
    note(viewer, instance, What.MESSAGE, now=now, detail=message)
    return _Step(viewer, instance, diagram, now).settle(before, after)


def cancel(viewer: Viewer, instance_id: UUID, *, now: datetime) -> Moved:
    """An instance is called off: every open task was taken back. Raises ``Stale`` (``over``) when it is over."""
    assert inside_action(), "a process is called off inside an action"
    instance = lock_instance(instance_id)
    diagram, before = versions.diagram_of(instance.version), runtime.Instance.from_json(instance.state)
    try:
        after = runtime.cancel(diagram, before)
    except StepError as error:
        raise _refused(error, "process", instance_id) from error
    return _Step(viewer, instance, diagram, now).settle(before, after)


def set_anchor(
    viewer: Viewer,
    instance_id: UUID,
    *,
    now: datetime,
    last_day: date | None = None,
    arrival: datetime | None = None,
) -> int:
    """The instance counts from these moments (those that are given), and its open tasks are due accordingly.

    Returns how many tasks got another due moment. Who was reminded before is reminded anew when the new day passes.
    """
    assert inside_action(), "the days of a process are set inside an action"
    instance = lock_instance(instance_id)
    instance.last_day, instance.arrival = last_day or instance.last_day, arrival or instance.arrival
    instance.save(update_fields=["last_day", "arrival"])
    moved = {dues.LAST_DAY} if last_day else set()
    moved |= {dues.ARRIVAL} if arrival else set()
    changed = 0
    for task in instance.tasks.filter(state=TaskState.OPEN, due_anchor__in=moved).order_by("number"):
        changed += due_again(viewer, instance, task, now)
    day = instance.last_day.isoformat() if instance.last_day else ""
    note(viewer, instance, What.ANCHOR_SET, now=now, detail=day)
    return changed


# --- the rows of a step -----------------------------------------------------------------------------------------------


def lock_instance(instance_id: UUID) -> Instance:
    """Lock an instance's row and return it. Raises ``NotFound``."""
    rows = Instance.objects.select_for_update(of=("self",)).select_related("version")
    instance = rows.filter(pk=instance_id).first()
    if instance is None:
        raise NotFound(str(instance_id))
    return instance


def lock_task(task_id: UUID) -> tuple[Instance, Task]:
    """Lock the instance of a task and return both as they are then. Raises ``Refused`` (``task_unknown``)."""
    owner = Task.objects.filter(pk=task_id).values_list("instance_id", flat=True).first()
    if owner is None:
        raise Refused("task_unknown", _("没有这项任务。"), object_kind="task", object_id=task_id)
    instance = lock_instance(owner)
    return instance, Task.objects.get(pk=task_id)


def put_before(task: Task, parties: tuple[Party, ...], how: How, now: datetime) -> tuple[Party, ...]:
    """Put a task before these too; who has it already is passed over. Returns the new ones."""
    ever = list(task.candidates.all())
    asked = [Party(each.user_id, each.person_id) for each in ever if each.removed_at is None]
    new = tuple(party for party in parties if not any(party.is_same(other) for other in asked))
    TaskCandidate.objects.bulk_create(
        TaskCandidate(
            task=task, user_id=party.user_id, person_id=party.person_id, number=number, how=how.value, since=now
        )
        for number, party in enumerate(new, start=len(ever) + 1)
    )
    return new


def refuse_closed(viewer: Viewer, task: Task) -> None:
    """Raise ``Stale`` unless the task is open, naming why it is not."""
    if task.state == TaskState.TAKEN_BACK:
        raise late("task_taken_back", _("流程已有变化，这项任务不再需要办理。"), task)
    if task.state == TaskState.DONE:
        doer = Party(task.done_by_user, task.done_by_person)
        if acts_as(viewer, doer):
            raise late("task_done_by_you", _("您已经办理过这项任务，不用再办。"), task)
        raise late("task_done", _("%(name)s已经办理了这项任务。") % {"name": names_of([doer])[doer]}, task)


def refuse_claimed(viewer: Viewer, task: Task) -> None:
    """Raise ``Stale`` when somebody else is at the task."""
    if task.claimed_by is not None and task.claimed_by != viewer.user_id:
        colleague = Party(task.claimed_by)
        raise late("task_claimed", _("%(name)s正在办理这项任务。") % {"name": names_of([colleague])[colleague]}, task)


def late(rule: str, text: str | Promise, task: Task) -> Stale:
    """Return the refusal of a click on a task that is not as the person saw it."""
    return Stale(rule, text, object_kind="task", object_id=task.pk)


@dataclass(frozen=True, slots=True)
class _Step:
    """One step of a locked instance: who takes it, and when. Writes the rows that follow from it."""

    viewer: Viewer
    instance: Instance
    diagram: Diagram
    now: datetime

    def close(self, task: Task, standing: Standing, given: dict[str, Plain]) -> None:
        """Write that the task is done, by whom, and in whose absence."""
        away = standing.away
        task.state, task.closed_at, task.answers = TaskState.DONE.value, self.now, given
        task.done_by_user, task.done_by_person = self.viewer.user_id, self.viewer.person_id
        task.done_for_user, task.done_for_person = (away.user_id, away.person_id) if away else (None, None)
        task.save()
        deadlines.meet(dues.OWNER, task.pk, now=self.now)
        note(self.viewer, self.instance, What.DONE, now=self.now, task=task, standing_in_for=away)
        said = ".".join(f"{name}={value}" for name, value in sorted(given.items()) if isinstance(value, bool | int))
        late_now = task.overdue_at is not None
        public = {**of_task(task), "late": late_now, "stood_in": away is not None, "answers": said}
        prove(self.viewer, "task.done", self.instance, now=self.now, public=public)

    def settle(self, before: runtime.Instance | None, after: runtime.Instance) -> Moved:
        """Write what the step changed: the state, the tasks taken back, the tasks opened, and the end."""
        instance, changed = self.instance, runtime.difference(before, after)
        instance.state = after.to_json()
        instance.status, instance.outcome = after.status.value, after.outcome
        instance.ended_at = self.now if changed.ended else None
        instance.save(update_fields=["state", "status", "outcome", "ended_at"])
        gone = instance.tasks.filter(key__in=changed.interrupted, state=TaskState.OPEN).order_by("number")
        taken_back = tuple(self._take_back(task) for task in gone)
        number = instance.tasks.count()
        opened = tuple(self._open(each, number + index) for index, each in enumerate(changed.opened, start=1))
        if changed.ended:
            what = What.CANCELLED if instance.status == InstanceStatus.CANCELLED else What.ENDED
            note(self.viewer, instance, what, now=self.now, detail=instance.outcome)
            public = {"status": instance.status, "outcome": instance.outcome}
            prove(self.viewer, "process.ended", instance, now=self.now, public=public)
        return Moved(instance.pk, opened, taken_back, InstanceStatus(instance.status), instance.outcome)

    def _take_back(self, task: Task) -> UUID:
        task.state, task.closed_at = TaskState.TAKEN_BACK.value, self.now
        task.save(update_fields=["state", "closed_at"])
        deadlines.drop(dues.OWNER, task.pk, now=self.now)
        note(self.viewer, self.instance, What.TAKEN_BACK, now=self.now, task=task)
        prove(self.viewer, "task.taken_back", self.instance, now=self.now, public=of_task(task))
        return task.pk

    def _open(self, ready: runtime.OpenTask, number: int) -> UUID:
        node = self.diagram.node(ready.node)
        role = self.diagram.role_of(node)
        asked = roles.resolve(role, self.instance.subject_person_id, legal_day(self.now))
        task = Task.objects.create(
            instance=self.instance,
            number=number,
            key=ready.key,
            node=node.id,
            name=node.name,
            name_en=node.name_en,
            form=node.form,
            role=role,
            fallback=asked.fallback.value,
            opened_at=self.now,
            **dues.fields_of(node.due),
        )
        put_before(task, asked.parties, How.ROLE, self.now)
        due = dues.set_due(task, self.instance, self.now)
        note(self.viewer, self.instance, What.OPENED, now=self.now, task=task, detail=asked.fallback.value)
        names = names_of(asked.parties)
        public = {
            **of_task(task),
            "asked": len(asked.parties),
            "instead": asked.fallback.value or None,
            "due": due.last_day.isoformat() if due else None,
        }
        said = {"asked": "交给：" + "、".join(names[party] for party in asked.parties)} if asked.parties else {}
        prove(self.viewer, "task.opened", self.instance, now=self.now, public=public, committed=said)
        return task.pk


def due_again(viewer: Viewer, instance: Instance, task: Task, now: datetime) -> int:
    """Set when an open task of a locked instance is due anew. Returns 1 when that is another moment, else 0.

    A task that is late stays late unless its rule now yields today or a later day.
    """
    if task.overdue_at is not None and not dues.is_still_to_come(task, instance, now):
        return 0
    before = dues.due_at(task)
    due = dues.set_due(task, instance, now)
    if (due.due_at if due else None) == before:
        return 0
    task.overdue_at, task.reminders = None, 0
    task.save(update_fields=["overdue_at", "reminders"])
    deadlines.drop(dues.OWNER, task.pk, dues.CHASE, now=now)
    prove_due(viewer, instance, task, due.last_day if due else None, now)
    return 1


def prove_due(viewer: Viewer, instance: Instance, task: Task, day: date | None, now: datetime) -> None:
    """Append to the case until the end of which civil day a task is due now; None for none."""
    public = {**of_task(task), "due": day.isoformat() if day else None}
    prove(viewer, "deadline.set", instance, now=now, public=public)


def _refused(error: StepError, kind: str, object_id: UUID) -> Refused:
    """Return the engine's refusal for the person who tried, in their language, with every problem named."""
    code = error.codes[0]
    kind_of: type[Refused] = Stale if code in _TOO_LATE else Refused
    return kind_of(code, in_words(error.problems), object_kind=kind, object_id=object_id)
