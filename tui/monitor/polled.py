"""What the monitors share: asking without end, and trouble that becomes a value."""

from __future__ import annotations

import random
from abc import abstractmethod
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Generic, TypeVar

from tui.errors import FailoverMonitorError, UnreadableAnswer
from tui.monitor import backoff
from tui.monitor.clock import Clock
from tui.monitor.poll_loop import PollLoop
from tui.monitor.poll_state import PollState, Trouble

State = TypeVar("State", bound=PollState)


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


class Polled(Generic[State]):
    """Asks again and again, and keeps what came of it in `state`."""

    answer = "The answer"
    """What is asked for, in a sentence."""

    def __init__(
        self,
        state: State,
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
        self._loop: PollLoop[State] = PollLoop(self.poll_once, clock, self._mark_asked)

    @abstractmethod
    async def _ask(self) -> None:
        """Ask once and set `state`; raises what the client raises."""

    async def poll_once(self) -> State:
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

    def _mark_asked(self, at: float | None) -> State:
        self.state = self.state.asked(at)
        return self.state
