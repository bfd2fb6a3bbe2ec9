"""The loop that both monitors share: poll, publish, wait, never give up."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, Generic, Protocol, TypeVar

from tui.monitor.clock import Clock


class Scheduled(Protocol):
    """A state that says when the next poll is due, in `Clock.monotonic` seconds."""

    @property
    def next_poll_at(self) -> float | None:
        """None stands for at once."""


ANEW_AFTER: Final = 10.0
"""Seconds that a question may go unanswered before a person's wish asks it anew.

Less would let an impatient person keep a slow server from ever answering.
"""

State = TypeVar("State", bound=Scheduled)


class PollLoop(Generic[State]):
    """Calls `poll` again and again, with a wait that a person can cut short."""

    def __init__(self, poll: Callable[[], Awaitable[State]], clock: Clock) -> None:
        self._poll = poll
        self._clock = clock
        self._wake = asyncio.Event()
        self._paused = False
        self._asking: asyncio.Future[State] | None = None
        self._asked_at = 0.0
        self._anew = False

    @property
    def asking_since(self) -> float | None:
        """When the question in flight was asked, in `Clock.monotonic` seconds."""
        return None if self._asking is None else self._asked_at

    @property
    def is_paused(self) -> bool:
        """Whether polling is suspended until `resume`."""
        return self._paused

    def poll_now(self) -> None:
        """Cut the present wait short; also works while paused, for one poll.

        A question that hangs for `ANEW_AFTER` already is given up and asked again.
        """
        asking = self._asking
        if asking is not None and self._clock.monotonic() - self._asked_at >= ANEW_AFTER:
            self._anew = True
            asking.cancel()
        self._wake.set()

    def pause(self) -> None:
        """Send nothing until `resume`, or for one poll `poll_now`."""
        self._paused = True

    def resume(self) -> None:
        """Go on, with a poll at once."""
        self._paused = False
        self._wake.set()

    async def run(self, publish: Callable[[State], None]) -> None:
        """Poll until cancelled; each state goes to `publish` before the wait."""
        while True:
            self._wake.clear()
            state = await self._answered()
            publish(state)
            due = state.next_poll_at
            await self._wait(0.0 if due is None else due - self._clock.monotonic())

    async def _answered(self) -> State:
        while True:
            self._anew = False
            self._asked_at = self._clock.monotonic()
            self._asking = asyncio.ensure_future(self._poll())
            try:
                return await self._asking
            except asyncio.CancelledError:
                current = asyncio.current_task()
                if not self._anew or (current is not None and current.cancelling()):
                    raise
            finally:
                self._asking = None

    async def _wait(self, seconds: float) -> None:
        sleeping = asyncio.ensure_future(self._clock.sleep(max(0.0, seconds)))
        woken = asyncio.ensure_future(self._wake.wait())
        try:
            await asyncio.wait({sleeping, woken}, return_when=asyncio.FIRST_COMPLETED)
            if self._paused and not woken.done():
                await woken
        finally:
            for future in (sleeping, woken):
                future.cancel()
            await asyncio.gather(sleeping, woken, return_exceptions=True)
