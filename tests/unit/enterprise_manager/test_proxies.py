"""Proxies: given and from the environment, which of them concern a server, and their troubles."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from tests.support import bodies
from tests.support.exchanges import AUTH, transport_to, trouble_of
from tests.support.fake_server import (
    client_to,
    http,
    proper,
    serving,
    session_body,
)
from tests.support.listening import free_port, listening, says_nothing, sends
from tui.enterprise_manager.address import ServerAddress, parse_server
from tui.enterprise_manager.proxies import proxy_for
from tui.errors import ConnectionRefused, ProxyTrouble

SECURE = ServerAddress("https", "em01.invalid")
PLAIN = ServerAddress("http", "em01.invalid")


@pytest.fixture(autouse=True)
def _no_proxies_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http", "https", "all", "no"):
        monkeypatch.delenv(f"{name}_proxy", raising=False)
        monkeypatch.delenv(f"{name}_PROXY".upper(), raising=False)


async def test_a_proxy_that_refuses() -> None:
    async with serving(lambda _: http(407)) as proxy:
        error = await trouble_of(SECURE, proxy=f"http://u:pw@127.0.0.1:{proxy.port}")
    assert type(error) is ProxyTrouble
    assert "user name and password" in error.sentence
    assert proxy.requests[0].method == "CONNECT"
    assert proxy.requests[0].path == "em01.invalid:9398"


@pytest.mark.parametrize("server", [SECURE, PLAIN])
async def test_a_proxy_that_is_down(server: ServerAddress) -> None:
    port = free_port()
    error = await trouble_of(server, proxy=f"http://u:pw@127.0.0.1:{port}")
    assert type(error) is ProxyTrouble
    assert f"The proxy http://127.0.0.1:{port} refused the connection" in error.sentence
    assert "em01.invalid was not asked" in error.sentence
    assert "pw" not in error.full_text


async def test_a_proxy_that_closes_is_not_the_server_restarting() -> None:
    async with listening(sends(b"")) as proxy:
        error = await trouble_of(SECURE, proxy=f"http://127.0.0.1:{proxy.port}")
    assert type(error) is ProxyTrouble
    assert "ended the connection; em01.invalid was not asked" in error.sentence
    assert "restarting" not in error.full_text


async def test_a_proxy_that_is_silent_is_not_the_server_restarting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with listening(says_nothing) as proxy:
        port = proxy.port
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
        error = await trouble_of(SECURE, timeout=0.2)
    assert type(error) is ProxyTrouble
    assert f"The proxy of HTTPS_PROXY (http://127.0.0.1:{port}) does not answer" in error.sentence
    assert "NO_PROXY=em01.invalid" in error.full_text


@pytest.mark.parametrize("proxy", ["socks4://u:pw@x:1", "nonsense", "http://[::1", "http://:1"])
@pytest.mark.parametrize("server", [SECURE, PLAIN])
async def test_an_unusable_proxy_is_named_without_its_password(
    server: ServerAddress, proxy: str
) -> None:
    error = await trouble_of(server, proxy=proxy)
    assert type(error) is ProxyTrouble
    assert "pw" not in error.full_text


@pytest.mark.parametrize("name", ["ALL_PROXY", "all_proxy", "HTTPS_PROXY", "https_proxy"])
async def test_an_unusable_proxy_of_the_environment_names_its_variable(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "socks5://u:pw@proxy.example:1080")
    error = await trouble_of(SECURE)
    assert type(error) is ProxyTrouble
    assert f"The proxy of {name} (socks5://proxy.example:1080) cannot be used" in error.sentence
    assert "NO_PROXY=em01.invalid" in error.full_text


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "ALL_PROXY"])
async def test_no_password_goes_in_clear_to_a_proxy_that_nobody_named(
    monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    async with serving(proper(http(200, b"{}"))) as proxy:
        monkeypatch.setenv(variable, f"http://127.0.0.1:{proxy.port}")
        error = await trouble_of(PLAIN)
        assert type(error) is ProxyTrouble
        assert f"The proxy of {variable} (http://127.0.0.1:{proxy.port})" in error.sentence
        assert "in clear" in error.sentence
        assert proxy.requests == []
        named = transport_to(PLAIN, proxy=f"http://127.0.0.1:{proxy.port}")
        assert (await named.send("GET", "/api/", AUTH)).status == 200, "who names it may"
        await named.aclose()
    assert proxy.paths("GET") == ["http://em01.invalid:9398/api/"]


async def test_the_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    async with serving(lambda _: http(403)) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.port}")
        error = await trouble_of(SECURE)
    assert type(error) is ProxyTrouble
    assert proxy.requests[0].path == "em01.invalid:9398"


async def test_this_computer_is_reached_without_the_environments_proxy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{free_port()}")
    async with serving(proper(http(200, session_body()))) as server, client_to(server) as client:
        assert (await client.failover_session(bodies.SESSION_ID)).session.tasks


# NO_PROXY -----------------------------------------------------------------------

ODD = [
    "[::1]", "fe80::/10", "10.0.0.0/8", "::/0", "//", "[", "]:1", "*.", ".", ":", "a b", "é",
    "http://", "%zz", "1.2.3.4/99", "\x00", ",,;", "[::1]:443", "*:443", "@", "://", "x" * 5000,
]  # fmt: skip


@pytest.mark.parametrize("no_proxy", [*ODD, ",".join(ODD[:-1])])
@pytest.mark.parametrize("all_proxy", ["", "socks5://127.0.0.1:1", "nonsense", "://"])
async def test_what_does_not_concern_the_server_stops_nothing(
    monkeypatch: pytest.MonkeyPatch, no_proxy: str, all_proxy: str
) -> None:
    if "\x00" not in no_proxy:
        monkeypatch.setenv("NO_PROXY", no_proxy + ",127.0.0.1,em01.invalid")
    monkeypatch.setenv("ALL_PROXY", all_proxy)
    port = free_port()
    error = await trouble_of(ServerAddress("http", "127.0.0.1", port))
    assert type(error) is ConnectionRefused, error
    assert "\x00" in no_proxy or proxy_for(SECURE, None) is None


@pytest.mark.parametrize(
    ("no_proxy", "server", "exempt"),
    [
        ("*", "em01", True),
        ("em01", "em01", True),
        ("EM01", "em01", True),
        ("other,em01", "em01", True),
        ("other em01", "em01", True),
        ("example.com", "em01.example.com", True),
        (".example.com", "em01.example.com", True),
        ("*.example.com", "em01.example.com", True),
        ("example.com", "em01.notexample.com", False),
        ("em01:9398", "em01", True),
        ("em01:443", "em01", False),
        ("https://em01", "em01", True),
        ("10.0.0.0/8", "10.1.2.3", True),
        ("10.0.0.0/8", "11.1.2.3", False),
        ("10.1.2.3", "10.1.2.3", True),
        ("10.1.2.3/8", "10.9.9.9", True),
        ("fd00::/8", "[fd00::5]", True),
        ("[fd00::5]", "[fd00::5]", True),
        ("[fd00::5]:9398", "[fd00::5]", True),
        ("[fd00::5]:443", "[fd00::5]", False),
        ("fd00::5", "[fd00:0::5]", True),
        ("fe80::/10", "em01", False),
        ("", "em01", False),
        ("10.0.0.0/8", "em01", False),
    ],
)
def test_whom_no_proxy_exempts(
    monkeypatch: pytest.MonkeyPatch, no_proxy: str, server: str, exempt: bool
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("NO_PROXY", no_proxy)
    assert (proxy_for(parse_server(server), None) is None) is exempt
    given = proxy_for(parse_server(server), SecretStr("http://mine:1"))
    assert given is not None, "what a person gave counts in any case"
