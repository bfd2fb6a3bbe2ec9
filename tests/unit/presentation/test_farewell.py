from __future__ import annotations

from dataclasses import replace

from hypothesis import given

from tests.unit.monitor.making import SESSION_ID, at, done, session, stopped, task
from tests.unit.presentation.outside import OUTSIDE
from tests.unit.presentation.states import EMPTY, state
from tui.monitor.polled import Freshness, Trouble
from tui.presentation.farewell import farewell_lines

FRESH = Freshness(3.0, stale=False)


def test_a_finished_session_leaves_its_verdict_its_counts_and_its_failures() -> None:
    failed = task("sql02", "Stopped", "Failed", ended=at(4), message="No space left")
    lines = farewell_lines(state(stopped(done("dc01"), failed, result="Failed")), at(30), FRESH)
    assert lines == [
        "ABC Company Failover Plan: Failed, 100 %",
        "  1 done, 1 failed, of 2",
        "  started 2026-11-23T13:50:00Z, ended 2026-11-23T14:00:00Z, elapsed 10:00",
        f"  session {SESSION_ID}",
        "  sql02 failed 2026-11-23T13:54:00Z: No space left",
    ]


def test_a_running_session_says_as_of_when() -> None:
    lines = farewell_lines(
        state(session(task("a"), progress=40)), at(5), Freshness(92.0, stale=True)
    )
    assert "  as of 1:32 ago" in lines
    assert "  0 failed, 1 running, of 1" in lines


def test_the_sessions_own_message_and_a_missing_one_are_told() -> None:
    lines = farewell_lines(
        state(session(done("a", "Failed"), message="The plan was aborted")), at(5), FRESH
    )
    assert "  The plan was aborted" in lines
    assert lines[-1].endswith(": the server gave no message")


def test_without_data_the_reason_is_left_behind() -> None:
    refused = replace(EMPTY, trouble=Trouble("x", "Nothing listens on em01:9398."))
    assert farewell_lines(refused, at(0), Freshness(None, stale=True)) == [
        f"Session {SESSION_ID}: no data was received. Nothing listens on em01:9398."
    ]


@given(OUTSIDE, OUTSIDE)
def test_each_line_stays_one_printable_line(name: str, message: str) -> None:
    shown = state(session(done(name, "Failed", message), plan=name, message=message, state=name))
    lines = farewell_lines(shown, at(5), FRESH)
    lines += farewell_lines(replace(EMPTY, trouble=Trouble("x", message)), at(5), FRESH)
    assert all(line.isprintable() for line in lines)
