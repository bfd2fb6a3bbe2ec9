"""RPO: how much of each VM's work is lost, and of how many VMs that is known at all.

Pure functions of the resources; every moment is an aware UTC datetime. What is not
known stays None and says why: a part of the points is never taken for all of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import field
from datetime import datetime, timedelta
from enum import Enum

from tui.analysis.assessment import TaskKey, TaskView, span
from tui.analysis.estimate import median_of
from tui.analysis.targets import TargetVerdict
from tui.enterprise_manager.resources import ReplicaPoint
from tui.light import dataclass

Points = Mapping[str, ReplicaPoint | None]
"""By id, as `Details.points` has them: missing is not read yet, None is gone."""


class PointStanding(Enum):
    """What is known of the replica point that a task brings up; the value says it."""

    READ = "read"
    TO_COME = "to come"
    GONE = "gone from the server"
    UNREADABLE = "could not be read"
    NOT_TOLD = "the task names no replica point"
    UNDATED = "the point has no time"
    NO_START = "the failover's start is not known"
    NEWER = "newer than the failover: a clock is ahead, or it was chosen later"

    @property
    def is_open(self) -> bool:
        """Whether it may still become known."""
        return self is PointStanding.TO_COME


@dataclass(frozen=True, slots=True)
class VmRpo:
    """How much of one VM's work is lost; `rpo` None unless `standing` is READ."""

    key: TaskKey
    point_created: datetime | None
    rpo: timedelta | None
    inside: bool | None
    standing: PointStanding = PointStanding.READ


@dataclass(frozen=True, slots=True)
class RpoView:
    """The RPO of a session. `worst` and `median` are over the known ones only.

    `standings` counts the tasks by what is known of their points; `to_begin` VMs have
    no task yet, so that nobody knows their points. `inside` is False as soon as one VM
    is over the target, True once all are known to be inside, None while that is open,
    for ever where a point stays unknown, and without a target.
    """

    target: timedelta | None
    vms: tuple[VmRpo, ...]
    worst: VmRpo | None
    median: timedelta | None
    unknown: int
    inside: bool | None
    standings: Mapping[PointStanding, int] = field(default_factory=dict)
    to_begin: int = 0

    @property
    def verdict(self) -> TargetVerdict:
        """What `inside` comes to; open as long as more may become known."""
        if self.target is None:
            return TargetVerdict.NO_TARGET
        if self.inside is not None:
            return TargetVerdict.MET if self.inside else TargetVerdict.NOT_MET
        return TargetVerdict.OPEN if self.to_come or self.to_begin else TargetVerdict.UNKNOWN

    @property
    def over_target(self) -> int:
        """How many VMs lost more than the target allows."""
        return sum(1 for vm in self.vms if vm.inside is False)

    @property
    def read(self) -> int:
        """Of how many tasks the RPO is known."""
        return self.standings.get(PointStanding.READ, 0)

    @property
    def to_come(self) -> int:
        """How many points of tasks are still to be read."""
        return self.standings.get(PointStanding.TO_COME, 0)

    @property
    def never_known(self) -> Mapping[PointStanding, int]:
        """How many tasks' RPO will stay unknown, by the reason, the most frequent first."""
        lost = Counter(
            {
                standing: count
                for standing, count in self.standings.items()
                if standing is not PointStanding.READ and not standing.is_open
            }
        )
        return dict(lost.most_common())


def assess_rpo(
    target: timedelta | None,
    started: datetime | None,
    views: Iterable[TaskView],
    points: Points,
    unreadable: Collection[str] = frozenset(),
) -> RpoView:
    """RPO of each task that has begun: `started` minus its replica point's creation.

    `unreadable` are ids of points that are not asked for any more. The date in a point's
    name is locale text and is not used.
    """
    views = tuple(views)
    vms = tuple(
        _vm_rpo(view, target, started, points, unreadable)
        for view in views
        if view.task is not None
    )
    to_begin = sum(1 for view in views if view.is_to_begin)
    known = [(vm.rpo, vm) for vm in vms if vm.rpo is not None]
    unknown = len(vms) - len(known)
    inside: bool | None = None
    if target is not None and any(vm.inside is False for vm in vms):
        inside = False
    elif target is not None and known and not unknown and not to_begin:
        inside = True
    return RpoView(
        target,
        vms,
        max(known, key=lambda pair: pair[0])[1] if known else None,
        median_of(rpo for rpo, _ in known) if known else None,
        unknown,
        inside,
        Counter(vm.standing for vm in vms),
        to_begin,
    )


def _vm_rpo(
    view: TaskView,
    target: timedelta | None,
    started: datetime | None,
    points: Points,
    unreadable: Collection[str],
) -> VmRpo:
    point_id = view.key.point_id
    if point_id is None:
        return VmRpo(view.key, None, None, None, PointStanding.NOT_TOLD)
    if point_id not in points:
        standing = PointStanding.TO_COME
        if point_id in unreadable:
            standing = PointStanding.UNREADABLE
        return VmRpo(view.key, None, None, None, standing)
    point = points[point_id]
    rpo, standing = rpo_of(point, started, view.task.created if view.task else None)
    inside = None if rpo is None or target is None else rpo <= target
    return VmRpo(view.key, point.created if point else None, rpo, inside, standing)


def rpo_of(
    point: ReplicaPoint | None, started: datetime | None, task_started: datetime | None
) -> tuple[timedelta | None, PointStanding]:
    """What one VM lost: the failover's start minus its point's creation.

    A point that was made after the failover's start, yet before its own task's, was
    chosen then: it is measured from the task's start. One newer than that too tells
    nothing: zero would be a claim. `point` None is one gone from the server.
    """
    if point is None:
        return None, PointStanding.GONE
    if point.created is None:
        return None, PointStanding.UNDATED
    if started is None:
        return None, PointStanding.NO_START
    for begin in (started, task_started):
        if begin is not None and point.created <= begin:
            return span(point.created, begin), PointStanding.READ
    return None, PointStanding.NEWER
