"""Finds the day that a rule of the matrix means in one case."""

from __future__ import annotations

from datetime import date, timedelta

from guiyan.kernel.calendar import add_months, add_working_days
from guiyan.kernel.deadlines import PeriodUnit
from guiyan.kernel.holidays import national_day_table
from guiyan.kernel.results import Missing, Words
from guiyan.law.matrix.given import EvidenceGiven
from guiyan.law.matrix.loading import step_kinds
from guiyan.law.matrix.model import Condition, DayRule
from guiyan.law.trail import Trail


def base_day(rule: DayRule, given: EvidenceGiven) -> date | None:
    """The day of the event or step on which the rule hangs; None while it is not known."""
    if rule.event is not None:
        return given.events.get(rule.event)
    done = given.steps.get(rule.step or "")
    return done.day if done is not None else None


def day_of(rule: DayRule, given: EvidenceGiven, trail: Trail) -> date | None:
    """The day that the rule means; None while its base is not known.

    It is a plain count: a last day that is a day off does not move (the earlier day is the safe one for a duty). Raises
    ParameterMissing when the rule takes a figure that is not in force.
    """
    base = base_day(rule, given)
    if base is None:
        return None
    number = rule.count if rule.figure is None else int(trail.figure(rule.figure))
    count = -(number or 0) if rule.before else number or 0
    match rule.unit:
        case PeriodUnit.CALENDAR_DAYS:
            return base + timedelta(days=count)
        case PeriodUnit.WORKING_DAYS:
            return add_working_days(base, count, national_day_table()).day
        case PeriodUnit.MONTHS:
            return add_months(base, count)


def lacking_base(rule: DayRule) -> Missing:
    """The fact to ask for when the base of a rule is not known."""
    if rule.event is not None:
        return Missing(rule.event.value, rule.event.asks)
    does = step_kinds()[rule.step or ""].does
    return Missing(f"step:{rule.step}", Words(f"哪一天完成：{does.zh}？", f"On which day was this done: {does.en}?"))


def known_not_to_apply(when: Condition | None, given: EvidenceGiven) -> bool:
    """Whether a fact is known under which this does not apply."""
    return when is not None and given.facts.get(when.fact, when.wanted) is not when.wanted


def known_to_apply(when: Condition | None, given: EvidenceGiven) -> bool:
    """Whether this applies for certain: without condition, or with its fact known."""
    return when is None or given.facts.get(when.fact) is when.wanted
