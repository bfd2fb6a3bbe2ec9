"""The connection that is kept: the same answers as through httpx, and nothing sent twice."""

from __future__ import annotations

import asyncio
import gzip
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import bodies
from tests.support.certificates import issue, named
from tests.support.exchanges import AUTH, transport_to
from tests.support.fake_server import (
    CREDENTIALS,
    Received,
    http,
    proper,
    serving,
    session_body,
)
from tests.support.listening import Listener, says_nothing
from tui.enterprise_manager.client import EnterpriseManager
from tui.enterprise_manager.transport import Answer, Transport
from tui.enterprise_manager.trust import ServerTrust
from tui.errors import (
    ConnectionLost,
    FailoverMonitorError,
    TimedOut,
)

OK = http(200, b"{}")


@pytest.fixture(autouse=True)
def sent_by_httpx(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths that httpx sent, not the kept connection."""
    sent: list[str] = []
    send = httpx.AsyncClient.send

    async def noted(
        self: httpx.AsyncClient, request: httpx.Request, **more: object
    ) -> httpx.Response:
        sent.append(request.url.path)
        return await send(self, request, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(httpx.AsyncClient, "send", noted)
    return sent


@dataclass(frozen=True)
class Reply:
    """What one request is sent back, in pieces; then the connection may be closed."""

    parts: tuple[bytes, ...]
    closes: bool = False


class Replying(Listener):
    """One reply to one request after another, the last again and again; None is silence."""

    def __init__(self, *replies: Reply | None) -> None:
        super().__init__(self._talk)
        self.requests: list[bytes] = []
        self._left = list(replies)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            self.requests.append(await reader.readuntil(b"\r\n\r\n"))
            reply = self._left.pop(0) if len(self._left) > 1 else self._left[0]
            if reply is None:
                await says_nothing(reader, writer)
                return
            for part in reply.parts:
                writer.write(part)
                await writer.drain()
                await asyncio.sleep(0)
            if reply.closes:
                return


@asynccontextmanager
async def replying(*replies: Reply | None) -> AsyncIterator[Replying]:
    server = Replying(*replies)
    await server.open()
    try:
        yield server
    finally:
        await server.shut()


async def asked(transport: Transport, path: str = "/api/x") -> Answer | type[FailoverMonitorError]:
    """The answer, or the kind of trouble."""
    try:
        return await transport.send("GET", path, AUTH)
    except FailoverMonitorError as trouble:
        return type(trouble)


def plain(body: bytes, status: int = 200, **headers: str) -> Reply:
    return Reply((http(status, body, **headers),))


async def test_one_request_after_another_goes_over_it(sent_by_httpx: list[str]) -> None:
    async with replying(plain(b"{}", Date="today")) as server:
        transport = transport_to(server.address)
        answers = [await asked(transport, f"/api/{number}") for number in range(4)]
        await transport.send("POST", "/api/post", AUTH)
        await transport.send("DELETE", "/api/delete", AUTH)
        await transport.aclose()
    assert answers == [Answer(200, b"{}", date="today")] * 4
    assert sent_by_httpx == ["/api/0"]
    assert server.connections == 1
    first, second, *_, posted, deleted = server.requests
    assert second == first.replace(b"/api/0", b"/api/1")
    assert deleted == first.replace(b"GET /api/0", b"DELETE /api/delete")
    assert posted.startswith(b"POST /api/post ")
    assert b"\r\nContent-Length: 0\r\n" in posted


async def test_a_request_makes_no_task_and_wakes_once(monkeypatch: pytest.MonkeyPatch) -> None:
    counts: Counter[str] = Counter()
    async with replying(plain(b"{}")) as server:
        transport = transport_to(server.address)
        await asked(transport)
        loop, own = asyncio.get_running_loop(), asyncio.current_task()
        set_timer, soon, made = loop.call_at, loop.call_soon, loop.create_task

        def timing(*arguments: Any, **named_: Any) -> Any:
            counts["timers"] += 1
            return set_timer(*arguments, **named_)

        def waking(callback: Any, *arguments: Any, **named_: Any) -> Any:
            counts["woken"] += getattr(callback, "__self__", None) is own
            return soon(callback, *arguments, **named_)

        def making(*arguments: Any, **named_: Any) -> Any:
            counts["tasks"] += 1
            return made(*arguments, **named_)

        with monkeypatch.context() as patch:
            patch.setattr(loop, "call_at", timing)
            patch.setattr(loop, "call_soon", waking)
            patch.setattr(loop, "create_task", making)
            for _ in range(10):
                await asked(transport)
        await transport.aclose()
    # The whole exchange's time, and that of the one read that has to wait.
    assert counts == Counter(timers=20, woken=10)


async def test_the_client_logs_off_over_it(sent_by_httpx: list[str]) -> None:
    async with serving(proper(http(200, session_body()))) as server:
        client = EnterpriseManager(server.address, CREDENTIALS)
        for _ in range(3):
            assert (await client.failover_session(bodies.SESSION_ID)).session.tasks
        await client.aclose()
    assert len(sent_by_httpx) == 1
    assert server.connections == 1
    assert server.requests[-1].method == "DELETE"


async def test_who_finds_it_busy_goes_another_way(sent_by_httpx: list[str]) -> None:
    going, arrived = asyncio.Event(), asyncio.Event()

    async def slowly(request: Received) -> bytes:
        if request.path == "/api/slow":
            arrived.set()
            await going.wait()
        return http(200, request.path.encode())

    async with serving(slowly) as server:
        transport = transport_to(server.address)
        await asked(transport, "/api/first")
        slow = asyncio.create_task(asked(transport, "/api/slow"))
        await arrived.wait()
        others = await asyncio.gather(*(asked(transport, f"/api/{n}") for n in range(4)))
        going.set()
        assert await slow == Answer(200, b"/api/slow")
        assert others == [Answer(200, b"/api/%d" % n) for n in range(4)]
        assert await asked(transport, "/api/last") == Answer(200, b"/api/last")
        await transport.aclose()
    assert sent_by_httpx == ["/api/first", *(f"/api/{n}" for n in range(4))]


@pytest.mark.parametrize(
    "reply",
    [
        Reply((http(200, b"{}", Connection="close"),), closes=True),
        Reply((b"HTTP/1.1 200 OK\r\n\r\n{}",), closes=True),
        Reply((b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}",), closes=True),
    ],
    ids=["close", "until the end", "HTTP/1.0"],
)
async def test_what_cannot_be_used_again_is_not(reply: Reply) -> None:
    async with replying(reply) as server:
        transport = transport_to(server.address)
        answers = [await asked(transport) for _ in range(4)]
        await transport.aclose()
    assert answers == [Answer(200, b"{}")] * 4
    assert len(server.requests) == 4
    assert server.connections == 4


async def test_what_is_said_unasked_answers_no_request() -> None:
    more = Reply((OK + http(408, b"too late"),))
    async with replying(plain(b"{}"), more, plain(b"3")) as server:
        transport = transport_to(server.address)
        answers = [await asked(transport) for _ in range(3)]
        await transport.aclose()
    assert answers == [Answer(200, b"{}"), Answer(200, b"{}"), Answer(200, b"3")]
    assert server.connections == 2


async def test_a_connection_dropped_at_rest_is_seen_before_it_is_used() -> None:
    async with replying(plain(b"{}")) as server:
        transport = transport_to(server.address)
        await asked(transport)
        await server.hang_up()
        await asyncio.sleep(0)
        assert await asked(transport) == Answer(200, b"{}")
        await transport.aclose()
    assert len(server.requests) == 2


async def test_a_connection_dropped_when_used_is_asked_over_anew_once() -> None:
    dropped = Reply((), closes=True)
    async with replying(plain(b"1"), dropped, plain(b"2"), dropped, dropped, plain(b"3")) as server:
        transport = transport_to(server.address)
        answers = [await asked(transport) for _ in range(4)]
        await transport.aclose()
    assert answers == [Answer(200, b"1"), Answer(200, b"2"), ConnectionLost, Answer(200, b"3")]
    assert len(server.requests) == 6


async def test_one_that_rested_too_long_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    async with replying(plain(b"{}")) as server:
        transport = transport_to(server.address)
        await asked(transport)
        now = [0.0]
        monkeypatch.setattr("tui.enterprise_manager.kept_connection.time.monotonic", lambda: now[0])
        await asked(transport)
        now[0] = 90.0
        await asked(transport)
        assert server.connections == 1
        now[0] = 180.1
        await asked(transport)
        await transport.aclose()
    assert server.connections == 2


async def test_a_cancelled_request_leaves_no_half_read_answer_to_the_next() -> None:
    half = Reply((b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhal",))
    async with replying(plain(b"1"), half, plain(b"2")) as server:
        transport = transport_to(server.address)
        await asked(transport)
        asking = asyncio.create_task(asked(transport))
        for _ in iter(lambda: len(server.requests), 2):
            await asyncio.sleep(0)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        assert await asked(transport) == Answer(200, b"2")
        await transport.aclose()
    assert server.connections == 2


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (None, "took the request but did not answer in time"),
        (
            Reply((b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhal",)),
            "began its answer but did not finish it in time",
        ),
    ],
)
async def test_each_phase_ends_in_time(reply: Reply | None, words: str) -> None:
    async with replying(plain(b"1"), reply, plain(b"2")) as server:
        transport = transport_to(server.address, timeout=httpx.Timeout(5, read=0.05))
        await asked(transport)
        with pytest.raises(TimedOut, match=words):
            await transport.send("GET", "/api/x", AUTH)
        assert await asked(transport) == Answer(200, b"2")
        await transport.aclose()
    assert len(server.requests) == 3


async def test_over_tls_the_second_request_does_not_shake_hands_again(
    tmp_path: Path, sent_by_httpx: list[str]
) -> None:
    own = issue(named("em01"))
    async with serving(proper(OK), own.context(tmp_path)) as server:
        transport = Transport(server.address, ServerTrust(fingerprint=own.fingerprint))
        for _ in range(3):
            assert await asked(transport) == Answer(200, b"{}")
        connections = server.connections
        for _ in range(3):
            await asked(transport)
        assert server.connections == connections
        await transport.aclose()
    assert sent_by_httpx.count("/api/x") == 1


async def test_through_a_proxy_of_plain_http_every_request_names_the_server() -> None:
    async with replying(plain(b"{}")) as proxy:
        server = replace(proxy.address, host="em01.invalid", port=9399)
        transport = transport_to(server, proxy=f"http://127.0.0.1:{proxy.port}")
        for _ in range(3):
            assert await asked(transport) == Answer(200, b"{}")
        await transport.aclose()
    assert {sent.split()[1] for sent in proxy.requests} == {b"http://em01.invalid:9399/api/x"}
    assert len(proxy.requests) == 3


async def test_a_closed_transport_keeps_nothing_open() -> None:
    async with replying(plain(b"{}")) as server:
        transport = transport_to(server.address)
        for _ in range(2):
            await asked(transport)
        await transport.aclose()
        assert await asked(transport) == Answer(200, b"{}")
        await transport.aclose()
    assert server.connections == 2


# The same as through httpx ----------------------------------------------------------------------

NAMES = st.sampled_from(
    ["Date", "DATE", "Retry-After", "Location", "X-RestSvcSessionId", "Content-Encoding",
     "Connection", "X-Other", "Set-Cookie"]
)  # fmt: skip
VALUES = st.sampled_from(
    [b"today", b"", b"5", b"gzip", b"identity", b"br", b"keep-alive", b"close", b"a=b; Path=/",
     "\u00fc".encode(), b"\xfc", b"//[", b"/api/logonSessions/1"]
)  # fmt: skip
HEADERS = st.lists(st.tuples(NAMES, VALUES), max_size=5)
BODIES = st.one_of(
    st.binary(max_size=40),
    st.binary(max_size=40).map(gzip.compress),
    st.just(b"x" * 300_000),
)
STARTS = st.sampled_from(
    [b"HTTP/1.1 200 OK", b"HTTP/1.1 401 No", b"HTTP/1.1 500 ", b"HTTP/1.1 503", b"HTTP/1.0 200 OK",
     b"HTTP/1.1 204 No Content", b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK", b"SSH-2.0-x",
     b"HTTP/2 200 OK", b"HTTP/1.1 2000 OK"]
)  # fmt: skip


@st.composite
def replies(draw: st.DrawFn) -> Reply:
    """Answers right and wrong, whole and cut off, in pieces of any size."""
    body = draw(BODIES)
    framing = draw(st.sampled_from(["length", "length", "chunks", "end", "longer", "twice"]))
    lines = [draw(STARTS)]
    lines += [name.encode() + b": " + value for name, value in draw(HEADERS)]
    if framing in ("length", "twice"):
        lines += [b"Content-Length: %d" % len(body)] * (1 if framing == "length" else 2)
    elif framing == "longer":
        lines.append(b"Content-Length: %d" % (len(body) + 1))
    elif framing == "chunks":
        lines.append(b"Transfer-Encoding: chunked")
        size = draw(st.integers(1, 50_000))
        cut = [body[at : at + size] for at in range(0, len(body), size)]
        body = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in cut) + b"0\r\n\r\n"
    whole = b"\r\n".join(lines) + b"\r\n\r\n" + body
    cuts = sorted(draw(st.lists(st.integers(0, len(whole)), max_size=3)))
    parts = [whole[a:b] for a, b in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
    # What is not framed has to end; a cut off answer must not hang either.
    return Reply(
        tuple(filter(None, parts)), closes=framing in ("end", "longer") or draw(st.booleans())
    )


async def _both_ways(reply: Reply) -> None:
    async with replying(reply) as server:
        once = transport_to(server.address, max_body=200_000, timeout=httpx.Timeout(5, read=0.2))
        through_httpx = await asked(once)
        await once.aclose()
        asked_through_httpx = len(server.requests)
    async with replying(plain(b"first"), reply) as server:
        kept = transport_to(server.address, max_body=200_000, timeout=httpx.Timeout(5, read=0.2))
        assert await asked(kept) == Answer(200, b"first")
        answer = await asked(kept)
        await kept.aclose()
        assert answer == through_httpx
        # A failure on a connection from before is asked about anew, once.
        failed = not isinstance(answer, Answer)
        assert len(server.requests) - 1 - asked_through_httpx in ((0, 1) if failed else (0,))


@settings(max_examples=80, deadline=None)
@given(replies())
def test_each_answer_is_the_same_both_ways(reply: Reply) -> None:
    asyncio.run(_both_ways(reply))
