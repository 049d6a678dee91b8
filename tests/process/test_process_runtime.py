"""Instances go where the diagram says, remember where they are, and refuse what does not belong to the moment."""

import json
import random
from collections.abc import Iterator, Mapping

import pytest

from guiyan.process.checker import positions
from guiyan.process.diagram import load
from guiyan.process.engine import RestrictedEngine, StepError
from guiyan.process.nodes import AnswerKind, Diagram, Kind, NodeState
from guiyan.process.runtime import (
    Instance,
    OpenTask,
    Status,
    What,
    cancel,
    complete,
    difference,
    node_states,
    receive,
    start,
)
from tests.process.shipped import shipped, source
from tests.process.sketch import END, START, chain, diagram, flow, message, node, simple, task

RESIGNATION, WITHDRAWAL = shipped("resignation"), shipped("withdrawal")
NO = {"manager_ack": {"manager_agrees_earlier": False}, "hr_ack": {"hr_agrees_earlier": False}}


def open_nodes(instance: Instance) -> set[str]:
    return {task.node for task in instance.open}


def answer(process: Diagram, instance: Instance, node_id: str, **given: bool | str) -> Instance:
    key = next(task.key for task in instance.open if task.node == node_id)
    return complete(process, instance, key, given or NO.get(node_id, {}))


def any_answers(process: Diagram, node_id: str, dice: random.Random) -> dict[str, bool | str]:
    given: dict[str, bool | str] = {}
    for asked in process.node(node_id).answers:
        given[asked.name] = dice.choice([True, False] if asked.kind is AnswerKind.BOOLEAN else list(asked.choices))
    return given


def stored(instance: Instance) -> Instance:
    """The instance after a night in the database."""
    return Instance.from_json(json.loads(json.dumps(instance.to_json())))


def walk(process: Diagram, seed: int, *, expected: Mapping[str, bool]) -> Iterator[Instance]:
    """A whole life of the process in an order drawn by lot, kept in the database between steps. `expected` names
    the messages that may be drawn."""
    dice = random.Random(seed)
    first = process.start().message
    instance = start(process, message=first)
    yield instance
    while instance.status is Status.RUNNING:
        messages = [m for m in instance.expects if expected.get(m)]
        moves: list[OpenTask | str] = [*instance.open, *messages]
        move = dice.choice(moves)
        if isinstance(move, str):
            instance = receive(process, stored(instance), move)
        else:
            instance = complete(process, stored(instance), move.key, any_answers(process, move.node, dice))
        yield instance


def refused(code: str) -> "pytest.RaisesExc[StepError]":
    return pytest.raises(StepError, match=rf"\b{code}\b")


# The resignation.


def test_arrival_asks_everybody_at_once_and_waits_for_nobody() -> None:
    instance = start(RESIGNATION)
    assert open_nodes(instance) == {
        "manager_ack", "hr_ack", "handover_plan", "legal_reminder", "access_return", "accounts_clear", "badge_return",
    }  # fmt: skip
    assert set(instance.expects) == {"withdrawal.received", "withdrawal.consented", "last_day.near"}


def test_certificate_and_pay_come_when_the_last_day_is_near_whatever_else_is_open() -> None:
    before = start(RESIGNATION)
    instance = receive(RESIGNATION, before, "last_day.near")
    assert {t.node for t in difference(before, instance).opened} == {"certificate", "final_pay"}
    instance = answer(RESIGNATION, instance, "certificate")
    instance = answer(RESIGNATION, instance, "final_pay")
    assert open_nodes(instance) == open_nodes(before) | {"file_transfer"}
    assert instance.status is Status.RUNNING


def test_certificate_does_not_wait_for_pay_nor_pay_for_the_certificate() -> None:
    instance = receive(RESIGNATION, start(RESIGNATION), "last_day.near")
    assert "file_transfer" in open_nodes(answer(RESIGNATION, instance, "certificate"))
    assert "certificate" in open_nodes(answer(RESIGNATION, instance, "final_pay"))


@pytest.mark.parametrize(("manager", "hr"), [(True, True), (True, False), (False, True), (False, False)])
def test_an_earlier_day_is_recorded_only_when_both_agree(manager: bool, hr: bool) -> None:
    instance = answer(RESIGNATION, start(RESIGNATION), "manager_ack", manager_agrees_earlier=manager)
    assert "earlier_day" not in open_nodes(instance)
    instance = answer(RESIGNATION, instance, "hr_ack", hr_agrees_earlier=hr)
    assert ("earlier_day" in open_nodes(instance)) is (manager and hr)
    assert ("earlier_no" in instance.taken) is not (manager and hr)


def test_the_handover_goes_from_plan_to_work_to_acceptance() -> None:
    instance = start(RESIGNATION)
    for step, following in [("handover_plan", "handover_do"), ("handover_do", "handover_accept")]:
        instance = answer(RESIGNATION, instance, step)
        assert following in open_nodes(instance)
    assert "handover_accept" not in open_nodes(answer(RESIGNATION, instance, "handover_accept"))


def test_the_exit_is_over_only_when_everything_is_done() -> None:
    instance = receive(RESIGNATION, start(RESIGNATION), "last_day.near")
    while instance.open:
        assert instance.status is Status.RUNNING
        instance = answer(RESIGNATION, instance, instance.open[-1].node)
    assert (instance.status, instance.outcome, instance.expects) == (Status.ENDED, "closed", ())


@pytest.mark.parametrize("seed", range(8))
def test_a_withdrawal_is_taken_in_at_every_step_until_the_end(seed: int) -> None:
    met: set[str] = set()
    for instance in walk(RESIGNATION, seed, expected={"last_day.near": True}):
        if instance.status is not Status.RUNNING:
            with refused("message_not_expected"):
                receive(RESIGNATION, instance, "withdrawal.received")
            continue
        taken_in = receive(RESIGNATION, instance, "withdrawal.received")
        assert taken_in.open == instance.open
        assert taken_in.status is Status.RUNNING
        assert set(taken_in.expects) == set(instance.expects)
        again = receive(RESIGNATION, taken_in, "withdrawal.received")
        assert again.open == instance.open
        met |= open_nodes(instance)
    assert met >= {n.id for n in RESIGNATION.tasks() if n.scope == ""} - {"earlier_day"}


@pytest.mark.parametrize("seed", range(8))
def test_a_consented_withdrawal_interrupts_at_every_step_and_restores(seed: int) -> None:
    restore = {"restore_records", "restore_access", "restore_pay"}
    for before in walk(RESIGNATION, seed, expected={"last_day.near": True}):
        if before.status is not Status.RUNNING:
            continue
        after = receive(RESIGNATION, stored(before), "withdrawal.consented")
        changed = difference(before, after)
        assert {t.node for t in changed.opened} == open_nodes(after) == restore
        assert set(changed.interrupted) >= {t.key for t in before.open}
        assert after.expects == ()
        for old in before.open:
            with refused("task_interrupted"):
                complete(RESIGNATION, after, old.key, NO.get(old.node))
        states = node_states(after)
        assert all(states[old.node] is NodeState.INTERRUPTED for old in before.open)
    for step in sorted(restore):
        after = answer(RESIGNATION, after, step)
    assert (after.status, after.outcome) == (Status.ENDED, "restored")


def test_weeks_later_the_old_exit_cannot_be_processed() -> None:
    instance = receive(RESIGNATION, start(RESIGNATION), "last_day.near")
    old = next(t.key for t in instance.open if t.node == "certificate")
    instance = receive(RESIGNATION, instance, "withdrawal.consented")
    for step in ("restore_records", "restore_access", "restore_pay"):
        instance = answer(RESIGNATION, instance, step)
    with refused("task_interrupted"):
        complete(RESIGNATION, stored(instance), old)
    for late in ("withdrawal.consented", "withdrawal.received", "last_day.near"):
        with refused("message_not_expected"):
            receive(RESIGNATION, instance, late)
    with refused("over"):
        cancel(RESIGNATION, instance)


# The withdrawal.


def begin_withdrawal() -> Instance:
    return start(WITHDRAWAL, message="withdrawal.received")


@pytest.mark.parametrize(
    ("consents", "told", "outcome"), [(True, "tell_consent", "consented"), (False, "tell_refusal", "refused")]
)
@pytest.mark.parametrize("opinion", ["agree", "disagree"])
def test_the_manager_is_asked_and_hr_decides(opinion: str, consents: bool, told: str, outcome: str) -> None:
    instance = begin_withdrawal()
    assert open_nodes(instance) == {"manager_opinion"}
    instance = answer(WITHDRAWAL, instance, "manager_opinion", manager_opinion=opinion)
    assert open_nodes(instance) == {"hr_decision"}
    instance = answer(WITHDRAWAL, instance, "hr_decision", company_consents=consents)
    assert open_nodes(instance) == {told}
    assert answer(WITHDRAWAL, instance, told).outcome == outcome


def test_a_silent_manager_does_not_hold_up_the_decision() -> None:
    before = begin_withdrawal()
    after = receive(WITHDRAWAL, before, "opinion.overdue")
    assert difference(before, after).interrupted == ("manager_opinion.1",)
    assert open_nodes(after) == {"hr_decision"}
    with refused("task_interrupted"):
        complete(WITHDRAWAL, after, "manager_opinion.1", {"manager_opinion": "agree"})


@pytest.mark.parametrize("overdue", [True, False])
def test_silence_until_after_the_last_day_is_told_as_no_consent(overdue: bool) -> None:
    instance = begin_withdrawal()
    if overdue:
        instance = receive(WITHDRAWAL, instance, "opinion.overdue")
    instance = receive(WITHDRAWAL, instance, "last_day.passed")
    assert open_nodes(instance) == {"tell_silence"}
    assert answer(WITHDRAWAL, instance, "tell_silence").outcome == "unanswered"


def test_a_decision_is_not_taken_away_by_the_passing_of_the_last_day() -> None:
    instance = receive(WITHDRAWAL, begin_withdrawal(), "opinion.overdue")
    instance = answer(WITHDRAWAL, instance, "hr_decision", company_consents=True)
    with refused("message_not_expected"):
        receive(WITHDRAWAL, instance, "last_day.passed")


def test_near_the_last_day_an_open_withdrawal_is_escalated_and_goes_on() -> None:
    before = begin_withdrawal()
    instance = receive(WITHDRAWAL, before, "last_day.near")
    assert difference(before, instance).opened == (OpenTask("urge_answer.1", "urge_answer"),)
    assert WITHDRAWAL.role_of(WITHDRAWAL.node("urge_answer")) == "hr_lead"
    assert open_nodes(instance) == {"manager_opinion", "urge_answer"}
    with refused("message_not_expected"):
        receive(WITHDRAWAL, instance, "last_day.near")
    urged = answer(WITHDRAWAL, instance, "urge_answer")
    assert (open_nodes(urged), urged.outcome) == ({"manager_opinion"}, "")
    again = receive(WITHDRAWAL, urged, "last_day.near")
    assert OpenTask("urge_answer.2", "urge_answer") in again.open
    instance = receive(WITHDRAWAL, instance, "opinion.overdue")
    instance = answer(WITHDRAWAL, instance, "hr_decision", company_consents=False)
    done = answer(WITHDRAWAL, instance, "tell_refusal")
    assert (done.status, done.outcome, done.open) == (Status.ENDED, "refused", ())
    assert difference(instance, done).interrupted == ("urge_answer.1",)


@pytest.mark.parametrize("seed", range(6))
def test_consent_in_another_way_counts_at_every_step(seed: int) -> None:
    drawn = {"opinion.overdue": True, "last_day.near": True, "last_day.passed": True}
    for before in walk(WITHDRAWAL, seed, expected=drawn):
        if before.status is Status.RUNNING:
            after = receive(WITHDRAWAL, stored(before), "consent.recorded")
            assert open_nodes(after) == {"confirm_consent"}
            assert answer(WITHDRAWAL, after, "confirm_consent").outcome == "consented_otherwise"


# What holds for every process.


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("process", [RESIGNATION, WITHDRAWAL], ids=lambda p: p.id)
def test_every_message_at_any_moment_ends_well_and_only_where_the_checker_said(process: Diagram, seed: int) -> None:
    known = positions(process)
    waits = {n.id for n in process.nodes if n.kind is Kind.MESSAGE}
    for instance in walk(process, seed, expected=dict.fromkeys(process.messages(), True)):
        states = node_states(instance)
        together = open_nodes(instance) | {n for n in waits if states.get(n) is NodeState.NOW}
        assert frozenset(together) in known
        if instance.status is Status.RUNNING:
            assert instance.open or instance.expects
    assert instance.outcome in {n.id for n in process.nodes if n.kind in {Kind.END, Kind.TERMINATE}}


@pytest.mark.parametrize("process", [RESIGNATION, WITHDRAWAL], ids=lambda p: p.id)
def test_an_instance_from_the_database_goes_on_as_if_it_had_never_left(process: Diagram) -> None:
    drawn = dict.fromkeys(process.messages(), True)
    with_nights = [instance.to_json() for instance in walk(process, 7, expected=drawn)]
    dice = random.Random(7)
    instance = start(process, message=process.start().message)
    for kept in with_nights:
        assert json.dumps(instance.to_json()) == json.dumps(kept)
        assert stored(instance) == instance
        if instance.status is Status.RUNNING:
            move = dice.choice([*instance.open, *instance.expects])
            if isinstance(move, str):
                instance = receive(process, instance, move)
            else:
                instance = complete(process, instance, move.key, any_answers(process, move.node, dice))


def test_a_step_makes_a_new_value_and_leaves_the_old_one_alone() -> None:
    before = start(RESIGNATION)
    kept = json.dumps(before.to_json())
    complete(RESIGNATION, before, "manager_ack.1", {"manager_agrees_earlier": True})
    receive(RESIGNATION, before, "withdrawal.consented")
    cancel(RESIGNATION, before)
    assert json.dumps(before.to_json()) == kept


def test_an_instance_goes_on_only_with_the_diagram_it_started_with() -> None:
    redrawn = load(source("resignation") + b"<!-- redrawn -->")
    instance = start(RESIGNATION)
    with refused("other_diagram"):
        complete(redrawn, instance, "hr_ack.1", {"hr_agrees_earlier": True})
    with refused("other_diagram"):
        receive(redrawn, instance, "withdrawal.consented")
    with refused("other_diagram"):
        cancel(redrawn, instance)
    assert start(redrawn).open == instance.open


def test_a_state_of_another_format_is_refused() -> None:
    state = start(RESIGNATION).to_json() | {"format": "guiyan-0 spiff-1.2"}
    with refused("other_format"):
        Instance.from_json(state)


def test_the_same_click_twice_and_a_task_that_never_was() -> None:
    instance = answer(RESIGNATION, start(RESIGNATION), "handover_plan")
    with refused("task_done"):
        complete(RESIGNATION, instance, "handover_plan.1")
    with refused("task_unknown"):
        complete(RESIGNATION, instance, "handover_plan.2")
    with refused("task_unknown"):
        complete(RESIGNATION, instance, "split")


def test_answers_are_the_ones_asked_for_and_every_wrong_one_is_named() -> None:
    asked = "".join(
        f'<gy:answer name="{name}" type="{kind}" {more}/>'
        for name, kind, more in [
            ("yes", "boolean", ""),
            ("count", "integer", ""),
            ("day", "date", ""),
            ("note", "text", 'required="false"'),
            ("pick", "choice", 'choices="a b"'),
        ]
    )
    process = diagram(simple(f'<bpmn:extensionElements><gy:due workingDays="1" />{asked}</bpmn:extensionElements>'))
    instance = start(process)
    good = {"yes": True, "count": 3, "day": "2026-12-05", "pick": "a"}
    assert complete(process, instance, "ask.1", good).answers == good
    assert complete(process, instance, "ask.1", good | {"note": "好"}).status is Status.ENDED
    wrong = {"yes": 1, "count": True, "day": "2026-13-01", "pick": "c", "note": "x" * 2001, "salary": 9}
    with pytest.raises(StepError) as told:
        complete(process, instance, "ask.1", wrong)
    assert {p.where for p in told.value.problems} == set(wrong)
    with pytest.raises(StepError) as told:
        complete(process, instance, "ask.1")
    assert [p.code for p in told.value.problems] == ["answer_missing"] * 4
    for near_miss in ({"day": "20261205"}, {"count": 10**16}, {"yes": "true"}):
        with refused("answer_wrong_kind"):
            complete(process, instance, "ask.1", good | near_miss)


def test_a_message_starts_only_the_process_that_waits_for_it() -> None:
    with refused("message_not_expected"):
        start(WITHDRAWAL)
    with refused("message_not_expected"):
        start(RESIGNATION, message="withdrawal.received")


def test_calling_off_closes_everything() -> None:
    before = start(RESIGNATION)
    after = cancel(RESIGNATION, before)
    assert (after.status, after.open, after.expects, after.outcome) == (Status.CANCELLED, (), (), "")
    assert set(difference(before, after).interrupted) >= {t.key for t in before.open}
    assert stored(after) == after


def circle(*steps: str) -> Diagram:
    """A process that goes back to `merge` while the last answer to `ask` was `again`."""
    asks = '<bpmn:extensionElements><gy:answer name="again" type="boolean" /></bpmn:extensionElements>'
    body = START + task("ask", asks) + END
    body += node("exclusiveGateway", "more", attributes='default="stop"')
    body += "".join(node("exclusiveGateway", step) for step in steps if step not in {"ask", "more"})
    ways = chain("start", *steps) + flow("more", "merge", "again") + flow("more", "end", flow_id="stop")
    return diagram(body + ways)


def test_a_task_asked_again_has_a_key_of_its_own() -> None:
    process = circle("merge", "ask", "more")
    instance = start(process)
    for visit in range(1, 30):
        assert [t.key for t in instance.open] == [f"ask.{visit}"]
        instance = complete(process, stored(instance), f"ask.{visit}", {"again": visit < 29})
    assert instance.status is Status.ENDED
    with refused("task_done"):
        complete(process, instance, "ask.7", {"again": True})


def test_an_instance_that_goes_round_too_often_is_refused_before_it_is_lost() -> None:
    process = circle("merge", *(f"by_{n}" for n in range(40)), "ask", "more")
    instance = start(process)
    with refused("too_many_steps"):
        while True:
            instance = complete(process, instance, instance.open[0].key, {"again": True})
            assert instance.open
    assert len(instance.trail) > 500
    assert complete(process, instance, instance.open[0].key, {"again": False}).status is Status.ENDED


def test_a_circle_without_a_question_is_stopped() -> None:
    process = circle("ask", "merge", "more")
    instance = start(process)
    with refused("too_many_steps"):
        complete(process, instance, "ask.1", {"again": True})
    assert complete(process, instance, "ask.1", {"again": False}).status is Status.ENDED


def test_a_condition_that_cannot_be_answered_refuses_the_step_and_changes_nothing() -> None:
    body = START + task("ask") + node("exclusiveGateway", "more", attributes='default="stop"') + END
    body += task("more_asked") + chain("start", "ask", "more") + flow("more", "more_asked", "unknown_thing")
    process = diagram(body + flow("more", "end", flow_id="stop") + flow("more_asked", "end"))
    instance = start(process)
    with refused("unknown_name"):
        complete(process, instance, "ask.1")
    assert open_nodes(instance) == {"ask"}


def test_a_message_may_bring_answers_of_its_own() -> None:
    declared, waits = message("consent.recorded")
    asks = '<bpmn:extensionElements><gy:answer name="by_conduct" type="boolean" /></bpmn:extensionElements>'
    process = diagram(
        START + node("intermediateCatchEvent", "wait", asks + waits) + END + chain("start", "wait", "end"),
        outside=declared,
    )
    instance = start(process)
    with refused("answer_missing"):
        receive(process, instance, "consent.recorded")
    done = receive(process, instance, "consent.recorded", {"by_conduct": True})
    assert (done.status, dict(done.answers)) == (Status.ENDED, {"by_conduct": True})


def test_the_trail_tells_the_story_in_order() -> None:
    instance = receive(WITHDRAWAL, begin_withdrawal(), "opinion.overdue")
    assert [(line.what, line.node) for line in instance.trail] == [
        (What.MESSAGE, "received"),
        (What.PASSED, "received"),
        (What.OPENED, "manager_opinion"),
        (What.MESSAGE, "opinion_overdue"),
        (What.DONE, "opinion_overdue"),
        (What.PASSED, "opinion_merge"),
        (What.INTERRUPTED, "manager_opinion"),
        (What.OPENED, "hr_decision"),
    ]


def test_the_engine_executes_nothing_whatever_it_is_asked() -> None:
    engine = RestrictedEngine({"agreed": True})
    assert engine.evaluate(None, "agreed") is True
    for run in (
        lambda: engine.execute(None, "agreed = False"),
        lambda: engine.call_service(None, operation="mail"),
        lambda: engine.environment.evaluate("1 + 1", {}),
        lambda: engine.environment.execute("x = 1", {}),
        lambda: engine.environment.call_service({}, operation="mail"),
    ):
        with refused("never_runs"):
            run()
    assert engine.values == {"agreed": True}
