"""SpiffWorkflow, held at arm's length: one run of one scope of a diagram.

SpiffWorkflow moves the tokens; everything around it is ours, because of what its version 3.2 does:

- Its default script engine is `eval`. Ours evaluates our own expressions and refuses to execute anything.
- It gets a file made from what we understood of the diagram, never the diagram itself, so nothing that we did not
  read can reach it.
- It runs an event sub-process beside the process and never interrupts. So each event sub-process is a process of its
  own to it, and runtime.py does the interrupting.
- It copies data into every step and merges the copies where branches meet. So it holds no data: conditions read the
  answers of the instance, kept in one place.
- It names steps by random numbers and stamps them with the wall clock. On the way out they are numbered in order and
  the stamps are dropped: the same history gives the same bytes.
- It writes the whole specification into every state. Ours holds only the tokens, pinned to the diagram's digest.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final, NoReturn
from uuid import UUID

from lxml import etree
from SpiffWorkflow.bpmn import BpmnEvent, BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.script_engine import BasePythonScriptEngineEnvironment, PythonScriptEngine
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.serializer.config import DEFAULT_CONFIG
from SpiffWorkflow.bpmn.serializer.default.workflow import BpmnWorkflowConverter
from SpiffWorkflow.bpmn.serializer.workflow import VERSION
from SpiffWorkflow.bpmn.specs.event_definitions import MessageEventDefinition
from SpiffWorkflow.util.task import TaskState

from guiyan.process import evaluator
from guiyan.process.nodes import MAIN, Diagram, Flow, Kind, Node
from guiyan.process.problems import Problem, RefusedError
from guiyan.process.safe_xml import BPMN, XSI

STATE_FORMAT: Final = f"guiyan-1 spiff-{VERSION}"
STEPS_MAX: Final = 150  # automatic steps taken for one answer or message
DEPTH_MAX: Final = 800  # steps one after the other in one run; SpiffWorkflow silently loses sight of tasks past 1,000

_NUMBERED_BELOW: Final = 2**40  # ids given by us are small; SpiffWorkflow's own are random and beyond
_PROCESS: Final = "p-"
_NODE: Final = "n-"  # keeps our ids apart from the names SpiffWorkflow uses inside
_TAGS: Final = {
    Kind.START: "startEvent",
    Kind.END: "endEvent",
    Kind.TERMINATE: "endEvent",
    Kind.TASK: "userTask",
    Kind.EXCLUSIVE: "exclusiveGateway",
    Kind.PARALLEL: "parallelGateway",
    Kind.MESSAGE: "intermediateCatchEvent",
    Kind.BOUNDARY: "boundaryEvent",
}


class StepError(RefusedError):
    """A step of an instance was refused; nothing changed."""


class _NothingRuns(BasePythonScriptEngineEnvironment):  # type: ignore[misc]  # the library is untyped
    """The place where SpiffWorkflow would execute code: it refuses everything."""

    def evaluate(self, expression: str, context: object, external_context: object = None) -> NoReturn:
        raise _never_runs(expression)

    def execute(self, script: str, context: object, external_context: object = None) -> NoReturn:
        raise _never_runs(script)

    def call_service(self, context: object, **kwargs: object) -> NoReturn:
        raise _never_runs("service")


class RestrictedEngine(PythonScriptEngine):  # type: ignore[misc]  # the library is untyped
    """SpiffWorkflow's script engine with the evaluator in the place of eval; it decides and does nothing else."""

    def __init__(self, values: Mapping[str, object]) -> None:
        super().__init__(environment=_NothingRuns())
        self.values = values

    def validate(self, expression: str) -> None:
        problems = evaluator.check(expression)
        if problems:
            raise evaluator.ExpressionError(problems)

    def evaluate(self, task: object, expression: str, external_context: object = None) -> bool:
        return evaluator.decide(expression, self.values)

    def execute(self, task: object, script: str, external_context: object = None) -> NoReturn:
        raise _never_runs(script)

    def call_service(self, task: object, **kwargs: object) -> NoReturn:
        raise _never_runs("service")


def _never_runs(what: str) -> StepError:
    return StepError(
        [Problem("never_runs", str(what)[:80], "流程中不执行任何程序代码。", "A process executes no code.")]
    )


class _TokensOnly(BpmnWorkflowConverter):  # type: ignore[misc]  # the library is untyped
    """Writes a workflow without its specification, and reads it back onto the specification it is given."""

    def to_dict(self, workflow: BpmnWorkflow) -> dict[str, Any]:
        return {
            "last_task": str(workflow.last_task.id) if workflow.last_task is not None else None,
            "success": workflow.success,
            "completed": workflow.completed,
            "tasks": self.mapping_to_dict(workflow.tasks),
            "root": str(workflow.task_tree.id),
        }

    def from_dict(self, dct: dict[str, Any], spec: Any) -> BpmnWorkflow:
        workflow = self.target_class(spec, {}, deserializing=True)
        workflow.tasks = self.mapping_from_dict(dct["tasks"], UUID, workflow=workflow)
        workflow.task_tree = workflow.tasks[UUID(dct["root"])]
        self.set_default_attributes(workflow, dct)
        return workflow


_SERIALIZER: Final = BpmnWorkflowSerializer(
    registry=BpmnWorkflowSerializer.configure({**DEFAULT_CONFIG, BpmnWorkflow: _TokensOnly})
)


class Run:
    """One run of one scope. `passed` is told the node and the arrows taken whenever a step is completed."""

    def __init__(
        self,
        diagram: Diagram,
        scope: str,
        values: Mapping[str, object],
        passed: Callable[[Node, tuple[Flow, ...]], None],
        state: Mapping[str, Any] | None = None,
    ) -> None:
        """A new run, or the one that `state` (from `save`) describes. `values` is what conditions read, live."""
        self._diagram = diagram
        self._passed = passed
        self._steps = 0
        spec = _specs(diagram)[scope]
        self.scope = scope
        if state is None:
            self._workflow = BpmnWorkflow(spec)
            self._next = 1
        else:
            self._workflow = _SERIALIZER.from_dict({**state["tokens"], "typename": "BpmnWorkflow"}, spec=spec)
            self._next = int(state["next"])
        self._workflow.script_engine = RestrictedEngine(values)

    @property
    def completed(self) -> bool:
        """Whether the scope has ended."""
        return bool(self._workflow.completed)

    def settle(self) -> None:
        """Take every step that asks nobody and waits for nothing. Raises StepError past the limit of steps,
        and when a condition cannot be answered."""
        try:
            self._workflow.do_engine_steps(will_complete_task=self._count, did_complete_task=self._tell)
        except evaluator.ExpressionError as error:
            raise StepError(error.problems) from error
        self._refuse_too_deep()

    def open(self) -> tuple[tuple[str, str], ...]:
        """The steps that ask a person now, in a stable order: (id within the run, node id)."""
        ready = self._workflow.get_tasks(state=TaskState.READY, manual=True)
        found = [(str(task.id), self._node_of(task)) for task in ready]
        return tuple((task_id, node.id) for task_id, node in found if node is not None)

    def waiting(self) -> tuple[Node, ...]:
        """The events that wait for a message now, in a stable order."""
        waiting = self._workflow.get_tasks(state=TaskState.WAITING)
        nodes = [self._node_of(task) for task in waiting]
        return tuple(n for n in nodes if n is not None and n.kind in {Kind.MESSAGE, Kind.BOUNDARY})

    def complete(self, task_id: str) -> None:
        """Complete an open step, then settle."""
        task = self._workflow.get_task_from_id(UUID(task_id))
        task.run()
        self._tell(task)
        self.settle()

    def receive(self, message: str) -> None:
        """Hand a message to every event that waits for it, then settle."""
        self._workflow.send_event(BpmnEvent(MessageEventDefinition(message), payload={}))
        self.settle()

    def save(self) -> tuple[dict[str, Any], dict[str, str]]:
        """The state as plain JSON, and how the ids of open steps changed by being numbered: {before: after}."""
        tokens = _SERIALIZER.to_dict(self._workflow)
        renamed: dict[str, str] = {}
        for task_id in self._workflow.tasks:
            if task_id.int >= _NUMBERED_BELOW:
                renamed[str(task_id)] = str(UUID(int=self._next))
                self._next += 1
        tasks = {}
        for task in tokens["tasks"].values():
            task.update(
                id=renamed.get(task["id"], task["id"]),
                parent=renamed.get(task["parent"], task["parent"]),
                children=[renamed.get(child, child) for child in task["children"]],
                last_state_change=0,
            )
            tasks[task["id"]] = task
        tokens.update(
            tasks=tasks,
            root=renamed.get(tokens["root"], tokens["root"]),
            last_task=renamed.get(tokens["last_task"], tokens["last_task"]),
        )
        del tokens["typename"]
        return {"scope": self.scope, "next": self._next, "tokens": tokens}, renamed

    def _count(self, _task: Any) -> None:
        self._steps += 1
        if self._steps > STEPS_MAX:
            text = f"The process takes more than {STEPS_MAX} steps without asking anybody."
            chinese = f"流程连续自动走了超过 {STEPS_MAX} 步，没有询问任何人。"
            raise StepError([Problem("too_many_steps", self.scope, chinese, text)])

    def _refuse_too_deep(self) -> None:
        open_tasks = [t for t in self._workflow.tasks.values() if t.has_state(TaskState.READY | TaskState.WAITING)]
        if max((task.depth for task in open_tasks), default=0) > DEPTH_MAX:
            text = f"The process has taken more than {DEPTH_MAX} steps one after the other."
            raise StepError([Problem("too_many_steps", self.scope, f"流程先后走了超过 {DEPTH_MAX} 步。", text)])

    def _node_of(self, task: Any) -> Node | None:
        name = str(task.task_spec.name)
        return _nodes(self._diagram).get(name[len(_NODE) :]) if name.startswith(_NODE) else None

    def _tell(self, task: Any) -> None:
        node = self._node_of(task)
        if node is None:
            return
        flows = self._diagram.outgoing(node.id)
        if node.kind is Kind.EXCLUSIVE and len(flows) > 1:
            reached = {str(child.task_spec.name).removesuffix(".BoundaryEventSplit") for child in task.children}
            flows = tuple(f for f in flows if _NODE + f.target in reached)
        self._passed(node, flows)


@lru_cache(maxsize=64)
def _nodes(diagram: Diagram) -> dict[str, Node]:
    return {n.id: n for n in diagram.nodes}


@lru_cache(maxsize=64)
def _specs(diagram: Diagram) -> dict[str, Any]:
    """SpiffWorkflow's specification of every scope. It only reads them, so runs may share them."""
    parser = BpmnParser()
    parser.add_bpmn_xml(_distilled(diagram))
    return {scope: parser.get_spec(_PROCESS + scope) for scope in (MAIN, *(s.id for s in diagram.scopes))}


def _distilled(diagram: Diagram) -> Any:
    """The diagram as SpiffWorkflow gets it: a process per scope, with the steps and arrows we read and nothing else."""
    root = etree.Element(f"{{{BPMN}}}definitions", nsmap={None: BPMN, "xsi": XSI})
    for name in sorted(diagram.messages()):
        etree.SubElement(root, f"{{{BPMN}}}message", id="m-" + name, name=name)
    for scope in (MAIN, *(s.id for s in diagram.scopes)):
        process = etree.SubElement(root, f"{{{BPMN}}}process", id=_PROCESS + scope, isExecutable="true")
        for node in (n for n in diagram.nodes if n.scope == scope):
            _add_node(process, node)
        for flow in (f for f in diagram.flows if f.scope == scope):
            ends = {"sourceRef": _NODE + flow.source, "targetRef": _NODE + flow.target}
            arrow = etree.SubElement(process, f"{{{BPMN}}}sequenceFlow", id="f-" + flow.id, **ends)
            if flow.condition:
                etree.SubElement(arrow, f"{{{BPMN}}}conditionExpression").text = flow.condition
    return root


def _add_node(process: Any, node: Node) -> None:
    element = etree.SubElement(process, f"{{{BPMN}}}{_TAGS[node.kind]}", id=_NODE + node.id)
    if node.default_flow:
        element.set("default", "f-" + node.default_flow)
    if node.kind is Kind.BOUNDARY:
        element.set("attachedToRef", _NODE + node.attached_to)
    if node.kind is Kind.TERMINATE:
        etree.SubElement(element, f"{{{BPMN}}}terminateEventDefinition")
    if node.kind in {Kind.MESSAGE, Kind.BOUNDARY}:
        etree.SubElement(element, f"{{{BPMN}}}messageEventDefinition", messageRef="m-" + node.message)
