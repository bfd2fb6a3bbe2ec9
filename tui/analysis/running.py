"""What runs, followed from reading to reading and judged where it may stand still.

A failover of a thousand VMs has hundreds that simply move. When each of them would stop doing so
is known beforehand, so that a judgement is a look at the times that have come; whoever asks for
the motion of one that moves has it worked out then.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

from tui.analysis.assessment import TaskKey, TaskView, whole_second
from tui.analysis.identity import differing, folded
from tui.analysis.stall import (
    Motion,
    Movement,
    Pulse,
    all_still_since,
    assess_motion,
    fold_pulses,
    is_mute,
    motion_of,
    next_pulse,
    threshold_of,
)

_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_NOTHING = timedelta()


class Motions(Mapping[TaskKey, Motion]):
    """The motion of each running task at one moment; equal to a dict of the same."""

    def __init__(
        self,
        pulses: Mapping[TaskKey, Pulse],
        usual: Mapping[str, timedelta],
        stall_after: timedelta,
        now: datetime,
        *,
        stale: bool,
        mute: bool,
    ) -> None:
        """Of each pulse the `view` counts."""
        self._pulses = pulses
        self._usual = usual
        self._stall_after = stall_after
        self._now = now
        self._stale = stale
        self._mute = mute
        self.notable: Mapping[TaskKey, Motion] = {}
        """Those that do not simply move, in the server's order."""

    def __getitem__(self, key: TaskKey) -> Motion:
        """Judged as of the moment of all."""
        known = self.notable.get(key)
        if known is not None:
            return known
        pulse = self._pulses[key]
        view = pulse.view
        if view is None:
            raise KeyError(key)
        return motion_of(
            view,
            pulse,
            now=self._now,
            stale=self._stale,
            usual=self._usual.get(folded(key.vm_name)),
            stall_after=self._stall_after,
            mute=self._mute,
        )

    def __iter__(self) -> Iterator[TaskKey]:
        """The keys of the running tasks, in no order."""
        return iter(self._pulses)

    def __contains__(self, key: object) -> bool:
        """Whether a task runs."""
        return key in self._pulses

    def __len__(self) -> int:
        """How many tasks run."""
        return len(self._pulses)


def notable(motions: Mapping[TaskKey, Motion]) -> Mapping[TaskKey, Motion]:
    """The motions of what does not simply move."""
    if isinstance(motions, Motions):
        return motions.notable
    return {key: each for key, each in motions.items() if each.movement is not Movement.MOVING}


class Running:
    """The running tasks of a session. What it holds is replaced, never changed."""

    def __init__(self, stall_after: timedelta) -> None:
        """`stall_after`: how long a task may stand still whose VM has no earlier runs."""
        self._stall_after = stall_after
        self._usual: Mapping[str, timedelta] = {}
        self._views: tuple[TaskView, ...] = ()
        self._pulses: dict[TaskKey, Pulse] = {}
        self._due: dict[TaskKey, datetime] | None = None

    def expect(self, usual: Mapping[str, timedelta], stall_after: timedelta) -> None:
        """How long each VM usually takes, by name, and how long one may stand still."""
        if usual is not self._usual or stall_after != self._stall_after:
            self._usual, self._stall_after, self._due = usual, stall_after, None

    def read(self, views: tuple[TaskView, ...], now: datetime) -> None:
        """Take a reading in; `now` is when it was read."""
        before, self._views = self._views, views
        places = differing(before, views)
        if len(before) != len(views) or any(
            before[place].key != views[place].key for place in places
        ):
            self._pulses, self._due = fold_pulses(self._pulses, views, now), None
            return
        pulses = dict(self._pulses)
        due = None if self._due is None else dict(self._due)
        for place in places:
            view = views[place]
            if view.is_running:
                pulse = pulses[view.key] = next_pulse(pulses.get(view.key), view, now)
                if due is not None:
                    due[view.key] = self._due_of(pulse, view)
            elif pulses.pop(view.key, None) is not None and due is not None:
                del due[view.key]
        self._pulses, self._due = pulses, due

    def motions(
        self, views: tuple[TaskView, ...], now: datetime, *, stale: bool
    ) -> Mapping[TaskKey, Motion]:
        """Judge every running task of these, which are those of the last reading as a rule."""
        if stale or views is not self._views:
            return assess_motion(
                views,
                self._pulses,
                now=now,
                stale=stale,
                usual=self._usual,
                stall_after=self._stall_after,
            )
        mute = is_mute(views, self._pulses)
        found = Motions(self._pulses, self._usual, self._stall_after, now, stale=False, mute=mute)
        come = [key for key, due in self._dues().items() if due <= now]
        judged = [(self._position(key), key, found[key]) for key in come]
        found.notable = {
            key: motion
            for _, key, motion in sorted(judged, key=lambda each: each[0])
            if motion.movement is not Movement.MOVING
        }
        return found

    def count(self, views: tuple[TaskView, ...]) -> int:
        """How many of these run."""
        if views is self._views:
            return len(self._pulses)
        return sum(1 for view in views if view.is_running)

    def still_since(self, views: tuple[TaskView, ...]) -> datetime | None:
        """Since when nothing at all has changed, where two or more of these run."""
        if views is not self._views:
            return all_still_since(views, self._pulses)
        changes = [pulse.last_changed_at for pulse in self._pulses.values()]
        return max(changes) if len(changes) > 1 else None

    def _position(self, key: TaskKey) -> int:
        view = self._pulses[key].view
        return view.position if view is not None else 0

    def _dues(self) -> Mapping[TaskKey, datetime]:
        """When each running task stops to be one that simply moves, unless it changes."""
        if self._due is None:
            self._due = {
                key: self._due_of(pulse, pulse.view)
                for key, pulse in self._pulses.items()
                if pulse.view is not None
            }
        return self._due

    def _due_of(self, pulse: Pulse, view: TaskView) -> datetime:
        usual = self._usual.get(folded(view.vm_name))
        threshold = threshold_of(usual, self._stall_after)
        created = view.task.created if view.task is not None else None
        if threshold <= _NOTHING:
            return _LONG_AGO
        try:
            due = pulse.last_changed_at + threshold / 2
            if usual is not None and created is not None:
                due = min(due, whole_second(created) + threshold)
        except OverflowError:  # a time at the end of all dates
            return _LONG_AGO
        return due
