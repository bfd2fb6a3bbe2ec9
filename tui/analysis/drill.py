"""What the person running the drill needs, folded from one reading to the next.

Pure: every moment comes in as an aware UTC datetime of the server's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import field
from datetime import datetime, timedelta
from functools import cached_property

from tui.analysis.assessment import Assessment, TaskKey, TaskView
from tui.analysis.causes import Cause, group_failures
from tui.analysis.estimate import Estimate, Outlook, from_runs, kept
from tui.analysis.identity import difference
from tui.analysis.outage import Outage, Outages, recovery_of
from tui.analysis.rpo import Points, RpoView, assess_rpo
from tui.analysis.rto import assess_rto, follow_rto
from tui.analysis.running import Running, Slots, notable
from tui.analysis.stall import Motion, Movement
from tui.analysis.status import Status, is_done
from tui.analysis.targets import RtoTrack, RtoView
from tui.analysis.work_left import WorkLeft, usual_durations
from tui.enterprise_manager.resources import FailoverSession
from tui.light import dataclass

_ESTIMATE_KEPT = timedelta(seconds=5)


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
    motions: Mapping[TaskKey, Motion] = field(default_factory=dict)
    causes: tuple[Cause, ...] = ()
    still_since: datetime | None = None
    outage: Outage | None = None

    @cached_property
    def notable(self) -> Mapping[TaskKey, Motion]:
        """The motions of what does not simply move, in the server's order."""
        return notable(self.motions)


@dataclass(frozen=True, kw_only=True)
class Known:
    """What a drill is judged by: one reading, judged, and what is known beside it.

    `points` by id, None for one that is gone; `given_up` are those that could not be read.
    `settled` once plan and earlier runs were asked for, or it took too long to wait.
    """

    session: FailoverSession
    assessment: Assessment
    points: Points = field(default_factory=dict)
    given_up: frozenset[str] = frozenset()
    plan_known: bool = False
    settled: bool = True

    @property
    def over(self) -> bool:
        """Whether the session is done, in whatever state the server calls it."""
        return is_done(self.session.state, self.session.ended)


class Drill:
    """The arithmetic of one session's drill: what it remembers from reading to reading."""

    def __init__(self, stall_after: timedelta) -> None:
        """`stall_after`: without earlier runs, how long a task may stand still."""
        self.stall_after = stall_after
        self._runs: tuple[FailoverSession, ...] = ()
        self._usual: dict[str, timedelta] = {}
        self._work = WorkLeft()
        self._outages = Outages()
        self._running = Running(stall_after)
        self._track = RtoTrack()
        self._estimate: Estimate | None = None
        self._outlooked: tuple[datetime, Status, Outlook] | None = None
        self._failures: tuple[TaskView, ...] = ()
        self._causes: tuple[Cause, ...] = ()
        self._rpo_basis: tuple[object, ...] | None = None
        self._rpo_points: Points | None = None
        self._rpo_tasks: tuple[TaskView, ...] = ()
        self._rpo_view: RpoView | None = None

    def twin(self) -> Drill:
        """One that stands where this one does, and goes on by itself.

        What the two hold is replaced by either, never changed, so they may share it.
        """
        twin = copy(self)
        for part in ("_running", "_work", "_outages"):
            vars(twin)[part] = copy(vars(self)[part])
        return twin

    @property
    def runs(self) -> tuple[FailoverSession, ...]:
        """The earlier finished runs, newest first, with their tasks."""
        return self._runs

    @property
    def usual(self) -> Mapping[str, timedelta]:
        """The median duration of each VM in the earlier runs, by name."""
        return self._usual

    def learn(self, runs: Sequence[FailoverSession]) -> None:
        """Take earlier finished runs in, newest first: estimates and stalls rest on them."""
        self._runs = tuple(runs)
        self._usual = usual_durations(self._runs)
        self._work = WorkLeft(self._runs, from_runs(self._runs))
        self._outages = Outages(self._runs)
        self._outlooked = None

    def read(self, assessment: Assessment, now: datetime) -> None:
        """Take a reading in; `now` is when it was read."""
        self._running.read(assessment.tasks, now)
        self._work.read(assessment.tasks)
        self._outages.read(assessment.tasks)
        self._read_losses(assessment.tasks)
        if assessment.failures != self._failures:
            self._failures = assessment.failures
            self._causes = group_failures(assessment)

    def judge(
        self, known: Known, goals: Goals, *, now: datetime, as_of: datetime, stale: bool
    ) -> DrillView:
        """The drill at `now`, from data read at `as_of`.

        `stale` where the data is old or polling is paused: then nothing is said of what
        moves and what stands still.
        """
        session, assessment, over = known.session, known.assessment, known.over
        running = self._running
        running.expect(self._usual, self.stall_after)
        motions = running.motions(assessment.tasks, now, stale=stale)
        stalled = frozenset(
            key for key, each in notable(motions).items() if each.movement is Movement.STALLED
        )
        outlook = self._outlook(known, now, stalled)
        outage = self._outages.of(session, assessment, now=now, declared=goals.declared)
        rto = assess_rto(
            goals.rto,
            session.created,
            now=now,
            over=over,
            ended=session.ended,
            declared=goals.declared,
            outage_began=outage.first_began if outage else None,
            as_of=as_of,
            estimate=outlook.estimate,
            stalled=len(stalled),
            recovery=recovery_of(assessment, outage, over=over),
            settled=known.settled,
            track=self._track,
        )
        self._track, rto = follow_rto(self._track, rto, now)
        return DrillView(
            rto,
            self._rpo(known, goals.rpo),
            outlook,
            Slots(running.count(assessment.tasks)),
            motions,
            self._causes,
            None if stale else running.still_since(assessment.tasks),
            outage,
        )

    def _rpo(self, known: Known, target: timedelta | None) -> RpoView:
        """Judged anew when there is something new to judge by: a poll alone is not."""
        session, tasks = known.session, known.assessment.tasks
        basis = (target, session.created, known.given_up)
        points = known.points
        self._read_losses(tasks)
        if self._rpo_view is None or points is not self._rpo_points or basis != self._rpo_basis:
            self._rpo_basis, self._rpo_points = basis, points
            self._rpo_view = assess_rpo(target, session.created, tasks, points, known.given_up)
        return self._rpo_view

    def _read_losses(self, tasks: tuple[TaskView, ...]) -> None:
        if not _lose_the_same(self._rpo_tasks, tasks):
            self._rpo_view = None
        self._rpo_tasks = tasks

    def _outlook(self, known: Known, now: datetime, stalled: frozenset[TaskKey]) -> Outlook:
        """The estimate, made anew every few seconds: it is not to move with each poll."""
        assessment = known.assessment
        status = assessment.status
        if self._outlooked is not None:
            at, before, outlook = self._outlooked
            if before is status and timedelta() <= now - at < _ESTIMATE_KEPT:
                return outlook
        outlook = self._work.outlook(
            status,
            assessment.tasks,
            now=now,
            plan_known=known.plan_known,
            stalled=stalled,
            over=known.over,
        )
        outlook = kept(self._estimate, outlook, now)
        self._estimate = outlook.estimate
        self._outlooked = (now, status, outlook)
        return outlook


def _lose_the_same(before: tuple[TaskView, ...], after: tuple[TaskView, ...]) -> bool:
    """Whether nothing has changed in the tasks that a recovery point objective is judged by."""
    return len(before) == len(after) and all(
        _what_is_lost(before[place]) == _what_is_lost(after[place])
        for place in difference(before, after).changed
    )


def _what_is_lost(view: TaskView) -> tuple[object, ...]:
    task = view.task
    return view.key, view.is_to_begin, task is None, task.created if task is not None else None
