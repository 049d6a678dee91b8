"""Reads of processes. Each takes the viewer first; those without one are read by contexts' actions, and say so."""

from guiyan.process.queries.cases import (
    InstanceFact,
    TrailRow,
    diagram_svg,
    instances_of,
    my_task,
    open_task_of,
    processes_of_case,
    task,
    tasks_of_case,
    trail,
)
from guiyan.process.queries.inbox import (
    Colleague,
    DelegationRow,
    InboxCounts,
    InstanceRow,
    delegations,
    find_colleagues,
    inbox,
    inbox_counts,
)
from guiyan.process.queries.names import candidate_names
from guiyan.process.queries.rows import TaskRow
from guiyan.process.queries.waiting import Waiting, waiting

__all__ = [
    "Colleague",
    "DelegationRow",
    "InboxCounts",
    "InstanceFact",
    "InstanceRow",
    "TaskRow",
    "TrailRow",
    "Waiting",
    "candidate_names",
    "delegations",
    "diagram_svg",
    "find_colleagues",
    "inbox",
    "inbox_counts",
    "instances_of",
    "my_task",
    "open_task_of",
    "processes_of_case",
    "task",
    "tasks_of_case",
    "trail",
    "waiting",
]
