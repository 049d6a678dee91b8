"""Is an element proved? By one exhibit of grade G2 or better, or by two of G3 from independent sources; never by G4."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from guiyan.kernel.results import Missing, Words
from guiyan.law.matrix.days import base_day, day_of, known_not_to_apply, lacking_base
from guiyan.law.matrix.given import EvidenceGiven, Exhibit
from guiyan.law.matrix.loading import exhibit_kinds
from guiyan.law.matrix.model import DayRule, Element, ExhibitKind, Grade, Level, Window
from guiyan.law.trail import Trail

ENOUGH_ALONE = Grade.G2
ENOUGH_TOGETHER = Grade.G3
INDEPENDENT_SOURCES_MIN = 2


class Standing(StrEnum):
    """How an element stands. NOT_APPLICABLE: a known fact takes it out of the case."""

    PROVED = "PROVED"
    WEAK = "WEAK"
    MISSING = "MISSING"
    NOT_APPLICABLE = "NOT_APPLICABLE"

    @property
    def holds(self) -> bool:
        """Whether the element needs nothing more."""
        return self in {Standing.PROVED, Standing.NOT_APPLICABLE}


class Weakness(StrEnum):
    """Why an exhibit does not count, or counts for too little."""

    CLUE_ONLY = "clue_only"
    UNLAWFUL = "unlawful"
    LAWFULNESS_UNKNOWN = "lawfulness_unknown"
    UNDATED = "undated"
    OUTSIDE_WINDOW = "outside_window"
    WINDOW_UNKNOWN = "window_unknown"
    ONE_SIDED = "one_sided"
    ONE_SOURCE = "one_source"

    @property
    def words(self) -> Words:
        return _WORDS[self]


_WORDS = {
    Weakness.CLUE_ONLY: Words(
        "这种证据只是线索，不能证明该要件。", "This kind of exhibit is a clue and no proof of it."
    ),
    Weakness.UNLAWFUL: Words("违法取得的证据不计入。", "What was obtained unlawfully does not count."),
    Weakness.LAWFULNESS_UNKNOWN: Words(
        "没有说明证据是否合法取得。", "Nobody has said whether it was obtained lawfully."
    ),
    Weakness.UNDATED: Words(
        "证据没有日期，不知道是否形成在要求的期间内。", "It has no date, so the time is not shown."
    ),
    Weakness.OUTSIDE_WINDOW: Words(
        "证据不是在要求的期间内形成的。", "It did not come into being within the time needed."
    ),
    Weakness.WINDOW_UNKNOWN: Words("要求的期间还不清楚。", "The time within which it had to arise is not known."),
    Weakness.ONE_SIDED: Words(
        "只有单方陈述、截图或者未签字的表格。", "There is only one side's word, or a screenshot."
    ),
    Weakness.ONE_SOURCE: Words(
        "只有一个来源的内部导出；另需一个独立来源，或者一份更可靠的证据。",
        "Exports of one source only: a second independent source or something better is needed.",
    ),
}


_PROVED = Words("已证明。", "Proved.")
_NOT_HERE = Words("本案不涉及该要件。", "It does not arise here.")


@dataclass(frozen=True, slots=True)
class ElementAnswer:
    """How one element stands, why, and the kinds of exhibit that would prove it, best first."""

    id: str
    level: Level
    standing: Standing
    why: tuple[Words, ...]
    weaknesses: tuple[Weakness, ...]
    wanted: tuple[ExhibitKind, ...]
    lacking: tuple[Missing, ...]


def prove(element: Element, given: EvidenceGiven, trail: Trail) -> ElementAnswer:
    """How the element stands on what is given.

    An exhibit counts fully only when its kind proves the element, it is known to be lawful, and it is dated within the
    window where there is one. Anything else leaves the element weak; unlawful exhibits do not count at all.
    """
    if known_not_to_apply(element.when, given):
        return ElementAnswer(element.id, element.level, Standing.NOT_APPLICABLE, (_NOT_HERE,), (), (), ())
    own = [one for one in given.exhibits if one.element == element.id]
    flaws = {one: _flaw(one, element, given, trail) for one in own}
    sound = [one for one in own if flaws[one] is None]
    if _enough(sound):
        return ElementAnswer(element.id, element.level, Standing.PROVED, (_PROVED,), (), (), ())
    found = {flaw for flaw in flaws.values() if flaw is not None}
    if sound:
        found.add(Weakness.ONE_SOURCE if any(_grade(one) <= ENOUGH_TOGETHER for one in sound) else Weakness.ONE_SIDED)
    standing = Standing.WEAK if found - {Weakness.UNLAWFUL} else Standing.MISSING
    weaknesses = tuple(one for one in Weakness if one in found)
    lacking = _lacking(element.window, given) if Weakness.WINDOW_UNKNOWN in found else ()
    why = (*(one.words for one in weaknesses), element.missing)
    return ElementAnswer(element.id, element.level, standing, why, weaknesses, _wanted(element), lacking)


def _grade(exhibit: Exhibit) -> Grade:
    return max(exhibit.grade, exhibit_kinds()[exhibit.kind].best)


def _enough(sound: Iterable[Exhibit]) -> bool:
    grades = [(one, _grade(one)) for one in sound]
    if any(grade <= ENOUGH_ALONE for _, grade in grades):
        return True
    sources = {one.source.strip().casefold() for one, grade in grades if grade <= ENOUGH_TOGETHER and one.source}
    return len(sources - {""}) >= INDEPENDENT_SOURCES_MIN


def _flaw(exhibit: Exhibit, element: Element, given: EvidenceGiven, trail: Trail) -> Weakness | None:
    if exhibit.lawful is False:
        return Weakness.UNLAWFUL
    if exhibit.kind not in element.exhibits and not exhibit_kinds()[exhibit.kind].proves_any:
        return Weakness.CLUE_ONLY
    if exhibit.lawful is None:
        return Weakness.LAWFULNESS_UNKNOWN
    return _out_of_time(exhibit, element.window, given, trail) if element.window is not None else None


def _out_of_time(exhibit: Exhibit, window: Window, given: EvidenceGiven, trail: Trail) -> Weakness | None:
    if exhibit.dated is None:
        return Weakness.UNDATED
    for rule in _ends(window):
        day = day_of(rule, given, trail)
        if day is None:
            return Weakness.WINDOW_UNKNOWN
        if exhibit.dated < day if rule is window.after else exhibit.dated > day:
            return Weakness.OUTSIDE_WINDOW
    return None


def _lacking(window: Window | None, given: EvidenceGiven) -> tuple[Missing, ...]:
    return tuple(lacking_base(rule) for rule in _ends(window) if base_day(rule, given) is None)


def _ends(window: Window | None) -> list[DayRule]:
    return [] if window is None else [rule for rule in (window.after, window.by) if rule is not None]


def _wanted(element: Element) -> tuple[ExhibitKind, ...]:
    return tuple(sorted((exhibit_kinds()[kind] for kind in element.exhibits), key=lambda kind: kind.best))
