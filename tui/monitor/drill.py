"""What the person running the drill needs, folded from one state to the next."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from tui.analysis.assessment import Assessment, TaskKey, TaskView
from tui.analysis.causes import Cause, group_failures
from tui.analysis.comparison import Comparison, compare
from tui.analysis.estimate import Estimate, Outlook, estimate, kept, usual_durations
from tui.analysis.evidence import Evidence, from_runs
from tui.analysis.rpo import Points, RpoView, assess_rpo
from tui.analysis.slots import Slots, slots_in_use
from tui.analysis.stall import (
    Motion,
    Movement,
    Pulses,
    all_still_since,
    assess_motion,
    fold_pulses,
)
from tui.analysis.status import Status, is_done
from tui.analysis.targets import RtoTrack, RtoView, assess_rto, follow_rto
from tui.enterprise_manager.resources import FailoverSession
from tui.monitor.details import Details
from tui.monitor.events import EventLog
from tui.monitor.state import MonitorState
from tui.settings.resolved import DEFAULT_STALL_AFTER

_ESTIMATE_KEPT = timedelta(seconds=5)

SETTLING: Final = timedelta(minutes=1)
"""How long a risk stays unsaid at most while what a forecast rests on is being read."""

DRILLS_KEPT: Final = 50
"""Sessions whose notes and targets are remembered, so that weeks of looking stay small."""


@dataclass(frozen=True)
class Goals:
    """What was promised. `declared` (UTC) is when the disaster was declared."""

    rto: timedelta | None = None
    rpo: timedelta | None = None
    declared: datetime | None = None


@dataclass(frozen=True)
class DrillView:
    """One moment of a drill; every part says itself what it rests on."""

    rto: RtoView
    rpo: RpoView
    outlook: Outlook
    slots: Slots
    motions: dict[TaskKey, Motion] = field(default_factory=dict)
    causes: tuple[Cause, ...] = ()
    still_since: datetime | None = None


class Drill:
    """Follows one session's drill. Give it every state, in order."""

    def __init__(self, goals: Goals, stall_after: timedelta = DEFAULT_STALL_AFTER) -> None:
        self.goals = goals
        self.goals_settled = False
        """Whether the targets of the settings were taken; from then on a person's hold."""
        self.events = EventLog()
        self._stall_after = stall_after
        self._runs: tuple[FailoverSession, ...] = ()
        self._runs_settled = False
        self._first_viewed: datetime | None = None
        self._usual: dict[str, timedelta] = {}
        self._learned: Evidence | None = None
        self._pulses: Pulses = {}
        self._track = RtoTrack()
        self._estimate: Estimate | None = None
        self._last: MonitorState | None = None
        self._outlooked: tuple[datetime, Status, Outlook] | None = None
        self._failures: tuple[TaskView, ...] = ()
        self._causes: tuple[Cause, ...] = ()
        self._rpo_basis: tuple[object, ...] | None = None
        self._rpo_points: Points | None = None
        self._rpo_view: RpoView | None = None
        self.last_view: DrillView | None = None

    @property
    def runs(self) -> tuple[FailoverSession, ...]:
        """The earlier finished runs that are known, newest first, with their tasks."""
        return self._runs

    @property
    def usual(self) -> Mapping[str, timedelta]:
        """The median duration of each VM in the earlier runs, by name."""
        return self._usual

    def learn(self, runs: Sequence[FailoverSession]) -> None:
        """Take earlier runs in; they are the basis of estimates and comparisons.

        None at all is an answer too: there are none to wait for.
        """
        self._runs_settled = True
        if not runs and self._runs:
            return
        self._runs = tuple(runs)
        self._usual = usual_durations(self._runs)
        self._learned = from_runs(self._runs)
        self._outlooked = None

    def note(self, text: str, now: datetime) -> None:
        """Add the operator's note to the events."""
        self.events = self.events.noted(text, now)

    def take(self, state: MonitorState, now: datetime) -> None:
        """Take a new state in. `now` is the server's time."""
        last = self._last
        if state.session is None and last is not None and last.session is not None:
            # Opened again and not read yet: forgetting what was known would tell it all twice.
            state = replace(
                state, session=last.session, assessment=last.assessment, details=last.details
            )
        self.events = self.events.folded(last, state, now)
        # A session opened again counts its polls anew.
        fresh = last is None or (last.polls, last.fetched_at) != (state.polls, state.fetched_at)
        if state.assessment is not None and fresh and state.trouble is None:
            self._pulses = fold_pulses(self._pulses, state.assessment.tasks, now)
        if state.assessment is not None and state.assessment.failures != self._failures:
            self._failures = state.assessment.failures
            self._causes = group_failures(state.assessment)
        self._last = state

    def comparison(self) -> Comparison | None:
        """This run against the newest earlier one that has its tasks; None without one."""
        state = self._last
        if state is None or state.session is None or state.assessment is None:
            return None
        earlier = next((run for run in self._runs if run.tasks), None)
        if earlier is None:
            return None
        plan_known = state.details.plan is not None
        return compare(state.session, state.assessment.tasks, earlier, plan_known=plan_known)

    def view(self, now: datetime, *, as_of: datetime, stale: bool) -> DrillView | None:
        """The drill at `now` (server's time), from data read at `as_of`; None before any.

        `stale` where the data is old or polling is paused: then nothing is said of what
        moves and what stands still.
        """
        state = self._last
        if state is None or state.session is None or state.assessment is None:
            return None
        session, assessment = state.session, state.assessment
        over = is_done(session.state, session.ended)
        motions = assess_motion(
            assessment.tasks,
            self._pulses,
            now=now,
            stale=stale,
            usual=self._usual,
            stall_after=self._stall_after,
        )
        stalled = frozenset(key for key, m in motions.items() if m.movement is Movement.STALLED)
        outlook = self._outlook(state, now, stalled)
        rto = assess_rto(
            self.goals.rto,
            session.created,
            now=now,
            over=over,
            ended=session.ended,
            declared=self.goals.declared,
            as_of=as_of,
            estimate=outlook.estimate,
            stalled=len(stalled),
            not_recovered=_not_recovered(assessment, over=over),
            settled=self._is_settled(state, now),
        )
        rto = replace(rto, vms=assessment.total, failed=assessment.count(Status.FAILED))
        self._track, rto = follow_rto(self._track, rto, now)
        self.last_view = DrillView(
            rto,
            self._rpo(session, assessment, state.details),
            outlook,
            slots_in_use(assessment.tasks),
            motions,
            self._causes,
            None if stale else all_still_since(assessment.tasks, self._pulses),
        )
        return self.last_view

    def _is_settled(self, state: MonitorState, now: datetime) -> bool:
        """Whether plan and earlier runs were asked for, or it took too long to wait for them."""
        if self._first_viewed is None:
            self._first_viewed = now
        known = self._runs_settled and state.details.complete
        return known or now - self._first_viewed >= SETTLING

    def _rpo(self, session: FailoverSession, assessment: Assessment, details: Details) -> RpoView:
        """Judged anew when there is something new to judge by: a poll alone is not."""
        keys = [view.key for view in assessment.tasks if view.task is not None]
        to_begin = sum(1 for view in assessment.tasks if view.is_to_begin)
        points, given_up = details.points, details.unreadable_points
        basis = (self.goals.rpo, session.created, given_up, to_begin, keys)
        if self._rpo_view is None or points is not self._rpo_points or basis != self._rpo_basis:
            self._rpo_basis, self._rpo_points = basis, points
            self._rpo_view = assess_rpo(
                self.goals.rpo, session.created, assessment.tasks, points, given_up
            )
        return self._rpo_view

    def _outlook(self, state: MonitorState, now: datetime, stalled: frozenset[TaskKey]) -> Outlook:
        """The estimate, made anew every few seconds: it costs more than all the rest."""
        session = state.session
        if state.assessment is None or session is None:
            return Outlook(None)
        status = state.assessment.status
        if self._outlooked is not None:
            at, before, outlook = self._outlooked
            if before is status and timedelta() <= now - at < _ESTIMATE_KEPT:
                return outlook
        outlook = estimate(
            status,
            [view for view in state.assessment.tasks if view.status is not Status.ALREADY],
            now=now,
            earlier=self._runs,
            learned=self._learned,
            plan_known=state.details.plan is not None,
            stalled=stalled,
            over=is_done(session.state, session.ended),
        )
        outlook = kept(self._estimate, outlook, now)
        self._estimate = outlook.estimate
        self._outlooked = (now, status, outlook)
        return outlook


class Drills:
    """One drill per session, so that leaving a session loses no note and no target.

    Remembers the `DRILLS_KEPT` that were opened last.
    """

    def __init__(self, stall_after: timedelta = DEFAULT_STALL_AFTER) -> None:
        self._stall_after = stall_after
        self._drills: OrderedDict[str, Drill] = OrderedDict()

    def of(self, session_id: str) -> Drill:
        """The session's drill: the one it had when it was last open, or a new one."""
        key = session_id.lower()
        drill = self._drills.setdefault(key, Drill(Goals(), self._stall_after))
        self._drills.move_to_end(key)
        while len(self._drills) > DRILLS_KEPT:
            self._drills.popitem(last=False)
        return drill


def _not_recovered(assessment: Assessment, *, over: bool) -> int:
    """VMs that failed, and once it is over those that never came up or never began."""
    lost = assessment.count(Status.FAILED)
    if over:
        lost += assessment.count(Status.WAITING, Status.UNKNOWN)
    return lost
