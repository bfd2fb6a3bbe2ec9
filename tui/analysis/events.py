"""What changed when: a bounded log, folded from one reading of a session to the next.

A moment is the server's where the server gives one (a task's start and end, the
session's), else the moment at which we saw it, marked `inferred`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from tui.analysis.assessment import Assessment, TaskKey, TaskView
from tui.analysis.identity import difference
from tui.analysis.status import Status, is_done
from tui.enterprise_manager.resources import FailoverSession
from tui.light import dataclass

MOST_EVENTS: Final = 1_000
MOST_TEXT: Final = 2_000
"""Characters of one event's text, so that the log is bounded in size too."""


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
    UNWATCHED = "nobody watched"
    NOTE = "note"
    ACKNOWLEDGED = "acknowledged"


_PASSING: Final = frozenset(
    {
        EventKind.TASK_MESSAGE,
        EventKind.TASK_UNLISTED,
        EventKind.CONNECTION_LOST,
        EventKind.CONNECTION_BACK,
    }
)

_TYPED: Final = frozenset({EventKind.NOTE, EventKind.ACKNOWLEDGED})


@dataclass(frozen=True, slots=True)
class Event:
    """One change. `at` is aware, UTC; `inferred` marks our moment, not the server's.

    `key` names the task where it is one's. `status` is what the task or the session
    came to. `text` is the server's message or word, the trouble's sentence, or the
    operator's note: data, never markup. `lasted` is how long a connection was lost, or nobody
    watched.
    `author` is who noted or acknowledged, None where nobody said.
    """

    at: datetime
    kind: EventKind
    inferred: bool = False
    key: TaskKey | None = None
    status: Status | None = None
    text: str | None = None
    lasted: timedelta | None = None
    author: str | None = None

    @property
    def vm_name(self) -> str | None:
        """The VM it is about."""
        return self.key.vm_name if self.key else None


@dataclass(frozen=True, slots=True)
class EventLog:
    """The last `limit` events, oldest first; `dropped` counts those that had to go.

    Connections that come and go, and changed messages, make room first: a night of a
    bad line must not push out which VM failed, nor what a person typed.
    """

    events: tuple[Event, ...] = ()
    limit: int = MOST_EVENTS
    dropped: int = 0

    def extended(self, new: tuple[Event, ...]) -> EventLog:
        """With these at the end."""
        if not new:
            return self
        events = self.events + tuple(map(_bounded, new))
        excess = len(events) - self.limit
        if excess <= 0:
            return replace(self, events=events)
        gone = _least_needed(events, excess)
        kept = tuple(event for place, event in enumerate(events) if place not in gone)
        return replace(self, events=kept, dropped=self.dropped + excess)

    def noted(self, text: str, at: datetime, author: str | None = None) -> EventLog:
        """With a note of the operator's; a blank one is none."""
        text = text.strip()
        if not text:
            return self
        return self.extended((Event(at, EventKind.NOTE, text=text, author=author),))


def _bounded(event: Event) -> Event:
    """A message is whole on its task; the log keeps what a line of a log is for."""
    text = event.text
    if text is None or len(text) <= MOST_TEXT:
        return event
    return replace(event, text=f"{text[:MOST_TEXT]}… (cut: {len(text)} characters)")


def _least_needed(events: tuple[Event, ...], count: int) -> frozenset[int]:
    """The places of the oldest passing events, then of the oldest but typed ones, then any."""

    def rank(place: int) -> tuple[int, int]:
        kind = events[place].kind
        return (0 if kind in _PASSING else 2 if kind in _TYPED else 1, place)

    return frozenset(sorted(range(len(events)), key=rank)[:count])


def connection_lost(sentence: str, at: datetime) -> Event:
    """The first question without an answer."""
    return Event(at, EventKind.CONNECTION_LOST, inferred=True, text=sentence)


def connection_back(lasted: float, at: datetime) -> Event:
    """The first answer after `lasted` seconds without one."""
    gone = timedelta(seconds=max(0.0, lasted))
    return Event(at, EventKind.CONNECTION_BACK, inferred=True, lasted=gone)


def unwatched(begin: datetime, end: datetime) -> Event:
    """Nobody asked the server between the two moments."""
    return Event(end, EventKind.UNWATCHED, inferred=True, lasted=end - begin)


def changes(
    before: Assessment | None, session: FailoverSession, assessment: Assessment, now: datetime
) -> tuple[Event, ...]:
    """What happened from one reading of a session to the next, in the order of its moments.

    The first reading, without one `before`, tells what had happened by the server's
    moments. `now` is the server's time if it is known, else this machine's.
    """
    events = [*_session(before, session, assessment, now), *_tasks(before, assessment, now)]
    return tuple(sorted(events, key=lambda event: event.at))


def _session(
    before: Assessment | None, session: FailoverSession, assessment: Assessment, now: datetime
) -> Iterator[Event]:
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


def _tasks(before: Assessment | None, assessment: Assessment, now: datetime) -> Iterator[Event]:
    known = before.tasks if before is not None else ()
    views = assessment.tasks
    changed = [(known[place], views[place]) for place in difference(known, views).changed]
    if len(known) <= len(views) and all(
        old.key == view.key or old.task is None for old, view in changed
    ):
        # The usual poll: the same rows, some of them changed, waiting VMs begun, perhaps more at
        # the end. Progress alone is no event.
        for earlier, view in changed:
            yield from _task(earlier if earlier.task is not None else None, view, now)
        for view in views[len(known) :]:
            yield from _task(None, view, now)
        return
    begun = {view.key: view for view in known if view.task is not None}
    # A link to a replica point may come later than its task, or be left out at the end.
    current = {view.key for view in views}
    renamed = {key.vm_name: view for key, view in begun.items() if key not in current}
    for view in views:
        old = begun.get(view.key)
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
