"""One watched server: its parts share what they learn, and each asks for itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support.fake_clock import START, FakeClock, running
from tests.support.fake_source import FakeSource
from tests.support.making import SESSION_ID, plan, session
from tui.errors import NotFound
from tui.monitor.clock import ServerClock
from tui.monitor.site import Site
from tui.settings.resolved import PlanTarget, Targets

PLAN = "ABC Company Failover Plan"
TARGETS = Targets(plans={PLAN: PlanTarget(rpo=timedelta(hours=4))})


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def source() -> FakeSource:
    source = FakeSource()
    source.plans = [plan("a", "b")]
    return source


@pytest.fixture
def site(source: FakeSource, clock: FakeClock) -> Site:
    return Site(source, clock, interval=7.0, targets=TARGETS, stall_after=timedelta(minutes=10))


def test_making_parts_asks_nothing(site: Site, source: FakeSource) -> None:
    site.followed.of(SESSION_ID)
    site.standby(PLAN)
    site.plan_check(PLAN)
    assert not source.asked


def test_a_session_is_followed_by_one_part_however_often_it_is_opened(site: Site) -> None:
    followed = site.followed.of(SESSION_ID)
    assert site.followed.of(SESSION_ID.upper()) is followed


async def test_it_is_polled_as_often_as_the_settings_say(
    site: Site, source: FakeSource, clock: FakeClock
) -> None:
    async with running(site.followed.of(SESSION_ID).run(lambda _: None)):
        await clock.run_for(6.5)
        assert source.asked["session"] == 1
        await clock.run_for(7.0)
        assert source.asked["session"] == 2


async def test_a_session_that_is_there_is_found(site: Site, source: FakeSource) -> None:
    await site.find(SESSION_ID)
    assert source.asked_for == [SESSION_ID]
    source.answer = NotFound("There is no such session.")
    with pytest.raises(NotFound):
        await site.find(SESSION_ID)


def test_a_standby_takes_what_is_listed_for_the_past(site: Site) -> None:
    listed = session().model_copy(update={"plan_name": PLAN, "backup_server": "vbr01"})
    server_clock = ServerClock.read(None, START + timedelta(hours=2), site.clock)
    site.sessions.state = replace(
        site.sessions.state, sessions=(listed,), server_clock=server_clock
    )
    waiting = site.standby(PLAN, "vbr01")
    assert waiting.state.last == listed
    assert waiting.state.since == START + timedelta(hours=2)
    assert site.standby(PLAN, "vbr02").state.last is None


def test_a_check_knows_the_plans_target_and_the_servers_clock(site: Site) -> None:
    server_clock = ServerClock.read(None, START + timedelta(hours=2), site.clock)
    site.sessions.state = replace(site.sessions.state, server_clock=server_clock)
    check = site.plan_check(PLAN, "vbr01", SESSION_ID)
    assert (check.rpo_target, check.backup_server) == (timedelta(hours=4), "vbr01")
    assert check.now() == START + timedelta(hours=2)
    assert site.plan_check("Another").rpo_target is None
