"""What is known of one person's case: exhibits, steps done, days, facts, the protection gate, the money at stake."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from guiyan.kernel.results import Finding, Problem, Words
from guiyan.law.matrix.loading import exhibit_kinds, step_kinds
from guiyan.law.matrix.model import Event, Fact, Grade, GroundMatrix
from guiyan.law.moments import When
from guiyan.law.protection import ProtectionRuling
from guiyan.law.severance import SeveranceFacts


class EvidenceRejected(ValueError):
    """What was given cannot be. `problems` names everything that is wrong with it."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(problem.says.en for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One exhibit for one element. None means that nobody has said.

    `source` names the system or person it comes from: two exports of one source are one piece of evidence. `dated` is
    the day on which it came into being, `lawful` whether it was obtained lawfully. A `grade` better than the kind can
    reach by nature counts only as that.
    """

    element: str
    kind: str
    grade: Grade
    source: str | None
    dated: date | None
    lawful: bool | None


@dataclass(frozen=True, slots=True)
class EvidenceGiven:
    """All that is known on the day. What is absent from `steps` has not been recorded, from `events` and `facts` is not
    known; `gate` is the finding of `protection_gate` for this ground, None when nobody asked it.

    `steps` maps a kind of step to when it was done; of `written_notice` that is its arrival. `severance` (N, not 2N)
    and `last_month_wage`, in yuan, serve to show what is at stake and change no verdict.
    """

    exhibits: tuple[Exhibit, ...]
    steps: Mapping[str, When] = field(hash=False)
    events: Mapping[Event, date] = field(hash=False)
    facts: Mapping[Fact, bool] = field(hash=False)
    gate: Finding[ProtectionRuling] | None
    severance: SeveranceFacts | None
    last_month_wage: Decimal | None

    def __post_init__(self) -> None:
        for name in ("steps", "events", "facts"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))


def check(given: EvidenceGiven, entry: GroundMatrix, as_of: date) -> None:
    """Raises EvidenceRejected naming every unknown element and kind, and everything said to have happened later."""
    problems = [*_unknown(given, entry), *_not_yet(given, as_of)]
    if given.last_month_wage is not None and not (given.last_month_wage.is_finite() and given.last_month_wage >= 0):
        problems.append(
            _problem("negative_money", "上月工资不能为负。", "a wage cannot be negative", "last_month_wage")
        )
    if problems:
        raise EvidenceRejected(tuple(problems))


def _unknown(given: EvidenceGiven, entry: GroundMatrix) -> list[Problem]:
    ids = {element.id for element in entry.elements}
    found = []
    for element in sorted({one.element for one in given.exhibits} - ids):
        found.append(
            _problem("unknown_element", f"没有要件{element}。", f"ground {entry.key} has no element {element}", element)
        )
    for kind in sorted({one.kind for one in given.exhibits} - set(exhibit_kinds())):
        found.append(_problem("unknown_exhibit", f"没有证据种类{kind}。", f"no such kind of exhibit: {kind}", kind))
    for kind in sorted(set(given.steps) - set(step_kinds())):
        found.append(_problem("unknown_step", f"没有步骤{kind}。", f"no such kind of step: {kind}", kind))
    return found


def _not_yet(given: EvidenceGiven, as_of: date) -> list[Problem]:
    found = []
    for one in given.exhibits:
        if one.dated is not None and one.dated > as_of:
            zh, en = f"证据日期{one.dated}晚于{as_of}。", f"an exhibit is dated {one.dated}, after {as_of}"
            found.append(_problem("not_yet", zh, en, one.element))
    for kind, when in given.steps.items():
        if when.day > as_of:
            zh, en = f"步骤日期{when.day}晚于{as_of}。", f"{kind} is said to be done on {when.day}, after {as_of}"
            found.append(_problem("not_yet", zh, en, kind))
    return found


def _problem(code: str, zh: str, en: str, name: str) -> Problem:
    return Problem(code, Words(zh, en), name)
