from __future__ import annotations

import pytest

from tests.support.making import SESSION_ID, session, task
from tests.support.observed import Course
from tests.support.watched import Watched
from tui.monitor.kept import MOST_OTHERS, MOST_TASKS, Recollection
from tui.monitor.observations import Noted, Opened, Reading

BIG = 1_000


def sessions(count: int) -> list[Reading]:
    course = Course(opened=False)
    for number in range(count):
        course.wait(5)
        course.read(session(*(task(f"vm{each}", progress=number % 100) for each in range(BIG))))
    return [each for each in course.seen if isinstance(each, Reading)]


def test_it_keeps_the_order_and_leaves_out_what_brought_nothing() -> None:
    course, kept = Course(), Recollection()
    shown = session(task())
    for _ in range(3):
        course.wait(5)
        course.read(shown)
    course.note("x")
    course.read(session(task(progress=5)))
    for each in course.seen:
        kept.take(each)
    kinds = [type(each) for each in kept.observations]
    assert kinds == [Opened, Reading, Noted, Reading]


def test_the_oldest_readings_go_when_there_is_no_more_room() -> None:
    kept, readings = Recollection(), sessions(25)
    for each in readings:
        kept.take(each)
    assert kept.observations == tuple(readings[-(MOST_TASKS // (BIG + 1)) :])


def test_one_reading_is_kept_however_large() -> None:
    kept = Recollection()
    course = Course(opened=False)
    course.read(session(*(task(f"vm{each}") for each in range(MOST_TASKS + 5))))
    kept.take(course.seen[0])
    assert len(kept.observations) == 1


def test_failures_of_the_line_go_before_what_a_person_typed() -> None:
    course, kept = Course(), Recollection()
    course.note("typed")
    for _ in range(MOST_OTHERS + 50):
        course.wait(5)
        course.fail()
    for each in course.seen:
        kept.take(each)
    assert len(kept.observations) == MOST_OTHERS
    assert [type(each) for each in kept.observations[:2]] == [Opened, Noted]


async def test_a_live_session_without_a_journal_remembers_and_ends_with_the_newest_answer() -> None:
    watched = Watched(session(task()))
    assert await watched.monitor.recording() is None
    watched.monitor.open()
    await watched.monitor.poll_once()
    watched.clock.advance(60)
    await watched.monitor.poll_once()
    recording = await watched.monitor.recording()
    assert recording is not None
    assert recording.session_id == SESSION_ID
    assert recording.end == pytest.approx(60)
