"""How much waits for somebody: the number beside 待办 on every page.

It says what the drawer 待办 of the inbox says, in one statement written out: a page that shows fifty rows must not
spend longer on the number beside them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from guiyan.platform import clock
from guiyan.platform.clock import legal_day
from guiyan.platform.permissions import Viewer, allowed
from guiyan.process import dues
from guiyan.process.queries.inbox import PROCESS_COMPLETE
from guiyan.process.roles import EMPLOYEE

_WAITING = """
WITH asked AS (
    SELECT c.task_id, true AS themself FROM process_taskcandidate c
    WHERE c.removed_at IS NULL AND (c.user_id = %(user)s::uuid OR c.person_id = %(person)s::uuid)
    UNION ALL
    SELECT c.task_id, false FROM process_delegation d
    JOIN process_taskcandidate c ON c.user_id = d.from_user OR c.person_id = d.from_person
    WHERE c.removed_at IS NULL AND d.ended_at IS NULL AND d.first_day <= %(on)s AND d.last_day >= %(on)s
        AND (d.to_user = %(user)s::uuid OR d.to_person = %(person)s::uuid)
), open AS (
    SELECT DISTINCT t.id FROM asked JOIN process_task t ON t.id = asked.task_id
    JOIN process_instance i ON i.id = t.instance_id
    WHERE t.state = 'open' AND (asked.themself OR (t.role <> %(employee)s AND (
        %(person)s::uuid IS NULL OR i.subject_person_id IS DISTINCT FROM %(person)s::uuid
    )))
)
SELECT count(*), count(d.id) FROM open LEFT JOIN platform_deadline d
    ON d.owner_kind = %(owner)s AND d.owner_id = open.id AND d.purpose = %(due)s AND d.state <> 'dropped'
    AND d.due_at <= %(now)s
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many tasks ask a viewer now, and how many of those are overdue."""

    todo: int = 0
    overdue: int = 0


def waiting(viewer: Viewer, *, now: datetime | None = None) -> Waiting:
    """Return how much waits for the viewer: what ``inbox_counts`` says of ``todo`` and ``overdue``. One query."""
    moment = now or clock.now()
    if not allowed(viewer, PROCESS_COMPLETE):
        return Waiting()
    told = {
        "user": viewer.user_id,
        "person": viewer.person_id,
        "on": legal_day(moment),
        "employee": EMPLOYEE,
        "owner": dues.OWNER,
        "due": dues.DUE,
        "now": moment,
    }
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, told)
        return Waiting(*cursor.fetchone())
