"""The evidence ledger."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "guiyan.ledger"
    default_auto_field = "django.db.models.BigAutoField"
