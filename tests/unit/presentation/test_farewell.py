from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given

from tests.support.making import SESSION_ID, at, done, plan, session, stopped, task
from tests.support.outside_texts import OUTSIDE
from tests.support.states import EMPTY, judged, state
from tui.analysis.assessing import assess
from tui.analysis.drill import Drill, Goals
from tui.enterprise_manager.resources import ReplicaPoint
from tui.monitor.clock import Freshness
from tui.monitor.trouble import Trouble
from tui.presentation.farewell import farewell_lines, progress_text, verdict_lines

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


def test_progress_is_status_counts_and_target_in_one_line() -> None:
    shown = state(session(done("dc01"), task("a"), progress=46))
    assert progress_text(EMPTY, at(4), FRESH) == "no data yet"
    assert progress_text(shown, at(4), FRESH) == (
        "WORKING; 46 %; 1 of 2 VMs done, 0 failed, 1 running"
    )
    without = replace(shown, drill=judged(shown, at(4)))
    assert progress_text(without, at(4), FRESH) == progress_text(shown, at(4), FRESH)
    aimed = replace(shown, drill=judged(shown, at(4), Goals(rto=timedelta(minutes=10))))
    assert progress_text(aimed, at(4), FRESH).endswith("1 running; RTO 10 min OPEN, 6 min left")


def test_progress_of_old_data_says_of_when_it_is() -> None:
    shown = state(session(task("a"), progress=46))
    assert progress_text(shown, at(4), Freshness(92.0, stale=True)) == (
        "LAST SEEN WORKING; 46 %; 0 of 1 VMs done, 0 failed, 1 running; as of 1 min 32 s ago"
    )
    assert "as of" not in progress_text(shown, at(4), Freshness(9.0, stale=False))
    assert "as of" not in progress_text(shown, at(4), Freshness(None, stale=True))


def test_what_there_is_none_of_is_left_out_of_the_counts_but_failures() -> None:
    """Each kind of VM is counted under its own word, and once."""
    tasks = (
        done("up"),
        done("lost", "Failed"),
        done("odd", "Warning"),
        task("copies"),
        task("begins", "Starting"),
        task("stops", "Stopping"),
        task("who", "Resuming"),
    )
    shown = state(session(*tasks), plan=plan(*(each.vm_name for each in tasks), "waits"))
    (counted,) = [
        line.strip() for line in farewell_lines(shown, at(4), FRESH) if "VMs done" in line
    ]
    assert counted == (
        "1 of 8 VMs done, 1 failed, 1 with warnings, 3 running, 1 waiting, 1 unknown"
    )
    empty = farewell_lines(state(session()), at(4), FRESH)
    assert empty[1] == "  the server lists no tasks for this session"


def test_of_a_session_that_is_over_what_waited_was_not_started() -> None:
    whole = plan("dc01", "web01", "web02")
    running = state(session(done("dc01")), plan=whole)
    assert farewell_lines(running, at(4), FRESH)[1] == "  1 of 3 VMs done, 0 failed, 2 waiting"
    over = stopped(done("dc01"), result="Failed")
    shown = replace(running, session=over, assessment=assess(over, plan=whole, watched=True))
    assert farewell_lines(shown, at(30), FRESH)[1] == "  1 of 3 VMs done, 0 failed, 2 not started"


def test_whose_plan_it_is_and_where_to_look_on_are_left_behind() -> None:
    shown = state(stopped(done("dc01"), result="Failed"))
    whose = replace(shown, details=replace(shown.details, tenant="Alpine"))
    assert f"  session {SESSION_ID} on vbr01, tenant Alpine" in farewell_lines(whose, at(30), FRESH)
    nowhere = state(stopped(done("dc01"))).session
    assert nowhere is not None
    bare = state(nowhere.model_copy(update={"backup_server": None, "created": None}))
    lines = farewell_lines(bare, at(30), FRESH)
    assert "  start unknown, ended 2026-11-23T14:00:00Z, elapsed -" in lines
    assert f"  session {SESSION_ID}" in lines
