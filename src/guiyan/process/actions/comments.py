"""Comments on an instance."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guiyan.platform.acting import Refused, action, earlier_result, keep_result
from guiyan.platform.permissions import Viewer
from guiyan.process.actions.moves import lock_instance
from guiyan.process.enums import What
from guiyan.process.queries.standing import visible_instance
from guiyan.process.trail import note, prove
from guiyan.process.waiting import giving_way

COMMENT_MAX: Final = 2000


@action("process.comment")
@giving_way()
def comment(viewer: Viewer, instance_id: UUID, text: str, *, request_id: UUID, now: datetime) -> None:
    """What the viewer wrote is on the trail, sealed, for all who may see the instance; twice sent is written once.

    Raises ``NotFound`` when the viewer may not see it, ``Refused`` when nothing or too much was written.
    """
    if earlier_result(request_id, act="process.comment", viewer=viewer, now=now) is not None:
        return
    visible_instance(viewer, instance_id, now)
    instance = lock_instance(instance_id)
    words = text.strip()
    if not words:
        raise Refused("comment_empty", _("请先写下留言。"), object_kind="process", object_id=instance_id)
    if len(words) > COMMENT_MAX:
        raise Refused("comment_too_long", _("留言最多 2000 字。"), object_kind="process", object_id=instance_id)
    note(viewer, instance, What.COMMENTED, now=now, words=words)
    prove(viewer, "comment.made", instance, now=now, committed={"text": f"留言：{words}"})
    keep_result(request_id, {})
