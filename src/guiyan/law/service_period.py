"""The penalty for leaving within a service period that was agreed for special training or special benefits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from guiyan.kernel.money import payable
from guiyan.kernel.results import Confidence, Finding, Verdict, Words
from guiyan.law.citations import Cite
from guiyan.law.grounds import Ground, GroundFamily
from guiyan.law.parameters import Parameters
from guiyan.law.trail import Trail

LCL_22_2 = Cite("LCL", 22, 2)
IR_26 = Cite("IR", 26)
DAY = timedelta(days=1)


class Given(StrEnum):
    """What the employer gave for the service period."""

    SPECIAL_TRAINING = "special_training"
    SPECIAL_BENEFIT = "special_benefit"


@dataclass(frozen=True, slots=True)
class ServicePeriod:
    """What was given and agreed, and the ending. None: unknown.

    `cost` is that of the training and `agreed_penalty` what was agreed, in yuan; `starts` and `ends` are the first and
    last day of the service period, `last_day` that of the employment. Raises ValueError for negative amounts and days
    in the wrong order.
    """

    kind: Given
    ground: Ground | None
    cost: Decimal | None
    agreed_penalty: Decimal | None
    starts: date | None
    ends: date | None
    last_day: date | None

    def __post_init__(self) -> None:
        if any(amount is not None and amount < 0 for amount in (self.cost, self.agreed_penalty)):
            raise ValueError("cost and penalty cannot be negative")
        if self.starts is not None and any(day is not None and day < self.starts for day in (self.ends, self.last_day)):
            raise ValueError("the service period starts before it ends and before the employment does")


def service_period_penalty(
    facts: ServicePeriod, *, as_of: date, region: str | None, params: Parameters
) -> Finding[Decimal | None]:
    """Labour Contract Law, Art. 22; Implementing Regulations, Art. 26: the most that may be claimed, in yuan.

    At most the agreed penalty, at most the cost of the training, and of it the part of the days not served. Who resigns
    for the employer's fault has not broken the promise; who is dismissed for grave fault of Art. 39(2) to (6) has. For
    benefits other than training (Interpretation (II), Art. 12) no penalty binds: a court finds the loss.
    """
    trail = Trail(as_of=as_of, region=region, params=params)
    if facts.kind is Given.SPECIAL_BENEFIT:
        trail.say(
            "户口、住房等特殊待遇不能约定违约金；造成损失的，由法院按实际情况确定赔偿。",
            "No penalty can be agreed for benefits such as registration or housing: a court finds the loss.",
            Cite("J2", 12),
            Cite("LCL", 25),
            value="0.00",
        )
        trail.ask_person()
        return trail.finding(Verdict.PROHIBITED, payable(Decimal(0)))
    broken = _broken(facts.ground, trail)
    if broken is False or _served(facts, trail):
        return trail.finding(Verdict.PROHIBITED, payable(Decimal(0)), certain=True)
    return _most(facts, trail)


def _broken(ground: Ground | None, trail: Trail) -> bool | None:
    """Whether leaving on this ground breaks the promise to serve; None when it cannot be said."""
    if ground is None or ground is Ground.G39:
        trail.lacks(
            "ground", "因什么理由离职（第三十九条须写明哪一项）？", "On which ground, with its item under Art. 39?"
        )
        return None
    fault = ground.family is GroundFamily.FAULT and ground is not Ground.G39_1
    if ground is Ground.G37 or fault:
        trail.say(
            "提前辞职或者因第三十九条第二至六项过错被解除，属于违反服务期。",
            "Resigning early, or being dismissed under Art. 39(2) to (6), breaks it.",
            LCL_22_2,
            IR_26,
        )
        return True
    trail.say("这种离职不属于员工违反服务期。", "This ending is no breach by the employee.", IR_26, value="0.00")
    return False


def _served(facts: ServicePeriod, trail: Trail) -> bool:
    if facts.ends is None or facts.last_day is None or facts.last_day < facts.ends:
        return False
    trail.say("服务期已经届满。", "The service period is over.", LCL_22_2, value="0.00")
    return True


def _most(facts: ServicePeriod, trail: Trail) -> Finding[Decimal | None]:
    cost, penalty, starts, ends, last = facts.cost, facts.agreed_penalty, facts.starts, facts.ends, facts.last_day
    for fact, value, zh, en in (
        ("cost", cost, "培训费用有凭证的是多少元？", "How much did the training cost, by its receipts?"),
        ("agreed_penalty", penalty, "约定的违约金是多少元？", "How much is the penalty agreed?"),
        ("starts", starts, "服务期从哪一天开始？", "When does the service period start?"),
        ("ends", ends, "服务期到哪一天？", "When does the service period end?"),
        ("last_day", last, "劳动关系最后一日是哪一天？", "What is the last day of the employment?"),
    ):
        if value is None:
            trail.lacks(fact, zh, en)
    if trail.missing or cost is None or penalty is None or starts is None or ends is None or last is None:
        return trail.finding(Verdict.INDETERMINATE, None)
    total, left = (ends - starts + DAY).days, (ends - last).days
    share = payable(cost * left / total)
    most = payable(min(penalty, share))
    trail.doubt(Confidence.PRACTICE)
    trail.say(
        f"服务期{total}天，未履行{left}天，应分摊培训费{share}元；违约金不超过约定数和应分摊数，最多{most}元。",
        f"{left} of {total} days not served: {share} of the cost; at most that and what was agreed: {most}.",
        LCL_22_2,
        value=str(most),
    )
    proof = Words("须有专项培训协议和支付凭证。", "There must be an agreement on special training, and receipts.")
    return trail.finding(Verdict.ALLOWED_WITH_CONDITIONS, most, (proof,))
