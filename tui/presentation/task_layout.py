"""Which rows of a session's tasks are shown where there is no room for all of them.

A pure function of the rows, the lines there are, and what was unfolded: whoever makes a
terminal smaller and larger again sees what a fresh start would show.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import field
from enum import Enum
from functools import cache
from typing import Final

from tui.analysis.assessment import TaskKey, TaskView
from tui.analysis.status import Status
from tui.light import dataclass

_NAMED: Final = 40
"""Names that a fold keeps: more than any line has room for."""
_FEW_LINES: Final = 9
_FEWEST_LINES: Final = 7
"""Below the first all that is calm shares one fold, below the second all but failures."""


class Group(Enum):
    """Rows that are folded together; in the order in which they stand."""

    FAILED = "failed"
    WARNING = "warning"
    UNKNOWN = "unknown"
    RUNNING = "running"
    WAITING = "waiting"
    DONE = "done"
    CALM = "others"

    __hash__ = object.__hash__


_GROUPS: Final = {
    Status.FAILED: Group.FAILED,
    Status.WARNING: Group.WARNING,
    Status.UNKNOWN: Group.UNKNOWN,
    Status.STOPPING: Group.RUNNING,
    Status.RUNNING: Group.RUNNING,
    Status.STARTING: Group.RUNNING,
    Status.WAITING: Group.WAITING,
    Status.SUCCESS: Group.DONE,
    Status.ALREADY: Group.DONE,
}
_BY_NEED: Final = (
    Group.FAILED,
    Group.RUNNING,
    Group.UNKNOWN,
    Group.WARNING,
    Group.DONE,
    Group.WAITING,
    Group.CALM,
)
"""Who gets the lines that are left when everybody has the least."""


@dataclass(frozen=True)
class Fold:
    """Rows of one group that are not shown: how many of each status, and the first names."""

    group: Group
    counts: tuple[tuple[Status, int], ...]
    names: tuple[str, ...]
    of: int

    @property
    def count(self) -> int:
        """How many rows are folded."""
        return sum(number for _, number in self.counts)


Row = TaskView | Fold


def group_of(view: TaskView) -> Group:
    """The group of a row."""
    return _GROUPS.get(view.status, Group.UNKNOWN)


@dataclass(frozen=True)
class Grouping:
    """Which rows belong together: the places of each group's, in order.

    `folds` are those that were made of them, by how many rows of a group are shown.
    """

    members: Mapping[Group, Sequence[int]]
    folds: dict[tuple[Group, int], Fold] = field(default_factory=dict)

    @classmethod
    def of(cls, views: Sequence[TaskView]) -> Grouping:
        """Where there are lines enough for each group to have one."""
        members: dict[Group, list[int]] = {}
        for index, view in enumerate(views):
            members.setdefault(group_of(view), []).append(index)
        return cls(members)

    def for_lines(self, lines: int, views: Sequence[TaskView]) -> Grouping:
        """The same where lines are few: what is calm shares one group, what runs comes first."""
        if lines >= _FEW_LINES:
            return self
        apart = (Group.FAILED, Group.RUNNING) if lines >= _FEWEST_LINES else (Group.FAILED,)
        calm = sorted(
            index for group, own in self.members.items() if group not in apart for index in own
        )
        calm.sort(key=lambda index: not views[index].status.is_running)
        kept = {group: own for group, own in self.members.items() if group in apart}
        return Grouping({**kept, Group.CALM: calm} if calm else kept)


def fold_rows(
    views: Sequence[TaskView],
    height: Callable[[TaskView], int],
    lines: int,
    *,
    unfolded: Collection[Group] = (),
    chosen: TaskKey | None = None,
    grouping: Grouping | None = None,
) -> list[Row]:
    """All rows where they fit into `lines`, else the most needed ones and folds for the rest.

    `height` is how many lines a row takes, at least one. What runs stays in sight
    however many have failed. `unfolded` groups are shown whole, and so is the row with
    the key `chosen`: what is too long then scrolls. `grouping` is that of the views, where it
    is known already.
    """
    if len(views) <= lines and sum(map(height, views)) <= lines:
        return list(views)
    grouping = (grouping or Grouping.of(views)).for_lines(lines, views)
    members = grouping.members
    shares = _Shares(members, lambda index: height(views[index]), lines)
    shares.grow(Group.FAILED, lines // 2)
    shares.grow(Group.RUNNING, max(2, lines // 4))
    for group in _BY_NEED:
        shares.grow(group, lines)
    for group in unfolded:
        shares.show_all(group)
    rows: list[Row] = []
    for group in sorted(members, key=list(Group).index):
        own, count = members[group], shares.shown[group]
        rows += [views[index] for index in own[:count]]
        rest = own[count:]
        also = [] if chosen is None else [index for index in rest if views[index].key == chosen]
        rows += [views[index] for index in also]
        if also:
            rest = [index for index in rest if index not in also]
        if rest:
            known = grouping.folds.get((group, count)) if not also else None
            fold = known or _fold(group, [views[index] for index in rest], len(own))
            if not also:
                grouping.folds[group, count] = fold
            rows.append(fold)
    return rows


class _Shares:
    """How many rows of each group are shown; a group with hidden ones has one line more.

    A row is measured when it may be shown: there are many more than lines.
    """

    def __init__(
        self, members: Mapping[Group, Sequence[int]], height: Callable[[int], int], lines: int
    ) -> None:
        self._members = members
        self._height = cache(height)
        self._lines = lines
        self._used = dict.fromkeys(members, 1)
        self.shown = dict.fromkeys(members, 0)

    def show_all(self, group: Group) -> None:
        """All of this group, whatever the room."""
        if group in self.shown:
            self.shown[group] = len(self._members[group])

    def grow(self, group: Group, limit: int) -> None:
        """As many more of this group as fit, up to `limit` lines for it."""
        if group not in self.shown:
            return
        own, height = self._members[group], self._height
        others = sum(self._used.values()) - self._used[group]
        used = sum(map(height, own[: self.shown[group]]))
        for count in range(self.shown[group] + 1, len(own) + 1):
            used += height(own[count - 1])
            needed = used + (count < len(own))
            if others + needed > self._lines or (needed > limit and self.shown[group]):
                # The last one may stand where the fold would.
                if count < len(own) - 1:
                    return
                continue
            self.shown[group], self._used[group] = count, needed


def _fold(group: Group, hidden: Sequence[TaskView], of: int) -> Fold:
    counts = Counter([view.status for view in hidden])
    names = tuple(view.vm_name for view in hidden[:_NAMED])
    return Fold(group, tuple(counts.items()), names, of)
