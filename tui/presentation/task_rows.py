"""The task table: its columns and its cells."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import replace

from tui.analysis.assessment import TaskKey, TaskView
from tui.analysis.stall import Motion
from tui.analysis.status import Status, is_done
from tui.enterprise_manager.resources import but_progress
from tui.light import dataclass
from tui.presentation import times
from tui.presentation.columns import Column
from tui.presentation.drill_lines import motion_word
from tui.presentation.glyphs import TOKENS, Glyphs, word
from tui.presentation.line import Line, bar, fit_line
from tui.presentation.reasons import NO_MESSAGE
from tui.presentation.task_body import (
    MOST_REASON_LINES,
    REASON_INDENT,
    Body,
    Needs,
    fold_line,
    longest,
    reason_parts,
    task_columns,
)
from tui.presentation.task_layout import Fold, Grouping, Row
from tui.presentation.task_order import KeptRows, TaskContext, TaskOrder
from tui.presentation.text import cells, fit, shorten_middle

_MOST_PAINTED = 500
"""Rows whose cells are kept: a few screens full."""


@dataclass(frozen=True)
class PaintedCells:
    """A row's cells, and what they were made of."""

    row: TaskView
    columns: Sequence[Column]
    context: TaskContext
    cells: Sequence[Line]

    def out_of_date(
        self, row: TaskView, columns: Sequence[Column], context: TaskContext
    ) -> Collection[str] | None:
        """The columns whose cells may be other ones now; None for all of them."""
        known, key, point = self.context, row.key, row.key.point_id
        same = row is self.row
        if columns != self.columns or not (same or _moves_on(self.row, row)):
            return None
        if context is known:
            return () if same else _MOVING
        if (
            context.session_start != known.session_start
            or (key in context.new_failures) is not (key in known.new_failures)
            or (key in context.acknowledged) is not (key in known.acknowledged)
            or (key in context.stalled) is not (key in known.stalled)
            or (point and context.points.get(point) is not known.points.get(point))
        ):
            return None
        if same and (
            not _goes_on(row) or (context.as_of == known.as_of and _move_alike(key, context, known))
        ):
            return ()
        return _MOVING


_MOVING = frozenset({"status", "progress", "percent", "time"})
"""The columns in which progress, time and motion show."""


def _moves_on(before: TaskView, row: TaskView) -> bool:
    """Whether nothing but the progress is another one, of two rows with one key."""
    if before.task is None or row.task is None:
        return False
    return (
        before.status is row.status
        and before.server_word == row.server_word
        and before.unlisted is row.unlisted
        and but_progress(before.task) == but_progress(row.task)
    )


def _goes_on(row: TaskView) -> bool:
    """Whether its time does: also that of one that has failed before its end."""
    task = row.task
    return task is not None and not row.unlisted and not is_done(task.state, task.ended)


def _move_alike(key: TaskKey, context: TaskContext, known: TaskContext) -> bool:
    """Whether the same is said of how a task moves; of one that simply moves, nothing is."""
    if context.motions is known.motions:
        return True
    return context.stuck.get(key) == known.stuck.get(key)


class TaskPainter:
    """Turns task views into cells. Set `context`, `order` and `body` before painting."""

    tells_below = True
    keeps_cells = True
    """Whether cells follow from row, columns and context alone."""

    def __init__(self, glyphs: Glyphs) -> None:
        self.glyphs = glyphs
        self._painted: dict[TaskKey, PaintedCells] = {}
        self._context = TaskContext()
        self.order = TaskOrder()
        self.body = Body()
        self.kept = KeptRows(self._needs_of)
        self._word_room: tuple[tuple[object, ...], Mapping[TaskKey, Motion], int] | None = None

    @property
    def context(self) -> TaskContext:
        """What the cells need besides the rows."""
        return self._context

    @context.setter
    def context(self, context: TaskContext) -> None:
        self._context = context.knowing(self._context)

    def columns(self, width: int) -> Sequence[Column]:
        """The columns that fit; RPO goes first, then message, time and bar."""
        body = self.body
        return task_columns(width, body.needs, below=body.below, column=body.column)

    def arrange(self, order: TaskOrder, views: Sequence[TaskView]) -> Sequence[TaskView]:
        """The rows in that order; those that stayed where they were are not ordered anew."""
        return self.kept.arrange(order.ordering(self.context), views)

    def grouping(self, views: Sequence[TaskView]) -> Grouping | None:
        """Which of the rows that were arranged last belong together."""
        return self.kept.grouping(views)

    def needs(self, views: Sequence[TaskView]) -> Needs:
        """What the longest name, status and message take."""
        context, still = self.context, self.kept.needs(views)
        status = still.status
        if context.motions or context.new_failures or context.acknowledged:
            marked = cells(f"{word(Status.FAILED)} NEW")  # as wide as `Failed ack`
            status = max(status, marked, self._room_for_words(views))
        return replace(still, status=status)

    def _room_for_words(self, views: Sequence[TaskView]) -> int:
        """What the longest word for how a row moves takes; worked out anew where one may differ."""
        context, known = self.context, self._word_room
        if not context.stuck:
            return 0
        basis = (self.kept.version_of(views), context.new_failures, context.acknowledged)
        if known is not None and known[1] is context.stuck and known[0] == basis:
            return known[2]
        words = {self._status(view, "", 18)[0] for view in views if view.key in context.stuck}
        room = longest(list(words))
        if basis[0] is not None:
            self._word_room = basis, context.stuck, room
        return room

    def _needs_of(self, views: Sequence[TaskView]) -> Needs:
        """What the longest ones take of what time alone does not change."""
        clean = self.glyphs.clean
        kinds = {(view.status, view.server_word) for view in views}
        said = [self.message(view) for view in views if has_message(view)]
        return Needs(
            longest([clean(view.vm_name) for view in views]),
            longest([clean(word(*kind)) for kind in kinds]),
            longest(said),
        )

    def holds_messages(self, width: int, needs: Needs) -> bool:
        """Whether the message column is as wide as the longest one."""
        columns = task_columns(width, needs, below=False)
        return any(each.id == "message" and each.room >= needs.message for each in columns)

    def height(self, row: TaskView, width: int, most: int = MOST_REASON_LINES) -> int:
        """Lines of a row with its reason under it, of which so many lines at most."""
        return 1 + len(self._reason(row, width, most))

    def header(self, column: Column) -> Line:
        """The title, with an arrow on the column that is sorted by."""
        title = column.title
        if self.order.is_sorted_by(column.id):
            title += self.glyphs.sorted_down if self.order.reverse else self.glyphs.sorted_up
        text = _padded("   " + title if column.id == "vm" else title, column, self.glyphs)
        return ((text, "header"),)

    def key(self, row: Row) -> Hashable:
        """The task's key, or the group that is folded."""
        return row.group if isinstance(row, Fold) else row.key

    def cells(self, row: Row, columns: Sequence[Column]) -> Sequence[Line]:
        """One cell for each column; a fold spans them all."""
        if isinstance(row, Fold):
            return [fold_line(row, sum(column.width for column in columns), self.glyphs)]
        if not self.keeps_cells:
            return [self._cell(row, column) for column in columns]
        known = self._painted.get(row.key)
        again = None if known is None else known.out_of_date(row, columns, self.context)
        if known is None or again is None:
            cells = [self._cell(row, column) for column in columns]
        elif not again:
            return known.cells
        else:
            cells = [
                self._cell(row, column) if column.id in again else cell
                for column, cell in zip(columns, known.cells, strict=True)
            ]
        if len(self._painted) >= _MOST_PAINTED:
            self._painted.clear()
        self._painted[row.key] = PaintedCells(row, columns, self.context, cells)
        return cells

    def below(self, row: Row, width: int) -> Sequence[Line]:
        """The reason in full, where the columns have no room for it."""
        if isinstance(row, Fold) or not self.body.below:
            return ()
        token = TOKENS[row.status] if row.status in (Status.FAILED, Status.WARNING) else "dim"
        indent = " " * REASON_INDENT
        return [
            fit_line([(indent, ""), (part, token)], width, self.glyphs)
            for part in self._reason(row, width, self.body.most)
        ]

    def _reason(self, row: TaskView, width: int, most: int) -> Sequence[str]:
        if not has_message(row):
            return ()
        room = width - REASON_INDENT - 1
        return reason_parts(self.message(row), room, self.glyphs.ellipsis, most)

    def _cell(self, row: TaskView, column: Column) -> Line:
        token = TOKENS[row.status]
        match column.id:
            case "vm":
                return self._vm(row, column, token)
            case "progress":
                spans = bar(row.progress, column.room, token, self.glyphs)
                return (*spans, (" " * column.gap, ""))
            case "status":
                text, token = self._status(row, token, column.room)
            case "percent":
                text = self.glyphs.dash if row.progress is None else str(row.progress)
            case "message":
                text = self.message(row)
            case _:
                text, token = self._moment(row, column.id), "waiting" if row.task is None else ""
        return ((_padded(text, column, self.glyphs), token),)

    def _vm(self, row: TaskView, column: Column, token: str) -> Line:
        name = self.glyphs.clean(row.vm_name) or self.glyphs.dash
        room = column.room - 3
        short = shorten_middle(name, room, self.glyphs.ellipsis)
        padding = " " * (room - cells(short) + column.gap)
        name_token = token if row.status is Status.FAILED else "title" if row.task else "waiting"
        symbol = self.glyphs.symbols[row.status]
        if row.status.is_running and row.key in self.context.stalled:
            symbol, token = self.glyphs.pause, "warning"
        return (
            (f" {symbol} ", token),
            (short, name_token),
            (padding, ""),
        )

    def _status(self, row: TaskView, token: str, room: int) -> tuple[str, str]:
        if row.key in self.context.new_failures:
            return f"{word(row.status)} NEW", "new"
        if row.status is Status.FAILED and row.key in self.context.acknowledged:
            return f"{word(row.status)} ack", token
        # Motions are judged now and then: one of a task that has ended meanwhile is void.
        motion = self.context.stuck.get(row.key) if row.status.is_running else None
        said = motion_word(motion) if motion is not None else None
        if said is not None and cells(said[0]) > room:
            return said[0].partition(" ")[0], said[1]
        return said or (self.glyphs.clean(word(row.status, row.server_word)), token)

    def message(self, row: TaskView) -> str:
        """What the row says besides its status: the server's message, or that there is none."""
        message = self.glyphs.clean(row.message) if row.message else ""
        if row.unlisted:
            # The reason first: in a narrow column the rest is cut.
            return f"{message} (no longer listed)" if message else "no longer listed"
        if not message and row.status is Status.FAILED:
            return NO_MESSAGE
        return message

    def _moment(self, row: TaskView, column_id: str) -> str:
        dash = self.glyphs.dash
        if column_id == "time":
            return times.narrow(row.elapsed(self.context.as_of), dash)
        if column_id == "rpo":
            return times.narrow(self.context.rpo(row), dash)
        return times.utc_time(row.task.created if row.task else None, dash)


def has_message(view: TaskView) -> bool:
    """Whether there is something to say of it besides its status."""
    return bool(view.message) or view.unlisted or view.status is Status.FAILED


def _padded(text: str, column: Column, glyphs: Glyphs) -> str:
    """The text in the column, the gap to the next column included."""
    fitted = fit(text, column.room, right=column.right, ellipsis=glyphs.ellipsis)
    return fitted + " " * column.gap


def row_text(view: TaskView, context: TaskContext, glyphs: Glyphs) -> str:
    """A row as one line of plain text, for the clipboard and the scrollback."""
    parts = [
        f"{glyphs.symbols[view.status]} {glyphs.clean(view.vm_name)}",
        glyphs.clean(word(view.status, view.server_word)),
        "" if view.progress is None else f"{view.progress} %",
        times.duration(view.elapsed(context.as_of), ""),
        glyphs.clean(view.message or ""),
    ]
    return "  ".join(part for part in parts if part)
