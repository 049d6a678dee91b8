"""Random endings that hold together: every fact known, and no two of them contradicting each other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from guiyan.kernel.calendar import add_months
from guiyan.kernel.results import Confidence
from guiyan.law.citations import Cite
from guiyan.law.ending import LOCAL_AVERAGE, MINIMUM_WAGE, CapAndFloor, EndingCase
from guiyan.law.grounds import Ground, Party
from guiyan.law.overage import Regime
from guiyan.law.parameters import Parameter, Parameters, statutory_parameters
from guiyan.law.probation import ContractKind
from guiyan.law.protection_table import ProtectedStatus
from guiyan.law.severance import RenewalOffer

DAY = timedelta(days=1)
AS_OF = date(2026, 11, 24)
REGION = "sample"


def parameter(key: str, amount: str, region: str | None = REGION, since: date = date(2020, 1, 1)) -> Parameter:
    """A value as a tenant enters it."""
    return Parameter(
        key, key, key, "yuan", since, None, region, Decimal(amount), (), Cite("LCL", 47, 2), AS_OF, Confidence.LOCAL
    )


PARAMS: Parameters = statutory_parameters().with_values(
    [parameter(LOCAL_AVERAGE, "9500.50"), parameter(MINIMUM_WAGE, "2490")]
)
PLAIN = EndingCase(
    ground=Ground.G40_2,
    regime=Regime.LCL,
    hire_date=date(2020, 3, 2),
    last_day=date(2026, 12, 31),
    statuses=frozenset(),
    in_probation=False,
    probation_last_day=None,
    contract_kind=ContractKind.FIXED,
    contract_start=date(2023, 3, 2),
    contract_end=date(2027, 3, 1),
    child_birth=None,
    union_term_end=None,
    proposed_by=None,
    employer_offer=None,
    employee_refuses=None,
    fixed_terms=1,
    avg12=Decimal("15000"),
    last_month_wage=Decimal("16000"),
    notice_arrived=date(2026, 11, 30),
    pay_in_lieu=False,
    shorter_notice_agreed=None,
    union_exists=True,
    union_told_on=date(2026, 11, 20),
    decision_day=date(2026, 11, 25),
    staff_told_on=None,
    plan_reported_on=None,
    cap_and_floor=CapAndFloor.NOT_ASKED,
)
"""A dismissal for incompetence in which nothing stands in the way."""


def _around(dice: Random, day: date, before: int, after: int) -> date:
    return day + timedelta(days=dice.randint(-before, after))


def random_case(dice: Random) -> EndingCase:
    """One whole case: any ground, any kind of contract, in probation or out, protected or not, in time or late."""
    last_day = date(2026, 1, 1) + timedelta(days=dice.randrange(720))
    served = dice.choice((dice.randint(0, 200), dice.randint(200, 4000), dice.randint(4000, 9000)))
    hired = last_day - timedelta(days=served)
    start = max(hired, last_day - timedelta(days=dice.randint(0, 1200)))
    contract_end = max(start, dice.choice((last_day, last_day, _around(dice, last_day, 60, 900))))
    agreed = add_months(start, dice.randint(1, 8)) - DAY
    has_probation = dice.random() < 0.6
    notice = max(hired, _around(dice, last_day, 60, 3))
    decision = _around(dice, notice, 10, 2)
    return EndingCase(
        ground=dice.choice(list(Ground)),
        regime=dice.choices(list(Regime), (96, 2, 2))[0],
        hire_date=hired,
        last_day=last_day,
        statuses=frozenset(dice.sample(list(ProtectedStatus), dice.choice((0, 0, 0, 1, 1, 2)))),
        in_probation=last_day <= agreed if has_probation else False,
        probation_last_day=agreed if has_probation else None,
        contract_kind=dice.choice(list(ContractKind)),
        contract_start=start,
        contract_end=contract_end,
        child_birth=_around(dice, last_day, 500, 200),
        union_term_end=_around(dice, last_day, 200, 700),
        proposed_by=dice.choice(list(Party)),
        employer_offer=dice.choice(list(RenewalOffer)),
        employee_refuses=dice.random() < 0.5,
        fixed_terms=dice.choice((1, 1, 2, 3)),
        avg12=Decimal(dice.randrange(150_000, 6_000_000)) / 100,
        last_month_wage=Decimal(dice.randrange(150_000, 6_000_000)) / 100,
        notice_arrived=notice,
        pay_in_lieu=dice.random() < 0.5,
        shorter_notice_agreed=dice.random() < 0.5,
        union_exists=dice.random() < 0.7,
        union_told_on=_around(dice, decision, 8, 1),
        decision_day=decision,
        staff_told_on=_around(dice, last_day, 50, 0),
        plan_reported_on=_around(dice, notice, 12, 2),
        cap_and_floor=dice.choice(list(CapAndFloor)),
    )


BLANKABLE = tuple(name for name in EndingCase.__dataclass_fields__ if name not in {"ground", "cap_and_floor"})


def blanked(case: EndingCase, *names: str) -> EndingCase:
    """The same case with some facts unknown."""
    return replace(case, **dict.fromkeys(names))


def random_gaps(dice: Random, case: EndingCase) -> EndingCase:
    """The same case with a few facts unknown, or none."""
    return blanked(case, *dice.sample(BLANKABLE, dice.choice((0, 0, 1, 2, 4))))
