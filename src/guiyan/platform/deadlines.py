"""Deadlines are rows: a rule, its start, and the moment it yields. The tick asks the tenant's clock which are due."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import structlog
from django.db.models import QuerySet

from guiyan.kernel.deadlines import DeadlineRule, PeriodUnit, compute
from guiyan.platform import calendar, clock, tenancy
from guiyan.platform.acting import action
from guiyan.platform.models import Deadline
from guiyan.platform.permissions import SYSTEM, Viewer
from guiyan.platform.tenancy import directory

FIRED_PER_TICK_MAX = 500
LOG = structlog.get_logger("guiyan.deadlines")

Handler = Callable[[Deadline, datetime], None]
_handlers: dict[str, Handler] = {}


def register_handler(name: str, handler: Handler) -> None:
    """Say what happens when a deadline whose handler is ``name`` is due; runs in the transaction that fires it."""
    _handlers[name] = handler


def set_deadline(
    owner_kind: str, owner_id: UUID, purpose: str, *, rule: DeadlineRule, started_at: datetime, handler: str
) -> Deadline:
    """Set (or set anew) the deadline of an owner for one purpose. Call inside an action. Returns the row."""
    computed = compute(rule, started_at, calendar.day_table())
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


def recompute_open() -> list[tuple[Deadline, datetime]]:
    """Compute every open deadline anew after the calendar changed. Returns (row, former moment) of those that moved."""
    table = calendar.day_table()
    moved: list[tuple[Deadline, datetime]] = []
    for row in Deadline.objects.filter(state="open").select_for_update().order_by("pk").iterator(chunk_size=1000):
        fresh = compute(rule_of(row), row.started_at, table)
        if (fresh.last_day, fresh.provisional) == (row.last_day, row.provisional):
            continue
        if fresh.last_day != row.last_day:
            moved.append((row, row.due_at))
        row.last_day, row.due_at, row.provisional = fresh.last_day, fresh.ends_at, fresh.provisional
        row.save(update_fields=["last_day", "due_at", "provisional"])
    return moved


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
    """Fire what is due by the current tenant's clock, in the order it fell due. Returns how many were fired."""
    now = clock.now()
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
