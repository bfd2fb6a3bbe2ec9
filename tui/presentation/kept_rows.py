"""The rows of a session from poll to poll: what did not change keeps its place and its group."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import field
from typing import TYPE_CHECKING

from tui.analysis.assessment import TaskKey, TaskView
from tui.analysis.identity import differing
from tui.analysis.status import is_done
from tui.light import dataclass
from tui.presentation.columns import Column
from tui.presentation.line import Line
from tui.presentation.task_body import Needs
from tui.presentation.task_layout import Grouping

if TYPE_CHECKING:  # `task_rows` is made with this module
    from tui.presentation.task_rows import TaskContext


@dataclass(frozen=True)
class Ordering:
    """How rows are chosen and ordered. Two that are equal do it alike.

    `place_of` gives what decides of one row: whether it is shown, and what it is ordered by.
    `basis` is what that rests on besides the row.
    """

    basis: Hashable
    place_of: Callable[[TaskView], tuple[object, ...]] = field(compare=False)
    arrange: Callable[[Sequence[TaskView]], list[TaskView]] = field(compare=False)


class KeptRows:
    """Remembers the last rows, their order and what was found of them."""

    def __init__(self) -> None:
        self._ordering: Ordering | None = None
        self._views: Sequence[TaskView] = ()
        self._places: list[int] = []
        self._rows: list[TaskView] = []
        self._grouping: Grouping | None = None
        self.placed = 0
        """How many rows were ever looked at for where they belong."""

    def arrange(self, ordering: Ordering, views: Sequence[TaskView]) -> list[TaskView]:
        """The rows in order; each that moves is reason enough to order all of them."""
        if views is self._views and ordering == self._ordering:
            return self._rows
        if not self._stay(ordering, views):
            self.placed += len(views)
            self._rows, self._grouping = ordering.arrange(views), None
            place_of = {id(view): place for place, view in enumerate(views)}
            self._places = [place_of[id(row)] for row in self._rows]
        else:
            self._rows = [views[place] for place in self._places]
        self._ordering, self._views = ordering, views
        return self._rows

    def _stay(self, ordering: Ordering, views: Sequence[TaskView]) -> bool:
        """Whether every row is where it was, and in the group that it was in."""
        before = self._views
        if ordering != self._ordering or len(before) != len(views):
            return False
        places = differing(before, views)
        self.placed += len(places)
        return all(
            (old.key, old.position) == (new.key, new.position)
            and ordering.place_of(old) == ordering.place_of(new)
            and old.status is new.status
            for old, new in ((before[place], views[place]) for place in places)
        )

    def grouping(self, rows: Sequence[TaskView]) -> Grouping | None:
        """Which of them belong together; None for others than those that were arranged."""
        if rows is not self._rows:
            return None
        if self._grouping is None:
            self._grouping = Grouping.of(rows)
        return self._grouping


@dataclass(frozen=True)
class PaintedCells:
    """A row's cells, and what they were made of."""

    row: TaskView
    columns: Sequence[Column]
    context: TaskContext
    cells: Sequence[Line]

    def holds(self, row: TaskView, columns: Sequence[Column], context: TaskContext) -> bool:
        """Whether they would be made alike now."""
        known = self.context
        if row is not self.row or columns != self.columns:
            return False
        if context is known:
            return True
        if _goes_on(row) and (
            context.as_of != known.as_of or not _move_alike(row.key, context, known)
        ):
            return False
        point = row.key.point_id
        return (
            context.session_start == known.session_start
            and (row.key in context.new_failures) is (row.key in known.new_failures)
            and (row.key in context.acknowledged) is (row.key in known.acknowledged)
            and (not point or context.points.get(point) is known.points.get(point))
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


class KeptNeeds:
    """What the last rows need, as long as nothing that takes room has changed in them."""

    def __init__(self, measured: Callable[[Sequence[TaskView]], Needs]) -> None:
        self._measured = measured
        self._rows: Sequence[TaskView] | None = None
        self._needs = Needs()

    def of(self, rows: Sequence[TaskView]) -> Needs:
        """What these rows need."""
        before, self._rows = self._rows, rows
        if (
            before is None
            or len(before) != len(rows)
            or any(
                _takes_room(before[place]) != _takes_room(rows[place])
                for place in differing(before, rows)
            )
        ):
            self._needs = self._measured(rows)
        return self._needs


def _takes_room(view: TaskView) -> tuple[object, ...]:
    return view.key.vm_name, view.status, view.server_word, view.unlisted, view.message
