"""What was observed of one session, on one axis of time, and a follower that goes along it.

A journal leaves out readings that brought nothing. `Feed` puts them back where the server was
asked and nothing else happened, so that data is no older in a replay than it was on screen;
of progress it knows the steps that were kept.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final, TypeVar

from tui.light import dataclass
from tui.monitor.follower import SILENT_FROM, SessionFollower
from tui.monitor.observations import (
    Left,
    NoAnswer,
    Observation,
    Opened,
    Reading,
    Silence,
)
from tui.monitor.snapshot import Snapshot

_SEVERAL_CLOCKS: Final = 86_400.0
"""Seconds that the monotonic clock is ahead by only where another monitor's is mixed in."""

_A_STEP_BACK: Final = 1.0
_AT_ONCE: Final = 1e-6

Moved = TypeVar("Moved", bound=Observation)


@dataclass(frozen=True)
class Recording:
    """Observations whose `monotonic` is seconds since `begin` (this machine's clock, UTC).

    They never go back in time. The last one is the end. `server` is as it is shown to people.
    """

    session_id: str
    begin: datetime
    observations: tuple[Observation, ...] = field(repr=False)
    server: str = ""

    @cached_property
    def moments(self) -> tuple[float, ...]:
        """Of each observation, seconds since the begin."""
        return tuple(each.monotonic for each in self.observations)

    @property
    def end(self) -> float:
        """Seconds from the first to the last observation."""
        return self.moments[-1]

    @cached_property
    def start(self) -> float:
        """Seconds to the first answer of the server, from which on there is something to see."""
        answers = (each.monotonic for each in self.observations if isinstance(each, Reading))
        return next(answers, 0.0)

    def at(self, seconds: float) -> datetime:
        """That moment by the clock of the machine that watched, UTC."""
        return self.begin + timedelta(seconds=seconds)

    @cached_property
    def _told(self) -> tuple[datetime, ...]:
        """The server's time of each observation, this machine's where it is not known; it
        never goes back."""
        times: list[datetime] = []
        for each in self.observations:
            told = each.server_time or each.seen_at
            times.append(max(told, times[-1]) if times else told)
        return tuple(times)

    def time_at(self, seconds: float) -> datetime:
        """That moment by the server's clock, as far as it is known."""
        place = max(0, bisect_right(self.moments, seconds) - 1)
        told = self._told[place] + timedelta(seconds=seconds - self.moments[place])
        return min(told, self._told[place + 1]) if place + 1 < len(self._told) else told

    def seconds_at(self, moment: datetime) -> float:
        """Where that moment by the server's clock is."""
        place = max(0, bisect_right(self._told, moment) - 1)
        seconds = self.moments[place] + (moment - self._told[place]).total_seconds()
        following = self.moments[place + 1 : place + 2] or (self.end,)
        return max(0.0, min(seconds, following[0]))


def recorded(
    session_id: str, observations: Iterable[Observation], server: str = ""
) -> Recording | None:
    """The recording that they make, None of none at all.

    Each run of the program has a monotonic clock of its own. They are joined by `seen_at`,
    the wall clock, as it was when each began; within a run that clock is not asked, since
    somebody may have set it.
    """
    moved: list[Observation] = []
    begin: datetime | None = None
    run: str | None = None
    shift = came_to = 0.0
    for each in observations:
        if begin is None:
            begin, shift = each.seen_at, -each.monotonic
        told = (each.seen_at - begin).total_seconds()
        begins = isinstance(each, Opened) and each.run != run
        if isinstance(each, Opened):
            run = each.run
        off = each.monotonic + shift
        mixed = off < came_to - _A_STEP_BACK or off - told > _SEVERAL_CLOCKS
        if begins or mixed:
            shift = max(came_to, told) - each.monotonic
        # Of several that came at once the order is known, their moments to some microseconds.
        late = max(0.0, came_to - (each.monotonic + shift))
        moved.append(_moved(each, shift + late))
        came_to = moved[-1].monotonic
    return Recording(session_id, begin, tuple(moved), server) if begin is not None else None


def _moved(observation: Moved, seconds: float) -> Moved:
    """The same by a monotonic clock that shows so much more."""
    at = observation.monotonic + seconds
    if isinstance(observation, NoAnswer):
        trouble = replace(observation.trouble, since=observation.trouble.since + seconds)
        due = observation.next_poll_at + seconds
        return replace(observation, monotonic=at, trouble=trouble, next_poll_at=due)
    if isinstance(observation, Reading | Silence):
        return replace(observation, monotonic=at, asked_at=observation.asked_at + seconds)
    return replace(observation, monotonic=at)


class Feed:
    """Gives a recording to a follower of its own, up to a moment; it only goes forward."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._follower = SessionFollower(recording.session_id)
        self._next = 0
        self._followed = False
        self.at = 0.0
        """Up to where it has come, in seconds since the begin."""
        self.is_whole = True
        """Whether all was taken in that had come by then."""

    @property
    def snapshot(self) -> Snapshot:
        """What was known there."""
        return self._follower.snapshot

    def twin(self) -> Feed:
        """Another one that stands where this one does, and goes on by itself."""
        twin = copy(self)
        vars(twin)["_follower"] = self._follower.twin()
        return twin

    def steps(self, to: float) -> Iterator[Snapshot]:
        """Go on up to that moment, with a stop after each piece."""
        while (observation := self._due(to)) is not None:
            self.at = max(self.at, observation.monotonic)
            self.is_whole = False
            yield from self._taken(observation)
            self.is_whole = True
            yield self.snapshot
        self.at = max(self.at, to)
        yield self._follower.look(self.at)

    def _taken(self, observation: Observation) -> Iterator[Snapshot]:
        try:
            for _ in self._follower.stages(observation):
                yield self.snapshot
        except Exception:  # one that makes no sense changed nothing when it came, either
            return

    def _due(self, to: float) -> Observation | None:
        """What comes next, a poll that was left out or what was kept; None after `to`."""
        recording = self._recording
        if self._next >= len(recording.observations):
            return None
        coming = recording.observations[self._next]
        poll = self._left_out(coming)
        if poll is not None:
            return poll if poll.monotonic <= to else None
        if coming.monotonic > to:
            return None
        self._next += 1
        if isinstance(coming, Opened | Left):
            self._followed = isinstance(coming, Opened)
        return coming

    def _left_out(self, coming: Observation) -> Reading | None:
        """The poll before `coming` that brought nothing, where there was one."""
        state = self._follower.snapshot
        due, session = state.next_poll_at, state.session
        if due is None or session is None or due >= coming.monotonic - _AT_ONCE:
            return None
        asks = self._followed and not state.paused
        if not asks or state.trouble is not None or state.asked_at is not None:
            return None
        # Somebody who is killed says nothing: nobody knows until when it was watched.
        longest = SILENT_FROM + timedelta(seconds=state.interval)
        before = self._recording.moments[max(0, self._next - 1)]
        if isinstance(coming, Opened) or coming.monotonic - before > longest.total_seconds():
            return None
        if isinstance(coming, Reading) and due >= coming.asked_at - _AT_ONCE:
            return None  # it is that very poll
        seen_at = self._recording.at(due)
        return Reading(seen_at=seen_at, monotonic=due, session=session, asked_at=due)
