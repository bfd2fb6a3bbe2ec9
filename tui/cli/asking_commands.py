"""The commands that ask once, and their options: `list`, `status`, `plans`, `check`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import click

from tui.cli.options import ASCII, CONNECTION_WITHOUT_SESSION, HELP, LOGGING, TARGETS, apply

if TYPE_CHECKING:
    from datetime import datetime

    MomentParameter = click.ParamType[datetime]
else:
    # Generic only in newer releases of click than the oldest one supported.
    MomentParameter = click.ParamType


class SinceType(MomentParameter):
    """A moment: a date, a date and time, or how long ago."""

    name = "time"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Refuse what is no time."""
        from datetime import UTC, datetime

        from tui.cli.listing import parse_since
        from tui.errors import InvalidInput

        if not isinstance(value, str):
            return cast("datetime", value)
        try:
            return parse_since(value, datetime.now(UTC))
        except InvalidInput as error:
            self.fail(error.full_text, param, ctx)


OUTPUT = click.option(
    "--output",
    type=click.Choice(["table", "wide", "json", "csv"]),
    help="Columns for people, all of them, JSON or CSV; else, where standard output is no"
    " terminal, the CSV's columns with tabs between.",
)
ASKING = apply(
    CONNECTION_WITHOUT_SESSION,
    OUTPUT,
    ASCII,
    LOGGING,
)


@click.command("list", context_settings=HELP)
@click.option("--running", is_flag=True, help="Only those that are not over.")
@click.option("--failed", is_flag=True, help="Only those with a failure, running or over.")
@click.option("--finished", is_flag=True, help="Only those that are over.")
@click.option("--plan", metavar="NAME", help="Only those of this cloud failover plan.")
@click.option("--tenant", metavar="NAME", help="Only those of this tenant's plans.")
@click.option(
    "--since",
    type=SinceType(),
    metavar="TIME",
    help="Only those that began then or later: 2026-11-20, 2026-11-20T14:00 (UTC), or 7d"
    " for a week ago.",
)
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=100,
    show_default=True,
    metavar="N",
    help="The newest N at most.",
)
@ASKING
def list_command(**options: Any) -> int:
    """List the sessions, running ones first, then the newest.

    The first digits of an ID are enough for SESSION elsewhere. Of a running session the
    failures so far count; JSON and CSV have durations in seconds and times in UTC.
    """
    from tui.cli.listing import list_sessions

    return list_sessions(**options)


@click.command("status", context_settings=HELP)
@click.argument("session")
@click.option(
    "--exit-status",
    is_flag=True,
    help="End with the session's code, or 7 while it runs; else 0 once it was read.",
)
@TARGETS
@ASKING
def status_command(**options: Any) -> int:
    """Tell how SESSION stands: verdict, targets, failures.

    Each VM, too, with --output wide. What its journal holds (targets set on screen, the
    declared time) counts.
    """
    from tui.cli.session_status import print_status

    return print_status(**options)


@click.command("plans", context_settings=HELP)
@ASKING
def plans_command(**options: Any) -> int:
    """List the failover plans, their tenants and targets."""
    from tui.cli.listing import list_plans

    return list_plans(**options)


@click.command("check", context_settings=HELP)
@click.argument("plan")
@click.option("--backup-server", metavar="NAME", help="Whose plan, where several have the name.")
@click.option("--tenant", metavar="NAME", help="Whose plan, where several have the name.")
@TARGETS
@ASKING
def check_command(**options: Any) -> int:
    """Check whether PLAN is ready for a drill.

    Replica points, gateways and backup servers are looked at. Exit code 0 where it is
    READY, 3 with warnings, 1 where it is not ready.
    """
    from tui.cli.start_checking import check_plan

    return check_plan(**options)


COMMANDS = (list_command, status_command, plans_command, check_command)
