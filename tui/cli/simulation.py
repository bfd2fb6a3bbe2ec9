"""What `demo` and `simulate` have in common, and `simulate` itself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tui.cli.options import TextParameter, apply
from tui.cli.printing import printable, say

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from tui.simulator.server import Serving


class ScenarioType(TextParameter):
    """The name of one of the simulator's scenarios; loads them only when needed."""

    name = "scenario"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Refuse what is no scenario, and name those that are."""
        names = list(_scenarios())
        if value not in names:
            self.fail(f"{value!r} is none of {', '.join(names)}.", param, ctx)
        return str(value)

    def shell_complete(
        self,
        ctx: click.Context,
        param: click.Parameter,
        incomplete: str,
    ) -> list[CompletionItem]:
        """The names with their descriptions."""
        from click.shell_completion import CompletionItem

        return [
            CompletionItem(name, help=text)
            for name, text in _scenarios().items()
            if name.startswith(incomplete)
        ]


class ScenarioOption(click.Option):
    """`--scenario`, whose help lists the scenarios."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Complete the help when it is asked for, not when the module is loaded."""
        self.help = f"One of: {', '.join(_scenarios())}.  [default: failures]"
        return super().get_help_record(ctx)


def _scenarios() -> dict[str, str]:
    from tui.simulator.scenario import SCENARIOS

    return {name: scenario.description for name, scenario in SCENARIOS.items()}


SIMULATION = apply(
    click.option(
        "--scenario", cls=ScenarioOption, type=ScenarioType(), metavar="NAME", default="failures"
    ),
    click.option(
        "--speed",
        type=click.FloatRange(0, 1000, min_open=True),
        default=1.0,
        show_default=True,
        metavar="N",
        help="How many times faster than real time it runs.",
    ),
    click.option("--vms", type=click.IntRange(1, 20000), metavar="N", help="How many VMs."),
    click.option(
        "--sessions",
        type=click.IntRange(1, 20000),
        metavar="N",
        help="How many sessions, running ones included.",
    ),
    click.option(
        "--api",
        type=click.Choice(["v12", "v13"]),
        default="v12",
        show_default=True,
        help="Whose JSON to speak.",
    ),
)


def serve(
    *,
    host: str,
    port: int,
    tls_cert: Path | None,
    tls_key: Path | None,
    journal: Path | None = None,
    **simulation: Any,
) -> int:
    """Serve until Ctrl+C, which is the normal end here: exit code 0."""
    if (tls_cert is None) != (tls_key is None):
        raise click.UsageError("--tls-cert and --tls-key belong together: give both or neither.")
    if journal is not None:
        if simulation.get("vms") or simulation.get("sessions"):
            raise click.UsageError("--vms and --sessions are for scenarios, not for --journal.")
        from tui.cli.rehearsing import recorded_drill

        simulation["recorded"] = recorded_drill(journal)
    import signal
    import ssl

    from tui.errors import InvalidInput
    from tui.simulator import build_service
    from tui.simulator.server import run_forever

    problem = ""
    shown = printable(host)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        service = build_service(**simulation)
        announce = _announce if journal is None else _announce_recorded
        _warn(host, secure=tls_cert is not None)
        run_forever(service, host, port, tls_cert, tls_key, ready=announce)
    except KeyboardInterrupt:
        return 0
    except (UnicodeError, TypeError):  # Python has both for a name that cannot be encoded
        problem = f"{shown} is not a possible host name"
    except ValueError as error:
        problem = str(error)
    except ssl.SSLError:
        problem = "the certificate and its key cannot be used"
    except OSError as error:
        problem = f"cannot listen on {shown}, port {port}: {error.strerror or error}"
    raise InvalidInput(f"{problem}.")


def _warn(host: str, *, secure: bool) -> None:
    """Beyond this computer everybody may reach it, and knows the password."""
    from tui.enterprise_manager.proxies import is_loopback

    if not is_loopback(host):
        plain = "" if secure else " and reads what is sent, since it is plain http"
        say(
            f"Whoever reaches {host} can log on here with the password below{plain}."
            " Nothing real is behind it; 127.0.0.1 keeps it to this computer.",
            err=True,
        )


def _announce(serving: Serving, told: str = "Everything on it is invented.") -> None:
    """What is needed to log on: data on standard output, advice on standard error."""
    from tui.simulator.logons import DEFAULT_USERS

    user = next(iter(DEFAULT_USERS))
    click.echo(f"URL: {serving.url}")
    click.echo(f"User: {user}")
    click.echo(f"Password: {DEFAULT_USERS[user].password}")
    click.echo(f"{told} Ctrl+C ends it.", err=True)


def _announce_recorded(serving: Serving) -> None:
    _announce(serving, "It serves a recorded failover, with the real names and messages.")
