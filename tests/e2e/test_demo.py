"""`demo`: a running failover within seconds, nothing else needed."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.e2e.conftest import SESSION_TITLE, Start
from tests.support.terminal import Terminal


@pytest.mark.parametrize(("columns", "lines"), [(80, 24), (200, 60)])
def test_a_running_failover_and_a_history_behind_it(start: Start, columns: int, lines: int) -> None:
    begun = time.monotonic()
    terminal = start("demo", columns=columns, lines=lines)
    terminal.until(lambda: terminal.output)
    print(f"first bytes after {time.monotonic() - begun:.2f} s")
    terminal.wait_for("of 14")
    print(f"first data after {time.monotonic() - begun:.2f} s")
    terminal.wait_for(SESSION_TITLE, "DEMO", "RO", "dc01", "Working", "Filter", "live")
    assert len(terminal.rows) == lines
    assert all(len(row) <= columns for row in terminal.rows)

    terminal.keys("escape")
    terminal.wait_for("25 cloud failover sessions", "Session ID", "Failed", "Success")
    assert sum("Working" in row for row in terminal.rows) == 2
    finished = ("Success", "Warning", "Failed")
    assert sum(any(word in row for word in finished) for row in terminal.rows) >= 12

    terminal.keys("enter")
    terminal.wait_for("of 14")
    terminal.keys("escape")
    terminal.wait_for("25 cloud failover sessions")
    terminal.keys("q")
    assert terminal.wait().code == 0
    assert terminal.is_restored


LATE = """
import sys
import tui.terminal.driver as module
really, seen = module.MortalDriver.terminal_size, []
def late(self):
    seen.append(really(self))
    return seen[-2] if len(seen) > 1 else seen[-1]
module.MortalDriver.terminal_size = late
from tui.cli import main
sys.exit(main(sys.argv[1:]))
"""


def test_a_size_that_is_there_only_after_its_signal_is_not_missed(
    environment: dict[str, str], tmp_path: Path
) -> None:
    script = tmp_path / "late.py"
    script.write_text(LATE)
    path = {"PYTHONPATH": str(Path(__file__).parents[2])}
    with Terminal([str(script), "demo"], {**environment, **path}) as terminal:
        terminal.wait_for("of 14", "STATUS")
        terminal.resize(45, 10)
        terminal.until(lambda: not terminal.shows("STATUS") and terminal.shows("of 14"))
        terminal.keys("ctrl+c")
        assert terminal.wait().code == 0
