"""A resignation, and the resignation taken back: from the letter to the old paper that nobody can use any more."""

from __future__ import annotations

from datetime import datetime, timedelta

from guiyan.people.models import EmploymentSpell
from guiyan.separation import queries
from tests.process_db.world import World

from .world import DAY, case_of, day, decide, opine, resign, withdraw


def test_the_story(world: World, monday: datetime) -> None:
    opened = resign(world.zhou, monday)
    case = case_of(opened)
    assert (case.number, case.status, case.last_day) == ("LZ-2026-00001", "running", day("2026-12-23"))
    spell = EmploymentSpell.objects.get(pk=case.spell_id)
    assert (spell.status, spell.planned_end_on) == ("leaving", day("2026-12-23"))
    later = monday + 2 * DAY
    withdraw(world.zhou, case.id, later, "家里商量好了，想留下。")
    opine(world, case.id, later + timedelta(hours=1))
    decide(world, case.id, later + timedelta(hours=2), consents=True)
    case = case_of(opened)
    assert case.status == "restored"
    spell.refresh_from_db()
    assert (spell.status, spell.planned_end_on) == ("active", None)
    view = queries.case_for(world.hr, case.id, now=later)
    assert view.may["complete"]
