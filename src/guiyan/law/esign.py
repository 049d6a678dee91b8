"""Electronic signatures and electronic labour contracts: is a signature reliable, and is the contract in good form?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from guiyan.kernel.results import Finding, Verdict, Words
from guiyan.law.checklist import Checked, Requirement, check, require
from guiyan.law.citations import Cite
from guiyan.law.parameters import Parameters
from guiyan.law.trail import Trail

ESL_13_1 = Cite("ESL", 13, 1)
ESL_13_2 = Cite("ESL", 13, 2)
ESL_14 = Cite("ESL", 14)


@dataclass(frozen=True, slots=True)
class Signature:
    """What is known of a signature. None means that nobody has said.

    `exclusive_data`: the signing data are the signer's alone; `sole_control`: only the signer controlled them when
    signing; the next two: later changes of the signature, and of the text, can be found. `agreed_conditions`: both
    sides agreed on conditions of reliability of their own (Art. 13(2)); `agreed_conditions_met`: identity and
    integrity are proved by those.
    """

    exclusive_data: bool | None
    sole_control: bool | None
    sig_tamper_evident: bool | None
    content_tamper_evident: bool | None
    agreed_conditions: bool | None
    agreed_conditions_met: bool | None


@dataclass(frozen=True, slots=True)
class Reliability:
    """Whether the signature is reliable and so equals one by hand (None: not known), and the conditions not met."""

    reliable: bool | None
    unmet: tuple[str, ...]


_FOUR = (
    require("exclusive_data", "签名制作数据专属于签名人", "the signing data are the signer's alone", ESL_13_1),
    require("sole_control", "签署时仅由签名人控制", "only the signer controlled them when signing", ESL_13_1),
    require("sig_tamper_evident", "签署后对签名的改动能够被发现", "a later change of the signature shows", ESL_13_1),
    require("content_tamper_evident", "签署后对内容的改动能够被发现", "a later change of the text shows", ESL_13_1),
)
_AGREED = (
    require("agreed_conditions", "双方约定了可靠条件", "both sides agreed on conditions of reliability", ESL_13_2),
    require("agreed_conditions_met", "约定的可靠条件已经满足", "the agreed conditions are met", ESL_13_2),
)


def signature_reliability(
    facts: Signature, *, as_of: date, region: str | None, params: Parameters
) -> Finding[Reliability]:
    """Electronic Signature Law, Arts. 13 and 14: a reliable signature has the effect of one by hand.

    All four conditions of Art. 13(1), or conditions that both sides agreed and that are met. A click or a pasted
    picture alone is none of it: the verdict is PROHIBITED for relying on it as a signature.
    """
    trail = Trail(as_of=as_of, region=region, params=params)
    if facts.agreed_conditions and facts.agreed_conditions_met:
        check(_AGREED, facts, trail)
        return trail.finding(Verdict.ALLOWED, _equal_to_a_hand(trail))
    four = check(_FOUR, facts, trail)
    if not four.unmet and not four.unknown:
        return trail.finding(Verdict.ALLOWED, _equal_to_a_hand(trail))
    agreed = check(_AGREED, facts, trail)
    if four.unmet and agreed.unmet:
        trail.say(
            "不是可靠的电子签名，只能作为一般电子确认使用。",
            "It is not a reliable signature and serves as a plain electronic confirmation only.",
            ESL_13_1,
            value="false",
        )
        return trail.finding(Verdict.PROHIBITED, Reliability(reliable=False, unmet=four.unmet), certain=True)
    return trail.finding(Verdict.INDETERMINATE, Reliability(reliable=None, unmet=four.unmet))


def _equal_to_a_hand(trail: Trail) -> Reliability:
    trail.say("可靠的电子签名与手写签名或者盖章效力相同。", "It equals a signature by hand.", ESL_14, value="true")
    return Reliability(reliable=True, unmet=())


@dataclass(frozen=True, slots=True)
class ElectronicContract:
    """The requirements of an electronic labour contract, each met, not met, or unknown (None).

    The fields follow the articles of the guidelines, in their order; `paper_copy_given` is met as well when nobody
    asked for one, `local_data_submitted` when the platform is the government's own.
    """

    both_agreed: bool | None
    written_form: bool | None
    on_contract_platform: bool | None
    platform_capable: bool | None
    mandatory_terms: bool | None
    told_before_signing_free: bool | None
    identity_verified_recorded: bool | None
    ca_licensed: bool | None
    trusted_timestamp: bool | None
    completion_told: bool | None
    download_helped: bool | None
    readable_any_time_free: bool | None
    paper_copy_given: bool | None
    stored_two_years: bool | None
    local_data_submitted: bool | None
    whole_process_recorded: bool | None
    network_security: bool | None
    mlps_level_three: bool | None
    no_unlawful_provision: bool | None


def _guideline(article: int, fact: str, zh: str, en: str, *more: Cite) -> Requirement:
    return require(fact, zh, en, Cite("EC54", article), *more)


FORM: tuple[Requirement, ...] = (
    require(
        "both_agreed",
        "双方协商一致采用电子形式",
        "both sides agreed to the electronic form",
        Cite("EC33"),
        Cite("EC54", 1),
    ),
    _guideline(
        2,
        "written_form",
        "是可视为书面形式的数据电文并使用可靠的电子签名",
        "it is a data message in written form with reliable signatures",
        ESL_14,
    ),
)
"""Without these there may be no written contract at all (Labour Contract Law, Arts. 10 and 82)."""
GUIDELINES: tuple[Requirement, ...] = (
    _guideline(3, "on_contract_platform", "通过电子劳动合同订立平台订立", "it was made on a contract platform"),
    _guideline(
        4,
        "platform_capable",
        "平台具备身份认证、电子签名、意愿确认和数据安全防护能力",
        "the platform identifies, signs, confirms intent and protects data",
    ),
    _guideline(5, "mandatory_terms", "必备条款齐全", "the mandatory terms are all there", Cite("LCL", 17)),
    _guideline(
        6,
        "told_before_signing_free",
        "签署前告知流程和注意事项且不收费",
        "the steps were told before signing, free of charge",
    ),
    _guideline(
        7,
        "identity_verified_recorded",
        "核验真实身份并保留核验记录",
        "identities were verified and the verification recorded",
    ),
    _guideline(
        8, "ca_licensed", "使用依法设立的电子认证服务机构颁发的数字证书", "certificates come from a licensed authority"
    ),
    _guideline(9, "trusted_timestamp", "附带可信时间戳", "it bears a trusted time stamp"),
    _guideline(10, "completion_told", "订立完成后通知劳动者", "the employee was told that it is concluded"),
    _guideline(11, "download_helped", "提示并帮助劳动者下载保存", "the employee was helped to download it"),
    _guideline(
        12,
        "readable_any_time_free",
        "劳动者可以随时免费查看、下载、打印",
        "it can be read and printed at any time, free",
    ),
    _guideline(
        13, "paper_copy_given", "劳动者需要时免费提供盖章的纸质文本", "a sealed paper copy is given free when asked for"
    ),
    _guideline(14, "stored_two_years", "按规定期限保存", "it is kept as long as required", Cite("LCL", 50, 3)),
    _guideline(
        15, "local_data_submitted", "按当地格式和标准提交合同数据", "its data are submitted in the local format"
    ),
    _guideline(16, "whole_process_recorded", "留存订立全过程证据", "the whole process is recorded"),
    _guideline(17, "network_security", "符合网络安全和个人信息保护要求", "network security and data protection hold"),
    _guideline(
        18, "mlps_level_three", "平台达到网络安全等级保护第三级", "the platform is graded at protection level 3"
    ),
    _guideline(
        19, "no_unlawful_provision", "不违法收集或者对外提供信息", "no data are collected or passed on unlawfully"
    ),
)
"""Advice of the ministry: what is not met weakens the contract and does not by itself void it."""


def electronic_contract(
    facts: ElectronicContract, *, as_of: date, region: str | None, params: Parameters
) -> Finding[Checked]:
    """电子劳动合同订立指引, Arts. 1 to 19: is the contract in written form, and what of the guidelines is not met?

    PROHIBITED to rely on when the form itself fails; ALLOWED_WITH_CONDITIONS naming each guideline that is not met.
    """
    trail = Trail(as_of=as_of, region=region, params=params)
    form = check(FORM, facts, trail)
    rest = check(GUIDELINES, facts, trail)
    found = Checked(form.met + rest.met, form.unmet + rest.unmet, form.unknown + rest.unknown)
    if form.unmet:
        risk = Words("可能被认定没有订立书面劳动合同。", "There may be no written contract in law.")
        return trail.finding(Verdict.PROHIBITED, found, (risk,), certain=True)
    names = {one.fact: one.name for one in GUIDELINES}
    conditions = tuple(Words(f"须补足：{names[one].zh}。", f"To be made good: {names[one].en}.") for one in rest.unmet)
    return trail.finding(Verdict.ALLOWED_WITH_CONDITIONS if conditions else Verdict.ALLOWED, found, conditions)
