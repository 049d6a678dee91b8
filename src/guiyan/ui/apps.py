"""The design system as a Django app: it answers for the front-end files being in place."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core import checks

from guiyan.ui import assets


class UiConfig(AppConfig):
    """Label ``ui``; no models."""

    name = "guiyan.ui"
    label = "ui"
    verbose_name = "界面"

    def ready(self) -> None:
        """Register the check; nothing else happens at start-up."""
        checks.register(check_assets)


def check_assets(app_configs: Sequence[AppConfig] | None, **_kwargs: Any) -> list[checks.CheckMessage]:
    """Warn when a front-end file is absent: pages would come without looks, and icons empty."""
    absent = assets.missing()
    if not absent:
        return []
    return [
        checks.Warning(
            f"{len(absent)} front-end files are absent, first: {absent[0]}",
            hint="Run: python -m guiyan.ui.assets",
            id="ui.W001",
        )
    ]
