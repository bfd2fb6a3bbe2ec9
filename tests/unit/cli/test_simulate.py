from __future__ import annotations

import hashlib
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import cast

import httpx
import pytest

from tests.unit.cli.conftest import Outcome
from tui.cli import simulation
from tui.enterprise_manager.address import parse_server
from tui.fingerprints import parse_fingerprint
from tui.simulator.server import Serving

Run = Callable[..., Outcome]


@contextmanager
def simulate(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tui", "simulate", "--port", "0", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    try:
        said = dict(process.stdout.readline().strip().split(": ", 1) for _ in range(3))
        yield process, said
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        process.stdout.close()


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_serves_what_it_printed_until_it_is_stopped(stop: signal.Signals) -> None:
    with simulate("--scenario", "clean", "--api", "v13") as (process, said):
        assert said["URL"].startswith("http://127.0.0.1:")
        with httpx.Client(base_url=said["URL"], trust_env=False) as client:
            assert client.get("/api/").status_code == 200
            refused = client.post("/api/sessionMngr/?v=latest", auth=(said["User"], "wrong"))
            assert refused.status_code == 401
            logon = (said["User"], said["Password"])
            assert client.post("/api/sessionMngr/?v=latest", auth=logon).status_code == 201
        process.send_signal(stop)
        assert process.wait(10) == 0


def test_a_port_that_is_taken_is_a_sentence(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        shown = run("simulate", "--port", str(port))
    assert shown.code == 2
    assert f"cannot listen on 127.0.0.1, port {port}: Address already in use." in shown.err


def test_tls_makes_a_certificate_and_prints_what_the_question_shows() -> None:
    with simulate("--tls") as (process, said):
        assert process.stdout is not None
        name, fingerprint = process.stdout.readline().strip().split(": ", 1)
        address = parse_server(said["URL"])
        assert name == "SHA-256"
        assert said["URL"].startswith("https://127.0.0.1:")
        shown = ssl.get_server_certificate((address.host, address.port))
        der = ssl.PEM_cert_to_DER_cert(shown)
        assert parse_fingerprint(fingerprint) == hashlib.sha256(der).hexdigest()


def test_tls_is_made_or_given(run: Run) -> None:
    shown = run("simulate", "--tls", "--tls-cert", __file__, "--tls-key", __file__)
    assert shown.code == 2
    assert "leave --tls-cert and --tls-key out" in shown.err


def test_where_nothing_makes_a_certificate_it_is_said(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.simulator.self_signed.find_spec", lambda _: None)
    monkeypatch.setattr("shutil.which", lambda _: None)
    shown = run("simulate", "--tls", "--port", "0")
    assert shown.code == 2
    assert "install the openssl program" in shown.err


@pytest.mark.parametrize(
    ("fingerprint", "address"), [(None, "http://127.0.0.1:9400"), ("ab" * 32, "127.0.0.1:9400")]
)
def test_it_says_what_to_type_in_another_terminal(
    capsys: pytest.CaptureFixture[str], fingerprint: str | None, address: str
) -> None:
    class Running:
        url = f"{'http' if fingerprint is None else 'https'}://127.0.0.1:9400"

    simulation._announce(cast(Serving, Running()), fingerprint=fingerprint)
    said = capsys.readouterr()
    assert f"failover-monitor --server {address} --user demo\n" in said.err
    assert ("trust remove 127.0.0.1:9400 forgets" in said.err) == (fingerprint is not None)
    assert len(said.out.splitlines()) == (3 if fingerprint is None else 4)


def test_certificate_and_key_belong_together(run: Run) -> None:
    shown = run("simulate", "--tls-cert", __file__)
    assert shown.code == 2
    assert "belong together" in shown.err
    shown = run("simulate", "--tls-cert", __file__, "--tls-key", __file__)
    assert shown.code == 2
    assert "the certificate and its key cannot be used" in shown.err


@pytest.mark.parametrize(
    ("host", "secure", "says"),
    [
        ("0.0.0.0", False, "reads what is sent, since it is plain http"),
        ("0.0.0.0", True, "Whoever reaches 0.0.0.0 can log on here"),
        ("::", True, "127.0.0.1 keeps it to this computer"),
        ("127.0.0.1", False, ""),
        ("::1", False, ""),
        ("localhost", False, ""),
    ],
)
def test_a_simulator_that_others_reach_is_warned_of(
    capsys: pytest.CaptureFixture[str], host: str, secure: bool, says: str
) -> None:
    simulation._warn(host, secure=secure)
    said = capsys.readouterr()
    assert said.out == ""
    assert says in said.err
    assert bool(said.err) == bool(says)
    assert ("plain http" in said.err) == (bool(says) and not secure)
