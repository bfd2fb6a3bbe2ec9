"""RTO: how long a failover may take and takes, and from reading to reading since when it is behind.

Pure functions of the resources; every moment is an aware UTC datetime and comes in
as an argument. What is not known stays None.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from tui.analysis.assessment import TaskKey, TaskView, lasted, span, whole_second
from tui.analysis.estimate import Estimate
from tui.analysis.status import Status, is_done
from tui.analysis.targets import (
    NOTHING_KNOWN,
    NOTHING_SEEN,
    Recovery,
    RtoGround,
    RtoTrack,
    RtoView,
    TargetVerdict,
    Undecided,
)
from tui.enterprise_manager.resources import FailoverSession
from tui.light import dataclass

RISKY_SHARE: Final = 0.8
"""Without an estimate, a target is at risk once this share of it has gone by."""

WATCHED_WITHIN: Final = timedelta(minutes=2)
"""Falling behind within so long of a better verdict was seen; later we were not there."""


def assess_rto(
    target: timedelta | None,
    started: datetime | None,
    *,
    now: datetime,
    over: bool = False,
    ended: datetime | None = None,
    declared: datetime | None = None,
    outage_began: datetime | None = None,
    as_of: datetime | None = None,
    estimate: Estimate | None = None,
    stalled: int = 0,
    recovery: Recovery = NOTHING_KNOWN,
    settled: bool = True,
    track: RtoTrack = NOTHING_SEEN,
) -> RtoView:
    """Judge the time a failover takes against `target`.

    It counts from `started`, or from `declared` where that is earlier: the business
    counts from the disaster, not from the first request; nor from the second one, where
    this run tries again what an earlier one left down (`outage_began`). `as_of` is when the
    data was read (now, unless it is old): a deadline that passed since then may have been met
    unseen, so that it is at risk, not missed. With `stalled` VMs it is at risk too:
    no estimate covers them. While what a forecast rests on is still being read
    (`settled` False), it cannot tell of a risk, only of what the clock or a failure has
    decided. What an earlier reading found about the end (`track`) holds.
    """
    started, ended, declared = _whole(started), _whole(ended), _whole(declared)
    outage_began = _whole(outage_began)
    begins = [moment for moment in (started, declared, outage_began) if moment is not None]
    counted_from = min(begins) if begins else None
    over = over or ended is not None
    until = ended if over else whole_second(now)
    bare = RtoView(
        TargetVerdict.NO_TARGET if target is None else TargetVerdict.UNKNOWN,
        target,
        counted_from,
        elapsed=lasted(counted_from, until) if over else span(counted_from, until),
        over=over,
        stalled=stalled,
        recovery=recovery,
        declared=declared if declared == counted_from != started else None,
        outage_began=outage_began if outage_began == counted_from != started else None,
    )
    if target is None:
        return bare
    if counted_from is None:
        return replace(bare, ground=RtoGround.START_UNKNOWN)
    deadline = counted_from + target
    view = replace(
        bare, deadline=deadline, left=span(until, deadline), overrun=span(deadline, until)
    )
    seen = min(as_of, now) if as_of is not None else now
    if over:
        in_time, ground = _in_time(deadline, started, ended, seen)
        if track.deadline == deadline and track.in_time is not None:
            in_time = track.in_time
        return _ended(replace(view, in_time=in_time), ground)
    verdict, ground = (
        _by_the_clock(deadline, now, seen)
        or _by_the_vms(recovery)
        or _passed_unseen(deadline, now)
        or _by_the_outlook(deadline, target, now, estimate, stalled)
    )
    if verdict is TargetVerdict.AT_RISK and not settled and now <= deadline:
        verdict, ground = TargetVerdict.UNKNOWN, RtoGround.STILL_READING
    return replace(view, verdict=verdict, ground=ground)


def assess_listed(
    session: FailoverSession,
    status: Status,
    target: timedelta | None,
    now: datetime,
    *,
    declared: datetime | None = None,
    recovery: Recovery | None = None,
) -> RtoView:
    """The RTO of a session as a list has it, without its tasks.

    `recovery` is what is known of its VMs from elsewhere. Without its tasks there is no
    forecast, so that nothing is at risk before the target has passed.
    """
    over = is_done(session.state, session.ended)
    failed = status in (Status.FAILED, Status.RUNNING_WITH_ERRORS)
    unknown = over and status is Status.UNKNOWN
    undecided = Undecided.SESSION_WITHOUT_A_RESULT if unknown else None
    return assess_rto(
        target,
        session.created,
        now=now,
        over=over,
        ended=session.ended,
        declared=declared,
        recovery=recovery or Recovery(session_failed=failed, undecided=undecided),
        settled=False,
    )


def _whole(moment: datetime | None) -> datetime | None:
    return None if moment is None else whole_second(moment)


def _in_time(
    deadline: datetime, started: datetime | None, ended: datetime | None, seen: datetime
) -> tuple[bool | None, RtoGround]:
    """Whether the end came before the deadline, and by what that is known."""
    if ended is not None and started is not None and ended < started:
        return None, RtoGround.END_BEFORE_START
    if ended is not None:
        return ended <= deadline, RtoGround.END_TIME
    if seen <= deadline:
        return True, RtoGround.SEEN_OVER_IN_TIME
    return None, RtoGround.NO_END_TIME


def _ended(view: RtoView, timed: RtoGround) -> RtoView:
    """The verdict after the end: in time is not enough, and not known is not met."""
    vms = view.recovery
    verdict, ground = TargetVerdict.NOT_MET, timed
    if vms.not_up:
        ground = RtoGround.VMS_LOST
    elif vms.session_failed:
        ground = RtoGround.SESSION_FAILED
    elif vms.undecided is not None and view.in_time is not False:
        verdict, ground = TargetVerdict.UNKNOWN, RtoGround.UNDECIDED
    elif view.in_time is None:
        verdict = TargetVerdict.UNKNOWN
    elif view.in_time:
        verdict = TargetVerdict.MET
    return replace(view, verdict=verdict, ground=ground)


_Judgement = tuple[TargetVerdict, RtoGround]


def _by_the_clock(deadline: datetime, now: datetime, seen: datetime) -> _Judgement | None:
    if min(now, seen) > deadline:
        return TargetVerdict.NOT_MET, RtoGround.RAN_PAST_TARGET
    return None


def _by_the_vms(vms: Recovery) -> _Judgement | None:
    """A VM that failed is not up at the end, unless it is tried again, which would show."""
    if vms.failed:
        return TargetVerdict.CANNOT_BE_MET, RtoGround.VMS_FAILED
    if vms.stopping and vms.not_up:
        return TargetVerdict.CANNOT_BE_MET, RtoGround.BEING_STOPPED
    if vms.session_failed:
        return TargetVerdict.CANNOT_BE_MET, RtoGround.SESSION_HAS_FAILED
    return None


def _passed_unseen(deadline: datetime, now: datetime) -> _Judgement | None:
    if now > deadline:
        return TargetVerdict.AT_RISK, RtoGround.PASSED_UNSEEN
    return None


def _by_the_outlook(
    deadline: datetime,
    target: timedelta,
    now: datetime,
    estimate: Estimate | None,
    stalled: int,
) -> _Judgement:
    if estimate is not None and estimate.earliest > deadline:
        return TargetVerdict.AT_RISK, RtoGround.EARLIEST_TOO_LATE
    if estimate is not None and estimate.latest > deadline:
        return TargetVerdict.AT_RISK, RtoGround.LATEST_TOO_LATE
    if stalled:
        return TargetVerdict.AT_RISK, RtoGround.VMS_STALLED
    if estimate is not None:
        return TargetVerdict.ON_COURSE, RtoGround.FINISH_IN_TIME
    if now > deadline - target * (1 - RISKY_SHARE):
        return TargetVerdict.AT_RISK, RtoGround.LITTLE_LEFT
    return TargetVerdict.OPEN, RtoGround.NO_ESTIMATE


def follow_rto(track: RtoTrack, view: RtoView, now: datetime) -> tuple[RtoTrack, RtoView]:
    """Take a view in; gives the next track and the view to show.

    While it runs, late stays late. The end decides once about the time, by the server's own
    end time, which may lie before a reading that still called it running. Another target or
    moment of declaration is another deadline and starts afresh.
    """
    if view.deadline is None:
        return RtoTrack(), view
    if track.deadline != view.deadline:
        track = RtoTrack(view.deadline)
    if track.late and not view.over:
        late = RtoGround.RAN_PAST_TARGET
        view = replace(view, verdict=TargetVerdict.NOT_MET, ground=late)
    elif track.late and view.verdict is TargetVerdict.UNKNOWN and view.in_time is None:
        view = replace(view, verdict=TargetVerdict.NOT_MET)
    view = _doomed(track, view, now)
    since, inferred = track.behind_since, track.behind_inferred
    if since is None and view.verdict.is_behind:
        since = _behind_since(view, now)
        seen = track.good_at is not None and now - track.good_at <= WATCHED_WITHIN
        inferred = not seen if since == now else view.doomed_inferred and not seen
    view = replace(view, since=since, behind_inferred=inferred)
    good = view.verdict in (TargetVerdict.ON_COURSE, TargetVerdict.OPEN)
    return (
        RtoTrack(
            view.deadline,
            since,
            inferred,
            view.doomed_since,
            view.doomed_inferred,
            now if good else track.good_at,
            view.in_time is False or (not view.over and view.verdict is TargetVerdict.NOT_MET),
            view.in_time if view.over else track.in_time,
        ),
        view,
    )


def _doomed(track: RtoTrack, view: RtoView, now: datetime) -> RtoView:
    """With the moment from which it could not be met; what runs again may be met again."""
    if view.verdict not in (TargetVerdict.CANNOT_BE_MET, TargetVerdict.NOT_MET):
        return view
    failed_since = view.recovery.failed_since
    if failed_since is not None:
        return replace(view, doomed_since=whole_second(failed_since))
    if track.doomed_since is not None:
        return replace(view, doomed_since=track.doomed_since, doomed_inferred=track.doomed_inferred)
    if view.verdict is TargetVerdict.CANNOT_BE_MET:
        return replace(view, doomed_since=whole_second(now), doomed_inferred=True)
    return view


def _behind_since(view: RtoView, now: datetime) -> datetime:
    """A miss begins with the first failure or at the deadline, however much later it was seen."""
    if view.verdict is TargetVerdict.AT_RISK:
        return now
    late = view.in_time is False or (not view.over and view.verdict is TargetVerdict.NOT_MET)
    moments = [view.doomed_since, view.deadline if late else None]
    return min((moment for moment in moments if moment is not None), default=now)


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
