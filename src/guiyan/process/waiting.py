"""Giving way. Acts of the process itself lock the instance first and the case's place on the ledger after it.

Acts of the context whose case it is may come from the other side. So that neither stops the other, an act of the
process waits for a lock for half a second only (well below the second after which PostgreSQL would choose a victim
itself), and then says that the case is being worked on.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import OperationalError, connection
from django.utils.translation import gettext_lazy as _
from psycopg.errors import LockNotAvailable

from guiyan.platform.acting import Stale

WAIT: Final = "500ms"


class BusyError(RuntimeError):
    """Somebody is moving the instance at this moment; the tick or the job that came upon it tries again later."""


@contextmanager
def giving_way() -> Iterator[None]:
    """Wait for locks no longer than ``WAIT``, inside an action. Raises ``Stale`` (``case_busy``) after that."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('lock_timeout')")
        (former,) = cursor.fetchone()
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [WAIT])
    try:
        yield
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise Stale("case_busy", _("这个案件正在被别人办理，请稍后再试。"), object_kind="case") from error
        raise
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [former])


@contextmanager
def coming_back() -> Iterator[None]:
    """Give way as ``giving_way`` does, for what nobody clicked: raises ``BusyError``, which is no refusal."""
    try:
        with giving_way():
            yield
    except Stale as busy:
        raise BusyError(busy.object_id) from busy
