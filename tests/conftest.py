"""One throw-away PostgreSQL a run, with two real tenants and a simulation; each test's writes are rolled back."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import django
import pytest

_HOME = Path(tempfile.mkdtemp(prefix="guiyan-test-", dir="/tmp"))
_HOME.chmod(0o755)  # PostgreSQL's service user must be able to reach its folder
os.environ["GUIYAN_HOME"] = str(_HOME)
os.environ["DJANGO_SETTINGS_MODULE"] = "guiyan.config.settings"
os.environ.pop("DATABASE_URL", None)
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the browser driver keeps an event loop in the thread of its tests
django.setup()

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)  # a Tuesday, noon in Shanghai


@pytest.fixture(autouse=True)
def _chinese() -> Iterator[None]:
    """Begin each test in the product's own language, whatever the one before read."""
    from django.utils import translation

    translation.activate("zh-hans")
    yield
    translation.activate("zh-hans")


@pytest.fixture
def now() -> datetime:
    """A fixed moment for actions: Tuesday 2026-11-24, noon in Shanghai."""
    return NOON


@pytest.fixture(scope="session")
def installation(django_db_blocker: pytest.FixtureRequest) -> Iterator[Path]:
    """A prepared database with the tenants ``alpha`` and ``beta`` and the simulation ``simone``."""
    from django.db import connections

    from guiyan.platform import embedded
    from guiyan.platform.db.base import pools
    from guiyan.platform.tenancy import provision

    server = embedded.shared()
    server.start()
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        provision.prepare_database()
        provision.migrate()
        provision.create_tenant("alpha", "甲公司", now=NOON, hosts=["alpha.localhost", "testserver"])
        provision.create_tenant("beta", "乙公司", now=NOON, hosts=["beta.localhost"])
        provision.create_tenant("simone", "演示公司", now=NOON, hosts=["simone.localhost"], simulation=True)
        connections.close_all()
    yield _HOME
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        connections.close_all()
    pools.close()
    server.stop()
    shutil.rmtree(server.root, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_setup(installation: Path) -> None:
    """Replace pytest-django's test database by the installation's."""


@pytest.fixture
def tenant(installation: Path, django_db_blocker: pytest.FixtureRequest) -> Iterator[object]:
    """Work for tenant ``alpha`` on its own connection; what the test writes is rolled back."""
    yield from _inside("alpha", django_db_blocker)


@pytest.fixture
def simulation(installation: Path, django_db_blocker: pytest.FixtureRequest) -> Iterator[object]:
    """Work for the simulation tenant ``simone``; what the test writes is rolled back."""
    yield from _inside("simone", django_db_blocker)


def _inside(code: str, blocker: object) -> Iterator[object]:
    from django.db import transaction

    from guiyan.platform import tenancy
    from guiyan.platform.tenancy import directory

    with blocker.unblock():  # type: ignore[attr-defined]
        found = directory.by_code(code)
        assert found is not None
        with tenancy.session(found):
            atomic = transaction.atomic()
            atomic.__enter__()
            try:
                yield found
            finally:
                transaction.set_rollback(True)
                atomic.__exit__(None, None, None)


@pytest.fixture
def committing(installation: Path, django_db_blocker: pytest.FixtureRequest) -> Iterator[object]:
    """A fresh tenant whose transactions really commit: for threads, jobs and processes. It is left behind."""
    from guiyan.platform import tenancy
    from guiyan.platform.ids import new_id
    from guiyan.platform.tenancy import provision

    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        code = f"c{new_id().hex[-12:]}"
        made = provision.create_tenant(code, "并发公司", now=NOON, hosts=[f"{code}.localhost"])
        with tenancy.session(made):
            yield made
