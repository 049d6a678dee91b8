"""A second relationship and the question whether severance is due: what each fact, given or not, does to the answer."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from guiyan.law.case_topics import Law
from guiyan.law.cases import compute
from guiyan.law.parameters import RULES_CHECKED_ON, statutory_parameters

LAW = Law(RULES_CHECKED_ON, None, statutory_parameters())
PROVEN = {"second_employment_proven": True}
DEMAND = {"written_demand": "2026-03-01", "deadline": "2026-03-06"}
NO_EFFECT = {"serious_effect_evidence": False}
TRUTH = [None, True, False]


def result(topic: str, **inputs: Any) -> dict[str, Any]:
    return dict(compute(topic, inputs, LAW)[0].result)


@pytest.mark.parametrize(
    ("facts", "lawful"),
    [
        # Alternative B of Art. 39(4): a demand and a refusal.
        (PROVEN | DEMAND | NO_EFFECT | {"corrected": False}, True),
        ({"second_engagement": "labour"} | DEMAND | {"corrected": False}, True),
        (PROVEN | DEMAND | NO_EFFECT | {"corrected": "2026-03-06"}, False),
        # Whoever has ended it, though late, no longer refuses.
        (PROVEN | DEMAND | NO_EFFECT | {"corrected": "2026-03-09"}, False),
        # A demand whose outcome nobody knows settles nothing, and a written one outweighs "no demand was made".
        (PROVEN | DEMAND | NO_EFFECT, None),
        (PROVEN | DEMAND | NO_EFFECT | {"demand_made": False}, None),
        (PROVEN | NO_EFFECT | {"demand_made": False}, False),
        # Alternative A: a serious effect, but still only of a labour relationship that is proved.
        (PROVEN | {"serious_effect_evidence": True}, True),
        ({"serious_effect_evidence": True}, None),
        ({"second_engagement": "service", "serious_effect_evidence": True}, False),
        ({"si_record_elsewhere": True, "serious_effect_evidence": True}, False),
    ],
)
def test_a_second_relationship_takes_proof_and_an_effect_or_a_refusal(
    facts: dict[str, Any], lawful: bool | None
) -> None:
    found = result("dual_employment", **facts)
    assert found["lawful_39_4"] is lawful
    assert (found["verdict"] == "INDETERMINATE") == (lawful is None)


def test_article_39_4_is_never_open_without_an_effect_or_a_refused_demand() -> None:
    """Every combination of the facts: what opens the ground is there and was stated, never guessed."""
    opened = 0
    for engaged, made, written, corrected, effect in itertools.product(
        [None, "labour", "service"], TRUTH, [None, "2026-03-01"], [None, False, "2026-03-05"], TRUTH
    ):
        facts = {
            "second_engagement": engaged,
            "demand_made": made,
            "written_demand": written,
            "corrected": corrected,
            "serious_effect_evidence": effect,
        }
        refused = (made or written) and corrected is False
        if result("dual_employment", **facts)["lawful_39_4"]:
            opened += 1
            assert engaged == "labour", facts
            assert effect or refused, facts
    assert opened


@pytest.mark.parametrize(
    ("offer", "refuses", "due"),
    [
        ("none", None, "N"),
        ("none", False, "N"),
        ("worse", None, "N"),
        ("worse", True, "N"),
        ("worse", False, "N"),
        ("same_or_better", True, "none"),
        # Art. 46(5) exempts a refused renewal only.
        ("same_or_better", False, "N"),
        ("same_or_better", None, None),
        (None, True, None),
    ],
)
def test_an_expired_term_carries_severance_unless_a_fair_renewal_was_refused(
    offer: str | None, refuses: bool | None, due: str | None
) -> None:
    found = result("severance.entitlement", ground="44(1)", employer_offer=offer, employee_refuses=refuses)
    assert found["due"] == due
    if due is None:
        assert found["missing"] == ["employee_refuses" if offer else "employer_offer"]
