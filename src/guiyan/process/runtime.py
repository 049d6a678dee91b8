"""Instances of processes: start one, answer a task, bring a message, call it off. Every function takes a value and
returns a new one; nothing is kept between calls and nothing reads a clock.

    instance = start(diagram)
    instance = complete(diagram, instance, "manager_ack.1", {"manager_agrees_earlier": False})
    instance = receive(diagram, instance, "withdrawal.consented")
    row.state = instance.to_json()           # and later Instance.from_json(row.state)

An instance is pinned to the digest of its diagram and refuses to go on with another. Task keys such as manager_ack.1
are stable (the node's id and how often it was reached), so a row elsewhere may hold one.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from guiyan.process.engine import STATE_FORMAT, Run, StepError
from guiyan.process.evaluator import MAGNITUDE_MAX, TEXT_MAX
from guiyan.process.nodes import MAIN, Answer, AnswerKind, Diagram, Flow, Kind, Node, NodeState
from guiyan.process.problems import Problem

TRAIL_MAX: Final = 5_000  # steps in the life of one instance

Plain = bool | int | str | None


class Status(StrEnum):
    """Where an instance stands as a whole."""

    RUNNING = "running"
    ENDED = "ended"
    CANCELLED = "cancelled"


class What(StrEnum):
    """What a line of the trail says."""

    PASSED = "passed"  # a step that asks nobody was gone through
    OPENED = "opened"  # a task began to ask somebody, or an event to wait
    DONE = "done"  # it was answered, or its message came
    INTERRUPTED = "interrupted"  # it was closed without an answer
    MESSAGE = "message"  # a message came


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the trail. `key` is the task's key, the message's name for MESSAGE, and empty otherwise."""

    what: What
    node: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A task that asks somebody now."""

    key: str
    node: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What a step changed: the tasks to put before people and the keys of those to take back unanswered."""

    opened: tuple[OpenTask, ...]
    interrupted: tuple[str, ...]
    ended: bool


@dataclass(frozen=True, slots=True)
class Instance:
    """An instance at one moment.

    `answers` holds what conditions read; `expects` the names of the messages it would take in now; `ends` the ids of
    the end events reached, of the process itself or of what interrupted it; `taken` the ids of the arrows followed;
    `engine` the tokens, for the engine only.
    """

    diagram_sha256: str
    status: Status
    answers: Mapping[str, Plain]
    open: tuple[OpenTask, ...]
    expects: tuple[str, ...]
    ends: tuple[str, ...]
    trail: tuple[Line, ...] = field(repr=False)
    taken: tuple[str, ...] = field(repr=False)
    engine: Mapping[str, Any] = field(repr=False)

    @property
    def outcome(self) -> str:
        """The id of the end event that closed the instance; empty while it runs or when it was called off."""
        return self.ends[-1] if self.status is Status.ENDED and self.ends else ""

    def to_json(self) -> dict[str, Any]:
        """The instance as plain JSON, tagged with the version of its format."""
        return {
            "format": STATE_FORMAT,
            "diagram_sha256": self.diagram_sha256,
            "status": self.status.value,
            "answers": dict(self.answers),
            "open": [[task.key, task.node] for task in self.open],
            "expects": list(self.expects),
            "ends": list(self.ends),
            "trail": [[line.what.value, line.node, line.key] for line in self.trail],
            "taken": list(self.taken),
            "engine": dict(self.engine),
        }

    @classmethod
    def from_json(cls, state: Mapping[str, Any]) -> "Instance":
        """The instance that `to_json` wrote. Raises StepError when it was written in another format."""
        if state.get("format") != STATE_FORMAT:
            raise _refusal(
                "other_format",
                str(state.get("format"))[:40],
                "实例是用另一版本的格式保存的，不能继续。",
                "The instance was saved in the format of another version and cannot go on.",
            )
        return cls(
            diagram_sha256=state["diagram_sha256"],
            status=Status(state["status"]),
            answers=MappingProxyType(dict(state["answers"])),
            open=tuple(OpenTask(key, node) for key, node in state["open"]),
            expects=tuple(state["expects"]),
            ends=tuple(state["ends"]),
            trail=tuple(Line(What(what), node, key) for what, node, key in state["trail"]),
            taken=tuple(state["taken"]),
            engine=MappingProxyType(dict(state["engine"])),
        )


def start(diagram: Diagram, *, message: str = "", answers: Mapping[str, Plain] | None = None) -> Instance:
    """A new instance, moved on to the first tasks.

    `message` is the one that starts the process, empty for a process that is simply started; `answers` gives the
    process's inputs. Raises StepError when either is not as the diagram says.
    """
    first = diagram.start()
    if first.message != message:
        raise _refusal(
            "message_not_expected",
            message,
            f"这个流程由消息“{first.message}”启动。" if first.message else "这个流程不由消息启动。",
            f"This process starts with the message “{first.message}”." if first.message else "No message starts it.",
        )
    given = answers or {}
    _refuse_answers(answer_problems((*diagram.inputs, *first.answers), given))
    machine = _Machine(diagram, None)
    machine.answers.update(given)
    if message:
        machine.trail.append(Line(What.MESSAGE, first.id, message))
    machine.begin(MAIN)
    return machine.instance()


def complete(diagram: Diagram, instance: Instance, key: str, answers: Mapping[str, Plain] | None = None) -> Instance:
    """The instance after the task with this key was answered. Raises StepError when the task is not open (and says
    whether it was done already, or taken back), or the answers are not the ones it asks for; all of them are named.
    """
    _refuse_other(diagram, instance)
    task = next((t for t in instance.open if t.key == key), None)
    if task is None:
        raise StepError([_not_open(instance, key)])
    given = answers or {}
    _refuse_answers(answer_problems(diagram.node(task.node).answers, given))
    machine = _Machine(diagram, instance)
    machine.answers.update(given)
    machine.complete(key)
    return machine.instance()


def receive(diagram: Diagram, instance: Instance, message: str, answers: Mapping[str, Plain] | None = None) -> Instance:
    """The instance after a message came: for every event that waits for it, and for an event sub-process that it
    starts. An interrupting one closes everything open. Raises StepError when nothing expects the message now.
    """
    _refuse_other(diagram, instance)
    if message not in instance.expects:
        raise _refusal(
            "message_not_expected",
            message[:60],
            f"流程现在不接收消息“{message[:60]}”。",
            f"The process does not take the message “{message[:60]}” now.",
        )
    given = answers or {}
    machine = _Machine(diagram, instance)
    _refuse_answers(answer_problems(machine.asked_by(message), given))
    machine.answers.update(given)
    machine.receive(message)
    return machine.instance()


def cancel(diagram: Diagram, instance: Instance) -> Instance:
    """The instance called off: nothing is open, nothing is expected. Raises StepError when it is over already."""
    _refuse_other(diagram, instance)
    if instance.status is not Status.RUNNING:
        raise _refusal("over", "", "流程已经结束。", "The process is over.")
    machine = _Machine(diagram, instance)
    machine.call_off()
    return machine.instance()


def difference(before: Instance | None, after: Instance) -> Difference:
    """What changed from one moment of an instance to a later one; before the start is None."""
    lines = after.trail[len(before.trail) if before else 0 :]
    held = {task.key for task in before.open} if before else set()
    opened = tuple(task for task in after.open if task.key not in held)
    interrupted = tuple(line.key for line in lines if line.what is What.INTERRUPTED and line.key in held)
    return Difference(opened, interrupted, after.status is not Status.RUNNING)


def node_states(instance: Instance) -> Mapping[str, NodeState]:
    """How each step stands, by node id, for the picture; a step that was never reached is left out."""
    states: dict[str, NodeState] = {}
    meaning = {What.OPENED: NodeState.NOW, What.INTERRUPTED: NodeState.INTERRUPTED}
    for line in instance.trail:
        states[line.node] = meaning.get(line.what, NodeState.DONE)
    return states


def answer_problems(asked: tuple[Answer, ...], given: Mapping[str, Plain]) -> tuple[Problem, ...]:
    """Everything that is wrong with the answers given to what is asked."""
    names = {a.name: a for a in asked}
    found: list[Problem] = []
    for name in given:
        if name not in names:
            text = f"“{name}” is not asked for."
            found.append(Problem("answer_not_asked", str(name)[:60], f"没有要求回答“{name}”。", text))
    for answer in asked:
        value = given.get(answer.name)
        if value is None:
            if answer.required:
                text = f"“{answer.name}” must be answered."
                found.append(Problem("answer_missing", answer.name, f"必须回答“{answer.name}”。", text))
        elif not _fits(answer, value):
            text = f"“{answer.name}” is not a {answer.kind.value} as asked."
            found.append(Problem("answer_wrong_kind", answer.name, f"“{answer.name}”的回答不符合要求的类型。", text))
    return tuple(found)


def _fits(answer: Answer, value: Plain) -> bool:
    match answer.kind:
        case AnswerKind.BOOLEAN:
            return isinstance(value, bool)
        case AnswerKind.INTEGER:
            return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= MAGNITUDE_MAX
        case AnswerKind.CHOICE:
            return value in answer.choices
        case AnswerKind.DATE:
            return isinstance(value, str) and _is_date(value)
        case AnswerKind.TEXT:
            return isinstance(value, str) and len(value) <= TEXT_MAX


def _is_date(value: str) -> bool:
    try:
        return datetime.date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _refusal(code: str, where: str, zh: str, en: str) -> StepError:
    return StepError([Problem(code, where, zh, en)])


def _refuse_answers(problems: tuple[Problem, ...]) -> None:
    if problems:
        raise StepError(problems)


def _refuse_other(diagram: Diagram, instance: Instance) -> None:
    if diagram.sha256 != instance.diagram_sha256:
        raise _refusal(
            "other_diagram",
            diagram.sha256[:12],
            "实例按另一版本的流程图启动，不能用这一版继续。",
            "The instance was started with another version of the diagram and cannot go on with this one.",
        )


def _not_open(instance: Instance, key: str) -> Problem:
    last = next((line.what for line in reversed(instance.trail) if line.key == key), None)
    if last is What.DONE:
        return Problem("task_done", key, "这项任务已经办理过。", "This task has been done already.")
    if last is What.INTERRUPTED:
        return Problem(
            "task_interrupted", key, "这项任务已随流程变化关闭。", "This task was closed before it was done."
        )
    return Problem("task_unknown", key[:100], "没有这项任务。", "There is no such task.")


class _Machine:
    """The mutable middle of one step: the runs of an instance, opened, moved and written back."""

    def __init__(self, diagram: Diagram, instance: Instance | None) -> None:
        self.diagram = diagram
        self.answers: dict[str, Plain] = dict(instance.answers) if instance else {}
        self.trail: list[Line] = list(instance.trail) if instance else []
        self.taken: set[str] = set(instance.taken) if instance else set()
        self.ends: list[str] = list(instance.ends) if instance else []
        self.status = instance.status if instance else Status.RUNNING
        engine: Mapping[str, Any] = instance.engine if instance else {}
        self.interrupted = bool(engine.get("interrupted", False))
        self.visits: dict[str, int] = dict(engine.get("visits", {}))
        self.runs = [self._run(saved["scope"], saved) for saved in engine.get("runs", [])]
        # The steps that are open or waiting, by key: which run they are in, and under which id.
        self.held: dict[str, tuple[Run, str, str]] = {
            key: (self.runs[number], task_id, node) for key, (number, task_id, node) in engine.get("held", {}).items()
        }
        self._terminated = False

    def begin(self, scope: str) -> None:
        run = self._run(scope, None)
        self.runs.append(run)
        run.settle()
        self._settled()

    def complete(self, key: str) -> None:
        run, task_id, node = self.held.pop(key)
        self.trail.append(Line(What.DONE, node, key))
        run.complete(task_id)
        self._settled()

    def receive(self, message: str) -> None:
        scopes = [s for s in self.diagram.scopes if s.message == message and self._may_begin(s.id)]
        if any(s.interrupting for s in scopes):
            self._close_everything()
            self.interrupted = True
            scopes = [s for s in scopes if s.interrupting][:1]
        else:
            for run in [r for r in self.runs if any(n.message == message for n in r.waiting())]:
                for node in [n for n in run.waiting() if n.message == message]:
                    self.trail.append(Line(What.MESSAGE, node.id, message))
                run.receive(message)
        for scope in scopes:
            self.trail.append(Line(What.MESSAGE, self.diagram.start(scope.id).id, message))
            run = self._run(scope.id, None)
            self.runs.append(run)
            run.settle()
        self._settled()

    def call_off(self) -> None:
        self._close_everything()
        self.status = Status.CANCELLED

    def asked_by(self, message: str) -> tuple[Answer, ...]:
        """What the events that would take the message ask to be given with it."""
        nodes = [n for run in self.runs for n in run.waiting() if n.message == message]
        nodes += [self.diagram.start(s.id) for s in self.diagram.scopes if s.message == message]
        return tuple(dict.fromkeys(answer for node in nodes for answer in node.answers))

    def instance(self) -> Instance:
        saved: list[dict[str, Any]] = []
        ids: dict[str, str] = {}
        for run in self.runs:
            state, renamed = run.save()
            saved.append(state)
            ids |= renamed
        numbers = {id(run): number for number, run in enumerate(self.runs)}
        held = {key: [numbers[id(run)], ids.get(task, task), node] for key, (run, task, node) in self.held.items()}
        tasks = [OpenTask(key, node) for key, (_, _, node) in self.held.items() if self._kind(node) is Kind.TASK]
        return Instance(
            diagram_sha256=self.diagram.sha256,
            status=self.status,
            answers=MappingProxyType(dict(sorted(self.answers.items()))),
            open=tuple(tasks),
            expects=self._expects(),
            ends=tuple(self.ends),
            trail=tuple(self.trail),
            taken=tuple(sorted(self.taken)),
            engine=MappingProxyType(
                {"runs": saved, "held": held, "visits": dict(self.visits), "interrupted": self.interrupted}
            ),
        )

    def _run(self, scope: str, state: Mapping[str, Any] | None) -> Run:
        return Run(self.diagram, scope, self.answers, self._passed, state)

    def _kind(self, node: str) -> Kind:
        return self.diagram.node(node).kind

    def _passed(self, node: Node, flows: tuple[Flow, ...]) -> None:
        """Called for every step gone through. A task has its line already, a waiting event gets it here."""
        self.taken.update(flow.id for flow in flows)
        if node.kind in {Kind.MESSAGE, Kind.BOUNDARY}:
            key = next((key for key, (_, _, held) in self.held.items() if held == node.id), "")
            self.held.pop(key, None)
            self.trail.append(Line(What.DONE, node.id, key))
        elif node.kind is not Kind.TASK:
            self.trail.append(Line(What.PASSED, node.id))
        if node.kind in {Kind.END, Kind.TERMINATE} and (node.scope == MAIN or self.interrupted):
            self.ends.append(node.id)
        if node.kind is Kind.TERMINATE and node.scope == MAIN:
            self._terminated = True

    def _settled(self) -> None:
        """After a move: drop runs that ended, open what is new, close what is gone, and see whether all is over."""
        if self._terminated:
            self._close_everything()
        self.runs = [run for run in self.runs if not run.completed]
        self._compare_held()
        if not self.runs:
            self.status = Status.ENDED
        if len(self.trail) > TRAIL_MAX:
            text = f"The instance has taken more than {TRAIL_MAX} steps."
            raise _refusal("too_many_steps", "", f"流程实例超过 {TRAIL_MAX} 步。", text)

    def _compare_held(self) -> None:
        now: dict[tuple[int, str], tuple[Run, str]] = {}
        for run in self.runs:
            for task_id, node in run.open():
                now[id(run), task_id] = (run, node)
            for event in run.waiting():
                if event.kind is Kind.MESSAGE:
                    now[id(run), event.id] = (run, event.id)
        for key, (run, task_id, node) in list(self.held.items()):
            if now.pop((id(run), task_id), None) is None:
                self.trail.append(Line(What.INTERRUPTED, node, key))
                del self.held[key]
        for (_, task_id), (run, node) in now.items():
            self.visits[node] = self.visits.get(node, 0) + 1
            key = f"{node}.{self.visits[node]}"
            self.held[key] = (run, task_id, node)
            self.trail.append(Line(What.OPENED, node, key))

    def _close_everything(self) -> None:
        for key, (_, _, node) in self.held.items():
            self.trail.append(Line(What.INTERRUPTED, node, key))
        self.held.clear()
        self.runs.clear()

    def _may_begin(self, scope: str) -> bool:
        return not self.interrupted and all(run.scope != scope for run in self.runs)

    def _expects(self) -> tuple[str, ...]:
        if self.status is not Status.RUNNING:
            return ()
        names = {node.message for run in self.runs for node in run.waiting()}
        names |= {scope.message for scope in self.diagram.scopes if self._may_begin(scope.id)}
        return tuple(sorted(names))
