"""The commands and their options. Each one imports what it needs when it runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tui.cli.asking_commands import COMMANDS as ASKING_COMMANDS
from tui.cli.completing import offer_values
from tui.cli.group import DEFAULT_COMMAND, DefaultCommand, FrontDoor, help_of
from tui.cli.options import (
    ASCII,
    CONNECTION,
    CONNECTION_WITHOUT_SESSION,
    EVENTS,
    FILE,
    HELP,
    JOURNALS,
    READABLE_FILE,
    SCREEN,
    SHOWING,
    WATCHING,
    manual_pages,
    version_option,
)
from tui.cli.simulation import SIMULATION
from tui.cli.variables import name_variables

CONFIG = click.option("--config", type=FILE, metavar="FILE", help="Settings file to look at.")


@click.group(cls=FrontDoor, context_settings=HELP)
@version_option()
def front_door() -> None:
    """Watch cloud failover sessions of Veeam Backup Enterprise Manager.

    Read-only: besides logging on and off it sends nothing but GET. SESSION is a
    session ID in any form (a GUID or its first digits, an urn, a resource URL), or
    latest, running, or plan:NAME. What is missing is asked for on screen. Where
    standard output is no terminal, it behaves as watch.
    """


@front_door.command(DEFAULT_COMMAND, cls=DefaultCommand, hidden=True)
@CONNECTION
@SHOWING
@EVENTS
@SCREEN
@version_option()
def monitor(**options: Any) -> int:
    """Log on, pick a session, watch it."""
    from tui.cli.launch import launch

    return launch(headless=False, **options)


@front_door.command(context_settings=HELP)
@CONNECTION
@SHOWING
@EVENTS
@WATCHING
@ASCII
def watch(**options: Any) -> int:
    """Watch without a screen: plain lines, exit code.

    One line per change: UTC time, what, VM, message, whose clock, how long. Ends with
    the session. Standard output is data, standard error is talk.
    """
    from tui.cli.launch import launch

    return launch(headless=True, **options)


@front_door.command(context_settings=HELP)
@SIMULATION
@SHOWING
@EVENTS
@click.option(
    "--hooks",
    is_flag=True,
    help="Run the commands on events of the settings file as well; they are told that it is a"
    " rehearsal.",
)
@SCREEN
def demo(**options: Any) -> int:
    """Show a simulated failover; needs no server."""
    from tui.cli.launch import launch_demo

    return launch_demo(**options)


@front_door.command(context_settings=HELP)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=9398,
    show_default=True,
    help="Port to listen on; 0 takes a free one.",
)
@click.option(
    "--tls", is_flag=True, help="Speak TLS, with a new certificate that nobody vouches for."
)
@click.option("--tls-cert", type=READABLE_FILE, metavar="FILE", help="Certificate, PEM.")
@click.option("--tls-key", type=READABLE_FILE, metavar="FILE", help="Its key, PEM.")
@SIMULATION
@click.option(
    "--journal",
    type=READABLE_FILE,
    metavar="FILE",
    help="Serve the failover that this journal holds, instead of a scenario.",
)
def simulate(**options: Any) -> int:
    """Serve a simulated Enterprise Manager until Ctrl+C.

    Prints its URL and a user and password to log on with. Plain http, unless --tls makes
    a certificate, to rehearse the question about it, or one is given with its key.
    """
    from tui.cli.simulation import serve

    return serve(**options)


@front_door.group(context_settings=HELP, no_args_is_help=False)
def trust() -> None:
    """The server certificates that were accepted."""


@trust.command("list")
def trust_list() -> int:
    """Print the accepted certificates."""
    from tui.cli.trusting import list_servers

    return list_servers()


@trust.command("remove")
@click.argument("server")
def trust_remove(server: str) -> int:
    """Forget the certificate of SERVER (host or host:port)."""
    from tui.cli.trusting import remove_server

    return remove_server(server)


@front_door.command(context_settings=HELP)
@click.argument("what", metavar="SESSION|FILE")
@CONNECTION_WITHOUT_SESSION
@SHOWING
@click.option(
    "--format",
    "format_",
    type=click.Choice(["html", "md", "text", "json", "csv"]),
    default="text",
    show_default=True,
    help="html prints well; csv has a row for each VM.",
)
@click.option("--output", type=FILE, metavar="FILE", help="Write it there; else print it.")
def report(**options: Any) -> int:
    """Write what an auditor gets of a session.

    From the journal FILE, or that of SESSION; where there is none, from the server alone,
    and then the report says what nobody can know.
    """
    from tui.cli.reporting import report

    return report(**options)


@front_door.command(context_settings=HELP)
@click.argument("what", metavar="SESSION|FILE")
@JOURNALS
@SCREEN
def replay(what: str, **options: Any) -> int:
    """Show again what was watched of a session, as it was on screen.

    From the journal FILE, or that of SESSION. It plays, pauses, goes faster, back, and from
    failure to failure; ? on the screen lists the keys. Nothing is asked of any server.
    """
    from tui.cli.replaying import replay

    return replay(what, **options)


@front_door.group(context_settings=HELP, no_args_is_help=False)
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


@front_door.group(context_settings=HELP, no_args_is_help=False)
def metrics() -> None:
    """Print what goes with --metrics: a dashboard, alert rules."""


@metrics.command("dashboard")
def metrics_dashboard() -> int:
    """Print a dashboard as JSON, to be imported into Grafana."""
    from tui.cli.figures import print_dashboard

    return print_dashboard()


@metrics.command("alerts")
def metrics_alerts() -> int:
    """Print alert rules as YAML, to be named under rule_files of Prometheus."""
    from tui.cli.figures import print_alerts

    return print_alerts()


@front_door.group(context_settings=HELP, no_args_is_help=False)
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
def config_show(config: Path | None, profile: str | None) -> int:
    """Print what holds, without secrets."""
    from tui.cli.configuring import show

    return show(config, profile, monitor)


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


@front_door.command(context_settings=HELP)
@CONFIG
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
@click.option(
    "--bundle",
    type=FILE,
    metavar="FILE",
    help="Write it there (tar.gz), with the settings and the last lines of the log.",
)
def info(config: Path | None, as_json: bool, bundle: Path | None) -> int:
    """Print what a bug report needs: versions, paths, terminal. Nothing secret is in it."""
    from tui.cli.diagnosing import print_info

    return print_info(config, monitor, as_json=as_json, bundle=bundle)


@front_door.command(context_settings=HELP)
def version() -> int:
    """Print the version."""
    from tui import __version__

    click.echo(f"failover-monitor {__version__}")
    return 0


@front_door.command("help", context_settings=HELP)
@click.argument("words", metavar="[COMMAND]", nargs=-1)
@click.pass_context
def help_(ctx: click.Context, words: tuple[str, ...]) -> int:
    """Explain the program, or one COMMAND."""
    click.echo(help_of(ctx, words))
    return 0


@front_door.command(context_settings=HELP)
@click.argument("words", metavar="[PAGE|WORDS]...", nargs=-1, shell_complete=manual_pages)
@click.option("--all", "everything", is_flag=True, help="All pages, one after the other.")
@click.option("--pager", is_flag=True, help="On a terminal: through $PAGER, else less.")
def manual(words: tuple[str, ...], **options: bool) -> int:
    """Read the manual: a page, or what a message means.

    Without PAGE it lists the pages. Words that name no page are looked for: paste a
    message as it stood on the screen, and read what to do about it.
    """
    from tui.cli.reading import read

    return read(words, **options)


@front_door.command(context_settings=HELP)
@click.argument("shell", metavar="SHELL", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> int:
    """Print the completion script of bash, zsh or fish.

    It completes commands, options, and what was seen lately: sessions, plans, servers, users,
    and the profiles of the settings file.

    \b
    In ~/.bashrc:    eval "$(failover-monitor completion bash)"
    In ~/.zshrc,
    after compinit:  eval "$(failover-monitor completion zsh)"
    In config.fish:  failover-monitor completion fish | source
    """
    from tui.cli.completing import print_script

    return print_script(front_door, shell)


for _command in ASKING_COMMANDS:
    front_door.add_command(_command)

name_variables(front_door)
offer_values(front_door)
