"""The command line. Each command imports what it needs, so that checking a pack or a case starts no database."""

from __future__ import annotations

import click

from guiyan import __version__
from guiyan.config.cli import evidence, importing, operations, plain, playing, serving


@click.group(cls=plain.Plain, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="guiyan")
def main() -> None:
    """归雁：合法、可证明的人力资源系统。 Guiyan: HR whose every step is lawful and can be proved."""


for command in (*serving.COMMANDS, *operations.COMMANDS, *evidence.COMMANDS, *importing.COMMANDS, *playing.COMMANDS):
    main.add_command(command)
