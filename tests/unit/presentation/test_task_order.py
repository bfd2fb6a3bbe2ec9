"""Rows that stayed where they were are laid out as rows that are seen for the first time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.making import at, done, point, session, task
from tests.support.readings import courses
from tests.support.rows import arranged
from tests.support.states import plain, state
from tui.analysis.assessing import assess
from tui.analysis.assessment import Assessment, TaskKey, TaskView
from tui.analysis.drill import Drill, Goals, Known
from tui.analysis.moved_on import moved_on
from tui.analysis.stall import Motion, Movement
from tui.enterprise_manager.resources import FailoverSession, TaskSession
from tui.monitor.snapshot import Snapshot
from tui.presentation.glyphs import UNICODE
from tui.presentation.session_layout import Look, Shape, lay_out_session
from tui.presentation.task_layout import Group, Grouping
from tui.presentation.task_order import SORTS, TaskContext, TaskOrder
from tui.presentation.task_rows import TaskPainter

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


PLAIN_ORDERS = st.builds(
    TaskOrder,
    st.sampled_from(SORTS),
    st.booleans(),
    st.sampled_from(["", "", "", "!m1", "stalled"]),
    st.sampled_from([False, False, True]),
)
STEPS = st.tuples(
    st.sampled_from(["move", "end", "end", "tell", "more", "fewer", "turn", "rename", "still"]),
    st.integers(0, 6),
    st.integers(0, 99),
)


def _stepped(listed: list[TaskSession], kind: str, place: int, number: int) -> list[TaskSession]:
    """A list of tasks as the server may give it next."""
    at_place = listed[place : place + 1]
    new: dict[str, Callable[[TaskSession], TaskSession]] = {
        "move": lambda each: replace(each, progress=number),
        "end": lambda each: done(each.vm_name, ("Success", "Failed", "Warning")[number % 3]),
        "tell": lambda each: replace(each, failure_message="disk full" * (number % 4) or None),
        "rename": lambda each: replace(each, vm_name=f"other {number}"),
    }
    if kind in new:
        return [*listed[:place], *map(new[kind], at_place), *listed[place + 1 :]]
    if kind == "more":
        return [*listed, task(f"new {number}", progress=number)]
    if kind == "fewer":
        return listed[: max(3, len(listed) - 1 - number % 3)]
    return listed[::-1] if kind == "turn" else listed


@settings(max_examples=120, deadline=None)
@given(PLAIN_ORDERS, st.lists(st.lists(STEPS, min_size=1, max_size=3), min_size=4, max_size=12))
def test_rows_that_are_put_among_the_others_are_those_of_a_full_sort(
    order: TaskOrder, steps: list[list[tuple[str, int, int]]]
) -> None:
    listed = [task(f"vm{n}", progress=n * 7 % 50, created=at(n % 4)) for n in range(12)]
    painter, view = TaskPainter(UNICODE), assess(session(*listed))
    motions: dict[TaskKey, Motion] = {}
    for number, several in enumerate(steps):
        for step in several:
            listed = _stepped(listed, *step)
            if step[0] == "still" and step[1] < len(view.tasks):
                said = tuple(Movement)[step[2] % 5]
                quiet = timedelta(minutes=step[2])
                motions = {**motions, view.tasks[step[1]].key: Motion(said, quiet, quiet, quiet)}
        read = session(*listed)
        view = moved_on(view, read) or assess(read, before=view)
        painter.context = context = TaskContext(as_of=at(10 + number // 3), motions=motions)
        shown = painter.arrange(order, view.tasks)
        assert list(shown) == arranged(order, view.tasks, context)
        fresh = TaskPainter(UNICODE)
        fresh.context = context
        assert painter.needs(shown) == fresh.needs(fresh.arrange(order, view.tasks))
        assert painter.grouping(shown) == Grouping.of(shown)


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


def test_the_word_for_one_that_stood_still_takes_no_room_once_it_has_ended() -> None:
    painter, listed = TaskPainter(UNICODE), [task("a"), task("b")]
    view, long = assess(session(*listed)), timedelta(minutes=99)
    stalled = {view.tasks[0].key: Motion(Movement.STALLED, long, long, long)}
    for word, after in (("~Stalled 99m", task("a")), ("Failed NEW", done("a"))):
        view = assess(session(after, listed[1]), before=view)
        painter.context = TaskContext(motions=stalled)
        assert painter.needs(painter.arrange(TaskOrder(), view.tasks)).status == len(word)


def test_a_cell_is_painted_anew_as_soon_as_its_replica_point_is_read() -> None:
    listed = session(done("a"), done("b"))
    (view, other) = assess(listed).tasks
    painter = TaskPainter(UNICODE)
    columns = painter.columns(200)

    def rpo(context: TaskContext, of: TaskView = view) -> str:
        painter.context = context
        cells = painter.cells(of, columns)
        shown = zip(columns, cells, strict=True)
        return next(plain(cell).strip() for column, cell in shown if column.id == "rpo")

    unread = TaskContext(as_of=at(10), session_start=at(0))
    read = replace(unread, points={"point-a": point("point-a", at(-60))})
    assert (rpo(unread), rpo(unread, other)) == ("–", "–")
    kept = painter.cells(other, columns)
    assert (rpo(read), rpo(read, other)) == ("1h00m00s", "–")
    assert painter.cells(other, columns) is kept, "nothing has changed for that row"
    later = replace(read, points={"point-a": point("point-a", at(-30))})
    assert rpo(later) == "30m00s"
    assert rpo(replace(later, session_start=at(30))) == "1h00m00s"
