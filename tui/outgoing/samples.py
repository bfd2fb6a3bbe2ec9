"""The figures of a followed session at one moment."""

from __future__ import annotations

from datetime import datetime, timedelta

from tui.analysis.targets import TargetVerdict
from tui.light import dataclass
from tui.metrics.text import SessionSample
from tui.monitor.clock import Clock
from tui.monitor.snapshot import Snapshot
from tui.presentation.event_data import Origin, rto_left, vm_counts

REHEARSAL = "REHEARSAL "
"""Before the server's name in a demo, whose figures raise alarms like any other."""


@dataclass
class Tally:
    """One session's newest snapshot, and what is counted of it since this program started."""

    origin: Origin
    state: Snapshot
    polls: int = 0
    errors: int = 0
    watch_ended_at: datetime | None = None

    def take(self, state: Snapshot, now: datetime) -> bool:
        """The next snapshot; whether there is a reason to write the figures at once."""
        before, self.state = self.state, state
        new = max(0, state.polls - before.polls)
        self.polls += new
        self.errors += new if state.trouble is not None else 0
        if state.followed:
            self.watch_ended_at = None
        elif self.watch_ended_at is None:
            self.watch_ended_at = now
        return bool(new) or state.followed is not before.followed

    def sample(self, clock: Clock) -> SessionSample:
        """As things stand; once nobody watches any more, as they stood then."""
        here, monotonic = clock.now(), clock.monotonic()
        state, session = self.state, self.state.session
        if self.watch_ended_at is not None:
            monotonic -= (here - self.watch_ended_at).total_seconds()
            here = self.watch_ended_at
        now = state.server_now(monotonic, here)
        age = state.freshness(monotonic).age
        assessment, view = state.assessment, state.drill
        points = view.rpo if view is not None else None
        has_target = view is not None and view.rto.verdict is not TargetVerdict.NO_TARGET
        return SessionSample(
            server=(REHEARSAL if self.origin.rehearsal else "") + self.origin.server,
            session_id=state.session_id,
            plan=session.plan_name if session else "",
            tenant=state.details.tenant,
            backup_server=session.backup_server if session else None,
            up=state.fetched_at is not None and state.trouble is None and state.asked_at is None,
            status=assessment.status.value if assessment else "unknown",
            verdict=view.rto.verdict.value if view is not None else None,
            vms=tuple(vm_counts(assessment).items()) if assessment else None,
            progress=assessment.progress if assessment else None,
            started_at=session.created if session else None,
            ended_at=session.ended if session else None,
            elapsed=state.elapsed(now),
            rto_target=view.rto.target if view is not None else None,
            rto_left=rto_left(view.rto, now) if view is not None and has_target else None,
            rpo_target=points.target if points else None,
            rpo_worst=points.worst.rpo if points and points.worst else None,
            rpo_known=points.read if points else None,
            unacknowledged=len(state.unacknowledged) if assessment else None,
            interval=timedelta(seconds=state.interval),
            fetched_at=None if age is None else here - timedelta(seconds=age),
            age=None if age is None else timedelta(seconds=age),
            watch_ended_at=self.watch_ended_at,
            polls=self.polls,
            errors=self.errors,
        )
