"""Small diagrams for tests: give the steps as BPMN, get a complete file with a drawing."""

from itertools import pairwise

from lxml import etree

from guiyan.process.diagram import load
from guiyan.process.nodes import Diagram
from guiyan.process.safe_xml import BPMN, BPMNDI, DC, DI, GY, XSI

_BOXES = {
    "startEvent", "endEvent", "userTask", "exclusiveGateway", "parallelGateway", "intermediateCatchEvent",
    "boundaryEvent", "subProcess", "textAnnotation", "participant", "lane",
}  # fmt: skip
DUE = '<bpmn:extensionElements><gy:due workingDays="2" /></bpmn:extensionElements>'


def file(body: str, *, outside: str = "", drawn: bool = True) -> bytes:
    """The bytes of a diagram whose process holds `body`; `outside` stands beside the process."""
    text = (
        f'<bpmn:definitions xmlns:bpmn="{BPMN}" xmlns:bpmndi="{BPMNDI}" xmlns:dc="{DC}" xmlns:di="{DI}"'
        f' xmlns:xsi="{XSI}" xmlns:gy="{GY}" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" id="defs">'
        f'<bpmn:process id="proc" name="流程" isExecutable="true">{body}</bpmn:process>{outside}'
        "</bpmn:definitions>"
    )
    root = etree.fromstring(text.encode())
    if drawn:
        _draw(root)
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True))


def diagram(body: str, *, outside: str = "") -> Diagram:
    return load(file(body, outside=outside))


def task(node_id: str, inside: str = DUE, attributes: str = "") -> str:
    set_up = f'id="{node_id}" name="{node_id}" gy:form="form" gy:role="hr" {attributes}'
    return f"<bpmn:userTask {set_up}>{inside}</bpmn:userTask>"


def node(tag: str, node_id: str, inside: str = "", attributes: str = "") -> str:
    return f'<bpmn:{tag} id="{node_id}" {attributes}>{inside}</bpmn:{tag}>'


def flow(source: str, target: str, condition: str = "", flow_id: str = "") -> str:
    inside = f"<bpmn:conditionExpression>{condition}</bpmn:conditionExpression>" if condition else ""
    name = flow_id or f"{source}_{target}"
    return f'<bpmn:sequenceFlow id="{name}" sourceRef="{source}" targetRef="{target}">{inside}</bpmn:sequenceFlow>'


def chain(*ids: str) -> str:
    return "".join(flow(source, target) for source, target in pairwise(ids))


def message(name: str) -> tuple[str, str]:
    """The declaration of a message, and what an event that waits for it holds."""
    key = "m_" + name.replace(".", "_")
    return f'<bpmn:message id="{key}" name="{name}" />', f'<bpmn:messageEventDefinition messageRef="{key}" />'


START, END = node("startEvent", "start"), node("endEvent", "end")


def simple(inside: str = DUE, attributes: str = "") -> str:
    """Start, one task, end."""
    return START + task("ask", inside, attributes) + END + chain("start", "ask", "end")


def _draw(root: etree._Element) -> None:
    plane = etree.SubElement(etree.SubElement(root, f"{{{BPMNDI}}}BPMNDiagram"), f"{{{BPMNDI}}}BPMNPlane")
    for number, element in enumerate(root.iter(f"{{{BPMN}}}*")):
        name = etree.QName(element).localname
        if name in _BOXES:
            shape = etree.SubElement(plane, f"{{{BPMNDI}}}BPMNShape", bpmnElement=element.get("id", ""))
            etree.SubElement(shape, f"{{{DC}}}Bounds", x=str(number * 10), y="0", width="100", height="60")
        elif name == "sequenceFlow":
            edge = etree.SubElement(plane, f"{{{BPMNDI}}}BPMNEdge", bpmnElement=element.get("id", ""))
            for x in ("0", "50"):
                etree.SubElement(edge, f"{{{DI}}}waypoint", x=x, y="10")
