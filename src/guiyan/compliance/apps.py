"""What a tenant adds to the law, and what was found with it."""

from django.apps import AppConfig


class ComplianceConfig(AppConfig):
    name = "guiyan.compliance"
    label = "compliance"
    default_auto_field = "django.db.models.BigAutoField"
    # What was entered, found, accepted or noted stays as it was; nothing is deleted.
    table_grants = {
        "compliance_note": "SELECT, INSERT",
    }
