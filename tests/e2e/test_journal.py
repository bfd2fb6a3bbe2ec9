"""What was watched outlives the monitor: killed, begun again, verified, reported."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.e2e.conftest import PASSWORD, USER, Start
from tests.support.simulated import SimulatedServer
from tests.support.terminal import PATIENCE, ROOT
from tui.journal.chain import Wholeness
from tui.journal.file import verify_journal
from tui.simulator.server import Serving


def journal_of(environment: dict[str, str]) -> Path:
    (path,) = (Path(environment["XDG_STATE_HOME"]) / "failover-monitor" / "journal").rglob(
        "*.jsonl"
    )
    return path


def run(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tui", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )


def watch(environment: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tui", "watch", "--rto", "5m", *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def lines_until(process: subprocess.Popen[str], told: str) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if told in line:
            return
    raise AssertionError(f"it never told {told!r}")


def until_kept(environment: dict[str, str], told: str) -> None:
    """The journal is written beside the monitor, a moment later."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        folder = Path(environment["XDG_STATE_HOME"])
        if any(told in path.read_text() for path in folder.rglob("*.jsonl")):
            return
        time.sleep(0.05)
    raise AssertionError(f"{told!r} was never kept")


def test_a_killed_watch_that_begins_again_leaves_a_whole_journal_and_a_report(
    environment: dict[str, str], server: Serving, service: SimulatedServer
) -> None:
    known = {
        **environment,
        "FAILOVER_MONITOR_SERVER": server.url,
        "FAILOVER_MONITOR_USER": USER,
        "FAILOVER_MONITOR_PASSWORD": PASSWORD,
    }
    first = watch(known, service.featured_session)
    lines_until(first, "task started\tdc01")
    until_kept(known, '"kind":"reading"')
    os.kill(first.pid, signal.SIGKILL)
    first.communicate()
    second = watch(known, service.featured_session)
    lines_until(second, "task started\tdc01")
    until_kept(known, '"kind":"earlier runs"')
    second.send_signal(signal.SIGTERM)
    second.communicate(timeout=PATIENCE)
    assert second.returncode == 128 + signal.SIGTERM

    journal = journal_of(environment)
    found = verify_journal(journal)
    assert found.wholeness is Wholeness.WHOLE
    kinds = [json.loads(line)["kind"] for line in journal.read_text().splitlines()]
    assert kinds.count("journal") == 1
    assert kinds.count("watch") == kinds.count("opened") == 2
    assert kinds[-1] == "left"
    for secret in (PASSWORD, "X-RestSvcSessionId"):
        assert secret not in journal.read_text()

    shown = run(environment, "report", service.featured_session, "--format", "json")
    assert shown.returncode == 0, shown.stderr
    report = json.loads(shown.stdout)
    assert report["session_id"] == service.featured_session
    assert report["rto"]["target_seconds"] == 300.0
    assert report["journal_hash"] == found.last_hash
    assert len(report["watches"]) == 2
    assert run(environment, "report", str(journal), "--format", "json").stdout == shown.stdout


def test_without_a_journal_the_report_comes_from_the_server_and_says_so(
    environment: dict[str, str], server: Serving, service: SimulatedServer
) -> None:
    known = {**environment, "FAILOVER_MONITOR_PASSWORD": PASSWORD}
    arguments = (service.featured_session, "--server", server.url, "--user", USER)
    shown = run(known, "report", *arguments, "--format", "html")
    assert shown.returncode == 0, shown.stderr
    assert "There is no journal" in shown.stdout
    assert "dc01" in shown.stdout
    assert service.open_logons == 0


def test_no_journal_keeps_none(
    environment: dict[str, str], server: Serving, service: SimulatedServer
) -> None:
    known = {**environment, "FAILOVER_MONITOR_PASSWORD": PASSWORD}
    process = watch(
        known, service.featured_session, "--server", server.url, "--user", USER, "--no-journal"
    )
    lines_until(process, "task started\tdc01")
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=PATIENCE)
    assert not list(Path(environment["XDG_STATE_HOME"]).rglob("*.jsonl"))


def test_a_folder_that_cannot_be_made_for_the_journal_stops_nothing(
    logged_on: Start, service: SimulatedServer, tmp_path: Path
) -> None:
    """Where the state belongs is a file: the run is shown, and that it is not kept is said."""
    (tmp_path / "in-the-way").write_text("")
    terminal = logged_on(env={"XDG_STATE_HOME": str(tmp_path / "in-the-way")})
    terminal.wait_for("The journal cannot be kept")
    terminal.keys("ctrl+c")
    assert terminal.wait().code == 0
    assert service.open_logons == 0
    assert (tmp_path / "in-the-way").read_text() == ""


def test_watch_files_the_report_by_itself_at_the_end(
    environment: dict[str, str], server: Serving, service: SimulatedServer, tmp_path: Path
) -> None:
    known = {**environment, "FAILOVER_MONITOR_PASSWORD": PASSWORD}
    arguments = (service.featured_session, "--server", server.url, "--user", USER)
    process = watch(known, *arguments, "--report", str(tmp_path / "reports"))
    lines_until(process, "task started\tdc01")
    process.send_signal(signal.SIGTERM)
    said, _ = process.communicate(timeout=PATIENCE)
    (path,) = (tmp_path / "reports").iterdir()
    assert f"The report is in {path}." in said
    assert "<!DOCTYPE html>" in path.read_text()
