"""The platform: what every context stands on, without a word of HR."""

from django.apps import AppConfig


class PlatformConfig(AppConfig):
    name = "guiyan.platform"
    label = "platform"
    default_auto_field = "django.db.models.BigAutoField"
    # What a tenant's own role may do with a table, where that is less than everything.
    table_grants = {
        "platform_requestseen": "SELECT, INSERT, UPDATE",
        "platform_refusal": "SELECT, INSERT",
        "platform_storedfile": "SELECT, INSERT",
    }
