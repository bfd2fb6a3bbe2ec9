from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.drill_cases import any_tasks, finished, working
from tests.support.fake_clock import START
from tests.support.making import at, session, stopped, task
from tui.analysis.assessing import assess
from tui.analysis.assessment import Assessment
from tui.analysis.events import (
    Event,
    EventKind,
    EventLog,
    changes,
    connection_back,
    connection_lost,
)
from tui.analysis.status import Status
from tui.enterprise_manager.resources import FailoverSession, TaskSession


def between(
    before: FailoverSession | None, after: FailoverSession, minute: float
) -> tuple[Event, ...]:
    """What happened between two readings."""
    return changes(assess(before) if before else None, after, assess(after), at(minute))


def told(events: tuple[Event, ...]) -> list[tuple[EventKind, str | None, bool]]:
    return [(event.kind, event.vm_name, event.inferred) for event in events]


def test_the_first_state_tells_what_had_happened_by_the_servers_moments() -> None:
    read = session(
        finished("dc", 1, 3), finished("sql", 2, 4, "Failed", "no space"), working("web", 3.5)
    )
    events = between(None, read, 5)
    assert [(event.at, event.kind, event.vm_name) for event in events] == [
        (START, EventKind.SESSION, None),
        (at(1), EventKind.TASK_STARTED, "dc"),
        (at(2), EventKind.TASK_STARTED, "sql"),
        (at(3), EventKind.TASK_FINISHED, "dc"),
        (at(3.5), EventKind.TASK_STARTED, "web"),
        (at(4), EventKind.TASK_FAILED, "sql"),
        (at(5), EventKind.SESSION, None),
    ]
    assert events[5].text == "no space"
    assert (events[6].status, events[6].inferred) == (Status.RUNNING_WITH_ERRORS, True)


def test_each_change_is_told_once() -> None:
    readings = [
        session(working("a", 0)),
        session(working("a", 0, 50)),
        session(task("a", "Working", "Failed", progress=50, message="no space")),
        session(finished("a", 0, 4, "Failed", "no space")),
        session(finished("a", 0, 4, "Failed", "no space on DS-1")),
    ]
    log = EventLog()
    before = None
    for minute, reading in enumerate(readings):
        log = log.extended(between(before, reading, minute + 1))
        before = reading
    assert told(log.events) == [
        (EventKind.SESSION, None, False),
        (EventKind.TASK_STARTED, "a", False),
        (EventKind.SESSION, None, True),
        (EventKind.SESSION, None, True),
        (EventKind.TASK_FAILED, "a", True),
        (EventKind.TASK_MESSAGE, "a", True),
    ]


def test_the_end_of_the_session_is_the_servers_moment() -> None:
    running, over = session(finished("a", 0, 4)), stopped(finished("a", 0, 4), result="Warning")
    (event,) = between(running, over, 12)
    assert (event.at, event.kind, event.status, event.inferred) == (
        at(10),
        EventKind.SESSION,
        Status.WARNING,
        False,
    )


def test_a_link_that_comes_later_does_not_start_the_task_again() -> None:
    without = session(task("a", point=None))
    assert between(without, session(task("a")), 1) == ()


def test_a_retry_is_a_task_of_its_own() -> None:
    first = finished("a", 0, 1, "Failed", "x")
    events = between(session(first), session(first, working("a", 2)), 3)
    assert told(events) == [
        (EventKind.TASK_STARTED, "a", False),
        (EventKind.SESSION, None, True),
    ]
    assert events[1].status is Status.RUNNING, "the VM that had failed is being tried again"


def test_a_running_task_that_is_no_longer_listed_is_told_once() -> None:
    both = session(working("a", 0), working("b", 0))
    one = session(working("a", 0))
    gone = assess(one, before=assess(both))
    again = assess(one, before=gone)
    assert told(changes(assess(both), one, gone, at(1))) == [(EventKind.TASK_UNLISTED, "b", True)]
    assert changes(gone, one, again, at(2)) == ()


def test_a_lost_connection_tells_why_and_a_regained_one_how_long() -> None:
    lost, back = connection_lost("No answer within 10 s.", at(1)), connection_back(90.0, at(3))
    assert (lost.kind, lost.text, lost.inferred) == (
        EventKind.CONNECTION_LOST,
        "No answer within 10 s.",
        True,
    )
    assert (back.kind, back.lasted) == (EventKind.CONNECTION_BACK, timedelta(seconds=90))
    assert connection_back(-1.0, at(3)).lasted == timedelta()


def test_notes_are_kept_blank_ones_not() -> None:
    log = EventLog().noted("  switched DNS ", at(1)).noted("   ", at(2))
    assert [(event.kind, event.text, event.at) for event in log.events] == [
        (EventKind.NOTE, "switched DNS", at(1))
    ]


def test_a_bad_line_does_not_push_out_failures_and_notes() -> None:
    failed = Event(at(0), EventKind.TASK_FAILED)
    log = EventLog(limit=10).extended((failed,)).noted("mine", at(1))
    for minute in range(2, 500):
        kind = EventKind.CONNECTION_LOST if minute % 2 else EventKind.CONNECTION_BACK
        log = log.extended((Event(at(minute), kind),))
    assert [event.kind for event in log.events[:2]] == [EventKind.TASK_FAILED, EventKind.NOTE]
    assert (len(log.events), log.dropped) == (10, 490)
    assert log.events[-1].at == at(499)
    for minute in range(500, 520):
        log = log.extended((Event(at(minute), EventKind.TASK_STARTED),))
    assert [event.text for event in log.events if event.kind is EventKind.NOTE] == ["mine"]
    assert len(log.events) == 10


@settings(deadline=None)
@given(st.lists(any_tasks(), min_size=1, max_size=8), st.integers(1, 30))
def test_the_log_is_bounded_and_nothing_is_told_twice(
    readings: list[tuple[TaskSession, ...]], limit: int
) -> None:
    log = EventLog(limit=limit)
    before: Assessment | None = None
    total = 0
    for minute, tasks in enumerate(readings):
        read = session(*tasks)
        new = assess(read)
        events = changes(before, read, new, at(minute))
        total += len(events)
        assert changes(new, read, new, at(minute)) == ()
        assert changes(new, read, assess(read), at(minute)) == ()
        log = log.extended(events)
        before = new
        assert len(log.events) <= limit
        assert len(log.events) + log.dropped == total
