"""Weeks of polling leave nothing behind. The whole month: `tests/benchmarks/month.py`."""

from __future__ import annotations

from tests.faults.month import MOST_TASKS, live

POLLS = 10_000
"""14 hours at the default interval."""


async def test_polls_with_everything_that_happens_in_weeks_leave_nothing_behind() -> None:
    month = await live(POLLS)
    print(month.text)
    grown = month.grown
    assert month.samples[-1].polls >= POLLS
    assert {"ConnectionTrouble", "TimedOut", "ServerBusy"} <= set(month.met)
    assert month.healthy_at_the_end
    assert month.logons > 3
    assert month.most_open <= 1
    assert month.left_open == 0
    assert month.most_tasks <= MOST_TASKS
    assert grown.files == 0
    assert grown.objects < 2000
    assert grown.blocks < 10_000
    assert grown.resident < 4_000_000
