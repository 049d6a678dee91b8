"""The role table of separation, act by act: who is refused, that it is recorded, and that nothing else happened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from guiyan.people.queries import NotFound
from guiyan.platform.acting import Forbidden
from guiyan.platform.ids import new_id
from guiyan.platform.models import Refusal
from guiyan.platform.permissions import SYSTEM, Held, Viewer, table
from guiyan.separation import actions, queries
from guiyan.separation.actions import Letter, Stated
from guiyan.separation.actions.chasing import last_day_near
from guiyan.separation.models import Case, IntakeProof, OutsideEffect, Withdrawal
from guiyan.separation.queries import Sight
from tests.process_db.world import World

from .world import DAY, case_of, day, decide, intake, opine, record, refused, resign, signing, withdraw

HR = {"hr": ["serves"], "hr_lead": ["serves"]}
OWN = {"employee": ["self"]}
LEADS = {"manager": ["manages"], **HR}
EXPECTED: dict[str, dict[str, list[str]]] = {
    "separation.view": {**OWN, **LEADS, "legal": ["serves"], "auditor": ["any"], "system": ["any"]},
    "separation.view_brief": {"it": ["any"], "finance": ["any"], "facilities": ["any"]},
    "separation.view_record": {"auditor": ["any"]},
    "separation.read_letter": {**OWN, **HR, "legal": ["serves"], "system": ["any"]},
    "separation.export": HR,
    "separation.agree_form": OWN,
    "separation.resign": OWN,
    "separation.withdraw": OWN,
    "separation.answer_intake": OWN,
    "separation.record": HR,
    "separation.record_withdrawal": LEADS,
    "separation.acknowledge": LEADS,
    "separation.acknowledge_hr": HR,
    "separation.settle_meaning": {**OWN, **HR},
    "separation.accept_offer": HR,
    "separation.decline_offer": HR,
    "separation.agree_day": HR,
    "separation.give_opinion": LEADS,
    "separation.decide": HR,
    "separation.record_consent": HR,
    "separation.record_conduct": LEADS,
    "separation.complete": HR,
    "separation.confirm_effect": {"it": ["any"], "finance": ["any"], "facilities": ["any"], **HR},
    "separation.settle_effect": {"system": ["any"]},
    "separation.keep_days": {"system": ["any"]},
}


def test_the_table_says_what_was_decided() -> None:
    found = {
        key: {role: list(how) for role, how in act.allow.items()}
        for key, act in table().acts.items()
        if key.startswith("separation.")
    }
    assert found == EXPECTED


Attempt = Callable[[Viewer, Case, datetime], object]


def _request(now: datetime) -> dict[str, Any]:
    return {"request_id": new_id(), "now": now}


ACTS: dict[str, Attempt] = {
    "withdraw": lambda v, c, n: actions.submit_withdrawal(v, c.id, "", signing("0" * 64, n), **_request(n)),
    "record_withdrawal": lambda v, c, n: actions.record_withdrawal(v, c.id, intake("oral", n), **_request(n)),
    "answer_intake": lambda v, c, n: actions.confirm_intake(v, IntakeProof.objects.get().id, **_request(n)),
    "deny_intake": lambda v, c, n: actions.deny_intake(v, IntakeProof.objects.get().id, **_request(n)),
    "acknowledge": lambda v, c, n: actions.acknowledge(v, c.id, "manager", **_request(n)),
    "acknowledge_hr": lambda v, c, n: actions.acknowledge(v, c.id, "hr", **_request(n)),
    "settle_meaning": lambda v, c, n: actions.settle_meaning(v, c.id, "notice", note="问过", **_request(n)),
    "accept_offer": lambda v, c, n: actions.accept_offer(v, c.id, day("2026-12-10"), **_request(n)),
    "decline_offer": lambda v, c, n: actions.decline_offer(v, c.id, **_request(n)),
    "agree_day": lambda v, c, n: actions.agree_earlier_day(v, c.id, day("2026-12-10"), **_request(n)),
    "give_opinion": lambda v, c, n: actions.give_opinion(v, c.id, "agree", **_request(n)),
    "decide": lambda v, c, n: actions.decide_withdrawal(v, c.id, consents=True, **_request(n)),
    "refuse": lambda v, c, n: actions.refuse_withdrawal(v, c.id, **_request(n)),
    "record_consent": lambda v, c, n: actions.record_oral_consent(
        v, c.id, given_by=new_id(), given_at=n, words="好", **_request(n)
    ),
    "record_conduct_consent": lambda v, c, n: actions.record_conduct_consent(
        v, c.id, worked_on=day("2026-12-25"), wages_paid=True, source="考勤", **_request(n)
    ),
    "record_conduct": lambda v, c, n: actions.record_conduct(
        v, c.id, worked_on=day("2026-12-25"), wages_paid=True, objected=False, source="考勤", **_request(n)
    ),
    "complete": lambda v, c, n: actions.complete_exit(v, c.id, **_request(n)),
    "note_silence": lambda v, c, n: actions.note_silence(v, Withdrawal.objects.get().id, now=n),
    "near": lambda v, c, n: last_day_near(v, c.id, now=n),
}
MAY = {
    "withdraw": {"zhou"},
    "record_withdrawal": {"chen", "hr", "hr2", "lead"},
    "answer_intake": {"zhou"},
    "deny_intake": {"zhou"},
    "acknowledge": {"chen", "hr", "hr2", "lead"},
    "acknowledge_hr": {"hr", "hr2", "lead"},
    "settle_meaning": {"zhou", "hr", "hr2", "lead"},
    "accept_offer": {"hr", "hr2", "lead"},
    "decline_offer": {"hr", "hr2", "lead"},
    "agree_day": {"hr", "hr2", "lead"},
    "give_opinion": {"chen", "hr", "hr2", "lead"},
    "decide": {"hr", "hr2", "lead"},
    "refuse": {"hr", "hr2", "lead"},
    "record_consent": {"hr", "hr2", "lead"},
    "record_conduct_consent": {"hr", "hr2", "lead"},
    "record_conduct": {"chen", "hr", "hr2", "lead"},
    "complete": {"hr", "hr2", "lead"},
    "note_silence": set[str](),
    "near": set[str](),
}
EVERYBODY = ("zhou", "chen", "wu", "hr", "hr2", "lead", "legal", "it", "finance", "facilities", "other")


def test_everybody_else_is_refused_and_changes_nothing(world: World, monday: datetime) -> None:
    case = case_of(record(world, monday))
    withdraw(world.zhou, case.id, monday + timedelta(hours=1))
    for act, attempt in ACTS.items():
        for who in EVERYBODY:
            if who not in MAY[act]:
                viewer = getattr(world, who)
                refused(partial(attempt, viewer, case, monday), "role_table", Forbidden)


def test_an_unknown_case_is_told_from_nobodys(world: World, monday: datetime) -> None:
    """Who may act on some people only is forbidden an unknown id too: nobody learns which ids exist."""
    unknown = Case(id=new_id())
    for act in ACTS.keys() - {"answer_intake", "deny_intake", "note_silence"}:
        refused(partial(ACTS[act], world.wu, unknown, monday), "role_table", Forbidden)


def test_nobody_handles_their_own_resignation(world: World, monday: datetime) -> None:
    """An HR officer who resigns is an employee like any other."""
    own = replace(world.zhou, held=(*world.zhou.held, Held("hr"), Held("hr_lead")))
    case = case_of(record(world, monday))
    for act in ("complete", "decide", "acknowledge_hr", "record_consent", "agree_day"):
        refused(lambda act=act: ACTS[act](own, case, monday), "role_table", Forbidden)
    assert queries.case_for(own, case.id, now=monday).sight is Sight.SELF


def test_a_link_opened_by_somebody_else_finds_nothing_and_is_recorded(world: World, monday: datetime) -> None:
    case = case_of(resign(world.zhou, monday))
    for stranger in (world.wu, world.other, Viewer(None, None, "")):
        before = Refusal.objects.count()
        with pytest.raises(NotFound):
            queries.case_for(stranger, case.id, now=monday)
        actions.note_stranger(stranger, case.id)
        seen = Refusal.objects.order_by("-at").first()
        assert Refusal.objects.count() == before + 1
        assert seen is not None and (seen.rule, seen.object_id) == ("not_their_case", str(case.id))
    with pytest.raises(NotFound):
        queries.case_for(world.wu, new_id(), now=monday)
    before = Refusal.objects.count()
    actions.note_stranger(world.chen, case.id)
    assert Refusal.objects.count() == before
    with pytest.raises(NotFound):
        queries.file_of_case(world.wu, case.id, case.letter_file or new_id())
    with pytest.raises(NotFound):
        queries.preview_withdrawal(world.wu, case.id, "", actions.Paper("ab" * 32, monday))


def test_each_reader_sees_their_part(world: World, monday: datetime) -> None:
    case = case_of(resign(world.zhou, monday, Letter("38", reason="主管长期辱骂。", grounds=("38(2)",))))
    auditor = Viewer(new_id(), None, "auditor", (Held("auditor"),), auth="password")
    seen = {who: queries.case_for(getattr(world, who), case.id, now=monday) for who in ("zhou", "hr", "chen", "it")}
    seen["auditor"] = queries.case_for(auditor, case.id, now=monday)
    assert {who: view.sight for who, view in seen.items()} == {
        "zhou": Sight.SELF, "hr": Sight.FULL, "chen": Sight.MANAGER, "it": Sight.BRIEF, "auditor": Sight.RECORD,
    }  # fmt: skip
    for who in ("zhou", "hr"):
        letter = seen[who].letter
        assert letter is not None and letter.reason == "主管长期辱骂。"
        assert {each.kind for each in seen[who].files} == {"letter", "receipt"}
    for who in ("chen", "it", "auditor"):
        assert "辱骂" not in str(seen[who]) and "38(2)" not in str(seen[who]) and seen[who].files == ()
    assert seen["it"].trail == () and seen["chen"].trail != ()
    assert case.letter_file is not None
    reference, data = queries.file_of_case(world.hr, case.id, case.letter_file)
    assert data.startswith(b"%PDF") and reference.kind == "letter"
    for viewer in (world.chen, world.it, auditor):
        with pytest.raises(NotFound):
            queries.file_of_case(viewer, case.id, case.letter_file)
    with pytest.raises(NotFound):
        queries.file_of_case(world.hr, case.id, new_id())


def test_every_offered_act_says_why_it_is_grey_and_what_is_open_works(world: World, monday: datetime) -> None:
    case = case_of(resign(world.zhou, monday))
    offered = {who: queries.case_for(getattr(world, who), case.id, now=monday).may for who in EVERYBODY[:2]}
    hr = queries.case_for(world.hr, case.id, now=monday).may
    assert offered["zhou"]["withdraw"] is None
    assert set(offered["chen"]) == {
        "acknowledge_manager", "record_withdrawal", "give_opinion", "record_conduct",
    }  # fmt: skip
    assert offered["chen"]["acknowledge_manager"] is None
    assert hr["acknowledge_hr"] is None
    assert "陈立衡" in str(hr["acknowledge_manager"])
    assert "2026-12-23" in str(hr["complete"])
    for reasons in (*offered.values(), hr):
        assert all(reason is None or str(reason).strip() for reason in reasons.values())
    later = monday + timedelta(hours=1)
    withdraw(world.zhou, case.id, later)
    opine(world, case.id, later)
    assert queries.case_for(world.hr, case.id, now=later).may["decide"] is None
    decide(world, case.id, later, consents=True)
    over = queries.case_for(world.zhou, case.id, now=later).may
    assert "单位同意撤回" in str(over["withdraw"])


def test_hr_of_another_unit_sees_and_does_nothing(world: World, monday: datetime) -> None:
    case = case_of(resign(world.zhou, monday))
    elsewhere = Viewer(new_id(), None, "hr-elsewhere", (Held("hr", frozenset({new_id()})),), auth="password")
    with pytest.raises(NotFound):
        queries.case_for(elsewhere, case.id, now=monday)
    assert list(queries.cases(elsewhere).object_list) == []
    refused(lambda: ACTS["complete"](elsewhere, case, monday + 30 * DAY), "role_table", Forbidden)


def test_effects_have_keepers(world: World, monday: datetime) -> None:
    case = case_of(resign(world.zhou, monday))
    monday += timedelta(hours=1)
    withdraw(world.zhou, case.id, monday)
    opine(world, case.id, monday)
    decide(world, case.id, monday, consents=True)
    effect = OutsideEffect.objects.get(kind="payroll").id
    for viewer, rule in (
        (world.it, "not_their_effect"),
        (world.facilities, "not_their_effect"),
        (world.chen, "role_table"),
    ):
        refused(
            lambda viewer=viewer: actions.confirm_effect(viewer, effect, done=True, **_request(monday)),
            rule,
            Forbidden,
        )
    refused(lambda: actions.settle_effect(world.hr, effect, done=True, reply="", now=monday), "role_table", Forbidden)
    assert actions.settle_effect(SYSTEM, effect, done=True, reply="", now=monday + timedelta(minutes=1))


def test_taking_in_is_for_hr(world: World, monday: datetime) -> None:
    act = intake("paper", monday, "我决定辞职。")
    for who in ("zhou", "chen", "wu", "legal", "it"):
        refused(
            lambda who=who: actions.record_resignation(
                getattr(world, who), world.person(world.zhou), act, Stated("37"), **_request(monday)
            ),
            "role_table",
            Forbidden,
        )
