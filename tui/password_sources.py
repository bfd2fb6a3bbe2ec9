"""Where a password can come from besides a person: environment, file, command, keyring.

Every function gives a SecretStr and raises CredentialsUnavailable, whose sentence
names the source and the reason, never what was read. Nothing here is logged.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, MutableMapping, Sequence
from contextlib import suppress
from io import FileIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol, cast

from tui.errors import CredentialsUnavailable
from tui.file_permissions import changeable_by_others, readable_by_others
from tui.passwords import LONGEST, cleaned_password, password_fault
from tui.pipe_reader import MOST_OUTPUT, PipeReader
from tui.secret import SecretStr
from tui.server_address import ServerAddress
from tui.settings.resolved import SavedProfile
from tui.terminal.capabilities import is_terminal

if TYPE_CHECKING:
    import subprocess

PASSWORD_VARIABLE = "FAILOVER_MONITOR_PASSWORD"  # noqa: S105
COMMAND_TIMEOUT = 30.0
"""Seconds that a password command may take; a person may have to touch a key."""

_SECONDS_TO_DIE = 1.0
"""For a command that was killed; one that waits for a disk takes its time."""

KEYRING_SECONDS = 3.0
"""How long a keyring may take before a person is asked instead."""

_KEYRING_SERVICE = "failover-monitor"


class Keyring(Protocol):
    """The part of the keyring package that is used."""

    def get_password(self, service_name: str, username: str) -> str | None:
        """The stored password, None if there is none."""

    def set_password(self, service_name: str, username: str, password: str) -> None:
        """Store a password."""


def from_environment(environ: MutableMapping[str, str]) -> SecretStr | None:
    """Take the password out of the environment, so that no child process inherits it."""
    value = environ.pop(PASSWORD_VARIABLE, None)
    return _checked(value, f"{PASSWORD_VARIABLE} gave no password: it") if value else None


def from_file(path: Path) -> SecretStr:
    """The first line of a file, without its line end."""
    try:
        with path.open("rb") as file:
            return _first_line(file, f"The password file {path}")
    except OSError as error:
        reason = error.strerror or "it cannot be read"
    raise CredentialsUnavailable(f"The password file {path} gave no password: {reason}.")


def from_stream(stream: BinaryIO) -> SecretStr:
    """The first line of standard input, without its line end."""
    return _first_line(stream, "Standard input")


class PasswordCommand:
    """A command that prints a password. Run without a shell, for `timeout` seconds at most.

    With `may_ask` it keeps the terminal, where there is one, and can ask its own questions;
    without, it reads nothing and has no terminal, which is right under a screen. It runs in a
    process group of its own, ended as a whole, except where it may ask on a terminal.
    """

    def __init__(
        self, command: Sequence[str], *, timeout: float = COMMAND_TIMEOUT, may_ask: bool = False
    ) -> None:
        self._command = list(command)
        self._timeout = timeout
        self._may_ask = may_ask
        # A terminal lets only the foreground's process group ask.
        self._own_group = not (may_ask and _has_terminal())
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = False
        program = Path(self._command[0]).name if self._command else ""
        self._name = f"password command {program!r}" if program else "password command"

    @property
    def under_way(self) -> str:
        """What is said while it runs: who is waited for, and how long."""
        return f"Waiting for the {self._name}, {self._timeout:g} s at most."

    def run(self) -> SecretStr:
        """The first line that it prints; blocks. Raises CredentialsUnavailable.

        It is over when the command is: what it leaves behind, such as an agent that still
        holds its pipe, is not waited for.
        """
        name = f"The {self._name}"
        try:
            code, output, complaints = self._communicated()
        except (OSError, ValueError, IndexError) as error:
            reason = getattr(error, "strerror", None) or "it cannot be run"
        else:
            if output.overflowed:
                reason = f"it printed more than {MOST_OUTPUT // 1024} KiB and was ended"
            elif code is None:
                reason = f"it did not end within {self._timeout:g} s{_complaint(complaints)}"
            elif code == 0:
                return _decoded(output.first_line(), name)
            else:
                reason = f"it ended with {code}{_complaint(complaints)}"
        # Outside the handlers: the exceptions above carry the command line.
        raise CredentialsUnavailable(f"{name} gave no password: {reason}.")

    def _communicated(self) -> tuple[int | None, PipeReader, PipeReader | None]:
        """Its exit code, None for one that had to be ended, and what it said on both streams."""
        import subprocess

        # What it asks on standard error has to be seen by whoever can answer it.
        asks = self._may_ask and is_terminal(sys.stderr)
        process = subprocess.Popen(  # noqa: S603
            self._command,
            bufsize=0,
            stdin=None if self._may_ask else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=None if asks else subprocess.PIPE,
            start_new_session=self._own_group,
        )
        self._process = process
        try:
            output = PipeReader(cast(FileIO, process.stdout), too_much=self.stop)
            complaints = PipeReader(cast(FileIO, process.stderr)) if process.stderr else None
            if self._stopped:
                self.stop()
            return process.wait(timeout=self._timeout), output, complaints
        except subprocess.TimeoutExpired:
            return None, output, complaints
        finally:
            self.stop()
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=_SECONDS_TO_DIE)

    def stop(self) -> None:
        """End it and what it has started; from any thread, at any time."""
        self._stopped = True
        process = self._process
        if process is None or process.returncode is not None:
            return
        if not (self._own_group and hasattr(os, "killpg")):
            process.kill()
            return
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def _has_terminal() -> bool:
    """Whether this process has one to ask on, whatever its streams are; a timer's has none."""
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | getattr(os, "O_NOCTTY", 0)))
    except OSError:
        return False
    return True


def command_of(profile: SavedProfile, server: ServerAddress) -> PasswordCommand | None:
    """The password command of a profile, for use under a screen.

    None where the profile has none, or is for another server than the one to log on
    to: a password must not reach a server that it was not kept for.
    """
    foreign = profile.server is not None and profile.server != server
    if foreign or not profile.password_command:
        return None
    return PasswordCommand(profile.password_command)


def exposed_file(path: Path) -> str | None:
    """A warning if others than its owner can read or change a password file."""
    why = readable_by_others(path) or changeable_by_others(path, whose=False)
    return f"The password file {path} is used, but {why}." if why else None


def keyring_available() -> bool:
    """Whether the optional extra is installed; loads nothing."""
    from importlib.util import find_spec

    return find_spec("keyring") is not None


def from_keyring(url: str, user: str, keyring: Keyring | None = None) -> SecretStr | None:
    """What the operating system's keyring holds for this user at this server, if anything.

    `url` is the server's `https://host:port`, so that a password kept for one
    server is never offered to another.
    """
    backend = keyring or _keyring()
    if backend is None:
        return None
    try:
        found = backend.get_password(_KEYRING_SERVICE, f"{user} {url}")
    except Exception as error:
        reason = type(error).__name__
    else:
        return _checked(found, "The keyring gave no password: what it holds") if found else None
    raise CredentialsUnavailable(f"The keyring gave no password: {reason}.")


def within_seconds(
    ask: Callable[[str, str], SecretStr | None], url: str, user: str
) -> SecretStr | None:
    """What a keyring answers in a few seconds: it may wait for somebody to unlock it elsewhere.

    Raises CredentialsUnavailable, also where no answer came.
    """
    from tui.threads import UnjoinedThreads

    asking = UnjoinedThreads().submit(ask, url, user)
    try:
        return asking.result(KEYRING_SECONDS)
    except TimeoutError:
        reason = f"it did not answer within {KEYRING_SECONDS:g} s"
    raise CredentialsUnavailable(f"The keyring gave no password: {reason}.")


def to_keyring(url: str, user: str, password: SecretStr, keyring: Keyring | None = None) -> None:
    """Keep a password that has just worked, at a person's wish."""
    backend = keyring or _keyring()
    reason = "the keyring extra is not installed"
    if backend is not None:
        try:
            backend.set_password(_KEYRING_SERVICE, f"{user} {url}", password.get_secret_value())
        except Exception as error:
            reason = type(error).__name__
        else:
            return
    raise CredentialsUnavailable(f"The keyring did not take the password: {reason}.")


def _keyring() -> Keyring | None:
    if not keyring_available():
        return None
    import importlib

    return cast(Keyring, importlib.import_module("keyring"))


def _first_line(stream: BinaryIO, source: str) -> SecretStr:
    return _decoded(stream.readline(LONGEST + 1), source)


def _decoded(output: bytes, source: str) -> SecretStr:
    line = output.split(b"\n", 1)[0]
    reason = None
    if len(line) > LONGEST:
        reason = f"its first line is longer than {LONGEST} bytes"
    else:
        text = _text(line)
        if text is not None:
            del output, line
            given = text.get_secret_value()
            return _checked(given, f"{source} gave no password: its first line")
        reason = "its first line is not UTF-8 text"
    del output, line
    raise CredentialsUnavailable(f"{source} gave no password: {reason}.")


def _checked(text: str, source: str) -> SecretStr:
    """The one cleaning, for every source. Raises CredentialsUnavailable, without the text."""
    password = SecretStr(cleaned_password(text))
    del text
    fault = password_fault(password.get_secret_value())
    if fault is None:
        return password
    raise CredentialsUnavailable(f"{source} {fault}, so it is not sent.")


def _text(line: bytes) -> SecretStr | None:
    try:
        return SecretStr(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return None


def _complaint(stderr: PipeReader | None) -> str:
    """The first line that says something, bounded and printable."""
    said = stderr.all() if stderr is not None else b""
    for line in said.decode("utf-8", "replace").splitlines():
        shown = "".join(c if c.isprintable() else "�" for c in line.strip())
        if shown:
            return f": {shown[:200]}"
    return ""


def reopen_terminal() -> None:
    """Make the terminal standard input again, where that is a pipe or closed.

    Raises CredentialsUnavailable where the process has no terminal.
    """
    try:
        terminal = os.open("/dev/tty", os.O_RDWR)
    except OSError:
        raise CredentialsUnavailable(
            "Standard input is no terminal, or --password-file - has used it up, and there is"
            " no terminal to read keys from.",
            "Use failover-monitor watch, or give the password in another way.",
        ) from None
    try:
        os.dup2(terminal, 0)
    finally:
        if terminal != 0:
            os.close(terminal)
