"""Logging on: from an attempt to a client, and what refuses it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from tui.connecting import Connection, LogonTarget
from tui.enterprise_manager.credentials import Credentials
from tui.errors import (
    CertificateChanged,
    CertificateUnknown,
    ConnectionTrouble,
    FailoverMonitorError,
    NoPermission,
    ServerBusy,
    ServerTrouble,
    WrongCredentials,
)
from tui.light import dataclass
from tui.logon.given import Attempt, Given
from tui.monitor import backoff
from tui.presentation.times import utc_time

if TYPE_CHECKING:
    from tui.enterprise_manager.client import EnterpriseManager
    from tui.secret import SecretStr


@dataclass(frozen=True)
class LoggedOn:
    """What a logon led to. `profile` is the name to show, `interval` in seconds."""

    client: EnterpriseManager
    target: LogonTarget
    profile: str | None
    interval: float
    notice: str | None = None
    """What a person should know of how it went."""


class LogonTold(Protocol):
    """Who hears how a logon goes: the login screen."""

    def busy(self, text: str) -> None:
        """It is under way."""

    def refuse(self, error: FailoverMonitorError) -> None:
        """It failed."""

    def refuse_password(self, error: FailoverMonitorError) -> None:
        """It failed, and the password must not be sent again."""

    def tries_again(self, at: str) -> None:
        """After `refuse`: the next try is at that time of the UTC clock."""

    def waits(self, text: str) -> None:
        """Somebody else is asked for the password; a person who types it need not wait."""

    def ask(self) -> None:
        """Nobody else has the password."""

    def welcome(self) -> None:
        """It worked."""


class Logon:
    """Turns attempts into a client, of which there is one at most, and ends it."""

    def __init__(
        self,
        connection: Connection,
        given: Given,
        told: LogonTold,
        *,
        trusts: Callable[[CertificateUnknown], Awaitable[bool]],
        opens: Callable[[LoggedOn], Awaitable[None]],
        random_source: Callable[[], float] = random.random,
    ) -> None:
        """`trusts` asks a person about a certificate, `opens` shows what comes next."""
        self._connection = connection
        self._given = given
        self._told = told
        self._trusts = trusts
        self._opens = opens
        self._random = random_source
        self._drops: set[asyncio.Task[None]] = set()
        self._notice: str | None = None
        self.client: EnterpriseManager | None = None

    async def run(self, attempt: Attempt) -> None:
        """Until it worked, was refused, or is cancelled. Refused credentials are sent once."""
        self._told.busy(attempt.under_way)
        await self.drop_client()
        try:
            complete = await self._given.with_password(attempt, self._told.waits)
        except FailoverMonitorError as error:
            self._told.refuse(error)
            return
        if complete is None:
            self._told.ask()
            return
        attempt = complete
        failures = 0
        while trouble := await self._one_try(attempt):
            if isinstance(trouble, CertificateUnknown):
                continue  # trusted meanwhile
            failures += 1
            asked = trouble.retry_after if isinstance(trouble, ServerBusy) else None
            interval = self._connection.settings.interval
            wait = backoff.delay(failures, interval, self._random, asked)
            clock = self._connection.clock
            self._told.tries_again(utc_time(clock.now() + timedelta(seconds=wait)))
            await clock.sleep(wait)

    async def _one_try(self, attempt: Attempt) -> FailoverMonitorError | None:
        """What it met if it is to be repeated."""
        self._told.busy(attempt.under_way)
        try:
            client = self.client = self._connection.connect(attempt.target, attempt.credentials)
            await client.log_on()
        except asyncio.CancelledError:
            self._drop_soon()
            raise
        except CertificateUnknown as error:
            await self.drop_client()
            if await self._trusted(error, attempt.target):
                return error.with_traceback(None)
        except (WrongCredentials, NoPermission) as error:
            await self.drop_client()
            self._given.forget_password()
            self._told.refuse_password(error)
        except FailoverMonitorError as error:
            await self.drop_client()
            self._told.refuse(error)
            if attempt.again and _may_mend(error):
                # Its traceback would keep the given-up client and its sockets during the wait.
                return error.with_traceback(None)
        except Exception as error:
            # A form to try again with is worth more to whoever sits there than a traceback.
            await self.drop_client()
            self._told.refuse(_defect(error))
        else:
            self._told.welcome()
            await self._opens(self._logged_on(client, attempt))
            self._given.bind(attempt.target.server, client.user_name)
        return None

    async def _trusted(self, error: CertificateUnknown, target: LogonTarget) -> bool:
        """Ask whether to trust it, and keep it if so."""
        known = self._connection.known_servers
        if known is None or target.fingerprint or not await self._trusts(error):
            self._told.refuse(error)
            return False
        self._notice = await asyncio.to_thread(known.accept, error.certificate)
        return True

    def _logged_on(self, client: EnterpriseManager, attempt: Attempt) -> LoggedOn:
        server, profile = attempt.target.server, attempt.profile
        given = self._given.settings_for(server)
        return LoggedOn(
            client,
            attempt.target,
            profile.name if profile else given.profile,
            profile.interval if profile else given.interval,
            self._notice,
        )

    def supply_password(self, password: SecretStr) -> None:
        """For the account that is logged on, after it was refused; tried with the next poll."""
        if self.client is not None:
            self.client.supply_credentials(Credentials(self.client.user_name, password))
            self._given.typed = None  # no longer the right one to keep

    @property
    def may_keep_password(self) -> bool:
        """Whether a password that was typed has worked, and there is a place for it."""
        from tui.password_sources import keyring_available

        worked = self.client is not None and self.client.logged_on
        return worked and self._given.typed is not None and keyring_available()

    async def keep_password(self) -> None:
        """Into the operating system's keyring. Raises `CredentialsUnavailable`."""
        from tui.password_sources import to_keyring

        typed, client = self._given.typed, self.client
        if typed is not None and client is not None:
            await asyncio.to_thread(to_keyring, client.server.url, typed.user, typed.password)

    async def drop_client(self) -> None:
        """Log off, if logged on; never raises."""
        client, self.client = self.client, None
        if client is not None:
            await client.aclose()

    def _drop_soon(self) -> None:
        """Without waiting: the server may be what takes so long. `end` waits for it."""
        task = asyncio.create_task(self.drop_client(), name="drops a client")
        self._drops.add(task)
        task.add_done_callback(self._drops.discard)

    async def end(self) -> None:
        """Log off; never raises. Called after the screen is gone; ending takes 2 s at most."""
        with suppress(TimeoutError):
            async with asyncio.timeout(1.8):
                await self.drop_client()
                await asyncio.gather(*self._drops, return_exceptions=True)


def _may_mend(error: FailoverMonitorError) -> bool:
    """Whether waiting helps; a changed certificate needs a person."""
    no_answer = isinstance(error, ConnectionTrouble | ServerTrouble)
    return no_answer and not isinstance(error, CertificateChanged)


def _defect(error: Exception) -> FailoverMonitorError:
    return FailoverMonitorError(
        f"Logging on failed in a way that this program does not know ({type(error).__name__}).",
        "Try again; if it stays, please report it with what `failover-monitor info` prints.",
    )
