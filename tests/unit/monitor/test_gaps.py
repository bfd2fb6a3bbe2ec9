"""Times in which nobody watched: told as events, and as gaps for a report."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.drill_cases import working
from tests.support.fake_clock import START
from tests.support.making import session
from tests.support.observed import Course
from tui.analysis.events import EventKind
from tui.monitor.snapshot import Gap, Snapshot

RUNNING = session(working("a", 0), working("b", 0))


def between(begin: float, end: float) -> Gap:
    return Gap(START + timedelta(seconds=begin), START + timedelta(seconds=end))


def unwatched(shown: Snapshot) -> list[timedelta | None]:
    events = shown.events.events
    return [event.lasted for event in events if event.kind is EventKind.UNWATCHED]


def test_a_monitor_that_was_killed_left_a_gap_up_to_the_next_start() -> None:
    course = Course()
    course.wait(10)
    course.read(RUNNING)
    course.wait(600)
    shown = course.open("two")
    assert shown.gaps == (between(10, 610),)
    assert unwatched(shown) == [timedelta(minutes=10)]
    assert unwatched(course.read(RUNNING)) == [timedelta(minutes=10)]


def test_leaving_for_long_is_a_gap_for_a_moment_is_none() -> None:
    course = Course()
    course.read(RUNNING)
    course.leave()
    course.wait(65)
    assert course.open().gaps == ()
    course.read(RUNNING)
    course.leave()
    course.wait(66)
    assert course.open().gaps == (between(65, 131),)


def test_gaps_are_by_the_servers_clock() -> None:
    course = Course(ahead=3600)
    course.read(RUNNING)
    course.leave()
    course.wait(120)
    assert course.open().gaps == (between(3600, 3720),)


def test_a_machine_that_slept_did_not_watch() -> None:
    course = Course()
    course.read(RUNNING)
    course.wait(8 * 60)
    assert course.read(RUNNING).gaps == (between(0, 480),)


@pytest.mark.parametrize(("interval", "seconds"), [(5.0, 365), (3600.0, 3960)])
def test_asking_rarely_is_no_gap(interval: float, seconds: float) -> None:
    course = Course()
    course.pace(interval)
    course.read(RUNNING)
    course.wait(seconds)
    assert course.read(RUNNING).gaps == ()


def test_a_clock_of_this_machine_that_is_set_meanwhile_is_no_gap() -> None:
    course = Course()
    course.read(RUNNING)
    course.wait(5)
    assert course.read(RUNNING, seen_at=START + timedelta(hours=2)).gaps == ()
    course.leave()
    assert course.open(seen_at=START + timedelta(hours=4)).gaps == ()


def test_before_there_was_any_data_there_is_nothing_to_miss() -> None:
    course = Course()
    course.fail()
    course.wait(3600)
    assert course.open("two").gaps == ()
