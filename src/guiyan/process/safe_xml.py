"""Opening a diagram's bytes without trusting them, and naming everything in it that Guiyan does not run.

What is allowed is a list; whatever is not on it is refused. A diagram that says it would run a script, call a
service or wait for a timer is refused even though nothing here would run it: to ignore it would be to lie about it.
"""

import re
from collections.abc import Iterator
from typing import Final

from lxml import etree

from guiyan.process.problems import Problem

BPMN: Final = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI: Final = "http://www.omg.org/spec/BPMN/20100524/DI"
DC: Final = "http://www.omg.org/spec/DD/20100524/DC"
DI: Final = "http://www.omg.org/spec/DD/20100524/DI"
XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
GY: Final = "urn:guiyan:process:1"
"""The namespace of our own settings: gy:role, gy:form, gy:en, gy:due, gy:answer, gy:doc."""

BYTES_MAX: Final = 1024 * 1024
ELEMENTS_MAX: Final = 10_000
DEPTH_MAX: Final = 24

_DECLARATION = re.compile(r"<\?xml\s[^>]*?encoding\s*=\s*[\"']([^\"']*)[\"']")
_IDS = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,99}")
_RUN = frozenset(
    [
        "startEvent",
        "endEvent",
        "userTask",
        "exclusiveGateway",
        "parallelGateway",
        "intermediateCatchEvent",
        "boundaryEvent",
        "subProcess",
        "sequenceFlow",
        "incoming",
        "outgoing",
        "conditionExpression",
        "messageEventDefinition",
        "terminateEventDefinition",
    ]
)
_AROUND = frozenset(
    [
        "definitions",
        "collaboration",
        "participant",
        "process",
        "laneSet",
        "lane",
        "flowNodeRef",
        "documentation",
        "extensionElements",
        "message",
        "textAnnotation",
        "text",
        "association",
    ]
)
_OUR_ELEMENTS = frozenset({"due", "answer", "doc"})
_OUR_ATTRIBUTES = frozenset({"role", "form", "en"})
_DRAWING = frozenset({BPMNDI, DC, DI})

_REASONS: Final[dict[str, tuple[str, str, str]]] = {
    "scriptTask": ("script_task", "脚本任务不能运行；请改为用户任务。", "A script task is never run; use a user task."),
    "script": ("script_task", "流程图中不能含有脚本。", "A diagram cannot hold a script."),
    "serviceTask": (
        "service_task",
        "服务任务不能运行；系统动作由程序在任务完成时执行。",
        "A service task is never run; the program acts when a user task is completed.",
    ),
    "businessRuleTask": (
        "business_rule_task",
        "规则任务不能运行；法律规则由系统判断。",
        "A business rule task is never run; the rules of law are asked by the program.",
    ),
    "timerEventDefinition": (
        "timer_event",
        "流程图中不能有定时事件；期限按工作日写在任务的 gy:due 中。",
        "Timer events are not used; write the deadline of the task as gy:due, in working days.",
    ),
    "multiInstanceLoopCharacteristics": ("loop", "不支持多实例任务。", "Tasks that run many times are not supported."),
    "standardLoopCharacteristics": ("loop", "不支持循环任务；请用网关画出回路。", "Draw a loop with gateways."),
    "callActivity": (
        "call_activity",
        "不支持调用活动；另一流程由消息启动。",
        "A call activity is not supported; start the other process by its message.",
    ),
}


class Opened:
    """The outcome of opening: the root element, or None, and every problem found on the way."""

    def __init__(self, root: etree._Element | None, problems: tuple[Problem, ...]) -> None:
        self.root = root
        self.problems = problems


def open_safely(data: bytes) -> Opened:
    """Parse the bytes of a diagram without entities, external files or network; then list what is not allowed in it.

    The root is None when the bytes could not be parsed safely at all.
    """
    problem = _refused_before_parsing(data)
    if problem is not None:
        return Opened(None, (problem,))
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        line = error.lineno or 1
        text = f"This is not a well-formed XML file (line {line})."
        return Opened(None, (Problem("not_xml", "", f"文件不是格式正确的 XML（第 {line} 行）。", text),))
    if root.tag != f"{{{BPMN}}}definitions":
        return Opened(None, (Problem("not_bpmn", "", "文件不是 BPMN 2.0 流程图。", "This is not a BPMN 2.0 diagram."),))
    too_much = _size_problem(root)
    if too_much is not None:
        return Opened(None, (too_much,))
    return Opened(root, tuple(dict.fromkeys([*_element_problems(root), *_id_problems(root)])))


def local(element: etree._Element) -> str:
    """The name of the element without its namespace."""
    return str(etree.QName(element).localname)


def named(element: etree._Element) -> str:
    """The id of the element, or of the nearest element around it that has one."""
    current: etree._Element | None = element
    while current is not None:
        if current.get("id"):
            return str(current.get("id"))
        current = current.getparent()
    return ""


def _refused_before_parsing(data: bytes) -> Problem | None:
    if len(data) > BYTES_MAX:
        kib = BYTES_MAX // 1024
        return Problem("too_big", "", f"文件超过 {kib} KiB。", f"The file is larger than {kib} KiB.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return Problem("encoding", "", "文件必须是 UTF-8 编码。", "The file must be encoded in UTF-8.")
    declared = _DECLARATION.match(text)
    if (declared and declared.group(1).lower() not in {"utf-8", "utf8"}) or "\0" in text:
        return Problem("encoding", "", "文件必须是 UTF-8 编码。", "The file must be encoded in UTF-8.")
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        english = "The file declares a document type or entities; that is not allowed."
        return Problem("doctype", "", "文件含有文档类型或实体声明，不允许使用。", english)
    return None


def _size_problem(root: etree._Element) -> Problem | None:
    count, stack = 0, [(root, 1)]
    while stack:
        element, depth = stack.pop()
        count += 1
        if count > ELEMENTS_MAX or depth > DEPTH_MAX:
            return Problem(
                "too_big", "", "流程图的元素太多或嵌套太深。", "The diagram has too many or too deeply nested elements."
            )
        stack.extend((child, depth + 1) for child in element)
    return None


def _element_problems(root: etree._Element) -> Iterator[Problem]:
    for element in root.iter():
        namespace = etree.QName(element).namespace
        if namespace == BPMN:
            yield from _bpmn_problems(element)
        elif namespace == GY:
            yield from _our_problems(element)
        elif namespace not in _DRAWING and not _within_drawing(element):
            name = local(element)
            english = f"“{name}” is an extension of another product; what it asks for would not happen."
            chinese = f"“{name}”是其他产品的扩展，系统不会执行它。"
            yield Problem("foreign_extension", named(element), chinese, english)


def _within_drawing(element: etree._Element) -> bool:
    return any(etree.QName(above).namespace in _DRAWING for above in element.iterancestors())


def _bpmn_problems(element: etree._Element) -> Iterator[Problem]:
    name, where = local(element), named(element)
    if name in _REASONS:
        yield Problem(_REASONS[name][0], where, *_REASONS[name][1:])
    elif name not in _RUN and name not in _AROUND:
        code = "unsupported_event" if name.endswith("EventDefinition") else "unsupported_element"
        yield Problem(code, where, f"不支持元素“{name}”。", f"The element “{name}” is not supported.")
    if name == "subProcess" and element.get("triggeredByEvent") != "true":
        english = "Only event sub-processes are supported; draw the steps in the process itself."
        yield Problem("sub_process", where, "只支持事件子流程；请把步骤直接画在流程中。", english)
    if element.get("isForCompensation") == "true" or element.get("startQuantity", "1") != "1":
        yield Problem(
            "unsupported_element", where, "不支持补偿与批量启动。", "Compensation and quantities are not supported."
        )
    if name == "conditionExpression" and element.get("language"):
        english = "A condition is written in Guiyan's own expression language; remove the language attribute."
        yield Problem("condition_language", where, "条件只能用系统的表达式语言；请删去 language 属性。", english)
    yield from _attribute_problems(element, where)


def _attribute_problems(element: etree._Element, where: str) -> Iterator[Problem]:
    for attribute in element.attrib:
        qualified = etree.QName(str(attribute))
        name = qualified.localname
        if qualified.namespace == GY and name not in _OUR_ATTRIBUTES:
            yield Problem("unknown_setting", where, f"没有名为 gy:{name} 的设置。", f"There is no setting gy:{name}.")
        elif qualified.namespace not in {None, GY, XSI}:
            english = f"“{name}” is an extension of another product; what it asks for would not happen."
            yield Problem("foreign_attribute", where, f"“{name}”是其他产品的扩展，系统不会执行它。", english)


def _our_problems(element: etree._Element) -> Iterator[Problem]:
    name, parent = local(element), element.getparent()
    inside = parent is not None and parent.tag == f"{{{BPMN}}}extensionElements"
    if name not in _OUR_ELEMENTS or not inside:
        where = named(element)
        yield Problem("unknown_setting", where, f"没有名为 gy:{name} 的设置。", f"There is no setting gy:{name}.")


def _id_problems(root: etree._Element) -> Iterator[Problem]:
    seen: set[str] = set()
    for element in root.iter():
        found = element.get("id")
        if found is None:
            continue
        if not _IDS.fullmatch(found):
            english = "An id starts with a letter and has letters, digits, “_”, “.” and “-”, 100 at most."
            yield Problem(
                "bad_id", found[:40], "编号只能用英文字母、数字、“_”“.”“-”，以字母开头，最多 100 个字符。", english
            )
        if found in seen:
            yield Problem("double_id", found[:40], "编号重复。", "Two elements have this id.")
        seen.add(found)
