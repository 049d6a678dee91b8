"""Which database, and as whom: the names and passwords of every role Guiyan connects as.

Roles are named after the database, so that several installations can share one PostgreSQL cluster. Their passwords
are derived from a key outside the database and are never stored.
"""

from __future__ import annotations

import os
import re
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from guiyan.platform import embedded, home

DEFAULT_NAME = "guiyan"
MIGRATOR = "migrator"  # owns schemas and tables; set-up and upgrades only
SEQUENCER = "sequencer"  # batches ledger entries and signs checkpoints
WORKER = "worker"  # fetches jobs; runs none of them under its own name
DIRECTORY = "directory"  # may read which host belongs to which tenant, nothing else
ROLES = (MIGRATOR, SEQUENCER, WORKER, DIRECTORY)
LEDGER_OWNER = "ledger_owner"  # NOLOGIN; owns the ledger's tables
SCHEMA_NAME = re.compile(r"[a-z][a-z0-9_]{1,30}\Z")


class DatabaseSettingError(ValueError):
    """DATABASE_URL cannot be used; the message says why."""


def url() -> str | None:
    """Return the administrator's URL of an outside database, or None for the embedded one."""
    return os.environ.get("DATABASE_URL") or None


def name() -> str:
    """Return the database's name."""
    return _outside()["dbname"] if url() else DEFAULT_NAME


def _outside() -> dict[str, str]:
    try:
        parts = urlsplit(url() or "")
        port = str(parts.port or 5432)
    except ValueError as error:
        raise DatabaseSettingError(
            "DATABASE_URL cannot be read: its port is no number, or its host is damaged"
        ) from error
    if parts.scheme not in {"postgres", "postgresql"}:
        raise DatabaseSettingError("DATABASE_URL must begin with postgresql://")
    dbname = unquote(parts.path.lstrip("/"))
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,30}", dbname):
        raise DatabaseSettingError("DATABASE_URL must name a database: lower-case letters, digits and _, at most 31")
    found = {
        "host": unquote(parts.hostname or ""),
        "port": port,
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "dbname": dbname,
    }
    found.update(parse_qsl(parts.query))
    return {key: value for key, value in found.items() if value}


def admin(dbname: str | None = None) -> dict[str, Any]:
    """Return connection parameters of the administrator (set-up only)."""
    base: dict[str, Any] = _outside() if url() else {**embedded.shared().conninfo, "dbname": DEFAULT_NAME}
    if dbname:
        base["dbname"] = dbname
    return base


def role(kind: str) -> str:
    """Return the login name of one of ``ROLES`` (or the ledger's owner)."""
    return f"{name()}_{kind}"


def tenant_role(schema: str) -> str:
    """Return the login name of the tenant whose schema is ``schema``."""
    return f"{name()}_t_{schema}"


def password(role_name: str) -> str:
    """Return the password of a role: derived, so it is nowhere to be read."""
    return home.derive(home.ROLES_KEY, f"role:{name()}:{role_name}").hex()


def params(role_name: str) -> dict[str, Any]:
    """Return connection parameters for logging in as ``role_name``."""
    return {**admin(), "user": role_name, "password": password(role_name)}
