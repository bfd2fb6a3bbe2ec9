"""Serves a Service to an httpx client in the same process, without a socket."""

from __future__ import annotations

import asyncio

import httpx

from tui.simulator.exchange import Request
from tui.simulator.service import Service


class ServiceTransport(httpx.AsyncBaseTransport):
    """An httpx transport that asks `service`; on a thread, since a fault may block."""

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
        answered = await asyncio.to_thread(self._service.handle, asked)
        return httpx.Response(
            answered.status,
            headers=dict(answered.headers),
            content=answered.body,
            request=request,
        )
