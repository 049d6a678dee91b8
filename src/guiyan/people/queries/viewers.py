"""Who is looking: from an account to its roles."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from guiyan.people.queries.standing import WORKING_SQL
from guiyan.platform import clock
from guiyan.platform.models import User
from guiyan.platform.permissions import Held, Viewer

EMPLOYEE = "employee"
MANAGER = "manager"
IMPLIED = frozenset({EMPLOYEE, MANAGER})
"""Roles that follow from the organisation and are never granted."""

NOBODY = Viewer(user_id=None, person_id=None, name="")

_BELOW = """
SELECT top.id, below.id FROM people_unit top JOIN people_unit below ON starts_with(below.path, top.path)
WHERE top.id = ANY(%s)
"""

_IMPLIED = f"""
SELECT
    EXISTS (SELECT 1 FROM people_employmentspell s WHERE s.person_id = %(person)s) AS employed,
    EXISTS (
        SELECT 1 FROM people_employmentspell s
        WHERE s.person_id = %(person)s AND s.hired_on <= %(on)s AND (s.ended_on IS NULL OR s.ended_on >= %(on)s)
    ) AND (
        EXISTS (
            SELECT 1 FROM people_unitmanager h
            WHERE h.person_id = %(person)s AND h.valid_from <= %(on)s AND (h.valid_to IS NULL OR h.valid_to >= %(on)s)
        ) OR EXISTS (
            SELECT 1 FROM people_assignment a JOIN people_employmentspell s ON s.id = a.spell_id
            WHERE a.manager_id = %(person)s AND {WORKING_SQL}
        )
    ) AS manages
"""  # noqa: S608  put together from constants


def viewer_for(user: Any, *, on: date | None = None, auth: str = "") -> Viewer:
    """Return who looks when ``user`` (an account, or an anonymous visitor) does.

    Roles are those granted, with what lies below the units they were granted for; ``employee`` when the account's
    person has a spell, open or past; ``manager`` when they work today and lead a unit or are named as somebody's
    manager. A suspended account holds no role. ``auth`` says how the person signed in. At most three queries.
    """
    if not isinstance(user, User):
        return NOBODY
    held = (*_granted(user.id), *_implied(user.person_id, on or clock.today())) if user.is_active else ()
    return Viewer(user_id=user.id, person_id=user.person_id, name=user.display_name, held=held, auth=auth)


def viewer_of(username: str, *, on: date | None = None, auth: str = "") -> Viewer:
    """Return who looks when the account of this name does; for scenarios and commands that act as somebody.

    Raises ``LookupError`` when there is no such account.
    """
    user = User.objects.filter(username__iexact=username).first()
    if user is None:
        raise LookupError(username)
    return viewer_for(user, on=on, auth=auth)


def _granted(user_id: UUID) -> tuple[Held, ...]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT role, unit_id FROM platform_rolegrant WHERE user_id = %s ORDER BY role", [user_id])
        grants = cursor.fetchall()
    below = _below(sorted({unit for _, unit in grants if unit is not None}))
    units: dict[str, frozenset[UUID] | None] = {}
    for role, unit in grants:
        before = units.get(role, frozenset())
        units[role] = None if unit is None or before is None else before | below.get(unit, frozenset())
    return tuple(Held(role, where) for role, where in units.items())


def _below(units: list[UUID]) -> dict[UUID, frozenset[UUID]]:
    if not units:
        return {}
    found: dict[UUID, set[UUID]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_BELOW, [units])
        for top, unit in cursor.fetchall():
            found.setdefault(top, set()).add(unit)
    return {top: frozenset(all_below) for top, all_below in found.items()}


def _implied(person_id: UUID | None, on: date) -> tuple[Held, ...]:
    if person_id is None:
        return ()
    with connection.cursor() as cursor:
        cursor.execute(_IMPLIED, {"person": person_id, "on": on})
        employed, manages = cursor.fetchone()
    return tuple(Held(role) for role, holds in ((EMPLOYEE, employed), (MANAGER, manages)) if holds)
