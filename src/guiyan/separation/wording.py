"""The words of letters, receipts and the electronic form: said once, signed and hashed as they stand here."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from guiyan.law.forced_resignation import ART_38_GROUNDS
from guiyan.platform.clock import LEGAL_ZONE, legal_day
from guiyan.separation.enums import Basis, Tone

ELECTRONIC_FORM: Final = (
    "本人同意以电子形式向公司提出辞职通知、撤回通知，并接收公司就此发出的回执和答复。",
    "本人可以不用电子形式：随时可以改用纸质书面，效力和时间的算法相同。",
    "本人知道：电子签名前会再次核验本人身份；签署的文件、时间和识别码会保存，本人可以随时查看和下载。",
)
"""What an employee agrees to before writing electronically. Other words are another agreement."""
ELECTRONIC_FORM_SHA256: Final = hashlib.sha256("\n".join(ELECTRONIC_FORM).encode()).hexdigest()

RESIGNATION_TITLE: Final = {
    Tone.NOTICE: "解除劳动合同通知",
    Tone.OFFER: "协商解除劳动合同的提议",
    Tone.UNCLEAR: "辞职信",
}
WITHDRAWAL_TITLE: Final = "撤回辞职的通知"
RECEIPT_TITLE: Final = "辞职通知收讫回执"
WITHDRAWAL_RECEIPT_TITLE: Final = "撤回通知收讫回执"


def day_text(day: date) -> str:
    """Return a day as it stands in a letter: 2026年12月24日."""
    return f"{day.year}年{day.month}月{day.day}日"


def moment_text(moment: datetime) -> str:
    """Return a moment as it stands in a receipt, to the second in Beijing time."""
    local = moment.astimezone(LEGAL_ZONE)
    return f"{day_text(local.date())} {local:%H:%M:%S}（北京时间）"


@dataclass(frozen=True, slots=True)
class Letter:
    """What the employee chose and wrote. ``meaning`` is ``notice``, ``offer``, or empty while it is not settled.

    ``reason`` is free and may be empty; ``grounds`` are codes of Art. 38 ("38(2)"), for that basis only.
    """

    basis: str
    reason: str = ""
    grounds: tuple[str, ...] = ()
    meaning: str = ""
    wished_last_day: date | None = None


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes, to whom: as it stands in the letter."""

    name: str
    number: str
    employer: str


def says_of_basis(letter: Letter, tone: str) -> list[str]:
    """Return the sentences that the letter says by itself; the employee's own words stand beside them, verbatim."""
    if tone == Tone.OFFER:
        said = [
            "本人希望与公司协商一致解除劳动合同（《中华人民共和国劳动合同法》第三十六条）。公司同意之前，劳动合同继续履行。"
        ]
    elif letter.basis == Basis.ART_38:
        said = ["本人依据《中华人民共和国劳动合同法》第三十八条，因公司存在下列情形，通知公司解除劳动合同。"]
    else:
        said = ["本人依据《中华人民共和国劳动合同法》第三十七条，通知公司解除劳动合同。"]
    if letter.wished_last_day is not None:
        said.append(f"本人希望的最后工作日：{day_text(letter.wished_last_day)}。")
    return said


def letter_values(letter: Letter, tone: str, writer: Writer, at: datetime) -> dict[str, Any]:
    """Return what the template of a letter of resignation reads."""
    note = "依据第三十七条、第三十八条的通知自到达公司时生效，不以任何人批准为条件。"
    return {
        "to": writer.employer,
        "paragraphs": says_of_basis(letter, tone),
        "grounds": [each.says.zh for each in ART_38_GROUNDS if each.code in letter.grounds],
        "own_words": letter.reason.strip(),
        "name": writer.name,
        "number": writer.number,
        "day": day_text(legal_day(at)),
        "note": "" if tone == Tone.OFFER else note,
    }


def withdrawal_values(
    words: str, case_number: str, sent: datetime | None, writer: Writer, at: datetime
) -> dict[str, Any]:
    """Return what the template of a withdrawal reads."""
    when = f"{day_text(legal_day(sent))}" if sent else "此前"
    return {
        "to": writer.employer,
        "paragraphs": [f"本人撤回{when}提出的辞职（{case_number}），希望继续履行劳动合同。"],
        "grounds": [],
        "own_words": words.strip(),
        "name": writer.name,
        "number": writer.number,
        "day": day_text(legal_day(at)),
        "note": "撤回先于辞职或者与辞职同时到达的，当即生效；辞职到达以后撤回的，须经公司同意。",
    }


def receipt_values(rows: Sequence[tuple[str, str]], parts: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Return what the template of a receipt reads: rows of a name and a value, and parts with their paragraphs."""
    return {
        "rows": [list(row) for row in rows],
        "parts": [{"title": title, "paragraphs": list(said)} for title, said in parts.items()],
    }
