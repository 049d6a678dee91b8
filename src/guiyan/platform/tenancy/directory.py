"""Find a tenant by host or code, through a connection that may read the directory and nothing else."""

from __future__ import annotations

import time
from threading import Lock

from guiyan.platform.tenancy.models import Domain, Tenant

ALIAS = "directory"
CACHE_SECONDS = 5.0
HOSTS_CACHED_MAX = 1000

_lock = Lock()
_hosts: dict[str, tuple[float, Tenant | None]] = {}


def by_code(code: str) -> Tenant | None:
    """Return the tenant whose code (schema name) is ``code``, or None."""
    found: Tenant | None = Tenant.objects.using(ALIAS).filter(schema_name=code).first()
    return found


def every() -> list[Tenant]:
    """Return all tenants, ordered by code."""
    return list(Tenant.objects.using(ALIAS).order_by("schema_name"))


def by_host(host: str) -> Tenant | None:
    """Return the tenant that answers ``host`` (no port), or None.

    An installation with one real tenant answers every host but those of its simulations. Answers are kept for
    ``CACHE_SECONDS``.
    """
    moment = time.monotonic()
    with _lock:
        kept = _hosts.get(host)
    if kept and moment - kept[0] < CACHE_SECONDS:
        return kept[1]
    tenant = _look_up(host)
    with _lock:
        if len(_hosts) >= HOSTS_CACHED_MAX:
            _hosts.clear()
        _hosts[host] = (moment, tenant)
    return tenant


def forget() -> None:
    """Drop the kept answers (after a tenant was made or changed)."""
    with _lock:
        _hosts.clear()


def _look_up(host: str) -> Tenant | None:
    domain = Domain.objects.using(ALIAS).select_related("tenant").filter(domain=host.lower()).first()
    if domain is not None:
        return domain.tenant  # type: ignore[no-any-return]
    real = list(Tenant.objects.using(ALIAS).filter(simulation=False)[:2])
    return real[0] if len(real) == 1 else None
