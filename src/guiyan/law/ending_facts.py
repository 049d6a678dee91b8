"""What is asked of one person's ending on one ground, and what is answered.

The values of the answer are named tuples: as fixed as frozen records, and made several times faster, where thousands
are made a second.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from guiyan.kernel.results import Problem, Words
from guiyan.law.grounds import Ground, Party
from guiyan.law.overage import Regime
from guiyan.law.probation import ContractKind
from guiyan.law.protection import ProtectionRuling
from guiyan.law.protection_table import ProtectedStatus
from guiyan.law.severance import Due, RenewalOffer

ORDER = (
    ("hire_date", "last_day"),
    ("hire_date", "probation_last_day"),
    ("hire_date", "notice_arrived"),
    ("contract_start", "contract_end"),
    ("contract_start", "last_day"),
)
"""Pairs of days of which the first may not come after the second."""
AMOUNTS = ("avg12", "last_month_wage")


class FactsRejected(ValueError):
    """The facts contradict each other or cannot be. `problems` names each, with its field."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(problem.says.en for problem in problems))
        self.problems = problems


class RegionMissing(LookupError):
    """A local figure is needed and no region was given. The attribute says which."""

    def __init__(self, key: str) -> None:
        super().__init__(f"{key} is a local figure: the region must be given")
        self.key = key


class CapAndFloor(StrEnum):
    """Whether the local average caps the severance wage and the minimum wage supports it."""

    REQUIRED = "required"
    """They come from the parameters of the place and day; the rule stops when there is none."""
    NOT_ASKED = "not_asked"
    """An amount without cap and floor is asked for, and the answer says that it is one."""


@dataclass(frozen=True, slots=True)
class EndingCase:
    """One person and one ground. None means that nobody has said; an empty `statuses` that no protection applies.

    `regime` says which rules govern the work (`overage.overage_regime` finds it out); past the age of retirement the
    Labour Contract Law and its severance do not apply. `last_day` is the last day of the employment as planned.
    `in_probation` says whether it lies in the probation as agreed, `probation_last_day` is that probation's last day;
    how much of it is lawful is for the rule to find out. `child_birth`, `union_term_end`: see `ProtectedEnding`.
    `fixed_terms` counts the consecutive fixed-term contracts, this one included. `employee_refuses`: the employee does
    not want to renew. `avg12` is the average monthly wage of the last 12 months, `last_month_wage` that of the last
    month, in yuan. `notice_arrived` is the day on which the notice (of whoever gives it) reached the other side or is
    planned to. `pay_in_lieu`: the employer pays a month's wage instead of notice (Art. 40). `shorter_notice_agreed`:
    the employer agreed that a resignation takes effect earlier. `union_told_on` is the day on which the union (without
    one, whoever stands for it) was told the reason, `decision_day` the day of the decision. `staff_told_on` and
    `plan_reported_on` are the steps of a layoff (Art. 41).

    Raises FactsRejected naming every contradiction.
    """

    ground: Ground
    regime: Regime | None
    hire_date: date | None
    last_day: date | None
    statuses: frozenset[ProtectedStatus] | None
    in_probation: bool | None
    probation_last_day: date | None
    contract_kind: ContractKind | None
    contract_start: date | None
    contract_end: date | None
    child_birth: date | None
    union_term_end: date | None
    proposed_by: Party | None
    employer_offer: RenewalOffer | None
    employee_refuses: bool | None
    fixed_terms: int | None
    avg12: Decimal | None
    last_month_wage: Decimal | None
    notice_arrived: date | None
    pay_in_lieu: bool | None
    shorter_notice_agreed: bool | None
    union_exists: bool | None
    union_told_on: date | None
    decision_day: date | None
    staff_told_on: date | None
    plan_reported_on: date | None
    cap_and_floor: CapAndFloor

    def __post_init__(self) -> None:
        problems = (*_reversed(self), *_impossible(self))
        if problems:
            raise FactsRejected(problems)


def _reversed(case: EndingCase) -> list[Problem]:
    found = []
    for earlier, later in ORDER:
        first, second = getattr(case, earlier), getattr(case, later)
        if first is not None and second is not None and second < first:
            says = Words(
                f"{later}（{second}）早于{earlier}（{first}）。", f"{later} {second} is before {earlier} {first}"
            )
            found.append(Problem("dates_reversed", says, later))
    return found


def _impossible(case: EndingCase) -> list[Problem]:
    found = []
    if not isinstance(case.ground, Ground):
        found.append(Problem("unknown_ground", Words("不认识的理由。", f"{case.ground!r} is no ground"), "ground"))
    for name in AMOUNTS:
        amount = getattr(case, name)
        if amount is not None and not (amount.is_finite() and amount >= 0):
            found.append(Problem("negative_money", Words(f"{name}不能为负。", f"{name} cannot be {amount}"), name))
    if case.fixed_terms is not None and case.fixed_terms < 0:
        found.append(
            Problem("negative_count", Words("次数不能为负。", "fixed_terms cannot be negative"), "fixed_terms")
        )
    if case.in_probation is not None and case.probation_last_day is not None and case.last_day is not None:
        inside = case.last_day <= case.probation_last_day
        if inside != case.in_probation:
            en = f"last_day {case.last_day} and probation_last_day {case.probation_last_day} say otherwise"
            found.append(Problem("contradiction", Words("in_probation与日期相矛盾。", en), "in_probation"))
    return found


@dataclass(frozen=True, slots=True)
class CompanyRule:
    """What a company demands beyond the law: grounds it never uses, and days of notice it always gives.

    It can only be stricter: fewer days than the law's are raised to the law's.
    """

    closed: frozenset[Ground]
    notice_days_min: int


class UnionDuty(StrEnum):
    """Who must be told the reason before the decision."""

    UNION = "union"
    STAFF_OR_HIGHER_UNION = "staff_or_higher_union"
    """No union here: representatives of the staff, or the union of the trade or place (a matter of local policy)."""
    NONE = "none"


class StepKind(StrEnum):
    """What has to be done around an ending, in the order in which it is done."""

    STAFF_EXPLAINED = "staff_explained"
    PLAN_REPORTED = "plan_reported"
    UNION_TOLD = "union_told"
    UNION_ANSWERED = "union_answered"
    AGREEMENT_SIGNED = "agreement_signed"
    RECEIPT_GIVEN = "receipt_given"
    NOTICE_SERVED = "notice_served"
    CERTIFICATE = "certificate"
    WAGES_PAID = "wages_paid"
    SEVERANCE_PAID = "severance_paid"
    UNEMPLOYMENT_LIST = "unemployment_list"
    TRANSFER = "transfer"
    REGISTERED = "registered"
    RETENTION = "retention"


class DueStep(NamedTuple):
    """A thing to do and its last day; None where the day is not known yet or an event decides (see its sentence)."""

    kind: StepKind
    by: date | None


class Notice(NamedTuple):
    """Calendar days between arrival and last day, the first lawful last day by them, and whether a month's wage stands
    in their place. None where a fact is unknown; `earliest` also where no notice is asked for."""

    days: int | None
    earliest: date | None
    in_lieu: bool | None


class EndingMoney(NamedTuple):
    """What the ending costs, in yuan; None where a fact is unknown.

    `severance` is `months` times `base` times `multiple` (1: N, 0: none is due; months and base are then None as well
    as `capped`). `total` adds `pay_in_lieu`. `unlawful` is 2N, owed instead of both when the ending turns out unlawful;
    zero where the law knows none for the ground.
    """

    due: Due | None
    multiple: int | None
    months: Decimal | None
    base: Decimal | None
    capped: bool | None
    severance: Decimal | None
    pay_in_lieu: Decimal | None
    total: Decimal | None
    unlawful: Decimal | None


class Ending(NamedTuple):
    """What one ending takes. None: unknown for want of a fact, which the finding then names as missing.

    `gate` is the ruling on protections; `in_probation` whether the last day lies in a lawful probation (None also where
    the ground does not turn on it); `union` who is told before the decision; `steps` are in the order of doing.
    """

    ground: Ground
    gate: ProtectionRuling | None
    in_probation: bool | None
    notice: Notice
    union: UnionDuty | None
    steps: tuple[DueStep, ...]
    money: EndingMoney
