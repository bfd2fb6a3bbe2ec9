"""What the HTTP library, TLS and the operating system raise -> `tui.errors`."""

from __future__ import annotations

import errno
import socket
import ssl
import zlib
from collections.abc import Iterator
from typing import Final

import httpx

from tui.enterprise_manager.address import DEFAULT_PORT, ServerAddress
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


def proxy_unusable() -> ProxyTrouble:
    """A proxy address that cannot be used; it may hold a password, so it is not shown."""
    return ProxyTrouble(
        "The proxy address from the settings or the environment cannot be used.",
        "It must look like http://host:port; HTTPS_PROXY, ALL_PROXY and NO_PROXY are read.",
    )


def explained(
    failure: Exception, server: ServerAddress, seconds: float, via_proxy: bool = False
) -> FailoverMonitorError:
    """One of `tui.errors` for whatever one exchange raised. Repeats no request or header."""
    if isinstance(failure, FailoverMonitorError):
        return failure
    if isinstance(failure, TimeoutError | httpx.TimeoutException):
        return _timed_out(failure, server, seconds, via_proxy)
    if isinstance(failure, httpx.ProxyError):
        return _proxy(failure)
    if isinstance(failure, zlib.error | httpx.DecodingError):
        return UnreadableAnswer(
            "The server's answer is damaged: it could not be decompressed.", _OFTEN_CUT
        )
    if isinstance(failure, httpx.InvalidURL):
        return NameNotFound(f"{server.host} is not a possible host name.", "Check the spelling.")
    for cause in _chain(failure):
        found = _cause(cause, server, via_proxy)
        if found is not None:
            return found
    return _protocol(failure, server)


def _cause(
    cause: BaseException, server: ServerAddress, via_proxy: bool
) -> ConnectionTrouble | None:
    if isinstance(cause, ssl.SSLError):
        return _tls(cause, server)
    if isinstance(cause, socket.gaierror | UnicodeError):
        return _no_name(cause, server, via_proxy)
    return _system(cause, server, via_proxy) if isinstance(cause, OSError) else None


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


def _timed_out(
    failure: Exception, server: ServerAddress, seconds: float, via_proxy: bool
) -> TimedOut:
    if isinstance(failure, httpx.PoolTimeout):
        return TimedOut(
            f"No connection to {server.label} became free in time.",
            "Earlier requests still wait for their answers.",
        )
    if isinstance(failure, HandshakeTimeout):
        return _silent_handshake(server, seconds, via_proxy)
    phase = _PHASES.get(type(failure), "did not finish its answer in time")
    remedy = None
    if isinstance(failure, httpx.ConnectTimeout) and via_proxy:
        remedy = "The proxy may not be reachable, or cannot reach the server."
    elif isinstance(failure, httpx.ConnectTimeout):
        remedy = port_hint(server) or (
            "A firewall in between, a silent name server or a wrong address would explain it."
        )
    return TimedOut(f"{server.label} {phase} ({seconds:.0f} s).", remedy)


def _silent_handshake(server: ServerAddress, seconds: float, via_proxy: bool) -> TimedOut:
    remedy = port_hint(server) or (
        "The port is open: the service may hang and need a restart, or a firewall drops TLS."
    )
    return TimedOut(
        f"TLS: {server.label} does not answer the handshake ({seconds:.0f} s).",
        "The proxy may not reach the server, or either may hang." if via_proxy else remedy,
    )


def _proxy(failure: httpx.ProxyError) -> ProxyTrouble:
    words = masked("".join(c for c in str(failure)[:400] if c.isprintable()))[:100]
    remedy = "Check the proxy setting, HTTPS_PROXY and NO_PROXY."
    if "407" in words:
        return ProxyTrouble("The proxy wants a user name and password.", remedy)
    return ProxyTrouble(f"The proxy refused to connect ({words}).", remedy)


def _no_name(cause: BaseException, server: ServerAddress, via_proxy: bool) -> ConnectionTrouble:
    if via_proxy:
        return ProxyTrouble("The proxy's name was not found.", "Check the proxy setting.")
    if isinstance(cause, socket.gaierror) and cause.errno == socket.EAI_AGAIN:
        return NameNotFound(
            f"The name {server.host} could not be looked up: the name server does not answer.",
            "The network or its DNS may be down; an IP address would work without it.",
        )
    return NameNotFound(
        f"The name {server.host} was not found.", "Check the spelling, or give an IP address."
    )


def _system(cause: OSError, server: ServerAddress, via_proxy: bool) -> ConnectionTrouble | None:
    if isinstance(cause, ConnectionRefusedError):
        if via_proxy:
            return ProxyTrouble("The proxy refused the connection.", "Check the proxy setting.")
        return ConnectionRefused(
            f"{server.host} refused the connection: nothing listens on port {server.port}.",
            port_hint(server) or "The service Veeam Backup Enterprise Manager may be stopped.",
        )
    if isinstance(cause, ConnectionResetError | BrokenPipeError | ConnectionAbortedError):
        return _lost(server)
    if isinstance(cause, TimeoutError):
        return TimedOut(f"{server.label} does not answer.", port_hint(server))
    if cause.errno in _UNREACHABLE:
        return Unreachable(
            f"There is no way to {server.host} from here.", "Check network, VPN and routing."
        )
    if cause.errno in (errno.EMFILE, errno.ENFILE):
        return ConnectionTrouble("This computer has no file descriptors left for a connection.")
    return None


def _lost(server: ServerAddress) -> ConnectionLost:
    return ConnectionLost(
        f"The connection to {server.label} ended before the answer did.",
        _https_hint(server) or "Enterprise Manager may be restarting.",
    )


def _tls(cause: ssl.SSLError, server: ServerAddress) -> TlsTrouble | ConnectionLost:
    reason = (cause.reason or "").upper()
    if isinstance(cause, ssl.SSLEOFError | ssl.SSLZeroReturnError) or "EOF" in reason:
        return ConnectionLost(
            f"{server.label} ended the connection during the TLS handshake or the answer.",
            port_hint(server) or "Enterprise Manager may be restarting.",
        )
    if reason in ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE"):
        return TlsTrouble(
            f"{server.label} does not speak TLS on this port.",
            port_hint(server) or "If it really offers only plain http, write http:// in front.",
        )
    if any(word in reason for word in ("PROTOCOL", "VERSION", "CIPHER", "HANDSHAKE_FAILURE")):
        return TlsTrouble(
            f"{server.label} and this computer share no TLS version or cipher ({_words(reason)}).",
            "Very old servers offer only TLS 1.0; enable TLS 1.2 on the server.",
        )
    return TlsTrouble(f"The TLS connection to {server.label} failed ({_words(reason)}).")


def _words(reason: str) -> str:
    return reason.replace("_", " ").lower() or "no reason given"


def _protocol(failure: Exception, server: ServerAddress) -> FailoverMonitorError:
    if isinstance(failure, httpx.RemoteProtocolError):
        words = str(failure).lower()
        if "disconnected" in words or "without sending complete" in words or "closed" in words:
            return _lost(server)
        return NotEnterpriseManager(
            f"What listens at {server.label} does not speak HTTP.",
            _https_hint(server) or port_hint(server) or "Check host and port.",
        )
    if isinstance(failure, httpx.ReadError | httpx.WriteError | httpx.CloseError):
        return _lost(server)
    return ConnectionTrouble(
        f"Talking to {server.label} failed ({type(failure).__name__}).", port_hint(server)
    )
