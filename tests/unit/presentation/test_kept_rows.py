"""Rows that stayed where they were are laid out as rows that are seen for the first time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.making import at, done, point, session, task
from tests.support.readings import courses
from tests.support.states import state
from tui.analysis.assessing import assess, moved_on
from tui.analysis.assessment import Assessment
from tui.analysis.drill import Drill, Goals, Known
from tui.enterprise_manager.resources import FailoverSession
from tui.monitor.snapshot import Snapshot
from tui.presentation.glyphs import UNICODE
from tui.presentation.session_layout import Look, Shape, lay_out_session
from tui.presentation.task_layout import Group
from tui.presentation.task_rows import SORTS, TaskContext, TaskOrder, TaskPainter

ORDERS = st.builds(
    TaskOrder,
    st.sampled_from(SORTS),
    st.booleans(),
    st.sampled_from(["", "a", "!a", "quiet", "full"]),
    st.booleans(),
)
LOOKS = st.one_of(
    st.just(Look()),
    st.builds(Look, ORDERS),
    st.just(Look(unfolded=frozenset({Group.RUNNING}))),
)
SHAPES = st.builds(Shape, st.sampled_from([50, 80, 200]), st.sampled_from([12, 16, 24]))


def _snapshots(course: list[FailoverSession], seconds: list[int]) -> list[Snapshot]:
    drill, now, found = Drill(timedelta(minutes=5)), at(3), []
    view: Assessment | None = None
    for read, more in zip(course, seconds, strict=False):
        view = (view and moved_on(view, read)) or assess(read, before=view)
        drill.read(view, now)
        now += timedelta(seconds=more)
        known = Known(session=read, assessment=view)
        judged = drill.judge(known, Goals(), now=now, as_of=now, stale=False)
        found.append(replace(state(read), assessment=view, drill=judged))
    return found


def _context(snapshot: Snapshot, number: int) -> TaskContext:
    """The clocks of the rows move with every second poll; failures are new, then known."""
    failed = [view.key for view in snapshot.assessment.failures] if snapshot.assessment else []
    return TaskContext(
        as_of=at(10 + number // 2),
        session_start=at(0),
        points={} if number < 2 else {"point-a": point("point-a", at(-60))},
        motions=snapshot.drill.motions if snapshot.drill else {},
        new_failures=frozenset(failed[number % 3 :]),
        acknowledged=frozenset(failed[: number % 2]),
    )


@settings(max_examples=150, deadline=None)
@given(courses(), st.lists(st.tuples(st.integers(0, 400), LOOKS), min_size=8, max_size=8), SHAPES)
def test_a_layout_that_goes_on_is_that_of_a_new_painter(
    course: list[FailoverSession], steps: list[tuple[int, Look]], shape: Shape
) -> None:
    kept = TaskPainter(UNICODE)
    look = Look()
    for number, snapshot in enumerate(_snapshots(course, [seconds for seconds, _ in steps])):
        if number % 3 == 0:  # a person turns to something else now and then
            look = steps[number][1]
        fresh = TaskPainter(UNICODE)
        kept.context, fresh.context = _context(snapshot, number), _context(snapshot, number)
        layouts = [
            lay_out_session(snapshot, look, shape, 5, painter, UNICODE) for painter in (kept, fresh)
        ]
        assert layouts[0] == layouts[1]
        kept.body, fresh.body = (layout.body for layout in layouts)
        columns = fresh.columns(shape.table_width)
        for row in layouts[0].body.rows:
            assert kept.cells(row, columns) == fresh.cells(row, columns)


@pytest.mark.parametrize("count", [10, 1000])
def test_as_many_rows_are_placed_as_changed(count: int) -> None:
    painter = TaskPainter(UNICODE)
    listed = [task(f"vm{number}", progress=1) for number in range(count)]
    view = assess(session(*listed))
    lay_out_session(state(session(*listed)), Look(), Shape(200, 60), 5, painter, UNICODE)
    painter.arrange(TaskOrder(), view.tasks)
    known = painter.kept.placed
    listed[2] = replace(listed[2], progress=2)
    listed[4] = replace(listed[4], progress=9)
    view = assess(session(*listed), before=view)
    rows = painter.arrange(TaskOrder(), view.tasks)
    assert painter.kept.placed - known == 2
    assert [row.progress for row in rows[:5]] == [1, 1, 2, 1, 9]
    listed[3] = done("vm3", "Failed")
    view = assess(session(*listed), before=view)
    assert painter.arrange(TaskOrder(), view.tasks)[0].vm_name == "vm3"
