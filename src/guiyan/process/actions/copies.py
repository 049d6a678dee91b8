"""抄送: show an instance to somebody without asking anything of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from guiyan.platform.acting import action, inside_action
from guiyan.platform.permissions import Viewer
from guiyan.process.actions.moves import lock_instance
from guiyan.process.enums import What
from guiyan.process.models import Copy, Instance
from guiyan.process.parties import Party, is_viewer
from guiyan.process.trail import note


def copy_to(viewer: Viewer, instance_id: UUID, to: Iterable[Party], *, now: datetime) -> int:
    """An instance is shown to these too; who is copied already is passed over. Returns how many were added.

    A step of another context's action, which knows who may learn of the case. Raises ``NotFound``.
    """
    assert inside_action(), "copies are made inside an action"
    instance = lock_instance(instance_id)
    added = add_copies(instance, to, now)
    if added:
        note(viewer, instance, What.COPIED, now=now, detail=str(added))
    return added


def add_copies(instance: Instance, to: Iterable[Party], now: datetime) -> int:
    """Add the copies of a locked instance. Returns how many are new."""
    known = [Party(each.user_id, each.person_id) for each in instance.copies.all()]
    added = 0
    for party in to:
        if any(party.is_same(other) for other in known):
            continue
        Copy.objects.create(instance=instance, user_id=party.user_id, person_id=party.person_id, at=now)
        known.append(party)
        added += 1
    return added


@action("process.read_copy")
def read_copy(viewer: Viewer, instance_id: UUID, *, now: datetime) -> bool:
    """The viewer's copy of an instance is read; another's is not touched. Returns whether it was unread."""
    mine = Copy.objects.filter(is_viewer(viewer), instance_id=instance_id, read_at__isnull=True)
    return bool(mine.update(read_at=now))
