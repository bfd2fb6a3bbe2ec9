"""What every screen behind the logon is given."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from tui.light import dataclass
from tui.monitor.clock import Clock
from tui.monitor.live_session import Publish
from tui.monitor.site import Site
from tui.monitor.snapshot import Snapshot
from tui.presentation.glyphs import Glyphs
from tui.presentation.header_lines import Place


class Showing(Protocol):
    """What a screen needs to show a session, be it followed or replayed."""

    @property
    def clock(self) -> Clock:
        """The clock by which what is shown grows old."""

    @property
    def place(self) -> Place:
        """How the header names where the session is."""

    @property
    def glyphs(self) -> Glyphs:
        """The character set."""

    @property
    def bell(self) -> bool:
        """Whether to ring."""


class Followed(Protocol):
    """What gives a screen its snapshots."""

    @property
    def snapshot(self) -> Snapshot:
        """The last one."""

    def look(self) -> Snapshot:
        """What is to be shown now."""

    async def run(self, publish: Publish) -> None:
        """Hand each new one to `publish`, until cancelled."""


@dataclass(frozen=True)
class Shared:
    """The watched server, how the header names it, the character set, whether to ring.

    `author` is who notes and acknowledges: the user of this machine. `reports` is the folder
    for reports.
    """

    site: Site
    place: Place
    glyphs: Glyphs
    bell: bool = False
    author: str | None = None
    reports: Path = Path()

    @property
    def clock(self) -> Clock:
        """The site's."""
        return self.site.clock


@dataclass(frozen=True)
class Replaying:
    """The same for a session that is replayed: there is no site, and nothing rings."""

    clock: Clock
    place: Place
    glyphs: Glyphs
    bell: bool = False
