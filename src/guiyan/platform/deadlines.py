"""Deadlines are rows: a rule, its start, and the moment it yields. The tick asks the tenant's clock which are due.

Whatever changes the calendar calls ``recompute``, which is the only place where deadlines follow it; the tick calls it
itself when the built-in national calendar is another than the one they rest on. Who owns a deadline that moved
subscribes to ``DeadlineMoved``.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

import structlog
from django.db.models import Q, QuerySet

from guiyan.kernel.calendar import NON_WORKING_RUN_LIMIT, DayTable
from guiyan.kernel.deadlines import DeadlineRule, PeriodUnit, compute
from guiyan.platform import bus, calendar, clock, evidence, tenancy
from guiyan.platform.acting import action
from guiyan.platform.clock import legal_day
from guiyan.platform.events import DayBegan, DeadlineMoved
from guiyan.platform.ids import new_id
from guiyan.platform.models import DayTurn, Deadline
from guiyan.platform.permissions import SYSTEM, Viewer
from guiyan.platform.tenancy import directory

FIRED_PER_TICK_MAX = 500
LOOK_BACK: Final = timedelta(days=NON_WORKING_RUN_LIMIT)
"""How far back a deadline that has passed can be put off by days that turned out not to be worked."""
LOG = structlog.get_logger("guiyan.deadlines")

Handler = Callable[[Deadline, datetime], None]
_handlers: dict[str, Handler] = {}


def register_handler(name: str, handler: Handler) -> None:
    """Say what happens when a deadline whose handler is ``name`` is due; runs in the transaction that fires it."""
    _handlers[name] = handler


def set_deadline(
    owner_kind: str,
    owner_id: UUID,
    purpose: str,
    *,
    rule: DeadlineRule,
    started_at: datetime,
    handler: str,
    not_before: date | None = None,
) -> Deadline:
    """Set (or set anew) the deadline of an owner for one purpose. Call inside an action. Returns the row.

    Where the rule yields a day before ``not_before`` it is that day, also when the calendar changes later.
    """
    computed = compute(rule, started_at, calendar.day_table(), not_before=not_before)
    row, _made = Deadline.objects.update_or_create(
        owner_kind=owner_kind,
        owner_id=owner_id,
        purpose=purpose,
        defaults={
            "unit": rule.unit.value,
            "count": rule.count,
            "rolls": rule.rolls,
            "start_event": rule.start_event,
            "started_at": started_at,
            "not_before": not_before,
            "last_day": computed.last_day,
            "due_at": computed.ends_at,
            "provisional": computed.provisional,
            "handler": handler,
            "state": "open",
            "settled_at": None,
        },
    )
    return row


def _open(owner_kind: str, owner_id: UUID, purpose: str | None) -> QuerySet[Deadline]:
    rows = Deadline.objects.filter(owner_kind=owner_kind, owner_id=owner_id, state="open")
    return rows if purpose is None else rows.filter(purpose=purpose)


def meet(owner_kind: str, owner_id: UUID, purpose: str | None = None, *, now: datetime) -> int:
    """Mark the owner's open deadlines (of one purpose, or all) as met. Returns how many. Call inside an action."""
    return _open(owner_kind, owner_id, purpose).update(state="met", settled_at=now)


def drop(owner_kind: str, owner_id: UUID, purpose: str | None = None, *, now: datetime) -> int:
    """Drop the owner's open deadlines: what they waited for no longer matters. Call inside an action."""
    return _open(owner_kind, owner_id, purpose).update(state="dropped", settled_at=now)


def rule_of(row: Deadline) -> DeadlineRule:
    """Return the rule that a stored deadline was computed from."""
    return DeadlineRule(PeriodUnit(row.unit), row.count, row.start_event, row.rolls)


def recompute(*, now: datetime) -> int:
    """Deadlines follow the calendar as it is now. Returns how many open ones moved. Call inside an action.

    Each that moved is published, and each that had passed and by this calendar has not.
    """
    table, moved = calendar.day_table(), 0
    passed = Q(state="fired", last_day__gte=legal_day(now) - LOOK_BACK)
    rows = Deadline.objects.filter(Q(state="open") | passed).select_for_update().order_by("pk")
    for row in rows.iterator(chunk_size=1000):
        moved += _follow(row, table) if row.state == "open" else _comes_anew(row, table, now)
    return moved


def _follow(row: Deadline, table: DayTable) -> bool:
    former = row.last_day
    fresh = compute(rule_of(row), row.started_at, table, not_before=row.not_before)
    if (fresh.last_day, fresh.provisional) != (former, row.provisional):
        row.last_day, row.due_at, row.provisional = fresh.last_day, fresh.ends_at, fresh.provisional
        row.save(update_fields=["last_day", "due_at", "provisional"])
    if fresh.last_day == former:
        return False
    _publish(row, fresh.last_day)
    return True


def _comes_anew(row: Deadline, table: DayTable, now: datetime) -> bool:
    fresh = compute(rule_of(row), row.started_at, table, not_before=row.not_before)
    if fresh.last_day != row.last_day and not fresh.is_over(now):
        _publish(row, fresh.last_day)
    return False


def _publish(row: Deadline, last_day: date) -> None:
    bus.publish(DeadlineMoved(new_id(), row.owner_kind, row.owner_id, row.purpose, last_day))


@action("deadlines.turn_day")
def turn_day(viewer: Viewer, *, now: datetime) -> None:
    """The legal day is known to have begun, and deadlines rest on the national calendar that is built in now.

    The first tick of a day does this, and the first one after an upgrade that brought another calendar.
    """
    today, national = legal_day(now), calendar.national_sha256()
    row, made = DayTurn.objects.select_for_update().get_or_create(
        pk=1, defaults={"day": today, "national_sha256": national}
    )
    began, another = made or row.day < today, made or row.national_sha256 != national
    row.day, row.national_sha256 = max(row.day, today), national
    row.save(update_fields=["day", "national_sha256"])
    moved = recompute(now=now) if another else 0
    if moved:
        evidence.append(viewer, "calendar.changed", now=now, public={"days": 0, "first": None, "moved": moved})
    if began:
        bus.publish(DayBegan(today))


@action("deadlines.fire")
def fire(_viewer: Viewer, deadline_id: UUID, *, now: datetime) -> bool:
    """Fire one deadline: its row is settled and its handler has run, both or neither. Returns whether it was due."""
    row = Deadline.objects.select_for_update(skip_locked=True).filter(pk=deadline_id, state="open").first()
    if row is None or row.due_at > now:
        return False
    row.state, row.settled_at = "fired", now
    row.save(update_fields=["state", "settled_at"])
    _handlers[row.handler](row, now)
    return True


def tick() -> int:
    """Fire what is due by the current tenant's clock, in the order it fell due. Returns how many were fired.

    Before that the day turns, where it has not yet.
    """
    now = clock.now()
    if not DayTurn.objects.filter(day__gte=legal_day(now), national_sha256=calendar.national_sha256()).exists():
        turn_day(SYSTEM, now=now)
    due = Deadline.objects.filter(state="open", due_at__lte=now).order_by("due_at", "pk")
    fired = 0
    for deadline_id in list(due.values_list("pk", flat=True)[:FIRED_PER_TICK_MAX]):
        try:
            fired += fire(SYSTEM, deadline_id, now=now)
        except Exception as error:  # noqa: BLE001  one broken handler must not hold up the others
            LOG.error("deadline failed", exception=type(error).__name__)
    return fired


def tick_all() -> None:
    """Tick every tenant."""
    for tenant in directory.every():
        with tenancy.session(tenant):
            tick()
