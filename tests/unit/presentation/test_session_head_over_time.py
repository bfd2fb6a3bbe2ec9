"""The lines on top from second to second: what is kept of them says the same as all made anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.drill_cases import finished, working
from tests.support.heads import head_lines
from tests.support.making import at, plan, session
from tests.support.states import EMPTY, judged, state
from tui.analysis.drill import Drill, Goals
from tui.monitor.clock import Freshness
from tui.monitor.snapshot import Snapshot
from tui.presentation.glyphs import ASCII, UNICODE
from tui.presentation.header_lines import PollStatus, freshness_spans, trouble_lines
from tui.presentation.line import at_time, length
from tui.presentation.session_head import head_pieces
from tui.presentation.session_layout import Shape

FIRST = session(
    finished("dc01", -20, -18),
    finished("sql02", -20, -16, "Failed"),
    state="Stopped",
    result="Failed",
    created=at(-20),
    ended=at(-14),
    session_id="first",
)
RUNNING = session(finished("dc01", 0, 1), working("sql02", 1), working("web01", 1), progress=40)
OVER = session(
    finished("dc01", 0, 1), created=at(0), ended=at(5), state="Stopped", result="Success"
)


def _drilled(shown: Snapshot, minutes: float | None, *, again: bool) -> Snapshot:
    drill = Drill(timedelta(minutes=10))
    if again:
        drill.learn([FIRST])
    goals = Goals(rto=None if minutes is None else timedelta(minutes=minutes), declared=at(-1))
    return replace(shown, drill=judged(shown, at(3), goals, drill=drill))


SNAPSHOTS = st.one_of(
    st.just(EMPTY),
    st.builds(
        _drilled,
        st.sampled_from([state(RUNNING), state(RUNNING, plan=plan("dc01", "x")), state(OVER)]),
        st.sampled_from([None, 2.0, 8.0, 600.0]),
        again=st.booleans(),
    ),
)
SHAPES = st.builds(Shape, st.integers(20, 220), st.integers(8, 60))
MINUTES = st.floats(-2, 12, allow_nan=False) | st.sampled_from([0.0, 59.99, 1439.9, 1440.0, 9e5])


@settings(max_examples=150, deadline=None)
@given(
    shown=SNAPSHOTS,
    shape=SHAPES,
    glyphs=st.sampled_from([ASCII, UNICODE]),
    stale=st.booleans(),
    minutes=st.lists(MINUTES, min_size=1, max_size=4),
)
def test_kept_lines_are_those_made_anew_at_any_time(
    shown: Snapshot, shape: Shape, glyphs: object, stale: bool, minutes: list[float]
) -> None:
    assert glyphs in (ASCII, UNICODE)
    signs = ASCII if glyphs is ASCII else UNICODE
    pieces = head_pieces(shown, shape, signs, stale=stale)
    for minute in minutes:
        kept = at_time(pieces, at(minute))
        assert kept == head_lines(shown, at(minute), shape, signs, stale=stale)
        assert {length(line) for line in kept} == {shape.width}


def test_a_line_without_a_clock_stays_the_very_same() -> None:
    pieces = head_pieces(_drilled(state(RUNNING), None, again=False), Shape(120, 40), UNICODE)
    first, second = at_time(pieces, at(3)), at_time(pieces, at(3.1))
    anew = [old is not new for old, new in zip(first, second, strict=True)]
    assert anew == [False, False, True, False, False], "the elapsed time alone goes on"


@given(
    age=st.none() | st.floats(0, 1e5),
    waiting=st.none() | st.floats(0, 1e5),
    next_try=st.none() | st.floats(-5, 1e5),
)
def test_whole_seconds_are_all_that_is_shown_of_a_poll(
    age: float | None, waiting: float | None, next_try: float | None
) -> None:
    fresh = Freshness(age, stale=False)
    poll = PollStatus(fresh, 5.0, waiting=waiting, next_try=next_try)
    cut = poll.in_seconds
    assert cut.in_seconds == cut
    for each in (cut.freshness.age, cut.waiting, cut.next_try):
        assert each is None or each == int(each)
    assert (cut.freshness.stale, cut.interval) == (False, 5.0)
    if age is None or age % 1 < 0.999:  # else a microsecond is rounded up to a second
        assert freshness_spans(cut, UNICODE) == freshness_spans(poll, UNICODE)
    if waiting is None or waiting % 1 < 0.999:
        assert trouble_lines(cut, 80, UNICODE) == trouble_lines(poll, 80, UNICODE)
