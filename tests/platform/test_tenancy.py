"""A tenant's connection is the tenant's own: it reads nobody else's rows and becomes nobody else."""

from __future__ import annotations

import threading
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, ProgrammingError, connection

from guiyan.platform import database, tenancy
from guiyan.platform.db.base import IdentityChangeRefused, refuse_identity_change
from guiyan.platform.models import User
from guiyan.platform.tenancy import directory, provision

IDENTITY_CHANGES = [
    "RESET ROLE",
    "SET ROLE guiyan_migrator",
    "SET LOCAL ROLE guiyan_t_beta",
    "SET search_path = beta",
    "SET SESSION search_path TO beta",
    "SET SESSION AUTHORIZATION guiyan_t_beta",
    "RESET SESSION AUTHORIZATION",
    "RESET ALL",
    "DISCARD ALL",
    "/* harmless */ SET ROLE guiyan_t_beta",
    "SELECT 1; SET ROLE guiyan_t_beta",
    "-- a comment\nset role guiyan_t_beta",
    "SELECT set_config('search_path', 'beta', false)",
    "SELECT set_config('role', 'guiyan_t_beta', false)",
    "SET SCHEMA 'beta'",
]


def _add_user(name: str, moment: Any) -> None:
    User.objects.create(username=name, display_name=name, created_at=moment)


@pytest.mark.parametrize("statement", IDENTITY_CHANGES)
def test_statements_that_change_who_is_asking_are_refused(tenant: Any, statement: str) -> None:
    with pytest.raises(IdentityChangeRefused), connection.cursor() as cursor:
        cursor.execute(statement)


def test_ordinary_statements_that_mention_roles_pass() -> None:
    refuse_identity_change("SELECT role FROM platform_rolegrant WHERE role = 'reset role'")
    refuse_identity_change('UPDATE platform_rolegrant SET "role" = %s')


@pytest.mark.parametrize(
    "statement",
    [
        "SET ROLE guiyan_migrator",
        "SET ROLE guiyan_t_beta",
        "SET SESSION AUTHORIZATION guiyan_t_beta",
        "SET ROLE guiyan_ledger_owner",
    ],
)
def test_the_server_refuses_too_when_the_guard_is_gone_around(installation: Any, statement: str) -> None:
    with psycopg.connect(**database.params(database.tenant_role("alpha"))) as raw, pytest.raises(psycopg.Error):
        raw.execute(statement)  # type: ignore[call-overload]


def test_reset_role_and_search_path_gain_nothing_on_a_raw_connection(committing: Any, now: Any) -> None:
    _add_user("secret", now)
    other = f"{committing.schema_name}.platform_user"
    with psycopg.connect(**database.params(committing.role), autocommit=True) as own:
        row = own.execute(f"SELECT count(*) FROM {other}").fetchone()  # type: ignore[call-overload]
        assert row == (1,), "the row that must not leak is there"
    with psycopg.connect(**database.params(database.tenant_role("alpha")), autocommit=True) as raw:
        raw.execute("RESET ROLE")
        raw.execute(f"SET search_path = {committing.schema_name}")  # type: ignore[call-overload]
        with pytest.raises(psycopg.errors.UndefinedTable):
            raw.execute("SELECT * FROM platform_user")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            raw.execute(f"SELECT * FROM {other}")  # type: ignore[call-overload]


@pytest.mark.parametrize("table", ["public.tenancy_tenant", "public.procrastinate_jobs", "beta.platform_user"])
def test_a_tenant_reads_neither_the_directory_nor_jobs_nor_another_tenant(tenant: Any, table: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")


def test_rows_of_one_tenant_are_invisible_in_another(tenant: Any, now: Any) -> None:
    _add_user("wang", now)
    assert User.objects.filter(username="wang").exists()
    seen: list[int] = []

    def look() -> None:
        beta = directory.by_code("beta")
        assert beta is not None
        with tenancy.session(beta):
            seen.append(User.objects.filter(username="wang").count())
        connection.close()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [0]


def test_the_tenant_cannot_change_inside_a_transaction(tenant: Any) -> None:
    beta = directory.by_code("beta")
    assert beta is not None
    with pytest.raises(IdentityChangeRefused), tenancy.session(beta):
        pass
    assert tenancy.required().schema_name == "alpha"


def test_work_without_a_tenant_is_refused(installation: Any, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        assert tenancy.current() is None
        with pytest.raises(IdentityChangeRefused):
            User.objects.count()
        with pytest.raises(LookupError):
            tenancy.required()


def test_a_tenants_role_owns_nothing_and_is_nobodys_member(installation: Any) -> None:
    with psycopg.connect(**database.admin()) as admin:
        row = admin.execute(
            "SELECT rolsuper, rolcreaterole, rolcreatedb, rolbypassrls, rolreplication, "
            "(SELECT count(*) FROM pg_auth_members WHERE member = r.oid), "
            "(SELECT count(*) FROM pg_class WHERE relowner = r.oid) FROM pg_roles r WHERE rolname = %s",
            [database.tenant_role("alpha")],
        ).fetchone()
    assert row == (False, False, False, False, False, 0, 0)


def test_a_host_finds_its_tenant_and_an_unknown_one_finds_none(installation: Any, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        directory.forget()
        assert str(directory.by_host("beta.localhost")) == "beta"
        assert str(directory.by_host("simone.localhost")) == "simone"
        assert directory.by_host("elsewhere.example") is None, "two real tenants: no host is guessed"


@pytest.mark.parametrize("code", ["", "a", "Über", "public", "jobs", "x; drop schema alpha", "1abc", "a" * 40])
def test_a_tenant_with_an_impossible_code_is_refused(
    installation: Any, django_db_blocker: Any, now: Any, code: str
) -> None:
    with django_db_blocker.unblock(), pytest.raises(provision.ProvisionError):
        provision.create_tenant(code, "某公司", now=now)


def test_a_tenant_is_made_once(installation: Any, django_db_blocker: Any, now: Any) -> None:
    with django_db_blocker.unblock(), pytest.raises(provision.ProvisionError, match="there already"):
        provision.create_tenant("alpha", "再来一次", now=now)


def test_set_up_may_be_repeated(installation: Any, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        provision.prepare_database()
        provision.migrate()
        assert [str(item) for item in directory.every()][:2] == ["alpha", "beta"]


def test_the_directory_role_can_only_read(installation: Any) -> None:
    with psycopg.connect(**database.params(database.role(database.DIRECTORY))) as raw, pytest.raises(psycopg.Error):
        raw.execute("UPDATE tenancy_tenant SET name = 'x'")


def test_an_open_connection_survives_a_failed_statement(tenant: Any) -> None:
    from django.db import transaction

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT no_such_column")
    assert User.objects.count() >= 0
