"""The words of instances, tasks and their trail."""

from __future__ import annotations

from enum import StrEnum


class InstanceStatus(StrEnum):
    """Where an instance stands as a whole; the values are those of ``runtime.Status``."""

    RUNNING = "running"
    ENDED = "ended"
    CANCELLED = "cancelled"


class TaskState(StrEnum):
    """How a task stands."""

    OPEN = "open"
    DONE = "done"
    TAKEN_BACK = "taken_back"
    """The flow went on without it; nobody need answer any more."""


class Fallback(StrEnum):
    """Whether a task is asked of those whose role it is, or of somebody else because there was nobody."""

    NONE = ""
    HR_INSTEAD = "hr_instead"
    """There is no direct manager on that day: HR is asked."""
    UNASSIGNED = "unassigned"
    """待指派: nobody has the role; the head of HR, else the administrator, is asked to find somebody."""


class How(StrEnum):
    """Why a task was put before somebody."""

    ROLE = "role"
    ESCALATED = "escalated"
    ASSIGNED = "assigned"


class What(StrEnum):
    """What a line of the trail tells."""

    STARTED = "started"
    MESSAGE = "message"
    OPENED = "opened"
    DONE = "done"
    TAKEN_BACK = "taken_back"
    CLAIMED = "claimed"
    RELEASED = "released"
    REASSIGNED = "reassigned"
    REMINDED = "reminded"
    ESCALATED = "escalated"
    COPIED = "copied"
    ANCHOR_SET = "anchor_set"
    COMMENTED = "commented"
    ENDED = "ended"
    CANCELLED = "cancelled"


class Tab(StrEnum):
    """The four drawers of an inbox."""

    TO_DO = "todo"
    DONE = "done"
    COPIED = "copied"
    MINE = "mine"
