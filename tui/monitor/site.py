"""One Enterprise Manager that is watched: what is asked of it, and by which part."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Protocol

from tui.monitor.clock import Clock
from tui.monitor.earlier_runs import EarlierRuns
from tui.monitor.kept import Keeper
from tui.monitor.live_session import Listener, LiveSession, LiveSource, unheard
from tui.monitor.live_sessions import LiveSessions
from tui.monitor.plan_check import PlanCheck, PlanCheckSource
from tui.monitor.selecting import find_session
from tui.monitor.session_list import ListSource, SessionList
from tui.monitor.standby import Standby, StandbySource
from tui.session_selector import Selector
from tui.settings.resolved import Targets


class SiteSource(ListSource, LiveSource, StandbySource, PlanCheckSource, Protocol):
    """What all the parts read through: the client."""


class Site:
    """Makes the parts that ask, and keeps those that outlive a screen.

    `sessions` is the session list, `followed` each session that was open, with its notes
    and targets. Both remember the finished runs that were read.
    """

    def __init__(
        self,
        source: SiteSource,
        clock: Clock,
        *,
        interval: float,
        targets: Targets,
        stall_after: timedelta,
        keeper_of: Callable[[str], Keeper | None] = lambda _: None,
        listener_of: Callable[[str], Listener] = lambda _: unheard,
    ) -> None:
        """`interval` is the one between polls of a session, in seconds. `keeper_of` gives
        what keeps the observations of the session with that ID, `listener_of` what is told its
        snapshots."""
        self._keeper_of = keeper_of
        self._listener_of = listener_of
        self._source = source
        self._interval = interval
        self._stall_after = stall_after
        self._runs = EarlierRuns(source)
        self.clock = clock
        self.targets = targets
        self.sessions = SessionList(source, clock=clock)
        self.followed = LiveSessions(self._follow)

    def _follow(self, session_id: str) -> LiveSession:
        return LiveSession(
            self._source,
            session_id,
            clock=self.clock,
            interval=self._interval,
            targets=self.targets,
            stall_after=self._stall_after,
            runs=self._runs,
            keeper=self._keeper_of(session_id),
            listener=self._listener_of(session_id),
        )

    def standby(self, plan_name: str, backup_server: str | None = None) -> Standby:
        """One that waits for the plan's next session; what is listed now is its past."""
        seen = self.sessions.state
        return Standby(
            self._source,
            plan_name,
            self.clock,
            backup_server=backup_server,
            known=seen.sessions,
            server_clock=seen.server_clock,
        )

    def plan_check(
        self, plan_name: str, backup_server: str | None = None, session_id: str | None = None
    ) -> PlanCheck:
        """The start check of a plan; `session_id` is any session of it."""
        return PlanCheck(
            self._source,
            plan_name,
            self.clock,
            rpo_target=self.targets.for_plan(plan_name).rpo,
            backup_server=backup_server,
            session_id=session_id,
            server_clock=self.sessions.state.server_clock,
        )

    async def find(self, wanted: str | Selector) -> str:
        """Ask for a session; its ID. Raises what the client does where it is not to be had,
        and `AmbiguousSession` where it could be several."""
        if isinstance(wanted, Selector):
            return (await find_session(self._source, wanted)).id
        await self._source.failover_session(wanted)
        return wanted

    def close(self) -> int:
        """For good: what is kept of the sessions is written. May take some seconds.

        How many records are missing in their journals.
        """
        return self.followed.close()
