"""Reading the wording of a resignation: does it notify, or does it ask for permission?

A letter that asks ("望批准") may be read as an offer to end the contract by agreement (Labour Contract Law, Art. 36),
which can be taken back until it is accepted (Civil Code, Art. 476); one that notifies ends it by itself (Art. 37). The
reading points at the words and says why. It decides nothing: a person reads the letter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from guiyan.kernel.results import Authority, Words
from guiyan.law.citations import Cite

LETTER_CHARS_MAX = 20_000
"""A longer text is not a letter of resignation; the rest of it is not read."""

LCL_36 = Cite("LCL", 36)
LCL_37 = Cite("LCL", 37)
LCL_38 = Cite("LCL", 38)
CC_476 = Cite("CC", 476)


class LetterTone(StrEnum):
    """What the words of a letter point to."""

    NOTICE = "notice"
    REQUEST = "request"
    MIXED = "mixed"
    UNCLEAR = "unclear"


class MarkKind(StrEnum):
    """What one passage points to."""

    NOTIFIES = "notifies"
    ASKS = "asks"
    EMPLOYER_FAULT = "employer_fault"


@dataclass(frozen=True, slots=True)
class Mark:
    """A passage, by its position in the text as given, and what it points to."""

    kind: MarkKind
    start: int
    end: int
    passage: str
    says: Words


@dataclass(frozen=True, slots=True)
class LetterReading:
    """The tone, the passages it rests on in the order of the text, what to tell people, and the authorities."""

    tone: LetterTone
    marks: tuple[Mark, ...]
    advice: Words
    cites: tuple[Authority, ...]

    @property
    def asks_permission(self) -> bool:
        """Whether any passage asks instead of telling."""
        return self.tone in {LetterTone.REQUEST, LetterTone.MIXED}

    @property
    def names_employer_fault(self) -> bool:
        """Whether the letter complains of something Art. 38 names, so that Art. 38 is to be offered beside Art. 37."""
        return any(mark.kind is MarkKind.EMPLOYER_FAULT for mark in self.marks)


_GAP = r"[^。！？!?；;\n]{0,12}?"
_CLAUSE = r"[^。！？!?；;，,、\n]{0,12}?"
_PERMIT = r"(?:批准|核准|恩准|准予|准许|准假|应允|批复|批示|审批|审核|同意|成全)"
_ASKS = re.compile(
    rf"(?:望|请|恳请|敬请|恳求|请求|希望|期望|盼|祈){_GAP}{_PERMIT}"
    rf"|(?:如|若|如果|倘若|假如|待|等|经){_GAP}{_PERMIT}"
    rf"|{_PERMIT}(?:之后|以后|后)"
    rf"|(?:是否|能否|可否){_GAP}{_PERMIT}"
    rf"|申请{_CLAUSE}(?:辞职|离职|辞去|解除|离开)"
    rf"|(?:辞职|离职|解除[^。\n]{{0,8}}?)申请"
    rf"|请求{_GAP}(?:辞职|离职|辞去|解除)"
    rf"|(?:能否|可否|是否可以|想要?和(?:公司|单位)商量|协商){_GAP}(?:辞职|离职|辞去|解除)"
    r"|特此申请"
    r"|(?:please\s+(?:approve|consider|accept(?!\s+this\s+letter))|(?:request|seek|ask\s+for)\s+(?:your\s+)?(?:approval|permission)"
    r"|apply\s+(?:to\s+resign|for\s+resignation)|subject\s+to\s+(?:your\s+)?approval)",
    re.IGNORECASE,
)
_NEEDS_NO_PERMISSION = re.compile(
    r"(?:无需|无须|不需要?|不必|毋须|不论|无论|不管|不以|即使|即便|哪怕|就算)[^。！？!?；;，,\n]{0,10}$"
    r"|\b(?:without|no|regardless\s+of)[^.!?;\n]{0,20}$",
    re.IGNORECASE,
)
_NOTIFIES = re.compile(
    r"(?:通知|告知)[^。，,\n]{0,8}?(?:解除|辞职|离职)|特此(?:书面)?(?:通知|告知|声明)"
    r"|(?<!请)(?<!望)(?:通知|告知)(?:公司|单位|贵司|贵公司|您|你)"
    r"|(?:决定|正式提出|现提出|兹提出|自愿提出|主动提出|郑重提出)[^。\n]{0,12}?(?:辞职|离职|辞去|解除|离开)"
    r"|(?:我|本人)(?:自愿)?(?:不干了|不做了)"
    rf"|(?<![意给让帮许准])(?:我|本人)(?!{_CLAUSE}(?:申请|请求|想|希望|考虑|打算|能否|可否|办理)){_CLAUSE}(?:辞职|离职|离开)"
    r"|(?:依据|根据|依照|按照)[^。\n]{0,16}?第?(?:三十七|37)条"
    r"|(?:最后工作日|最后一天上班|将于)[^。\n]{0,20}?(?:为|是|离职|离开|\d)"
    r"|(?:i\s+(?:hereby\s+)?resign|hereby\s+(?:give|notify)|notice\s+of\s+(?:my\s+)?resignation|my\s+last\s+(?:working\s+)?day)",
    re.IGNORECASE,
)
_EMPLOYER_FAULT = re.compile(
    r"(?:拖欠|克扣|欠发|未(?:及时|足额|按时)[^。\n]{0,6}?支付|没有?发)[^。\n]{0,8}?(?:工资|报酬|薪|加班费|奖金)"
    r"|(?:未|没有?|少|不)(?:依法|足额|给我?)?[^。\n]{0,4}?(?:缴纳|缴|交|上)[^。\n]{0,4}?(?:社保|社会保险|五险|公积金)"
    r"|(?:强迫|暴力|威胁|殴打|限制人身自由|强令冒险|违章指挥)"
    r"|(?:没有|未)[^。\n]{0,6}?(?:劳动保护|劳动条件)"
    r"|(?:依据|根据|依照|按照)[^。\n]{0,16}?第?(?:三十八|38)条"
    r"|被迫[^。\n]{0,6}?(?:辞职|离职|解除)",
)

_SAYS = {
    MarkKind.ASKS: Words(
        "请求单位批准或者同意，可能被理解为协商解除的要约，在单位同意前可以撤销。",
        "It asks for approval: it may be read as an offer to agree, which can be revoked until it is accepted.",
    ),
    MarkKind.NOTIFIES: Words(
        "直接通知解除，不需要单位批准。",
        "It notifies: no approval is needed.",
    ),
    MarkKind.EMPLOYER_FAULT: Words(
        "提到单位过错，可以依第三十八条解除并主张经济补偿，应当让员工自己选择。",
        "It complains of a fault of the employer: Art. 38 with severance is open, and the employee should choose.",
    ),
}
_ADVICE = {
    LetterTone.NOTICE: Words(
        "文字是通知。到达后开始计算提前通知期，不需要审批。",
        "The words notify. Notice runs from arrival; no approval is needed.",
    ),
    LetterTone.REQUEST: Words(
        "文字像是请求批准。请向员工确认：是通知辞职，还是希望协商解除？",
        "The words ask. Ask the employee: is it notice, or a wish to agree on leaving?",
    ),
    LetterTone.MIXED: Words(
        "文字既像通知又像请求。请向员工确认真实意思，并由一名负责人判断。",
        "The words both notify and ask. Ask the employee what is meant; a named person judges.",
    ),
    LetterTone.UNCLEAR: Words(
        "文字里看不出明确的辞职意思。请向员工确认。",
        "The words do not clearly resign. Ask the employee.",
    ),
}
_CITES: dict[LetterTone, tuple[Cite, ...]] = {
    LetterTone.NOTICE: (LCL_37,),
    LetterTone.REQUEST: (LCL_36, CC_476),
    LetterTone.MIXED: (LCL_37, LCL_36, CC_476),
    LetterTone.UNCLEAR: (LCL_37,),
}


def read_letter(text: str) -> LetterReading:
    """Labour Contract Law, Arts. 36 to 38: what the words of a resignation point to, passage by passage.

    Reads the first LETTER_CHARS_MAX characters. A word of approval in a sentence that says none is needed does not ask.
    """
    letter = text[:LETTER_CHARS_MAX]
    asks = [found for found in _ASKS.finditer(letter) if not _denied(letter, found)]
    marks = [_mark(MarkKind.ASKS, found) for found in asks]
    marks += [_mark(MarkKind.NOTIFIES, found) for found in _NOTIFIES.finditer(letter)]
    marks += [_mark(MarkKind.EMPLOYER_FAULT, found) for found in _EMPLOYER_FAULT.finditer(letter)]
    kinds = {mark.kind for mark in marks}
    tone = _tone(asks=MarkKind.ASKS in kinds, notifies=MarkKind.NOTIFIES in kinds)
    cites = _CITES[tone] + ((LCL_38,) if MarkKind.EMPLOYER_FAULT in kinds else ())
    return LetterReading(tone, tuple(sorted(marks, key=lambda mark: (mark.start, mark.end))), _ADVICE[tone], cites)


def _tone(*, asks: bool, notifies: bool) -> LetterTone:
    if asks:
        return LetterTone.MIXED if notifies else LetterTone.REQUEST
    return LetterTone.NOTICE if notifies else LetterTone.UNCLEAR


def _denied(text: str, found: re.Match[str]) -> bool:
    """Whether the words before, or in, the passage say that no approval is needed: 无需批准, 不论是否同意."""
    permit = re.search(_PERMIT, found.group())
    upto = found.start() + permit.start() if permit else found.start()
    return _NEEDS_NO_PERMISSION.search(text, max(0, upto - 24), upto) is not None


def _mark(kind: MarkKind, found: re.Match[str]) -> Mark:
    return Mark(kind, found.start(), found.end(), found.group(), _SAYS[kind])
