"""Gates of the Personal Information Protection Law for what an employer does with data about people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from guiyan.kernel.results import Confidence, Finding, Words
from guiyan.law.checklist import Checked, check, require
from guiyan.law.citations import Cite
from guiyan.law.parameters import Parameters
from guiyan.law.trail import Trail

PIPL_5 = Cite("PIPL", 5)
PIPL_6 = Cite("PIPL", 6)
PIPL_13 = Cite("PIPL", 13)
PIPL_13_HR = Cite("PIPL", 13, 1, 2)
PIPL_17 = Cite("PIPL", 17)
PIPL_19 = Cite("PIPL", 19)
PIPL_24 = Cite("PIPL", 24)
PIPL_24_3 = Cite("PIPL", 24, 3)
PIPL_28 = Cite("PIPL", 28)
PIPL_29 = Cite("PIPL", 29)
PIPL_47 = Cite("PIPL", 47)
PIPL_55 = Cite("PIPL", 55)
LCL_4 = Cite("LCL", 4)
CC_1033 = Cite("CC", 1033)
_RULE = require(
    "rule_adopted", "规章制度经民主程序制定并公示", "a rule was made by Art. 4 and announced", LCL_4, PIPL_13_HR
)
_TOLD = require("told", "已告知目的、方式、种类和保存期限", "purpose, manner, kinds and retention were told", PIPL_17)
_ASSESSED = require("impact_assessed", "事前做过个人信息保护影响评估", "its impact was assessed beforehand", PIPL_55)


@dataclass(frozen=True, slots=True)
class HrProcessing:
    """Processing for personnel management: is it necessary for it, under a lawful rule, and told? None: unknown."""

    necessary: bool | None
    rule_adopted: bool | None
    told: bool | None


@dataclass(frozen=True, slots=True)
class Monitoring:
    """Monitoring at work. None means unknown.

    `company_device`: only the company's devices or network are watched. On an employee's own device nothing but free
    and separate consent with an alternative carries it. `work_hours_only`, `no_private_content`, `retention_capped`
    and `access_limited` are how it is done.
    """

    company_device: bool | None
    separate_consent: bool | None
    alternative_offered: bool | None
    rule_adopted: bool | None
    told: bool | None
    impact_assessed: bool | None
    work_hours_only: bool | None
    no_private_content: bool | None
    retention_capped: bool | None
    access_limited: bool | None


@dataclass(frozen=True, slots=True)
class AutomatedDecision:
    """A decision about a person that a program makes or prepares: hiring, dismissal, scoring. None: unknown."""

    significant_effect: bool | None
    human_decides: bool | None
    reasons_given: bool | None
    appeal_open: bool | None
    impact_assessed: bool | None


@dataclass(frozen=True, slots=True)
class AlumniContact:
    """Writing to former employees for a new purpose: fresh consent, and an easy way out. None: unknown."""

    fresh_consent: bool | None
    opt_out_offered: bool | None


@dataclass(frozen=True, slots=True)
class FaceRecognition:
    """Clocking in or identifying by face: another way, a legal basis, an assessment, data kept in the device."""

    alternative_offered: bool | None
    separate_consent: bool | None
    other_basis: bool | None
    impact_assessed: bool | None
    kept_in_device: bool | None


@dataclass(frozen=True, slots=True)
class HealthData:
    """Data on pregnancy or health: did the person volunteer them, and is only a flag with an end date kept?"""

    volunteered: bool | None
    only_flag_kept: bool | None


def hr_processing(facts: HrProcessing, *, as_of: date, region: str | None, params: Parameters) -> Finding[Checked]:
    """Personal Information Protection Law, Arts. 13(1)(2), 17: without consent where personnel management needs it.

    Consent is then not needed; telling is. Without a lawful rule the basis falls away.
    """
    trail = Trail(as_of=as_of, region=region, params=params)
    necessary = require("necessary", "实施人力资源管理所必需", "personnel management needs it", PIPL_13_HR, PIPL_6)
    found = check((necessary, _RULE, _TOLD), facts, trail)
    return trail.finding(found.verdict, found, certain=bool(found.unmet))


def monitoring(facts: Monitoring, *, as_of: date, region: str | None, params: Parameters) -> Finding[Checked]:
    """Personal Information Protection Law, Arts. 5, 6, 13, 17, 55; Civil Code, Art. 1033: monitoring employees.

    Allowed on the company's devices, in working time, under an announced rule, without private content. On an own
    device only with separate consent freely given, which takes an alternative.
    """
    trail = Trail(as_of=as_of, region=region, params=params)
    how = (
        _TOLD,
        _ASSESSED,
        require("work_hours_only", "仅限工作时间", "working time only", PIPL_6),
        require("no_private_content", "不涉及私人内容和私密空间", "no private content or place", CC_1033),
        require("retention_capped", "保存期限为必要的最短时间", "kept no longer than needed", PIPL_19),
        require("access_limited", "仅限有权限的人员查看", "seen only by those with the right", Cite("PIPL", 51)),
    )
    if facts.company_device is None:
        trail.lacks("company_device", "只涉及公司设备和公司网络吗？", "Are only the company's devices watched?")
        basis: tuple[str, ...] = ()
        found = check(how, facts, trail)
    else:
        by_consent = (
            require("separate_consent", "员工自愿并单独同意", "the employee freely gave separate consent", PIPL_13),
            require("alternative_offered", "提供不监测个人设备的替代方案", "an alternative was offered", PIPL_5),
        )
        first = check((_RULE,) if facts.company_device else by_consent, facts, trail)
        rest = check(how, facts, trail)
        basis = first.unmet
        found = Checked(first.met + rest.met, first.unmet + rest.unmet, first.unknown + rest.unknown)
    trail.doubt(Confidence.PRACTICE)
    risk = (Words("证据可能被排除，并承担侵权责任。", "The evidence may be excluded, and damages be due."),)
    return trail.finding(found.verdict, found, risk if basis else (), certain=bool(found.unmet))


def automated_decision(
    facts: AutomatedDecision, *, as_of: date, region: str | None, params: Parameters
) -> Finding[Checked]:
    """Personal Information Protection Law, Arts. 24, 55: no significant decision by automation alone.

    A named person decides, gives reasons, and the person concerned can object. Without a significant effect it is
    enough to assess the impact beforehand.
    """
    trail = Trail(as_of=as_of, region=region, params=params)
    if facts.significant_effect is None:
        trail.lacks("significant_effect", "对个人权益有重大影响吗？", "Does it affect the person significantly?")
    human = (
        require("human_decides", "由自然人作出决定", "a human being decides", PIPL_24_3),
        require("reasons_given", "应要求说明理由", "reasons are given when asked", PIPL_24_3),
        require("appeal_open", "提供申诉和拒绝的途径", "there is a way to object and refuse", PIPL_24_3),
    )
    wanted = (_ASSESSED,) if facts.significant_effect is False else (*human, _ASSESSED)
    found = check(wanted, facts, trail)
    certain = bool(found.unmet) and facts.significant_effect is not None
    return trail.finding(found.verdict, found, certain=certain)


def alumni_contact(facts: AlumniContact, *, as_of: date, region: str | None, params: Parameters) -> Finding[Checked]:
    """Personal Information Protection Law, Arts. 13, 15, 24(2), 47: writing to former employees takes new consent."""
    trail = Trail(as_of=as_of, region=region, params=params)
    wanted = (
        require(
            "fresh_consent", "离职后用于新目的已另行取得同意", "fresh consent covers the new purpose", PIPL_13, PIPL_47
        ),
        require(
            "opt_out_offered", "提供便捷的拒绝方式", "there is an easy way out", Cite("PIPL", 15), Cite("PIPL", 24, 2)
        ),
    )
    found = check(wanted, facts, trail)
    return trail.finding(found.verdict, found, certain=bool(found.unmet))


def face_recognition(
    facts: FaceRecognition, *, as_of: date, region: str | None, params: Parameters
) -> Finding[Checked]:
    """人脸识别技术应用安全管理办法, Arts. 6, 8, 9, 10: a face is never the only way to clock in or be identified."""
    trail = Trail(as_of=as_of, region=region, params=params)
    wanted = [
        require(
            "alternative_offered", "提供其他合理便捷的验证方式", "another convenient way is offered", Cite("FACE", 10)
        ),
        require("impact_assessed", "事前做过影响评估", "its impact was assessed beforehand", Cite("FACE", 9), PIPL_55),
        require(
            "kept_in_device", "人脸信息存于设备内，不经互联网传出", "face data stay in the device", Cite("FACE", 8)
        ),
    ]
    if not facts.other_basis:
        consent = require("separate_consent", "取得单独同意", "separate consent was given", Cite("FACE", 6), PIPL_29)
        wanted.append(consent)
    found = check(wanted, facts, trail)
    return trail.finding(found.verdict, found, certain=bool(found.unmet))


def health_data(facts: HealthData, *, as_of: date, region: str | None, params: Parameters) -> Finding[Checked]:
    """Personal Information Protection Law, Arts. 6, 28, 29; Women's Rights Law, Art. 43: health is never inferred."""
    trail = Trail(as_of=as_of, region=region, params=params)
    wanted = (
        require(
            "volunteered",
            "由员工自愿申报或者提交，不作推断",
            "the employee told it; nothing is inferred",
            PIPL_28,
            Cite("WRL", 43),
        ),
        require("only_flag_kept", "只保存受保护状态和截止日", "only a flag and its end date are kept", PIPL_6, PIPL_29),
    )
    found = check(wanted, facts, trail)
    return trail.finding(found.verdict, found, certain=bool(found.unmet))
