"""`completion`: the script that a shell evaluates."""

from __future__ import annotations

import click
from click.shell_completion import ShellComplete, get_completion_class

from tui.cli import PROGRAM


def print_script(command: click.Command, shell: str) -> int:
    """Print the script. Unlike click's own way it starts no shell to ask its version."""
    variable = f"_{PROGRAM.replace('-', '_').upper()}_COMPLETE"
    found = get_completion_class(shell)
    if found is None:
        raise click.UsageError(f"There is no completion for {shell}.")
    click.echo(ShellComplete.source(found(command, {}, PROGRAM, variable)))
    return 0
