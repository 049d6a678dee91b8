"""What a change does to stored findings and open cases: exactly those that change, before it counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from guiyan.compliance import actions, hookspecs, queries
from guiyan.compliance.actions import impact as acting
from guiyan.compliance.enums import RunState, Severity
from guiyan.compliance.hookspecs import OpenCase
from guiyan.compliance.judging import NOT_COMPUTED, Answer, answer_of, severity
from guiyan.compliance.models import ImpactRow, ImpactRun, StoredFinding
from guiyan.compliance.queries import comparing
from guiyan.compliance.tasks import compute_impact
from guiyan.law.ending import CapAndFloor
from guiyan.people.queries import NotFound, viewer_for
from guiyan.platform.acting import Refused
from guiyan.platform.ids import new_id
from guiyan.platform.models import RoleGrant, SubjectKey, User
from tests.people.world import hire, unit
from tests.process_db.world import World, account

from .world import AVERAGE, MINIMUM, PREGNANT, ending, in_force, propose, store

DAY = date(2026, 11, 23)


@pytest.fixture
def figures(world: World, monday: datetime) -> None:
    for figure in (AVERAGE, MINIMUM):
        in_force(world.lead, world.legal, figure, monday)


def run(world: World, now: datetime, **change: Any) -> UUID:
    return actions.run_impact(world.legal, request_id=new_id(), now=now, **change)


@pytest.mark.usefixtures("figures")
def test_exactly_the_answers_that_a_figure_changes_are_found(world: World, monday: datetime) -> None:
    person = world.person(world.zhou)
    capped = store(world.hr, person, ending(), monday)
    below = store(world.hr, person, ending(avg12=Decimal(20000)), monday)
    elsewhere = store(world.hr, person, ending(region=None, cap_and_floor=CapAndFloor.NOT_ASKED), monday)
    barred = store(world.hr, person, ending(statuses=PREGNANT), monday)
    earlier = store(world.hr, person, ending(as_of=date(2026, 10, 31)), monday)
    own = propose(world.lead, AVERAGE, monday, value="13000", effective_from=date(2026, 11, 1))
    page = queries.impact(world.legal, run(world, monday, proposals=[own]), on=DAY, limit=99)
    assert {row.finding_id for row in page.rows} == {capped.finding_id, barred.finding_id}
    assert {below.finding_id, elsewhere.finding_id, earlier.finding_id} & {row.finding_id for row in page.rows} == set()
    assert (page.run.looked_at, page.run.changed, page.run.by_severity) == (5, 2, ((Severity.MONEY, 2),))
    shown = next(row for row in page.rows if row.finding_id == capped.finding_id)
    assert (shown.before, shown.after, shown.person) == ("ALLOWED_WITH_CONDITIONS",) * 2 + ("周雨桐",)
    changes = {one.path: (one.before, one.after) for one in shown.changes}
    assert changes["money.severance"] == ("184605.00", "195000.00")
    assert changes["money.base"] == ("36921.00", "39000.00")
    assert queries.parameters_of_tenant().at("wage.local_avg_month", as_of=DAY, region="上海").number == 12307


@pytest.mark.usefixtures("figures")
def test_a_withdrawal_leaves_answers_that_cannot_be_computed_and_they_come_first(
    world: World, monday: datetime
) -> None:
    person = world.person(world.zhou)
    store(world.hr, person, ending(), monday)
    own = in_force(world.lead, world.legal, AVERAGE, monday, value="13000", effective_from=date(2026, 11, 1))
    lost = [view.own_id for view in queries.figures(world.legal, on=DAY)[2].values if view.figure == "12307"]
    page = queries.impact(world.legal, run(world, monday, withdrawals=[own, *lost]), on=DAY)
    assert [(row.severity, row.before, row.after) for row in page.rows] == [
        (Severity.UNKNOWN, "ALLOWED_WITH_CONDITIONS", NOT_COMPUTED)
    ]
    page = queries.impact(world.legal, run(world, monday, withdrawals=[own]), on=DAY)
    assert [row.severity for row in page.rows] == [Severity.MONEY]


@pytest.mark.usefixtures("figures")
def test_the_law_installed_is_held_against_what_was_stored(
    world: World, monday: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = world.person(world.zhou)
    made = store(world.hr, person, ending(), monday)
    fine = store(world.hr, person, ending(statuses=PREGNANT), monday)
    assert queries.impact(world.legal, run(world, monday), on=DAY).rows == ()
    real = answer_of

    def stricter(question: Any, params: Any) -> Answer:
        found = real(question, params)
        return Answer("PROHIBITED", found.value) if found.verdict.startswith("ALLOWED") else found

    monkeypatch.setattr(comparing, "answer_of", stricter)
    page = queries.impact(world.legal, run(world, monday), on=DAY)
    assert [(row.finding_id, row.severity, row.before, row.after) for row in page.rows] == [
        (made.finding_id, Severity.CLOSED, "ALLOWED_WITH_CONDITIONS", "PROHIBITED")
    ]
    assert fine.verdict == "PROHIBITED"
    monkeypatch.undo()
    again = actions.rejudge(world.hr, made.finding_id, request_id=new_id(), now=monday)
    later = run(world, monday + timedelta(hours=1))
    assert queries.impact(world.legal, later, on=DAY).run.looked_at == 2
    assert again.finding_id != made.finding_id


@pytest.mark.usefixtures("figures")
def test_facts_that_the_rule_no_longer_takes_are_an_answer_lost(world: World, monday: datetime) -> None:
    person = world.person(world.zhou)
    made = store(world.hr, person, ending(), monday)
    row = StoredFinding.objects.get(pk=made.finding_id)
    row.pk, row.supersedes, row.topic = new_id(), None, "99(9)"
    row.sealed_facts, row.sealed_result = (_moved(row, made.finding_id, field) for field in ("facts", "result"))
    row.save(force_insert=True)
    page = queries.impact(world.legal, run(world, monday), on=DAY)
    assert [(one.finding_id, one.after, one.severity) for one in page.rows] == [
        (row.pk, NOT_COMPUTED, Severity.UNKNOWN)
    ]


def _moved(row: StoredFinding, old: UUID, field: str) -> bytes:
    """Seal what another row holds for this one."""
    from guiyan.compliance import sealing

    former = StoredFinding.objects.get(pk=old)
    text = sealing.Opened([former]).text(former, field)
    assert text is not None
    return sealing.seal(row, field, text)


class Cases:
    """One open case, as a context above would tell it."""

    name = "test"

    def __init__(self, person: UUID) -> None:
        self.case = OpenCase(new_id(), person, "LZ-2026-00001", "ending", "40(2)", ending().facts, DAY, "上海")

    def person_of(self, case_id: UUID) -> UUID | None:
        return self.case.person_id if case_id == self.case.case_id else None

    def open_cases(self, on: date) -> Iterable[OpenCase]:
        return (self.case,)


@pytest.fixture
def cases(world: World) -> Iterator[Cases]:
    source = Cases(world.person(world.zhou))
    hookspecs.register_open_cases(source)
    yield source
    hookspecs.drop_open_cases("test")


@pytest.mark.usefixtures("figures")
def test_open_cases_are_judged_with_and_without_the_figure(world: World, monday: datetime, cases: Cases) -> None:
    own = propose(world.lead, AVERAGE, monday, value="13000", effective_from=date(2026, 11, 1))
    page = queries.impact(world.legal, run(world, monday, proposals=[own]), on=DAY)
    assert [(row.case_id, row.number, row.finding_id, row.severity) for row in page.rows] == [
        (cases.case.case_id, "LZ-2026-00001", None, Severity.MONEY)
    ]
    none = queries.impact(world.legal, run(world, monday), on=DAY)
    assert (none.rows, none.run.looked_at) == ((), 0)


@pytest.mark.usefixtures("figures")
def test_a_viewer_sees_the_rows_of_those_whom_they_serve_and_how_many_more_there_are(
    world: World, monday: datetime
) -> None:
    far = unit("FAR", "外地分公司", None, monday)
    stranger = hire("外地员工", "F001", far, world.post, monday)
    store(world.hr, world.person(world.zhou), ending(), monday)
    store(world.hr, stranger.person_id, ending(), monday)
    own = propose(world.lead, AVERAGE, monday, value="13000", effective_from=date(2026, 11, 1))
    made = run(world, monday, proposals=[own])
    account("hr-far", monday)
    user = User.objects.get(username="hr-far")
    RoleGrant.objects.create(user=user, role="hr", unit_id=far, granted_at=monday)
    local = viewer_for(user, on=DAY, auth="password")
    page = queries.impact(local, made, on=DAY)
    assert ([row.person for row in page.rows], page.visible, page.hidden) == (["外地员工"], 1, 1)
    finance = queries.impact(world.finance, made, on=DAY)
    assert (finance.rows, finance.hidden) == ((), 2)
    with pytest.raises(NotFound):
        queries.impact(world.chen, made, on=DAY)
    with pytest.raises(NotFound):
        queries.impact(world.legal, new_id(), on=DAY)


@pytest.mark.usefixtures("figures")
def test_more_than_a_batch_is_a_job_that_goes_on_where_it_stopped(
    world: World, monday: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acting, "BATCH", 2)
    people = [hire(f"员工{index}", f"B{index}", world.team, world.post, monday).person_id for index in range(5)]
    made = [store(world.hr, person, ending(), monday).finding_id for person in people]
    own = propose(world.lead, AVERAGE, monday, value="13000", effective_from=date(2026, 11, 1))
    started = run(world, monday, proposals=[own])
    row = ImpactRun.objects.get(pk=started)
    assert (row.state, row.total, row.done) == (RunState.RUNNING, 5, 0)
    with pytest.raises(Refused) as refused:
        actions.check_parameter(world.legal, own, started, request_id=new_id(), now=monday)
    assert refused.value.rule == "impact_unseen"
    assert actions.advance(world.legal, started, now=monday) is False
    assert queries.impact(world.legal, started, on=DAY).run.looked_at == 2
    store(world.hr, people[0], ending(), monday + timedelta(hours=1))
    compute_impact(str(started))
    assert actions.advance(world.legal, started, now=monday) is True
    page = queries.impact(world.legal, started, on=DAY)
    assert sorted(row.finding_id for row in page.rows if row.finding_id) == sorted(made)
    assert (page.run.looked_at, page.run.done) == (5, True)
    second = queries.impact(world.legal, started, page=2, size=3, on=DAY)
    assert (len(second.rows), second.visible) == (2, 5)


@pytest.mark.usefixtures("figures")
def test_answers_of_a_run_are_sealed_and_an_erased_person_is_counted_not_judged(world: World, monday: datetime) -> None:
    person = world.person(world.zhou)
    store(world.hr, person, ending(avg12=Decimal("45678.91")), monday)
    own = propose(world.lead, AVERAGE, monday, value="13000", effective_from=date(2026, 11, 1))
    made = run(world, monday, proposals=[own])
    row = ImpactRow.objects.get()
    assert b"36921" not in bytes(row.sealed_before) and b"39000" not in bytes(row.sealed_after)
    SubjectKey.objects.filter(subject_id=person).update(wrapped=None, destroyed_at=monday)
    page = queries.impact(world.legal, made, on=DAY)
    assert [(one.before, one.after, one.changes) for one in page.rows] == [(None, None, ())]
    again = queries.impact(world.legal, run(world, monday, proposals=[own]), on=DAY)
    assert (again.run.skipped, again.rows) == (1, ())


@pytest.mark.parametrize(
    ("before", "after", "means"),
    [
        (Answer("ALLOWED", 1), Answer("ALLOWED", 1), None),
        (Answer("ALLOWED", {"a": "12"}), Answer("ALLOWED", {"a": "12.00"}), None),
        (Answer("ALLOWED", 1), Answer("PROHIBITED", 1), Severity.CLOSED),
        (Answer("INDETERMINATE", 1), Answer("EXTENDED", 1), Severity.CLOSED),
        (Answer("ALLOWED", 1), Answer("INDETERMINATE", 1), Severity.UNKNOWN),
        (Answer("PROHIBITED", 1), Answer(NOT_COMPUTED, None, "wage.min_month"), Severity.UNKNOWN),
        (Answer("PROHIBITED", 1), Answer("ALLOWED", 1), Severity.OPENED),
        (Answer("INDETERMINATE", 1), Answer("ALLOWED_WITH_CONDITIONS", 1), Severity.OPENED),
        (Answer("ALLOWED", 1), Answer("ALLOWED_WITH_CONDITIONS", 1), Severity.VERDICT),
        (Answer("", {"a": "1.00"}), Answer("", {"a": "2.00"}), Severity.MONEY),
        (Answer("", {"a": "2026-01-01"}), Answer("", {"a": "2026-01-02"}), Severity.DAYS),
        (Answer("", {"a": ["x"]}), Answer("", {"a": ["x", "y"]}), Severity.CONTENT),
        (Answer("", {"a": "2026-01-01", "b": "1"}), Answer("", {"a": None, "b": "2"}), Severity.MONEY),
        (Answer(NOT_COMPUTED, None, "a"), Answer(NOT_COMPUTED, None, "b"), Severity.UNKNOWN),
    ],
)
def test_what_a_change_means(before: Answer, after: Answer, means: Severity | None) -> None:
    assert severity(before, after) is means
