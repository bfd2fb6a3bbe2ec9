"""The life of a logon session, against real sockets where time or order matters."""

from __future__ import annotations

import asyncio
import base64
import logging
import time
import traceback
import uuid

import pytest
from pydantic import SecretStr

from tests.support import bodies, fake_server
from tests.support.fake_server import CREDENTIALS, Received, asking, client_to, http, serving
from tui.enterprise_manager.address import ServerAddress
from tui.enterprise_manager.client import EnterpriseManager
from tui.enterprise_manager.credentials import Credentials
from tui.errors import (
    ConnectionRefused,
    InvalidInput,
    LogonExpired,
    NoPermission,
    NotEnterpriseManager,
    ServerBusy,
    UnreadableAnswer,
    WrongCredentials,
)

LOGON_PATH = "/api/sessionMngr/?v=latest"
LOGOFF_PATH = f"/api/logonSessions/{bodies.LOGON_ID}"


class Expiring:
    """Knows only the tokens it gave since the last expiry."""

    def __init__(self) -> None:
        self.given = 0
        self.valid: set[str] = set()
        self.logon_answer: bytes | None = None

    async def __call__(self, request: Received) -> bytes:
        token = request.headers.get("x-restsvcsessionid", "")
        if request.method == "POST":
            if self.logon_answer is not None:
                return self.logon_answer
            self.given += 1
            self.valid = {f"token{self.given}"}
            body = bodies.v12(bodies.logon())
            return http(201, body, X_RestSvcSessionId=f"token{self.given}")
        if request.method == "DELETE":
            self.valid.discard(token)
            return http(204)
        if token not in self.valid:
            return http(401, WWW_Authenticate="Basic Realm=RestSvc")
        return http(200, fake_server.session_body())


async def test_an_expired_logon_is_renewed_once_and_unseen() -> None:
    expiring = Expiring()
    async with serving(expiring) as server, client_to(server) as client:
        await client.failover_session(bodies.SESSION_ID)
        expiring.valid.clear()
        reading = await client.failover_session(bodies.SESSION_ID)
    assert reading.session.tasks[0].vm_name == "web01"
    assert [request.method for request in server.requests] == [
        "POST", "GET", "GET", "POST", "GET", "DELETE",
    ]  # fmt: skip


async def test_concurrent_requests_share_one_new_logon() -> None:
    expiring = Expiring()
    async with serving(expiring) as server, client_to(server) as client:
        await asyncio.gather(*(client.failover_session(bodies.SESSION_ID) for _ in range(6)))
        expiring.valid.clear()
        await asyncio.gather(*(client.failover_session(bodies.SESSION_ID) for _ in range(6)))
    assert len(server.paths("POST")) == 2
    assert len(server.paths("DELETE")) == 1


async def test_a_fresh_logon_refused_too_is_the_truth_and_leaks_nothing() -> None:
    expiring = Expiring()

    async def refusing(request: Received) -> bytes:
        if request.method == "GET":
            return http(401, bodies.v12({"Message": "Account disabled"}))
        return await expiring(request)

    async with serving(refusing) as server, client_to(server) as client:
        with pytest.raises(LogonExpired, match="Account disabled"):
            await client.failover_session(bodies.SESSION_ID)
        assert not client.logged_on
    assert [request.method for request in server.requests] == ["POST", "GET", "DELETE"]


async def test_a_logon_refused_later_is_renewed_once_and_leaks_nothing() -> None:
    expiring, refused = Expiring(), [False]

    async def refusing(request: Received) -> bytes:
        if request.method == "GET" and refused[0]:
            return http(401, bodies.v12({"Message": "Account disabled"}))
        return await expiring(request)

    async with serving(refusing) as server, client_to(server) as client:
        await client.log_on()
        refused[0] = True
        with pytest.raises(LogonExpired, match="Account disabled"):
            await client.failover_session(bodies.SESSION_ID)
        with pytest.raises(LogonExpired, match="Account disabled"):
            await client.failover_session(bodies.SESSION_ID)
    once = ["POST", "GET", "DELETE"]
    assert [request.method for request in server.requests] == ["POST", "GET", *once, *once]


async def test_a_wrong_password_is_never_sent_again_by_itself() -> None:
    expiring = Expiring()
    expiring.logon_answer = http(401, bodies.v12({"Message": "Bad password"}))
    async with serving(expiring) as server, client_to(server) as client:
        with pytest.raises(WrongCredentials, match="Bad password"):
            await client.log_on()
        for _ in range(3):
            with pytest.raises(WrongCredentials):
                await client.failover_session(bodies.SESSION_ID)
            with pytest.raises(WrongCredentials):
                await client.log_on()
        assert len(server.requests) == 1
        expiring.logon_answer = None
        client.supply_credentials(Credentials("NOC\\jdoe", SecretStr("right")))
        assert (await client.log_on()).user_name == "NOC\\jdoe"
    pair = base64.b64decode(server.requests[1].headers["authorization"].split()[1]).decode()
    assert pair == "NOC\\jdoe:right"


async def test_a_password_changed_meanwhile_is_sent_only_once() -> None:
    expiring = Expiring()
    async with serving(expiring) as server, client_to(server) as client:
        await client.log_on()
        expiring.valid.clear()
        expiring.logon_answer = http(401)
        outcomes = await asyncio.gather(
            *(client.failover_session(bodies.SESSION_ID) for _ in range(5)), return_exceptions=True
        )
    assert {type(outcome) for outcome in outcomes} == {WrongCredentials}
    assert len(server.paths("POST")) == 2


@pytest.mark.parametrize(
    ("answer", "expected", "words"),
    [
        (http(403, b"{}"), NoPermission, "Portal Administrator"),
        (http(404, b"<html></html>"), NotEnterpriseManager, "web page"),
        (http(404), NotEnterpriseManager, "does not answer"),
        (http(405), NotEnterpriseManager, "does not answer"),
        (http(503, b"starting"), ServerBusy, "starting"),
        (http(200, b"{}"), NotEnterpriseManager, "gave no session"),
        (http(200, b"<html></html>"), NotEnterpriseManager, "gave no session"),
        (http(302, Location="/login"), NotEnterpriseManager, "elsewhere"),
        (http(201, b"{}", X_RestSvcSessionId="t\x01"), NotEnterpriseManager, "gave no session"),
        (http(201, b"{}", X_RestSvcSessionId="t\xe9"), NotEnterpriseManager, "gave no session"),
        (http(201, b"{}", X_RestSvcSessionId="t"), UnreadableAnswer, "not a logon session"),
        (http(201, b"", X_RestSvcSessionId="t"), UnreadableAnswer, "empty"),
    ],
)
async def test_each_failed_logon_becomes_its_error(
    answer: bytes, expected: type[Exception], words: str
) -> None:
    expiring = Expiring()
    expiring.logon_answer = answer
    async with serving(expiring) as server, client_to(server) as client:
        with pytest.raises(expected) as caught:
            await client.log_on()
    assert type(caught.value) is expected
    assert words in caught.value.full_text  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("body", "token", "location"),
    [
        (bodies.v12(bodies.logon()), "opaque", ""),
        (bodies.v13(bodies.logon()), "opaque", ""),
        (bodies.xml("LogonSession", bodies.logon()), "opaque", ""),
        (b'{"UserName": "x"}', bodies.TOKEN, ""),
        (b'{"UserName": "x"}', "opaque", f"http://x/api/logonSessions/{bodies.LOGON_ID}"),
    ],
)
async def test_exactly_the_own_logon_session_is_ended(
    body: bytes, token: str, location: str
) -> None:
    expiring = Expiring()
    expiring.logon_answer = http(201, body, X_RestSvcSessionId=token, Location=location)
    async with serving(expiring) as server, client_to(server) as client:
        await client.log_on()
        await client.log_off()
        await client.log_off()
    (logoff,) = [request for request in server.requests if request.method == "DELETE"]
    assert logoff.path == LOGOFF_PATH
    assert logoff.headers["x-restsvcsessionid"] == token


RAW_TOKEN = base64.b64encode(uuid.UUID(bodies.LOGON_ID).bytes_le).decode()


@pytest.mark.parametrize("token", [bodies.TOKEN, RAW_TOKEN])
@pytest.mark.parametrize("body", [b"", b"{", b"{}", b"<html></html>", b"[null]", b"\xff\xfe"])
async def test_a_logon_whose_body_cannot_be_read_is_used_and_logged_off(
    token: str, body: bytes
) -> None:
    expiring = Expiring()
    expiring.logon_answer = http(201, body, X_RestSvcSessionId=token)
    async with serving(expiring) as server, client_to(server) as client:
        answer = await client.log_on()
        assert (answer.user_name, answer.cloud_connect) == (None, None)
        expiring.valid = {token}
        await client.failover_session(bodies.SESSION_ID)
    assert [request.method for request in server.requests] == ["POST", "GET", "DELETE"]
    assert server.requests[-1].path == LOGOFF_PATH
    assert server.requests[-1].headers["x-restsvcsessionid"] == token


async def test_a_logon_in_flight_is_ended_too() -> None:
    arrived, release = asyncio.Event(), asyncio.Event()

    async def slow(request: Received) -> bytes:
        if request.method == "POST":
            arrived.set()
            await release.wait()
            return fake_server.logged_on()
        return http(204)

    async with serving(slow) as server, client_to(server) as client:
        waiting = asyncio.create_task(client.log_on())
        await arrived.wait()
        waiting.cancel()
        closing = asyncio.create_task(client.aclose())
        await asyncio.sleep(0)
        release.set()
        await closing
        with pytest.raises(asyncio.CancelledError):
            await waiting
    assert server.paths("DELETE") == [LOGOFF_PATH]


async def test_logging_off_a_dead_server_ends_within_two_seconds() -> None:
    async def silent(request: Received) -> bytes:
        if request.method == "DELETE":
            await asyncio.Event().wait()
        return fake_server.logged_on()

    async with serving(silent) as server, client_to(server) as client:
        await client.log_on()
        began = time.monotonic()
        await client.aclose()
        assert time.monotonic() - began < 2.0
        assert server.paths("DELETE") == [LOGOFF_PATH]


async def test_after_a_logoff_nothing_logs_on_by_itself() -> None:
    async with serving(Expiring()) as server, client_to(server) as client:
        await client.log_on()
        await client.log_off()
        with pytest.raises(LogonExpired):
            await client.failover_session(bodies.SESSION_ID)
        assert len(server.paths("POST")) == 1
        await client.log_on()
        await client.failover_session(bodies.SESSION_ID)


async def test_logging_on_again_ends_the_earlier_logon_session() -> None:
    async with serving(Expiring()) as server, client_to(server) as client:
        await client.log_on()
        await client.log_on()
    assert len(server.paths("POST")) == len(server.paths("DELETE")) == 2


async def test_a_server_that_is_down_is_asked_again_next_time() -> None:
    async with serving(Expiring()) as server:
        address = server.address
    client = EnterpriseManager(address, CREDENTIALS)
    for _ in range(2):
        with pytest.raises(ConnectionRefused):
            await client.failover_session(bodies.SESSION_ID)
    await client.aclose()


@pytest.mark.parametrize("user", ["", "  ", "user:x", "a\nb", "a\x00"])
def test_impossible_user_names_are_refused(user: str) -> None:
    with pytest.raises(InvalidInput):
        Credentials(user, SecretStr("x"))


def test_bytes_of_the_environment_are_sent_as_they_were() -> None:
    undecodable = b"p\xe4ss".decode("utf-8", "surrogateescape")
    Credentials("jdoe", SecretStr(undecodable))
    with pytest.raises(InvalidInput) as caught:
        Credentials("jdoe", SecretStr("p\ud800ss"))
    assert "p\ud800ss" not in str(caught.value)


SECRETS = (bodies.PASSWORD, bodies.TOKEN, bodies.LOGON_ID)


def revealed(error: BaseException) -> str:
    """Everything a crash report with locals could print."""
    report = traceback.TracebackException.from_exception(error, capture_locals=True)
    return "".join(report.format())


async def test_no_secret_in_reprs_logs_or_tracebacks(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    reports = []
    for answer in (http(500), http(200, b"{"), b"garbage\r\n\r\n", b""):
        async with asking(answer) as (client, _):
            try:
                async with asyncio.timeout(5):
                    await client.failover_session(bodies.SESSION_ID)
            except Exception as error:
                reports.append(revealed(error))
                reports.append(repr(error))
            reports.append(repr(vars(client)))
            reports.append(repr(vars(client._logon)))
    assert len(reports) >= 12
    everything = "".join(reports) + caplog.text
    for secret in (*SECRETS, base64.b64encode(f"NOC\\jdoe:{bodies.PASSWORD}".encode()).decode()):
        assert secret not in everything


def test_credentials_hide_the_password() -> None:
    assert bodies.PASSWORD not in repr(CREDENTIALS)
    assert bodies.PASSWORD not in f"{CREDENTIALS}"


def test_the_address_of_a_client_is_known() -> None:
    client = EnterpriseManager(ServerAddress("https", "em01"), CREDENTIALS)
    assert client.server.label == "em01"
