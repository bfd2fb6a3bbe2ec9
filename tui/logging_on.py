"""Logging on: from the form or from what was given at the start, and getting out of it again."""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from textual import on, work
from textual.widgets import Input

from tui import screens
from tui.connecting import Connection, Target
from tui.enterprise_manager.address import parse_server
from tui.enterprise_manager.credentials import Credentials
from tui.errors import (
    CertificateChanged,
    CertificateUnknown,
    ConnectionTrouble,
    CredentialsUnavailable,
    FailoverMonitorError,
    NoPermission,
    ServerTrouble,
    WrongCredentials,
)
from tui.messages import LogonRequested
from tui.monitor import backoff
from tui.presentation import times
from tui.screens.login import LoginScreen
from tui.shell import Shell

if TYPE_CHECKING:
    from tui.enterprise_manager.client import EnterpriseManager
    from tui.server_address import ServerAddress
    from tui.settings.resolved import SavedProfile


def logging_on(server: str, user: str) -> str:
    """What is said meanwhile."""
    return f"Logging on to {server} as {user} ..."


class LogonApp(Shell):
    """Owns the client. A client that is given up is closed, and logged off if it was on.

    A logon with the password given at the start is tried again by itself while the
    server is away, so that a wall started before Enterprise Manager comes to life with
    it. A refused password never is: accounts get locked.
    """

    def __init__(self, connection: Connection) -> None:
        settings = self._settings = connection.settings
        self._connection = connection
        self._profile = self._saved(settings.profile)
        banner = self._profile.banner if self._profile else settings.banner
        super().__init__(theme=settings.theme, banner=banner, ascii_only=settings.ascii)
        self._client: EnterpriseManager | None = None
        self._typed: Credentials | None = None
        self._kept = settings.password
        self._waiting_to_retry = False
        self._clients_closing: set[asyncio.Task[None]] = set()

    async def opened(
        self, client: EnterpriseManager, target: Target, *, cloud_connect: bool
    ) -> None:
        """The logon worked: show what there is to see."""
        raise NotImplementedError

    def _saved(self, name: str | None) -> SavedProfile | None:
        return next((saved for saved in self._settings.profiles if saved.name == name), None)

    @property
    def _login(self) -> LoginScreen:
        return next(screen for screen in self.screen_stack if isinstance(screen, LoginScreen))

    @on(LogonRequested)
    def log_on_as_typed(self, message: LogonRequested) -> None:
        """Log on with what the form holds."""
        server = parse_server(message.server)
        settings = self._settings
        chosen = self._saved(message.profile)
        self._profile = profile = chosen if chosen is not None and chosen.fits(server) else None
        at_start = settings.server in (None, server)
        self.set_banner(profile.banner if profile else settings.banner if at_start else None)
        typed = message.credentials
        self._typed = typed if typed.password.get_secret_value() else None
        self.log_on(Target.typed(server, profile, settings), typed)

    def _is_for(self, server: ServerAddress, user: str) -> bool:
        """Whether the password given at the start is for this account; it goes nowhere else."""
        settings = self._settings
        return settings.server in (None, server) and settings.user in (None, user)

    async def _with_password(self, target: Target, credentials: Credentials) -> Credentials:
        """With the one given at the start, or printed by the profile's command, if none typed."""
        if credentials.password.get_secret_value():
            return credentials
        from tui.password_sources import from_profile

        password = self._kept if self._is_for(target.server, credentials.user) else None
        if password is None and self._profile is not None:
            password = await asyncio.to_thread(from_profile, self._profile, target.server)
        if password is None:
            raise CredentialsUnavailable("No password was typed.")
        return Credentials(credentials.user, password)

    @work(exclusive=True, group="logon", name="logon", description="logs on")
    async def log_on(self, target: Target, credentials: Credentials) -> None:
        """Log on. An empty password stands for the one given at the start, or the profile's."""
        typed = bool(credentials.password.get_secret_value())
        failures = 0
        self._login.busy(logging_on(target.server.label, credentials.user))
        while True:
            trouble = await self._attempt(target, credentials)
            kept = self._kept is not None and self._is_for(target.server, credentials.user)
            if trouble is None or typed or not kept or not _may_mend(trouble):
                return
            failures += 1
            await self._wait_to_retry(trouble, failures)

    async def _attempt(
        self, target: Target, credentials: Credentials
    ) -> FailoverMonitorError | None:
        """One logon, to its end: the next screen, or what the login screen says now."""
        login = self._login
        trouble: FailoverMonitorError | None = None
        try:
            await self._log_on_once(target, credentials)
        except asyncio.CancelledError:
            self._drop_soon()
            raise
        except CertificateUnknown as error:
            await self._drop_client()
            await self._ask_about_certificate(error, target, credentials)
        except WrongCredentials as error:
            if self._typed is None and self._is_for(target.server, credentials.user):
                self._kept = None
            await self._drop_client()
            login.refuse_password(error)
        except NoPermission as error:
            await self._drop_client()
            login.refuse_password(error)
        except FailoverMonitorError as error:
            # A traceback would keep this frame, and with it the client and its sockets.
            trouble = error.with_traceback(None)
            await self._drop_client()
            login.refuse(error)
        except Exception as error:
            # Only the type: its message could hold what was typed.
            kind = type(error).__name__
            await self.action_log_off()
            login.refuse(
                FailoverMonitorError(
                    f"The logon failed for a reason unknown to this program ({kind}).",
                    "Try again; if it stays so, report it with what failover-monitor info prints.",
                )
            )
        return trouble

    async def _log_on_once(self, target: Target, credentials: Credentials) -> None:
        await self._drop_client()
        credentials = await self._with_password(target, credentials)
        client = self._client = self._connection.connect(target, credentials)
        answer = await client.log_on()
        self._login.welcome()
        if self._may_keep_password:
            self.notify("':' then 'Keep the password' stores it in the system's keyring.")
        await self.opened(client, target, cloud_connect=answer.cloud_connect)

    async def _wait_to_retry(self, trouble: FailoverMonitorError, failures: int) -> None:
        """Until the next try, saying when it is."""
        seconds = backoff.delay(failures, self._settings.interval, random.random)
        moment = self._connection.clock.now() + timedelta(seconds=seconds)
        again = f"Next try at {times.utc_time(moment)} UTC, number {failures + 1}; Esc stops that."
        self._login.refuse(FailoverMonitorError(trouble.full_text, again))
        self._waiting_to_retry = True
        try:
            await self._connection.clock.sleep(seconds)
        finally:
            self._waiting_to_retry = False
        self._login.busy(f"{trouble.sentence} Trying again ...")

    @on(Input.Changed)
    def stop_retrying(self) -> None:
        """Nobody's typing must go to another screen that a late logon opens in the middle of it."""
        if self._waiting_to_retry:
            self._cancel_logon()
            self._login.busy("No further try by itself: Enter logs on.")

    async def _ask_about_certificate(
        self, error: CertificateUnknown, target: Target, credentials: Credentials
    ) -> None:
        known = self._connection.known_servers
        if known is None or target.fingerprint:
            self._login.refuse(error)
            return
        if not await self.push_screen_wait(screens.CertificateScreen(error.certificate)):
            self._login.refuse(error)
            return
        try:
            await asyncio.to_thread(known.add, error.certificate)
        except FailoverMonitorError as trouble:
            self._login.refuse(trouble)
            return
        self.log_on(target, credentials)

    async def action_log_off(self) -> None:
        """Back to the login screen, with everything but the password still there."""
        while not isinstance(self.screen, LoginScreen):
            await self.pop_screen()
        await self._drop_client()
        self._login.focus_empty()

    def action_cancel_logon(self) -> None:
        """Stop a logon that takes too long, or waits for its next try."""
        if self._cancel_logon():
            self._login.busy("Cancelled.")

    def _cancel_logon(self) -> bool:
        running = [each for each in self.workers if each.group == "logon" and each.is_running]
        for worker in running:
            worker.cancel()
        return bool(running)

    async def _drop_client(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    def _drop_soon(self) -> None:
        """Without waiting: the server may be what takes so long. `log_off` waits for it."""
        task = asyncio.create_task(self._drop_client(), name="drops a client")
        self._clients_closing.add(task)
        task.add_done_callback(self._clients_closing.discard)

    async def log_off(self) -> None:
        """Log off, within two seconds; never raises. Called after the screen is gone."""
        with suppress(TimeoutError):
            async with asyncio.timeout(2.0):
                await self._drop_client()
                await asyncio.gather(*self._clients_closing, return_exceptions=True)

    @property
    def _may_keep_password(self) -> bool:
        from tui.password_sources import keyring_available

        worked = self._client is not None and self._client.logged_on
        return worked and self._typed is not None and keyring_available()


def _may_mend(trouble: FailoverMonitorError) -> bool:
    """Whether waiting helps; a changed certificate needs a person."""
    return isinstance(trouble, (ConnectionTrouble, ServerTrouble)) and not isinstance(
        trouble, CertificateChanged
    )
