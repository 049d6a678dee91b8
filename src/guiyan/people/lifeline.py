"""The line of a working life, computed from the dated facts a viewer may see. Nothing here is stored."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from guiyan.kernel.calendar import legal_day

DAY = timedelta(days=1)


class EventKind(StrEnum):
    """What happened."""

    HIRED = "hired"
    REHIRED = "rehired"
    PROBATION_PASSED = "probation_passed"
    PROBATION_ENDS = "probation_ends"
    MOVED = "moved"
    HEADS_UNIT = "heads_unit"
    HEADED_UNIT = "headed_unit"
    CONTRACT = "contract"
    CONTRACT_ENDS = "contract_ends"
    WAGE = "wage"
    PROTECTION_BEGINS = "protection_begins"
    PROTECTION_ENDS = "protection_ends"
    ADDRESS = "address"
    END_PLANNED = "end_planned"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class LifeEvent:
    """One event: the day, what, and words to show beside it (a unit, a kind). ``future``: it lies ahead of the day."""

    day: date
    kind: EventKind
    detail: str
    code: str
    future: bool


def life_line(
    spells: Sequence[Any],
    protections: Iterable[Any],
    addresses: Iterable[Any],
    headed: Iterable[tuple[str, date, date | None]],
    on: date,
) -> tuple[LifeEvent, ...]:
    """Return every event in order of days.

    ``spells``, ``protections`` and ``addresses`` are the views of ``queries.profile``; ``headed`` are (unit, from, to)
    of units led.
    """
    found: list[tuple[date, EventKind, str, str]] = []
    for index, spell in enumerate(sorted(spells, key=lambda each: each.hired_on)):
        found += _of_spell(spell, again=index > 0)
    for unit, start, end in headed:
        found.append((start, EventKind.HEADS_UNIT, unit, ""))
        if end is not None:
            found.append((end, EventKind.HEADED_UNIT, unit, ""))
    for protection in protections:
        found.append((protection.valid_from, EventKind.PROTECTION_BEGINS, "", protection.kind))
        if protection.valid_to is not None:
            found.append((protection.valid_to, EventKind.PROTECTION_ENDS, "", protection.kind))
    found += [(legal_day(address.valid_from), EventKind.ADDRESS, address.mask, address.kind) for address in addresses]
    order = list(EventKind)
    found.sort(key=lambda event: (event[0], order.index(event[1])))
    return tuple(LifeEvent(day, kind, detail, code, day > on) for day, kind, detail, code in found)


def _of_spell(spell: Any, *, again: bool) -> list[tuple[date, EventKind, str, str]]:
    places = spell.assignments
    first = f"{places[0].unit} · {places[0].post}" if places else ""
    found = [(spell.hired_on, EventKind.REHIRED if again else EventKind.HIRED, first, "")]
    found += [(place.valid_from, EventKind.MOVED, f"{place.unit} · {place.post}", "") for place in places[1:]]
    last = spell.probation_last_day
    if last is not None and (spell.ended_on is None or spell.ended_on > last):
        found.append((last + DAY, EventKind.PROBATION_PASSED, "", ""))
    for contract in spell.contracts or ():
        found.append((contract.start_on, EventKind.CONTRACT, contract.number, contract.kind))
        if contract.end_on is not None and spell.ended_on is None:
            found.append((contract.end_on, EventKind.CONTRACT_ENDS, contract.number, contract.kind))
    found += [(wage.valid_from, EventKind.WAGE, "", "") for wage in spell.wages or ()]
    if spell.planned_end_on is not None and spell.ended_on is None:
        found.append((spell.planned_end_on, EventKind.END_PLANNED, "", ""))
    if spell.ended_on is not None:
        found.append((spell.ended_on, EventKind.ENDED, "", spell.end_kind))
    return found
