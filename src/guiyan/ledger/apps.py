"""The evidence ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from guiyan.platform.tenancy.models import Tenant

LOG_TABLES = ("log", "entry", "pending", "seq", "tile", "checkpoint")


class LedgerConfig(AppConfig):
    name = "guiyan.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"
    # The log is read by the tenant's role and appended to through a function; a receipt handed out stays handed out.
    table_grants = {
        **{f"ledger_{table}": "SELECT" for table in LOG_TABLES},
        "ledger_receipt": "SELECT, INSERT",
        "ledger_casehead": "SELECT, INSERT, UPDATE",
        "ledger_pseudonym": "SELECT, INSERT, UPDATE",
        "ledger_committedvalue": "SELECT, INSERT, UPDATE",
        "ledger_packrequest": "SELECT, INSERT, UPDATE",
    }

    def ready(self) -> None:
        from guiyan.ledger import actions, packs  # noqa: PLC0415  models are not ready before
        from guiyan.platform import acting, deadlines  # noqa: PLC0415  models are not ready before

        acting.register_recorder(actions.record_refusal)
        deadlines.register_handler(packs.EXPIRY, packs.on_expiry)

    def secure_schema(self, tenant: Tenant) -> None:
        """Give the tenant's role and the sequencer their rights in a schema, and open its log; as the migrator."""
        from guiyan.ledger import opening  # noqa: PLC0415  models are not ready before

        opening.secure(tenant)
