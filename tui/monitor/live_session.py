"""One session followed on a server: asks, turns what comes into observations, hands out snapshots.

A front end calls `run` with what takes each snapshot, hands in what a person wants, and
paints or prints. It asks nothing itself and judges nothing.
"""

from __future__ import annotations

import asyncio
import random
import uuid
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, Protocol, TypeVar

from tui.analysis.assessment import TaskKey
from tui.analysis.comparison import earlier_finished
from tui.analysis.drill import Goals
from tui.enterprise_manager.resources import FailoverSession, SessionReading
from tui.monitor import backoff
from tui.monitor.clock import Bell, Clock
from tui.monitor.details import DetailReader, DetailSource
from tui.monitor.earlier_runs import EarlierRuns
from tui.monitor.follower import SessionFollower
from tui.monitor.kept import Keeper, Kept
from tui.monitor.observations import (
    Acknowledged,
    DetailsRead,
    GoalsSet,
    IntervalSet,
    KeepingTold,
    Left,
    NoAnswer,
    Noted,
    Observation,
    Opened,
    PauseSet,
    Reading,
    RunsRead,
    Seen,
    SiblingsRead,
    Silence,
)
from tui.monitor.poll_loop import PollLoop, trouble_in
from tui.monitor.recording import Recording
from tui.monitor.snapshot import Snapshot
from tui.monitor.trouble import Trouble
from tui.settings.resolved import DEFAULT_INTERVAL, DEFAULT_STALL_AFTER, Targets

MOST_OF_PLAN: Final = 100
"""Sessions of one plan that are asked for at most."""

RUNS_TRIES: Final = 5
BETWEEN_TRIES: Final = 30.0
"""Seconds between two tries to read the earlier runs."""

_BETWEEN_DETAILS: Final = 1.0
_LARGE: Final = 2_000
"""From so many tasks on, each stage of taking an answer in takes some 20 ms."""

_THIS_RUN: Final = uuid.uuid4().hex
"""Names this run of the program: its monotonic clock is its own."""

_AT_ONCE: Final = 50
"""Observations of the past that are taken in between two looks at the keyboard."""

Publish = Callable[[Snapshot], None]
Observer = Callable[[Observation], None]
Listener = Callable[[Snapshot], None]
Kind = TypeVar("Kind", bound=Seen)


def unheard(_snapshot: Snapshot) -> None:
    """The listener of a session that nobody listens to."""


class LiveSource(DetailSource, Protocol):
    """The part of the client that a session is followed through."""

    async def failover_session(self, session_id: str) -> SessionReading:
        """Read one session with its tasks."""

    async def failover_sessions_named(
        self, name: str, limit: int = 100
    ) -> tuple[FailoverSession, ...]:
        """Read the newest sessions of that name."""


class LiveSession:
    """Follows one session while `run` runs, and remembers it in between. Never gives up.

    Once the session has stopped, one more poll follows after five seconds, then one a minute.
    """

    def __init__(
        self,
        source: LiveSource,
        session_id: str,
        *,
        clock: Clock,
        interval: float = DEFAULT_INTERVAL,
        targets: Targets | None = None,
        stall_after: timedelta = DEFAULT_STALL_AFTER,
        runs: EarlierRuns | None = None,
        observer: Observer = lambda _: None,
        keeper: Keeper | None = None,
        listener: Listener = unheard,
        random_source: Callable[[], float] = random.random,
    ) -> None:
        """`interval` in seconds. `runs` is what remembers finished runs, shared or its own.
        `observer` is given each observation, in order, once it was taken in. `keeper` keeps them,
        and gives back those of earlier runs of the program before anything is asked. `listener` is
        given each snapshot, from the moment on that the session is opened."""
        self._source = source
        self._clock = clock
        self._interval = interval
        self._targets = targets or Targets()
        self._stall_after = stall_after
        self._runs = runs or EarlierRuns(source)
        self._observer = observer
        self._kept = Kept(keeper)
        self._listener = listener
        self._random = random_source
        self._follower = SessionFollower(session_id)
        self._details = DetailReader(source)
        self._loop: PollLoop[Snapshot] = PollLoop(self.poll_once, clock, self._mark_asked)
        self._running = asyncio.Lock()
        self._has_session = asyncio.Event()
        self._details_asked = asyncio.Event()
        self._runs_asked = asyncio.Event()
        self._sooner = Bell()
        self._looks_at: float | None = None
        self._more = Bell()
        self._aimed = False
        self._publish: Publish = lambda _: None

    # For front ends -------------------------------------------------------------------

    @property
    def snapshot(self) -> Snapshot:
        """What is known, as of the last time that something came or somebody looked."""
        return self._follower.snapshot

    def look(self) -> Snapshot:
        """What is to be shown now: time alone makes data old and lets a target go by."""
        return self._follower.look(self._clock.monotonic())

    def server_now(self) -> datetime:
        """The server's time."""
        return self.snapshot.server_now(self._clock.monotonic(), self._clock.now())

    def recall(self, observations: Iterable[Observation]) -> Snapshot:
        """Take in what was observed earlier, by another run of the program, before `run`."""
        for observation in observations:
            self._follower.take(observation)
        self._interval = self.snapshot.wanted_interval
        return self.snapshot

    async def recording(self) -> Recording | None:
        """What was observed so far: what the keeper holds, else what is remembered.

        It ends with the newest answer, of which a journal may know nothing, since it brought
        nothing. None where nothing was observed.
        """
        return await self._kept.recording(self.snapshot.session_id)

    async def run(self, publish: Publish) -> None:
        """Follow until cancelled, handing each snapshot to `publish`."""
        async with self._running:
            await self._remember()
            self.open()
            self._publish = publish
            try:
                async with asyncio.TaskGroup() as group:
                    group.create_task(self._loop.run(publish))
                    group.create_task(self._read_details())
                    group.create_task(self._read_earlier_runs())
                    group.create_task(self._see_time_pass())
            finally:
                self.leave()

    async def _remember(self) -> None:
        """Take in what is kept of earlier runs of the program, once."""
        for number, observation in enumerate(await self._kept.past(self._hear)):
            with suppress(Exception):  # one that makes no sense changes nothing
                self._follower.take(observation)
            if number % _AT_ONCE == 0:
                await asyncio.sleep(0)

    def _hear(self, reason: str | None) -> None:
        if reason != self.snapshot.journal_trouble:
            self._publish(self._take(self._seen(KeepingTold, trouble=reason)))

    @property
    def journal(self) -> Path | None:
        """Where what is observed is kept; None where it is not."""
        return self._kept.path

    def close(self) -> int:
        """For good: what is kept is written. May take a second. How many records are missing."""
        return self._kept.close()

    def open(self) -> Snapshot:
        """Begin to follow, as `run` does: the question that failed last is asked anew."""
        return self._take(
            self._seen(
                Opened,
                session_id=self.snapshot.session_id,
                interval=self._interval,
                stall_after=self._stall_after,
                run=_THIS_RUN,
            )
        )

    def leave(self) -> Snapshot:
        """Nobody follows it any more, as when `run` ends: a pause ends with it."""
        self._loop.resume()
        return self._take(self._seen(Left))

    def poll_now(self) -> None:
        """Ask at once, also while paused or backing off."""
        self._loop.poll_now()

    def toggle_pause(self) -> Snapshot:
        """Stop asking, or go on at once."""
        if self._loop.is_paused:
            self._loop.resume()
        else:
            self._loop.pause()
        return self._take(self._seen(PauseSet, paused=self._loop.is_paused))

    def set_interval(self, seconds: float) -> Snapshot:
        """Ask that often while the session runs; at once for a start."""
        self._interval = seconds
        self._loop.poll_now()
        return self._take(self._seen(IntervalSet, interval=seconds))

    def note(self, text: str, author: str | None = None) -> Snapshot:
        """Add a person's note to the events."""
        return self._take(self._seen(Noted, text=text, author=author))

    def set_goals(self, goals: Goals, author: str | None = None) -> Snapshot:
        """A person's targets and declared time, from now on."""
        return self._take(self._seen(GoalsSet, goals=goals, by_person=True, author=author))

    def acknowledge(self, key: TaskKey, author: str | None = None) -> Snapshot:
        """A person has taken note of a task's failure."""
        return self._take(self._seen(Acknowledged, key=key, author=author))

    async def details_asked(self) -> None:
        """Wait until plan and replica points of the newest answer were asked for, as far as they
        can be for now."""
        await self._details_asked.wait()

    async def runs_asked(self) -> None:
        """Wait until the earlier runs were asked for once while it runs, whatever came of it."""
        await self._runs_asked.wait()

    async def look_for_siblings(self) -> Snapshot:
        """Ask for the sessions of the plan; without an answer what is known stays."""
        session = self.snapshot.session
        if session is not None:
            try:
                found = await self._source.failover_sessions_named(session.name, MOST_OF_PLAN)
            except Exception:  # neither the server's no nor a defect must end the monitor
                return self.snapshot
            self._take(self._seen(SiblingsRead, sessions=found))
        return self.snapshot

    # One step of the asking each --------------------------------------------------------

    async def poll_once(self) -> Snapshot:
        """Ask once. Trouble becomes a part of the snapshot; nothing but cancelling raises."""
        error = await trouble_in(self._ask, "The answer")
        if error is not None:
            now = self._clock.monotonic()
            trouble = Trouble.of(error, None, now)
            before = self.snapshot.trouble
            failures = before.failures + 1 if before else 1
            wait = backoff.delay(failures, self._interval, self._random, trouble.retry_after)
            self._take(self._seen(NoAnswer, trouble=trouble, next_poll_at=now + wait))
        return self.snapshot

    async def read_details(self) -> bool:
        """Ask for a little of what belongs to the session; False when there is nothing to ask."""
        snapshot = self.snapshot
        if snapshot.session is None or self._is_quiet:
            return False
        self._details.details = before = snapshot.details
        if not await self._details.step(snapshot.session):
            return False
        after = self._details.details
        new = {key: point for key, point in after.points.items() if key not in before.points}
        read = self._seen(
            DetailsRead,
            points=new,
            plan=after.plan if before.plan is None else None,
            plan_note=after.plan_note if before.plan_note is None else None,
            failed_over=after.failed_over - before.failed_over,
            complete=after.complete and not before.complete,
            unreadable_points=after.unreadable_points - before.unreadable_points,
            tenant=after.tenant if before.tenant is None else None,
            ambiguous=after.ambiguous - before.ambiguous,
        )
        if read.is_news:
            self._publish(self._take(read))
        return True

    async def read_earlier_runs(self) -> bool:
        """Ask for the plan's sessions and the finished ones before this; True when all is known."""
        session = self.snapshot.session
        if session is None:
            return False
        if self.snapshot.siblings is None:
            await self.look_for_siblings()
        known = self.snapshot.siblings
        if known is None:
            return False
        runs = await self._runs.read(session, known)
        self._publish(self._take(self._seen(RunsRead, runs=runs)))
        return bool(runs) or not earlier_finished(known, session)

    # --------------------------------------------------------------------------------------

    async def _ask(self) -> None:
        asked_at = self._clock.monotonic()
        answer = await self._source.failover_session(self.snapshot.session_id)
        session = answer.session
        if not self._aimed:
            self._aimed = True
            target = self._targets.for_plan(session.plan_name)
            goals = Goals(target.rto, target.rpo)
            self._take(self._seen(GoalsSet, goals=goals, by_person=False))
        if session is not self.snapshot.session:
            self._details_asked.clear()
        reading = self._seen(Reading, session=session, asked_at=asked_at)
        reading = replace(reading, server_time=answer.server_time)
        for _ in self._follower.stages(reading):
            if len(session.tasks) > _LARGE:
                await asyncio.sleep(0)  # a key that was pressed comes first
        self._note_down(reading)
        self._has_session.set()

    @property
    def _is_quiet(self) -> bool:
        """Whether nothing but the poll may be sent: nobody wants it, or nothing answers."""
        return self.snapshot.paused or self.snapshot.trouble is not None

    async def _read_details(self) -> None:
        await self._has_session.wait()
        while True:
            self._more.mute()
            before = self.snapshot.session
            if not await self.read_details() and before is self.snapshot.session:
                self._details_asked.set()
                if not self._details.rests:
                    await self._more.rings()
            await self._clock.sleep(_BETWEEN_DETAILS)

    async def _read_earlier_runs(self) -> None:
        """Trouble is simply tried again a little later. Pause and outage cost no try."""
        await self._has_session.wait()
        for _ in range(RUNS_TRIES):
            while self._is_quiet:
                await self._clock.sleep(_BETWEEN_DETAILS)
            known = await self.read_earlier_runs()
            self._runs_asked.set()
            if known:
                return
            await self._clock.sleep(BETWEEN_TRIES)

    async def _see_time_pass(self) -> None:
        """What time alone changes is published too."""
        while True:
            self._sooner.mute()
            self._looks_at = due = self._follower.due
            if due is None:
                await self._sooner.rings()
                continue
            # What came meanwhile may have put it off: then there is nothing to see yet.
            seconds = due - self._clock.monotonic()
            if not await self._sooner.rings_within(self._clock, seconds) and self._is_due:
                self._listener(self.look())
                self._publish(self.snapshot)

    def _look_in_time(self) -> None:
        """What came may have changed when there is something to see next."""
        before, due = self._looks_at, self._follower.due
        if due is not None and before is not None and due > before:
            self._looks_at = due
            self._sooner.put_off(self._clock, due - self._clock.monotonic())
        elif due != before and due is not None:
            self._sooner.ring()

    @property
    def _is_due(self) -> bool:
        due = self._follower.due
        return due is not None and due <= self._clock.monotonic()

    def _ask_for_more(self) -> None:
        """Wake who reads details, unless the newest answer gives nothing to ask for."""
        snapshot = self.snapshot
        if snapshot.session and self._details.has_all_for(snapshot.session, snapshot.details):
            self._details_asked.set()
        else:
            self._more.ring()

    def _mark_asked(self, at: float | None) -> Snapshot:
        if at is None or at == self.snapshot.asked_at:
            return self.snapshot
        return self._take(self._seen(Silence, asked_at=at))

    def _seen(self, kind: type[Kind], **what: Any) -> Kind:
        """An observation made now."""
        monotonic = self._clock.monotonic()
        clock = self.snapshot.server_clock
        return kind(
            seen_at=self._clock.now(),
            monotonic=monotonic,
            server_time=clock.now(monotonic) if clock is not None else None,
            **what,
        )

    def _take(self, observation: Observation) -> Snapshot:
        self._follower.take(observation)
        self._note_down(observation)
        return self.snapshot

    def _note_down(self, observation: Observation) -> None:
        self._look_in_time()
        if not isinstance(observation, DetailsRead):
            self._ask_for_more()
        self._observer(observation)
        self._kept.take(observation)
        self._listener(self.snapshot)
