"""Set-up of a tenant's log: the rights on its tables, its key, its first epoch. Repeated harmlessly at every set-up."""

from __future__ import annotations

import os
import re

import psycopg
from django.db import connection, transaction

from guiyan.ledger import keys
from guiyan.ledger.models import Log
from guiyan.ledger.sql import statements
from guiyan.platform import database
from guiyan.platform.tenancy import directory
from guiyan.platform.tenancy.models import Domain, Tenant

HOST_UNKNOWN = "guiyan.localhost"


def secure(tenant: Tenant) -> None:
    """Make rights, key and first epoch of a tenant's log as they must be; on the migrator's connection."""
    schema = tenant.schema_name
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            statements("grants", schema=schema, tenant=tenant.role, sequencer=database.role(database.SEQUENCER))
        )
        if not Log.objects.exists():
            name = keys.origin(_host(tenant), schema, 1, simulation=tenant.simulation)
            key = keys.make(schema, name)
            cursor.execute("INSERT INTO ledger_log (epoch, origin, vkey) VALUES (1, %s, %s)", [name, key.verifier.text])
    seal(schema)


def seal(schema: str) -> bool:
    """Forbid changes to the log's tables in ``schema``, to their owner too. Returns False without a superuser."""
    with psycopg.connect(**database.admin()) as admin:
        if not _is_superuser(admin):
            return False
        if not guarded(admin):
            admin.execute(statements("guards", sequencer=database.role(database.SEQUENCER)))
        admin.execute("INSERT INTO ledger_guard.sealed (schema) VALUES (%s) ON CONFLICT DO NOTHING", [schema])
    return True


def unseal(schema: str) -> None:
    """Allow changes to the log's tables in ``schema`` until the next ``seal``: for an upgrade, or to drop a tenant."""
    with psycopg.connect(**database.admin()) as admin:
        if _is_superuser(admin) and guarded(admin):
            admin.execute("DELETE FROM ledger_guard.sealed WHERE schema = %s", [schema])


def guarded(conn: psycopg.Connection[tuple[object, ...]]) -> bool:
    """Return whether the event triggers that guard the logs are there and switched on, for ``doctor``."""
    row = conn.execute(
        "SELECT count(*) FROM pg_event_trigger WHERE evtenabled = 'A' "
        "AND evtname IN ('ledger_guard_command', 'ledger_guard_drop')"
    ).fetchone()
    return row == (2,)


def _is_superuser(conn: psycopg.Connection[tuple[object, ...]]) -> bool:
    return conn.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone() == (True,)


def _host(tenant: Tenant) -> str:
    """Return the host that stands in the log's name: the one told, else the tenant's own; it never changes later."""
    told = os.environ.get("GUIYAN_LOG_HOST") or ""
    own = (
        Domain.objects.using(directory.ALIAS)
        .filter(tenant_id=tenant.pk)
        .order_by("-is_primary", "id")
        .values_list("domain", flat=True)
        .first()
    )
    for host in (told, own or ""):
        if re.fullmatch(r"[0-9a-z][0-9a-z.-]{0,99}", host):
            return host
    return HOST_UNKNOWN
