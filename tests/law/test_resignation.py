"""A resignation and its withdrawal: arrival, consent in each form, silence, and the stale resignation."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from guiyan.kernel.results import Confidence, Finding, Verdict
from guiyan.law.case_inputs import CaseInputs
from guiyan.law.case_topics import TOPICS, Law
from guiyan.law.forced_resignation import ART_38_GROUNDS
from guiyan.law.moments import Order, When
from guiyan.law.parameters import RULES_CHECKED_ON, statutory_parameters
from guiyan.law.resignation import (
    NoticeForm,
    ResignationClock,
    ResignationNotice,
    resignation_clock,
)

LAW = Law(RULES_CHECKED_ON, None, statutory_parameters())
AFTER_MIDNIGHT = When.at(datetime(2026, 5, 9, 17, 0, tzinfo=UTC))
STALE = "RESIGNATION_SUPERSEDED_BY_CONDUCT"


def outcome(**inputs: Any) -> dict[str, Any]:
    return dict(TOPICS["resignation.withdrawal"](CaseInputs(inputs), LAW).result)


ARRIVED = {"resignation_arrived": "2026-05-10"}
LATE = ARRIVED | {"withdrawal_arrived": "2026-05-12"}
STILL_THERE = {"planned_last_day": "2026-06-09", "still_working_on": "2026-07-09", "wages_paid": True}


@pytest.mark.parametrize(
    ("facts", "effective", "rely"),
    [
        # CC 141: before or together with the resignation, whatever the employer says.
        (ARRIVED | {"withdrawal_arrived": "2026-05-09"}, True, False),
        (ARRIVED | {"withdrawal_arrived": "2026-05-10"}, True, False),
        (ARRIVED | {"withdrawal_arrived": "2026-05-09", "employer_consents": False}, True, False),
        ({"resignation_sent": "2026-05-08", "withdrawal_arrived": "2026-05-08"}, True, False),
        (
            {"resignation_arrived": "2026-05-10 09:00", "withdrawal_arrived": "2026-05-10 08:59"},
            True,
            False,
        ),
        (
            {"resignation_arrived": "2026-05-10 09:00", "withdrawal_arrived": "2026-05-10T01:00:00Z"},
            True,
            False,
        ),
        # CC 136(2): afterwards with consent, in writing or by word of an authorised person (CC 170).
        (LATE | {"employer_consents": "written"}, True, False),
        (LATE | {"employer_consents": "oral_authorised"}, True, False),
        ({"employer_consents": "written"}, True, False),
        (LATE | {"employer_consents": "written", "manager_refusal": True}, True, False),
        # Refused, by the employer or by the manager asked; approval of the resignation changes nothing.
        (LATE | {"employer_consents": False}, False, True),
        (LATE | {"manager_refusal": "2026-05-13"}, False, True),
        (ARRIVED | {"withdrawal": "2026-05-12", "employer_consents": False}, False, True),
        (
            {"resignation_arrived": "2026-05-10 09:00", "withdrawal_arrived": "2026-05-10 09:01"}
            | {"employer_consents": False},
            False,
            True,
        ),
        # An automatic message is not the employer's decision; a refusal is.
        (LATE | {"auto_system_mail_revoked": True, "manager_refusal": True}, False, True),
        # No withdrawal: the resignation stands.
        (ARRIVED, None, True),
        (ARRIVED | {"approval_flow_complete": False}, None, True),
        (ARRIVED | {"employer_approved": True}, None, True),
    ],
)
def test_withdrawal(facts: dict[str, Any], effective: bool | None, rely: bool) -> None:
    result = outcome(**facts)
    assert (result["withdrawal_effective"], result["may_rely_on_resignation"]) == (effective, rely)
    assert result["verdict"] == (Verdict.ALLOWED if rely else Verdict.PROHIBITED)
    assert "missing" not in result


@pytest.mark.parametrize(
    ("facts", "missing"),
    [
        # Silence is no answer, in either direction.
        (LATE, ["employer_consents"]),
        (LATE | {"employer_consents": None}, ["employer_consents"]),
        (LATE | {"manager_refusal": False}, ["employer_consents"]),
        (LATE | {"auto_system_mail_revoked": "2026-05-12"}, ["employer_consents"]),
        (LATE | {"auto_system_mail_revoked": True, "employer_approved": True}, ["employer_consents"]),
        (ARRIVED | {"withdrawal": "2026-05-12"}, ["employer_consents"]),
        # The order of arrivals is not known.
        (ARRIVED | {"employer_consents": False}, ["withdrawal_arrived"]),
        (ARRIVED | {"withdrawal": "2026-05-10", "employer_consents": False}, ["withdrawal_arrived"]),
        (ARRIVED | {"withdrawal": True}, ["employer_consents", "withdrawal_arrived"]),
        ({"withdrawal_arrived": "2026-05-12", "employer_consents": False}, ["resignation_arrived"]),
        (
            {"resignation_sent": "2026-05-08", "withdrawal_arrived": "2026-05-09"},
            ["employer_consents", "resignation_arrived"],
        ),
        (
            {"resignation_arrived": "2026-05-10 09:00", "withdrawal_arrived": "2026-05-10", "employer_consents": False},
            ["withdrawal_arrived"],
        ),
        ({}, ["resignation_arrived"]),
    ],
)
def test_the_facts_that_decide_a_withdrawal_are_asked_for(facts: dict[str, Any], missing: list[str]) -> None:
    result = outcome(**facts)
    assert result["verdict"] == Verdict.INDETERMINATE
    assert sorted(result["missing"]) == missing
    assert result["withdrawal_effective"] is None
    assert result["may_rely_on_resignation"] is None


@pytest.mark.parametrize(
    "handling",
    [{"approval_flow_complete": False}, {"approval_flow_complete": True}, {"employer_approved": "2026-05-10"}],
)
def test_approval_of_the_resignation_is_no_answer_to_the_withdrawal(handling: dict[str, Any]) -> None:
    """Without consent the withdrawal has no effect so far, and without an answer nothing may be processed either."""
    result = outcome(**LATE, **handling)
    assert result["withdrawal_effective"] is False
    assert result["may_rely_on_resignation"] is None
    assert (result["verdict"], result["missing"]) == (Verdict.INDETERMINATE, ["employer_consents"])
    assert outcome(**LATE, **handling, employer_consents=False)["may_rely_on_resignation"] is True
    assert outcome(**LATE, **handling, employer_consents="written")["may_rely_on_resignation"] is False


@pytest.mark.parametrize(
    ("facts", "rely", "flag"),
    [
        # CC 140; J1 43, J2 11: work beyond the planned last day without objection.
        (ARRIVED | STILL_THERE | {"employer_objection": False}, False, STALE),
        (LATE | STILL_THERE | {"employer_objection": False, "employer_consents": False}, False, STALE),
        (LATE | STILL_THERE | {"employer_objection": False, "employer_consents": "oral_authorised"}, False, STALE),
        (ARRIVED | STILL_THERE | {"employer_objection": False, "wages_paid": False}, False, STALE),
        (
            ARRIVED | {"planned_last_day": "2026-06-09", "continued_attendance": True, "employer_objection": False},
            False,
            STALE,
        ),
        (ARRIVED | STILL_THERE | {"employer_objection": True}, True, None),
        # Working on the planned last day itself, or before it, is what notice is for.
        (ARRIVED | STILL_THERE | {"still_working_on": "2026-06-09", "employer_objection": False}, True, None),
        (ARRIVED | STILL_THERE | {"still_working_on": "2026-05-20"}, True, None),
        (ARRIVED | {"planned_last_day": "2026-06-09", "continued_attendance": False, "wages_paid": True}, True, None),
    ],
)
def test_a_stale_resignation_cannot_be_processed(facts: dict[str, Any], rely: bool, flag: str | None) -> None:
    result = outcome(**facts)
    assert (result["may_rely_on_resignation"], result["flag"]) == (rely, flag)
    assert "missing" not in result


def test_consent_by_conduct_makes_a_withdrawal_effective() -> None:
    result = outcome(**LATE, **STILL_THERE, employer_objection=False)
    assert result["withdrawal_effective"] is True
    assert result["flag"] == STALE
    assert result["verdict"] == Verdict.PROHIBITED


@pytest.mark.parametrize(
    ("facts", "missing"),
    [
        (ARRIVED | STILL_THERE, ["employer_objection"]),
        (ARRIVED | {"still_working_on": "2026-07-09", "employer_objection": False}, ["planned_last_day"]),
        (ARRIVED | {"planned_last_day": "2026-06-09", "wages_paid": True}, ["still_working_on"]),
        (LATE | STILL_THERE | {"employer_consents": False}, ["employer_objection"]),
    ],
)
def test_the_facts_that_decide_staleness_are_asked_for(facts: dict[str, Any], missing: list[str]) -> None:
    result = outcome(**facts)
    assert result["verdict"] == Verdict.INDETERMINATE
    assert result["missing"] == missing
    assert result["may_rely_on_resignation"] is None


def test_a_known_part_is_kept_when_another_is_open() -> None:
    assert outcome(**LATE, **STILL_THERE, employer_consents=False)["withdrawal_effective"] is False


@pytest.mark.parametrize(
    ("facts", "written"),
    [
        # LCL 37; CC 469(3); ESL 4: retrievable text is written form.
        ({"form": "written"}, True),
        ({"form": "written", "channel": "phone"}, True),
        ({"channel": "paper"}, True),
        ({"channel": "wechat", "content_explicit": True, "identity_confirmed": True}, True),
        ({"channel": "email", "content_explicit": True, "identity_confirmed": True}, True),
        ({"form": "oral"}, False),
        ({"form": "oral", "channel": "wechat", "content_explicit": True, "identity_confirmed": True}, False),
        ({"channel": "phone", "content_explicit": True, "identity_confirmed": True}, False),
        ({"channel": "wechat", "content_explicit": False}, False),
        ({"channel": "email", "identity_confirmed": False}, False),
        ({"form": "written", "content_explicit": False}, False),
        ({"channel": "paper", "identity_confirmed": False}, False),
    ],
)
def test_written_notice(facts: dict[str, Any], written: bool) -> None:
    result = outcome(**facts)
    assert result["is_written_notice"] is written
    assert "missing" not in result
    if not written:
        assert result["may_rely_on_resignation"] is False


@pytest.mark.parametrize(
    ("facts", "missing"),
    [
        ({"channel": "wechat"}, ["content_explicit", "identity_confirmed"]),
        ({"channel": "email", "content_explicit": True}, ["identity_confirmed"]),
        ({"content_explicit": True, "identity_confirmed": True}, ["form"]),
    ],
)
def test_the_facts_that_decide_the_form_are_asked_for(facts: dict[str, Any], missing: list[str]) -> None:
    result = outcome(**facts)
    assert (result["verdict"], sorted(result["missing"])) == (Verdict.INDETERMINATE, missing)
    assert result["is_written_notice"] is None


def test_spoken_words_and_continued_work_leave_nothing_to_process() -> None:
    result = outcome(form="oral", continued_attendance=True)
    assert (result["is_written_notice"], result["may_rely_on_resignation"]) == (False, False)
    assert result["flag"] == STALE
    objected = outcome(form="oral", continued_attendance=True, employer_objection=True)
    assert (objected["may_rely_on_resignation"], objected["flag"]) == (False, None)


def test_in_probation_spoken_notice_is_enough() -> None:
    result = outcome(form="oral", in_probation=True, **ARRIVED)
    assert (result["is_written_notice"], result["may_rely_on_resignation"]) == (False, True)


def clock(**facts: Any) -> Finding[ResignationClock | None]:
    notice = ResignationNotice(
        arrived=When.at(facts.pop("arrived", datetime(2026, 5, 10, 1, 0, tzinfo=UTC))),
        form=facts.pop("form", NoticeForm.WRITTEN),
        in_probation=facts.pop("in_probation", False),
        asks_permission=facts.pop("asks_permission", False),
        named_last_day=facts.pop("named_last_day", None),
        agreed_last_day=facts.pop("agreed_last_day", None),
    )
    assert not facts
    return resignation_clock(notice, as_of=RULES_CHECKED_ON, region=None, params=statutory_parameters())


def test_thirty_days_run_from_the_day_after_arrival_in_shanghai() -> None:
    finding = clock(arrived=datetime(2026, 5, 10, 16, 30, tzinfo=UTC))
    assert finding.value == ResignationClock(30, date(2026, 6, 10), date(2026, 6, 10))
    assert finding.verdict is Verdict.ALLOWED
    assert {"《劳动合同法》第三十七条", "《民法典》第二百零一条"} <= {str(cite) for cite in finding.cites}


def test_three_days_in_probation_written_or_not() -> None:
    for form in (NoticeForm.ORAL, NoticeForm.WRITTEN, None):
        assert clock(form=form, in_probation=True).value == ResignationClock(3, date(2026, 5, 13), date(2026, 5, 13))


def test_outside_probation_spoken_notice_starts_no_clock() -> None:
    finding = clock(form=NoticeForm.ORAL)
    assert (finding.verdict, finding.value) == (Verdict.PROHIBITED, None)


def test_unknown_probation_and_form_are_asked_for_together() -> None:
    finding = clock(form=None, in_probation=None)
    assert [missing.fact for missing in finding.missing] == ["in_probation", "form"]


@pytest.mark.parametrize(
    ("facts", "ends_on", "verdict"),
    [
        ({"named_last_day": date(2026, 7, 1)}, date(2026, 7, 1), Verdict.ALLOWED),
        ({"named_last_day": date(2026, 5, 20)}, date(2026, 6, 9), Verdict.ALLOWED_WITH_CONDITIONS),
        ({"agreed_last_day": date(2026, 5, 20)}, date(2026, 5, 20), Verdict.ALLOWED_WITH_CONDITIONS),
        ({"agreed_last_day": date(2026, 7, 15)}, date(2026, 7, 15), Verdict.ALLOWED),
    ],
)
def test_only_agreement_ends_the_employment_before_notice_is_over(
    facts: dict[str, Any], ends_on: date, verdict: Verdict
) -> None:
    finding = clock(**facts)
    assert finding.value is not None
    assert (finding.value.ends_on, finding.verdict) == (ends_on, verdict)
    assert finding.value.earliest_end == date(2026, 6, 9)


def test_wording_that_asks_is_flagged_and_never_decided_alone() -> None:
    finding = clock(asks_permission=True)
    assert finding.verdict is Verdict.ALLOWED_WITH_CONDITIONS
    assert finding.human_review
    assert finding.confidence is Confidence.PRACTICE
    assert "《民法典》第四百七十六条" in {str(cite) for cite in finding.cites}


def test_the_law_before_the_statute_is_not_guessed() -> None:
    notice = ResignationNotice(When.on(date(2007, 5, 10)), NoticeForm.WRITTEN, False, False, None, None)  # noqa: FBT003
    with pytest.raises(LookupError, match=r"resignation\.notice_days"):
        resignation_clock(notice, as_of=date(2007, 5, 10), region=None, params=statutory_parameters())


def test_the_grounds_of_article_38_are_all_offered_and_only_danger_is_immediate() -> None:
    assert [ground.code for ground in ART_38_GROUNDS if not ground.immediate] == [f"38({n})" for n in range(1, 7)]
    assert [ground.code for ground in ART_38_GROUNDS if ground.immediate] == ["38-2"]


@pytest.mark.parametrize(
    ("one", "other", "order"),
    [
        (When.on(date(2026, 5, 10)), When.on(date(2026, 5, 10)), Order.TOGETHER),
        (When.on(date(2026, 5, 9)), When.at(datetime(2026, 5, 9, 17, 0, tzinfo=UTC)), Order.BEFORE),
        (When.on(date(2026, 5, 10)), When.at(datetime(2026, 5, 9, 17, 0, tzinfo=UTC)), Order.UNKNOWN),
        (
            When.at(datetime(2026, 5, 9, 17, 0, tzinfo=UTC)),
            When.at(datetime(2026, 5, 9, 17, 0, tzinfo=UTC)),
            Order.TOGETHER,
        ),
    ],
)
def test_events_are_ordered_as_exactly_as_they_are_known(one: When, other: When, order: Order) -> None:
    assert one.order(other) is order
