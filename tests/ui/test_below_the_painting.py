"""What the session screen paints is made of a snapshot alone, by functions without a terminal.

So all that it says can be tested there; what is left to test here is that it paints just that.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.support.stage import Stage
from tests.ui.conftest import OnStage
from tui.presentation.glyphs import UNICODE
from tui.presentation.line import Line, at_time
from tui.presentation.phone_rows import PhonePainter
from tui.presentation.session_head import head_pieces
from tui.presentation.session_layout import Look, Shape, lay_out_session
from tui.presentation.task_order import TaskContext, TaskOrder
from tui.presentation.task_rows import TaskPainter
from tui.screens.session import SessionScreen

SIZES = ((200, 60), (80, 24), (46, 30))


def texts(lines: Sequence[Line]) -> list[str]:
    return ["".join(text for text, _ in line).rstrip() for line in lines]


def agree(stage: Stage, size: tuple[int, int]) -> None:
    """The painted lines, and those that come of the screen's snapshot here."""
    screen = stage.showing(SessionScreen)
    state, clock, shape = screen.state, stage.clock, Shape(*size)
    assert state.session is not None
    now = state.server_now(clock.monotonic(), clock.now())
    summary = stage.painted("#summary")
    # Above it stands the safety line, below it the rule.
    assert summary[1:-1] == texts(at_time(head_pieces(state, shape, UNICODE), now))
    painter = PhonePainter(UNICODE) if shape.is_phone else TaskPainter(UNICODE)
    painter.context = TaskContext(
        as_of=state.data_from(clock.monotonic(), clock.now()),
        session_start=state.session.created,
        points=state.details.points,
        motions=state.drill.motions if state.drill else {},
        new_failures=frozenset(state.new_failures),
        acknowledged=frozenset(state.acknowledged),
    )
    look = Look(TaskOrder(), frozenset(), None, filtering=False)
    layout = lay_out_session(state, look, shape, len(summary), painter, UNICODE)
    painter.body = layout.body
    columns = painter.columns(shape.table_width)
    shown = [
        texts([tuple(span for cell in painter.cells(row, columns) for span in cell)])[0]
        for row in layout.body.rows
    ]
    painted = [line for line in stage.rows if line in shown]
    assert len(painted) >= min(5, len(shown))
    assert painted == shown[: len(painted)]
    assert stage.painted("#failures") == texts(layout.pane)


@pytest.mark.parametrize(
    ("scenario", "seconds"), [("failures", 60), ("hostile", 60), ("stopped", 60), ("stall", 660)]
)
async def test_it_paints_what_is_worded_of_the_snapshot(
    on_stage: OnStage, scenario: str, seconds: float
) -> None:
    async with on_stage(scenario, size=SIZES[0]) as stage:
        await stage.advance(seconds)
        for size in SIZES:
            await stage.resize(*size)
            agree(stage, size)
            await stage.advance(5)
            agree(stage, size)
