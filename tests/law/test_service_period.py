"""A penalty for leaving early never passes what was agreed, what the training cost, or the part not served."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guiyan.kernel.results import Confidence, Finding, Verdict
from guiyan.law.former_employer import FormerLoss, joint_liability
from guiyan.law.grounds import Ground, GroundFamily
from guiyan.law.parameters import statutory_parameters
from guiyan.law.service_period import Given, ServicePeriod, service_period_penalty

DAY = date(2026, 11, 22)
START = date(2025, 1, 1)
FACTS = ServicePeriod(
    kind=Given.SPECIAL_TRAINING,
    ground=Ground.G37,
    cost=Decimal(60000),
    agreed_penalty=Decimal(60000),
    starts=START,
    ends=date(2027, 12, 31),
    last_day=date(2026, 12, 31),
)
MONEY = st.decimals(0, 500_000, places=2)


def _ask(facts: ServicePeriod) -> Finding[Decimal | None]:
    return service_period_penalty(facts, as_of=DAY, region=None, params=statutory_parameters())


@given(cost=MONEY, agreed=MONEY, length=st.integers(1, 3000), served=st.integers(1, 3000))
def test_it_is_never_more_than_agreed_spent_or_left(cost: Decimal, agreed: Decimal, length: int, served: int) -> None:
    ends, last = START + timedelta(days=length), START + timedelta(days=served)
    found = _ask(replace(FACTS, cost=cost, agreed_penalty=agreed, ends=ends, last_day=last))
    assert found.value is not None
    assert found.value <= min(cost, agreed)
    assert found.value <= cost * max(0, length - served) / (length + 1) + Decimal("0.005")


@given(served=st.integers(1, 1094))
def test_a_day_more_of_service_never_costs_more(served: int) -> None:
    one, other = (_ask(replace(FACTS, last_day=START + timedelta(days=days))).value for days in (served, served + 1))
    assert one is not None
    assert other is not None
    assert other <= one


@pytest.mark.parametrize("ground", sorted(Ground))
def test_only_resignation_and_grave_fault_break_the_promise(ground: Ground) -> None:
    found = _ask(replace(FACTS, ground=ground))
    breaks = ground is Ground.G37 or (ground.family is GroundFamily.FAULT and ground not in {Ground.G39, Ground.G39_1})
    if ground is Ground.G39:
        assert (found.verdict, found.value) == (Verdict.INDETERMINATE, None)
    else:
        assert (found.verdict is Verdict.ALLOWED_WITH_CONDITIONS) == breaks
        assert found.value == (Decimal("20000.00") if breaks else Decimal("0.00"))


@pytest.mark.parametrize(
    "change",
    [
        {"cost": Decimal(-1)},
        {"agreed_penalty": Decimal(-1)},
        {"ends": date(2024, 1, 1)},
        {"last_day": date(2024, 1, 1)},
    ],
)
def test_what_cannot_be_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"cannot be negative|starts before"):
        replace(FACTS, **change)  # type: ignore[arg-type]


def test_the_share_of_a_former_employers_loss_is_a_risk_and_never_certain() -> None:
    facts = FormerLoss(contract_elsewhere_ended=False, loss=Decimal(100_000))
    found = joint_liability(facts, as_of=DAY, region=None, params=statutory_parameters())
    assert (found.confidence, found.human_review) == (Confidence.UNVERIFIED, True)
    assert "never charged" in found.conditions[0].en
    with pytest.raises(ValueError, match="negative"):
        FormerLoss(contract_elsewhere_ended=False, loss=Decimal(-1))
