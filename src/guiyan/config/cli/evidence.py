"""Commands of law and evidence: cases, the ledger, packs."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from guiyan.config.cli import impact, start


@click.group()
def law() -> None:
    """Law as code."""


@law.command("cases")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
@click.option("--topics", default="", help="Only these topics, separated by commas.")
@click.option("--json", "as_json", is_flag=True, help="One JSON line a case.")
def law_cases(file: Path, topics: str, as_json: bool) -> None:
    """Compute the cases of FILE and compare them with what they expect."""
    from guiyan.law.cases import run_cases  # noqa: PLC0415  only this command needs the law

    wanted = [topic.strip() for topic in topics.split(",") if topic.strip()] or None
    sys.exit(run_cases(file, wanted, as_json=as_json, out=sys.stdout))


@law.command("reviewed")
@click.option("--json", "as_json", is_flag=True, help="One JSON line a case.")
def law_reviewed(as_json: bool) -> None:
    """Run the cases that lawyers reviewed on the installed law: 0 all agree, 1 some differ, 2 a file is not right."""
    from guiyan.law.reviewed.command import run_reviewed  # noqa: PLC0415  only this command needs the law

    sys.exit(run_reviewed(as_json=as_json, out=sys.stdout))


law.add_command(impact.impact)


@click.group()
def ledger() -> None:
    """The evidence ledger."""


@ledger.command("verify")
@click.option("--tenant", default=None, help="Only this tenant.")
@click.option("--json", "as_json", is_flag=True)
def ledger_verify(tenant: str | None, as_json: bool) -> None:
    """Recompute the logs from their bytes and compare them with every signed checkpoint."""
    start.database_ready()
    from guiyan.ledger.checks import verify_command  # noqa: PLC0415  needs Django

    sys.exit(verify_command([tenant] if tenant else [], as_json=as_json, out=sys.stdout))


@ledger.command("new-epoch")
@click.option("--tenant", required=True)
@click.option("--reason", default="restored", show_default=True, help="A code without spaces.")
def ledger_new_epoch(tenant: str, reason: str) -> None:
    """Begin a new epoch of a log, when something was signed after the backup that was restored."""
    start.database_ready()
    from guiyan.ledger import sequencer  # noqa: PLC0415  needs Django

    try:
        click.echo(sequencer.begin_epoch(tenant, reason))
    except (sequencer.SequencerError, LookupError) as error:
        raise click.ClickException(str(error)) from error


@click.group()
def evidence() -> None:
    """Evidence packs."""


@evidence.command("verify")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--log-key", "keys", multiple=True, help="A key of the log, from outside the pack; repeatable.")
@click.option("--pins", default=None, help="A file of verifier keys that you trust.")
@click.option("--receipt", "receipts", multiple=True, help="A receipt that a party holds; repeatable.")
def evidence_verify(file: Path, keys: tuple[str, ...], pins: str | None, receipts: tuple[str, ...]) -> None:
    """Check a pack: 0 valid, 2 consistent but the key is not confirmed, 1 refused. Needs no database."""
    from guiyan.ledger.verifier import command  # noqa: PLC0415  only this command needs it

    words = [str(file)]
    words += [word for key in keys for word in ("--log-key", key)]
    words += ["--pins", pins] if pins else []
    words += [word for receipt in receipts for word in ("--receipt", receipt)]
    sys.exit(command.main(words))


@evidence.command("export")
@click.argument("case")
@click.option("--tenant", required=True)
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path))
def evidence_export(case: str, tenant: str, out: Path) -> None:
    """Write the evidence pack of CASE to a file."""
    start.require_writable(out)
    start.database_ready()
    from guiyan.ledger.export import export_command  # noqa: PLC0415  needs Django

    sys.exit(export_command(tenant, case, out, now=start.wall()))


COMMANDS = (law, ledger, evidence)
