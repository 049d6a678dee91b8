"""Two people clicking at once: one act happens, the other finds it, whoever was first."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection

from guiyan.people.models import EmploymentSpell
from guiyan.platform import tenancy
from guiyan.platform.acting import Refused, Stale
from guiyan.platform.ids import new_id
from guiyan.separation import actions, queries
from guiyan.separation.actions import Letter, Paper
from guiyan.separation.models import Case, CaseCounter, Withdrawal
from tests.process_db.world import World, build, entries

from .conftest import MONDAY
from .world import DAY, NONCE, agree_form, case_of, opine, resign, signing, withdraw


def at_once(tenant: Any, *acts: Callable[[], object]) -> list[str]:
    """Run acts in threads that start together. Returns for each what came of it: done, or the rule."""
    gate, results = threading.Barrier(len(acts)), [""] * len(acts)

    def run(index: int, act: Callable[[], object]) -> None:
        try:
            with tenancy.session(tenant):
                gate.wait(10)
                try:
                    act()
                    results[index] = "done"
                except Stale as stale:
                    results[index] = f"stale {stale.rule}"
                except Refused as refusal:
                    results[index] = f"refused {refusal.rule}"
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def test_consent_and_refusal_at_the_same_moment(committing: Any) -> None:
    world = build(MONDAY)
    case = case_of(resign(world.zhou, MONDAY))
    withdraw(world.zhou, case.id, MONDAY + DAY)
    opine(world, case.id, MONDAY + DAY)

    def answer(who: str, *, consents: bool) -> None:
        viewer = getattr(world, who)
        actions.decide_withdrawal(viewer, case.id, consents=consents, request_id=new_id(), now=MONDAY + DAY)

    results = at_once(committing, lambda: answer("hr", consents=True), lambda: answer("hr2", consents=False))
    assert sorted(results) == ["done", "stale withdrawal_answered"]
    row = Withdrawal.objects.get()
    answers = [each["type"] for each in entries(case.id) if each["type"] in {"withdraw.approved", "withdraw.refused"}]
    assert len(answers) == 1
    status = EmploymentSpell.objects.get(pk=case.spell_id).status
    if results[0] == "done":
        assert (row.status, case_of(case.id).status, status) == ("consented", "restored", "active")
    else:
        assert (row.status, case_of(case.id).status, status) == ("refused", "running", "leaving")
    _two_letters_at_once(committing, world)
    _the_same_click_twice(committing, world)


def _two_letters_at_once(committing: Any, world: World) -> None:
    """Two letters of one employee from two devices: one case, one number, no gap."""
    agree_form(world.wu, MONDAY)
    shown = queries.preview_resignation(world.wu, Letter("37"), Paper(NONCE, MONDAY))

    def submit() -> None:
        act = signing(shown.sha256, MONDAY)
        actions.submit_resignation(world.wu, Letter("37"), act, request_id=new_id(), now=MONDAY)

    assert sorted(at_once(committing, submit, submit)) == ["done", "stale case_open"]
    numbers = sorted(Case.objects.values_list("number", flat=True))
    assert numbers == ["LZ-2026-00001", "LZ-2026-00002"]
    assert CaseCounter.objects.get().last == 2


def _the_same_click_twice(committing: Any, world: World) -> None:
    """One click that arrives twice at the same moment acknowledges once."""
    case = Case.objects.get(person_id=world.wu.person_id)
    request = new_id()

    def know() -> None:
        actions.acknowledge(world.hr, case.id, "hr", request_id=request, now=MONDAY + DAY)

    assert at_once(committing, know, know) == ["done", "done"]
    known = [each for each in entries(case.id) if each["type"] == "approve.acknowledged"]
    assert len(known) == 1


def test_an_offer_is_accepted_declined_and_taken_back_at_the_same_moment(committing: Any) -> None:
    world = build(MONDAY)
    last = (MONDAY + 17 * DAY).date()
    case = case_of(resign(world.zhou, MONDAY, Letter("37", meaning="offer", wished_last_day=last)))
    now = MONDAY + DAY
    shown = queries.preview_withdrawal(world.zhou, case.id, "", Paper(NONCE, now))
    results = at_once(
        committing,
        lambda: actions.accept_offer(world.hr, case.id, last, request_id=new_id(), now=now),
        lambda: actions.decline_offer(world.hr2, case.id, request_id=new_id(), now=now),
        lambda: actions.submit_withdrawal(
            world.zhou, case.id, "", signing(shown.sha256, now), request_id=new_id(), now=now
        ),
    )
    case = case_of(case.id)
    assert case.accepted_at is None or case.declined_at is None
    answered = [each["type"] for each in entries(case.id) if each["type"] in {"consent.given", "consent.refused"}]
    assert len(answered) == results[:2].count("done") <= 1
    if results[1] == "done":
        assert (case.status, results[0], results[2]) == ("declined", "stale offer_not_open", "stale case_declined")
    elif results[0] == "done":
        assert (case.status, results[1], results[2]) == ("running", "stale offer_not_open", "done"), "asks for consent"
    else:
        assert (case.status, results[2]) == ("withdrawn", "done")


def test_the_end_and_the_withdrawal_at_the_same_moment(committing: Any) -> None:
    world = build(MONDAY)
    case = case_of(resign(world.zhou, MONDAY))
    ending = MONDAY + 30 * DAY
    shown = queries.preview_withdrawal(world.zhou, case.id, "", Paper(NONCE, ending))
    results = at_once(
        committing,
        lambda: actions.complete_exit(world.hr, case.id, request_id=new_id(), now=ending),
        lambda: actions.submit_withdrawal(
            world.zhou, case.id, "", signing(shown.sha256, ending), request_id=new_id(), now=ending
        ),
    )
    assert results in (["done", "stale case_ended"], ["refused withdrawal_unanswered", "done"])
    spell = EmploymentSpell.objects.get(pk=case.spell_id)
    ended = results[0] == "done"
    assert (case_of(case.id).status, spell.status) == (("ended", "ended") if ended else ("running", "leaving"))
    assert Withdrawal.objects.exists() is not ended
