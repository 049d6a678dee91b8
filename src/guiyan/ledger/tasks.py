"""Jobs of the ledger: making an evidence pack."""

from __future__ import annotations

from uuid import UUID

from guiyan.ledger import packs
from guiyan.platform.queue import job

ATTEMPTS = 3


@job(packs.JOB, attempts=ATTEMPTS)
def make_pack(pack_id: str) -> None:
    """Make a pack that was asked for; harmless to repeat."""
    packs.make(UUID(pack_id))
