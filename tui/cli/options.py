"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from tui.cli.group import refuse_password
from tui.cli.option_types import CommandType, DurationType, FingerprintType, IntervalType, ThemeType
from tui.theme_names import CHOICES

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

HELP = {"help_option_names": ["-h", "--help"]}

READABLE_FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
FILE = click.Path(dir_okay=False, path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)

CONFIG = click.option("--config", type=FILE, metavar="FILE", help="Settings file to look at.")


def apply(*decorators: Callable[[Decorated], Decorated]) -> Callable[[Decorated], Decorated]:
    """Several options as one decorator, in the order in which help shows them."""

    def decorate(function: Decorated) -> Decorated:
        for decorator in reversed(decorators):
            function = decorator(function)
        return function

    return decorate


def version_option() -> Callable[[Decorated], Decorated]:
    """`--version`, read from the package and not from its metadata, which is slow to load."""
    from tui import __version__

    return click.version_option(__version__, message="failover-monitor %(version)s")


TARGETS = apply(
    click.option(
        "--rto",
        type=DurationType(),
        metavar="DURATION",
        help="How long the failover may take, such as 30m or 1h30m.",
    ),
    click.option(
        "--rpo",
        type=DurationType(),
        metavar="DURATION",
        help="How old a replica point may be when it starts.",
    ),
)

LOGGING = apply(
    click.option("--log-file", type=FILE, metavar="FILE", help="Log requests and errors there."),
    click.option(
        "--log-level",
        type=click.Choice(["error", "warning", "info", "debug"]),
        metavar="LEVEL",
        help="The least grave that is logged: error, warning, info (each request) or debug."
        "  [default: info]",
    ),
    click.option(
        "--config",
        type=FILE,
        metavar="FILE",
        help="Another settings file than `config path` names.",
    ),
)
"""The log, and the settings file."""

SHOWING = apply(
    click.option(
        "--interval",
        type=IntervalType(),
        metavar="SECONDS",
        help="Seconds between polls, 2 or more.  [default: 5]",
    ),
    TARGETS,
    click.option(
        "--wait-for",
        metavar="PLAN",
        help="Stand by, and open the next session of this plan once it begins.",
    ),
    click.option(
        "--journal",
        type=FOLDER,
        metavar="DIR",
        help="Keep the record of what was watched there.",
    ),
    click.option(
        "--report",
        type=FOLDER,
        metavar="DIR",
        help="Where W writes the report; watch writes it there by itself at the end.",
    ),
    click.option("--no-journal", is_flag=True, help="Keep no record of what was watched."),
    LOGGING,
)

EVENTS = apply(
    click.option(
        "--on-event",
        type=CommandType(),
        multiple=True,
        metavar="COMMAND",
        help="Run this at each event that calls for attention, the event as JSON on its"
        " standard input; no shell. Can be given more than once.",
    ),
    click.option(
        "--notify",
        type=click.Choice(["auto", "osc9", "osc777", "osc99", "off"]),
        metavar="WAY",
        help="Have the terminal show events as notifications of the desktop: auto, osc9,"
        " osc777, osc99 or off.  [default: off]",
    ),
    click.option(
        "--metrics",
        type=FILE,
        metavar="FILE",
        help="Keep figures for Prometheus there (OpenMetrics, for a textfile collector).",
    ),
)

WATCHING = apply(
    click.option(
        "--output",
        type=click.Choice(["text", "json"]),
        default="text",
        show_default=True,
        help="Lines with tabs for people and awk, or one JSON object a line.",
    ),
    click.option("--quiet", is_flag=True, help="Say only how it ended, and what ended it."),
    click.option(
        "--until",
        type=click.Choice(["running", "first-failure", "done"]),
        default="done",
        show_default=True,
        help="End once the session runs (exit code 0), or once the first VM has failed (1).",
    ),
    click.option(
        "--timeout",
        type=DurationType(),
        metavar="DURATION",
        help="End after so long in any case, with exit code 124.",
    ),
    click.option(
        "--progress",
        type=DurationType(),
        metavar="DURATION",
        help="Say that often how far it is.",
    ),
)

JOURNALS = apply(
    click.option(
        "--journal",
        "folder",
        type=FOLDER,
        metavar="DIR",
        help="The folder of the journals, where it is not the one of the settings.",
    ),
    click.option("--config", type=FILE, metavar="FILE", help="Settings file to look at."),
)

ASCII = click.option(
    "--ascii/--unicode",
    "ascii_only",
    default=None,
    help="Write ASCII only, or signs and bars; else as terminal and locale can show.",
)

SCREEN = apply(
    click.option("--no-mouse", is_flag=True, help="Leave the mouse to the terminal."),
    ASCII,
    click.option(
        "--theme",
        type=ThemeType(CHOICES),
        metavar="NAME",
        help=f"The colours: {', '.join(CHOICES)} (as the terminal's background is: auto).",
    ),
)

CONNECTION_WITHOUT_SESSION = apply(
    click.option(
        "--server",
        metavar="SERVER",
        help="host, host:port or URL; https and 9398 unless given.",
    ),
    click.option("--user", metavar="NAME", help=r"DOMAIN\user or user@domain."),
    click.option(
        "--password-file",
        metavar="FILE",
        type=click.Path(dir_okay=False, allow_dash=True),
        help="Read the password from its first line; - is standard input.",
    ),
    click.option(
        "--profile",
        metavar="NAME",
        help="A profile of the settings file.",
    ),
    click.option(
        "--ca-file",
        type=READABLE_FILE,
        metavar="FILE",
        help="PEM file of certificates that may vouch for the server.",
    ),
    click.option(
        "--trust-fingerprint",
        type=FingerprintType(),
        metavar="SHA256",
        help="Trust the certificate with this fingerprint and no other.",
    ),
    click.option("--proxy", metavar="URL", help="Go through this proxy."),
    click.option(
        "--accept",
        type=click.Choice(["json", "xml"]),
        help="The form to ask the server for.  [default: json]",
    ),
    click.option(
        "--password",
        hidden=True,
        expose_value=False,
        is_flag=False,
        flag_value="",
        callback=refuse_password,
    ),
)

CONNECTION = apply(click.argument("session", required=False), CONNECTION_WITHOUT_SESSION)


def manual_pages(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """The names of the manual's pages for the shell."""
    from tui.manual.names import NAMES

    return [name for name in NAMES if name.startswith(incomplete)]
