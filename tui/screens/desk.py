"""What every screen behind the logon needs, in one frozen value."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from tui.enterprise_manager.client import EnterpriseManager
from tui.monitor.clock import Clock
from tui.monitor.drill import Drills
from tui.monitor.history import SessionHistory
from tui.monitor.history_source import EarlierRuns
from tui.monitor.stall import STALL_AFTER
from tui.presentation.glyphs import Glyphs
from tui.presentation.header_lines import Place
from tui.settings.resolved import Targets


@dataclass(frozen=True)
class Desk:
    """The connection, the clock, the character set, and what all screens share.

    `interval` in seconds. `history` is the session list that the picker keeps fresh,
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
    history: SessionHistory = field(init=False)
    runs: EarlierRuns = field(init=False)
    drills: Drills = field(init=False)

    def __post_init__(self) -> None:
        """One list and one cache for all screens."""
        object.__setattr__(self, "history", SessionHistory(self.client, clock=self.clock))
        object.__setattr__(self, "runs", EarlierRuns(self.client))
        object.__setattr__(self, "drills", Drills(self.stall_after))
