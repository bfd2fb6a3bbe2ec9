"""What a command writes into a pipe, read on a thread: a bounded amount, whoever holds the pipe."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from io import FileIO
from threading import Event, Thread

MOST_OUTPUT = 64 * 1024
"""Bytes that are kept of what a command prints: a password takes far less."""

_AT_ONCE = 16 * 1024
_SECONDS_FOR_THE_REST = 1.0
"""What a command wrote before it ended is in the pipe already: this much for reading it."""


class PipeReader:
    """Reads a pipe to its end, keeps at most 64 KiB, and closes it.

    A pipe ends when the last process that holds it is gone, which may be never. So the
    thread that reads is nobody's to wait for, and whoever asks gets what is there.
    `pipe` must be unbuffered. With `too_much`, reading ends where more comes, and it is called.
    """

    def __init__(self, pipe: FileIO, too_much: Callable[[], None] | None = None) -> None:
        self._pipe = pipe
        self._too_much = too_much
        self._kept = bytearray()
        self._has_line = Event()
        self._ended = Event()
        self.overflowed = False
        Thread(target=self._read, daemon=True, name="reads a pipe").start()

    def first_line(self) -> bytes:
        """What begins with the first line, once that is whole; waits a second at most."""
        self._has_line.wait(_SECONDS_FOR_THE_REST)
        return bytes(self._kept)

    def all(self) -> bytes:
        """Everything kept, once the pipe has ended; waits a second at most."""
        self._ended.wait(_SECONDS_FOR_THE_REST)
        return bytes(self._kept)

    def _read(self) -> None:
        try:
            with self._pipe, suppress(OSError):
                while (part := self._pipe.read(_AT_ONCE)) and self._keeps(part):
                    pass
        finally:
            self._has_line.set()
            self._ended.set()

    def _keeps(self, part: bytes) -> bool:
        """Whether to go on reading."""
        room = MOST_OUTPUT - len(self._kept)
        self._kept += part[:room]
        if b"\n" in part:
            self._has_line.set()
        if len(part) <= room or self._too_much is None:
            return True
        self.overflowed = True
        self._too_much()
        return False
