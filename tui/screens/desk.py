"""What every screen behind the logon needs, in one frozen value."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from tui.enterprise_manager.client import EnterpriseManager
from tui.monitor.clock import Clock
from tui.monitor.earlier_runs import EarlierRuns
from tui.monitor.live_session import LiveSession, LiveSessions
from tui.monitor.session_list import SessionList
from tui.presentation.glyphs import Glyphs
from tui.presentation.header_lines import Place
from tui.settings.resolved import DEFAULT_INTERVAL, DEFAULT_STALL_AFTER, Targets


@dataclass(frozen=True)
class Desk:
    """The connection, the clock, the character set, and what all screens share.

    `interval` in seconds. `sessions` is the session list that the picker keeps fresh,
    `runs` the finished sessions that were read with their tasks, `followed` each session
    that was open, with its notes and targets.
    """

    client: EnterpriseManager
    place: Place
    clock: Clock
    glyphs: Glyphs
    interval: float = DEFAULT_INTERVAL
    bell: bool = False
    targets: Targets = field(default_factory=Targets)
    stall_after: timedelta = DEFAULT_STALL_AFTER
    sessions: SessionList = field(init=False)
    runs: EarlierRuns = field(init=False)
    followed: LiveSessions = field(init=False)

    def __post_init__(self) -> None:
        """One list and one cache for all screens."""
        object.__setattr__(self, "sessions", SessionList(self.client, clock=self.clock))
        object.__setattr__(self, "runs", EarlierRuns(self.client))
        object.__setattr__(self, "followed", LiveSessions(self._follow))

    def _follow(self, session_id: str) -> LiveSession:
        return LiveSession(
            self.client,
            session_id,
            clock=self.clock,
            interval=self.interval,
            targets=self.targets,
            stall_after=self.stall_after,
            runs=self.runs,
        )
