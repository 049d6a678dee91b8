"""Own figures: who may enter, check and withdraw them, when they count, and that nobody changes one."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction

from guiyan.compliance import actions, queries
from guiyan.compliance.enums import ParameterState
from guiyan.compliance.models import ImpactRun, OwnParameter
from guiyan.compliance.queries import FigureFilter
from guiyan.law.parameters import ParameterMissing
from guiyan.people import actions as people
from guiyan.people.queries import NotFound
from guiyan.platform import tenancy
from guiyan.platform.acting import Forbidden, Refused, Stale
from guiyan.platform.ids import new_id
from guiyan.platform.models import Refusal
from guiyan.platform.permissions import SYSTEM, Held, Viewer, table
from tests.process_db.world import World, build

from .world import AVERAGE, MINIMUM, START, in_force, propose

DAY = date(2026, 11, 23)
EXPECTED: dict[str, dict[str, list[str]]] = {
    "compliance.view_parameters": {
        "hr": ["any"], "hr_lead": ["any"], "legal": ["any"], "finance": ["any"], "auditor": ["any"], "system": ["any"],
    },
    "compliance.propose_parameter": {"hr_lead": ["any"], "legal": ["any"]},
    "compliance.check_parameter": {"hr_lead": ["any"], "legal": ["any"]},
    "compliance.withdraw_parameter": {"hr_lead": ["any"], "legal": ["any"]},
    "compliance.store_finding": {"hr": ["serves"], "hr_lead": ["serves"], "legal": ["serves"], "system": ["any"]},
    "compliance.view_findings": {"hr": ["serves"], "hr_lead": ["serves"], "legal": ["serves"], "system": ["any"]},
    "compliance.accept_risk": {"hr_lead": ["serves"], "legal": ["serves"]},
    "compliance.run_impact": {"hr_lead": ["any"], "legal": ["any"], "system": ["any"]},
    "compliance.save_note": {"hr": ["serves"], "hr_lead": ["serves"], "legal": ["serves"]},
    "compliance.view_notes": {"hr": ["serves"], "hr_lead": ["serves"], "legal": ["serves"]},
}  # fmt: skip


def refused(act: Callable[[], object], rule: str, kind: type[Refused] = Refused) -> None:
    with pytest.raises(kind) as raised:
        act()
    assert raised.value.rule == rule


def wage(region: str = "上海", day: date = DAY) -> Decimal | None:
    found = queries.parameters_of_tenant().find("wage.min_month", as_of=day, region=region)
    return found.number if found else None


def test_the_table_says_what_was_decided() -> None:
    found = {
        key: {role: list(how) for role, how in act.allow.items()}
        for key, act in table().acts.items()
        if key.startswith("compliance.")
    }
    assert found == EXPECTED


def test_a_figure_counts_only_once_another_checked_it(world: World, monday: datetime) -> None:
    own = propose(world.lead, MINIMUM, monday)
    assert wage() is None
    assert queries.proposal(world.hr, own, on=DAY).state is ParameterState.PROPOSED
    run = actions.run_impact(world.lead, proposals=[own], request_id=new_id(), now=monday)
    refused(lambda: actions.check_parameter(world.lead, own, run, request_id=new_id(), now=monday), "own_proposal")
    assert wage() is None
    actions.check_parameter(world.legal, own, run, request_id=new_id(), now=monday + timedelta(hours=1))
    assert wage() == Decimal(2690)
    view = queries.proposal(world.hr, own, on=DAY)
    assert (view.state, view.entered_by, view.checked_by, view.checked_on) == (
        ParameterState.IN_FORCE, "lead", "legal", DAY,
    )  # fmt: skip
    assert wage(day=START - timedelta(days=1)) is None
    with pytest.raises(ParameterMissing):
        queries.parameters_of_tenant().at("wage.local_avg_month", as_of=DAY, region="上海")


def test_the_database_itself_asks_for_four_eyes_and_changes_no_figure(world: World, monday: datetime) -> None:
    own = propose(world.lead, MINIMUM, monday)
    row = OwnParameter.objects.get(pk=own)
    with pytest.raises(Exception, match="ownparameter_four_eyes"), transaction.atomic():
        OwnParameter.objects.filter(pk=own).update(checked_by=row.proposed_by, checked_at=monday, impact_id=new_id())
    for told in ({"figure": "9999"}, {"region": "北京"}, {"effective_from": DAY}, {"source_title": "另一份"}):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            OwnParameter.objects.filter(pk=own).update(**told)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        row.delete()


def test_checking_takes_an_impact_that_is_newer_than_the_figure(world: World, monday: datetime) -> None:
    first = propose(world.lead, MINIMUM, monday)
    run = actions.run_impact(world.legal, proposals=[first], request_id=new_id(), now=monday)

    def check(own: Any, run_id: Any) -> Callable[[], None]:
        return lambda: actions.check_parameter(world.legal, own, run_id, request_id=new_id(), now=monday)

    second = propose(world.lead, AVERAGE, monday + timedelta(minutes=1))
    refused(check(second, run), "impact_unseen")
    refused(check(first, new_id()), "impact_unseen")
    law = actions.run_impact(world.legal, request_id=new_id(), now=monday)
    refused(check(first, law), "impact_unseen")
    in_force(world.lead, world.legal, AVERAGE, monday + timedelta(minutes=2), region="北京")
    refused(check(first, run), "impact_outdated")
    assert OwnParameter.objects.filter(checked_at__isnull=True).count() == 2
    both = actions.run_impact(
        world.legal, proposals=[first, second], request_id=new_id(), now=monday + timedelta(minutes=3)
    )
    check(first, both)()
    check(second, both)()
    assert wage() == Decimal(2690)
    refused(check(first, both), "already_checked", Stale)


def test_a_run_of_another_version_of_the_law_does_not_do(
    world: World, monday: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = propose(world.lead, MINIMUM, monday)
    run = actions.run_impact(world.legal, proposals=[own], request_id=new_id(), now=monday)
    monkeypatch.setattr("guiyan.compliance.actions.parameters.law_version", lambda: "9.9.9+0123456789abcdef")
    refused(lambda: actions.check_parameter(world.legal, own, run, request_id=new_id(), now=monday), "impact_outdated")


def test_a_later_figure_supersedes_and_a_withdrawn_one_stays_on_record(world: World, monday: datetime) -> None:
    old = in_force(world.lead, world.legal, MINIMUM, monday)
    new = in_force(world.legal, world.lead, MINIMUM, monday, value="2800", effective_from=date(2026, 10, 1))
    assert (wage(), wage(day=date(2026, 9, 30))) == (Decimal(2800), Decimal(2690))
    assert queries.proposal(world.hr, old, on=DAY).state is ParameterState.SUPERSEDED
    same = propose(world.lead, MINIMUM, monday, value="2900", effective_from=date(2026, 10, 1))
    run = actions.run_impact(world.legal, proposals=[same], request_id=new_id(), now=monday)
    refused(
        lambda: actions.check_parameter(world.legal, same, run, request_id=new_id(), now=monday),
        "figure_there", Stale,
    )  # fmt: skip

    def withdraw(reason: str, impact: Any = None) -> None:
        actions.withdraw_parameter(world.lead, new, reason, request_id=new_id(), now=monday, impact_id=impact)

    refused(lambda: withdraw(""), "reason_missing")
    refused(lambda: withdraw("录错"), "impact_unseen")
    seen = actions.run_impact(world.lead, withdrawals=[new], request_id=new_id(), now=monday)
    withdraw("录错了一位数", seen)
    assert wage() == Decimal(2690)
    view = queries.proposal(world.hr, new, on=DAY)
    assert (view.state, view.withdrawn_reason, view.withdrawn_by) == (ParameterState.WITHDRAWN, "录错了一位数", "lead")
    refused(lambda: withdraw("再来", seen), "withdrawn", Stale)
    assert OwnParameter.objects.count() == 3


def test_a_proposal_is_withdrawn_without_more_ado(world: World, monday: datetime) -> None:
    own = propose(world.lead, MINIMUM, monday)
    actions.withdraw_parameter(world.lead, own, "重复了", request_id=new_id(), now=monday)
    assert queries.waiting(world.hr, on=DAY) == ()
    run = new_id()
    refused(lambda: actions.check_parameter(world.legal, own, run, request_id=new_id(), now=monday), "withdrawn", Stale)
    refused(lambda: actions.run_impact(world.legal, proposals=[own], request_id=new_id(), now=monday), "not_proposed")


def test_everybody_else_is_refused_and_changes_nothing(world: World, monday: datetime) -> None:
    own = propose(world.lead, MINIMUM, monday)
    run = actions.run_impact(world.legal, proposals=[own], request_id=new_id(), now=monday)
    system_admin = Viewer(new_id(), None, "admin", (Held("system_admin"),), auth="password")
    others = [world.zhou, world.chen, world.hr, world.it, world.finance, world.facilities, world.other, system_admin]
    before = Refusal.objects.count()
    for who in others:
        refused(partial(propose, who, MINIMUM, monday), "role_table", Forbidden)
        how: dict[str, Any] = {"request_id": new_id(), "now": monday}
        refused(partial(actions.check_parameter, who, own, run, **how), "role_table", Forbidden)
        refused(partial(actions.withdraw_parameter, who, own, "x", **how), "role_table", Forbidden)
        refused(partial(actions.run_impact, who, proposals=[own], **how), "role_table", Forbidden)
    assert Refusal.objects.count() == before + 4 * len(others)
    assert (OwnParameter.objects.count(), ImpactRun.objects.count(), wage()) == (1, 1, None)
    for who in (world.zhou, world.chen, world.it, world.facilities, world.other, system_admin):
        for read in (queries.figures, queries.missing_figures, queries.waiting, queries.impact_runs):
            with pytest.raises(NotFound):
                read(who)
        with pytest.raises(NotFound):
            queries.proposal(who, own)
        with pytest.raises(NotFound):
            queries.impact(who, run)
    for who in (world.hr, world.lead, world.legal, world.finance):
        assert queries.proposal(who, own, on=DAY).figure == "2690"


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"key": "wage.none"}, "key_unknown"),
        ({"key": "resignation.notice_days", "value": "10"}, "key_unknown"),
        ({"region": ""}, "region_unknown"),
        ({"region": "火星"}, "region_unknown"),
        ({"value": "二千"}, "figure_rejected"),
        ({"value": "26.9"}, "figure_rejected"),
        ({"effective_to": date(2026, 6, 30)}, "days_reversed"),
        ({"effective_from": date(206, 7, 1)}, "days_reversed"),
        ({"source_title": " "}, "source_missing"),
        ({"source_title": "长" * 201}, "text_too_long"),
        ({"key": "wage.local_avg_month", "value": "12307"}, "statistic_missing"),
        ({"key": "union.absent_policy", "value": "0"}, "reason_missing"),
        ({"key": "overage.before_rules_is_employment", "value": "1", "reason": "律师意见"}, "region_unknown"),
    ],
)
def test_what_is_wrong_with_a_figure_is_named(
    world: World, monday: datetime, changed: dict[str, Any], rule: str
) -> None:
    refused(lambda: propose(world.lead, MINIMUM, monday, **changed), rule)
    assert OwnParameter.objects.count() == 0


def test_counsels_answer_holds_everywhere_and_is_marked_as_practice(world: World, monday: datetime) -> None:
    in_force(
        world.legal, world.lead, MINIMUM, monday, key="overage.before_rules_is_employment", region="", value="0",
        reason="律师意见：当地法院按劳务关系处理。",
    )  # fmt: skip
    found = queries.parameters_of_tenant().at("overage.before_rules_is_employment", as_of=DAY, region="上海")
    assert (found.number, found.confidence.value) == (Decimal(0), "P")


def test_a_request_sent_twice_enters_and_checks_once(world: World, monday: datetime) -> None:
    request, check = new_id(), new_id()
    first = actions.propose_parameter(world.lead, MINIMUM, request_id=request, now=monday)
    assert actions.propose_parameter(world.lead, MINIMUM, request_id=request, now=monday) == first
    ask = new_id()
    run = actions.run_impact(world.legal, proposals=[first], request_id=ask, now=monday)
    assert actions.run_impact(world.legal, proposals=[first], request_id=ask, now=monday) == run
    for _twice in range(2):
        actions.check_parameter(world.legal, first, run, request_id=check, now=monday)
    assert (OwnParameter.objects.count(), ImpactRun.objects.count()) == (1, 1)


def test_every_act_is_on_the_ledger_in_codes(world: World, monday: datetime) -> None:
    own = in_force(world.lead, world.legal, AVERAGE, monday)
    run = actions.run_impact(world.lead, withdrawals=[own], request_id=new_id(), now=monday)
    actions.withdraw_parameter(world.lead, own, "公告更正", request_id=new_id(), now=monday, impact_id=run)
    with connection.cursor() as cursor:
        cursor.execute("SELECT type, entry FROM ledger_entry WHERE type ~ '^(parameter|impact)' ORDER BY id")
        entries = [(kind, bytes(data).decode()) for kind, data in cursor.fetchall()]
    assert [kind for kind, _data in entries] == [
        "parameter.proposed", "impact.computed", "parameter.checked", "impact.computed", "parameter.withdrawn",
    ]  # fmt: skip
    for kind, data in entries:
        assert data.isascii()
        if kind.startswith("parameter"):
            assert '"region":"310000"' in data and '"figure":"12307"' in data and str(own) in data


def test_both_kinds_stand_side_by_side_and_can_be_narrowed(world: World, monday: datetime) -> None:
    in_force(world.lead, world.legal, MINIMUM, monday)
    propose(world.lead, MINIMUM, monday, region="深圳", value="2600")
    every = {view.key: view for view in queries.figures(world.hr, on=DAY)}
    assert [(value.region, value.state) for value in every["wage.min_month"].values] == [
        ("上海", ParameterState.IN_FORCE), ("深圳", ParameterState.PROPOSED),
    ]  # fmt: skip
    assert every["wage.local_avg_month"].values == ()
    grace = every["wage.final_grace_workdays"]
    assert [(value.region, value.own_id, value.checked_on is not None) for value in grace.values] == [
        ("", None, True), ("江西", None, True),
    ]  # fmt: skip
    assert not every["resignation.notice_days"].enterable
    near = {view.key: view for view in queries.figures(world.hr, FigureFilter(region="南昌"), on=DAY)}
    assert [value.region for value in near["wage.final_grace_workdays"].values] == ["", "江西"]
    assert "wage.min_month" not in near
    one = queries.figures(world.hr, FigureFilter(key="wage.min_month", day=date(2026, 1, 1)), on=DAY)
    assert one == ()


def test_what_the_places_of_the_employer_lack_is_named(world: World, monday: datetime) -> None:
    assert queries.missing_figures(world.hr, on=DAY) == ()
    for number, (name, place) in enumerate((("甲", "上海市"), ("乙", "广东深圳"), ("丙", "海外"))):
        engagement = people.Engagement(
            f"Q{number}", date(2024, 1, 1), world.team, world.post, None, 3, insurance_place=place
        )
        people.hire(SYSTEM, people.NewPerson(name), engagement, request_id=new_id(), now=monday)
    in_force(world.lead, world.legal, MINIMUM, monday)
    in_force(world.lead, world.legal, MINIMUM, monday, region="广东", value="2500")
    missing = queries.missing_figures(world.hr, on=DAY)
    assert [(each.region, each.key) for each in missing] == [
        ("上海", "wage.local_avg_month"), ("上海", "wage.local_avg_annual"),
        ("深圳", "wage.local_avg_month"), ("深圳", "wage.local_avg_annual"),
    ]  # fmt: skip
    assert missing[0].year == 2026
    assert missing[0].without.zh == "超过三倍封顶的补偿金算不出来"


def test_two_who_check_at_once_check_it_once(committing: object, monday: datetime) -> None:
    world = build(monday)
    own = propose(world.lead, MINIMUM, monday)
    run = actions.run_impact(world.legal, proposals=[own], request_id=new_id(), now=monday)
    second = Viewer(new_id(), None, "legal-two", (Held("legal"),), auth="password")
    tenant, start, told = tenancy.required(), threading.Barrier(2), []

    def check(who: Viewer) -> None:
        try:
            with tenancy.session(tenant):
                start.wait(timeout=20)
                try:
                    actions.check_parameter(who, own, run, request_id=new_id(), now=monday)
                    told.append("checked")
                except Stale as error:
                    told.append(error.rule)
        finally:
            connection.close()

    threads = [threading.Thread(target=check, args=(who,)) for who in (world.legal, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["already_checked", "checked"]
    other = replace(MINIMUM, value="2700")
    assert propose(world.lead, other, monday) != own
