"""Which tasks are shown, in which order; and that order, kept from poll to poll.

What did not change keeps its place and its group.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import field, fields, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from tui.analysis.assessment import TaskKey, TaskView
from tui.analysis.identity import Difference, Successive, difference
from tui.analysis.rpo import rpo_of
from tui.analysis.running import notable
from tui.analysis.stall import Motion, Movement
from tui.analysis.status import Status
from tui.enterprise_manager.resources import ReplicaPoint
from tui.light import dataclass
from tui.presentation.drill_lines import motion_word
from tui.presentation.glyphs import word
from tui.presentation.task_body import Needs
from tui.presentation.task_layout import Grouping

SORTS = ("status", "vm", "progress", "time", "message")
"""The columns that `s` goes through."""

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

    def ordering(self, context: TaskContext) -> Ordering:
        """What decides of a single row: whether it is shown, and where."""
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

    def is_sorted_by(self, column_id: str) -> bool:
        """Whether rows are sorted by that column."""
        return column_id in SORTS and _SORT_OF.get(column_id, column_id) == self.sort

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
