"""What runs: how many of the slots, and, from reading to reading, what may stand still.

A failover of a thousand VMs has hundreds that simply move. When each of them would stop doing so
at the earliest is known beforehand, so that a judgement is a look at the times that have come;
whoever asks for the motion of one that moves has it worked out then.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Final, NamedTuple

from tui.analysis.assessment import TaskKey, TaskView, whole_second
from tui.analysis.identity import folded, known_difference
from tui.analysis.stall import (
    Motion,
    Movement,
    Pulse,
    all_still_since,
    assess_motion,
    fold_pulses,
    motion_of,
    next_pulse,
    pulse_of,
    shows_no_progress,
    threshold_of,
)
from tui.light import dataclass

SLOTS: Final = 10
"""How many VMs a backup server fails over at the same time, as far as is known.

The server's answers never name it, so more than ten running tasks are shown as they are.
"""

_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)
_NOTHING: Final = timedelta()

_IDLE, _UNSEEN, _SEEN = range(3)
"""Of a task that does not run; that was not seen to change yet; that was."""


@dataclass(frozen=True, slots=True)
class Slots:
    """Slots in use. `used` may exceed `of`: then the limit is not what we think it is."""

    used: int
    of: int = SLOTS

    @property
    def is_full(self) -> bool:
        """Whether a waiting VM has to wait for another one to finish."""
        return self.used >= self.of


class _Beats(NamedTuple):
    """The pulses of the views, by their places: what a thousand values would say in two lists.

    `since` is when what a running task shows changed last, None of others.
    """

    views: Sequence[TaskView]
    since: Sequence[datetime | None]
    seen: bytes | bytearray

    @classmethod
    def of(cls, views: Sequence[TaskView], pulses: Mapping[TaskKey, Pulse]) -> _Beats:
        """The same from pulses by key."""
        found = [pulses.get(view.key) if view.is_running else None for view in views]
        seen = bytearray(
            _IDLE if each is None else _SEEN if each.observed else _UNSEEN for each in found
        )
        return cls(views, [each.last_changed_at if each else None for each in found], seen)

    def pulse(self, place: int) -> Pulse | None:
        """That of the task there; None where it does not run."""
        since, view = self.since[place], self.views[place]
        if since is None:
            return None
        return pulse_of(view, since, observed=self.seen[place] == _SEEN)

    def pulses(self) -> dict[TaskKey, Pulse]:
        """All of them, by key."""
        found = ((view.key, self.pulse(place)) for place, view in enumerate(self.views))
        return {key: pulse for key, pulse in found if pulse is not None}

    def running(self) -> int:
        """How many run."""
        return len(self.seen) - self.seen.count(_IDLE)


class Motions(Mapping[TaskKey, Motion]):
    """The motion of each running task at one moment; equal to a dict of the same."""

    def __init__(
        self,
        beats: _Beats,
        usual: Mapping[str, timedelta],
        stall_after: timedelta,
        now: datetime,
        *,
        mute: bool,
    ) -> None:
        self._beats = beats
        self._usual = usual
        self._stall_after = stall_after
        self._now = now
        self._mute = mute
        self.notable: Mapping[TaskKey, Motion] = {}
        """Those that do not simply move, in the server's order."""

    @cached_property
    def _places(self) -> Mapping[TaskKey, int]:
        views = self._beats.views
        return {view.key: place for place, view in enumerate(views) if view.is_running}

    def at(self, place: int) -> Motion:
        """That of the running task there, judged as of the moment of all."""
        view = self._beats.views[place]
        return motion_of(
            view,
            self._beats.pulse(place),
            now=self._now,
            stale=False,
            usual=self._usual.get(folded(view.vm_name)),
            stall_after=self._stall_after,
            mute=self._mute,
        )

    def __getitem__(self, key: TaskKey) -> Motion:
        """That of the running task with this key."""
        return self.notable.get(key) or self.at(self._places[key])

    def __iter__(self) -> Iterator[TaskKey]:
        """The keys of the running tasks."""
        return iter(self._places)

    def __contains__(self, key: object) -> bool:
        """Whether a task runs."""
        return key in self._places

    def __len__(self) -> int:
        """How many tasks run."""
        return self._beats.running()


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
        self._beats = _Beats((), (), b"")
        self._read_at: datetime | None = None
        self._dues: list[datetime | None] | None = None
        """By place, when a running task stops at the earliest to be one that simply moves; it
        may have changed since, which puts that off."""

    def expect(self, usual: Mapping[str, timedelta], stall_after: timedelta) -> None:
        """How long each VM usually takes, by name, and how long one may stand still."""
        if usual is not self._usual or stall_after != self._stall_after:
            self._usual, self._stall_after, self._dues = usual, stall_after, None

    def read(self, views: tuple[TaskView, ...], now: datetime) -> None:
        """Take a reading in; `now` is when it was read."""
        before, where = self._beats.views, known_difference(self._beats.views, views)
        if self._read_at is not None and now < self._read_at:
            self._dues = None
        self._read_at = now
        if where is None:
            pulses = fold_pulses(self._beats.pulses(), views, now)
            self._beats, self._dues = _Beats.of(views, pulses), None
            return
        since, seen, dues = list(self._beats.since), bytearray(self._beats.seen), self._dues
        for place in where.moved:
            if seen[place]:
                since[place], seen[place] = now, _SEEN
        new = range(len(before), len(views))
        since.extend([None] * len(new))
        seen.extend(bytes(len(new)))
        if dues is not None and (where.changed or new):
            dues = self._dues = [*dues, *([None] * len(new))]
        for place in [*where.changed, *new]:
            view, pulse = views[place], None
            if view.is_running:
                known = place < len(before) and before[place].key == view.key
                pulse = next_pulse(self._beats.pulse(place) if known else None, view, now)
            since[place] = pulse.last_changed_at if pulse is not None else None
            seen[place] = _IDLE if pulse is None else _SEEN if pulse.observed else _UNSEEN
            if dues is not None:
                dues[place] = self._due_of(view, since[place])
        self._beats = _Beats(views, since, seen)

    def motions(
        self, views: tuple[TaskView, ...], now: datetime, *, stale: bool
    ) -> Mapping[TaskKey, Motion]:
        """Judge every running task of these, which are those of the last reading as a rule."""
        beats = self._beats
        if stale or views is not beats.views:
            return assess_motion(
                views,
                beats.pulses(),
                now=now,
                stale=stale,
                usual=self._usual,
                stall_after=self._stall_after,
            )
        mute = _SEEN not in beats.seen and shows_no_progress(views)
        found = Motions(beats, self._usual, self._stall_after, now, mute=mute)
        judged = ((views[place].key, found.at(place)) for place in self._come(now))
        found.notable = {
            key: motion for key, motion in judged if motion.movement is not Movement.MOVING
        }
        return found

    def _come(self, now: datetime) -> list[int]:
        """The places of the running tasks that may not simply move at that moment."""
        since = self._beats.since
        if self._dues is None:
            self._dues = list(map(self._due_of, self._beats.views, since))
        come = [n for n, due in enumerate(self._dues) if due is not None and due <= now]
        dues = list(self._dues) if come else self._dues
        for place in come:  # those that changed since then have time
            dues[place] = self._due_of(self._beats.views[place], since[place])
        self._dues = dues
        return [place for place in come if (due := dues[place]) is not None and due <= now]

    def count(self, views: tuple[TaskView, ...]) -> int:
        """How many of these run."""
        if views is self._beats.views:
            return self._beats.running()
        return sum(1 for view in views if view.is_running)

    def still_since(self, views: tuple[TaskView, ...]) -> datetime | None:
        """Since when nothing at all has changed, where two or more of these run."""
        beats = self._beats
        if views is not beats.views:
            return all_still_since(views, beats.pulses())
        return max(filter(None, beats.since)) if beats.running() > 1 else None

    def _due_of(self, view: TaskView, since: datetime | None) -> datetime | None:
        """When it stops to be one that simply moves, unless it changes; None: it does not run."""
        if since is None:
            return None
        usual = self._usual.get(folded(view.vm_name))
        threshold = threshold_of(usual, self._stall_after)
        created = view.task.created if view.task is not None else None
        if threshold <= _NOTHING:
            return _LONG_AGO
        try:
            due = since + threshold / 2
            if usual is not None and created is not None:
                due = min(due, whole_second(created) + threshold)
        except OverflowError:  # a time at the end of all dates
            return _LONG_AGO
        return due
