"""A job commits with its row, runs as the tenant whose connection deferred it, and nobody can defer for another."""

from __future__ import annotations

import json
from typing import Any

import psycopg
import pytest
from django.db import connection
from procrastinate.contrib.django import app

from guiyan.platform import database, queue, tenancy
from guiyan.platform.acting import Refused, action
from guiyan.platform.permissions import SYSTEM, Viewer

_ran: list[tuple[str, dict[str, Any]]] = []
_failures: list[int] = []


@queue.job("test.note")
def _note(**arguments: Any) -> None:
    tenant = tenancy.required()
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_user")
        assert cursor.fetchone() == (tenant.role,)
    _ran.append((tenant.schema_name, arguments))


@queue.job("test.fail", attempts=1)
def _fail() -> None:
    _failures.append(1)
    raise RuntimeError("no luck")


@action("test.defer")
def _defer(viewer: Viewer, *, refuse: bool = False, **arguments: Any) -> int:
    number = queue.defer("test.note", **arguments)
    if refuse:
        raise Refused("rule", "no")
    return number


def _work() -> None:
    """Run what is waiting, then return."""
    with app.replace_connector(app.connector.get_worker_connector()) as running:  # type: ignore[attr-defined]
        running.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)


@pytest.fixture(autouse=True)
def _forget() -> None:
    _ran.clear()
    _failures.clear()


def test_a_job_runs_as_the_tenant_that_deferred_it(committing: Any) -> None:
    _defer(SYSTEM, greeting="你好")
    assert _ran == []
    _work()
    assert _ran == [(committing.schema_name, {"greeting": "你好"})]


def test_a_job_of_a_refused_action_does_not_exist(committing: Any) -> None:
    with pytest.raises(Refused):
        _defer(SYSTEM, refuse=True)
    _work()
    assert _ran == []


def test_an_argument_cannot_name_another_tenant(committing: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT jobs.defer('test.note', 'default', 0, NULL, NULL, %s::jsonb, NULL)",
            [json.dumps({"tenant": "alpha"})],
        )
    _work()
    assert _ran == [(committing.schema_name, {})]


def test_only_a_tenants_login_may_defer(installation: Any) -> None:
    for kind in (database.DIRECTORY, database.SEQUENCER):
        with psycopg.connect(**database.params(database.role(kind))) as raw, pytest.raises(psycopg.Error):
            raw.execute("SELECT jobs.defer('test.note', 'default', 0, NULL, NULL, '{}', NULL)")


def test_a_failing_job_harms_no_other(committing: Any) -> None:
    queue.defer("test.fail")
    queue.defer("test.note")
    _work()
    assert _failures == [1]
    assert _ran == [(committing.schema_name, {})]


@pytest.mark.parametrize("args", ["[]", '"x"', "3"])
def test_arguments_are_an_object(tenant: Any, args: str) -> None:
    from django.db import DatabaseError, transaction

    with pytest.raises(DatabaseError, match="arguments of a job"), transaction.atomic():
        connection.cursor().execute("SELECT jobs.defer('test.note', 'default', 0, NULL, NULL, %s::jsonb, NULL)", [args])
