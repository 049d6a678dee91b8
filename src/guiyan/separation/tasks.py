"""Jobs: what is outside is put back after the commit, at least once."""

from __future__ import annotations

from uuid import UUID

from guiyan.platform import clock, queue
from guiyan.platform.permissions import SYSTEM
from guiyan.separation.actions.effects import JOB, settle_effect
from guiyan.separation.hookspecs import system_for
from guiyan.separation.queries import effect_order


@queue.job(JOB)
def put_back(effect_id: str) -> None:
    """Order one effect back; a failure is shown on the case and tried again."""
    ordered = effect_order(UUID(effect_id))
    system = system_for(ordered.kind) if ordered else None
    if ordered is None or system is None:
        return
    try:
        said = system.put_back(ordered.effect_id, ordered.case_number)
    except Exception as error:
        settle_effect(SYSTEM, ordered.effect_id, done=False, reply=type(error).__name__, now=clock.now())
        raise
    settle_effect(SYSTEM, ordered.effect_id, done=True, reply=said, now=clock.now())
