"""Logging on: from the form or the start's credentials to a client, and what refuses it."""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from textual import on, work

from tui import screens
from tui.connecting import Connection, LogonTarget
from tui.enterprise_manager.address import parse_server
from tui.enterprise_manager.credentials import Credentials
from tui.errors import (
    CertificateChanged,
    CertificateUnknown,
    ConnectionTrouble,
    CredentialsUnavailable,
    FailoverMonitorError,
    NoPermission,
    ServerBusy,
    ServerTrouble,
    WrongCredentials,
)
from tui.messages import LogonRequested
from tui.monitor import backoff
from tui.presentation.times import utc_time
from tui.screens.login import LoginScreen
from tui.shell import Shell

if TYPE_CHECKING:
    from pydantic import SecretStr

    from tui.enterprise_manager.client import EnterpriseManager
    from tui.password_sources import PasswordCommand
    from tui.server_address import ServerAddress
    from tui.settings.resolved import ResolvedSettings, SavedProfile


def logging_on(server: str, user: str) -> str:
    """What is said meanwhile."""
    return f"Logging on to {server} as {user} ..."


class LoggingOn(Shell):
    """The half of the app that turns credentials into a client; `_open` shows what comes next."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._settings = connection.settings
        self._profile = self._saved(connection.settings.profile)
        settings = connection.settings
        banner = self._profile.banner if self._profile else settings.banner
        super().__init__(theme=settings.theme, banner=banner, ascii_only=settings.ascii)
        self._client: EnterpriseManager | None = None
        self._typed: Credentials | None = None
        self._drops: set[asyncio.Task[None]] = set()

    def _saved(self, name: str | None) -> SavedProfile | None:
        return next((saved for saved in self._settings.profiles if saved.name == name), None)

    @property
    def _login(self) -> LoginScreen:
        return next(screen for screen in self.screen_stack if isinstance(screen, LoginScreen))

    def _settings_for(self, server: ServerAddress) -> ResolvedSettings:
        """The settings, without what was meant for another server than this one."""
        settings = self._settings
        if settings.server is None or settings.server == server:
            return settings
        return replace(
            settings, ca_file=None, fingerprint=None, banner=None, profile=None, password=None
        )

    @on(LogonRequested)
    def log_on_as_typed(self, message: LogonRequested) -> None:
        """Log on with what the form holds."""
        server = parse_server(message.server)
        chosen = self._saved(message.profile)
        # A profile whose server was typed over lends that other server nothing.
        self._profile = chosen if chosen and chosen.fits(server) else None
        settings = self._settings_for(server)
        self.set_banner(self._profile.banner if self._profile else settings.banner)
        typed = message.credentials
        self._typed = typed if typed.password.get_secret_value() else None
        target = LogonTarget.of(server, self._profile or settings)
        self._log_on(target, typed, again=self._typed is None)

    async def _with_password(self, target: LogonTarget, credentials: Credentials) -> Credentials:
        """Where none was typed: that of the start, or what the profile's command prints."""
        if credentials.password.get_secret_value():
            return credentials
        settings = self._settings_for(target.server)
        password = settings.password if settings.user in (None, credentials.user) else None
        if password is None and self._profile is not None:
            from tui.password_sources import command_of

            command = command_of(self._profile, target.server)
            password = await _printed(command) if command else None
        if password is None:
            raise CredentialsUnavailable("No password was typed.")
        return Credentials(credentials.user, password)

    @work(exclusive=True, group="logon", name="logon", description="logs on")
    async def _log_on(self, target: LogonTarget, credentials: Credentials, *, again: bool) -> None:
        """With `again`, a server that cannot be reached is tried until it can.

        Only for a logon that nobody sits in front of: a wall started while Enterprise
        Manager is down. Credentials that were refused are never sent again.
        """
        self._login.busy(logging_on(target.server.label, credentials.user))
        await self._drop_client()
        try:
            credentials = await self._with_password(target, credentials)
        except FailoverMonitorError as error:
            self._login.refuse(error)
            return
        failures = 0
        while trouble := await self._refused(target, credentials, again=again):
            failures += 1
            asked = trouble.retry_after if isinstance(trouble, ServerBusy) else None
            wait = backoff.delay(failures, self._settings.interval, random.random, asked)
            clock = self._connection.clock
            self._login.tries_again(utc_time(clock.now() + timedelta(seconds=wait)))
            await clock.sleep(wait)

    async def _refused(
        self, target: LogonTarget, credentials: Credentials, *, again: bool
    ) -> FailoverMonitorError | None:
        """One try; what it met if it is to be repeated."""
        login = self._login
        login.busy(logging_on(target.server.label, credentials.user))
        try:
            client = self._client = self._connection.connect(target, credentials)
            answer = await client.log_on()
        except asyncio.CancelledError:
            self._drop_soon()
            raise
        except CertificateUnknown as error:
            await self._drop_client()
            await self._ask_about_certificate(error, target, credentials, again=again)
        except (WrongCredentials, NoPermission) as error:
            await self._drop_client()
            self._forget_password()
            login.refuse_password(error)
        except FailoverMonitorError as error:
            await self._drop_client()
            login.refuse(error)
            if again and _may_mend(error):
                # Its traceback would keep the given-up client and its sockets during the wait.
                return error.with_traceback(None)
        except Exception as error:
            # A form to try again with is worth more to whoever sits there than a traceback.
            await self._drop_client()
            login.refuse(_defect(error))
        else:
            login.welcome()
            await self._open(client, target, cloud_connect=answer.cloud_connect)
        return None

    async def _ask_about_certificate(
        self,
        error: CertificateUnknown,
        target: LogonTarget,
        credentials: Credentials,
        *,
        again: bool,
    ) -> None:
        known = self._connection.known_servers
        if known is None or target.fingerprint:
            self._login.refuse(error)
            return
        if not await self.push_screen_wait(screens.CertificateScreen(error)):
            self._login.refuse(error)
            return
        try:
            await asyncio.to_thread(known.add, error.certificate)
        except FailoverMonitorError as trouble:
            self._login.refuse(trouble)
            return
        self._log_on(target, credentials, again=again)

    async def _open(
        self, client: EnterpriseManager, target: LogonTarget, *, cloud_connect: bool
    ) -> None:
        """Show what a logon leads to."""
        raise NotImplementedError

    def _forget_password(self) -> None:
        """The server refused it: an empty field must not send it again."""
        self._settings = replace(self._settings, password=None)
        self._login.password_known = False

    async def _drop_client(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    def _drop_soon(self) -> None:
        """Without waiting: the server may be what takes so long. `log_off` waits for it."""
        task = asyncio.create_task(self._drop_client(), name="drops a client")
        self._drops.add(task)
        task.add_done_callback(self._drops.discard)

    async def log_off(self) -> None:
        """Log off; never raises. Called after the screen is gone; ending takes 2 s at most."""
        with suppress(TimeoutError):
            async with asyncio.timeout(1.8):
                await self._drop_client()
                await asyncio.gather(*self._drops, return_exceptions=True)

    def action_cancel_logon(self) -> None:
        """Stop a logon that takes too long, or one that waits to be tried again."""
        for worker in self.workers:
            if worker.group == "logon" and worker.is_running:
                worker.cancel()
                self._login.cancelled()


async def _printed(command: PasswordCommand) -> SecretStr:
    try:
        return await asyncio.to_thread(command.run)
    except asyncio.CancelledError:
        command.stop()
        raise


def _may_mend(error: FailoverMonitorError) -> bool:
    """Whether waiting helps; a changed certificate needs a person."""
    no_answer = isinstance(error, ConnectionTrouble | ServerTrouble)
    return no_answer and not isinstance(error, CertificateChanged)


def _defect(error: Exception) -> FailoverMonitorError:
    return FailoverMonitorError(
        f"Logging on failed in a way that this program does not know ({type(error).__name__}).",
        "Try again; if it stays, please report it with what `failover-monitor info` prints.",
    )
