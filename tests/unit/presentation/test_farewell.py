from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given

from tests.support.making import SESSION_ID, at, done, session, stopped, task
from tests.support.outside_texts import OUTSIDE
from tests.support.states import EMPTY, judged, state
from tui.analysis.drill import Drill, Goals
from tui.enterprise_manager.resources import ReplicaPoint
from tui.monitor.clock import Freshness
from tui.monitor.trouble import Trouble
from tui.presentation.farewell import farewell_lines, verdict_lines

FRESH = Freshness(3.0, stale=False)


def test_a_finished_session_leaves_its_verdict_its_counts_and_its_failures() -> None:
    failed = task("sql02", "Stopped", "Failed", ended=at(4), message="No space left")
    lines = farewell_lines(state(stopped(done("dc01"), failed, result="Failed")), at(30), FRESH)
    assert lines == [
        "ABC Company Failover Plan: FAILED",
        "  1 of 2 VMs done, 1 failed",
        "  started 2026-11-23T13:50:00Z, ended 2026-11-23T14:00:00Z, elapsed 10 min",
        f"  session {SESSION_ID} on vbr01",
        "  sql02 failed 2026-11-23T13:54:00Z: No space left",
    ]


def test_a_running_session_says_as_of_when() -> None:
    lines = farewell_lines(
        state(session(task("a"), progress=40)), at(5), Freshness(92.0, stale=True)
    )
    assert "  as of 2026-11-23T13:53:28Z, 1 min 32 s ago" in lines
    assert "  0 of 1 VMs done, 0 failed, 1 running" in lines


def test_a_state_unknown_here_without_an_end_still_takes_time() -> None:
    lines = farewell_lines(state(session(state="Resuming")), at(5), FRESH)
    assert lines[0] == "ABC Company Failover Plan: RESUMING, -"
    assert lines[2] == "  started 2026-11-23T13:50:00Z, elapsed 5 min"


def test_old_data_says_why_there_is_none_newer() -> None:
    lost = replace(state(session(task("a"))), trouble=Trouble("x", "Too slow."))
    lines = farewell_lines(lost, at(5), Freshness(92.0, stale=True))
    assert "  as of 2026-11-23T13:53:28Z, 1 min 32 s ago: Too slow." in lines


def test_a_plan_and_a_vm_without_a_name_are_a_dash() -> None:
    lines = farewell_lines(state(session(done("", "Failed"), plan=" ")), at(5), FRESH)
    assert lines[0].startswith("-: RUNNING WITH ERRORS")
    assert lines[-1].startswith("  - failed 2026-")


def test_the_targets_are_part_of_the_evidence() -> None:
    shown = state(stopped(done("dc01")))
    view = judged(shown, at(10), Goals(rto=timedelta(minutes=5), rpo=timedelta(hours=4)))
    lines = farewell_lines(replace(shown, drill=view), at(30), FRESH)
    assert lines[-2:] == [
        "  RTO 5 min NOT MET, 5 min over, took 10 min",
        "  RPO 4 h OPEN, no replica point read, 1 to come",
    ]


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


def test_a_missed_target_is_missed_since_its_moment_and_behind_for_longer() -> None:
    running, over = state(session(task("a"))), state(stopped(done("a")))
    drill, goals = Drill(timedelta(minutes=10)), Goals(rto=timedelta(minutes=5))
    judged(running, at(3), goals, drill=drill)
    said = []
    for minute, shown in ((4.5, running), (4.75, running), (6, running), (12, over)):
        said += verdict_lines(judged(shown, at(minute), goals, drill=drill), at(minute))
    assert said == [
        "RTO 5 min AT RISK, 30 s left, behind since 13:54:30",
        "RTO 5 min AT RISK, 15 s left, behind since 13:54:30",
        "RTO 5 min NOT MET, 1 min over, behind since 13:54:30",
        "RTO 5 min NOT MET, 5 min over, took 10 min, behind since 13:54:30",
    ]


def test_in_time_without_a_vm_is_no_rto_achieved_and_the_rpo_is_said_in_words() -> None:
    shown = state(stopped(done("dc01"), done("web01", "Failed")))
    points = {
        f"point-{name}": ReplicaPoint(id=f"point-{name}", name=name, created=at(-60 * hours))
        for name, hours in (("dc01", 2), ("web01", 5))
    }
    shown = replace(shown, details=replace(shown.details, points=points))
    goals = Goals(rto=timedelta(minutes=15), rpo=timedelta(hours=4))
    assert verdict_lines(judged(shown, at(10), goals), at(10)) == [
        "RTO 15 min NOT MET, 1 of 2 VMs not recovered, took 10 min",
        "RPO 4 h NOT MET, 1 over of 2, worst 5 h (web01), median 3 h 30 min",
    ]
    assert verdict_lines(judged(shown, at(10)), at(10)) == [
        "RPO without a target, worst 5 h (web01), median 3 h 30 min",
    ]


@given(OUTSIDE, OUTSIDE)
def test_each_line_stays_one_printable_line(name: str, message: str) -> None:
    shown = state(session(done(name, "Failed", message), plan=name, message=message, state=name))
    lines = farewell_lines(shown, at(5), FRESH)
    lines += farewell_lines(replace(EMPTY, trouble=Trouble("x", message)), at(5), FRESH)
    assert all(line.isprintable() for line in lines)


def test_a_failure_that_the_server_does_not_date_has_no_time() -> None:
    dated = task("sql02", "Stopped", "Failed", message="No space left")
    failed = replace(dated, ended=None)
    lines = farewell_lines(state(stopped(failed, result="Failed")), at(30), FRESH)
    assert lines[-1] == "  sql02 failed: No space left"
