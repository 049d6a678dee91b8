"""Lists, profiles and the organisation: who is found, in which order, by how many queries."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guiyan.people import actions, names, queries
from guiyan.people.models import EmploymentSpell, Person
from guiyan.people.queries import NotFound, PeopleFilter, PersonRef
from guiyan.platform.ids import new_id
from guiyan.platform.models import RoleGrant, User
from guiyan.platform.permissions import SYSTEM, Held, Viewer
from tests.people.world import World, build, hire, unit

LIST_QUERIES = 2
"""The rows of the page with what they show, and who heads the units."""
PROFILE_QUERIES = 13


@pytest.fixture
def world(tenant: Any, now: datetime) -> World:
    return build(now)


def _found(viewer: Viewer, filters: PeopleFilter, world: World, sort: str = "number") -> list[str]:
    return [row.name for row in queries.list_people(viewer, filters, sort, on=world.now.date()).rows]


FILTERS = [
    (PeopleFilter(), ["陈立衡", "周雨桐", "何佳宁", "罗文博", "顾清扬"]),
    (PeopleFilter(text="雨桐"), ["周雨桐"]),
    (PeopleFilter(text="zhouyu"), ["周雨桐"]),
    (PeopleFilter(text="ZYT"), ["周雨桐"]),
    (PeopleFilter(text="a003"), ["何佳宁"]),
    (PeopleFilter(text="a00 chen"), ["陈立衡"]),
    (PeopleFilter(text="周雨桐 a001"), []),
    (PeopleFilter(text="%"), []),
    (PeopleFilter(status="active"), ["陈立衡", "周雨桐", "何佳宁"]),
    (PeopleFilter(status="leaving"), ["顾清扬"]),
    (PeopleFilter(status="ended"), ["罗文博"]),
    (PeopleFilter(status="on_board"), ["陈立衡", "周雨桐", "何佳宁", "顾清扬"]),
    (PeopleFilter(hired_from=date(2022, 3, 2)), []),
    (PeopleFilter(hired_from=date(2022, 3, 1), hired_to=date(2022, 3, 1), status="ended"), ["罗文博"]),
    (PeopleFilter(in_probation=True), []),
    (PeopleFilter(contract_kind="fixed_term"), ["周雨桐"]),
    (PeopleFilter(contract_kind="open_ended"), []),
    (PeopleFilter(ending_within_days=20), ["顾清扬"]),
    (PeopleFilter(ending_within_days=19), []),
    (PeopleFilter(ending_within_days=96), ["周雨桐", "顾清扬"]),
    (PeopleFilter(ending_within_days=95), ["顾清扬"]),
]


@pytest.mark.parametrize(("filters", "expected"), FILTERS)
def test_filters_find_exactly_whom_they_say(world: World, filters: PeopleFilter, expected: list[str]) -> None:
    assert _found(world.viewer("hr_lead", "other"), filters, world) == expected


def test_a_unit_takes_in_what_lies_below_and_a_post_everybody_of_it(world: World) -> None:
    lead = world.viewer("hr_lead", "other")
    assert _found(lead, PeopleFilter(unit_id=world.left), world) == ["陈立衡", "周雨桐", "罗文博", "顾清扬"]
    assert _found(lead, PeopleFilter(unit_id=world.team, status="on_board"), world) == ["周雨桐", "顾清扬"]
    assert _found(lead, PeopleFilter(post_id=world.other_post), world) == ["何佳宁"]
    assert _found(lead, PeopleFilter(unit_id=new_id()), world) == []


def test_probation_is_read_from_the_day(world: World, now: datetime) -> None:
    hire("新人", "B001", world.team, world.post, now, hired_on=now.date() - timedelta(days=10))
    hire("将到", "B002", world.team, world.post, now, hired_on=now.date() + timedelta(days=10))
    lead = world.viewer("hr_lead", "other")
    assert _found(lead, PeopleFilter(in_probation=True), world) == ["新人"]
    assert "将到" in _found(lead, PeopleFilter(in_probation=False), world)
    row = next(row for row in queries.list_people(lead, on=now.date()).rows if row.name == "将到")
    assert row.unit == "客户成功一组", "somebody who is still to come is shown where they will work"


def test_filtering_by_contract_reveals_nothing_to_those_who_may_not_see_contracts(world: World) -> None:
    finance = world.viewer("finance", "other")
    assert len(_found(finance, PeopleFilter(), world)) == 5
    assert _found(finance, PeopleFilter(contract_kind="fixed_term"), world) == []
    assert _found(finance, PeopleFilter(ending_within_days=96), world) == ["顾清扬"]


def test_a_row_shows_contract_and_telephone_to_those_alone_who_may_see_them(world: World) -> None:
    def shown(role: str, situation: str) -> tuple[str, Any, str]:
        rows = queries.list_people(world.viewer(role, situation), on=world.now.date()).rows
        row = next(row for row in rows if row.person_id == world.subject)
        return row.contract_kind, row.contract_end, row.mobile

    assert shown("hr_lead", "other") == ("fixed_term", date(2027, 2, 28), "142****6021")
    assert shown("finance", "other")[:2] == ("", None)
    assert shown("manager", "manages")[2] == ""


def test_a_row_names_the_manager_whom_everything_else_names(world: World, now: datetime) -> None:
    day = now.date()
    deputy = hire("副手", "D001", world.team, world.post, now, manager=world.outsider)
    former = hire("前任", "D002", world.team, world.post, now)
    hire("组员", "D003", world.team, world.post, now, manager=former.person_id)
    actions.end_spell(SYSTEM, former.spell_id, date(2026, 11, 1), "resignation", request_id=new_id(), now=now)
    for where, who in ((world.team, deputy.person_id), (world.company, world.outsider)):
        actions.set_unit_manager(SYSTEM, where, who, date(2023, 1, 1), request_id=new_id(), now=now)
    rows = queries.list_people(world.viewer("hr_lead", "other"), on=day).rows
    direct = {row.person_id: queries.direct_manager_of(row.person_id, day) for row in rows}
    assert {row.person_id: row.manager for row in rows} == {
        person_id: found.name if found else "" for person_id, found in direct.items()
    }
    assert len({row.manager for row in rows}) > 2


@pytest.mark.parametrize("value", ["nonsense", "id; drop table", "person__sensitive"])
def test_an_unknown_sort_is_refused(world: World, value: str) -> None:
    with pytest.raises(ValueError, match="does not sort"):
        queries.list_people(SYSTEM, sort=value)


def test_names_sort_by_their_sounds_and_rare_surname_readings(world: World, now: datetime) -> None:
    Person.objects.all().delete()
    wanted = ["安娜", "单雄信", "沈叙", "宋嘉", "尉迟恭", "解缙", "曾国藩", "赵磊", "周雨桐"]
    for index, name in enumerate(reversed(wanted)):
        hire(name, f"S{index}", world.team, world.post, now)
    lead = world.viewer("hr_lead", "other")
    assert _found(lead, PeopleFilter(), world, "name") == [
        "安娜",
        "单雄信",
        "沈叙",
        "宋嘉",
        "解缙",
        "尉迟恭",
        "曾国藩",
        "赵磊",
        "周雨桐",
    ]
    assert _found(lead, PeopleFilter(), world, "-name")[0] == "周雨桐"


@pytest.mark.parametrize("sort", queries.SORTS)
def test_every_sort_goes_both_ways_and_loses_nobody(world: World, sort: str) -> None:
    lead = world.viewer("hr_lead", "other")
    up, down = _found(lead, PeopleFilter(), world, sort), _found(lead, PeopleFilter(), world, f"-{sort}")
    assert sorted(up) == sorted(down)
    assert len(up) == 5


def test_pages_hold_everybody_once(world: World) -> None:
    seen: list[str] = []
    for number in (1, 2, 3):
        page = queries.list_people(SYSTEM, sort="name", page=number, size=2)
        assert (page.total, page.pages, page.number) == (5, 3, number)
        seen += [row.name for row in page.rows]
    assert len(set(seen)) == len(seen) == 5
    assert queries.list_people(SYSTEM, page=99, size=2).number == 3
    assert queries.list_people(SYSTEM, PeopleFilter(text="niemand")).pages == 1


def _queries_of(call: Any) -> int:
    with CaptureQueriesContext(connection) as captured:
        call()
    return len(captured.captured_queries)


@pytest.mark.parametrize(("role", "situation"), [("hr", "serves"), ("hr_lead", "other"), ("manager", "manages")])
def test_a_list_takes_the_same_queries_for_one_three_and_fifty(
    world: World, now: datetime, role: str, situation: str
) -> None:
    viewer, day = world.viewer(role, situation), now.date()

    def count(filters: PeopleFilter) -> tuple[int, int]:
        rows = len(queries.list_people(viewer, filters, on=day).rows)
        return rows, _queries_of(lambda: queries.list_people(viewer, filters, "-hired_on", on=day))

    assert count(PeopleFilter(text="周雨桐")) == (1, LIST_QUERIES)
    hire("第三人", "C100", world.team, world.post, now)
    assert count(PeopleFilter(unit_id=world.team, status="on_board")) == (3, LIST_QUERIES)
    for index in range(55):
        hire(f"组员{index}", f"C{index}", world.team, world.post, now)
    assert count(PeopleFilter(unit_id=world.team)) == (50, LIST_QUERIES)


def test_a_profile_takes_the_same_queries_however_long_the_life(world: World, now: datetime) -> None:
    lead, day = world.viewer("hr", "serves"), now.date()
    short = _queries_of(lambda: queries.profile(lead, world.subject, on=day))
    for index in range(3):
        move = actions.Move(world.team, world.post, date(2023 + index, 1, 1))
        actions.transfer(SYSTEM, world.subject, move, request_id=new_id(), now=now)
        terms = actions.ContractTerms("fixed_term", date(2027 + index, 3, 1), date(2028 + index, 2, 28))
        actions.record_contract(SYSTEM, world.spell, terms, request_id=new_id(), now=now)
    assert _queries_of(lambda: queries.profile(lead, world.subject, on=day)) == short
    assert short <= PROFILE_QUERIES + 1
    tree = _queries_of(lambda: queries.unit_tree(lead, on=day))
    unit("MORE", "更多", world.company, now)
    assert _queries_of(lambda: queries.unit_tree(lead, on=day)) == tree == 3


def test_who_leads_whom_is_the_same_from_above_and_from_below(world: World, now: datetime) -> None:
    deputy = hire("副手", "D001", world.team, world.post, now, manager=world.outsider)
    actions.set_unit_manager(SYSTEM, world.team, deputy.person_id, date(2023, 1, 1), request_id=new_id(), now=now)
    everybody = list(Person.objects.values_list("id", flat=True))
    day = now.date()
    for boss in everybody:
        viewer = Viewer(None, boss, "", (Held("manager"),))
        reports = set(
            Person.objects.filter(queries.visible_people(viewer, "people.view", on=day)).values_list("id", flat=True)
        )
        assert reports == {each for each in everybody if boss in PersonRef(each, day).led_by}
    assert world.subject in {each for each in everybody if deputy.person_id in PersonRef(each, day).led_by}
    assert PersonRef(world.subject, day).led_by == {world.boss, deputy.person_id, world.outsider}


def test_the_head_of_a_small_unit_does_not_lead_the_head_above_who_sits_in_it(world: World, now: datetime) -> None:
    office = unit("OFFICE", "办公室", world.company, now)
    assistant = hire("助理", "E001", office, world.post, now)
    chief = hire("总经理", "E002", office, world.post, now)
    for where, who in ((office, assistant), (world.company, chief)):
        actions.set_unit_manager(SYSTEM, where, who.person_id, date(2023, 1, 1), request_id=new_id(), now=now)
    day = now.date()
    assert PersonRef(chief.person_id, day).led_by == frozenset()
    assert queries.direct_manager_of(chief.person_id, day) is None
    assert chief.person_id in PersonRef(assistant.person_id, day).led_by
    manager = queries.direct_manager_of(assistant.person_id, day)
    assert manager is not None and manager.name == "总经理"
    assert chief.person_id in PersonRef(world.subject, day).led_by


def test_the_direct_manager_is_the_one_named_else_the_nearest_head(world: World, now: datetime) -> None:
    day = now.date()
    assert queries.direct_manager_of(world.subject, day) == queries.PersonBrief(world.boss, "陈立衡")
    assert queries.direct_manager_of(world.boss, day) is None
    move = actions.Move(world.team, world.post, date(2026, 11, 1), manager_id=world.outsider)
    actions.transfer(SYSTEM, world.subject, move, request_id=new_id(), now=now)
    assert queries.direct_manager_of(world.subject, day) == queries.PersonBrief(world.outsider, "何佳宁")
    assert queries.direct_manager_of(world.subject, date(2026, 10, 31)) == queries.PersonBrief(world.boss, "陈立衡")


def _account(name: str, now: datetime, *grants: tuple[str, Any], person: Any = None) -> User:
    user = User.objects.create(username=name, display_name=name, created_at=now, person_id=person)
    for role, where in grants:
        RoleGrant.objects.create(user=user, role=role, unit_id=where, granted_at=now)
    return user


def test_hr_of_somebody_is_the_nearest_officer_and_never_oneself(world: World, now: datetime) -> None:
    day = now.date()
    assert queries.hr_of(world.subject, day) == ()
    lead = _account("lead", now, ("hr_lead", None))
    assert [each.user_id for each in queries.hr_of(world.subject, day)] == [lead.id]
    everywhere = _account("everywhere", now, ("hr", None))
    near = _account("near", now, ("hr", world.left), ("hr", world.right))
    _account("own", now, ("hr", world.team), person=world.subject)
    assert [each.user_id for each in queries.hr_of(world.subject, day)] == [near.id]
    near.is_active = False
    near.save()
    assert [each.user_id for each in queries.hr_of(world.subject, day)] == [everywhere.id]


def test_a_viewer_holds_what_was_granted_with_what_lies_below(world: World, now: datetime) -> None:
    user = _account("hr", now, ("hr", world.left), ("auditor", None), ("legal", world.right), ("legal", None))
    held = {each.role: each.units for each in queries.viewer_for(user).held}
    assert held == {"hr": frozenset({world.left, world.team}), "auditor": None, "legal": None}
    assert queries.viewer_for(AnonymousUser()).held == ()
    user.is_active = False
    assert queries.viewer_for(user).held == ()


def test_roles_that_follow_from_the_organisation(world: World, now: datetime) -> None:
    day = now.date()
    roles = {
        name: queries.viewer_for(_account(name, now, person=person), on=day).roles
        for name, person in (("boss", world.boss), ("subject", world.subject), ("gone", world.gone), ("none", None))
    }
    assert roles == {
        "boss": {"employee", "manager"},
        "subject": {"employee"},
        "gone": {"employee"},
        "none": frozenset(),
    }
    move = actions.Move(world.team, world.post, date(2026, 11, 1), manager_id=world.outsider)
    actions.transfer(SYSTEM, world.subject, move, request_id=new_id(), now=now)
    named = queries.viewer_for(_account("named", now, person=world.outsider), on=day)
    assert named.roles == {"employee", "manager"}
    full = _account("full", now, ("hr", world.left), person=new_id())
    assert _queries_of(lambda: queries.viewer_for(full, on=day)) == 3


def test_the_gate_reads_what_the_law_turns_on(world: World, now: datetime) -> None:
    facts = queries.people_facts_for_gate(world.subject, now.date())
    assert [(each.kind, each.valid_from, each.valid_to) for each in facts.protections] == [
        ("pregnancy", date(2026, 10, 1), None)
    ]
    assert (facts.sex, facts.birth_date, facts.contract_kind, facts.contract_end) == (
        "female",
        date(1990, 3, 7),
        "fixed_term",
        date(2027, 2, 28),
    )
    assert facts.service_days == (now.date() - date(2022, 3, 1)).days + 1
    assert queries.people_facts_for_gate(world.subject, date(2026, 9, 30)).protections == ()
    with pytest.raises(NotFound):
        queries.people_facts_for_gate(new_id(), now.date())


def test_a_leaver_is_no_longer_seen_by_the_manager_but_by_hr_of_the_last_unit(world: World, now: datetime) -> None:
    manager, hr = world.viewer("manager", "manages"), world.viewer("hr", "serves")
    with pytest.raises(NotFound):
        queries.profile(manager, world.gone, on=now.date())
    assert queries.profile(hr, world.gone, on=now.date()).name == "罗文博"
    spell = EmploymentSpell.objects.get(pk=world.spell)
    actions.end_spell(SYSTEM, spell.id, now.date(), "resignation", request_id=new_id(), now=now)
    assert queries.profile(manager, world.subject, on=now.date()).spells, "on the last day still"
    with pytest.raises(NotFound):
        queries.profile(manager, world.subject, on=now.date() + timedelta(days=1))


def test_the_life_line_tells_the_whole_life_in_order(world: World, now: datetime) -> None:
    shown = queries.profile(world.viewer("hr", "serves"), world.subject, on=now.date())
    assert [(event.day, event.kind.value, event.future) for event in shown.life_line] == [
        (date(2022, 3, 1), "hired", False),
        (date(2022, 3, 1), "contract", False),
        (date(2022, 3, 1), "wage", False),
        (date(2022, 6, 1), "probation_passed", False),
        (date(2026, 10, 1), "protection_begins", False),
        (date(2026, 11, 23), "address", False),
        (date(2027, 2, 28), "contract_ends", True),
    ]


def test_export_holds_what_the_list_holds_and_is_on_the_ledger(world: World, now: datetime) -> None:
    hr = world.viewer("hr", "serves")
    listed = queries.list_people(hr, PeopleFilter(status="on_board"), "number", on=now.date()).rows
    taken = actions.export_people(hr, PeopleFilter(status="on_board"), "number", reason="盘点", now=now)
    assert taken == listed


@pytest.mark.parametrize(
    ("name", "key", "found_by"),
    [
        ("林晓", "lin2 xiao3 林晓", ("linxiao", "lx", "林晓")),
        ("单雄信", "shan4 xiong2 xin4 单雄信", ("shanxiongxin",)),
        ("尉迟恭", "yu4 chi2 gong1 尉迟恭", ("yuchigong", "ycg")),
        ("Anna Smith", "anna smith Anna Smith", ("anna smith", "annasmith", "as")),
    ],
)
def test_a_name_is_sorted_and_found_by_its_sounds(name: str, key: str, found_by: tuple[str, ...]) -> None:
    assert names.sort_key(name) == key
    assert set(found_by) <= set(names.search_text(name).split(" ")) | {names.search_text(name)[: len(name)]}
