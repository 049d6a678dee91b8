"""Resignation: its clock from arrival, and what becomes of it when the employee takes it back.

A resignation is the employee's own act and needs no approval (Labour Contract Law, Art. 37). It can be taken back
until it arrives (Civil Code, Art. 141); afterwards only with the employer's consent, which may be written, oral by an
authorised person (Art. 170) or shown by conduct (Art. 140): work and no objection past the planned last day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from guiyan.kernel.results import Confidence, Finding, Verdict, Words
from guiyan.law.citations import Cite
from guiyan.law.moments import Order, When
from guiyan.law.parameters import Parameters
from guiyan.law.trail import Trail

LCL_36 = Cite("LCL", 36)
LCL_37 = Cite("LCL", 37)
LCL_90 = Cite("LCL", 90)
CC_136_2 = Cite("CC", 136, 2)
CC_137 = Cite("CC", 137)
CC_140 = Cite("CC", 140)
CC_141 = Cite("CC", 141)
CC_170 = Cite("CC", 170)
CC_201 = Cite("CC", 201)
CC_469 = Cite("CC", 469)
CC_476 = Cite("CC", 476)
ESL_4 = Cite("ESL", 4)
J1_43 = Cite("J1", 43)
J2_11 = Cite("J2", 11)


class NoticeForm(StrEnum):
    """The form of a notice."""

    WRITTEN = "written"
    ORAL = "oral"


class NoticeChannel(StrEnum):
    """The way a notice came. `app` is a letter written and signed in Guiyan itself."""

    PAPER = "paper"
    WECHAT = "wechat"
    EMAIL = "email"
    PHONE = "phone"
    APP = "app"


class Consent(StrEnum):
    """The employer's answer to a withdrawal, as a named person recorded it."""

    WRITTEN = "written"
    ORAL_AUTHORISED = "oral_authorised"
    REFUSED = "refused"


class Flag(StrEnum):
    """What a stale resignation is marked with."""

    SUPERSEDED_BY_CONDUCT = "RESIGNATION_SUPERSEDED_BY_CONDUCT"


class Basis(StrEnum):
    """Why a withdrawal has, or has not, taken effect."""

    ARRIVED_FIRST = "arrived_first"
    CONSENT = "consent"
    CONDUCT = "conduct"
    REFUSED = "refused"
    NO_CONSENT = "no_consent"
    PENDING = "pending"


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """The facts about a resignation and its withdrawal. None means that nobody has said.

    `withdrawal_made` is when it was declared, `withdrawal_arrived` when it reached the employer; `withdrawal_asserted`
    says that there is one though its time is unknown. `employer_approved` and `approval_flow_complete` speak of the
    resignation, `employer_consents` and `manager_refused` of the withdrawal. `system_mail_says_revoked` is an automatic
    message that nobody decided. `planned_last_day` is the day the resignation was to end the employment;
    `still_working_on` a later day on which the employee is known to have worked; `wages_paid` and `employer_objection`
    speak of the time after the planned last day. `form` to `identity_confirmed` describe the resignation.
    """

    resignation_sent: When | None
    resignation_arrived: When | None
    withdrawal_made: When | None
    withdrawal_arrived: When | None
    withdrawal_asserted: bool
    employer_consents: Consent | None
    employer_approved: bool | None
    approval_flow_complete: bool | None
    manager_refused: bool | None
    system_mail_says_revoked: bool | None
    planned_last_day: date | None
    still_working_on: date | None
    wages_paid: bool | None
    employer_objection: bool | None
    continued_attendance: bool | None
    form: NoticeForm | None
    channel: NoticeChannel | None
    content_explicit: bool | None
    identity_confirmed: bool | None
    in_probation: bool | None

    @classmethod
    def nothing_known(cls) -> Withdrawal:
        """The facts before anybody has said anything: the start for `dataclasses.replace` with what is known."""
        unknown: dict[str, Any] = dict.fromkeys(cls.__dataclass_fields__)
        return cls(**unknown | {"withdrawal_asserted": False})


@dataclass(frozen=True, slots=True)
class WithdrawalRuling:
    """Three answers, each None where the facts do not raise the question or do not decide it, and their marks."""

    withdrawal_effective: bool | None
    is_written_notice: bool | None
    may_rely_on_resignation: bool | None
    flag: Flag | None
    basis: Basis | None


@dataclass(frozen=True, slots=True)
class ResignationNotice:
    """A resignation that arrived. `in_probation` means a lawful probation; `asks_permission` is what a person judged of
    its wording; `named_last_day` the day the employee names, `agreed_last_day` one both sides agreed; None: not known.
    """

    arrived: When
    form: NoticeForm | None
    in_probation: bool | None
    asks_permission: bool | None
    named_last_day: date | None
    agreed_last_day: date | None


@dataclass(frozen=True, slots=True)
class ResignationClock:
    """The notice in days, the earliest lawful last day by notice alone, and the day on which the employment ends."""

    notice_days: int
    earliest_end: date
    ends_on: date


def resignation_clock(
    facts: ResignationNotice, *, as_of: date, region: str | None, params: Parameters
) -> Finding[ResignationClock | None]:
    """Labour Contract Law, Art. 37: on which day does a resignation end the employment?

    Thirty days after arrival; three in probation, where it need not be written. Nobody's approval is a condition. A
    letter that asks for permission is flagged, since it may be an offer under Art. 36.
    """
    trail = Trail(as_of=as_of, region=region, params=params)
    if facts.in_probation is None:
        trail.lacks("in_probation", "员工是否在合法的试用期内？", "Is the employee in lawful probation?")
    if facts.form is None and not facts.in_probation:
        trail.lacks("form", "辞职是书面提出的吗？", "Was the resignation made in writing?")
    if trail.missing:
        return trail.finding(Verdict.INDETERMINATE, None)
    if facts.form is NoticeForm.ORAL and not facts.in_probation:
        trail.say("试用期外辞职须书面通知；请员工补书面。", "Outside probation notice is written: ask for it.", LCL_37)
        return trail.finding(Verdict.PROHIBITED, None)
    days = int(trail.figure(f"resignation.notice_days{'_probation' if facts.in_probation else ''}"))
    earliest = facts.arrived.day + timedelta(days=days)
    notice = "试用期内提前三日" if facts.in_probation else "提前三十日书面"
    trail.say(
        f"{notice}通知；自到达的次日起算，第{days}日为{earliest.isoformat()}。",
        f"{days} days of notice from the day after arrival: the last is {earliest.isoformat()}.",
        LCL_37,
        CC_137,
        CC_201,
        value=earliest.isoformat(),
    )
    trail.say("辞职不需要批准；审批只是内部安排。", "A resignation needs no approval; approval is internal.", LCL_37)
    ends_on = facts.agreed_last_day or max(earliest, facts.named_last_day or earliest)
    conditions = _clock_conditions(facts, earliest, trail)
    verdict = Verdict.ALLOWED_WITH_CONDITIONS if conditions else Verdict.ALLOWED
    return trail.finding(verdict, ResignationClock(days, earliest, ends_on), conditions)


def _clock_conditions(facts: ResignationNotice, earliest: date, trail: Trail) -> tuple[Words, ...]:
    found: list[Words] = []
    if facts.asks_permission:
        trail.say(
            "文字请求批准，可能是协商解除的要约，单位同意前可以撤销。",
            "The wording asks for permission: it may be an offer to agree, revocable until accepted.",
            LCL_36,
            CC_476,
        )
        trail.doubt(Confidence.PRACTICE)
        trail.ask_person()
        found.append(Words("请向员工确认是通知辞职还是协商解除。", "Ask the employee: notice, or an agreement?"))
    if facts.agreed_last_day is not None and facts.agreed_last_day < earliest:
        trail.say(
            "双方约定提前结束。", "Both sides agreed on an earlier end.", LCL_36, value=str(facts.agreed_last_day)
        )
        found.append(Words("提前结束须有双方书面约定。", "The earlier end needs a written agreement."))
    elif facts.agreed_last_day is None and facts.named_last_day is not None and facts.named_last_day < earliest:
        trail.say(
            "员工写明的日期早于通知期满日：单位同意才提前结束；擅自提前离开只赔偿实际损失。",
            "The named day is before the end of notice: leaving early needs consent, else it owes real loss only.",
            LCL_37,
            LCL_90,
        )
        found.append(
            Words("是否同意员工提前离开，须另行答复。", "Answer separately whether the earlier day is accepted.")
        )
    return tuple(found)


def resignation_withdrawal(
    facts: Withdrawal, *, as_of: date, region: str | None, params: Parameters
) -> Finding[WithdrawalRuling]:
    """Civil Code, Arts. 136(2), 137, 140, 141, 170; Labour Contract Law, Art. 37: may the employer still process it?

    ALLOWED: the resignation stands. PROHIBITED: it may no longer be relied on, because it was taken back in time or
    with consent, was never a written notice, or was overtaken by work beyond the planned last day. Without an answer of
    the employer the withdrawal is pending; neither answer is presumed.
    """
    trail = Trail(as_of=as_of, region=region, params=params)
    written = _is_written(facts, trail)
    effective, basis = _withdrawal(facts, trail)
    reliance, flag = _reliance(facts, written, effective, basis, trail)
    ruling = WithdrawalRuling(effective, written, reliance, flag, basis)
    answer = reliance if reliance is not None else written
    if answer is None and not trail.missing:
        trail.lacks("resignation_arrived", "辞职通知哪一天到达单位？", "On which day did the resignation arrive?")
    conditions = _after_withdrawal(effective, basis, flag)
    verdict = Verdict.ALLOWED if answer else Verdict.PROHIBITED
    return trail.finding(verdict, ruling, conditions)


def _after_withdrawal(effective: bool | None, basis: Basis | None, flag: Flag | None) -> tuple[Words, ...]:
    if effective and basis is Basis.CONSENT:
        return (Words("请双方签署继续履行确认书。", "Have both sides sign that the contract continues."),)
    if flag is not None:
        return (
            Words(
                "原辞职不能再办理离职；如仍要结束，须有新的依据并重新检查受保护情形。",
                "The old resignation cannot be processed: a new ground is needed, and protections are checked anew.",
            ),
        )
    return ()


def _is_written(facts: Withdrawal, trail: Trail) -> bool | None:
    """Civil Code, Art. 469, and Electronic Signature Law, Art. 4: retrievable text is written form; speech is not."""
    said = (facts.form, facts.channel, facts.content_explicit, facts.identity_confirmed)
    if all(fact is None for fact in said):
        return None
    defect = _defect_of_form(facts)
    if defect is not None:
        trail.say(defect.zh, defect.en, LCL_37, CC_469, ESL_4, value="false")
        return False
    if facts.form is None and facts.channel is None:
        trail.lacks("form", "辞职是书面还是口头提出的？", "Was the resignation written or spoken?")
    if facts.form is None and facts.channel in {NoticeChannel.WECHAT, NoticeChannel.EMAIL}:
        if facts.content_explicit is None:
            trail.lacks("content_explicit", "内容明确表示辞职吗？", "Does it clearly resign?")
        if facts.identity_confirmed is None:
            trail.lacks("identity_confirmed", "能确认是员工本人发出吗？", "Is it proved to come from the employee?")
    if trail.missing:
        return None
    trail.say(
        "可以随时调取查用的文字（纸质、微信、电子邮件等）是书面形式。",
        "Text that can be called up at any time, on paper, in WeChat or by e-mail, is written form.",
        LCL_37,
        CC_469,
        ESL_4,
        value="true",
    )
    return True


def _defect_of_form(facts: Withdrawal) -> Words | None:
    """Why the resignation is no written notice; None when nothing known speaks against it."""
    if facts.form is NoticeForm.ORAL or (facts.form is None and facts.channel is NoticeChannel.PHONE):
        return Words("口头提出，不是书面通知。", "It was spoken: it is no written notice.")
    if facts.content_explicit is False:
        return Words("内容没有明确辞职的意思，不是辞职通知。", "It does not clearly resign: it is no notice.")
    if facts.identity_confirmed is False:
        return Words("不能确认是员工本人发出。", "It is not proved to come from the employee.")
    return None


def _withdrawal(facts: Withdrawal, trail: Trail) -> tuple[bool | None, Basis | None]:
    """Whether the withdrawal took effect, and why; (None, None) when there is none."""
    if not _withdrawal_raised(facts):
        return None, None
    order = _arrival_order(facts)
    if order in {Order.BEFORE, Order.TOGETHER}:
        trail.say(
            "撤回先于辞职或者与辞职同时到达：撤回有效，不需要同意。",
            "The withdrawal arrived before or together with the resignation: it takes effect without consent.",
            CC_141,
            value="true",
        )
        return True, Basis.ARRIVED_FIRST
    if facts.employer_consents in {Consent.WRITTEN, Consent.ORAL_AUTHORISED}:
        _say_consent(facts, trail)
        return True, Basis.CONSENT
    if order is Order.UNKNOWN:
        return _order_unknown(facts, trail)
    trail.say(
        "辞职已经到达，之后的撤回须经单位同意。",
        "The resignation had arrived: taking it back needs the employer's consent.",
        CC_137,
        CC_141,
        CC_136_2,
    )
    return _late_withdrawal(facts, trail)


def _withdrawal_raised(facts: Withdrawal) -> bool:
    said = (facts.employer_consents, facts.manager_refused, facts.system_mail_says_revoked)
    times = (facts.withdrawal_made, facts.withdrawal_arrived)
    return facts.withdrawal_asserted or any(fact is not None for fact in said + times)


def _arrival_order(facts: Withdrawal) -> Order:
    """How the arrival of the withdrawal lies to that of the resignation, from whatever times are known."""
    if facts.withdrawal_arrived is not None and facts.resignation_arrived is not None:
        return facts.withdrawal_arrived.order(facts.resignation_arrived)
    if facts.withdrawal_arrived is not None and facts.resignation_sent is not None:
        before_sending = facts.withdrawal_arrived.order(facts.resignation_sent) in {Order.BEFORE, Order.TOGETHER}
        return Order.BEFORE if before_sending else Order.UNKNOWN
    if facts.withdrawal_made is not None and facts.resignation_arrived is not None:
        made_after = facts.withdrawal_made.order(facts.resignation_arrived) is Order.AFTER
        return Order.AFTER if made_after else Order.UNKNOWN
    return Order.UNKNOWN


def _say_consent(facts: Withdrawal, trail: Trail) -> None:
    if facts.employer_consents is Consent.ORAL_AUTHORISED:
        trail.say(
            "有权的负责人口头同意，对单位有效；内部流程不能对抗员工。",
            "An authorised person consented orally: it binds the employer, whatever its internal procedure.",
            CC_136_2,
            CC_140,
            CC_170,
            value="true",
        )
    else:
        trail.say("单位书面同意撤回。", "The employer consented in writing.", CC_136_2, CC_141, value="true")
    if facts.manager_refused:
        trail.say(
            "另有拒绝的记录，与同意相矛盾，须由负责人核对。",
            "A refusal is also recorded: a person must compare.",
            CC_140,
        )
        trail.ask_person()


def _order_unknown(facts: Withdrawal, trail: Trail) -> tuple[None, Basis]:
    if facts.resignation_arrived is None:
        trail.lacks("resignation_arrived", "辞职通知何时到达单位？", "When did the resignation arrive?")
    if facts.withdrawal_arrived is None:
        trail.lacks("withdrawal_arrived", "撤回何时到达单位？", "When did the withdrawal arrive?")
    if facts.resignation_arrived is not None and facts.withdrawal_arrived is not None:
        later = "withdrawal_arrived" if facts.withdrawal_arrived.moment is None else "resignation_arrived"
        trail.lacks(
            later, "同一天到达，哪一个更早？请补时刻。", "Both arrived that day: which came first? Give the time."
        )
    if facts.employer_consents is None and not facts.manager_refused:
        trail.lacks("employer_consents", "单位是否同意撤回？", "Has the employer consented to the withdrawal?")
    return None, Basis.PENDING


def _late_withdrawal(facts: Withdrawal, trail: Trail) -> tuple[bool | None, Basis]:
    """After arrival and without recorded consent: refused, without effect so far, or open; no answer is presumed."""
    if facts.system_mail_says_revoked:
        trail.say(
            "系统自动邮件不是单位有权人员作出的决定，是否构成同意有争议。",
            "An automatic message is nobody's decision; whether it amounts to consent is disputed.",
            CC_140,
        )
        trail.doubt(Confidence.PRACTICE)
        trail.ask_person()
    if facts.employer_consents is Consent.REFUSED or facts.manager_refused:
        trail.say("单位不同意：撤回不发生效力。", "The employer refuses: it has no effect.", CC_136_2, value="false")
        return False, Basis.REFUSED
    if _conduct(facts) is _Conduct.WENT_ON:
        trail.say(
            "撤回后单位让员工继续工作，没有异议：以行为表示同意。",
            "After the withdrawal the employer let work go on without objection: it consented by conduct.",
            CC_136_2,
            CC_140,
            value="true",
        )
        trail.doubt(Confidence.PRACTICE)
        return True, Basis.CONDUCT
    described = facts.approval_flow_complete is not None or facts.employer_approved
    handled_on = described and not facts.system_mail_says_revoked
    if handled_on:
        trail.say(
            "单位仍在按辞职办理，没有同意撤回的记录：撤回尚未生效；审批是否走完不影响辞职的效力。",
            "The resignation is being processed and no consent is recorded: the withdrawal has no effect so far.",
            LCL_37,
            CC_136_2,
            value="false",
        )
        trail.doubt(Confidence.PRACTICE)
    trail.lacks("employer_consents", "单位是否同意撤回？", "Has the employer consented to the withdrawal?")
    return (False, Basis.NO_CONSENT) if handled_on else (None, Basis.PENDING)


def _reliance(
    facts: Withdrawal, written: bool | None, effective: bool | None, basis: Basis | None, trail: Trail
) -> tuple[bool | None, Flag | None]:
    """Whether the employer may still rely on the resignation, and the mark of a stale one."""
    conduct = _conduct(facts)
    flag = Flag.SUPERSEDED_BY_CONDUCT if conduct is _Conduct.WENT_ON else None
    if flag is not None:
        _say_superseded(facts, trail)
    if effective:
        trail.say(
            "撤回已生效，辞职不能再作为依据。",
            "Taken back: the resignation is no basis any more.",
            CC_136_2,
            CC_141,
            value="false",
        )
        return False, flag
    if written is False and not facts.in_probation:
        trail.say(
            "没有书面辞职，不能据以办理离职。", "No written notice: it cannot be processed.", LCL_37, value="false"
        )
        attended = bool(facts.continued_attendance) and not facts.employer_objection
        return False, Flag.SUPERSEDED_BY_CONDUCT if attended else flag
    if flag is not None:
        return False, flag
    if conduct in _CONDUCT_QUESTIONS:
        trail.lacks(*_CONDUCT_QUESTIONS[conduct])
    if conduct in _CONDUCT_QUESTIONS or basis in _UNANSWERED or (written is None and trail.missing):
        return None, None
    if conduct is _Conduct.OBJECTED:
        trail.say(
            "过期仍在工作，但单位已提出异议，不能推定同意继续履行。",
            "Work went on, but the employer objected: consent is not to be read into it.",
            CC_140,
        )
        trail.doubt(Confidence.PRACTICE)
        trail.ask_person()
    if facts.resignation_arrived is None and facts.planned_last_day is None:
        return None, None
    trail.say("辞职已到达且没有被撤回，可以依其办理。", "It arrived and stands.", LCL_37, value="true")
    return True, None


_UNANSWERED = {Basis.PENDING, Basis.NO_CONSENT}
"""Neither answer of the employer is presumed: until there is one, nothing may be processed."""


class _Conduct(StrEnum):
    """What is known of the time after the planned last day."""

    NOTHING = "nothing"
    WENT_ON = "went_on"
    OBJECTED = "objected"
    OBJECTION_UNKNOWN = "objection_unknown"
    WORK_UNKNOWN = "work_unknown"
    LAST_DAY_UNKNOWN = "last_day_unknown"


_CONDUCT_QUESTIONS = {
    _Conduct.OBJECTION_UNKNOWN: (
        "employer_objection",
        "过了原定最后工作日，单位提出过异议吗？",
        "Did the employer object after the planned last day?",
    ),
    _Conduct.WORK_UNKNOWN: (
        "still_working_on",
        "付薪期间员工仍在工作吗？",
        "Was the employee still working while paid?",
    ),
    _Conduct.LAST_DAY_UNKNOWN: (
        "planned_last_day",
        "原定最后工作日是哪一天？",
        "Which was the planned last day?",
    ),
}


def _conduct(facts: Withdrawal) -> _Conduct:
    """Civil Code, Art. 140: whether work went on beyond the planned last day without objection."""
    if facts.still_working_on is None and not facts.continued_attendance:
        paid_without_a_word = facts.wages_paid and facts.continued_attendance is None
        return _Conduct.WORK_UNKNOWN if paid_without_a_word and facts.planned_last_day else _Conduct.NOTHING
    if facts.planned_last_day is None:
        return _Conduct.LAST_DAY_UNKNOWN
    late = facts.still_working_on is not None and facts.still_working_on > facts.planned_last_day
    if not late and not facts.continued_attendance:
        return _Conduct.NOTHING
    if facts.employer_objection is None:
        return _Conduct.OBJECTION_UNKNOWN
    return _Conduct.OBJECTED if facts.employer_objection else _Conduct.WENT_ON


def _say_superseded(facts: Withdrawal, trail: Trail) -> None:
    pay = Words("并支付工资", " and wages were paid") if facts.wages_paid else Words("", "")
    trail.say(
        f"原定最后工作日已过，员工仍在工作{pay.zh}，单位没有异议：以行为表明继续履行。",
        f"The planned last day passed, work went on{pay.en} without objection: conduct continues the contract.",
        CC_140,
        J1_43,
        J2_11,
        value=Flag.SUPERSEDED_BY_CONDUCT.value,
    )
    trail.doubt(Confidence.PRACTICE)
