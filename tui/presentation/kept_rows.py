"""The rows of a session from poll to poll: what did not change keeps its place and its group."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import field

from tui.analysis.assessment import TaskView
from tui.analysis.differing import differing
from tui.light import dataclass
from tui.presentation.task_layout import Grouping


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
