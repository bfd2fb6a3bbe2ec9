"""Where the lines go: standard output for data, standard error for talk."""

from __future__ import annotations

import errno
import os
import select
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TextIO

from tui.presentation import times
from tui.presentation.glyphs import Glyphs

_PIECE = 512
"""Bytes: what POSIX promises that a pipe which is ready for writing takes whole."""

_DESERTED = select.POLLERR | select.POLLHUP | select.POLLNVAL
_SLICE = 0.1
_HURRIED = 0.4


@dataclass(frozen=True)
class WatchLine:
    """One line; `vm` and `message` None are shown as `-`. `at` is aware."""

    at: datetime
    what: str
    vm: str | None = None
    message: str | None = None

    def text(self, glyphs: Glyphs) -> str:
        """Four fields with tabs between them, made of visible characters only."""
        fields = (glyphs.clean(field or "") for field in (self.what, self.vm, self.message))
        shown = (field if field.strip() else "-" for field in fields)
        return "\t".join((times.iso(self.at), *shown))


class Output:
    """Writes each line at once and whole, and knows when nobody reads any more."""

    def __init__(self, data: TextIO | None, talk: TextIO | None, glyphs: Glyphs) -> None:
        self._data = _Channel(data)
        self._talk = _Channel(talk)
        self._glyphs = glyphs
        self._on_gone: Callable[[], None] | None = None
        self.gone = False
        """Whether standard output can no longer be written."""

    def data(self, lines: Iterable[WatchLine]) -> None:
        """To standard output; silent once nobody reads it."""
        for line in lines:
            if self.gone:
                return
            try:
                self._data.write(line.text(self._glyphs) + "\n")
            except BrokenPipeError:
                self.gone = True
            except OSError as error:
                self.gone = True
                why = f"standard output cannot be written: {error.strerror or error}"
                self.talk(WatchLine(line.at, "note", None, why))

    def talk(self, *lines: WatchLine) -> None:
        """To standard error; that nobody reads it is no reason to stop."""
        with suppress(OSError):
            for line in lines:
                self._talk.write(line.text(self._glyphs) + "\n")

    def look_for_reader(self) -> None:
        """Notice a closed pipe or terminal without having anything to write."""
        self.gone = self.gone or self._data.is_deserted

    def hurry(self) -> None:
        """From now on wait for a slow reader only briefly: the program is to end."""
        self._data.hurried = self._talk.hurried = True


class _Channel:
    """One stream, written past its buffer, so that nothing is left to flush at the end.

    A write that blocks would keep the loop from polling and a signal from being
    heard; it waits in slices instead, during which signal handlers run.
    """

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream
        self._descriptor: int | None = None
        self.hurried = False
        if stream is not None:
            with suppress(OSError, ValueError):
                stream.flush()
                # Raises for a stream in memory, which is written as a stream then.
                self._descriptor = stream.fileno()
        self._encoding = getattr(stream, "encoding", None) or "utf-8"

    @property
    def is_deserted(self) -> bool:
        """Whether the reading end is closed."""
        if self._descriptor is None:
            return self._stream is None
        poll = select.poll()
        poll.register(self._descriptor, 0)
        return any(event & _DESERTED for _, event in poll.poll(0))

    def write(self, text: str) -> None:
        """Write all of it. Raises OSError; TimeoutError when hurried and nobody reads."""
        data = text.encode(self._encoding, "backslashreplace")
        if self._descriptor is None:
            self._write_to_stream(data)
            return
        while data:
            self._wait(self._descriptor)
            data = data[os.write(self._descriptor, data[:_PIECE]) :]

    def _write_to_stream(self, data: bytes) -> None:
        if self._stream is None:
            raise OSError(errno.EBADF, "it is closed")
        self._stream.write(data.decode(self._encoding))
        self._stream.flush()

    def _wait(self, descriptor: int) -> None:
        poll = select.poll()
        poll.register(descriptor, select.POLLOUT)
        waited = 0.0
        while not poll.poll(_SLICE * 1000):
            waited += _SLICE
            if self.hurried and waited >= _HURRIED:
                raise TimeoutError("nobody reads")
