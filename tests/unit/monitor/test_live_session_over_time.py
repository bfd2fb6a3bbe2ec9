from __future__ import annotations

import random
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.fake_clock import running
from tests.support.fake_source import FakeSource
from tests.support.making import SESSION_ID, at, done, plan, point, session, stopped, task
from tests.support.watched import DOWN, Watched
from tui.analysis.status import Status
from tui.enterprise_manager.resources import FailoverPlan
from tui.monitor.follower import SETTLE_SECONDS, STOPPED_SECONDS
from tui.monitor.live_session import BETWEEN_TRIES, LiveSession


@pytest.fixture
def watched() -> Watched:
    return Watched(session(task("a", progress=10)))


# Rhythm -------------------------------------------------------------------------


async def test_a_running_session_is_polled_at_the_interval(watched: Watched) -> None:
    async with running(watched.monitor.run(watched.publish)):
        await watched.clock.run_for(60)
    assert watched.polls == 13


async def test_once_stopped_it_looks_once_more_soon_and_then_once_a_minute() -> None:
    watched = Watched(stopped())
    async with running(watched.monitor.run(watched.publish)):
        await watched.clock.run_for(SETTLE_SECONDS + 3 * STOPPED_SECONDS)
    assert watched.polls == 1 + 1 + 3
    assert watched.state.interval == STOPPED_SECONDS


async def test_a_session_that_goes_on_after_all_is_polled_at_the_interval_again() -> None:
    watched = Watched(stopped())
    async with running(watched.monitor.run(watched.publish)):
        await watched.clock.run_for(600)
        watched.source.answer = session(task("a"))
        await watched.clock.run_for(61)
        before = watched.polls
        await watched.clock.run_for(60)
    assert watched.state.interval == 5.0
    assert watched.polls - before == 12


async def test_a_wider_interval_than_a_minute_is_kept_once_stopped(watched: Watched) -> None:
    watched.source.answer = stopped()
    watched.monitor.set_interval(300.0)
    for _ in range(3):
        state = await watched.monitor.poll_once()
    assert state.interval == 300.0


async def test_another_interval_takes_effect_at_once(watched: Watched) -> None:
    async with running(watched.monitor.run(watched.publish)):
        await watched.clock.run_for(1)
        assert watched.monitor.set_interval(20.0).interval == 20.0
        await watched.clock.run_for(45)
    assert watched.state.wanted_interval == 20.0
    assert watched.polls == 1 + 3


# Outages --------------------------------------------------------------------------


async def test_it_backs_off_up_to_a_minute_and_never_gives_up(watched: Watched) -> None:
    watched.source.answer = DOWN
    async with running(watched.monitor.run(watched.publish)):
        await watched.clock.run_for(7 * 86_400)
    waits = [later - sooner for sooner, later in pairwise(watched.moments)]
    assert waits[:4] == [5.0, 10.0, 20.0, 40.0]
    assert set(waits[4:]) == {50.0}
    assert watched.polls > 7 * 86_400 / 60
    assert watched.state.trouble is not None
    assert watched.state.trouble.failures == watched.polls


async def test_with_real_jitter_no_wait_is_longer_than_a_minute(watched: Watched) -> None:
    source = FakeSource(DOWN)
    chance = random.Random(7)
    monitor = LiveSession(source, SESSION_ID, clock=watched.clock, random_source=chance.random)
    async with running(monitor.run(watched.publish)):
        await watched.clock.run_for(6 * 3600)
    waits = [later - sooner for sooner, later in pairwise(watched.moments)]
    assert max(waits) <= 60.0
    assert len(set(waits[5:])) > len(waits) / 2


async def test_it_comes_back_by_itself(watched: Watched) -> None:
    good = watched.source.answer
    async with running(watched.monitor.run(watched.publish)):
        await watched.clock.run_for(30)
        watched.source.go_down()
        await watched.clock.run_for(86_400)
        assert watched.state.trouble is not None
        watched.source.answer = good
        await watched.clock.run_for(61)
        assert watched.state.trouble is None
        assert watched.state.freshness(watched.clock.monotonic()).stale is False


async def test_an_outage_uses_up_no_try_to_read_the_earlier_runs(watched: Watched) -> None:
    good = watched.source.answer
    watched.source.trouble["named"] = DOWN
    async with running(watched.monitor.run(watched.publish)):
        await watched.clock.run_for(BETWEEN_TRIES / 2)
        watched.source.go_down()
        await watched.clock.run_for(15)
        asked = watched.source.asked["named"]
        await watched.clock.run_for(3600)
        assert watched.source.asked["named"] == asked
        watched.source.answer = good
        watched.source.trouble.clear()
        await watched.clock.run_for(61 + BETWEEN_TRIES)
    assert watched.state.siblings is not None


async def test_data_is_stale_after_twice_the_interval_and_fresh_after_an_answer(
    watched: Watched,
) -> None:
    await watched.monitor.poll_once()
    watched.source.go_down()
    watched.clock.advance(10)
    state = await watched.monitor.poll_once()
    assert state.freshness(watched.clock.monotonic()).stale is False
    watched.clock.advance(0.1)
    freshness = state.freshness(watched.clock.monotonic())
    assert freshness.stale
    assert freshness.age == pytest.approx(10.1)


async def test_a_person_can_try_at_once_during_an_outage(watched: Watched) -> None:
    good, watched.source.answer = watched.source.answer, DOWN
    async with running(watched.monitor.run(watched.publish)):
        await watched.clock.run_for(600)
        watched.source.answer = good
        watched.monitor.poll_now()
        await watched.clock.run_for(0.001)
        assert watched.state.trouble is None


@given(st.lists(st.booleans(), max_size=30))
async def test_any_series_of_answers_and_failures_ends_in_what_the_last_one_was(
    answers: list[bool],
) -> None:
    watched = Watched()
    good = watched.source.answer
    for answered in answers:
        watched.source.answer = good if answered else DOWN
        state = await watched.monitor.poll_once()
        assert (state.trouble is None) is answered
        assert state.next_poll_at is not None
        assert 0 < state.next_poll_at - watched.clock.monotonic() <= 60
    assert (watched.state.session is not None) is any(answers)


# Pause ------------------------------------------------------------------------------


async def test_paused_nothing_is_sent_details_included(watched: Watched) -> None:
    async with running(watched.monitor.run(watched.publish)):
        await watched.clock.settle()
        assert watched.monitor.toggle_pause().paused
        asked = watched.source.asked.total()
        await watched.clock.run_for(3600)
        assert watched.source.asked.total() <= asked + 1
        assert watched.polls == 1
        assert not watched.monitor.toggle_pause().paused
        await watched.clock.run_for(0.001)
        assert watched.polls == 2


async def test_paused_no_try_is_made_or_used_up_to_read_the_earlier_runs(watched: Watched) -> None:
    watched.source.trouble["named"] = DOWN
    async with running(watched.monitor.run(watched.publish)):
        await watched.clock.run_for(BETWEEN_TRIES / 2)
        watched.monitor.toggle_pause()
        asked = watched.source.asked.copy()
        await watched.clock.run_for(3600)
        assert watched.source.asked == asked
        watched.source.trouble.clear()
        watched.monitor.toggle_pause()
        await watched.clock.run_for(BETWEEN_TRIES)
    assert watched.state.siblings is not None


async def test_a_poll_that_ends_after_the_pause_still_says_paused(watched: Watched) -> None:
    async with running(watched.monitor.run(watched.publish)):
        watched.monitor.toggle_pause()
        await watched.clock.run_for(60)
    assert watched.state.paused
    assert watched.polls <= 1


async def test_one_poll_while_paused(watched: Watched) -> None:
    async with running(watched.monitor.run(watched.publish)):
        await watched.clock.run_for(2)
        watched.monitor.toggle_pause()
        watched.monitor.poll_now()
        await watched.clock.run_for(3600)
    assert watched.polls == 2
    assert watched.state.paused


# Details ------------------------------------------------------------------------------


async def test_plan_and_points_come_after_the_session_and_are_published(watched: Watched) -> None:
    async with running(watched.monitor.run(watched.publish)):
        await watched.clock.run_for(3)
    first, last = watched.published[0], watched.published[-1]
    assert first.session is not None
    assert first.details.plan is None
    assert last.details.plan == plan("a", "b")
    assert set(last.details.points) == {"point-a"}
    assert last.assessment is not None
    assert last.assessment.count(Status.WAITING) == 1


async def test_the_steady_state_is_one_request_a_poll(watched: Watched) -> None:
    async with running(watched.monitor.run(watched.publish)):
        await watched.clock.run_for(60)
        before = watched.source.asked.total()
        await watched.clock.run_for(3600)
    assert watched.source.asked.total() - before == 720


async def test_nobody_wakes_up_for_details_where_there_is_nothing_new_to_ask(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not once a second: after an answer, and once more a second later."""
    looked = []
    read = LiveSession.read_details

    async def reading(self: LiveSession) -> bool:
        looked.append(watched.clock.elapsed)
        return await read(self)

    monkeypatch.setattr(LiveSession, "read_details", reading)
    watched.monitor.set_interval(20.0)
    async with running(watched.monitor.run(watched.publish)):
        await watched.clock.run_for(60)
        del looked[:]
        polls = watched.polls
        await watched.clock.run_for(200)
        assert len(looked) <= watched.polls - polls
        # A task that begins brings a point to ask for.
        watched.source.answer = session(task("a"), task("b"))
        await watched.clock.run_for(25)
        assert "point-b" in watched.state.details.points


async def test_no_details_are_asked_for_before_there_is_a_session_nor_in_an_outage(
    watched: Watched,
) -> None:
    good, watched.source.answer = watched.source.answer, DOWN
    async with running(watched.monitor.run(watched.publish)):
        await watched.clock.run_for(3600)
        assert watched.source.asked.total() == watched.polls
        watched.source.answer = good
        watched.monitor.poll_now()
        await watched.clock.run_for(5)
        assert watched.source.asked["plans"] == 1


async def test_a_defect_in_the_details_does_not_end_the_monitor(watched: Watched) -> None:
    watched.source.plans = AttributeError("a defect of ours")
    watched.source.points["point-a"] = ZeroDivisionError("another")
    async with running(watched.monitor.run(watched.publish)):
        await watched.clock.run_for(3600)
    assert watched.polls == 721


class PollsMeanwhile(FakeSource):
    """While the plan is on its way, a poll brings the session's end."""

    monitor: LiveSession

    async def failover_plans(self, name: str) -> tuple[FailoverPlan, ...]:
        self.answer = session(done("a"))
        await self.monitor.poll_once()
        return await super().failover_plans(name)


async def test_a_plan_that_arrives_during_a_poll_does_not_bring_back_older_data(
    watched: Watched,
) -> None:
    source = PollsMeanwhile(session(task("a", progress=10)))
    source.plans = [plan("a", "b")]
    monitor = source.monitor = LiveSession(source, SESSION_ID, clock=watched.clock)
    async with running(monitor.run(watched.publish)):
        await watched.clock.run_until(lambda: monitor.snapshot.details.plan is not None)
    assert monitor.snapshot.session is source.answer
    assert monitor.snapshot.assessment is not None
    assert monitor.snapshot.assessment.count(Status.SUCCESS) == 1
    assert monitor.snapshot.assessment.count(Status.WAITING) == 1


async def test_unchanged_readings_keep_what_the_plan_brought(watched: Watched) -> None:
    async with running(watched.monitor.run(watched.publish)):
        await watched.clock.run_for(600)
    assert watched.state.assessment is not None
    assert watched.state.assessment.count(Status.WAITING) == 1


async def test_leaving_stops_everything(watched: Watched) -> None:
    async with running(watched.monitor.run(watched.publish)):
        await watched.clock.run_for(30)
    asked = watched.source.asked.total()
    await watched.clock.run_for(600)
    assert watched.source.asked.total() == asked
    assert watched.clock.sleeping == 0


async def test_a_whole_failover_is_followed_to_its_end_and_beyond(watched: Watched) -> None:
    async with running(watched.monitor.run(watched.publish)):
        await watched.clock.run_for(60)
        watched.source.answer = session(done("a"), task("b", progress=50))
        await watched.clock.run_for(60)
        watched.source.answer = stopped()
        await watched.clock.run_for(8 * 3600)
    final = watched.published[-1]
    assert final.assessment is not None
    assert final.assessment.status is Status.SUCCESS
    assert final.assessment.total == 2
    assert final.elapsed(at(500)) == timedelta(minutes=10)


# VMs of the plan ---------------------------------------------------------------


async def test_vms_failed_over_before_are_told_apart_from_waiting_ones(watched: Watched) -> None:
    watched.source.plans = [plan("a", "b", "c")]
    used = point("1").model_copy(update={"vm_name": "b", "state": "Failover"})
    watched.source.points["1"] = used
    async with running(watched.monitor.run(watched.publish)):
        await watched.clock.run_for(30)
    assert watched.state.assessment is not None
    found = {view.vm_name: view.status for view in watched.state.assessment.tasks}
    assert found == {"a": Status.RUNNING, "b": Status.ALREADY, "c": Status.WAITING}


async def test_vms_that_never_began_are_kept_when_the_end_was_watched(watched: Watched) -> None:
    watched.source.plans = [plan("a", "b")]
    async with running(watched.monitor.run(watched.publish)):
        await watched.clock.run_for(30)
        watched.source.answer = stopped(done("a"))
        await watched.clock.run_for(30)
    assert watched.state.assessment is not None
    assert [view.vm_name for view in watched.state.assessment.tasks] == ["a", "b"]
