"""Elements of single grounds that can be judged from few facts: rules, incompetence, crime, change, layoff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from guiyan.kernel.results import Confidence, Finding, Verdict, Words
from guiyan.law.checklist import Checked, check, require
from guiyan.law.citations import Cite
from guiyan.law.counsel import NON_PROSECUTION_IS_LIABILITY, counsels_answer
from guiyan.law.parameters import Parameters
from guiyan.law.trail import Trail

LCL_4 = Cite("LCL", 4)
LCL_39_6 = Cite("LCL", 39, item=6)
LCL_40_2 = Cite("LCL", 40, item=2)
LCL_40_3 = Cite("LCL", 40, item=3)
LCL_41 = Cite("LCL", 41)
J1_50 = Cite("J1", 50)


@dataclass(frozen=True, slots=True)
class StaffRule:
    """A rule of the company as the basis of a dismissal. None: unknown."""

    democratic_procedure: bool | None
    announced: bool | None
    lawful: bool | None


@dataclass(frozen=True, slots=True)
class Incompetence:
    """The order of steps of Art. 40(2): not up to it, trained or moved, still not up to it. None: unknown.

    `by_rank_only`: the only finding is the place in a forced ranking.
    """

    failed_on: date | None
    trained_or_moved: bool | None
    failed_again_on: date | None
    second_assessment_made: bool | None
    by_rank_only: bool | None


class CriminalEvent(StrEnum):
    """What happened in a criminal or administrative case."""

    JUDGMENT = "judgment"
    SUSPENDED_SENTENCE = "suspended_sentence"
    EXEMPTED_FROM_PUNISHMENT = "exempted_from_punishment"
    NOT_PROSECUTED = "not_prosecuted"
    DETENTION = "detention"
    ARREST = "arrest"
    BAIL = "bail"
    ADMINISTRATIVE_DETENTION = "administrative_detention"


@dataclass(frozen=True, slots=True)
class Crime:
    """What happened, and whether the judgment is final (None: unknown; of no matter where there is none)."""

    event: CriminalEvent
    final: bool | None


class ChangeCause(StrEnum):
    """Why the contract can no longer be carried out."""

    DISASTER = "disaster"
    LAW_OR_POLICY = "law_or_policy"
    RELOCATION_BY_POLICY = "relocation_by_policy"
    FRANCHISE_SCOPE = "franchise_scope"
    STRATEGY = "strategy"
    AI_REPLACEMENT = "ai_replacement"
    REORGANISATION = "reorganisation"


@dataclass(frozen=True, slots=True)
class ObjectiveChange:
    """The cause, and whether a change of the contract was really negotiated without agreement. None: unknown."""

    cause: ChangeCause
    negotiated: bool | None


@dataclass(frozen=True, slots=True)
class LayoffSize:
    """The number of staff and of those to go."""

    headcount: int
    cut: int


@dataclass(frozen=True, slots=True)
class LayoffSteps:
    """The steps of a layoff that were taken. None: unknown."""

    explained: bool | None
    opinions_heard: bool | None
    plan_made: bool | None
    reported: bool | None
    plan_announced: bool | None


_RULE = (
    require("democratic_procedure", "经过民主程序制定", "it was made by the democratic procedure", LCL_4, J1_50),
    require("announced", "已向劳动者公示或者告知", "the staff were told of it", LCL_4, J1_50),
    require("lawful", "不违反法律、行政法规和政策", "it breaks no law or policy", J1_50),
)
_LAYOFF447_4 = Cite("LAYOFF447", 4)
_LAYOFF = (
    require("explained", "提前三十日向工会或者全体职工说明情况", "staff or union were told 30 days before", LCL_41),
    require("opinions_heard", "听取意见", "they were heard", LCL_41),
    require("plan_made", "提出裁减人员方案", "there is a plan", LCL_41, _LAYOFF447_4),
    require("reported", "向劳动行政部门报告", "the labour authority was told", LCL_41, _LAYOFF447_4),
    require("plan_announced", "正式公布方案", "the plan was announced", _LAYOFF447_4),
)
_CONVICTED = {CriminalEvent.JUDGMENT, CriminalEvent.SUSPENDED_SENTENCE, CriminalEvent.EXEMPTED_FROM_PUNISHMENT}
_IN_CUSTODY = {CriminalEvent.DETENTION, CriminalEvent.ARREST}
_OBJECTIVE = {
    ChangeCause.DISASTER,
    ChangeCause.LAW_OR_POLICY,
    ChangeCause.RELOCATION_BY_POLICY,
    ChangeCause.FRANCHISE_SCOPE,
}


def staff_rule(facts: StaffRule, *, as_of: date, region: str | None, params: Parameters) -> Finding[Checked]:
    """Labour Contract Law, Art. 4; Interpretation (I), Art. 50: may a rule be the basis of a dismissal (Art. 39(2))?"""
    trail = Trail(as_of=as_of, region=region, params=params)
    found = check(_RULE, facts, trail)
    return trail.finding(found.verdict, found, certain=bool(found.unmet))


def incompetence(facts: Incompetence, *, as_of: date, region: str | None, params: Parameters) -> Finding[bool | None]:
    """Labour Contract Law, Art. 40(2): twice not up to the work, with training or another post between.

    The place in a forced ranking proves nothing by itself. Whether each finding is proved is for the evidence.
    """
    trail = Trail(as_of=as_of, region=region, params=params)
    for holds, zh, en in (
        (facts.by_rank_only, "末位排名不等于不能胜任。", "The last place in a ranking is not incompetence."),
        (facts.trained_or_moved is False, "没有培训或者调整岗位。", "There was no training and no other post."),
        (facts.second_assessment_made is False, "没有第二次考核。", "There was no second assessment."),
        (_reversed(facts), "第二次考核不在第一次之后。", "The second assessment is not after the first."),
    ):
        if holds:
            trail.say(zh, en, LCL_40_2, value="false")
            return trail.finding(Verdict.PROHIBITED, value=False)
    for fact, value, zh, en in (
        ("by_rank_only", facts.by_rank_only, "依据只是排名吗？", "Is it the ranking only?"),
        ("failed_on", facts.failed_on, "第一次不能胜任是哪一天？", "When was the first failure?"),
        ("trained_or_moved", facts.trained_or_moved, "培训或者调整过岗位吗？", "Was there training or another post?"),
        ("failed_again_on", facts.failed_again_on, "仍不能胜任是哪一天？", "When was the second failure?"),
    ):
        if value is None:
            trail.lacks(fact, zh, en)
    if trail.missing:
        return trail.finding(Verdict.INDETERMINATE, None)
    trail.say(
        "两次不能胜任，中间经过培训或者调岗。", "Twice not up to it, trained or moved between.", LCL_40_2, value="true"
    )
    notice = Words(
        "提前三十日书面通知或者另付一个月工资，并付经济补偿。", "30 days' notice or a month's pay, and severance."
    )
    return trail.finding(Verdict.ALLOWED_WITH_CONDITIONS, value=True, conditions=(notice,))


def _reversed(facts: Incompetence) -> bool:
    return bool(facts.failed_on and facts.failed_again_on and facts.failed_again_on <= facts.failed_on)


def criminal_liability(facts: Crime, *, as_of: date, region: str | None, params: Parameters) -> Finding[bool | None]:
    """Labour Contract Law, Art. 39(6); 劳部发〔1995〕309号, 28 and 29: was the employee held criminally liable?

    A final judgment does, a suspended sentence too. Detention, bail and administrative penalties do not; during custody
    the contract may only be suspended. Whether a decision not to prosecute does is disputed: ask counsel,
    unless `ending.non_prosecution_is_liability` was set.
    """
    trail = Trail(as_of=as_of, region=region, params=params)
    if facts.event is CriminalEvent.NOT_PROSECUTED:
        return _not_prosecuted(trail, region, params)
    if facts.event not in _CONVICTED:
        trail.say("不是被依法追究刑事责任。", "It is no criminal liability.", Cite("OP309", 29), value="false")
        if facts.event in _IN_CUSTODY:
            trail.say("羁押期间可以暂停履行合同。", "In custody the contract may be suspended.", Cite("OP309", 28))
        return trail.finding(Verdict.PROHIBITED, value=False)
    if facts.final is None:
        trail.lacks("final", "判决生效了吗？", "Is the judgment final?")
        return trail.finding(Verdict.INDETERMINATE, None)
    trail.say(
        "生效判决，缓刑也是。" if facts.final else "判决尚未生效。",
        "A final judgment, a suspended sentence too." if facts.final else "The judgment is not final.",
        LCL_39_6,
        Cite("OP309", 29),
        value=str(facts.final).lower(),
    )
    return trail.finding(Verdict.ALLOWED if facts.final else Verdict.PROHIBITED, facts.final)


def _not_prosecuted(trail: Trail, region: str | None, params: Parameters) -> Finding[bool | None]:
    asks = Words(
        "不起诉是否属于被追究刑事责任？请法务判断，并设置参数。", "Ask counsel about non-prosecution, and set it."
    )
    answer = counsels_answer(NON_PROSECUTION_IS_LIABILITY, asks, trail=trail, region=region, params=params)
    if answer is None:
        return trail.finding(Verdict.INDETERMINATE, None)
    liable = bool(answer.number)
    trail.say(
        f"单位已确定：不起诉{'属于' if liable else '不属于'}被依法追究刑事责任。",
        f"The employer settled that non-prosecution is {'' if liable else 'no '}criminal liability.",
        answer.source,
        LCL_39_6,
        value=str(liable).lower(),
    )
    return trail.finding(Verdict.ALLOWED if liable else Verdict.PROHIBITED, liable)


def objective_change(
    facts: ObjectiveChange, *, as_of: date, region: str | None, params: Parameters
) -> Finding[bool | None]:
    """Labour Contract Law, Art. 40(3): a change that nobody could foresee, and a failed negotiation. Practice.

    A strategy, a reorganisation or the replacement of work by software is the employer's own choice.
    """
    trail = Trail(as_of=as_of, region=region, params=params)
    trail.doubt(Confidence.PRACTICE)
    if facts.cause not in _OBJECTIVE:
        trail.say(
            "属于单位自主经营的调整，不是客观情况发生重大变化。",
            "It is the employer's own choice.",
            LCL_40_3,
            value="false",
        )
        return trail.finding(Verdict.PROHIBITED, value=False)
    if facts.negotiated is None:
        trail.lacks("negotiated", "就变更合同真实协商过吗？", "Was a change of the contract really negotiated?")
        return trail.finding(Verdict.INDETERMINATE, None)
    trail.say(
        "客观情况发生重大变化，协商变更未达成一致。" if facts.negotiated else "没有协商变更合同。",
        "An objective change, and negotiations failed." if facts.negotiated else "No change was negotiated.",
        LCL_40_3,
        value=str(facts.negotiated).lower(),
    )
    return trail.finding(Verdict.ALLOWED if facts.negotiated else Verdict.PROHIBITED, facts.negotiated)


def layoff_applies(facts: LayoffSize, *, as_of: date, region: str | None, params: Parameters) -> Finding[bool]:
    """Labour Contract Law, Art. 41: 20 people, or a tenth of the staff: the layoff procedure is open, and required.

    Raises ValueError when more would go than there are, or nobody.
    """
    if not 1 <= facts.cut <= facts.headcount:
        raise ValueError(f"of {facts.headcount} people {facts.cut} cannot go")
    trail = Trail(as_of=as_of, region=region, params=params)
    applies = facts.cut >= trail.figure("layoff.headcount_min") or (
        facts.cut >= facts.headcount * trail.figure("layoff.share_min")
    )
    trail.say(
        f"{facts.headcount}人中裁减{facts.cut}人，{'达到' if applies else '没有达到'}二十人或者百分之十。",
        f"{facts.cut} of {facts.headcount}: {'at least' if applies else 'fewer than'} 20 people or a tenth.",
        LCL_41,
        value=str(applies).lower(),
    )
    return trail.finding(Verdict.ALLOWED if applies else Verdict.PROHIBITED, applies)


def layoff_steps(facts: LayoffSteps, *, as_of: date, region: str | None, params: Parameters) -> Finding[Checked]:
    """Labour Contract Law, Art. 41; 劳部发〔1994〕447号, Art. 4: which steps of a layoff are still to be taken?"""
    trail = Trail(as_of=as_of, region=region, params=params)
    found = check(_LAYOFF, facts, trail)
    return trail.finding(found.verdict, found, certain=bool(found.unmet))
