"""What a poll leaves behind: one frozen value, trouble included."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tui.analysis.assessment import Assessment, lasted, span
from tui.analysis.status import is_done
from tui.enterprise_manager.resources import FailoverSession
from tui.monitor.details import Details
from tui.monitor.poll_state import PollState
from tui.settings.resolved import DEFAULT_INTERVAL


@dataclass(frozen=True)
class MonitorState(PollState):
    """Everything a front end shows of a session.

    A poll that brought nothing new gives an equal state.
    """

    session_id: str
    session: FailoverSession | None = None
    assessment: Assessment | None = None
    details: Details = field(default_factory=Details)
    paused: bool = False
    interval: float = field(default=DEFAULT_INTERVAL, kw_only=True)
    polls: int = field(default=0, compare=False)

    def elapsed(self, server_now: datetime) -> timedelta | None:
        """Start to end, or to now until it is done, in whatever state the server calls it."""
        if self.session is None:
            return None
        over = is_done(self.session.state, self.session.ended)
        if over:
            return lasted(self.session.created, self.session.ended)
        return span(self.session.created, server_now)
