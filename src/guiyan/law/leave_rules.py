"""Who has annual leave, and when leave not taken earns no extra pay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from guiyan.kernel.results import Finding, Verdict
from guiyan.law.checklist import Checked, check, require
from guiyan.law.citations import Cite
from guiyan.law.parameters import Parameters
from guiyan.law.trail import Trail

MONTHS_OF_YEAR = 12


@dataclass(frozen=True, slots=True)
class UnbrokenWork:
    """Months of unbroken work here and directly before with other employers, and the days between. None: unknown."""

    months_here: int | None
    months_before: int | None
    gap_days: int | None


@dataclass(frozen=True, slots=True)
class LeaveWaiver:
    """Whether the employer arranged leave, and the employee declined it in writing for personal reasons."""

    employer_arranged: bool | None
    declined_in_writing: bool | None
    personal_reason: bool | None


_WAIVER = (
    require("employer_arranged", "单位安排了年休假", "the employer arranged leave", Cite("ALR", 10, 2)),
    require("declined_in_writing", "员工书面提出不休", "the employee declined in writing", Cite("ALR", 10, 2)),
    require("personal_reason", "出于本人原因", "for personal reasons", Cite("ALR", 10, 2)),
)


def leave_eligibility(
    facts: UnbrokenWork, *, as_of: date, region: str | None, params: Parameters
) -> Finding[bool | None]:
    """Measures on Paid Annual Leave, Art. 3; 人社厅函〔2009〕149号, 1: 12 unbroken months, with whatever employer."""
    trail = Trail(as_of=as_of, region=region, params=params)
    months = facts.months_here
    if months is None:
        trail.lacks("months_here", "在本单位连续工作几个月？", "How many unbroken months here?")
        return trail.finding(Verdict.INDETERMINATE, None)
    if months < MONTHS_OF_YEAR and facts.gap_days is None:
        trail.lacks("gap_days", "与上一单位之间间隔几天？", "How many days after the last employer?")
    if months < MONTHS_OF_YEAR and facts.months_before is None:
        trail.lacks("months_before", "在上一单位连续工作几个月？", "How many unbroken months before?")
    if trail.missing:
        return trail.finding(Verdict.INDETERMINATE, None)
    if not facts.gap_days:
        months += facts.months_before or 0
    eligible = months >= MONTHS_OF_YEAR
    trail.say(
        f"连续工作{months}个月（不同单位连续计算），{'已满' if eligible else '未满'}十二个月。",
        f"{months} unbroken months with any employer: 12 are {'full' if eligible else 'not full'}.",
        Cite("ALR", 3),
        Cite("ALR149"),
        value=str(eligible).lower(),
    )
    return trail.finding(Verdict.ALLOWED if eligible else Verdict.PROHIBITED, eligible)


def leave_waiver(facts: LeaveWaiver, *, as_of: date, region: str | None, params: Parameters) -> Finding[Checked]:
    """Measures on Paid Annual Leave, Art. 10(2): may the employer pay the normal wage only for leave not taken?

    Only when it arranged the leave and the employee declined in writing, for personal reasons.
    """
    trail = Trail(as_of=as_of, region=region, params=params)
    found = check(_WAIVER, facts, trail)
    return trail.finding(found.verdict, found, certain=bool(found.unmet))
