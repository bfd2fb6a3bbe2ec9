"""A socket in front of the simulated server, that can do what HTTP servers cannot."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import Awaitable, Callable, Iterator

Behaviour = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


class Gate:
    """Relays bytes to a port of 127.0.0.1, unless a `Behaviour` takes the connection."""

    def __init__(self, behind: int) -> None:
        self.behind = behind
        self.port = 0
        self.connections = 0
        self.met = asyncio.Event()
        self.muted = False
        self._behaviour: Behaviour | None = None
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: set[asyncio.StreamWriter] = set()

    async def open(self) -> None:
        """Listen, on the same port as before."""
        if self._server is None:
            self._server = await asyncio.start_server(self._accept, "127.0.0.1", self.port)
            self.port = self._server.sockets[0].getsockname()[1]

    async def shut(self) -> None:
        """Nothing listens any more, and what was connected is not."""
        if self._server is not None:
            self._server.close()
            self._server = None
        await self.hang_up()

    async def hang_up(self) -> None:
        """End all connections, as a server that restarts."""
        for writer in list(self._writers):
            writer.transport.abort()
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def behave(self, behaviour: Behaviour | None) -> None:
        """From now on, for new connections; those that there are end."""
        self._behaviour = behaviour
        await self.hang_up()

    def relent(self) -> None:
        """New connections are relayed again; those that there are stay as they are."""
        self._behaviour = None

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self._writers.add(writer)
        self.connections += 1
        self.met.set()
        try:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                await (self._behaviour or self._relay)(reader, writer)
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()
            self._writers.discard(writer)
            self._tasks.discard(task)

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self.behind)
        pumps = [
            asyncio.create_task(self._pump(reader, back)),
            asyncio.create_task(self._pump(there, writer)),
        ]
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)
            back.close()
            with contextlib.suppress(OSError):
                await back.wait_closed()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """What comes while `muted` is lost: the other side hears nothing, and no end."""
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                if not self.muted:
                    writer.write(data)
                    await writer.drain()


async def resets_in_mid_answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Half an answer, then RST."""
    await reader.readuntil(b"\r\n\r\n")
    writer.write(HEAD + b'Content-Length: 5000\r\n\r\n{"UID":')
    await writer.drain()
    linger = struct.pack("ii", 1, 0)
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    writer.transport.abort()


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


def never_ends(status: int) -> Behaviour:
    """An answer without a length, and without an end."""

    async def behaviour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 %d Whatever\r\nContent-Type: application/json\r\n\r\n" % status)
        while not writer.is_closing():
            writer.write(b" " * 65536)
            await writer.drain()

    return behaviour


def sends(answer: bytes) -> Behaviour:
    """The same bytes to whoever says whatever, then the end."""

    async def behaviour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(65536)
        writer.write(answer)
        await writer.drain()

    return behaviour


@contextlib.contextmanager
def backlog_full(port: int) -> Iterator[None]:
    """A listener on that port whose queue is full: a connection is neither made nor refused."""
    with contextlib.ExitStack() as stack:
        full = stack.enter_context(socket.socket())
        full.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        full.bind(("127.0.0.1", port))
        full.listen(0)
        for _ in range(2):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(("127.0.0.1", port))
        yield
