"""What every screen behind the logon needs, in one frozen value."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from tui.analysis.stall import STALL_AFTER
from tui.enterprise_manager.client import EnterpriseManager
from tui.monitor.clock import Clock
from tui.monitor.drill import Drills
from tui.monitor.earlier_runs import EarlierRuns
from tui.monitor.session_list import SessionList
from tui.presentation.glyphs import Glyphs
from tui.presentation.header_lines import Place
from tui.settings.resolved import Targets


@dataclass(frozen=True)
class Desk:
    """The connection, the clock, the character set, and what all screens share.

    `interval` in seconds. `sessions` is the session list that the picker keeps fresh,
    `runs` the finished sessions that were read with their tasks, `drills` the notes and
    targets of each session that was open.
    """

    client: EnterpriseManager
    place: Place
    clock: Clock
    glyphs: Glyphs
    interval: float = 5.0
    bell: bool = False
    targets: Targets = field(default_factory=Targets)
    stall_after: timedelta = STALL_AFTER
    sessions: SessionList = field(init=False)
    runs: EarlierRuns = field(init=False)
    drills: Drills = field(init=False)

    def __post_init__(self) -> None:
        """One list and one cache for all screens."""
        object.__setattr__(self, "sessions", SessionList(self.client, clock=self.clock))
        object.__setattr__(self, "runs", EarlierRuns(self.client))
        object.__setattr__(self, "drills", Drills(self.stall_after))
