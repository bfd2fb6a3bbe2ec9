"""Waking the one who waits: by what happens, or by the time that has come."""

from __future__ import annotations

import asyncio

from tui.monitor.clock import Clock, Timer


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
