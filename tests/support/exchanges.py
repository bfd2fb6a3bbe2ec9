"""Single exchanges with a server, and the trouble they end in."""

from __future__ import annotations

import pytest

from tests.support.fake_server import CREDENTIALS
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
