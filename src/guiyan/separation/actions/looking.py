"""That somebody opened a case that is none of theirs."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guiyan.people.queries import NotFound
from guiyan.platform.acting import Forbidden, action
from guiyan.platform.permissions import Viewer
from guiyan.separation.queries.rows import visible_case


def note_stranger(viewer: Viewer, case_id: UUID) -> None:
    """That ``viewer`` opened a case they may not see is on record. Nothing happens when they may see it.

    For the page that answered "not found", once its reading is over. The person is not told which of the two it was.
    """
    try:
        _look(viewer, case_id)
    except Forbidden:
        return


@action("separation.view")
def _look(viewer: Viewer, case_id: UUID) -> None:
    try:
        visible_case(viewer, case_id)
    except NotFound as error:
        raise Forbidden("not_their_case", _("没有这个案件。"), object_kind="case", object_id=case_id) from error
