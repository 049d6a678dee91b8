"""Set-up of a tenant's log: the rights on its tables, its key, its first epoch. Repeated harmlessly at every set-up."""

from __future__ import annotations

import os
import re

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
