"""Follows one cloud failover session: a poll in, a frozen `MonitorState` out."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from tui.analysis.assessment import Assessment, assess
from tui.analysis.status import is_done
from tui.enterprise_manager.resources import FailoverSession, SessionReading
from tui.errors import FailoverMonitorError, UnreadableAnswer
from tui.monitor import backoff
from tui.monitor.clock import Clock, ServerClock
from tui.monitor.details import DetailReader, DetailSource
from tui.monitor.poll_loop import PollLoop
from tui.monitor.poll_state import Trouble
from tui.monitor.state import MonitorState
from tui.settings.resolved import DEFAULT_INTERVAL

SETTLE_SECONDS = 5.0
STOPPED_SECONDS = 60.0
_BETWEEN_DETAILS = 1.0

Publish = Callable[[MonitorState], None]


class SessionSource(DetailSource, Protocol):
    """The part of the client that a session monitor uses."""

    async def failover_session(self, session_id: str) -> SessionReading:
        """Read one session with its tasks."""


class SessionMonitor:
    """Polls one session and never gives up.

    `interval` is in seconds between polls of a running session. Once it has
    stopped, one more poll follows after `SETTLE_SECONDS`, then one a minute,
    which also keeps the logon session from idling out.
    """

    def __init__(
        self,
        source: SessionSource,
        session_id: str,
        *,
        clock: Clock,
        interval: float = DEFAULT_INTERVAL,
        random_source: Callable[[], float] = random.random,
    ) -> None:
        self._source = source
        self._clock = clock
        self._random = random_source
        self._interval = interval
        self._polls_since_stop = 0
        self._watched = False
        self._details = DetailReader(source)
        self._has_session = asyncio.Event()
        self._loop: PollLoop[MonitorState] = PollLoop(self.poll_once, clock, self._mark_asked)
        self.state = MonitorState(session_id, interval=interval)

    @property
    def interval(self) -> float:
        """Seconds between polls while the session runs."""
        return self._interval

    async def poll_once(self) -> MonitorState:
        """Ask once. Trouble becomes a value in the state; nothing but cancelling raises."""
        asked_at = self._clock.monotonic()
        try:
            reading = await self._source.failover_session(self.state.session_id)
            self._take_reading(reading, asked_at)
        except FailoverMonitorError as error:
            self._take_trouble(error)
        except Exception as error:  # a defect here must not end a monitor left open for weeks
            self._take_trouble(
                UnreadableAnswer(f"The answer could not be used ({type(error).__name__}).")
            )
        return self.state

    async def run(self, publish: Publish) -> None:
        """Poll until cancelled, handing each state to `publish`."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._loop.run(publish))
            group.create_task(self._read_details(publish))

    def poll_now(self) -> None:
        """Poll at once, also while paused or backing off."""
        self._loop.poll_now()

    def toggle_pause(self) -> MonitorState:
        """Stop polling, or go on with a poll at once."""
        if self._loop.is_paused:
            self._loop.resume()
        else:
            self._loop.pause()
        self.state = replace(self.state, paused=self._loop.is_paused)
        return self.state

    def set_interval(self, seconds: float) -> MonitorState:
        """Change the interval; takes effect with a poll at once."""
        self._interval = seconds
        self.state = replace(self.state, interval=self._effective_interval())
        self._loop.poll_now()
        return self.state

    def _mark_asked(self, at: float | None) -> MonitorState:
        self.state = replace(self.state, asked_at=at)
        return self.state

    def _take_trouble(self, error: FailoverMonitorError) -> None:
        now = self._clock.monotonic()
        trouble = Trouble.of(error, self.state.trouble, now)
        wait = backoff.delay(trouble.failures, self._interval, self._random, trouble.retry_after)
        self.state = replace(
            self.state, trouble=trouble, polls=self.state.polls + 1, next_poll_at=now + wait
        )

    def _take_reading(self, reading: SessionReading, asked_at: float) -> None:
        now = self._clock.monotonic()
        session = reading.session
        over = is_done(session.state, session.ended)
        self._polls_since_stop = self._polls_since_stop + 1 if over else 0
        self._watched = self._watched or not over
        interval = self._effective_interval()
        self.state = replace(
            self.state,
            assessment=self._assess(session, reuse=session is self.state.session),
            session=session,
            trouble=None,
            interval=interval,
            polls=self.state.polls + 1,
            fetched_at=now,
            # From question to question, so that a long answer does not make data older
            # than the interval promises; but a slow server gets half of the time to itself.
            next_poll_at=max(asked_at + interval, now + interval / 2),
            server_clock=ServerClock.read(
                self.state.server_clock, reading.server_time, self._clock
            ),
        )
        self._has_session.set()

    def _assess(self, session: FailoverSession, *, reuse: bool) -> Assessment:
        if reuse and self.state.assessment is not None:
            return self.state.assessment
        return assess(
            session,
            plan=self.state.details.plan,
            failed_over=self.state.details.failed_over,
            watched=self._watched,
            before=self.state.assessment,
        )

    def _effective_interval(self) -> float:
        if self._polls_since_stop == 0:
            return self._interval
        slow = SETTLE_SECONDS if self._polls_since_stop == 1 else STOPPED_SECONDS
        return max(self._interval, slow)

    def _take_details(self) -> None:
        before = self.state.details
        details = self._details.details
        self.state = replace(self.state, details=details)
        newest = self.state.session  # a poll may have ended while the details were asked for
        changed = (before.plan, before.failed_over) != (details.plan, details.failed_over)
        if changed and newest is not None:
            self.state = replace(self.state, assessment=self._assess(newest, reuse=False))

    async def _read_details(self, publish: Publish) -> None:
        await self._has_session.wait()
        while True:
            session = self.state.session
            quiet = self.state.paused or self.state.trouble is not None
            if session is not None and not quiet and await self._details.step(session):
                self._take_details()
                publish(self.state)
            await self._clock.sleep(_BETWEEN_DETAILS)
