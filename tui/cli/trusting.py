"""`trust list|remove`: the certificates that were accepted."""

from __future__ import annotations

import click

from tui.cli.printing import printable, say
from tui.cli.profiles import checked
from tui.enterprise_manager.address import parse_server
from tui.enterprise_manager.known_servers import KnownServers
from tui.errors import InvalidInput
from tui.exit_codes import ExitCode
from tui.settings.paths import default_known_servers


def list_servers() -> int:
    """Print one line for each: server, SHA-256 fingerprint, subject, with tabs between."""
    path = default_known_servers()
    servers = KnownServers(path)
    found = servers.entries()
    for label in servers.damaged():
        say(f"What {path} says of {label} is damaged.", err=True)
    for known in found:
        click.echo("\t".join(map(_plain, (known.label, known.fingerprint, known.subject))))
    if not found:
        say(f"No certificate was accepted yet ({path}).", err=True)
    return ExitCode.SUCCESS


def remove_server(text: str) -> int:
    """Forget one server. Raises InvalidInput for one that is not known."""
    server = checked("SERVER", parse_server, text)
    path = default_known_servers()
    if not KnownServers(path).remove(server):
        raise InvalidInput(
            f"No certificate of {server.label} was accepted.", "See failover-monitor trust list."
        )
    say(f"Forgot the certificate of {server.label}.")
    return ExitCode.SUCCESS


def _plain(text: str) -> str:
    """A field of a line: a certificate's subject is the server's text."""
    return printable(text.replace("\n", "�"))
