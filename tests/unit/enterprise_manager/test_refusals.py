"""Answers that say no, and the sentence a person reads."""

from __future__ import annotations

import pytest

from tests.unit.enterprise_manager import bodies
from tests.unit.enterprise_manager.scripted import Recorder, always, client_of
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
        (429, b"", ServerBusy, "too many requests (429)"),
        (408, b"", ServerBusy, "waited too long for the request (408)"),
        (302, b"", NotEnterpriseManager, "elsewhere"),
        (204, b"", UnreadableAnswer, "empty"),
    ],
)
async def test_each_refusal_becomes_its_error(
    status: int, body: bytes, expected: type[Exception], words: str
) -> None:
    recorder = Recorder(always(body, status, Location="https://jd:pw@sso.example/login?t=secret"))
    async with client_of(recorder) as client:
        with pytest.raises(expected) as caught:
            await client.failover_session(bodies.SESSION_ID)
    assert type(caught.value) is expected
    text = caught.value.full_text  # type: ignore[attr-defined]
    assert words in text
    assert len(text) < 600
    assert text.isprintable()
    assert "secret" not in text
    assert "jd:pw" not in text


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        ("7", 7.0),
        ("Sat, 14 Mar 2026 13:50:30 GMT", 30.0),
        ("Sat, 14 Mar 2026 13:49:30 GMT", 0.0),
        ("soon", None),
        ("-5", None),
        ("1" * 400, float("inf")),
        (None, None),
    ],
)
async def test_how_long_the_server_wants_to_be_left_alone(
    asked: str | None, seconds: float | None
) -> None:
    headers = {"Date": "Sat, 14 Mar 2026 13:50:00 GMT"}
    if asked is not None:
        headers["Retry-After"] = asked
    async with client_of(Recorder(always(b"", 429, **headers))) as client:
        with pytest.raises(ServerBusy) as caught:
            await client.failover_session(bodies.SESSION_ID)
    assert caught.value.retry_after == seconds


async def test_a_redirect_to_nowhere_is_only_named() -> None:
    async with client_of(Recorder(always(b"", 302, Location="http://[bad"))) as client:
        with pytest.raises(NotEnterpriseManager, match="sends us elsewhere"):
            await client.failover_session(bodies.SESSION_ID)


async def test_a_redirect_is_not_followed_but_named() -> None:
    recorder = Recorder(always(b"", 301, Location="https://sso.example/login"))
    async with client_of(recorder) as client:
        with pytest.raises(NotEnterpriseManager, match=r"https://sso\.example"):
            await client.failover_session(bodies.SESSION_ID)
    assert len(recorder.asked) == 1


async def test_a_list_that_is_missing_is_explained() -> None:
    async with client_of(Recorder(always(b"", 404))) as client:
        await client.log_on()
        with pytest.raises(NotFound) as caught:
            await client.failover_sessions()
    assert "tenant" in caught.value.full_text
    async with client_of(Recorder(always(b"", 403))) as client:
        with pytest.raises(NoPermission, match="may not read cloud failover sessions"):
            await client.failover_sessions()


async def test_without_cloud_connect_a_missing_list_says_so() -> None:
    async with client_of(Recorder(always(b"", 404), cloud_connect=False)) as client:
        assert not (await client.log_on()).cloud_connect
        with pytest.raises(NoCloudConnect):
            await client.failover_sessions()
