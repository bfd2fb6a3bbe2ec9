"""Is anything stuck? How long each running task has not changed, and what that means.

A task is compared with twice its VM's median duration in earlier runs, else with a
fixed time. Nothing is said while our own data is old: then it is the monitor that
stands still.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from tui.analysis.assessment import TaskKey, TaskView, span
from tui.analysis.identity import folded
from tui.light import dataclass

TIMES_USUAL: Final = 2
"""How many times its usual duration a task may stand still, or run."""

SHORTEST_THRESHOLD: Final = timedelta(minutes=1)
"""Below, a few missed polls or a slow collection would look like a stall."""


class Movement(Enum):
    """What a running task does; the value is the word for it."""

    MOVING = "moving"
    QUIET = "quiet"
    SLOW = "slow"
    STALLED = "stalled"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True, slots=True)
class Pulse:
    """What a running task last looked like, and since when.

    `observed` is False while no change was seen yet: then `last_changed_at` is the
    start of watching, and the task may have stood still for longer.
    """

    progress: int | None
    state: str
    message: str | None
    last_changed_at: datetime
    observed: bool = False
    view: TaskView | None = field(default=None, compare=False, repr=False)
    """What it was read from: the same view again cannot say anything new."""


Pulses = Mapping[TaskKey, Pulse]


def fold_pulses(before: Pulses, views: Iterable[TaskView], now: datetime) -> dict[TaskKey, Pulse]:
    """Take a new reading in; `now` is when it was read.

    Call it for readings only: what did not arrive says nothing about a task. Finished
    tasks drop out, so the result is never larger than what runs.
    """
    return {
        view.key: next_pulse(before.get(view.key), view, now) for view in views if view.is_running
    }


def next_pulse(before: Pulse | None, view: TaskView, now: datetime) -> Pulse:
    """The pulse of one running task after a reading."""
    if before is None:
        return pulse_of(view, now)
    if before.view is view:
        return before
    same = pulse_of(view, before.last_changed_at, observed=before.observed)
    return same if same == before else pulse_of(view, now, observed=True)


def pulse_of(view: TaskView, changed_at: datetime, *, observed: bool = False) -> Pulse:
    """A running task as it looks, since that moment."""
    state = view.task.state if view.task else ""
    return Pulse(view.progress, state, view.message, changed_at, observed, view)


@dataclass(frozen=True, slots=True)
class Motion:
    """One running task's movement.

    `quiet_for` and `running_for` are None while our data is old. `threshold` is how
    long it may stand still: `usual`, its VM's usual duration, decides, else what was set.
    """

    movement: Movement
    quiet_for: timedelta | None
    running_for: timedelta | None
    threshold: timedelta
    usual: timedelta | None = None


def assess_motion(
    views: Iterable[TaskView],
    pulses: Pulses,
    *,
    now: datetime,
    stale: bool,
    usual: Mapping[str, timedelta] | None = None,
    stall_after: timedelta,
) -> dict[TaskKey, Motion]:
    """Judge every running task; the others have no entry.

    `usual` holds the median duration of a VM in earlier runs, by name; `stall_after` is
    how long a VM without earlier runs may stand still. Stalled is
    without change for the threshold, quiet for half of it; slow still changes, but
    runs for longer than the threshold that its own history gives. Where the server has
    shown no change and no progress of any running task, as it may, none can be called
    stalled: nothing would change until its end.
    """
    usual = usual or {}
    views = [view for view in views if view.task is not None]
    mute = is_mute(views, pulses)
    return {
        view.key: motion_of(
            view,
            pulses.get(view.key),
            now=now,
            stale=stale,
            usual=usual.get(folded(view.vm_name)),
            stall_after=stall_after,
            mute=mute,
        )
        for view in views
        if view.is_running
    }


def is_mute(views: Iterable[TaskView], pulses: Pulses) -> bool:
    """Whether the server has shown neither a change nor the progress of any task."""
    return not any(pulse.observed for pulse in pulses.values()) and shows_no_progress(views)


def shows_no_progress(views: Iterable[TaskView]) -> bool:
    """Whether no task is between its begin and its end, as far as its progress says."""
    return not any(0 < (view.progress or 0) < 100 for view in views if view.task is not None)


def motion_of(
    view: TaskView,
    pulse: Pulse | None,
    *,
    now: datetime,
    stale: bool,
    usual: timedelta | None,
    stall_after: timedelta,
    mute: bool,
) -> Motion:
    """Judge one running task; `usual` is its VM's."""
    threshold = threshold_of(usual, stall_after)
    if stale or pulse is None:
        return Motion(Movement.CANNOT_TELL, None, None, threshold, usual)
    quiet_for = max(now - pulse.last_changed_at, timedelta())
    running_for = span(view.task.created if view.task else None, now)
    if quiet_for >= threshold and not mute:
        movement = Movement.STALLED
    elif usual is not None and running_for is not None and running_for >= threshold:
        movement = Movement.SLOW
    elif quiet_for >= threshold:
        movement = Movement.CANNOT_TELL
    elif quiet_for >= threshold / 2:
        movement = Movement.QUIET
    else:
        movement = Movement.MOVING
    return Motion(movement, quiet_for, running_for, threshold, usual)


def threshold_of(usual: timedelta | None, stall_after: timedelta) -> timedelta:
    """How long a task may stand still whose VM usually takes so long."""
    return stall_after if usual is None else max(usual * TIMES_USUAL, SHORTEST_THRESHOLD)


def all_still_since(views: Iterable[TaskView], pulses: Pulses) -> datetime | None:
    """Since when nothing at all has changed, where two or more tasks run.

    Enterprise Manager may not have collected from the backup server for a while (15
    minutes by default): when everything stands still together, that is as likely as
    a stall, and a front end should say so.
    """
    running = [view for view in views if view.is_running]
    changes = [pulses[view.key].last_changed_at for view in running if view.key in pulses]
    return max(changes) if len(changes) > 1 and len(changes) == len(running) else None
