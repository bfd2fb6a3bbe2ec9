from __future__ import annotations

import asyncio

import pytest

from tests.support.fake_clock import FakeClock
from tui.monitor.clock import Bell


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


async def waited(bell: Bell, clock: FakeClock, seconds: float) -> tuple[bool, float]:
    """Whether it rang, and how long that took."""
    return await bell.rings_within(clock, seconds), clock.elapsed


async def test_it_wakes_who_waits_and_says_that_it_rang(clock: FakeClock) -> None:
    bell = Bell()
    waiting = asyncio.create_task(waited(bell, clock, 5))
    await clock.run_for(2)
    bell.ring()
    await clock.settle()
    assert waiting.result() == (True, 2)
    assert bell.is_rung
    assert clock.sleeping == 0


async def test_without_a_ring_the_time_comes(clock: FakeClock) -> None:
    bell = Bell()
    waiting = asyncio.create_task(waited(bell, clock, 5))
    await clock.run_for(4.9)
    assert not waiting.done()
    await clock.run_for(0.1)
    assert waiting.result() == (False, 5)


async def test_rung_before_nobody_waits_until_it_is_muted(clock: FakeClock) -> None:
    bell = Bell()
    bell.ring()
    assert await bell.rings_within(clock, 5)
    await bell.rings()
    bell.mute()
    waiting = asyncio.create_task(bell.rings())
    await clock.run_for(3600)
    assert not waiting.done()
    bell.ring()
    await waiting


@pytest.mark.parametrize("seconds", [-1.0, 0.0])
async def test_a_time_that_has_passed_lets_others_run_first(
    seconds: float, clock: FakeClock
) -> None:
    waiting = asyncio.create_task(waited(Bell(), clock, seconds))
    await clock.run_for(0)
    assert waiting.result() == (False, 0)


async def test_a_time_is_put_off_without_waking(clock: FakeClock) -> None:
    bell = Bell()
    bell.put_off(clock, 1)  # nobody waits
    waiting = asyncio.create_task(waited(bell, clock, 5))
    await clock.run_for(4)
    bell.put_off(clock, 3)
    assert clock.sleeping == 1
    await clock.run_for(2.9)
    assert not waiting.done()
    await clock.run_for(0.1)
    assert waiting.result() == (False, 7)
    assert clock.sleeping == 0


async def test_who_is_cancelled_leaves_nothing_behind(clock: FakeClock) -> None:
    bell = Bell()
    waiting = asyncio.create_task(waited(bell, clock, 5))
    await clock.settle()
    waiting.cancel()
    await clock.settle()
    assert clock.sleeping == 0
    bell.ring()
    bell.mute()
    again = asyncio.create_task(waited(bell, clock, 5))
    await clock.run_for(5)
    assert again.result() == (False, 5)
