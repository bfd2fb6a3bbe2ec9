"""What was observed of a session: kept by a journal where there is one, else remembered."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, Protocol

from tui.monitor.observations import NoAnswer, Observation, Reading, Silence
from tui.monitor.recording import Recording, recorded

_PAST_SECONDS: Final = 10.0
"""How long what a journal holds is waited for; then the session is followed without it."""

MOST_TASKS: Final = 20_000
"""Tasks in all readings that are remembered: some ten megabytes at most."""

MOST_OTHERS: Final = 2_000
"""Observations besides readings."""


class Keeper(Protocol):
    """Keeps what is observed, beyond the end of the program: a journal."""

    @property
    def path(self) -> Path:
        """The file."""

    def read(self) -> Sequence[Observation]:
        """What it holds from earlier runs of the program. May block; never raises."""

    def past(self) -> Sequence[Observation]:
        """All that it holds now. May block; never raises."""

    def hear(self, told: Callable[[str | None], None]) -> None:
        """Tell, on any thread, why nothing can be kept, and None once it can."""

    def take(self, observation: Observation) -> None:
        """Keep that; returns at once."""

    def close(self) -> bool:
        """Write what is still to be written, within a second; False if that failed."""

    @property
    def lost(self) -> int:
        """How many records could not be kept; after `close` all that are missing."""


class Recollection:
    """Remembers the last readings, and what belongs to them; a reading that is the one
    before is left out, as a journal leaves it out."""

    def __init__(self) -> None:
        self._kept: deque[tuple[int, Observation]] = deque()
        self._readings: deque[tuple[int, Reading]] = deque()
        self._tasks = 0
        self._number = 0

    def take(self, observation: Observation) -> None:
        """Remember it, and forget what has no room any more."""
        self._number += 1
        if isinstance(observation, Reading):
            if self._readings and self._readings[-1][1].session is observation.session:
                return
            self._readings.append((self._number, observation))
            self._tasks += _weight(observation)
            while self._tasks > MOST_TASKS and len(self._readings) > 1:
                self._tasks -= _weight(self._readings.popleft()[1])
            return
        self._kept.append((self._number, observation))
        if len(self._kept) > MOST_OTHERS:
            self._forget()

    def _forget(self) -> None:
        """The oldest that only says that there was no answer, else the second oldest: the
        first one says that the session was opened."""
        passing = (
            place
            for place, (_, each) in enumerate(self._kept)
            if isinstance(each, NoAnswer | Silence)
        )
        del self._kept[next(passing, 1)]

    @property
    def observations(self) -> tuple[Observation, ...]:
        """All that is remembered, in the order in which it came."""
        both: list[tuple[int, Observation]] = [*self._kept, *self._readings]
        return tuple(each for _, each in sorted(both, key=lambda numbered: numbered[0]))


def _weight(reading: Reading) -> int:
    return len(reading.session.tasks) + 1


class Kept:
    """Takes each observation, and gives back those of earlier runs of the program, once."""

    def __init__(self, keeper: Keeper | None) -> None:
        """Without a keeper what is observed is remembered as long as the program runs."""
        self._keeper = keeper
        self._told = keeper is None
        self._recollection = Recollection()
        self._last_reading: Reading | None = None

    @property
    def path(self) -> Path | None:
        """Where it is kept; None where it is not."""
        return self._keeper.path if self._keeper is not None else None

    async def past(self, hear: Callable[[str | None], None]) -> Sequence[Observation]:
        """What the keeper holds, the first time it is asked; then nothing.

        `hear` is told on the event loop why nothing can be kept. A disk that hangs holds
        nothing up for long.
        """
        keeper = self._keeper
        if self._told or keeper is None:
            return ()
        self._told = True
        loop = asyncio.get_running_loop()

        def told(reason: str | None) -> None:
            with suppress(RuntimeError):  # the loop has ended meanwhile
                loop.call_soon_threadsafe(hear, reason)

        keeper.hear(told)
        try:
            async with asyncio.timeout(_PAST_SECONDS):
                return await asyncio.to_thread(keeper.read)
        except TimeoutError:
            self._keeper = None
            hear("it cannot be read: the disk does not answer")
            return ()

    def take(self, observation: Observation) -> None:
        """Keep that; returns at once."""
        if isinstance(observation, Reading):
            self._last_reading = observation
        (self._keeper or self._recollection).take(observation)

    async def recording(self, session_id: str) -> Recording | None:
        """What was observed so far: what the keeper holds, else what is remembered.

        It ends with the newest answer, of which a journal may know nothing, since it brought
        nothing. None where nothing was observed.
        """
        keeper, past = self._keeper, self._recollection.observations
        if keeper is not None:
            past = tuple(await asyncio.to_thread(keeper.past))
        last = self._last_reading
        if last is not None and (not past or past[-1].seen_at < last.seen_at):
            past = (*past, last)
        return await asyncio.to_thread(recorded, session_id, past)

    def close(self) -> int:
        """For good: what is kept is written. May take a second. How many records are missing."""
        if self._keeper is None:
            return 0
        self._keeper.close()
        return self._keeper.lost
