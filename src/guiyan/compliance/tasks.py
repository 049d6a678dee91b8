"""Jobs: a computation of impact that is too long for a click."""

from __future__ import annotations

from uuid import UUID

from guiyan.compliance.actions.impact import JOB, advance
from guiyan.platform import clock
from guiyan.platform.permissions import SYSTEM
from guiyan.platform.queue import job


@job(JOB)
def compute_impact(run_id: str) -> None:
    """Finish a run, 50 a transaction; harmless to repeat."""
    while not advance(SYSTEM, UUID(run_id), now=clock.now()):
        continue
