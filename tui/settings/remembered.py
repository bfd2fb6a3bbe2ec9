"""What a person chose last, remembered between starts: the theme, server and user.

A matter of comfort: it is read in no time or not at all, written on a thread of its
own, and whatever goes wrong with either is nobody's trouble.
"""

from __future__ import annotations

import json
import os
import stat
from contextlib import suppress
from pathlib import Path
from threading import Lock, Thread

from tui.errors import InvalidInput
from tui.light import dataclass
from tui.server_address import ServerAddress
from tui.theme_names import CHOICES
from tui.user_names import parse_user_name
from tui.whole_files import replace_file

_LONGEST_THEME = 64
"""Bytes: no name is longer."""

_LONGEST_LOGON = 4096
_SCHEMES = ("https", "http")
_NOT_IN_A_HOST = frozenset(" /@\\?#\"'")


@dataclass(frozen=True)
class LastLogon:
    """Where somebody was logged on last, and as whom; never the password."""

    server: ServerAddress
    user: str


def remembered_theme(path: Path) -> str | None:
    """What the file names, if it is the name of a theme; None for everything else."""
    name = (_small_file(path, _LONGEST_THEME) or b"").decode("ascii", "replace").strip()
    return name if name in CHOICES else None


def remembered_logon(path: Path) -> LastLogon | None:
    """The last logon, if the file holds one; None for everything else."""
    try:
        said = json.loads(_small_file(path, _LONGEST_LOGON) or b"")
        scheme, host, port, user = (said[name] for name in ("scheme", "host", "port", "user"))
        name = parse_user_name(user)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, InvalidInput):
        return None
    is_host = isinstance(host, str) and host.isprintable() and not _NOT_IN_A_HOST & set(host)
    is_port = type(port) is int and 0 < port < 65536
    if scheme not in _SCHEMES or not (is_host and host and is_port):
        return None
    return LastLogon(ServerAddress(scheme, host, port), name)


def logon_as_text(logon: LastLogon) -> str:
    """For `remembered_logon`."""
    server = logon.server
    said = {"scheme": server.scheme, "host": server.host, "port": server.port, "user": logon.user}
    return json.dumps(said)


def forget(path: Path) -> None:
    """What was remembered there goes, as far as it can."""
    with suppress(OSError, ValueError):
        path.unlink()


def _small_file(path: Path, longest: int) -> bytes | None:
    """Opened without waiting: in the file's place may be a pipe that nobody writes to."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except (OSError, ValueError):
        return None
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return None
        return os.read(descriptor, longest)
    except OSError:
        return None
    finally:
        os.close(descriptor)


class Memory:
    """Writes to `path`, of which the folder need not exist yet; the last text holds."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()
        self._wanted: str | None = None
        self._writing: Thread | None = None

    def remember(self, text: str) -> None:
        """Have it written; returns at once, and never raises."""
        with self._lock:
            self._wanted = text
            if self._writing is None:
                writing = Thread(target=self._write_all, name="remember", daemon=True)
                with suppress(RuntimeError):  # no more threads to be had
                    writing.start()
                    self._writing = writing

    def settle(self, seconds: float) -> None:
        """Wait until what is wanted is written, but no longer than that."""
        writing = self._writing
        if writing is not None:
            writing.join(seconds)

    def _write_all(self) -> None:
        while True:
            with self._lock:
                text, self._wanted = self._wanted, None
                if text is None:
                    self._writing = None
                    return
            with suppress(OSError, ValueError, RuntimeError):
                _write(self._path, text)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    replace_file(path, f"{text}\n".encode("ascii"), sync=False)
