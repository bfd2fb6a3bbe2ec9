"""The way to the terminal: survives its loss, and tells how much is still under way."""

from __future__ import annotations

import os
import select
from collections.abc import Callable
from queue import SimpleQueue
from threading import Lock, Thread
from typing import TextIO


class WriterThread(Thread):
    """Writes to the terminal, so that a slow one holds up nobody else."""

    def __init__(self, output: TerminalOutput) -> None:
        super().__init__(name="terminal-output", daemon=True)
        self._output = output
        # Not a Queue: a signal handler that writes in the middle of another write would
        # wait for ever for its lock.
        self._texts: SimpleQueue[str | None] = SimpleQueue()

    def put(self, text: str) -> None:
        """Have `text` written after all that was put before it."""
        self._output.announce(text)
        self._texts.put(text)

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
        self._parts: list[str] = []
        self._counting = Lock()
        self._under_way = 0
        self.lost = False

    @property
    def under_way(self) -> int:
        """Characters announced but not yet taken by the terminal."""
        return self._under_way

    def announce(self, text: str) -> None:
        """Count `text`, which is about to be handed to the writer thread."""
        with self._counting:
            self._under_way += len(text)

    def fileno(self) -> int:
        """The file descriptor."""
        return self._descriptor

    def write(self, text: str) -> int:
        """Keep `text` until `flush`. Returns its length."""
        self._parts.append(text)
        return len(text)

    def flush(self) -> None:
        """Write what was kept. Blocks while the terminal takes nothing."""
        text = "".join(self._parts)
        self._parts.clear()
        if not self.lost:
            try:
                self._write_all(text.encode(self.encoding, "replace"))
            except (OSError, ValueError):
                self.lost = True
                self._on_lost()
        with self._counting:
            self._under_way = max(0, self._under_way - len(text))
            drained = not self._under_way
        if drained and text:
            self._on_drained()

    def _write_all(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            try:
                rest = rest[os.write(self._descriptor, rest) :]
            except BlockingIOError:
                # Another program left the terminal in non-blocking mode.
                select.select((), (self._descriptor,), (), 1.0)
