"""Commands for the person who runs an installation: migrate, tenants, backup, restore, doctor."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from guiyan.config.cli import start


@click.command()
def migrate() -> None:
    """Bring the database's roles and schemas up to date."""
    start.database_ready(prepare=True)
    click.echo("数据库已是最新。 The database is up to date.")


@click.group()
def tenant() -> None:
    """Tenants: one employer each."""


@tenant.command("create")
@click.argument("code")
@click.argument("name")
@click.option("--host", "hosts", multiple=True, help="A host name under which it is reached; repeatable.")
@click.option("--simulation", is_flag=True, help="With a clock that moves; what it proves is no evidence.")
def tenant_create(code: str, name: str, hosts: tuple[str, ...], simulation: bool) -> None:
    """Make the tenant CODE for the employer NAME."""
    start.database_ready(prepare=True)
    from guiyan.platform.tenancy import provision  # noqa: PLC0415  needs Django

    try:
        provision.create_tenant(code, name, now=start.wall(), hosts=hosts, simulation=simulation)
    except provision.ProvisionError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"已建立 {code}。 Made {code}.")


@tenant.command("list")
def tenant_list() -> None:
    """List the tenants."""
    start.database_ready()
    from guiyan.platform.tenancy import directory  # noqa: PLC0415  needs Django

    for item in directory.every():
        click.echo(f"{item.schema_name}\t{item.name}{'　(simulation)' if item.simulation else ''}")


@click.command()
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path))
def backup(out: Path) -> None:
    """Write everything to OUT, and the keys to OUT.keys (keep the two apart)."""
    start.database_ready()
    from guiyan.config import safekeeping  # noqa: PLC0415  needs Django

    try:
        safekeeping.backup(out, now=start.wall())
    except safekeeping.SafekeepingError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"已备份到 {out}；密钥在 {out}.keys，请分开保存。 Backed up; keep the keys elsewhere.")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--keys", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(file: Path, keys: Path) -> None:
    """Restore a backup into an empty installation."""
    from guiyan.config import safekeeping  # noqa: PLC0415  only this command needs it

    try:
        safekeeping.restore(file, keys)
    except safekeeping.SafekeepingError as error:
        raise click.ClickException(str(error)) from error
    click.echo("已恢复。请运行 guiyan doctor。 Restored. Run `guiyan doctor` next.")


@click.command()
@click.option("--json", "as_json", is_flag=True)
def doctor(as_json: bool) -> None:
    """Say what is wrong with this installation and how to mend it. Exit status 1 when something is."""
    from guiyan.config import examination  # noqa: PLC0415  only this command needs it

    findings = examination.examine()
    if as_json:
        click.echo(json.dumps([item.as_dict() for item in findings], ensure_ascii=False, indent=1))
    else:
        for item in findings:
            click.echo(f"{item.mark} {item.name}：{item.found}")
            if item.cure:
                click.echo(f"    → {item.cure}")
    sys.exit(1 if any(item.level == "wrong" for item in findings) else 0)


COMMANDS = (migrate, tenant, backup, restore, doctor)
