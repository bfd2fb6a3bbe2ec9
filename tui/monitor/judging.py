"""When a session is judged, and when it has to be judged again."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Final

from tui.analysis.assessment import Assessment
from tui.analysis.drill import Drill, DrillView, Known
from tui.analysis.status import Status
from tui.enterprise_manager.resources import FailoverSession
from tui.monitor.details import Details
from tui.monitor.observations import (
    DetailsRead,
    GoalsSet,
    NoAnswer,
    Observation,
    PauseSet,
    Reading,
    RunsRead,
)
from tui.monitor.snapshot import Snapshot
from tui.settings.resolved import DEFAULT_STALL_AFTER

SETTLING: Final = 60.0
"""Seconds for which a risk stays unsaid at most while what a forecast rests on is being read."""

_LARGE: Final = 300
_JUDGED_FOR: Final = 4.5
"""A failover of more tasks than `_LARGE` is judged every so many seconds only."""

_RARE: Final = 10.0
"""Seconds between polls from which on news in between are judged at once."""

_JUST_AFTER: Final = 2e-6
"""Seconds: two steps of a datetime."""


class Judging:
    """Judges one session's snapshots. Moments are monotonic seconds, and never go back."""

    def __init__(self, now: Callable[[float], datetime]) -> None:
        """`now` gives the server's time at a moment."""
        self.drill = Drill(DEFAULT_STALL_AFTER)
        self._now = now
        self._runs_known = False
        self._judged_at: float | None = None
        self._first_judged: float | None = None
        self._failed = 0
        self._judged: tuple[Assessment | None, Details | None] = (None, None)
        self._blind = False
        self._settled = False

    def know_all_of(self, other: Judging) -> None:
        """Have judged what the other one has, which goes on by itself."""
        now, drill = self._now, other.drill.twin()
        vars(self).update({**vars(other), "_now": now, "drill": drill})

    def learn(self, runs: Sequence[FailoverSession]) -> None:
        """Take earlier runs in. None at all is an answer too: there are none to wait for."""
        self._runs_known = True
        if runs or not self.drill.runs:
            self.drill.learn(runs)

    def wants(self, observation: Observation, snapshot: Snapshot) -> bool:
        """Whether what was observed, and stands in the snapshot, has to be judged.

        Replica points come in once a second, and judging a big failover is dear: what
        they say is judged with the next poll, unless polls are rare.
        """
        at = observation.monotonic
        if snapshot.session is None:
            return False
        if self._judged_at is None or self._is_blind(snapshot, at) is not self._blind:
            return True
        if isinstance(observation, RunsRead | GoalsSet | PauseSet):
            return True
        if isinstance(observation, DetailsRead):
            news = observation.plan or observation.failed_over or observation.complete
            return bool(news or snapshot.interval > _RARE) and self._is_due(snapshot, at)
        assessment, details = self._judged
        if snapshot.over and snapshot.assessment is assessment and snapshot.details is details:
            return False  # what is over does not change by being read once more
        return isinstance(observation, Reading | NoAnswer) and self._is_due(snapshot, at)

    def _is_due(self, snapshot: Snapshot, at: float) -> bool:
        """A large failover is judged every few seconds, however often it is polled.

        A failure does not wait: what is said of the target counts the failed VMs too.
        """
        assessment = snapshot.assessment
        if self._judged_at is None or assessment is None or assessment.total <= _LARGE:
            return True
        if assessment.count(Status.FAILED) != self._failed:
            return True
        return at - self._judged_at >= _JUDGED_FOR or not assessment.status.is_running

    def judge(self, snapshot: Snapshot, at: float) -> DrillView | None:
        """The judgement at that moment; None before there is any data."""
        if snapshot.session is None or snapshot.assessment is None:
            return None
        self._judged_at = at
        self._failed = snapshot.assessment.count(Status.FAILED)
        self._judged = (snapshot.assessment, snapshot.details)
        self._blind = self._is_blind(snapshot, at)
        if self._first_judged is None:
            self._first_judged = at
        known = self._runs_known and snapshot.details.complete
        self._settled = known or at >= self._first_judged + SETTLING
        return self.drill.judge(
            Known(
                session=snapshot.session,
                assessment=snapshot.assessment,
                points=snapshot.details.points,
                given_up=snapshot.details.unreadable_points,
                plan_known=snapshot.details.plan is not None,
                settled=self._settled,
            ),
            snapshot.goals,
            now=self._now(at),
            as_of=self._now(at if snapshot.fetched_at is None else snapshot.fetched_at),
            stale=self._blind,
        )

    def dues(self, snapshot: Snapshot) -> Iterator[float]:
        """When time alone makes the last judgement wrong: a dead server gives no answer that
        would have it judged anew."""
        if self._judged_at is None or self._first_judged is None:
            return
        if not self._blind and not snapshot.over and snapshot.old_after is not None:
            yield math.nextafter(snapshot.old_after, math.inf)
        if not self._settled:
            yield self._first_judged + SETTLING
        deadline = self._deadline(snapshot, self._judged_at)
        if deadline is not None:
            yield deadline

    def _deadline(self, snapshot: Snapshot, judged_at: float) -> float | None:
        """Just after the target's moment, unless it was judged after it already."""
        rto = snapshot.drill.rto if snapshot.drill is not None else None
        if rto is None or rto.over or rto.deadline is None:
            return None
        left = rto.deadline - self._now(judged_at)
        due = judged_at + left.total_seconds() + _JUST_AFTER
        # A clock at the end of all dates stands still.
        return due if due > judged_at and self._now(due) > rto.deadline else None

    def _is_blind(self, snapshot: Snapshot, at: float) -> bool:
        """Whether nothing can be said of what moves: the data is old, or nobody asks.

        Of what is over nothing moves.
        """
        return not snapshot.over and (snapshot.paused or snapshot.is_stale(at))

    def shift(self, seconds: float) -> None:
        """The monotonic clock is another run's, and shows so much more."""
        if self._judged_at is not None and self._first_judged is not None:
            self._judged_at += seconds
            self._first_judged += seconds
