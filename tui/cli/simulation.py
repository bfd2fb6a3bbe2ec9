"""What `demo` and `simulate` have in common, and `simulate` itself."""

from __future__ import annotations

from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tui.cli import PROGRAM
from tui.cli.option_types import TextParameter
from tui.cli.options import apply
from tui.cli.printing import printable, say

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from tui.simulator.self_signed import SelfSigned
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


_INVENTED = "Everything on it is invented."
_RECORDED = "It serves a recorded failover, with the real names and messages."

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
    tls: bool = False,
    tls_cert: Path | None,
    tls_key: Path | None,
    journal: Path | None = None,
    **simulation: Any,
) -> int:
    """Serve until Ctrl+C, which is the normal end here: exit code 0."""
    _check_certificate(tls, tls_cert, tls_key)
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
        told = _INVENTED if journal is None else _RECORDED
        _warn(host, secure=tls or tls_cert is not None)
        with ExitStack() as files:
            made = files.enter_context(_certificate(host)) if tls else None
            cert, key = (made.cert, made.key) if made else (tls_cert, tls_key)

            def ready(serving: Serving) -> None:
                files.close()  # the key is in memory by now
                _announce(serving, told, made.fingerprint if made else None)

            run_forever(service, host, port, cert, key, ready=ready)
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


def _check_certificate(tls: bool, cert: Path | None, key: Path | None) -> None:
    if (cert is None) != (key is None):
        raise click.UsageError("--tls-cert and --tls-key belong together: give both or neither.")
    if tls and cert is not None:
        raise click.UsageError("--tls makes a certificate: leave --tls-cert and --tls-key out.")


def _certificate(host: str) -> AbstractContextManager[SelfSigned]:
    from tui.simulator.self_signed import self_signed

    return self_signed(host)


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


def _announce(serving: Serving, told: str = _INVENTED, fingerprint: str | None = None) -> None:
    """What is needed to log on: data on standard output, advice on standard error."""
    from tui.simulator.logons import DEFAULT_USERS

    user = next(iter(DEFAULT_USERS))
    click.echo(f"URL: {serving.url}")
    click.echo(f"User: {user}")
    click.echo(f"Password: {DEFAULT_USERS[user].password}")
    if fingerprint is not None:
        click.echo(f"SHA-256: {' '.join(fingerprint[at : at + 4] for at in range(0, 64, 4))}")
    address = serving.url if fingerprint is None else serving.url.removeprefix("https://")
    click.echo(f"{told} Ctrl+C ends it.", err=True)
    click.echo(f"In another terminal: {PROGRAM} --server {address} --user {user}", err=True)
    if fingerprint is not None:
        click.echo(
            "Its certificate is new at each start, so that the next one counts as changed:"
            f" {PROGRAM} trust remove {address} forgets this one.",
            err=True,
        )
