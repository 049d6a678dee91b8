"""A second labour relationship (Labour Contract Law, Art. 39(4)) and a forged leaving certificate (Art. 39(5))."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from guiyan.kernel.results import Confidence, Finding, Verdict
from guiyan.law.citations import Cite
from guiyan.law.parameters import Parameters
from guiyan.law.trail import Trail

LCL_39_4 = Cite("LCL", 39, item=4)
LCL_39_5 = Cite("LCL", 39, item=5)
LCL_26 = Cite("LCL", 26, 1, 1)
LCL_69 = Cite("LCL", 69, 2)


class Engagement(StrEnum):
    """What the second engagement is."""

    LABOUR = "labour"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class SecondEmployment:
    """What is known of it. None means that nobody has said.

    `deadline` is the day set in the demand, `corrected` whether the employee ended the other relation and
    `corrected_on` when. A social-insurance record elsewhere is a clue and never proof.
    """

    si_record_elsewhere: bool | None
    second_employment_proven: bool | None
    second_engagement: Engagement | None
    demand_made: bool | None
    written_demand: date | None
    deadline: date | None
    corrected: bool | None
    corrected_on: date | None
    serious_effect_evidence: bool | None
    forged_prior_separation_certificate: bool | None
    employer_relied: bool | None


@dataclass(frozen=True, slots=True)
class DualRuling:
    """Whether each ground is open; None where the facts do not raise it or do not decide it."""

    lawful_39_4: bool | None
    lawful_39_5: bool | None


def dual_employment(
    facts: SecondEmployment, *, as_of: date, region: str | None, params: Parameters
) -> Finding[DualRuling]:
    """Labour Contract Law, Arts. 26, 39(4), 39(5): may the employer dismiss for a second labour relationship?

    It takes a proved labour relationship elsewhere, and either proof of a serious effect on the work here or a demand
    to end it that was refused. Work under a service contract does not count.
    """
    trail = Trail(as_of=as_of, region=region, params=params)
    ruling = DualRuling(_second_relation(facts, trail), _forgery(facts, trail))
    if ruling == DualRuling(None, None) and not trail.missing:
        trail.lacks("second_employment_proven", "另有劳动关系的证据是什么？", "What proves the second relationship?")
    opened = ruling.lawful_39_4 or ruling.lawful_39_5
    trail.ask_person()
    return trail.finding(Verdict.ALLOWED if opened else Verdict.PROHIBITED, ruling)


def _second_relation(facts: SecondEmployment, trail: Trail) -> bool | None:
    """Art. 39(4). The employer bears the burden: evidence it does not offer counts as not there, once it offers any."""
    offered = (facts.si_record_elsewhere, facts.second_employment_proven, facts.second_engagement, facts.demand_made)
    more = (facts.written_demand, facts.corrected, facts.serious_effect_evidence)
    if all(fact is None for fact in offered + more):
        return None
    proven = _relation_proven(facts, trail)
    if proven is False:
        return False
    refused = _refused_to_correct(facts, trail)
    if facts.serious_effect_evidence:
        trail.say("有证据证明对完成本单位工作造成严重影响。", "A serious effect on the work here is proved.", LCL_39_4)
    elif refused is False:
        trail.say(
            "没有严重影响的证据，也没有经提出拒不改正。",
            "No serious effect, no refused demand.",
            LCL_39_4,
            value="false",
        )
        return False
    elif refused is None:
        _ask_for_alternatives(facts, trail)
    if proven is None:
        trail.lacks("second_employment_proven", "能证明另有劳动关系吗？", "Is a second labour relationship proved?")
    if trail.missing:
        return None
    trail.say("另有劳动关系，且符合第三十九条第四项。", "The elements of Art. 39(4) are met.", LCL_39_4, value="true")
    return True


def _relation_proven(facts: SecondEmployment, trail: Trail) -> bool | None:
    if facts.second_engagement is Engagement.SERVICE:
        trail.say("劳务合作不是劳动关系。", "A service contract is no labour relationship.", LCL_39_4, value="false")
        return False
    if facts.second_employment_proven is False:
        trail.say("没有证明另有劳动关系。", "No second labour relationship is proved.", LCL_39_4, value="false")
        return False
    if facts.second_employment_proven or facts.second_engagement is Engagement.LABOUR:
        return True
    if facts.si_record_elsewhere:
        trail.say(
            "社会保险记录只是线索，不能单独证明另有劳动关系；须先核实。",
            "An insurance record is a clue and proves no labour relationship by itself: verify first.",
            LCL_39_4,
            value="false",
        )
        return False
    return None


def _demanded(facts: SecondEmployment) -> bool | None:
    """A written demand that is there speaks for itself, whatever else was said."""
    return True if facts.written_demand is not None else facts.demand_made


def _refused_to_correct(facts: SecondEmployment, trail: Trail) -> bool | None:
    demanded = _demanded(facts)
    if demanded is False:
        return False
    if facts.corrected:
        late = facts.deadline is not None and facts.corrected_on is not None and facts.corrected_on > facts.deadline
        trail.say(
            "员工已改正，虽晚于期限。" if late else "员工已改正。",
            "The employee ended it, though late." if late else "The employee ended it.",
            LCL_39_4,
        )
        if late:
            trail.doubt(Confidence.PRACTICE)
        return False
    if demanded and facts.corrected is False:
        trail.say("单位已提出，员工拒不改正。", "A demand was made and refused.", LCL_39_4)
        if facts.written_demand is None:
            trail.doubt(Confidence.PRACTICE)
        return True
    return None


def _ask_for_alternatives(facts: SecondEmployment, trail: Trail) -> None:
    if facts.serious_effect_evidence is None:
        trail.lacks("serious_effect_evidence", "有严重影响本单位工作的证据吗？", "Is a serious effect proved?")
    if _demanded(facts) is None:
        trail.lacks("written_demand", "书面要求过员工改正吗？", "Was a written demand made?")
    else:
        trail.lacks("corrected", "员工改正了吗？", "Did the employee end it?")


def _forgery(facts: SecondEmployment, trail: Trail) -> bool | None:
    if facts.forged_prior_separation_certificate is None:
        return None
    if not facts.forged_prior_separation_certificate:
        trail.say("没有伪造离职证明。", "No certificate was forged.", LCL_39_5, value="false")
        return False
    if facts.employer_relied is None:
        trail.lacks("employer_relied", "录用时单位是否因此作出决定？", "Did the employer rely on it when hiring?")
        return None
    trail.say(
        "伪造离职证明使单位在违背真实意思的情况下订立合同。"
        if facts.employer_relied
        else "单位并未因此订立合同，不构成欺诈致使合同无效。",
        "The forged certificate made the employer conclude the contract."
        if facts.employer_relied
        else "The employer did not rely on it: no contract void for fraud.",
        LCL_26,
        LCL_39_5,
        value=str(facts.employer_relied).lower(),
    )
    return facts.employer_relied
