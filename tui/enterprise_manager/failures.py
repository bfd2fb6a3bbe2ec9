"""What the HTTP library, and whatever it lets through, raises -> `tui.errors`."""

from __future__ import annotations

import socket
import ssl
import zlib
from collections.abc import Iterator
from typing import Final

import httpx

from tui.enterprise_manager.address import ServerAddress
from tui.enterprise_manager.proxies import Proxy
from tui.enterprise_manager.way import (
    UNREACHABLE,
    Way,
    https_hint,
    in_words,
    lost,
    no_name,
    port_hint,
    system_trouble,
    tls_trouble,
)
from tui.errors import (
    AnswerTooLarge,
    ConnectionTrouble,
    FailoverMonitorError,
    NameNotFound,
    NotEnterpriseManager,
    ProxyTrouble,
    TimedOut,
    UnreadableAnswer,
)
from tui.masking import masked

_OFTEN_CUT: Final = "It may have been cut off on the way; trying again may help."
SOMETHING_ELSE: Final = "A proxy or another product may be answering at this address and port."


class HandshakeTimeout(httpx.ConnectTimeout):
    """The port is open, and what listens there said nothing to the TLS handshake."""


class BodyTimeout(httpx.ReadTimeout):
    """The answer had begun, and stopped."""


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
                what = f"could not be spoken to over TLS ({in_words(cause.reason or '')})"
            elif isinstance(cause, OSError) and cause.errno in UNREACHABLE:
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
        return tls_trouble(cause, way)
    if isinstance(cause, socket.gaierror | UnicodeError):
        return no_name(cause, way.server)
    return system_trouble(cause, way) if isinstance(cause, OSError) else None


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


def _protocol(failure: Exception, way: Way) -> FailoverMonitorError:
    server = way.server
    if isinstance(failure, httpx.RemoteProtocolError):
        words = str(failure).lower()
        if "disconnected" in words or "without sending complete" in words or "closed" in words:
            return lost(way)
        return NotEnterpriseManager(
            f"What listens at {server.label} does not speak HTTP.",
            https_hint(server) or port_hint(server) or "Check host and port.",
        )
    if isinstance(failure, httpx.ReadError | httpx.WriteError | httpx.CloseError):
        return lost(way)
    return ConnectionTrouble(
        f"Talking to {server.label} failed ({type(failure).__name__}).", port_hint(server)
    )
