"""Logging on and off as a person meets it: the form, the questions on the way, what is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from tui import screens
from tui.connecting import Connection
from tui.errors import CertificateUnknown, FailoverMonitorError
from tui.logon.given import Attempt, Given
from tui.logon.kept import KeptLogons
from tui.logon.logon import LoggedOn, Logon
from tui.presentation.keys import key_name
from tui.presentation.logon_lines import offer_to_keep, profile_kept
from tui.presentation.text import clean
from tui.screens.login import LoginScreen, Prefill
from tui.settings.remembered import LastLogon
from tui.settings.unknown_names import unknown_bindings, unknown_theme
from tui.theme_names import CHOICES

if TYPE_CHECKING:
    from textual.app import App

    from tui.settings.resolved import ResolvedSettings

_FIRST_PICTURE: Final = 1 / 30
"""Seconds: two of Textual's frames."""

_KEYRING_OFFERED: Final = "':' then 'Keep the password' stores it in the system's keyring."


class LoggingOn:
    """Who is logged on, and how it came to that.

    `form` is the login screen, at the bottom of all others. `opens` is given each logon that
    worked, and shows what comes next.
    """

    def __init__(
        self,
        app: App[Any],
        connection: Connection,
        given: Given,
        *,
        opens: Callable[[LoggedOn], Awaitable[None]],
    ) -> None:
        settings = connection.settings
        self._app = app
        self._given = given
        self._kept = KeptLogons(settings)
        self._key_to_keep = settings.keys.get("profile.keep", ("K",))[0]
        self._at_start = given.at_start()
        self.form = self._made_form(settings)
        self._logon = Logon(connection, given, self.form, trusts=self._trusts, opens=opens)

    def _made_form(self, settings: ResolvedSettings) -> LoginScreen:
        attempt = self._at_start
        known = settings.password is not None or attempt is not None
        prefill = Prefill(*self._kept.prefilled, password_known=known)
        notices = (*settings.notices, *_unknown_names(self._app, settings))
        # Part of the first picture, since nothing else is on it.
        under_way = attempt.under_way if attempt is not None else ""
        form = LoginScreen(prefill, settings.profiles, notices, under_way)
        form.set_class(attempt is not None, "-connecting")
        return form

    async def begin(self) -> None:
        """Show the form; log on at once when everything is known."""
        await self._app.push_screen(self.form)
        if self._at_start is not None:
            # A moment for the first picture: connecting begins with loading the HTTP library.
            self.form.set_timer(_FIRST_PICTURE, partial(self.run, self._at_start))

    def run(self, attempt: Attempt) -> None:
        """Log on, in place of an attempt that is under way."""
        self._app.run_worker(
            self._logon.run(attempt),
            exclusive=True,
            group="logon",
            name="logon",
            description="logs on",
        )

    async def _trusts(self, error: CertificateUnknown) -> bool:
        return await self._app.push_screen_wait(screens.CertificateScreen(error))

    def cancel(self) -> None:
        """Stop a logon that takes too long, or one that waits to be tried again."""
        for worker in self._app.workers:
            if worker.group == "logon" and worker.is_running:
                worker.cancel()
                self.form.cancelled()

    def again(self) -> None:
        """Ask for the password over the screen in front, then poll with it at once."""
        self._app.run_worker(
            self._ask_again(),
            exclusive=True,
            group="password",
            name="password",
            description="asks for a password",
        )

    async def _ask_again(self) -> None:
        client, app = self._logon.client, self._app
        if client is None:
            return
        asks = screens.PasswordScreen(client.user_name, client.server.label)
        password = await app.push_screen_wait(asks)
        if password is None:
            return
        self._logon.supply_password(password)
        polling = (screens.PickerScreen, screens.SessionScreen, screens.StandbyScreen)
        if isinstance(app.screen, polling):
            app.screen.action_poll()

    async def log_off(self) -> None:
        """Back to the form, with everything but the password still there."""
        while self._app.screen is not self.form:
            await self._app.pop_screen()
        await self._logon.drop_client()
        self.form.focus_empty()

    async def end(self) -> None:
        """Log off once the screens are gone; never raises, ends within 2 s."""
        await self._logon.end()

    # What is kept of a logon

    def offer_to_keep(self, logged_on: LoggedOn) -> None:
        """Remember the logon, and say how it can be kept, and its password."""
        server, user = logged_on.target.server, logged_on.client.user_name
        if self._kept.worked(LastLogon(server, user), typed=self._given.typed is not None):
            offer = offer_to_keep(key_name(self._key_to_keep), server.label, user)
            self._app.notify(offer, timeout=12, markup=False)
        if self._logon.may_keep_password:
            self._app.notify(_KEYRING_OFFERED)

    @property
    def may_keep_password(self) -> bool:
        """Whether a password that was typed has worked, and there is a place for it."""
        return self._logon.may_keep_password

    async def keep_password(self) -> None:
        """At a person's wish, after a logon that worked."""
        try:
            await self._logon.keep_password()
        except FailoverMonitorError as error:
            self._app.notify(error.full_text, severity="error", markup=False)
        else:
            self._app.notify("The system's keyring keeps the password now.", markup=False)

    @property
    def may_keep_profile(self) -> bool:
        """A logon that a profile holds already needs none."""
        return self._kept.may_keep

    def keep_profile(self) -> None:
        """Keep server and user of this logon in the settings file."""
        self._app.run_worker(
            self._write_profile(),
            exclusive=True,
            group="profile",
            name="profile",
            description="writes a profile",
        )

    async def _write_profile(self) -> None:
        app = self._app
        try:
            name = await asyncio.to_thread(self._kept.keep)
        except FailoverMonitorError as error:
            app.notify(clean(error.full_text), severity="error", timeout=60, markup=False)
        else:
            app.clear_notifications()  # the offer, where it still stands
            app.notify(profile_kept(name), timeout=15, markup=False)
            app.refresh_bindings()

    def settle(self, seconds: float) -> None:
        """Give what is to be remembered that much time at most."""
        self._kept.settle(seconds)


def _unknown_names(app: App[Any], settings: ResolvedSettings) -> Iterator[str]:
    """What the settings file names that there is not."""
    theme = unknown_theme(settings.theme, CHOICES)
    if theme is not None and settings.theme not in app.available_themes:
        yield theme
    if settings.keys:
        from tui.screens.bindings import binding_ids

        yield from unknown_bindings(settings.keys, binding_ids(type(app)))
