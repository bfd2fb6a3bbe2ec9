"""A connection that httpx has opened, kept for one request after the other.

Asking goes through layers that a request on an open connection has no use for: cookies,
redirects, hooks, a pool, its locks and scopes; once a second, when no cache is warm, they take
three times what is left without them. Once httpx has opened a connection, through whatever
proxy, the certificate was looked at and a first answer has come over it whole, nothing of them
stands between a request and its answer: a plain head is read by a pattern, and whatever else
comes by h11, the parser below httpx too, from its first byte on.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from typing import Final, TypeVar

import h11
import httpx

from tui.enterprise_manager.failures import BodyTimeout
from tui.enterprise_manager.plain_head import PlainHead, plain_head
from tui.enterprise_manager.pooled import TROUBLE, named
from tui.enterprise_manager.streams import Stream

_MOST_AT_ONCE: Final = 64 * 1024
_LONGEST_HEAD: Final = 100 * 1024
"""Bytes of a status line with its headers, as httpcore has it."""

T = TypeVar("T")
Reader = Callable[[int, Mapping[bytes, bytes], AsyncIterator[bytes]], Awaitable[T]]
"""Reads an answer: its status, its headers by their lower-cased names, its body."""

_Receive = Callable[[], Awaitable[bytes]]


class Question:
    """A request without a body, and how it is sent; it may be asked again and again."""

    def __init__(self, request: h11.Request) -> None:
        """`request` with all its headers."""
        self.request = request
        self.data = _sent(request)[1]


def _sent(request: h11.Request) -> tuple[h11.Connection, bytes]:
    """Who waits for the answer to a request, and the request as it is sent."""
    waiting = h11.Connection(h11.CLIENT, max_incomplete_event_size=_LONGEST_HEAD)
    data = waiting.send(request) or b""
    return waiting, data + (waiting.send(h11.EndOfMessage()) or b"")


class KeptConnection:
    """One request at a time, each without a body. Closed by whatever goes wrong."""

    def __init__(self, stream: Stream, timeout: httpx.Timeout, expiry: float | None) -> None:
        """`expiry` is how long it may rest between two requests, in seconds."""
        self._stream = stream
        self._timeout = timeout
        self._expiry = expiry
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

    async def ask(self, question: Question, read: Reader[T]) -> T:
        """What is read of the answer. Raises `httpx.TransportError`, and what `read` raises."""
        self._is_busy = True
        answer: _Plain | _ByLaw | None = None
        try:
            await self._stream.write(question.data, self._timeout.write)
            first = await self._receive()
            plain = plain_head(first) if question.request.method == b"GET" else None
            answer = (
                _ByLaw(question, first, self._receive)
                if plain is None
                else _Plain(plain, first, self._receive)
            )
            status, headers = await answer.head()
            found = await read(status, headers, answer.body())
            if answer.is_over:
                self._rests_since = time.monotonic()
            else:
                self.close()
        except BaseException as failure:
            self.close()
            trouble = _by_httpx(failure, answer is not None and answer.has_begun)
            if trouble is None:
                raise
            raise trouble from failure
        finally:
            self._is_busy = False
        return found

    async def _receive(self) -> bytes:
        return await self._stream.read(_MOST_AT_ONCE, self._timeout.read)


class _Plain:
    """An answer with a head that is plain, and as many bytes as that says.

    `is_over` once all of it was read, where nothing came besides and another one may follow.
    """

    has_begun = True

    def __init__(self, plain: PlainHead, first: bytes, receive: _Receive) -> None:
        self._head = plain
        self._first = first[plain.begins :]
        self._receive = receive
        self.is_over = False

    async def head(self) -> tuple[int, Mapping[bytes, bytes]]:
        return 200, self._head.headers

    async def body(self) -> AsyncIterator[bytes]:
        left = self._head.size
        piece = self._first
        while len(piece) < left:
            left -= len(piece)
            yield piece
            piece = await self._receive()
            if not piece:
                raise httpx.RemoteProtocolError(
                    "peer closed connection without sending complete message body"
                )
        yield piece[:left]
        self.is_over = len(piece) == left


class _ByLaw:
    """An answer of any kind that HTTP allows, or none; `is_over` as above."""

    def __init__(self, question: Question, first: bytes, receive: _Receive) -> None:
        self._http = _sent(question.request)[0]
        self._first: bytes | None = first
        self._receive = receive
        self.has_begun = False

    @property
    def is_over(self) -> bool:
        states = {self._http.our_state, self._http.their_state}
        return states == {h11.DONE} and not self._http.trailing_data[0]

    async def head(self) -> tuple[int, Mapping[bytes, bytes]]:
        while not isinstance(event := await self._event(), h11.Response):
            pass
        self.has_begun = True
        return event.status_code, joined(event.headers)

    async def body(self) -> AsyncIterator[bytes]:
        while isinstance(event := await self._event(), h11.Data):
            yield event.data

    async def _event(self) -> object:
        while (event := self._http.next_event()) is h11.NEED_DATA:
            first, self._first = self._first, None
            data = await self._receive() if first is None else first
            if not data and self._http.their_state is h11.SEND_RESPONSE:
                raise httpx.RemoteProtocolError("Server disconnected without sending a response.")
            self._http.receive_data(data)
        return event


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
