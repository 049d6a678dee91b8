"""The certificate of leaving: what it says, and what may be held back until the work is handed over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from guiyan.kernel.results import Finding, Verdict, Words
from guiyan.law.checklist import Checked, check, require
from guiyan.law.citations import Cite
from guiyan.law.parameters import Parameters
from guiyan.law.trail import Trail

IR_24 = Cite("IR", 24)
LCL_50_1 = Cite("LCL", 50, 1)
LCL_50_2 = Cite("LCL", 50, 2)
LCL_84 = Cite("LCL", 84)
LCL_89 = Cite("LCL", 89)


@dataclass(frozen=True, slots=True)
class CertificateContent:
    """Whether the certificate states each of the four contents, and says nothing that runs the employee down."""

    term_stated: bool | None
    end_date_stated: bool | None
    post_stated: bool | None
    years_stated: bool | None
    no_reason_or_criticism: bool | None


class Withheld(StrEnum):
    """What an employer would hold back."""

    CERTIFICATE = "certificate"
    WAGES = "wages"
    SEVERANCE = "severance"
    BELONGINGS = "belongings"


@dataclass(frozen=True, slots=True)
class Withholding:
    """What would be held back, and whether the work has been handed over as agreed (None: unknown)."""

    what: Withheld
    handover_done: bool | None


_CONTENT = (
    require("term_stated", "写明劳动合同期限", "the term of the contract is stated", IR_24),
    require("end_date_stated", "写明解除或者终止的日期", "the day of the ending is stated", IR_24),
    require("post_stated", "写明工作岗位", "the post is stated", IR_24),
    require("years_stated", "写明在本单位的工作年限", "the years of work here are stated", IR_24),
    require(
        "no_reason_or_criticism",
        "没有贬损评价和不利于就业的内容",
        "nothing in it runs the employee down",
        IR_24,
        LCL_89,
    ),
)


def certificate_content(
    facts: CertificateContent, *, as_of: date, region: str | None, params: Parameters
) -> Finding[Checked]:
    """Implementing Regulations, Art. 24: term, day of ending, post and years of work, and no criticism.

    The reason is told apart from it when the employee asks for it, for unemployment benefits.
    """
    trail = Trail(as_of=as_of, region=region, params=params)
    found = check(_CONTENT, facts, trail)
    return trail.finding(found.verdict, found, certain=bool(found.unmet))


def withholding(facts: Withholding, *, as_of: date, region: str | None, params: Parameters) -> Finding[Withheld]:
    """Labour Contract Law, Arts. 50, 84, 89: may this wait until the work is handed over? Only severance may."""
    trail = Trail(as_of=as_of, region=region, params=params)
    if facts.what is Withheld.SEVERANCE:
        return _severance(facts, trail)
    zh, en, cites = {
        Withheld.CERTIFICATE: (
            "离职证明须在解除或者终止时出具，没有任何前提；不出具的，责令改正并赔偿损失。",
            "The certificate is due at the ending without any condition; withholding it costs damages.",
            (LCL_50_1, LCL_89),
        ),
        Withheld.WAGES: (
            "工资须在解除或者终止时一次付清，不以交接或者确认为条件。",
            "Wages are paid in full at the ending; neither handover nor a confirmation is a condition.",
            (Cite("WAGE", 9), Cite("LCL", 85)),
        ),
        Withheld.BELONGINGS: (
            "不得扣押证件、档案和物品；违者每人处五百元以上二千元以下罚款。",
            "Papers, files and belongings are not held back; the fine is 500 to 2,000 yuan a person.",
            (LCL_84,),
        ),
    }[facts.what]
    trail.say(zh, en, *cites, value="false")
    return trail.finding(Verdict.PROHIBITED, facts.what)


def _severance(facts: Withholding, trail: Trail) -> Finding[Withheld]:
    if facts.handover_done is None:
        trail.lacks("handover_done", "工作交接办结了吗？", "Has the work been handed over?")
        return trail.finding(Verdict.INDETERMINATE, facts.what)
    if facts.handover_done:
        trail.say(
            "交接已经办结，经济补偿应当支付。", "The handover is done: severance is due.", LCL_50_2, value="false"
        )
        return trail.finding(Verdict.PROHIBITED, facts.what)
    trail.say(
        "经济补偿在办结工作交接时支付。", "Severance is paid when the work is handed over.", LCL_50_2, value="true"
    )
    until = Words("至办结工作交接为止；交接以双方约定为限。", "Until the handover, as both sides agreed it, is done.")
    return trail.finding(Verdict.ALLOWED_WITH_CONDITIONS, facts.what, (until,))
