"""Every message that the product can send says the same in Chinese and in English, whatever the facts are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import product
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import translation

import guiyan
from guiyan.kernel.results import Words
from guiyan.notify.wording import BODY_EN_MAX, BODY_MAX, TITLE_EN_MAX, TITLE_MAX, Said, said
from guiyan.platform import catalogs
from guiyan.platform.ids import new_id
from guiyan.separation.enums import CaseStatus, Channel
from guiyan.separation.models import IntakeProof

HAN = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
KINDS = sorted(path.name for path in Path(guiyan.__file__).parent.glob("*/templates/messages/*"))
LAST, DUE = date(2027, 3, 9), date(2026, 12, 8)
ARRIVED, HAPPENED = datetime(2026, 11, 23, 18, 5, tzinfo=UTC), datetime(2026, 10, 31, 1, 7, tzinfo=UTC)
NAMES = ("Wang Xiaoming", "Li Lei")
MARKS = ("LZ-2026-00017", *NAMES, "Annual plan")
DAYS = {
    "9 March 2027": "2027 年 3 月 9 日",
    "8 December 2026": "2026 年 12 月 8 日",
    "24 November 2026, 02:05": "2026 年 11 月 24 日 02:05",
    "31 October 2026, 09:07": "2026 年 10 月 31 日 09:07",
}


@pytest.fixture(scope="module", autouse=True)
def _compiled() -> None:
    """What is tested is what the catalogues say now."""
    catalogs.compile_all()


def _facts() -> Iterator[dict[str, Any]]:
    yes_no = (False, True)
    for how, some, other, third, channel in product(
        (CaseStatus.WITHDRAWN, CaseStatus.SUPERSEDED, CaseStatus.RESTORED), yes_no, yes_no, yes_no, Channel
    ):
        withdrawal = object() if some else None
        intake = IntakeProof(channel=channel, happened_at=HAPPENED, withdrawal_id=new_id() if some else None)
        yield {
            "name": NAMES[0],
            "number": 2 if some else 1,
            "case": SimpleNamespace(arrived_at=ARRIVED),
            "last_day": LAST if other else None,
            "due": DUE if other else None,
            "how": how,
            "withdrawal": withdrawal,
            "intake": intake,
            "denied": third,
            "personal": third,
            "names": list(NAMES) if some else [],
            "step": Words("一步", "A step"),
            "title": MARKS[3],
        }


def _every(kind: str) -> Iterator[Said]:
    numbered = kind.startswith("process_")
    for facts in _facts():
        yield said(kind, facts if numbered else {**facts, "number": MARKS[0]})


def test_there_are_messages_of_every_context_that_sends() -> None:
    assert {kind.partition("_")[0] for kind in KINDS} == {"process", "separation", "web"}
    assert len(KINDS) == len(set(KINDS))


@pytest.mark.parametrize("kind", KINDS)
def test_its_english_is_english_and_its_chinese_chinese(kind: str) -> None:
    for says in _every(kind):
        for english, chinese in ((says.title_en, says.title), (says.body_en, says.body)):
            assert HAN.search(english) is None, english
            assert len(HAN.findall(chinese)) > 5, chinese
            assert re.search(r"[a-z]{3}", english)


@pytest.mark.parametrize("kind", KINDS)
def test_both_languages_state_the_same_facts(kind: str) -> None:
    for says in _every(kind):
        for english, chinese in ((says.title_en, says.title), (says.body_en, says.body)):
            for mark in MARKS:
                assert english.count(mark) == chinese.count(mark), mark
            assert english.count("A step") == chinese.count("一步")
            for in_english, in_chinese in DAYS.items():
                assert english.count(in_english) == chinese.count(in_chinese), in_english


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_laid_out_alike_and_nothing_is_cut_off(kind: str) -> None:
    for says in _every(kind):
        assert says.body.count("\n") == says.body_en.count("\n")
        assert "\n\n\n" not in says.body
        assert len(says.title) < TITLE_MAX and len(says.body) < BODY_MAX
        assert len(says.title_en) < TITLE_EN_MAX and len(says.body_en) < BODY_EN_MAX


@pytest.mark.parametrize("kind", KINDS)
def test_the_sender_s_language_makes_no_difference(kind: str) -> None:
    facts = {**next(_facts()), "number": "LZ-2026-00017" if kind.startswith("separation_") else 1}
    heard = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            heard.append(said(kind, facts))
    assert heard[0] == heard[1]


def test_how_it_came_is_said_in_each_language() -> None:
    intake = IntakeProof(channel=Channel.ORAL, happened_at=HAPPENED)
    says = said("separation_intake_asked", {"name": "Li Lei", "number": "LZ-2026-00017", "intake": intake})
    assert "方式：口头。" in says.body
    assert "How it came: Spoken." in says.body_en
    assert "on 31 October 2026, 09:07" in says.body_en


def test_nothing_in_a_message_is_escaped() -> None:
    says = said("process_assigned", {"step": Words("甲<乙>&丙", "A<B>&C's"), "title": "O'Neill & Co"})
    assert "甲<乙>&丙" in says.title
    assert "A<B>&C's" in says.title_en
    assert "O'Neill & Co" in says.body_en
