"""The timeline: the same tasks as bars over time, in characters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Final

from tui.analysis.assessment import TaskView
from tui.analysis.identity import folded
from tui.analysis.status import Status, is_done
from tui.light import dataclass
from tui.presentation.columns import Column, ColumnWish, lay_out
from tui.presentation.glyphs import TOKENS, Glyphs
from tui.presentation.line import Line
from tui.presentation.task_body import MOST_REASON_LINES, Needs
from tui.presentation.task_layout import Row
from tui.presentation.task_rows import TaskPainter
from tui.presentation.text import cells, cut
from tui.presentation.time_axis import Axis, TimeFrame, axis_of, ticks

AREA: Final = "timeline"
"""The id of the column that holds the bars."""

_WISHES: Final = (
    ColumnWish("vm", "VM", 12, 26, share=1),
    ColumnWish(AREA, "", 16, 10_000, share=5),
    ColumnWish("time", "TIME", 8, 9, drop=1, right=True),
)
_WIDE_WISHES: Final = (
    ColumnWish("vm", "VM", 22, 40, share=1),
    ColumnWish("status", "STATUS", 13, 18, share=1),
    ColumnWish(AREA, "", 60, 10_000, share=9),
    ColumnWish("percent", "%", 4, 4, right=True),
    ColumnWish("time", "TIME", 9, 9, right=True),
)
_WIDE: Final = 140
_LEAST_NOTE: Final = 12
_CHARACTER: Final = itemgetter(0)
_TOKEN: Final = itemgetter(1)


def axis_line(frame: TimeFrame, axis: Axis | None, width: int, glyphs: Glyphs) -> Line:
    """The header of the bars: the target and now by name, ticks where there is room."""
    taken: list[str] = [" "] * width
    marked: set[int] = set()
    if axis is not None and width > 0:
        for moment, name in _named(frame, axis):
            at = axis.cell(moment, width)
            if at is None:
                if moment < axis.origin:
                    continue
                at, name = width - len(name) - 1, name + ">"
            marked.update(_write(taken, at, name, keep_in=True))
        for at, label in ticks(axis, width):
            _write(taken, at, label)
    styled = [(each, "note-bar" if at in marked else "header") for at, each in enumerate(taken)]
    return _spans_of(styled)


def _named(frame: TimeFrame, axis: Axis) -> Iterator[tuple[datetime, str]]:
    if frame.deadline is not None:
        yield frame.deadline, "RTO"
    if frame.declared is not None and axis.origin < axis.start:
        yield frame.declared, "declared"
    if frame.now is not None and not frame.over and frame.now - axis.origin <= axis.length:
        yield frame.now, "now"


def _write(taken: list[str], at: int, label: str, *, keep_in: bool = False) -> range:
    """Write the label there with a blank around it, or not at all; returns its cells."""
    if keep_in:
        at = max(0, min(at, len(taken) - len(label)))
    cells_used = range(at, at + len(label))
    around = taken[max(0, at - 1) : at + len(label) + 1]
    if at + len(label) > len(taken) or any(each != " " for each in around):
        return range(0)
    taken[at : at + len(label)] = label
    return cells_used


def _spans_of(styled: Iterable[tuple[str, str]]) -> Line:
    return tuple(("".join(map(_CHARACTER, run)), token) for token, run in groupby(styled, _TOKEN))


@dataclass(frozen=True)
class Bar:
    """A task on the axis, in half cells: from `first` up to, not with, `end`, then `expected`."""

    first: int
    end: int
    expected: int


def bar_of(
    view: TaskView, frame: TimeFrame, axis: Axis, width: int, usual: timedelta | None = None
) -> Bar | None:
    """Where a task's bar lies; None for a task that has not begun, or at an unknown time.

    At least one half cell, never before the start, never outside. A running task ends at
    now; `usual`, its VM's usual duration, says up to where it is expected to go on.
    """
    task = view.task
    if task is None or width < 1:
        return None
    over = is_done(task.state, task.ended) or view.unlisted
    begun = task.created or task.ended
    if begun is None:
        return None
    still = frame.until if frame.over else frame.now
    end = task.ended or (begun if over else still) or begun
    first = max(axis.halves(axis.start, width), axis.halves(begun, width))
    first = min(first, 2 * width - 1)
    last = expected = max(first + 1, axis.halves(end, width))
    if usual is not None and task.created is not None and not over and not frame.over:
        expected = max(last, axis.halves_of(task.created - axis.origin + usual, width))
    return Bar(first, last, expected)


@dataclass(frozen=True)
class _Strokes:
    """Characters that only the timeline needs."""

    right_half: str
    now: str
    target: str
    crossed: str
    expected: str = "~"


_UNICODE: Final = _Strokes("╺", "│", "┃", "╋")
_ASCII: Final = _Strokes("-", ":", "|", "|")


class TimelinePainter(TaskPainter):
    """Paints task views as bars. Set `context`, `order`, `frame` and `usual` before painting.

    `usual` holds the median duration of a VM in earlier runs, by name.
    """

    tells_below = False
    keeps_cells = False

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__(glyphs)
        self.usual: Mapping[str, timedelta] = {}
        self._strokes = _ASCII if glyphs.is_ascii else _UNICODE
        self._frame = TimeFrame()
        self._axis: Axis | None = None

    @property
    def frame(self) -> TimeFrame:
        """What is spanned; setting it moves the axis only where it must."""
        return self._frame

    @frame.setter
    def frame(self, frame: TimeFrame) -> None:
        self._frame = frame
        self._axis = axis_of(frame, self._axis)

    @property
    def axis(self) -> Axis | None:
        """The axis in use; None before the session's start is known."""
        return self._axis

    def columns(self, width: int) -> Sequence[Column]:
        """VM, bars and time; with room for them also status and percent."""
        return lay_out(_WIDE_WISHES if width >= _WIDE else _WISHES, width)

    def holds_messages(self, width: int, needs: Needs) -> bool:
        """Never: bars have room for the beginning of a reason at most."""
        return False

    def height(self, row: TaskView, width: int, most: int = MOST_REASON_LINES) -> int:
        """A bar is one line; what it means is seen side by side."""
        return 1

    def below(self, row: Row, width: int) -> Sequence[Line]:
        """Nothing."""
        return ()

    def header(self, column: Column) -> Line:
        """The axis over the bars, else the title."""
        if column.id != AREA:
            return super().header(column)
        gap = (" " * column.gap, "header")
        return (*axis_line(self._frame, self._axis, column.room, self.glyphs), gap)

    def _cell(self, row: TaskView, column: Column) -> Line:
        if column.id != AREA:
            return super()._cell(row, column)
        return (*_spans_of(self._area(row, column.room)), (" " * column.gap, ""))

    def _area(self, row: TaskView, width: int) -> list[tuple[str, str]]:
        axis, frame = self._axis, self._frame
        if axis is None:
            return [(self.glyphs.bar_track, "track")] * width
        blank = axis.halves(axis.start, width) // 2
        area = [(" ", "")] * blank + [(self.glyphs.bar_track, "track")] * (width - blank)
        now = None if frame.over or frame.now is None else axis.cell(frame.now, width)
        target = None if frame.deadline is None else axis.cell(frame.deadline, width)
        if now is not None:
            area[now] = (self._strokes.now, "dim")
        stalled = row.key in self.context.stalled
        bar = bar_of(
            row, frame, axis, width, None if stalled else self.usual.get(folded(row.vm_name))
        )
        if bar is not None:
            self._lay_bar(area, bar, "warning" if stalled else TOKENS[row.status])
        if target is not None:
            covered = bar is not None and bar.first < 2 * target + 2 and bar.end > 2 * target
            area[target] = (self._strokes.crossed if covered else self._strokes.target, "note")
        if bar is not None and row.status is Status.FAILED and row.message:
            ends = [at for at in (now, target) if at is not None and 2 * at >= bar.end]
            self._lay_note(area, (bar.end + 1) // 2 + 1, min(ends, default=width), row.message)
        return area

    def _lay_bar(self, area: list[tuple[str, str]], bar: Bar, token: str) -> None:
        glyphs, strokes = self.glyphs, self._strokes
        for at in range(bar.first // 2, (bar.end + 1) // 2):
            left, right = bar.first <= 2 * at < bar.end, bar.first <= 2 * at + 1 < bar.end
            full = glyphs.bar_full if left and right else None
            area[at] = (full or (glyphs.bar_half if left else strokes.right_half), token)
        for at in range((bar.end + 1) // 2, (bar.expected + 1) // 2):
            area[at] = (strokes.expected, "dim")

    def _lay_note(self, area: list[tuple[str, str]], at: int, end: int, message: str) -> None:
        """The reason of a failure, in the room between its bar and the next line."""
        room = end - at - 1
        if room < _LEAST_NOTE:
            return
        text = cut(self.glyphs.clean(message), room, self.glyphs.ellipsis)
        area[at - 1] = (" ", "")
        area[at : at + cells(text) + 1] = [(text, TOKENS[Status.FAILED]), (" ", "")]
