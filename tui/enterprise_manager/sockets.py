"""Connecting, for the HTTP library: whichever address of a name answers first."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterable, Sequence
from itertools import chain, zip_longest
from typing import Any, Final

import httpcore

from tui.enterprise_manager.event_socket import EventSocket
from tui.enterprise_manager.streams import PlainStream

HEAD_START: Final = 0.25
"""Seconds that an address has before the next one is tried beside it."""

_Address = tuple[int, int, int, str, tuple[Any, ...]]


class LoopBackend(httpcore.AsyncNetworkBackend):
    """Sockets on the running event loop."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - as httpcore calls it
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Raises `httpcore.ConnectTimeout`, `httpcore.ConnectError`.

        Neither a local address nor options can be asked for: nobody does.
        """
        try:
            async with asyncio.timeout(timeout):
                connected = await _first_of(await _addresses(host, port))
                loop = asyncio.get_running_loop()
                _, line = await loop.create_connection(EventSocket, sock=connected)
        except TimeoutError as failure:
            raise httpcore.ConnectTimeout(str(failure)) from failure
        except OSError as failure:
            raise httpcore.ConnectError(str(failure)) from failure
        return PlainStream(line)

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)


async def _addresses(host: str, port: int) -> Sequence[_Address]:
    """Each address of a name, both families in turn; an address needs no thread to be read."""
    try:
        return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except (socket.gaierror, UnicodeError):
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    first = [each for each in found if each[0] == found[0][0]]
    others = [each for each in found if each[0] != found[0][0]]
    return [each for each in chain(*zip_longest(first, others)) if each is not None]


async def _first_of(addresses: Sequence[_Address]) -> socket.socket:
    """A socket to the first address that answers. Raises OSError, what all met behind it."""
    waiting = list(addresses)
    trying: set[asyncio.Task[socket.socket]] = set()
    failures: list[Exception] = []
    connected: socket.socket | None = None
    try:
        while connected is None and (waiting or trying):
            if waiting:
                trying.add(asyncio.create_task(_connected(waiting.pop(0))))
            patience = HEAD_START if waiting else None
            done, trying = await asyncio.wait(
                trying, timeout=patience, return_when=asyncio.FIRST_COMPLETED
            )
            for task in done:
                failure = task.exception()
                if failure is None and connected is None:
                    connected = task.result()
                elif failure is None:
                    task.result().close()
                elif isinstance(failure, Exception):
                    failures.append(failure)
    finally:
        await _given_up(trying)
    if connected is not None:
        return connected
    if len(failures) == 1:
        raise failures[0]
    raise OSError("no address answers") from ExceptionGroup("each address", failures)


async def _given_up(trying: set[asyncio.Task[socket.socket]]) -> None:
    for task in trying:
        task.cancel()
    for late in await asyncio.gather(*trying, return_exceptions=True):
        if isinstance(late, socket.socket):
            late.close()


async def _connected(address: _Address) -> socket.socket:
    family, kind, protocol, _, where = address
    tried = socket.socket(family, kind, protocol)
    try:
        tried.setblocking(False)
        await asyncio.get_running_loop().sock_connect(tried, where)
    except BaseException:
        tried.close()
        raise
    return tried
