"""One session followed on a server: asks, folds what comes, and hands out snapshots.

A front end calls `run` with what takes each snapshot, hands in what a person wants, and
paints or prints. It asks nothing itself and judges nothing.
"""

from __future__ import annotations

import asyncio
import random
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, Protocol

from tui.analysis.assessment import TaskKey
from tui.analysis.comparison import earlier_finished
from tui.enterprise_manager.resources import FailoverSession
from tui.monitor.clock import Clock
from tui.monitor.drill import Drill, Goals
from tui.monitor.earlier_runs import EarlierRuns
from tui.monitor.monitor import SessionMonitor, SessionSource
from tui.monitor.session_list import MOST_OF_PLAN, merged
from tui.monitor.snapshot import Snapshot
from tui.monitor.state import MonitorState
from tui.settings.resolved import DEFAULT_INTERVAL, DEFAULT_STALL_AFTER, Targets

NEW_FOR: Final = 10.0
"""Seconds for which a failure is new."""

KEPT: Final = 50
"""Sessions whose past is remembered, so that weeks of looking stay small."""

_LARGE: Final = 300
_JUDGED_FOR: Final = 4.5
_RARE: Final = 10.0
"""Seconds between polls from which on news in between are judged at once."""

_RUNS_TRIES: Final = 5
_BETWEEN_TRIES: Final = 30.0

Publish = Callable[[Snapshot], None]


class LiveSource(SessionSource, Protocol):
    """The part of the client that a session is followed through."""

    async def failover_sessions_named(
        self, name: str, limit: int = 100
    ) -> tuple[FailoverSession, ...]:
        """Read the newest sessions of that name."""


class LiveSession:
    """Follows one session while `run` runs, and remembers it in between."""

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
        random_source: Callable[[], float] = random.random,
    ) -> None:
        """`interval` in seconds. `runs` is what remembers finished runs, shared or its own."""
        self._source = source
        self._clock = clock
        self._targets = targets or Targets()
        self._runs = runs or EarlierRuns(source)
        self._monitor = SessionMonitor(
            source, session_id, clock=clock, interval=interval, random_source=random_source
        )
        self._drill = Drill(Goals(), stall_after)
        self._running = asyncio.Lock()
        self._failures: frozenset[TaskKey] | None = None
        self._judged_at = 0.0
        self._judged_until: datetime | None = None
        self._judged_blind = False
        self._publish: Publish = lambda _: None
        self.snapshot = Snapshot(session_id, interval=interval)

    async def run(self, publish: Publish) -> None:
        """Follow until cancelled, handing each snapshot to `publish`."""
        async with self._running:
            self._publish = publish
            if self.snapshot.paused:
                self.toggle_pause()
            async with asyncio.TaskGroup() as group:
                group.create_task(self._monitor.run(self._take))
                group.create_task(self._read_earlier_runs())

    def poll_now(self) -> None:
        """Ask at once, also while paused or backing off."""
        self._monitor.poll_now()

    def toggle_pause(self) -> Snapshot:
        """Stop asking, or go on at once."""
        self._keep(self._monitor.toggle_pause())
        return self._judge()

    def set_interval(self, seconds: float) -> Snapshot:
        """Ask that often; at once for a start."""
        self._keep(self._monitor.set_interval(seconds))
        return self.snapshot

    @property
    def interval(self) -> float:
        """Seconds between polls while the session runs, as it was set."""
        return self._monitor.interval

    def note(self, text: str) -> Snapshot:
        """Add a person's note to the events."""
        self._drill.note(text, self.server_now())
        self.snapshot = replace(self.snapshot, events=self._drill.events)
        return self.snapshot

    def set_goals(self, goals: Goals) -> Snapshot:
        """A person's targets and declared time, from now on."""
        self._drill.goals = goals
        self._drill.goals_settled = True
        return self._judge()

    def look(self) -> Snapshot:
        """The snapshot as of now: time alone makes data old and moves targets past."""
        now = self._clock.monotonic()
        fresh = {key: at for key, at in self.snapshot.new_failures.items() if now - at < NEW_FOR}
        if len(fresh) < len(self.snapshot.new_failures):
            self.snapshot = replace(self.snapshot, new_failures=fresh)
        if self._judgement_is_outdated():
            self._judge()
        return self.snapshot

    async def look_for_siblings(self) -> Snapshot:
        """Ask for the sessions of the plan; without an answer what is known stays."""
        session = self.snapshot.session
        if session is not None:
            try:
                found = await self._source.failover_sessions_named(session.name, MOST_OF_PLAN)
            except Exception:  # neither the server's no nor a defect must end the monitor
                return self.snapshot
            known = merged(self.snapshot.siblings or (), found)
            self.snapshot = replace(self.snapshot, siblings=known)
        return self.snapshot

    def server_now(self) -> datetime:
        """The server's time."""
        return self.snapshot.server_now(self._clock.monotonic(), self._clock.now())

    def _take(self, state: MonitorState) -> None:
        before = self.snapshot
        self._keep(state)
        session = state.session
        if session is not None and not self._drill.goals_settled:
            self._drill.goals_settled = True
            target = self._targets.for_plan(session.plan_name)
            self._drill.goals = Goals(target.rto, target.rpo)
        self._drill.take(state, self.server_now())
        self._mark_new_failures()
        self.snapshot = replace(self.snapshot, events=self._drill.events)
        # Replica points come in once a second, and judging a big failover is dear: what
        # they say is judged with the next poll, unless polls are rare.
        only_points = _all_but_points(before) == _all_but_points(self.snapshot)
        if (not only_points or state.interval > _RARE) and self._judging_is_due():
            self._judge()
        self._publish(self.snapshot)

    def _keep(self, state: MonitorState) -> None:
        """The monitor's part of the snapshot."""
        self.snapshot = replace(
            self.snapshot,
            **{name: getattr(state, name) for name in state.__dataclass_fields__},
        )

    def _judging_is_due(self) -> bool:
        """A large failover is judged every few seconds, however often it is polled."""
        assessment = self.snapshot.assessment
        if self.snapshot.drill is None or assessment is None or assessment.total <= _LARGE:
            return True
        since = self._clock.monotonic() - self._judged_at
        return since >= _JUDGED_FOR or not assessment.status.is_running

    def _judge(self) -> Snapshot:
        if self.snapshot.session is None:
            return self.snapshot
        self._judged_at = self._clock.monotonic()
        self._judged_until = self.server_now()
        self._judged_blind = self._is_blind()
        as_of = self.snapshot.data_from(self._judged_at, self._clock.now())
        view = self._drill.view(self._judged_until, as_of=as_of, stale=self._judged_blind)
        self.snapshot = replace(
            self.snapshot,
            drill=view,
            goals=self._drill.goals,
            runs=self._drill.runs,
            usual=self._drill.usual,
        )
        return self.snapshot

    def _is_blind(self) -> bool:
        """Whether nothing can be said of what moves: the data is old, or nobody asks."""
        stale = self.snapshot.freshness(self._clock.monotonic()).stale
        return stale or self.snapshot.paused

    def _judgement_is_outdated(self) -> bool:
        """Whether time alone has made the last judgement wrong, without an answer.

        A dead server gives no answer that would have it judged anew.
        """
        view = self.snapshot.drill
        if view is None or self._judged_until is None:
            return False
        if self._is_blind() is not self._judged_blind:
            return True
        return view.rto.is_outdated(self._judged_until, self.server_now())

    def _mark_new_failures(self) -> None:
        assessment = self.snapshot.assessment
        if assessment is None:
            return
        failures = frozenset(view.key for view in assessment.failures)
        new = failures - self._failures if self._failures is not None else frozenset()
        self._failures = failures
        if new:
            now = self._clock.monotonic()
            self.snapshot = replace(
                self.snapshot,
                new_failures={**self.snapshot.new_failures, **dict.fromkeys(new, now)},
                failures_seen=self.snapshot.failures_seen + len(new),
            )

    async def _read_earlier_runs(self) -> None:
        """Once the session is there; trouble is simply tried again a little later."""
        for _ in range(_RUNS_TRIES):
            while self.snapshot.session is None:
                await self._clock.sleep(1.0)
            session = self.snapshot.session
            if self.snapshot.siblings is None:
                await self.look_for_siblings()
            known = self.snapshot.siblings
            if known is not None:
                runs = await self._runs.read(session, known)
                self._drill.learn(runs)
                self._publish(self._judge())
                if runs or not earlier_finished(known, session):
                    return
            await self._clock.sleep(_BETWEEN_TRIES)


class LiveSessions:
    """One for each session that was opened, so that leaving loses nothing of it.

    Remembers the `KEPT` that were opened last.
    """

    def __init__(self, opened: Callable[[str], LiveSession]) -> None:
        """`opened` makes the one for a session ID."""
        self._opened = opened
        self._sessions: OrderedDict[str, LiveSession] = OrderedDict()

    def of(self, session_id: str) -> LiveSession:
        """The one that it had when it was last open, or a new one."""
        key = session_id.lower()
        if key not in self._sessions:
            self._sessions[key] = self._opened(session_id)
        self._sessions.move_to_end(key)
        while len(self._sessions) > KEPT:
            self._sessions.popitem(last=False)
        return self._sessions[key]


def _all_but_points(state: MonitorState) -> tuple[object, ...]:
    details = state.details
    return state.polls, details.plan, details.failed_over, details.complete
