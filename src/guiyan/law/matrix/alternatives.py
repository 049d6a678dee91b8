"""The lawful alternatives to a ground for the same person: which are open, which must be proved, what each costs.

Each ground is judged as it would be if it were begun on the day: the reason goes to the union that day, the notice
arrives on the last day, and a month's wage stands for the notice of Art. 40.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from guiyan.kernel.results import Finding, Missing, Verdict, Words
from guiyan.law.citations import Cite
from guiyan.law.ending import CapAndFloor, Ending, EndingCase, RegionMissing, judge_ending
from guiyan.law.ending_time import LAYOFF_NOTICE_DAYS
from guiyan.law.grounds import Ground, GroundFamily, Party
from guiyan.law.matrix.assessing import Assessment, Collect, assess
from guiyan.law.matrix.given import EvidenceGiven
from guiyan.law.matrix.loading import matrix, matrix_ground
from guiyan.law.parameters import ParameterMissing, Parameters

EMPLOYERS_GROUNDS = (
    Ground.G36,
    Ground.G39_1,
    Ground.G39_2,
    Ground.G39_3,
    Ground.G39_4,
    Ground.G39_5,
    Ground.G39_6,
    Ground.G40_1,
    Ground.G40_2,
    Ground.G40_3,
    Ground.G41,
    Ground.G44_1,
)
"""The grounds that an employer can choose, in the order of the law."""
MONEY_FACTS = frozenset({"hire_date", "avg12", "last_month_wage"})
"""Facts that only the cost turns on."""
STEPS_OF_AN_ENDING = frozenset({"written_notice", "union_notice", "sign_agreement", "expiry_notice"})
"""Steps that belong to the ground for which they were taken and begin anew for another."""
PARTS_THAT_CLOSE = frozenset({"Probation", "Protections", "The ground itself", "Notice", "Union"})
"""The headings of a judgement under which a ground may be closed; the others hold money and dates."""
_LCL_42 = Cite("LCL", 42)


class Openness(StrEnum):
    """Whether an alternative can be used.

    OPEN: nothing stands in the way and what must be proved is proved (an agreement has nothing to prove beforehand).
    TO_PROVE: nothing stands in the way, and elements are still to be proved. UNDECIDED: facts are missing. CLOSED: it
    is barred.
    """

    OPEN = "OPEN"
    TO_PROVE = "TO_PROVE"
    UNDECIDED = "UNDECIDED"
    CLOSED = "CLOSED"


@dataclass(frozen=True, slots=True)
class Alternative:
    """One ground for the same person. Money is yuan; `cost` is owed beside wages when the ground holds, `unlawful` when
    it fails; None where it is unknown, and `unknown_cost` names the fact or the parameter that is missing.

    `why` says what closes it, or on what conditions it is open; `collect` what must still be proved and by which kinds
    of exhibit; `missing` the facts for want of which it is undecided. `case` is the ending as it was judged.
    """

    ground: Ground
    openness: Openness
    why: tuple[Words, ...]
    collect: tuple[Collect, ...]
    missing: tuple[Missing, ...]
    cost: Decimal | None
    unlawful: Decimal | None
    unknown_cost: tuple[Missing, ...]
    case: EndingCase
    finding: Finding[Ending]
    evidence: Finding[Assessment]


def alternatives(
    case: EndingCase,
    given: EvidenceGiven,
    *,
    as_of: date,
    region: str | None,
    params: Parameters,
    among: tuple[Ground, ...] = EMPLOYERS_GROUNDS,
) -> tuple[Alternative, ...]:
    """Labour Contract Law, Arts. 36 to 48: the other grounds for this person, open ones first, then by cost.

    `given` may hold exhibits for the elements of every ground. Steps of the notice itself are taken as not begun.
    Raises what `judge_ending` and `assess` raise for facts that cannot be; a local figure that is missing makes a cost
    unknown and stops nothing.
    """
    found = [
        _alternative(ground, case, given, as_of=as_of, region=region, params=params)
        for ground in among
        if ground is not case.ground
    ]
    order, rank = list(Openness), list(among)
    return tuple(
        sorted(
            found,
            key=lambda one: (order.index(one.openness), one.cost is None, one.cost or 0, rank.index(one.ground)),
        )
    )


def _alternative(
    ground: Ground, case: EndingCase, given: EvidenceGiven, *, as_of: date, region: str | None, params: Parameters
) -> Alternative:
    planned = _planned(ground, case, as_of=as_of, region=region, params=params)
    finding, parameter = _judged(planned, as_of=as_of, region=region, params=params)
    evidence = assess(matrix_ground(ground), _for_ground(ground, given), as_of=as_of, region=region, params=params)
    if finding.value is None or evidence.value is None:
        raise ValueError(f"no answer on {ground}")
    deciding = tuple(one for one in finding.missing if one.fact not in MONEY_FACTS)
    openness = _openness(ground, finding, evidence, deciding)
    money = finding.value.money
    unknown = [one for one in finding.missing if one.fact in MONEY_FACTS]
    return Alternative(
        ground=ground,
        openness=openness,
        why=_why(openness, finding, evidence),
        collect=_needed(evidence.value) if openness is not Openness.CLOSED else (),
        missing=deciding if openness is Openness.UNDECIDED else (),
        cost=None if parameter is not None and money.total else money.total,
        unlawful=None if parameter is not None and money.unlawful else money.unlawful,
        unknown_cost=(*unknown, *((parameter,) if parameter is not None else ())),
        case=planned,
        finding=finding,
        evidence=evidence,
    )


def _planned(ground: Ground, case: EndingCase, *, as_of: date, region: str | None, params: Parameters) -> EndingCase:
    """The same person's ending on another ground, begun today and done in the lawful order."""
    last_day = None if case.last_day is None else max(case.last_day, as_of)
    if ground.family is GroundFamily.LAYOFF and last_day is not None:
        days = int(params.at(LAYOFF_NOTICE_DAYS, as_of=as_of, region=region).number)
        last_day = max(last_day, as_of + timedelta(days=days))
    return replace(
        case,
        ground=ground,
        last_day=last_day,
        in_probation=case.in_probation if case.probation_last_day is None else None,
        proposed_by=Party.EMPLOYER,
        notice_arrived=last_day,
        pay_in_lieu=True,
        union_told_on=as_of,
        decision_day=last_day,
        staff_told_on=as_of,
        plan_reported_on=as_of,
    )


def _judged(
    planned: EndingCase, *, as_of: date, region: str | None, params: Parameters
) -> tuple[Finding[Ending], Missing | None]:
    """The finding, and the parameter without which its sums are not known."""
    try:
        return judge_ending(planned, as_of=as_of, region=region, params=params), None
    except (ParameterMissing, RegionMissing) as error:
        if planned.cap_and_floor is CapAndFloor.NOT_ASKED:
            raise
        asks = Words(f"当地、当日的参数{error.key}是多少？", f"What is {error.key} at this place on this day?")
        uncapped = replace(planned, cap_and_floor=CapAndFloor.NOT_ASKED)
        return judge_ending(uncapped, as_of=as_of, region=region, params=params), Missing(error.key, asks)


def _for_ground(ground: Ground, given: EvidenceGiven) -> EvidenceGiven:
    """The exhibits for this ground's elements, without the steps of another ending; the gate is judged elsewhere."""
    ids = {element.id for element in matrix()[matrix_ground(ground)].elements}
    return replace(
        given,
        exhibits=tuple(one for one in given.exhibits if one.element in ids),
        steps={kind: when for kind, when in given.steps.items() if kind not in STEPS_OF_AN_ENDING},
        gate=None,
    )


def _openness(
    ground: Ground, finding: Finding[Ending], evidence: Finding[Assessment], deciding: tuple[Missing, ...]
) -> Openness:
    if finding.verdict in {Verdict.PROHIBITED, Verdict.EXTENDED} or evidence.verdict is Verdict.PROHIBITED:
        return Openness.CLOSED
    if deciding:
        return Openness.UNDECIDED
    proved = evidence.value is not None and evidence.value.sufficient
    return Openness.OPEN if proved or ground.family is GroundFamily.MUTUAL else Openness.TO_PROVE


def _why(openness: Openness, finding: Finding[Ending], evidence: Finding[Assessment]) -> tuple[Words, ...]:
    if openness is not Openness.CLOSED:
        return finding.conditions
    told = [
        leaf.says
        for part in finding.steps
        if part.says.en in PARTS_THAT_CLOSE
        for leaf in part.leaves()
        if leaf.says not in finding.conditions and leaf.cites != (_LCL_42,)
    ]
    steps = evidence.value.steps if evidence.value is not None else ()
    told += [step.condition for step in steps if step.closes and step.condition is not None]
    return tuple(dict.fromkeys(told))


def _needed(assessment: Assessment) -> tuple[Collect, ...]:
    """What must be proved, without what only adds weight."""
    entry = matrix()[assessment.ground]
    relied = {*entry.sufficiency.all_of, *assessment.group}
    return tuple(one for one in assessment.collect if one.element in relied)
