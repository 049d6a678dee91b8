"""Protected employees: which ground may end the employment of whom (Labour Contract Law, Arts. 42 and 45).

Article 42 bars Articles 40 and 41 and nothing else. Expiry is extended by Article 45. Beside it stand walls of their
own: occupational diseases (Law on them, Arts. 35 and 55), work injuries (Regulations, Arts. 35 to 37), union office
(Trade Union Law, Art. 19). Each status is judged against each ground by its own cell of one table.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from guiyan.kernel.calendar import add_months
from guiyan.kernel.results import Finding, Verdict, Words
from guiyan.law.citations import Cite
from guiyan.law.grounds import Ground, GroundFamily, Party
from guiyan.law.parameters import Parameters
from guiyan.law.protection_table import (
    LCL_42,
    LCL_45,
    Cell,
    Decision,
    ExtensionEnd,
    ProtectedStatus,
    cell_for,
)
from guiyan.law.trail import Trail

LCL_21 = Cite("LCL", 21)
LCL_39_1 = Cite("LCL", 39, item=1)
WOM_9 = Cite("WOM", 9)
UNION_19 = Cite("UNION", 19)
RETIREMENT_AHEAD_MONTHS_MAX = 60
"""Art. 42(5) protects from five years before retirement: an extension to retirement ends within that time."""
PREGNANCY_MONTHS_MAX = 10
MEDICAL_PERIOD_MONTHS_MAX = 24

MANAGER_SEES = Words(
    "因保护性规定暂停，由人事处理。",
    "Stopped by a protection; HR decides.",
)
"""All that a manager is shown of a stopped gate: neither the article nor the fact behind it."""

_STRICTNESS = list(Decision)
"""Decisions from the loosest to the strictest, in the order in which the enumeration lists them."""


@dataclass(frozen=True, slots=True)
class ProtectedEnding:
    """The facts. None means unknown; an empty `statuses` means that no protection is known.

    `child_birth` is the day of birth (or the day expected); `contract_end` the day on which the term would expire;
    `union_term_end` the last day of the term of union office; `proposed_by` who proposes the ending.
    """

    statuses: frozenset[ProtectedStatus]
    ground: Ground
    in_probation: bool | None
    child_birth: date | None
    contract_end: date | None
    union_term_end: date | None
    proposed_by: Party | None


@dataclass(frozen=True, slots=True)
class ProtectionRuling:
    """The decision; `until` is the last day of an extension where the facts give it, `until_event` what ends it."""

    decision: Decision
    until: date | None
    until_event: ExtensionEnd | None

    def __str__(self) -> str:
        if self.decision is not Decision.EXTEND_UNTIL:
            return self.decision.value
        return f"{self.decision.value}:{self.until.isoformat() if self.until else self.until_event}"


_OPEN = ProtectionRuling(Decision.NOT_BARRED_BY_42, None, None)
_CLOSED = ProtectionRuling(Decision.PROHIBITED, None, None)


@dataclass(frozen=True, slots=True)
class _Extension:
    """An extension and what is known of its last day: the day itself, or the earliest and latest it can be."""

    event: ExtensionEnd
    day: date | None
    earliest: date | None
    latest: date | None


def protection_gate(
    facts: ProtectedEnding, *, as_of: date, region: str | None, params: Parameters
) -> Finding[ProtectionRuling]:
    """Labour Contract Law, Arts. 21, 42, 45: may this ground end the employment of a person with these protections?

    Of several statuses the strictest decides, of several extensions the latest. ALLOWED means that no protection stands
    in the way; whether the ground itself is made out is for other rules. RISK_REINSTATEMENT and the statuses whose
    practice is divided ask for a person.
    """
    trail = Trail(as_of=as_of, region=region, params=params)
    verdict, ruling, conditions = judged(facts, trail)
    return trail.finding(verdict, ruling, conditions)


def judged(facts: ProtectedEnding, trail: Trail) -> tuple[Verdict, ProtectionRuling, tuple[Words, ...]]:
    """The same as a part of a larger answer: verdict, ruling and conditions, with its steps in the given trail."""
    if not facts.statuses:
        return (*unprotected(facts.ground, facts.in_probation, trail), ())
    probation = closed_by_probation(facts.ground, facts.in_probation, trail)
    cells = [_in_these_facts(cell_for(status, facts.ground), facts, trail) for status in sorted(facts.statuses)]
    decision = max((cell.decision for cell in cells), key=_STRICTNESS.index)
    if probation:
        decision = Decision.PROHIBITED
    extension = None
    if decision is Decision.EXTEND_UNTIL:
        extension = _latest(_extensions(cells, facts, trail), trail)
    conditions = _conditions(cells)
    if decision is Decision.RISK_REINSTATEMENT or any(cell.review for cell in cells):
        trail.ask_person()
    ruling = ProtectionRuling(decision, extension.day if extension else None, extension.event if extension else None)
    verdict = _verdict(decision, conditions)
    if not verdict.stops:
        _ask_about_probation(facts.ground, facts.in_probation, trail)
    return verdict, ruling, conditions


def unprotected(ground: Ground, in_probation: bool | None, trail: Trail) -> tuple[Verdict, ProtectionRuling]:
    """Nobody protects this person: only what probation closes is closed."""
    trail.say("没有已知的受保护情形。", "No protected status is known.", LCL_42)
    if closed_by_probation(ground, in_probation, trail):
        return Verdict.PROHIBITED, _CLOSED
    _ask_about_probation(ground, in_probation, trail)
    return Verdict.ALLOWED, _OPEN


def _ask_about_probation(ground: Ground, in_probation: bool | None, trail: Trail) -> None:
    """Arts. 21 and 39(1): a ground that is open only in probation, or only outside it, turns on whether it is one."""
    if in_probation is not None:
        return
    if ground is Ground.G39_1 or ground is Ground.G40_3 or ground.family is GroundFamily.LAYOFF:
        trail.lacks("in_probation", "员工在试用期内吗？", "Is the employee in probation?")


def _verdict(decision: Decision, conditions: tuple[Words, ...]) -> Verdict:
    match decision:
        case Decision.NOT_BARRED_BY_42:
            return Verdict.ALLOWED_WITH_CONDITIONS if conditions else Verdict.ALLOWED
        case Decision.ALLOWED_WITH_BENEFITS | Decision.RISK_REINSTATEMENT:
            return Verdict.ALLOWED_WITH_CONDITIONS
        case Decision.EXTEND_UNTIL:
            return Verdict.EXTENDED
        case _:
            return Verdict.PROHIBITED


def closed_by_probation(ground: Ground, in_probation: bool | None, trail: Trail) -> bool:
    """Art. 21: in probation only Arts. 39, 40(1) and 40(2) are open; Art. 39(1) is open in probation only."""
    if in_probation and ground.family is GroundFamily.LAYOFF:
        trail.say("试用期内不得依第四十一条裁减人员。", "Art. 41 is closed in probation.", LCL_21)
        return True
    if in_probation and ground is Ground.G40_3:
        trail.say("试用期内不得依第四十条第三项解除。", "Art. 40(3) is closed in probation.", LCL_21)
        return True
    if in_probation is False and ground is Ground.G39_1:
        trail.say(
            "第三十九条第一项只适用于试用期内；试用期已过，不能再用。",
            "Art. 39(1) is open in probation only, and probation is over.",
            LCL_39_1,
        )
        return True
    return False


def _in_these_facts(cell: Cell, facts: ProtectedEnding, trail: Trail) -> Cell:
    """The cell as the facts leave it: who proposed, and whether an extension would reach beyond the term at all."""
    trail.say(cell.says.zh, cell.says.en, *cell.cites, value=cell.decision.value)
    trail.doubt(cell.confidence)
    if cell.decision is Decision.UNLESS_EMPLOYEE_PROPOSES and facts.proposed_by is Party.EMPLOYEE:
        trail.say(
            "由工伤职工本人提出，可以终止，并支付一次性工伤医疗补助金和一次性伤残就业补助金。",
            "The injured employee proposes it: the relation may end, with both one-off benefits.",
            *cell.cites,
            value=Decision.ALLOWED_WITH_BENEFITS.value,
        )
        return cell.decided(Decision.ALLOWED_WITH_BENEFITS)
    if cell.decision is Decision.EXTEND_UNTIL and cell.until is not None:
        end = _extension(cell.until, facts, trail).day
        if end is not None and facts.contract_end is not None and end <= facts.contract_end:
            trail.say(
                f"该情形在{end.isoformat()}消失，不晚于合同期满日，不需要续延。",
                f"The situation ends on {end.isoformat()}, not after the term: there is nothing to extend.",
                LCL_45,
                value=Decision.NOT_BARRED_BY_42.value,
            )
            return cell.decided(Decision.NOT_BARRED_BY_42)
    return cell


def _extensions(cells: Iterable[Cell], facts: ProtectedEnding, trail: Trail) -> list[_Extension]:
    events = {cell.until for cell in cells if cell.decision is Decision.EXTEND_UNTIL and cell.until is not None}
    return [_extension(event, facts, trail) for event in sorted(events)]


def _extension(event: ExtensionEnd, facts: ProtectedEnding, trail: Trail) -> _Extension:
    nursing_months = int(trail.figure("protection.nursing_months"))
    if event is ExtensionEnd.NURSING_END and facts.child_birth is not None:
        day = add_months(facts.child_birth, nursing_months)
        return _Extension(event, day, day, day)
    if event is ExtensionEnd.UNION_TERM_END and facts.union_term_end is not None:
        return _Extension(event, facts.union_term_end, facts.union_term_end, facts.union_term_end)
    end = facts.contract_end
    months = {
        ExtensionEnd.NURSING_END: (_nursing_left_at_least(facts), PREGNANCY_MONTHS_MAX + nursing_months),
        ExtensionEnd.MEDICAL_PERIOD_END: (0, MEDICAL_PERIOD_MONTHS_MAX),
        ExtensionEnd.RETIREMENT: (0, RETIREMENT_AHEAD_MONTHS_MAX),
    }.get(event)
    if end is None or months is None:
        return _Extension(event, None, end, None)
    return _Extension(event, None, add_months(end, months[0]), add_months(end, months[1]))


def _nursing_left_at_least(facts: ProtectedEnding) -> int:
    """Months of nursing still to come at expiry: a child not yet born has its whole first year before it."""
    return 12 if facts.statuses & {ProtectedStatus.PREGNANT} else 0


def _latest(extensions: list[_Extension], trail: Trail) -> _Extension:
    """The extension that ends last. Where the facts leave the order open, the one that can last longest is named and
    the others are kept as a condition: the term runs until every one has ended."""
    certain = [
        one
        for one in extensions
        if one.earliest is not None
        and all(other is one or (other.latest is not None and other.latest <= one.earliest) for other in extensions)
    ]
    order = list(ExtensionEnd)
    latest = certain[0] if certain else max(extensions, key=lambda one: order.index(one.event))
    shown = latest.day.isoformat() if latest.day else latest.event.zh
    trail.say(
        f"合同续延至相应情形消失：{shown}。",
        f"The term is extended until the situation ends: {latest.day or latest.event.en}.",
        LCL_45,
        *{ExtensionEnd.NURSING_END: (WOM_9,), ExtensionEnd.UNION_TERM_END: (UNION_19,)}.get(latest.event, ()),
        value=f"{Decision.EXTEND_UNTIL.value}:{latest.day or latest.event.value}",
    )
    if not certain and len(extensions) > 1:
        trail.ask_person()
    return latest


def _conditions(cells: list[Cell]) -> tuple[Words, ...]:
    found = [condition for cell in cells for condition in cell.conditions]
    ends = sorted({cell.until for cell in cells if cell.decision is Decision.EXTEND_UNTIL and cell.until is not None})
    if len(ends) > 1:
        found.append(
            Words(
                f"以下情形须全部消失，合同才可终止：{'、'.join(end.zh for end in ends)}。",
                f"The contract ends only when all of these have ended: {', '.join(end.en for end in ends)}.",
            )
        )
    return tuple(dict.fromkeys(found))
