"""One socket of the event loop: what came in and was not read, what is to go out.

httpcore's way over anyio makes a scope, a time-out and a task's particulars for each read and
each write, and gives the processor away once more for each. Asked once a second, when no cache
is warm, that was nearly half of all that a request took.
"""

from __future__ import annotations

import asyncio
import select
from collections import deque
from typing import Any, Final

MOST_UNREAD: Final = 1024 * 1024
"""Bytes that may wait to be read; then the other side has to wait."""

PIECE: Final = 64 * 1024


class EventSocket(asyncio.BufferedProtocol):
    """What has come in over one socket and was not read yet.

    It comes in pieces that fit into the processor's cache, and into memory that the program
    has already: the event loop's own are four times as large.
    """

    def __init__(self) -> None:
        """To be made on the event loop."""
        self._loop = asyncio.get_running_loop()
        self._piece = memoryview(bytearray(PIECE))
        self._unread: deque[bytes] = deque()
        self._size = 0
        self._waiter: asyncio.Future[None] | None = None
        self._drained: asyncio.Future[None] | None = None
        self._full = False
        self._failure: Exception | None = None
        self.ended = False
        """Whether nothing more will come."""
        self.transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The socket is there."""
        self.transport = transport

    def get_buffer(self, sizehint: int) -> memoryview:
        """Where to put what comes."""
        return self._piece

    def buffer_updated(self, nbytes: int) -> None:
        """Some more has come."""
        self._unread.append(bytes(self._piece[:nbytes]))
        self._size += nbytes
        if self._size > MOST_UNREAD:
            self.transport.pause_reading()
        _wake(self._waiter)

    def eof_received(self) -> bool:
        """The other side has ended its half; the socket stays open for what is still sent."""
        self.ended = True
        _wake(self._waiter)
        return True

    def connection_lost(self, failure: Exception | None) -> None:
        """The socket is closed, for whatever reason."""
        self.ended, self._failure = True, failure
        _wake(self._waiter)
        self.resume_writing()

    def pause_writing(self) -> None:
        """What was written is not being taken."""
        self._full = True

    def resume_writing(self) -> None:
        """It is, or never will be."""
        self._full = False
        _wake(self._drained)

    @property
    def is_quiet(self) -> bool:
        """Whether it is open and nothing waits to be read, not even in the kernel."""
        if self.ended or self._unread or self.transport.is_closing():
            return False
        return not _is_readable(self.transport.get_extra_info("socket"))

    async def read(self, most: int, seconds: float | None) -> bytes:
        """Some bytes, none at the end. Raises OSError, and `TimeoutError` after the seconds."""
        if not self._unread and not self.ended:
            self._waiter = self._loop.create_future()
            try:
                await self._in_time(self._waiter, seconds)
            finally:
                self._waiter = None
        if not self._unread:
            if self._failure is not None:
                raise self._failure
            return b""
        data = self._unread.popleft()
        if len(data) > most:
            self._unread.appendleft(data[most:])
            data = data[:most]
        if self._size > MOST_UNREAD >= self._size - len(data):
            self.transport.resume_reading()
        self._size -= len(data)
        return data

    async def write(self, data: bytes, seconds: float | None) -> None:
        """Send; waits while too much is under way. Raises as `read` does."""
        self._check_open()
        self.transport.write(data)
        if self._full:
            self._drained = self._loop.create_future()
            try:
                await self._in_time(self._drained, seconds)
            finally:
                self._drained = None
            self._check_open()

    def _check_open(self) -> None:
        if self._failure is not None:
            raise self._failure
        if self.transport.is_closing():
            raise ConnectionResetError("the connection is closed")

    async def _in_time(self, waiter: asyncio.Future[None], seconds: float | None) -> None:
        timer = None if seconds is None else self._loop.call_later(seconds, _give_up, waiter)
        try:
            await waiter
        finally:
            if timer is not None:
                timer.cancel()


def _wake(waiter: asyncio.Future[None] | None) -> None:
    if waiter is not None and not waiter.done():
        waiter.set_result(None)


def _give_up(waiter: asyncio.Future[None]) -> None:
    if not waiter.done():
        waiter.set_exception(TimeoutError())


def _is_readable(socket: Any) -> bool:
    """Whether something waits in the kernel, or the socket is none any more."""
    number = -1 if socket is None else socket.fileno()
    if number < 0:
        return True
    if not hasattr(select, "poll"):
        return bool(select.select([number], [], [], 0)[0])
    asked = select.poll()
    asked.register(number, select.POLLIN)
    return bool(asked.poll(0))
