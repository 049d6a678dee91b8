"""Probation beyond its length: once only, never alone, and dismissal that must arrive within it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from guiyan.kernel.results import Confidence, Finding, Verdict
from guiyan.law.citations import Cite
from guiyan.law.counsel import PROBATION_AFTER_REHIRE
from guiyan.law.parameters import Parameters
from guiyan.law.trail import Trail

LCL_19_2 = Cite("LCL", 19, 2)
LCL_19_4 = Cite("LCL", 19, 4)
LCL_39_1 = Cite("LCL", 39, item=1)


@dataclass(frozen=True, slots=True)
class AnotherProbation:
    """Whether a probation was agreed before with the same employer, and whether the person was hired anew since."""

    earlier_probation: bool | None
    rehired: bool | None


@dataclass(frozen=True, slots=True)
class ProbationOnly:
    """The months of a contract that agrees on a probation and nothing else."""

    months: int


@dataclass(frozen=True, slots=True)
class ProbationIsTerm:
    """The months of probation and of contract that such an agreement has in law."""

    probation_months: int
    contract_term_months: int


@dataclass(frozen=True, slots=True)
class ProbationDismissal:
    """The lawful last day of probation, and the day on which the notice arrived. None: unknown.

    `criteria_told`: the conditions of hiring were told at hiring; `failure_recorded`: records show that they were not
    met; `reasons_given`: the notice gives the reason (Art. 21).
    """

    lawful_last_day: date | None
    notice_arrived: date | None
    criteria_told: bool | None
    failure_recorded: bool | None
    reasons_given: bool | None


def another_probation(
    facts: AnotherProbation, *, as_of: date, region: str | None, params: Parameters
) -> Finding[bool | None]:
    """Labour Contract Law, Art. 19(2): one probation with one employer, whatever the post.

    Some courts are lenient after a new hire. That reading is not verified: the answer stays PROHIBITED and asks for a
    person, unless `probation.again_after_rehire` was set for the place.
    """
    trail = Trail(as_of=as_of, region=region, params=params)
    if facts.earlier_probation is None:
        trail.lacks("earlier_probation", "以前与本单位约定过试用期吗？", "Was a probation agreed here before?")
        return trail.finding(Verdict.INDETERMINATE, None)
    if facts.earlier_probation and facts.rehired:
        answer = params.find(PROBATION_AFTER_REHIRE, as_of=as_of, region=region)
        if answer is not None and trail.figure(PROBATION_AFTER_REHIRE):
            trail.say("当地允许再次入职后另行约定。", "Allowed here after a new hire.", answer.source, value="true")
            return trail.finding(Verdict.ALLOWED, value=True)
    allowed = not facts.earlier_probation
    trail.say(
        "没有约定过试用期。" if allowed else "同一单位与同一员工只能约定一次试用期，换岗、续签、再次入职也一样。",
        "No probation was agreed before." if allowed else "One probation only: new post, renewal or new hire alike.",
        LCL_19_2,
        value=str(allowed).lower(),
    )
    if facts.rehired and not allowed:
        trail.doubt(Confidence.UNVERIFIED)
        trail.ask_person()
    return trail.finding(Verdict.ALLOWED if allowed else Verdict.PROHIBITED, allowed)


def probation_only(
    facts: ProbationOnly, *, as_of: date, region: str | None, params: Parameters
) -> Finding[ProbationIsTerm]:
    """Labour Contract Law, Art. 19(4): a contract for a probation alone has none; its length is the contract's term.

    Raises ValueError for less than a month.
    """
    if facts.months < 1:
        raise ValueError("a contract lasts at least a month here")
    trail = Trail(as_of=as_of, region=region, params=params)
    trail.say(
        f"仅约定试用期的，试用期不成立，{facts.months}个月为劳动合同期限。",
        f"A probation alone is none: the {facts.months} months are the contract's term.",
        LCL_19_4,
        value=str(facts.months),
    )
    return trail.finding(Verdict.PROHIBITED, ProbationIsTerm(0, facts.months))


def probation_dismissal(
    facts: ProbationDismissal, *, as_of: date, region: str | None, params: Parameters
) -> Finding[bool | None]:
    """Labour Contract Law, Arts. 21, 39(1): conditions told at hiring, not met, reasons given, all within probation.

    The notice must have arrived by the lawful last day: practice, since it takes effect on arrival.
    """
    trail = Trail(as_of=as_of, region=region, params=params)
    late = None
    if facts.lawful_last_day is not None and facts.notice_arrived is not None:
        late = facts.notice_arrived > facts.lawful_last_day
    for broken, zh, en in (
        (late, "通知在试用期届满后才到达。", "The notice arrived after the end of probation."),
        (facts.criteria_told is False, "录用时没有告知录用条件。", "The conditions were not told at hiring."),
        (facts.failure_recorded is False, "没有不符合录用条件的记录。", "No records show that they were not met."),
        (facts.reasons_given is False, "没有说明理由。", "No reason was given."),
    ):
        if broken:
            trail.say(zh, en, LCL_39_1, Cite("LCL", 21), value="false")
            trail.doubt(Confidence.PRACTICE if late else Confidence.STATUTE)
            return trail.finding(Verdict.PROHIBITED, value=False)
    for fact, value, zh, en in (
        ("lawful_last_day", facts.lawful_last_day, "试用期合法的最后一天是哪天？", "What is the lawful last day?"),
        ("notice_arrived", facts.notice_arrived, "通知哪一天到达？", "When did the notice arrive?"),
        ("criteria_told", facts.criteria_told, "录用时告知录用条件了吗？", "Were the conditions told at hiring?"),
        ("failure_recorded", facts.failure_recorded, "有不符合条件的记录吗？", "Are there records of the failure?"),
        ("reasons_given", facts.reasons_given, "说明理由了吗？", "Were reasons given?"),
    ):
        if value is None:
            trail.lacks(fact, zh, en)
    if trail.missing:
        return trail.finding(Verdict.INDETERMINATE, None)
    trail.say(
        "条件、记录、理由和到达时间均符合。",
        "Conditions, records, reason and time are in order.",
        LCL_39_1,
        value="true",
    )
    trail.doubt(Confidence.PRACTICE)
    return trail.finding(Verdict.ALLOWED, value=True)
