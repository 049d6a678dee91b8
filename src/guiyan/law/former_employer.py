"""What a new employer owes for hiring somebody whose contract elsewhere has not ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from guiyan.kernel.money import payable
from guiyan.kernel.results import Finding, Verdict, Words
from guiyan.law.citations import Cite
from guiyan.law.parameters import Parameters
from guiyan.law.trail import Trail

LCL_91 = Cite("LCL", 91)


@dataclass(frozen=True, slots=True)
class FormerLoss:
    """Whether the contract elsewhere had ended at hiring, and the former employer's loss in yuan. None: unknown.

    Raises ValueError for a negative loss.
    """

    contract_elsewhere_ended: bool | None
    loss: Decimal | None

    def __post_init__(self) -> None:
        if self.loss is not None and self.loss < 0:
            raise ValueError("a loss cannot be negative")


@dataclass(frozen=True, slots=True)
class JointLiability:
    """Whether the new employer is jointly liable, and a share in yuan that is shown as a risk and never charged."""

    liable: bool
    share_at_least: Decimal | None


def joint_liability(
    facts: FormerLoss, *, as_of: date, region: str | None, params: Parameters
) -> Finding[JointLiability | None]:
    """Labour Contract Law, Art. 91; 劳部发〔1995〕223号, Art. 6: is the new employer jointly liable, for which share?

    Without a loss there is no liability. Whether the instrument of 1995 is in force is not confirmed: its share of 70
    per cent is a risk to be shown to a person, never a sum to be charged.
    """
    trail = Trail(as_of=as_of, region=region, params=params)
    if facts.contract_elsewhere_ended or facts.loss == 0:
        trail.say("没有连带责任。", "There is no joint liability.", LCL_91, value="false")
        return trail.finding(Verdict.PROHIBITED, JointLiability(liable=False, share_at_least=None))
    if facts.contract_elsewhere_ended is None:
        trail.lacks("contract_elsewhere_ended", "与原单位的合同结束了吗？", "Had the contract elsewhere ended?")
    if facts.loss is None:
        trail.lacks("loss", "原单位的损失是多少元？", "How much is the former employer's loss?")
    if facts.contract_elsewhere_ended is None or facts.loss is None:
        return trail.finding(Verdict.INDETERMINATE, None)
    trail.say(
        "招用尚未解除合同的人员给原单位造成损失，承担连带赔偿责任。",
        "Who hires somebody still under contract is jointly liable for the loss.",
        LCL_91,
        value="true",
    )
    share = payable(facts.loss * trail.figure("hiring.joint_liability_share_min"))
    trail.say(
        f"旧规定称份额不低于损失的百分之七十（{share}元）；效力未核实，只作风险提示。",
        f"An older instrument says at least 70 per cent ({share}); its force is not verified, so it is a risk only.",
        Cite("LOSS223", 6),
        value=str(share),
    )
    trail.ask_person()
    risk = Words("份额只作风险提示，不得据此自动扣收。", "The share is a risk to know, and never charged by itself.")
    return trail.finding(Verdict.ALLOWED_WITH_CONDITIONS, JointLiability(liable=True, share_at_least=share), (risk,))
