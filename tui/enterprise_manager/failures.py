"""What the HTTP library, TLS and the operating system raise -> `tui.errors`."""

from __future__ import annotations

import errno
import ipaddress
import socket
import ssl
import zlib
from collections.abc import Iterator
from typing import Final

import httpx

from tui.enterprise_manager.address import DEFAULT_PORT, ServerAddress
from tui.enterprise_manager.handshake import ClientCertificateWanted
from tui.enterprise_manager.proxies import Proxy, is_loopback
from tui.errors import (
    AnswerTooLarge,
    ConnectionLost,
    ConnectionRefused,
    ConnectionTrouble,
    FailoverMonitorError,
    NameNotFound,
    NotEnterpriseManager,
    ProxyTrouble,
    TimedOut,
    TlsTrouble,
    Unreachable,
    UnreadableAnswer,
)
from tui.light import dataclass
from tui.masking import masked

_OTHER_PORTS = {
    9419: "Port 9419 is the REST API of Veeam Backup & Replication, another product.",
    9443: "Port 9443 is Enterprise Manager's web page.",
    9399: "Port 9399 was Enterprise Manager's old port for plain http.",
    9392: "Port 9392 is the backup server's own port.",
}
_UNREACHABLE = frozenset(
    {errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN, errno.ENETDOWN, errno.EADDRNOTAVAIL}
)


_OFTEN_CUT: Final = "It may have been cut off on the way; trying again may help."
SOMETHING_ELSE: Final = "A proxy or another product may be answering at this address and port."


class HandshakeTimeout(httpx.ConnectTimeout):
    """The port is open, and what listens there said nothing to the TLS handshake."""


class BodyTimeout(httpx.ReadTimeout):
    """The answer had begun, and stopped."""


def port_hint(server: ServerAddress) -> str | None:
    """What a person should know of the port they gave, None for the usual one."""
    if server.port == DEFAULT_PORT:
        return None
    known = _OTHER_PORTS.get(server.port, f"Port {server.port} was given.")
    return f"{known} Enterprise Manager's REST API usually listens on {DEFAULT_PORT}."


def _https_hint(server: ServerAddress) -> str | None:
    if server.is_plain_http:
        return "The port may expect TLS: write https:// in front, or nothing."
    return None


def _plain_hint(server: ServerAddress) -> str:
    """For a port that answers a TLS greeting with something else: how plain http is written."""
    plain = ServerAddress("http", server.host, server.port).url
    rehearsal = (
        " failover-monitor simulate speaks it unless started with --tls."
        if is_loopback(server.host)
        else ""
    )
    known = _OTHER_PORTS.get(server.port)
    return (
        f"If it offers plain http, write that out: {plain}; the password then travels"
        f" unencrypted.{rehearsal}{f' {known}' if known else ''}"
    )


def too_large(limit: int) -> AnswerTooLarge:
    """The body passed the limit, in bytes."""
    return AnswerTooLarge(
        f"The server's answer is longer than {limit / (1024 * 1024):.0f} MiB, so it was dropped.",
        SOMETHING_ELSE,
    )


def foreign_encoding(encoding: str) -> UnreadableAnswer:
    """A Content-Encoding that was not asked for."""
    shown = "".join(c for c in encoding if c.isalnum() or c in "-, ")[:40]
    return UnreadableAnswer(
        f"The server's answer is compressed in an unknown way ({masked(shown)}).", SOMETHING_ELSE
    )


class AtProxy(Exception):
    """Wraps what happened while the proxy was asked, before the server had a say."""

    def __init__(self, failure: Exception) -> None:
        """`failure` is the HTTP library's."""
        super().__init__(type(failure).__name__)
        self.failure = failure


@dataclass(frozen=True, slots=True)
class Way:
    """How the server is reached, as far as it matters for what went wrong on the way.

    `answered` is whether it has answered before, over this scheme.
    """

    server: ServerAddress
    seconds: float
    proxy: Proxy | None = None
    answered: bool = False

    @property
    def proxy_advice(self) -> str:
        """What to check of the proxy."""
        if self.proxy is None or self.proxy.given:
            return "Check --proxy, or the proxy of the profile."
        return f"Check it, or set NO_PROXY={self.server.host} to go around it."


def explained(
    failure: Exception,
    server: ServerAddress,
    seconds: float,
    proxy: Proxy | None = None,
    *,
    answered: bool = False,
) -> FailoverMonitorError:
    """One of `tui.errors` for whatever one exchange raised. Repeats no request or header."""
    way = Way(server, seconds, proxy, answered)
    if isinstance(failure, FailoverMonitorError):
        return failure
    if isinstance(failure, AtProxy):
        return _at_proxy(failure.failure, way)
    if isinstance(failure, TimeoutError | httpx.TimeoutException):
        return _timed_out(failure, way)
    if isinstance(failure, httpx.ProxyError):
        return _proxy(failure, way)
    if isinstance(failure, zlib.error | httpx.DecodingError):
        return UnreadableAnswer(
            "The server's answer is damaged: it could not be decompressed.", _OFTEN_CUT
        )
    if isinstance(failure, httpx.InvalidURL):
        return NameNotFound(f"{server.host} is not a possible host name.", "Check the spelling.")
    for cause in _chain(failure):
        found = _cause(cause, way)
        if found is not None:
            return found
    return _protocol(failure, way)


def _at_proxy(failure: Exception, way: Way) -> FailoverMonitorError:
    """The proxy itself is in trouble, or refuses: Enterprise Manager was never asked."""
    if isinstance(failure, httpx.ProxyError):
        return _proxy(failure, way)
    if isinstance(failure, httpx.TimeoutException):
        what = f"does not answer ({way.seconds:.0f} s)"
    else:
        what = "ended the connection"
        for cause in _chain(failure):
            if isinstance(cause, socket.gaierror | UnicodeError):
                what = "was not found by its name"
            elif isinstance(cause, ConnectionRefusedError):
                what = "refused the connection: nothing listens there"
            elif isinstance(cause, ssl.SSLError):
                what = f"could not be spoken to over TLS ({_words(cause.reason or '')})"
            elif isinstance(cause, OSError) and cause.errno in _UNREACHABLE:
                what = "cannot be reached from here"
            else:
                continue
            break
    named = way.proxy.named if way.proxy else "the proxy"
    return ProxyTrouble(
        f"{named[:1].upper()}{named[1:]} {what}; {way.server.label} was not asked.",
        way.proxy_advice,
    )


def _cause(cause: BaseException, way: Way) -> ConnectionTrouble | None:
    if isinstance(cause, ssl.SSLError):
        return _tls(cause, way)
    if isinstance(cause, socket.gaierror | UnicodeError):
        return _no_name(cause, way.server)
    return _system(cause, way) if isinstance(cause, OSError) else None


def _chain(failure: BaseException) -> Iterator[BaseException]:
    """The exception and what led to it, the innermost last."""
    seen: set[int] = set()
    waiting: list[BaseException] = [failure]
    while waiting:
        current = waiting.pop(0)
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        if isinstance(current, BaseExceptionGroup):
            waiting.extend(current.exceptions)
        waiting.extend(e for e in (current.__cause__, current.__context__) if e is not None)


_PHASES: dict[type[Exception], str] = {
    httpx.ConnectTimeout: "did not accept the connection in time",
    httpx.ReadTimeout: "took the request but did not answer in time",
    BodyTimeout: "began its answer but did not finish it in time",
    httpx.WriteTimeout: "did not take the request in time",
}


def _timed_out(failure: Exception, way: Way) -> TimedOut:
    server, seconds = way.server, way.seconds
    if isinstance(failure, httpx.PoolTimeout):
        return TimedOut(
            f"No connection to {server.label} became free in time.",
            "Earlier requests still wait for their answers.",
        )
    if isinstance(failure, HandshakeTimeout):
        return _silent_handshake(way)
    phase = _PHASES.get(type(failure), "did not finish its answer in time")
    remedy = None
    if isinstance(failure, httpx.ConnectTimeout):
        remedy = port_hint(server) or (
            "A firewall in between, a silent name server or a wrong address would explain it."
        )
    if way.proxy is not None:
        remedy = f"It is reached through {way.proxy.named}: either may hang."
    return TimedOut(f"{server.label} {phase} ({seconds:.0f} s).", remedy)


def _silent_handshake(way: Way) -> TimedOut:
    remedy = port_hint(way.server) or (
        "The port is open: the service may hang and need a restart, or a firewall drops TLS."
    )
    if way.proxy is not None:
        remedy = f"It is reached through {way.proxy.named}: either may hang."
    return TimedOut(
        f"TLS: {way.server.label} does not answer the handshake ({way.seconds:.0f} s).", remedy
    )


def _proxy(failure: httpx.ProxyError, way: Way) -> ProxyTrouble:
    words = masked("".join(c for c in str(failure)[:400] if c.isprintable()))[:100]
    if "407" in words:
        return ProxyTrouble("The proxy wants a user name and password.", way.proxy_advice)
    return ProxyTrouble(f"The proxy refused to connect ({words}).", way.proxy_advice)


def _no_name(cause: BaseException, server: ServerAddress) -> ConnectionTrouble:
    if isinstance(cause, socket.gaierror) and cause.errno == socket.EAI_AGAIN:
        return NameNotFound(
            f"The name {server.host} could not be looked up: the name server does not answer.",
            "The network or its DNS may be down; an IP address would work without it.",
        )
    return NameNotFound(
        f"The name {server.host} was not found.", "Check the spelling, or give an IP address."
    )


def _system(cause: OSError, way: Way) -> ConnectionTrouble | None:
    server = way.server
    if isinstance(cause, ConnectionRefusedError):
        return ConnectionRefused(
            f"{server.host} refused the connection: nothing listens on port {server.port}.",
            port_hint(server) or "The service Veeam Backup Enterprise Manager may be stopped.",
        )
    if isinstance(cause, ConnectionResetError | BrokenPipeError | ConnectionAbortedError):
        return _lost(way)
    if isinstance(cause, TimeoutError):
        return TimedOut(f"{server.label} does not answer.", port_hint(server))
    if cause.errno in (errno.EINVAL, errno.ENODEV, errno.ENXIO) and is_link_local(server.host):
        return Unreachable(
            f"{server.host} is an address of one network only, and it is not said of which.",
            f"Write the interface behind it, such as [{server.host.partition('%')[0]}%eth0].",
        )
    if cause.errno in _UNREACHABLE:
        return Unreachable(
            f"There is no way to {server.host} from here.", "Check network, VPN and routing."
        )
    if cause.errno in (errno.EMFILE, errno.ENFILE):
        return ConnectionTrouble("This computer has no file descriptors left for a connection.")
    return None


def is_link_local(host: str) -> bool:
    """Whether it is an IPv6 address that means something on one network interface only."""
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_link_local
    except ValueError:
        return False


def _restarting(way: Way) -> str:
    """What may have ended a connection, as far as it is known."""
    if way.proxy is not None:
        return f"Enterprise Manager may be restarting, or {way.proxy.named} has cut it off."
    return "Enterprise Manager may be restarting."


def _lost(way: Way) -> ConnectionLost:
    hint = None if way.answered else _https_hint(way.server)
    return ConnectionLost(
        f"The connection to {way.server.label} ended before the answer did.",
        hint or _restarting(way),
    )


_OLD_TLS: Final = ("PROTOCOL", "VERSION", "CIPHER", "HANDSHAKE_FAILURE")


def _tls(cause: ssl.SSLError, way: Way) -> TlsTrouble | ConnectionLost:
    reason = (cause.reason or "").upper()
    server = way.server
    if isinstance(cause, ssl.SSLEOFError | ssl.SSLZeroReturnError) or "EOF" in reason:
        return ConnectionLost(
            f"{server.label} ended the connection during the TLS handshake or the answer.",
            (None if way.answered else port_hint(server)) or _restarting(way),
        )
    if reason in (
        "WRONG_VERSION_NUMBER",
        "HTTP_REQUEST",
        "RECORD_LAYER_FAILURE",
        "PACKET_LENGTH_TOO_LONG",
    ):
        return TlsTrouble(
            f"{server.label} does not speak TLS on this port.",
            _plain_hint(server),
        )
    wanted = isinstance(cause, ClientCertificateWanted) or "CERTIFICATE_REQUIRED" in reason
    if wanted or "ALERT_BAD_CERTIFICATE" in reason:
        return TlsTrouble(f"{server.label} wants a client certificate.", _CLIENT)
    if any(word in reason for word in _OLD_TLS):
        return TlsTrouble(
            f"{server.label} and this computer share no TLS version or cipher ({_words(reason)}).",
            "Very old servers offer only TLS 1.0; enable TLS 1.2 on the server.",
        )
    return TlsTrouble(f"The TLS connection to {server.label} failed ({_words(reason)}).")


_CLIENT: Final = (
    "This program has no client certificate to show: a gateway or a web server in front of"
    " Enterprise Manager may ask for one, and must not for this address."
)


def _words(reason: str) -> str:
    return reason.replace("_", " ").lower() or "no reason given"


def _protocol(failure: Exception, way: Way) -> FailoverMonitorError:
    server = way.server
    if isinstance(failure, httpx.RemoteProtocolError):
        words = str(failure).lower()
        if "disconnected" in words or "without sending complete" in words or "closed" in words:
            return _lost(way)
        return NotEnterpriseManager(
            f"What listens at {server.label} does not speak HTTP.",
            _https_hint(server) or port_hint(server) or "Check host and port.",
        )
    if isinstance(failure, httpx.ReadError | httpx.WriteError | httpx.CloseError):
        return _lost(way)
    return ConnectionTrouble(
        f"Talking to {server.label} failed ({type(failure).__name__}).", port_hint(server)
    )
