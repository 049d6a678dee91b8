"""Tenants: one schema and one login role each; ``session(tenant)`` is the only way to work for one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

from django.db import connection

from guiyan.platform import database

if TYPE_CHECKING:
    from guiyan.platform.db.base import DatabaseWrapper
    from guiyan.platform.tenancy.models import Tenant


def _wrapper() -> DatabaseWrapper:
    return cast("DatabaseWrapper", connection)


def current() -> Tenant | None:
    """Return the tenant this thread works for, or None."""
    wrapper = _wrapper()
    return None if wrapper.schema_name == "public" else cast("Tenant", wrapper.tenant)


def required() -> Tenant:
    """Return the tenant this thread works for. Raises ``LookupError`` when none was named."""
    tenant = current()
    if tenant is None:
        raise LookupError("no tenant: open guiyan.platform.tenancy.session(tenant) first")
    return tenant


@contextmanager
def session(tenant: Tenant) -> Iterator[Tenant]:
    """Work for one tenant: queries inside run on connections made as that tenant's own login role.

    Raises ``IdentityChangeRefused`` when another tenant's transaction is open in this thread.
    """
    wrapper = _wrapper()
    before = wrapper.tenant
    wrapper.set_tenant(tenant)
    try:
        yield tenant
    finally:
        if before.schema_name != tenant.schema_name:
            wrapper.set_tenant(before)


@contextmanager
def as_role(kind: str) -> Iterator[None]:
    """Work as one of the installation's own roles (``database.ROLES``): set-up, upgrades, the sequencer."""
    wrapper = _wrapper()
    before = wrapper.role_override
    wrapper.become(database.role(kind))
    try:
        yield
    finally:
        wrapper.become(before)
