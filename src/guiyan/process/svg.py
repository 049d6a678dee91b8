"""A diagram as SVG, made on the server: for the case page without scripts, for e-mail and for paper.

There is no style attribute and no style element, so the strictest content policy lets it pass. Every shape carries
presentation attributes that make a complete light picture by themselves, and classes with which
static/process/diagram.css gives it the colours of the page, light or dark. A state is never told by colour alone:
what is done has a tick, what is open a heavy border, what was interrupted a dashed one and a cross.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from guiyan.process.nodes import Box, Diagram, Drawing, Flow, Kind, Lane, Node, NodeState, Points, Scope
from guiyan.process.wrapping import is_upright, width_em, wrap

FONT_PX = 12
LINE_PX = 16
MARGIN = 12
ARROW = 8
FONTS = "PingFang SC, HarmonyOS Sans SC, MiSans, Microsoft YaHei, Noto Sans SC, Noto Sans CJK SC, sans-serif"

_STATE_WORDS = {
    "zh": {
        NodeState.AHEAD: "未开始",
        NodeState.NOW: "进行中",
        NodeState.DONE: "已完成",
        NodeState.INTERRUPTED: "已中断",
    },
    "en": {
        NodeState.AHEAD: "not started",
        NodeState.NOW: "in progress",
        NodeState.DONE: "done",
        NodeState.INTERRUPTED: "interrupted",
    },
}
# Light colours for where no style sheet reaches: fill and border of a step, by state.
_PAINT = {
    NodeState.AHEAD: ("#ffffff", "#8492ab"),
    NodeState.NOW: ("#eaf0ff", "#2a5bd7"),
    NodeState.DONE: ("#e4f6ef", "#0b7553"),
    NodeState.INTERRUPTED: ("#fff3e0", "#9d5702"),
}
_INK, _QUIET, _LINE = "#182033", "#5d687f", "#8492ab"


@dataclass(frozen=True, slots=True)
class _Look:
    """Everything that one picture is made with."""

    diagram: Diagram
    states: Mapping[str, NodeState]
    taken: Collection[str]
    captions: Mapping[str, str]
    english: bool

    def name(self, thing: Node | Flow | Lane | Scope | Diagram) -> str:
        return (self.english and thing.name_en) or thing.name

    def state(self, node_id: str) -> NodeState:
        return self.states.get(node_id, NodeState.AHEAD)

    def state_word(self, state: NodeState) -> str:
        return _STATE_WORDS["en" if self.english else "zh"][state]


def render(
    diagram: Diagram,
    *,
    states: Mapping[str, NodeState] | None = None,
    taken: Collection[str] = (),
    captions: Mapping[str, str] | None = None,
    language: str = "zh",
    ident: str = "process",
) -> str:
    """The diagram as one <svg> element.

    `states` says how each step stands, by node id (a missing one has not started); `taken` holds the ids of the
    arrows that were followed; `captions` are short lines hung under steps, such as who has it and until when;
    `language` is "zh" or "en" (what has no English name keeps its Chinese one); `ident` begins every id in the
    picture and must be unique on its page. The size is in pixels of the diagram and scales with its box.
    """
    look = _Look(diagram, states or {}, frozenset(taken), captions or {}, language == "en")
    frame = _frame(diagram.drawing)
    title, summary = look.name(diagram), _summary(look)
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" class="gy-diagram" role="img"',
        f' lang="{"en" if look.english else "zh-CN"}"'
        f" aria-labelledby={quoteattr(f'{ident}-title {ident}-desc')}"
        f' viewBox="{_n(frame.x)} {_n(frame.y)} {_n(frame.width)} {_n(frame.height)}"'
        f' width="{_n(frame.width)}" height="{_n(frame.height)}" font-family={quoteattr(FONTS)} font-size="{FONT_PX}">',
        f"<title id={quoteattr(ident + '-title')}>{escape(title)}</title>",
        f"<desc id={quoteattr(ident + '-desc')}>{escape(summary)}</desc>",
        *_pool(look),
        *(part for scope in diagram.scopes for part in _scope(look, scope)),
        *(part for flow in _taken_on_top(look) for part in _flow(look, flow)),
        *(part for note in diagram.notes for part in _note(diagram.drawing.boxes[note.id], note.text)),
        *(part for node in _drawn_last_on_top(diagram) for part in _node(look, node)),
        "</svg>",
    ]
    return "".join(parts)


def _summary(look: _Look) -> str:
    """What a person who does not see the picture is told: each step that asks somebody, by how it stands."""
    groups: dict[NodeState, list[str]] = {}
    for node in look.diagram.tasks():
        groups.setdefault(look.state(node.id), []).append(look.name(node))
    order = (NodeState.NOW, NodeState.DONE, NodeState.INTERRUPTED, NodeState.AHEAD)
    if look.english:
        return "; ".join(f"{look.state_word(s)}: {', '.join(groups[s])}" for s in order if s in groups) + "."
    return "；".join(f"{look.state_word(s)}：{'、'.join(groups[s])}" for s in order if s in groups) + "。"


def _frame(drawing: Drawing) -> Box:
    boxes = [*drawing.boxes.values(), *drawing.labels.values()]
    xs = [b.x for b in boxes] + [x for line in drawing.lines.values() for x, _ in line]
    ys = [b.y for b in boxes] + [y for line in drawing.lines.values() for _, y in line]
    right = max([b.x + b.width for b in boxes] + xs)
    bottom = max([b.y + b.height for b in boxes] + ys)
    left, top = min(xs) - MARGIN, min(ys) - MARGIN
    return Box(left, top, right + MARGIN - left, bottom + MARGIN - top)


def _drawn_last_on_top(diagram: Diagram) -> list[Node]:
    return sorted(diagram.nodes, key=lambda n: n.kind is Kind.BOUNDARY)


def _taken_on_top(look: _Look) -> list[Flow]:
    return sorted(look.diagram.flows, key=lambda f: f.id in look.taken)


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _rect(box: Box, css: str, fill: str, stroke: str, extra: str = "") -> str:
    place = f'x="{_n(box.x)}" y="{_n(box.y)}" width="{_n(box.width)}" height="{_n(box.height)}"'
    return f'<rect class="{css}" {place} fill="{fill}" stroke="{stroke}"{extra}/>'


def _text(lines: Collection[str], at: tuple[float, float], css: str, fill: str, anchor: str = "middle") -> str:
    """Lines of text around the middle height of `at`."""
    x, y = at
    first = y - (len(lines) - 1) * LINE_PX / 2 + FONT_PX * 0.36
    spans = "".join(
        f'<tspan x="{_n(x)}" y="{_n(first + number * LINE_PX)}">{escape(line)}</tspan>'
        for number, line in enumerate(lines)
    )
    return f'<text class="{css}" text-anchor="{anchor}" fill="{fill}">{spans}</text>'


def _pool(look: _Look) -> list[str]:
    diagram, parts = look.diagram, list[str]()
    pool = diagram.drawing.boxes.get(diagram.pool)
    if pool is not None:
        parts.append(_rect(pool, "gy-pool", "#ffffff", "#c9d1df", ' rx="8"'))
    for number, lane in enumerate(diagram.lanes):
        box = diagram.drawing.boxes[lane.id]
        band = "gy-lane gy-lane-odd" if number % 2 else "gy-lane"
        parts.append(_rect(box, band, "#f7f9fc" if number % 2 else "#ffffff", "#e4e8f0"))
        parts += _upright(look.name(lane), Box(box.x, box.y, 30, box.height), "gy-lane-name", _QUIET)
    if pool is not None:
        parts += _upright(look.name(diagram), Box(pool.x, pool.y, 30, pool.height), "gy-pool-name", _INK)
    return parts


def _upright(text: str, box: Box, css: str, fill: str) -> list[str]:
    """A name in a narrow band: Chinese from top to bottom, Latin turned, two letters as they are."""
    x, y = box.x + box.width / 2, box.y + box.height / 2
    if is_upright(text) and len(text) * LINE_PX <= box.height:
        return [_text(tuple(text), (x, y), css, fill)]
    if width_em(text) * FONT_PX <= box.width:
        return [_text((text,), (x, y), css, fill)]
    turned = _text((text,), (0, 0), css, fill)
    return [f'<g transform="translate({_n(x)} {_n(y)}) rotate(-90)">{turned}</g>']


def _scope(look: _Look, scope: Scope) -> list[str]:
    box = look.diagram.drawing.boxes[scope.id]
    active = any(look.state(n.id) is not NodeState.AHEAD for n in look.diagram.nodes if n.scope == scope.id)
    css = "gy-scope gy-is-active" if active else "gy-scope"
    return [
        _rect(
            box, css, "#fbfcfe", "#2a5bd7" if active else _LINE, ' rx="10" stroke-dasharray="2 3" stroke-width="1.4"'
        ),
        _text((look.name(scope),), (box.x + 12, box.y + 16), "gy-scope-name", _QUIET, "start"),
    ]


def _note(box: Box, text: str) -> list[str]:
    left, right = _n(box.x), _n(box.x + 8)
    bracket = f"M{right} {_n(box.y)}H{left}V{_n(box.y + box.height)}H{right}"
    lines = wrap(text, (box.width - 12) / FONT_PX)
    return [
        f'<path class="gy-note" d="{bracket}" fill="none" stroke="{_LINE}"/>',
        _text(lines, (box.x + 8, box.y + box.height / 2), "gy-label", _QUIET, "start"),
    ]


def _flow(look: _Look, flow: Flow) -> list[str]:
    points = look.diagram.drawing.lines[flow.id]
    taken = flow.id in look.taken
    css, paint = ("gy-flow gy-is-taken", "#0b7553") if taken else ("gy-flow", _LINE)
    width = "1.8" if taken else "1.3"
    path, head = _rounded(points), _arrow(points)
    parts = [
        f'<g class="{css}"><path class="gy-line" d="{path}" fill="none" stroke="{paint}" stroke-width="{width}"/>'
        f'<path class="gy-head" d="{head}" fill="{paint}"/></g>'
    ]
    label = look.diagram.drawing.labels.get(flow.id)
    if flow.name and label is not None:
        middle = label.y + label.height / 2
        parts.append(_text((look.name(flow),), (label.x, middle), "gy-label", _QUIET, "start"))
    return parts


def _rounded(points: Points, radius: float = 6) -> str:
    """A path through the points with rounded corners."""
    path = [f"M{_n(points[0][0])} {_n(points[0][1])}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        start, end = _towards(corner, before, radius), _towards(corner, after, radius)
        path.append(f"L{_n(start[0])} {_n(start[1])}Q{_n(corner[0])} {_n(corner[1])} {_n(end[0])} {_n(end[1])}")
    path.append(f"L{_n(points[-1][0])} {_n(points[-1][1])}")
    return "".join(path)


def _towards(origin: tuple[float, float], goal: tuple[float, float], distance: float) -> tuple[float, float]:
    dx, dy = goal[0] - origin[0], goal[1] - origin[1]
    length = max((dx * dx + dy * dy) ** 0.5, 0.001)
    step = min(distance, length / 2) / length
    return origin[0] + dx * step, origin[1] + dy * step


def _arrow(points: Points) -> str:
    tip = points[-1]
    foot = _towards(tip, points[-2], ARROW)
    dx, dy = (tip[0] - foot[0]) * 0.45, (tip[1] - foot[1]) * 0.45
    corners = ((foot[0] - dy, foot[1] + dx), (foot[0] + dy, foot[1] - dx))
    return f"M{_n(tip[0])} {_n(tip[1])}" + "".join(f"L{_n(x)} {_n(y)}" for x, y in corners) + "Z"


def _node(look: _Look, node: Node) -> list[str]:
    box, state = look.diagram.drawing.boxes[node.id], look.state(node.id)
    shape = _TASK if node.kind is Kind.TASK else _GATEWAY if node.kind in _GATEWAYS else _EVENT
    said = f"{look.name(node)} · {look.state_word(state)}" if node.name else look.state_word(state)
    return [
        f'<g class="gy-node gy-{shape} gy-is-{state.value}" data-node={quoteattr(node.id)}>',
        f"<title>{escape(said)}</title>",
        *_SHAPES[shape](look, node, box, state),
        *_label(look, node, box),
        *_badge(box, state, round_shape=node.kind is not Kind.TASK),
        *_caption(look, node, box),
        "</g>",
    ]


def _border(state: NodeState, plain: float) -> str:
    width = plain + 0.8 if state is NodeState.NOW else plain
    dashes = ' stroke-dasharray="5 3"' if state is NodeState.INTERRUPTED else ""
    return f' stroke-width="{_n(width)}"{dashes}'


def _task(look: _Look, node: Node, box: Box, state: NodeState) -> list[str]:
    fill, stroke = _PAINT[state]
    lines = wrap(look.name(node), (box.width - 14) / FONT_PX)
    raised = 7 if len(lines) > 1 and _is_guarded(look.diagram, node) else 0  # off the event on the lower border
    middle = (box.x + box.width / 2, box.y + box.height / 2 - raised)
    return [
        _rect(box, "gy-shape", fill, stroke, f' rx="8"{_border(state, 1.3)}'),
        _text(lines, middle, "gy-name", _INK),
    ]


def _gateway(_look: _Look, node: Node, box: Box, state: NodeState) -> list[str]:
    fill, stroke = _PAINT[state]
    x, y, half = box.x + box.width / 2, box.y + box.height / 2, box.width / 2
    mark = _cross(x, y, 0.2 * box.width) if node.kind is Kind.EXCLUSIVE else _plus(x, y, 0.25 * box.width)
    diamond = f"M{_n(x)} {_n(y - half)}L{_n(x + half)} {_n(y)}L{_n(x)} {_n(y + half)}L{_n(x - half)} {_n(y)}Z"
    return [
        f'<path class="gy-shape" d="{diamond}" fill="{fill}" stroke="{stroke}" stroke-linejoin="round"'
        f"{_border(state, 1.3)}/>",
        f'<path class="gy-mark" d="{mark}" fill="none" stroke="{stroke}" stroke-width="2.4" stroke-linecap="round"/>',
    ]


def _cross(x: float, y: float, arm: float) -> str:
    left, right, top, bottom = _n(x - arm), _n(x + arm), _n(y - arm), _n(y + arm)
    return f"M{left} {top}L{right} {bottom}M{right} {top}L{left} {bottom}"


def _plus(x: float, y: float, arm: float) -> str:
    return f"M{_n(x - arm)} {_n(y)}H{_n(x + arm)}M{_n(x)} {_n(y - arm)}V{_n(y + arm)}"


def _event(look: _Look, node: Node, box: Box, state: NodeState) -> list[str]:
    fill, stroke = _PAINT[state]
    x, y, radius = box.x + box.width / 2, box.y + box.height / 2, box.width / 2
    ends = node.kind in {Kind.END, Kind.TERMINATE}
    started_beside = node.kind is Kind.START and node.scope and not look.diagram.scope(node.scope).interrupting
    broken = ' stroke-dasharray="4 3"' if started_beside and state is NodeState.AHEAD else ""
    parts = [
        f'<circle class="gy-shape" cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}" fill="{fill}" stroke="{stroke}"'
        f"{_border(state, 3 if ends else 1.4)}{broken}/>"
    ]
    if node.kind in {Kind.MESSAGE, Kind.BOUNDARY}:
        parts.append(
            f'<circle class="gy-inner" cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius - 3)}" fill="none" stroke="{stroke}"/>'
        )
    if node.kind is Kind.TERMINATE:
        parts.append(f'<circle class="gy-dot" cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius - 7)}" fill="{stroke}"/>')
    if node.message:
        left, right, top = _n(x - 8), _n(x + 8), _n(y - 5.5)
        envelope = f"M{left} {top}H{right}V{_n(y + 5.5)}H{left}ZL{_n(x)} {_n(y + 1)}L{right} {top}"
        parts.append(
            f'<path class="gy-mark" d="{envelope}" fill="none" stroke="{stroke}" stroke-width="1.2"'
            ' stroke-linejoin="round"/>'
        )
    return parts


def _label(look: _Look, node: Node, box: Box) -> list[str]:
    place = look.diagram.drawing.labels.get(node.id)
    if node.kind is Kind.TASK or not node.name:
        return []
    if place is None:
        place = Box(box.x - 32, box.y + box.height + 4, box.width + 64, LINE_PX)
    lines = wrap(look.name(node), max(place.width, 116) / FONT_PX)
    beside = place.x >= box.x + box.width
    x = place.x if beside else place.x + place.width / 2
    above = place.y + place.height <= box.y
    grown = (len(lines) - 1) * LINE_PX / 2
    y = place.y + place.height / 2 + (0 if beside else -grown if above else grown)
    return [_text(lines, (x, y), "gy-label", _QUIET, "start" if beside else "middle")]


def _badge(box: Box, state: NodeState, *, round_shape: bool) -> list[str]:
    """A tick on what is done and a cross on what was interrupted, at the upper right corner."""
    if state not in {NodeState.DONE, NodeState.INTERRUPTED}:
        return []
    inset = box.width * 0.15 if round_shape else 0
    x, y = box.x + box.width - inset, box.y + inset
    paint = _PAINT[state][1]
    if state is NodeState.DONE:
        mark = f"M{_n(x - 3.4)} {_n(y + 0.2)}L{_n(x - 0.9)} {_n(y + 2.7)}L{_n(x + 3.6)} {_n(y - 2.4)}"
    else:
        mark = _cross(x, y, 2.6)
    return [
        f'<circle class="gy-badge" cx="{_n(x)}" cy="{_n(y)}" r="7" fill="{paint}"'
        ' stroke="#ffffff" stroke-width="1.5"/>',
        f'<path class="gy-badge-mark" d="{mark}" fill="none" stroke="#ffffff" stroke-width="1.6"'
        ' stroke-linecap="round" stroke-linejoin="round"/>',
    ]


def _caption(look: _Look, node: Node, box: Box) -> list[str]:
    """A tag on the lower border of the step, or on the upper one when an arrow or an event is in the way below."""
    text = look.captions.get(node.id, "")
    if not text:
        return []
    width = width_em(text) * 11 + 14
    top = box.y + box.height - 8 if _is_free_below(look.diagram, node, box) else box.y - 9
    tag = Box(box.x + box.width / 2 - width / 2, top, width, 17)
    middle = (tag.x + width / 2, tag.y + 8.5)
    return [
        _rect(tag, "gy-tag", "#2a5bd7", "none", ' rx="4"'),
        _text((text,), middle, "gy-tag-text", "#ffffff").replace("<text ", '<text font-size="11" ', 1),
    ]


def _is_guarded(diagram: Diagram, node: Node) -> bool:
    return any(n.attached_to == node.id for n in diagram.nodes)


def _is_free_below(diagram: Diagram, node: Node, box: Box) -> bool:
    lines = diagram.drawing.lines
    ends = [lines[f.id][-1] for f in diagram.incoming(node.id)] + [lines[f.id][0] for f in diagram.outgoing(node.id)]
    return not _is_guarded(diagram, node) and all(abs(y - box.y - box.height) > 2 for _, y in ends)


_GATEWAYS = frozenset({Kind.EXCLUSIVE, Kind.PARALLEL})
_TASK, _GATEWAY, _EVENT = "task", "gateway", "event"
_SHAPES = {_TASK: _task, _GATEWAY: _gateway, _EVENT: _event}
