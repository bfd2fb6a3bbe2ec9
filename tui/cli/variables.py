"""Environment variables: one for each option, named after it, and read by click itself.

`--interval` is FAILOVER_MONITOR_INTERVAL wherever it stands. Where a command means something
else by a name, the command's name comes before it: FAILOVER_MONITOR_SIMULATE_JOURNAL.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import click
from click.core import ParameterSource

PREFIX: Final = "FAILOVER_MONITOR_"

CONFIG_VARIABLE: Final = "FAILOVER_MONITOR_CONFIG"
"""Read before a command's options are: to complete profiles, to tell where a file would be."""

_NEVER: Final = frozenset(("help", "version", "force", "hooks"))
"""What is asked for once, or agreed to once, is asked for by hand."""

_OF_THEIR_OWN: Final = frozenset(
    (
        ("simulate", "journal"),
        ("report", "output"),
        *(("watch", name) for name in ("output", "quiet", "until", "timeout", "progress")),
        ("report", "format"),
        *(("list", name) for name in ("running", "failed", "finished", "plan", "tenant")),
        *(("list", name) for name in ("since", "limit", "sessions")),
        *(("check", name) for name in ("tenant", "backup-server")),
    )
)
"""Commands with options that mean something else elsewhere, or narrow one question down."""


def variable_of(command: str, option: click.Option) -> str | None:
    """The variable of an option of that command; None where it has none."""
    names = [name.removeprefix("--") for name in option.opts if name.startswith("--")]
    name = names[0] if names else ""
    if option.hidden or not name or name in _NEVER:
        return None
    own = f"{command}-" if (command, name) in _OF_THEIR_OWN else ""
    return PREFIX + f"{own}{name}".replace("-", "_").upper()


def commands_of(group: click.Group) -> Iterator[tuple[str, click.Command]]:
    """Every command below the group, by the words that call it."""
    for name, command in group.commands.items():
        yield name, command
        if isinstance(command, click.Group):
            yield from ((f"{name} {inner}", each) for inner, each in commands_of(command))


def name_variables(group: click.Group) -> None:
    """Give each option of each command its variable, and have the help say so."""
    for name, command in commands_of(group):
        for option in command.params:
            if isinstance(option, click.Option):
                option.envvar = variable_of(name, option)
                option.show_envvar = option.envvar is not None


def said_by_variables(ctx: click.Context) -> dict[str, str]:
    """Of the options of a call, those that the environment said, with their variables."""
    return {
        option.name: str(option.envvar)
        for option in ctx.command.params
        if option.name
        and option.envvar
        and ctx.get_parameter_source(option.name) is ParameterSource.ENVIRONMENT
    }


def name_the_variable(error: click.BadParameter) -> None:
    """Have the error name what was said: the variable, or else the option alone."""
    option, ctx = error.param, error.ctx
    if not isinstance(option, click.Option) or error.param_hint is not None or ctx is None:
        return
    if option.name and option.name in said_by_variables(ctx):
        error.param_hint = f"'{option.envvar}'"
    else:
        error.param_hint = " / ".join(f"'{name}'" for name in option.opts)
