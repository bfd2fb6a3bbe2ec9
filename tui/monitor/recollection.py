"""What was observed of a session in this run of the program, where no journal keeps it."""

from __future__ import annotations

from collections import deque
from typing import Final

from tui.monitor.observations import NoAnswer, Observation, Reading, Silence

MOST_TASKS: Final = 20_000
"""Tasks in all readings that are remembered: some ten megabytes at most."""

MOST_OTHERS: Final = 2_000
"""Observations besides readings."""


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
