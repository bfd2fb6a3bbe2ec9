"""What the monitors share: poll, publish, wait, never give up; trouble becomes a value.

A server that takes a question and is silent holds a poll until the client's time-out,
half a minute or more. Meanwhile a person is told since when, and can ask anew.
"""

from __future__ import annotations

import asyncio
import random
from abc import abstractmethod
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import Generic, Protocol, TypeVar

from tui.errors import FailoverMonitorError, UnreadableAnswer
from tui.monitor import backoff
from tui.monitor.clock import Bell, Clock, PollState
from tui.monitor.trouble import Trouble

SILENT_SECONDS = 4.0
"""An answer that takes longer is waited for on screen."""

AGAIN_SECONDS = SILENT_SECONDS
"""A poll in flight is begun anew only when it is as old as that.

Sooner, an impatient person could keep a slow server from ever answering.
"""


class Scheduled(Protocol):
    """A state that says when the next poll is due, in `Clock.monotonic` seconds."""

    @property
    def next_poll_at(self) -> float | None:
        """None stands for at once."""


State = TypeVar("State", bound=Scheduled)
Polling = TypeVar("Polling", bound=PollState)


class PollLoop(Generic[State]):
    """Calls `poll` again and again, with a wait that a person can cut short."""

    def __init__(
        self,
        poll: Callable[[], Awaitable[State]],
        clock: Clock,
        mark_asked: Callable[[float | None], State] | None = None,
    ) -> None:
        """`mark_asked` gives the present state with its `asked_at` set to that.

        It is called, and the state published, while an answer is long in coming; and
        with None once it is there.
        """
        self._poll = poll
        self._clock = clock
        self._mark_asked = mark_asked
        self._wake = Bell()
        self._asked_at: float | None = None
        self._patience: asyncio.Timeout | None = None
        self._failure: Exception | None = None
        self._marked = False
        self._paused = False

    @property
    def is_paused(self) -> bool:
        """Whether polling is suspended until `resume`."""
        return self._paused

    def poll_now(self) -> None:
        """Cut the present wait short; also works while paused, for one poll.

        A poll in flight is given up and begun anew, unless it has only just begun.
        """
        asked = self._asked_at
        if asked is not None and self._clock.monotonic() - asked >= AGAIN_SECONDS:
            self._give_up()
        else:
            self._wake.ring()

    def pause(self) -> None:
        """Send nothing until `resume`, or for one poll `poll_now`."""
        self._paused = True

    def resume(self) -> None:
        """Go on, with a poll at once."""
        self._paused = False
        self._wake.ring()

    async def run(self, publish: Callable[[State], None]) -> None:
        """Poll until cancelled; each state goes to `publish` before the wait."""
        while True:
            self._wake.mute()
            state = await self._answer(publish)
            due = state.next_poll_at
            await self._wait(0.0 if due is None else due - self._clock.monotonic())

    async def _answer(self, publish: Callable[[State], None]) -> State:
        """What one poll brings, published; however often it is begun anew."""
        self._marked = False
        try:
            while True:
                self._asked_at = self._clock.monotonic()
                if self._marked:
                    self._mark(publish)
                told = self._clock.call_later(SILENT_SECONDS, partial(self._silent, publish))
                try:
                    async with asyncio.timeout(None) as patience:
                        self._patience = patience
                        return await self._poll_once(publish)
                except TimeoutError:
                    if not patience.expired():
                        raise
                finally:
                    told.cancel()
                self._raise_what_failed()
                self._marked = True
        finally:
            self._asked_at = self._patience = None

    async def _poll_once(self, publish: Callable[[State], None]) -> State:
        state = await self._poll()
        if self._marked and self._mark_asked is not None:
            state = self._mark_asked(None)
        publish(state)
        return state

    def _give_up(self) -> None:
        """The poll in flight ends, unless it is ending already."""
        patience, self._patience = self._patience, None
        if patience is not None:
            patience.reschedule(asyncio.get_running_loop().time())

    def _silent(self, publish: Callable[[State], None]) -> None:
        """No answer yet. What publishing raises belongs to who runs the loop."""
        try:
            self._mark(publish)
        except Exception as failure:
            self._failure = failure
            self._give_up()

    def _raise_what_failed(self) -> None:
        failure, self._failure = self._failure, None
        if failure is not None:
            raise failure

    def _mark(self, publish: Callable[[State], None]) -> None:
        self._marked = True
        if self._mark_asked is not None:
            publish(self._mark_asked(self._asked_at))

    async def _wait(self, seconds: float) -> None:
        woken = await self._wake.rings_within(self._clock, seconds)
        if self._paused and not woken:
            await self._wake.rings()


async def trouble_in(
    ask: Callable[[], Awaitable[None]], answer: str
) -> FailoverMonitorError | None:
    """Ask, and take the answer in; what went wrong comes back as a value. Never raises.

    `answer` is what could not be used where it was a defect of ours, which must not end a
    monitor left open for weeks; its text may hold anything, and is not told.
    """
    try:
        await ask()
    except FailoverMonitorError as error:
        return error
    except Exception as error:
        return UnreadableAnswer(f"{answer} could not be used ({type(error).__name__}).")
    return None


class Polled(Generic[Polling]):
    """Asks again and again, and keeps what came of it in `state`."""

    answer = "The answer"
    """What is asked for, in a sentence."""

    def __init__(
        self,
        state: Polling,
        clock: Clock,
        *,
        retry: float,
        random_source: Callable[[], float] = random.random,
    ) -> None:
        """`retry` is how long to wait after a first failure, in seconds."""
        self.state = state
        self._clock = clock
        self._retry = retry
        self._random = random_source
        self._loop: PollLoop[Polling] = PollLoop(self.poll_once, clock, self._mark_asked)

    @abstractmethod
    async def _ask(self) -> None:
        """Ask once and set `state`; raises what the client raises."""

    async def poll_once(self) -> Polling:
        """Ask once; trouble becomes a value, and nothing but cancelling raises."""
        error = await trouble_in(self._ask, self.answer)
        if error is not None:
            now = self._clock.monotonic()
            trouble = Trouble.of(error, self.state.trouble, now)
            wait = backoff.delay(trouble.failures, self._retry, self._random, trouble.retry_after)
            self.state = replace(self.state, trouble=trouble, next_poll_at=now + wait)
        return self.state

    def poll_now(self) -> None:
        """Ask at once."""
        self._loop.poll_now()

    def _mark_asked(self, at: float | None) -> Polling:
        self.state = self.state.asked(at)
        return self.state
