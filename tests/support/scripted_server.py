"""A server as a function, without a network."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx

from tests.support import bodies
from tests.support.fake_server import CREDENTIALS
from tui.enterprise_manager.address import ServerAddress
from tui.enterprise_manager.client import EnterpriseManager

Answering = Callable[[httpx.Request], httpx.Response]


class Recorder:
    """A server as a function; keeps the requests it got."""

    def __init__(self, answering: Answering, cloud_connect: bool = True) -> None:
        self.requests: list[httpx.Request] = []
        self._answering = answering
        self._cloud_connect = cloud_connect

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if request.method == "POST":
            return httpx.Response(
                201,
                content=bodies.v12(bodies.logon(self._cloud_connect)),
                headers={"X-RestSvcSessionId": bodies.TOKEN, "Set-Cookie": "X-RestSvcSessionId=z"},
            )
        return httpx.Response(204) if request.method == "DELETE" else self._answering(request)

    @property
    def asked(self) -> list[httpx.Request]:
        return [request for request in self.requests if request.method == "GET"]


@asynccontextmanager
async def client_of(recorder: Recorder, **settings: Any) -> AsyncIterator[EnterpriseManager]:
    client = EnterpriseManager(
        ServerAddress("https", "em01"),
        CREDENTIALS,
        transport=httpx.MockTransport(recorder),
        **settings,
    )
    try:
        yield client
    finally:
        await client.aclose()


def always(body: bytes, status: int = 200, **headers: str) -> Answering:
    return lambda _request: httpx.Response(status, content=body, headers=headers)
