"""Proxies, given and from the environment."""

from __future__ import annotations

import pytest

from tests.support import bodies
from tests.support.exchanges import AUTH, free_port, sends, transport_to, trouble_of
from tests.support.fake_server import (
    CREDENTIALS,
    http,
    proper,
    serving,
    session_body,
)
from tui.enterprise_manager.address import ServerAddress
from tui.enterprise_manager.client import EnterpriseManager
from tui.errors import (
    ProxyTrouble,
)


async def test_a_proxy_that_refuses() -> None:
    async with serving(sends(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")) as proxy:
        error = await trouble_of(
            ServerAddress("https", "em01.invalid"), proxy=f"http://u:pw@127.0.0.1:{proxy.port}"
        )
    assert type(error) is ProxyTrouble
    assert "user name and password" in error.sentence
    assert proxy.requests[0].method == "CONNECT"
    assert proxy.requests[0].path == "em01.invalid:9398"


async def test_a_proxy_that_is_down() -> None:
    error = await trouble_of(
        ServerAddress("http", "em01.invalid"), proxy=f"http://127.0.0.1:{free_port()}"
    )
    assert type(error) is ProxyTrouble


@pytest.mark.parametrize("proxy", ["socks4://u:pw@x:1", "nonsense", "http://[::1"])
async def test_an_unusable_proxy_address_is_not_repeated(proxy: str) -> None:
    error = await trouble_of(ServerAddress("http", "em01.invalid"), proxy=proxy)
    assert type(error) is ProxyTrouble
    assert "pw" not in error.full_text


async def test_the_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    async with serving(proper(http(200, b"{}"))) as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")
        transport = transport_to(ServerAddress("http", "em01.invalid"))
        assert (await transport.send("GET", "/api/", AUTH)).status == 200
        await transport.aclose()
    assert proxy.paths("GET") == ["http://em01.invalid:9398/api/"]


async def test_this_computer_is_reached_without_the_environments_proxy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{free_port()}")
    async with serving(proper(http(200, session_body()))) as server:
        client = EnterpriseManager(server.address, CREDENTIALS)
        assert (await client.failover_session(bodies.SESSION_ID)).session.tasks
        await client.aclose()
