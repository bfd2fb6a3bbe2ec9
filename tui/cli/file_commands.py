"""The commands about files, and their options: `journal`, `metrics`, `config`."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import click

from tui.cli.group import DEFAULT_COMMAND
from tui.cli.options import (
    CONFIG,
    HELP,
    JOURNALS,
    READABLE_FILE,
)


@click.group(context_settings=HELP, no_args_is_help=False)
def journal() -> None:
    """The records of what was watched."""


@journal.command("list")
@JOURNALS
def journal_list(folder: Path | None, config: Path | None) -> int:
    """Print the journals: when changed, size, server, session ID, plan; newest first."""
    from tui.cli.journaling import list_journals

    return list_journals(folder, config)


@journal.command("path")
@click.argument("session", required=False)
@JOURNALS
def journal_path(session: str | None, folder: Path | None, config: Path | None) -> int:
    """Print the folder of the journals, or where those of SESSION are."""
    from tui.cli.journaling import print_path

    return print_path(session, folder, config)


@journal.command("verify")
@click.argument("file", type=READABLE_FILE)
def journal_verify(file: Path) -> int:
    """Say whether FILE is whole, torn at its end, or altered, and at which line.

    Exit code 0 where it is whole or only its last line was cut off, 1 where it was altered.
    """
    from tui.cli.journaling import verify

    return verify(file)


@journal.command("export")
@click.argument("file", type=READABLE_FILE)
def journal_export(file: Path) -> int:
    """Print what FILE holds, one JSON object a line, without what binds the lines.

    Every reading is printed in full.
    """
    from tui.cli.journaling import export

    return export(file)


@journal.command("prune")
@JOURNALS
def journal_prune(folder: Path | None, config: Path | None) -> int:
    """Remove journals that are too old or too many, as the settings say; never one in use."""
    from tui.cli.journaling import prune_journals

    return prune_journals(folder, config)


@click.group(context_settings=HELP, no_args_is_help=False)
def metrics() -> None:
    """Print what goes with --metrics: a dashboard, alert rules."""


@metrics.command("dashboard")
def metrics_dashboard() -> int:
    """Print a dashboard as JSON, to be imported into Grafana."""
    from tui.cli.dashboards import print_dashboard

    return print_dashboard()


@metrics.command("alerts")
def metrics_alerts() -> int:
    """Print alert rules as YAML, to be named under rule_files of Prometheus."""
    from tui.cli.dashboards import print_alerts

    return print_alerts()


@click.group(context_settings=HELP, no_args_is_help=False)
def config() -> None:
    """The settings file."""


@config.command("path")
@CONFIG
def config_path(config: Path | None) -> int:
    """Print where the settings file is looked for."""
    from tui.cli.configuring import print_path

    return print_path(config)


@config.command("show")
@CONFIG
@click.option("--profile", metavar="NAME", help="A profile of the settings file.")
@click.pass_context
def config_show(ctx: click.Context, config: Path | None, profile: str | None) -> int:
    """Print what holds, without secrets."""
    from tui.cli.configuring import show

    front_door = ctx.find_root().command
    return show(config, profile, cast(click.Group, front_door).commands[DEFAULT_COMMAND])


@config.command("check")
@CONFIG
def config_check(config: Path | None) -> int:
    """Name everything that is wrong with the settings file; exit code 0 or 2."""
    from tui.cli.configuring import check

    return check(config)


@config.command("init")
@CONFIG
@click.option("--force", is_flag=True, help="Put it in place of the file that is there.")
def config_init(config: Path | None, force: bool) -> int:
    """Write a commented settings file, with every setting and none of them set.

    A file that is there stays, unless --force; then it is kept beside the new one.
    """
    from tui.cli.editing import init

    return init(config, force=force)


@config.command("edit")
@CONFIG
def config_edit(config: Path | None) -> int:
    """Change the settings file in your editor (VISUAL, EDITOR), and check it.

    It is a copy that is edited, and put in place once it is right.
    """
    from tui.cli.editing import edit

    return edit(config)


@config.command("schema")
def config_schema() -> int:
    """Print the JSON schema of the settings file, for editors."""
    from tui.cli.configuring import print_schema

    return print_schema()


@config.command("keys")
@CONFIG
def config_keys(config: Path | None) -> int:
    """Print the ids of all bindings, with their keys and what they do."""
    from tui.cli.configuring import print_keys

    return print_keys(config)


COMMANDS = (journal, metrics, config)
