"""An action is one transaction; a refusal leaves nothing behind but its own record; a request happens once."""

from __future__ import annotations

import threading
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from guiyan.platform import acting, permissions, tenancy
from guiyan.platform.acting import Forbidden, Refused, action, earlier_result, inside_action, keep_result, require
from guiyan.platform.ids import new_id
from guiyan.platform.models import Refusal, RequestSeen, User
from guiyan.platform.permissions import SYSTEM, Held, Viewer

ADMIN = Viewer(new_id(), None, "admin", (Held("system_admin"),))
NOBODY = Viewer(new_id(), None, "nobody", ())


def _save(name: str, now: datetime) -> None:
    User.objects.create(username=name, display_name=name, created_at=now)


@action("test.refuse_late")
def _refuse_late(viewer: Viewer, *, now: datetime) -> None:
    _save("half-written", now)
    raise Refused("late_rule", "too late", object_kind="thing", object_id="7")


@action("test.outer")
def _outer(viewer: Viewer, *, now: datetime) -> None:
    _save("outer", now)
    _refuse_late(viewer, now=now)


@action("test.once")
def _once(viewer: Viewer, *, request_id: UUID, now: datetime) -> dict[str, Any]:
    before = earlier_result(request_id, act="test.once", viewer=viewer, now=now)
    if before is not None:
        return before
    _save(f"u{new_id().hex}", now)
    keep_result(request_id, {"users": User.objects.count()})
    return {"users": User.objects.count()}


def test_a_refusal_rolls_everything_back_and_is_recorded(tenant: Any, now: datetime) -> None:
    with pytest.raises(Refused):
        _refuse_late(ADMIN, now=now)
    assert not User.objects.filter(username="half-written").exists()
    row = Refusal.objects.get()
    assert (row.user_id, row.action, row.rule, row.object_kind, row.object_id) == (
        ADMIN.user_id,
        "test.refuse_late",
        "late_rule",
        "thing",
        "7",
    )
    assert not inside_action()


def test_an_action_inside_another_joins_its_transaction(tenant: Any, now: datetime) -> None:
    with pytest.raises(Refused):
        _outer(ADMIN, now=now)
    assert User.objects.count() == 0
    assert Refusal.objects.count() == 1


def test_an_act_the_table_does_not_name_is_forbidden_to_everybody(tenant: Any) -> None:
    everything = Viewer(None, None, "all", tuple(Held(role) for role in permissions.table().roles))
    with pytest.raises(Forbidden):
        require(everything, "no.such_act")


def test_the_same_request_twice_happens_once(tenant: Any, now: datetime) -> None:
    request_id = new_id()
    first = _once(ADMIN, request_id=request_id, now=now)
    again = _once(ADMIN, request_id=request_id, now=now)
    assert first == again
    assert User.objects.count() == 1


def test_a_request_id_serves_one_act_of_one_account(tenant: Any, now: datetime) -> None:
    request_id = new_id()
    _once(ADMIN, request_id=request_id, now=now)
    with pytest.raises(Refused, match="request_id_reused"):
        _once(NOBODY, request_id=request_id, now=now)
    assert User.objects.count() == 1


def test_the_same_request_at_the_same_time_happens_once(committing: Any, now: datetime) -> None:
    request_id = new_id()
    start = threading.Barrier(4)
    results: list[dict[str, Any]] = []

    def send() -> None:
        with tenancy.session(committing):
            start.wait()
            results.append(_once(ADMIN, request_id=request_id, now=now))
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [{"users": 1}] * 4
    assert User.objects.count() == 1
    assert RequestSeen.objects.count() == 1


def test_what_the_tenant_may_not_rewrite(tenant: Any, now: datetime) -> None:
    from django.db import ProgrammingError, transaction

    with pytest.raises(Refused):
        _refuse_late(ADMIN, now=now)
    for statement in ("DELETE FROM platform_refusal", "UPDATE platform_refusal SET rule = 'x'"):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(statement)
    assert Refusal.objects.count() == 1


def test_the_system_may_do_what_the_table_gives_it() -> None:
    assert permissions.allowed(SYSTEM, "accounts.create")
    assert not permissions.allowed(SYSTEM, "accounts.suspend")
    assert acting.ACTIONS["accounts.create"].__module__ == "guiyan.platform.actions"
