"""What a session's screen shows at which size: the lines on top, the rows, the reasons.

A pure function of what is known, how it is looked at, and the size; nothing of an
earlier size enters.
"""

from __future__ import annotations

from dataclasses import field
from typing import Final

from tui.analysis.assessment import TaskKey
from tui.light import dataclass
from tui.monitor.snapshot import Snapshot
from tui.presentation.glyphs import Glyphs
from tui.presentation.line import Line
from tui.presentation.session_lines import failure_lines, reason_lines
from tui.presentation.task_body import MOST_REASON_LINES, Body, lay_out_body
from tui.presentation.task_layout import Group
from tui.presentation.task_rows import TaskOrder, TaskPainter

PHONE_WIDTH: Final = 50
"""Cells below which there are no columns."""
_COMPACT_HEIGHT: Final = 18
_ROOMY_HEIGHT: Final = 22
_HINTS: Final = 1


@dataclass(frozen=True)
class Shape:
    """What the size alone decides; cells."""

    width: int
    height: int

    @property
    def is_phone(self) -> bool:
        """Whether rows have no columns, and the table no header."""
        return self.width < PHONE_WIDTH

    @property
    def is_compact(self) -> bool:
        """Whether bar and rule give their lines to the rows."""
        return self.height < _COMPACT_HEIGHT

    @property
    def is_roomy(self) -> bool:
        """Whether there is a line for what the verdict rests on."""
        return self.height >= _ROOMY_HEIGHT

    @property
    def table_width(self) -> int:
        """Cells beside the scrollbar."""
        return max(1, self.width - 1)


@dataclass(frozen=True)
class Look:
    """How a person looks at the session: order and filter, what is unfolded, what is chosen."""

    order: TaskOrder = field(default_factory=TaskOrder)
    unfolded: frozenset[Group] = frozenset()
    chosen: TaskKey | None = None
    filtering: bool = False

    @property
    def folds(self) -> bool:
        """Rows are folded by status: what is sorted or filtered otherwise is a list to scroll."""
        order = self.order
        plain = order.sort == "status" and not order.reverse
        return plain and not order.filter and not order.failures_only


@dataclass(frozen=True)
class SessionLayout:
    """The rows of the table, and the lines below it."""

    body: Body
    pane: tuple[Line, ...]


def lay_out_session(
    state: Snapshot, look: Look, shape: Shape, head: int, painter: TaskPainter, glyphs: Glyphs
) -> SessionLayout:
    """Rows and reasons in the lines that a `head` of so many lines leaves.

    The session's own message gives way where a VM's reason would else be cut.
    """
    views = state.assessment.tasks if state.assessment else ()
    arranged = painter.arrange(look.order, views)
    title = 0 if shape.is_phone else 1
    room = shape.height - head - title - _HINTS - (1 if look.filtering else 0)
    own = reason_lines(state, shape.width, glyphs)
    own = own if len(own) <= room // 3 else []

    def body(lines: int) -> Body:
        return lay_out_body(
            arranged,
            painter,
            width=shape.table_width,
            lines=max(1, lines),
            folding=look.folds,
            reasons=look.order.failures_only,
            column=look.order.sort == "message",
            unfolded=look.unfolded,
            chosen=look.chosen,
        )

    laid = body(room - len(own))
    if own and (laid.cut or laid.most < MOST_REASON_LINES):
        alone = body(room)
        if not alone.cut and (laid.cut or alone.most > laid.most):
            return SessionLayout(alone, ())
    causes = state.drill.causes if state.drill else ()
    if laid.below or not causes:
        return SessionLayout(laid, tuple(own))
    free = room - len(own) - len(laid.rows)
    if laid.cut:
        free = max(free, (room - len(own)) * 2 // 5)
    # A phone's rows begin with their reasons: the beginnings of the same say no more.
    lines = failure_lines(causes, shape.width, free, glyphs, cut=not shape.is_phone)
    return SessionLayout(body(room - len(own) - len(lines)), (*own, *lines))
