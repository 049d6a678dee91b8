"""Proving that a diagram is sound before anybody's case runs on it.

`check` looks at every step by itself (has it somebody to ask, a form, a deadline) and then plays the whole process: it
follows every choice, every order of answers and every message that can come, and visits each different position once.
So what it says holds for all cases, not for those that were tried:

- every step can be reached;
- from every position the process can come to its end by being answered, without an event sub-process helping out;
- no step can be asked twice at once, and no join waits for an arrow that will never come;
- a condition never asks for an answer that may not have been given yet, can be decided whatever the answers are, and
  is not the same whatever they are.

A diagram with more positions than `POSITIONS_MAX` is not proved, and says so: it is a problem like any other.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, product
from typing import Final

from guiyan.process import evaluator
from guiyan.process.nodes import MAIN, ROLES, Answer, AnswerKind, Diagram, Flow, Kind, Node
from guiyan.process.problems import Problem

POSITIONS_MAX: Final = 20_000
SAMPLES_MAX: Final = 512  # combinations of answers with which one condition is tried
ANCHORS: Final = frozenset({"ready", "arrival", "last_day"})
"""The moments from which a deadline may be counted: when the task opens, the letter's arrival, the last working day."""


def check(
    diagram: Diagram,
    *,
    roles: Collection[str] = tuple(ROLES),
    anchors: Collection[str] = ANCHORS,
    forms: Collection[str] | None = None,
) -> tuple[Problem, ...]:
    """Everything that speaks against putting the diagram to use; empty when it is proved sound.

    `roles` and `anchors` are the known ones; `forms` the keys of the forms there are, or None to let any key pass.
    """
    found = [
        *_lane_problems(diagram, roles),
        *(p for node in diagram.tasks() for p in _task_problems(diagram, node, roles, anchors)),
        *(p for node in diagram.tasks() for p in _form_problems(node, forms)),
        *_condition_problems(diagram),
        *soundness(diagram),
    ]
    return tuple(dict.fromkeys(found))


def _lane_problems(diagram: Diagram, roles: Collection[str]) -> Iterator[Problem]:
    for lane in diagram.lanes:
        if lane.role not in roles:
            text = f"The lane “{lane.name}” names no known role."
            yield Problem("unknown_role", lane.id, f"泳道“{lane.name}”没有指明已知的角色。", text)


def _task_problems(diagram: Diagram, node: Node, roles: Collection[str], anchors: Collection[str]) -> Iterator[Problem]:
    role = diagram.role_of(node)
    lane = next((lane for lane in diagram.lanes if lane.id == node.lane), None)
    if role not in roles:
        text = f"“{node.name}” asks nobody: there is no known role."
        yield Problem("unknown_role", node.id, f"“{node.name}”没有指明由谁办理。", text)
    if lane is not None and role != lane.role:
        text = f"“{node.name}” stands in the lane “{lane.name}” but asks another role."
        yield Problem("role_not_of_lane", node.id, f"“{node.name}”画在“{lane.name}”泳道，却由其他角色办理。", text)
    if not node.name:
        yield Problem("no_name", node.id, "任务没有名称。", "The task has no name.")
    if node.due is None:
        text = f"“{node.name}” has no deadline."
        yield Problem("no_due", node.id, f"“{node.name}”没有期限。", text)
    elif node.due.anchor not in anchors:
        text = f"The deadline of “{node.name}” counts from “{node.due.anchor}”, which is not a known moment."
        yield Problem("unknown_anchor", node.id, f"“{node.name}”的期限从未知的时点“{node.due.anchor}”起算。", text)
    if node.due is not None and node.due.escalate_to and node.due.escalate_to not in roles:
        text = f"“{node.name}” escalates to an unknown role."
        yield Problem("unknown_role", node.id, f"“{node.name}”逾期后要告知的角色不存在。", text)


def _form_problems(node: Node, forms: Collection[str] | None) -> Iterator[Problem]:
    if not node.form:
        yield Problem("no_form", node.id, f"“{node.name}”没有表单。", f"“{node.name}” has no form.")
    elif forms is not None and node.form not in forms:
        text = f"There is no form “{node.form}” for “{node.name}”."
        yield Problem("unknown_form", node.id, f"“{node.name}”的表单“{node.form}”不存在。", text)


def _condition_problems(diagram: Diagram) -> Iterator[Problem]:
    """Conditions that some answers make undecidable, and conditions that no answer can change."""
    asked = [a for node in diagram.nodes for a in node.answers] + list(diagram.inputs)
    kinds = {a.name: a for a in asked}
    for answer in asked:
        if (answer.kind, answer.choices) != (kinds[answer.name].kind, kinds[answer.name].choices):
            text = f"“{answer.name}” is asked for in two places with different types."
            yield Problem("answer_two_kinds", answer.name, f"“{answer.name}”在两处的类型不同。", text)
    for flow in diagram.flows:
        names = sorted(evaluator.names(flow.condition)) if flow.condition else []
        if flow.condition and all(name in kinds for name in names):
            yield from _tried(flow, [kinds[name] for name in names])


def _tried(flow: Flow, answers: list[Answer]) -> Iterator[Problem]:
    """Try the condition with sample answers: every one of them where there are only a few."""
    outcomes: set[bool] = set()
    samples = product(*(_samples(answer) for answer in answers))
    for values in islice(samples, SAMPLES_MAX):
        try:
            given = dict(zip((a.name for a in answers), values, strict=True))
            outcomes.add(evaluator.decide(flow.condition, given))
        except evaluator.ExpressionError as error:
            first = error.problems[0]
            text = f"The condition cannot always be decided: {first.en}"
            yield Problem("condition_undecidable", flow.id, f"条件有时无法判断：{first.zh}", text)
            return
    if len(outcomes) == 1 and all(a.kind in {AnswerKind.BOOLEAN, AnswerKind.CHOICE} for a in answers):
        text = "The condition comes out the same whatever is answered."
        yield Problem("condition_constant", flow.id, "无论怎样回答，条件的结果都一样。", text)


def _samples(answer: Answer) -> tuple[bool | int | str, ...]:
    match answer.kind:
        case AnswerKind.BOOLEAN:
            return (False, True)
        case AnswerKind.INTEGER:
            return (0, 1, -1)
        case AnswerKind.TEXT:
            return ("", "文")
        case AnswerKind.DATE:
            return ("2000-01-01", "2100-01-01")
        case AnswerKind.CHOICE:
            return answer.choices


@dataclass(frozen=True, slots=True)
class _Position:
    """Where the tokens are: on arrows that wait at a join and on nodes that wait for an answer or a message."""

    flows: frozenset[str]
    nodes: frozenset[str]
    known: frozenset[str]  # the answers given by now
    interrupted: bool

    @property
    def ended(self) -> bool:
        return not self.flows and not self.nodes


@lru_cache(maxsize=64)
def soundness(diagram: Diagram) -> tuple[Problem, ...]:
    """What is wrong with the process as a whole, found by visiting every position it can be in."""
    return _Game(diagram).play()


@lru_cache(maxsize=64)
def positions(diagram: Diagram) -> frozenset[frozenset[str]]:
    """Every set of steps (tasks, and events that wait) that can be open together, as node ids; the empty set is the
    end. Complete unless the diagram has too many positions, which `soundness` reports.
    """
    game = _Game(diagram)
    game.play()
    return frozenset(position.nodes for position in game.own)


class _Game:
    """The tokens of one diagram, and everything noticed while they were moved."""

    def __init__(self, diagram: Diagram) -> None:
        self.diagram = diagram
        self.nodes: Mapping[str, Node] = {n.id: n for n in diagram.nodes}
        self.flows: Mapping[str, Flow] = {f.id: f for f in diagram.flows}
        self.into = {n.id: frozenset(f.id for f in diagram.incoming(n.id)) for n in diagram.nodes}
        self.out = {n.id: tuple(f.id for f in diagram.outgoing(n.id)) for n in diagram.nodes}
        self.guards = {n.id: [b for b in diagram.nodes if b.attached_to == n.id] for n in diagram.nodes}
        self.asks = {n.id: self._names_asked(n) for n in diagram.nodes}
        self.gives = {n.id: frozenset(a.name for a in n.answers if a.required) for n in diagram.nodes}
        self.reached: set[str] = set()
        self.problems: dict[Problem, None] = {}
        self.settled: dict[_Position, tuple[_Position, ...]] = {}
        self.own: dict[_Position, list[_Position]] = {}

    def play(self) -> tuple[Problem, ...]:
        first = self.diagram.start()
        inputs = frozenset(a.name for a in self.diagram.inputs if a.required) | self.gives[first.id]
        self.reached.add(first.id)
        begun = _Position(frozenset(self.out[first.id]), frozenset(), inputs, interrupted=False)
        todo = list(self._settle(begun))
        while todo:
            position = todo.pop()
            if position in self.own:
                continue
            if len(self.own) >= POSITIONS_MAX:
                text = (
                    f"The process can be in more than {POSITIONS_MAX} different positions; it cannot be proved sound."
                )
                zh = f"流程可能的状态超过 {POSITIONS_MAX} 种，无法证明其正确；请拆分流程。"
                return (*self.problems, Problem("too_many_positions", "", zh, text))
            self.own[position] = [p for moved in self._answered(position) for p in self._settle(moved)]
            todo += self.own[position]
            todo += [p for moved in self._begun(position) for p in self._settle(moved)]
        self._find_stuck()
        for node in self.diagram.nodes:
            if node.id not in self.reached:
                text = f"“{node.name or node.id}” can never be reached."
                self._note("unreachable", node.id, f"“{node.name or node.id}”永远走不到。", text)
        return tuple(self.problems)

    def _names_asked(self, node: Node) -> frozenset[str]:
        conditions = [f.condition for f in self.diagram.outgoing(node.id) if f.condition]
        return frozenset(name for condition in conditions for name in evaluator.names(condition))

    def _note(self, code: str, where: str, zh: str, en: str) -> None:
        self.problems[Problem(code, where, zh, en)] = None

    def _settle(self, start: _Position) -> tuple[_Position, ...]:
        """The positions in which the automatic steps can come to rest, one for each combination of choices."""
        if start in self.settled:
            return self.settled[start]
        rest: dict[_Position, None] = {}
        seen: set[_Position] = set()
        stack: list[tuple[_Position, tuple[_Position, ...]]] = [(start, ())]
        while stack:
            position, path = stack.pop()
            if position in path:
                text = "The process can turn in a circle here without asking anybody."
                where = next(iter(sorted(self.flows[f].target for f in position.flows)), "")
                self._note("endless_loop", where, "流程可能在这里不停打转，没有询问任何人。", text)
            if position in seen:
                continue
            seen.add(position)
            moved = self._automatic(position)
            if moved is None:
                rest[position] = None
            else:
                stack += [(each, (*path, position)) for each in moved]
        self.settled[start] = tuple(rest)
        return self.settled[start]

    def _automatic(self, position: _Position) -> list[_Position] | None:
        """The positions after the next automatic step, or None when there is none to take."""
        for flow_id in sorted(position.flows):
            node = self.nodes[self.flows[flow_id].target]
            if node.kind is Kind.PARALLEL:
                if self.into[node.id] <= position.flows:
                    self.reached.add(node.id)
                    return [self._put(position, position.flows - self.into[node.id], self.out[node.id])]
                continue
            self.reached.add(node.id)
            rest = position.flows - {flow_id}
            if node.kind is Kind.EXCLUSIVE:
                self._see_what_is_asked(node, position)
                return [self._put(position, rest, (way,)) for way in self.out[node.id]]
            if node.kind is Kind.END:
                return [_Position(rest, position.nodes, position.known, position.interrupted)]
            if node.kind is Kind.TERMINATE:
                return [self._cleared(position, node.scope)]
            if node.id in position.nodes:
                text = f"“{node.name or node.id}” can be open twice at the same time."
                self._note("asked_twice", node.id, f"“{node.name or node.id}”可能同时打开两次。", text)
            return [_Position(rest, position.nodes | {node.id}, position.known, position.interrupted)]
        return None

    def _see_what_is_asked(self, node: Node, position: _Position) -> None:
        for name in sorted(self.asks[node.id] - position.known):
            text = f"The choice asks for “{name}”, which may not have been answered yet."
            self._note("answer_not_given", node.id, f"判断时可能还没有“{name}”的回答。", text)

    def _put(self, position: _Position, rest: frozenset[str], ways: tuple[str, ...]) -> _Position:
        for way in ways:
            if way in rest:
                target = self.nodes[self.flows[way].target]
                text = f"“{target.name or target.id}” can be reached twice at the same time."
                self._note("asked_twice", target.id, f"“{target.name or target.id}”可能同时到达两次。", text)
        return _Position(rest | frozenset(ways), position.nodes, position.known, position.interrupted)

    def _cleared(self, position: _Position, scope: str) -> _Position:
        """The position when everything in the scope, or in all of them for the process itself, is closed."""
        if scope == MAIN:
            return _Position(frozenset(), frozenset(), position.known, position.interrupted)
        flows = frozenset(f for f in position.flows if self.flows[f].scope != scope)
        nodes = frozenset(n for n in position.nodes if self.nodes[n].scope != scope)
        return _Position(flows, nodes, position.known, position.interrupted)

    def _answered(self, position: _Position) -> Iterator[_Position]:
        """The positions after one task was answered, or one message came to the steps that wait for it."""
        messages: dict[str, list[Node]] = {}
        for node_id in sorted(position.nodes):
            node = self.nodes[node_id]
            if node.kind is Kind.TASK:
                yield self._left(position, {node_id}, [node])
            else:
                messages.setdefault(node.message, []).append(node)
            for guard in self.guards[node_id]:
                messages.setdefault(guard.message, []).append(guard)
        for waiting in messages.values():
            self.reached.update(node.id for node in waiting)
            yield self._left(position, {node.attached_to or node.id for node in waiting}, waiting)

    def _left(self, position: _Position, closed: set[str], through: list[Node]) -> _Position:
        known = position.known.union(*(self.gives[node.id] for node in through))
        before = _Position(position.flows, position.nodes - closed, known, position.interrupted)
        return self._put(before, position.flows, tuple(way for node in through for way in self.out[node.id]))

    def _begun(self, position: _Position) -> Iterator[_Position]:
        """The positions after an event sub-process started."""
        if position.ended or position.interrupted:
            return
        busy = {self.nodes[n].scope for n in position.nodes} | {self.flows[f].scope for f in position.flows}
        for scope in self.diagram.scopes:
            if scope.id in busy:
                continue
            start = self.diagram.start(scope.id)
            self.reached.add(start.id)
            known = position.known | self.gives[start.id]
            ways = frozenset(self.out[start.id])
            if scope.interrupting:
                yield _Position(ways, frozenset(), known, interrupted=True)
            else:
                yield _Position(position.flows | ways, position.nodes, known, interrupted=False)

    def _find_stuck(self) -> None:
        """Name what keeps the process from its end in each position from which it cannot come there by itself."""
        before: dict[_Position, list[_Position]] = {}
        for position, following in self.own.items():
            for each in following:
                before.setdefault(each, []).append(position)
        good = {p for p in self.own if p.ended}
        todo = list(good)
        while todo:
            for position in before.get(todo.pop(), []):
                if position not in good:
                    good.add(position)
                    todo.append(position)
        stuck = [p for p in self.own if p not in good]
        for flow_id in sorted({f for p in stuck if not self.own[p] for f in p.flows}):
            join = self.nodes[self.flows[flow_id].target]
            text = "The join can wait for ever for an arrow that will not come; is it a choice that was split?"
            self._note("deadlock", join.id, "汇合处可能永远等不到另一条连线；前面是不是用了排他网关分开？", text)
        if stuck and not any(not self.own[p] for p in stuck):
            where = sorted({n for p in stuck for n in p.nodes})[0]
            self._note(
                "never_ends", where, "流程从这里永远走不到结束。", "From here the process can never come to its end."
            )
