"""Each channel with each of its facts: the day of arrival, the grade of proof, and what is asked when facts lack."""

from __future__ import annotations

import io
import itertools
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from guiyan.kernel.results import Confidence, Finding, Verdict
from guiyan.law.case_inputs import CaseInputs, InputProblems
from guiyan.law.cases import run_cases
from guiyan.law.delivery import delivery_validity, first_arrival
from guiyan.law.delivery_case import read_attempt
from guiyan.law.delivery_facts import Delivery, Grade
from guiyan.law.parameters import RULES_CHECKED_ON, statutory_parameters

DAY = "2026-03-10"


def judge(**inputs: Any) -> Finding[Delivery]:
    given = CaseInputs(inputs)
    attempt = read_attempt(given)
    given.check()
    return delivery_validity(attempt(), as_of=RULES_CHECKED_ON, region=None, params=statutory_parameters())


def outcome(**inputs: Any) -> tuple[str | None, str | None, list[str]]:
    finding = judge(**inputs)
    assert finding.value is not None
    day, grade = finding.value.effective_at, finding.value.grade
    return day.isoformat() if day else None, grade.value if grade else None, [m.fact for m in finding.missing]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        # CC 137: a notice in dialogue arrives when handed over; the signature proves it.
        ({"signed": True, "at": "2026-03-10 15:00"}, (DAY, "A", [])),
        ({"signed": True, "refused": False, "at": DAY}, (DAY, "A", [])),
        ({"signed": True}, (None, "A", ["at"])),
        # CPL 89 by analogy: witnesses or a recording prove a refusal.
        ({"refused": True, "two_witnesses": True, "video": True, "at": DAY}, (DAY, "B", [])),
        ({"refused": True, "two_witnesses": True, "video": False, "at": DAY}, (DAY, "B", [])),
        ({"refused": True, "two_witnesses": False, "video": True, "at": DAY}, (DAY, "B", [])),
        ({"signed": False, "video": True, "at": DAY}, (DAY, "B", [])),
        ({"refused": True, "two_witnesses": True}, (None, "B", ["at"])),
        ({"refused": True, "two_witnesses": False, "video": False, "at": DAY}, (None, "D", [])),
        ({"refused": True, "at": DAY}, (None, None, ["two_witnesses", "video"])),
        ({"refused": True, "two_witnesses": False, "at": DAY}, (None, None, ["video"])),
        ({"at": DAY}, (None, None, ["signed"])),
        ({"refused": False, "video": True, "at": DAY}, (None, None, ["signed"])),
    ],
)
def test_in_person(facts: dict[str, Any], expected: tuple[str | None, str | None, list[str]]) -> None:
    assert outcome(channel="in_person", **facts) == expected


AGREED = {"address": "contract_agreed"}
HUKOU = {"address": "id_card_hukou", "not_agreed": True}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        # 劳办发〔1995〕179号: the date on the receipt is the day of delivery.
        (AGREED | {"contents_named": True, "signed_by": "self", "signed_on": DAY}, (DAY, "A", [])),
        (HUKOU | {"contents_named": True, "signed_by": "self", "signed_on": DAY}, (DAY, "A", [])),
        ({"contents_named": True, "signed_by": "self", "signed_on": DAY}, (DAY, "A", [])),
        (AGREED | {"contents_named": True, "signed_by": "self"}, (None, "A", ["signed_on"])),
        # 179号 and CPL 88: an adult of the household may sign.
        (AGREED | {"contents_named": True, "signed_by": "family", "signed_on": DAY}, (DAY, "B", [])),
        (HUKOU | {"contents_named": True, "signed_by": "family", "signed_on": DAY}, (DAY, "C", [])),
        ({"contents_named": True, "signed_by": "family", "signed_on": DAY}, (DAY, None, ["address"])),
        # CC 137: somebody else proves at most that it reached the place the employee named.
        (AGREED | {"contents_named": True, "signed_by": "other", "signed_on": DAY}, (DAY, "C", [])),
        (HUKOU | {"contents_named": True, "signed_by": "other", "signed_on": DAY}, (None, "D", [])),
        # A waybill that does not name the document proves a letter only.
        (AGREED | {"contents_named": False, "signed_by": "self", "signed_on": DAY}, (DAY, "C", [])),
        (AGREED | {"signed_by": "self", "signed_on": DAY}, (DAY, None, ["contents_named"])),
        # Court Express Mail 11 by analogy: refusal at the agreed address, or at the legal domicile (CC 25).
        (AGREED | {"result": "refused_return", "returned_on": DAY}, (DAY, "B", [])),
        (HUKOU | {"result": "refused_return", "returned_on": DAY}, (DAY, "C", [])),
        (AGREED | {"result": "refused_return"}, (None, "B", ["returned_on"])),
        ({"result": "refused_return", "returned_on": DAY}, (None, None, ["address"])),
        # Not collected: only where the employee answers for a changed address.
        (
            AGREED | {"result": "returned", "returned_on": DAY, "address_change_duty_clause": True},
            (DAY, "B-", []),
        ),
        (
            {"address": "contract_designated", "result": "unknown_or_uncollected_return", "returned_on": DAY}
            | {"address_change_duty_clause": True},
            (DAY, "B-", []),
        ),
        (AGREED | {"result": "returned", "returned_on": DAY, "address_change_duty_clause": False}, (None, "D", [])),
        (AGREED | {"result": "returned", "returned_on": DAY}, (None, None, ["address_change_duty_clause"])),
        (
            HUKOU | {"result": "returned", "returned_on": DAY, "address_change_duty_clause": True},
            (None, "D", []),
        ),
        (AGREED, (None, None, ["result"])),
        (AGREED | {"signed_on": DAY}, (None, None, ["signed_by"])),
        (HUKOU | {"not_agreed": False, "result": "refused_return", "returned_on": DAY}, (DAY, "B", [])),
    ],
)
def test_ems(facts: dict[str, Any], expected: tuple[str | None, str | None, list[str]]) -> None:
    assert outcome(channel="ems", **facts) == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        # CC 137(2): a designated system, on entry, at whatever hour of the civil day in Shanghai.
        ({"address": "contract_designated", "server_accept_at": "2026-03-10 18:05"}, (DAY, "A-", [])),
        ({"address": "contract_agreed", "server_accept_at": "2026-03-10T23:59:00+08:00"}, (DAY, "A-", [])),
        ({"address": "contract_designated", "server_accept_at": "2026-03-09T16:30:00Z"}, (DAY, "A-", [])),
        ({"address": "contract_designated", "server_accept_at": None}, (None, "D", [])),
        ({"address": "contract_designated"}, (None, None, ["server_accept_at"])),
        ({"server_accept_at": DAY}, (None, None, ["address"])),
        ({}, (None, None, ["address", "server_accept_at"])),
    ],
)
def test_email(facts: dict[str, Any], expected: tuple[str | None, str | None, list[str]]) -> None:
    assert outcome(channel="email", **facts) == expected


@pytest.mark.parametrize("channel", ["wecom_app", "wechat"])
@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        # CC 137(2) first half: designated, so entry counts and reading does not matter.
        ({"designated_in_signed_agreement": True, "delivered_at": DAY, "read": False}, (DAY, "B+", [])),
        ({"designated": True, "delivered_at": DAY, "identity_bound": True, "read": True}, (DAY, "B+", [])),
        ({"designated": True, "read": True}, (None, "B+", ["delivered_at"])),
        ({"designated": True}, (None, None, ["delivered_at"])),
        ({"designated": True, "delivered_at": None}, (None, "D", [])),
        # CC 137(2) second half and OLR 31(2): knowledge, proved by a reply, presumed from a read mark.
        ({"designated": False, "identity_bound": True, "read": True, "reply": "收到"}, (None, "B", [])),
        # The day of entry is not the day of knowledge: no date is made of it.
        ({"designated": False, "identity_bound": True, "reply": "ok", "delivered_at": DAY}, (None, "B", [])),
        ({"designated": False, "identity_bound": True, "read": True, "reply": None}, (None, "C", [])),
        ({"designated": False, "identity_bound": True, "read": True, "delivered_at": DAY}, (None, "C", [])),
        ({"designated": False, "identity_bound": False, "read": True, "reply": "收到"}, (None, "D", [])),
        ({"designated": False, "read": True, "reply": "收到"}, (None, None, ["identity_bound"])),
        ({"designated": False, "read": False}, (None, "D", [])),
        ({"designated": False, "read": False, "delivered_at": DAY, "identity_bound": True}, (None, "D", [])),
        ({"designated": False, "delivered_at": DAY}, (None, None, ["read", "reply"])),
        ({"designated": False, "reply": None, "delivered_at": DAY}, (None, None, ["read"])),
        ({"delivered_at": DAY, "read": False}, (None, None, ["designated"])),
        ({"designated_in_signed_agreement": False, "read": False}, (None, "D", [])),
    ],
)
def test_chat(channel: str, facts: dict[str, Any], expected: tuple[str | None, str | None, list[str]]) -> None:
    assert outcome(channel=channel, **facts) == expected


CONFIRMED, UNCONFIRMED = {"number": "employee_confirmed"}, {"number": "unconfirmed"}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (CONFIRMED | {"carrier_delivered": True, "designated": True, "delivered_at": DAY}, (DAY, "B+", [])),
        (CONFIRMED | {"carrier_delivered": True, "designated": True}, (None, "B+", ["delivered_at"])),
        (CONFIRMED | {"carrier_delivered": True, "designated": False}, (None, "C", [])),
        (UNCONFIRMED | {"carrier_delivered": True, "designated": False}, (None, "D", [])),
        (UNCONFIRMED | {"carrier_delivered": True}, (None, "D", [])),
        (UNCONFIRMED | {"carrier_delivered": True, "designated": True}, (None, "D", [])),
        (CONFIRMED | {"carrier_delivered": False, "designated": True}, (None, "D", [])),
        (CONFIRMED | {"carrier_delivered": True}, (None, None, ["designated"])),
        (CONFIRMED | {"designated": True}, (None, None, ["carrier_delivered"])),
        ({"carrier_delivered": True, "designated": False}, (None, None, ["number"])),
    ],
)
def test_sms(facts: dict[str, Any], expected: tuple[str | None, str | None, list[str]]) -> None:
    assert outcome(channel="sms", **facts) == expected


VISITED = {"prior_attempts": ["visit_no_one"]}
TRIED = {"prior_attempts": ["ems_returned", "visit_no_one", "phone_off"]}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        # 179号: last resort, 30 days after publication.
        (TRIED | {"whereabouts_unknown": True, "published": "2026-03-01"}, ("2026-03-31", "B-", [])),
        (VISITED | {"whereabouts_unknown": True, "published": "2026-03-01"}, ("2026-03-31", "B-", [])),
        (TRIED | {"whereabouts_unknown": False, "published": "2026-03-01"}, (None, "INVALID", [])),
        ({"prior_attempts": [], "whereabouts_unknown": True, "published": "2026-03-01"}, (None, "INVALID", [])),
        ({"prior_attempts": [], "published": "2026-03-01"}, (None, "INVALID", [])),
        ({"prior_attempts": ["phone_off"], "whereabouts_unknown": True, "published": DAY}, (None, "INVALID", [])),
        ({"prior_attempts": ["email_sent", "wechat"], "whereabouts_unknown": True}, (None, "INVALID", [])),
        (
            {"prior_attempts": ["courier_returned"], "whereabouts_unknown": True, "published": DAY},
            ("2026-04-09", "B-", []),
        ),
        # What a name that nobody knows stands for is asked, not guessed.
        ({"prior_attempts": ["drone"], "whereabouts_unknown": True}, (None, None, ["prior_attempts"])),
        ({"prior_attempts": ["drone", "ems_returned"], "whereabouts_unknown": True}, (None, "B-", ["published"])),
        ({"prior_attempts": ["drone"], "whereabouts_unknown": False}, (None, "INVALID", [])),
        ({"whereabouts_unknown": False}, (None, "INVALID", [])),
        (TRIED | {"published": "2026-03-01"}, (None, None, ["whereabouts_unknown"])),
        (TRIED | {"whereabouts_unknown": True}, (None, "B-", ["published"])),
    ],
)
def test_public_notice(facts: dict[str, Any], expected: tuple[str | None, str | None, list[str]]) -> None:
    assert outcome(channel="public_notice", **facts) == expected


@pytest.mark.parametrize("facts", [{}, {"person": "friend", "delivered": True}, {"person": "spouse"}])
def test_an_emergency_contact_never_receives_a_notice(facts: dict[str, Any]) -> None:
    assert outcome(channel="emergency_contact", **facts) == (None, "D", [])


@pytest.mark.parametrize("reply", ["", " ", 0, 1, [], ["收到"], {"text": "收到"}])
def test_a_reply_is_a_text_or_none(reply: object) -> None:
    with pytest.raises(InputProblems, match=r"^reply must be true, false or a text"):
        judge(channel="wechat", designated=False, identity_bound=True, read=True, reply=reply)


def test_facts_that_contradict_each_other_are_refused() -> None:
    for facts in (
        {"channel": "in_person", "signed": True, "refused": True},
        {"channel": "ems", "address": "contract_agreed", "not_agreed": True},
        {"channel": "ems", "signed_by": "self", "result": "returned"},
        {"channel": "email", "address": "id_card_hukou"},
    ):
        with pytest.raises(ValueError, match=r"cannot|no address"):
            judge(**facts)


def test_every_combination_has_an_answer_with_authority_and_never_a_date_without_proof(tmp_path: Path) -> None:
    """All combinations of the closed vocabulary: a date goes with a grade that proves arrival, D never has one."""
    cases = []
    for number, facts in enumerate(_combinations()):
        cases.append(json.dumps({"id": number, "topic": "delivery.validity", "inputs": facts, "expected": {}}))
    file = tmp_path / "cases.jsonl"
    file.write_text("\n".join(cases), encoding="utf-8")
    out = io.StringIO()
    run_cases(file, None, as_json=True, out=out)
    seen = set()
    for line in out.getvalue().splitlines():
        answer = json.loads(line)
        if "error" in answer:
            assert "cannot" in answer["error"] or "no address" in answer["error"]
            continue
        result = answer["result"]
        seen.add(result["grade"])
        assert result["verdict"] == "INDETERMINATE" or answer["cites"]
        assert (result["verdict"] == "INDETERMINATE") == bool(result.get("missing"))
        if result["grade"] in {"D", "INVALID"}:
            assert result["effective_at"] is None
        if result["grade"] is None:
            assert result["verdict"] == "INDETERMINATE"
    assert seen == {None, *(grade.value for grade in Grade)}


def test_a_settled_answer_does_not_turn_on_facts_that_nobody_stated() -> None:
    """Whatever turns out later about an unstated fact, a settled grade and day stay as they are.

    Two facts are no surprise: the day on which a chat was delivered gives a day, and a reply shows that it was read.
    The two ways to say that an account was designated are one question, so only one of them is asked here.
    """
    settled = {}
    combinations = _combinations()
    for facts in combinations:
        try:
            settled[json.dumps(facts, sort_keys=True)] = outcome(**facts)
        except ValueError:
            continue
    for facts in combinations:
        answer = settled.get(json.dumps(facts, sort_keys=True))
        if answer is None or {"designated", "designated_in_signed_agreement"} <= facts.keys():
            continue
        for key in facts.keys() - {"channel", "delivered_at", "reply"}:
            before = settled.get(json.dumps({k: v for k, v in facts.items() if k != key}, sort_keys=True))
            if before is not None and not before[2]:
                assert answer == before, (facts, key)


def _combinations() -> list[dict[str, Any]]:
    truth = [None, True, False]
    spaces: list[dict[str, list[Any]]] = [
        {
            "channel": ["in_person"],
            "signed": truth,
            "refused": truth,
            "two_witnesses": truth,
            "video": truth,
            "at": [None, DAY],
        },
        {
            "channel": ["ems"],
            "address": [None, "contract_agreed", "contract_designated", "id_card_hukou"],
            "not_agreed": [None, True],
            "contents_named": truth,
            "signed_by": [None, "self", "family", "other"],
            "signed_on": [None, DAY],
            "result": [None, "refused_return", "returned", "unknown_or_uncollected_return"],
            "returned_on": [None, DAY],
            "address_change_duty_clause": truth,
        },
        {"channel": ["email"], "address": [None, "contract_designated"], "server_accept_at": [None, DAY]},
        {
            "channel": ["wechat"],
            "designated_in_signed_agreement": truth,
            "designated": truth,
            "identity_bound": truth,
            "delivered_at": [None, DAY],
            "read": truth,
            "reply": [None, "收到"],
        },
        {
            "channel": ["sms"],
            "number": [None, "employee_confirmed", "unconfirmed"],
            "carrier_delivered": truth,
            "designated": truth,
        },
        {
            "channel": ["public_notice"],
            "prior_attempts": [None, [], ["ems_returned"], ["phone_off"]],
            "whereabouts_unknown": truth,
            "published": [None, DAY],
        },
        {"channel": ["emergency_contact"], "person": [None, "friend"], "delivered": truth},
    ]
    return [
        {key: value for key, value in zip(space, values, strict=True) if value is not None}
        for space in spaces
        for values in itertools.product(*space.values())
    ]


def test_the_earliest_arrival_counts_and_of_one_day_the_better_proof() -> None:
    chat = judge(channel="wecom_app", designated=True, delivered_at="2026-03-12")
    mail = judge(channel="ems", address="contract_agreed", result="refused_return", returned_on="2026-03-12")
    pushed = judge(channel="wechat", designated=False, read=False)
    handed = judge(channel="in_person", signed=True, at="2026-03-15")
    assert first_arrival([handed, mail, pushed, chat]) == Delivery(date(2026, 3, 12), Grade.B_PLUS)
    assert first_arrival([pushed]) is None


def test_grades_that_rest_on_analogy_say_so() -> None:
    assert judge(channel="in_person", signed=True, at=DAY).confidence is Confidence.STATUTE
    weak = judge(channel="wechat", designated=False, identity_bound=True, read=True, delivered_at=DAY)
    assert weak.confidence is Confidence.PRACTICE
    assert weak.human_review
    assert weak.verdict is Verdict.ALLOWED_WITH_CONDITIONS
