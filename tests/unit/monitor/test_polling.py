from __future__ import annotations

import asyncio
from dataclasses import dataclass

import pytest

from tests.unit.monitor.fake_clock import FakeClock, running
from tui.monitor.polling import ANEW_AFTER, PollLoop


@dataclass(frozen=True)
class Tick:
    """A state of nothing but its number."""

    number: int
    next_poll_at: float | None


class Ticking:
    """A poll that counts, with a fixed interval; `published` holds number and moment."""

    def __init__(self, interval: float | None = 5.0) -> None:
        self.clock = FakeClock()
        self.interval = interval
        self.polls = 0
        self.published: list[tuple[int, float]] = []
        self.loop: PollLoop[Tick] = PollLoop(self.poll, self.clock)

    async def poll(self) -> Tick:
        self.polls += 1
        due = None if self.interval is None else self.clock.monotonic() + self.interval
        return Tick(self.polls, due)

    def publish(self, tick: Tick) -> None:
        self.published.append((tick.number, self.clock.monotonic() - 1000))


@pytest.fixture
def ticking() -> Ticking:
    return Ticking()


async def test_polls_at_once_and_then_at_the_interval(ticking: Ticking) -> None:
    async with running(ticking.loop.run(ticking.publish)):
        await ticking.clock.run_for(12)
    assert ticking.published == [(1, 0), (2, 5), (3, 10)]


async def test_ten_thousand_hours_are_ten_thousand_hours_of_polls() -> None:
    ticking = Ticking(interval=3600.0)
    async with running(ticking.loop.run(ticking.publish)):
        await ticking.clock.run_for(10_000 * 3600)
    assert ticking.polls == 10_001


async def test_poll_now_cuts_the_wait_short(ticking: Ticking) -> None:
    async with running(ticking.loop.run(ticking.publish)):
        await ticking.clock.run_for(2)
        ticking.loop.poll_now()
        await ticking.clock.run_for(6)
    assert ticking.published == [(1, 0), (2, 2), (3, 7)]


async def test_a_hundred_keys_pressed_at_once_are_one_poll(ticking: Ticking) -> None:
    async with running(ticking.loop.run(ticking.publish)):
        await ticking.clock.run_for(2)
        for _ in range(100):
            ticking.loop.poll_now()
        await ticking.clock.run_for(1)
    assert ticking.polls == 2


async def test_paused_it_sends_nothing_however_long(ticking: Ticking) -> None:
    async with running(ticking.loop.run(ticking.publish)):
        await ticking.clock.run_for(2)
        ticking.loop.pause()
        assert ticking.loop.is_paused
        await ticking.clock.run_for(86_400)
        assert ticking.polls == 1


async def test_resuming_polls_at_once_and_goes_on(ticking: Ticking) -> None:
    async with running(ticking.loop.run(ticking.publish)):
        await ticking.clock.run_for(2)
        ticking.loop.pause()
        await ticking.clock.run_for(58)
        ticking.loop.resume()
        assert not ticking.loop.is_paused
        await ticking.clock.run_for(6)
    assert ticking.published == [(1, 0), (2, 60), (3, 65)]


async def test_poll_now_while_paused_is_one_poll(ticking: Ticking) -> None:
    async with running(ticking.loop.run(ticking.publish)):
        await ticking.clock.run_for(2)
        ticking.loop.pause()
        await ticking.clock.run_for(58)
        ticking.loop.poll_now()
        await ticking.clock.run_for(3600)
    assert ticking.published == [(1, 0), (2, 60)]


async def test_paused_and_resumed_within_one_wait_polls_once(ticking: Ticking) -> None:
    async with running(ticking.loop.run(ticking.publish)):
        await ticking.clock.run_for(1)
        ticking.loop.pause()
        ticking.loop.resume()
        await ticking.clock.run_for(1)
    assert ticking.published == [(1, 0), (2, 1)]


async def test_a_poll_that_is_overdue_comes_at_once_but_lets_others_run() -> None:
    ticking = Ticking(interval=None)
    async with running(ticking.loop.run(ticking.publish)):
        await ticking.clock.run_until(lambda: ticking.polls == 5)
    assert [moment for _, moment in ticking.published] == [0, 0, 0, 0, 0]


async def test_a_cancelled_loop_leaves_nothing_behind(ticking: Ticking) -> None:
    async with running(ticking.loop.run(ticking.publish)):
        await ticking.clock.run_for(2)
        assert ticking.clock.sleeping == 1
    assert ticking.clock.sleeping == 0


async def test_what_publish_raises_is_not_swallowed(ticking: Ticking) -> None:
    def broken(_: Tick) -> None:
        raise RuntimeError("the screen is gone")

    with pytest.raises(RuntimeError, match="the screen is gone"):
        await ticking.loop.run(broken)


class Hanging(Ticking):
    """The first question never gets an answer."""

    async def poll(self) -> Tick:
        tick = await super().poll()
        if tick.number == 1:
            await asyncio.Event().wait()
        return tick


async def test_a_question_that_hangs_is_asked_anew_when_a_person_wants_it() -> None:
    ticking = Hanging()
    async with running(ticking.loop.run(ticking.publish)):
        await ticking.clock.run_for(ANEW_AFTER - 1)
        assert ticking.loop.asking_since == 1000
        ticking.loop.poll_now()
        await ticking.clock.run_for(1)
        assert ticking.polls == 1, "a slow server is left its time"
        ticking.loop.poll_now()
        await ticking.clock.run_for(1)
        assert ticking.published[0] == (2, ANEW_AFTER)
        assert ticking.loop.asking_since is None


async def test_a_hanging_question_does_not_keep_the_loop_from_ending() -> None:
    ticking = Hanging()
    async with running(ticking.loop.run(ticking.publish)):
        await ticking.clock.run_for(ANEW_AFTER)
        ticking.loop.poll_now()
    assert ticking.published == []
