"""A non-compete beyond its pay: whom it binds, and how each side leaves it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from guiyan.kernel.money import payable
from guiyan.kernel.results import Computed, Finding, Verdict
from guiyan.law.citations import Cite
from guiyan.law.parameters import Parameters
from guiyan.law.trail import Trail

J1_38 = Cite("J1", 38)
J1_39_2 = Cite("J1", 39, 2)
J2_13 = Cite("J2", 13)
LCL_24_1 = Cite("LCL", 24, 1)


@dataclass(frozen=True, slots=True)
class BoundPerson:
    """Whether the employee owes secrecy (management, technicians, others who do), and knew secrets. None: unknown."""

    owes_secrecy: bool | None
    knew_secrets: bool | None


@dataclass(frozen=True, slots=True)
class UnpaidMonths:
    """Months for which the employer, by its own fault, did not pay."""

    months: int


@dataclass(frozen=True, slots=True)
class MonthlyCompensation:
    """The monthly compensation in yuan."""

    monthly: Decimal


def noncompete_binds(
    facts: BoundPerson, *, as_of: date, region: str | None, params: Parameters
) -> Finding[bool | None]:
    """Labour Contract Law, Art. 24(1); Interpretation (II), Art. 13: does the clause bind this person at all?"""
    trail = Trail(as_of=as_of, region=region, params=params)
    if facts.knew_secrets is False or facts.owes_secrecy is False:
        trail.say(
            "员工不知悉商业秘密，竞业限制条款不生效。",
            "Without secrets the clause has no effect.",
            J2_13,
            value="false",
        )
        return trail.finding(Verdict.PROHIBITED, value=False)
    for fact, value, zh, en in (
        ("owes_secrecy", facts.owes_secrecy, "员工负有保密义务吗？", "Does the employee owe secrecy?"),
        ("knew_secrets", facts.knew_secrets, "员工知悉商业秘密吗？", "Did the employee know secrets?"),
    ):
        if value is None:
            trail.lacks(fact, zh, en)
    if trail.missing:
        return trail.finding(Verdict.INDETERMINATE, None)
    trail.say("属于可以约定竞业限制的人员。", "A person whom a non-compete may bind.", LCL_24_1, J2_13, value="true")
    return trail.finding(Verdict.ALLOWED, value=True)


def release_for_default(facts: UnpaidMonths, *, as_of: date, region: str | None, params: Parameters) -> Finding[bool]:
    """Interpretation (I), Art. 38: may the employee ask for release? After three months unpaid by the employer's fault.

    Raises ValueError for negative months.
    """
    if facts.months < 0:
        raise ValueError("months cannot be negative")
    trail = Trail(as_of=as_of, region=region, params=params)
    free = facts.months >= trail.figure("noncompete.unpaid_months_release")
    trail.say(
        f"因单位原因{facts.months}个月未付补偿，{'已满' if free else '未满'}三个月。",
        f"{facts.months} months unpaid by the employer's fault: three are {'full' if free else 'not full'}.",
        J1_38,
        value=str(free).lower(),
    )
    return trail.finding(Verdict.ALLOWED if free else Verdict.PROHIBITED, free)


def early_release_pay(
    facts: MonthlyCompensation, *, as_of: date, region: str | None, params: Parameters
) -> Computed[Decimal]:
    """Interpretation (I), Art. 39(2): what the employee may ask for when the employer ends it early, in yuan.

    Raises ValueError for a negative amount.
    """
    if facts.monthly < 0:
        raise ValueError("compensation cannot be negative")
    trail = Trail(as_of=as_of, region=region, params=params)
    months = trail.figure("noncompete.early_release_months")
    extra = payable(facts.monthly * months)
    trail.say(
        f"单位提前解除的，员工可以请求另付{months}个月补偿：{extra}元。",
        f"Ended early by the employer: {months} more months, {extra}.",
        J1_39_2,
        value=str(extra),
    )
    return trail.computed(extra)
