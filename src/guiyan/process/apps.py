"""Processes as rows: instances, the inbox, deadlines."""

from django.apps import AppConfig


class ProcessConfig(AppConfig):
    name = "guiyan.process"
    label = "process"
    default_auto_field = "django.db.models.BigAutoField"
    # A version that cases were started with stays as it was, and so does what happened.
    table_grants = {
        "process_processversion": "SELECT, INSERT",
        "process_trailline": "SELECT, INSERT",
    }

    def ready(self) -> None:
        import guiyan.process.subscribers  # noqa: F401, PLC0415  to load them is to subscribe; models are ready now
        from guiyan.platform import deadlines  # noqa: PLC0415  models are not ready before
        from guiyan.process import dues  # noqa: PLC0415  models are not ready before
        from guiyan.process.actions import chasing  # noqa: PLC0415  models are not ready before

        deadlines.register_handler(dues.HANDLER, chasing.on_due)
