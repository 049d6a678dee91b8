"""Jobs of people: reading and loading a roster."""

from __future__ import annotations

from uuid import UUID

from guiyan.people.actions.drafts import LOAD_JOB, READ_JOB, Progress, load_draft, read_draft
from guiyan.people.queries import viewer_for
from guiyan.platform import clock
from guiyan.platform.models import User
from guiyan.platform.permissions import Viewer
from guiyan.platform.queue import job

ATTEMPTS = 3


@job(READ_JOB, attempts=ATTEMPTS)
def read(draft_id: str, user_id: str) -> None:
    """Read a roster that was handed in; harmless to repeat."""
    with Progress(UUID(draft_id)) as progress:
        read_draft(_viewer(user_id), UUID(draft_id), as_of=clock.today(), progress=progress)


@job(LOAD_JOB, attempts=ATTEMPTS)
def load(draft_id: str, user_id: str, request_id: str) -> None:
    """Load a roster that its owner has gone through; harmless to repeat."""
    with Progress(UUID(draft_id)) as progress:
        load_draft(_viewer(user_id), UUID(draft_id), request_id=UUID(request_id), now=clock.now(), progress=progress)


def _viewer(user_id: str) -> Viewer:
    """Return who asked for the job, with the rights that they have now."""
    return viewer_for(User.objects.filter(pk=user_id).first(), auth="job")
