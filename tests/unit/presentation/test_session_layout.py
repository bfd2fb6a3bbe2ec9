"""What a session shows at each size: nothing overflows, and nothing is cut beside idle lines."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.making import at, done, session, task
from tests.support.states import judged, plain, state
from tui.monitor.snapshot import Snapshot
from tui.presentation.glyphs import UNICODE
from tui.presentation.line import length
from tui.presentation.phone_rows import PhonePainter
from tui.presentation.session_layout import Look, SessionLayout, Shape, lay_out_session
from tui.presentation.task_layout import Fold
from tui.presentation.task_order import TaskOrder
from tui.presentation.task_rows import TaskPainter

HEAD = 7
REASON = "Not enough free space on datastore DS-11: 534 GB needed, 62 GB free"
MESSAGES = st.lists(
    st.sampled_from(["No space", REASON, REASON * 3, "保存先の空き容量が不足しています", ""]),
    max_size=12,
)
SHAPES = st.builds(Shape, st.integers(36, 200), st.integers(12, 60))


def shown(
    messages: list[str], up: int, shape: Shape, look: Look | None = None
) -> tuple[SessionLayout, TaskPainter, int]:
    """The layout, its painter, and the lines of its rows."""
    failed = [done(f"vm-{n}", "Failed", message) for n, message in enumerate(messages)]
    running = [task("busy", progress=40, created=at(1))]
    snapshot: Snapshot = state(session(*failed, *running, *(done(f"up-{n}") for n in range(up))))
    snapshot = replace(snapshot, drill=judged(snapshot, at(5)))
    painter = PhonePainter(UNICODE) if shape.is_phone else TaskPainter(UNICODE)
    layout = lay_out_session(snapshot, look or Look(), shape, HEAD, painter, UNICODE)
    painter.body = layout.body
    below = sum(len(painter.below(row, shape.table_width)) for row in layout.body.rows)
    return layout, painter, len(layout.body.rows) + below


@settings(max_examples=150)
@given(MESSAGES, st.integers(0, 40), SHAPES)
def test_rows_and_reasons_have_their_lines_and_none_is_idle(
    messages: list[str], up: int, shape: Shape
) -> None:
    layout, painter, rows = shown(messages, up, shape)
    room = shape.height - HEAD - 1 - (0 if shape.is_phone else 1)
    used = rows + len(layout.pane)
    few = room < 4
    assert few or used <= room
    folded = any(isinstance(row, Fold) for row in layout.body.rows)
    told = bool(layout.pane)  # by cause, for all of them
    if (folded or (layout.body.cut and not told)) and not few:
        tallest = max(painter.height(row, shape.table_width) for row in layout.body.rows
                      if not isinstance(row, Fold)) if layout.body.below else 1  # fmt: skip
        assert room - used <= max(tallest, 5), "lines are idle while something has no room"
    assert all(length(line) == shape.width for line in layout.pane)


@settings(max_examples=150)
@given(MESSAGES, SHAPES)
def test_where_nothing_is_cut_every_reason_can_be_read(messages: list[str], shape: Shape) -> None:
    layout, painter, _ = shown(messages, 3, shape, Look(TaskOrder(failures_only=True)))
    assert not layout.body.cut, "a list of failures has their reasons in full"
    columns = painter.columns(shape.table_width)
    for row in layout.body.rows:
        assert not isinstance(row, Fold)
        lines = [*painter.cells(row, columns), *painter.below(row, shape.table_width)]
        said = "".join("".join(plain(line).split()) for line in lines)
        wanted = "".join((row.message or "the server gave no message").split())
        if "…" not in said:
            assert wanted in said or layout.body.below
        assert sum(length(line) for line in painter.cells(row, columns)) <= shape.table_width


@given(MESSAGES, st.integers(0, 40), SHAPES)
def test_it_is_a_function_of_its_arguments(messages: list[str], up: int, shape: Shape) -> None:
    assert shown(messages, up, shape)[0] == shown(messages, up, shape)[0]


@pytest.mark.parametrize(
    ("order", "folds"),
    [
        (TaskOrder(), True),
        (TaskOrder(warnings_too=True), True),
        (TaskOrder("vm"), False),
        (TaskOrder(reverse=True), False),
        (TaskOrder("vm", reverse=True), False),
        (TaskOrder(filter="x"), False),
        (TaskOrder(failures_only=True), False),
    ],
)
def test_only_what_is_sorted_by_status_is_folded(order: TaskOrder, folds: bool) -> None:
    assert Look(order).folds is folds


@pytest.mark.parametrize(
    ("width", "height", "phone", "compact", "roomy"),
    [
        (49, 40, True, False, True),
        (50, 40, False, False, True),
        (80, 17, False, True, False),
        (80, 18, False, False, False),
        (80, 21, False, False, False),
        (80, 22, False, False, True),
    ],
)
def test_what_a_size_decides(
    width: int, height: int, phone: bool, compact: bool, roomy: bool
) -> None:
    shape = Shape(width, height)
    assert (shape.is_phone, shape.is_compact, shape.is_roomy) == (phone, compact, roomy)
    assert shape.table_width == width - 1
    assert Shape(1, 9).table_width == 1


def test_the_sessions_own_message_never_costs_a_vms_reason() -> None:
    failed = [done(f"vm-{number}", "Failed", f"{REASON} {number}") for number in range(3)]

    def laid(message: str | None, height: int) -> SessionLayout:
        over = session(*failed, message=message, result="Failed", state="Stopped", ended=at(9))
        of = state(over)
        of = replace(of, drill=judged(of, at(9)))
        painter = TaskPainter(UNICODE)
        return lay_out_session(of, Look(), Shape(60, height), HEAD, painter, UNICODE)

    told = []
    for height in range(12, 40):
        own, none = laid("Aborted.", height), laid(None, height)
        told.append(any("Aborted." in plain(line) for line in own.pane))
        assert own.body.cut is none.body.cut
        assert own.body.most == none.body.most
    assert True in told
    assert told[-1]


def test_a_line_for_the_filter_is_taken_from_the_rows() -> None:
    messages = ["No space"] * 30
    shape = Shape(100, 20)
    with_it, without = Look(filtering=True), Look()
    _, _, fewer = shown(messages, 9, shape, with_it)
    _, _, rows = shown(messages, 9, shape, without)
    assert fewer == rows - 1
