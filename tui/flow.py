"""The Textual app: logging on, and which screen comes when."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

from tui import screens
from tui import theme as themes
from tui.connecting import Connection, LogonTarget
from tui.enterprise_manager.credentials import Credentials
from tui.errors import FailoverMonitorError
from tui.exit_codes import ExitCode
from tui.logging_on import LoggingOn, logging_on
from tui.messages import LogonAgainRequested, SessionRequested, TitleChanged
from tui.presentation.glyphs import ASCII, UNICODE
from tui.screens.login import LoginScreen, Prefill
from tui.settings.unknown_names import unknown_bindings, unknown_theme

if TYPE_CHECKING:
    from tui.enterprise_manager.client import EnterpriseManager
    from tui.screens.desk import Desk

_FIRST_PICTURE = 1 / 30
"""Seconds: two of Textual's frames."""


class MonitorApp(LoggingOn):
    """Login at the bottom, the picker on it, a session on that."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark,f1", "help", "Help", key_display="?", id="help",
                tooltip="Keys and signs"),
        Binding("q", "back_or_quit", "Quit", id="quit", tooltip="Back; at the sessions: quit"),
        Binding("T", "next_theme", "Theme", show=False, id="theme", tooltip="The next theme"),
        Binding("colon,ctrl+p", "command_palette", "Commands", show=False, key_display=":",
                id="palette", tooltip="Find a command by name"),
        Binding("ctrl+z", "suspend_process", "Suspend", show=False, id="suspend",
                tooltip="Back to the shell; fg returns"),
        Binding("ctrl+c", "leave", "Leave", show=False, priority=True, id="leave",
                tooltip="Log off and leave"),
    ]  # fmt: skip

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._glyphs = ASCII if connection.settings.ascii else UNICODE
        self._desk: Desk | None = None
        self.farewell: list[str] = []

    async def on_mount(self) -> None:
        """Show the login screen; log on at once when everything is known."""
        settings = self._settings
        self.set_keymap({name: ",".join(keys) for name, keys in settings.keys.items()})
        server = settings.server.url if settings.server else ""
        known = settings.password is not None
        prefill = Prefill(server, settings.user or "", settings.profile, password_known=known)
        notices = (*settings.notices, *self._unknown_names())
        at_once = bool(settings.server and settings.user and settings.password)
        if at_once and settings.server:
            # Part of the first picture, since nothing else is on it.
            notices = (*notices, logging_on(settings.server.label, settings.user or ""))
        login = LoginScreen(prefill, settings.profiles, notices)
        login.set_class(at_once, "-connecting")
        await self.push_screen(login)
        if settings.server and settings.user and settings.password:
            credentials = Credentials(settings.user, settings.password)
            target = LogonTarget.of(settings.server, settings)
            # A moment for the first picture: connecting begins with loading the HTTP library.
            begin = partial(self._log_on, target, credentials, again=True)
            self._login.set_timer(_FIRST_PICTURE, begin)

    def _unknown_names(self) -> Iterator[str]:
        """What the settings file names that there is not."""
        settings = self._settings
        theme = unknown_theme(settings.theme, themes.NAMES)
        if theme is not None and settings.theme not in self.available_themes:
            yield theme
        if settings.keys:
            from tui.screens.bindings import binding_ids

            yield from unknown_bindings(settings.keys, binding_ids(type(self)))

    async def _open(
        self, client: EnterpriseManager, target: LogonTarget, *, cloud_connect: bool
    ) -> None:
        from tui.presentation.header_lines import Place
        from tui.screens.desk import Desk

        profile, settings = self._profile, self._settings_for(target.server)
        place = Place(
            target.server.label,
            client.user_name,
            plain_http=target.server.is_plain_http,
            profile=profile.name if profile else settings.profile,
        )
        interval = profile.interval if profile else settings.interval
        desk = Desk(
            client,
            place,
            self._connection.clock,
            self._glyphs,
            interval,
            settings.bell,
            settings.targets,
            settings.stall_after,
        )
        self._desk = desk
        if self._may_keep_password:
            self.notify("':' then 'Keep the password' stores it in the system's keyring.")
        with self.batch_update():  # what lies under the screen asked for is not painted first
            await self.push_screen(screens.PickerScreen(desk, cloud_connect=cloud_connect))
            if settings.wait_for:
                await self.push_screen(screens.StandbyScreen(desk, settings.wait_for))
            elif settings.session_id:
                await self.push_screen(screens.SessionScreen(desk, settings.session_id))
        # They belong to the first logon: the next one may be to another server. And what
        # was given without saying for whom, a password or a pin, has now found its account.
        settings = self._settings
        self._settings = replace(
            settings,
            wait_for=None,
            session_id=None,
            server=settings.server or target.server,
            user=settings.user or client.user_name,
        )

    @on(SessionRequested)
    async def open_session(self, message: SessionRequested) -> None:
        """Open a session over the picker, or in place of the one in front."""
        if self._desk is None:
            return
        screen = screens.SessionScreen(self._desk, message.session_id)
        if message.replaces and isinstance(self.screen, screens.SessionScreen):
            await self.switch_screen(screen)
        else:
            await self.push_screen(screen)

    @on(TitleChanged)
    def say_in_title(self, message: TitleChanged) -> None:
        """For whoever looks at another window."""
        self.show_title(message.title)

    @on(LogonAgainRequested)
    @work(exclusive=True, group="password", name="password", description="asks for a password")
    async def log_on_again(self) -> None:
        """Ask for the password over the screen in front, then poll with it at once."""
        client = self._client
        if client is None:
            return
        password = await self.push_screen_wait(
            screens.PasswordScreen(client.user_name, client.server.label)
        )
        if password is None:
            return
        client.supply_credentials(Credentials(client.user_name, password))
        self._typed = None  # the one typed at the login is no longer the right one to keep
        if isinstance(
            self.screen, (screens.PickerScreen, screens.SessionScreen, screens.StandbyScreen)
        ):
            self.screen.action_poll()

    async def action_log_off(self) -> None:
        """Back to the login screen, with everything but the password still there."""
        while not isinstance(self.screen, LoginScreen):
            await self.pop_screen()
        await self._drop_client()
        self._login.focus_empty()

    @property
    def _may_keep_password(self) -> bool:
        from tui.password_sources import keyring_available

        worked = self._client is not None and self._client.logged_on
        return worked and self._typed is not None and keyring_available()

    def action_help(self) -> None:
        """Show the keys of the screen in front."""
        if not isinstance(self.screen, screens.HelpScreen):
            self.push_screen(screens.HelpScreen(dict(self.screen.active_bindings), self._glyphs))

    async def action_back_or_quit(self) -> None:
        """Back one screen; at the sessions and at the login: quit."""
        if isinstance(self.screen, (screens.PickerScreen, LoginScreen)):
            self.action_leave()
        else:
            self._note_farewell()
            await self.pop_screen()

    def action_leave(self) -> None:
        """Leave; the final state stays in the scrollback."""
        self._note_farewell()
        self.exit(ExitCode.SUCCESS)

    def leave_on_signal(self, number: int) -> None:
        """SIGTERM, SIGHUP, SIGINT: leave as with a key."""
        self._note_farewell()
        self.exit(128 + number)

    def terminal_lost(self) -> None:
        """The terminal is gone: leave, log off, print nothing."""
        self.exit(128 + signal.SIGHUP)

    def _note_farewell(self) -> None:
        for screen in reversed(self.screen_stack):
            if isinstance(screen, screens.SessionScreen):
                self.farewell = screen.farewell()
                return

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """What the palette offers besides the keys."""
        yield SystemCommand("Log off", "Back to the login screen", self.action_log_off)
        if self._may_keep_password:
            yield SystemCommand(
                "Keep the password", "In the operating system's keyring", self._keep_password
            )
        for name in themes.NAMES:
            choose = partial(self.choose_theme, name)
            yield SystemCommand(f"Theme: {name}", "Change the colours", choose)
        yield SystemCommand("Keys and signs", "Help", self.action_help)
        yield SystemCommand("Quit", "Log off and leave", self.action_leave)

    async def _keep_password(self) -> None:
        """Into the operating system's keyring, at a person's wish, after a logon that worked."""
        from tui.password_sources import to_keyring

        typed, client = self._typed, self._client
        if typed is None or client is None:
            return
        try:
            await asyncio.to_thread(to_keyring, client.server.url, typed.user, typed.password)
        except FailoverMonitorError as error:
            self.notify(error.full_text, severity="error", markup=False)
        else:
            self.notify("The system's keyring keeps the password now.", markup=False)
