"""Reading where a diagram is drawn. What is not drawn cannot be shown to the people it asks, so it is refused."""

import math
from collections.abc import Iterator
from types import MappingProxyType

from lxml import etree

from guiyan.process.nodes import Box, Drawing, Points
from guiyan.process.problems import Problem
from guiyan.process.safe_xml import BPMN, BPMNDI, DC, DI

COORDINATE_MAX = 20_000.0
_SHOWN = frozenset(
    [
        "participant",
        "lane",
        "startEvent",
        "endEvent",
        "userTask",
        "exclusiveGateway",
        "parallelGateway",
        "intermediateCatchEvent",
        "boundaryEvent",
        "subProcess",
        "textAnnotation",
    ]
)


def read_drawing(root: etree._Element) -> tuple[Drawing, tuple[Problem, ...]]:
    """The places of everything drawn, and what is missing or cannot be drawn."""
    boxes: dict[str, Box] = {}
    lines: dict[str, Points] = {}
    labels: dict[str, Box] = {}
    problems: list[Problem] = []
    for shape in (*root.iter(f"{{{BPMNDI}}}BPMNShape"), *root.iter(f"{{{BPMNDI}}}BPMNEdge")):
        element_id = str(shape.get("bpmnElement") or "")
        try:
            _read_one(shape, element_id, boxes, lines, labels)
        except ValueError:
            text = "Its place in the drawing is not a number, or far outside."
            problems.append(Problem("bad_drawing", element_id[:40], "图上的位置不是数字，或超出范围。", text))
    problems += _missing(root, boxes, lines)
    drawing = Drawing(MappingProxyType(boxes), MappingProxyType(lines), MappingProxyType(labels))
    return drawing, tuple(problems)


def _read_one(
    shape: etree._Element, element_id: str, boxes: dict[str, Box], lines: dict[str, Points], labels: dict[str, Box]
) -> None:
    label = shape.find(f"{{{BPMNDI}}}BPMNLabel/{{{DC}}}Bounds")
    if label is not None:
        labels[element_id] = _box(label)
    bounds = shape.find(f"{{{DC}}}Bounds")
    if bounds is not None:
        boxes[element_id] = _box(bounds)
        return
    points = tuple((_number(p, "x"), _number(p, "y")) for p in shape.iterchildren(f"{{{DI}}}waypoint"))
    if len(points) < 2:
        raise ValueError("a line needs two points")
    lines[element_id] = points


def _box(bounds: etree._Element) -> Box:
    box = Box(*(_number(bounds, name) for name in ("x", "y", "width", "height")))
    if box.width <= 0 or box.height <= 0:
        raise ValueError("a box needs a size")
    return box


def _number(element: etree._Element, name: str) -> float:
    value = float(element.get(name, ""))
    if not math.isfinite(value) or abs(value) > COORDINATE_MAX:
        raise ValueError("outside")
    return value


def _missing(root: etree._Element, boxes: dict[str, Box], lines: dict[str, Points]) -> Iterator[Problem]:
    for element in root.iter():
        name = etree.QName(element)
        if name.namespace != BPMN:
            continue
        element_id = str(element.get("id") or "")
        drawn = boxes if name.localname in _SHOWN else lines if name.localname == "sequenceFlow" else None
        if drawn is not None and element_id not in drawn:
            yield Problem("not_drawn", element_id, "这个元素没有画在图上。", "This element is not in the drawing.")
