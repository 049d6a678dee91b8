"""What can be done with processes.

``start``, ``complete_task``, ``settle_task``, ``receive``, ``cancel``, ``set_anchor`` and ``copy_to`` are
steps of other contexts' actions; the others are actions themselves.
"""

from guiyan.process.actions.comments import comment
from guiyan.process.actions.copies import copy_to, read_copy
from guiyan.process.actions.following import follow_deadline, follow_standing, reassign_open
from guiyan.process.actions.hands import claim, delegate, end_delegation, reassign, release
from guiyan.process.actions.installing import install, install_shipped
from guiyan.process.actions.moves import (
    Anchors,
    Moved,
    cancel,
    complete_task,
    confirm_task,
    receive,
    set_anchor,
    settle_task,
    start,
)
from guiyan.process.parties import Party

__all__ = [
    "Anchors",
    "Moved",
    "Party",
    "cancel",
    "claim",
    "comment",
    "complete_task",
    "confirm_task",
    "copy_to",
    "delegate",
    "end_delegation",
    "follow_deadline",
    "follow_standing",
    "install",
    "install_shipped",
    "read_copy",
    "reassign",
    "reassign_open",
    "receive",
    "release",
    "set_anchor",
    "settle_task",
    "start",
]
