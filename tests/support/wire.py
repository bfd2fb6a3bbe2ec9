"""The network between a client and a simulated server, in this process."""

from __future__ import annotations

from collections.abc import Callable

import httpx

from tests.support.simulated import SimulatedServer
from tui.simulator.exchange import Request, Response
from tui.simulator.in_process import ServiceTransport


def refused(request: httpx.Request) -> Exception:
    """As if nothing listened."""
    error = httpx.ConnectError("refused", request=request)
    error.__cause__ = ConnectionRefusedError(111, "Connection refused")
    return error


class Wire(ServiceTransport):
    """Leads to `service`; `down` gives what a network would raise, `tries` counts requests.

    With `at_once` the answer is made on this very thread, so that on a virtual clock nothing
    happens by chance; else a fault of the service may block, and `in_flight` tells of it.
    """

    def __init__(self, service: SimulatedServer, *, at_once: bool = False) -> None:
        super().__init__(service)
        self.down: Callable[[httpx.Request], Exception | None] = lambda _: None
        self.in_flight = 0
        self.tries = 0
        self._at_once = at_once

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.tries += 1
        trouble = self.down(request)
        if trouble is not None:
            raise trouble
        self.in_flight += 1
        try:
            return await super().handle_async_request(request)
        finally:
            self.in_flight -= 1

    async def _answer(self, request: Request) -> Response:
        return self._service.handle(request) if self._at_once else await super()._answer(request)

    def cut(self, while_: Callable[[], bool] = lambda: True) -> None:
        """Nothing listens any more, or only `while_` that is so."""
        self.down = lambda request: refused(request) if while_() else None

    def mend(self) -> None:
        self.down = lambda _: None
