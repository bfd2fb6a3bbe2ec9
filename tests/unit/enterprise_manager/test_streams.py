"""Connections on the event loop's own transports, with what goes wrong on them."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpcore
import pytest

from tests.support.certificates import Issued, issue, named
from tests.support.listening import Behaviour, backlog_full, free_port, listening, says_nothing
from tui.enterprise_manager.event_socket import MOST_UNREAD
from tui.enterprise_manager.sockets import LoopBackend
from tui.enterprise_manager.streams import Stream


@pytest.fixture(scope="module")
def own() -> Issued:
    return issue(named("em01"))


@asynccontextmanager
async def connected(
    behaviour: Behaviour, context: ssl.SSLContext | None = None
) -> AsyncIterator[Stream]:
    async with listening(behaviour, context) as server:
        stream = await LoopBackend().connect_tcp("127.0.0.1", server.port, 5)
        assert isinstance(stream, Stream)
        try:
            yield stream
        finally:
            await stream.aclose()


def believing() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        for _ in iter(condition, True):
            await asyncio.sleep(0.001)


async def whole(stream: Stream) -> bytes:
    parts = []
    while part := await stream.read(70_000, 5):
        parts.append(part)
    return b"".join(parts)


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()


@pytest.mark.parametrize("secure", [False, True])
async def test_more_than_may_wait_comes_whole_and_no_more_than_that_is_held(
    secure: bool, own: Issued, tmp_path: Path
) -> None:
    data = bytes(range(256)) * (5 * MOST_UNREAD // 256)

    async def sending(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()

    async with connected(sending, own.context(tmp_path) if secure else None) as stream:
        if secure:
            stream = await stream.start_tls(believing(), "em01", 5)
        await until(lambda: not stream.line.transport.is_reading())
        assert await whole(stream) == data


async def test_reading_takes_no_more_than_asked_for() -> None:
    async def sending(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"abcdefgh")

    async with connected(sending) as stream:
        parts = [await stream.read(3, 5), await stream.read(3, 5), await stream.read(3, 5)]
        assert b"".join([*parts, await whole(stream)]) == b"abcdefgh"
        assert max(map(len, parts)) <= 3


@pytest.mark.parametrize("secure", [False, True])
async def test_a_read_and_a_handshake_end_in_time(
    secure: bool, own: Issued, tmp_path: Path
) -> None:
    async with connected(says_nothing, own.context(tmp_path) if secure else None) as stream:
        if secure:
            stream = await stream.start_tls(believing(), "em01", 5)
        with pytest.raises(httpcore.ReadTimeout):
            await stream.read(10, 0.02)
        assert stream.is_quiet
    async with connected(says_nothing) as stream:
        with pytest.raises(httpcore.ConnectTimeout):
            await stream.start_tls(believing(), "em01", 0.02)
        assert stream.line.transport.is_closing()


async def test_a_write_that_nobody_takes_ends_in_time() -> None:
    held = asyncio.Event()

    async def deaf(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.pause_reading()  # type: ignore[attr-defined]
        await held.wait()

    async with connected(deaf) as stream:
        with pytest.raises(httpcore.WriteTimeout):
            await stream.write(bytes(64 * 1024 * 1024), 0.1)
        held.set()


async def test_a_write_that_had_to_wait_goes_on() -> None:
    async with connected(echo) as stream:
        data = bytes(range(256)) * 40_000
        writing = asyncio.create_task(stream.write(data, 5))
        got = b""
        while len(got) < len(data):
            got += await stream.read(1_000_000, 5)
        await writing
    assert got == data


@pytest.mark.parametrize("secure", [False, True])
async def test_the_end_is_no_bytes_and_a_connection_that_was_dropped_is_not_quiet(
    secure: bool, own: Issued, tmp_path: Path
) -> None:
    async def ending(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(2)

    async with connected(ending, own.context(tmp_path) if secure else None) as stream:
        if secure:
            stream = await stream.start_tls(believing(), "em01", 5)
        assert stream.get_extra_info("is_readable") is False
        await stream.write(b"go", 5)
        await until(lambda: not stream.is_quiet)
        assert stream.get_extra_info("is_readable") is True
        assert await stream.read(10, 5) == b""
        assert await stream.read(10, 5) == b""


async def test_what_is_sent_unasked_is_seen_in_the_kernel_already() -> None:
    told = asyncio.Event()

    async def unasked(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 408 Request Timeout\r\n\r\n")
        told.set()
        await _reader.read()

    async with connected(unasked) as stream:
        stream.line.transport.pause_reading()  # the loop does not look, as when it is busy
        await told.wait()
        await until(lambda: not stream.is_quiet)


async def test_a_reset_is_an_error_behind_what_had_come() -> None:
    async def resetting(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"half")
        await reader.readexactly(2)
        linger = bytes([1, 0, 0, 0, 0, 0, 0, 0])
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)

    async with connected(resetting) as stream:
        await until(lambda: not stream.is_quiet)
        await stream.write(b"go", 5)
        await until(lambda: stream.line.ended)
        assert await stream.read(10, 5) == b"half"
        with pytest.raises(httpcore.ReadError):
            await stream.read(10, 5)
        with pytest.raises(httpcore.WriteError):
            await stream.write(b"more", 5)


async def test_what_is_closed_takes_nothing() -> None:
    async with connected(says_nothing) as stream:
        await stream.aclose()
        with pytest.raises(httpcore.WriteError):
            await stream.write(b"more", 5)
        assert not stream.is_quiet


async def test_a_half_closed_server_is_still_written_to() -> None:
    got = asyncio.Queue[bytes]()

    async def half(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write_eof()
        got.put_nowait(await reader.readexactly(4))

    async with connected(half) as stream:
        assert await stream.read(10, 5) == b""
        await stream.write(b"more", 5)
        assert await got.get() == b"more"


async def test_a_cancelled_read_leaves_the_rest_to_the_next() -> None:
    async with connected(echo) as stream:
        reading = asyncio.create_task(stream.read(10, 5))
        await asyncio.sleep(0)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        await stream.write(b"hello", 5)
        assert await stream.read(10, 5) == b"hello"


async def test_a_cancelled_handshake_closes_the_connection() -> None:
    async with connected(says_nothing) as stream:
        shaking = asyncio.create_task(stream.start_tls(believing(), "em01", 5))
        await asyncio.sleep(0)
        shaking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await shaking
        assert stream.line.transport.is_closing()


async def test_tls_within_tls_as_to_a_proxy_over_https(own: Issued, tmp_path: Path) -> None:
    inner = own.context(tmp_path)

    async def twice(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        server = inner.wrap_bio(incoming, outgoing, server_side=True)
        heard = b""
        while heard != b"ping":
            try:
                server.do_handshake()
                heard = server.read(4)
                server.write(b"pong")
            except ssl.SSLWantReadError:
                writer.write(outgoing.read())
                incoming.write(await reader.read(65536))
        writer.write(outgoing.read())
        await reader.read()

    async with connected(twice, own.context(tmp_path)) as stream:
        outer = await stream.start_tls(believing(), "proxy", 5)
        within = await outer.start_tls(believing(), "em01", 5)
        await within.write(b"ping", 5)
        assert await within.read(10, 5) == b"pong"
        assert within.get_extra_info("ssl_object").getpeercert(binary_form=True) == own.der


async def test_what_was_taken_is_closed_to_who_had_it_and_open_to_who_has_it(
    own: Issued, tmp_path: Path
) -> None:
    async with connected(echo, own.context(tmp_path)) as stream:
        before = await stream.start_tls(believing(), "em01", 5)
        taken = before.take()
        assert before.get_extra_info("is_readable") is True
        with pytest.raises(httpcore.WriteError):
            await before.write(b"x", 5)
        with pytest.raises(httpcore.ReadError):
            await before.read(10, 5)
        await before.aclose()
        await taken.write(b"mine", 5)
        assert await taken.read(10, 5) == b"mine"
        assert taken.is_quiet


# Connecting --------------------------------------------------------------------------------------


def _named(monkeypatch: pytest.MonkeyPatch, *addresses: tuple[str, int]) -> None:
    """The name em01 has these addresses."""
    ask = socket.getaddrinfo

    def asked(host: str, *more: object, **named_: object) -> object:
        if host != "em01":
            return ask(host, *more, **named_)  # type: ignore[arg-type]
        if named_.get("flags"):
            raise socket.gaierror(socket.EAI_NONAME, "no number")
        return [
            (socket.AF_INET6 if ":" in where[0] else socket.AF_INET, socket.SOCK_STREAM, 6, "",
             (*where, 0, 0) if ":" in where[0] else where)
            for where in addresses
        ]  # fmt: skip

    monkeypatch.setattr(socket, "getaddrinfo", asked)


async def test_an_address_that_refuses_is_followed_by_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with listening(says_nothing) as server:
        refusing = ("::1", free_port()), ("127.0.0.1", free_port())
        _named(monkeypatch, *refusing, ("127.0.0.1", server.port))
        stream = await LoopBackend().connect_tcp("em01", server.port, 5)
        assert stream.get_extra_info("server_addr") == ("127.0.0.1", server.port)
        await stream.aclose()


async def test_an_address_that_is_silent_does_not_hold_up_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with listening(says_nothing) as server:
        with backlog_full() as silent:
            _named(monkeypatch, ("127.0.0.1", silent), ("127.0.0.1", server.port))
            stream = await LoopBackend().connect_tcp("em01", server.port, 5)
        assert stream.get_extra_info("server_addr") == ("127.0.0.1", server.port)
        await stream.aclose()


async def test_what_all_addresses_met_is_behind_the_error(monkeypatch: pytest.MonkeyPatch) -> None:
    _named(monkeypatch, ("127.0.0.1", free_port()), ("127.0.0.1", free_port()))
    with pytest.raises(httpcore.ConnectError) as caught:
        await LoopBackend().connect_tcp("em01", 9398, 5)
    group = caught.value.__cause__.__cause__ if caught.value.__cause__ else None
    assert isinstance(group, ExceptionGroup)
    assert {type(each) for each in group.exceptions} == {ConnectionRefusedError}


async def test_the_families_take_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []

    async def connecting(_loop: object, _socket: object, where: tuple[str, int]) -> None:
        tried.append(where[0])
        raise ConnectionRefusedError(111, "refused")

    six, four = [("::1", 1), ("::2", 1), ("::3", 1)], [("127.0.0.1", 1)]
    _named(monkeypatch, *six, *four)
    monkeypatch.setattr(type(asyncio.get_running_loop()), "sock_connect", connecting)
    with pytest.raises(httpcore.ConnectError):
        await LoopBackend().connect_tcp("em01", 1, 5)
    assert tried == ["::1", "127.0.0.1", "::2", "::3"]
