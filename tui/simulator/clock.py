"""Where the simulated server gets its time from: always a callable, never a global."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

Clock = Callable[[], datetime]
"""Gives the present as an aware datetime in UTC."""

FASTEST: Final = 10_000
"""The highest speed: a year of it still ends before the calendar does."""


def system_clock() -> datetime:
    """The clock of this computer, in UTC."""
    return datetime.now(UTC)


class AcceleratedClock:
    """A clock that runs `speed` times as fast as `base`, from the moment it is made.

    The whole simulated server lives in this time, its Date header included, so that
    a client that trusts the server's clock sees one consistent world.
    """

    def __init__(self, base: Clock, speed: float) -> None:
        if not 0 < speed <= FASTEST:
            raise ValueError(f"speed must be more than 0 and at most {FASTEST}")
        self._base = base
        self._speed = speed
        self._origin = base()

    def __call__(self) -> datetime:
        """The accelerated present, in UTC."""
        return self._origin + (self._base() - self._origin) * self._speed
