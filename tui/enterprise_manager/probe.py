"""Looking at connections from inside the HTTP library, through its tracing seam.

`httpcore` reports each step of a request to a callback before it takes the next
one, so a callback can read a server's certificate after the handshake and stop
there, whether or not a proxy is in between.
"""

from __future__ import annotations

import ssl
from typing import Any, Final, Protocol

import httpx

from tui.enterprise_manager.address import ServerAddress
from tui.enterprise_manager.failures import AtProxy, BodyTimeout, HandshakeTimeout
from tui.enterprise_manager.handshake import telling
from tui.enterprise_manager.pooled import PooledTransport
from tui.enterprise_manager.proxies import check, proxy_for
from tui.errors import ProxyTrouble, TlsTrouble
from tui.secret import SecretStr

PROBE_SECONDS: Final = 10.0
_LIMITS: Final = httpx.Limits(max_connections=1)


class PeerSeen(Exception):
    """Ends a connection right after its handshake; holds the certificate in DER form."""

    def __init__(self, certificate: bytes) -> None:
        """`certificate` is never secret."""
        super().__init__("stopped after the TLS handshake")
        self.certificate = certificate


class Verifier(Protocol):
    """A TLS context, and what else must hold of the certificate (DER) it accepted."""

    context: ssl.SSLContext

    def verify(self, certificate: bytes) -> None:
        """Raise to end the connection before the request is sent."""


class ConnectionWatch:
    """The trace of one request: whether it opened a connection, and to whom.

    `reused` is True once the request went out on a connection from before.
    """

    def __init__(self, verifier: Verifier | None) -> None:
        """Only handshakes with the verifier's context count, not those with a proxy of its own."""
        self._verifier = verifier
        self._ours = False
        self._reached = False
        self._opened = False
        self._sent = False
        self._handshaking = False
        self._answering = False
        self._stream: Any = None

    @property
    def reused(self) -> bool:
        """Whether the request was sent on a connection that an earlier one had opened."""
        return self._sent and not self._opened

    def at_its_stage(self, failure: Exception, *, proxied: bool = False) -> Exception:
        """The failure; `HandshakeTimeout` or `BodyTimeout` where that is what timed out.

        `AtProxy` where a connection through a proxy did not come so far as to reach the
        server; of plain http nobody can tell once the proxy has taken the request.
        """
        if proxied and self._opened and not self._reached:
            refused = isinstance(failure, httpx.ConnectError | httpx.ConnectTimeout)
            if refused or self._verifier is not None:
                return AtProxy(failure)
        if isinstance(failure, httpx.ConnectTimeout) and self._handshaking:
            return HandshakeTimeout(str(failure))
        if isinstance(failure, httpx.ReadTimeout) and self._answering:
            return BodyTimeout(str(failure))
        return failure

    async def __call__(self, event: str, info: dict[str, Any]) -> None:
        """Called by httpcore; `info` has the arguments or the result of the step."""
        if event.endswith(".receive_response_headers.complete"):
            self._answering = True
        if ".start_tls." in event:
            self._handshaking = not event.endswith(".complete")
        if event.endswith(".connect_tcp.started"):
            self._opened, self._handshaking = True, False
        elif event.endswith(".send_request_headers.started"):
            self._sent = True
        elif event.endswith(".connect_tcp.complete"):
            self._stream = info["return_value"]
        elif event.endswith(".start_tls.failed") and self._stream is not None:
            # httpcore leaves the socket open when a handshake is cancelled.
            await self._stream.aclose()
        elif self._verifier is None:
            return
        elif event.endswith(".start_tls.started"):
            self._ours = info.get("ssl_context") is self._verifier.context
            self._reached = self._reached or self._ours
        elif event.endswith(".start_tls.complete") and self._ours:
            await self._check(info["return_value"], self._verifier)

    @staticmethod
    async def _check(stream: Any, verifier: Verifier) -> None:
        try:
            verifier.verify(_certificate(stream))
        except BaseException:
            await stream.aclose()
            raise


def _certificate(stream: Any) -> bytes:
    connection = stream.get_extra_info("ssl_object")
    certificate = connection.getpeercert(binary_form=True) if connection else None
    return bytes(certificate or b"")


def _unverified() -> ssl.SSLContext:
    """A context that believes any certificate: for looking at one."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return telling(context)


class _Looking:
    """Accepts nothing, so that every connection ends after its handshake."""

    def __init__(self, context: ssl.SSLContext | None) -> None:
        self.context = context or _unverified()

    def verify(self, certificate: bytes) -> None:
        raise PeerSeen(certificate)


async def peer_certificate(
    server: ServerAddress, proxy: SecretStr | None, context: ssl.SSLContext | None = None
) -> bytes:
    """The certificate a server shows, in DER form; nothing is sent but the handshake.

    Any, unless a `context` is to accept it. Raises what the HTTP library raises, and
    `TlsTrouble` if there is none.
    """
    looking = _Looking(context)
    certificate = b""
    watch = ConnectionWatch(looking)
    failed: Exception | None = None
    try:
        async with open_client(server, proxy, looking.context, timeout=PROBE_SECONDS) as http:
            await http.get(f"{server.url}/api/", extensions={"trace": watch})
    except PeerSeen as seen:
        certificate = seen.certificate
    except httpx.TransportError as met:
        failed = watch.at_its_stage(met, proxied=proxy_for(server, proxy) is not None)
    if failed is not None:
        raise failed
    if not certificate:
        raise TlsTrouble(f"{server.label} shows no certificate.")
    return certificate


def open_client(
    server: ServerAddress,
    proxy: SecretStr | None,
    context: ssl.SSLContext,
    *,
    limits: httpx.Limits = _LIMITS,
    transport: httpx.AsyncBaseTransport | None = None,
    **settings: Any,
) -> httpx.AsyncClient:
    """An HTTP client through the given proxy, else the environment's. Raises `ProxyTrouble`.

    `context` is for TLS with the server; `transport` replaces the network.
    """
    through = proxy_for(server, proxy)
    check(server, through)
    problem = ""
    try:
        if transport is None:
            url = httpx.Proxy(through.url.get_secret_value()) if through else None
            transport = PooledTransport(context, limits, url)
        # Not even for what it reads besides proxies: .netrc has passwords for other programs.
        return httpx.AsyncClient(transport=transport, trust_env=False, **settings)
    except (ImportError, ValueError, httpx.InvalidURL):
        problem = f"{through.named if through else server.label} cannot be used."
    raise ProxyTrouble(problem[:1].upper() + problem[1:], "It looks like http://host:port.")
