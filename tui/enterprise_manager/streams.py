"""A connection as httpcore reads and writes it, over `EventSocket`, in the clear or over TLS."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from contextlib import suppress
from copy import copy
from typing import Any, Final, Self, TypeVar

import httpcore

from tui.enterprise_manager.event_socket import PIECE, EventSocket

_GIVEN: Final = "the connection is another's"

T = TypeVar("T")


class Stream(httpcore.AsyncNetworkStream):
    """One connection, in the clear or over TLS, which has one holder at a time."""

    def __init__(self) -> None:
        """Held by whoever made it."""
        self._given = False

    def take(self) -> Self:
        """The connection for a new holder; to the old one it is closed from now on."""
        taken = copy(self)
        self._given = True
        return taken

    @property
    def is_quiet(self) -> bool:
        """Whether it is open and nothing waits to be read."""
        return not self._given and self.line.is_quiet

    @property
    def line(self) -> EventSocket:
        """The socket's."""
        raise NotImplementedError

    async def read(
        self,
        max_bytes: int,
        timeout: float | None = None,  # noqa: ASYNC109 - as httpcore calls it
    ) -> bytes:
        """Some bytes, none at the end. Raises `httpcore.ReadTimeout`, `httpcore.ReadError`."""
        if self._given:
            raise httpcore.ReadError(_GIVEN)
        try:
            return await self.receive(max_bytes, timeout)
        except TimeoutError as failure:
            raise httpcore.ReadTimeout(str(failure)) from failure
        except OSError as failure:
            raise httpcore.ReadError(str(failure)) from failure

    async def write(
        self,
        buffer: bytes,
        timeout: float | None = None,  # noqa: ASYNC109 - as httpcore calls it
    ) -> None:
        """Send. Raises `httpcore.WriteTimeout`, `httpcore.WriteError`."""
        if self._given:
            raise httpcore.WriteError(_GIVEN)
        try:
            if buffer:
                await self.send(buffer, timeout)
        except TimeoutError as failure:
            raise httpcore.WriteTimeout(str(failure)) from failure
        except OSError as failure:
            raise httpcore.WriteError(str(failure)) from failure

    async def receive(self, most: int, seconds: float | None) -> bytes:
        """As `read`, and raises OSError."""
        raise NotImplementedError

    async def send(self, buffer: bytes, seconds: float | None) -> None:
        """As `write`, and raises OSError."""
        raise NotImplementedError

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - as httpcore calls it
    ) -> Stream:
        """The same connection over TLS; `timeout` is for the whole handshake, in seconds.

        Raises `httpcore.ConnectTimeout`, `httpcore.ConnectError`; then it is closed.
        """
        secure = SecureStream(self, ssl_context, server_hostname)
        try:
            async with asyncio.timeout(timeout):
                await secure.shake_hands()
        except BaseException as failure:
            self.close()
            if isinstance(failure, TimeoutError):
                raise httpcore.ConnectTimeout(str(failure)) from failure
            if isinstance(failure, OSError):
                raise httpcore.ConnectError(str(failure)) from failure
            raise
        return secure

    def close(self) -> None:
        """At once, unless it is another's."""
        if not self._given:
            self.line.transport.close()
            self.line.transport.abort()

    async def aclose(self) -> None:
        """The same for who waits for it."""
        self.close()

    def get_extra_info(self, info: str) -> Any:
        """As httpcore asks: `is_readable` tells a connection that cannot be used again."""
        if info == "is_readable":
            return not self.is_quiet
        named = {"client_addr": "sockname", "server_addr": "peername", "socket": "socket"}
        return self.line.transport.get_extra_info(named[info]) if info in named else None


class PlainStream(Stream):
    """Bytes as they travel."""

    def __init__(self, line: EventSocket) -> None:
        """`line` is connected."""
        super().__init__()
        self._own_line = line

    @property
    def line(self) -> EventSocket:
        """Its own."""
        return self._own_line

    async def receive(self, most: int, seconds: float | None) -> bytes:
        """As they came."""
        return await self._own_line.read(most, seconds)

    async def send(self, buffer: bytes, seconds: float | None) -> None:
        """As they are."""
        await self._own_line.write(buffer, seconds)


class SecureStream(Stream):
    """Over TLS. An end without a farewell is an end, as it is to httpcore."""

    def __init__(self, below: Stream, context: ssl.SSLContext, host: str | None) -> None:
        """Over a stream, which may be over TLS itself: to a proxy."""
        super().__init__()
        self._below = below
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=host)

    @property
    def line(self) -> EventSocket:
        """The one below."""
        return self._below.line

    @property
    def is_quiet(self) -> bool:
        """Whether it is open and nothing waits to be read, nor to be made out."""
        return super().is_quiet and not self._incoming.pending and not self._tls.pending()

    async def shake_hands(self) -> None:
        """The handshake. Raises OSError, ssl.SSLError among them."""
        await self._through(self._tls.do_handshake, None)

    async def receive(self, most: int, seconds: float | None) -> bytes:
        """What they meant. `seconds` are for each time that something has to come."""
        try:
            parts = [await self._through(lambda: self._tls.read(most), seconds)]
        except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
            return b""
        size = len(parts[0])
        # A record is 16 kB at most, and several may have come.
        with suppress(ssl.SSLWantReadError, ssl.SSLZeroReturnError, ssl.SSLEOFError):
            while parts[-1] and size < most and self._incoming.pending:
                parts.append(self._tls.read(most - size))
                size += len(parts[-1])
        return b"".join(parts)

    async def send(self, buffer: bytes, seconds: float | None) -> None:
        """As nobody else can read it."""
        left = memoryview(buffer)
        while left:
            sent = await self._through(lambda: self._tls.write(left), seconds)  # noqa: B023 - at once
            left = left[sent:]

    async def _through(self, step: Callable[[], T], seconds: float | None) -> T:
        """The step, once what it needs has come, with what it wants to say sent."""
        while True:
            try:
                done = step()
            except ssl.SSLWantReadError:
                await self._say(seconds)
                if data := await self._below.receive(PIECE, seconds):
                    self._incoming.write(data)
                else:
                    self._incoming.write_eof()
            except ssl.SSLError:
                with suppress(OSError):
                    await self._say(seconds)  # why
                raise
            else:
                await self._say(seconds)
                return done

    async def _say(self, seconds: float | None) -> None:
        if self._outgoing.pending:
            await self._below.send(self._outgoing.read(), seconds)

    def get_extra_info(self, info: str) -> Any:
        """The TLS object too, for its certificate."""
        return self._tls if info == "ssl_object" else super().get_extra_info(info)
