"""Jobs: what is outside is put back after the commit, at least once, until it succeeds, is refused or given up."""

from __future__ import annotations

from uuid import UUID

from guiyan.platform import clock, queue
from guiyan.platform.permissions import SYSTEM
from guiyan.separation.actions.effects import JOB, TRIES_MAX, settle_effect
from guiyan.separation.hookspecs import OutsideRefused, system_for
from guiyan.separation.queries import effect_order


@queue.job(JOB, attempts=TRIES_MAX)
def put_back(effect_id: str) -> None:
    """Order one effect back. A refusal, or the last of several failures, is shown on the case for a person to mend."""
    ordered = effect_order(UUID(effect_id))
    system = system_for(ordered.kind) if ordered else None
    if ordered is None or system is None:
        return
    try:
        said = system.put_back(ordered.effect_id, ordered.case_number)
    except OutsideRefused as refused:
        settle_effect(SYSTEM, ordered.effect_id, done=False, reply=refused.said, now=clock.now())
        return
    except Exception as error:
        again = ordered.tries + 1 < TRIES_MAX
        settle_effect(SYSTEM, ordered.effect_id, done=False, again=again, reply=type(error).__name__, now=clock.now())
        if again:
            raise
        return
    settle_effect(SYSTEM, ordered.effect_id, done=True, reply=said, now=clock.now())
