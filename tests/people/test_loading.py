"""Loading a roster: all or nothing, nothing twice, reconciled, and undone until somebody has built on it."""

from __future__ import annotations

import threading
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from guiyan.ledger.models import Entry
from guiyan.people import actions, queries
from guiyan.people.importing import Plan, build_plan
from guiyan.people.models import (
    Assignment,
    EmploymentSpell,
    ImportBatch,
    ImportedRow,
    Person,
    PersonChange,
    Post,
    SensitiveValue,
    Unit,
    Wage,
)
from guiyan.people.queries import NotFound, PeopleFilter
from guiyan.platform import tenancy
from guiyan.platform.acting import Refused, Stale
from guiyan.platform.ids import new_id
from guiyan.platform.permissions import SYSTEM, Held, Viewer
from tests.people.importing.rosters import HEADS, person, workbook
from tests.people.world import build, grown, hire, row_counts

ROSTER = Path(__file__).parents[1] / "data" / "staff_roster.xlsx"
AS_OF = date(2026, 11, 24)
ROWS = 341
LEAD = Viewer(new_id(), None, "lead", (Held("hr_lead"),), auth="password")


def plan_of(*rows: Any, data: bytes | None = None, answers: dict[str, str] | None = None) -> Plan:
    """Plan rows in the order of the usual headers, over what is stored."""
    book = data or workbook([list(HEADS), *(list(row) for row in rows)])
    return build_plan(book, "花名册.xlsx", as_of=AS_OF, known=queries.known_people(LEAD), answers=answers)


def load(plan: Plan, now: datetime, **more: Any) -> Any:
    return actions.load_import(LEAD, plan, request_id=more.pop("request_id", new_id()), now=now, **more)


def undo(batch: Any, now: datetime) -> dict[str, int]:
    return actions.reverse_import(LEAD, batch, reason="导错了文件", request_id=new_id(), now=now)


def test_a_real_roster_is_loaded_reconciled_and_a_second_load_adds_nothing(tenant: Any, now: datetime) -> None:
    data = ROSTER.read_bytes()
    plan = plan_of(data=data)
    told: list[tuple[int, int]] = []
    load(plan, now, progress=lambda done, total: told.append((done, total)))
    assert Person.objects.count() == plan.reconciliation.people == ROWS
    assert (
        queries.list_people(LEAD, PeopleFilter(status="on_board"), on=AS_OF).total == plan.reconciliation.spells_active
    )
    assert queries.list_people(LEAD, PeopleFilter(status="ended"), on=AS_OF).total == plan.reconciliation.spells_ended
    for department in plan.departments:
        assert Unit.objects.filter(name=department.path[-1]).exists()
    tree = {node.path: node for node in queries.unit_tree(LEAD, on=AS_OF)}
    top = [department for department in plan.departments if len(department.path) == 1]
    assert {node.name: node.people for node in tree.values() if node.depth == 1} == {
        department.path[0]: department.active for department in top
    }
    wages = {each.field: each.accepted for each in plan.reconciliation.wages}
    assert _base_wages() == wages["base_wage"]
    assert told[-1][0] == told[-1][1] > 2000
    assert [done for done, _total in told] == sorted(done for done, _total in told)
    again = plan_of(data=data)
    assert again.changes_nothing
    before = row_counts()
    load(again, now)
    assert grown(before, row_counts()) == {"people_importbatch": 1, "platform_requestseen": 1, "ledger_entry": 1}


def _base_wages() -> Decimal:
    profiles = (queries.profile(LEAD, each, on=AS_OF) for each in Person.objects.values_list("id", flat=True))
    wages = [wage for shown in profiles for spell in shown.spells for wage in spell.wages or ()]
    return sum((wage.base for wage in wages if wage.base is not None), Decimal(0))


def test_what_was_loaded_is_proved_for_the_batch_and_for_each_person(tenant: Any, now: datetime) -> None:
    before = Entry.objects.count()
    load(plan_of(person(1), person(2)), now)
    types = list(Entry.objects.order_by("id").values_list("type", flat=True)[before:])
    assert types == ["import.loaded", "person.hired", "person.hired"]
    log = b"".join(bytes(each) for each in Entry.objects.values_list("entry", flat=True))
    assert "张四".encode() not in log and b"A001" not in log


def test_the_same_plan_twice_is_outdated_and_writes_nothing(tenant: Any, now: datetime) -> None:
    plan, request = plan_of(person(1)), new_id()
    first = load(plan, now, request_id=request)
    assert load(plan, now, request_id=request) == first, "the same request has the same answer"
    before = row_counts()
    with pytest.raises(Stale, match="plan_outdated"):
        load(plan, now)
    assert grown(before, row_counts()) == {"platform_refusal": 1, "ledger_entry": 1}


def test_two_loads_of_one_file_at_once_bring_its_people_once(committing: Any, now: datetime) -> None:
    plan = plan_of(person(1), person(2))
    start = threading.Barrier(2)
    outcomes: list[str] = []

    def work() -> None:
        with tenancy.session(committing):
            start.wait(10)
            try:
                load(plan, now)
                outcomes.append("loaded")
            except Refused as refusal:
                outcomes.append(refusal.rule)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["loaded", "plan_outdated"]
    assert Person.objects.count() == 2


def test_a_number_given_to_somebody_else_meanwhile_stops_the_whole_load(tenant: Any, now: datetime) -> None:
    world = build(now)
    plan = plan_of(person(11), person(12))
    hire("另一人", "A012", world.team, world.post, now)
    before = row_counts()
    with pytest.raises(Stale, match="plan_outdated"):
        load(plan, now)
    change = grown(before, row_counts())
    change.pop("platform_subjectkey", None)  # a first refusal also gives the viewer a pseudonym's key
    assert change == {"platform_refusal": 1, "ledger_entry": 1}


def test_changed_rows_change_only_what_changed(tenant: Any, now: datetime) -> None:
    load(plan_of(person(1), person(2)), now)
    changes = {
        "联系电话": "13900000001",
        "基本工资": 9500.0,
        "部门": "测试部",
        "岗位": "测试工程师",
        "合同终止": date(2029, 2, 28),
    }
    plan = plan_of(person(1, **changes), person(2))
    assert [(each.name, each.status) for each in plan.people] == [("张四", "update"), ("张五", "same")]
    load(plan, now)
    assert plan_of(person(1, **changes), person(2)).changes_nothing
    one = Person.objects.get(name="张四")
    spell = queries.profile(LEAD, one.id, on=AS_OF).spells[0]
    assert [(place.unit, place.post, place.valid_from, place.valid_to) for place in spell.assignments] == [
        ("研发部", "工程师", date(2022, 3, 1), date(2026, 11, 23)),
        ("测试部", "测试工程师", AS_OF, None),
    ]
    assert [(wage.valid_from, wage.base) for wage in spell.wages or ()] == [
        (date(2022, 3, 1), Decimal(9000)),
        (AS_OF, Decimal(9500)),
    ]
    assert [contract.end_on for contract in spell.contracts or ()] == [date(2029, 2, 28)]
    assert actions.reveal_sensitive(LEAD, one.id, "mobile", reason="核对", now=now) == "13900000001"


def test_managers_are_linked_within_the_file_and_to_those_on_file(tenant: Any, now: datetime) -> None:
    load(plan_of(person(1), person(2, 直接上级="A001")), now)
    load(plan_of(person(3, 直接上级="A002")), now)
    boss, middle, last = (Person.objects.get(name=name) for name in ("张四", "张五", "张六"))
    assert queries.direct_manager_of(last.id, AS_OF) == queries.PersonBrief(middle.id, "张五")
    assert queries.chain_above(last.id, AS_OF) == {boss.id, middle.id}


def _snapshot() -> dict[str, list[Any]]:
    """Return every row that a load could touch, value by value."""
    models = (Unit, Post, Person, SensitiveValue, EmploymentSpell, Assignment, Wage)
    return {model.__name__: list(model._default_manager.order_by("pk").values_list()) for model in models}


def test_undoing_brings_back_exactly_what_was(tenant: Any, now: datetime) -> None:
    load(plan_of(person(1), person(2)), now)
    before = _snapshot()
    changes = {"联系电话": "13900000001", "基本工资": 9500.0, "部门": "测试部", "姓名": "张四"}
    batch = load(plan_of(person(1, **changes), person(3)), now)
    assert _snapshot() != before
    assert undo(batch, now)["restored"] >= 2
    assert _snapshot() == before
    assert ImportBatch.objects.get(pk=batch).state == "reversed"
    assert Entry.objects.latest("id").type == "import.reversed"
    with pytest.raises(Stale, match="batch_is_reversed"):
        undo(batch, now)


def test_undoing_the_first_load_leaves_an_empty_house_and_its_record(tenant: Any, now: datetime) -> None:
    batch = load(plan_of(person(1), person(2)), now)
    undo(batch, now)
    assert all(rows == [] for rows in _snapshot().values())
    assert PersonChange.objects.count() == 2, "that they were loaded stays on record"
    assert ImportedRow.objects.filter(batch_id=batch).exists()
    load(plan_of(person(1), person(2)), now)
    assert Person.objects.count() == 2


def _correct(one: Person, _other: Person, now: datetime) -> None:
    actions.correct_person(LEAD, one.id, {"education": "博士"}, reason="更正", request_id=new_id(), now=now)


def _end(one: Person, _other: Person, now: datetime) -> None:
    spell = EmploymentSpell.objects.get(person=one)
    actions.end_spell(SYSTEM, spell.id, AS_OF, "agreement", request_id=new_id(), now=now)


def _account(one: Person, _other: Person, now: datetime) -> None:
    actions.make_account_for(LEAD, one.id, username="zhangsi", password="correct-horse-7", request_id=new_id(), now=now)


def _manage(one: Person, other: Person, now: datetime) -> None:
    place = Assignment.objects.get(spell__person=other)
    move = actions.Move(place.unit_id, place.post_id, AS_OF, manager_id=one.id)
    actions.transfer(LEAD, other.id, move, request_id=new_id(), now=now)


def _head(one: Person, other: Person, now: datetime) -> None:
    unit_id = Assignment.objects.get(spell__person=other).unit_id
    actions.set_unit_manager(LEAD, unit_id, one.id, AS_OF, request_id=new_id(), now=now)


def _move_in(one: Person, other: Person, now: datetime) -> None:
    place = Assignment.objects.get(spell__person=one)
    move = actions.Move(place.unit_id, place.post_id, AS_OF)
    actions.transfer(LEAD, other.id, move, request_id=new_id(), now=now)


def _load_again(one: Person, _other: Person, now: datetime) -> None:
    load(plan_of(person(1, 工号="A901", 部门="新部门", 联系电话="13900000009")), now)


def _elsewhere(one: Person, _other: Person, now: datetime) -> None:
    PersonChange.objects.create(person_id=one.id, act="separation.submit", user_id=None, at=now)


@pytest.mark.parametrize(
    ("act", "named"),
    [
        (_correct, "张四"),
        (_end, "张四"),
        (_account, "张四"),
        (_manage, "旧人"),
        (_head, "张四"),
        (_move_in, "旧人"),
        (_load_again, "张四"),
        (_elsewhere, "张四"),
    ],
)
def test_a_load_that_somebody_built_on_is_not_undone_and_they_are_named(
    tenant: Any, now: datetime, settings: Any, act: Any, named: str
) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    world = build(now)
    old = hire("旧人", "OLD1", world.right, world.other_post, now)
    batch = load(plan_of(person(1, 工号="A901", 部门="新部门"), person(2, 工号="A902", 部门="新部门")), now)
    one, other = Person.objects.get(name="张四"), Person.objects.get(pk=old.person_id)
    act(one, other, now)
    before = _snapshot()
    with pytest.raises(actions.ActedSince) as refused:
        undo(batch, now)
    assert named in {each.person for each in refused.value.acts}
    assert named in str(refused.value.text)
    assert _snapshot() == before


def test_an_unknown_batch_and_a_missing_reason(tenant: Any, now: datetime) -> None:
    with pytest.raises(NotFound):
        undo(new_id(), now)
    batch = load(plan_of(person(1)), now)
    with pytest.raises(Refused, match="reason_missing"):
        actions.reverse_import(LEAD, batch, reason=" ", request_id=new_id(), now=now)


def test_loads_are_listed_with_what_they_brought(tenant: Any, now: datetime) -> None:
    load(plan_of(person(1), person(2)), now)
    shown = queries.import_batches(LEAD)
    assert [(each.filename, each.counts["people_new"], each.state) for each in shown] == [("花名册.xlsx", 2, "loaded")]
    with pytest.raises(NotFound):
        queries.import_batches(Viewer(None, None, "", (Held("manager"),)))
    with pytest.raises(NotFound):
        queries.known_people(Viewer(None, None, "", (Held("hr", frozenset()),)))


def test_known_people_are_read_without_writing_and_by_the_same_few_queries(tenant: Any, now: datetime) -> None:
    from django.test.utils import CaptureQueriesContext

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            queries.known_people(LEAD)
        assert not [each for each in captured.captured_queries if each["sql"].startswith(("INSERT", "UPDATE"))]
        return len(captured.captured_queries)

    load(plan_of(person(1, 备注="借调")), now)
    one = count()
    load(plan_of(*(person(index) for index in range(2, 9))), now)
    assert count() == one


def test_leavers_and_those_who_will_leave_keep_their_dates(tenant: Any, now: datetime) -> None:
    heads = [*HEADS, "离职日期", "离职原因"]
    rows = [
        [*person(1), date(2026, 6, 30), "个人原因"],
        [*person(2), date(2027, 1, 31), "合同到期"],
    ]
    told = {"花名册!3!leave_date!leave_in_future": "planned"}
    load(plan_of(data=workbook([heads, *rows]), answers=told), now)
    gone, leaving = EmploymentSpell.objects.order_by("number")
    assert (gone.status, gone.ended_on, gone.end_kind) == ("ended", date(2026, 6, 30), "unknown")
    assert (leaving.status, leaving.planned_end_on, leaving.ended_on) == ("leaving", date(2027, 1, 31), None)
    assert gone.sealed_reason is not None and "个人".encode() not in bytes(gone.sealed_reason)
    assert plan_of(data=workbook([heads, *rows]), answers=told).changes_nothing


def test_pay_by_percentage_and_pay_without_a_base_are_kept(tenant: Any, now: datetime) -> None:
    rows = [person(1, 绩效工资="20%"), person(2, 基本工资=None, 绩效工资=1500.0)]
    load(plan_of(*rows), now)
    wages = {
        each.name: (queries.profile(LEAD, each.id, on=AS_OF).spells[0].wages or ())[0] for each in Person.objects.all()
    }
    assert (wages["张四"].performance_kind, wages["张四"].performance) == ("percent", Decimal(20))
    assert (wages["张五"].base, wages["张五"].performance) == (None, Decimal(1500))
    assert plan_of(*rows).changes_nothing
