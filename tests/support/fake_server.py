"""A server on a real socket that answers HTTP in whatever bytes a test makes, right or wrong.

What answers with readings, without a server, is `fake_source`; what answers as Enterprise
Manager does is the simulator, in `simulated`.
"""

from __future__ import annotations

import asyncio
import inspect
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from pydantic import SecretStr

from tests.support import bodies
from tests.support.listening import Listener
from tui.enterprise_manager.client import EnterpriseManager
from tui.enterprise_manager.credentials import Credentials

CREDENTIALS = Credentials("NOC\\jdoe", SecretStr(bodies.PASSWORD))


@dataclass(frozen=True)
class Received:
    """A request; `path` is its target as sent, the query included."""

    method: str
    path: str
    headers: httpx.Headers = field(repr=False)

    @property
    def url(self) -> httpx.URL:
        return httpx.URL(self.path)


Answering = Callable[[Received], bytes | Awaitable[bytes]]
"""The bytes to send back; none closes the connection."""


class FakeServer(Listener):
    """Gives each request to `answering`, and keeps it."""

    def __init__(
        self, answering: Answering, context: ssl.SSLContext | None = None, port: int = 0
    ) -> None:
        super().__init__(self._talk, context, port)
        self.requests: list[Received] = []
        self._answering = answering

    @property
    def asked(self) -> list[Received]:
        """What came beside logons and logoffs."""
        return [request for request in self.requests if request.method == "GET"]

    def paths(self, method: str) -> list[str]:
        return [request.path for request in self.requests if request.method == method]

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            request = _parsed(await reader.readuntil(b"\r\n\r\n"))
            self.requests.append(request)
            answer = self._answering(request)
            if inspect.isawaitable(answer):
                answer = await answer
            if not answer:
                return
            writer.write(answer)
            await writer.drain()


def _parsed(head: bytes) -> Received:
    first, *lines = head.decode("latin-1").split("\r\n")
    method, path, _version = first.split(" ", 2)
    pairs = [tuple(line.split(": ", 1)) for line in lines if ": " in line]
    return Received(method, path, httpx.Headers([(name, value) for name, value in pairs]))


@asynccontextmanager
async def serving(
    answering: Answering, context: ssl.SSLContext | None = None, port: int = 0
) -> AsyncIterator[FakeServer]:
    """As long as the context lasts; port 0 picks a free one."""
    server = FakeServer(answering, context, port)
    await server.open()
    try:
        yield server
    finally:
        await server.shut()


@asynccontextmanager
async def client_to(server: FakeServer, **settings: Any) -> AsyncIterator[EnterpriseManager]:
    """Closed at the end, which logs it off; `settings` are the client's."""
    client = EnterpriseManager(server.address, CREDENTIALS, **settings)
    try:
        yield client
    finally:
        await client.aclose()


@asynccontextmanager
async def asking(
    get: bytes | Answering, *, cloud_connect: bool = True, **settings: Any
) -> AsyncIterator[tuple[EnterpriseManager, FakeServer]]:
    """A client, and a server that is `proper`."""
    async with (
        serving(proper(get, cloud_connect=cloud_connect)) as server,
        client_to(server, **settings) as client,
    ):
        yield client, server


def http(status: int, body: bytes = b"", **headers: str) -> bytes:
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return (
        f"HTTP/1.1 {status} Whatever\r\nContent-Length: {len(body)}\r\n{lines}\r\n".encode() + body
    )


def logged_on(*, cloud_connect: bool = True) -> bytes:
    return http(
        201,
        bodies.v12(bodies.logon(cloud_connect)),
        X_RestSvcSessionId=bodies.TOKEN,
        Set_Cookie=f"X-RestSvcSessionId={bodies.TOKEN}; Path=/api;",
    )


def proper(get: bytes | Answering, *, cloud_connect: bool = True) -> Answering:
    """Logon and logoff as they should be; every GET is answered with, or by, `get`."""

    def answering(request: Received) -> bytes | Awaitable[bytes]:
        if request.method == "GET":
            return get if isinstance(get, bytes) else get(request)
        return logged_on(cloud_connect=cloud_connect) if request.method == "POST" else http(204)

    return answering


def session_body(progress: int = 40) -> bytes:
    return bodies.v12(bodies.session(bodies.wrapped(bodies.task("web01", Progress=progress))))
