"""RTO: what was promised, what was reached, and since when it is in doubt.

Pure functions of the resources; every moment is an aware UTC datetime and comes in
as an argument. What is not known stays None.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from tui.analysis.assessment import TaskKey, TaskView, lasted, span
from tui.analysis.estimate import Estimate
from tui.analysis.status import Status

RISKY_SHARE: Final = 0.8
"""Without an estimate, a target is at risk once this share of it has gone by."""

WATCHED_WITHIN: Final = timedelta(minutes=2)
"""Falling behind within so long of a verdict `inside` was seen; later we were not there."""


class RtoVerdict(Enum):
    """Whether the failover is inside its RTO target; the value is the word for it."""

    NO_TARGET = "no target"
    UNKNOWN = "cannot tell"
    INSIDE = "inside"
    AT_RISK = "at risk"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class RtoView:
    """The RTO at one moment.

    `elapsed` runs from `counted_from` to the end, or to now. `left` and `overrun` are
    never negative, and one of them is zero; after the end they are the margin.
    `reason` says in words what the verdict rests on. `since` is when the failover
    first fell behind, known once `follow_rto` has seen it; `behind_inferred` where nobody
    watched at that moment, so that it may have been behind before. `not_recovered` of the `vms`
    are not up, `failed` of them because they failed: `verdict` tells of the time only,
    `is_achieved` counts them in.
    """

    verdict: RtoVerdict
    target: timedelta | None = None
    counted_from: datetime | None = None
    deadline: datetime | None = None
    elapsed: timedelta | None = None
    left: timedelta | None = None
    overrun: timedelta | None = None
    over: bool = False
    reason: str = ""
    not_recovered: int = 0
    since: datetime | None = None
    behind_inferred: bool = False
    vms: int = 0
    failed: int = 0

    def is_outdated(self, judged_at: datetime, now: datetime) -> bool:
        """Whether the deadline passed between the two moments while it still ran."""
        return not self.over and self.deadline is not None and judged_at <= self.deadline < now

    @property
    def is_achieved(self) -> bool:
        """Whether the failover is over, in time, and no VM failed."""
        return self.over and self.verdict is RtoVerdict.INSIDE and not self.not_recovered


def assess_rto(
    target: timedelta | None,
    started: datetime | None,
    *,
    now: datetime,
    over: bool = False,
    ended: datetime | None = None,
    declared: datetime | None = None,
    as_of: datetime | None = None,
    estimate: Estimate | None = None,
    stalled: int = 0,
    not_recovered: int = 0,
    settled: bool = True,
) -> RtoView:
    """Judge the time a failover takes against `target`.

    It counts from `started`, or from `declared` where that is earlier: the business
    counts from the disaster, not from the first request. `as_of` is when the data was
    read (now, unless it is old): a deadline that passed since then may have been met
    unseen, so that it is at risk, not missed. With `stalled` VMs it is at risk too:
    no estimate covers them. While what a forecast rests on is still being read
    (`settled` False), it cannot tell of a risk, only of what the clock has decided.
    """
    begins = [moment for moment in (started, declared) if moment is not None]
    counted_from = min(begins) if begins else None
    over = over or ended is not None
    until = ended if over else now
    bare = RtoView(
        RtoVerdict.NO_TARGET if target is None else RtoVerdict.UNKNOWN,
        target,
        counted_from,
        elapsed=span(counted_from, until),
        over=over,
        not_recovered=not_recovered,
    )
    if target is None:
        return bare
    if counted_from is None:
        return replace(bare, reason="the session's start is not known")
    deadline = counted_from + target
    seen = min(as_of, now) if as_of is not None else now
    if ended is not None and started is not None and ended < started:
        verdict, reason = RtoVerdict.UNKNOWN, "the session's end is before its start"
    elif over:
        verdict, reason = _at_the_end(deadline, ended, seen)
    else:
        verdict, reason = _by_the_clock(deadline, now, seen) or _by_the_outlook(
            deadline, target, now, estimate, stalled
        )
        if verdict is RtoVerdict.AT_RISK and not settled and now <= deadline:
            verdict, reason = RtoVerdict.UNKNOWN, "the plan and earlier runs are still being read"
    return replace(
        bare,
        verdict=verdict,
        deadline=deadline,
        left=span(until, deadline),
        overrun=span(deadline, until),
        reason=reason,
    )


def _at_the_end(
    deadline: datetime, ended: datetime | None, seen: datetime
) -> tuple[RtoVerdict, str]:
    if ended is not None:
        missed = ended > deadline
        return (RtoVerdict.MISSED if missed else RtoVerdict.INSIDE), "by the session's end time"
    if seen <= deadline:
        return RtoVerdict.INSIDE, "it was over before the target, without an end time"
    return RtoVerdict.UNKNOWN, "the server gave no end time"


def _by_the_clock(
    deadline: datetime, now: datetime, seen: datetime
) -> tuple[RtoVerdict, str] | None:
    if seen > deadline:
        return RtoVerdict.MISSED, "it still ran after the target"
    if now > deadline:
        return RtoVerdict.AT_RISK, "the target passed since the data was read"
    return None


def _by_the_outlook(
    deadline: datetime,
    target: timedelta,
    now: datetime,
    estimate: Estimate | None,
    stalled: int,
) -> tuple[RtoVerdict, str]:
    if estimate is not None and estimate.earliest > deadline:
        return RtoVerdict.AT_RISK, "even the earliest estimated finish is after the target"
    if estimate is not None and estimate.latest > deadline:
        return RtoVerdict.AT_RISK, "the latest estimated finish is after the target"
    if stalled:
        return RtoVerdict.AT_RISK, f"{stalled} VM{'s' if stalled > 1 else ''} stalled"
    if estimate is not None:
        return RtoVerdict.INSIDE, "the estimated finish is before the target"
    if now > deadline - target * (1 - RISKY_SHARE):
        return RtoVerdict.AT_RISK, f"more than {RISKY_SHARE:.0%} of the target has gone by"
    return RtoVerdict.INSIDE, "no estimate yet"


@dataclass(frozen=True, slots=True)
class RtoTrack:
    """What earlier readings said about one deadline; fold it with `follow_rto`.

    `behind_since` is the first moment at which it was at risk or missed, and stays
    even if it later comes out inside; `behind_inferred` if that was not seen happening.
    `inside_at` is when it was last inside. `settled` is the verdict after the end.
    """

    deadline: datetime | None = None
    behind_since: datetime | None = None
    behind_inferred: bool = False
    inside_at: datetime | None = None
    missed: bool = False
    settled: RtoVerdict | None = None


def follow_rto(track: RtoTrack, view: RtoView, now: datetime) -> tuple[RtoTrack, RtoView]:
    """Take a view in; gives the next track and the view to show.

    While it runs, missed stays missed. The end decides once, by the server's own end
    time, which may lie before a reading that still called it running; then the
    verdict never changes again. Another target or moment of declaration is another
    deadline and starts afresh.
    """
    if view.deadline is None:
        return RtoTrack(), view
    if track.deadline != view.deadline:
        track = RtoTrack(view.deadline)
    verdict = _held(track, view)
    behind = verdict in (RtoVerdict.AT_RISK, RtoVerdict.MISSED)
    since, inferred = track.behind_since, track.behind_inferred
    if since is None and behind:
        inferred = track.inside_at is None or now - track.inside_at > WATCHED_WITHIN
        # A miss begins at the deadline, however much later it was seen.
        since = view.deadline if verdict is RtoVerdict.MISSED else now
    decided = view.over and verdict is not RtoVerdict.UNKNOWN
    return (
        RtoTrack(
            view.deadline,
            since,
            inferred,
            now if verdict is RtoVerdict.INSIDE else track.inside_at,
            verdict is RtoVerdict.MISSED,
            verdict if decided else track.settled,
        ),
        replace(view, verdict=verdict, since=since, behind_inferred=inferred),
    )


def _held(track: RtoTrack, view: RtoView) -> RtoVerdict:
    if track.settled is not None:
        return track.settled
    if track.missed and (not view.over or view.verdict is RtoVerdict.UNKNOWN):
        return RtoVerdict.MISSED
    return view.verdict


@dataclass(frozen=True, slots=True)
class VmRto:
    """How long one VM took; None where it is not up, or a time is not known.

    `own` is the task's end minus its start, `from_start` its end minus the moment
    from which the whole failover counts: how long the business went without it.
    """

    key: TaskKey
    own: timedelta | None
    from_start: timedelta | None


def achieved_rto(views: Iterable[TaskView], counted_from: datetime | None) -> tuple[VmRto, ...]:
    """The achieved RTO of each task that has begun. A failed VM has none."""
    found = []
    for view in views:
        task = view.task
        if task is None:
            continue
        up = view.status in (Status.SUCCESS, Status.WARNING)
        ended = task.ended if up else None
        found.append(VmRto(view.key, lasted(task.created, ended), lasted(counted_from, ended)))
    return tuple(found)
