"""The Textual app: which screen comes when. What it does besides, its parts do."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events, on, work
from textual.app import App, SystemCommand
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.command import CommandPalette, Provider
from textual.filter import LineFilter
from textual.screen import Screen

from tui import garbage, screens
from tui import theme as themes
from tui.behind_logon import BehindLogon
from tui.connecting import Connection
from tui.crash_report import crash_report
from tui.errors import CertificateUnknown, FailoverMonitorError
from tui.exit_codes import ExitCode
from tui.keyboard import KeysInOrder
from tui.logon.given import Attempt, Given
from tui.logon.kept import KeptLogons
from tui.logon.logon import LoggedOn, Logon
from tui.look import Look, stylesheets
from tui.messages import (
    LogonAgainRequested,
    LogonRequested,
    ReplayRequested,
    SessionRequested,
    TitleChanged,
)
from tui.presentation.glyphs import ASCII, UNICODE
from tui.presentation.keys import key_name
from tui.presentation.logon_lines import offer_to_keep, profile_kept
from tui.presentation.text import clean
from tui.screens.frame import beat
from tui.screens.login import LoginScreen, Prefill
from tui.settings.remembered import LastLogon
from tui.settings.unknown_names import unknown_bindings, unknown_theme
from tui.terminal import driver_class, opening
from tui.terminal.ascii_only import ascii_driver
from tui.terminal.background import light_by_environment
from tui.terminal.messages import BackgroundTold
from tui.terminal.talk import TerminalTalk
from tui.theme.undimmed import Undimmed
from tui.theme_names import CHOICES
from tui.widgets.field import password_at_hand
from tui.widgets.straight import Straight, WriteRuns

if TYPE_CHECKING:
    from tui.monitor.recording import Recording
    from tui.screens.shared import Shared
    from tui.settings.resolved import ResolvedSettings

_FIRST_PICTURE = 1 / 30
"""Seconds: two of Textual's frames."""

_SETTLED = 5.0
"""Seconds after which the first data is there, wherever a server answers as usual."""

_TO_REMEMBER = 0.3
"""Seconds that leaving waits for the disk, for a choice that comes back with one key."""


def _palette_source() -> type[Provider]:
    """Loaded when somebody opens the palette."""
    from tui.screens.palette import Actions

    return Actions


class MonitorApp(App[int]):
    """Login at the bottom, the picker on it, a session on that."""

    TITLE = "failover-monitor"
    CSS_PATH: ClassVar[list[str | PurePath]] = stylesheets()
    COMMAND_PALETTE_BINDING = "ctrl+p"
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {_palette_source}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark,f1", "help", "Help", key_display="?", id="help",
                tooltip="Keys and signs"),
        Binding("q", "back_or_quit", "Back", id="quit",
                tooltip="Back to the screen before; at the sessions: log off and leave"),
        Binding("K", "keep_profile", "Keep as profile", show=False, id="profile.keep",
                tooltip="Keep server and user as a profile in the settings; never the password"),
        Binding("T", "next_theme", "Theme", show=False, id="theme", tooltip="The next theme"),
        Binding("colon,ctrl+p", "command_palette", "Commands", show=False, key_display=":",
                id="palette", tooltip="Find a command by name"),
        Binding("ctrl+z", "suspend_process", "Suspend", show=False, id="suspend",
                tooltip="Back to the shell; fg returns"),
        Binding("ctrl+c", "leave", "Leave", show=False, priority=True, id="leave",
                tooltip="Log off and leave"),
    ]  # fmt: skip

    def __init__(self, connection: Connection, recording: Recording | None = None) -> None:
        """`recording` is shown in place of all that needs a server."""
        settings = connection.settings
        given = Given(settings)
        light = light_by_environment(os.environ)
        self._look = Look(settings, banner=given.banner(), light=light)
        driver = driver_class()
        super().__init__(
            ascii_driver(driver) if driver and settings.ascii else driver,
            # Else Textual makes greys of colours, which on black leaves red the darkest.
            ansi_color=True if "NO_COLOR" in os.environ else None,
        )
        self._undimmed = Undimmed()
        system, no_color = self.console.color_system, self.no_color
        self._look.colours = themes.colours_of(system, no_color=no_color)
        for known in self._look.themes:
            self.register_theme(known)
        self.theme = self._look.theme(self.available_themes)
        # Before the stylesheets are parsed, which happens once more where a token changes.
        self._styled = self.theme, self.get_css_variables()
        self.stylesheet.set_variables(self._styled[1])
        self._connection = connection
        self._glyphs = ASCII if settings.ascii else UNICODE
        self._keys_in_order = KeysInOrder(super().on_event, self._key_failed, self._is_wanted)
        self._kept = KeptLogons(settings)
        self._login = self._login_screen(settings, given.at_start())
        self._given = given
        self._logon = Logon(connection, given, self._login, trusts=self._trusts, opens=self._open)
        self._shared: Shared | None = None
        self._recording = recording
        self._opens_first = (settings.wait_for, settings.session_id, settings.selector)
        self.talk = TerminalTalk()
        self._behind = BehindLogon(connection, self._glyphs, self.talk, self.warn)
        self.straight: Straight | None = None

    def _login_screen(self, settings: ResolvedSettings, attempt: Attempt | None) -> LoginScreen:
        known = settings.password is not None or attempt is not None
        prefill = Prefill(*self._kept.prefilled, password_known=known)
        notices = (*settings.notices, *self._unknown_names(settings))
        # Part of the first picture, since nothing else is on it.
        under_way = attempt.under_way if attempt is not None else ""
        login = LoginScreen(prefill, settings.profiles, notices, under_way)
        login.set_class(attempt is not None, "-connecting")
        return login

    def _unknown_names(self, settings: ResolvedSettings) -> Iterator[str]:
        """What the settings file names that there is not."""
        theme = unknown_theme(settings.theme, CHOICES)
        if theme is not None and settings.theme not in self.available_themes:
            yield theme
        if settings.keys:
            from tui.screens.bindings import binding_ids

            yield from unknown_bindings(settings.keys, binding_ids(type(self)))

    async def on_mount(self) -> None:
        """Show the login screen; log on at once when everything is known."""
        self.set_timer(_SETTLED, garbage.settle)
        # One for all that shows clocks: each timer of its own would wake the process.
        self.set_interval(1.0, self.beat)
        keys = self._connection.settings.keys
        self.set_keymap({name: ",".join(own) for name, own in keys.items()})
        if self._recording is not None:
            await self._show_replay(self._recording)
            return
        await self.push_screen(self._login)
        attempt = self._given.at_start()
        if attempt is not None:
            # A moment for the first picture: connecting begins with loading the HTTP library.
            self._login.set_timer(_FIRST_PICTURE, partial(self._log_on, attempt))

    def beat(self) -> None:
        """A second has passed."""
        if self.is_running:  # else the screens are being taken apart
            beat(self.screen_stack)

    # Logging on and off

    @on(LogonRequested)
    def log_on_as_typed(self, message: LogonRequested) -> None:
        """Log on with what the form holds."""
        attempt = self._given.as_typed(message.server, message.credentials, message.profile)
        self._look.banner = self._given.banner(attempt)
        self.refresh_css(animate=False)
        self._log_on(attempt)

    @work(exclusive=True, group="logon", name="logon", description="logs on")
    async def _log_on(self, attempt: Attempt) -> None:
        await self._logon.run(attempt)

    async def _trusts(self, error: CertificateUnknown) -> bool:
        return await self.push_screen_wait(screens.CertificateScreen(error))

    def action_cancel_logon(self) -> None:
        """Stop a logon that takes too long, or one that waits to be tried again."""
        for worker in self.workers:
            if worker.group == "logon" and worker.is_running:
                worker.cancel()
                self._login.cancelled()

    @on(LogonAgainRequested)
    @work(exclusive=True, group="password", name="password", description="asks for a password")
    async def log_on_again(self) -> None:
        """Ask for the password over the screen in front, then poll with it at once."""
        client = self._logon.client
        if client is None:
            return
        password = await self.push_screen_wait(
            screens.PasswordScreen(client.user_name, client.server.label)
        )
        if password is None:
            return
        self._logon.supply_password(password)
        if isinstance(
            self.screen, (screens.PickerScreen, screens.SessionScreen, screens.StandbyScreen)
        ):
            self.screen.action_poll()

    async def action_log_off(self) -> None:
        """Back to the login screen, with everything but the password still there."""
        self._shared = None
        while self.screen is not self._login:
            await self.pop_screen()
        await self._logon.drop_client()
        self._login.focus_empty()

    async def log_off(self) -> None:
        """Once the screen is gone; never raises, ends within 2 s."""
        await asyncio.gather(self._logon.end(), self._behind.close())

    async def _keep_password(self) -> None:
        """At a person's wish, after a logon that worked."""
        try:
            await self._logon.keep_password()
        except FailoverMonitorError as error:
            self.notify(error.full_text, severity="error", markup=False)
        else:
            self.notify("The system's keyring keeps the password now.", markup=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A logon that a profile holds already needs none."""
        if action == "keep_profile":
            return self._kept.may_keep
        return super().check_action(action, parameters)

    @work(exclusive=True, group="profile", name="profile", description="writes a profile")
    async def action_keep_profile(self) -> None:
        """Keep server and user of this logon in the settings file."""
        try:
            name = await asyncio.to_thread(self._kept.keep)
        except FailoverMonitorError as error:
            self.notify(clean(error.full_text), severity="error", timeout=60, markup=False)
        else:
            self.clear_notifications()  # the offer, where it still stands
            self.notify(profile_kept(name), timeout=15, markup=False)
            self.refresh_bindings()

    def _keep(self, logged_on: LoggedOn) -> None:
        """Remember the logon, and say how it can be kept."""
        server, user = logged_on.target.server, logged_on.client.user_name
        if self._kept.worked(LastLogon(server, user), typed=self._given.typed is not None):
            key = self._connection.settings.keys.get("profile.keep", ("K",))[0]
            self.notify(offer_to_keep(key_name(key), server.label, user), timeout=12, markup=False)

    # Behind the logon

    async def _open(self, logged_on: LoggedOn) -> None:
        shared = self._shared = self._behind.open(logged_on)
        if logged_on.notice:
            self.warn(logged_on.notice)
        self._keep(logged_on)
        if self._logon.may_keep_password:
            self.notify("':' then 'Keep the password' stores it in the system's keyring.")
        # They belong to the first logon: the next one may be to another server.
        (wait_for, session_id, wanted), self._opens_first = self._opens_first, (None, None, None)
        if wait_for:
            await self.push_screen(screens.StandbyScreen(shared, wait_for))
        elif session_id:
            await self.push_screen(screens.SessionScreen(shared, session_id))
        else:
            await self.push_screen(screens.PickerScreen(shared, wanted))

    def pop_screen(self) -> AwaitComplete:
        """To the screen below; under what the start asked for lie the sessions.

        They are made when somebody goes there: until then they would cost a tenth of a
        second before the first data, and ask for a list that nobody sees.
        """
        if self._shared is not None and self.screen_stack[-2:-1] == [self._login]:
            return self._sessions_instead(self._shared)
        return super().pop_screen()

    def _sessions_instead(self, shared: Shared) -> AwaitComplete:
        switched = self.switch_screen(screens.PickerScreen(shared))
        self.talk.show_title("")
        return switched

    @on(SessionRequested)
    async def open_session(self, message: SessionRequested) -> None:
        """Open a session over the picker, or in place of the one in front."""
        if self._shared is None:
            return
        screen = screens.SessionScreen(self._shared, message.session_id)
        replaceable = (screens.SessionScreen, screens.StandbyScreen)
        if message.replaces and isinstance(self.screen, replaceable):
            await self.switch_screen(screen)
        else:
            await self.push_screen(screen)

    async def _show_replay(self, recording: Recording) -> None:
        from tui.monitor.replayed_session import ReplayedSession
        from tui.presentation.header_lines import Place
        from tui.screens.shared import Replaying

        session = ReplayedSession(recording, self._connection.clock)
        shown = Replaying(session.clock, Place(recording.server, ""), self._glyphs)
        await self.push_screen(screens.ReplayScreen(shown, session, alone=True))
        for notice in self._connection.settings.notices:
            self.warn(notice)

    @on(ReplayRequested)
    async def go_back_in_time(self, message: ReplayRequested) -> None:
        """Replay what was watched over the session in front, which goes on."""
        from tui.monitor.replayed_session import ReplayedSession

        if self._shared is None or not isinstance(self.screen, screens.SessionScreen):
            return
        clock = self._connection.clock
        session = ReplayedSession(message.recording, clock, at_end=True)
        await self.push_screen(screens.ReplayScreen(self._shared, session, alone=False))

    def action_help(self) -> None:
        """Show the keys of the screen in front."""
        if not isinstance(self.screen, screens.HelpScreen):
            self.push_screen(screens.HelpScreen(dict(self.screen.active_bindings), self._glyphs))

    def _open_manual(self) -> None:
        from tui.screens.manual import ManualScreen, is_manual

        if not is_manual(self.screen):
            self.push_screen(ManualScreen(self._glyphs))

    async def action_back_or_quit(self) -> None:
        """Back one screen; at the sessions and at the login: quit."""
        last = (screens.PickerScreen, LoginScreen)
        alone = self._recording is not None and isinstance(self.screen, screens.ReplayScreen)
        if alone or isinstance(self.screen, last):
            self.action_leave()
        else:
            self._note_farewell()
            await self.pop_screen()

    def action_suspend_process(self) -> None:
        """Back to the shell, where the system can do that; else say that it cannot."""
        if hasattr(signal, "SIGTSTP"):
            super().action_suspend_process()
        else:
            self.notify("This system cannot suspend a program.", markup=False)

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
        self.exit(ExitCode.TERMINAL_LOST)

    def _note_farewell(self) -> None:
        for screen in reversed(self.screen_stack):
            if isinstance(screen, screens.SessionScreen):
                self.talk.farewell = screen.farewell()
                return

    def action_command_palette(self) -> None:
        """What can be done here, by name."""
        if not isinstance(self.screen, CommandPalette):
            self.push_screen(screens.Palette(id="--command-palette"))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """What the palette offers: the keys of that screen, and what has none."""
        from tui.screens.palette import of_screen

        here = list(of_screen(screen, self))
        yield from here
        yield SystemCommand("Manual", "What to do when, what a message means", self._open_manual)
        if self._recording is None:
            yield SystemCommand("Log off", "Back to the login screen", self.action_log_off)
        if self._logon.may_keep_password:
            yield SystemCommand(
                "Keep the password", "In the operating system's keyring", self._keep_password
            )
        for name in (*CHOICES, *sorted(set(self.available_themes) - set(CHOICES))):
            choose = partial(self.choose_theme, name)
            about = themes.WHAT_FOR.get(name, themes.ONLY_TEXTUALS)
            yield SystemCommand(f"Theme: {name}", about, choose)
        yield SystemCommand("Screenshot", "Into the folder of reports, as SVG", self._photograph)
        if "Quit" not in {each.title for each in here}:
            yield SystemCommand("Quit", "Log off and leave", self.action_leave)

    def _photograph(self) -> None:
        self.call_after_refresh(self._file_picture)  # without the palette

    @work(exclusive=True, group="picture", name="picture", description="writes a picture")
    async def _file_picture(self) -> None:
        from tui.report.picture import file_picture

        svg, now = self.export_screenshot(), self._connection.clock.now()
        folder = self._connection.settings.reports or Path.cwd()
        try:
            path = await asyncio.to_thread(file_picture, folder, svg, now)
        except FailoverMonitorError as error:
            self.notify(clean(error.full_text), severity="error", markup=False)
        else:
            self.notify(f"Screenshot written: {clean(str(path))}", timeout=15, markup=False)

    # What Textual asks of an app, done by its parts

    async def on_event(self, event: events.Event) -> None:
        """Keys that come from the terminal wait for their turn."""
        if isinstance(event, events.Key) and not event.is_forwarded:
            self._keys_in_order.take(event)
        elif self._is_wanted(event):
            await super().on_event(event)

    def _is_wanted(self, event: events.Event) -> bool:
        """Whether the screen in front will have it: one that asks to decide something may not.

        Told by when it was typed, not by when its turn comes.
        """
        is_typed = isinstance(event, (events.InputEvent, events.Paste))
        if not is_typed or event.is_forwarded or not self.screen_stack:
            return True
        is_for_me = getattr(self.screen, "is_for_me", None)
        return is_for_me is None or is_for_me(event)

    def _key_failed(self, error: Exception) -> None:
        """As if it had happened in the app's own loop."""

        def fail() -> None:
            raise error

        self.call_next(fail)

    def on_key(self, event: events.Key) -> None:
        """A key came back: once the bindings of the app have had it, it is dealt with."""
        self.call_next(self._keys_in_order.answered, event)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """The tokens that stylesheets use."""
        return self._look.variables()

    def refresh_css(self, animate: bool = True) -> None:
        """Parse the stylesheets anew, and apply them to all that there is.

        Textual does so at the start as well, because there is a theme: with these very tokens
        they have been parsed and applied a moment ago.
        """
        before, self._styled = self._styled, (self.theme, self.get_css_variables())
        if self._styled != before:
            super().refresh_css(animate)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's filters, after one that leaves no text dim."""
        return [self._undimmed, *super().get_line_filters()]

    def action_next_theme(self) -> None:
        """The next theme."""
        self.choose_theme(themes.next_theme(self.theme))

    def choose_theme(self, name: str) -> None:
        """That theme, now and at the next start."""
        self._look.choose(name)
        self.theme = self._look.theme(self.available_themes)

    @on(BackgroundTold)
    def suit_the_background(self, message: BackgroundTold) -> None:
        """Dark or light, unless a person has chosen."""
        self._look.background_told(light=message.light)
        self.theme = self._look.theme(self.available_themes)

    def warn(self, sentence: str) -> None:
        """Something beside the server went wrong; watching goes on.

        Once the screens are gone, it stands in the scrollback.
        """
        if self.return_code is None:
            self.notify(clean(sentence), severity="warning", timeout=60, markup=False)
        else:
            self.talk.farewell.append(clean(sentence))

    def settle_looks(self) -> None:
        """What was chosen last is to be remembered, unless that takes long."""
        self._look.settle(_TO_REMEMBER)
        self._kept.settle(_TO_REMEMBER)

    @on(TitleChanged)
    def say_in_title(self, message: TitleChanged) -> None:
        """For whoever looks at another window."""
        self.talk.show_title(message.title)

    def copy_to_clipboard(self, text: str) -> None:
        """Through the terminal, as far as it takes it; one line of visible characters.

        What a server sent may be pasted into a shell, which takes a line break for Enter.
        """
        copied = clean(text)
        super().copy_to_clipboard(copied)
        self.talk.copied(copied)

    def terminal_opened(self, write: Callable[[str], None], write_runs: WriteRuns) -> None:
        """Called by the driver of `tui.terminal` as soon as it can write."""
        self.talk.write = write
        self.straight = Straight(self, write, write_runs)

    @property
    def _background_screens(self) -> list[Screen[Any]]:
        """The screens that show through the one in front: none, where that one is opaque.

        Textual 8.2.8 counts the next one down in any case, and paints the whole of the
        front screen anew each time a clock ticks on a screen that nobody sees. It has no
        public way to say so.
        """
        front = self.screen_stack[-1:]
        if front and front[0].styles.background.a == 1:
            return []
        return super()._background_screens

    def _handle_exception(self, error: Exception) -> None:
        """An error while the app is leaving already is no crash: it leaves.

        From the moment on that it is told to, Textual mounts no more widgets, but lets the
        screens that are just opening go on without them. It has no public way to be told.
        """
        if self.return_code is None:
            super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """Textual's report of a crash, without what may be secret.

        Textual offers no public way to word that report, nor to learn of an error that
        came from elsewhere than the code that runs now (`_exception`).
        """
        _, error, place = sys.exc_info()
        error = error or self._exception or RuntimeError("reason unknown")
        report = crash_report(error, place, password_at_hand=password_at_hand(self.screen_stack))
        self.bell()
        opening.end()  # before Textual prints where the line of the start still stands
        self.panic(report)
