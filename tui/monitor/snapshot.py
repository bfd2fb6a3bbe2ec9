"""What is known of one session at one moment: one frozen value, all that a front end shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from tui.analysis.assessment import TaskKey
from tui.analysis.comparison import Comparison, Neighbours, compare, neighbours
from tui.enterprise_manager.resources import FailoverSession
from tui.monitor.drill import DrillView, Goals
from tui.monitor.events import EventLog
from tui.monitor.state import MonitorState


@dataclass(frozen=True)
class Snapshot(MonitorState):
    """Everything that a front end shows of a session: it paints or prints, and judges nothing.

    `drill` is the judgement: targets, estimate, what moves, causes; None before any data.
    `runs` are the earlier finished runs of the plan with their tasks, newest first, `usual`
    the median duration of each VM in them. `siblings` are all known sessions of the plan,
    None until the server was asked for them.

    `new_failures` holds the tasks that were seen to fail a moment ago, with the
    `Clock.monotonic` seconds of it; `failures_seen` counts all that were seen to fail: a
    front end rings when it grows.
    """

    drill: DrillView | None = field(default=None, kw_only=True)
    goals: Goals = field(default_factory=Goals, kw_only=True)
    events: EventLog = field(default_factory=EventLog, kw_only=True)
    runs: tuple[FailoverSession, ...] = field(default=(), kw_only=True)
    usual: Mapping[str, timedelta] = field(default_factory=dict, kw_only=True)
    siblings: tuple[FailoverSession, ...] | None = field(default=None, kw_only=True)
    new_failures: Mapping[TaskKey, float] = field(default_factory=dict, kw_only=True)
    failures_seen: int = field(default=0, kw_only=True)

    def data_from(self, monotonic: float, local_now: datetime) -> datetime:
        """The server's time of the data shown; now, before there is any."""
        at = self.fetched_at
        return self.server_now(monotonic if at is None else at, local_now)

    @cached_property
    def comparison(self) -> Comparison | None:
        """This run against the newest earlier one that has its tasks; None without one."""
        earlier = next((run for run in self.runs if run.tasks), None)
        if self.session is None or self.assessment is None or earlier is None:
            return None
        plan_known = self.details.plan is not None
        return compare(self.session, self.assessment.tasks, earlier, plan_known=plan_known)

    @property
    def neighbours(self) -> Neighbours:
        """The sessions of the plan before and after this one, as far as they are known."""
        if self.session is None:
            return Neighbours()
        return neighbours(self.siblings or (), self.session)
