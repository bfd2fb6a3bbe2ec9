from __future__ import annotations

import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from tests.unit.cli.conftest import Outcome
from tui import __version__
from tui.enterprise_manager.known_servers import KnownServer, KnownServers
from tui.errors import ServerCertificate

Run = Callable[..., Outcome]


def pem() -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "em01")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 7, now, now + timedelta(1))
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM).decode()


@pytest.fixture
def known(home: Path) -> KnownServers:
    return KnownServers(home / "state" / "failover-monitor" / "known_servers")


def accept(known: KnownServers, host: str, port: int, subject: str) -> KnownServer:
    import hashlib

    text = pem()
    now = datetime.now(UTC)
    fingerprint = hashlib.sha256(ssl.PEM_cert_to_DER_cert(text)).hexdigest()
    return known.add(ServerCertificate(host, port, subject, subject, now, now, fingerprint, text))


def test_list_and_remove(run: Run, known: KnownServers) -> None:
    first = accept(known, "em01", 9398, "CN=em01")
    second = accept(known, "em02", 9999, "CN=\x1b[2Jem02")
    shown = run("trust", "list")
    assert shown.code == 0
    assert shown.out.splitlines() == [
        f"em01:9398\t{first.fingerprint}\tCN=em01",
        f"em02:9999\t{second.fingerprint}\tCN=�[2Jem02",
    ]
    assert run("trust", "remove", "em01").code == 0
    assert [server.label for server in known.entries()] == ["em02:9999"]


def test_removing_what_is_not_known(run: Run) -> None:
    shown = run("trust", "remove", "em01")
    assert shown.code == 2
    assert "No certificate of em01 was accepted." in shown.err
    assert run("trust", "remove", "a b").err.startswith("failover-monitor: SERVER: ")


def test_an_empty_list_says_so_beside_the_data(run: Run) -> None:
    shown = run("trust", "list")
    assert (shown.code, shown.out) == (0, "")
    assert "No certificate" in shown.err


def test_a_damaged_file_is_a_sentence(run: Run, known: KnownServers) -> None:
    known.path.parent.mkdir(parents=True)
    known.path.write_text("{")
    shown = run("trust", "list")
    assert shown.code == 2
    assert "known_servers" in shown.err
    assert "Traceback" not in shown.err


def test_info_has_what_a_bug_report_needs(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("TMUX", "/tmp/tmux-0/default,1,0")
    monkeypatch.setenv("SSH_CONNECTION", "10.0.0.1 1 10.0.0.2 22")
    monkeypatch.setenv("LANG", "\x1b[2J")
    monkeypatch.setenv("HTTPS_PROXY", "http://u:hunter2@proxy:1")
    monkeypatch.setenv("FAILOVER_MONITOR_PASSWORD", "hunter2")
    shown = run("info")
    assert shown.code == 0
    values = dict(line.split(":", 1) for line in shown.out.splitlines())
    assert values["failover-monitor"].strip() == __version__
    for name in ("python", "textual", "httpx", "pydantic", "openssl", "encoding", "size"):
        assert values[name].strip() not in ("", "not installed")
    assert values["TERM"].strip() == "xterm-256color"
    assert values["inside"].strip() == "tmux, ssh"
    assert values["HTTPS_PROXY"].strip() == "set"
    assert str(home) in values["settings file"]
    assert "hunter2" not in shown.out
    assert "10.0.0.1" not in shown.out
    assert "\x1b" not in shown.out
