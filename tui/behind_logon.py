"""What there is once somebody is logged on: sites with journals, what goes out, the screens."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tui import screens
from tui.connecting import Connection
from tui.logon.logon import LoggedOn
from tui.presentation.glyphs import Glyphs
from tui.terminal.talk import TerminalTalk

if TYPE_CHECKING:
    from textual.app import App
    from textual.await_complete import AwaitComplete

    from tui.messages import SessionRequested
    from tui.monitor.recording import Recording
    from tui.monitor.site import Site
    from tui.outgoing.outgoing import Outgoing
    from tui.screens.shared import Shared

_SECONDS_FOR_JOURNALS: Final = 1.5

_SECONDS_FOR_COMMANDS: Final = 0.5
"""What commands on events get to end by themselves."""


class BehindLogon:
    """One site for each logon, one place for all that events set going.

    `shared` is what the screens behind the present logon share, None without one. `warn` takes
    a sentence for the person in front of the screen.
    """

    def __init__(
        self,
        app: App[Any],
        connection: Connection,
        glyphs: Glyphs,
        talk: TerminalTalk,
        warn: Callable[[str], None],
    ) -> None:
        settings = connection.settings
        self._app = app
        self._connection = connection
        self._glyphs = glyphs
        self._talk = talk
        self._warn = warn
        self._sites: list[Site] = []
        self._outgoing: Outgoing | None = None
        self._opens_first = (settings.wait_for, settings.session_id, settings.selector)
        self.shared: Shared | None = None

    async def show_first(self) -> None:
        """What the start asked for; after that the sessions."""
        if self.shared is None:
            return
        # They belong to the first logon: the next one may be to another server.
        (wait_for, session_id, wanted), self._opens_first = self._opens_first, (None, None, None)
        if wait_for:
            await self._app.push_screen(screens.StandbyScreen(self.shared, wait_for))
        elif session_id:
            await self._app.push_screen(screens.SessionScreen(self.shared, session_id))
        else:
            await self._app.push_screen(screens.PickerScreen(self.shared, wanted))

    def show_sessions_instead(self) -> AwaitComplete | None:
        """The sessions in place of the screen in front; None where nobody is logged on."""
        if self.shared is None:
            return None
        switched = self._app.switch_screen(screens.PickerScreen(self.shared))
        self._talk.show_title("")
        return switched

    async def show_session(self, message: SessionRequested) -> None:
        """A session over the screen in front, or in place of it."""
        if self.shared is None:
            return
        screen = screens.SessionScreen(self.shared, message.session_id)
        replaceable = (screens.SessionScreen, screens.StandbyScreen)
        if message.replaces and isinstance(self._app.screen, replaceable):
            await self._app.switch_screen(screen)
        else:
            await self._app.push_screen(screen)

    async def show_past(self, recording: Recording) -> None:
        """Replay what was watched over the session in front, which goes on."""
        from tui.monitor.replayed_session import ReplayedSession

        if self.shared is None or not isinstance(self._app.screen, screens.SessionScreen):
            return
        session = ReplayedSession(recording, self._connection.clock, at_end=True)
        await self._app.push_screen(screens.ReplayScreen(self.shared, session, alone=False))

    async def show_replay(self, recording: Recording) -> None:
        """A replay in place of all that needs a logon."""
        from tui.monitor.replayed_session import ReplayedSession
        from tui.presentation.header_lines import Place
        from tui.screens.shared import Replaying

        session = ReplayedSession(recording, self._connection.clock)
        shown = Replaying(session.clock, Place(recording.server, ""), self._glyphs)
        await self._app.push_screen(screens.ReplayScreen(shown, session, alone=True))
        for notice in self._connection.settings.notices:
            self._warn(notice)

    def open(self, logged_on: LoggedOn) -> None:
        """A site for that logon. Loads what follows sessions, which takes a while."""
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
        self.shared = Shared(
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
