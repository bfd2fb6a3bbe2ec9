"""The outage in words: in the head, the scrollback and watch the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support.drill_cases import finished, working
from tests.support.heads import head_lines
from tests.support.making import at, session
from tests.support.states import judged, plain, state
from tui.analysis.drill import Drill, DrillView, Goals
from tui.analysis.targets import TargetVerdict
from tui.enterprise_manager.resources import FailoverSession, TaskSession
from tui.monitor.clock import Freshness
from tui.presentation.farewell import farewell_lines, verdict_lines
from tui.presentation.glyphs import ASCII, UNICODE, Glyphs
from tui.presentation.outage_lines import outage_line
from tui.presentation.session_layout import Shape

FRESH = Freshness(3.0, stale=False)
FIRST = session(
    finished("dc01", -20, -18),
    finished("sql02", -20, -16, "Failed"),
    finished("app02", -19, -15, "Failed"),
    state="Stopped",
    result="Failed",
    created=at(-20),
    ended=at(-14),
    session_id="first",
)


def again(
    *tasks: TaskSession, ended: float | None = None, result: str = "Failed"
) -> FailoverSession:
    if ended is None:
        return session(*tasks, created=at(0))
    return session(*tasks, created=at(0), ended=at(ended), state="Stopped", result=result)


def seen(this: FailoverSession, minute: float, goals: Goals) -> DrillView:
    drill = Drill(timedelta(minutes=10))
    drill.learn([FIRST])
    return judged(state(this), at(minute), goals, drill=drill)


def test_scrollback_and_watch_tell_the_outage_run_by_run() -> None:
    over = again(finished("sql02", 0, 1, "Failed"), finished("app02", 0, 2), ended=2)
    view = seen(over, 30, Goals(rto=timedelta(minutes=30), declared=at(-22)))
    assert verdict_lines(view, at(30))[:4] == [
        "~Outage since 13:28:00 (declared), 2 runs, 24 min of 30 min, 2 of 3 up, down: sql02",
        "  run 1: 2026-11-23T13:30:00Z to 2026-11-23T13:36:00Z, 6 min, 2 of 3 VMs failed",
        "  run 2: 2026-11-23T13:50:00Z to 2026-11-23T13:52:00Z, 2 min, 1 of 2 VMs failed",
        "RTO 30 min NOT MET, 1 of 3 VMs not recovered, took 24 min, from declared 13:28:00",
    ]


def test_a_second_run_in_time_by_itself_does_not_meet_the_target_of_the_outage() -> None:
    over = again(finished("sql02", 0, 1), finished("app02", 0, 2), ended=2, result="Success")
    view = seen(over, 30, Goals(rto=timedelta(minutes=5)))
    assert view.rto.verdict is TargetVerdict.NOT_MET
    said = verdict_lines(view, at(30))
    assert said[0] == ("~Outage since 13:30:00, 2 runs, 22 min of 5 min, 3 of 3 up")
    assert said[3] == ("RTO 5 min NOT MET, 17 min over, took 22 min, from ~the first run 13:30:00")


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII], ids=["unicode", "ascii"])
@pytest.mark.parametrize("width", [50, 80, 200])
def test_the_line_in_the_head(glyphs: Glyphs, width: int) -> None:
    view = seen(again(working("sql02", 0), finished("app02", 0, 2, "Failed")), 3, Goals())
    assert view.outage is not None
    line = plain(outage_line(view.outage, at(3.5), None, width, glyphs))
    assert len(line) == width
    whole = " ~Outage since 13:30:00, 2 runs, 23 min 30 s so far, 1 of 3 up, down: app02"
    assert line.rstrip(" ….") in whole
    assert "23 min 30 s" in line or width < 80


def test_an_older_run_says_that_a_newer_one_goes_on() -> None:
    again = session(working("sql02", 0), created=at(0), session_id="11112222-again")
    shown = replace(state(FIRST), siblings=(again, FIRST))
    shown = replace(shown, drill=judged(shown, at(3)))
    told = "~Gone on with: a newer session of this plan began 13:50:00, 11112222"
    shape = Shape(100, 30)
    head = [plain(line).strip() for line in head_lines(shown, at(3), shape, UNICODE)]
    assert told in head
    assert f"  {told}" in farewell_lines(shown, at(3), FRESH)
    alone = replace(shown, siblings=(FIRST,))
    assert not [line for line in farewell_lines(alone, at(3), FRESH) if "Gone on" in line]


def test_while_a_run_goes_on_it_says_so_and_the_time_goes_on() -> None:
    running = again(working("sql02", 0), working("app02", 0))
    view = seen(running, 3, Goals(rto=timedelta(minutes=30)))
    assert verdict_lines(view, at(3))[:3] == [
        "~Outage since 13:30:00, 2 runs, 23 min of 30 min, 1 of 3 up",
        "  run 1: 2026-11-23T13:30:00Z to 2026-11-23T13:36:00Z, 6 min, 2 of 3 VMs failed",
        "  run 2: 2026-11-23T13:50:00Z still going on, 0 of 2 VMs failed",
    ]


def test_without_a_target_an_outage_that_left_vms_down_lasts_to_the_end_of_its_last_run() -> None:
    over = again(finished("sql02", 0, 1, "Failed"), finished("app02", 0, 2), ended=2)
    (said, *_) = verdict_lines(seen(over, 30, Goals()), at(30))
    assert "22 min to the end of run 2, 2 of 3 up, down: sql02" in said
    up = again(finished("sql02", 0, 1), finished("app02", 0, 2), ended=2, result="Success")
    (said, *_) = verdict_lines(seen(up, 30, Goals()), at(30))
    assert said == "~Outage since 13:30:00, 2 runs, 22 min, 3 of 3 up"


def test_who_is_down_is_red_and_the_last_to_be_read() -> None:
    lost = seen(again(working("sql02", 0), finished("app02", 0, 2, "Failed")), 3, Goals()).outage
    assert lost is not None
    spans = outage_line(lost, at(3), None, 120, UNICODE)
    assert [token for text, token in spans if "down" in text] == ["failed"]
    assert spans[0] == (" ~Outage since 13:30:00, 2 runs", "title")
