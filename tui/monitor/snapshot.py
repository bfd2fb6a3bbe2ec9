"""What is known of one session at one moment: one frozen value, all that a front end shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime, timedelta
from functools import cached_property

from tui.analysis.assessment import Assessment, TaskKey, TaskView, lasted, span
from tui.analysis.comparison import Comparison, Neighbours, basis, compare, neighbours
from tui.analysis.drill import DrillView, Goals
from tui.analysis.events import EventLog
from tui.analysis.outage import gone_on_by
from tui.analysis.status import is_done
from tui.enterprise_manager.resources import FailoverSession
from tui.light import dataclass
from tui.monitor.clock import PollState
from tui.monitor.details import Details
from tui.settings.resolved import DEFAULT_INTERVAL


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """That a person has taken note of a failure: when (server's time), and who if known."""

    at: datetime
    author: str | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """A time in which nobody watched, by the server's clock as far as it is known."""

    begin: datetime
    end: datetime


@dataclass(frozen=True)
class Snapshot(PollState):
    """Everything that a front end shows of a session: it paints or prints, and judges nothing.

    `drill` is the judgement: targets, estimate, what moves, causes; None before any data.
    `runs` are the earlier finished runs of the plan with their tasks, newest first, `usual`
    the median duration of each VM in them. `siblings` are all known sessions of the plan,
    None until the server was asked for them.

    `failed_seen_at` tells of each failed task when its failure was first seen here (server's
    time). `new_failures` are those seen to happen a moment ago, with the `Clock.monotonic`
    seconds of it, and not acknowledged; `alarms` counts all that were seen to happen: a front
    end rings when it grows. `goals_by_person` once a person has set targets, and
    `goals_author` who, where that is known.

    `interval` is how often the server is asked as things stand, `wanted_interval` how often
    while the session runs. `polls` counts answers and failures. `watched` says whether the
    session was seen running. `gaps` are the times in which nobody watched, oldest first.
    `journal_trouble` is why what is observed cannot be kept, None where it can. `followed` is
    False once nobody follows it any more.
    """

    session_id: str
    session: FailoverSession | None = None
    assessment: Assessment | None = None
    details: Details = field(default_factory=Details)
    paused: bool = False
    interval: float = field(default=DEFAULT_INTERVAL, kw_only=True)
    wanted_interval: float = field(default=DEFAULT_INTERVAL, kw_only=True)
    polls: int = field(default=0, kw_only=True)
    watched: bool = field(default=False, kw_only=True)
    drill: DrillView | None = field(default=None, kw_only=True)
    goals: Goals = field(default_factory=Goals, kw_only=True)
    goals_by_person: bool = field(default=False, kw_only=True)
    goals_author: str | None = field(default=None, kw_only=True)
    events: EventLog = field(default_factory=EventLog, kw_only=True)
    runs: tuple[FailoverSession, ...] = field(default=(), kw_only=True)
    usual: Mapping[str, timedelta] = field(default_factory=dict, kw_only=True)
    siblings: tuple[FailoverSession, ...] | None = field(default=None, kw_only=True)
    failed_seen_at: Mapping[TaskKey, datetime] = field(default_factory=dict, kw_only=True)
    new_failures: Mapping[TaskKey, float] = field(default_factory=dict, kw_only=True)
    alarms: int = field(default=0, kw_only=True)
    acknowledged: Mapping[TaskKey, Acknowledgement] = field(default_factory=dict, kw_only=True)
    gaps: tuple[Gap, ...] = field(default=(), kw_only=True)
    journal_trouble: str | None = field(default=None, kw_only=True)
    followed: bool = field(default=True, kw_only=True, compare=False)

    def data_from(self, monotonic: float, local_now: datetime) -> datetime:
        """The server's time of the data shown; now, before there is any."""
        at = self.fetched_at
        return self.server_now(monotonic if at is None else at, local_now)

    @property
    def over(self) -> bool:
        """Whether the session is done, in whatever state the server calls it."""
        return self.session is not None and is_done(self.session.state, self.session.ended)

    @property
    def knows_all_vms(self) -> bool:
        """Whether the VMs that have no task yet are known: by the plan, or because it is over."""
        return self.over or self.details.plan is not None

    def elapsed(self, server_now: datetime) -> timedelta | None:
        """Start to end, or to now until it is done."""
        if self.session is None:
            return None
        if self.over:
            return lasted(self.session.created, self.session.ended)
        return span(self.session.created, server_now)

    @cached_property
    def unacknowledged(self) -> tuple[TaskView, ...]:
        """The failed tasks that nobody has taken note of, in the order in which they failed."""
        failures = self.assessment.failures if self.assessment else ()
        return tuple(view for view in failures if view.key not in self.acknowledged)

    @cached_property
    def comparison(self) -> Comparison | None:
        """This run against the newest earlier one that has its tasks; None without one."""
        session, earlier = self.session, self._compared_run
        if session is None or self.assessment is None or earlier is None:
            return None
        tasks, plan_known = self.assessment.tasks, self.details.plan is not None
        return compare(session, tasks, earlier, plan_known=plan_known)

    @property
    def comparison_basis(self) -> tuple[object, ...] | None:
        """What the comparison rests on: two snapshots in which it is equal compare alike."""
        session, earlier = self.session, self._compared_run
        if session is None or self.assessment is None or earlier is None:
            return None
        tasks, plan_known = self.assessment.tasks, self.details.plan is not None
        return basis(session, tasks, earlier, plan_known=plan_known)

    @property
    def _compared_run(self) -> FailoverSession | None:
        return next((run for run in self.runs if run.tasks), None)

    @cached_property
    def neighbours(self) -> Neighbours:
        """The sessions of the plan before and after this one, as far as they are known."""
        if self.session is None:
            return Neighbours()
        return neighbours(self.siblings or (), self.session)

    @cached_property
    def gone_on_by(self) -> FailoverSession | None:
        """The newest run that may go on with what this one left undone, as far as is known."""
        return gone_on_by(self.session, self.siblings or ()) if self.session is not None else None

    def shifted(self, seconds: float) -> Snapshot:
        """The same on a monotonic clock that shows so much more: that of another run."""

        def moved(at: float | None) -> float | None:
            return None if at is None else at + seconds

        clock, trouble = self.server_clock, self.trouble
        return replace(
            self,
            fetched_at=moved(self.fetched_at),
            next_poll_at=moved(self.next_poll_at),
            asked_at=moved(self.asked_at),
            server_clock=clock and replace(clock, at=clock.at + seconds),
            trouble=trouble and replace(trouble, since=trouble.since + seconds),
            new_failures={key: at + seconds for key, at in self.new_failures.items()},
        )
