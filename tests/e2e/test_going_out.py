"""Commands on events and figures, from the screen in a real terminal."""

from __future__ import annotations

import json
import shlex
import stat
import sys
from pathlib import Path

from tests.e2e.conftest import PASSWORD, JumpingClock, Start
from tests.support.terminal import Terminal

KEEP = """
import json, os, sys
with open(sys.argv[1], "a") as kept:
    kept.write(json.dumps([json.load(sys.stdin), dict(os.environ)]) + "\\n")
"""


def _told(kept: Path) -> list[tuple[dict[str, object], dict[str, str]]]:
    lines = kept.read_text().splitlines() if kept.exists() else []
    return [tuple(json.loads(line)) for line in lines if line.endswith("]")]


def _fail(terminal: Terminal, clock: JumpingClock) -> None:
    clock.skip(30)
    terminal.keys("r")
    terminal.wait_for("RUNNING WITH ERRORS")


def test_a_command_is_told_of_a_failure_that_the_screen_shows(
    logged_on: Start, clock: JumpingClock, tmp_path: Path
) -> None:
    kept = tmp_path / "kept.jsonl"
    hook = shlex.join([sys.executable, "-c", KEEP, str(kept)])
    terminal = logged_on("--on-event", hook)
    _fail(terminal, clock)
    terminal.until(lambda: any(e["kind"] == "task failed" for e, _ in _told(kept)))
    event, environment = next(each for each in _told(kept) if each[0]["kind"] == "task failed")
    assert event["vm"] == "sql02"
    assert "Not enough free space" in str(event["message"])
    assert environment["FAILOVER_EVENT_VM"] == "sql02"
    assert PASSWORD not in kept.read_text()
    terminal.keys("ctrl+c")
    assert terminal.wait().code == 0
    assert terminal.is_restored


def test_a_command_that_fails_is_said_on_the_screen_and_nothing_else_happens(
    logged_on: Start, clock: JumpingClock
) -> None:
    hook = shlex.join([sys.executable, "-c", "import sys; sys.exit('pager unreachable')"])
    terminal = logged_on("--on-event", hook, columns=120)
    _fail(terminal, clock)
    terminal.until(lambda: "pager unreachable" in terminal.text)
    assert terminal.shows("sql02")
    terminal.keys("ctrl+c")
    assert terminal.wait().code == 0


def test_one_that_hangs_holds_neither_the_screen_nor_the_leaving_up(
    logged_on: Start, clock: JumpingClock, tmp_path: Path
) -> None:
    begun = tmp_path / "begun"
    code = "import os, sys, time; open(sys.argv[1], 'w').write(str(os.getpid())); time.sleep(600)"
    terminal = logged_on("--on-event", shlex.join([sys.executable, "-c", code, str(begun)]))
    _fail(terminal, clock)
    terminal.until(lambda: begun.exists() and begun.read_text())
    terminal.keys("?")
    terminal.wait_for("KEYS (Esc closes this help)")
    terminal.keys("ctrl+c")
    assert terminal.wait().code == 0
    # The terminal breaks the line anywhere, by how long the path of the command is.
    assert "wasended:notimewasleftforit" in "".join(terminal.text.split())
    pid = int(begun.read_text())
    status = Path(f"/proc/{pid}/stat")
    assert not status.exists() or status.read_text().rpartition(")")[2].split()[0] == "Z"


def test_figures_are_kept_of_what_the_screen_shows(
    logged_on: Start, clock: JumpingClock, tmp_path: Path
) -> None:
    path = tmp_path / "failover.prom"
    terminal = logged_on("--metrics", str(path))
    _fail(terminal, clock)
    terminal.until(lambda: "failover_session_failures{" in path.read_text() and _failed(path) == 1)
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    terminal.keys("ctrl+c")
    assert terminal.wait().code == 0
    assert "failover_session_watch_end_timestamp_seconds" in path.read_text()


def _failed(path: Path) -> float:
    lines = path.read_text().splitlines()
    (line,) = (each for each in lines if each.startswith("failover_session_failures{"))
    return float(line.rpartition(" ")[2])
