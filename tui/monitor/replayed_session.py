"""A recorded session, shown as if it were followed: on a clock that can be moved at will.

To a screen it is what `LiveSession` is. Nothing is asked, noted or kept.
"""

from __future__ import annotations

import asyncio
from bisect import bisect_right
from collections.abc import Callable, Iterator
from datetime import datetime
from time import perf_counter
from typing import Final

from tui.light import dataclass
from tui.monitor.clock import Bell, Clock, Timer
from tui.monitor.live_session import Publish
from tui.monitor.recording import Feed, Recording
from tui.monitor.replay_marks import Marking, Marks, stepped
from tui.monitor.snapshot import Snapshot

SPEEDS: Final = (1, 2, 5, 10, 30, 60, 300, 1000)
"""How many seconds of the recording go by in one."""

WHOLE_IN: Final = 60.0
"""Seconds that a whole recording takes at most, at the speed at which it begins."""

FRAME: Final = 0.25
"""Seconds between two pictures while it plays."""

_WAYS: Final = 100
"""Places in a recording from which one can go on, so that going back is no long way."""

_PIECE: Final = 0.02
"""Seconds of work between two looks at the keyboard."""


@dataclass(frozen=True)
class Playback:
    """Where one is in a recording, and how it goes on. Moments in seconds since its begin.

    `wanted` differs from `at` as long as the way there is still being worked through.
    """

    at: float
    wanted: float
    end: float
    speed: int
    playing: bool
    marks: Marks

    @property
    def is_on_its_way(self) -> bool:
        """Whether what is shown is not yet what is wanted."""
        return self.wanted != self.at and not self.playing


class VirtualClock:
    """Shows the moment of the recording that is shown. It stands still in between, and goes
    back where a person does."""

    def __init__(self, recording: Recording, real: Clock) -> None:
        self._recording = recording
        self._real = real
        self.seconds = 0.0

    def monotonic(self) -> float:
        """Seconds since the begin of the recording."""
        return self.seconds

    def now(self) -> datetime:
        """The clock of the machine that watched, UTC."""
        return self._recording.at(self.seconds)

    async def sleep(self, seconds: float) -> None:
        """Wait in real time: for a person nothing else goes by."""
        await self._real.sleep(seconds)

    def call_later(self, seconds: float, callback: Callable[[], object]) -> Timer:
        """The same for who does not wait."""
        return self._real.call_later(seconds, callback)


class ReplayedSession:
    """Plays a recording. `run` while it is shown; the other methods say what a person wants."""

    def __init__(self, recording: Recording, clock: Clock, *, at_end: bool = False) -> None:
        """`clock` is the real one. Begins at the begin and plays, or stands at the end."""
        self.recording = recording
        self.clock = VirtualClock(recording, clock)
        self._real = clock
        self._feed = Feed(recording)
        self._shown = self._feed.snapshot
        self._marks = Marks()
        self._ways: list[Feed] = []
        self._moved = Bell()
        self._speed = next((s for s in SPEEDS if recording.end / s <= WHOLE_IN), SPEEDS[-1])
        self._playing = not at_end
        self._from = recording.end if at_end else recording.start
        self._since: float | None = None

    # What screens ask of it ---------------------------------------------------------

    @property
    def snapshot(self) -> Snapshot:
        """What was known at the moment that is shown."""
        return self._shown

    def look(self) -> Snapshot:
        """The same: it is `run` that goes on."""
        return self._shown

    def server_now(self) -> datetime:
        """The server's time at the moment that is shown."""
        return self._shown.server_now(self.clock.monotonic(), self.clock.now())

    @property
    def playback(self) -> Playback:
        """Where one is."""
        return Playback(
            self.clock.seconds,
            self._wanted,
            self.recording.end,
            self._speed,
            self._playing,
            self._marks,
        )

    async def run(self, publish: Publish) -> None:
        """Play until cancelled, handing each picture to `publish`."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._play(publish))
            group.create_task(self._mark(publish))

    # What a person wants ------------------------------------------------------------

    def toggle(self) -> None:
        """Play, or stand still; at the end it plays from the begin."""
        if self._playing:
            self._stand_at(self._wanted)
            return
        if self._wanted >= self.recording.end:
            self._stand_at(self.recording.start)
        self._playing = True
        self._since = None
        self._moved.ring()

    def set_speed(self, step: int) -> None:
        """The next faster speed, or the next slower one."""
        place = SPEEDS.index(self._speed) + step
        self._from, self._since = self._wanted, None
        self._speed = SPEEDS[max(0, min(len(SPEEDS) - 1, place))]
        self._moved.ring()

    def seek(self, seconds: float) -> None:
        """Go to that moment, or to the nearest there is data of; whether it plays stays."""
        self._from = max(self.recording.start, min(self.recording.end, seconds))
        self._since = None
        self._moved.ring()

    def step_event(self, direction: int) -> bool:
        """To the next event (1) or the one before (-1), and stand there; False without one."""
        return self._step(self._marks.events, direction)

    def step_failure(self, direction: int) -> bool:
        """The same with failures."""
        return self._step(self._marks.failures, direction)

    # --------------------------------------------------------------------------------

    def _step(self, moments: tuple[float, ...], direction: int) -> bool:
        found = stepped(moments, self._wanted, direction)
        if found is not None:
            self._stand_at(found)
        return found is not None

    def _stand_at(self, seconds: float) -> None:
        self._playing = False
        self.seek(seconds)

    @property
    def _wanted(self) -> float:
        if not self._playing or self._since is None:
            return self._from
        passed = (self._real.monotonic() - self._since) * self._speed
        return min(self.recording.end, self._from + passed)

    async def _play(self, publish: Publish) -> None:
        while True:
            self._moved.mute()
            if self._playing and self._since is None:
                self._since = self._real.monotonic()
            if not await self._go_to(self._wanted):
                continue
            if self._playing and self.clock.seconds >= self.recording.end:
                self._stand_at(self.recording.end)
                self._moved.mute()
            publish(self._shown)
            if self._playing:
                await self._moved.rings_within(self._real, FRAME)
            else:
                await self._moved.rings()

    async def _go_to(self, seconds: float) -> bool:
        """Show that moment; False where a person wants another one meanwhile.

        What is shown until then is whole: the moment that was shown before.
        """
        self._feed = self._nearest(seconds)
        feed, late = self._feed, perf_counter() + FRAME
        async for _ in _in_pieces(feed.steps(seconds)):
            if self._moved.is_rung:
                return False
            if self._playing and perf_counter() > late:
                # A machine that is too slow for that speed plays as fast as it can.
                self._from, self._since, seconds = feed.at, None, feed.at
                break
        self._shown, self.clock.seconds = feed.snapshot, seconds
        return True

    def _nearest(self, seconds: float) -> Feed:
        """The one that has the shortest way to that moment, without going back."""
        places = [each.at for each in self._ways]
        place = bisect_right(places, seconds) - 1
        before = self._ways[place] if place >= 0 else None
        here = self._feed
        if here.at <= seconds and (before is None or before.at <= here.at):
            return here
        return before.twin() if before is not None else Feed(self.recording)

    async def _mark(self, publish: Publish) -> None:
        """Look the whole recording through once, for the bar, the steps and the way back."""
        feed, marking = Feed(self.recording), Marking()
        apart = self.recording.end / _WAYS
        told = self._real.monotonic()
        async for snapshot in _in_pieces(feed.steps(self.recording.end)):
            marking.see(snapshot, feed.at)
            reached = self._ways[-1].at if self._ways else 0.0
            if feed.is_whole and feed.at >= reached + apart:
                self._ways.append(feed.twin())
            if self._real.monotonic() - told >= 1.0:
                told = self._real.monotonic()
                self._marks = marking.marks(complete=False)
                publish(self._shown)
        self._marks = marking.marks(complete=True)
        publish(self._shown)


class _InPieces:
    """Goes through the steps of a long work; keys get their turn in between."""

    def __init__(self, steps: Iterator[Snapshot]) -> None:
        self._steps = steps
        self._until = perf_counter() + _PIECE

    def __aiter__(self) -> _InPieces:
        return self

    async def __anext__(self) -> Snapshot:
        if perf_counter() > self._until:
            await asyncio.sleep(0)
            self._until = perf_counter() + _PIECE
        try:
            return next(self._steps)
        except StopIteration:
            raise StopAsyncIteration from None


_in_pieces = _InPieces
