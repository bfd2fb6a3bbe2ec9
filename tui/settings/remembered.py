"""The theme that a person chose last, remembered between starts.

A matter of comfort: it is read in no time or not at all, written on a thread of its
own, and whatever goes wrong with either is nobody's trouble.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path
from threading import Lock, Thread

from tui.theme_names import CHOICES
from tui.whole_files import replace_file

_LONGEST = 64
"""Bytes: no name is longer."""


def remembered_theme(path: Path) -> str | None:
    """What the file names, if it is the name of a theme; None for everything else.

    Opened without waiting: in the file's place may be a pipe that nobody writes to.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except (OSError, ValueError):
        return None
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return None
        name = os.read(descriptor, _LONGEST).decode("ascii", "replace").strip()
    except OSError:
        return None
    finally:
        os.close(descriptor)
    return name if name in CHOICES else None


class ThemeMemory:
    """Writes to `path`, of which the folder need not exist yet; the last name holds."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()
        self._wanted: str | None = None
        self._writing: Thread | None = None

    def remember(self, name: str) -> None:
        """Have the name written; returns at once, and never raises."""
        with self._lock:
            self._wanted = name
            if self._writing is None:
                writing = Thread(target=self._write_all, name="theme", daemon=True)
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
                name, self._wanted = self._wanted, None
                if name is None:
                    self._writing = None
                    return
            with suppress(OSError, ValueError, RuntimeError):
                _write(self._path, name)


def _write(path: Path, name: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    replace_file(path, f"{name}\n".encode("ascii"), sync=False)
