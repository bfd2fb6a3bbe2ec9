"""The axis of the timeline: which time it spans, and where a moment lies on it.

It changes rarely: its length is one of a few nice ones, so that from poll to poll the
bars of finished tasks keep their cells and nothing of them is painted anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from tui.analysis.status import is_done
from tui.light import dataclass
from tui.monitor.snapshot import Snapshot

_CLOCK_FROM: Final = 90
_LABEL_ROOM: Final = 9
_MICROSECOND: Final = timedelta(microseconds=1)
_DAY: Final = timedelta(days=1)
_LENGTHS: Final = tuple(
    timedelta(minutes=m)
    for m in (2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 360, 480, 720, 1080, 1440)
)
_STEPS: Final = tuple(timedelta(minutes=m) for m in (1, 2, 5, 10, 15, 30, 60, 120, 360, 720, 1440))
_FAR: Final = 3
_NEAR: Final = timedelta(hours=1)
"""A target later than both this and `_FAR` times what the bars need stays outside: it would
squeeze them."""


@dataclass(frozen=True)
class TimeFrame:
    """What the timeline spans. Moments are aware UTC and the server's; None is unknown.

    `now` is when the data was read. `until` is the session's end, or the latest end that
    is estimated. `declared` is when the disaster was declared, if before the start. When
    the session is `over` there is no line for now.
    """

    start: datetime | None = None
    now: datetime | None = None
    until: datetime | None = None
    deadline: datetime | None = None
    declared: datetime | None = None
    over: bool = False

    @classmethod
    def of(cls, state: Snapshot, as_of: datetime) -> TimeFrame:
        """The frame of a session; `as_of` is the server's time of the data."""
        session, view = state.session, state.drill
        if session is None:
            return cls()
        views = state.assessment.tasks if state.assessment else ()
        tasks = [each.task for each in views if each.task is not None]
        start = session.created or min((t.created for t in tasks if t.created), default=None)
        over = is_done(session.state, session.ended)
        until = session.ended or max((t.ended for t in tasks if t.ended), default=None)
        if not over:
            estimate = view.outlook.estimate if view else None
            until = estimate.latest if estimate else None
        counted = view.rto.counted_from if view else None
        declared = (
            counted if counted is not None and start is not None and counted < start else None
        )
        return cls(start, as_of, until, view.rto.deadline if view else None, declared, over)


@dataclass(frozen=True)
class Axis:
    """From `origin` on, `length` of time; bars begin at `start`, which is not before it."""

    origin: datetime
    length: timedelta
    start: datetime

    def halves(self, moment: datetime, width: int) -> int:
        """How many half cells of `width` cells lie before the moment, 0 to twice the width."""
        return self.halves_of(moment - self.origin, width)

    def halves_of(self, since: timedelta, width: int) -> int:
        """The same for a time after the origin: it may lie beyond the last date there is."""
        if since <= timedelta():
            return 0
        if since >= self.length:
            return 2 * width
        return (since // _MICROSECOND) * 2 * width // (self.length // _MICROSECOND)

    def cell(self, moment: datetime, width: int) -> int | None:
        """The cell in which the moment lies; None when it is outside."""
        return self.cell_of(moment - self.origin, width)

    def cell_of(self, since: timedelta, width: int) -> int | None:
        """The same for a time after the origin."""
        if not timedelta() <= since <= self.length or width < 1:
            return None
        return min(self.halves_of(since, width) // 2, width - 1)


def axis_of(frame: TimeFrame, before: Axis | None = None) -> Axis | None:
    """The axis for a frame; None without a start.

    Grows as soon as it must. The axis `before` stays as long as what has to be shown
    fills more than half of it, since estimates move to and fro.
    """
    start = frame.start
    if start is None:
        return None
    shown = max([timedelta(minutes=1), *_spans(frame, start)])
    origin = start
    if frame.declared is not None and timedelta() < start - frame.declared <= shown:
        origin = frame.declared
    need = shown + (start - origin)
    if frame.deadline is not None and frame.deadline - origin <= max(need * _FAR, _NEAR):
        need = max(need, frame.deadline - origin)
    same = before is not None and (before.origin, before.start) == (origin, start)
    if before is not None and same and need <= before.length < need * 2 + timedelta(minutes=1):
        return before
    return Axis(origin, _nice_length(need), start)


def _spans(frame: TimeFrame, start: datetime) -> Iterator[timedelta]:
    if frame.until is not None:
        yield frame.until - start
    if frame.now is not None and not frame.over:
        yield (frame.now - start) * 51 / 50  # the line for now not quite at the edge


def _nice_length(need: timedelta) -> timedelta:
    for length in _LENGTHS:
        if need <= length:
            return length
    length = _LENGTHS[-1]
    while length < need:
        length *= 2
    return length


def step_of(length: timedelta, width: int) -> timedelta:
    """The smallest nice step whose labels fit side by side."""
    for step in _STEPS:
        if width * (step / length) >= _LABEL_ROOM:
            return step
    step = _STEPS[-1]
    while step < length and width * (step / length) < _LABEL_ROOM:
        step *= 2
    return step


def ticks(axis: Axis, width: int) -> list[tuple[int, str]]:
    """Cell and label of each tick: `+5m` after the start, clock times UTC when wide."""
    step = step_of(axis.length, width)
    on_clock = width >= _CLOCK_FROM and step < _DAY
    zero = axis.start.astimezone(UTC)
    if on_clock:
        zero = zero.replace(hour=0, minute=0, second=0, microsecond=0)
    number = -((zero - axis.origin) // step)
    found: list[tuple[int, str]] = []
    while (since := zero - axis.origin + step * number) <= axis.length:
        at = axis.cell_of(since, width)
        if at is not None:
            label = _clock(step * number) if on_clock else _after(step * number)
            found.append((at, label if found or not on_clock else f"{label} UTC"))
        number += 1
    return found


def _clock(since_midnight: timedelta) -> str:
    minutes = since_midnight % _DAY // timedelta(minutes=1)
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _after(since: timedelta) -> str:
    """`0`, `+5m`, `+1h30m`, `+2d`; before the start `-5m`."""
    sign = "-" if since < timedelta() else "+"
    hours, minutes = divmod(abs(since) // timedelta(minutes=1), 60)
    if hours >= 24 and not hours % 24 and not minutes:
        return f"{sign}{hours // 24}d"
    if hours:
        return f"{sign}{hours}h{minutes:02}m" if minutes else f"{sign}{hours}h"
    return f"{sign}{minutes}m" if minutes else "0"
