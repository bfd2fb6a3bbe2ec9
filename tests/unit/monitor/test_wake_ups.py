"""What a poll, and the time between two, wakes the event loop for: counted, not timed."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from tests.support.fake_clock import FakeClock, running
from tests.support.fake_source import FakeSource
from tests.support.making import SESSION_ID, session, task
from tui.monitor.live_session import LiveSession

SIZES = (10, 1_000)


class CountingClock(FakeClock):
    """Counts the times that are waited for, and those that came."""

    def __init__(self) -> None:
        super().__init__()
        self.counts: Counter[str] = Counter()

    def _woken_after(self, seconds: float) -> asyncio.Future[None]:
        self.counts["timers"] += 1
        woken = super()._woken_after(seconds)
        woken.add_done_callback(self._came)
        return woken

    def _came(self, woken: asyncio.Future[None]) -> None:
        if not woken.cancelled():
            self.counts["came"] += 1


class Moving(FakeSource):
    """A session of some tasks; at each answer one has moved on."""

    def __init__(self, size: int) -> None:
        super().__init__(rounds=(0,))
        self._tasks = [task(f"vm{n}", progress=10, point=None) for n in range(size)]
        self._progress = 10

    async def failover_session(self, session_id: str) -> Any:
        self._progress += 1
        self._tasks[0] = task("vm0", progress=self._progress % 100, point=None)
        self.answer = session(*self._tasks)
        return await super().failover_session(session_id)


async def woken_for(
    seconds: float, interval: float, size: int, monkeypatch: pytest.MonkeyPatch
) -> Counter[str]:
    """Tasks that are made and that are woken, times that are waited for and that come, in so many
    seconds, once everything that is asked only once has been asked."""
    clock, source = CountingClock(), Moving(size)
    live = LiveSession(source, SESSION_ID, clock=clock, interval=interval)
    async with running(live.run(lambda _: None)):
        await clock.run_for(120)
        clock.counts.clear()
        asked = source.asked.copy()
        loop = asyncio.get_running_loop()
        made, soon, own = loop.create_task, loop.call_soon, asyncio.current_task()

        def making(coroutine: Coroutine[Any, Any, Any], **more: Any) -> Any:
            clock.counts["tasks"] += 1
            return made(coroutine, **more)

        def woken(callback: Callable[..., Any], *more: Any, **named: Any) -> Any:
            task = getattr(callback, "__self__", None)
            clock.counts["woken"] += isinstance(task, asyncio.Task) and task is not own
            return soon(callback, *more, **named)

        with monkeypatch.context() as patch:
            patch.setattr(loop, "create_task", making)
            patch.setattr(loop, "call_soon", woken)
            await clock.run_for(seconds)
        assert source.asked - asked == Counter(session=round(seconds / interval))
    return clock.counts


@pytest.mark.parametrize("size", SIZES)
async def test_a_poll_makes_no_task_and_waits_for_its_next_time_only(
    size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = await woken_for(100, 1.0, size, monkeypatch)
    polls = 100
    assert counts["tasks"] == 0
    assert counts["woken"] == polls
    assert counts["came"] == polls
    # When the next poll is, when its silence would be told, when the data would be old.
    assert counts["timers"] <= 3 * polls


@pytest.mark.parametrize("size", SIZES)
async def test_between_two_polls_nothing_wakes(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    counts = await woken_for(600, 60.0, size, monkeypatch)
    assert counts["came"] == 10
    assert counts["woken"] == 10
    assert counts["timers"] <= 30


async def test_an_answer_that_is_the_same_wakes_for_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    same = session(task("web01", progress=10, point=None))

    async def answer(self: Moving, session_id: str) -> Any:
        self.answer = same
        return await FakeSource.failover_session(self, session_id)

    monkeypatch.setattr(Moving, "failover_session", answer)
    counts = await woken_for(100, 5.0, 1, monkeypatch)
    assert counts["came"] == 20
    assert counts["woken"] == 20
