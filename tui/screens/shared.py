"""What every screen behind the logon is given, and the key to log on again."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Protocol

from textual.binding import Binding
from textual.screen import Screen

from tui.light import dataclass
from tui.messages import LogonAgainRequested
from tui.monitor.clock import Clock
from tui.monitor.live_session import Publish
from tui.monitor.site import Site
from tui.monitor.snapshot import Snapshot
from tui.monitor.trouble import Trouble
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


LOG_ON_AGAIN: Final = Binding(
    "l",
    "log_on",
    "Log on again",
    id="logon",
    tooltip="Type the password again after the account was refused",
)


class MayLogOnAgain(Screen[None]):
    """Has the key, which does something and is offered only while a person has to log on."""

    _logon_needed = False

    def take_in(self, trouble: Trouble | None) -> None:
        """What polling is in trouble with, if it is: decides whether the key is offered."""
        needed = trouble is not None and trouble.needs_logon
        if needed is not self._logon_needed:
            self._logon_needed = needed
            self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """With a healthy logon there is nothing to log on for."""
        if action == "log_on":
            return self._logon_needed
        return super().check_action(action, parameters)

    def action_log_on(self) -> None:
        """Ask for the password again."""
        self.post_message(LogonAgainRequested())
