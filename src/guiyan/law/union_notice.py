"""The union's word before a dismissal (Labour Contract Law, Art. 43), and what a missing one costs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from guiyan.kernel.results import Confidence, Finding, Verdict
from guiyan.law.citations import Cite
from guiyan.law.parameters import Parameters
from guiyan.law.trail import Trail

LCL_43 = Cite("LCL", 43)
J1_47 = Cite("J1", 47)


class UnionResult(StrEnum):
    """What follows for a dismissal that is right on its ground."""

    LAWFUL = "lawful"
    LAWFUL_NATIONALLY = "lawful_nationally"
    TWO_N = "2N"


@dataclass(frozen=True, slots=True)
class UnionNotice:
    """The notice to the union. None: unknown.

    `has_union`: the employer has one. `told_before`: it was told the reason before the decision; `in_writing`: provably
    so. `cured_before_suit`: it was told before the employee went to court. `substitute_told`: without a union, the
    representatives of the staff or a union above were told.
    """

    has_union: bool | None
    told_before: bool | None
    in_writing: bool | None
    cured_before_suit: bool | None
    substitute_told: bool | None


def union_notice(
    facts: UnionNotice, *, as_of: date, region: str | None, params: Parameters
) -> Finding[UnionResult | None]:
    """Labour Contract Law, Art. 43; Interpretation (I), Art. 47: is the procedure in order, and what if it is not?

    An employer with a union that did not tell it owes 2N, unless it made that good before the suit. Without a union the
    interpretation does not speak; the region's `union.absent_policy` decides whether somebody is told all the same.
    PROHIBITED means that the procedure is not in order.
    """
    trail = Trail(as_of=as_of, region=region, params=params)
    if facts.has_union is None:
        trail.lacks("has_union", "单位建立了工会吗？", "Does the employer have a union?")
        return trail.finding(Verdict.INDETERMINATE, None)
    return _with_union(facts, trail) if facts.has_union else _without_union(facts, trail)


def _with_union(facts: UnionNotice, trail: Trail) -> Finding[UnionResult | None]:
    told = _both(facts.told_before, facts.in_writing)
    if told:
        trail.say("事先书面通知了工会。", "The union was told in writing beforehand.", LCL_43, value="true")
        return trail.finding(Verdict.ALLOWED, UnionResult.LAWFUL)
    if facts.cured_before_suit:
        trail.say("起诉前已经补正有关程序。", "It was made good before the suit.", J1_47, value="true")
        return trail.finding(Verdict.ALLOWED, UnionResult.LAWFUL)
    if told is False and facts.cured_before_suit is False:
        trail.say(
            "没有事先通知工会，或者只是口头通知而不能证明：须付赔偿金。",
            "The union was not told beforehand, or only by word that cannot be proved: 2N is due.",
            LCL_43,
            J1_47,
            value=UnionResult.TWO_N.value,
        )
        return trail.finding(Verdict.PROHIBITED, UnionResult.TWO_N)
    for fact, value, zh, en in (
        ("told_before", facts.told_before, "作出决定前通知工会了吗？", "Was the union told before the decision?"),
        ("in_writing", facts.in_writing, "是可以证明的书面通知吗？", "Was it in writing, provably?"),
        ("cured_before_suit", facts.cured_before_suit, "起诉前补正了吗？", "Was it made good before the suit?"),
    ):
        if value is None:
            trail.lacks(fact, zh, en)
    return trail.finding(Verdict.INDETERMINATE, None)


def _both(one: bool | None, other: bool | None) -> bool | None:
    if one is False or other is False:
        return False
    return True if one and other else None


def _without_union(facts: UnionNotice, trail: Trail) -> Finding[UnionResult | None]:
    strict = bool(trail.figure("union.absent_policy"))
    trail.say(
        "没有工会的单位，司法解释没有规定，各地法院做法不同。",
        "The interpretation does not speak of employers without a union; courts differ by place.",
        J1_47,
    )
    trail.doubt(Confidence.PRACTICE)
    trail.ask_person()
    if not strict or facts.substitute_told:
        trail.say("已按当地做法处理。", "It was done as the place wants it.", LCL_43, value="true")
        return trail.finding(Verdict.ALLOWED, UnionResult.LAWFUL_NATIONALLY)
    if facts.substitute_told is None:
        trail.lacks(
            "substitute_told", "书面告知职工代表或者上级工会了吗？", "Were staff or a higher union told in writing?"
        )
        return trail.finding(Verdict.INDETERMINATE, UnionResult.LAWFUL_NATIONALLY)
    trail.say(
        "从严：应书面告知职工代表或者上级工会并听取意见。",
        "The strict line: staff representatives or a higher union are told and heard.",
        LCL_43,
        value="false",
    )
    return trail.finding(Verdict.PROHIBITED, UnionResult.LAWFUL_NATIONALLY)
