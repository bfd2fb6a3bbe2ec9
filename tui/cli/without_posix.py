"""What goes without modules, signals and calls that only POSIX systems have.

Nothing of it stops the program; each is said where it matters, and all of them by `info`.
"""

from __future__ import annotations

import os
import select
import signal
from collections.abc import Iterator
from importlib import import_module

LACKING = {
    "fcntl": "files are not locked against another monitor",
    "termios": "the terminal's modes are not brought back",
    "pwd": "~user names no folder",
    "SIGTSTP": "no suspending",
    "SIGHUP": "a closed terminal is not told",
    "setitimer": "a program that hangs is not ended by a signal",
    "poll": "a pipe without a reader is noticed at the next line only",
    "killpg": "what a password command starts is not ended with it",
    "geteuid": "nobody looks who can read or change a file",
}


def all_lacking() -> Iterator[str]:
    """`NAME (what goes without)` for each."""
    yield from (f"{name} ({what})" for name, what in LACKING.items() if is_lacking(name))


def while_watching(*, keeps_journal: bool) -> Iterator[str]:
    """What somebody who begins to watch should know."""
    if keeps_journal and is_lacking("fcntl"):
        yield (
            "This system locks no files: keep a session's journal with one monitor at a time, or"
            " it may be torn (--no-journal, --journal DIR)."
        )
    if is_lacking("SIGHUP"):
        yield (
            "This system does not tell of a closed terminal: leave with q or Ctrl+C, or the logon"
            " session stays open until the server ends it."
        )


def of_files_in_use() -> str | None:
    """What somebody who takes journals away should know."""
    if not is_lacking("fcntl"):
        return None
    return "This system does not tell which journals are being written: end the monitors first."


def of_password_file() -> str | None:
    """What somebody who names a file with a password should know."""
    if not is_lacking("geteuid"):
        return None
    return "Who besides you can read the password file was not looked at on this system."


def is_lacking(name: str) -> bool:
    """Whether this system has no such thing."""
    if any(hasattr(place, name) for place in (signal, os, select)):
        return False
    try:
        import_module(name)
    except ImportError:
        return True
    return False
