"""Causes that are known are told, not guessed: on real sockets, with real handshakes."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.support import bodies
from tests.support.certificates import DAY, NOW, issue, named
from tests.support.exchanges import AUTH, transport_to, trouble_of
from tests.support.fake_server import (
    Received,
    client_to,
    http,
    logged_on,
    proper,
    serving,
    session_body,
)
from tests.support.listening import free_port
from tui.enterprise_manager.address import ServerAddress, parse_server
from tui.enterprise_manager.certificate import describe
from tui.enterprise_manager.known_servers import KnownServers
from tui.enterprise_manager.transport import Transport
from tui.enterprise_manager.trust import ServerTrust
from tui.errors import ConnectionLost, FailoverMonitorError, TlsTrouble, Unreachable


@contextmanager
def alerting(context: ssl.SSLContext) -> Iterator[int]:
    """A server that sends its alerts before it closes, as asyncio's does not."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                accepted = listening.accept()[0]
            except OSError:
                return
            with accepted, suppress(OSError):
                accepted.settimeout(5)
                secure = context.wrap_socket(
                    accepted, server_side=True, do_handshake_on_connect=False
                )
                with secure:
                    with suppress(ssl.SSLError):
                        secure.do_handshake()
                    # Or what is unread would have the kernel take the alert back.
                    while socket.socket.recv(secure, 1000):
                        pass

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(5)


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
async def test_a_server_that_wants_a_client_certificate(
    tmp_path: Path, version: ssl.TLSVersion
) -> None:
    own = issue(named("em01"))
    context = own.context(tmp_path)
    context.maximum_version = version
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(cadata=own.pem)
    with alerting(context) as port:
        address = ServerAddress("https", "127.0.0.1", port)
        transport = Transport(address, ServerTrust(fingerprint=own.fingerprint))
        with pytest.raises(FailoverMonitorError) as caught:
            await transport.send("GET", "/api/", AUTH)
        await transport.aclose()
    assert "client certificate" in caught.value.full_text
    assert "TLS 1.2" not in caught.value.full_text


async def test_no_cipher_in_common_is_no_wish_for_a_certificate(tmp_path: Path) -> None:
    own = issue(named("em01"))
    context = own.context(tmp_path)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("AES128-SHA")
    with alerting(context) as port:
        error = await trouble_of(ServerAddress("https", "127.0.0.1", port))
    assert "share no TLS version or cipher" in error.sentence


@pytest.mark.parametrize("host", ["fe80::1", "fe80::dead:beef"])
async def test_an_address_of_one_network_without_saying_which(host: str) -> None:
    error = await trouble_of(ServerAddress("https", host))
    assert type(error) is Unreachable
    assert "of one network only" in error.sentence
    assert f"[{host}%eth0]" in error.full_text


def test_a_zone_can_be_written() -> None:
    for text in ("fe80::1%lo", "[fe80::1%lo]:9398", "https://[fe80::1%lo]:9398/api"):
        assert parse_server(text) == ServerAddress("https", "fe80::1%lo")


async def test_an_address_with_a_zone_is_tried() -> None:
    error = await trouble_of(ServerAddress("https", "fe80::1%lo", free_port()))
    assert "ConnectError" not in error.full_text
    assert "possible host name" not in error.full_text
    assert "of one network only" not in error.full_text


async def test_after_an_answer_nobody_is_sent_to_https() -> None:
    """It answers a 401, and then hangs up: the scheme is right, as it has answered."""

    async def closing(_request: Received) -> bytes:
        return http(401, b"{}") if len(server.requests) == 1 else b""

    async with serving(closing) as server:
        transport = transport_to(server.address)
        assert (await transport.send("GET", "/api/", AUTH)).status == 401
        with pytest.raises(FailoverMonitorError) as caught:
            await transport.send("GET", "/api/", AUTH)
        await transport.aclose()
    assert type(caught.value) is ConnectionLost
    assert "https://" not in caught.value.full_text


async def test_a_logon_is_renewed_though_the_connection_is_closed_after_a_401() -> None:
    given: list[str] = []

    async def hanging_up(request: Received) -> bytes:
        if request.method != "GET":
            closed = server.connections == 1 and "401" in given
            given.append("closed" if closed else request.method)
            return b"" if closed else logged_on()
        expired = "401" not in given and given.count("POST") == 1
        given.append("401" if expired else "200")
        return http(401, b"{}") if expired else http(200, session_body())

    async with serving(hanging_up) as server, client_to(server) as client:
        await client.log_on()
        reading = await client.failover_session(bodies.SESSION_ID)
        assert reading.session.tasks
        assert given == ["POST", "401", "closed", "POST", "200"]


def weak(folder: Path) -> tuple[ssl.SSLContext, str]:
    """A self-signed certificate with an RSA key of 1,024 bits, as old servers have it."""
    key = rsa.generate_private_key(65537, 1024)
    name = named("em01")
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - DAY)
        .not_valid_after(NOW + DAY)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path = folder / "weak.pem"
    path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.load_cert_chain(path)
    return context, certificate.fingerprint(hashes.SHA256()).hex()


async def test_what_could_not_be_used_anyway_is_not_offered_for_trust(tmp_path: Path) -> None:
    context, fingerprint = weak(tmp_path)
    async with serving(proper(http(200, b"{}")), context=context) as server:
        error = await trouble_of(server.address)
        assert type(error) is TlsTrouble, "nobody is asked to compare fingerprints in vain"
        assert "cannot be used, whoever trusts it" in error.sentence
        assert "too" in error.sentence
        transport = Transport(server.address, ServerTrust(fingerprint=fingerprint))
        with pytest.raises(TlsTrouble) as caught:
            await transport.send("GET", "/api/", AUTH)
        await transport.aclose()
        assert "cannot be used, whoever trusts it" in caught.value.sentence
    assert server.requests == []


async def test_two_servers_behind_one_address_are_told_from_a_changed_one(tmp_path: Path) -> None:
    own, other = issue(named("em01")), issue(named("em02"))
    first, second = own.context(tmp_path), other.context(tmp_path)
    shown = [first, second]
    front = first

    def alternate(_socket: object, _name: object, _context: object) -> None:
        chosen = shown.pop(0)
        shown.append(chosen)
        _socket.context = chosen  # type: ignore[attr-defined]

    front.sni_callback = alternate
    known = KnownServers(tmp_path / "known")
    async with serving(proper(http(200, b"{}")), context=front) as server:
        address = ServerAddress("https", "localhost", server.port)
        described = describe(other.der, address)
        known.add(described)
        transport = Transport(address, ServerTrust(known_servers=known))
        with pytest.raises(TlsTrouble) as caught:
            await transport.send("GET", "/api/", AUTH)
        await transport.aclose()
    assert "More than one server answers" in caught.value.sentence
    assert "cannot be used" not in caught.value.sentence
    assert server.requests == []
