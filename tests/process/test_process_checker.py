"""The checker finds what would strand a case, before a case is on it."""

import pytest

from guiyan.process import checker
from guiyan.process.checker import check, positions
from tests.process.shipped import NAMES, shipped
from tests.process.sketch import DUE, END, START, chain, diagram, flow, message, node, simple, task

AND, AND2 = node("parallelGateway", "fork"), node("parallelGateway", "join")
XOR, XOR2 = node("exclusiveGateway", "choose", attributes='default="choose_b"'), node("exclusiveGateway", "merge")
ANSWER = '<gy:answer name="yes" type="boolean" />'
ASKS = f'<bpmn:extensionElements><gy:due workingDays="2" />{ANSWER}</bpmn:extensionElements>'
OTHERWISE_END = flow("choose", "end", flow_id="choose_b")
TWO = task("a") + task("b")


def codes(body: str, outside: str = "") -> set[tuple[str, str]]:
    return {(p.code, p.where) for p in check(diagram(body, outside=outside))}


@pytest.mark.parametrize("name", NAMES)
def test_the_shipped_processes_are_sound(name: str) -> None:
    assert check(shipped(name)) == ()


def test_sound_patterns_pass() -> None:
    ways = chain("fork", "a", "join") + chain("fork", "b", "join")
    assert codes(START + AND + TWO + AND2 + END + chain("start", "fork") + ways + chain("join", "end")) == set()
    ways = flow("choose", "a", "yes") + flow("choose", "b") + chain("a", "merge") + chain("b", "merge")
    body = START + task("ask", ASKS) + XOR + TWO + XOR2 + END
    assert codes(body + chain("start", "ask", "choose") + ways + chain("merge", "end")) == set()


def test_a_choice_that_is_joined_as_if_both_ways_were_taken_deadlocks() -> None:
    ways = flow("choose", "a", "yes") + flow("choose", "b") + chain("a", "join") + chain("b", "join")
    body = START + task("ask", ASKS) + XOR + TWO + AND2 + END
    found = codes(body + chain("start", "ask", "choose") + ways + chain("join", "end"))
    assert ("deadlock", "join") in found
    assert ("unreachable", "end") in found


def test_a_deadlock_is_found_even_where_an_event_sub_process_could_end_the_process() -> None:
    declared, waits = message("withdrawal.consented")
    inside = node("startEvent", "rescue_start", waits) + node("endEvent", "rescue_end")
    inside += chain("rescue_start", "rescue_end")
    rescue = node("subProcess", "rescue", inside, 'triggeredByEvent="true"')
    ways = flow("choose", "a", "yes") + flow("choose", "b") + chain("a", "join") + chain("b", "join")
    body = START + task("ask", ASKS) + XOR + TWO + AND2 + END + rescue
    assert ("deadlock", "join") in codes(body + chain("start", "ask", "choose") + ways + chain("join", "end"), declared)


def test_two_ways_merged_as_if_only_one_were_taken_would_ask_twice() -> None:
    ways = chain("fork", "a", "merge") + chain("fork", "b", "merge")
    body = START + AND + TWO + XOR2 + task("once") + END + chain("start", "fork") + ways + chain("merge", "once", "end")
    assert ("asked_twice", "once") in codes(body)


def test_a_step_nobody_can_come_to_is_found() -> None:
    circle = task("a") + task("b") + chain("a", "b", "a")
    body = START + task("ask") + END + chain("start", "ask", "end") + circle
    assert {("unreachable", "a"), ("unreachable", "b")} <= codes(body)


def test_a_process_that_can_never_end_is_found() -> None:
    gate = node("exclusiveGateway", "merge")
    body = START + gate + TWO + chain("start", "merge", "a", "b", "merge")
    assert any(code == "never_ends" for code, _ in codes(body))


def test_a_circle_without_a_question_is_found() -> None:
    body = START + task("ask", ASKS) + node("exclusiveGateway", "merge") + XOR + END
    ways = (
        chain("start", "ask", "merge", "choose")
        + flow("choose", "merge", "yes")
        + flow("choose", "end", flow_id="choose_b")
    )
    assert any(code == "endless_loop" for code, _ in codes(body + ways))


def test_a_circle_with_a_question_is_sound() -> None:
    body = START + node("exclusiveGateway", "merge") + task("ask", ASKS) + XOR + END
    ways = (
        chain("start", "merge", "ask", "choose")
        + flow("choose", "merge", "yes")
        + flow("choose", "end", flow_id="choose_b")
    )
    assert codes(body + ways) == set()


def test_a_choice_that_asks_for_what_may_not_be_answered_yet_is_found() -> None:
    ways = flow("choose", "a", "yes and other") + flow("choose", "b") + chain("a", "merge") + chain("b", "merge")
    body = START + task("ask", ASKS) + XOR + TWO + XOR2 + END + chain("start", "ask", "choose") + ways
    found = check(diagram(body + chain("merge", "end")))
    assert [(p.code, p.where) for p in found] == [("answer_not_given", "choose")]
    assert "other" in found[0].en
    optional = body.replace('type="boolean"', 'type="boolean" required="false"').replace(" and other", "")
    assert [p.code for p in check(diagram(optional + chain("merge", "end")))] == ["answer_not_given"]


PICK = '<gy:answer name="pick" type="choice" choices="agree disagree" />'


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ("pick == 'agree'", None),
        ("yes and pick == 'agree'", None),
        ("yes or not yes", "condition_constant"),
        ("pick == 'agreed'", "condition_constant"),
        ("1 == 1", "condition_constant"),
        ("pick", "condition_undecidable"),
        ("yes and pick", "condition_undecidable"),
        ("yes or pick > 3", "condition_undecidable"),
        ("1 / count == 1", "condition_undecidable"),
    ],
)
def test_a_condition_is_tried_with_the_answers_that_can_be_given(condition: str, code: str | None) -> None:
    count = '<gy:answer name="count" type="integer" />'
    asks = ASKS.replace(ANSWER, ANSWER + PICK + count)
    ways = flow("choose", "a", condition.replace(">", "&gt;")) + flow("choose", "b") + chain("a", "merge")
    body = START + task("ask", asks) + XOR + TWO + XOR2 + END + chain("start", "ask", "choose") + chain("b", "merge")
    assert codes(body + ways + chain("merge", "end")) == ({(code, "choose_a")} if code else set())


def test_one_answer_cannot_have_two_types() -> None:
    other = ASKS.replace('type="boolean"', 'type="text"')
    body = START + task("a", ASKS) + task("b", other) + END + chain("start", "a", "b", "end")
    assert codes(body) == {("answer_two_kinds", "yes")}


def test_a_process_too_large_to_be_proved_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checker, "POSITIONS_MAX", 100)
    many = [f"t{n}" for n in range(8)]
    body = START + AND + "".join(task(name) for name in many) + AND2 + END + chain("start", "fork")
    body += "".join(chain("fork", name, "join") for name in many) + chain("join", "end")
    assert ("too_many_positions", "") in codes(body)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (simple().replace('gy:role="hr"', ""), "unknown_role"),
        (simple().replace('gy:role="hr"', 'gy:role="boss"'), "unknown_role"),
        (simple().replace('gy:form="form"', ""), "no_form"),
        (simple(""), "no_due"),
        (simple(DUE.replace("/>", 'from="birthday" />', 1)), "unknown_anchor"),
        (simple(DUE.replace("/>", 'escalateTo="boss" />', 1)), "unknown_role"),
        (simple().replace('name="ask"', ""), "no_name"),
    ],
)
def test_a_task_without_somebody_a_form_or_a_deadline_is_found(body: str, code: str) -> None:
    assert (code, "ask") in codes(body)


def test_a_task_that_stands_in_the_lane_of_another_role_is_found() -> None:
    ref = "<bpmn:flowNodeRef>ask</bpmn:flowNodeRef>"
    lanes = (
        f'<bpmn:laneSet id="lanes"><bpmn:lane id="lane" name="财务" gy:role="finance">{ref}</bpmn:lane></bpmn:laneSet>'
    )
    assert ("role_not_of_lane", "ask") in codes(lanes + simple())
    assert codes(lanes + simple().replace('gy:role="hr"', "")) == set()
    unknown = lanes.replace('gy:role="finance"', 'gy:role="boss"')
    assert ("unknown_role", "lane") in codes(unknown + simple())


def test_forms_that_do_not_exist_are_found_when_it_is_told_which_do() -> None:
    assert [p.code for p in check(diagram(simple()), forms={"other"})] == ["unknown_form"]
    assert check(diagram(simple()), forms={"form"}) == ()


def test_certificate_and_pay_can_stand_beside_every_other_open_step() -> None:
    """Nothing else has to be finished for the certificate or the wages to be on somebody's desk."""
    process = shipped("resignation")
    others = {
        n.id for n in process.tasks() if n.scope == "" and n.id not in {"certificate", "file_transfer", "final_pay"}
    }
    for must_not_wait in ("certificate", "final_pay"):
        beside = {other for together in positions(process) if must_not_wait in together for other in together}
        assert beside >= others
