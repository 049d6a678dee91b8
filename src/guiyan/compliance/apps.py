"""What a tenant adds to the law, and what was found with it."""

from django.apps import AppConfig


class ComplianceConfig(AppConfig):
    name = "guiyan.compliance"
    label = "compliance"
    default_auto_field = "django.db.models.BigAutoField"
    # What was entered, found, accepted or noted stays as it was; nothing is deleted.
    table_grants = {
        "compliance_note": "SELECT, INSERT",
        "compliance_ownparameter": (
            "SELECT, INSERT, UPDATE (checked_by, checked_at, impact_id, withdrawn_by, withdrawn_at, withdrawn_reason)"
        ),
        "compliance_storedfinding": "SELECT, INSERT",
        "compliance_acceptedrisk": "SELECT, INSERT",
        "compliance_impactrun": "SELECT, INSERT, UPDATE (state, finished_at, cursor, done, skipped)",
        "compliance_impactrow": "SELECT, INSERT",
    }
