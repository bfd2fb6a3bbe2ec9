from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.fake_clock import FakeClock, running
from tests.support.making import SESSION_ID, done, session, task
from tests.support.observed import Course, everything
from tui.monitor.recording import Feed, Recording, recorded
from tui.monitor.replayed_session import SPEEDS, ReplayedSession
from tui.monitor.snapshot import Snapshot

RUNNING = session(task("vm1"), task("vm2"), task("vm3"))
ONE_FAILED = session(task("vm1"), done("vm2", "Failed"), task("vm3"))
TWO_FAILED = session(done("vm1", "Failed"), done("vm2", "Failed"), task("vm3"))


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def drill() -> Recording:
    """Ten minutes: failures seen after two and after six, a note after four."""
    course = Course()
    course.read(RUNNING)
    for number in range(1, 121):
        course.wait(5)
        course.read(RUNNING if number < 24 else ONE_FAILED if number < 72 else TWO_FAILED)
        if number == 48:
            course.note("half way")
    course.leave()
    found = recorded(SESSION_ID, course.seen)
    assert found is not None
    return found


RECORDING = drill()


def directly(seconds: float) -> dict[str, object]:
    feed = Feed(RECORDING)
    for _ in feed.steps(seconds):
        pass
    return everything(feed.snapshot)


class Audience:
    """What was published."""

    def __init__(self) -> None:
        self.shown: list[Snapshot] = []

    def __call__(self, snapshot: Snapshot) -> None:
        self.shown.append(snapshot)


@asynccontextmanager
async def shown(
    clock: FakeClock, *, at_end: bool = False
) -> AsyncIterator[tuple[ReplayedSession, Audience]]:
    replayed, audience = ReplayedSession(RECORDING, clock, at_end=at_end), Audience()
    async with running(replayed.run(audience)):
        await clock.settle()
        yield replayed, audience


def at(replayed: ReplayedSession) -> float:
    return replayed.playback.at


async def test_it_begins_at_the_begin_and_plays_all_of_it_in_a_minute(clock: FakeClock) -> None:
    async with shown(clock) as (replayed, audience):
        assert replayed.playback.speed == 10
        assert at(replayed) == 0.0
        await clock.run_for(30)
        assert at(replayed) == pytest.approx(300, abs=3)
        assert everything(replayed.snapshot) == directly(at(replayed))
        await clock.run_for(31)
        assert at(replayed) == RECORDING.end
        assert not replayed.playback.playing
        assert audience.shown[-1] is replayed.snapshot
        before = len(audience.shown)
        await clock.run_for(60)
        assert len(audience.shown) == before, "at the end nothing moves"


async def test_space_stands_still_and_goes_on_from_there(clock: FakeClock) -> None:
    async with shown(clock) as (replayed, _):
        await clock.run_for(10)
        replayed.toggle()
        await clock.settle()
        stood = at(replayed)
        assert stood == pytest.approx(100)
        await clock.run_for(60)
        assert at(replayed) == stood
        replayed.toggle()
        await clock.run_for(1)
        assert at(replayed) == pytest.approx(stood + 10, abs=3)


async def test_at_the_end_it_plays_from_the_begin(clock: FakeClock) -> None:
    async with shown(clock, at_end=True) as (replayed, _):
        assert at(replayed) == RECORDING.end
        replayed.toggle()
        await clock.settle()
        assert at(replayed) == 0.0
        assert replayed.playback.playing


async def test_speeds_go_from_1_to_1000_and_the_place_stays(clock: FakeClock) -> None:
    async with shown(clock) as (replayed, _):
        await clock.run_for(5)
        replayed.toggle()
        seen = []
        for _ in SPEEDS:
            replayed.set_speed(-1)
        assert replayed.playback.speed == 1
        for _ in SPEEDS:
            seen.append(replayed.playback.speed)
            replayed.set_speed(1)
        assert tuple(seen) == SPEEDS
        assert replayed.playback.speed == 1000
        await clock.settle()
        assert at(replayed) == pytest.approx(50)


async def test_a_new_speed_while_it_plays_does_not_jump(clock: FakeClock) -> None:
    async with shown(clock) as (replayed, _):
        await clock.run_for(5)
        replayed.set_speed(1)
        await clock.settle()
        assert at(replayed) == pytest.approx(50)
        await clock.run_for(2)
        assert at(replayed) == pytest.approx(110, abs=8)


async def test_failures_and_events_are_stepped_to_both_ways(clock: FakeClock) -> None:
    async with shown(clock) as (replayed, _):
        assert replayed.playback.marks.failures == (120.0, 360.0)
        for direction, place in ((1, 120.0), (1, 360.0), (-1, 120.0)):
            assert replayed.step_failure(direction)
            await clock.settle()
            assert at(replayed) == place
            assert everything(replayed.snapshot) == directly(place)
        assert not replayed.step_failure(-1)
        assert not replayed.playback.playing
        assert replayed.step_event(1)
        await clock.settle()
        assert at(replayed) == 240.0
        assert replayed.snapshot.events.events[-1].text == "half way"


async def test_beyond_the_ends_there_is_nothing(clock: FakeClock) -> None:
    async with shown(clock, at_end=True) as (replayed, _):
        replayed.seek(-50)
        await clock.settle()
        assert at(replayed) == 0.0
        replayed.seek(1e9)
        await clock.settle()
        assert at(replayed) == RECORDING.end


async def test_its_clock_is_the_moment_that_is_shown(clock: FakeClock) -> None:
    async with shown(clock, at_end=True) as (replayed, _):
        replayed.seek(90)
        await clock.settle()
        assert replayed.clock.monotonic() == 90.0
        assert replayed.clock.now() == RECORDING.at(90)
        assert replayed.server_now() == RECORDING.at(90)
        assert replayed.look() is replayed.snapshot


async def test_going_back_is_no_long_way(clock: FakeClock) -> None:
    async with shown(clock, at_end=True) as (replayed, _):
        assert len(replayed._ways) > 50
        replayed.seek(400.0)
        await clock.settle()
        assert replayed._nearest(399.0).at > 380.0
        assert everything(replayed.snapshot) == directly(400.0)


SEEKS = st.lists(st.floats(0.0, RECORDING.end), min_size=1, max_size=6)


@settings(max_examples=25)
@given(SEEKS)
async def test_seeking_about_shows_what_feeding_up_to_there_shows(places: list[float]) -> None:
    clock = FakeClock()
    async with shown(clock, at_end=True) as (replayed, _):
        for place in places:
            replayed.seek(place)
            await clock.settle()
            assert at(replayed) == place
        assert everything(replayed.snapshot) == directly(places[-1])
