"""Organisation, persons and employment spells."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "guiyan.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"
    # What was done about a person stays on record.
    table_grants = {"people_personchange": "SELECT, INSERT"}

    def ready(self) -> None:
        from guiyan.people.queries import standing  # noqa: PLC0415  models are not ready before
        from guiyan.platform import permissions  # noqa: PLC0415  models are not ready before

        permissions.register_relation("self", standing.is_self)
        permissions.register_relation("manages", standing.manages)
        permissions.register_relation("serves", standing.serves)
