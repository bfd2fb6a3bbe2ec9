"""Time, injected: everything that waits or measures takes a `Clock`."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

from tui.light import dataclass

SKEW_SHOWN = timedelta(seconds=5)
_JITTER_OF_DATE_HEADER = timedelta(seconds=2)


class Clock(Protocol):
    """What the monitor needs of time."""

    def monotonic(self) -> float:
        """Seconds from an arbitrary start; never goes back, counts time asleep."""

    def now(self) -> datetime:
        """The wall clock of this machine, aware, UTC."""

    async def sleep(self, seconds: float) -> None:
        """Wait for that many seconds."""


class SystemClock:
    """The real one. `CLOCK_BOOTTIME`, where there is one, goes on while a laptop sleeps."""

    def __init__(self) -> None:
        self._source = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)

    def monotonic(self) -> float:
        """Seconds since boot."""
        return time.clock_gettime(self._source)

    def now(self) -> datetime:
        """The wall clock, UTC."""
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        """Wait for that many seconds."""
        await asyncio.sleep(seconds)


async def sleep_unless(clock: Clock, seconds: float, woken: asyncio.Event) -> bool:
    """Wait for that many seconds, or until the event is set: then True."""
    sleeping = asyncio.ensure_future(clock.sleep(max(0.0, seconds)))
    waking = asyncio.ensure_future(woken.wait())
    try:
        await asyncio.wait({sleeping, waking}, return_when=asyncio.FIRST_COMPLETED)
        return waking.done()
    finally:
        for future in (sleeping, waking):
            future.cancel()
        await asyncio.gather(sleeping, waking, return_exceptions=True)


@dataclass(frozen=True)
class ServerClock:
    """The server's time, carried forward from one answer's `Date` header.

    Elapsed times are computed with it, so that neither a wrong clock here nor a
    jump of it changes a duration. `skew` is server minus this machine.
    """

    server_time: datetime
    at: float
    skew: timedelta

    @classmethod
    def read(
        cls, previous: ServerClock | None, server_time: datetime | None, clock: Clock
    ) -> ServerClock | None:
        """Take a `Date` header in that came just now; None keeps what was known."""
        return cls.seen(previous, server_time, clock.monotonic(), clock.now())

    @classmethod
    def seen(
        cls,
        previous: ServerClock | None,
        server_time: datetime | None,
        at: float,
        here: datetime,
    ) -> ServerClock | None:
        """The same for one that came at `at` (monotonic seconds), `here` by this machine.

        The header has whole seconds and travels: a reading within two seconds of
        the expected one keeps the old anchor, else a shown clock would stutter.
        """
        if server_time is None:
            return previous
        skew = server_time - here
        if previous is not None:
            off = previous.now(at) - server_time
            if abs(off) <= _JITTER_OF_DATE_HEADER:
                # The local clock may have been set meanwhile: then only the skew is new.
                jumped = abs(skew - previous.skew) > _JITTER_OF_DATE_HEADER
                return replace(previous, skew=skew) if jumped else previous
        return cls(server_time, at, skew)

    def now(self, monotonic: float) -> datetime:
        """The server's time at that moment of `Clock.monotonic`.

        A server that claims the year 9999 has no later time to show.
        """
        with suppress(OverflowError):
            return self.server_time + timedelta(seconds=monotonic - self.at)
        return self.server_time

    @property
    def is_skewed(self) -> bool:
        """Whether the two clocks differ by more than five seconds."""
        return abs(self.skew) > SKEW_SHOWN
