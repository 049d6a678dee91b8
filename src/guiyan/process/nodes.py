"""The parts of a diagram as values: what there is, in whose lane, by when, and where it is drawn."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

MAIN = ""  # the scope of everything that is not inside an event sub-process

ROLES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "employee": ("员工", "Employee"),
        "direct_manager": ("直属主管", "Direct manager"),
        "hr": ("HR", "HR"),
        "hr_lead": ("HR 负责人", "Head of HR"),
        "legal": ("法务", "Legal"),
        "it": ("IT", "IT"),
        "finance": ("财务", "Finance"),
        "admin": ("行政", "Administration"),
    }
)
"""The roles a lane or a task may name, with their Chinese and English labels. Who has a role is found at run time."""


class Kind(StrEnum):
    """The elements of BPMN that Guiyan runs; every other one is refused by name."""

    START = "start"
    END = "end"
    TERMINATE = "terminate"  # an end that closes whatever else is open in its scope
    TASK = "task"
    EXCLUSIVE = "exclusive"
    PARALLEL = "parallel"
    MESSAGE = "message"  # waits for a message between two steps
    BOUNDARY = "boundary"  # a message that takes a task away from its holder


class NodeState(StrEnum):
    """How a step of an instance stands. INTERRUPTED: it was open when something ended it."""

    AHEAD = "todo"
    NOW = "now"
    DONE = "done"
    INTERRUPTED = "interrupted"


class AnswerKind(StrEnum):
    """What a form may hand back to the flow."""

    BOOLEAN = "boolean"
    INTEGER = "integer"
    TEXT = "text"
    DATE = "date"  # ISO 8601, for example 2026-11-05
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Answer:
    """One value a task hands back; the flow sees nothing else of its form. `choices` is empty unless it is a choice."""

    name: str
    kind: AnswerKind
    required: bool
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Due:
    """When a task is due: `days` after (negative: before) the anchor, in working days or calendar days.

    The anchor is `ready` (the moment the task opens) or a moment of the case such as `arrival` or `last_day`.
    `escalate_to` is the role that is told when the task is late, or empty. The moment itself is computed and kept
    by whoever keeps deadlines: nothing in a diagram reads a clock.
    """

    days: int
    working: bool
    anchor: str
    escalate_to: str


@dataclass(frozen=True, slots=True)
class Node:
    """A step of the flow.

    `role`, `form` and `due` belong to tasks, `message` to what waits for one, `answers` to both. `role` is empty where
    the lane says it: see `Diagram.role_of`.
    """

    id: str
    kind: Kind
    scope: str
    name: str
    name_en: str
    doc: str = ""
    doc_en: str = ""
    lane: str = ""
    role: str = ""
    form: str = ""
    due: Due | None = None
    answers: tuple[Answer, ...] = ()
    message: str = ""
    attached_to: str = ""
    default_flow: str = ""


@dataclass(frozen=True, slots=True)
class Flow:
    """An arrow from `source` to `target`; `condition` is an expression of the evaluator, or empty."""

    id: str
    scope: str
    source: str
    target: str
    name: str = ""
    name_en: str = ""
    condition: str = ""


@dataclass(frozen=True, slots=True)
class Lane:
    """A band of the diagram and the role whose steps stand in it."""

    id: str
    name: str
    name_en: str
    role: str


@dataclass(frozen=True, slots=True)
class Scope:
    """An event sub-process: it starts when its message comes. An interrupting one ends all that runs beside it."""

    id: str
    name: str
    name_en: str
    lane: str
    message: str
    interrupting: bool


@dataclass(frozen=True, slots=True)
class Note:
    """A text annotation."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in the diagram's own units (pixels at full size)."""

    x: float
    y: float
    width: float
    height: float


Points = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """Where everything is drawn, by element id. `labels` holds the boxes of labels that stand outside their shape."""

    boxes: Mapping[str, Box]
    lines: Mapping[str, Points]
    labels: Mapping[str, Box]


@dataclass(frozen=True, slots=True)
class Diagram:
    """A diagram that was read and found in order.

    `sha256` is the digest of the exact bytes; an instance is pinned to it. `pool` is the id of the participant that
    is drawn around the process, or empty. `inputs` are the answers that must be given when the process starts.
    """

    sha256: str
    source: bytes = field(repr=False)
    id: str
    name: str
    name_en: str
    doc: str
    pool: str
    lanes: tuple[Lane, ...]
    nodes: tuple[Node, ...]
    flows: tuple[Flow, ...]
    scopes: tuple[Scope, ...]
    inputs: tuple[Answer, ...]
    notes: tuple[Note, ...]
    drawing: Drawing = field(repr=False)

    def __hash__(self) -> int:
        return hash(self.sha256)

    def node(self, node_id: str) -> Node:
        """The node with this id. Raises KeyError when there is none."""
        for node in self.nodes:
            if node.id == node_id:
                return node
        raise KeyError(node_id)

    def scope(self, scope_id: str) -> Scope:
        """The event sub-process with this id. Raises KeyError when there is none."""
        for scope in self.scopes:
            if scope.id == scope_id:
                return scope
        raise KeyError(scope_id)

    def role_of(self, node: Node) -> str:
        """The role whose step this is: its own, or else its lane's; empty when neither says one."""
        lane = next((lane for lane in self.lanes if lane.id == node.lane), None)
        return node.role or (lane.role if lane else "")

    def tasks(self) -> tuple[Node, ...]:
        """Everything that asks a person, in the order of the file."""
        return tuple(n for n in self.nodes if n.kind is Kind.TASK)

    def start(self, scope: str = MAIN) -> Node:
        """The node with which the scope begins."""
        return next(n for n in self.nodes if n.kind is Kind.START and n.scope == scope)

    def outgoing(self, node_id: str) -> tuple[Flow, ...]:
        """The arrows that leave the node, in the order of the file."""
        return tuple(f for f in self.flows if f.source == node_id)

    def incoming(self, node_id: str) -> tuple[Flow, ...]:
        """The arrows that reach the node, in the order of the file."""
        return tuple(f for f in self.flows if f.target == node_id)

    def messages(self) -> frozenset[str]:
        """The name of every message that the process ever waits for, its own start included."""
        return frozenset(n.message for n in self.nodes if n.message)
