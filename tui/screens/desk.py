"""What every screen behind the logon needs, in one frozen value."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from tui.enterprise_manager.client import EnterpriseManager
from tui.monitor.clock import Clock
from tui.monitor.drill import Drill, Goals
from tui.monitor.history import SessionHistory
from tui.monitor.history_source import EarlierRuns
from tui.monitor.monitor import SessionMonitor
from tui.monitor.stall import STALL_AFTER
from tui.presentation.glyphs import Glyphs
from tui.presentation.header_lines import Place
from tui.settings.resolved import Targets

FOLLOWED_KEPT: Final = 12
"""Sessions whose last data and drill are kept while another screen is in front."""


@dataclass
class Followed:
    """A session that was opened: its monitor, and its drill with the operator's notes."""

    monitor: SessionMonitor
    drill: Drill
    has_goals: bool = False
    """Whether the plan's targets were taken over, which a person may have changed since."""


@dataclass(frozen=True)
class Desk:
    """The connection, the clock, the character set, and what all screens share.

    `interval` in seconds. `history` is the session list that the picker keeps fresh,
    `runs` the finished sessions that were read with their tasks.
    """

    client: EnterpriseManager
    place: Place
    clock: Clock
    glyphs: Glyphs
    interval: float = 5.0
    bell: bool = False
    targets: Targets = field(default_factory=Targets)
    stall_after: timedelta = STALL_AFTER
    history: SessionHistory = field(init=False)
    runs: EarlierRuns = field(init=False)
    _followed: OrderedDict[str, Followed] = field(
        init=False, repr=False, default_factory=OrderedDict
    )

    def __post_init__(self) -> None:
        """One list and one cache for all screens."""
        object.__setattr__(self, "history", SessionHistory(self.client, clock=self.clock))
        object.__setattr__(self, "runs", EarlierRuns(self.client))

    def follow(self, session_id: str) -> Followed:
        """What is known of that session: going back and forth forgets nothing, notes included."""
        found = self._followed.pop(session_id, None)
        if found is None:
            monitor = SessionMonitor(
                self.client, session_id, clock=self.clock, interval=self.interval
            )
            found = Followed(monitor, Drill(Goals(), self.stall_after))
        self._followed[session_id] = found
        if len(self._followed) > FOLLOWED_KEPT:
            self._followed.popitem(last=False)
        return found
