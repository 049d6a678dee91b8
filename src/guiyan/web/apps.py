"""The desktop edge."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "guiyan.web"

    def ready(self) -> None:
        from guiyan.process import hookspecs  # noqa: PLC0415  models are not ready before
        from guiyan.web.inbox.tasks import task_page  # noqa: PLC0415  models are not ready before

        hookspecs.open_others_with(task_page)
