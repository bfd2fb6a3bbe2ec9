from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.support.making import at, done, plan, point, session, stopped, task
from tests.support.outside_texts import OUTSIDE
from tests.support.states import judged, plain, state
from tui.analysis.assessing import assess
from tui.analysis.assessment import TaskView
from tui.analysis.drill import Goals
from tui.enterprise_manager.resources import TaskSession
from tui.monitor.snapshot import Snapshot
from tui.presentation import times
from tui.presentation.glyphs import ASCII, UNICODE, Glyphs
from tui.presentation.line import length
from tui.presentation.task_details import task_lines


def shown(of: Snapshot, index: int = 0, width: int = 100) -> str:
    assert of.assessment is not None
    view = of.assessment.tasks[index]
    return "\n".join(plain(line).rstrip() for line in task_lines(view, of, at(5), width, UNICODE))


def test_a_failed_task_in_full() -> None:
    failed = task("sql02", "Stopped", "Failed", progress=38, ended=at(4), message="No space left")
    text = shown(state(session(failed), points={"point-sql02": point("point-sql02")}))
    assert "✘ Failed" in text
    assert "38 %" in text
    assert "2026-11-23 13:50:00 UTC" in text
    assert "2026-11-23 13:54:00 UTC" in text
    assert "4:00" in text
    assert "sql02@2026-11-23 13:00:00" in text
    assert "RPO             1 h  " in text
    assert "No space left" in text


def test_a_message_of_any_length_is_shown_in_full() -> None:
    message = " ".join(f"word{number}" for number in range(500))
    text = shown(state(session(done("a", "Failed", message))), width=60)
    assert " ".join(text.split("Message")[1].split()) == message


def test_a_failure_without_a_message_says_so() -> None:
    assert "the server gave no message" in shown(state(session(done("a", "Failed"))))


def test_what_is_unknown_is_a_dash() -> None:
    text = shown(state(session(task("a", progress=None, point=None, created=None))))
    for label in ("Started", "Ended", "Duration", "Replica point"):
        (line,) = [line for line in text.splitlines() if line.split("–")[0].strip() == label]
        assert line.endswith("–")


def test_a_point_is_not_read_yet_gone_or_known() -> None:
    running = session(task("a"))
    assert "not read yet" in shown(state(running))
    assert "no longer on the server" in shown(state(running, points={"point-a": None}))
    known = point("point-a").model_copy(update={"state": "Ready", "replica_name": "a_replica"})
    text = shown(state(running, points={"point-a": known}))
    assert "Ready" in text
    assert "a_replica" in text


def test_the_age_of_a_point_is_said_to_be_that_of_the_beginning() -> None:
    told = "age of the point when the failover began"
    running = session(task("a"))
    assert told in shown(state(running, points={"point-a": point("point-a")}))
    undated = point("point-a").model_copy(update={"created": None})
    assert told not in shown(state(running, points={"point-a": undated}))


def test_in_a_narrow_room_the_bar_gives_way_to_its_figure() -> None:
    text = shown(state(session(task("a", progress=38))), width=40)
    assert "38 %" in text


def test_a_long_message_uses_the_room_up_to_one_cell() -> None:
    text = shown(state(session(done("a", "Failed", "x" * 500))), width=60)
    lines = [line for line in text.splitlines() if line.startswith("   x")]
    assert max(map(len, lines)) == 59


def test_a_waiting_vm_has_not_started() -> None:
    assert "waiting in the plan" in shown(state(session(), plan=plan("a")))


def test_a_task_no_longer_listed_says_so() -> None:
    over = stopped()
    view = assess(over, before=assess(session(done("a")))).tasks[0]
    lines = task_lines(view, state(over), at(5), 100, UNICODE)
    assert "no longer lists this task" in plain(lines[0])


@given(OUTSIDE, OUTSIDE, st.integers(30, 200), st.sampled_from([UNICODE, ASCII]))
def test_any_text_fills_the_width_exactly(
    vm: str, message: str, width: int, glyphs: Glyphs
) -> None:
    one: TaskSession = task(vm, message, "Failed", message=message, point="p")
    whole = state(
        session(one),
        points={"p": point("p").model_copy(update={"state": vm, "replica_name": message})},
    )
    assert whole.assessment is not None
    view: TaskView = whole.assessment.tasks[0]
    lines = task_lines(view, whole, at(5), width, glyphs)
    assert {length(line) for line in lines} == {width}
    assert all(plain(line).isprintable() for line in lines)


def test_the_achieved_rto_counts_from_the_declaration() -> None:
    over = session(done("dc01"))
    shown = state(over)
    (view,) = shown.assessment.tasks if shown.assessment else ()
    shown = replace(shown, drill=judged(shown, at(5), Goals(declared=at(-30))))
    text = "\n".join(plain(line) for line in task_lines(view, shown, at(5), 100, UNICODE))
    assert view.task is not None
    assert view.task.ended is not None
    assert f"Achieved RTO    {times.duration(view.task.ended - at(-30))}" in text


def test_a_vm_that_was_tried_again_lists_the_attempts_before() -> None:
    read = session(
        task("sql02", "Stopped", "Failed", created=at(0), ended=at(2), message="no space"),
        task("SQL02", "Stopped", "Failed", created=at(3), ended=at(4)),
        task("sql02", created=at(5)),
    )
    text = shown(state(read))
    assert " Attempt         ~3" in text
    assert " ~Attempt 1      failed 2026-11-23 13:52:00 UTC: no space" in text
    assert " ~Attempt 2      failed 2026-11-23 13:54:00 UTC: the server gave no message" in text
