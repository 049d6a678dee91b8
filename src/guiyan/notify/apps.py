"""Messages to people."""

from django.apps import AppConfig


class NotifyConfig(AppConfig):
    name = "guiyan.notify"
    label = "notify"
    default_auto_field = "django.db.models.BigAutoField"
    # A message and an attempt stay as they were; only when it was read, and how the attempt went, is added.
    table_grants = {
        "notify_message": "SELECT, INSERT, UPDATE",
        "notify_mailattempt": "SELECT, INSERT, UPDATE",
    }
