"""Who uses this installation, and under which host names. These are the only tables that tenants share."""

from __future__ import annotations

from django.db import models
from django_tenants.models import DomainMixin, TenantMixin

from guiyan.platform import database


class Tenant(TenantMixin):  # type: ignore[misc]
    """An employer with a schema and a login role of its own.

    ``simulation`` is set when the tenant is made and never changes: only a simulation has a clock that moves, and what
    it proves is marked as no evidence.
    """

    auto_create_schema = False  # ``provision.create`` does it as the migrator
    auto_drop_schema = False

    name = models.CharField(max_length=200)
    simulation = models.BooleanField(default=False)
    demonstration = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("schema_name",)

    def __str__(self) -> str:
        return str(self.schema_name)

    @property
    def role(self) -> str:
        """The login role that serves this tenant."""
        return database.tenant_role(self.schema_name)


class Domain(DomainMixin):  # type: ignore[misc]
    """A host name under which a tenant is reached."""

    class Meta:
        ordering = ("domain",)
