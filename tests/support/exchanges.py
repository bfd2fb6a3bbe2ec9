"""Single exchanges with a server, and the trouble they end in."""

from __future__ import annotations

import asyncio
import socket

import pytest

from tests.support.fake_server import CREDENTIALS, Answering, Received
from tui.enterprise_manager.address import ServerAddress
from tui.enterprise_manager.logon import _BasicAuth
from tui.enterprise_manager.transport import Transport
from tui.enterprise_manager.trust import ServerTrust
from tui.errors import FailoverMonitorError

AUTH = _BasicAuth(CREDENTIALS)


def transport_to(server: ServerAddress, **settings: object) -> Transport:
    return Transport(server, ServerTrust(), **settings)  # type: ignore[arg-type]


async def trouble_of(
    server: ServerAddress, path: str = "/api/", **settings: object
) -> FailoverMonitorError:
    transport = transport_to(server, **settings)
    with pytest.raises(FailoverMonitorError) as caught:
        await transport.send("GET", path, AUTH)
    await transport.aclose()
    assert caught.value.full_text.isprintable()
    assert caught.value.__cause__ is None
    return caught.value


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def sends(*parts: bytes) -> Answering:
    """Sends the parts and closes."""

    async def answering(_request: Received, writer: asyncio.StreamWriter) -> bytes:
        # Not writelines: on Python 3.13.0 an empty part keeps asyncio busy for ever.
        writer.write(b"".join(parts))
        await writer.drain()
        return b""

    return answering
