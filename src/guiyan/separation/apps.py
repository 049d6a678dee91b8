"""Resignations and their withdrawal."""

from django.apps import AppConfig


class SeparationConfig(AppConfig):
    name = "guiyan.separation"
    label = "separation"
    default_auto_field = "django.db.models.BigAutoField"
    # What was signed, taken in or shown stays as it was; a case is never deleted.
    table_grants = {
        "separation_case": "SELECT, INSERT, UPDATE",
        "separation_casecounter": "SELECT, INSERT, UPDATE",
        "separation_withdrawal": "SELECT, INSERT, UPDATE",
        "separation_intakeproof": "SELECT, INSERT, UPDATE",
        "separation_electronicformagreement": "SELECT, INSERT",
        "separation_signature": "SELECT, INSERT",
        "separation_conduct": "SELECT, INSERT",
        "separation_takenrole": "SELECT, INSERT, UPDATE",
        "separation_outsideeffect": "SELECT, INSERT, UPDATE",
    }

    def ready(self) -> None:
        from guiyan.separation import wiring  # noqa: PLC0415  models are not ready before

        wiring.connect()
