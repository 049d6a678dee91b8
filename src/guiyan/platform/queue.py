"""Jobs: deferred inside the transaction of the change they belong to, run by workers as the tenant they belong to.

A job is a plain function under a name. It may run more than once; it must be harmless to repeat.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

import structlog
from django.db import connection
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from guiyan.platform import tenancy
from guiyan.platform.tenancy import directory

ATTEMPTS_MAX = 8
LOG = structlog.get_logger("guiyan.jobs")

Job = TypeVar("Job", bound=Callable[..., None])


def job(name: str, *, queue: str = "default", attempts: int = ATTEMPTS_MAX) -> Callable[[Job], Job]:
    """Register a function as the job called ``name``; it is tried again with growing pauses when it fails."""

    def register(function: Job) -> Job:
        @functools.wraps(function)
        def run(tenant: str, **arguments: Any) -> None:
            found = directory.by_code(tenant)
            if found is None:
                LOG.error("job of an unknown tenant", job=name)
                return
            with structlog.contextvars.bound_contextvars(tenant=tenant, job=name):
                try:
                    with tenancy.session(found):
                        function(**arguments)
                finally:
                    connection.close()

        retry = RetryStrategy(max_attempts=attempts, exponential_wait=2)
        app.task(name=name, queue=queue, retry=retry, pass_context=False)(run)
        return function

    return register


def defer(
    name: str,
    *,
    queue: str = "default",
    lock: str | None = None,
    once: str | None = None,
    at: datetime | None = None,
    **arguments: Any,
) -> int:
    """Queue the job ``name`` with JSON arguments; it exists when the surrounding transaction commits.

    ``lock`` serialises jobs of one tenant that share it; ``once`` refuses a second waiting job of the same key by
    raising ``django.db.IntegrityError``. The tenant is the one whose connection this is. Returns the job's number.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT jobs.defer(%s, %s, 0, %s, %s, %s::jsonb, %s)",
            [name, queue, lock, once, json.dumps(arguments), at],
        )
        (number,) = cursor.fetchone()
    return int(number)
