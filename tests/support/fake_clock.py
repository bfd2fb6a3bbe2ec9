"""A `Clock` whose time only the test moves: hours of polling in milliseconds."""

from __future__ import annotations

import asyncio
import heapq
import math
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Protocol

START = datetime(2026, 11, 23, 13, 50, 0, tzinfo=UTC)


class Stepped(Protocol):
    """A simulated server's clock, which stands still until it is moved."""

    def advance(self, seconds: float) -> None:
        """Move on by `seconds`."""


class FakeClock:
    """Virtual time. `now` follows `monotonic` unless `jump_wall_clock` moves it apart.

    A server's clock given to it is taken along, step by step.

    `sleep` ends when `run_for` or `run_until` comes to its moment; between two
    moments everything that can run has run, in an order that does not vary. Code
    under test must wait only on this clock and on the event loop: threads and
    sockets are not seen.
    """

    def __init__(
        self,
        start: datetime = START,
        monotonic: float = 1000.0,
        server: Stepped | None = None,
    ) -> None:
        self._server = server
        self._began = monotonic
        self._monotonic = monotonic
        self._start = start
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._order = count()

    def monotonic(self) -> float:
        """Virtual seconds."""
        return self._monotonic

    def now(self) -> datetime:
        """The virtual wall clock, aware, UTC."""
        return self._start + timedelta(seconds=self._monotonic - self._began)

    @property
    def elapsed(self) -> float:
        """Virtual seconds since the clock was made."""
        return self._monotonic - self._began

    async def sleep(self, seconds: float) -> None:
        """Wait for virtual time to come."""
        await self._woken_after(seconds)

    def call_later(self, seconds: float, callback: Callable[[], object]) -> asyncio.Future[None]:
        """Call that when virtual time has come, unless what is returned is cancelled."""
        woken = self._woken_after(seconds)
        woken.add_done_callback(lambda done: None if done.cancelled() else callback())
        return woken

    def _woken_after(self, seconds: float) -> asyncio.Future[None]:
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        due = self._monotonic + max(0.0, seconds)
        heapq.heappush(self._sleepers, (due, next(self._order), woken))
        return woken

    def advance(self, seconds: float) -> None:
        """Move time without letting anything run: for code that is called, not looping."""
        self._monotonic += seconds
        if self._server is not None:
            self._server.advance(seconds)

    def jump_wall_clock(self, seconds: float) -> None:
        """Someone sets this machine's clock; the monotonic one goes on."""
        self._start += timedelta(seconds=seconds)

    def jump_server_clock(self, seconds: float) -> None:
        """Someone sets the server's clock that is taken along."""
        assert self._server is not None
        self._server.advance(seconds)

    @property
    def sleeping(self) -> int:
        """How many sleeps are under way: none may be left behind by a cancelled loop."""
        return sum(not woken.done() for _, _, woken in self._sleepers)

    async def settle(self) -> None:
        """Let everything run that can run without time passing."""
        ready = asyncio.get_running_loop()._ready  # type: ignore[attr-defined]
        while True:
            await asyncio.sleep(0)
            if not ready:
                return

    async def run_for(self, seconds: float) -> None:
        """Let that much virtual time pass, stopping at each moment something is due."""
        end = self._monotonic + seconds
        await self.settle()
        while self.step(end):
            await self.settle()

    async def run_until(self, condition: Callable[[], bool], limit: float = 3600.0) -> None:
        """Let time pass until the condition holds; fails after `limit` virtual seconds."""
        end = self._monotonic + limit
        await self.settle()
        while not condition():
            if not self.step(end):
                raise AssertionError(f"did not come to pass within {limit:g} virtual seconds")
            await self.settle()

    def step(self, end: float = math.inf) -> bool:
        """Move to the next moment somebody waits for and wake them, letting nothing run yet.

        False, and at `end` if that is a moment, where nobody waits for one up to there.
        """
        while self._sleepers and self._sleepers[0][2].done():
            heapq.heappop(self._sleepers)
        if not self._sleepers or self._sleepers[0][0] > end:
            if math.isfinite(end):
                self.advance(max(0.0, end - self._monotonic))
            return False
        due, _, woken = heapq.heappop(self._sleepers)
        self.advance(max(0.0, due - self._monotonic))
        woken.set_result(None)
        return True


@asynccontextmanager
async def running(coroutine: Coroutine[object, object, None]) -> AsyncIterator[asyncio.Task[None]]:
    """Runs a loop that has no end of its own, and cancels it at the end of the block."""
    task = asyncio.create_task(coroutine)
    try:
        yield task
    finally:
        ended_early = task.done()
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        assert not ended_early, "the loop ended by itself"
