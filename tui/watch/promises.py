"""Whether the targets hold and whether anything is stuck, as lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from tui.analysis.assessment import TaskKey
from tui.analysis.stall import Motion, Movement
from tui.analysis.targets import RtoVerdict, RtoView
from tui.enterprise_manager.resources import FailoverSession
from tui.monitor.clock import Clock
from tui.monitor.drill import Drill, DrillView, Goals
from tui.monitor.state import MonitorState
from tui.presentation import times
from tui.presentation.farewell import rto_text
from tui.settings.resolved import DEFAULT_STALL_AFTER, Targets
from tui.watch.output import WatchLine

_STUCK = (Movement.STALLED, Movement.SLOW)


class Promises:
    """Follows one session's drill, and says each verdict once. Give it every state, in order."""

    def __init__(
        self, targets: Targets, clock: Clock, stall_after: timedelta = DEFAULT_STALL_AFTER
    ) -> None:
        self._targets = targets
        self._clock = clock
        self._drill = Drill(Goals(), stall_after)
        self._verdict: RtoVerdict | None = None
        self._told: set[tuple[TaskKey, Movement]] = set()

    def learn(self, runs: Sequence[FailoverSession]) -> None:
        """Take earlier runs in: what is slow, and when it will be over, is judged by them."""
        self._drill.learn(runs)

    def lines(self, state: MonitorState) -> list[WatchLine]:
        """What is new: another RTO verdict, a VM that is stalled or slow for the first time."""
        now = self._now(state)
        if state.session is not None:
            target = self._targets.for_plan(state.session.plan_name)
            self._drill.goals = Goals(target.rto, target.rpo)
        self._drill.take(state, now)
        view = self.view(state)
        if view is None:
            return []
        return [*self._of_rto(view.rto, now), *self._of_motions(view, now)]

    def view(self, state: MonitorState) -> DrillView | None:
        """The drill at this moment; None before any data."""
        monotonic, local = self._clock.monotonic(), self._clock.now()
        at = monotonic if state.fetched_at is None else state.fetched_at
        return self._drill.view(
            self._now(state),
            as_of=state.server_now(at, local),
            stale=state.freshness(monotonic).stale,
        )

    def _now(self, state: MonitorState) -> datetime:
        return state.server_now(self._clock.monotonic(), self._clock.now())

    def _of_rto(self, rto: RtoView, now: datetime) -> Iterator[WatchLine]:
        told, self._verdict = self._verdict, rto.verdict
        if rto.target is None or rto.verdict is told:
            return
        if told is None and (rto.over or rto.verdict is RtoVerdict.UNKNOWN):
            return  # the summary that follows at once says it, or there is nothing to say
        at = now
        if rto.verdict is RtoVerdict.MISSED and rto.deadline is not None:
            at = rto.deadline
        reason = f": {rto.reason}" if rto.reason else ""
        yield WatchLine(at, f"rto {rto.verdict.value}", None, rto_text(rto, now) + reason)

    def _of_motions(self, view: DrillView, now: datetime) -> Iterator[WatchLine]:
        for key, motion in view.motions.items():
            movement = motion.movement
            if movement not in _STUCK or (key, movement) in self._told:
                continue
            self._told.add((key, movement))
            said = _stuck(motion)
            still = view.still_since
            if (
                movement is Movement.STALLED
                and still is not None
                and still + motion.threshold <= now
            ):
                said += "; nothing else changes either, so it may be the collection that is late"
            yield WatchLine(now, f"task {movement.value}", key.vm_name, said)


def _stuck(motion: Motion) -> str:
    if motion.movement is Movement.STALLED:
        return f"no change for {times.duration(motion.quiet_for)} ({motion.basis})"
    return f"runs for {times.duration(motion.running_for)} ({motion.basis})"
