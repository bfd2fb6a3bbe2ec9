"""The Textual app: which screen comes when. What it does besides, its parts do."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events, on
from textual.app import App, SystemCommand
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.command import CommandPalette, Provider
from textual.filter import LineFilter
from textual.screen import Screen

from tui import garbage_collection, screens
from tui import theme as themes
from tui.app_commands import AppCommands
from tui.appearance import Appearance, stylesheets
from tui.behind_logon import BehindLogon
from tui.connecting import Connection
from tui.crash_report import crash_report
from tui.exit_codes import ExitCode
from tui.keyboard import KeysInOrder
from tui.logging_on import LoggingOn
from tui.logon.given import Given
from tui.logon.logon import LoggedOn
from tui.messages import (
    LogonAgainRequested,
    LogonRequested,
    ReplayRequested,
    SessionRequested,
    TitleChanged,
)
from tui.presentation.glyphs import ASCII, UNICODE
from tui.presentation.text import clean
from tui.screens.frame import EachSecond, beat
from tui.screens.login import LoginScreen
from tui.terminal import driver_class, opening
from tui.terminal.ascii_only import ascii_driver
from tui.terminal.background import light_by_environment
from tui.terminal.messages import BackgroundTold
from tui.terminal.talk import TerminalTalk
from tui.theme.stylesheet import LazyStylesheet
from tui.theme.undimmed import Undimmed
from tui.widgets.field import password_at_hand
from tui.widgets.straight import Straight, WriteRuns

if TYPE_CHECKING:
    from tui.monitor.recording import Recording

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
        self._appearance = Appearance(settings, banner=given.banner(), light=light)
        driver = driver_class()
        super().__init__(
            ascii_driver(driver) if driver and settings.ascii else driver,
            # Else Textual makes greys of colours, which on black leaves red the darkest.
            ansi_color=True if "NO_COLOR" in os.environ else None,
        )
        self.stylesheet = LazyStylesheet()
        self._undimmed = Undimmed()
        system, no_color = self.console.color_system, self.no_color
        self._appearance.colours = themes.colours_of(system, no_color=no_color)
        for known in self._appearance.themes:
            self.register_theme(known)
        self.theme = self._appearance.theme(self.available_themes)
        # Before the stylesheets are parsed, which happens once more where a token changes.
        self._styled = self.theme, self.get_css_variables()
        self.stylesheet.set_variables(self._styled[1])
        self._connection = connection
        self._glyphs = ASCII if settings.ascii else UNICODE
        self._keys_in_order = KeysInOrder(super().on_event, self._key_failed, self._is_wanted)
        self._given = given
        self.logging_on = LoggingOn(
            self,
            connection,
            given,
            opens=self._open,
        )
        self._recording = recording
        self.talk = TerminalTalk()
        self.behind = BehindLogon(self, connection, self._glyphs, self.talk, self.warn)
        self._commands = AppCommands(
            self,
            connection,
            self._glyphs,
            logging_on=self.logging_on if recording is None else None,
            choose_theme=self.choose_theme,
        )
        self.straight: Straight | None = None

    async def on_mount(self) -> None:
        """Show the login screen; log on at once when everything is known."""
        self.set_timer(_SETTLED, garbage_collection.settle)
        # One for all that shows clocks: each timer of its own would wake the process.
        self.seconds = EachSecond(self.beat)
        keys = self._connection.settings.keys
        self.set_keymap({name: ",".join(own) for name, own in keys.items()})
        if self._recording is not None:
            await self.behind.show_replay(self._recording)
            return
        await self.logging_on.begin()

    def beat(self) -> bool:
        """A second has passed. Whether there will be another one for this app."""
        if not self.is_running:  # the screens are being taken apart
            return False
        try:
            beat(self.screen_stack)
        except Exception as error:
            self._handle_exception(error)
        return True

    # Logging on and off

    @on(LogonRequested)
    def log_on_as_typed(self, message: LogonRequested) -> None:
        """Log on with what the form holds."""
        attempt = self._given.as_typed(message.server, message.credentials, message.profile)
        self._appearance.banner = self._given.banner(attempt)
        self.refresh_css(animate=False)
        self.logging_on.run(attempt)

    def action_cancel_logon(self) -> None:
        """Stop a logon that takes too long, or one that waits to be tried again."""
        self.logging_on.cancel()

    @on(LogonAgainRequested)
    def log_on_again(self) -> None:
        """Ask for the password over the screen in front."""
        self.logging_on.again()

    async def action_log_off(self) -> None:
        """Back to the login screen, with everything but the password still there."""
        self.behind.shared = None
        await self.logging_on.log_off()

    async def log_off(self) -> None:
        """Once the screen is gone; never raises, ends within 2 s."""
        await asyncio.gather(self.logging_on.end(), self.behind.close())

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A logon that a profile holds already needs none."""
        if action == "keep_profile":
            return self.logging_on.may_keep_profile
        return super().check_action(action, parameters)

    def action_keep_profile(self) -> None:
        """Keep server and user of this logon in the settings file."""
        self.logging_on.keep_profile()

    # Behind the logon

    async def _open(self, logged_on: LoggedOn) -> None:
        self.behind.open(logged_on)
        if logged_on.notice:
            self.warn(logged_on.notice)
        self.logging_on.offer_to_keep(logged_on)
        await self.behind.show_first()

    def pop_screen(self) -> AwaitComplete:
        """To the screen below; under what the start asked for lie the sessions.

        They are made when somebody goes there: until then they would cost a tenth of a
        second before the first data, and ask for a list that nobody sees.
        """
        below = self.screen_stack[-2:-1]
        instead = self.behind.show_sessions_instead() if below == [self.logging_on.form] else None
        return instead or super().pop_screen()

    @on(SessionRequested)
    async def open_session(self, message: SessionRequested) -> None:
        """Open a session over the picker, or in place of the one in front."""
        await self.behind.show_session(message)

    @on(ReplayRequested)
    async def go_back_in_time(self, message: ReplayRequested) -> None:
        """Replay what was watched over the session in front, which goes on."""
        await self.behind.show_past(message.recording)

    def action_help(self) -> None:
        """Show the keys of the screen in front."""
        if not isinstance(self.screen, screens.HelpScreen):
            self.push_screen(screens.HelpScreen(dict(self.screen.active_bindings), self._glyphs))

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
        return self._commands.of(screen)

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
        return self._appearance.variables()

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
        self._appearance.choose(name)
        self.theme = self._appearance.theme(self.available_themes)

    @on(BackgroundTold)
    def suit_the_background(self, message: BackgroundTold) -> None:
        """Dark or light, unless a person has chosen."""
        self._appearance.background_told(light=message.light)
        self.theme = self._appearance.theme(self.available_themes)

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
        self._appearance.settle(_TO_REMEMBER)
        self.logging_on.settle(_TO_REMEMBER)

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
