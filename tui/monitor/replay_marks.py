"""Where in a recording something happened: events, failures, times in which nobody watched."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import takewhile

from tui.analysis.events import Event, EventKind
from tui.light import dataclass
from tui.monitor.snapshot import Snapshot


@dataclass(frozen=True)
class Marks:
    """Seconds since the begin of the recording, ascending.

    `events` are the moments at which something was learned, `failures` those at which a
    task was seen to have failed. `gaps` are the times in which nobody watched, each with its
    end. `complete` once the whole recording was looked through.
    """

    events: tuple[float, ...] = ()
    failures: tuple[float, ...] = ()
    gaps: tuple[tuple[float, float], ...] = ()
    complete: bool = False


class Marking:
    """Collects the marks of snapshots that come in their order."""

    def __init__(self) -> None:
        self._events: list[float] = []
        self._failures: list[float] = []
        self._gaps: list[tuple[float, float]] = []
        self._before: Snapshot | None = None
        self._at = 0.0

    def see(self, snapshot: Snapshot, at: float) -> None:
        """The snapshot after the observation of that moment, or a part of it."""
        before, self._before = self._before, snapshot
        last, self._at = self._at, at
        if before is None:
            return
        if snapshot.gaps is not before.gaps:
            self._gaps.append((last, at))
        log, known = snapshot.events.events, before.events.events
        if log is known:
            return
        newest = known[-1] if known else None
        new = list(takewhile(lambda event: event is not newest, reversed(log)))
        if new:
            _add(self._events, at)
        if any(_is_failure(event) for event in new):
            _add(self._failures, at)

    def marks(self, *, complete: bool) -> Marks:
        """What was found so far."""
        return Marks(tuple(self._events), tuple(self._failures), tuple(self._gaps), complete)


def _add(moments: list[float], at: float) -> None:
    if not moments or moments[-1] < at:
        moments.append(at)


def _is_failure(event: Event) -> bool:
    return event.kind is EventKind.TASK_FAILED


def stepped(moments: Sequence[float], at: float, direction: int) -> float | None:
    """The moment before or after `at`, None where there is none."""
    place = bisect_right(moments, at) if direction > 0 else bisect_left(moments, at) - 1
    return moments[place] if 0 <= place < len(moments) else None
