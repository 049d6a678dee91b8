"""Stored findings: sealed, kept as they were, judged again beside the former one; risks that a person accepts."""

from __future__ import annotations

import dataclasses
import random
import typing
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from guiyan.compliance import actions, queries
from guiyan.compliance.enums import FindingKind
from guiyan.compliance.facts import FactsUnreadable, read
from guiyan.compliance.judging import GATES, MatrixFacts, Question, question_from, shape_of
from guiyan.compliance.models import AcceptedRisk, StoredFinding
from guiyan.kernel.results import Verdict
from guiyan.law.explain.document import plain
from guiyan.law.grounds import Ground
from guiyan.law.matrix.given import Exhibit
from guiyan.law.matrix.model import Event, Fact, Grade, MatrixGround
from guiyan.law.moments import When
from guiyan.law.protection import ProtectedEnding
from guiyan.law.resignation import Withdrawal
from guiyan.law.rulebook import RULEBOOK
from guiyan.law.version import law_version
from guiyan.people.queries import NotFound
from guiyan.platform.acting import Forbidden, Refused, Stale
from guiyan.platform.ids import new_id
from guiyan.platform.permissions import SYSTEM
from tests.process_db.world import World
from tests.separation.world import case_of, record

from .test_parameters import refused
from .world import AVERAGE, FACTS, MINIMUM, PREGNANT, ending, in_force, store

DAY = date(2026, 11, 23)


@pytest.fixture
def figures(world: World, monday: datetime) -> None:
    for figure in (AVERAGE, MINIMUM):
        in_force(world.lead, world.legal, figure, monday)


@pytest.mark.usefixtures("figures")
def test_a_finding_is_what_the_law_said_with_the_figures_of_the_place(world: World, monday: datetime) -> None:
    case = case_of(record(world, monday))
    made = store(world.hr, case.person_id, ending(), monday, case_id=case.id)
    assert made.verdict == "ALLOWED_WITH_CONDITIONS"
    view = queries.finding(world.lead, made.finding_id, on=DAY)
    assert view.result is not None and view.facts is not None
    money = view.result["value"]["money"]
    assert (money["base"], money["capped"], money["severance"]) == ("36921.00", True, "184605.00")
    assert view.row.law_version == law_version()
    assert {one["key"]: (one["from"], one["own"]) for one in view.parameters if one["own"]} == {
        "wage.local_avg_month": ("2026-07-01", "1"), "wage.min_month": ("2026-07-01", "1"),
    }  # fmt: skip
    assert question_from("ending", "40(2)", view.facts, DAY, "上海") == ending()
    assert [row.finding_id for row in queries.findings_of_case(world.hr2, case.id, on=DAY)] == [made.finding_id]


def test_without_a_figure_nothing_is_stored_and_the_figure_is_named(world: World, monday: datetime) -> None:
    person = world.person(world.zhou)
    with pytest.raises(Refused) as raised:
        store(world.hr, person, ending(), monday)
    assert raised.value.rule == "figure_missing"
    assert str(raised.value.text) == "上海在 2026-11-23 没有已复核的“本地月平均工资”，请先在参数页补充。"
    refused(lambda: store(world.hr, person, ending(region=None), monday), "region_missing")
    refused(lambda: store(world.hr, person, ending(region="火星"), monday), "region_unknown")
    wrong = replace(ending(), topic="39(2)")
    refused(lambda: store(world.hr, person, wrong, monday), "topic_unknown")
    refused(
        lambda: store(world.hr, person, Question(FindingKind.TOPIC, "a.b", FACTS, DAY, None), monday), "topic_unknown"
    )
    assert StoredFinding.objects.count() == 0


@pytest.mark.usefixtures("figures")
def test_only_who_serves_the_person_stores_and_reads(world: World, monday: datetime) -> None:
    person = world.person(world.zhou)
    made = store(world.hr, person, ending(), monday)
    for stranger in (world.zhou, world.chen, world.wu, world.it, world.finance, world.facilities, world.other):
        refused(partial(store, stranger, person, ending(), monday), "role_table", Forbidden)
        with pytest.raises(NotFound):
            queries.finding(stranger, made.finding_id, on=DAY)
        assert queries.findings_of_person(stranger, person, on=DAY) == ()
        how: dict[str, Any] = {"request_id": new_id(), "now": monday}
        refused(partial(actions.rejudge, stranger, made.finding_id, **how), "role_table", Forbidden)
        refused(partial(actions.accept_risk, stranger, made.finding_id, "x", **how), "role_table", Forbidden)
    refused(
        lambda: actions.accept_risk(world.hr, made.finding_id, "x", request_id=new_id(), now=monday),
        "role_table", Forbidden,
    )  # fmt: skip
    with pytest.raises(NotFound):
        queries.finding(world.lead, new_id(), on=DAY)
    store(SYSTEM, person, ending(), monday)
    assert StoredFinding.objects.count() == 2


@pytest.mark.usefixtures("figures")
def test_nothing_about_the_person_stands_in_the_open(world: World, monday: datetime) -> None:
    case = case_of(record(world, monday))
    made = store(
        world.hr, case.person_id, ending(statuses=PREGNANT, avg12=Decimal("45678.91")), monday, case_id=case.id
    )
    assert made.verdict == "PROHIBITED"
    row = StoredFinding.objects.get()
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(f)::text FROM compliance_storedfinding f")
        (columns,) = cursor.fetchone()
        cursor.execute("SELECT entry FROM ledger_entry WHERE type = 'finding.stored'")
        entry = bytes(cursor.fetchone()[0])
    for secret in ("pregnant", "45678.91", "周雨桐"):
        assert secret not in columns
        assert secret.encode() not in bytes(row.sealed_facts) + bytes(row.sealed_result) + entry
    for hidden in (str(case.person_id), str(case.id), "PROHIBITED", "40(2)"):
        assert hidden.encode() not in entry
    assert str(row.id).encode() in entry


@pytest.mark.usefixtures("figures")
def test_a_stored_finding_never_changes(world: World, monday: datetime) -> None:
    made = store(world.hr, world.person(world.zhou), ending(), monday)
    row = StoredFinding.objects.get(pk=made.finding_id)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        StoredFinding.objects.filter(pk=row.pk).update(verdict="ALLOWED")
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        row.delete()


@pytest.mark.usefixtures("figures")
def test_later_law_makes_a_new_finding_and_the_former_one_stays(
    world: World, monday: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = world.person(world.zhou)
    made = store(world.hr, person, ending(), monday)
    before = queries.finding(world.hr, made.finding_id, on=DAY)
    in_force(world.lead, world.legal, AVERAGE, monday, value="13000", effective_from=date(2026, 11, 1))
    monkeypatch.setattr("guiyan.compliance.actions.findings.law_version", lambda: "9.9.9+0123456789abcdef")
    again = actions.rejudge(world.hr, made.finding_id, request_id=new_id(), now=monday + timedelta(days=1))
    after = queries.finding(world.hr, again.finding_id, on=DAY)
    kept = queries.finding(world.hr, made.finding_id, on=DAY)
    assert (kept.facts, kept.result, kept.row.law_version) == (before.facts, before.result, before.row.law_version)
    assert (after.facts, after.row.supersedes, after.row.law_version[:5]) == (before.facts, made.finding_id, "9.9.9")
    assert after.result is not None and after.result["value"]["money"]["base"] == "39000.00"
    assert (kept.row.current, after.row.current) == (False, True)
    refused(
        lambda: actions.rejudge(world.lead, made.finding_id, request_id=new_id(), now=monday),
        "finding_superseded",
        Stale,
    )
    assert (queries.may_pass(made.finding_id), queries.may_pass(again.finding_id)) == (False, True)


@pytest.mark.usefixtures("figures")
def test_a_request_sent_twice_stores_and_judges_once(world: World, monday: datetime) -> None:
    person, request, again = world.person(world.zhou), new_id(), new_id()
    first = actions.store_finding(world.hr, person, ending(), request_id=request, now=monday)
    assert actions.store_finding(world.hr, person, ending(), request_id=request, now=monday) == first
    second = actions.rejudge(world.hr, first.finding_id, request_id=again, now=monday)
    assert actions.rejudge(world.hr, first.finding_id, request_id=again, now=monday) == second
    assert StoredFinding.objects.count() == 2


@pytest.mark.usefixtures("figures")
def test_a_risk_is_accepted_by_name_with_a_reason_and_only_where_nothing_is_forbidden(
    world: World, monday: datetime
) -> None:
    person = world.person(world.zhou)
    unknown = store(world.hr, person, ending(statuses=None), monday)
    assert unknown.verdict == "INDETERMINATE"
    assert not queries.may_pass(unknown.finding_id)

    def accept(finding: Any, reason: str = "已书面询问本人，限期未答。") -> None:
        actions.accept_risk(world.lead, finding.finding_id, reason, request_id=new_id(), now=monday)

    refused(lambda: accept(unknown, "  "), "reason_missing")
    accept(unknown)
    assert queries.risk_accepted(unknown.finding_id) and queries.may_pass(unknown.finding_id)
    refused(lambda: accept(unknown), "already_accepted", Stale)
    shown = queries.finding(world.hr, unknown.finding_id, on=DAY).row.risk
    assert shown is not None and (shown.accepted_by, shown.reason) == ("lead", "已书面询问本人，限期未答。")
    assert "未答".encode() not in bytes(AcceptedRisk.objects.get().sealed_reason)
    barred = store(world.hr, person, ending(statuses=PREGNANT), monday)
    late = ending(
        ground=Ground.G44_1, statuses=PREGNANT, contract_end=date(2026, 12, 31), contract_start=date(2022, 3, 1)
    )
    extended = store(world.hr, person, replace(late, topic="44(1)"), monday)
    assert (barred.verdict, extended.verdict) == ("PROHIBITED", "EXTENDED")
    for final in (barred, extended):
        refused(partial(accept, final), "final")
        assert not queries.may_pass(final.finding_id)
    fine = store(world.hr, person, ending(), monday)
    refused(lambda: accept(fine), "nothing_to_accept")
    assert AcceptedRisk.objects.count() == 1
    assert not queries.may_pass(new_id())


@pytest.mark.usefixtures("figures")
def test_what_is_unknown_is_never_stored_as_let_through(world: World, monday: datetime) -> None:
    """Take facts away at random: as soon as the law misses one, neither the row nor the gate lets through."""
    chance, person = random.Random(20261123), world.person(world.zhou)
    names = [field.name for field in dataclasses.fields(FACTS) if type(None) in typing.get_args(
        typing.get_type_hints(type(FACTS))[field.name])]  # fmt: skip
    missed = 0
    for _round in range(25):
        gone: dict[str, Any] = dict.fromkeys(chance.sample(names, chance.randint(1, 4)))
        made = store(world.hr, person, ending(**gone), monday)
        view = queries.finding(world.hr, made.finding_id, on=DAY)
        assert view.result is not None and view.result["verdict"]["code"] == made.verdict
        if view.result["missing"]:
            missed += 1
            assert made.verdict in {Verdict.INDETERMINATE, Verdict.PROHIBITED, Verdict.EXTENDED}
            assert not queries.may_pass(made.finding_id)
    assert missed > 10
    with pytest.raises(IntegrityError, match="finding_verdict_known"), transaction.atomic():
        StoredFinding.objects.create(
            person_id=person, kind="ending", topic="40(2)", verdict="", as_of=DAY, law_version="x", parameters=[],
            made_at=monday, sealed_facts=b"x", sealed_result=b"x",
        )  # fmt: skip


MATRIX = MatrixFacts(
    exhibits=(Exhibit("E1", "signed_paper", Grade(1), "hr", DAY, None),),
    steps={
        "written_notice": When(DAY, datetime.fromisoformat("2026-11-23T10:00:00+08:00")),
        "union_told": When(DAY, None),
    },
    events={next(iter(Event)): DAY},
    facts={next(iter(Fact)): True},
    protection=ProtectedEnding(PREGNANT, Ground.G40_2, None, None, None, None, None),
    severance=None,
    last_month_wage=Decimal("1234.50"),
)


def test_facts_read_back_as_they_were_written() -> None:
    for shape, facts in ((type(FACTS), FACTS), (MatrixFacts, MATRIX), (Withdrawal, Withdrawal.nothing_known())):
        assert read(shape, plain(facts)) == facts
    told = plain(FACTS)
    older = {name: value for name, value in told.items() if name != "union_exists"}
    assert read(type(FACTS), older) == replace(FACTS, union_exists=None)
    wrongs: tuple[Any, ...] = (
        {**told, "avg12": 50000.0}, {**told, "last_day": "2026-13-01"}, {**told, "more": 1}, {**told, "ground": "99"},
        {**told, "in_probation": "no"}, {**told, "statuses": "pregnant"}, {"ground": "40(2)"}, None, [],
    )  # fmt: skip
    for wrong in wrongs:
        with pytest.raises(FactsUnreadable):
            read(type(FACTS), wrong)


@pytest.mark.parametrize("topic", [*RULEBOOK, *GATES])
def test_the_facts_of_every_rule_can_be_kept(topic: str) -> None:
    """Each rule's facts are made of types that can be read back: found by their hints, before anybody needs it."""
    shape = shape_of("topic", topic)
    assert dataclasses.is_dataclass(shape)
    with pytest.raises(FactsUnreadable):
        read(shape, {"no": "such"})


def test_the_matrix_is_judged_with_a_gate_asked_anew(world: World, monday: datetime) -> None:
    person = world.person(world.zhou)
    facts = replace(MATRIX, exhibits=(), steps={}, events={}, facts={}, last_month_wage=None)
    question = Question(FindingKind.MATRIX, MatrixGround("40(2)").value, facts, DAY, None)
    barred = store(world.hr, person, question, monday)
    unasked = store(world.hr, person, replace(question, facts=replace(facts, protection=None)), monday)
    assert (barred.verdict, unasked.verdict) == ("PROHIBITED", "INDETERMINATE")
    view = queries.finding(world.hr, unasked.finding_id, on=DAY)
    assert view.result is not None and "gate" in {one["fact"] for one in view.result["missing"]}
