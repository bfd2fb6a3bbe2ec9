"""What listens on a socket of 127.0.0.1, and how it behaves to whoever connects: rightly or not."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager

from tui.enterprise_manager.address import ServerAddress

Behaviour = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
"""What becomes of one connection, which ends with it."""

OK = b"HTTP/1.1 200 OK\r\n"
HEAD = OK + b"Content-Type: application/json\r\n"


class Listener:
    """Behaves in one way to every connection. `met` is set when one was made."""

    def __init__(
        self, behaviour: Behaviour, context: ssl.SSLContext | None = None, port: int = 0
    ) -> None:
        self.port = port
        self.connections = 0
        self.met = asyncio.Event()
        self._behaviour = behaviour
        self._context = context
        self._server: asyncio.Server | None = None
        self._under_way: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    @property
    def address(self) -> ServerAddress:
        return ServerAddress("https" if self._context else "http", "127.0.0.1", self.port)

    async def open(self) -> None:
        """Listen, on the same port as before."""
        if self._server is None:
            self._server = await asyncio.start_server(
                self._accept, "127.0.0.1", self.port, ssl=self._context
            )
            self.port = self._server.sockets[0].getsockname()[1]

    async def shut(self) -> None:
        """Nothing listens any more, and what was connected is not."""
        if self._server is not None:
            self._server.close()
            self._server = None
        await self.hang_up()

    async def hang_up(self) -> None:
        """End all connections, as a server that restarts."""
        for task, writer in list(self._under_way.items()):
            writer.transport.abort()
            task.cancel()
        while self._under_way:
            await asyncio.wait(self._under_way)
            await asyncio.sleep(0)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.met.set()
        # A task of its own: asyncio makes an error of its own task's cancellation.
        task = asyncio.create_task(self._meet(reader, writer))
        self._under_way[task] = writer
        try:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
                await task
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()
            del self._under_way[task]

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._behaviour(reader, writer)


@asynccontextmanager
async def listening(
    behaviour: Behaviour, context: ssl.SSLContext | None = None
) -> AsyncIterator[Listener]:
    """As long as the context lasts, on a free port."""
    listener = Listener(behaviour, context)
    await listener.open()
    try:
        yield listener
    finally:
        await listener.shut()


def sends(answer: bytes) -> Behaviour:
    """The same bytes to whoever says whatever, then the end."""

    async def behaviour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(65536)
        writer.write(answer)
        await writer.drain()

    return behaviour


async def says_nothing(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    """Takes the request and everything else, for as long as the other side is there."""
    while await reader.read(65536):
        pass


def stops_after(beginning: bytes) -> Behaviour:
    """The beginning of an answer, and then nothing more, not even an end."""

    async def behaviour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(beginning)
        await writer.drain()
        await says_nothing(reader, writer)

    return behaviour


async def trickles(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A byte now and then: no single read ever takes long."""
    await reader.readuntil(b"\r\n\r\n")
    writer.write(HEAD + b"Content-Length: 100000\r\n\r\n{")
    while not writer.is_closing():
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.02)


def never_ends(beginning: bytes, more: bytes = b" " * 65536) -> Behaviour:
    """The beginning of an answer, and then more of the same as fast as it is taken."""

    async def behaviour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(beginning)
        while not writer.is_closing():
            writer.write(more)
            await writer.drain()

    return behaviour


async def resets_in_mid_answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Half an answer, then RST."""
    await reader.readuntil(b"\r\n\r\n")
    writer.write(HEAD + b'Content-Length: 5000\r\n\r\n{"UID":')
    await writer.drain()
    linger = struct.pack("ii", 1, 0)
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    writer.transport.abort()


def relays_to(port: int, muted: Callable[[], bool] = lambda: False) -> Behaviour:
    """All bytes to that port of 127.0.0.1 and back.

    What comes while `muted` is lost: the other side hears nothing, and no end.
    """

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                if not muted():
                    writer.write(data)
                    await writer.drain()

    async def behaviour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", port)
        pumps = [
            asyncio.create_task(pump(reader, back)),
            asyncio.create_task(pump(there, writer)),
        ]
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in pumps:
                each.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)
            back.close()
            with contextlib.suppress(OSError):
                await back.wait_closed()

    return behaviour


def tunnels_to(port: int) -> Behaviour:
    """A proxy that connects every CONNECT to one port of this computer."""

    async def behaviour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await relays_to(port)(reader, writer)

    return behaviour


@contextlib.contextmanager
def backlog_full(port: int = 0) -> Iterator[int]:
    """A listener, on that port, whose queue is full: a connection is neither made nor refused."""
    with contextlib.ExitStack() as stack:
        full = stack.enter_context(socket.socket())
        full.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        full.bind(("127.0.0.1", port))
        full.listen(0)
        port = full.getsockname()[1]
        for _ in range(2):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(("127.0.0.1", port))
        yield port


def free_port() -> int:
    """One on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
