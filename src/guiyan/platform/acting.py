"""Actions: the only place where a writing transaction is opened.

An action takes the viewer first. Called inside another it joins that one's transaction. When it refuses, everything it
wrote is rolled back, and then the refusal itself is recorded in a transaction of its own.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, TypeVar, cast
from uuid import UUID

import structlog
from django.db import connection, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guiyan.platform import clock
from guiyan.platform.models import Refusal, RequestSeen
from guiyan.platform.permissions import Viewer, allowed

LOG = structlog.get_logger("guiyan.actions")

P = ParamSpec("P")
R = TypeVar("R")
Recorder = Callable[[Viewer, "Refused", datetime], None]

_depth = threading.local()
_recorders: list[Recorder] = []
ACTIONS: dict[str, Callable[..., Any]] = {}


class Refused(Exception):
    """An act that may not happen: the rule that stops it and a sentence for the person who tried.

    ``rule`` is a stable name; ``text`` is shown to the person; ``object_kind`` and ``object_id`` say what was meant.
    """

    def __init__(self, rule: str, text: str | Promise, *, object_kind: str = "", object_id: object = "") -> None:
        super().__init__(rule)
        self.rule = rule
        self.text = text
        self.object_kind = object_kind
        self.object_id = str(object_id or "")
        self.act = ""


class Forbidden(Refused):
    """The role table does not let this viewer do this."""


class Stale(Refused):
    """Somebody else was faster: the object is not in the state that the person saw."""


def register_recorder(recorder: Recorder) -> None:
    """Have refusals recorded by ``recorder`` too (the ledger's), in the transaction that records them."""
    _recorders.append(recorder)


def action(name: str) -> Callable[[Callable[Concatenate[Viewer, P], R]], Callable[Concatenate[Viewer, P], R]]:
    """Make a function the action called ``name``: one transaction, refusals recorded after the rollback."""

    def decorate(function: Callable[Concatenate[Viewer, P], R]) -> Callable[Concatenate[Viewer, P], R]:
        @functools.wraps(function)
        def run(viewer: Viewer, *args: P.args, **kwargs: P.kwargs) -> R:
            if getattr(_depth, "inside", False):
                return function(viewer, *args, **kwargs)
            _depth.inside = True
            try:
                with transaction.atomic():
                    return function(viewer, *args, **kwargs)
            except Refused as refusal:
                refusal.act = refusal.act or name
                _record(viewer, refusal)
                raise
            finally:
                _depth.inside = False

        ACTIONS[name] = run
        return cast("Callable[Concatenate[Viewer, P], R]", run)

    return decorate


def inside_action() -> bool:
    """Return whether an action's transaction is open in this thread."""
    return bool(getattr(_depth, "inside", False))


@contextmanager
def savepoint() -> Iterator[None]:
    """Try a write that the database may refuse, inside an action, without losing what the action wrote before."""
    assert inside_action(), "a savepoint belongs to an action"
    with transaction.atomic():
        yield


def require(viewer: Viewer, act: str, subject: Any = None, *, object_kind: str = "", object_id: object = "") -> None:
    """Raise ``Forbidden`` unless the role table lets ``viewer`` do ``act`` to ``subject``."""
    if not allowed(viewer, act, subject):
        refusal = Forbidden("role_table", _("您的角色不能做这件事。"), object_kind=object_kind, object_id=object_id)
        refusal.act = act
        raise refusal


def _record(viewer: Viewer, refusal: Refused) -> None:
    """Write down who was refused what. A refusal that cannot be recorded is an error, not a silent refusal."""
    moment = clock.now()
    LOG.info("refused", act=refusal.act, rule=refusal.rule, user=str(viewer.user_id or ""))
    with transaction.atomic():
        Refusal.objects.create(
            at=moment,
            user_id=viewer.user_id,
            action=refusal.act[:80],
            rule=refusal.rule[:120],
            object_kind=refusal.object_kind,
            object_id=refusal.object_id[:80],
        )
        for recorder in _recorders:
            recorder(viewer, refusal, moment)


def earlier_result(request_id: UUID, *, act: str, viewer: Viewer, now: datetime) -> dict[str, Any] | None:
    """Claim a request id, or return the result that it already brought.

    A second sender of the same id waits until the first has committed. Raises ``Refused`` when the id was used for
    another act or by another account.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO platform_requestseen (id, action, user_id, at) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [request_id, act, viewer.user_id, now],
        )
        if cursor.rowcount == 1:
            return None
    before = RequestSeen.objects.get(pk=request_id)
    if before.action != act or before.user_id != viewer.user_id:
        raise Refused("request_id_reused", _("这个请求已用于另一件事，请刷新页面后重试。"), object_id=request_id)
    return before.result or {}


def keep_result(request_id: UUID, result: dict[str, Any]) -> None:
    """Keep what a request brought, to answer a repetition with."""
    RequestSeen.objects.filter(pk=request_id).update(result=result)
