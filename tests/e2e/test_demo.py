"""`demo`: a running failover within seconds, nothing else needed."""

from __future__ import annotations

import time

import pytest

from tests.e2e.conftest import SESSION_TITLE, Start


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
