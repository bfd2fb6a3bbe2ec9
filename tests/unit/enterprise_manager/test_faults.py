"""What a network and a server can do wrong, on real sockets; and coming back from it."""

from __future__ import annotations

import asyncio
import gzip
import socket
import ssl
import tracemalloc
import zlib

import httpx
import pytest

from tests.support import bodies
from tests.support.exchanges import trouble_of
from tests.support.fake_server import (
    CREDENTIALS,
    Received,
    client_to,
    http,
    logged_on,
    proper,
    serving,
    session_body,
)
from tests.support.listening import (
    OK,
    backlog_full,
    free_port,
    listening,
    never_ends,
    says_nothing,
    sends,
    trickles,
)
from tests.support.simulated import serve
from tui.enterprise_manager.address import ServerAddress
from tui.enterprise_manager.client import EnterpriseManager
from tui.enterprise_manager.failures import HandshakeTimeout, explained
from tui.errors import (
    AnswerTooLarge,
    ConnectionLost,
    ConnectionRefused,
    ConnectionTrouble,
    NameNotFound,
    NotEnterpriseManager,
    TimedOut,
    TlsTrouble,
    Unreachable,
    UnreadableAnswer,
)
from tui.simulator import build_service

SHORT = httpx.Timeout(connect=0.2, read=0.2, write=0.2, pool=0.2)


async def test_refused() -> None:
    error = await trouble_of(ServerAddress("http", "127.0.0.1", free_port()))
    assert type(error) is ConnectionRefused
    assert "9398" in error.full_text


@pytest.mark.parametrize(
    ("port", "hint"), [(9419, "Backup & Replication"), (9443, "web page"), (9398, "stopped")]
)
def test_the_port_of_another_product_is_named(port: int, hint: str) -> None:
    failure = httpx.ConnectError("x")
    failure.__cause__ = ConnectionRefusedError(111, "refused")
    assert hint in explained(failure, ServerAddress("https", "em01", port), 0).full_text


@pytest.mark.parametrize(
    ("cause", "expected"),
    [
        (socket.gaierror(socket.EAI_NONAME, "x"), NameNotFound),
        (socket.gaierror(socket.EAI_AGAIN, "x"), NameNotFound),
        (OSError(113, "No route to host"), Unreachable),
        (OSError(101, "Network is unreachable"), Unreachable),
        (ConnectionResetError(104, "reset"), ConnectionLost),
        (OSError(24, "Too many open files"), ConnectionTrouble),
        (ExceptionGroup("all", [ConnectionRefusedError(111, "a")]), ConnectionRefused),
        (TimeoutError(110, "x"), TimedOut),
    ],
)
def test_causes_are_found_behind_what_httpx_raises(
    cause: Exception, expected: type[Exception]
) -> None:
    failure = httpx.ConnectError("All connection attempts failed")
    failure.__cause__ = OSError("All connection attempts failed")
    failure.__cause__.__cause__ = cause
    error = explained(failure, ServerAddress("https", "em01"), 1)
    assert type(error) is expected
    assert error.sentence


async def test_an_impossible_host_name() -> None:
    error = await trouble_of(ServerAddress("https", "x" * 70 + ".example"))
    assert type(error) is NameNotFound


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (b"", ConnectionLost),
        (OK + b"Content-Length: 500\r\n\r\n{", ConnectionLost),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", ConnectionLost),
        (OK + b"Transfer-Encoding: chunked\r\n\r\nzzz\r\n", NotEnterpriseManager),
        (b"SSH-2.0-OpenSSH_9.2p1\r\n\r\n", NotEnterpriseManager),
        (b"\x15\x03\x01\x00\x02\x02\x28" + b"\r\n" * 40, NotEnterpriseManager),
        (OK + b"X: y\r\n" * 30_000 + b"\r\n", NotEnterpriseManager),
        (OK + b"Content-Encoding: gzip\r\n\r\nnot gzip at all", UnreadableAnswer),
        (
            OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"x" * 99)[:-9],
            UnreadableAnswer,
        ),
        (
            OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"x" * 99) + b"junk",
            UnreadableAnswer,
        ),
        (OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"x")[:-1], UnreadableAnswer),
        (OK + b"Content-Encoding: gzip\r\n\r\n" + b"\x1f\x8b", UnreadableAnswer),
        (OK + b"Content-Encoding: br\r\n\r\nxx", UnreadableAnswer),
        (OK + b"Content-Encoding: gzip, gzip, gzip\r\n\r\nxx", UnreadableAnswer),
    ],
    # Named, since a packed body holds the time: each test process would name it otherwise.
    ids=[
        "nothing",
        "cut off",
        "cut off between chunks",
        "no chunk length",
        "SSH",
        "TLS alert",
        "endless headers",
        "no gzip",
        "gzip cut off",
        "gzip and more",
        "gzip without its last byte",
        "gzip of two bytes",
        "brotli",
        "gzip thrice",
    ],
)
async def test_answers_that_are_cut_off_or_not_http(
    answer: bytes, expected: type[Exception]
) -> None:
    async with listening(sends(answer)) as server:
        assert type(await trouble_of(server.address)) is expected


async def test_a_server_that_never_answers() -> None:
    async with listening(says_nothing) as server:
        error = await trouble_of(server.address, timeout=SHORT)
    assert type(error) is TimedOut
    assert "did not answer" in error.sentence


async def test_a_server_that_trickles_is_stopped_by_the_deadline() -> None:
    async with listening(trickles) as server:
        error = await trouble_of(server.address, timeout=SHORT, deadline=0.4)
    assert type(error) is TimedOut
    assert "did not finish" in error.sentence


async def test_a_connection_nobody_accepts_times_out() -> None:
    with backlog_full() as port:
        server = ServerAddress("http", "127.0.0.1", port)
        error = await trouble_of(server, timeout=SHORT, deadline=1.0)
    assert type(error) is TimedOut
    assert "did not accept the connection" in error.sentence


async def test_an_endless_body_is_dropped_at_the_limit() -> None:
    head = OK + b"Transfer-Encoding: chunked\r\n\r\n"
    async with listening(never_ends(head, b"10000\r\n" + b"x" * 0x10000 + b"\r\n")) as server:
        error = await trouble_of(server.address)
    assert type(error) is AnswerTooLarge
    assert "16 MiB" in error.sentence


async def test_a_compressed_bomb_is_dropped_before_it_is_unpacked() -> None:
    packer = zlib.compressobj(9, wbits=31)
    bomb = b"".join(packer.compress(bytes(1 << 20)) for _ in range(400)) + packer.flush()
    answer = http(200, bomb, Content_Encoding="gzip")
    async with serving(proper(answer)) as server:
        tracemalloc.start()
        error = await trouble_of(server.address, max_body=2 * 1024 * 1024)
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert type(error) is AnswerTooLarge
    assert peak < 20 * 1024 * 1024


async def test_a_server_silent_in_the_handshake_is_told_from_a_port_nobody_accepts_on() -> None:
    async with listening(says_nothing) as server:
        address = ServerAddress("https", "127.0.0.1", server.port)
        error = await trouble_of(address, timeout=SHORT)
    assert type(error) is TimedOut
    assert error.sentence.startswith(f"TLS: 127.0.0.1:{server.port} does not answer the handshake")
    assert error.remedy


@pytest.mark.parametrize(
    "failure", [zlib.error("x"), httpx.DecodingError("x"), HandshakeTimeout("x")]
)
def test_what_is_damaged_or_silent_comes_with_what_to_do(failure: Exception) -> None:
    assert explained(failure, ServerAddress("https", "em01"), 1).remedy


EMPTY_BLOCK = b"\x00\x00\x00\xff\xff"


@pytest.mark.parametrize(
    ("first", "on_and_on", "expected"),
    [
        (gzip.compress(b"{}"), b"x" * 0x8000, UnreadableAnswer),
        (gzip.compress(b"{}"), gzip.compress(b"{}"), UnreadableAnswer),
        (gzip.compress(b"")[:10], EMPTY_BLOCK * 0x2000, AnswerTooLarge),
    ],
    ids=["junk", "more members", "empty blocks"],
)
async def test_compressed_data_that_never_ends_is_dropped(
    first: bytes, on_and_on: bytes, expected: type[Exception]
) -> None:
    head = OK + b"Content-Encoding: gzip\r\n\r\n"
    async with listening(never_ends(head + first, on_and_on)) as server:
        error = await trouble_of(server.address, max_body=1024 * 1024, deadline=10.0)
    assert type(error) is expected


async def test_a_compressed_answer_is_read() -> None:
    answer = http(200, gzip.compress(session_body()), Content_Encoding="gzip")
    async with serving(proper(answer)) as server, client_to(server) as client:
        assert (await client.failover_session(bodies.SESSION_ID)).session.name == "Harbour plan"
    assert server.requests[0].headers["accept-encoding"] == "gzip"


async def test_plain_http_where_tls_was_expected() -> None:
    async with listening(sends(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as server:
        error = await trouble_of(ServerAddress("https", "127.0.0.1", server.port))
    assert type(error) is TlsTrouble
    assert "does not speak TLS" in error.sentence
    assert f"write that out: http://127.0.0.1:{server.port}; the password then" in error.full_text
    assert "failover-monitor simulate speaks it unless started with --tls." in error.full_text


async def test_the_simulator_without_tls_says_so_to_who_expects_it() -> None:
    with serve(build_service()) as serving:
        error = await trouble_of(ServerAddress("https", "127.0.0.1", serving.port))
    assert type(error) is TlsTrouble
    assert f"write that out: http://127.0.0.1:{serving.port};" in error.full_text


@pytest.mark.parametrize(
    ("host", "port", "says", "not_says"),
    [
        ("em01", 9398, "write that out: http://em01:9398;", "simulate"),
        ("em01", 9399, "old port for plain http", "simulate"),
        ("::1", 9000, "http://[::1]:9000; the password then travels unencrypted.", "usually"),
    ],
)
def test_how_plain_http_is_written_for_that_server(
    host: str, port: int, says: str, not_says: str
) -> None:
    failure = ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong version number")
    failure.reason = "WRONG_VERSION_NUMBER"
    error = explained(failure, ServerAddress("https", host, port), 10.0)
    assert says in error.full_text
    assert not_says not in error.full_text


@pytest.mark.parametrize("alert", [b"\x15\x03\x01\x00\x02\x02\x28", b""])
async def test_tls_where_plain_http_was_written_out(alert: bytes) -> None:
    async with listening(sends(alert)) as server:
        error = await trouble_of(ServerAddress("http", "127.0.0.1", server.port))
    assert isinstance(error, ConnectionLost | NotEnterpriseManager)
    assert "https://" in error.full_text


async def test_a_handshake_that_is_cut_off() -> None:
    async with listening(sends(b"")) as server:
        error = await trouble_of(ServerAddress("https", "127.0.0.1", server.port))
    assert type(error) is ConnectionLost


@pytest.mark.parametrize("alert", [b"\x28", b"\x46"], ids=["handshake failure", "version"])
async def test_no_tls_version_in_common(alert: bytes) -> None:
    async with listening(sends(b"\x15\x03\x03\x00\x02\x02" + alert)) as server:
        error = await trouble_of(ServerAddress("https", "127.0.0.1", server.port))
    assert type(error) is TlsTrouble
    assert "no TLS version or cipher" in error.sentence


async def test_a_connection_closed_while_idle_is_replaced_unseen() -> None:
    """The server closes just when the next request arrives, as HTTP servers do."""

    async def closing_second(request: Received) -> bytes:
        if request.method == "POST":
            return logged_on()
        return b"" if server.connections == 1 else http(200, session_body())

    async with serving(closing_second) as server, client_to(server) as client:
        await client.log_on()
        reading = await client.failover_session(bodies.SESSION_ID)
        assert reading.session.tasks
    assert server.connections >= 2


async def test_a_new_connection_that_is_closed_is_not_retried() -> None:
    async with serving(lambda _: b"") as server:
        await trouble_of(server.address)
    assert len(server.requests) == 1


async def test_connections_are_kept_between_polls() -> None:
    async with serving(proper(http(200, session_body()))) as server, client_to(server) as client:
        for _ in range(5):
            await client.failover_session(bodies.SESSION_ID)
    assert server.connections == 1


async def test_recovery_after_an_outage_needs_nobody() -> None:
    async with serving(proper(http(200, session_body()))) as server:
        address, port = server.address, server.port
        client = EnterpriseManager(address, CREDENTIALS)
        await client.failover_session(bodies.SESSION_ID)
    with pytest.raises(ConnectionTrouble):
        await client.failover_session(bodies.SESSION_ID)
    async with serving(proper(http(200, session_body())), port=port):
        reading = await client.failover_session(bodies.SESSION_ID)
        assert reading.session.tasks
        await client.aclose()


async def test_a_cancelled_poll_leaves_a_working_client() -> None:
    arrived = asyncio.Event()
    hold = [True]

    async def first_hangs(_: Received) -> bytes:
        if hold[0]:
            arrived.set()
            await asyncio.Event().wait()
        return http(200, session_body())

    async with serving(proper(first_hangs)) as server, client_to(server) as client:
        poll = asyncio.create_task(client.failover_session(bodies.SESSION_ID))
        await arrived.wait()
        poll.cancel()
        with pytest.raises(asyncio.CancelledError):
            await poll
        hold[0] = False
        assert (await client.failover_session(bodies.SESSION_ID)).session.tasks
