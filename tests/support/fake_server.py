"""Tiny servers on real sockets of 127.0.0.1, each doing one thing, wrong or right."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

from pydantic import SecretStr

from tests.support import bodies
from tui.enterprise_manager.address import ServerAddress
from tui.enterprise_manager.credentials import Credentials

CREDENTIALS = Credentials("NOC\\jdoe", SecretStr(bodies.PASSWORD))


@dataclass(frozen=True)
class Received:
    method: str
    path: str
    headers: dict[str, str] = field(repr=False)


Answering = Callable[[Received, asyncio.StreamWriter], Awaitable[bytes]]


class FakeServer:
    """Gives each request to `answering`, which returns the bytes to send back.

    An answer of no bytes closes the connection.
    """

    def __init__(self, answering: Answering, scheme: str) -> None:
        self.requests: list[Received] = []
        self.connections = 0
        self.port = 0
        self._answering = answering
        self._scheme = scheme
        self._writers: list[asyncio.StreamWriter] = []

    @property
    def address(self) -> ServerAddress:
        return ServerAddress("https" if self._scheme == "https" else "http", "127.0.0.1", self.port)

    def paths(self, method: str) -> list[str]:
        return [request.path for request in self.requests if request.method == method]

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._writers.append(writer)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            while True:
                request = _parsed(await reader.readuntil(b"\r\n\r\n"))
                self.requests.append(request)
                answer = await self._answering(request, writer)
                if not answer:
                    break
                writer.write(answer)
                await writer.drain()
        writer.close()

    async def close(self) -> None:
        for writer in self._writers:
            writer.close()
        for writer in self._writers:
            with contextlib.suppress(OSError, ssl.SSLError):
                await writer.wait_closed()


def _parsed(head: bytes) -> Received:
    first, *lines = head.decode("latin-1").split("\r\n")
    method, path, _version = first.split(" ", 2)
    pairs = (line.split(": ", 1) for line in lines if ": " in line)
    return Received(method, path, {name.lower(): value for name, value in pairs})


@contextlib.asynccontextmanager
async def serving(
    answering: Answering, context: ssl.SSLContext | None = None
) -> AsyncIterator[FakeServer]:
    fake = FakeServer(answering, "https" if context else "http")
    server = await asyncio.start_server(fake.accept, "127.0.0.1", 0, ssl=context)
    fake.port = server.sockets[0].getsockname()[1]
    try:
        yield fake
    finally:
        server.close()
        await fake.close()
        await server.wait_closed()


def http(status: int, body: bytes = b"", **headers: str) -> bytes:
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return (
        f"HTTP/1.1 {status} Whatever\r\nContent-Length: {len(body)}\r\n{lines}\r\n".encode() + body
    )


def logged_on() -> bytes:
    return http(
        201,
        bodies.v12(bodies.logon()),
        X_RestSvcSessionId=bodies.TOKEN,
        Set_Cookie=f"X-RestSvcSessionId={bodies.TOKEN}; Path=/api;",
    )


def proper(get: bytes) -> Answering:
    """Logon and logoff as they should be, and one answer to every GET."""

    async def answering(request: Received, _writer: asyncio.StreamWriter) -> bytes:
        if request.method == "GET":
            return get
        return logged_on() if request.method == "POST" else http(204)

    return answering


def session_body(progress: int = 40) -> bytes:
    return bodies.v12(bodies.session(bodies.wrapped(bodies.task("web01", Progress=progress))))
