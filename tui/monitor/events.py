"""What changed when: a bounded log, folded from one state of the monitor to the next.

A moment is the server's where the server gives one (a task's start and end, the
session's), else the moment at which we saw it, marked `inferred`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from tui.analysis.assessment import TaskKey, TaskView
from tui.analysis.status import Status, is_done
from tui.monitor.state import MonitorState

MOST_EVENTS: Final = 1_000


class EventKind(Enum):
    """What happened; the value is the word for it."""

    TASK_STARTED = "started"
    TASK_FAILED = "failed"
    TASK_FINISHED = "finished"
    TASK_MESSAGE = "message"
    TASK_UNLISTED = "no longer listed"
    SESSION = "session"
    CONNECTION_LOST = "connection lost"
    CONNECTION_BACK = "connection back"
    NOTE = "note"


_PASSING: Final = frozenset(
    {
        EventKind.TASK_MESSAGE,
        EventKind.TASK_UNLISTED,
        EventKind.CONNECTION_LOST,
        EventKind.CONNECTION_BACK,
    }
)


@dataclass(frozen=True, slots=True)
class Event:
    """One change. `at` is aware, UTC; `inferred` marks our moment, not the server's.

    `key` names the task where it is one's. `status` is what the task or the session
    came to. `text` is the server's message or word, the trouble's sentence, or the
    operator's note: data, never markup. `lasted` is how long a connection was lost.
    """

    at: datetime
    kind: EventKind
    inferred: bool = False
    key: TaskKey | None = None
    status: Status | None = None
    text: str | None = None
    lasted: timedelta | None = None

    @property
    def vm_name(self) -> str | None:
        """The VM it is about."""
        return self.key.vm_name if self.key else None


@dataclass(frozen=True, slots=True)
class EventLog:
    """The last `limit` events, oldest first; `dropped` counts those that had to go.

    Connections that come and go, and changed messages, make room first: a night of a
    bad line must not push out which VM failed, nor the operator's notes.
    """

    events: tuple[Event, ...] = ()
    limit: int = MOST_EVENTS
    dropped: int = 0

    def extended(self, new: tuple[Event, ...]) -> EventLog:
        """With these at the end."""
        if not new:
            return self
        events = self.events + new
        excess = len(events) - self.limit
        if excess <= 0:
            return replace(self, events=events)
        gone = _least_needed(events, excess)
        kept = tuple(event for place, event in enumerate(events) if place not in gone)
        return replace(self, events=kept, dropped=self.dropped + excess)

    def folded(self, previous: MonitorState | None, new: MonitorState, now: datetime) -> EventLog:
        """With what happened between two states."""
        return self.extended(fold(previous, new, now))

    def noted(self, text: str, now: datetime) -> EventLog:
        """With a note of the operator's; a blank one is none."""
        text = text.strip()
        return self.extended((Event(now, EventKind.NOTE, text=text),)) if text else self


def _least_needed(events: tuple[Event, ...], count: int) -> frozenset[int]:
    """The places of the oldest passing events, then of the oldest but notes, then of any."""

    def rank(place: int) -> tuple[int, int]:
        kind = events[place].kind
        return (0 if kind in _PASSING else 2 if kind is EventKind.NOTE else 1, place)

    return frozenset(sorted(range(len(events)), key=rank)[:count])


def fold(previous: MonitorState | None, new: MonitorState, now: datetime) -> tuple[Event, ...]:
    """What happened from one state to the next, in the order of its moments.

    The first state with a session tells what had happened before, by the server's
    moments. `now` is the server's time if it is known, else this machine's.
    """
    if previous is not None and previous.session_id != new.session_id:
        previous = None
    events = [*_connection(previous, new, now), *_session(previous, new, now)]
    if previous is None or previous.assessment is not new.assessment:
        events.extend(_tasks(previous, new, now))
    return tuple(sorted(events, key=lambda event: event.at))


def _connection(previous: MonitorState | None, new: MonitorState, now: datetime) -> Iterator[Event]:
    before = previous.trouble if previous else None
    after = new.trouble
    if after is not None and before is None:
        yield Event(now, EventKind.CONNECTION_LOST, inferred=True, text=after.sentence)
    elif before is not None and after is None:
        # Monotonic seconds on both sides: a clock set meanwhile changes nothing.
        back = new.fetched_at
        lasted = None if back is None else timedelta(seconds=max(0.0, back - before.since))
        yield Event(now, EventKind.CONNECTION_BACK, inferred=True, lasted=lasted)


def _session(previous: MonitorState | None, new: MonitorState, now: datetime) -> Iterator[Event]:
    session, assessment = new.session, new.assessment
    if session is None or assessment is None:
        return
    before = previous.assessment if previous else None
    over = is_done(session.state, session.ended)
    if before is None and session.created is not None:
        yield Event(session.created, EventKind.SESSION, status=Status.STARTING)
        if assessment.status is Status.STARTING:
            return
    if before is not None and before.status is assessment.status:
        return
    at = session.ended if over else None
    yield Event(
        at or now,
        EventKind.SESSION,
        inferred=at is None,
        status=assessment.status,
        text=session.failure_message or assessment.server_word,
    )


def _tasks(previous: MonitorState | None, new: MonitorState, now: datetime) -> Iterator[Event]:
    known = previous.assessment.tasks if previous and previous.assessment else ()
    views = new.assessment.tasks if new.assessment else ()
    changed = [(old, view) for old, view in zip(known, views, strict=False) if old is not view]
    if len(known) <= len(views) and all(old.key == view.key for old, view in changed):
        # The usual poll: the same rows, some of them changed, perhaps more at the end.
        for earlier, view in changed:
            yield from _task(earlier if earlier.task is not None else None, view, now)
        for view in views[len(known) :]:
            yield from _task(None, view, now)
        return
    before = {view.key: view for view in known if view.task is not None}
    # A link to a replica point may come later than its task, or be left out at the end.
    current = {view.key for view in views}
    renamed = {key.vm_name: view for key, view in before.items() if key not in current}
    for view in views:
        old = before.get(view.key)
        if old is None and view.vm_name in renamed:
            candidate = renamed[view.vm_name]
            old = candidate if None in (candidate.key.point_id, view.key.point_id) else None
        if view.task is not None and view is not old:
            yield from _task(old, view, now)


def _task(old: TaskView | None, view: TaskView, now: datetime) -> Iterator[Event]:
    task = view.task
    if task is None:
        return
    if old is None:
        yield _event(view, EventKind.TASK_STARTED, task.created, now)
    over = is_done(task.state, task.ended)
    if view.unlisted and not (old is not None and old.unlisted) and not over:
        yield _event(view, EventKind.TASK_UNLISTED, None, now)
    elif view.status is Status.FAILED and (old is None or old.status is not Status.FAILED):
        yield _event(view, EventKind.TASK_FAILED, task.ended, now)
    elif over and (old is None or old.status is not view.status):
        yield _event(view, EventKind.TASK_FINISHED, task.ended, now)
    elif view.message is not None and view.message != (old.message if old else None):
        yield _event(view, EventKind.TASK_MESSAGE, None, now)


def _event(view: TaskView, kind: EventKind, at: datetime | None, now: datetime) -> Event:
    return Event(
        at or now,
        kind,
        inferred=at is None,
        key=view.key,
        status=view.status if kind is not EventKind.TASK_STARTED else None,
        text=view.message or view.server_word if kind is not EventKind.TASK_STARTED else None,
    )
