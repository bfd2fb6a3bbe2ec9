from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.fake_clock import START, FakeClock, running
from tui.monitor.clock import ServerClock, SystemClock


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


def test_without_a_date_header_there_is_no_server_clock() -> None:
    assert ServerClock.read(None, None, FakeClock()) is None


def test_a_missing_date_header_keeps_what_was_known() -> None:
    clock = FakeClock()
    known = ServerClock.read(None, START, clock)
    clock.advance(5)
    assert ServerClock.read(known, None, clock) is known


def test_the_skew_is_server_minus_this_machine() -> None:
    clock = FakeClock()
    ahead = ServerClock.read(None, START + seconds(90), clock)
    assert ahead is not None
    assert ahead.skew == seconds(90)
    assert ahead.is_skewed
    behind = ServerClock.read(None, START - seconds(6), clock)
    assert behind is not None
    assert behind.is_skewed


@pytest.mark.parametrize("skew", [-5, -1, 0, 3, 5])
def test_up_to_five_seconds_are_no_skew(skew: int) -> None:
    known = ServerClock.read(None, START + seconds(skew), FakeClock())
    assert known is not None
    assert not known.is_skewed


def test_the_servers_time_goes_on_with_the_monotonic_clock() -> None:
    clock = FakeClock()
    known = ServerClock.read(None, START + seconds(90), clock)
    assert known is not None
    assert known.now(clock.monotonic() + 30) == START + seconds(120)


def test_whole_seconds_of_the_header_do_not_make_the_clock_stutter() -> None:
    clock = FakeClock()
    first = ServerClock.read(None, START, clock)
    known = first
    for _ in range(1000):
        clock.advance(5.3)
        known = ServerClock.read(known, clock.now().replace(microsecond=0), clock)
        assert known is first


def test_a_jump_of_the_servers_clock_is_followed() -> None:
    clock = FakeClock()
    known = ServerClock.read(None, START, clock)
    clock.advance(5)
    known = ServerClock.read(known, clock.now() + seconds(3600), clock)
    assert known is not None
    assert known.now(clock.monotonic()) == clock.now() + seconds(3600)
    assert known.skew == seconds(3600)


def test_a_jump_of_the_local_clock_moves_the_skew_but_not_the_servers_time() -> None:
    clock = FakeClock()
    known = ServerClock.read(None, START, clock)
    clock.jump_wall_clock(-7200)
    clock.advance(5)
    known = ServerClock.read(known, START + seconds(5), clock)
    assert known is not None
    assert known.now(clock.monotonic()) == START + seconds(5)
    assert known.skew == seconds(7200)
    assert known.is_skewed


def test_a_local_clock_that_was_put_right_shows_no_skew_any_more() -> None:
    clock = FakeClock()
    clock.jump_wall_clock(-60)
    known = ServerClock.read(None, START, clock)
    clock.jump_wall_clock(60)
    clock.advance(5)
    known = ServerClock.read(known, START + seconds(5), clock)
    assert known is not None
    assert not known.is_skewed


def test_a_laptop_that_slept_has_the_right_time_at_once() -> None:
    clock = FakeClock()
    known = ServerClock.read(None, START, clock)
    clock.advance(8 * 3600)
    assert known is not None
    assert known.now(clock.monotonic()) == START + timedelta(hours=8)


@given(
    st.datetimes(timezones=st.just(UTC)),
    st.datetimes(timezones=st.just(UTC)),
    st.floats(0, 1e9),
)
def test_no_date_that_a_server_can_claim_breaks_the_clock(
    first: datetime, second: datetime, later: float
) -> None:
    clock = FakeClock()
    known = ServerClock.read(None, first, clock)
    clock.advance(min(later, 1e6))
    known = ServerClock.read(known, second, clock)
    assert known is not None
    assert known.now(clock.monotonic() + later) >= known.server_time


def test_the_real_clock_is_aware_and_does_not_go_back() -> None:
    clock = SystemClock()
    assert clock.now().utcoffset() == timedelta(0)
    assert abs(clock.now().timestamp() - time.time()) < 5
    readings = [clock.monotonic() for _ in range(100)]
    assert readings == sorted(readings)


async def test_the_real_clock_sleeps() -> None:
    clock = SystemClock()
    before = clock.monotonic()
    await clock.sleep(0.01)
    assert clock.monotonic() - before >= 0.009


async def test_virtual_time_wakes_sleepers_in_order_and_at_their_moment() -> None:
    clock = FakeClock()
    woken: list[tuple[str, float]] = []

    async def sleeper(name: str, length: float) -> None:
        await clock.sleep(length)
        woken.append((name, clock.monotonic()))

    async with asyncio.TaskGroup() as group:
        for name, length in (("late", 7200), ("soon", 5), ("twin", 5), ("now", 0)):
            group.create_task(sleeper(name, length))
        await clock.run_for(7200)
    assert woken == [("now", 1000.0), ("soon", 1005.0), ("twin", 1005.0), ("late", 8200.0)]
    assert clock.now() == START + timedelta(hours=2)


async def test_what_never_happens_ends_the_wait_with_a_reason() -> None:
    clock = FakeClock()

    async def forever() -> None:
        while True:
            await clock.sleep(60)

    async with running(forever()):
        with pytest.raises(AssertionError, match="600 virtual seconds"):
            await clock.run_until(lambda: False, limit=600)
    assert clock.sleeping == 0
