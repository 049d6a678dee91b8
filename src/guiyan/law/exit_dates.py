"""Days by which things must be done when an employment begins or ends, and until when its papers are kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from guiyan.kernel.calendar import add_months, add_working_days
from guiyan.kernel.holidays import national_day_table
from guiyan.kernel.results import Computed, Confidence, Finding, Verdict
from guiyan.law.citations import Cite
from guiyan.law.grounds import Ground, GroundFamily, Party
from guiyan.law.parameters import Parameters
from guiyan.law.trail import Trail

WAGE_9 = Cite("WAGE", 9)
UIM_4 = Cite("UIM", 4)
EMPSERV_62 = Cite("EMPSERV", 62)


@dataclass(frozen=True, slots=True)
class FinalWages:
    """The last day of the employment, and the day of payment that both sides agreed (None: none)."""

    end_date: date
    agreed_date: date | None


@dataclass(frozen=True, slots=True)
class Leaving:
    """The ground on which the employment ended, and who proposed it where that matters (None: unknown)."""

    ground: Ground
    proposed_by: Party | None


@dataclass(frozen=True, slots=True)
class EndDay:
    """The last day of the employment."""

    end_date: date


@dataclass(frozen=True, slots=True)
class HireDay:
    """The first day of the employment."""

    hire_date: date


def final_wages_due(facts: FinalWages, *, as_of: date, region: str | None, params: Parameters) -> Computed[date]:
    """Interim Provisions on Payment of Wages, Art. 9: the last day on which the final wages are paid in time.

    At the ending, all at once. A region may grant working days of grace and let another agreed day prevail.
    """
    trail = Trail(as_of=as_of, region=region, params=params)
    grace = int(trail.figure("wage.final_grace_workdays"))
    if not grace:
        trail.say(
            "解除或者终止劳动合同时一次付清工资。",
            "The wages are paid in full at the ending.",
            WAGE_9,
            value=facts.end_date.isoformat(),
        )
        return trail.computed(facts.end_date)
    counted = add_working_days(facts.end_date, grace, national_day_table())
    due = facts.agreed_date or counted.day
    trail.say(
        f"当地规定{grace}个工作日内付清；双方另有约定的从其约定：{due.isoformat()}。",
        f"Local rule: within {grace} working days, or on the day agreed: {due.isoformat()}.",
        WAGE_9,
        value=due.isoformat(),
    )
    trail.doubt(Confidence.LOCAL)
    if counted.provisional and facts.agreed_date is None:
        trail.ask_person()
    return trail.computed(due)


def unemployment_list_due(facts: EndDay, *, as_of: date, region: str | None, params: Parameters) -> Computed[date]:
    """Unemployment Insurance Regulations, Art. 16: the day by which the list of unemployed is filed.

    The employee is told of the right to benefits with it. The Social Insurance Law allows 15 days; the shorter holds.
    """
    trail = Trail(as_of=as_of, region=region, params=params)
    due = facts.end_date + timedelta(days=int(trail.figure("ending.unemployment_list_days")))
    trail.say(
        f"告知失业保险待遇权利，并于{due.isoformat()}前备案失业人员名单。",
        f"Tell of the right to benefits and file the list of unemployed by {due.isoformat()}.",
        Cite("UIR", 16),
        Cite("SIL", 50),
        value=due.isoformat(),
    )
    return trail.computed(due)


def unemployment_benefit(
    facts: Leaving, *, as_of: date, region: str | None, params: Parameters
) -> Finding[bool | None]:
    """失业保险金申领发放办法, Art. 4: was it an ending against the employee's will, which opens unemployment benefits?

    Expiry, dismissal and leaving for the employer's fault do; resigning does not. An agreement does when the employer
    proposed it. ALLOWED means that the employee may claim.
    """
    trail = Trail(as_of=as_of, region=region, params=params)
    if facts.ground.family is GroundFamily.MUTUAL:
        if facts.proposed_by is None:
            trail.lacks("proposed_by", "协商解除由谁提出？", "Who proposed the agreement?")
            return trail.finding(Verdict.INDETERMINATE, None)
        trail.doubt(Confidence.PRACTICE)
        against_will = facts.proposed_by is Party.EMPLOYER
    else:
        against_will = facts.ground.family is not GroundFamily.RESIGNATION
    if facts.ground in {Ground.G44_2, Ground.G44_3}:
        against_will = False
    trail.say(
        "非因本人意愿中断就业，可以申领失业保险金。" if against_will else "不属于非因本人意愿中断就业。",
        "The employment ended against the employee's will." if against_will else "It did not end against their will.",
        UIM_4,
        Cite("SIL", 45),
        value=str(against_will).lower(),
    )
    return trail.finding(Verdict.ALLOWED if against_will else Verdict.PROHIBITED, against_will)


def employment_registered_by(facts: HireDay, *, as_of: date, region: str | None, params: Parameters) -> Computed[date]:
    """Provisions on Employment Services, Art. 62: the day by which a hire is registered."""
    trail = Trail(as_of=as_of, region=region, params=params)
    due = facts.hire_date + timedelta(days=int(trail.figure("registration.hire_days")))
    trail.say(
        f"录用之日起三十日内办理就业登记：{due.isoformat()}。",
        f"The hire is registered by {due.isoformat()}.",
        EMPSERV_62,
        value=due.isoformat(),
    )
    return trail.computed(due)


def ending_registered_by(facts: EndDay, *, as_of: date, region: str | None, params: Parameters) -> Computed[date]:
    """Provisions on Employment Services, Art. 62; Labour Contract Law, Art. 50: when an ending must be registered."""
    trail = Trail(as_of=as_of, region=region, params=params)
    due = facts.end_date + timedelta(days=int(trail.figure("registration.exit_days")))
    trail.say(
        f"十五日内办理失业登记备案和档案、社会保险关系转移：{due.isoformat()}。",
        f"The ending is registered, file and insurance transferred, by {due.isoformat()}.",
        EMPSERV_62,
        Cite("LCL", 50, 1),
        value=due.isoformat(),
    )
    return trail.computed(due)


def contract_kept_until(facts: EndDay, *, as_of: date, region: str | None, params: Parameters) -> Computed[date]:
    """Labour Contract Law, Art. 50(3): the first day on which the text of an ended contract may be destroyed."""
    trail = Trail(as_of=as_of, region=region, params=params)
    until = add_months(facts.end_date, int(trail.figure("ending.contract_kept_months")))
    trail.say(
        f"合同文本至少保存二年，至{until.isoformat()}。",
        f"The contract is kept for two years at least, until {until.isoformat()}.",
        Cite("LCL", 50, 3),
        value=until.isoformat(),
    )
    return trail.computed(until)


def contract_written_by(facts: HireDay, *, as_of: date, region: str | None, params: Parameters) -> Computed[date]:
    """Labour Contract Law, Arts. 10(2), 82: the last day on which a written contract comes in time.

    A month from the first day of work, that day counted: the careful reading.
    """
    trail = Trail(as_of=as_of, region=region, params=params)
    last = add_months(facts.hire_date, 1) - timedelta(days=1)
    trail.say(
        f"用工之日起一个月内订立书面合同，最迟{last.isoformat()}。",
        f"A written contract is due within a month, by {last.isoformat()}.",
        Cite("LCL", 10, 2),
        Cite("LCL", 82),
        value=last.isoformat(),
    )
    return trail.computed(last)
