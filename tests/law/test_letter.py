"""Reading a letter: what notifies, what asks, what complains of the employer, and what only looks like it."""

from __future__ import annotations

import pytest

from guiyan.law.letter import LETTER_CHARS_MAX, LetterTone, MarkKind, read_letter


@pytest.mark.parametrize(
    ("text", "tone"),
    [
        ("本人决定辞职，最后工作日为2026年6月9日，特此通知。", LetterTone.NOTICE),
        ("根据《劳动合同法》第三十七条，我正式提出辞职。", LetterTone.NOTICE),
        ("我辞职。", LetterTone.NOTICE),
        ("本人因家庭原因离职，请公司办理离职手续。", LetterTone.NOTICE),
        ("公司强令冒险作业，我立即离开。", LetterTone.NOTICE),
        ("现通知解除劳动合同。", LetterTone.NOTICE),
        ("Dear manager, please accept this letter as notice of my resignation.", LetterTone.NOTICE),
        ("I hereby resign. My last working day is 9 June.", LetterTone.NOTICE),
        ("因个人发展申请辞职，请领导批准。", LetterTone.REQUEST),
        ("现申请离职，望批准！", LetterTone.REQUEST),
        ("恳请公司予以批准我的辞职申请", LetterTone.REQUEST),
        ("如公司同意，我想在月底离开。", LetterTone.REQUEST),
        ("能否在六月底办理离职？", LetterTone.REQUEST),
        ("请告知公司是否同意我离开。", LetterTone.REQUEST),
        ("公司批准后我再走。", LetterTone.REQUEST),
        ("特向公司递交辞职申请，请领导批示。", LetterTone.REQUEST),
        ("I would like to request your approval to leave in June.", LetterTone.REQUEST),
        ("本人决定辞职，望批准。", LetterTone.MIXED),
        ("特此通知公司：本人申请辞职，请予批准。", LetterTone.MIXED),
        ("最近工作有点累。", LetterTone.UNCLEAR),
        ("我想辞职。", LetterTone.UNCLEAR),
        ("我在考虑是不是离职。", LetterTone.UNCLEAR),
        ("请给我办理离职证明。", LetterTone.UNCLEAR),
        ("", LetterTone.UNCLEAR),
    ],
)
def test_the_tone_of_a_letter(text: str, tone: LetterTone) -> None:
    reading = read_letter(text)
    assert reading.tone is tone
    assert reading.asks_permission is (tone in {LetterTone.REQUEST, LetterTone.MIXED})
    assert reading.cites


@pytest.mark.parametrize(
    "text",
    [
        "本人决定辞职，特此通知，无需公司批准。",
        "本人决定辞职。不论公司是否同意，合同于三十日后解除，特此通知。",
        "特此通知，我将于6月9日离职，无须等待批准。",
        "我正式提出辞职，即使公司不同意，我也将于6月9日离开。",
        "I hereby resign, without seeking your approval.",
    ],
)
def test_saying_that_no_approval_is_needed_does_not_ask(text: str) -> None:
    assert read_letter(text).tone is LetterTone.NOTICE


@pytest.mark.parametrize(
    "text",
    [
        "公司拖欠工资三个月，我只好辞职。",
        "公司一直没有依法缴纳社保，本人被迫辞职。",
        "依据《劳动合同法》第三十八条通知解除合同。",
        "加班费一直未足额支付加班费，特此通知解除。",
    ],
)
def test_a_complaint_against_the_employer_offers_article_38(text: str) -> None:
    reading = read_letter(text)
    assert reading.names_employer_fault
    assert "《劳动合同法》第三十八条" in {str(cite) for cite in reading.cites}


def test_a_plain_letter_complains_of_nothing() -> None:
    assert not read_letter("本人决定辞职，感谢公司按时发工资、缴纳社保。").names_employer_fault


def test_each_mark_points_at_its_passage_in_the_text_as_given() -> None:
    text = "尊敬的领导：\n  因家庭原因，本人决定辞职。望领导批准！"
    marks = read_letter(text).marks
    assert {mark.kind for mark in marks} == {MarkKind.NOTIFIES, MarkKind.ASKS}
    for mark in marks:
        assert text[mark.start : mark.end] == mark.passage
    assert list(marks) == sorted(marks, key=lambda mark: mark.start)


def test_a_text_without_end_is_read_up_to_the_limit() -> None:
    assert read_letter("望" * LETTER_CHARS_MAX + "望批准").tone is LetterTone.UNCLEAR
