"""Reading a diagram: everything in it that would run code, wait on a clock or mislead is refused, all of it at once."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guiyan.process.diagram import DiagramError, digest, load, read
from guiyan.process.nodes import AnswerKind, Due, Kind
from guiyan.process.safe_xml import BYTES_MAX
from tests.process.shipped import shipped, source
from tests.process.sketch import DUE, END, START, chain, file, flow, message, node, simple, task


def settings(inside: str) -> str:
    return f"<bpmn:extensionElements>{inside}</bpmn:extensionElements>"


def codes(data: bytes) -> list[str]:
    return [p.code for p in read(data).problems]


def test_a_plain_diagram_is_read() -> None:
    diagram = load(file(simple()))
    assert [n.id for n in diagram.tasks()] == ["ask"]
    assert diagram.node("ask").due == Due(2, working=True, anchor="ready", escalate_to="")


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        (node("scriptTask", "x", "<bpmn:script>import os</bpmn:script>"), "script_task"),
        (node("serviceTask", "x"), "service_task"),
        (node("serviceTask", "x", attributes='camunda:class="Run"'), "foreign_attribute"),
        (node("businessRuleTask", "x"), "business_rule_task"),
        (node("sendTask", "x"), "unsupported_element"),
        (node("receiveTask", "x"), "unsupported_element"),
        (node("manualTask", "x"), "unsupported_element"),
        (node("task", "x"), "unsupported_element"),
        (node("callActivity", "x", attributes='calledElement="other"'), "call_activity"),
        (node("inclusiveGateway", "x"), "unsupported_element"),
        (node("complexGateway", "x"), "unsupported_element"),
        (node("eventBasedGateway", "x"), "unsupported_element"),
        (node("subProcess", "x", START + END), "sub_process"),
        (node("adHocSubProcess", "x"), "unsupported_element"),
        (node("transaction", "x"), "unsupported_element"),
        (node("dataObject", "x"), "unsupported_element"),
        (node("intermediateThrowEvent", "x"), "unsupported_element"),
        (node("intermediateCatchEvent", "x", "<bpmn:timerEventDefinition />"), "timer_event"),
        (node("startEvent", "x", "<bpmn:timerEventDefinition />"), "timer_event"),
        (node("boundaryEvent", "x", "<bpmn:timerEventDefinition />", 'attachedToRef="ask"'), "timer_event"),
        (node("intermediateCatchEvent", "x", "<bpmn:signalEventDefinition />"), "unsupported_event"),
        (node("intermediateCatchEvent", "x", "<bpmn:conditionalEventDefinition />"), "unsupported_event"),
        (node("endEvent", "x", "<bpmn:errorEventDefinition />"), "unsupported_event"),
        (task("x", "<bpmn:multiInstanceLoopCharacteristics />"), "loop"),
        (task("x", "<bpmn:standardLoopCharacteristics />"), "loop"),
        (task("x", attributes='isForCompensation="true"'), "unsupported_element"),
    ],
)
def test_what_guiyan_does_not_run_is_refused_by_name(inside: str, code: str) -> None:
    assert code in codes(file(simple() + inside))


@pytest.mark.parametrize(
    "extension",
    [
        '<camunda:executionListener event="start"><camunda:script>x</camunda:script></camunda:executionListener>',
        '<spiff:preScript xmlns:spiff="http://spiffworkflow.org/bpmn/schema/1.0/core">x = 1</spiff:preScript>',
        '<spiff:postScript xmlns:spiff="http://spiffworkflow.org/bpmn/schema/1.0/core">x = 1</spiff:postScript>',
        '<zeebe:taskDefinition xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" type="mail" />',
        '<camunda:inputOutput><camunda:inputParameter name="a">${run()}</camunda:inputParameter></camunda:inputOutput>',
    ],
)
def test_scripts_of_other_products_are_refused_even_though_they_would_be_ignored(extension: str) -> None:
    found = codes(file(simple(f"<bpmn:extensionElements>{extension}</bpmn:extensionElements>")))
    assert "foreign_extension" in found


def test_every_problem_is_told_at_once() -> None:
    body = simple() + node("scriptTask", "one") + node("serviceTask", "two") + task("three", "<gy:due/>")
    timer = node("intermediateCatchEvent", "four", "<bpmn:timerEventDefinition />")
    with pytest.raises(DiagramError) as refused:
        load(file(body + timer))
    told = {(p.code, p.where) for p in refused.value.problems}
    assert told >= {
        ("script_task", "one"),
        ("service_task", "two"),
        ("unknown_setting", "three"),
        ("bad_arrows", "three"),
        ("timer_event", "four"),
    }
    assert all(p.zh and p.en for p in refused.value.problems)


BOMB = b"""<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="&b;"/>"""
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE d SYSTEM "file:///etc/passwd">
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>"""


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (BOMB, "doctype"),
        (OUTSIDE, "doctype"),
        (BOMB.decode().encode("utf-16"), "encoding"),
        (b'<?xml version="1.0" encoding="utf-7"?><a/>', "encoding"),
        (b'<?xml version="1.0" encoding="EBCDIC-CP-US"?><a/>', "encoding"),
        (b"\xff\xfe", "encoding"),
        (b"a\0b", "encoding"),
        (b"", "not_xml"),
        (b"hello", "not_xml"),
        (b"<a>", "not_xml"),
        (b"<a/>", "not_bpmn"),
        (b" " * (BYTES_MAX + 1), "too_big"),
        (file(simple() + "<bpmn:documentation>" * 30 + "</bpmn:documentation>" * 30), "too_big"),
        (file(simple() + "<bpmn:documentation/>" * 11_000), "too_big"),
    ],
)
def test_hostile_or_broken_bytes_are_refused_before_they_are_understood(data: bytes, code: str) -> None:
    assert codes(data) == [code]


@pytest.mark.parametrize(
    ("condition", "reason"),
    [
        ("open('/etc/passwd')", "open"),
        ("().__class__.__bases__", "."),
        ("x = 1", "="),
        ("", "empty"),
    ],
)
def test_a_condition_outside_the_language_is_refused(condition: str, reason: str) -> None:
    choice = node("exclusiveGateway", "choice", attributes='default="no"')
    body = START + choice + task("ask") + END + chain("start", "choice") + chain("ask", "end")
    escaped = condition.replace("&", "&amp;").replace("<", "&lt;")
    arrow = f'<bpmn:sequenceFlow id="yes" sourceRef="choice" targetRef="ask"><bpmn:conditionExpression>{escaped}'
    arrow += "</bpmn:conditionExpression></bpmn:sequenceFlow>"
    found = read(file(body + arrow + flow("choice", "end", flow_id="no"))).problems
    assert [p.where for p in found if p.code == "condition_refused"] == ["yes"]
    assert reason in " ".join(p.en for p in found)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (task("ask") + END + chain("ask", "end"), "one_start"),
        (START + node("startEvent", "again") + END + chain("start", "end") + flow("again", "end"), "one_start"),
        (START + END + chain("start", "end") + flow("end", "start"), "bad_arrows"),
        (START + task("ask") + chain("start", "ask"), "bad_arrows"),
        (START + task("ask") + END + chain("start", "ask", "nowhere"), "loose_flow"),
        (
            START + task("ask") + END + node("endEvent", "two") + chain("start", "ask", "end") + flow("ask", "two"),
            "hidden_split",
        ),
        (START + task("ask") + END + chain("ask", "end") + flow("start", "ask", "True"), "loose_condition"),
        (START + task("ask") + END + chain("start", "ask", "end") + flow("ask", "end", flow_id="b"), "double_flow"),
        (START + node("intermediateCatchEvent", "wait") + END + chain("start", "wait", "end"), "bad_message"),
        (simple() + node("boundaryEvent", "b", attributes='attachedToRef="start"') + flow("b", "end"), "bad_boundary"),
        (simple(DUE, 'gy:colour="red"'), "unknown_setting"),
        (simple(settings("<gy:due hours='2'/>")), "bad_due"),
        (
            simple("<bpmn:extensionElements><gy:due workingDays='2' calendarDays='2'/></bpmn:extensionElements>"),
            "bad_due",
        ),
        (simple(settings("<gy:due workingDays='-2'/>")), "bad_due"),
        (simple(settings("<gy:due workingDays='999'/>")), "bad_due"),
        (simple(settings("<gy:answer name='A' type='boolean'/>")), "bad_answer"),
        (simple(settings("<gy:answer name='a' type='money'/>")), "bad_answer"),
        (simple(settings("<gy:answer name='a' type='choice'/>")), "bad_answer"),
        (simple().replace('id="ask"', 'id="a b"'), "bad_id"),
        (simple().replace('gy:form="form"', 'gy:form="../x"'), "bad_form"),
        (simple() + task("ask"), "double_id"),
        (simple().replace('name="ask"', f'name="{"长" * 81}"'), "name_too_long"),
    ],
)
def test_a_diagram_that_does_not_hang_together_is_refused(body: str, code: str) -> None:
    assert code in codes(file(body))


def test_a_choice_must_say_what_happens_otherwise() -> None:
    choice = node("exclusiveGateway", "choice")
    body = START + choice + task("ask") + END + chain("start", "choice") + chain("ask", "end")
    ways = flow("choice", "ask", "True") + flow("choice", "end")
    assert "choice_without_default" in codes(file(body + ways))


def test_a_boundary_event_that_lets_the_task_go_on_is_refused() -> None:
    declared, waits = message("manager.silent")
    guard = node("boundaryEvent", "late", waits, 'attachedToRef="ask" cancelActivity="false"')
    assert codes(file(simple() + guard + flow("late", "end"), outside=declared)) == ["boundary_goes_on"]
    guard = node("boundaryEvent", "late", waits, 'attachedToRef="ask"')
    assert codes(file(simple() + guard + flow("late", "end"), outside=declared)) == []


def test_two_event_sub_processes_cannot_wait_for_the_same_message() -> None:
    declared, waits = message("withdrawal.received")
    body = simple()
    for name in ("one", "two"):
        inside = (
            node("startEvent", f"{name}_s", waits) + node("endEvent", f"{name}_e") + chain(f"{name}_s", f"{name}_e")
        )
        body += node("subProcess", name, inside, 'triggeredByEvent="true"')
    assert codes(file(body, outside=declared)) == ["double_message", "double_message"]


def test_what_is_not_drawn_is_refused_because_nobody_would_see_it() -> None:
    found = read(file(simple(), drawn=False)).problems
    assert {(p.code, p.where) for p in found} >= {("not_drawn", "ask"), ("not_drawn", "start_ask")}
    assert "bad_drawing" in codes(file(simple()).replace(b'width="100"', b'width="nan"'))
    assert "bad_drawing" in codes(file(simple()).replace(b'width="100"', b'width="0"'))


def test_the_digest_is_of_the_exact_bytes() -> None:
    data = file(simple())
    assert load(data).sha256 == hashlib.sha256(data).hexdigest() == digest(data)
    assert load(data + b"\n").sha256 != load(data).sha256


def test_lanes_deadlines_answers_and_event_sub_processes_are_read() -> None:
    diagram = shipped("resignation")
    assert [(lane.name, lane.role) for lane in diagram.lanes] == [
        ("员工", "employee"),
        ("直属主管", "direct_manager"),
        ("HR", "hr"),
        ("法务", "legal"),
        ("IT", "it"),
        ("财务", "finance"),
        ("行政", "admin"),
    ]
    manager = diagram.node("manager_ack")
    assert (diagram.role_of(manager), manager.form) == ("direct_manager", "manager_ack")
    assert manager.due == Due(2, working=True, anchor="ready", escalate_to="hr")
    assert [(a.name, a.kind) for a in manager.answers] == [("manager_agrees_earlier", AnswerKind.BOOLEAN)]
    assert diagram.node("certificate").due == Due(0, working=False, anchor="last_day", escalate_to="hr_lead")
    consented, intake = diagram.scope("withdrawal_consented"), diagram.scope("withdrawal_intake")
    assert (consented.message, consented.interrupting) == ("withdrawal.consented", True)
    assert (intake.message, intake.interrupting) == ("withdrawal.received", False)
    assert diagram.node("restore_pay").scope == "withdrawal_consented"
    assert diagram.role_of(diagram.node("restore_pay")) == "finance"
    assert shipped("withdrawal").node("refused").kind is Kind.TERMINATE


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    assert read(data).problems


@given(st.integers(0, 12_000), st.integers(0, 60), st.sampled_from([b"", b"<", b'"', b"&", b"<x/>", b"-1", b"\xff"]))
def test_a_damaged_diagram_is_read_or_refused_and_never_breaks_the_reader(at: int, cut: int, put: bytes) -> None:
    good = source("withdrawal")
    reading = read(good[:at] + put + good[at + cut :])
    assert (reading.diagram is None) is bool(reading.problems)
