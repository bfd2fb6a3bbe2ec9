"""Waiting for a plan's next session, on a virtual clock."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support.rehearsing import Rehearsal, VirtualClock, driven
from tests.support.simulated import build_service
from tui.settings import PlanTarget, Targets

PLAN = "Harbour Logistics full site"


def waiting(scenario: str, plan: str = PLAN, **settings: object) -> Rehearsal:
    clock = VirtualClock()
    watch = Rehearsal(build_service(scenario, clock=clock.now), clock)
    chosen = replace(watch.connection.settings, wait_for=plan, **settings)  # type: ignore[arg-type]
    watch.connection = replace(watch.connection, settings=chosen)
    return watch


async def test_the_next_session_of_the_plan_is_waited_for_and_followed() -> None:
    watch = waiting("drill", f" {PLAN.upper()} ")
    assert await watch.run() == 1
    told = [line.message for line in watch.of("note")]
    assert told[0] == f"Waiting for the next session of {PLAN.upper()}."
    assert told[1].startswith("The last one began ")
    assert told[2].startswith(f"It has begun: {PLAN}, started ")
    assert watch.service.featured_session in watch.data[0].message
    assert (watch.service.logons, watch.service.logoffs) == (1, 1)


async def test_one_that_runs_already_is_followed_at_once() -> None:
    watch = waiting("clean")
    assert await watch.run() == 0
    assert watch.of("note")[1].message.startswith("It has begun: ")


async def test_a_name_never_seen_is_told_and_waited_for_through_an_outage() -> None:
    watch = waiting("clean", "Harbour Logistic full site")
    watch.wire.cut(lambda: 100 < watch.clock.elapsed < 4000)
    async with driven(watch.clock):
        work = watch.watch()
        task = asyncio.create_task(work.run())
        await watch.clock.until(lambda: watch.clock.elapsed > 5000)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert f"Was one of these meant? {PLAN}" in watch.of("note")[1].message
    assert [line.what for line in watch.talk[-2:]] == ["connection lost", "connection back"]
    assert watch.talk[-1].message.endswith(": the list of sessions is read again")
    assert watch.talk[-1].message.startswith("after 1 h 0")
    assert not watch.data
    assert watch.service.open_logons == 0


async def test_a_list_that_never_comes_is_given_up_after_two_minutes() -> None:
    watch = waiting("clean")
    logged_on = watch.service
    watch.wire.cut(lambda: logged_on.logons > 0)
    assert await watch.run() == 5
    assert watch.talk[-1].message == "The list of sessions was never read: giving up."
    assert watch.clock.elapsed <= 120


@pytest.mark.parametrize(
    ("scenario", "rto", "said"),
    [("clean", 3600, "RTO 1 h MET, took "), ("clean", 30, "RTO 30 s NOT MET, ")],
)
async def test_the_summary_tells_what_became_of_the_targets(
    scenario: str, rto: int, said: str
) -> None:
    target = PlanTarget(rto=timedelta(seconds=rto), rpo=timedelta(hours=4))
    watch = waiting(scenario, targets=Targets(default=target))
    await watch.run()
    summary = [line.message for line in watch.of("summary")]
    assert summary[-2].startswith(said)
    assert summary[-1].startswith("RPO 4 h ")
