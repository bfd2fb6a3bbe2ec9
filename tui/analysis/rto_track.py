"""The RTO from reading to reading: since when it is behind, and what stays decided."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from tui.analysis.assessment import whole_second
from tui.analysis.rto_ground import RtoGround
from tui.analysis.targets import RtoTrack, RtoView, TargetVerdict

WATCHED_WITHIN: Final = timedelta(minutes=2)
"""Falling behind within so long of a better verdict was seen; later we were not there."""


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
