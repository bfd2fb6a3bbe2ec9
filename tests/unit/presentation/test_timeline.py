from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.making import at, done, plan, session, stopped, task
from tests.support.outside_texts import OUTSIDE
from tests.support.states import EMPTY, judged, plain, state
from tui.analysis.assessing import assess
from tui.analysis.assessment import TaskView
from tui.analysis.drill import Goals
from tui.analysis.stall import Motion, Movement
from tui.presentation.columns import Column
from tui.presentation.glyphs import ASCII, UNICODE, Glyphs
from tui.presentation.line import Line, length
from tui.presentation.task_order import TaskContext
from tui.presentation.time_axis import Axis, TimeFrame, axis_of, ticks
from tui.presentation.timeline import AREA, TimelinePainter, axis_line, bar_of

GLYPHS = st.sampled_from([UNICODE, ASCII])
MOMENTS = st.floats(-600, 6_000).map(at)
SOMETIMES = st.none() | MOMENTS
WIDTHS = st.integers(1, 220)
FRAMES = st.builds(
    TimeFrame, SOMETIMES, SOMETIMES, SOMETIMES, SOMETIMES, SOMETIMES, over=st.booleans()
)
STARTED = FRAMES.map(lambda frame: replace(frame, start=at(0)))
STATES = st.sampled_from(["Starting", "Working", "Stopping", "Stopped", "Odd", ""])
RESULTS = st.sampled_from(["None", "Success", "Warning", "Failed", "Odd"])
LONG = st.timedeltas(timedelta(), timedelta(days=20))
ANY_WIDTH = st.integers(1, 260)


@st.composite
def views(draw: st.DrawFn) -> TaskView:
    made = task(
        draw(OUTSIDE),
        draw(STATES),
        draw(RESULTS),
        created=draw(SOMETIMES),
        message=draw(st.none() | OUTSIDE),
    )
    made = replace(made, ended=draw(SOMETIMES))
    return assess(session(made)).tasks[0]


def painter_of(frame: TimeFrame, glyphs: Glyphs = UNICODE) -> TimelinePainter:
    painter = TimelinePainter(glyphs)
    painter.frame = frame
    painter.context = TaskContext(as_of=frame.now)
    return painter


def area(painter: TimelinePainter, view: TaskView, width: int = 80) -> str:
    columns = painter.columns(width)
    wanted = next(column for column in columns if column.id == AREA)
    return plain(painter.cells(view, [wanted])[0])[: wanted.room]


def header(painter: TimelinePainter, width: int = 80) -> str:
    wanted = next(column for column in painter.columns(width) if column.id == AREA)
    return plain(painter.header(wanted))[: wanted.room]


def needed_axis(frame: TimeFrame, before: Axis | None = None) -> Axis:
    axis = axis_of(frame, before)
    assert axis is not None
    return axis


# What always holds


@given(views(), FRAMES, GLYPHS, ANY_WIDTH, st.none() | LONG)
def test_cells_and_header_are_exactly_as_wide_as_their_columns(
    view: TaskView, frame: TimeFrame, glyphs: Glyphs, width: int, usual: timedelta | None
) -> None:
    painter = painter_of(frame, glyphs)
    painter.usual = {view.vm_name: usual} if usual else {}
    columns = painter.columns(width)
    for column, cell in zip(columns, painter.cells(view, columns), strict=True):
        assert length(cell) == column.width
        assert length(painter.header(column)) == column.width
        if glyphs.is_ascii:
            assert plain(cell).isascii()
            assert plain(painter.header(column)).isascii()


@given(views(), STARTED, WIDTHS, st.none() | LONG)
def test_a_bar_is_inside_the_area_not_before_the_start_and_at_least_half_a_cell(
    view: TaskView, frame: TimeFrame, width: int, usual: timedelta | None
) -> None:
    axis = needed_axis(frame)
    bar = bar_of(view, frame, axis, width, usual)
    if bar is None:
        assert view.task is None or (view.task.created is None and view.task.ended is None)
        return
    least = min(axis.halves(axis.start, width), 2 * width - 1)
    assert least <= bar.first < bar.end <= bar.expected <= 2 * width


@given(STARTED, WIDTHS, st.lists(MOMENTS, min_size=2))
def test_a_later_moment_is_never_further_left(
    frame: TimeFrame, width: int, moments: list[datetime]
) -> None:
    axis = needed_axis(frame)
    places = [axis.halves(moment, width) for moment in sorted(moments)]
    assert places == sorted(places)
    assert all(0 <= place <= 2 * width for place in places)


@given(STARTED)
def test_what_has_to_be_shown_is_on_the_axis(frame: TimeFrame) -> None:
    axis = needed_axis(frame)
    assert axis.origin <= axis.start == frame.start
    end = axis.origin + axis.length
    if frame.until is not None:
        assert frame.until <= end
    if frame.now is not None and not frame.over:
        assert frame.now <= end


@given(STARTED, st.integers(9, 220))
def test_ticks_rise_and_lie_inside(frame: TimeFrame, width: int) -> None:
    found = ticks(needed_axis(frame), width)
    places = [place for place, _ in found]
    assert places == sorted(set(places))
    assert all(0 <= place < width for place in places)
    assert all(after - before >= 8 for before, after in pairwise(places))


@given(STARTED, WIDTHS, GLYPHS)
def test_labels_do_not_run_into_each_other(frame: TimeFrame, width: int, glyphs: Glyphs) -> None:
    axis = needed_axis(frame)
    said = plain(axis_line(frame, axis, width, glyphs)).split()
    known = {label for _, text in ticks(axis, width) for label in text.split()}
    assert set(said) <= known | {"RTO", "RTO>", "now", "declared"}


@given(st.lists(st.floats(0.1, 500), min_size=1, max_size=40))
def test_the_axis_moves_rarely_and_shows_now_each_time(minutes: list[float]) -> None:
    painter = TimelinePainter(UNICODE)
    axes = []
    for minute in sorted(minutes):
        painter.frame = TimeFrame(at(0), at(minute))
        assert painter.axis is not None
        assert at(minute) <= at(0) + painter.axis.length
        axes.append(painter.axis)
    assert len(set(axes)) <= 16
    lengths = [axis.length for axis in axes]
    assert lengths == sorted(lengths)


# What a person sees


def test_eighty_columns_have_name_bars_and_duration() -> None:
    read = session(
        task("dc01", "Stopped", "Success", created=at(0), ended=at(5)),
        task("web01", created=at(5)),
    )
    first, second = assess(read).tasks
    painter = painter_of(TimeFrame(at(0), at(12), deadline=at(15)))
    assert [column.id for column in painter.columns(80)] == ["vm", AREA, "time"]
    assert area(painter, first) == "━━━━━━━━━━━━━━━━───────────────────────│────────┃"
    assert area(painter, second) == "────────────────━━━━━━━━━━━━━━━━━━━━━━━│────────┃"
    assert header(painter).endswith(" RTO")
    assert header(painter).index("now") == area(painter, first).index("│")
    assert header(painter).startswith("0 ")
    row = [plain(cell) for cell in painter.cells(second, painter.columns(80))]
    assert row[0].startswith(" ▶ web01")
    assert row[-1].strip() == "7m00s"


def test_without_unicode_it_says_the_same() -> None:
    view = assess(session(task("web01", created=at(5)))).tasks[0]
    shown = area(painter_of(TimeFrame(at(0), at(12), deadline=at(15)), ASCII), view)
    assert shown.strip(".").startswith("===")
    assert shown.index(":") < shown.index("|")


def test_a_vm_that_has_not_begun_and_one_without_times_have_no_bar() -> None:
    read = state(session(task("odd", created=None)), plan=plan("odd", "app03"))
    assert read.assessment is not None
    painter = painter_of(TimeFrame(at(0), at(10)))
    for view in read.assessment.tasks:
        assert set(area(painter, view)) == {"─", "│"}


def test_a_task_past_the_target_is_crossed_by_it() -> None:
    view = assess(session(task("web01", created=at(1)))).tasks[0]
    shown = area(painter_of(TimeFrame(at(0), at(20), deadline=at(10))), view)
    assert "━╋━" in shown


def test_an_expected_end_is_marked_as_inferred_but_not_for_a_stalled_task() -> None:
    view = assess(session(task("web01", created=at(0)))).tasks[0]
    painter = painter_of(TimeFrame(at(0), at(5), at(10)))
    painter.usual = {"web01": timedelta(minutes=8)}
    assert "╸~" in area(painter, view)
    assert painter.axis is not None
    bar = bar_of(view, painter.frame, painter.axis, 60, timedelta(minutes=8))
    assert bar is not None
    assert bar.expected == painter.axis.halves(at(8), 60)
    motion = Motion(Movement.STALLED, timedelta(0), timedelta(0), timedelta(0))
    painter.context = TaskContext(motions={view.key: motion})
    assert "~" not in area(painter, view)


def test_a_failures_reason_stands_beside_its_bar() -> None:
    view = assess(session(done("sql02", "Failed", "No [space]\non \x1b[2JDS-07"))).tasks[0]
    painter = painter_of(TimeFrame(at(0), at(14), deadline=at(15)))
    shown = area(painter, view)
    assert "━ No [space] ⏎ on" in shown.replace("╸", "━")
    assert "\x1b" not in shown
    assert "│" in shown
    assert "┃" in shown


def test_after_the_end_there_is_no_now() -> None:
    read = state(stopped(done("dc01")))
    frame = TimeFrame.of(read, at(50))
    assert (frame.over, frame.until) == (True, at(10))
    assert needed_axis(frame).length == timedelta(minutes=10)
    assert read.assessment is not None
    assert "│" not in area(painter_of(frame), read.assessment.tasks[0])
    assert "now" not in header(painter_of(frame))


def test_the_time_from_the_declaration_to_the_start_is_empty() -> None:
    view = assess(session(task("web01", created=at(-3)))).tasks[0]
    painter = painter_of(TimeFrame(at(0), at(6), declared=at(-4)))
    shown = area(painter, view)
    assert shown.startswith("      ")
    assert shown.strip()[0] in "╺━"
    assert header(painter).startswith("declared")


def test_a_declaration_or_a_target_far_away_does_not_squeeze_the_bars() -> None:
    painter = painter_of(TimeFrame(at(0), at(6), deadline=at(1440), declared=at(-600)))
    assert painter.axis == Axis(at(0), timedelta(minutes=10), at(0))
    assert header(painter).endswith("RTO>")


def test_a_clock_behind_the_start_shows_no_now() -> None:
    view = assess(session(task("web01"))).tasks[0]
    painter = painter_of(TimeFrame(at(0), at(-1)))
    assert "now" not in header(painter)
    assert area(painter, view).startswith("╸─")


def test_an_estimate_that_moves_to_and_fro_does_not_move_the_axis() -> None:
    painter = TimelinePainter(UNICODE)
    axes = set()
    for latest in (14, 15.5, 14, 16, 13, 11):
        painter.frame = TimeFrame(at(0), at(3), at(latest))
        axes.add(painter.axis)
    assert len(axes) == 2
    painter.frame = TimeFrame(at(0), at(3), at(4))
    assert painter.axis not in axes


def test_from_poll_to_poll_a_finished_bar_changes_only_where_the_line_for_now_is() -> None:
    view = assess(session(done("dc01"))).tasks[0]
    painter = TimelinePainter(UNICODE)
    shown = []
    for second in range(360, 600, 5):
        painter.frame = TimeFrame(at(0), at(second / 60), deadline=at(30))
        shown.append(area(painter, view))
    changes = [
        sum(one != other for one, other in zip(before, after, strict=True))
        for before, after in pairwise(shown)
    ]
    assert set(changes) == {0, 2}
    assert changes.count(2) <= 8


@pytest.mark.parametrize(
    ("minutes", "width", "labels"),
    [
        (5, 60, ["0", "+1m", "+2m", "+3m", "+4m", "+5m"]),
        (20, 52, ["0", "+5m", "+10m", "+15m", "+20m"]),
        (90, 52, ["0", "+30m", "+1h", "+1h30m"]),
        (20, 120, ["13:50 UTC", "13:52", "13:54", "13:56"]),
        (1440 * 8, 50, ["0", "+2d", "+4d", "+6d", "+8d"]),
    ],
)
def test_ticks_at_nice_steps(minutes: int, width: int, labels: list[str]) -> None:
    found = [label for _, label in ticks(Axis(at(0), timedelta(minutes=minutes), at(0)), width)]
    assert found[: len(labels)] == labels


def test_clock_times_go_over_midnight() -> None:
    evening = datetime(2026, 11, 23, 23, 45, tzinfo=UTC)
    labels = [label for _, label in ticks(Axis(evening, timedelta(minutes=30), evening), 100)]
    assert labels[:5] == ["23:45 UTC", "23:50", "23:55", "00:00", "00:05"]


def test_the_end_of_the_calendar_ends_nothing() -> None:
    last = datetime(9999, 12, 31, 23, 59, tzinfo=UTC)
    view = assess(session(task("web01", created=last))).tasks[0]
    painter = painter_of(TimeFrame(last, last, last, last))
    painter.usual = {"web01": timedelta(days=3)}
    assert len(area(painter, view, 200)) > 90
    assert header(painter, 200).strip()


def test_wide_terminals_get_status_percent_and_clock_times() -> None:
    painter = painter_of(TimeFrame(at(0), at(6)))
    ids = [column.id for column in painter.columns(200)]
    assert ids == ["vm", "status", AREA, "percent", "time"]
    assert header(painter, 200).startswith("13:50 UTC ")


def test_before_the_first_data_there_is_only_the_track() -> None:
    painter = TimelinePainter(UNICODE)
    assert TimeFrame.of(EMPTY, at(0)) == TimeFrame()
    assert header(painter).strip() == ""
    assert set(area(painter, assess(session(done("dc01"))).tasks[0])) == {"─"}


def test_the_frame_takes_target_and_declaration_from_the_drill() -> None:
    read = state(session(done("dc01"), task("web01")), plan=plan("dc01", "web01"))
    view = judged(read, at(4), Goals(rto=timedelta(minutes=30), declared=at(-5)))
    frame = TimeFrame.of(replace(read, drill=view), at(4))
    assert (frame.start, frame.now, frame.over) == (at(0), at(4), False)
    assert (frame.deadline, frame.declared) == (at(25), at(-5))


def test_without_the_sessions_start_the_first_task_begins_the_axis() -> None:
    read = state(session(task("a", created=at(3)), task("b", created=at(2)), created=None))
    assert TimeFrame.of(read, at(4)).start == at(2)


def test_styles_are_the_statuses() -> None:
    tasks = assess(session(done("a"), done("b", "Failed"), task("c"))).tasks
    painter = painter_of(TimeFrame(at(0), at(10)))
    column = next(each for each in painter.columns(80) if each.id == AREA)
    tokens = [{token for text, token in _bars(painter, view, column)} for view in tasks]
    assert tokens == [{"success"}, {"failed"}, {"running"}]


def _bars(painter: TimelinePainter, view: TaskView, column: Column) -> Line:
    return tuple(span for span in painter.cells(view, [column])[0] if "━" in span[0])


@pytest.mark.parametrize(
    ("length", "width", "labels"),
    [
        (10, 60, ["0", "+2m", "+4m", "+6m", "+8m", "+10m"]),
        (90, 60, ["0", "+15m", "+30m", "+45m", "+1h", "+1h15m", "+1h30m"]),
        (2880, 60, ["0", "+12h", "+1d", "+36h", "+2d"]),
    ],
)
def test_ticks_are_at_round_times_after_the_start(
    length: int, width: int, labels: list[str]
) -> None:
    axis = Axis(at(0), timedelta(minutes=length), at(0))
    found = ticks(axis, width)
    assert [label for _, label in found] == labels
    assert found[0][0] == 0
    assert found[-1][0] == width - 1


def test_a_wide_axis_has_clock_times_the_first_one_with_its_zone() -> None:
    axis = Axis(at(0), timedelta(minutes=60), at(0))  # from 13:50
    labels = [label for _, label in ticks(axis, 100)]
    assert labels[0].endswith(" UTC")
    assert labels[:3] == ["13:50 UTC", "14:00", "14:10"]
    assert [label for _, label in ticks(axis, 89)][:2] == ["0", "+10m"]


def test_before_the_start_ticks_count_down_to_it() -> None:
    axis = Axis(at(-10), timedelta(minutes=20), at(0))
    assert [label for _, label in ticks(axis, 60)] == ["-10m", "-5m", "0", "+5m", "+10m"]


@pytest.mark.parametrize(
    ("minute", "cell", "halves"),
    [(-0.1, None, 0), (0, 0, 0), (5, 10, 20), (9.99, 19, 39), (10, 19, 40), (10.1, None, 40)],
)
def test_where_a_moment_lies_on_the_axis(minute: float, cell: int | None, halves: int) -> None:
    axis = Axis(at(0), timedelta(minutes=10), at(0))
    assert axis.cell(at(minute), 20) == cell
    assert axis.halves(at(minute), 20) == halves
    assert axis.cell(at(5), 0) is None


def test_marks_keep_a_blank_between_them_and_stay_inside() -> None:
    for minutes in range(61):
        frame = TimeFrame(at(0), at(30), at(60), deadline=at(minutes))
        axis = Axis(at(0), timedelta(minutes=60), at(0))
        line = axis_line(frame, axis, 61, UNICODE)
        said = plain(line)
        assert len(said) == 61
        assert "RTO" in said.split(), "the target is the last that may be missing"
        # It begins where the target lies, but where it would stand out at the end.
        assert said.index("RTO") == min(minutes, 58)
        marks = [text.strip() for text, token in line if token == "note-bar"]
        assert marks in (["RTO", "now"], ["now", "RTO"], ["RTO"])


@pytest.mark.parametrize("width", range(140, 180, 3))
def test_what_a_stalled_task_is_called_is_shortened_and_not_cut(width: int) -> None:
    view = assess(session(task("web01"))).tasks[0]
    painter = painter_of(TimeFrame(at(0), at(60_000)))
    long = timedelta(minutes=54_321)
    stalled = Motion(Movement.STALLED, long, long, timedelta(minutes=10))
    painter.context = TaskContext(as_of=at(60_000), motions={view.key: stalled})
    columns = painter.columns(width)
    cells = zip(columns, painter.cells(view, columns), strict=True)
    (status,) = [plain(cell).strip() for column, cell in cells if column.id == "status"]
    assert status in ("~Stalled", "~Stalled 54321m")
