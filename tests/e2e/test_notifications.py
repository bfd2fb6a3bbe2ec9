"""Notifications in the bytes that a real terminal gets: from the screen, from watch, through tmux
and GNU screen; and none where there is no terminal."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.conftest import Start
from tests.support.terminal import ROOT, Terminal

DEMO = ("demo", "--speed", "20", "--interval", "2", "--rto", "1m")
TITLE = "REHEARSAL Harbour Logistics"


def test_the_screen_sends_one_for_what_happens(start: Start) -> None:
    terminal = start(*DEMO, "--notify", "osc777")
    terminal.until(lambda: b"\x1b]777;notify;" in terminal.output, what="a notification")
    terminal.until(lambda: b"session failed" in terminal.output, what="the end")
    told = _told(terminal)
    assert all(each.startswith(f"notify;{TITLE}") for each in told)
    assert len(told) < 12  # those of one poll are one
    terminal.wait_for("FAILED")
    terminal.keys("q", "q")
    assert terminal.wait().code == 0
    assert terminal.is_restored


def _told(terminal: Terminal) -> list[str]:
    parts = bytes(terminal.output).split(b"\x1b]777;")[1:]
    return [part.partition(b"\x07")[0].decode() for part in parts]


def test_nobody_wished_for_one(start: Start) -> None:
    terminal = start(*DEMO)
    terminal.wait_for("FAILED")
    assert b"notify" not in terminal.output
    terminal.keys("q", "q")
    terminal.wait()


def test_watch_sends_it_to_a_terminal_only(environment: dict[str, str], tmp_path: Path) -> None:
    """Standard output is data, in a file here; standard error is the terminal."""
    data = tmp_path / "lines.tsv"
    code = (
        "import sys; sys.stdout = open(sys.argv.pop(1), 'w');"
        "from tui.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    with Terminal(["-c", code, str(data), *DEMO, "--notify", "osc9"], environment) as terminal:
        assert terminal.wait().code == 1
    assert b"\x1b]9;failover-monitor: REHEARSAL" in terminal.output
    assert "\x1b" not in data.read_text()

    command = [sys.executable, "-m", "tui", *DEMO, "--notify", "osc9"]
    piped = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, timeout=60)
    assert piped.returncode == 1
    assert b"\x1b" not in piped.stdout + piped.stderr


SAY = (
    "import os, sys, time; from tui.terminal.notifying import notification;"
    "sys.stdout.write(notification('Plän', 'task failed sql02', 'osc777', os.environ));"
    "sys.stdout.flush(); open(sys.argv[1], 'w').close(); time.sleep(60)"
)


@pytest.mark.skipif(shutil.which("tmux") is None, reason="there is no tmux here to pass it on")
def test_tmux_passes_it_on(environment: dict[str, str], tmp_path: Path) -> None:
    config = tmp_path / "tmux.conf"
    config.write_text("set -g allow-passthrough on\n")
    inside = [sys.executable, "-c", SAY, str(tmp_path / "said")]
    tmux = ["tmux", "-S", str(tmp_path / "socket"), "-f", str(config), "new-session", *inside]
    _passes_it_on(tmux, environment, "Plän")


@pytest.mark.skipif(shutil.which("screen") is None, reason="there is no GNU screen here to ask")
def test_screen_passes_it_on(environment: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "sockets"
    folder.mkdir(mode=0o700)
    inside = [sys.executable, "-c", SAY, str(tmp_path / "said")]
    command = ["screen", "-c", "/dev/null", "-S", "notifying", *inside]
    _passes_it_on(command, {**environment, "SCREENDIR": str(folder)}, "Pl?n")


def _passes_it_on(command: list[str], environment: dict[str, str], title: str) -> None:
    code = "import os, sys; os.execvp(sys.argv[1], sys.argv[1:])"
    path = {"PYTHONPATH": str(ROOT)}
    said = f"\x1b]777;notify;{title};task failed sql02\x07".encode()
    with Terminal(["-c", code, *command], {**environment, **path}) as terminal:
        terminal.until(lambda: said in terminal.output, what="the notification")
