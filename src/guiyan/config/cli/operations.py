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
@click.option("--admin", default="", help="User name of its first administrator; the password is asked for.")
@click.option("--admin-name", default="", help="Name of its first administrator.")
def tenant_create(
    *, code: str, name: str, hosts: tuple[str, ...], simulation: bool, admin: str, admin_name: str
) -> None:
    """Make the tenant CODE for the employer NAME.

    With --admin somebody can sign in to it afterwards. Without a terminal the password is one line of standard input.
    """
    if bool(admin) != bool(admin_name):
        raise click.UsageError("--admin and --admin-name go together")
    password = _password() if admin else ""
    start.database_ready(prepare=True)
    from guiyan.platform.tenancy import provision  # noqa: PLC0415  needs Django
    from guiyan.simulator import setup  # noqa: PLC0415  needs Django

    with start.refusing_plainly():
        if admin:
            setup.require_administrator(admin, admin_name, password)
        made = provision.create_tenant(code, name, now=start.wall(), hosts=hosts, simulation=simulation)
        if admin:
            setup.administrate(made, username=admin, name=admin_name, password=password, now=start.wall())
    click.echo(f"已建立 {code}。 Made {code}.")


def _password() -> str:
    if sys.stdin.isatty():
        return str(click.prompt("管理员密码 Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\n")


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


@click.command("restore-keys")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
def restore_keys(file: Path) -> None:
    """Put back the key files that are missing here from FILE, the .keys file of a backup. Replaces none."""
    from guiyan.config import safekeeping  # noqa: PLC0415  only this command needs it

    try:
        put = safekeeping.restore_keys(file)
    except safekeeping.SafekeepingError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"放回了 {put} 个密钥。请运行 guiyan doctor。 Put {put} keys back. Run `guiyan doctor` next.")


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


COMMANDS = (migrate, tenant, backup, restore, restore_keys, doctor)
