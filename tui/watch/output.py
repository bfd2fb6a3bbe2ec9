"""Where the lines go: standard output for data, standard error for talk."""

from __future__ import annotations

import errno
import os
import select
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, TextIO

from tui.monitor.snapshot import Snapshot
from tui.presentation.glyphs import Glyphs
from tui.presentation.happening import Dated, Happening
from tui.terminal.capabilities import is_terminal
from tui.terminal.notifying import notification, way_wanted
from tui.watch.ndjson import JsonLines

_KEPT_WHEN_QUIET = frozenset({"summary", "progress", "refused", "timed out"})

_PIECE = 512
"""Bytes: what POSIX promises that a pipe which is ready for writing takes whole."""

_SLICE = 0.1
_HURRIED = 0.4

_PASSING = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EAGAIN, errno.EINTR})
"""What somebody may put right while the watch goes on: a full disk, an exceeded quota."""

MOST_KEPT = 4 * 1024 * 1024
"""Bytes of lines that wait for room on a full disk; more than a session of 10,000 VMs has."""


class Output:
    """Writes each line at once and whole, and knows when nobody reads any more."""

    def __init__(
        self,
        data: TextIO | None,
        talk: TextIO | None,
        glyphs: Glyphs,
        json_lines: JsonLines | None = None,
        *,
        quiet: bool = False,
    ) -> None:
        """`json_lines` makes the lines of standard output, where they are to be JSON; `quiet`
        leaves out all that is neither progress that was asked for nor the end."""
        self.json_lines = json_lines
        self._quiet = quiet
        self._data = _Channel(data)
        self._talk = _Channel(talk)
        self._glyphs = glyphs
        self._stuck = False
        self.gone = False
        """Whether standard output can no longer be written."""

    def data(self, lines: Iterable[Happening]) -> None:
        """To standard output; silent once nobody reads it. What a full disk does not take
        is kept, and written once there is room."""
        for line in lines:
            if not self._quiet or line.what in _KEPT_WHEN_QUIET:
                self._put(line)

    def _put(self, line: Happening, **more: Any) -> None:
        """`more` are members that only JSON has."""
        if self.gone:
            return
        made = self.json_lines
        text = line.text(self._glyphs) if made is None else made.line(line, **more)
        self._write(text + "\n", line.at)

    def progress(self, line: Happening) -> None:
        """How far it is; JSON has all the figures."""
        made = self.json_lines
        self._put(line, session=None if made is None else made.standing(with_vms=False))

    def summary(self, at: datetime, texts: Sequence[str]) -> None:
        """How it ended: a line for each text, or one JSON object with all there is."""
        made = self.json_lines
        if made is None:
            self.data(Happening(at, "summary", None, text) for text in texts)
        else:
            line = Happening(at, "summary", None, texts[0] if texts else None)
            self._put(line, session=made.standing(with_vms=True), lines=list(texts))

    def end(self, code: int) -> None:
        """The last of all, where a program reads: what the command ends with."""
        if self.json_lines is not None and not self.gone:
            self._write(self.json_lines.end(code) + "\n", datetime.now(UTC))

    def about(self, state: Snapshot) -> None:
        """What is known as of the lines that follow."""
        if self.json_lines is not None:
            self.json_lines.state = state

    def _write(self, text: str, at: datetime) -> None:
        try:
            self._data.write(text)
        except BrokenPipeError:
            self.gone = True
        except OSError as error:
            self.gone = error.errno not in _PASSING
            if not self._stuck:
                why = f"standard output cannot be written: {error.strerror or error}"
                kept = "" if self.gone else ". Its lines are kept, and written once they can be"
                self._say(Happening(at, "note", None, why + kept))
            self._stuck = True
        else:
            if self._stuck:
                lost = self._data.lost
                gone = f", but for {lost} that were too many to keep" if lost else ""
                self._say(Happening(at, "note", None, f"standard output takes lines again{gone}"))
            self._stuck = False

    def note(self, sentence: str) -> None:
        """To standard error, with this machine's time."""
        self.talk(Happening(datetime.now(UTC), "note", None, sentence, Dated.HERE))

    def talk(self, *lines: Happening) -> None:
        """To standard error, and to who reads JSON."""
        for line in lines:
            if not self._quiet or line.what in _KEPT_WHEN_QUIET:
                self._say(line)
                if self.json_lines is not None:
                    self._put(line, talk=True)

    def _say(self, line: Happening) -> None:
        """To standard error; that nobody reads it is no reason to stop."""
        with suppress(OSError):
            self._talk.write(line.text(self._glyphs) + "\n")

    def notify(self, title: str, body: str, wanted: str) -> None:
        """A notification of the desktop, through the terminal; what is no terminal gets none."""
        way = way_wanted(wanted, os.environ)
        if way is not None and self._talk.is_terminal:
            with suppress(OSError):
                self._talk.write(notification(title, body, way, os.environ))

    def look_for_reader(self) -> None:
        """Notice a closed pipe or terminal without having anything to write, and room."""
        self.gone = self.gone or self._data.is_deserted
        if self._stuck and not self.gone:
            self._write("", datetime.now(UTC).replace(microsecond=0))

    def last_try(self) -> None:
        """At the end: whatever was kept is written now, or said to be missing."""
        self.look_for_reader()
        if self._stuck and not self.gone:
            why = "standard output did not take the last lines"
            self.note(why)

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
        self.is_terminal = is_terminal(stream)
        self._rest = b""
        self.lost = 0
        """Lines that were too many to keep."""

    @property
    def is_deserted(self) -> bool:
        """Whether the reading end is closed. Never told by a system that has no poll."""
        if self._descriptor is None:
            return self._stream is None
        if not hasattr(select, "poll"):
            return False
        poll = select.poll()
        poll.register(self._descriptor, 0)
        deserted = select.POLLERR | select.POLLHUP | select.POLLNVAL
        return any(event & deserted for _, event in poll.poll(0))

    def write(self, text: str) -> None:
        """Write all of it, and before it what was not taken earlier.

        Raises OSError, and keeps what was not taken for the next call; TimeoutError when
        hurried and nobody reads.
        """
        data = text.encode(self._encoding, "backslashreplace")
        if self._descriptor is None:
            self._write_to_stream(data)
            return
        if len(self._rest) + len(data) > MOST_KEPT:
            self.lost += 1
            data = b""
        data = self._rest + data
        try:
            while data:
                self._wait(self._descriptor)
                data = data[os.write(self._descriptor, data[:_PIECE]) :]
        finally:
            self._rest = data

    def _write_to_stream(self, data: bytes) -> None:
        if self._stream is None:
            raise OSError(errno.EBADF, "it is closed")
        self._stream.write(data.decode(self._encoding))
        self._stream.flush()

    def _wait(self, descriptor: int) -> None:
        if not hasattr(select, "poll"):
            return
        poll = select.poll()
        poll.register(descriptor, select.POLLOUT)
        waited = 0.0
        while not poll.poll(_SLICE * 1000):
            waited += _SLICE
            if self.hurried and waited >= _HURRIED:
                raise TimeoutError("nobody reads")
