"""The reasoning while it is written: nested, joined, and mute without a difference in what decides."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from guiyan.kernel.results import Confidence, Finding, Step, Verdict, Words
from guiyan.law.citations import Cite
from guiyan.law.parameters import statutory_parameters
from guiyan.law.trail import Trail

LCL_37 = Cite("LCL", 37)
MED_3 = Cite("MED", 3)
SERVE = Cite("SERVE179")
AS_OF = date(2026, 11, 24)


def trail(*, explain: bool = True, as_of: date = AS_OF) -> Trail:
    return Trail(as_of=as_of, region=None, params=statutory_parameters(), explain=explain)


class Unprinted:
    def __str__(self) -> str:
        raise AssertionError("a mute trail builds no sentence")


def test_steps_said_under_a_heading_become_its_children() -> None:
    one = trail()
    one.say("先。", "First.", LCL_37)
    with one.part("金额", "Money") as money:
        with one.part("空", "Empty"):
            pass
        with one.part("基数", "Base"):
            one.say("基数。", "Base.", LCL_37)
        money.value = 3
    one.say("后。", "Last.", LCL_37)
    steps = one.computed(None).steps
    assert [step.says.en for step in steps] == ["First.", "Money", "Last."]
    assert [child.says.en for child in steps[1].children] == ["Base"]
    assert steps[1].value == "3"
    assert [leaf.says.en for step in steps for leaf in step.leaves()] == ["First.", "Base.", "Last."]


def test_a_step_keeps_its_inputs_and_the_figures_looked_up_for_it() -> None:
    one = trail()
    days = one.figure("resignation.notice_days")
    one.say("满{days}日为{last}。", "{days} days end on {last}.", LCL_37, value=days, days=days, last=date(2026, 12, 1))
    one.say("别的。", "Else.", LCL_37)
    first, second = one.computed(None).steps
    assert first.says.en == "30 days end on 2026-12-01."
    assert first.inputs == (("days", "30"), ("last", "2026-12-01"))
    assert [use.key for use in first.parameters] == ["resignation.notice_days"]
    assert second.parameters == ()


def test_a_joined_answer_brings_its_steps_doubts_figures_and_gaps() -> None:
    other = trail()
    other.figure("delivery.public_notice_days")
    other.say("公告。", "Notice.", SERVE)
    other.lacks("published", "哪一天？", "When?")
    other.ask_person()
    one = trail()
    one.join(other.finding(Verdict.ALLOWED, None), "送达", "Service")
    joined: Finding[None] = one.finding(Verdict.ALLOWED, None)
    assert joined.verdict is Verdict.INDETERMINATE
    assert [missing.fact for missing in joined.missing] == ["published"]
    assert (joined.confidence, joined.human_review) == (Confidence.SECONDARY, True)
    assert [use.key for use in joined.parameters] == ["delivery.public_notice_days"]
    assert [(step.says.en, step.value) for step in joined.steps] == [("Service", "INDETERMINATE")]
    assert joined.cites == (SERVE,)


@pytest.mark.parametrize("as_of", [AS_OF, date(2020, 6, 1), date(1990, 1, 1)])
def test_a_mute_trail_decides_alike_and_builds_no_sentence(as_of: date) -> None:
    found = []
    for explain in (True, False):
        one = trail(explain=explain, as_of=as_of)
        with one.part("一", "One"):
            one.say("依据{what}。", "By {what}.", LCL_37, MED_3, value="v", what="x" if explain else Unprinted())
        one.say("依据。", "By.", Cite("CC", 137), value=None if explain else Unprinted())
        found.append(one.finding(Verdict.ALLOWED_WITH_CONDITIONS, 1))
    told, mute = found
    assert mute.steps == ()
    assert mute == replace(told, steps=())


def test_a_certain_verdict_stands_beside_what_is_missing() -> None:
    one = trail()
    one.lacks("wage", "工资？", "The wage?")
    assert one.finding(Verdict.PROHIBITED, None, certain=True).verdict is Verdict.PROHIBITED
    assert one.finding(Verdict.PROHIBITED, None).verdict is Verdict.INDETERMINATE
    with pytest.raises(ValueError, match="lets nothing through"):
        one.finding(Verdict.ALLOWED, None, certain=True)


def test_the_authorities_of_a_tree_are_found_at_every_depth() -> None:
    words = Words("步骤。", "A step.")
    inner = Step(words, children=(Step(words, cites=(MED_3,)),))
    tree = Step(words, children=(inner, Step(words, cites=(LCL_37,))))
    assert list(tree.authorities()) == [MED_3, LCL_37]


def test_a_local_figure_is_none_where_no_place_has_one() -> None:
    one = trail()
    assert one.local_figure("ending.expiry_notice_days") is None
    assert one.local_figure("resignation.notice_days") == 30
    assert [use.key for use in one.computed(None).parameters] == ["resignation.notice_days"]
