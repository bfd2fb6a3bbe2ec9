from __future__ import annotations

import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
import pytest

from tests.unit.cli.conftest import Outcome
from tui.cli import simulation

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
