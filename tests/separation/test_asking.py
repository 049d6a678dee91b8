"""Open cases are put to the law again when figures or rules change: as the gate asks, and only while they run."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from guiyan.compliance import actions as compliance
from guiyan.compliance import hookspecs
from guiyan.compliance import queries as figures
from guiyan.compliance.enums import FindingKind
from guiyan.compliance.judging import Question, ask
from guiyan.law.parameters import statutory_parameters
from guiyan.people import actions as people
from guiyan.people.queries import people_facts_for_gate
from guiyan.platform.ids import new_id
from guiyan.separation.gate import exit_gate
from guiyan.separation.models import Case
from guiyan.separation.queries.rows import rows_of
from tests.compliance.world import AVERAGE
from tests.process_db.world import World

from .world import case_of, decide, opine, resign, withdraw

HOUR = timedelta(hours=1)
ON = date(2026, 11, 25)


def test_a_running_case_is_asked_as_its_gate_asks(world: World, monday: datetime) -> None:
    case = case_of(resign(world.zhou, monday))
    people.record_protection(
        world.hr,
        world.person(world.zhou),
        people.ProtectionFacts("pregnancy", date(2026, 11, 20)),
        request_id=new_id(),
        now=monday,
    )
    withdraw(world.zhou, case.id, monday + HOUR)
    asked = hookspecs.open_cases(ON)
    assert {(each.case_id, each.person_id, each.number) for each in asked} == {(case.id, case.person_id, case.number)}
    answers = {each.topic: ask(_question(each), statutory_parameters()) for each in asked}
    rows = rows_of(Case.objects.get(pk=case.id))
    gate = exit_gate(rows, people_facts_for_gate(case.person_id, ON), None, as_of=ON)
    assert answers == {
        "resignation.resignation_withdrawal": gate.reliance,
        "protection.protection_gate": gate.protection,
    }
    assert "pregnant" in str(next(each.facts for each in asked if each.topic == "protection.protection_gate"))


def test_a_case_that_is_over_is_not_asked_again(world: World, monday: datetime) -> None:
    case = case_of(resign(world.zhou, monday))
    withdraw(world.zhou, case.id, monday + HOUR)
    opine(world, case.id, monday + HOUR)
    decide(world, case.id, monday + 2 * HOUR, consents=True)
    assert hookspecs.open_cases(ON) == ()
    assert hookspecs.person_of_case(case.id) == case.person_id


def test_an_impact_run_looks_at_the_open_cases(world: World, monday: datetime) -> None:
    case_of(resign(world.zhou, monday))
    own = compliance.propose_parameter(world.legal, AVERAGE, request_id=new_id(), now=monday)
    run = compliance.run_impact(world.legal, proposals=[own], request_id=new_id(), now=monday)
    page = figures.impact(world.legal, run, on=ON)
    assert (page.run.looked_at, page.rows) == (2, ()), "no figure of a place decides about a resignation"


def _question(case: hookspecs.OpenCase) -> Question:
    return Question(FindingKind(case.kind), case.topic, case.facts, case.as_of, case.region)
