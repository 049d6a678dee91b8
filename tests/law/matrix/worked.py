"""A case in which everything is proved and done, for every ground: what the tests take away from or spoil."""

from __future__ import annotations

from datetime import date
from typing import Any

from guiyan.kernel.results import Finding
from guiyan.law.grounds import Ground
from guiyan.law.matrix.assessing import Assessment, assess
from guiyan.law.matrix.given import EvidenceGiven, Exhibit
from guiyan.law.matrix.loading import exhibit_kinds, matrix
from guiyan.law.matrix.model import DayRule, Element, Event, Fact, Grade, GroundMatrix, MatrixGround
from guiyan.law.moments import When
from guiyan.law.parameters import statutory_parameters
from guiyan.law.protection import ProtectedEnding, ProtectionRuling, protection_gate
from guiyan.law.protection_table import ProtectedStatus

DAY = date(2026, 8, 20)
"""The day on which the tests look: the ending and the days after it are over."""
LAW: dict[str, Any] = {"as_of": DAY, "region": None, "params": statutory_parameters()}
GROUNDS = list(MatrixGround)
EVENTS = {
    Event.HIRE_DAY: date(2026, 1, 12),
    Event.PROBATION_LAST_DAY: date(2026, 7, 11),
    Event.CONDUCT_DAY: date(2026, 4, 1),
    Event.DECISION_DAY: date(2026, 6, 4),
    Event.ENDING_DAY: date(2026, 7, 6),
    Event.CONTRACT_END: date(2026, 7, 6),
    Event.MEDICAL_PERIOD_END: date(2026, 3, 31),
    Event.RETIREMENT_DAY: date(2026, 7, 6),
    Event.RESIGNATION_ARRIVAL: date(2026, 6, 1),
    Event.FORCED_LETTER_ARRIVAL: date(2026, 6, 1),
    Event.HANDOVER_DONE: date(2026, 7, 6),
}
HIRED_LATE = EVENTS | {Event.HIRE_DAY: date(2026, 5, 11)}
FACTS = dict.fromkeys(Fact, True) | {Fact.PAID_IN_LIEU: False, Fact.STILL_WORKING: False, Fact.SUIT_FILED: False}
STEP_DAYS = {
    "first_assessment": date(2026, 4, 10),
    "train_or_transfer": date(2026, 4, 20),
    "second_assessment": date(2026, 5, 20),
    "demand_correction": date(2026, 4, 25),
    "signing_demand": date(2026, 5, 11),
    "second_signing_demand": date(2026, 5, 25),
    "union_notice": date(2026, 6, 1),
    "written_notice": date(2026, 6, 5),
}
AFTER_THE_END = {
    "certificate",
    "final_pay",
    "severance_pay",
    "file_and_si_transfer",
    "unemployment_list",
    "injury_insurance_stop",
    "rehire_notice",
    "handover",
}


def gate(
    ground: MatrixGround, *statuses: ProtectedStatus, in_probation: bool | None = None, as_of: date = DAY
) -> Finding[ProtectionRuling] | None:
    """The protection gate of a ground; None for the one that has none."""
    covered = matrix()[ground].grounds
    if not covered:
        return None
    inside = ground is MatrixGround.G39_1 if in_probation is None else in_probation
    end = EVENTS[Event.CONTRACT_END]
    facts = ProtectedEnding(frozenset(statuses), Ground(covered[0]), inside, None, end, None, None)
    return protection_gate(facts, as_of=as_of, region=None, params=statutory_parameters())


def step_day(kind: str) -> date:
    """The day on which a step is done in the worked case."""
    return EVENTS[Event.ENDING_DAY] if kind in AFTER_THE_END else STEP_DAYS.get(kind, date(2026, 5, 25))


def events_of(ground: MatrixGround) -> dict[Event, date]:
    return HIRED_LATE if ground is MatrixGround.IR5_6 else EVENTS


def _dated(element: Element, ground: MatrixGround) -> date:
    rule = element.window and (element.window.by or element.window.after)
    return _base(rule, ground) if rule else date(2026, 6, 1)


def _base(rule: DayRule, ground: MatrixGround) -> date:
    return events_of(ground)[rule.event] if rule.event is not None else step_day(rule.step or "")


def good(element: Element, ground: MatrixGround, grade: Grade = Grade.G1, source: str = "人事系统") -> Exhibit:
    """An exhibit that counts fully: the best kind, lawful, dated within the window."""
    kind = min(element.exhibits, key=lambda one: exhibit_kinds()[one].best)
    return Exhibit(element.id, kind, grade, source, _dated(element, ground), lawful=True)


def whole(ground: MatrixGround, **changes: Any) -> EvidenceGiven:
    """Everything proved and done in time."""
    entry = matrix()[ground]
    given: dict[str, Any] = {
        "exhibits": tuple(good(element, ground) for element in entry.elements),
        "steps": {stage.kind.kind: When.on(step_day(stage.kind.kind)) for stage in entry.stages},
        "events": events_of(ground),
        "facts": FACTS,
        "gate": gate(ground),
        "severance": None,
        "last_month_wage": None,
    }
    return EvidenceGiven(**(given | changes))


def without_step(ground: MatrixGround, *kinds: str) -> dict[str, When]:
    return {kind: when for kind, when in whole(ground).steps.items() if kind not in kinds}


def assessed(ground: MatrixGround, given: EvidenceGiven, as_of: date = DAY) -> Finding[Assessment]:
    return assess(ground, given, **(LAW | {"as_of": as_of}))


def value(finding: Finding[Assessment]) -> Assessment:
    assert finding.value is not None
    return finding.value


def standings(finding: Finding[Assessment]) -> dict[str, str]:
    return {answer.id: answer.standing.value for answer in value(finding).elements}


def required(entry: GroundMatrix) -> list[Element]:
    return [entry.element(one) for one in entry.sufficiency.all_of]
