"""Wake the product inside this process: environment, database, Django."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import click


def django_ready() -> None:
    """Set Django up with the product's settings and structured logs; repeatable."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guiyan.config.settings")
    import django  # noqa: PLC0415  only commands that need it pay for it

    from guiyan.platform import logs  # noqa: PLC0415  only commands that need it pay for it

    logs.configure()
    django.setup()


def database_ready(*, prepare: bool = False) -> None:
    """Start the embedded database when it is ours; with ``prepare`` also bring roles and schemas up to date."""
    from guiyan.platform import database, embedded  # noqa: PLC0415  only commands that need it pay for it

    try:
        if not database.url():
            embedded.shared().start()
    except embedded.EmbeddedError as error:
        raise click.ClickException(str(error)) from error
    django_ready()
    if prepare:
        from guiyan.platform.tenancy import provision  # noqa: PLC0415  needs Django

        provision.prepare_database()
        provision.migrate(lambda text: click.echo(f"  {text}", err=True))
        _put_to_use()


def _put_to_use() -> None:
    """Have every tenant's new cases start with the diagrams that this version brings along."""
    from guiyan.platform import clock, tenancy  # noqa: PLC0415  needs Django
    from guiyan.platform.tenancy import directory  # noqa: PLC0415  needs Django
    from guiyan.process.actions import install_shipped  # noqa: PLC0415  needs Django

    for tenant in directory.every():
        with tenancy.session(tenant):
            install_shipped(clock.now())


def wall() -> datetime:
    """Return the machine's time, for set-up."""
    return datetime.now(UTC)
