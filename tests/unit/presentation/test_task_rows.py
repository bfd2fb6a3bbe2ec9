from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.making import at, done, plan, point, session, task
from tests.support.outside_texts import OUTSIDE
from tests.support.rows import arranged
from tests.support.states import plain
from tui.analysis.assessing import assess
from tui.analysis.assessment import TaskView
from tui.analysis.stall import Motion, Movement
from tui.enterprise_manager.resources import TaskSession
from tui.presentation.glyphs import ASCII, UNICODE, Glyphs
from tui.presentation.line import length
from tui.presentation.task_body import Body
from tui.presentation.task_order import SORTS, TaskContext, TaskOrder, matches
from tui.presentation.task_rows import TaskPainter, row_text

CONTEXT = TaskContext(as_of=at(10), session_start=at(0))
VIEWS = assess(
    session(
        done("web01"),
        task("App01", progress=60, created=at(4)),
        done("sql02", "Failed", "No space on DS-07"),
        task("dc01", "Starting", progress=None),
        done("app02", "Warning", "Slow heartbeat"),
    ),
    plan=plan("web01", "App01", "sql02", "dc01", "app02", "late01"),
).tasks


def names_of(order: TaskOrder, views: tuple[TaskView, ...] = VIEWS) -> list[str]:
    return [view.vm_name for view in arranged(order, views, CONTEXT)]


# Order and filter ---------------------------------------------------------------


def test_failures_are_on_top_and_successes_at_the_end() -> None:
    assert names_of(TaskOrder()) == ["sql02", "app02", "App01", "dc01", "late01", "web01"]


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("vm", ["App01", "app02", "dc01", "late01", "sql02", "web01"]),
        ("progress", ["dc01", "late01", "App01", "web01", "sql02", "app02"]),
        ("time", ["dc01", "App01", "web01", "sql02", "app02", "late01"]),
        ("message", ["sql02", "app02", "web01", "App01", "dc01", "late01"]),
    ],
)
def test_each_sort(sort: str, names: list[str]) -> None:
    assert names_of(TaskOrder(sort)) == names


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("reverse", [False, True])
def test_equal_rows_keep_the_servers_order(sort: str, reverse: bool) -> None:
    same = assess(session(*(task("a", point=f"p{number}") for number in range(5)))).tasks
    shown = arranged(TaskOrder(sort, reverse), reversed(same), CONTEXT)
    assert [view.position for view in shown] == [0, 1, 2, 3, 4]


def test_a_column_sorts_and_again_turns_round() -> None:
    once = TaskOrder(filter="web").sorted_by("vm")
    assert (once.sort, once.reverse, once.filter) == ("vm", False, "web")
    assert once.sorted_by("vm").reverse
    assert once.sorted_by("percent").sort == "progress"
    assert once.sorted_by("rpo") == once


def test_s_goes_through_all_sorts_and_comes_back() -> None:
    order = TaskOrder()
    seen = [(order := order.next_sort()).sort for _ in SORTS]
    assert sorted(seen) == sorted(SORTS)
    assert order == TaskOrder()


@pytest.mark.parametrize(
    ("needle", "names"),
    [
        ("APP", ["app02", "App01"]),
        ("ds-07", ["sql02"]),
        ("waiting", ["late01"]),
        ("!0", []),
        ("!app", ["sql02", "dc01", "late01", "web01"]),
        ("  ", ["sql02", "app02", "App01", "dc01", "late01", "web01"]),
        ("!", ["sql02", "app02", "App01", "dc01", "late01", "web01"]),
        ("nothing like it", []),
    ],
)
def test_the_filter_finds_names_words_and_messages(needle: str, names: list[str]) -> None:
    assert names_of(TaskOrder(filter=needle)) == names


def test_failures_only() -> None:
    assert names_of(TaskOrder(failures_only=True)) == ["sql02"]


@given(OUTSIDE, st.lists(OUTSIDE, max_size=3))
def test_inverting_a_filter_turns_it_round(needle: str, haystack: list[str]) -> None:
    if needle.strip() and not needle.startswith("!"):
        assert matches(needle, haystack) is not matches(f"!{needle}", haystack)


# Cells ------------------------------------------------------------------------------


def cells_of(view: TaskView, width: int = 200, context: TaskContext = CONTEXT) -> dict[str, str]:
    painter = TaskPainter(UNICODE)
    painter.context = context
    painter.body = Body(needs=painter.needs([view]))
    columns = painter.columns(width)
    cells = painter.cells(view, columns)
    return {column.id: plain(cell).strip() for column, cell in zip(columns, cells, strict=True)}


def test_a_failed_row() -> None:
    context = TaskContext(at(10), at(0), {"point-sql02": point("point-sql02", at(-12))})
    row = cells_of(VIEWS[2], context=context)
    assert row["vm"] == "✘ sql02"
    assert row["status"] == "Failed"
    assert row["time"] == "2m00s"
    assert row["rpo"] == "12m00s"
    assert row["message"] == "No space on DS-07"


def test_what_is_not_known_is_a_dash_never_a_zero() -> None:
    row = cells_of(VIEWS[5])
    assert row["status"] == "Waiting"
    assert {row[column] for column in ("percent", "time", "start", "rpo")} == {"–"}


def test_a_failure_without_a_message_and_a_row_no_longer_listed_say_so() -> None:
    (failed,) = assess(session(done("a", "Failed"))).tasks
    assert cells_of(failed)["message"] == "the server gave no message"
    (gone,) = assess(session(), before=assess(session(done("a")))).tasks
    assert cells_of(gone)["message"] == "no longer listed"


def test_the_reason_of_a_row_no_longer_listed_comes_before_those_words() -> None:
    before = assess(session(done("sql02", "Failed", "No space on DS-07")))
    (gone,) = assess(session(), before=before).tasks
    assert cells_of(gone)["message"] == "No space on DS-07 (no longer listed)"


def _still(movement: Movement) -> TaskContext:
    ten = timedelta(minutes=10)
    motion = Motion(movement, ten, ten, ten)
    return TaskContext(as_of=at(10), motions={VIEWS[1].key: motion})


@pytest.mark.parametrize(
    ("movement", "needle", "names"),
    [
        (Movement.STALLED, "stalled", ["App01"]),
        (Movement.SLOW, "~slow", ["App01"]),
        (Movement.MOVING, "stalled", []),
    ],
)
def test_the_filter_knows_slow_and_stalled(
    movement: Movement, needle: str, names: list[str]
) -> None:
    shown = arranged(TaskOrder(filter=needle), VIEWS, _still(movement))
    assert [view.vm_name for view in shown] == names


@pytest.mark.parametrize("width", range(50, 121))
def test_a_stalled_row_has_its_own_symbol_and_is_never_cut(width: int) -> None:
    context = _still(Movement.STALLED)
    long = replace(context.motions[VIEWS[1].key], quiet_for=timedelta(minutes=54321))
    row = cells_of(VIEWS[1], width, replace(context, motions={VIEWS[1].key: long}))
    assert row["vm"] == "‖ App01"
    assert row["status"] in ("~Stalled", "~Stalled 54321m")


def test_a_running_rows_time_is_no_newer_than_its_data() -> None:
    assert cells_of(VIEWS[1])["time"] == "6m00s"
    assert cells_of(VIEWS[1], context=TaskContext())["time"] == "–"


def test_a_point_newer_than_failover_and_task_gives_no_rpo() -> None:
    context = TaskContext(session_start=at(0), points={"point-web01": point("x", at(5))})
    assert context.rpo(VIEWS[0]) is None


def test_the_sorted_column_has_an_arrow() -> None:
    painter = TaskPainter(UNICODE)
    painter.order = TaskOrder("vm", reverse=True)
    headers = {column.id: plain(painter.header(column)) for column in painter.columns(120)}
    assert headers["vm"].strip() == "VM▼"
    assert not any("▲" in text or "▼" in text for id_, text in headers.items() if id_ != "vm")


TASKS = st.builds(
    task,
    OUTSIDE,
    OUTSIDE | st.just("Working"),
    st.sampled_from(["None", "Failed", "Partly"]),
    progress=st.none() | st.integers(0, 100),
    message=st.none() | OUTSIDE,
)


@given(TASKS, st.integers(20, 250), st.sampled_from([UNICODE, ASCII]), st.sampled_from(SORTS))
def test_any_row_fills_its_columns_exactly(
    one: TaskSession, width: int, glyphs: Glyphs, sort: str
) -> None:
    painter = TaskPainter(glyphs)
    painter.context = CONTEXT
    painter.order = TaskOrder(sort)
    (view,) = assess(session(one)).tasks
    columns = painter.columns(width)
    for column, cell in zip(columns, painter.cells(view, columns), strict=True):
        assert length(cell) == column.width == length(painter.header(column))
        assert plain(cell).isprintable()
        assert not glyphs.is_ascii or plain(cell).isascii()


@given(TASKS, st.sampled_from([UNICODE, ASCII]))
def test_a_copied_row_is_one_printable_line(one: TaskSession, glyphs: Glyphs) -> None:
    (view,) = assess(session(one)).tasks
    text = row_text(view, CONTEXT, glyphs)
    assert text.isprintable()
    assert not glyphs.is_ascii or text.isascii()


def test_a_copied_row_says_all_of_the_row_and_leaves_out_what_is_not_known() -> None:
    assert [row_text(view, CONTEXT, ASCII) for view in VIEWS] == [
        "+ web01  Success  100 %  2 min",
        "> App01  Working  60 %  6 min",
        "x sql02  Failed  100 %  2 min  No space on DS-07",
        "> dc01  Starting  10 min",
        "! app02  Warning  100 %  2 min  Slow heartbeat",
        ". late01  Waiting",
    ]


def test_messages_are_whole_in_a_column_as_wide_as_the_longest_one() -> None:
    painter = TaskPainter(UNICODE)
    needs = painter.needs(VIEWS)
    assert needs.message == len("No space on DS-07")
    narrowest = next(width for width in range(40, 200) if painter.holds_messages(width, needs))
    for width in range(narrowest, narrowest + 5):
        assert painter.holds_messages(width, needs)
    painter.body = Body(needs=needs)
    row = painter.cells(VIEWS[2], painter.columns(narrowest))
    assert any(plain(cell).rstrip() == "No space on DS-07" for cell in row)


def test_a_row_says_when_it_began_and_a_waiting_one_that_it_has_not() -> None:
    assert cells_of(VIEWS[1])["start"] == "13:54:00"
    assert cells_of(VIEWS[5])["start"] == "–"
    unknown = assess(session(task("a", created=None))).tasks[0]
    assert (cells_of(unknown)["start"], cells_of(unknown)["time"]) == ("–", "–")


@pytest.mark.parametrize(
    ("progress", "said"), [(0, "0"), (1, "1"), (99, "99"), (100, "100"), (None, "–")]
)
def test_a_progress_of_zero_is_one_and_an_unknown_one_a_dash(
    progress: int | None, said: str
) -> None:
    (view,) = assess(session(task("a", progress=progress))).tasks
    assert cells_of(view)["percent"] == said


def test_a_failure_is_marked_as_new_or_as_acknowledged() -> None:
    failed = VIEWS[2].key
    new = TaskContext(at(10), new_failures=frozenset({failed}))
    seen = TaskContext(at(10), acknowledged=frozenset({failed, VIEWS[0].key}))
    assert cells_of(VIEWS[2], context=new)["status"] == "Failed NEW"
    assert cells_of(VIEWS[2], context=seen)["status"] == "Failed ack"
    # Only a failure can be acknowledged.
    assert cells_of(VIEWS[0], context=seen)["status"] == "Success"
    both = TaskContext(at(10), new_failures=frozenset({failed}), acknowledged=frozenset({failed}))
    assert cells_of(VIEWS[2], context=both)["status"] == "Failed NEW"


def test_what_was_stuck_and_is_over_is_stuck_no_more() -> None:
    context = _still(Movement.STALLED)
    over = assess(session(*(done(view.vm_name) for view in VIEWS[:2]))).tasks[1]
    stuck = replace(context, motions={over.key: context.motions[VIEWS[1].key]})
    row = cells_of(over, context=stuck)
    assert (row["vm"], row["status"]) == ("✔ App01", "Success")
    assert arranged(TaskOrder(filter="stalled"), [over], stuck) == []


def test_the_stalled_stand_with_the_warnings() -> None:
    order = arranged(TaskOrder(), VIEWS, _still(Movement.STALLED))
    assert [view.vm_name for view in order][:3] == ["sql02", "App01", "app02"]
    quiet = arranged(TaskOrder(), VIEWS, _still(Movement.QUIET))
    assert [view.vm_name for view in quiet][:3] == ["sql02", "app02", "App01"]


def test_f_goes_from_failures_to_warnings_and_back_and_past_what_there_is_none_of() -> None:
    def course(*, failed: bool, warned: bool) -> list[str]:
        order, seen = TaskOrder(), []
        for _ in range(3):
            order = order.next_narrowing(failed=failed, warned=warned)
            seen.append(order.narrowed)
        return seen

    assert course(failed=True, warned=True) == ["failures only", "failures and warnings", ""]
    assert course(failed=True, warned=False) == ["failures only", "", "failures only"]
    assert course(failed=False, warned=True) == [
        "failures and warnings",
        "",
        "failures and warnings",
    ]
    assert course(failed=False, warned=False) == ["", "", ""]


def test_failures_and_warnings_are_those_two_and_no_others() -> None:
    order = TaskOrder(failures_only=True, warnings_too=True)
    assert names_of(order) == ["sql02", "app02"]
