"""The product's clock. Business code asks here or takes ``now`` as an argument; it never reads the wall clock.

A simulation tenant's clock runs ahead of the wall by an offset; a real tenant's cannot move, because its database role
may not write the offset.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from guiyan.platform import tenancy

LEGAL_ZONE = ZoneInfo("Asia/Shanghai")


class ClockRefused(RuntimeError):
    """Only a simulation's clock moves, and only forward."""


def wall() -> datetime:
    """Return the machine's time (UTC, aware): for logs and libraries, never for business."""
    return datetime.now(UTC)


def now() -> datetime:
    """Return the current tenant's time (UTC, aware)."""
    tenant = tenancy.current()
    if tenant is None or not tenant.simulation:
        return wall()
    from guiyan.platform.models import Clock  # noqa: PLC0415  settings import this module before models are ready

    row = Clock.objects.filter(pk=1).first()
    return wall() + (row.offset if row else timedelta())


def today() -> date:
    """Return the legal day: the civil day in Asia/Shanghai, by the current tenant's clock."""
    return legal_day(now())


def legal_day(moment: datetime) -> date:
    """Return the civil day in Asia/Shanghai on which an aware moment falls."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone has no legal day")
    return moment.astimezone(LEGAL_ZONE).date()


def move_to(moment: datetime) -> None:
    """Set the simulation's clock to ``moment``. Raises ``ClockRefused`` for a real tenant and for going back."""
    from guiyan.platform.models import Clock  # noqa: PLC0415  settings import this module before models are ready

    if not tenancy.required().simulation:
        raise ClockRefused("a real tenant's clock cannot move")
    if Clock.objects.filter(pk=1).exists() and moment < now():
        raise ClockRefused("a simulation's clock moves forward only")
    Clock.objects.update_or_create(pk=1, defaults={"offset": moment - wall()})
