"""The commands and their options. Each one imports what it needs when it runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tui import garbage_collection
from tui.cli.asking_commands import COMMANDS as ASKING_COMMANDS
from tui.cli.completing import offer_values
from tui.cli.file_commands import COMMANDS as FILE_COMMANDS
from tui.cli.group import DEFAULT_COMMAND, DefaultCommand, FrontDoor, help_of
from tui.cli.options import (
    ASCII,
    CONFIG,
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
    with garbage_collection.held():
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
    with garbage_collection.held():
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
    from tui.cli.manual_reading import read

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


for _command in (*ASKING_COMMANDS, *FILE_COMMANDS):
    front_door.add_command(_command)

name_variables(front_door)
offer_values(front_door)
