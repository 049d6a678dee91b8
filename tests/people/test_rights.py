"""The role table of people, cell by cell: every act, every role, every way of standing to the person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from guiyan.people import actions, queries
from guiyan.people.importing import build_plan
from guiyan.people.models import EmploymentSpell, ImportBatch, Protection
from guiyan.people.queries import NotFound, PeopleFilter
from guiyan.platform.acting import Forbidden
from guiyan.platform.ids import new_id
from guiyan.platform.models import User
from guiyan.platform.permissions import SYSTEM, Held, Viewer, table
from tests.people.importing import rosters
from tests.people.world import BANK, DOCUMENT, MOBILE, SITUATIONS, World, build, grown, row_counts, unit

ALL = {
    "employee",
    "manager",
    "hr",
    "hr_lead",
    "legal",
    "it",
    "finance",
    "facilities",
    "auditor",
    "system_admin",
    "system",
}
HR = {"hr": ["serves"], "hr_lead": ["any"]}
HR_SYSTEM = {**HR, "system": ["any"]}
OWN = {"employee": ["self"]}
TOP = {"hr_lead": ["any"], "system": ["any"]}
READERS = {**OWN, "manager": ["manages"], **HR_SYSTEM, "legal": ["any"], "auditor": ["any"]}
KEPT_CLOSE = {"hr": ["serves"], "hr_lead": ["serves"]}

EXPECTED: dict[str, dict[str, list[str]]] = {
    "people.view_units": {role: ["any"] for role in ALL},
    "people.list": {**READERS, "finance": ["any"]},
    "people.export": HR,
    "people.view": {**READERS, "finance": ["any"]},
    "people.view_contracts": READERS,
    "people.view_wage": {**OWN, **HR, "finance": ["any"]},
    "people.view_masked": {**OWN, **HR, "legal": ["any"], "finance": ["any"]},
    "people.view_addresses": {**OWN, **HR_SYSTEM, "legal": ["any"]},
    "people.view_protections": {**OWN, **KEPT_CLOSE, "legal": ["serves"]},
    "people.reveal": {**OWN, **HR_SYSTEM, "legal": ["any"]},
    "people.reveal_bank": {**OWN, **HR, "finance": ["any"]},
    "people.find": HR_SYSTEM,
    "people.hire": HR_SYSTEM,
    "people.rehire": HR_SYSTEM,
    "people.transfer": HR_SYSTEM,
    "people.open_unit": TOP,
    "people.close_unit": TOP,
    "people.open_post": TOP,
    "people.set_unit_manager": TOP,
    "people.record_contract": HR_SYSTEM,
    "people.record_wage": HR_SYSTEM,
    "people.record_protection": {**OWN, **KEPT_CLOSE, "system": ["any"]},
    "people.end_protection": {**KEPT_CLOSE, "system": ["any"]},
    "people.confirm_address": OWN,
    "people.record_address": HR,
    "people.correct": HR_SYSTEM,
    "people.plan_end": {"system": ["any"]},
    "people.end_spell": {"system": ["any"]},
    "people.restore_spell": {"system": ["any"]},
    "people.make_account": {**HR_SYSTEM, "system_admin": ["any"]},
    "people.load_import": HR_SYSTEM,
    "people.reverse_import": HR_SYSTEM,
    "people.view_imports": {**HR_SYSTEM, "auditor": ["any"]},
}
WHOLE_COMPANY = {"people.load_import", "people.reverse_import", "people.view_imports"}
"""Acts on everybody at once: who serves a part of the company only may not."""
WHERE_THE_GONE_WORKED = {"people.rehire"}
OF_ONESELF = {"people.confirm_address"}
"""An act whose subject is always whoever acts."""


def _request() -> dict[str, Any]:
    return {"request_id": new_id()}


def _plan(world: World) -> Any:
    roster = rosters.workbook([list(rosters.HEADS), rosters.person(77)])
    return build_plan(roster, "名册.xlsx", as_of=world.now.date(), known=queries.known_people(SYSTEM))


def _reverse(world: World, viewer: Viewer) -> None:

    batch = ImportBatch.objects.get()
    actions.reverse_import(viewer, batch.id, reason="测试", now=world.now, **_request())


Attempt = Callable[[World, Viewer], Any]
ACTS: dict[str, Attempt] = {
    "people.export": lambda w, v: _must_hold(
        w, actions.export_people(v, PeopleFilter(), "name", reason="测试", now=w.now)
    ),
    "people.reveal": lambda w, v: actions.reveal_sensitive(v, w.subject, "mobile", reason="测试", now=w.now),
    "people.reveal_bank": lambda w, v: actions.reveal_sensitive(v, w.subject, "bank_account", reason="测试", now=w.now),
    "people.hire": lambda w, v: actions.hire(
        v, actions.NewPerson("新人"), actions.Engagement("N1", w.now.date(), w.team, w.post), now=w.now, **_request()
    ),
    "people.rehire": lambda w, v: actions.rehire(
        v, w.gone, actions.Engagement("N2", w.now.date(), w.team, w.post), now=w.now, **_request()
    ),
    "people.transfer": lambda w, v: actions.transfer(
        v, w.subject, actions.Move(w.right, w.other_post, w.now.date()), now=w.now, **_request()
    ),
    "people.open_unit": lambda w, v: actions.open_unit(
        v, code="NEW", name="新部门", parent_id=w.company, opened_on=w.now.date(), now=w.now, **_request()
    ),
    "people.close_unit": lambda w, v: actions.close_unit(v, w.extra["empty"], w.now.date(), now=w.now, **_request()),
    "people.open_post": lambda w, v: actions.open_post(v, name="新岗位", now=w.now, **_request()),
    "people.set_unit_manager": lambda w, v: actions.set_unit_manager(
        v, w.team, w.subject, w.now.date(), now=w.now, **_request()
    ),
    "people.record_contract": lambda w, v: actions.record_contract(
        v, w.spell, actions.ContractTerms("open_ended", date(2027, 3, 1)), now=w.now, **_request()
    ),
    "people.record_wage": lambda w, v: actions.record_wage(
        v, w.spell, actions.WageTerms(Decimal(9000), w.now.date()), now=w.now, **_request()
    ),
    "people.record_protection": lambda w, v: actions.record_protection(
        v, w.subject, actions.ProtectionFacts("nursing", w.now.date()), now=w.now, **_request()
    ),
    "people.end_protection": lambda w, v: actions.end_protection(
        v, w.protection, w.now.date(), reason="测试", now=w.now, **_request()
    ),
    "people.confirm_address": lambda w, v: actions.confirm_address(
        v, "email", "a@example.com", now=w.now, **_request()
    ),
    "people.record_address": lambda w, v: actions.record_address(
        v, w.subject, "email", "a@example.com", proof_sha256="0" * 64, confirmed_at=w.now, now=w.now, **_request()
    ),
    "people.correct": lambda w, v: actions.correct_person(
        v, w.subject, {"education": "硕士"}, reason="测试", now=w.now, **_request()
    ),
    "people.plan_end": lambda w, v: actions.plan_end(v, w.spell, w.now.date(), now=w.now, **_request()),
    "people.end_spell": lambda w, v: actions.end_spell(v, w.spell, w.now.date(), "agreement", now=w.now, **_request()),
    "people.restore_spell": lambda w, v: actions.restore_spell(v, w.leaving_spell, now=w.now, **_request()),
    "people.make_account": lambda w, v: actions.make_account_for(
        v, w.subject, username="zhouyutong", password="correct-horse-7", now=w.now, **_request()
    ),
    "people.load_import": lambda w, v: actions.load_import(v, w.extra["plan"], now=w.now, **_request()),
    "people.reverse_import": _reverse,
}


def _must_hold(world: World, rows: Any) -> None:
    if world.subject not in {row.person_id for row in rows}:
        raise Forbidden("not_in_it", "")


def _profile(world: World, viewer: Viewer) -> queries.Profile:
    return queries.profile(viewer, world.subject, on=world.now.date())


def _list(world: World, viewer: Viewer) -> bool:
    return world.subject in {row.person_id for row in queries.list_people(viewer, on=world.now.date()).rows}


READS: dict[str, Attempt] = {
    "people.view_units": lambda w, v: len(queries.unit_tree(v, on=w.now.date())) == 5,
    "people.list": _list,
    "people.view": lambda w, v: _profile(w, v).name == "周雨桐",
    "people.view_contracts": lambda w, v: bool(_profile(w, v).spells[0].contracts),
    "people.view_wage": lambda w, v: bool(_profile(w, v).spells[0].wages),
    "people.view_masked": lambda w, v: bool(_profile(w, v).sensitive),
    "people.view_addresses": lambda w, v: bool(_profile(w, v).addresses),
    "people.view_protections": lambda w, v: bool(_profile(w, v).protections),
    "people.find": lambda w, v: bool(queries.find_by_sensitive(v, "mobile", MOBILE, on=w.now.date())),
    "people.view_imports": lambda w, v: queries.import_batches(v) is not None,
}


def _expected(act: str, role: str, situation: str) -> bool:
    allow = EXPECTED[act].get(role, [])
    if "any" in allow or (act in OF_ONESELF and allow):
        return True
    if act in WHOLE_COMPANY:
        return situation == "serves_all" and "serves" in allow
    return situation.removesuffix("_all") in allow


@pytest.fixture
def world(tenant: Any, now: datetime, settings: Any) -> World:

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    made = build(now)
    made.extra["empty"] = unit("EMPTY", "空部门", made.company, now)
    made.extra["plan"] = _plan(made)
    return made


def test_the_table_says_what_we_mean_it_to_say() -> None:
    said = {key: {role: list(how) for role, how in act.allow.items()} for key, act in table().acts.items()}
    assert {key: allow for key, allow in said.items() if key.startswith("people.")} == EXPECTED
    assert set(table().roles) == ALL
    assert set(table().relations) == {"any", "self", "manages", "serves"}
    assert set(ACTS) | set(READS) == set(EXPECTED), "every act of the table is tried"


def _cells(acts: dict[str, Attempt]) -> list[tuple[str, str, str]]:
    """Every cell; a role that the act does not name is tried where it would have most: each way includes the rest."""
    return [
        (act, role, situation)
        for act in acts
        for role in sorted(ALL)
        for situation in (SITUATIONS if role in EXPECTED[act] else ("self", "manages", "serves_all"))
    ]


def test_every_act_is_allowed_or_refused_as_the_table_says(world: World) -> None:
    """Allowed succeeds; refused raises ``Forbidden`` and leaves nothing but the refusal and its ledger entry."""

    wrong: list[tuple[str, ...]] = []
    counted = {True: 0, False: 0}
    for act, role, situation in _cells(ACTS):
        viewer, outcome, change = world.viewer(role, situation), "allowed", {}
        with transaction.atomic():
            if act == "people.reverse_import":
                actions.load_import(SYSTEM, world.extra["plan"], now=world.now, **_request())
            before = row_counts()
            try:
                ACTS[act](world, viewer)
            except Forbidden as refusal:
                outcome = "refused" if refusal.rule == "role_table" else refusal.rule
                change = grown(before, row_counts())
            transaction.set_rollback(True)
        expected = _expected(act, role, situation)
        counted[expected] += 1
        if outcome == "not_in_it" and not expected and act == "people.export":
            continue
        if outcome != ("allowed" if expected else "refused"):
            wrong.append((act, role, situation, outcome))
        # a first refusal also gives the viewer their pseudonym's key
        change.pop("platform_subjectkey", None)
        if outcome == "refused" and change != {"platform_refusal": 1, "ledger_entry": 1}:
            wrong.append((act, role, situation, str(change)))
    assert wrong == []
    assert counted[True] > 150
    assert counted[False] > 600


def test_every_read_shows_or_hides_as_the_table_says(world: World) -> None:
    wrong = []
    before = row_counts()
    for act, role, situation in _cells(READS):
        viewer = world.viewer(role, situation)
        try:
            seen = READS[act](world, viewer)
        except NotFound:
            seen = False
        if seen != _expected(act, role, situation):
            wrong.append((act, role, situation, seen))
    assert wrong == []
    assert grown(before, row_counts()) == {}, "looking writes nothing"


def test_a_forbidden_person_and_nobody_at_all_look_the_same(world: World) -> None:
    manager = world.viewer("manager", "manages")
    for person in (world.outsider, new_id()):
        with pytest.raises(NotFound) as caught:
            queries.profile(manager, person)
        assert str(caught.value) == str(person)
    hr = world.viewer("hr", "serves")
    for person in (world.outsider, new_id()):
        with pytest.raises(Forbidden) as refused:
            actions.correct_person(hr, person, {"education": "博士"}, reason="测试", now=world.now, **_request())
        assert (refused.value.rule, refused.value.object_id) == ("role_table", str(person))


def test_an_unknown_person_is_not_found_for_those_who_may_act_on_all(world: World) -> None:
    lead = world.viewer("hr_lead", "other")
    with pytest.raises(NotFound):
        actions.correct_person(lead, new_id(), {"education": "博士"}, reason="测试", now=world.now, **_request())
    with pytest.raises(NotFound):
        actions.record_contract(
            lead, new_id(), actions.ContractTerms("open_ended", world.now.date()), now=world.now, **_request()
        )


def test_a_manager_learns_of_no_protection_by_any_read(world: World) -> None:
    """Every read that takes a viewer, compared with one where the protection does not exist: not a byte differs."""

    manager, day = world.viewer("manager", "manages"), world.now.date()

    def everything() -> list[str]:
        every = [PeopleFilter(), PeopleFilter(status="active"), PeopleFilter(ending_within_days=400)]
        rows = [queries.list_people(manager, each, sort, on=day) for each in every for sort in queries.SORTS]
        shown = queries.profile(manager, world.subject, on=day)
        assert "people.view_protections" not in shown.may
        return [repr(part) for part in (*rows, shown, queries.unit_tree(manager, on=day), queries.posts(manager))]

    with_it = everything()
    assert "pregnancy" not in "".join(with_it)
    seen_by_hr = repr(queries.profile(world.viewer("hr", "serves"), world.subject, on=day))
    assert "pregnancy" in seen_by_hr, "what must not leak is there"
    Protection.objects.all().delete()
    assert everything() == with_it


def test_whoever_serves_does_not_serve_themself(world: World) -> None:

    hr = Viewer(new_id(), world.subject, "hr", (Held("employee"), Held("hr")), auth="password")
    with pytest.raises(Forbidden):
        actions.record_wage(
            hr, world.spell, actions.WageTerms(Decimal(99999), world.now.date()), now=world.now, **_request()
        )
    assert queries.profile(hr, world.subject).spells[0].wages, "one's own wage is seen as an employee"


def test_masks_and_full_values(world: World) -> None:
    hr = world.viewer("hr", "serves")
    shown = queries.profile(hr, world.subject, on=world.now.date())
    text = repr(shown)
    assert MOBILE not in text and DOCUMENT not in text and BANK not in text
    assert "142****6021" in text
    assert actions.reveal_sensitive(hr, world.subject, "mobile", reason="电话通知", now=world.now) == MOBILE


def test_a_manager_who_left_manages_nobody(world: World, now: datetime) -> None:

    user = User.objects.create(username="boss", display_name="陈立衡", created_at=now, person_id=world.boss)
    assert queries.viewer_for(user, on=now.date()).roles == {"employee", "manager"}
    spell = EmploymentSpell.objects.get(person_id=world.boss)
    actions.end_spell(SYSTEM, spell.id, now.date() - timedelta(days=1), "agreement", now=now, **_request())
    assert queries.viewer_for(user, on=now.date()).roles == {"employee"}
