from __future__ import annotations

import asyncio
import itertools
from dataclasses import dataclass, replace

import pytest

from tests.support.fake_clock import FakeClock, running
from tui.monitor.poll_loop import AGAIN_SECONDS, SILENT_SECONDS, PollLoop


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


# A server that takes the question and is silent -----------------------------------


@dataclass(frozen=True)
class Asked:
    """A state that says since when an answer is waited for."""

    asked_at: float | None = None
    next_poll_at: float | None = None


class Hanging:
    """Polls that hang until `answer` is set; `published` holds `asked_at` and the moment."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.begun: list[float] = []
        self.given_up = 0
        self.answer = asyncio.Event()
        self.published: list[tuple[float | None, float]] = []
        self.loop: PollLoop[Asked] = PollLoop(self.poll, self.clock, self.mark)
        self.state = Asked()

    async def poll(self) -> Asked:
        self.begun.append(self.clock.monotonic() - 1000)
        try:
            await self.answer.wait()
        except asyncio.CancelledError:
            self.given_up += 1
            raise
        self.state = Asked(next_poll_at=self.clock.monotonic() + 3600)
        return self.state

    def mark(self, at: float | None) -> Asked:
        self.state = replace(self.state, asked_at=at)
        return self.state

    def publish(self, state: Asked) -> None:
        asked = None if state.asked_at is None else state.asked_at - 1000
        self.published.append((asked, self.clock.monotonic() - 1000))


async def test_a_long_silence_is_published_once_with_the_moment_of_asking() -> None:
    hanging = Hanging()
    async with running(hanging.loop.run(hanging.publish)):
        await hanging.clock.run_for(SILENT_SECONDS - 0.1)
        assert hanging.published == []
        await hanging.clock.run_for(20)
        assert hanging.published == [(0, SILENT_SECONDS)]
        hanging.answer.set()
        await hanging.clock.run_for(1)
    (answered,) = hanging.published[1:]
    assert answered[0] is None
    assert answered[1] == pytest.approx(SILENT_SECONDS + 19.9)
    assert hanging.begun == [0]
    assert hanging.clock.sleeping == 0


async def test_poll_now_begins_a_hanging_poll_anew_and_says_so() -> None:
    hanging = Hanging()
    async with running(hanging.loop.run(hanging.publish)):
        await hanging.clock.run_for(12)
        hanging.loop.poll_now()
        await hanging.clock.settle()
        assert hanging.begun == [0, 12]
        assert hanging.given_up == 1
        assert hanging.published[-1] == (12, 12)
        hanging.answer.set()
        await hanging.clock.run_for(5)
    assert hanging.published[-1] == (None, 12)
    assert hanging.begun == [0, 12]


async def test_keys_pressed_all_the_time_leave_a_slow_server_its_time() -> None:
    hanging = Hanging()
    async with running(hanging.loop.run(hanging.publish)):
        for _ in range(300):
            await hanging.clock.run_for(0.1)
            hanging.loop.poll_now()
    gaps = [after - before for before, after in itertools.pairwise(hanging.begun)]
    assert 5 <= len(gaps) <= 7
    assert min(gaps) >= AGAIN_SECONDS


async def test_a_cancelled_loop_gives_up_the_hanging_poll() -> None:
    hanging = Hanging()
    async with running(hanging.loop.run(hanging.publish)):
        await hanging.clock.run_for(30)
    assert hanging.given_up == 1
    assert hanging.clock.sleeping == 0


async def test_what_publish_raises_is_not_swallowed(ticking: Ticking) -> None:
    def broken(_: Tick) -> None:
        raise RuntimeError("the screen is gone")

    with pytest.raises(RuntimeError, match="the screen is gone"):
        await ticking.loop.run(broken)
