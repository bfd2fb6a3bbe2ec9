"""Serves a Service to an httpx client in the same process, without a socket."""

from __future__ import annotations

import asyncio

import httpx

from tui.simulator.exchange import Request, Response
from tui.simulator.service import Service


class ServiceTransport(httpx.AsyncBaseTransport):
    """An httpx transport that asks `service`."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer one request of the client."""
        body = await request.aread()
        asked = Request(
            method=request.method,
            path=request.url.path,
            query=request.url.query.decode("ascii"),
            headers={name.lower(): value for name, value in request.headers.items()},
            body=body,
        )
        answered = await self._answer(asked)
        return httpx.Response(
            answered.status,
            headers=dict(answered.headers),
            content=answered.body,
            request=request,
        )

    async def _answer(self, request: Request) -> Response:
        # On a thread: a large session takes longer to write than a key may take to show.
        return await asyncio.to_thread(self._service.handle, request)
