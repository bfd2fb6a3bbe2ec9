from __future__ import annotations

import datetime
import http.client
import json
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.support.asking import basic
from tests.support.simulated import SimulatedServer, SteppedClock, build_service, serve
from tui.simulator.exchange import Response
from tui.simulator.server import Serving, run_forever

LOGON = "/api/sessionMngr/?v=latest"


@pytest.fixture
def service(clock: SteppedClock) -> SimulatedServer:
    return build_service("failures", clock=clock)


@pytest.fixture
def serving(service: SimulatedServer) -> Iterator[Serving]:
    with serve(service) as serving:
        yield serving


@pytest.fixture
def connection(serving: Serving) -> Iterator[http.client.HTTPConnection]:
    connection = http.client.HTTPConnection(serving.host, serving.port, timeout=10)
    yield connection
    connection.close()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "em01.cloud.example")])
    begin = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(begin)
        .not_valid_after(begin + datetime.timedelta(days=36500))
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path


def test_one_connection_serves_a_whole_visit(
    connection: http.client.HTTPConnection, service: SimulatedServer
) -> None:
    connection.request(
        "POST", LOGON, headers={"Authorization": basic(), "Accept": "application/json"}
    )
    first = connection.sock
    logon = connection.getresponse()
    session_id = json.loads(logon.read())["SessionId"]
    headers = {"X-RestSvcSessionId": logon.headers["X-RestSvcSessionId"]}
    connection.request("GET", "/api/query?type=CloudFailoverSession", headers=headers)
    answer = connection.getresponse()
    assert answer.status == 200
    assert len(answer.read()) == int(answer.headers["Content-Length"])
    assert answer.headers["Server"] == "Microsoft-HTTPAPI/2.0"
    assert answer.headers.get_all("Date") == ["Sat, 14 Mar 2026 13:50:00 GMT"]
    connection.request("DELETE", f"/api/logonSessions/{session_id}", headers=headers)
    ended = connection.getresponse()
    assert (ended.status, ended.read()) == (204, b"")
    assert connection.sock is first
    assert (service.open_logons, service.writes) == (0, 0)


def test_an_unknown_method_is_for_the_service_to_judge(
    connection: http.client.HTTPConnection, service: SimulatedServer
) -> None:
    connection.request("PATCH", "/api/cloud", body=b"<x/>")
    response = connection.getresponse()
    assert response.status == 405
    response.read()
    assert service.writes == 1


def test_what_is_no_http_ends_the_connection_quietly(
    serving: Serving, capfd: pytest.CaptureFixture[str]
) -> None:
    with socket.create_connection((serving.host, serving.port), timeout=10) as raw:
        raw.sendall(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n")
        while raw.recv(4096):
            pass
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("rest", [b"", b"\r\n\r\n", b"x" * 5000])
def test_a_tls_greeting_on_a_port_for_plain_http_is_refused_at_once(
    serving: Serving, rest: bytes
) -> None:
    """Not when the connection has been idle for too long: a person waits for the answer."""
    with socket.create_connection((serving.host, serving.port), timeout=10) as raw:
        raw.sendall(b"\x16\x03\x01\x02\x00\x01" + rest)
        said = b""
        while piece := raw.recv(4096):
            said += piece
    assert said.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert b"Connection: close" in said


def test_over_tls_with_the_certificate_given(service: SimulatedServer, certificate: Path) -> None:
    trust = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trust.check_hostname = False
    trust.load_verify_locations(certificate)
    with serve(service, cert=certificate) as serving:
        assert serving.url == f"https://127.0.0.1:{serving.port}"
        connection = http.client.HTTPSConnection(
            serving.host, serving.port, context=trust, timeout=10
        )
        connection.request("GET", "/api/")
        assert connection.getresponse().read().startswith(b"<?xml")
        # It stays open: leaving the context has to close it.
        assert connection.sock is not None
    assert connection.sock.recv(1) == b""
    connection.close()


def test_a_silent_handshake_holds_up_nobody(service: SimulatedServer, certificate: Path) -> None:
    trust = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trust.check_hostname = False
    trust.load_verify_locations(certificate)
    with serve(service, cert=certificate) as serving:
        address = (serving.host, serving.port)
        with socket.create_connection(address, timeout=10):
            connection = http.client.HTTPSConnection(*address, context=trust, timeout=10)
            connection.request("GET", "/api/")
            assert connection.getresponse().status == 200
            connection.close()


def test_leaving_ends_open_connections_and_threads(service: SimulatedServer) -> None:
    before = set(threading.enumerate())
    with serve(service) as serving:
        idle = socket.create_connection((serving.host, serving.port), timeout=10)
        idle.sendall(b"GET /api/ HTTP/1.1\r\nHost: x\r\n\r\n")
        assert idle.recv(12) == b"HTTP/1.1 200"
    while idle.recv(65536):
        pass
    idle.close()
    assert set(threading.enumerate()) <= before
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((serving.host, serving.port), timeout=10)


def test_an_address_that_is_taken_is_said(service: SimulatedServer, serving: Serving) -> None:
    with pytest.raises(OSError, match="in use"), serve(service, port=serving.port):
        pass


def test_an_answer_may_be_cut_off(
    service: SimulatedServer, connection: http.client.HTTPConnection
) -> None:
    service.fault = lambda _: Response(200, {"Content-Length": "100"}, b"<cut", close=True)
    connection.request("GET", "/cut")
    with pytest.raises(http.client.IncompleteRead) as caught:
        connection.getresponse().read()
    assert caught.value.partial == b"<cut"


def test_many_at_once(serving: Serving, service: SimulatedServer) -> None:
    statuses: list[int] = []

    def visit() -> None:
        connection = http.client.HTTPConnection(serving.host, serving.port, timeout=10)
        for _ in range(20):
            connection.request("GET", "/api/")
            response = connection.getresponse()
            response.read()
            statuses.append(response.status)
        connection.close()

    visitors = [threading.Thread(target=visit) for _ in range(8)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    assert statuses == [200] * 160
    assert len(service.log) == 160


def test_running_until_interrupted(service: SimulatedServer) -> None:
    told: list[str] = []

    def ready(serving: Serving) -> None:
        told.append(serving.url)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_forever(service, "127.0.0.1", 0, ready=ready)
    parts = urlsplit(told[0])
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((parts.hostname or "", parts.port or 0), timeout=10)
