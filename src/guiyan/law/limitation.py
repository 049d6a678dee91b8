"""Limitation of labour disputes, and reasons that are fixed on the day they are given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from guiyan.kernel.calendar import add_months
from guiyan.kernel.results import Computed, Confidence, Finding, Verdict
from guiyan.law.citations import Cite
from guiyan.law.parameters import Parameters
from guiyan.law.trail import Trail

LMA_27_1 = Cite("LMA", 27, 1)
LMA_27_2 = Cite("LMA", 27, 2)
LMA_27_4 = Cite("LMA", 27, 4)


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim: since when the claimant knew or should have known, whether it is for wages left unpaid during the
    employment, when the employment ended (None: it goes on), the last day on which the claimant pressed it on the
    other side, sought relief, or was promised performance (None: never), and when it was filed."""

    known_on: date
    wage_arrears: bool
    relation_ended: date | None
    pressed_on: date | None
    filed: date


@dataclass(frozen=True, slots=True)
class Limitation:
    """The last day for filing (None: it does not run yet), and whether the claim is barred if that is pleaded."""

    last_day: date | None
    barred_if_raised: bool


@dataclass(frozen=True, slots=True)
class LaterReason:
    """Whether the reason relied on now is the one that was given then; whether that one was wrung by fraud, duress or
    mistake. None: unknown."""

    same_reason: bool | None
    wrung: bool | None


def limitation(facts: Claim, *, as_of: date, region: str | None, params: Parameters) -> Computed[Limitation]:
    """Labour Dispute Mediation and Arbitration Law, Art. 27: one year, which interruptions start anew.

    Arrears of wages run only from the end of the employment. A claim that was pressed while the year ran has a new one;
    whether an earlier pressing kept it alive, and suspension (Art. 27(3)), are for a person to see.
    """
    trail = Trail(as_of=as_of, region=region, params=params)
    months = int(trail.figure("limitation.months"))
    if facts.wage_arrears and facts.relation_ended is None:
        trail.say("劳动关系存续期间，拖欠工资的时效不起算。", "While employed, no period runs for wages.", LMA_27_4)
        return trail.computed(Limitation(None, barred_if_raised=False))
    begins = facts.relation_ended if facts.wage_arrears and facts.relation_ended else facts.known_on
    last = add_months(begins, months)
    if facts.pressed_on is not None and begins <= facts.pressed_on <= last:
        trail.say(
            f"{facts.pressed_on.isoformat()}主张过权利，时效中断，重新计算。",
            f"Pressed on {facts.pressed_on.isoformat()}: interrupted, and counted anew.",
            LMA_27_2,
        )
        begins, last = facts.pressed_on, add_months(facts.pressed_on, months)
    barred = facts.filed > last
    trail.say(
        f"自{begins.isoformat()}起一年，至{last.isoformat()}止；{'已超过' if barred else '未超过'}。",
        f"One year from {begins.isoformat()}, to {last.isoformat()}: {'over' if barred else 'not over'}.",
        LMA_27_4 if facts.wage_arrears else LMA_27_1,
        Cite("CC", 201),
        value=last.isoformat(),
    )
    if barred:
        trail.ask_person()
    return trail.computed(Limitation(last, barred_if_raised=barred))


def later_reason(facts: LaterReason, *, as_of: date, region: str | None, params: Parameters) -> Finding[bool | None]:
    """Interpretation (I), Art. 44, as courts read it: is a reason that was not given at the time considered later?

    It holds for the employer's notice and for the employee's letter; fraud, duress and mistake excepted. Practice.
    """
    trail = Trail(as_of=as_of, region=region, params=params)
    trail.doubt(Confidence.PRACTICE)
    if facts.same_reason is None:
        trail.lacks("same_reason", "与当时写明的理由相同吗？", "Is it the reason given at the time?")
        return trail.finding(Verdict.INDETERMINATE, None)
    if not facts.same_reason and facts.wrung is None:
        trail.lacks(
            "wrung", "当时的理由是因欺诈、胁迫或者误解写的吗？", "Was it written under fraud, duress or mistake?"
        )
        return trail.finding(Verdict.INDETERMINATE, None)
    considered = facts.same_reason or bool(facts.wrung)
    trail.say(
        "以当时实际写明的理由审查。" if not considered else "该理由可以审查。",
        "The reason given at the time is examined, no other." if not considered else "That reason is examined.",
        Cite("J1", 44),
        value=str(considered).lower(),
    )
    return trail.finding(Verdict.ALLOWED if considered else Verdict.PROHIBITED, considered)
