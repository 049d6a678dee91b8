"""How a viewer stands to what is kept here."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from guiyan.compliance.hookspecs import person_of_case
from guiyan.ledger import ports
from guiyan.people.queries import PersonRef
from guiyan.platform.clock import legal_day
from guiyan.platform.permissions import Viewer, allowed, relations_for


def may_note(viewer: Viewer, act: str, person_id: UUID | None, now: datetime) -> bool:
    """Return whether ``viewer`` may do ``act`` about a person, or about nobody (who may do it about somebody)."""
    if viewer.user_id is None:
        return False
    if person_id is None:
        return any(relations_for(viewer, act))
    return allowed(viewer, act, PersonRef(person_id, legal_day(now)))


def of_case(viewer: Viewer, case_id: UUID, person_id: UUID) -> bool:
    """Return whether ``viewer`` may see the case, and the context it belongs to does not say that it is another's."""
    return ports.may_see(viewer, case_id) and person_of_case(case_id) in {None, person_id}
