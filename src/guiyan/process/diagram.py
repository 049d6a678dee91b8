"""Reading a BPMN file into a `Diagram`: safely, completely, and with every problem named at once."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from guiyan.process import evaluator
from guiyan.process.drawing import read_drawing
from guiyan.process.nodes import (
    MAIN,
    Answer,
    AnswerKind,
    Diagram,
    Due,
    Flow,
    Kind,
    Lane,
    Node,
    Note,
    Scope,
)
from guiyan.process.problems import Problem, RefusedError
from guiyan.process.safe_xml import BPMN, GY, local, open_safely

NAME_MAX = 80  # characters of a name
DUE_DAYS_MAX = 400  # days before or after the anchor

_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
_MESSAGE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*){0,3}")
_KINDS = {
    "startEvent": Kind.START,
    "endEvent": Kind.END,
    "userTask": Kind.TASK,
    "exclusiveGateway": Kind.EXCLUSIVE,
    "parallelGateway": Kind.PARALLEL,
    "intermediateCatchEvent": Kind.MESSAGE,
    "boundaryEvent": Kind.BOUNDARY,
}
_EVENTS = frozenset({Kind.START, Kind.MESSAGE, Kind.BOUNDARY})


class DiagramError(RefusedError):
    """A file is not a diagram that can be run."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The outcome of reading: a diagram, or None when there are problems."""

    diagram: Diagram | None
    problems: tuple[Problem, ...]


def digest(data: bytes) -> str:
    """The SHA-256 of the exact bytes, in lower-case hexadecimal: what an instance is pinned to."""
    return hashlib.sha256(data).hexdigest()


@lru_cache(maxsize=64)
def read(data: bytes) -> Reading:
    """Read the bytes of a BPMN 2.0 file. Never raises for what is in them: every problem is in the outcome."""
    opened = open_safely(data)
    if opened.root is None:
        return Reading(None, opened.problems)
    reader = _Reader(opened.root)
    diagram = reader.diagram(data)
    problems = tuple(dict.fromkeys([*opened.problems, *reader.problems]))
    return Reading(None if problems else diagram, problems)


def load(data: bytes) -> Diagram:
    """The diagram in the bytes. Raises DiagramError, which names every problem, when it cannot be run."""
    reading = read(data)
    if reading.diagram is None:
        raise DiagramError(reading.problems)
    return reading.diagram


def _tag(name: str) -> str:
    return f"{{{BPMN}}}{name}"


def _own(name: str) -> str:
    return f"{{{GY}}}{name}"


class _Reader:
    """Walks one file; collects problems instead of stopping at the first."""

    def __init__(self, root: etree._Element) -> None:
        self.root = root
        self.problems: list[Problem] = []
        self.message_names = {str(m.get("id")): str(m.get("name") or "") for m in root.iterchildren(_tag("message"))}

    def refuse(self, code: str, where: str, zh: str, en: str) -> None:
        self.problems.append(Problem(code, where, zh, en))

    def diagram(self, data: bytes) -> Diagram | None:
        processes = list(self.root.iterchildren(_tag("process")))
        participants = list(self.root.iter(_tag("participant")))
        if len(processes) != 1 or len(participants) > 1:
            self.refuse(
                "one_process", "", "一个文件只能有一个流程和一个泳池。", "A file holds one process and one pool."
            )
            return None
        process = processes[0]
        lanes, lane_of = self._lanes(process)
        nodes: list[Node] = []
        flows: list[Flow] = []
        scopes: list[Scope] = []
        self._walk(process, MAIN, lane_of, nodes, flows)
        for sub in process.iterchildren(_tag("subProcess")):
            self._walk(sub, str(sub.get("id")), lane_of, nodes, flows)
            scopes.append(self._scope(sub, nodes, lane_of))
        drawing, drawn_badly = read_drawing(self.root)
        self.problems += drawn_badly
        diagram = Diagram(
            sha256=digest(data),
            source=data,
            id=str(process.get("id")),
            name=self._name(process),
            name_en=process.get(_own("en"), ""),
            doc=self._doc(process)[0],
            pool=str(participants[0].get("id")) if participants else "",
            lanes=lanes,
            nodes=tuple(nodes),
            flows=tuple(flows),
            scopes=tuple(scopes),
            inputs=self._answers(process),
            notes=tuple(self._notes(process)),
            drawing=drawing,
        )
        self.problems += structure_problems(diagram)
        return diagram

    def _lanes(self, process: etree._Element) -> tuple[tuple[Lane, ...], dict[str, str]]:
        lanes: list[Lane] = []
        lane_of: dict[str, str] = {}
        for lane in process.iter(_tag("lane")):
            lane_id = str(lane.get("id"))
            lanes.append(Lane(lane_id, self._name(lane), lane.get(_own("en"), ""), lane.get(_own("role"), "")))
            for ref in lane.iterchildren(_tag("flowNodeRef")):
                lane_of[(ref.text or "").strip()] = lane_id
        return tuple(lanes), lane_of

    def _walk(
        self, around: etree._Element, scope: str, lane_of: dict[str, str], nodes: list[Node], flows: list[Flow]
    ) -> None:
        for element in around.iterchildren():
            name = local(element)
            if element.tag == _tag(name) and name in _KINDS:
                nodes.append(self._node(element, _KINDS[name], scope, lane_of))
            elif element.tag == _tag("sequenceFlow"):
                flows.append(self._flow(element, scope))
            elif element.tag == _tag("subProcess") and scope != MAIN:
                text = "An event sub-process cannot hold another sub-process."
                self.refuse("sub_process", str(element.get("id")), "事件子流程中不能再有子流程。", text)

    def _node(self, element: etree._Element, kind: Kind, scope: str, lane_of: dict[str, str]) -> Node:
        node_id = str(element.get("id") or "")
        doc, doc_en = self._doc(element)
        if kind is Kind.END and element.find(_tag("terminateEventDefinition")) is not None:
            kind = Kind.TERMINATE
        if kind is Kind.BOUNDARY and element.get("cancelActivity", "true") != "true":
            text = "A boundary event takes the task away; for something beside it use an event sub-process."
            self.refuse("boundary_goes_on", node_id, "边界事件必须中断任务；并行的事情请用事件子流程。", text)
        form = element.get(_own("form"), "")
        if form and not _NAME.fullmatch(form):
            text = "A form is named by a key such as manager_ack."
            self.refuse("bad_form", node_id, "表单用形如 manager_ack 的英文名称指明。", text)
        return Node(
            id=node_id,
            kind=kind,
            scope=scope,
            name=self._name(element),
            name_en=element.get(_own("en"), ""),
            doc=doc,
            doc_en=doc_en,
            lane=lane_of.get(node_id, ""),
            role=element.get(_own("role"), ""),
            form=form,
            due=self._due(element) if kind is Kind.TASK else None,
            answers=self._answers(element) if kind is Kind.TASK or kind in _EVENTS else (),
            message=self._message(element, kind),
            attached_to=element.get("attachedToRef", ""),
            default_flow=element.get("default", ""),
        )

    def _flow(self, element: etree._Element, scope: str) -> Flow:
        flow_id = str(element.get("id") or "")
        expression = element.find(_tag("conditionExpression"))
        condition = "" if expression is None else (expression.text or "").strip()
        if expression is not None:
            for found in evaluator.check(condition):
                zh, en = f"条件不能使用：{found.zh}", f"The condition is refused: {found.en}"
                self.refuse("condition_refused", flow_id, zh, en)
        return Flow(
            id=flow_id,
            scope=scope,
            source=element.get("sourceRef", ""),
            target=element.get("targetRef", ""),
            name=self._name(element),
            name_en=element.get(_own("en"), ""),
            condition=condition,
        )

    def _scope(self, sub: etree._Element, nodes: list[Node], lane_of: dict[str, str]) -> Scope:
        scope_id = str(sub.get("id") or "")
        start = sub.find(_tag("startEvent"))
        interrupting = start is None or start.get("isInterrupting", "true") == "true"
        message = next((n.message for n in nodes if n.scope == scope_id and n.kind is Kind.START), "")
        return Scope(
            scope_id, self._name(sub), sub.get(_own("en"), ""), lane_of.get(scope_id, ""), message, interrupting
        )

    def _message(self, element: etree._Element, kind: Kind) -> str:
        definition = element.find(_tag("messageEventDefinition"))
        if definition is None:
            return ""
        node_id = str(element.get("id"))
        if kind not in _EVENTS:
            text = "An end event cannot send a message; the program tells other processes."
            self.refuse("unsupported_event", node_id, "结束事件不能发送消息；由程序通知其他流程。", text)
            return ""
        name = self.message_names.get(definition.get("messageRef", ""), "")
        if not _MESSAGE.fullmatch(name):
            text = "The event needs a message whose name looks like withdrawal.consented."
            self.refuse("bad_message", node_id, "事件须指明消息，名称形如 withdrawal.consented。", text)
        return name

    def _name(self, element: etree._Element) -> str:
        name = " ".join(str(element.get("name", "")).split())
        if len(name) > NAME_MAX:
            text = f"A name has {NAME_MAX} characters at most."
            self.refuse("name_too_long", str(element.get("id")), f"名称最多 {NAME_MAX} 个字符。", text)
        return name

    def _doc(self, element: etree._Element) -> tuple[str, str]:
        chinese = element.findtext(_tag("documentation")) or ""
        english = ""
        for doc in self._settings(element, "doc"):
            english = doc.text or ""
        return " ".join(chinese.split()), " ".join(english.split())

    def _settings(self, element: etree._Element, name: str) -> Iterator[etree._Element]:
        extension = element.find(_tag("extensionElements"))
        if extension is not None:
            yield from extension.iterchildren(_own(name))

    def _due(self, element: etree._Element) -> Due | None:
        node_id, found = str(element.get("id")), list(self._settings(element, "due"))
        if not found:
            return None
        rule = found[0]
        given = [(unit, rule.get(unit)) for unit in ("workingDays", "calendarDays") if rule.get(unit) is not None]
        text = "A deadline is one gy:due with either workingDays or calendarDays, a whole number up to 400."
        refusal = (
            "bad_due",
            node_id,
            "期限须为一个 gy:due，写 workingDays 或 calendarDays 之一，为不超过 400 的整数。",
            text,
        )
        if len(found) != 1 or len(given) != 1 or not re.fullmatch(r"-?[0-9]{1,3}", given[0][1] or ""):
            self.refuse(*refusal)
            return None
        days = int(given[0][1] or "0")
        anchor = rule.get("from", "ready")
        if abs(days) > DUE_DAYS_MAX or not _NAME.fullmatch(anchor) or (anchor == "ready" and days < 0):
            self.refuse(*refusal)
        return Due(days, given[0][0] == "workingDays", anchor, rule.get("escalateTo", ""))

    def _answers(self, element: etree._Element) -> tuple[Answer, ...]:
        answers: list[Answer] = []
        for found in self._settings(element, "answer"):
            name, kind = found.get("name", ""), found.get("type", "")
            choices = tuple(found.get("choices", "").split())
            known = kind in set(AnswerKind) and _NAME.fullmatch(name) and bool(choices) is (kind == AnswerKind.CHOICE)
            if not known or name in {a.name for a in answers}:
                text = "A gy:answer has a name of its own, a known type, and choices if it is a choice."
                chinese = "gy:answer 须有不重复的英文名称和已知类型；选项类型须列出 choices。"
                self.refuse("bad_answer", str(element.get("id")), chinese, text)
                continue
            answers.append(Answer(name, AnswerKind(kind), found.get("required", "true") == "true", choices))
        return tuple(answers)

    def _notes(self, process: etree._Element) -> Iterator[Note]:
        for note in process.iter(_tag("textAnnotation")):
            yield Note(str(note.get("id")), " ".join((note.findtext(_tag("text")) or "").split()))


def structure_problems(diagram: Diagram) -> list[Problem]:
    """What is wrong with how the steps hang together, step by step; whether the whole is sound is the checker's."""
    found: list[Problem] = []
    for scope in (MAIN, *(s.id for s in diagram.scopes)):
        starts = [n for n in diagram.nodes if n.scope == scope and n.kind is Kind.START]
        if len(starts) != 1:
            text = "There must be exactly one start event here."
            found.append(Problem("one_start", scope, "这里必须恰好有一个开始事件。", text))
        if scope != MAIN and starts and not starts[0].message:
            text = "An event sub-process starts with a message."
            found.append(Problem("bad_message", starts[0].id, "事件子流程必须由消息启动。", text))
        if scope != MAIN and any(s.id != scope and s.message == diagram.scope(scope).message for s in diagram.scopes):
            text = "Two event sub-processes start with the same message."
            found.append(Problem("double_message", scope, "两个事件子流程由同一消息启动。", text))
    found += _flow_problems(diagram)
    for node in diagram.nodes:
        found += _degree_problems(diagram, node)
        found += _choice_problems(diagram, node)
        found += _boundary_problems(diagram, node)
    return found


def _flow_problems(diagram: Diagram) -> Iterator[Problem]:
    where = {n.id: n for n in diagram.nodes}
    for flow in diagram.flows:
        source, target = where.get(flow.source), where.get(flow.target)
        if source is None or target is None or source.scope != flow.scope or target.scope != flow.scope:
            text = "The arrow must join two steps of the same process or sub-process."
            yield Problem("loose_flow", flow.id, "连线的两端必须是同一流程或子流程中的步骤。", text)
        elif sum(f.source == flow.source and f.target == flow.target for f in diagram.flows) > 1:
            text = "Two arrows join the same two steps."
            yield Problem("double_flow", flow.id, "同样两个步骤之间有两条连线。", text)
        elif flow.condition and source.kind is not Kind.EXCLUSIVE:
            text = "Only an arrow that leaves an exclusive gateway may have a condition."
            yield Problem("loose_condition", flow.id, "只有排他网关引出的连线可以带条件。", text)


def _degree_problems(diagram: Diagram, node: Node) -> Iterator[Problem]:
    into, out = len(diagram.incoming(node.id)), len(diagram.outgoing(node.id))
    entered_by_flow = node.kind not in {Kind.START, Kind.BOUNDARY}
    if entered_by_flow is (into == 0):
        yield Problem("bad_arrows", node.id, "这个步骤的进入连线不对。", "The arrows into this step are wrong.")
    ends = node.kind in {Kind.END, Kind.TERMINATE}
    gateway = node.kind in {Kind.EXCLUSIVE, Kind.PARALLEL}
    if (ends and out) or (not ends and out == 0):
        yield Problem("bad_arrows", node.id, "这个步骤的引出连线不对。", "The arrows out of this step are wrong.")
    if not gateway and out > 1:
        text = "More than one arrow leaves this step; draw a gateway that says which of them are taken."
        yield Problem("hidden_split", node.id, "这个步骤引出多条连线；请用网关画明走哪一条。", text)
    if node.kind is Kind.MESSAGE and not node.message:
        yield Problem(
            "bad_message", node.id, "等待事件必须指明消息。", "The event must say for which message it waits."
        )


def _choice_problems(diagram: Diagram, node: Node) -> Iterator[Problem]:
    out = diagram.outgoing(node.id)
    if node.kind is not Kind.EXCLUSIVE:
        return
    if len(out) == 1 and out[0].condition:
        text = "The only way out cannot have a condition."
        yield Problem("choice_without_default", node.id, "唯一的出口不能带条件。", text)
    if len(out) > 1:
        default = [f for f in out if f.id == node.default_flow]
        others_ask = all(f.condition for f in out if f.id != node.default_flow)
        if len(default) != 1 or default[0].condition or not others_ask:
            text = "One arrow out of the choice must be the default, and every other one must have a condition."
            yield Problem("choice_without_default", node.id, "排他网关须有一条默认连线，其余连线都须带条件。", text)


def _boundary_problems(diagram: Diagram, node: Node) -> Iterator[Problem]:
    if node.kind is not Kind.BOUNDARY:
        return
    holder = next((n for n in diagram.nodes if n.id == node.attached_to), None)
    if holder is None or holder.kind is not Kind.TASK or holder.scope != node.scope or not node.message:
        text = "A boundary event stands on a task and waits for a message."
        yield Problem("bad_boundary", node.id, "边界事件必须附着在任务上并等待消息。", text)
