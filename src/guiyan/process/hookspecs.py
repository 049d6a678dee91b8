"""What contexts tell processes about their forms: where a form is opened, and which step moves with what act.

A task whose form stands for an act of its own is done by that act alone, so that the flow never runs ahead of the row.
The forms in ``PLAIN`` ask for a confirmation and nothing more; they are confirmed from the inbox until a context claims
them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

PLAIN: Final = frozenset(
    {
        "access_return", "accounts_clear", "badge_return", "certificate", "confirm_consent", "file_transfer",
        "final_pay", "handover_accept", "handover_do", "handover_plan", "legal_reminder", "restore_access",
        "restore_pay", "restore_records", "tell_consent", "tell_refusal", "tell_silence", "urge_answer",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TaskPlace:
    """Which task of which case a form is opened for."""

    task_id: UUID
    instance_id: UUID
    case_kind: str
    case_id: UUID
    form: str


Opener = Callable[[TaskPlace], str]
_openers: dict[str, Opener] = {}
_others: list[Opener] = []


def claim_form(form: str, opener: Opener) -> None:
    """Say that a context does the tasks with this form by an act of its own, and at which address it is opened."""
    _openers[form] = opener


def open_others_with(opener: Opener) -> None:
    """Say where forms that no context claims are opened (the edge's own page for a task)."""
    _others[:] = [opener]


def address_of(place: TaskPlace) -> str:
    """Return where the form of a task is opened, a path on this site; empty when nothing opens it."""
    opener = _openers.get(place.form) or next(iter(_others), None)
    return opener(place) if opener else ""


def is_plain(form: str) -> bool:
    """Return whether a task with this form is done by confirming it."""
    return form in PLAIN and form not in _openers
