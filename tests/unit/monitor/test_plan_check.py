"""A start check as a screen has it: by the server's clock, as often as wanted."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.fake_clock import START, FakeClock
from tests.support.fake_source import FakeSource
from tests.support.making import SESSION_ID, plan, session, task
from tui.errors import ConnectionRefused, FailoverMonitorError, NotFound
from tui.monitor.clock import ServerClock
from tui.monitor.plan_check import PlanCheck
from tui.monitor.start_check import StartCheck

AHEAD = timedelta(hours=-1)
"""Of this machine's clock, the server's."""


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def source(clock: FakeClock) -> FakeSource:
    """A server with one plan of two VMs, whose clock is an hour behind this machine's."""
    source = FakeSource()
    source.plans = [plan("a", "b")]
    source.server_time = lambda: clock.now() + AHEAD
    return source


async def test_ages_are_by_the_time_that_a_session_tells(
    clock: FakeClock, source: FakeSource
) -> None:
    check = PlanCheck(source, "ABC", clock, session_id=SESSION_ID)
    assert check.now() == clock.now()
    await check.run(lambda _: None)
    assert check.now() == START + AHEAD
    clock.advance(60)
    assert check.now() == START + AHEAD + timedelta(minutes=1)
    await check.run(lambda _: None)
    assert source.asked["session"] == 1, "it is known from the first run"


async def test_a_clock_that_is_known_is_not_learned_anew(
    clock: FakeClock, source: FakeSource
) -> None:
    known = ServerClock.read(None, START + timedelta(hours=5), clock)
    check = PlanCheck(source, "ABC", clock, session_id=SESSION_ID, server_clock=known)
    await check.run(lambda _: None)
    assert check.now() == START + timedelta(hours=5)
    assert source.asked["session"] == 1, "for its VMs"


async def test_without_a_session_none_is_read(clock: FakeClock, source: FakeSource) -> None:
    await PlanCheck(source, "ABC", clock).run(lambda _: None)
    assert source.asked["session"] == 0


async def test_a_sessions_vms_tell_plans_of_one_name_apart(
    clock: FakeClock, source: FakeSource
) -> None:
    ours, theirs = plan("a", "b"), plan("x", "y").model_copy(update={"id": "other"})
    source.plans = [theirs, ours]
    source.answer = session(task("a"))
    told = await PlanCheck(source, ours.name, clock, session_id=SESSION_ID).run(lambda _: None)
    assert {finding.subject for finding in told.findings} >= {"a", "b"}


@pytest.mark.parametrize("error", [NotFound("Gone."), ConnectionRefused("Down.")])
async def test_without_the_servers_time_ours_has_to_do(
    clock: FakeClock, source: FakeSource, error: FailoverMonitorError
) -> None:
    source.answer = error
    check = PlanCheck(source, "ABC", clock, session_id=SESSION_ID)
    assert (await check.run(lambda _: None)).over
    assert check.now() == clock.now()


async def test_it_can_be_run_again_from_the_beginning(clock: FakeClock, source: FakeSource) -> None:
    check = PlanCheck(source, "ABC", clock, backup_server="vbr01")
    assert check.begun == StartCheck("ABC", backup_server="vbr01")
    for _ in range(2):
        steps: list[StartCheck] = []
        result = await check.run(steps.append)
        assert steps[0].done < result.done == result.of
        assert (steps[-1], result.over) == (result, True)
