"""The rows of a session from poll to poll: what did not change keeps its place and its group."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import field, fields
from typing import TYPE_CHECKING, Any

from tui.analysis.assessment import TaskKey, TaskView
from tui.analysis.identity import Difference, Successive, difference
from tui.analysis.status import is_done
from tui.enterprise_manager.resources import but_progress
from tui.light import dataclass
from tui.presentation.columns import Column
from tui.presentation.line import Line
from tui.presentation.task_body import Needs
from tui.presentation.task_layout import Grouping

if TYPE_CHECKING:  # `task_rows` is made with this module
    from tui.presentation.task_rows import TaskContext


@dataclass(frozen=True)
class Ordering:
    """How rows are chosen and ordered. Two that are equal do it alike, but for what is `said`.

    `key_of` gives what a row is ordered by, None for one that is not shown; equal ones stand in
    the server's order. `basis` is what that rests on besides the row, `said` the same of single
    rows, by their keys. `by_progress` whether a row's progress counts.
    """

    basis: Hashable
    key_of: Callable[[TaskView], tuple[Any, ...] | None] = field(compare=False)
    reverse: bool = False
    by_progress: bool = False
    said: Mapping[TaskKey, Hashable] = field(default_factory=dict, compare=False)


_Entry = tuple[tuple[Any, ...], int, int]
"""A row that is shown: what it is ordered by, its position, and its place among the views; the
last two negative where the order is turned round, so that equal rows are not."""

_MOST_AGAIN = 0.5
"""Where more than this share of the rows changed, all are ordered anew: that costs less."""


class KeptRows:
    """Remembers the last rows, their order and what was found of them."""

    def __init__(self, measured: Callable[[Sequence[TaskView]], Needs]) -> None:
        """`measured` gives what rows need; of more of them it is as much or more."""
        self._measured = measured
        self._ordering: Ordering | None = None
        self._views: Sequence[TaskView] = ()
        self._entries: list[_Entry | None] = []
        self._order: list[_Entry] = []
        self._row_of: list[int] = []
        self._rows: Sequence[TaskView] = ()
        self._grouping: Grouping | None = None
        self._needs: Needs | None = None
        self._version = 0
        self.placed = 0
        """How many rows were ever looked at for where they belong."""

    def arrange(self, ordering: Ordering, views: Sequence[TaskView]) -> Sequence[TaskView]:
        """The rows in order; those that moved are put where they belong among the others."""
        before = self._ordering
        if views is self._views and ordering == before and ordering.said == before.said:
            return self._rows
        touched = self._touched(ordering, views)
        self._ordering = ordering
        if touched is None:
            self._order_all(ordering, views)
        else:
            self._order_again(ordering, views, touched)
        self._views = views
        return self._rows

    def _touched(self, ordering: Ordering, views: Sequence[TaskView]) -> Difference | None:
        """Where a row may have come to stand elsewhere; None for all of them."""
        before, count = self._ordering, len(self._views)
        if before is None or ordering != before:
            return None
        moved, changed = difference(self._views, views)
        if len(views) != count:
            changed = [*changed, *range(min(count, len(views)), max(count, len(views)))]
        if ordering.said is not before.said and ordering.said != before.said:
            keys = {key for key, _ in ordering.said.items() ^ before.said.items()}
            told = (place for place, view in enumerate(views) if view.key in keys)
            changed = sorted({*changed, *told})
        much = len(changed) + (len(moved) if ordering.by_progress else 0)
        return None if much > _MOST_AGAIN * len(views) else Difference(moved, changed)

    def _order_all(self, ordering: Ordering, views: Sequence[TaskView]) -> None:
        self.placed += len(views)
        self._version += 1
        self._entries = [_entry(ordering, view, place) for place, view in enumerate(views)]
        self._order = [entry for entry in self._entries if entry is not None]
        self._needs = None
        self._put_in_order(ordering, views)

    def _order_again(
        self, ordering: Ordering, views: Sequence[TaskView], touched: Difference
    ) -> None:
        moved, changed = touched
        again = [*changed, *moved] if ordering.by_progress else changed
        self.placed += len(again)
        entries, before = self._entries, self._views
        gone = [before[place] for place in changed if place < len(before) and entries[place]]
        entries.extend([None] * (len(views) - len(entries)))
        displaced, placed = set[int](), list[_Entry]()
        for place in again:
            entry = _entry(ordering, views[place], place) if place < len(views) else None
            if entry != entries[place]:
                displaced.add(place)
                entries[place] = entry
                if entry is not None:
                    placed.append(entry)
        del entries[len(views) :]
        come = [views[place] for place in changed if place < len(views) and entries[place]]
        self._remeasure(gone, come)
        if displaced or len(before) != len(views):
            self._order = [each for each in self._order if abs(each[2]) not in displaced] + placed
            self._put_in_order(ordering, views)
            return
        if any(before[place].status is not views[place].status for place in changed):
            self._grouping = None
        self._renew(views, moved, changed)

    def _put_in_order(self, ordering: Ordering, views: Sequence[TaskView]) -> None:
        """Two runs that are in order each cost one comparison a row."""
        self._order.sort()
        places = [abs(entry[2]) for entry in self._order]
        if ordering.reverse:
            places.reverse()
        self._row_of = [-1] * len(views)
        for row, place in enumerate(places):
            self._row_of[place] = row
        self._rows, self._grouping = Successive(map(views.__getitem__, places)), None

    def _renew(
        self, views: Sequence[TaskView], moved: Sequence[int], changed: Sequence[int]
    ) -> None:
        """The same rows in the same order, some of them as they are now."""
        row_of, rows = self._row_of, list(self._rows)
        where = Difference(*([n for n in ns if row_of[n] >= 0] for ns in (moved, changed)))
        for place in [*where.moved, *where.changed]:
            rows[row_of[place]] = views[place]
        of_rows = Difference(*([row_of[place] for place in places] for places in where))
        self._rows = Successive(rows, self._rows, of_rows)

    def version_of(self, rows: Sequence[TaskView]) -> int | None:
        """Another one when more than progress has changed; None for others than were arranged."""
        return self._version if rows is self._rows else None

    def grouping(self, rows: Sequence[TaskView]) -> Grouping | None:
        """Which of them belong together; None for others than those that were arranged."""
        if rows is not self._rows:
            return None
        if self._grouping is None:
            self._grouping = Grouping.of(rows)
        return self._grouping

    def needs(self, rows: Sequence[TaskView]) -> Needs:
        """What these rows need."""
        if rows is not self._rows:
            return self._measured(rows)
        if self._needs is None:
            self._needs = self._measured(rows)
        return self._needs

    def _remeasure(self, gone: Sequence[TaskView], come: Sequence[TaskView]) -> None:
        """What the rows need once these have gone and those have come, where that is sure."""
        if list(map(_takes_room, gone)) == list(map(_takes_room, come)):
            return
        self._version += 1
        if self._needs is None:
            return
        less, more, known = self._measured(gone), self._measured(come), self._needs
        pairs = [(getattr(known, name), getattr(less, name), getattr(more, name)) for name in _ROOM]
        if any(lost == most and got < most for most, lost, got in pairs):
            self._needs = None
        else:
            self._needs = Needs(*(max(most, got) for most, _, got in pairs))


_ROOM = tuple(each.name for each in fields(Needs))


def _takes_room(view: TaskView) -> tuple[object, ...]:
    return view.key, view.status, view.server_word, view.unlisted, view.message


def _entry(ordering: Ordering, view: TaskView, place: int) -> _Entry | None:
    key = ordering.key_of(view)
    if key is None:
        return None
    return (key, -view.position, -place) if ordering.reverse else (key, view.position, place)


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
