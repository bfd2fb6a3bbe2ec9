"""The logon session: made when needed, renewed once on a 401, ended by its own id.

An httpx.Auth generator would do the same dance, but lets httpx read the logon's
answer without a limit on size; so the dance is here, and two tiny httpx.Auth
objects only write a secret into a request.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import contextlib
import time
import uuid
from collections.abc import Generator
from typing import Final

import httpx

from tui.enterprise_manager import readers, scalars
from tui.enterprise_manager.address import ServerAddress
from tui.enterprise_manager.credentials import Credentials
from tui.enterprise_manager.decoding import error_text, parse
from tui.enterprise_manager.refusals import refusal, server_says
from tui.enterprise_manager.resources import LogonAnswer
from tui.enterprise_manager.transport import TOKEN_HEADER, Answer, Transport
from tui.enterprise_manager.way import port_hint
from tui.errors import (
    CredentialsUnavailable,
    LogonExpired,
    NoPermission,
    NotEnterpriseManager,
    NotFound,
    RequestRejected,
    UnreadableAnswer,
    WrongCredentials,
)
from tui.masking import register_credentials, register_session
from tui.passwords import password_fault
from tui.secret import SecretStr

LOGON_PATH: Final = "/api/sessionMngr/?v=latest"
LOGOFF_SECONDS: Final = 1.4
"""For everything a logoff does, at whatever stage the server hangs. With closing the
sockets and giving the terminal back, the whole way out stays within 2 s."""


class _BasicAuth(httpx.Auth):
    """Writes the Authorization header, user and password in UTF-8."""

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = _basic(self._credentials)
        yield request


def _register(token: SecretStr, session_id: SecretStr | None) -> None:
    """Whatever comes back of them is masked from now on."""
    value = session_id.get_secret_value() if session_id else None
    register_session(token.get_secret_value(), value)


def _basic(credentials: Credentials) -> str:
    pair = f"{credentials.user}:{credentials.password.get_secret_value()}"
    return f"Basic {base64.b64encode(pair.encode('utf-8', 'surrogateescape')).decode('ascii')}"


class _TokenAuth(httpx.Auth):
    """Writes the session header."""

    def __init__(self, token: SecretStr) -> None:
        self._token = token

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers[TOKEN_HEADER] = self._token.get_secret_value()
        yield request


class _LogonSession:
    """A token and the id to log it off by."""

    __slots__ = ("auth", "id")

    def __init__(self, token: SecretStr, session_id: SecretStr | None) -> None:
        self.auth = _TokenAuth(token)
        self.id = session_id

    def is_same(self, other: _LogonSession) -> bool:
        """Whether both are one on the server."""
        mine, theirs = self.id, other.id
        return (
            mine is not None
            and theirs is not None
            and (mine.get_secret_value() == theirs.get_secret_value())
        )


class Logon:
    """Keeps one logon session for all requests of one client."""

    def __init__(
        self, transport: Transport, server: ServerAddress, credentials: Credentials
    ) -> None:
        """Nothing is sent before the first request or `log_on`."""
        self._transport = transport
        self._server = server
        self._credentials = credentials
        self.cloud_connect: bool | None = None
        self._session: _LogonSession | None = None
        self._pending: asyncio.Task[LogonAnswer] | None = None
        self._wrong: str | None = None
        self._ended = False
        self._endings: set[asyncio.Task[None]] = set()

    @property
    def user_name(self) -> str:
        """As typed."""
        return self._credentials.user

    @property
    def is_on(self) -> bool:
        """Whether a logon session is held, as far as known here."""
        return self._session is not None

    def supply(self, credentials: Credentials) -> None:
        """New credentials from a person: the only way on after `WrongCredentials`."""
        self._credentials = credentials
        self._wrong = None

    async def log_on(self) -> LogonAnswer:
        """A new logon, joining one in flight; an earlier one is logged off.

        Raises `WrongCredentials`, also without asking the server again once it has
        refused these credentials; `NoPermission`; `NotEnterpriseManager`; and what
        any exchange raises.
        """
        self._ended = False
        if self._session is not None:
            await self._end(self._session, LOGOFF_SECONDS)
        return await self._joined()

    async def get(self, path: str) -> Answer:
        """GET with the session header; on a 401 one new logon and one more try.

        Never two logons for one GET: the first of them would stay open on the server.
        Raises `LogonExpired` when the fresh logon is refused too, or after a
        logoff; `WrongCredentials` when the logon itself is refused.
        """
        used = self._session
        fresh = used or await self._renewed(None)
        answer = await self._transport.send("GET", path, fresh.auth)
        if answer.status == 401 and used is not None:
            fresh = await self._renewed(used)
            answer = await self._transport.send("GET", path, fresh.auth)
        if answer.status != 401:
            return answer
        await self._end(fresh, LOGOFF_SECONDS)
        raise LogonExpired(
            "The server refused the request right after a fresh logon."
            f"{server_says(error_text(answer.body))}",
            "The account may have been disabled or lost its rights.",
        )

    async def _renewed(self, used: _LogonSession | None) -> _LogonSession:
        """The logon session to go on with after `used` was refused."""
        if self._session is used or self._session is None:
            if self._ended:
                raise LogonExpired("Logged off.", "Log on again.")
            await self._joined()
        if self._session is None:
            raise LogonExpired("Logged off meanwhile.", "Log on again.")
        return self._session

    async def _joined(self) -> LogonAnswer:
        """Wait for the one logon in flight; a cancelled waiter does not cancel it.

        Were the request abandoned, a logon session might exist on the server
        whose id nobody here knows and nobody could log off.
        """
        if self._pending is None or self._pending.done():
            self._pending = asyncio.create_task(self._log_on(), name="logon")
            self._pending.add_done_callback(_retrieved)
        return await asyncio.shield(self._pending)

    async def _log_on(self) -> LogonAnswer:
        if self._wrong is not None:
            raise WrongCredentials(
                self._wrong, "It is not sent again by itself, because accounts get locked."
            )
        before, self._session = self._session, None
        password = self._credentials.password.get_secret_value()
        fault = password_fault(password)
        if fault is not None:  # the last of all places where it could be noticed
            raise CredentialsUnavailable(f"The password {fault}, so it is not sent.")
        register_credentials(self._credentials.user, password)
        answer = await self._transport.send("POST", LOGON_PATH, _BasicAuth(self._credentials))
        self._check(answer)
        if answer.token is None:
            raise NotEnterpriseManager(
                "The server accepted the logon but gave no session: it is not Enterprise Manager.",
                port_hint(self._server) or "Check host and port.",
            )
        session_id = _secret_id(answer)
        _register(answer.token, session_id)
        self._session = _LogonSession(answer.token, session_id)
        if before is not None and not before.is_same(self._session):
            # A 401 to one resource need not mean that the logon session has ended.
            ending = asyncio.create_task(self._delete(before, LOGOFF_SECONDS), name="logoff")
            self._endings.add(ending)
            ending.add_done_callback(self._endings.discard)
        told = LogonAnswer()
        try:
            told = readers.logon(readers.entity_of_logon(parse(answer.body)))[0]
        except UnreadableAnswer:
            # The token is what counts. But never keep a session that could not be ended.
            if session_id is None:
                raise
        self.cloud_connect = told.cloud_connect
        return told

    def _check(self, answer: Answer) -> None:
        if 200 <= answer.status < 300:
            return
        if answer.status == 401:
            self._wrong = f"User or password is wrong.{server_says(error_text(answer.body))}"
            raise WrongCredentials(self._wrong, r"Users are written DOMAIN\user or user@domain.")
        failure = refusal(answer, self._server, "Enterprise Manager")
        if isinstance(failure, NoPermission):
            raise NoPermission(
                "This account may not log on to Enterprise Manager."
                f"{server_says(error_text(answer.body))}",
                "It needs the role Portal Administrator, Portal User or Restore Operator.",
            )
        if isinstance(failure, NotFound | RequestRejected):
            raise NotEnterpriseManager(
                f"Enterprise Manager does not answer at {self._server.label}"
                f" ({answer.status} to a logon).",
                port_hint(self._server) or "Check host and port.",
            )
        raise failure

    async def log_off(self) -> None:
        """End the own logon session, also one in flight, within 1.4 s; never raises."""
        self._ended = True
        until = time.monotonic() + LOGOFF_SECONDS
        pending = self._pending
        if pending is not None and not pending.done():
            await asyncio.wait({pending}, timeout=LOGOFF_SECONDS * 0.75)
            if not pending.done():
                pending.cancel()
        if self._session is not None:
            await self._end(self._session, until - time.monotonic())
        if self._endings:
            await asyncio.wait(self._endings, timeout=max(0.0, until - time.monotonic()))

    async def _end(self, session: _LogonSession, seconds: float) -> None:
        if self._session is not session:
            return
        self._session = None
        await self._delete(session, seconds)

    async def _delete(self, session: _LogonSession, seconds: float) -> None:
        """Ask once; whether it still existed is nothing to act on."""
        if session.id is None:
            return
        with contextlib.suppress(Exception):
            await self._transport.send(
                "DELETE",
                f"/api/logonSessions/{session.id.get_secret_value()}",
                session.auth,
                deadline=seconds,
            )


def _retrieved(task: asyncio.Task[LogonAnswer]) -> None:
    """Mark the exception as seen: every waiter may have been cancelled."""
    if not task.cancelled():
        task.exception()


def _secret_id(answer: Answer) -> SecretStr | None:
    """The logon session's id from the body, the Location, or the token itself."""
    with contextlib.suppress(UnreadableAnswer):
        found = readers.logon(readers.entity_of_logon(parse(answer.body)))[1]
        if found:
            return SecretStr(found)
    found = scalars.guid(answer.location)
    if found is None and answer.token is not None:
        found = _id_in(answer.token)
    return SecretStr(found) if found else None


def _id_in(token: SecretStr) -> str | None:
    """The id that a token is made of: in base64 its text, or in older versions its bytes.

    The reference shows both forms. The bytes are in the order of .NET, little-endian first:
    only so are both of its examples GUIDs of the random kind.
    """
    with contextlib.suppress(binascii.Error, ValueError):
        made_of = base64.b64decode(token.get_secret_value(), validate=True)
        if len(made_of) == 16:
            return str(uuid.UUID(bytes_le=made_of))
        return scalars.guid(made_of.decode("ascii"))
    return None
