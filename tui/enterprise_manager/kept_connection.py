"""A connection that httpx has opened, kept for one request after the other.

Asking goes through layers that a request on an open connection has no use for: cookies,
redirects, hooks, a pool, its locks and scopes; once a second, when no cache is warm, they take
three times what is left without them. Once httpx has opened a connection, through whatever
proxy, the certificate was looked at and a first answer has come over it whole, only h11, the
parser below httpx too, stands between a request and its answer.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from typing import Final, TypeVar

import h11
import httpx

from tui.enterprise_manager.failures import BodyTimeout
from tui.enterprise_manager.pooled import TROUBLE, named
from tui.enterprise_manager.streams import Stream

_MOST_AT_ONCE: Final = 64 * 1024
_LONGEST_HEAD: Final = 100 * 1024
"""Bytes of a status line with its headers, as httpcore has it."""

T = TypeVar("T")
Reader = Callable[[int, Mapping[bytes, bytes], AsyncIterator[bytes]], Awaitable[T]]
"""Reads an answer: its status, its headers by their lower-cased names, its body."""


class KeptConnection:
    """One request at a time, each without a body. Closed by whatever goes wrong."""

    def __init__(self, stream: Stream, timeout: httpx.Timeout, expiry: float | None) -> None:
        """`expiry` is how long it may rest between two requests, in seconds."""
        self._stream = stream
        self._timeout = timeout
        self._expiry = expiry
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=_LONGEST_HEAD)
        self._rests_since = time.monotonic()
        self._is_busy = False
        self._is_closed = False

    @classmethod
    def after(
        cls, response: httpx.Response, timeout: httpx.Timeout, expiry: float | None
    ) -> KeptConnection | None:
        """The connection of an answer that was read to its end and is not closed yet.

        httpx takes it for closed from then on. None where it cannot be used again.
        """
        stream = response.extensions.get("network_stream")
        if not isinstance(stream, Stream) or response.http_version != "HTTP/1.1":
            return None
        if "close" in response.headers.get("connection", "").lower() or not stream.is_quiet:
            return None
        return cls(stream.take(), timeout, expiry)

    @property
    def is_usable(self) -> bool:
        """Whether a request may be sent over it; what will never be usable again is closed."""
        if self._is_busy or self._is_closed:
            return False
        rested = time.monotonic() - self._rests_since
        if self._stream.is_quiet and (self._expiry is None or rested <= self._expiry):
            return True
        self.close()
        return False

    @property
    def is_closed(self) -> bool:
        """Whether it can never be used again."""
        return self._is_closed

    def close(self) -> None:
        """At once."""
        self._is_closed = True
        self._stream.close()

    async def ask(self, request: h11.Request, read: Reader[T]) -> T:
        """What is read of the answer. Raises `httpx.TransportError`, and what `read` raises."""
        self._is_busy = True
        answering = False
        try:
            await self._send(request)
            answer = await self._head()
            answering = True
            found = await read(answer.status_code, joined(answer.headers), self._body())
            self._rest()
        except BaseException as failure:
            self.close()
            trouble = _by_httpx(failure, answering)
            if trouble is None:
                raise
            raise trouble from failure
        finally:
            self._is_busy = False
        return found

    async def _send(self, request: h11.Request) -> None:
        data = self._http.send(request) or b""
        data += self._http.send(h11.EndOfMessage()) or b""
        await self._stream.write(data, self._timeout.write)

    async def _head(self) -> h11.Response:
        while True:
            event = await self._event()
            if isinstance(event, h11.Response):
                return event

    async def _body(self) -> AsyncIterator[bytes]:
        while isinstance(event := await self._event(), h11.Data):
            yield event.data

    async def _event(self) -> object:
        while True:
            event = self._http.next_event()
            if event is not h11.NEED_DATA:
                return event
            data = await self._stream.read(_MOST_AT_ONCE, self._timeout.read)
            if not data and self._http.their_state is h11.SEND_RESPONSE:
                raise httpx.RemoteProtocolError("Server disconnected without sending a response.")
            self._http.receive_data(data)

    def _rest(self) -> None:
        """Until the next request, where the server goes on too, and has said nothing besides."""
        states = {self._http.our_state, self._http.their_state}
        if states == {h11.DONE} and not self._http.trailing_data[0]:
            self._http.start_next_cycle()
            self._rests_since = time.monotonic()
        else:
            self.close()


def joined(headers: Iterable[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """Headers by their lower-cased names; those of one name as one, as httpx has it."""
    found: dict[bytes, bytes] = {}
    for name, value in headers:
        key = name.lower()
        found[key] = found[key] + b", " + value if key in found else value
    return found


def _by_httpx(failure: BaseException, answering: bool) -> Exception | None:
    """Its name for a failure; None for what is none of the connection's."""
    if isinstance(failure, h11.RemoteProtocolError):
        return httpx.RemoteProtocolError(str(failure))
    if not isinstance(failure, TROUBLE):
        return None
    trouble = named(failure)
    if answering and isinstance(trouble, httpx.ReadTimeout):
        return BodyTimeout(str(failure))
    return trouble
