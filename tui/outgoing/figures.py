"""Keeps a file of figures up to date, for the monitoring that a site already has."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Final

from tui.hooks.runner import Say
from tui.metrics.file import write_metrics
from tui.metrics.text import metrics_text
from tui.monitor.clock import Bell, Clock
from tui.monitor.snapshot import Snapshot
from tui.outgoing.samples import Tally
from tui.presentation.event_data import Origin

SECONDS_BETWEEN: Final = 15.0
"""At least so often the file is written, whatever the server does: its data grows older."""

_SECONDS_TO_WRITE: Final = 1.0
"""How long leaving waits for a disk."""


class Figures:
    """The sessions that are followed, and the one that was followed last, in one file.

    Written at each poll and each 15 s, on a thread. What it holds at the
    end stays: the last state with the moment at which the watch ended.
    """

    def __init__(self, path: Path, clock: Clock, say: Say) -> None:
        """`say` is given a sentence when the file cannot be written; again after it could."""
        self._path = path
        self._clock = clock
        self._say = say
        self._tallies: dict[tuple[str, str], Tally] = {}
        self._news = Bell()
        self._writing: asyncio.Task[None] | None = None
        self._stuck = False
        self._made = self._written = 0
        self._replacing = Lock()

    def take(self, origin: Origin, state: Snapshot) -> None:
        """The next snapshot of a session; returns at once."""
        key = (origin.server, state.session_id)
        tally = self._tallies.get(key)
        if tally is None:
            kept = self._tallies.items()
            self._tallies = {other: each for other, each in kept if each.state.followed}
            tally = self._tallies[key] = Tally(origin, state)
            self._news.ring()
        if tally.take(state, self._clock.now()):
            self._news.ring()
        if self._writing is None:
            self._writing = asyncio.create_task(self._write_on(), name="figures")

    async def finish(self) -> None:
        """The last state; waits a second for it at most."""
        writing, self._writing = self._writing, None
        if writing is None:
            return
        writing.cancel()
        await asyncio.gather(writing, return_exceptions=True)
        with suppress(TimeoutError):
            async with asyncio.timeout(_SECONDS_TO_WRITE):
                await self._write()

    async def _write_on(self) -> None:
        while True:
            self._news.mute()
            await self._write()
            await self._news.rings_within(self._clock, SECONDS_BETWEEN)

    async def _write(self) -> None:
        samples = [tally.sample(self._clock) for tally in self._tallies.values()]
        text = metrics_text(samples, self._clock.now())
        self._made += 1
        try:
            await asyncio.to_thread(self._replace, self._made, text)
        except OSError as error:
            if not self._stuck:
                reason = error.strerror or type(error).__name__
                self._say(f"The figures cannot be written to {self._path}: {reason}.")
            self._stuck = True
        else:
            self._stuck = False

    def _replace(self, number: int, text: str) -> None:
        """On a thread, which goes on where nobody waits for it any more: what it still wants to
        write must not replace what is newer."""
        with self._replacing:
            if number > self._written:
                write_metrics(self._path, text)
                self._written = number
