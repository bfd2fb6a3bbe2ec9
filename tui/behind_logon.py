"""What there is once somebody is logged on: the sites with their journals, and what goes out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tui.connecting import Connection
from tui.logon.logon import LoggedOn
from tui.presentation.glyphs import Glyphs
from tui.terminal.talk import TerminalTalk

if TYPE_CHECKING:
    from tui.monitor.site import Site
    from tui.outgoing.outgoing import Outgoing
    from tui.screens.shared import Shared

_SECONDS_FOR_JOURNALS: Final = 1.5

_SECONDS_FOR_COMMANDS: Final = 0.5
"""What commands on events get to end by themselves."""


class BehindLogon:
    """One site for each logon, one place for all that events set going.

    `warn` takes a sentence for the person in front of the screen.
    """

    def __init__(
        self,
        connection: Connection,
        glyphs: Glyphs,
        talk: TerminalTalk,
        warn: Callable[[str], None],
    ) -> None:
        self._connection = connection
        self._glyphs = glyphs
        self._talk = talk
        self._warn = warn
        self._sites: list[Site] = []
        self._outgoing: Outgoing | None = None

    def open(self, logged_on: LoggedOn) -> Shared:
        """What the screens share from now on. Loads what follows sessions, which takes a while."""
        from tui.journal.keeping import user_name
        from tui.monitor.site import Site
        from tui.presentation.header_lines import Place
        from tui.screens.shared import Shared

        settings, server = self._connection.settings, logged_on.target.server
        site = Site(
            logged_on.client,
            self._connection.clock,
            interval=logged_on.interval,
            targets=settings.targets,
            stall_after=settings.stall_after,
            keeper_of=self._connection.keepers(logged_on.target),
            listener_of=self._goes_out().listeners(server.label, logged_on.profile),
        )
        self._sites.append(site)
        place = Place(
            server.label,
            logged_on.client.user_name,
            plain_http=server.is_plain_http,
            profile=logged_on.profile,
        )
        return Shared(
            site,
            place,
            self._glyphs,
            settings.bell,
            author=user_name(),
            reports=settings.reports or Path.cwd(),
        )

    def _goes_out(self) -> Outgoing:
        if self._outgoing is None:
            from tui.outgoing.outgoing import Outgoing

            way = self._connection.settings.notify
            self._outgoing = Outgoing(
                self._connection.settings,
                self._connection.clock,
                self._warn,
                notify=None if way == "off" else partial(self._talk.notify, wanted=way),
                note=self._connection.note,
                rehearsal=self._connection.rehearsal is not None,
            )
        return self._outgoing

    async def close(self) -> None:
        """Once the screens are gone: commands end, journals are on the disk. Ends within 2 s."""
        commands = [self._outgoing.finish(hurried=_SECONDS_FOR_COMMANDS)] if self._outgoing else []
        await asyncio.gather(self._close_journals(), *commands)

    async def _close_journals(self) -> None:
        """A disk that hangs must not keep the program from ending."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_SECONDS_FOR_JOURNALS):
                closing = (asyncio.to_thread(site.close) for site in self._sites)
                if missing := sum(await asyncio.gather(*closing)):
                    from tui.presentation.journal_lines import journal_lacks_text

                    self._talk.farewell.append(journal_lacks_text(missing))
