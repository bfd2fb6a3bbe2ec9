"""The way to the terminal: survives its loss, and tells how much is still under way."""

from __future__ import annotations

import os
import select
from collections.abc import Callable
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Final, TextIO

_LITTLE: Final = 512
"""Characters that go without the thread, where the terminal takes them: waking it takes
several times as long as writing them, and the clocks would do so each second."""


class WriterThread(Thread):
    """Writes to the terminal, so that a slow one holds up nobody else."""

    def __init__(self, output: TerminalOutput) -> None:
        super().__init__(name="terminal-output", daemon=True)
        self._output = output
        # Not a Queue: a signal handler that writes in the middle of another write would
        # wait for ever for its lock.
        self._texts: SimpleQueue[str | bytes | None] = SimpleQueue()
        self._never_waits = _opened_anew(output.fileno())

    def put(self, text: str) -> None:
        """Have `text` written after all that was put before it; a little of it at once."""
        rest: str | bytes = text
        if len(text) <= _LITTLE and not self._output.under_way:
            rest = self._try_at_once(text)
        if rest:
            self._output.announce(rest)
            self._texts.put(rest)

    def run(self) -> None:
        """Write in as few pieces as possible, until told to stop."""
        while (text := self._texts.get()) is not None:
            self._output.write(text)
            if self._texts.empty():
                self._output.flush()
        self._output.flush()

    def stop(self) -> None:
        """Write what is left, and wait until it is written."""
        self._texts.put(None)
        self.join()
        descriptor, self._never_waits = self._never_waits, None
        if descriptor is not None:
            os.close(descriptor)

    def _try_at_once(self, text: str) -> str | bytes:
        """Write what the terminal takes without waiting; returns the rest, which is to follow.

        Whatever is wrong with the terminal, the thread finds out.
        """
        if self._never_waits is None or self._output.lost:
            return text
        data = self._output.encoded(text)
        try:
            return data[os.write(self._never_waits, data) :]
        except OSError:
            return text


class TerminalOutput:
    """The file of the writer thread. Its errors mean a lost terminal; none is raised.

    `on_lost` is called once, from the writing thread, when the terminal is gone;
    `on_drained` each time everything that was announced has been written.
    Writes go straight to the file descriptor: what lies in a buffered stream at
    exit would be flushed once more, and fail once more.
    """

    def __init__(
        self, stream: TextIO, on_lost: Callable[[], None], on_drained: Callable[[], None]
    ) -> None:
        self._descriptor = stream.fileno()
        self.encoding = stream.encoding or "utf-8"
        self._on_lost = on_lost
        self._on_drained = on_drained
        self._parts: list[str | bytes] = []
        self._counting = Lock()
        self._under_way = 0
        self.lost = False

    @property
    def under_way(self) -> int:
        """Characters announced but not yet taken by the terminal."""
        return self._under_way

    def announce(self, text: str | bytes) -> None:
        """Count `text`, which is about to be handed to the writer thread."""
        with self._counting:
            self._under_way += len(text)

    def fileno(self) -> int:
        """The file descriptor."""
        return self._descriptor

    def write(self, text: str | bytes) -> int:
        """Keep `text` until `flush`. Returns its length."""
        self._parts.append(text)
        return len(text)

    def flush(self) -> None:
        """Write what was kept. Blocks while the terminal takes nothing."""
        parts, self._parts = self._parts, []
        length = sum(map(len, parts))
        if not self.lost:
            try:
                self._write_all(b"".join(map(self.encoded, parts)))
            except (OSError, ValueError):
                self.lost = True
                self._on_lost()
        with self._counting:
            self._under_way = max(0, self._under_way - length)
            drained = not self._under_way
        if drained and length:
            self._on_drained()

    def encoded(self, text: str | bytes) -> bytes:
        """As the terminal takes it."""
        return text if isinstance(text, bytes) else text.encode(self.encoding, "replace")

    def _write_all(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            try:
                rest = rest[os.write(self._descriptor, rest) :]
            except BlockingIOError:
                # Another program left the terminal in non-blocking mode.
                select.select((), (self._descriptor,), (), 1.0)


def _opened_anew(descriptor: int) -> int | None:
    """A way to the same terminal that never waits; None where there is none.

    Not by a flag on the descriptor there is: that would hold for the shell as well, which
    shares it.
    """
    try:
        flags = os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
        return os.open(os.ttyname(descriptor), flags)
    except (OSError, ValueError):
        return None
