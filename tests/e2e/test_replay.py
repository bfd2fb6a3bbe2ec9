"""`replay` in a real terminal, of a journal that the real monitor wrote."""

from __future__ import annotations

import signal

from tests.e2e.conftest import JumpingClock, Start
from tests.e2e.test_journal import journal_of, until_kept


def test_what_was_watched_is_shown_again(
    logged_on: Start, start: Start, environment: dict[str, str], clock: JumpingClock
) -> None:
    terminal = logged_on("--interval", "2")
    terminal.wait_for("live")
    until_kept(environment, '"kind":"reading"')
    clock.skip(600)
    terminal.keys("r")
    terminal.wait_for("3 failed", "FAILED")
    until_kept(environment, "Failover plan has been completed")
    terminal.keys("R")
    terminal.wait_for("REPLAY paused")
    terminal.keys("escape")
    terminal.wait_for("live")
    terminal.signal(signal.SIGTERM)
    terminal.wait()

    replay = start("replay", str(journal_of(environment)))
    replay.wait_for("REPLAY", "dc01")
    replay.keys(">")
    replay.wait_for("REPLAY paused", "3 failed")
    assert "live" not in replay.text
    replay.keys("<")
    replay.wait_for("0 failed")
    replay.keys("n")
    replay.wait_for("3 failed")
    replay.keys("q")
    assert replay.wait().code == 0
    assert replay.is_restored
