"""The task table: its columns, its cells, its order."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime, timedelta
from functools import cached_property

from tui.analysis.assessment import TaskKey, TaskView
from tui.analysis.rpo import rpo_of
from tui.analysis.running import notable
from tui.analysis.stall import Motion, Movement
from tui.analysis.status import Status
from tui.enterprise_manager.resources import ReplicaPoint
from tui.light import dataclass
from tui.presentation import times
from tui.presentation.columns import Column
from tui.presentation.drill_lines import motion_word
from tui.presentation.glyphs import TOKENS, Glyphs, word
from tui.presentation.kept_rows import KeptRows, Ordering, PaintedCells
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
from tui.presentation.text import cells, fit, shorten_middle

SORTS = ("status", "vm", "progress", "time", "message")
"""The columns that `s` goes through."""

_MOST_PAINTED = 500
"""Rows whose cells are kept: a few screens full."""

_OF_MOTIONS = ("stuck", "stalled", "stalled_ones", "said")
_SORT_OF = {"percent": "progress", "start": "time"}
_RANK = {status: rank for rank, status in enumerate(Status)}


@dataclass(frozen=True)
class TaskContext:
    """What the cells need besides the row.

    `as_of` is the server's time of the data, so that a running task's time is
    no newer than what is known of it. `new_failures` are marked, and so are the failures
    that somebody has `acknowledged`.
    """

    as_of: datetime | None = None
    session_start: datetime | None = None
    points: Mapping[str, ReplicaPoint | None] = field(default_factory=dict)
    motions: Mapping[TaskKey, Motion] = field(default_factory=dict)
    new_failures: frozenset[TaskKey] = frozenset()
    acknowledged: frozenset[TaskKey] = frozenset()

    @cached_property
    def stuck(self) -> Mapping[TaskKey, Motion]:
        """The motions of what does not simply move: of the rest there is nothing to say."""
        return notable(self.motions)

    @cached_property
    def stalled(self) -> frozenset[TaskKey]:
        """The tasks about which nothing has changed for longer than usual."""
        return frozenset(self.stalled_ones)

    @cached_property
    def stalled_ones(self) -> Mapping[TaskKey, Movement]:
        """The same, each with what it does."""
        stalled = Movement.STALLED
        return {key: stalled for key, each in self.stuck.items() if each.movement is stalled}

    @cached_property
    def said(self) -> Mapping[TaskKey, str]:
        """What is said of how these move."""
        said = {key: motion_word(each) for key, each in self.stuck.items()}
        return {key: text[0] if text else "" for key, text in said.items()}

    def knowing(self, before: TaskContext) -> TaskContext:
        """Itself, with what was worked out of the same motions before."""
        if self.motions is before.motions:
            own = vars(self)
            own.update({name: vars(before)[name] for name in _OF_MOTIONS if name in vars(before)})
        return self

    def rpo(self, view: TaskView) -> timedelta | None:
        """What the VM lost; None when unknown."""
        point = self.points.get(view.key.point_id) if view.key.point_id else None
        began = view.task.created if view.task else None
        return rpo_of(point, self.session_start, began)[0]


@dataclass(frozen=True)
class TaskOrder:
    """Which rows are shown, and in which order."""

    sort: str = "status"
    reverse: bool = False
    filter: str = ""
    failures_only: bool = False
    warnings_too: bool = False

    @property
    def narrowed(self) -> str:
        """Which rows are left of all: words, or nothing when all are."""
        if not self.failures_only:
            return ""
        return "failures and warnings" if self.warnings_too else "failures only"

    def next_narrowing(self, *, failed: bool, warned: bool) -> TaskOrder:
        """Failures, then warnings with them, then all again; what there is none of is left out."""
        if not self.failures_only and failed:
            return replace(self, failures_only=True, warnings_too=False)
        if warned and not self.warnings_too:
            return replace(self, failures_only=True, warnings_too=True)
        return replace(self, failures_only=False, warnings_too=False)

    def arrange(self, views: Iterable[TaskView], context: TaskContext) -> list[TaskView]:
        """The rows that pass the filter, sorted; equal ones in the server's order."""
        if self.filter or self.failures_only:
            views = (view for view in views if self._passes(view, context))
        kept = sorted(views, key=_position)
        kept.sort(key=_sort_key(self.sort, context), reverse=self.reverse)
        return kept

    def ordering(self, context: TaskContext) -> Ordering:
        """The same, with what decides of a single row."""
        key = _sort_key(self.sort, context)
        narrowed = bool(self.filter or self.failures_only)

        def key_of(view: TaskView) -> tuple[object, ...] | None:
            return key(view) if not narrowed or self._passes(view, context) else None

        return Ordering(
            (self, context.as_of if self.sort == "time" else None),
            key_of,
            self.reverse,
            self.sort == "progress",
            context.said if self.filter else context.stalled_ones,
        )

    def _passes(self, view: TaskView, context: TaskContext) -> bool:
        wanted = (Status.FAILED, Status.WARNING) if self.warnings_too else (Status.FAILED,)
        if self.failures_only and view.status not in wanted:
            return False
        status = word(view.status, view.server_word)
        said = context.said.get(view.key, "") if view.status.is_running else ""
        haystack = (view.vm_name, status, said, view.message or "")
        return matches(self.filter, haystack)

    def sorted_by(self, column_id: str) -> TaskOrder:
        """Sort by that column, or turn the order round if it is the sorted one."""
        sort = _SORT_OF.get(column_id, column_id)
        if sort not in SORTS:
            return self
        return replace(self, sort=sort, reverse=not self.reverse if sort == self.sort else False)

    def next_sort(self) -> TaskOrder:
        """Sort by the next column."""
        sort = SORTS[(SORTS.index(self.sort) + 1) % len(SORTS)]
        return replace(self, sort=sort, reverse=False)


def matches(needle: str, haystack: Sequence[str]) -> bool:
    """Whether the filter lets this through: case does not count, `!` inverts."""
    inverted = needle.startswith("!")
    wanted = needle[1:] if inverted else needle
    wanted = wanted.strip().casefold()
    if not wanted:
        return True
    return any(wanted in text.casefold() for text in haystack) is not inverted


def _position(view: TaskView) -> int:
    return view.position


def _sort_key(sort: str, context: TaskContext) -> Callable[[TaskView], tuple[object, ...]]:
    stalled = context.stalled

    def by_status(view: TaskView) -> tuple[object, ...]:
        if stalled and view.key in stalled and view.status.is_running:
            return (_RANK[Status.WARNING],)
        return (_RANK[view.status],)

    def by_vm(view: TaskView) -> tuple[object, ...]:
        return (view.vm_name.casefold(),)

    def by_progress(view: TaskView) -> tuple[object, ...]:
        return (-1 if view.progress is None else view.progress,)

    def by_time(view: TaskView) -> tuple[object, ...]:
        return (-(view.elapsed(context.as_of) or timedelta()),)

    def by_message(view: TaskView) -> tuple[object, ...]:
        return (not view.message, (view.message or "").casefold())

    return {
        "status": by_status,
        "vm": by_vm,
        "progress": by_progress,
        "time": by_time,
        "message": by_message,
    }[sort]


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
        if _SORT_OF.get(column.id, column.id) == self.order.sort and column.id in SORTS:
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
