"""An offer to part (Art. 36): the company accepts or declines it, once, and is asked again while it does neither."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from uuid import UUID

import pytest

from guiyan.notify.models import Message
from guiyan.people.models import EmploymentSpell
from guiyan.platform.acting import Forbidden, Stale
from guiyan.platform.ids import new_id
from guiyan.platform.models import Deadline
from guiyan.platform.permissions import SYSTEM
from guiyan.process.models import Instance
from guiyan.separation import actions, queries
from guiyan.separation.actions import Letter, Stated
from guiyan.separation.actions.chasing import chase
from guiyan.separation.models import Case
from tests.process_db.world import World, entries

from .world import DAY, case_of, day, record, refused, resign, state, withdraw

OFFER = Letter("37", reason="想和公司商量离开", meaning="offer", wished_last_day=day("2026-12-10"))
WHY = "正值项目收尾，暂不能同意"


@pytest.fixture
def offer(world: World, monday: datetime) -> Case:
    """Zhou's offer, one day old."""
    return case_of(resign(world.zhou, monday, OFFER))


def decline(world: World, case: Case, now: datetime, *, note: str = "", request_id: UUID | None = None) -> None:
    """HR declines the offer."""
    actions.decline_offer(world.hr, case.id, note=note, request_id=request_id or new_id(), now=now)


def test_a_declined_offer_ends_the_case_and_nothing_else(world: World, monday: datetime, offer: Case) -> None:
    now = monday + DAY
    decline(world, offer, now, note=WHY)
    case, spell = case_of(offer.id), EmploymentSpell.objects.get(pk=offer.spell_id)
    assert (case.status, case.declined_by, case.declined_at) == ("declined", world.hr.user_id, now)
    assert (spell.status, spell.planned_end_on, case.last_day) == ("active", None, None)
    assert not Instance.objects.filter(case_id=case.id).exists()
    assert not Deadline.objects.filter(owner_kind__startswith="separation.", state="open").exists()
    steps = {each["type"]: each["pub"] for each in entries(case.id)}
    assert steps["consent.refused"] == {"what": "offer_declined"}
    assert WHY not in str(entries(case.id))
    told = {row.kind: row for row in Message.objects.filter(sent_at=now)}
    assert set(told) == {"separation_offer_declined", "separation_offer_declined_staff"}
    assert told["separation_offer_declined"].person_id == world.zhou.person_id
    assert told["separation_offer_declined"].link == f"/m/cases/{case.id}/"
    assert "照常在职" in told["separation_offer_declined"].body
    for row in told.values():
        assert WHY not in row.body, "the reason stands on the case's page, for who may read letters"


def test_who_reads_why(world: World, monday: datetime, offer: Case) -> None:
    decline(world, offer, monday + DAY, note=WHY)
    for who, note in (("zhou", WHY), ("hr", WHY), ("chen", "")):
        view = queries.case_for(getattr(world, who), offer.id, now=monday + DAY)
        assert view.declined is not None
        assert (view.declined.note, view.declined.by) == (note, "hr-one")
        assert (WHY in str(view)) == bool(note)
    assert view.clock is None or view.clock.last_day is None


def test_the_reason_is_optional_and_bounded(world: World, monday: datetime, offer: Case) -> None:
    refused(lambda: decline(world, offer, monday, note="长" * 2001), "note_too_long")
    decline(world, offer, monday)
    view = queries.case_for(world.zhou, offer.id, now=monday)
    assert view.declined is not None and view.declined.note == ""


def test_only_who_may_accept_may_decline(world: World, monday: datetime, offer: Case) -> None:
    for who in ("zhou", "chen", "wu", "legal", "it", "other"):
        act = partial(actions.decline_offer, getattr(world, who), offer.id, request_id=new_id(), now=monday)
        refused(act, "role_table", Forbidden)
    assert case_of(offer.id).status == "offer"


def test_the_same_click_twice_is_one_and_a_late_one_is_told(world: World, monday: datetime, offer: Case) -> None:
    click = new_id()
    decline(world, offer, monday, request_id=click)
    before = state()
    decline(world, offer, monday + DAY, request_id=click)
    assert state() == before
    late = refused(lambda: decline(world, offer, monday + DAY), "offer_not_open", Stale)
    assert "单位未接受提议" in str(late.text)
    accept = partial(
        actions.accept_offer, world.hr2, offer.id, day("2026-12-10"), request_id=new_id(), now=monday + DAY
    )
    refused(accept, "offer_not_open", Stale)
    refused(lambda: withdraw(world.zhou, offer.id, monday + DAY), "case_declined", Stale)
    refused(
        lambda: actions.complete_exit(world.hr, offer.id, request_id=new_id(), now=monday + 30 * DAY), "offer_declined"
    )


def test_a_click_after_the_employee_took_it_back(world: World, monday: datetime, offer: Case) -> None:
    withdraw(world.zhou, offer.id, monday + DAY)
    late = refused(lambda: decline(world, offer, monday + DAY), "offer_not_open", Stale)
    assert "撤回已生效" in str(late.text)
    assert case_of(offer.id).declined_at is None


def test_a_notice_cannot_be_declined(world: World, monday: datetime) -> None:
    """A resignation by notice needs nobody's consent: there is nothing to decline."""
    case = case_of(resign(world.zhou, monday))
    refused(lambda: decline(world, case, monday), "offer_not_open", Stale)
    may = queries.case_for(world.hr, case.id, now=monday).may
    assert "不是协商的提议" in str(may["decline_offer"])


def test_the_buttons_say_when_they_are_open_and_why_not(world: World, monday: datetime, offer: Case) -> None:
    may = queries.case_for(world.hr, offer.id, now=monday).may
    assert (may["accept_offer"], may["decline_offer"]) == (None, None)
    assert "decline_offer" not in queries.case_for(world.chen, offer.id, now=monday).may
    decline(world, offer, monday)
    may = queries.case_for(world.hr, offer.id, now=monday).may
    assert "单位未接受提议" in str(may["decline_offer"])
    assert may["accept_offer"] is not None


def test_after_a_declined_offer_the_employee_may_give_notice(world: World, monday: datetime, offer: Case) -> None:
    decline(world, offer, monday)
    case = case_of(resign(world.zhou, monday + DAY))
    assert (case.id != offer.id, case.status, case.last_day) == (True, "running", day("2026-12-24"))


def test_hr_is_asked_again_while_an_offer_waits(world: World, monday: datetime, offer: Case) -> None:
    due = Deadline.objects.get(owner_id=offer.id, state="open")
    assert due.handler == "separation.offer_open"
    kinds = Message.objects.filter(case_id=offer.id, kind="separation_offer_to_answer")
    before = kinds.count()
    chase(SYSTEM, offer.id, "offer", now=monday + 3 * DAY)
    assert kinds.count() == before + 2, "both of HR, not the manager and not the employee"
    actions.accept_offer(world.hr, offer.id, day("2026-12-10"), request_id=new_id(), now=monday + 3 * DAY)
    handlers = Deadline.objects.filter(owner_id=offer.id, state="open").values_list("handler", flat=True)
    assert set(handlers) == {"separation.last_day_near", "separation.last_day_passed"}
    chase(SYSTEM, offer.id, "offer", now=monday + 6 * DAY)
    assert kinds.count() == before + 2


def test_an_offer_on_paper_that_was_declined_asks_the_employee_nothing_more(world: World, monday: datetime) -> None:
    opened = record(world, monday, stated=Stated("37", meaning="offer", wished_last_day=day("2026-12-10")))
    assert queries.case_for(world.zhou, opened.case_id, now=monday).status == "offer"
    decline(world, case_of(opened), monday)
    assert not Deadline.objects.filter(owner_kind__startswith="separation.", state="open").exists()
