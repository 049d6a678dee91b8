"""Set-up: the database, its roles, the schemas, and what each role may do. Runs with an administrator's rights.

Every step may be repeated; each makes true what it says and changes nothing that is already so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, cast

import psycopg
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.commands.migrate import Command as Migrate
from django.db import connection, transaction
from psycopg import sql

from guiyan.platform import database, tenancy
from guiyan.platform.db.base import DatabaseWrapper
from guiyan.platform.tenancy import directory
from guiyan.platform.tenancy.models import Domain, Tenant

SETUP_LOCK = 7_465_101  # advisory: one set-up at a time
STATEMENT_SECONDS_MAX = 60
LOCK_SECONDS_MAX = 10
IDLE_SECONDS_MAX = 60
NAME_MAX = 200
ROLE_NAME_MAX = 63  # PostgreSQL cuts longer names silently
HOST_MAX = 253
HOST_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(\.(?!-)[a-z0-9_-]{1,63})*|\[[0-9a-f:]{2,39}\]")
FULL = "SELECT, INSERT, UPDATE, DELETE"

Say = Callable[[str], None]


class ProvisionError(RuntimeError):
    """The set-up cannot go on; the message says why."""


def _quiet(_: str) -> None:
    return None


def _role_exists(conn: psycopg.Connection[Any], name: str) -> bool:
    return conn.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone() is not None


def _ensure_login(conn: psycopg.Connection[Any], name: str, search_path: str) -> None:
    """Make ``name`` a login role that owns nothing, inherits nothing and may become nobody."""
    if not _role_exists(conn, name):
        conn.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(name)))
    conn.execute(
        sql.SQL("ALTER ROLE {} LOGIN NOCREATEDB NOCREATEROLE PASSWORD {}").format(
            sql.Identifier(name), sql.Literal(database.password(name))
        )
    )
    if conn.execute(
        "SELECT 1 FROM pg_roles WHERE rolname = %s AND (rolsuper OR rolreplication OR rolbypassrls)", [name]
    ).fetchone():  # naming these powers, even to take them, needs a superuser
        conn.execute(sql.SQL("ALTER ROLE {} NOSUPERUSER NOREPLICATION NOBYPASSRLS").format(sql.Identifier(name)))
    for setting, value in {
        "search_path": search_path,
        "statement_timeout": f"{STATEMENT_SECONDS_MAX}s",
        "lock_timeout": f"{LOCK_SECONDS_MAX}s",
        "idle_in_transaction_session_timeout": f"{IDLE_SECONDS_MAX}s",
    }.items():
        conn.execute(
            sql.SQL("ALTER ROLE {} IN DATABASE {} SET {} = {}").format(
                sql.Identifier(name), sql.Identifier(database.name()), sql.Identifier(setting), sql.Literal(value)
            )
        )
    conn.execute(
        sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(sql.Identifier(database.name()), sql.Identifier(name))
    )


def ensure_tenant_role(conn: psycopg.Connection[Any], code: str) -> None:
    """Make the login role of the tenant ``code``. ``conn`` is an administrator's."""
    _ensure_login(conn, database.tenant_role(code), code)


def prepare_database() -> None:
    """Make the database and the installation's own roles. Needs an administrator of the cluster."""
    name = database.name()
    with psycopg.connect(**database.admin("postgres"), autocommit=True) as conn:
        conn.execute("SELECT pg_advisory_lock(%s)", [SETUP_LOCK])
        if conn.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
            conn.execute(sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(sql.Identifier(name)))
    with psycopg.connect(**database.admin(), autocommit=True) as conn:
        conn.execute("SELECT pg_advisory_lock(%s)", [SETUP_LOCK])
        conn.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))
        for kind in database.ROLES:
            _ensure_login(conn, database.role(kind), "public")
        migrator = sql.Identifier(database.role(database.MIGRATOR))
        owner_name = database.role(database.LEDGER_OWNER)
        owner = sql.Identifier(owner_name)
        if not _role_exists(conn, owner_name):
            conn.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(owner))
        conn.execute(sql.SQL("GRANT {} TO {}").format(owner, migrator))
        conn.execute(sql.SQL("GRANT CREATE ON DATABASE {} TO {}").format(sql.Identifier(name), migrator))
        conn.execute(
            sql.SQL("ALTER ROLE {} IN DATABASE {} RESET statement_timeout").format(migrator, sql.Identifier(name))
        )
        with _member_of(conn, migrator):
            conn.execute(sql.SQL("ALTER SCHEMA public OWNER TO {}").format(migrator))
            conn.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
            for kind in (database.WORKER, database.DIRECTORY, database.SEQUENCER):
                conn.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(sql.Identifier(database.role(kind))))


@contextmanager
def _member_of(conn: psycopg.Connection[Any], role: sql.Identifier) -> Iterator[None]:
    """Lend the administrator a role for a moment: one who is no superuser may not give away what he does not own."""
    if conn.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone() == (True,):
        yield
        return
    conn.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(role))
    try:
        yield
    finally:
        conn.execute(sql.SQL("REVOKE {} FROM CURRENT_USER").format(role))


def _migrate_schema(schema: str, say: Say) -> None:
    wrapper = cast(DatabaseWrapper, connection)
    wrapper.set_schema(schema)
    try:
        say(f"migrating {schema}")
        call_command(Migrate(), database="default", verbosity=0, interactive=False)
    finally:
        wrapper.set_schema_to_public()


def _apply_shared_grants() -> None:
    worker, reader = database.role(database.WORKER), database.role(database.DIRECTORY)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(settings.QUEUE_SQL.read_text())
        cursor.execute("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC")
        cursor.execute("REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC")
        cursor.execute("REVOKE ALL ON ALL FUNCTIONS IN SCHEMA jobs FROM PUBLIC")
        for table in connection.introspection.table_names(cursor):
            if table.startswith("procrastinate_"):
                cursor.execute(_grant(f"{FULL} ON public.{_q(table)}", worker))
            if table.startswith("tenancy_"):
                cursor.execute(_grant(f"SELECT ON public.{_q(table)}", reader))
        cursor.execute(_grant("USAGE ON ALL SEQUENCES IN SCHEMA public", worker))
        cursor.execute(_grant("EXECUTE ON ALL FUNCTIONS IN SCHEMA public", worker))


def _q(name: str) -> str:
    return connection.ops.quote_name(name)


def _grant(what: str, role: str) -> str:
    return f"GRANT {what} TO {_q(role)}"


def _declared_grants() -> dict[str, str]:
    """Return table → privileges, for tables on which a tenant may do less than everything."""
    found: dict[str, str] = {"django_migrations": "SELECT"}
    for config in apps.get_app_configs():
        found.update(getattr(config, "table_grants", {}))
    return found


def _apply_tenant_grants(tenant: Tenant) -> None:
    """Give the tenant's login role what it needs in its own schema, and the right to defer a job; nothing else."""
    role, schema = tenant.role, tenant.schema_name
    declared = _declared_grants()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA {_q(schema)} FROM {_q(role)}, PUBLIC")
        cursor.execute(_grant(f"USAGE ON SCHEMA {_q(schema)}", role))
        for table in connection.introspection.table_names(cursor):
            privileges = declared.get(table, FULL)
            if table == settings.CLOCK_TABLE and not tenant.simulation:
                privileges = "SELECT"  # a real tenant's clock cannot move
            if privileges:
                cursor.execute(_grant(f"{privileges} ON {_q(schema)}.{_q(table)}", role))
        cursor.execute(_grant(f"USAGE ON ALL SEQUENCES IN SCHEMA {_q(schema)}", role))
        cursor.execute(_grant("USAGE ON SCHEMA jobs", role))
        cursor.execute(_grant("EXECUTE ON FUNCTION jobs.defer", role))
    for config in apps.get_app_configs():
        secure = getattr(config, "secure_schema", None)
        if secure is not None:
            secure(tenant)


def migrate(say: Say = _quiet, only: Iterable[Tenant] | None = None) -> None:
    """Bring the shared schema and the tenants' schemas up to date, and set every role's rights anew."""
    with tenancy.as_role(database.MIGRATOR):
        _migrate_schema("public", say)
        _apply_shared_grants()
        for tenant in only if only is not None else list(Tenant.objects.all()):
            _upgrade(tenant, say)
    directory.forget()


def _upgrade(tenant: Tenant, say: Say) -> None:
    wrapper = cast(DatabaseWrapper, connection)
    _migrate_schema(tenant.schema_name, say)
    wrapper.set_tenant(tenant)
    try:
        _apply_tenant_grants(tenant)
    finally:
        wrapper.set_schema_to_public()


def _require_sound(code: str, name: str, hosts: list[str]) -> None:
    """Raise ``ProvisionError`` for a code, name or host name that no tenant can have."""
    reserved = code in {"public", "jobs", "information_schema"} or code.startswith("pg_")
    if not database.SCHEMA_NAME.fullmatch(code) or reserved:
        raise ProvisionError(
            "a tenant's code is 2 to 31 lower-case letters, digits or _, beginning with a letter, and not pg_"
        )
    if len(database.tenant_role(code)) > ROLE_NAME_MAX:
        raise ProvisionError("the tenant's code is too long together with the database's name")
    if not name.strip() or len(name) > NAME_MAX or any(char < " " for char in name):
        raise ProvisionError(f"a tenant's name is 1 to {NAME_MAX} characters in one line")
    for host in hosts:
        if not HOST_NAME.fullmatch(host) or len(host) > HOST_MAX or hosts.count(host) > 1:
            raise ProvisionError(f"{host!r} is no host name, or is named twice (no scheme, port or path)")


def create_tenant(
    code: str,
    name: str,
    *,
    now: datetime,
    hosts: Iterable[str] = (),
    simulation: bool = False,
    demonstration: bool = False,
    say: Say = _quiet,
) -> Tenant:
    """Make a tenant: directory row, login role, schema with tables, rights. Raises ``ProvisionError`` when refused."""
    hosts = [host.lower() for host in hosts]
    _require_sound(code, name, hosts)
    with tenancy.as_role(database.MIGRATOR):
        if Tenant.objects.filter(schema_name=code).exists():
            raise ProvisionError(f"a tenant called {code} is there already")
        taken = Domain.objects.filter(domain__in=hosts).values_list("domain", flat=True).first()
        if taken is not None:
            raise ProvisionError(f"the host {taken} is another tenant's")
    with psycopg.connect(**database.admin(), autocommit=True) as conn:
        ensure_tenant_role(conn, code)
    with tenancy.as_role(database.MIGRATOR):
        with transaction.atomic():
            tenant = Tenant(
                schema_name=code, name=name, simulation=simulation, demonstration=demonstration, created_at=now
            )
            tenant.save()
            for index, host in enumerate(hosts):
                Domain.objects.create(tenant=tenant, domain=host, is_primary=index == 0)
            with connection.cursor() as cursor:
                cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {_q(code)}")
        _upgrade(tenant, say)
    directory.forget()
    return tenant
