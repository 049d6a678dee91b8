"""Commands that play scenarios: demonstration, training and regression in one."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from guiyan.config.cli import start


@click.group()
def scenario() -> None:
    """Scenarios on a simulated clock."""


@scenario.command("list")
def scenario_list() -> None:
    """List the scenarios."""
    start.django_ready()
    from guiyan.simulator.repertoire import SCENARIOS  # noqa: PLC0415  needs Django

    for item in SCENARIOS.values():
        click.echo(f"{item.key}\t{item.zh}　{item.en}")


@scenario.command("run")
@click.argument("name")
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path))
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0, 2**31))
def scenario_run(name: str, out: Path, seed: int) -> None:
    """Play NAME on a tenant of its own; leave pack.zip and log.jsonl in OUT. Exit 1 when a step differs."""
    start.django_ready()
    from guiyan.simulator import scenarios  # noqa: PLC0415  needs Django
    from guiyan.simulator.repertoire import SCENARIOS  # noqa: PLC0415  needs Django

    if name not in SCENARIOS:
        raise click.ClickException(f"没有这个剧本 no such scenario: {name}; guiyan scenario list")
    scenarios.clear(out)  # before a tenant is made
    start.database_ready(prepare=True)
    played = scenarios.run(SCENARIOS[name], out, seed, begun=start.wall(), say=_say)
    click.echo(f"{played.tenant}: {len(played.lines)} steps, {sum(not line.ok for line in played.lines)} differ")
    sys.exit(1 if played.failed else 0)


def _say(line: object) -> None:
    from guiyan.simulator.stage import Line  # noqa: PLC0415  needs Django

    assert isinstance(line, Line)
    mark = "✓" if line.ok else "✗"
    tail = "" if line.ok else f"　应为 expected {line.expected}"
    click.echo(f"{mark} {line.at} {line.who}：{line.what} — {line.happened}{tail}")


COMMANDS = (scenario,)
