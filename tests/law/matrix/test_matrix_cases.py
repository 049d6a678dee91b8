"""Worked cases that a lawyer can read and review: `cases/<ground>.yaml`, explained in docs/law/matrix.md."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.law.matrix.worked import standings, value

from guiyan.kernel.results import Finding
from guiyan.law.grounds import Ground
from guiyan.law.matrix.assessing import assess
from guiyan.law.matrix.given import EvidenceGiven, Exhibit
from guiyan.law.matrix.loading import FILES, matrix
from guiyan.law.matrix.model import Event, Fact, Grade, MatrixGround
from guiyan.law.moments import When
from guiyan.law.parameters import statutory_parameters
from guiyan.law.protection import ProtectedEnding, ProtectionRuling, protection_gate
from guiyan.law.protection_table import ProtectedStatus
from guiyan.law.severance import SeveranceFacts, Tenure

PARAMS = statutory_parameters()
LAWFUL = {"lawful": True, "unlawful": False, "unknown": None}
FOLDER = Path(__file__).parent / "cases"
CASES: list[dict[str, Any]] = [
    case for path in sorted(FOLDER.glob("*.yaml")) for case in yaml.safe_load(path.read_text("utf-8"))
]


def exhibit(element: str, row: str) -> Exhibit:
    kind, grade, dated, source, obtained = row.split()
    return Exhibit(
        element=element,
        kind=kind,
        grade=Grade[grade],
        source=None if source == "-" else source,
        dated=None if dated == "-" else date.fromisoformat(dated),
        lawful=LAWFUL[obtained],
    )


def gate(case: dict[str, Any]) -> Finding[ProtectionRuling] | None:
    covered = matrix()[MatrixGround(case["ground"])].grounds
    if case["statuses"] is None or not covered:
        return None
    facts = ProtectedEnding(
        statuses=frozenset(ProtectedStatus(one) for one in case["statuses"]),
        ground=Ground(covered[0]),
        in_probation=case["in_probation"],
        child_birth=None,
        contract_end=case["events"].get("contract_end"),
        union_term_end=None,
        proposed_by=None,
    )
    return protection_gate(facts, as_of=case["as_of"], region=None, params=PARAMS)


def given_of(case: dict[str, Any]) -> EvidenceGiven:
    stake = case["expect"].get("stake")
    severance = None
    if stake is not None:
        tenure = Tenure(stake["hire"], stake["last"])
        severance = SeveranceFacts(tenure, Decimal(stake["wage"]), Decimal(stake["average"]), None, 1)
    return EvidenceGiven(
        exhibits=tuple(exhibit(element, row) for element, rows in case["exhibits"].items() for row in rows),
        steps={kind: When.on(day) for kind, day in case["steps"].items()},
        events={Event(name): day for name, day in case["events"].items()},
        facts={Fact(name): known for name, known in case["facts"].items()},
        gate=gate(case),
        severance=severance,
        last_month_wage=Decimal(stake["last_month"]) if stake is not None else None,
    )


def test_every_ground_has_a_case() -> None:
    assert {path.stem for path in FOLDER.glob("*.yaml")} == set(FILES.values())
    assert {case["ground"] for case in CASES} == {ground.value for ground in MatrixGround}
    assert len(CASES) >= 25


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['ground']} {case['name']['en']}")
def test_a_case_is_answered_as_the_lawyer_expects(case: dict[str, Any]) -> None:
    expect = case["expect"]
    finding = assess(MatrixGround(case["ground"]), given_of(case), as_of=case["as_of"], region=None, params=PARAMS)
    assert finding.verdict.value == expect["verdict"]
    assert [one.fact for one in finding.missing] == expect["missing"]
    found = standings(finding)
    assert {one: found[one] for one in expect.get("elements", {})} == expect.get("elements", {})
    states = {step.kind: step.state.value for step in value(finding).steps}
    assert {one: states[one] for one in expect.get("steps", {})} == expect.get("steps", {})
    assert value(finding).latest == expect["latest"]
    if "stake" in expect:
        money = value(finding).exposure
        assert (None if money.lawful is None else str(money.lawful)) == expect["stake"]["lawful"]
        assert (None if money.unlawful is None else str(money.unlawful)) == expect["stake"]["unlawful"]
