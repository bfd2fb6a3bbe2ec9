"""One journal on disk: read in whole, appended to, never rewritten.

Several monitors may follow one session and write one journal: each append takes the lock of
the folder, looks what another one has written since, and binds its lines to that. Where the
system has no such locks (`fcntl`), two monitors that write in the same instant tear the chain.

A line is written in one call, and what a full disk let through of it is taken away again while
the lock is held. `sync` forces the lines to the disk; the writer calls it some seconds after a
change, so that a loss of power costs no more than that, and a flash disk is not worn by a
monitor that stays open for weeks.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import BinaryIO, Final

from tui.journal.chain import (
    LONGEST_LINE,
    START,
    Link,
    Record,
    Verification,
    follow,
    hash_of,
    line_of,
    record_of,
    verify,
)

fcntl: ModuleType | None
try:
    import fcntl
except ImportError:  # a system without POSIX modules
    fcntl = None

SUFFIX: Final = ".jsonl"
_LOCK: Final = ".lock"
_PRIVATE_FILE, _PRIVATE_FOLDER = 0o600, 0o700
_CLOSED_FOR_CHILDREN: Final = getattr(os, "O_CLOEXEC", 0)


class Journal:
    """A journal that is open for appending; while it is, `in_use` says so to others.

    Every method may raise OSError and may wait for the disk or for another monitor. One thread
    at a time.
    """

    def __init__(self, path: Path) -> None:
        """Open it, or make it: mode 0600, in a folder of 0700."""
        _make_private(path.parent)
        self.path = path
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | _CLOSED_FOR_CHILDREN
        self._file = os.open(path, flags, _PRIVATE_FILE)
        self._lock: int | None = None
        self._end = 0
        self._last = START
        try:
            if fcntl is not None:
                lock = os.O_RDWR | os.O_CREAT | _CLOSED_FOR_CHILDREN
                self._lock = os.open(path.parent / _LOCK, lock, _PRIVATE_FILE)
                fcntl.flock(self._file, fcntl.LOCK_SH)
        except BaseException:
            self.close()
            raise

    @property
    def last_hash(self) -> str:
        """The hash of the last whole line that this process has read or written."""
        return self._last

    def append(self, records: Sequence[Record]) -> None:
        """Write the records in order, all of them or none."""
        with self._held():
            content, last = self._after_what_is_there(records)
            start = os.fstat(self._file).st_size
            try:
                _write_all(self._file, content)
            except OSError:
                with contextlib.suppress(OSError):
                    os.ftruncate(self._file, start)
                raise
            self._end, self._last = start + len(content), last

    def is_empty(self) -> bool:
        """Whether nothing has been written to it yet."""
        return os.fstat(self._file).st_size == 0

    def sync(self) -> None:
        """Force what was appended to the disk."""
        os.fsync(self._file)

    def close(self) -> None:
        """Give it up. What was appended stays."""
        for descriptor in (self._file, self._lock):
            if descriptor is not None:
                with contextlib.suppress(OSError):
                    os.close(descriptor)

    def _after_what_is_there(self, records: Sequence[Record]) -> tuple[bytes, str]:
        """The bytes to append, and the hash of the last line in them."""
        fragment, ended = self._read_on()
        parts = [] if ended else [b"\n"]
        last = self._last
        for record in records:
            line = line_of(record, last, fragment)
            last, fragment = hash_of(line), None
            parts.append(line + b"\n")
        return b"".join(parts), last

    def _read_on(self) -> tuple[bytes | None, bool]:
        """Take in what others wrote, and what stood there when it was opened.

        Returns the fragment after the last whole line, None where there is none, and
        whether the file ends with a line break.
        """
        size = os.fstat(self._file).st_size
        if size < self._end:  # shortened from outside: what is there counts
            self._end, self._last = 0, START
        with os.fdopen(os.dup(self._file), "rb") as file:
            file.seek(self._end)
            at, ended, torn = self._end, True, b""
            for line in _lines(file):
                at += len(line)
                ended = line.endswith(b"\n")
                whole = line.removesuffix(b"\n")
                if record_of(whole) is None:
                    torn += line
                    continue
                self._last, torn = hash_of(whole), b""
                if ended:
                    self._end = at
        return torn.removesuffix(b"\n") or None, ended

    @contextlib.contextmanager
    def _held(self) -> Iterator[None]:
        if fcntl is None or self._lock is None:
            yield
            return
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._lock, fcntl.LOCK_UN)


def read_journal(path: Path) -> Iterator[Link]:
    """The links of a journal, one at a time; raises OSError."""
    with path.open("rb") as file:
        yield from follow(_lines(file))


def verify_journal(path: Path) -> Verification:
    """Look through a journal's whole chain; raises OSError."""
    with path.open("rb") as file:
        return verify(_lines(file))


def in_use(path: Path) -> bool:
    """Whether a monitor has this journal open, as far as the system tells. Raises OSError."""
    if fcntl is None:
        return False
    descriptor = os.open(path, os.O_RDONLY | _CLOSED_FOR_CHILDREN)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """Lines with their breaks; one that is longer than any of ours comes in pieces."""
    while line := file.readline(LONGEST_LINE):
        yield line


def _make_private(folder: Path) -> None:
    """Make the folder and those above it that are missing, for their owner only.

    `mkdir(parents=True)` gives its mode to the last one alone.
    """
    if not folder.is_dir():
        _make_private(folder.parent)
        folder.mkdir(mode=_PRIVATE_FOLDER, exist_ok=True)


def _write_all(descriptor: int, content: bytes) -> None:
    written = 0
    while written < len(content):
        written += os.write(descriptor, content[written:])
