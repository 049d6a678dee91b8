"""Put diagrams to use. Instances stay with the version they were started with."""

from __future__ import annotations

from datetime import datetime

from guiyan.platform.acting import Refused, action, require
from guiyan.platform.permissions import SYSTEM, Viewer
from guiyan.process.diagram import DiagramError
from guiyan.process.versions import SHIPPED, keep, shipped_source
from guiyan.process.wording import in_words

INSTALL = "process.install"


@action("process.install")
def install(viewer: Viewer, source: bytes, *, now: datetime) -> bool:
    """New cases start with this diagram, when it is proved sound; the same bytes again change nothing.

    Returns whether it is new. Raises ``Forbidden``, and ``Refused`` (``diagram_refused``) with every problem named.
    """
    require(viewer, INSTALL, object_kind="process")
    try:
        _version, new = keep(viewer, source, now)
    except DiagramError as error:
        raise Refused("diagram_refused", in_words(error.problems), object_kind="process") from error
    return new


def install_shipped(now: datetime) -> int:
    """The diagrams that the product brings along are in use, where their bytes are new. Returns how many were new."""
    return sum(install(SYSTEM, shipped_source(key), now=now) for key in SHIPPED)
