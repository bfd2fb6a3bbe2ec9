from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from tests.support.drill_cases import earlier_run, finished
from tests.support.fake_source import FakeSource
from tests.support.making import session, task
from tui.errors import FailoverMonitorError, NoPermission, NotFound, TimedOut
from tui.monitor.earlier_runs import AT_ONCE, KEPT, MOST_RUNS, TRIES, EarlierRuns


def listing(count: int) -> tuple[FakeSource, list[str]]:
    """A server with so many earlier runs, and their ids, newest first."""
    source = FakeSource()
    runs = [earlier_run(finished("a", 0, 1), days=day) for day in range(1, count + 1)]
    source.sessions = {run.id: run for run in runs}
    source.listed = [run.model_copy(update={"tasks": ()}) for run in runs]
    return source, [run.id for run in runs]


async def test_reads_the_five_newest_once_and_four_at_a_time() -> None:
    source, ids = listing(9)
    earlier = EarlierRuns(source)
    runs = await earlier.read(session(), source.listed)
    assert [run.id for run in runs] == ids[:MOST_RUNS]
    assert all(run.tasks for run in runs)
    assert source.at_once == AT_ONCE
    assert await earlier.read(session(), source.listed) == runs
    assert sorted(source.asked_for) == sorted(ids[:MOST_RUNS])


async def test_two_at_the_same_time_ask_once() -> None:
    source, ids = listing(3)
    earlier = EarlierRuns(source)
    one, other = await asyncio.gather(
        earlier.read(session(), source.listed), earlier.read(session(), source.listed)
    )
    assert one == other
    assert Counter(source.asked_for) == Counter(ids)


async def test_known_tasks_cost_no_request_and_other_plans_are_not_asked_for() -> None:
    source, _ = listing(0)
    known = earlier_run(finished("a", 0, 1), days=1)
    other = earlier_run(days=2, plan="Another")
    assert await EarlierRuns(source).read(session(), [known, other]) == (known,)
    assert source.asked_for == []


@pytest.mark.parametrize(
    ("error", "requests"),
    [(NotFound("gone"), 1), (NoPermission("no"), 1), (TimedOut("slow"), TRIES)],
)
async def test_trouble_leaves_one_out_and_is_not_repeated_for_ever(
    error: FailoverMonitorError, requests: int
) -> None:
    source, ids = listing(2)
    source.sessions[ids[0]] = error
    earlier = EarlierRuns(source)
    for _ in range(6):
        runs = await earlier.read(session(), source.listed)
        assert [run.id for run in runs] == ids[1:]
    assert Counter(source.asked_for) == {ids[0]: requests, ids[1]: 1}


async def test_one_that_still_runs_after_all_is_not_remembered() -> None:
    source, ids = listing(1)
    source.sessions[ids[0]] = session(session_id=ids[0])
    earlier = EarlierRuns(source)
    assert await earlier.read(session(), source.listed) == ()
    source.sessions[ids[0]] = earlier_run(finished("a", 0, 1), days=1)
    assert len(await earlier.read(session(), source.listed)) == 1


async def test_stepping_through_the_past_stays_small() -> None:
    source, ids = listing(KEPT + 20)
    earlier = EarlierRuns(source)
    for listed in source.listed:
        (run,) = await earlier.read(session(), [listed])
        assert run.tasks
    assert len(source.asked_for) == len(ids)
    await earlier.read(session(), source.listed[-1:])
    assert len(source.asked_for) == len(ids)
    await earlier.read(session(), source.listed[:1])
    await earlier.read(session(), source.listed[:1])
    assert Counter(source.asked_for)[ids[0]] == 2


async def test_a_run_of_another_plan_of_that_name_is_left_out_once_it_is_read() -> None:
    source, ids = listing(2)
    theirs = earlier_run(finished("theirs", 0, 1), days=1)
    source.sessions[ids[0]] = theirs.model_copy(update={"id": ids[0]})
    runs = await EarlierRuns(source).read(session(task("A")), source.listed)
    assert [run.id for run in runs] == ids[1:]
