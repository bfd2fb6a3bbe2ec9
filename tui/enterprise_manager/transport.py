"""One exchange with the server: bounded in time and size, never a cookie or a redirect.

All that httpx, ssl and the operating system can raise becomes one of
`tui.errors` here and nowhere else. Errors are raised outside of the `except`
block that met them, so that no traceback leads back into the HTTP library's
frames, whose locals hold headers.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import ssl
import time
from collections.abc import Mapping
from dataclasses import field
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Final, Literal

import h11
import httpx

from tui import __version__
from tui.enterprise_manager.address import ServerAddress
from tui.enterprise_manager.body import Chunks, whole_body
from tui.enterprise_manager.failures import explained
from tui.enterprise_manager.kept_connection import KeptConnection, Question, joined
from tui.enterprise_manager.probe import (
    ConnectionWatch,
    PeerSeen,
    open_client,
)
from tui.enterprise_manager.proxies import proxy_for
from tui.enterprise_manager.request_log import OnRequest, RequestRecord
from tui.enterprise_manager.trust import ServerTrust, TrustedConnection
from tui.errors import FailoverMonitorError
from tui.light import dataclass
from tui.secret import SecretStr

MAX_BODY: Final = 16 * 1024 * 1024
"""Bytes of a body after decompression, four times what a session of 10,000 VMs takes.

Not more, because hostile JSON or XML takes twenty times its size once decoded.
"""

DEADLINE: Final = 60.0
"""Seconds for a whole exchange, so that a trickling server cannot hold one forever."""

TIMEOUT: Final = httpx.Timeout(connect=10.0, read=30.0, write=10.0, pool=15.0)
"""Seconds for each phase: connecting (TLS too), one read, one write, a free connection."""

CLOSE_SECONDS: Final = 0.4
"""With a logoff before it, well within the 2 s in which a person is let go."""

LIMITS: Final = httpx.Limits(max_connections=8, max_keepalive_connections=4, keepalive_expiry=90.0)
"""The keep-alive outlasts the longest usual pause between two polls, 60 s."""

TOKEN_HEADER: Final = "X-RestSvcSessionId"  # noqa: S105 - the header's name, not its value
_MEDIA_TYPES: Final = {"json": "application/json", "xml": "application/xml"}
_LOCATION: Final = "failover_monitor.location"

_DROPPED: Final = (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError)
"""How it shows that the server has closed a connection."""

Accept = Literal["json", "xml"]

# These log URLs (the logoff's holds an id that discloses the token) and response
# headers (the logon's holds the token itself). `on_request` is our log instead.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `token` is the session header of a logon's answer.

    The body is out of the repr because a logon's body discloses its token.
    """

    status: int
    body: bytes = field(repr=False)
    date: str | None = None
    location: str | None = field(default=None, repr=False)
    retry_after: str | None = None
    token: SecretStr | None = None


class Transport:
    """Sends requests to one server. Opens nothing before the first request."""

    def __init__(
        self,
        server: ServerAddress,
        trust: ServerTrust,
        *,
        accept: Accept = "json",
        transport: httpx.AsyncBaseTransport | None = None,
        proxy: str | None = None,
        on_request: OnRequest | None = None,
        deadline: float = DEADLINE,
        timeout: httpx.Timeout = TIMEOUT,
        max_body: int = MAX_BODY,
    ) -> None:
        """`transport` replaces the network in tests; `proxy` is a URL, else the environment's."""
        self._server = server
        self._url = server.url
        self._trust = trust
        self._accept = _MEDIA_TYPES[accept]
        self._transport = transport
        self._proxy = None if proxy is None else SecretStr(proxy)
        self._on_request = on_request
        self._deadline = deadline
        self._timeout = timeout
        self._max_body = max_body
        self._http: httpx.AsyncClient | None = None
        self._connection: TrustedConnection | None = None
        self._opening = asyncio.Lock()
        self._through = proxy_for(server, self._proxy) if transport is None else None
        self._answered_before = False
        self._kept: KeptConnection | None = None
        self._prepared: tuple[tuple[str, str, httpx.Auth], Question] | None = None

    async def send(
        self, method: str, path: str, auth: httpx.Auth, *, deadline: float | None = None
    ) -> Answer:
        """One request, one answer, whatever its status. Raises `ConnectionTrouble` and
        `UnreadableAnswer` (an unknown encoding, `AnswerTooLarge`).

        `path` begins with `/api`; `deadline` is in seconds, for the whole exchange.
        """
        began = time.monotonic()
        answer: Answer | None = None
        error: FailoverMonitorError | None = None
        name: str | None = "CancelledError"
        try:
            async with asyncio.timeout(self._deadline if deadline is None else deadline):
                answer = await self._exchange(method, path, auth)
            name = None
        except FailoverMonitorError as met:
            error, name = met, type(met).__name__
        except MemoryError:
            raise
        except Exception as met:
            seconds = time.monotonic() - began
            error = explained(
                met, self._server, seconds, self._through, answered=self._answered_before
            )
            name = type(error).__name__
        finally:
            self._record(method, path, answer, time.monotonic() - began, name)
        if error is None and answer is not None:
            return answer
        assert error is not None  # noqa: S101 - for the type checker
        raise error.with_traceback(None)

    async def _exchange(self, method: str, path: str, auth: httpx.Auth) -> Answer:
        http, connection = await self._open()
        once_more = True
        if self._kept is not None and self._kept.is_usable:
            with contextlib.suppress(*_DROPPED):
                question = self._question(http, method, path, auth)
                return await self._kept.ask(question, self._read)
            # What follows is the second time already.
            once_more = False
        watch = ConnectionWatch(connection)
        refused: Exception | None = None
        try:
            return await self._answered(http, method, path, auth, watch)
        except (httpx.ConnectError, PeerSeen) as met:
            refused = met
        except _DROPPED:
            if not watch.reused or not once_more:
                raise
        if refused is None:
            # The server closed an idle connection, as it may, just when it was used again; or
            # it closes after each 401. A logon is sent again like a GET: had the first one
            # arrived after all, its session would be as lost if nobody asked again.
            return await self._answered(http, method, path, auth, ConnectionWatch(connection))
        error = await connection.explain(refused, self._proxy) if connection else None
        if error is None:
            raise refused
        # The next attempt asks anew whom to trust: a person may have decided meanwhile.
        await self.aclose()
        raise error

    async def _answered(
        self,
        http: httpx.AsyncClient,
        method: str,
        path: str,
        auth: httpx.Auth,
        watch: ConnectionWatch,
    ) -> Answer:
        try:
            async with http.stream(
                method, f"{self._url}{path}", auth=auth, extensions={"trace": watch}
            ) as response:
                answer = await self._answer(response)
                self._keep(response)
        except httpx.TransportError as met:
            failed = watch.at_its_stage(met, proxied=self._through is not None)
        else:
            self._answered_before = True
            return answer
        raise failed

    async def _answer(self, response: httpx.Response) -> Answer:
        assert isinstance(response.stream, httpx.AsyncByteStream)  # noqa: S101 - for the type checker
        headers = joined(response.headers.raw)
        headers[b"location"] = response.extensions.get(_LOCATION) or b""
        return await self._read(response.status_code, headers, response.stream)

    async def _read(self, status: int, headers: Mapping[bytes, bytes], body: Chunks) -> Answer:
        def header(name: str) -> str | None:
            value = headers.get(name.encode())
            return None if value is None else _text(value)

        whole = await whole_body(header("content-encoding"), body, self._max_body)
        token = header(TOKEN_HEADER.lower())
        return Answer(
            status=status,
            body=whole,
            date=header("date"),
            location=header("location") or None,
            retry_after=header("retry-after"),
            # Anything else could not be sent back, and the failure would name it.
            token=SecretStr(token) if token and token.isascii() and token.isprintable() else None,
        )

    def _keep(self, response: httpx.Response) -> None:
        """The connection of an answer that has come whole, where there is none yet.

        Not one to a proxy of plain http, which wants its requests written otherwise.
        """
        through_proxy = self._through is not None and self._server.is_plain_http
        if not through_proxy and (self._kept is None or self._kept.is_closed):
            expiry = LIMITS.keepalive_expiry
            self._kept = KeptConnection.after(response, self._timeout, expiry)

    def _question(
        self, http: httpx.AsyncClient, method: str, path: str, auth: httpx.Auth
    ) -> Question:
        """As httpx writes it; a poll asks the same as the one before."""
        asked = (method, path, auth)
        if self._prepared is None or self._prepared[0] != asked:
            request = next(auth.auth_flow(http.build_request(method, f"{self._url}{path}")))
            written = h11.Request(
                method=method, target=request.url.raw_path, headers=request.headers.raw
            )
            self._prepared = (asked, Question(written))
        return self._prepared[1]

    async def _open(self) -> tuple[httpx.AsyncClient, TrustedConnection | None]:
        if self._http is not None:
            return self._http, self._connection
        async with self._opening:
            if self._http is None:
                secure = not self._server.is_plain_http and self._transport is None
                if secure:
                    self._connection = await self._trust.connection(self._server, self._proxy)
                self._http = self._new_client()
            return self._http, self._connection

    def _new_client(self) -> httpx.AsyncClient:
        return open_client(
            self._server,
            self._proxy,
            self._connection.context if self._connection else _no_tls(),
            headers={
                "Accept": self._accept,
                "Accept-Encoding": "gzip",
                "User-Agent": f"failover-monitor/{__version__}",
            },
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            follow_redirects=False,
            event_hooks={"response": [_put_location_aside]},
            transport=self._transport,
            timeout=self._timeout,
            limits=LIMITS,
        )

    def _record(
        self, method: str, path: str, answer: Answer | None, seconds: float, error: str | None
    ) -> None:
        if self._on_request is not None:
            status, size = (answer.status, len(answer.body)) if answer else (None, 0)
            self._on_request(RequestRecord(method, path, status, size, seconds, error))

    async def aclose(self) -> None:
        """Close the sockets, within half a second. A later request opens new ones."""
        http, self._http, self._connection = self._http, None, None
        kept, self._kept, self._prepared = self._kept, None, None
        if kept is not None:
            kept.close()
        if http is not None:
            with contextlib.suppress(Exception):
                async with asyncio.timeout(CLOSE_SECONDS):
                    await http.aclose()


async def _put_location_aside(response: httpx.Response) -> None:
    """Out of httpx's sight: it reads where a redirect leads even when it is not to follow,
    and raises for an address that cannot be read."""
    response.extensions[_LOCATION] = joined(response.headers.raw).get(b"location")
    response.headers.pop("location", None)


def _no_tls() -> ssl.SSLContext:
    """For plain http and tests: were TLS ever used with it, it would trust nobody."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _text(value: bytes) -> str:
    """A header's value; the standard wants ASCII, and some send other things."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")
