"""Letters and receipts as documents: what is previewed is, byte for byte, what is signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from guiyan.documents import rendering
from guiyan.law.letter import LetterReading, LetterTone, read_letter
from guiyan.separation import wording
from guiyan.separation.enums import Basis, Tone
from guiyan.separation.wording import Letter, Writer


@dataclass(frozen=True, slots=True)
class Paper:
    """Which paper a letter is set on: ``nonce`` 32 to 64 random hex digits, ``at`` the moment it was drafted (aware).

    The same paper and the same words give the same bytes.
    """

    nonce: str
    at: datetime


def tone_of(letter: Letter, reading: LetterReading) -> str:
    """Return what a letter counts as: what the employee settled, else notice where nothing speaks against it.

    The letter's own sentences notify; only what the employee adds can make it unclear, and no machine settles that.
    """
    if letter.meaning:
        return Tone(letter.meaning)
    return Tone.UNCLEAR if reading.asks_permission else Tone.NOTICE


def read(letter: Letter) -> LetterReading:
    """Return what the employee's own words point to."""
    return read_letter(letter.reason)


def read_tone(text: str) -> tuple[str, str]:
    """Return the reading of a whole letter that came otherwise, and what it counts as until somebody settles it."""
    tone = read_letter(text).tone
    return tone.value, Tone.NOTICE if tone is LetterTone.NOTICE else Tone.UNCLEAR


def resignation(letter: Letter, writer: Writer, paper: Paper) -> rendering.Document:
    """Set a letter of resignation. Raises ``MissingGlyph`` and the other errors of ``documents.rendering``."""
    tone = tone_of(letter, read(letter))
    return rendering.render(
        "letter",
        wording.letter_values(letter, tone, writer, paper.at),
        title=wording.RESIGNATION_TITLE[Tone(tone)],
        nonce=paper.nonce,
        made_at=paper.at,
    )


def resignation_pages(letter: Letter, writer: Writer, paper: Paper) -> tuple[bytes, ...]:
    """Return the same letter as pictures of its pages (PNG)."""
    tone = tone_of(letter, read(letter))
    return rendering.page_images(
        "letter",
        wording.letter_values(letter, tone, writer, paper.at),
        title=wording.RESIGNATION_TITLE[Tone(tone)],
        nonce=paper.nonce,
        made_at=paper.at,
    )


def withdrawal(words: str, case_number: str, sent: datetime | None, writer: Writer, paper: Paper) -> rendering.Document:
    """Set a withdrawal. Raises as ``resignation``."""
    return rendering.render(
        "letter",
        wording.withdrawal_values(words, case_number, sent, writer, paper.at),
        title=wording.WITHDRAWAL_TITLE,
        nonce=paper.nonce,
        made_at=paper.at,
    )


def withdrawal_pages(
    words: str, case_number: str, sent: datetime | None, writer: Writer, paper: Paper
) -> tuple[bytes, ...]:
    """Return the same withdrawal as pictures of its pages (PNG)."""
    return rendering.page_images(
        "letter",
        wording.withdrawal_values(words, case_number, sent, writer, paper.at),
        title=wording.WITHDRAWAL_TITLE,
        nonce=paper.nonce,
        made_at=paper.at,
    )


@dataclass(frozen=True, slots=True)
class Received:
    """What a receipt states."""

    number: str
    name: str
    arrived: datetime
    channel: str
    sha256: str
    tone: str
    basis: str
    last_day: date | None
    in_probation: bool


def resignation_receipt(facts: Received, paper: Paper) -> rendering.Document:
    """Set the receipt of a resignation: what arrived when, and what follows.

    A name that the fonts cannot print stops no arrival: the case's number stands in its place.
    """
    rows = [
        ("编号", facts.number),
        ("员工", facts.name),
        ("收到的文件", wording.RESIGNATION_TITLE[Tone(facts.tone)]),
        ("到达时间", wording.moment_text(facts.arrived)),
        ("方式", facts.channel),
        ("文件摘要（SHA-256）", facts.sha256),
    ]
    parts = {
        "收讫的含义": ["本回执表示公司已收到上述文件。收到不等于同意，辞职也不需要公司同意。"],
        "接下来": _follows(facts),
        "您随时可以": [
            "查看和下载所签文件。改变主意的，可以提出撤回；辞职到达以后，撤回须经公司同意。",
            "离职证明和最后的工资不以办完交接为条件。",
        ],
    }
    if facts.tone == Tone.OFFER:
        parts["收讫的含义"] = [
            "本回执表示公司已收到您协商解除的提议。公司同意之前，劳动合同继续履行，您可以随时撤销提议。"
        ]
    return _receipt(rows, parts, wording.RECEIPT_TITLE, paper)


def _follows(facts: Received) -> list[str]:
    if facts.tone == Tone.UNCLEAR:
        return ["信中的文字既可能是通知，也可能是商量，请您确认真实意思；确认为通知的，时间仍从上述到达时间起算。"]
    if facts.last_day is None:
        return ["公司会就您的提议答复您。"]
    if facts.basis == Basis.ART_38:
        return [f"依第三十八条解除的，通知到达即可解除。最后工作日：{wording.day_text(facts.last_day)}。"]
    days = "三日（试用期）" if facts.in_probation else "三十日"
    return [f"提前通知期为{days}，自到达的次日起算。最后工作日：{wording.day_text(facts.last_day)}。"]


def withdrawal_receipt(
    number: str, name: str, arrived: datetime, sha256: str, paper: Paper, *, in_time: bool
) -> rendering.Document:
    """Set the receipt of a withdrawal; ``in_time``: it came no later than the resignation and has taken effect."""
    rows = [
        ("编号", number),
        ("员工", name),
        ("收到的文件", wording.WITHDRAWAL_TITLE),
        ("到达时间", wording.moment_text(arrived)),
        ("文件摘要（SHA-256）", sha256),
    ]
    after = "撤回先于辞职或者与辞职同时到达，已经生效，劳动合同继续履行。"
    before = "辞职此前已经到达，撤回须经公司同意。公司答复以前，原来的日期不变；没有答复不等于同意。"
    parts = {"收讫的含义": ["本回执表示公司已收到您的撤回。"], "接下来": [after if in_time else before]}
    return _receipt(rows, parts, wording.WITHDRAWAL_RECEIPT_TITLE, paper)


def _receipt(rows: list[tuple[str, str]], parts: dict[str, list[str]], title: str, paper: Paper) -> rendering.Document:
    try:
        return _set_receipt(rows, parts, title, paper)
    except rendering.MissingGlyph:
        number = dict(rows)["编号"]
        nameless = [(name, number if name == "员工" else value) for name, value in rows]
        return _set_receipt(nameless, parts, title, paper)


def _set_receipt(
    rows: list[tuple[str, str]], parts: dict[str, list[str]], title: str, paper: Paper
) -> rendering.Document:
    values = wording.receipt_values(rows, parts)
    return rendering.render("receipt", values, title=title, nonce=paper.nonce, made_at=paper.at)
