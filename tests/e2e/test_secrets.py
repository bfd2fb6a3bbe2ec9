"""The password and the logon session are found nowhere; a certificate is pinned once."""

from __future__ import annotations

import stat
from datetime import datetime
from pathlib import Path

import pytest

from tests.e2e.conftest import PASSWORD, SESSION_TITLE, USER, Start
from tests.support.certificates import SelfSigned, self_signed
from tests.support.secrets_seen import Secrets, told_by_proc
from tests.support.simulated import SimulatedServer, serve
from tests.support.terminal import Terminal
from tui.simulator.logons import Account, LogonSession
from tui.simulator.server import Serving


@pytest.fixture
def certificate(tmp_path_factory: pytest.TempPathFactory) -> SelfSigned:
    return self_signed(tmp_path_factory.mktemp("tls") / "first.pem", "em01.first.example")


@pytest.fixture
def other_certificate(tmp_path_factory: pytest.TempPathFactory) -> SelfSigned:
    return self_signed(tmp_path_factory.mktemp("tls") / "other.pem", "em01.other.example")


@pytest.fixture
def secrets(service: SimulatedServer, monkeypatch: pytest.MonkeyPatch) -> Secrets:
    """The password, and id and token of every logon session that the server ever gives."""
    secrets = Secrets.of_logon(USER, PASSWORD)
    begin = service._logons.begin

    def noting(user: str, account: Account, now: datetime) -> LogonSession:
        session = begin(user, account, now)
        secrets.note(session)
        return session

    monkeypatch.setattr(service._logons, "begin", noting)
    return secrets


def _accept(terminal: Terminal, certificate: SelfSigned) -> None:
    terminal.wait_for("UNKNOWN CERTIFICATE", "CN=em01.first.example", *certificate.grouped)
    terminal.wait_for("Subject", "Issuer", "Valid", "self-signed")
    terminal.wait_for("type yes and press Enter")
    terminal.keys("yes", "enter")


def _typed_logon(start: Start, serving: Serving, *arguments: str) -> Terminal:
    terminal = start("--server", serving.url, "--user", USER, *arguments)
    terminal.wait_for("Password", "Log on")
    terminal.keys(PASSWORD)
    terminal.wait_for("•" * len(PASSWORD))
    terminal.keys("enter")
    return terminal


def test_first_use_pins_and_a_change_is_refused(
    start: Start,
    service: SimulatedServer,
    certificate: SelfSigned,
    other_certificate: SelfSigned,
    tmp_path: Path,
) -> None:
    known = tmp_path / "state" / "failover-monitor" / "known_servers"
    with serve(service, cert=certificate.file) as serving:
        first = _typed_logon(start, serving)
        first.wait_for("UNKNOWN CERTIFICATE")
        assert not service.log
        assert not known.exists()
        _accept(first, certificate)
        first.wait_for("25 cloud failover sessions")
        assert stat.S_IMODE(known.stat().st_mode) == 0o600
        assert certificate.fingerprint in known.read_text()
        first.keys("ctrl+c")
        assert first.wait().code == 0

        second = _typed_logon(start, serving)
        second.wait_for("25 cloud failover sessions")
        assert b"UNKNOWN CERTIFICATE" not in second.output
        second.keys("ctrl+c")
        assert second.wait().code == 0
    assert service.open_logons == 0

    port, asked, pinned = serving.port, len(service.log), known.read_bytes()
    with serve(service, port=port, cert=other_certificate.file) as serving:
        third = _typed_logon(start, serving)
        third.wait_for("has changed", "trust remove")
        text = "".join(third.text.replace("│", "").split())
        assert certificate.fingerprint in text
        assert other_certificate.fingerprint in text
        assert f"trustremove127.0.0.1:{port}" in text
        third.keys("ctrl+c")
        assert third.wait().code == 0
    assert len(service.log) == asked
    assert known.read_bytes() == pinned


def test_refusing_an_unknown_certificate_sends_and_keeps_nothing(
    start: Start, service: SimulatedServer, certificate: SelfSigned, tmp_path: Path
) -> None:
    with serve(service, cert=certificate.file) as serving:
        terminal = _typed_logon(start, serving)
        terminal.wait_for("UNKNOWN CERTIFICATE")
        # Typed on without looking: nothing of it is an answer.
        terminal.keys("yes", "enter")
        terminal.wait_for("type yes and press Enter")
        # Nothing was typed: nothing is trusted.
        terminal.keys("enter")
        terminal.wait_for("Nobody vouches for", "Log on")
        terminal.keys("ctrl+c")
        terminal.wait()
    assert not service.log
    assert not list(tmp_path.rglob("known_servers"))


def test_a_whole_run_leaves_no_secret_anywhere(
    start: Start,
    service: SimulatedServer,
    certificate: SelfSigned,
    secrets: Secrets,
    tmp_path: Path,
) -> None:
    log = tmp_path / "requests.log"
    config = tmp_path / "config" / "failover-monitor" / "config.toml"
    config.parent.mkdir(parents=True)
    with serve(service, cert=certificate.file) as serving:
        config.write_text(f'[profiles.site]\nserver = "{serving.url}"\nuser = "{USER}"\n')
        terminal = _typed_logon(start, serving, "--log-file", str(log), "--profile", "site")
        _accept(terminal, certificate)
        terminal.wait_for("25 cloud failover sessions")
        told = told_by_proc(terminal.pid)
        assert str(serving.port).encode() in told

        # A logon session that expires is replaced by a new one, with another token.
        service.forget_logons()
        terminal.keys("r", "enter")
        terminal.wait_for("of 14", SESSION_TITLE)
        terminal.keys("?")
        terminal.wait_for("KEYS (Esc")
        terminal.keys("escape")
        terminal.wait_for("of 14", "STATUS")
        terminal.keys("enter")
        terminal.wait_for("Replica point")
        told += told_by_proc(terminal.pid)
        terminal.keys("ctrl+p")
        terminal.wait_for("Log off")
        terminal.keys("ctrl+c")
        assert terminal.wait().code == 0

    assert (service.open_logons, service.writes) == (0, 0)
    requests = log.read_text()
    assert requests.count(" POST /api/sessionMngr/") >= 2
    assert " DELETE /api/logonSessions/…" in requests
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    assert len(secrets.needles) == 9
    assert secrets.found_in(told) == []
    assert secrets.found_in(bytes(terminal.output)) == []
    assert secrets.found_under(tmp_path) == {}


CRASHES = {
    # While the password is still in its field, and the message about Enter on its way.
    "submitting": """
import tui.screens.login as module
def forced(text): raise RuntimeError("forced crash")
module.parse_server = forced
""",
    # While it is pasted: the event that brings it is at hand.
    "pasting": """
import tui.widgets.field as module
def forced(*a): raise RuntimeError("forced crash")
module.Field.replace = forced
""",
    # At the end of a logon, with the credentials at hand.
    "opening": """
import tui.app as module
async def forced(*a, **k): raise RuntimeError("forced crash")
module.MonitorApp._open = forced
""",
    # With a logon session held, in a worker.
    "polling": """
import tui.monitor.session_list as module
async def forced(*a): raise RuntimeError("forced crash")
module.SessionList.run = forced
""",
    # With a logon session held, in a key's action.
    "pressing-a-key": """
import tui.screens.picker as module
def forced(*a): raise RuntimeError("forced crash")
module.PickerScreen.action_sort = forced
""",
}


@pytest.mark.parametrize("where", CRASHES)
def test_a_crash_tells_no_secret(
    environment: dict[str, str],
    service: SimulatedServer,
    server: Serving,
    secrets: Secrets,
    tmp_path: Path,
    where: str,
) -> None:
    script = tmp_path / "crashing.py"
    run = "import sys\nfrom tui.cli import main\nsys.exit(main(sys.argv[1:]))\n"
    script.write_text(CRASHES[where] + run)
    arguments = [str(script), "--server", server.url, "--user", USER]
    path = {"PYTHONPATH": str(Path(__file__).parents[2])}
    with Terminal(arguments, {**environment, **path}, columns=200, lines=60) as terminal:
        terminal.wait_for("Password", "Log on")
        if where == "pasting":
            terminal.keys(f"\x1b[200~{PASSWORD}\x1b[201~")
        else:
            terminal.keys(PASSWORD)
            terminal.wait_for("•" * len(PASSWORD))
            terminal.keys("enter")
        if where == "pressing-a-key":
            terminal.wait_for("25 cloud failover sessions")
            terminal.keys("s")
        ended = terminal.wait()
        assert terminal.is_restored
    assert ended.code not in (0, -9)
    output = bytes(terminal.output)
    assert b"forced crash" in output, "in the line of the program that raised it"
    # While a password is asked for, an exception's own words might hold it.
    asked = where in ("submitting", "pasting", "opening")
    assert (b"its message is left out" in output) is asked
    assert len(secrets.needles) == (3 if where in ("submitting", "pasting") else 6)
    assert secrets.found_in(output) == []
    assert secrets.found_under(tmp_path) == {}
    assert service.open_logons == 0


def test_what_would_write_secrets_down_is_not_followed_and_said(
    start: Start,
    service: SimulatedServer,
    secrets: Secrets,
    certificate: SelfSigned,
    tmp_path: Path,
) -> None:
    log, keys = tmp_path / "textual.log", tmp_path / "tls.keys"
    env = {"TEXTUAL_LOG": str(log), "SSLKEYLOGFILE": str(keys), "TEXTUAL": "debug"}
    with serve(service, cert=certificate.file) as serving:
        terminal = start("--server", serving.url, "--user", USER, env=env, columns=120)
        terminal.wait_for("TEXTUAL_LOG is not followed", "SSLKEYLOGFILE is not")
        terminal.keys(PASSWORD, "enter")
        _accept(terminal, certificate)
        terminal.wait_for("25 cloud failover sessions")
        terminal.keys("ctrl+c")
        assert terminal.wait().code == 0
    assert not log.exists()
    assert not keys.exists()
    assert secrets.found_under(tmp_path) == {}
