"""What must hold of every assessment, whatever the ground and whatever the evidence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.law.matrix.worked import (
    DAY,
    EVENTS,
    FACTS,
    GROUNDS,
    assessed,
    gate,
    good,
    required,
    standings,
    value,
    whole,
    without_step,
)

from guiyan.kernel.calendar import SHANGHAI
from guiyan.kernel.results import Confidence, Verdict
from guiyan.law.ending import LOCAL_AVERAGE
from guiyan.law.matrix.assessing import assess
from guiyan.law.matrix.given import EvidenceRejected, Exhibit
from guiyan.law.matrix.loading import exhibit_kinds, matrix
from guiyan.law.matrix.model import Event, Fact, Grade, MatrixGround, PayRule, Remedy
from guiyan.law.matrix.proving import Standing, Weakness
from guiyan.law.matrix.stepping import StepState
from guiyan.law.moments import When
from guiyan.law.parameters import read_key, statutory_parameters
from guiyan.law.protection_table import ProtectedStatus
from guiyan.law.severance import SeveranceFacts, Tenure

SETTINGS = settings(max_examples=80, deadline=None)
LETS_THROUGH = {Verdict.ALLOWED, Verdict.ALLOWED_WITH_CONDITIONS}
STRENGTH = {"MISSING": 0, "WEAK": 1, "PROVED": 2, "NOT_APPLICABLE": 2}
DISMISSALS = [ground for ground in GROUNDS if "union_notice" in {s.kind.kind for s in matrix()[ground].stages}]
G39_1 = MatrixGround.G39_1
G39_4 = MatrixGround.G39_4


@st.composite
def cases(draw: st.DrawFn) -> tuple[MatrixGround, tuple[Exhibit, ...]]:
    """A ground and up to ten exhibits of any kind, grade, source, date and lawfulness for its elements."""
    ground = draw(st.sampled_from(GROUNDS))
    one = st.builds(
        Exhibit,
        element=st.sampled_from([element.id for element in matrix()[ground].elements]),
        kind=st.sampled_from(sorted(exhibit_kinds())),
        grade=st.sampled_from(Grade),
        source=st.sampled_from([None, "甲", "乙", " 甲 "]),
        dated=st.one_of(st.none(), st.dates(date(2026, 1, 1), DAY)),
        lawful=st.sampled_from([True, True, True, False, None]),
    )
    fitting = st.sampled_from([good(element, ground) for element in matrix()[ground].elements])
    graded = st.builds(lambda exhibit, grade: replace(exhibit, grade=grade), fitting, st.sampled_from(Grade))
    return ground, tuple(draw(st.lists(st.one_of(one, graded), max_size=10)))


@pytest.mark.parametrize("ground", GROUNDS)
def test_with_everything_proved_and_done_the_ground_is_open(ground: MatrixGround) -> None:
    finding = assessed(ground, whole(ground))
    expected = Verdict.ALLOWED if matrix()[ground].gate_asked else Verdict.ALLOWED_WITH_CONDITIONS
    assert finding.verdict is expected
    assert value(finding).sufficient
    assert not value(finding).collect


@SETTINGS
@given(cases(), st.integers(0, 10))
def test_an_exhibit_never_makes_an_element_weaker_and_losing_one_never_stronger(
    case: tuple[MatrixGround, tuple[Exhibit, ...]], drop: int
) -> None:
    ground, exhibits = case
    more = standings(assessed(ground, whole(ground, exhibits=exhibits)))
    fewer = standings(assessed(ground, whole(ground, exhibits=exhibits[:drop] + exhibits[drop + 1 :])))
    assert all(STRENGTH[fewer[one]] <= STRENGTH[more[one]] for one in more)


@SETTINGS
@given(cases())
def test_every_finding_cites_and_names_what_is_missing(case: tuple[MatrixGround, tuple[Exhibit, ...]]) -> None:
    ground, exhibits = case
    finding = assessed(ground, whole(ground, exhibits=exhibits))
    leaves = [leaf for step in finding.steps for leaf in step.leaves()]
    assert all(leaf.cites for leaf in leaves)
    assert all(getattr(cite, "source").in_force_on(DAY) for cite in finding.cites)  # noqa: B009
    assert bool(finding.missing) is (finding.verdict is Verdict.INDETERMINATE)
    assert (finding.verdict in LETS_THROUGH) <= value(finding).sufficient
    unproved = {one.id for one in value(finding).elements if not one.standing.holds}
    assert {one.element for one in value(finding).collect} >= unproved & {*matrix()[ground].sufficiency.all_of}
    assert all(one.kinds for one in value(finding).collect)


@SETTINGS
@given(cases())
def test_the_order_in_which_exhibits_are_given_changes_nothing(case: tuple[MatrixGround, tuple[Exhibit, ...]]) -> None:
    ground, exhibits = case
    there = assessed(ground, whole(ground, exhibits=exhibits))
    back = assessed(ground, whole(ground, exhibits=exhibits[::-1]))
    assert (there.verdict, standings(there)) == (back.verdict, standings(back))


@pytest.mark.parametrize("ground", GROUNDS)
def test_statements_and_screenshots_alone_never_prove(ground: MatrixGround) -> None:
    many = tuple(
        replace(good(element, ground), grade=Grade.G4, source=source)
        for element in matrix()[ground].elements
        for source in "甲乙丙"
    )
    finding = assessed(ground, whole(ground, exhibits=many))
    assert set(standings(finding).values()) == {"WEAK"}
    assert finding.verdict is Verdict.INDETERMINATE


@pytest.mark.parametrize("ground", GROUNDS)
def test_each_required_element_is_needed(ground: MatrixGround) -> None:
    for element in required(matrix()[ground]):
        left = tuple(one for one in whole(ground).exhibits if one.element != element.id)
        finding = assessed(ground, whole(ground, exhibits=left))
        assert finding.verdict is Verdict.INDETERMINATE
        assert element.id in {one.fact for one in finding.missing}
        assert value(finding).collect[0].element == element.id


@pytest.mark.parametrize("ground", GROUNDS)
def test_an_unknown_gate_never_lets_through(ground: MatrixGround) -> None:
    finding = assessed(ground, whole(ground, gate=None))
    assert finding.verdict is not Verdict.ALLOWED
    if matrix()[ground].gate_asked:
        assert [one.fact for one in finding.missing] == ["gate"]


@pytest.mark.parametrize("ground", GROUNDS)
def test_a_step_left_out_is_never_plainly_allowed(ground: MatrixGround) -> None:
    for kind in whole(ground).steps:
        finding = assessed(ground, whole(ground, steps=without_step(ground, kind)))
        state = next(step.state for step in value(finding).steps if step.kind == kind)
        assert (finding.verdict is Verdict.ALLOWED) is (state is StepState.NOT_NEEDED), kind


@pytest.mark.parametrize("ground", DISMISSALS)
def test_a_notice_served_without_the_union_does_not_get_through(ground: MatrixGround) -> None:
    steps = without_step(ground, "union_notice")
    finding = assessed(ground, whole(ground, steps=steps))
    assert (finding.verdict, [one.fact for one in finding.missing]) == (
        Verdict.INDETERMINATE,
        ["union_notice.in_time"],
    )
    sued = EVENTS | {Event.SUIT_DAY: date(2026, 8, 1)}
    assert assessed(ground, whole(ground, steps=steps, events=sued)).verdict is Verdict.PROHIBITED


@pytest.mark.parametrize("ground", DISMISSALS)
def test_a_late_union_notice_is_cured_before_suit_and_not_after(ground: MatrixGround) -> None:
    late = {**whole(ground).steps, "union_notice": When.on(date(2026, 7, 20))}
    unsued = {fact: known for fact, known in FACTS.items() if fact is not Fact.SUIT_FILED}
    assert assessed(ground, whole(ground, steps=late)).verdict is Verdict.ALLOWED_WITH_CONDITIONS
    asked = assessed(ground, whole(ground, steps=late, facts=unsued))
    assert [one.fact for one in asked.missing] == ["suit_day"]
    for day, verdict in ((20, Verdict.PROHIBITED), (21, Verdict.ALLOWED_WITH_CONDITIONS)):
        events = EVENTS | {Event.SUIT_DAY: date(2026, 7, day)}
        assert assessed(ground, whole(ground, steps=late, events=events)).verdict is verdict


def test_union_and_notice_on_one_day_need_the_hour() -> None:
    def on_one_day(union: When, notice: When) -> Verdict:
        steps = {**whole(G39_1).steps, "union_notice": union, "written_notice": notice, "reasons": notice}
        return assessed(G39_1, whole(G39_1, steps=steps)).verdict

    day = date(2026, 6, 5)
    nine = When.at(datetime(2026, 6, 5, 9, tzinfo=SHANGHAI))
    ten = When.at(datetime(2026, 6, 5, 10, tzinfo=SHANGHAI))
    assert on_one_day(nine, ten) is Verdict.ALLOWED
    assert on_one_day(When.on(day), When.on(day)) is Verdict.INDETERMINATE
    assert on_one_day(nine, When.on(day)) is Verdict.INDETERMINATE
    assert on_one_day(ten, nine) is Verdict.ALLOWED_WITH_CONDITIONS


def test_without_a_union_the_policy_of_the_place_decides() -> None:
    facts = FACTS | {Fact.UNION_EXISTS: False}
    steps = without_step(G39_1, "union_notice")
    strict = assessed(G39_1, whole(G39_1, steps=steps, facts=facts))
    assert [one.fact for one in strict.missing] == ["union_notice.in_time"]
    unknown = {fact: known for fact, known in FACTS.items() if fact is not Fact.UNION_EXISTS}
    asked = assessed(G39_1, whole(G39_1, steps=steps, facts=unknown))
    assert [one.fact for one in asked.missing] == ["union_exists"]


@pytest.mark.parametrize(
    ("arrived", "verdict"),
    [
        (date(2026, 7, 11), Verdict.ALLOWED),
        (date(2026, 7, 12), Verdict.PROHIBITED),
        (None, Verdict.PROHIBITED),
    ],
)
def test_a_notice_must_arrive_within_probation(arrived: date | None, verdict: Verdict) -> None:
    steps = without_step(G39_1, "written_notice")
    if arrived is not None:
        steps |= {"written_notice": When.on(arrived), "reasons": When.on(arrived)}
    ends = EVENTS | {Event.ENDING_DAY: date(2026, 7, 20), Event.HANDOVER_DONE: date(2026, 7, 20)}
    done_at_the_end = {"certificate", "final_pay", "file_and_si_transfer", "unemployment_list"}
    steps |= dict.fromkeys(done_at_the_end, When.on(date(2026, 7, 20)))
    assert assessed(G39_1, whole(G39_1, steps=steps, events=ends)).verdict is verdict


def test_while_the_last_day_is_to_come_the_answer_says_by_when() -> None:
    today = date(2026, 6, 20)
    steps = {kind: when for kind, when in whole(G39_1).steps.items() if when.day < date(2026, 6, 1)}
    exhibits = tuple(one for one in whole(G39_1).exhibits if one.element != "39_1.E3")
    given_now = whole(G39_1, steps=steps, exhibits=exhibits, gate=gate(G39_1, as_of=today))
    finding = assessed(G39_1, given_now, today)
    assert finding.verdict is Verdict.INDETERMINATE
    wanted = value(finding).collect[0]
    assert (wanted.element, wanted.advised, wanted.latest) == ("39_1.E3", date(2026, 7, 1), date(2026, 7, 11))
    assert [kind.best for kind in wanted.kinds] == sorted(kind.best for kind in wanted.kinds)
    notice = next(step for step in value(finding).steps if step.kind == "written_notice")
    assert (notice.state, notice.due, notice.advised) == (StepState.TO_DO, date(2026, 7, 11), date(2026, 7, 4))


def test_either_branch_of_a_second_employment_is_enough() -> None:
    everything = {one.element: one for one in whole(G39_4).exhibits}

    def with_only(*ids: str) -> tuple[Verdict, tuple[str, ...], list[str]]:
        finding = assessed(G39_4, whole(G39_4, exhibits=tuple(everything[one] for one in ids)))
        return finding.verdict, value(finding).group, [one.fact for one in finding.missing]

    assert with_only("39_4.E1", "39_4.A") == (Verdict.ALLOWED, ("39_4.A",), [])
    assert with_only("39_4.E1", "39_4.B1", "39_4.B2") == (Verdict.ALLOWED, ("39_4.B1", "39_4.B2"), [])
    assert with_only("39_4.E1", "39_4.B1") == (Verdict.INDETERMINATE, ("39_4.A",), ["39_4.A"])
    assert with_only("39_4.E1") == (Verdict.INDETERMINATE, ("39_4.A",), ["39_4.A"])
    assert with_only("39_4.A") == (Verdict.INDETERMINATE, ("39_4.A",), ["39_4.E1"])


def test_the_demand_is_a_step_only_where_the_refusal_is_relied_on() -> None:
    exhibits = tuple(one for one in whole(G39_4).exhibits if one.element in {"39_4.E1", "39_4.A"})
    finding = assessed(G39_4, whole(G39_4, exhibits=exhibits, steps=without_step(G39_4, "demand_correction")))
    assert finding.verdict is Verdict.ALLOWED
    assert next(s for s in value(finding).steps if s.kind == "demand_correction").state is StepState.NOT_NEEDED


def test_a_social_insurance_record_is_a_clue_and_no_proof() -> None:
    record = Exhibit("39_4.E1", "social_insurance_record", Grade.G1, "社保局", date(2026, 6, 1), lawful=True)
    exhibits = (*(one for one in whole(G39_4).exhibits if one.element != "39_4.E1"), record)
    finding = assessed(G39_4, whole(G39_4, exhibits=exhibits))
    answer = value(finding).elements[0]
    assert (answer.standing, answer.weaknesses) == (Standing.WEAK, (Weakness.CLUE_ONLY,))
    assert finding.verdict is Verdict.INDETERMINATE


def exported(source: str | None) -> Exhibit:
    return Exhibit("39_2.E4", "attendance_raw", Grade.G3, source, date(2026, 6, 1), lawful=True)


@pytest.mark.parametrize(
    ("sources", "standing"),
    [
        (["考勤机", "门禁"], Standing.PROVED),
        (["考勤机", " 考勤机 "], Standing.WEAK),
        (["Time", "time"], Standing.WEAK),
        (["考勤机", None], Standing.WEAK),
        ([None, None], Standing.WEAK),
        (["考勤机", ""], Standing.WEAK),
        (["考勤机"], Standing.WEAK),
    ],
)
def test_two_exports_prove_only_from_independent_sources(sources: list[str | None], standing: Standing) -> None:
    ground = MatrixGround.G39_2
    rest = tuple(one for one in whole(ground).exhibits if one.element != "39_2.E4")
    finding = assessed(ground, whole(ground, exhibits=(*rest, *map(exported, sources))))
    answer = next(one for one in value(finding).elements if one.id == "39_2.E4")
    assert answer.standing is standing
    if standing is Standing.WEAK:
        assert answer.weaknesses == (Weakness.ONE_SOURCE,)


def test_a_kind_never_counts_for_more_than_its_nature() -> None:
    rest = tuple(one for one in whole(G39_1).exhibits if one.element != "39_1.E2")
    shot = Exhibit("39_1.E2", "screenshot", Grade.G1, "经理", EVENTS[Event.HIRE_DAY], lawful=True)
    advert = Exhibit("39_1.E2", "job_advert_archive", Grade.G1, "网站", EVENTS[Event.HIRE_DAY], lawful=True)
    assert standings(assessed(G39_1, whole(G39_1, exhibits=(*rest, shot))))["39_1.E2"] == "WEAK"
    assert standings(assessed(G39_1, whole(G39_1, exhibits=(*rest, advert))))["39_1.E2"] == "PROVED"
    deed = replace(shot, kind="notarised_record")
    assert standings(assessed(G39_1, whole(G39_1, exhibits=(*rest, deed))))["39_1.E2"] == "PROVED"


@pytest.mark.parametrize(
    ("change", "standing", "weakness"),
    [
        ({"lawful": None}, "WEAK", Weakness.LAWFULNESS_UNKNOWN),
        ({"lawful": False}, "MISSING", Weakness.UNLAWFUL),
        ({"dated": None}, "WEAK", Weakness.UNDATED),
        ({"dated": date(2026, 7, 12)}, "WEAK", Weakness.OUTSIDE_WINDOW),
        ({"dated": date(2026, 7, 11)}, "PROVED", None),
    ],
)
def test_what_is_not_known_of_an_exhibit_counts_against_it(
    change: dict[str, object], standing: str, weakness: Weakness | None
) -> None:
    exhibits = tuple(
        replace(one, **change) if one.element == "39_1.E3" else one  # type: ignore[arg-type]
        for one in whole(G39_1).exhibits
    )
    finding = assessed(G39_1, whole(G39_1, exhibits=exhibits))
    answer = next(one for one in value(finding).elements if one.id == "39_1.E3")
    assert answer.standing == standing
    assert answer.weaknesses == ((weakness,) if weakness else ())


def test_a_day_that_the_answer_turns_on_is_asked_for() -> None:
    events = {event: day for event, day in EVENTS.items() if event is not Event.PROBATION_LAST_DAY}
    finding = assessed(G39_1, whole(G39_1, events=events))
    assert {one.fact for one in finding.missing} == {"39_1.E3", "probation_last_day"}
    assert value(finding).latest is None


@pytest.mark.parametrize(
    ("ground", "fact", "element"),
    [
        (G39_1, Fact.RULE_CITED, "39_1.E4"),
        (MatrixGround.G36, Fact.HAZARD_POST, "36.E5"),
        (MatrixGround.G44_2, Fact.FLEXIBLE_RETIREMENT, "44_2.E2"),
    ],
)
def test_an_element_falls_away_only_where_a_fact_is_known(ground: MatrixGround, fact: Fact, element: str) -> None:
    exhibits = tuple(one for one in whole(ground).exhibits if one.element != element)
    known = assessed(ground, whole(ground, exhibits=exhibits, facts=FACTS | {fact: False}))
    assert (known.verdict, standings(known)[element]) == (Verdict.ALLOWED, "NOT_APPLICABLE")
    facts = {one: so for one, so in FACTS.items() if one is not fact}
    assert assessed(ground, whole(ground, exhibits=exhibits, facts=facts)).verdict is not Verdict.ALLOWED


@pytest.mark.parametrize("ground", [MatrixGround.G40_1, MatrixGround.G40_2, MatrixGround.G40_3])
def test_short_notice_counts_as_none_unless_a_month_is_paid(ground: MatrixGround) -> None:
    short = {**whole(ground).steps, "written_notice": When.on(date(2026, 6, 7))}
    finding = assessed(ground, whole(ground, steps=short))
    assert [one.fact for one in finding.missing] == ["written_notice.in_time"]
    paid = FACTS | {Fact.PAID_IN_LIEU: True}
    assert assessed(ground, whole(ground, steps=short, facts=paid)).verdict is Verdict.ALLOWED
    unknown = {fact: so for fact, so in FACTS.items() if fact is not Fact.PAID_IN_LIEU}
    asked = assessed(ground, whole(ground, steps=short, facts=unknown))
    assert [one.fact for one in asked.missing] == ["paid_in_lieu"]


@pytest.mark.parametrize(
    ("ground", "status", "verdict"),
    [
        (MatrixGround.G40_2, ProtectedStatus.PREGNANT, Verdict.PROHIBITED),
        (MatrixGround.G41, ProtectedStatus.MEDICAL_PERIOD, Verdict.PROHIBITED),
        (MatrixGround.G44_1, ProtectedStatus.NURSING, Verdict.EXTENDED),
        (MatrixGround.G39_2, ProtectedStatus.PREGNANT, Verdict.ALLOWED_WITH_CONDITIONS),
    ],
)
def test_a_protection_goes_before_the_best_evidence(
    ground: MatrixGround, status: ProtectedStatus, verdict: Verdict
) -> None:
    finding = assessed(ground, whole(ground, gate=gate(ground, status)))
    assert finding.verdict is verdict
    assert value(finding).sufficient


def test_work_that_went_on_for_a_month_closes_expiry() -> None:
    ground = MatrixGround.G44_1
    steps = {**whole(ground).steps, "expiry_notice": When.on(date(2026, 8, 10))}
    assert assessed(ground, whole(ground, steps=steps)).verdict is Verdict.ALLOWED
    working = FACTS | {Fact.STILL_WORKING: True}
    assert assessed(ground, whole(ground, steps=steps, facts=working)).verdict is Verdict.PROHIBITED
    unknown = {fact: so for fact, so in FACTS.items() if fact is not Fact.STILL_WORKING}
    asked = assessed(ground, whole(ground, steps=steps, facts=unknown))
    assert [one.fact for one in asked.missing] == ["still_working"]


def test_a_duty_missed_is_a_debt_and_closes_nothing() -> None:
    steps = without_step(G39_1, "certificate", "final_pay")
    finding = assessed(G39_1, whole(G39_1, steps=steps))
    assert finding.verdict is Verdict.ALLOWED_WITH_CONDITIONS
    assert finding.human_review
    states = {step.kind: step.state for step in value(finding).steps}
    assert (states["certificate"], states["final_pay"]) == (StepState.OVERDUE, StepState.OVERDUE)


def test_an_absent_strong_element_is_a_condition_and_asks_for_a_person() -> None:
    exhibits = tuple(one for one in whole(G39_1).exhibits if one.element not in {"39_1.E5", "39_1.E6"})
    finding = assessed(G39_1, whole(G39_1, exhibits=exhibits))
    assert finding.verdict is Verdict.ALLOWED_WITH_CONDITIONS
    assert finding.human_review
    assert [one.element for one in value(finding).collect] == ["39_1.E6", "39_1.E5"]


@pytest.mark.parametrize("ground", GROUNDS)
def test_what_cannot_be_is_refused_and_named_all_at_once(ground: MatrixGround) -> None:
    bad = whole(
        ground,
        exhibits=(
            Exhibit("99.E9", "hearsay", Grade.G1, None, None, lawful=True),
            replace(whole(ground).exhibits[0], dated=DAY + timedelta(days=1)),
        ),
        steps={"pray": When.on(DAY), "certificate": When.on(DAY + timedelta(days=1))},
        last_month_wage=Decimal(-1),
    )
    with pytest.raises(EvidenceRejected) as refused:
        assessed(ground, bad)
    assert {one.code for one in refused.value.problems} == {
        "unknown_element",
        "unknown_exhibit",
        "unknown_step",
        "not_yet",
        "negative_money",
    }


def test_rules_that_were_not_law_on_the_day_are_for_a_person() -> None:
    ground, day = MatrixGround.OA56_8, date(2026, 6, 30)
    finding = assessed(ground, whole(ground, exhibits=(), steps={}), day)
    assert (finding.verdict, [one.fact for one in finding.missing]) == (Verdict.INDETERMINATE, ["relation_regime"])
    assert finding.human_review


def test_an_authority_not_yet_in_force_is_not_cited() -> None:
    """The second interpretation took effect on 1 September 2025: expiry before that day rests on the statute alone."""
    ground, day = MatrixGround.G44_1, date(2025, 8, 1)
    events = {event: one.replace(year=2025) for event, one in EVENTS.items()}
    dated = tuple(replace(one, dated=date(2025, 6, 1)) for one in whole(ground).exhibits)
    steps = {kind: When.on(when.day.replace(year=2025)) for kind, when in whole(ground).steps.items()}
    finding = assessed(
        ground, whole(ground, events=events, exhibits=dated, steps=steps, gate=gate(ground, as_of=day)), day
    )
    assert all(getattr(cite, "instrument") != "J2" for cite in finding.cites)  # noqa: B009
    assert finding.confidence is not Confidence.UNVERIFIED


SERVED = SeveranceFacts(Tenure(date(2023, 1, 12), date(2026, 7, 6)), Decimal(10000), Decimal(9000), None, 1)


@pytest.mark.parametrize(
    ("ground", "facts", "lawful", "unlawful"),
    [
        (G39_1, {}, "0", "70000.00"),
        (MatrixGround.G40_2, {Fact.PAID_IN_LIEU: True}, "43000.00", "70000.00"),
        (MatrixGround.G40_2, {Fact.PAID_IN_LIEU: False}, "35000.00", "70000.00"),
        (MatrixGround.G41, {}, "35000.00", "70000.00"),
        (MatrixGround.G36, {Fact.EMPLOYER_PROPOSED: False}, "0", "70000.00"),
        (MatrixGround.G44_1, {Fact.SEVERANCE_DUE: True}, "35000.00", "70000.00"),
        (MatrixGround.IR5_6, {}, "35000.00", None),
    ],
)
def test_what_is_at_stake(ground: MatrixGround, facts: dict[Fact, bool], lawful: str, unlawful: str | None) -> None:
    given_now = whole(ground, facts=FACTS | facts, severance=SERVED, last_month_wage=Decimal(8000))
    money = value(assessed(ground, given_now)).exposure
    assert money.lawful == Decimal(lawful)
    assert money.unlawful == (None if unlawful is None else Decimal(unlawful))
    assert money.back_pay is (Remedy.REINSTATEMENT in money.remedies)
    assert not money.unknown


def test_a_sum_that_cannot_be_computed_names_what_is_missing() -> None:
    ground = MatrixGround.G40_2
    money = value(assessed(ground, whole(ground, facts=FACTS | {Fact.PAID_IN_LIEU: True}))).exposure
    assert (money.pay, money.lawful, money.unlawful) == (PayRule.N_PLUS_1, None, None)
    assert [one.fact for one in money.unknown] == ["severance", "last_month_wage"]
    capless = whole(ground, severance=replace(SERVED, local_avg_month=None))
    assert [one.fact for one in value(assessed(ground, capless)).exposure.unknown] == [LOCAL_AVERAGE]


def test_a_policy_that_asks_for_nobody_leaves_the_union_step_out() -> None:
    row = {
        "key": "union.absent_policy",
        "zh": "没有工会时的做法",
        "en": "Policy where there is no union",
        "unit": "policy",
        "values": [
            {
                "from": date(2020, 1, 1),
                "region": "甲地",
                "value": "0",
                "source": {"instrument": "LCL", "article": 43},
                "checked_on": date(2026, 11, 22),
                "confidence": "L",
            }
        ],
    }
    params = statutory_parameters().with_values(read_key(row))
    steps = without_step(G39_1, "union_notice")
    given_now = whole(G39_1, steps=steps, facts=FACTS | {Fact.UNION_EXISTS: False})
    finding = assess(G39_1, given_now, as_of=DAY, region="甲地", params=params)
    assert (finding.verdict, finding.human_review) == (Verdict.ALLOWED, True)


def test_the_better_of_two_grades_is_never_needed_twice() -> None:
    """Any single exhibit of grade two or better is enough, for each element of each ground."""
    for ground in GROUNDS:
        for element, grade in ((one, g) for one in required(matrix()[ground]) for g in (Grade.G1, Grade.G2)):
            rest = tuple(one for one in whole(ground).exhibits if one.element != element.id)
            found = standings(assessed(ground, whole(ground, exhibits=(*rest, good(element, ground, grade)))))
            assert found[element.id] == "PROVED"


def test_grades_are_ordered() -> None:
    assert all(better < worse for better, worse in combinations(Grade, 2))
