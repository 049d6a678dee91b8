"""Wake the product inside this process: environment, database, Django."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click

NOT_SET_UP = "这里还没有建立数据库：请先运行 guiyan up。 Nothing is set up here yet: run `guiyan up` first."


def django_ready() -> None:
    """Set Django up with the product's settings and structured logs; repeatable."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guiyan.config.settings")
    import django  # noqa: PLC0415  only commands that need it pay for it

    from guiyan.platform import logs  # noqa: PLC0415  only commands that need it pay for it

    logs.configure()
    django.setup()


def database_ready(*, prepare: bool = False, empty: bool = False) -> None:
    """Start the embedded database when it is ours; with ``prepare`` also bring roles and schemas up to date.

    Raises ``click.ClickException`` with a cure when the keys do not fit the database, when it cannot be reached, or,
    unless it is to be prepared or filled (``empty``), when it is not there yet.
    """
    from guiyan.config import soundness  # noqa: PLC0415  only commands that need it pay for it
    from guiyan.platform import database, embedded  # noqa: PLC0415  only commands that need it pay for it

    try:
        soundness.require_keys()
        if not database.url():
            embedded.shared().start()
        there = soundness.database_is_there()
    except (embedded.EmbeddedError, database.DatabaseSettingError, soundness.Unsound) as error:
        raise click.ClickException(str(error)) from error
    if not there and not prepare and not empty:
        raise click.ClickException(NOT_SET_UP)
    django_ready()
    if prepare:
        _prepare()
    if there and not empty:
        _require_the_right_keys()


def _prepare() -> None:
    from guiyan.platform.tenancy import provision  # noqa: PLC0415  needs Django

    provision.prepare_database()
    provision.migrate(lambda text: click.echo(f"  {text}", err=True))
    _put_to_use()


def _require_the_right_keys() -> None:
    from guiyan.config import soundness  # noqa: PLC0415  needs Django here

    for problem in soundness.master_problems(limit=soundness.TENANTS_LOOKED_AT):
        raise click.ClickException(f"{problem} {soundness.RESTORE_KEY}")


def _put_to_use() -> None:
    """Have every tenant's new cases start with the diagrams that this version brings along."""
    from guiyan.platform import clock, tenancy  # noqa: PLC0415  needs Django
    from guiyan.platform.tenancy import directory  # noqa: PLC0415  needs Django
    from guiyan.process.actions import install_shipped  # noqa: PLC0415  needs Django

    for tenant in directory.every():
        with tenancy.session(tenant):
            install_shipped(clock.now())


def require_writable(out: Path) -> None:
    """Refuse a place where no file can be written, before anything is done for it."""
    folder = out.absolute().parent
    if not folder.is_dir() or not os.access(out if out.exists() else folder, os.W_OK):
        raise click.ClickException(f"不能写入 {out}。 {out} cannot be written: check the folder and its rights.")


@contextlib.contextmanager
def refusing_plainly() -> Iterator[None]:
    """Say a refusal of set-up (a code that is taken, a password that is too weak) as the terminal says it."""
    from django.core.exceptions import ValidationError  # noqa: PLC0415  needs Django

    from guiyan.platform.tenancy import provision  # noqa: PLC0415  needs Django

    try:
        yield
    except (provision.ProvisionError, ValidationError) as error:
        raise click.ClickException("; ".join(getattr(error, "messages", [str(error)]))) from error


def wall() -> datetime:
    """Return the machine's time, for set-up."""
    return datetime.now(UTC)
