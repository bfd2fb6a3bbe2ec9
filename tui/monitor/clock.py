"""Time, injected: this machine's and the server's, waiting for it, how old what was read is."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import field, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol, Self

from tui.light import dataclass
from tui.monitor.trouble import Trouble

SKEW_SHOWN = timedelta(seconds=5)
_JITTER_OF_DATE_HEADER = timedelta(seconds=2)


class Timer(Protocol):
    """Something that is to happen."""

    def cancel(self) -> object:
        """Not any more."""


class Clock(Protocol):
    """What the monitor needs of time."""

    def monotonic(self) -> float:
        """Seconds from an arbitrary start; never goes back, counts time asleep."""

    def now(self) -> datetime:
        """The wall clock of this machine, aware, UTC."""

    async def sleep(self, seconds: float) -> None:
        """Wait for that many seconds."""

    def call_later(self, seconds: float, callback: Callable[[], object]) -> Timer:
        """Call that after so many seconds, on the running event loop."""


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

    def call_later(self, seconds: float, callback: Callable[[], object]) -> Timer:
        """Call that after so many seconds, on the running event loop."""
        return asyncio.get_running_loop().call_later(seconds, callback)


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


@dataclass(frozen=True)
class Freshness:
    """How old the shown data is. `age` in seconds, None before the first data."""

    age: float | None
    stale: bool


@dataclass(frozen=True, kw_only=True)
class PollState:
    """Moments are `Clock.monotonic` seconds and take no part in comparison.

    `asked_at` is when the server was asked that has been silent since, None unless the
    answer is long in coming.
    """

    trouble: Trouble | None = None
    interval: float
    fetched_at: float | None = field(default=None, compare=False)
    next_poll_at: float | None = field(default=None, compare=False)
    asked_at: float | None = field(default=None, compare=False)
    server_clock: ServerClock | None = field(default=None, compare=False)

    def freshness(self, monotonic: float) -> Freshness:
        """Stale is older than twice the interval, or never had any."""
        if self.fetched_at is None:
            return Freshness(None, stale=True)
        age = max(0.0, monotonic - self.fetched_at)
        return Freshness(age, stale=self.is_stale(monotonic))

    @property
    def old_after(self) -> float | None:
        """After that moment of `Clock.monotonic` the data is old; None before any."""
        return None if self.fetched_at is None else self.fetched_at + 2 * self.interval

    def seen_at(self, monotonic: float, local_now: datetime) -> datetime:
        """When the newest data came, by this machine's clock; now, before there is any."""
        age = 0.0 if self.fetched_at is None else max(0.0, monotonic - self.fetched_at)
        return local_now - timedelta(seconds=age)

    def is_stale(self, monotonic: float) -> bool:
        """Older than twice the interval, or never had any."""
        return self.old_after is None or monotonic > self.old_after

    def asked(self, at: float | None) -> Self:
        """The same, with the server asked then and silent since; None: no longer."""
        return replace(self, asked_at=at)

    def server_now(self, monotonic: float, local_now: datetime) -> datetime:
        """The server's time; without a Date header ever, this machine's."""
        return self.server_clock.now(monotonic) if self.server_clock else local_now


class Bell:
    """Rung by anybody, waited for by one. Stays rung until it is muted.

    Waiting makes no task: a future that is set by whoever rings, or by a timer.
    """

    def __init__(self) -> None:
        """Not rung yet."""
        self._rung = False
        self._waiter: asyncio.Future[None] | None = None
        self._timer: Timer | None = None

    @property
    def is_rung(self) -> bool:
        """Whether it was rung since it was last muted."""
        return self._rung

    def ring(self) -> None:
        """Wake who waits, or who will."""
        self._rung = True
        self._wake()

    def mute(self) -> None:
        """From now on it has to be rung again."""
        self._rung = False

    async def rings(self) -> None:
        """Wait for it."""
        await self._waited()

    async def rings_within(self, clock: Clock, seconds: float) -> bool:
        """Wait for it that many seconds at most; whether it rang."""
        self._timer = clock.call_later(max(0.0, seconds), self._wake)
        try:
            await self._waited()
        finally:
            self._timer.cancel()
            self._timer = None
        return self._rung

    def put_off(self, clock: Clock, seconds: float) -> None:
        """Who waits for a time waits for so long from now on instead, without being woken."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = clock.call_later(max(0.0, seconds), self._wake)

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    async def _waited(self) -> None:
        if self._rung:
            await asyncio.sleep(0)  # who rings it again and again leaves others their turn
            return
        self._waiter = asyncio.get_running_loop().create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None
