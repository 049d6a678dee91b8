"""Delivery of a notice: did it arrive, on which day, and how well can that be proved?

No statute regulates service between employer and employee. Arrival follows the Civil Code, Art. 137; the grade of
proof follows the rules of court service by analogy (Civil Procedure Law, Arts. 88 and 89; Online Litigation Rules,
Art. 31; Provisions on Court Express Mail, Art. 11) and 劳办发〔1995〕179号. One attempt is judged at a time; of
several, the earliest valid arrival counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from guiyan.kernel.results import Confidence, Finding, Verdict, Words
from guiyan.law.citations import Cite
from guiyan.law.delivery_facts import (
    AppMessage,
    Attempt,
    Delivery,
    Email,
    EmergencyContact,
    Ems,
    Grade,
    InPerson,
    MailResult,
    PublicNotice,
    Signer,
    Sms,
    SmsNumber,
)
from guiyan.law.parameters import Parameters
from guiyan.law.trail import Trail

CC_25 = Cite("CC", 25)
CC_137 = Cite("CC", 137)
CC_137_2 = Cite("CC", 137, 2)
CPL_88 = Cite("CPL", 88)
CPL_89 = Cite("CPL", 89)
OLR_31 = Cite("OLR", 31)
COURTMAIL_11 = Cite("COURTMAIL", 11)
SERVE179 = Cite("SERVE179")
ESL_11 = Cite("ESL", 11)
PIPL_6 = Cite("PIPL", 6)


def delivery_validity(attempt: Attempt, *, as_of: date, region: str | None, params: Parameters) -> Finding[Delivery]:
    """Civil Code, Art. 137: does this attempt count as delivered, from which day, with which grade of proof?

    ALLOWED: it may be relied on. ALLOWED_WITH_CONDITIONS: it may be, but the proof is weak and should be strengthened.
    PROHIBITED: it may not. INDETERMINATE names the facts that decide; the part already certain is in the value.
    """
    trail = Trail(as_of=as_of, region=region, params=params)
    match attempt:
        case InPerson():
            result = _in_person(attempt, trail)
        case Ems():
            result = _ems(attempt, trail)
        case Email():
            result = _email(attempt, trail)
        case AppMessage():
            result = _app(attempt, trail)
        case Sms():
            result = _sms(attempt, trail)
        case PublicNotice():
            result = _public_notice(attempt, trail)
        case EmergencyContact():
            result = _emergency_contact(trail)
    verdict, conditions = _verdict(result.grade)
    return trail.finding(verdict, result, conditions)


def first_arrival(findings: Iterable[Finding[Delivery]]) -> Delivery | None:
    """Of several attempts the earliest that arrived, the better proof first on one day; None when none did.

    Online Litigation Rules, Art. 31, by analogy: where several ways succeed, the first one counts.
    """
    order = list(Grade)
    arrived = [
        (finding.value.effective_at, order.index(finding.value.grade), finding.value)
        for finding in findings
        if finding.value and finding.value.effective_at and finding.value.grade and not finding.verdict.stops
    ]
    return min(arrived, key=lambda one: one[:2])[2] if arrived else None


def _verdict(grade: Grade | None) -> tuple[Verdict, tuple[Words, ...]]:
    if grade in {Grade.D, Grade.INVALID}:
        return Verdict.PROHIBITED, ()
    if grade in {Grade.B_MINUS, Grade.C}:
        more = Words(
            "证明力较弱，请再以约定地址邮寄或者当面送达。",
            "The proof is weak: also mail to the agreed address or hand over.",
        )
        return Verdict.ALLOWED_WITH_CONDITIONS, (more,)
    return Verdict.ALLOWED, ()


def _not_delivered(trail: Trail, zh: str, en: str, *cites: Cite) -> Delivery:
    trail.say(zh, en, *cites, value=Grade.D.value)
    return Delivery(None, Grade.D)


def _need_day(day: date | None, fact: str, zh: str, en: str, trail: Trail) -> date | None:
    if day is None:
        trail.lacks(fact, zh, en)
    return day


def _in_person(facts: InPerson, trail: Trail) -> Delivery:
    """Signed: A on that day. Not signed: presented is arrived, if two witnesses or a recording prove it (B)."""
    if facts.signed:
        trail.say("当面送达并签收：签收时到达。", "Handed over and signed for: it arrived then.", CC_137, value="A")
        return Delivery(_need_day(facts.at, "at", "哪一天签收？", "On which day was it signed for?", trail), Grade.A)
    if facts.signed is None and not facts.refused:
        trail.lacks("signed", "本人签收了吗？如果没有，是否拒收？", "Was it signed for? If not, was it refused?")
        return Delivery(None, None)
    if facts.two_witnesses or facts.video:
        trail.say(
            "当面出示而未签收，有两名见证人或者全程录像：出示时到达（参照留置送达）。",
            "Presented without signature, with two witnesses or a recording: it arrived when presented, by analogy.",
            CC_137,
            CPL_89,
            value="B",
        )
        trail.doubt(Confidence.PRACTICE)
        return Delivery(_need_day(facts.at, "at", "哪一天出示？", "On which day was it presented?", trail), Grade.B)
    unknown = [name for name in ("two_witnesses", "video") if getattr(facts, name) is None]
    if unknown:
        for name in unknown:
            trail.lacks(name, "出示时有两名见证人或者录像吗？", "Were there two witnesses, or a recording?")
        return Delivery(None, None)
    return _not_delivered(
        trail,
        "没有签收，也没有见证人或者录像，不能证明到达。",
        "No signature, witness or recording: arrival is not proved.",
        CC_137,
    )


def _ems(facts: Ems, trail: Trail) -> Delivery:
    if facts.signed_by is not None:
        return _ems_signed(facts, facts.signed_by, trail)
    if facts.result is not None:
        return _ems_returned(facts, facts.result, trail)
    fact = "signed_by" if facts.signed_on is not None else "result"
    trail.lacks(fact, "邮件由谁签收，或者因何退回？", "Who signed for the letter, or why did it come back?")
    return Delivery(None, None)


def _ems_signed(facts: Ems, signer: Signer, trail: Trail) -> Delivery:
    grade = _signed_grade(facts, signer, trail)
    if grade is Grade.D:
        return Delivery(None, Grade.D)
    day = _need_day(facts.signed_on, "signed_on", "邮件哪一天签收？", "On which day was the letter signed for?", trail)
    if grade is None:
        return Delivery(day, None)
    if facts.contents_named is None:
        trail.lacks("contents_named", "面单的内件品名写明了文书名称吗？", "Does the waybill name the document?")
        return Delivery(day, None)
    if not facts.contents_named:
        grade = max(grade, Grade.C, key=list(Grade).index)
        trail.say(
            "面单没有写明文书名称，只能证明收到邮件，证明力降低。",
            "The waybill does not name the document: it proves a letter, not this notice.",
            CC_137,
            value=grade.value,
        )
        trail.doubt(Confidence.PRACTICE)
    return Delivery(day, grade)


def _signed_grade(facts: Ems, signer: Signer, trail: Trail) -> Grade | None:
    """A for the employee; a household member B at the agreed address and C elsewhere; another person C or nothing."""
    if signer is Signer.SELF:
        trail.say(
            "本人签收：收件日期为送达日期。",
            "The employee signed: that day is the day of delivery.",
            CC_137,
            SERVE179,
            value="A",
        )
        return Grade.A
    if facts.agreed is None:
        trail.lacks(
            "address", "寄往哪个地址？员工确认过吗？", "Which address was it sent to, and did the employee agree to it?"
        )
        return None
    trail.doubt(Confidence.PRACTICE)
    if signer is Signer.FAMILY:
        grade = Grade.B if facts.agreed else Grade.C
        trail.say(
            "同住成年亲属签收，视为送达；非约定地址还须证明同住。",
            "An adult of the household signed: delivered; at another address the common household must be proved.",
            SERVE179,
            CPL_88,
            value=grade.value,
        )
        return grade
    grade = Grade.C if facts.agreed else Grade.D
    trail.say(
        "他人在约定地址签收，只能说明邮件进入员工指定的地址。"
        if facts.agreed
        else "他人在非约定地址签收，不能证明到达员工。",
        "Another person signed at the agreed address: the letter reached the place the employee named."
        if facts.agreed
        else "Another person signed at an address that was not agreed: arrival is not proved.",
        CC_137,
        value=grade.value,
    )
    return grade


def _ems_returned(facts: Ems, result: MailResult, trail: Trail) -> Delivery:
    if facts.agreed is None:
        trail.lacks(
            "address", "寄往哪个地址？员工确认过吗？", "Which address was it sent to, and did the employee agree to it?"
        )
        return Delivery(None, None)
    if result is MailResult.REFUSED:
        return _ems_refused(facts, trail)
    if not facts.agreed:
        return _not_delivered(
            trail,
            "寄往未经员工确认的地址并被退回，没有到达。",
            "Sent to an address that was not agreed and returned: it did not arrive.",
            CC_137,
        )
    if facts.address_change_duty_clause is None:
        trail.lacks(
            "address_change_duty_clause",
            "约定过地址变更须告知、退回视为送达吗？",
            "Was it agreed that a change of address must be told and a return counts as delivery?",
        )
        return Delivery(None, None)
    if not facts.address_change_duty_clause:
        return _not_delivered(
            trail,
            "没有地址变更告知条款，退回不能视为送达。",
            "No clause makes the employee answer for a changed address: a return is no delivery.",
            CC_137,
        )
    trail.say(
        "约定地址退回，且约定地址变更须告知：参照法院专递，退回之日视为送达。",
        "Returned from the agreed address, with a duty to tell of changes: by analogy the day of return counts.",
        COURTMAIL_11,
        value="B-",
    )
    trail.doubt(Confidence.PRACTICE)
    day = _need_day(
        facts.returned_on, "returned_on", "邮件哪一天退回？", "On which day did the letter come back?", trail
    )
    return Delivery(day, Grade.B_MINUS)


def _ems_refused(facts: Ems, trail: Trail) -> Delivery:
    grade = Grade.B if facts.agreed else Grade.C
    trail.say(
        "约定地址拒收：退回之日视为送达。"
        if facts.agreed
        else "户籍地址为法定住所，拒收视为到达，但须证明由本人拒收。",
        "Refused at the agreed address: the day of return counts."
        if facts.agreed
        else "The registered residence is the legal domicile: refusal counts as arrival, if it was the employee's own.",
        COURTMAIL_11,
        CC_137,
        *(() if facts.agreed else (CC_25,)),
        value=grade.value,
    )
    trail.doubt(Confidence.PRACTICE)
    day = _need_day(
        facts.returned_on, "returned_on", "邮件哪一天退回？", "On which day did the letter come back?", trail
    )
    return Delivery(day, grade)


def _email(facts: Email, trail: Trail) -> Delivery:
    """An e-mail address that the employee designated: it takes effect when it enters that system (A-)."""
    if facts.accepted is False:
        return _not_delivered(
            trail, "对方服务器没有接收，没有到达。", "The server did not take it: no arrival.", CC_137_2
        )
    if facts.address is None:
        trail.lacks("address", "这个邮箱是员工在合同中指定的吗？", "Did the employee designate this e-mail address?")
    day = _need_day(
        facts.accepted_on,
        "server_accept_at",
        "对方服务器何时接收？",
        "When did the recipient's server accept it?",
        trail,
    )
    if facts.address is None or day is None:
        return Delivery(None, None)
    trail.say(
        "员工指定的邮箱：进入该系统时到达。",
        "A mailbox the employee designated: it arrives on entering that system.",
        CC_137_2,
        ESL_11,
        value="A-",
    )
    return Delivery(day, Grade.A_MINUS)


def _app(facts: AppMessage, trail: Trail) -> Delivery:
    reached = True if facts.read or facts.replied else facts.delivered
    if reached is False:
        return _not_delivered(trail, "消息没有送到对方账号，没有到达。", "It did not reach the account.", CC_137_2)
    if facts.named_by_employee:
        return _app_designated(facts, reached, trail)
    if facts.named_by_employee is None:
        trail.lacks(
            "designated", "员工指定过用这个账号接收通知吗？", "Did the employee designate this account for notices?"
        )
        return Delivery(None, None)
    return _app_undesignated(facts, trail)


def _app_designated(facts: AppMessage, reached: bool | None, trail: Trail) -> Delivery:
    """Designated: entry into the system is arrival, read or not (Art. 137(2)); the platform's log proves it (B+)."""
    trail.say(
        "员工指定的账号：进入该系统时到达，不以已读为前提。",
        "An account the employee designated: it arrives on entering the system, read or not.",
        CC_137_2,
        ESL_11,
        value="B+",
    )
    day = _need_day(facts.delivered_on, "delivered_at", "消息何时送达该账号？", "When did it reach the account?", trail)
    return Delivery(day, Grade.B_PLUS if reached or day else None)


def _app_undesignated(facts: AppMessage, trail: Trail) -> Delivery:
    """Not designated: only knowledge counts. A reply proves it (B), a read mark of a bound account suggests it (C).

    It takes effect on the day the employee knew, which the day of entry into the account does not show.
    """
    if facts.replied or facts.read:
        if facts.identity_bound is None:
            trail.lacks(
                "identity_bound", "这个账号能证明是员工本人的吗？", "Is the account proved to be the employee's own?"
            )
            return Delivery(None, None)
        if not facts.identity_bound:
            return _not_delivered(
                trail,
                "账号不能证明是员工本人的，回复或者已读都不能证明员工知道。",
                "The account is not proved to be the employee's: neither reply nor read mark proves knowledge.",
                CC_137_2,
                OLR_31,
            )
        grade = Grade.B if facts.replied else Grade.C
        trail.say(
            "未指定的账号，本人回复：证明已知道。"
            if facts.replied
            else "未指定的账号，显示已读：推定知道，可以反驳；不表示同意。",
            "An account not designated, with a reply: knowledge is proved."
            if facts.replied
            else "An account not designated, marked read: knowledge is presumed and may be rebutted; it is no consent.",
            CC_137_2,
            OLR_31,
            value=grade.value,
        )
        trail.say(
            "自员工知道之日起生效；送到账号的日期不是知道的日期，请另行证明。",
            "It takes effect on the day the employee knew; entry into the account does not show that day: prove it.",
            CC_137_2,
        )
        trail.doubt(Confidence.PRACTICE)
        trail.ask_person()
        return Delivery(None, grade)
    unknown = [name for name, known in (("read", facts.read), ("reply", facts.replied)) if known is None]
    if facts.read is None:
        for name in unknown:
            trail.lacks(name, "员工已读或者回复了吗？", "Has the employee read it or replied?")
        return Delivery(None, None)
    return _not_delivered(
        trail,
        "未指定的账号，未读也未回复：已推送不等于到达。",
        "An account not designated, neither read nor answered: pushed is not arrived.",
        CC_137_2,
    )


def _sms(facts: Sms, trail: Trail) -> Delivery:
    """Designated and confirmed: arrival with the carrier's receipt (B+). Confirmed only: it may be known (C)."""
    if facts.carrier_delivered is False:
        return _not_delivered(
            trail, "运营商没有送达回执，没有到达。", "No receipt of the carrier: no arrival.", CC_137_2
        )
    if facts.number is SmsNumber.UNCONFIRMED:
        return _not_delivered(
            trail,
            "号码未经员工确认，不能证明到达员工。",
            "The number is not confirmed: arrival is not proved.",
            CC_137_2,
        )
    wanted = (
        ("carrier_delivered", facts.carrier_delivered, "运营商有送达回执吗？", "Is there a receipt of the carrier?"),
        ("designated", facts.designated, "员工指定过用短信接收通知吗？", "Did the employee designate text messages?"),
        ("number", facts.number, "号码经员工确认过吗？", "Did the employee confirm the number?"),
    )
    unknown = [fact for fact in wanted if fact[1] is None]
    if unknown:
        for name, _, zh, en in unknown:
            trail.lacks(name, zh, en)
        return Delivery(None, None)
    if facts.designated:
        trail.say(
            "员工指定的号码：进入该系统时到达，以运营商回执为证。",
            "A number the employee designated: it arrives on entering the system, by the carrier's receipt.",
            CC_137_2,
            ESL_11,
            value="B+",
        )
        day = _need_day(facts.delivered_on, "delivered_at", "回执是哪一天的？", "Of which day is the receipt?", trail)
        return Delivery(day, Grade.B_PLUS)
    trail.say(
        "已送到员工确认的号码，但没有指定用短信接收通知：不能证明员工知道，只作佐证。",
        "It reached the confirmed number, but text messages were not designated: support, no proof of knowledge.",
        CC_137_2,
        value="C",
    )
    trail.doubt(Confidence.PRACTICE)
    return Delivery(None, Grade.C)


_SERVICE_WORDS = ("ems", "mail", "post", "letter", "courier", "visit", "in_person", "direct", "邮寄", "上门", "当面")
_OTHER_WORDS = (
    "email",
    "e-mail",
    "e_mail",
    "phone",
    "call",
    "sms",
    "wechat",
    "wecom",
    "chat",
    "message",
    "电话",
    "短信",
)
"""What the names of attempts say. Handing over and mailing count before a public notice; calls and chats do not."""


def _was_service(attempt: str) -> bool | None:
    """None when the name is none that we know: then nobody has said what was tried."""
    name = attempt.lower()
    if any(word in name for word in _OTHER_WORDS):
        return False
    return True if any(word in name for word in _SERVICE_WORDS) else None


def _public_notice(facts: PublicNotice, trail: Trail) -> Delivery:
    """劳办发〔1995〕179号: only after handing over or mailing failed and whereabouts are unknown; 30 days after it."""
    served = None if facts.prior_attempts is None else {_was_service(attempt) for attempt in facts.prior_attempts}
    if served is not None and served <= {False}:
        return _invalid(trail, "没有先当面或者邮寄送达，直接公告无效。", "Nothing was handed over or mailed: void.")
    if facts.whereabouts_unknown is False:
        return _invalid(trail, "员工并非下落不明，公告送达无效。", "The whereabouts are known: it is void.")
    if served is None or True not in served:
        trail.lacks("prior_attempts", "公告前试过当面或者邮寄送达吗？", "What was tried before the notice?")
    if facts.whereabouts_unknown is None:
        trail.lacks("whereabouts_unknown", "员工是否下落不明？", "Are the employee's whereabouts unknown?")
    if trail.missing:
        return Delivery(None, None)
    days = int(trail.figure("delivery.public_notice_days"))
    trail.say(
        f"其他方式无法送达且下落不明：自公告之日起经过{days}日视为送达。",
        f"Other ways failed and the whereabouts are unknown: it counts as served {days} days after publication.",
        SERVE179,
        value="B-",
    )
    trail.doubt(Confidence.PRACTICE)
    trail.ask_person()
    day = _need_day(facts.published, "published", "公告哪一天发出？", "On which day was it published?", trail)
    return Delivery(day + timedelta(days=days) if day else None, Grade.B_MINUS)


def _invalid(trail: Trail, zh: str, en: str) -> Delivery:
    trail.say(zh, en, SERVE179, value=Grade.INVALID.value)
    trail.doubt(Confidence.SECONDARY)
    return Delivery(None, Grade.INVALID)


def _emergency_contact(trail: Trail) -> Delivery:
    """Telling a third person is no service; an adult of the household may sign for a letter, which is judged as one."""
    trail.say(
        "紧急联系人只可用来询问能否联系上本人，不得透露内容；交给他人不是送达。",
        "An emergency contact may only be asked whether the person can be reached; handing it to others is no service.",
        PIPL_6,
        CPL_88,
        value="D",
    )
    trail.doubt(Confidence.PRACTICE)
    return Delivery(None, Grade.D)
