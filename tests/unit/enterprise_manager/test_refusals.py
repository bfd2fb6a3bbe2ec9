"""Answers that say no, and the sentence a person reads."""

from __future__ import annotations

import pytest

from tests.support import bodies
from tests.support.fake_server import Received, asking, client_to, http, serving
from tui.errors import (
    NoCloudConnect,
    NoPermission,
    NotEnterpriseManager,
    NotFound,
    ProxyTrouble,
    RequestRejected,
    ServerBusy,
    ServerTrouble,
    UnreadableAnswer,
)


def said(status: int, message: str | None) -> bytes:
    return bodies.v12({"Message": message, "StatusCode": status, "StackTrace": "at X"})


@pytest.mark.parametrize(
    ("status", "body", "expected", "words"),
    [
        (400, said(400, "Node [root] does not exist."), RequestRejected, "Node [root]"),
        (403, said(403, "Access denied"), NoPermission, "Access denied"),
        (404, b"", NotFound, "does not know this cloud failover session"),
        (404, said(404, "Gone"), NotFound, "Gone"),
        (404, b"<html><title>Not Found</title></html>", NotEnterpriseManager, "web page"),
        (405, b"", RequestRejected, "405"),
        (407, b"", ProxyTrouble, "proxy"),
        (500, said(500, "There is no backup task with id [task-297]"), NotFound, "task-297"),
        (500, said(500, "Object reference not set"), ServerTrouble, "Object reference"),
        (500, b'<Error Message="Boom" StatusCode="500"/>', ServerTrouble, "Boom"),
        (500, said(500, "x\x1b[2J\n" * 5000), ServerTrouble, "…"),
        (501, b"\xff\xfe\x00\x01 nonsense", ServerTrouble, "501"),
        (502, b"<html><h1>Bad gateway</h1></html>", ServerTrouble, "proxy in between"),
        (503, b"<html><title>Service Unavailable</title>", ServerBusy, "Service Unavailable"),
        (408, b"", ServerBusy, "did not arrive in time (408)"),
        (429, said(429, "Slow down"), ServerBusy, "too many requests (429). The server says: Slow"),
        (302, b"", NotEnterpriseManager, "elsewhere"),
        (204, b"", UnreadableAnswer, "empty"),
    ],
)
async def test_each_refusal_becomes_its_error(
    status: int, body: bytes, expected: type[Exception], words: str
) -> None:
    answer = http(status, body, Location="https://jd:pw@sso.example/login?t=secret")
    async with asking(answer) as (client, _):
        with pytest.raises(expected) as caught:
            await client.failover_session(bodies.SESSION_ID)
    assert type(caught.value) is expected
    text = caught.value.full_text  # type: ignore[attr-defined]
    assert words in text
    assert len(text) < 600
    assert text.isprintable()
    assert "secret" not in text
    assert "jd:pw" not in text


DATE = "Mon, 23 Nov 2026 14:03:00 GMT"


@pytest.mark.parametrize("status", [408, 429, 503])
@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        ("30", 30.0),
        (" 30 ", 30.0),
        ("0", 0.0),
        ("9" * 5000, 999_999_999_999.0),
        ("Mon, 23 Nov 2026 14:03:45 GMT", 45.0),
        ("Mon, 23 Nov 2026 14:02:00 GMT", 0.0),
        ("-5", None),
        ("soon", None),
        ("\u0663", None),
    ],
)
async def test_how_long_a_busy_server_asks_to_wait(
    status: int, asked: str, seconds: float | None
) -> None:
    async with asking(http(status, Retry_After=asked, Date=DATE)) as (client, _):
        with pytest.raises(ServerBusy) as caught:
            await client.failover_session(bodies.SESSION_ID)
    assert caught.value.retry_after == seconds


@pytest.mark.parametrize("status", [408, 429])
async def test_a_busy_server_is_not_taken_for_another_product_at_the_logon(status: int) -> None:
    async with (
        serving(lambda _: http(status, Retry_After="7")) as server,
        client_to(server) as client,
    ):
        with pytest.raises(ServerBusy) as caught:
            await client.log_on()
    assert caught.value.retry_after == 7.0


async def test_a_redirect_is_not_followed_but_named() -> None:
    async with asking(http(301, Location="https://sso.example/login")) as (client, server):
        with pytest.raises(NotEnterpriseManager, match=r"https://sso\.example"):
            await client.failover_session(bodies.SESSION_ID)
    assert len(server.asked) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "location", ["http://[bad", "https://x:y:z", "http://\u2100.test/", "//[", "http://x:99999999/"]
)
async def test_a_redirect_to_no_address_is_a_sentence(status: int, location: str) -> None:
    async with asking(http(status, Location=location)) as (client, server):
        with pytest.raises((ServerTrouble, NotEnterpriseManager), match="was not followed"):
            await client.failover_session(bodies.SESSION_ID)
    assert len(server.asked) == 1


async def test_a_redirected_logon_to_no_address_is_trouble_of_the_server() -> None:
    async with (
        serving(lambda _: http(302, Location="http://[bad")) as server,
        client_to(server) as client,
    ):
        with pytest.raises(ServerTrouble, match="cannot be read") as caught:
            await client.log_on()
    assert type(caught.value) is ServerTrouble
    assert len(server.requests) == 1


async def test_a_list_that_is_missing_is_explained() -> None:
    async with asking(http(404)) as (client, _):
        await client.log_on()
        with pytest.raises(NotFound) as caught:
            await client.failover_sessions()
    assert "tenant" in caught.value.full_text
    async with asking(http(403)) as (client, _):
        with pytest.raises(NoPermission, match="may not read cloud failover sessions"):
            await client.failover_sessions()


async def test_without_cloud_connect_a_missing_list_says_so() -> None:
    async with asking(http(404), cloud_connect=False) as (client, _):
        assert not (await client.log_on()).cloud_connect
        with pytest.raises(NoCloudConnect):
            await client.failover_sessions()


async def test_a_session_that_was_read_outweighs_a_logon_without_cloud_connect() -> None:
    def answering(request: Received) -> bytes:
        found = "failoverSessions" in request.path
        return http(200, bodies.v12(bodies.session(None))) if found else http(404)

    async with asking(answering, cloud_connect=False) as (client, _):
        await client.log_on()
        with pytest.raises(NoCloudConnect):
            await client.failover_sessions()
        await client.failover_session(bodies.SESSION_ID)
        assert client.cloud_connect is True
        with pytest.raises(NotFound) as caught:
            await client.failover_sessions()
        assert not isinstance(caught.value, NoCloudConnect)
