"""A Django database engine that logs in as whoever the work is done for.

``set_tenant`` does not merely change the search path: it gives the connection of the former role back to its pool and
the next query runs on a connection made as the tenant's own login role, which may become nobody else. Pools are
bounded, and the least recently used one is closed first. Statements that try to change who is asking are refused
before they reach the server; the server would refuse or ignore them too.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from typing import Any

import psycopg
from django.db.backends.base.base import NO_DB_ALIAS
from django_tenants.postgresql_backend.base import DatabaseWrapper as TenantsWrapper
from psycopg_pool import ConnectionPool

from guiyan.platform import database

POOLS_MAX = 32
CONNECTIONS_MAX = 8
IDLE_SECONDS_MAX = 60
WAIT_SECONDS_MAX = 10

_HINTS = ("role", "search_path", "authorization", "schema", "reset", "discard")  # most statements need no closer look
_COMMENTS = re.compile(r"/\*.*?\*/|--[^\n]*", re.DOTALL)
_FORBIDDEN = re.compile(
    r"(?:^|;)\s*(?:"
    r"(?:re)?set\s+(?:session\s+|local\s+)?(?:role|search_path|session_authorization)\b"
    r"|set\s+(?:session\s+|local\s+)?session\s+authorization\b"
    r"|set\s+(?:session\s+|local\s+)?schema\b"
    r"|reset\s+(?:all|session\s+authorization)\b"
    r"|discard\s+(?:all|temp)\b"
    r")|\bset_config\s*\(\s*'?\s*(?:role|search_path|session_authorization)\b",
)


class IdentityChangeRefused(psycopg.ProgrammingError):
    """A statement tried to change the role or the search path of the connection."""


def refuse_identity_change(statement: str) -> None:
    """Raise ``IdentityChangeRefused`` when ``statement`` would change who is asking or which schema is meant."""
    lowered = statement.lower()
    if any(word in lowered for word in _HINTS) and _FORBIDDEN.search(_COMMENTS.sub(" ", lowered)):
        raise IdentityChangeRefused("changing the role or the search path of a connection is refused")


def _guard(execute: Any, sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    if not context["connection"].owns_search_path:
        refuse_identity_change(sql if isinstance(sql, str) else sql.as_string(None))
    return execute(sql, params, many, context)


class _Pools:
    """Every pool of the process, least recently used first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pools: OrderedDict[tuple[str, str], ConnectionPool[Any]] = OrderedDict()

    def get(self, wrapper: DatabaseWrapper, role: str) -> ConnectionPool[Any]:
        key = (str(wrapper.settings_dict["NAME"]), role)
        evicted: list[ConnectionPool[Any]] = []
        with self._lock:
            pool = self._pools.get(key)
            if pool is None:
                pool = wrapper.make_pool(role)
                self._pools[key] = pool
            self._pools.move_to_end(key)
            while len(self._pools) > POOLS_MAX:
                evicted.append(self._pools.popitem(last=False)[1])
        for old in evicted:
            old.close(timeout=0)
        return pool

    def close(self) -> None:
        with self._lock:
            pools, self._pools = list(self._pools.values()), OrderedDict()
        for pool in pools:
            pool.close()


pools = _Pools()


class DatabaseWrapper(TenantsWrapper):  # type: ignore[misc]
    """Connections by role: ``migrator`` for set-up, ``directory`` for hosts, a tenant's own for everything else."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.role_override: str | None = None
        self.execute_wrappers.append(_guard)

    @property
    def owns_search_path(self) -> bool:
        """Whether this connection is the migrator's, which works in every schema."""
        return self.role_override == database.role(database.MIGRATOR)

    @property
    def login_role(self) -> str:
        """The role that the next connection is made as. Raises when no tenant was named."""
        if self.role_override:
            return self.role_override
        fixed = self.settings_dict.get("ROLE")
        if fixed:
            return database.role(fixed)
        if self.schema_name == "public":
            raise IdentityChangeRefused("no tenant was named: open guiyan.platform.tenancy.session(tenant) first")
        return database.tenant_role(self.schema_name)

    def become(self, role_name: str | None) -> None:
        """Log in as a fixed role from now on (set-up, the sequencer), or as the tenant's again with None."""
        if role_name != self.role_override:
            self._leave()
            self.role_override = role_name

    def set_tenant(self, tenant: Any, include_public: bool = False) -> None:
        """Serve ``tenant`` from now on; refused inside a transaction that another tenant opened."""
        if getattr(self, "schema_name", None) not in {None, tenant.schema_name}:
            self._leave()
        super().set_tenant(tenant, include_public=False)

    def _leave(self) -> None:
        if self.connection is not None:
            if self.in_atomic_block:
                raise IdentityChangeRefused("the tenant cannot change inside a transaction")
            self.close()

    def get_connection_params(self) -> dict[str, Any]:
        return {**super().get_connection_params(), **database.params(self.login_role)}

    def make_pool(self, role: str) -> ConnectionPool[Any]:
        """Return a new pool whose connections log in as ``role``."""
        params = self.get_connection_params()
        assert params["user"] == role
        params["autocommit"] = True  # Django opens transactions itself
        return ConnectionPool(
            kwargs=params,
            open=True,
            min_size=0,
            max_size=CONNECTIONS_MAX,
            max_idle=IDLE_SECONDS_MAX,
            timeout=WAIT_SECONDS_MAX,
            num_workers=1,
            check=ConnectionPool.check_connection,
            configure=self._configure_connection,
            name=role,
        )

    @property
    def pool(self) -> ConnectionPool[Any] | None:
        if self.alias == NO_DB_ALIAS:
            return None
        return pools.get(self, self.login_role)

    def close_pool(self) -> None:
        pools.close()

    def _handle_search_path(self, cursor: Any = None) -> None:
        # A tenant's search path is a property of its role: only the migrator, which works in all schemas, sets it.
        if self.owns_search_path:
            super()._handle_search_path(cursor)
