"""Wiring: which adapter stands behind which port."""

from __future__ import annotations

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "guiyan.config"
    label = "config"

    def ready(self) -> None:
        from django.conf import settings  # noqa: PLC0415  settings are read first

        from guiyan.integrations.mail.smtp import Smtp  # noqa: PLC0415  models are not ready before
        from guiyan.ledger import ports as ledger_ports  # noqa: PLC0415  models are not ready before
        from guiyan.ledger.actions import record  # noqa: PLC0415  models are not ready before
        from guiyan.notify import ports  # noqa: PLC0415  models are not ready before
        from guiyan.people.queries import viewer_for  # noqa: PLC0415  models are not ready before
        from guiyan.platform import evidence  # noqa: PLC0415  models are not ready before
        from guiyan.platform.models import User  # noqa: PLC0415  models are not ready before
        from guiyan.web.cases.packs import tell  # noqa: PLC0415  models are not ready before

        evidence.register(record)
        ledger_ports.use_packs(
            viewer_of=lambda user_id: viewer_for(User.objects.filter(pk=user_id).first(), auth="job"), tell=tell
        )
        ports.use_mail(Smtp(**settings.SMTP))
