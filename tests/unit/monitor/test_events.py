from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.drill_cases import any_tasks, finished, working
from tests.support.fake_clock import START, FakeClock
from tests.support.fake_source import FakeSource
from tests.support.making import SESSION_ID, at, session, stopped, task
from tui.analysis.assessment import assess
from tui.analysis.status import Status
from tui.enterprise_manager.resources import FailoverSession, TaskSession
from tui.monitor.events import Event, EventKind, EventLog, fold
from tui.monitor.monitor import SessionMonitor
from tui.monitor.poll_state import Trouble
from tui.monitor.state import MonitorState

TROUBLE = Trouble("TimedOut", "No answer within 10 s.", since=1060.0)


def state(read: FailoverSession, fetched_at: float = 1000.0) -> MonitorState:
    return MonitorState(SESSION_ID, read, assess(read), fetched_at=fetched_at)


def told(events: tuple[Event, ...]) -> list[tuple[EventKind, str | None, bool]]:
    return [(event.kind, event.vm_name, event.inferred) for event in events]


def test_the_first_state_tells_what_had_happened_by_the_servers_moments() -> None:
    read = session(
        finished("dc", 1, 3), finished("sql", 2, 4, "Failed", "no space"), working("web", 3.5)
    )
    events = fold(None, state(read), at(5))
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
        new = state(reading)
        log = log.folded(before, new, at(minute + 1))
        before = new
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
    (event,) = fold(state(running), state(over), at(12))
    assert (event.at, event.kind, event.status, event.inferred) == (
        at(10),
        EventKind.SESSION,
        Status.WARNING,
        False,
    )


def test_a_link_that_comes_later_does_not_start_the_task_again() -> None:
    without = session(task("a", point=None))
    assert fold(state(without), state(session(task("a"))), at(1)) == ()


def test_a_retry_is_a_task_of_its_own() -> None:
    first = finished("a", 0, 1, "Failed", "x")
    events = fold(state(session(first)), state(session(first, working("a", 2))), at(3))
    assert told(events) == [(EventKind.TASK_STARTED, "a", False)]


def test_a_running_task_that_is_no_longer_listed_is_told_once() -> None:
    both = session(working("a", 0), working("b", 0))
    one = session(working("a", 0))
    gone = replace(state(one), assessment=assess(one, before=assess(both)))
    again = replace(state(one), assessment=assess(one, before=gone.assessment))
    assert told(fold(state(both), gone, at(1))) == [(EventKind.TASK_UNLISTED, "b", True)]
    assert fold(gone, again, at(2)) == ()


def test_a_lost_connection_is_told_once_and_its_length_when_it_is_back() -> None:
    good = state(session(working("a", 0)))
    lost = replace(good, trouble=TROUBLE)
    worse = replace(good, trouble=replace(TROUBLE, failures=9, sentence="Refused."))
    back = replace(good, fetched_at=1150.0)
    (gone,) = fold(good, lost, at(1))
    assert (gone.kind, gone.text, gone.inferred) == (
        EventKind.CONNECTION_LOST,
        "No answer within 10 s.",
        True,
    )
    assert fold(lost, worse, at(2)) == ()
    (returned,) = fold(worse, back, at(3))
    assert (returned.kind, returned.lasted) == (
        EventKind.CONNECTION_BACK,
        timedelta(seconds=90),
    )


async def test_with_the_real_monitor_an_outage_and_a_failure_behind_it() -> None:
    clock = FakeClock()
    source = FakeSource(session(working("a", 0)))
    monitor = SessionMonitor(source, SESSION_ID, clock=clock)
    log, before = EventLog(), None

    async def poll(seconds: float) -> None:
        nonlocal log, before
        clock.advance(seconds)
        new = await monitor.poll_once()
        log = log.folded(before, new, clock.now())
        before = new

    await poll(60)
    source.go_down()
    await poll(5)
    await poll(10)
    source.answer = session(finished("a", 0, 1.2, "Failed", "no space"))
    await poll(20)
    kinds = [event.kind for event in log.events]
    assert kinds == [
        EventKind.SESSION,
        EventKind.TASK_STARTED,
        EventKind.SESSION,
        EventKind.CONNECTION_LOST,
        EventKind.TASK_FAILED,
        EventKind.CONNECTION_BACK,
        EventKind.SESSION,
    ]
    assert log.events[5].lasted == timedelta(seconds=30)


def test_another_session_starts_afresh() -> None:
    one = state(session(working("a", 0)))
    other = replace(one, session_id="another")
    assert EventKind.TASK_STARTED in [event.kind for event in fold(one, other, at(1))]


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
    log, before = EventLog(limit=limit), None
    total = 0
    for minute, tasks in enumerate(readings):
        new = state(session(*tasks))
        events = fold(before, new, at(minute))
        total += len(events)
        assert fold(new, new, at(minute)) == ()
        assert fold(new, state(session(*tasks)), at(minute)) == ()
        log = log.folded(before, new, at(minute))
        before = new
        assert len(log.events) <= limit
        assert len(log.events) + log.dropped == total
