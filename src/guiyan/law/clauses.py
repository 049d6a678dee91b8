"""Clauses that employers like to write, and whether they bind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from guiyan.kernel.results import Confidence, Finding, Verdict
from guiyan.law.checklist import Checked, check, require
from guiyan.law.citations import Cite
from guiyan.law.parameters import Parameters
from guiyan.law.trail import Trail


class ClauseKind(StrEnum):
    """What a clause provides."""

    AGREED_END = "agreed_end"
    PENALTY_HANDOVER = "penalty_handover"
    PENALTY_TRAINING = "penalty_training"
    PENALTY_NONCOMPETE = "penalty_noncompete"
    OVERTIME_WAIVER = "overtime_waiver"
    INSURANCE_WAIVER = "insurance_waiver"
    LEAVE_FORFEIT = "leave_forfeit"
    UNCERTAIN_CONDITION = "uncertain_condition"


@dataclass(frozen=True, slots=True)
class Clause:
    """The kind of clause."""

    kind: ClauseKind


@dataclass(frozen=True, slots=True)
class Settlement:
    """A settlement on leaving: signed, nothing against mandatory law, free of fraud, duress and exploitation, and
    neither a grave mistake nor plainly unfair. None: unknown."""

    signed: bool | None
    no_mandatory_law_broken: bool | None
    no_fraud_or_duress: bool | None
    no_mistake_or_unfairness: bool | None


_V, _P, _V2 = Confidence.STATUTE, Confidence.PRACTICE, Confidence.SECONDARY
_RULES: dict[ClauseKind, tuple[bool, str, str, tuple[Cite, ...], Confidence]] = {
    ClauseKind.AGREED_END: (
        False,
        "除法定情形外，不得另行约定终止条件；逾期不办手续不会使合同终止。",
        "No other cases of termination can be agreed: a contract does not end by papers left undone.",
        (Cite("IR", 13), Cite("LCL", 44)),
        _V,
    ),
    ClauseKind.PENALTY_HANDOVER: (
        False,
        "只有服务期和竞业限制可以约定由员工承担的违约金。",
        "Only a service period or a non-compete can carry a penalty on the employee.",
        (Cite("LCL", 25),),
        _V,
    ),
    ClauseKind.PENALTY_TRAINING: (
        True,
        "专项培训的服务期可以约定违约金，不超过培训费中尚未履行部分应分摊的费用。",
        "A service period for special training may: at most the training cost of the part not served.",
        (Cite("LCL", 22), Cite("IR", 26)),
        _V,
    ),
    ClauseKind.PENALTY_NONCOMPETE: (
        True,
        "竞业限制可以约定违约金；过高的可以请求调低。",
        "A non-compete may carry a penalty; an excessive one can be reduced.",
        (Cite("LCL", 23, 2), Cite("LCL", 25)),
        _V,
    ),
    ClauseKind.OVERTIME_WAIVER: (
        False,
        "放弃加班费的约定免除单位法定责任，无效。",
        "A waiver of overtime pay relieves the employer of its duty: void.",
        (Cite("LCL", 26, 1, 2),),
        _V,
    ),
    ClauseKind.INSURANCE_WAIVER: (
        False,
        "不缴社会保险的约定或者承诺无效，员工可以据此解除并要求经济补偿。",
        "A promise not to pay social insurance is void; the employee may leave for it with severance.",
        (Cite("J2", 19),),
        _V,
    ),
    ClauseKind.LEAVE_FORFEIT: (
        False,
        "逾期作废的规定不免除安排年休假或者支付报酬的义务。",
        "Leave does not lapse: it is arranged or paid for.",
        (Cite("AL", 3), Cite("AL", 5)),
        _V2,
    ),
    ClauseKind.UNCERTAIN_CONDITION: (
        False,
        "以不确定的事件作为支付条件，可能无效或者显失公平。",
        "Payment that hangs on an uncertain event may be void or plainly unfair.",
        (Cite("J1", 35), Cite("CC", 151)),
        _P,
    ),
}
_SETTLEMENT = (
    require("signed", "双方签字确认", "both sides signed", Cite("J1", 35)),
    require(
        "no_mandatory_law_broken", "不违反法律、行政法规的强制性规定", "no mandatory law is broken", Cite("J1", 35)
    ),
    require("no_fraud_or_duress", "没有欺诈、胁迫或者乘人之危", "no fraud, duress or exploitation", Cite("J1", 35)),
    require("no_mistake_or_unfairness", "没有重大误解或者显失公平", "no grave mistake, not unfair", Cite("J1", 35, 2)),
)


def clause_binds(facts: Clause, *, as_of: date, region: str | None, params: Parameters) -> Finding[bool]:
    """Labour Contract Law, Arts. 25, 26; Implementing Regulations, Art. 13 and others: does such a clause bind?"""
    trail = Trail(as_of=as_of, region=region, params=params)
    binds, zh, en, cites, confidence = _RULES[facts.kind]
    trail.say(zh, en, *cites, value=str(binds).lower())
    trail.doubt(confidence)
    if confidence is Confidence.PRACTICE:
        trail.ask_person()
    return trail.finding(Verdict.ALLOWED if binds else Verdict.PROHIBITED, binds)


def settlement_binds(facts: Settlement, *, as_of: date, region: str | None, params: Parameters) -> Finding[Checked]:
    """Interpretation (I), Art. 35: a settlement on leaving binds when it is lawful, free and fair."""
    trail = Trail(as_of=as_of, region=region, params=params)
    found = check(_SETTLEMENT, facts, trail)
    return trail.finding(found.verdict, found, certain=bool(found.unmet))
