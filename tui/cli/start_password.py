"""The password of a start without a screen: from a file, a command, the keyring, or a person."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from tui import password_sources
from tui.cli.resolving import Resolved
from tui.cli.without_posix import of_password_file
from tui.ending import called_before_the_end
from tui.errors import CredentialsUnavailable
from tui.passwords import cleaned_password, password_fault
from tui.secret import SecretStr
from tui.settings import ResolvedSettings
from tui.settings.paths import expanded


def named_password(name: str, *, may_ask: bool) -> SecretStr:
    """That of the file, or for `-` of standard input, where a person may be asked."""
    if name != "-":
        return password_sources.from_file(expanded(Path(name)))
    if may_ask:
        return _prompt("Password: ")
    return password_sources.from_stream(sys.stdin.buffer)


def exposed(name: str) -> str | None:
    """What is to be said of a password file; standard input is none."""
    if name == "-":
        return None
    return password_sources.exposed_file(expanded(Path(name))) or of_password_file()


def with_unattended_password(resolved: Resolved) -> ResolvedSettings:
    """A password from the profile's command or the keyring, where there is one.

    A command that fails ends the program; where the keyring does, a person can be asked.
    """
    settings, command = resolved.settings, resolved.password_command
    if settings.server is None or settings.user is None:
        return settings
    if command:
        return replace(settings, password=_printed(command))
    try:
        kept = password_sources.within_seconds(
            password_sources.from_keyring, settings.server.url, settings.user
        )
    except CredentialsUnavailable as error:
        return replace(settings, notices=(*settings.notices, error.full_text))
    return replace(settings, password=kept)


def _printed(command: tuple[str, ...]) -> SecretStr:
    """What the command prints. A signal that ends this program ends the command with it."""

    def leave(number: int) -> None:
        raise SystemExit(128 + number)

    with called_before_the_end(leave):
        return password_sources.PasswordCommand(command, may_ask=True).run()


def typed_password(settings: ResolvedSettings, *, may_ask: bool) -> SecretStr:
    """What a person types at the terminal. Raises CredentialsUnavailable, without one too."""
    if not may_ask:
        raise CredentialsUnavailable(
            # Such as why the keyring gave none.
            " ".join((*settings.notices, "No password given, and no terminal to ask on.")),
            "Use --password-file, FAILOVER_MONITOR_PASSWORD or a profile's password_command.",
        )
    server = settings.server.label if settings.server else ""
    return _prompt(f"Password of {settings.user} at {server}: ")


def _prompt(text: str) -> SecretStr:
    """Ask on the terminal, without echo and without touching standard output."""
    from getpass import getpass

    typed = SecretStr(cleaned_password(getpass(text, stream=sys.stderr)))
    if not typed.get_secret_value():
        raise CredentialsUnavailable("No password was typed.")
    if fault := password_fault(typed.get_secret_value()):
        raise CredentialsUnavailable(f"The password {fault}, so it is not sent.")
    return typed
