"""Organisation, persons and employment spells."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "guiyan.people"
    default_auto_field = "django.db.models.BigAutoField"
