"""Periods of days (Civil Code, Art. 201): the day of the event is not counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from guiyan.kernel.results import Computed
from guiyan.law.citations import Cite
from guiyan.law.parameters import Parameters
from guiyan.law.trail import Trail

CC_201 = Cite("CC", 201)
CC_203 = Cite("CC", 203)


@dataclass(frozen=True, slots=True)
class DayPeriod:
    """A period of `days` calendar days that an event on `start_event` sets running."""

    start_event: date
    days: int

    def __post_init__(self) -> None:
        if self.days < 1:
            raise ValueError(f"a period has at least one day, not {self.days}")


def last_day_of_period(facts: DayPeriod, *, as_of: date, region: str | None, params: Parameters) -> Computed[date]:
    """Civil Code, Art. 201: the last day of a period of calendar days.

    Moving a last day that is a day off (Art. 203) is the deadline's work: see `guiyan.kernel.deadlines`.
    """
    trail = Trail(as_of=as_of, region=region, params=params)
    first = facts.start_event + timedelta(days=1)
    last = facts.start_event + timedelta(days=facts.days)
    trail.say(
        f"开始的当日不计入，自{first.isoformat()}起算。",
        f"The day of the event is not counted; the first day is {first.isoformat()}.",
        CC_201,
    )
    trail.say(
        f"第{facts.days}日为{last.isoformat()}，当日二十四时届满。",
        f"Day {facts.days} is {last.isoformat()}; the period ends with it.",
        CC_203,
        value=last.isoformat(),
    )
    return trail.computed(last)
