"""When the clocks go on: each second, right behind the polls, and never later."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.screens.frame import EachSecond, next_second

SECONDS = st.floats(0, 1e5, allow_nan=False)


@given(last=SECONDS, late=st.floats(0, 30), ago=st.none() | st.floats(0, 100))
def test_the_next_one_comes_within_a_second_and_right_behind_a_poll(
    last: float, late: float, ago: float | None
) -> None:
    now = last + late
    shown = None if ago is None else now - ago
    at = next_second(last, now, shown)
    assert now - 1e-6 <= at <= now + 1 + 1e-6
    if shown is None:
        assert at == pytest.approx(max(last + 1, now))
    else:
        assert (at - shown + 1e-6) % 1 <= 0.4 + 2e-6


@pytest.mark.parametrize("answer", [0.0, 0.003, 0.05])
def test_polls_each_second_take_no_second_of_the_clocks_besides(answer: float) -> None:
    """However the polls drift, the clocks leave no second out, and hardly come more often."""
    at, polled, beats, longest = 0.5, 0.0, 0, 0.0
    while polled < 200:
        polled += 1 + answer
        while at < polled:
            before, at = at, next_second(at, at, polled - 1 - answer)
            beats, longest = beats + 1, max(longest, at - before)
    assert beats <= 200 * 1.4
    assert longest <= 1 + 1e-6


async def test_it_goes_on_for_as_long_as_it_is_wanted() -> None:
    calls: list[float] = []
    done = asyncio.Event()
    loop = asyncio.get_running_loop()

    def call() -> bool:
        calls.append(loop.time())
        if len(calls) == 2:
            done.set()
        return len(calls) < 2

    seconds = EachSecond(call)
    seconds.follow()
    async with asyncio.timeout(20):
        await done.wait()
    assert len(calls) == 2
