"""What a session shows at each size: nothing overflows, and nothing is cut beside idle lines."""

from __future__ import annotations

from dataclasses import replace

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
from tui.presentation.task_rows import TaskOrder, TaskPainter

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
